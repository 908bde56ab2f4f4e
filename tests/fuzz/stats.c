/* The list of --stat: what is taken is kept as it was written and read again the same. */
#include "libretain/stats.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_again(const struct rt_stats *stats)
{
    struct rt_stats again = {0};
    for (size_t i = 0; i < stats->count; i++) {
        const struct rt_stat *stat = &stats->stats[i];
        require(rt_stats_add(&again, rt_text(stat->name)) == NULL);
        const struct rt_stat *twin = &again.stats[i];
        require(twin->kind == stat->kind && twin->percent == stat->percent);
        require(twin->source == stat->source && strcmp(twin->column, stat->column) == 0);
        require(rt_stats_add(&again, rt_text(stat->name)) != NULL);
        require(again.count == i + 1);
        if (stat->kind == RT_STAT_QUANTILE) {
            require(stat->percent >= 1 && stat->percent <= 99 && stat->source <= i);
            require(strcmp(stats->stats[stat->source].column, stat->column) == 0);
        }
    }
    rt_stats_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rt_stats stats = {0};
    const char *at = (const char *)data, *const end = at + size;
    while (at < end && stats.count < 64) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const struct rt_text name = {at, (size_t)((comma != NULL ? comma : end) - at)};
        const size_t before = stats.count;
        if (rt_stats_add(&stats, name) == NULL)
            require(stats.count == before + 1 && rt_text_is(name, stats.stats[before].name));
        else
            require(stats.count == before);
        at += name.length + 1;
    }
    check_again(&stats);
    rt_stats_free(&stats);
    return 0;
}
