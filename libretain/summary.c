#include "libretain/summary_parts.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

/* Groups ------------------------------------------------------------------------------------- */

struct rt_summary_state *rt_summary_state(struct rt_summary *summary,
                                          struct rt_summary_group *group, size_t stat)
{
    if (stat >= group->state_count) {
        const size_t count = summary->form.stats.count;
        group->states = rt_realloc(group->states, count, sizeof *group->states);
        memset(group->states + group->state_count, 0,
               (count - group->state_count) * sizeof *group->states);
        group->state_count = count;
    }
    return &group->states[stat];
}

static size_t new_group(struct rt_summary *summary)
{
    const size_t capacity = rt_grown(summary->group_size, summary->group_count + 1);
    if (capacity != 0) {
        summary->groups = rt_realloc(summary->groups, capacity, sizeof *summary->groups);
        summary->group_size = capacity;
    }
    struct rt_summary_group *group = &summary->groups[summary->group_count];
    *group = (struct rt_summary_group){0};
    if (summary->form.stats.count > 0)
        rt_summary_state(summary, group, 0);
    return summary->group_count++;
}

struct rt_summary_group *rt_summary_group(struct rt_summary *summary, struct rt_text key)
{
    if (summary->group_count > 0 && rt_text_equal(key, rt_group_key_text(&summary->last_key)))
        return &summary->groups[summary->last_group];
    uint32_t *place = rt_map_add(&summary->map, key, rt_map_hash(&summary->map, key));
    if (*place == 0)
        *place = (uint32_t)new_group(summary) + 1;
    summary->last_group = *place - 1;
    rt_group_key_clear(&summary->last_key);
    rt_group_key_add(&summary->last_key, key);
    return &summary->groups[summary->last_group];
}

static void learn_stats(struct rt_summary *summary)
{
    const struct rt_stats *stats = &summary->form.stats;
    summary->parsed = rt_alloc(stats->count + 1, sizeof *summary->parsed);
    summary->present = rt_alloc(stats->count + 1, sizeof *summary->present);
    summary->first = rt_alloc(stats->count + 1, sizeof *summary->first);
    for (size_t i = 0; i < stats->count; i++) {
        size_t first = 0;
        while (strcmp(stats->stats[first].column, stats->stats[i].column) != 0)
            first++;
        summary->first[i] = first;
    }
}

struct rt_summary *rt_summary_new(struct rt_summary_form form)
{
    struct rt_summary *summary = rt_alloc_zero(1, sizeof *summary);
    summary->form = form;
    rt_map_init(&summary->map, sizeof(uint32_t));
    learn_stats(summary);
    if (form.by_count == 0)
        rt_summary_group(summary, (struct rt_text){"", 0});
    return summary;
}

struct rt_summary *rt_summary_new_merge(size_t by_count)
{
    struct rt_summary *summary = rt_summary_new((struct rt_summary_form){.by_count = by_count});
    summary->learning = true;
    return summary;
}

void rt_summary_free(struct rt_summary *summary)
{
    if (summary == NULL)
        return;
    for (size_t i = 0; i < summary->group_count; i++) {
        for (size_t k = 0; k < summary->groups[i].state_count; k++)
            free(summary->groups[i].states[k].values);
        free(summary->groups[i].states);
    }
    free(summary->groups);
    rt_map_free(&summary->map);
    rt_group_key_free(&summary->last_key);
    rt_group_key_free(&summary->key);
    rt_stats_free(&summary->form.stats);
    free(summary->parsed);
    free(summary->present);
    free(summary->first);
    free(summary->order);
    free(summary->keys);
    free(summary->metric);
    free(summary);
}

/* Rows in ------------------------------------------------------------------------------------ */

void rt_summary_keep(struct rt_summary_state *state, double value, int64_t times)
{
    const size_t capacity = rt_grown(state->size, state->used + (size_t)times);
    if (capacity != 0) {
        state->values = rt_realloc(state->values, capacity, sizeof *state->values);
        state->size = capacity;
    }
    while (times-- > 0)
        state->values[state->used++] = value;
}

