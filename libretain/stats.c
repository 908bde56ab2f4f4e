#include "libretain/stats.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

static int read_kind(struct rt_text word, struct rt_stat *stat)
{
    static const char *const words[] = {"count", "sum", "mean", "min", "max"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (rt_text_is(word, words[i])) {
            stat->kind = (enum rt_stat_kind)i;
            return 0;
        }
    stat->kind = RT_STAT_QUANTILE;
    stat->percent = 50;
    if (rt_text_is(word, "median"))
        return 0;
    if (word.length < 2 || word.length > 3 || word.at[0] != 'p' || word.at[1] == '0')
        return -1;
    stat->percent = 0;
    for (size_t i = 1; i < word.length; i++) {
        if (word.at[i] < '0' || word.at[i] > '9')
            return -1;
        stat->percent = stat->percent * 10 + (word.at[i] - '0');
    }
    return 0;
}

const char *rt_stats_add(struct rt_stats *stats, struct rt_text name)
{
    const char *colon = name.length > 0 ? memchr(name.at, ':', name.length) : NULL;
    if (colon == NULL || colon + 1 == name.at + name.length)
        return "not of the form FUNCTION:COLUMN";
    if (memchr(name.at, '\0', name.length) != NULL)
        return "a NUL byte in a name";
    const size_t length = (size_t)(colon - name.at);
    struct rt_stat stat = {.source = stats->count};
    if (read_kind((struct rt_text){name.at, length}, &stat) != 0)
        return "not one of count, sum, mean, min, max, median, p1 to p99";
    stat.name = rt_strndup(name.at, name.length);
    stat.column = stat.name + length + 1;
    for (size_t i = stats->count; i-- > 0;) {
        const struct rt_stat *other = &stats->stats[i];
        if (strcmp(other->name, stat.name) == 0) {
            free(stat.name);
            return "a statistic is named twice";
        }
        if (stat.kind == RT_STAT_QUANTILE && other->kind == RT_STAT_QUANTILE &&
            strcmp(other->column, stat.column) == 0)
            stat.source = i;
    }
    stats->stats = rt_realloc(stats->stats, stats->count + 1, sizeof *stats->stats);
    stats->stats[stats->count++] = stat;
    return NULL;
}

void rt_stats_free(struct rt_stats *stats)
{
    for (size_t i = 0; i < stats->count; i++)
        free(stats->stats[i].name);
    free(stats->stats);
    *stats = (struct rt_stats){0};
}
