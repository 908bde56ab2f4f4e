#include <stdlib.h>
#include <string.h>

#include "libretain/cohort_parts.h"
#include "libretain/err.h"

/* Cohorts ------------------------------------------------------------------------------------ */

void rt_cohort_table_init(struct rt_cohort_table *table)
{
    *table = (struct rt_cohort_table){.count = 0};
    rt_map_init(&table->map, sizeof(uint64_t));
}

void rt_cohort_table_free(struct rt_cohort_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->cells[i].counts);
        free(table->cells[i].sums);
    }
    free(table->cells);
    rt_map_free(&table->map);
}

static size_t new_cells(struct rt_cohort_table *table, uint32_t group, int32_t index)
{
    const size_t size = rt_grown(table->size, table->count + 1);
    if (size > 0) {
        table->cells = rt_realloc(table->cells, size, sizeof *table->cells);
        table->size = size;
    }
    table->cells[table->count] = (struct rt_cohort_cells){.group = group, .index = index};
    return table->count++;
}

struct rt_cohort_cells *rt_cohort_cells(struct rt_cohort_table *table, uint32_t group,
                                        int32_t index)
{
    uint32_t *recent = &table->recent[(group * 31 + (uint32_t)index) % RT_COHORT_RECENT];
    if (table->count > 0) {
        struct rt_cohort_cells *cells = &table->cells[*recent];
        if (cells->group == group && cells->index == index)
            return cells;
    }
    const uint32_t words[2] = {group, (uint32_t)index};
    char bytes[sizeof words];
    memcpy(bytes, words, sizeof words);
    const struct rt_text key = {bytes, sizeof bytes};
    uint64_t *place = rt_map_add(&table->map, key, rt_map_hash(&table->map, key));
    if (*place == 0)
        *place = new_cells(table, group, index) + 1;
    *recent = (uint32_t)(*place - 1);
    return &table->cells[*recent];
}

int64_t *rt_cohort_count(struct rt_cohort_cells *cells, size_t at)
{
    const size_t size = rt_grown(cells->count_size, at + 1);
    if (size > 0) {
        cells->counts = rt_realloc(cells->counts, size, sizeof *cells->counts);
        memset(cells->counts + cells->count_size, 0,
               (size - cells->count_size) * sizeof *cells->counts);
        cells->count_size = size;
    }
    return &cells->counts[at];
}

struct rt_total *rt_cohort_sum(struct rt_cohort_cells *cells, size_t at)
{
    const size_t size = rt_grown(cells->sum_size, at + 1);
    if (size > 0) {
        cells->sums = rt_realloc(cells->sums, size, sizeof *cells->sums);
        memset(cells->sums + cells->sum_size, 0, (size - cells->sum_size) * sizeof *cells->sums);
        cells->sum_size = size;
    }
    return &cells->sums[at];
}

static bool holds(struct rt_bracket bracket, int32_t age)
{
    return age >= bracket.from && age <= bracket.to;
}

void rt_cohort_count_age(const struct rt_cohort_form *form, struct rt_cohort_cells *cells,
                         int32_t before, int32_t age)
{
    if (before == age)
        return;
    if (form->mode == RT_COHORT_EXACT)
        ++*rt_cohort_count(cells, (size_t)age);
    /* Ages ascend: an earlier one of the same bracket would not lie before `before`. */
    for (size_t i = 0; i < form->bracket_count; i++)
        if (holds(form->brackets[i], age) && before < form->brackets[i].from)
            ++*rt_cohort_count(cells, i);
}

int rt_cohort_add_sum(const struct rt_cohort_form *form, struct rt_cohort_cells *cells, int32_t age,
                      struct rt_decimal amount)
{
    if (form->mode != RT_COHORT_BRACKET)
        return rt_total_add(rt_cohort_sum(cells, (size_t)age), amount);
    for (size_t i = 0; i < form->bracket_count; i++)
        if (holds(form->brackets[i], age) && rt_total_add(rt_cohort_sum(cells, i), amount) != 0)
            return -1;
    return 0;
}

/* Groups ------------------------------------------------------------------------------------- */

void rt_cohort_groups_init(struct rt_cohort_groups *groups)
{
    *groups = (struct rt_cohort_groups){.count = 0};
    rt_map_init(&groups->map, sizeof(uint64_t));
}

void rt_cohort_groups_free(struct rt_cohort_groups *groups)
{
    rt_map_free(&groups->map);
    free(groups->states);
}

uint32_t rt_cohort_group(struct rt_cohort_groups *groups, struct rt_text key)
{
    uint64_t *number = rt_map_add(&groups->map, key, rt_map_hash(&groups->map, key));
    if (*number == 0) {
        const size_t size = rt_grown(groups->size, groups->count + 1);
        if (size > 0) {
            groups->states = rt_realloc(groups->states, size, sizeof *groups->states);
            groups->size = size;
        }
        groups->states[groups->count++] = number;
        *number = groups->count;
    }
    return (uint32_t)(*number - 1);
}

struct rt_text rt_cohort_group_key(const struct rt_cohort_groups *groups, uint32_t group)
{
    return rt_map_key(&groups->map, groups->states[group]);
}

/* Calendars ---------------------------------------------------------------------------------- */

void rt_cohort_calendar_init(struct rt_cohort_calendar *calendar, struct rt_period period)
{
    calendar->period = period;
    calendar->indexes = rt_alloc_zero(RT_COHORT_DAYS, sizeof *calendar->indexes);
}

int32_t rt_cohort_calendar_fill(const struct rt_cohort_calendar *calendar, int32_t day)
{
    const int32_t index =
        rt_period_index(&calendar->period, rt_cohort_civil(day)) + RT_COHORT_INDEX;
    calendar->indexes[day] = index;
    return index;
}