void rt_summary_extreme(struct rt_summary_state *state, enum rt_stat_kind kind,
                        struct rt_decimal value)
{
    const int order = rt_decimal_compare(value, state->extreme);
    if (state->moments.count == 0 || (kind == RT_STAT_MIN ? order < 0 : order > 0))
        state->extreme = value;
}

/* The value as it is written: 5 and 5.0 are equal, and which came first must not show. */
static struct rt_decimal plain(struct rt_decimal value)
{
    while (value.places > 0 && value.units % 10 == 0) {
        value.units /= 10;
        value.places--;
    }
    return value;
}

static int add_to(struct rt_summary *summary, struct rt_summary_group *group, size_t k,
                  struct rt_decimal value)
{
    const struct rt_stat *stat = &summary->form.stats.stats[k];
    struct rt_summary_state *state = &group->states[k];
    switch (stat->kind) {
    case RT_STAT_MEAN:
        return rt_moments_add(&state->moments, value);
    case RT_STAT_SUM:
        state->moments.count++;
        return rt_total_add(&state->moments.sum, value);
    case RT_STAT_MIN:
    case RT_STAT_MAX:
        rt_summary_extreme(state, stat->kind, plain(value));
        break;
    case RT_STAT_QUANTILE:
        if (stat->source == k)
            rt_summary_keep(state, rt_decimal_real(value), 1);
        break;
    case RT_STAT_COUNT:
        break;
    }
    state->moments.count++;
    return 0;
}

static const char *reading_fault(enum rt_reading reading)
{
    return reading == RT_MALFORMED ? "not a number" : "a number with too many digits";
}

/* Reads the cells of the statistics, each column once. */
static size_t read_cells(struct rt_summary *summary, const struct rt_text *cells,
                         const char **reason)
{
    for (size_t k = 0; k < summary->form.stats.count; k++) {
        const size_t first = summary->first[k];
        if (first < k) {
            summary->parsed[k] = summary->parsed[first];
            summary->present[k] = summary->present[first];
            continue;
        }
        summary->present[k] = cells[k].length > 0;
        if (!summary->present[k]) {
            summary->empty++;
            continue;
        }
        const enum rt_reading reading = rt_measure_read(cells[k], &summary->parsed[k]);
        if (reading != RT_READ) {
            *reason = reading_fault(reading);
            return 1 + k;
        }
    }
    return 0;
}

/* The revenue of a row; an empty cell is none. Returns NULL, or what is wrong. */
static const char *read_revenue(struct rt_text cell, struct rt_decimal *amount)
{
    *amount = (struct rt_decimal){0, 0};
    const enum rt_reading reading = cell.length > 0 ? rt_decimal_read(cell, amount) : RT_READ;
    return reading == RT_READ ? NULL : reading_fault(reading);
}

size_t rt_summary_add(struct rt_summary *summary, struct rt_text key, const struct rt_text *cells,
                      const char **reason)
{
    static const char too_large[] = "the sum of this column is too large";
    const size_t shift = summary->form.revenue;
    struct rt_decimal amount = {0, 0};
    if (shift > 0 && (*reason = read_revenue(cells[0], &amount)) != NULL)
        return 1;
    const size_t bad = read_cells(summary, cells + shift, reason);
    if (bad != 0)
        return bad + shift;
    struct rt_summary_group *group = rt_summary_group(summary, key);
    group->customers++;
    summary->rows++;
    if (shift > 0 && rt_total_add(&group->revenue, amount) != 0) {
        *reason = too_large;
        return 1;
    }
    for (size_t k = 0; k < summary->form.stats.count; k++)
        if (summary->present[k] && add_to(summary, group, k, summary->parsed[k]) != 0) {
            *reason = too_large;
            return 1 + k + shift;
        }
    return 0;
}
