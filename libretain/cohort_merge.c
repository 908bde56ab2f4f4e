#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/cohort_parts.h"
#include "libretain/day.h"
#include "libretain/err.h"

static const char *const other_method = "method: the rows were made with other options, or not by "
                                        "this command";
static const char *const missing = "rows are missing, or not in the order in which they were "
                                   "written";

struct rt_cohort *rt_cohort_new_merge(size_t by_count)
{
    struct rt_cohort *cohort = rt_alloc_zero(1, sizeof *cohort);
    cohort->by_count = by_count;
    cohort->merging = true;
    cohort->as_of = cohort->last_day = RT_DAY_NONE;
    rt_cohort_table_init(&cohort->table);
    rt_cohort_groups_init(&cohort->groups);
    return cohort;
}

const struct rt_cohort_form *rt_cohort_learnt(const struct rt_cohort *cohort, int32_t *as_of)
{
    *as_of = cohort->as_of;
    return cohort->whole != NULL ? &cohort->form : NULL;
}

/* How many of its cells the cohort at hand has reached, and so as many rows of each metric. */
static int64_t cells_reached(const struct rt_cohort *cohort)
{
    const struct rt_cohort_form *form = &cohort->form;
    const int32_t reached = rt_cohort_reached(form, cohort->shard.until, cohort->shard.index);
    if (form->mode != RT_COHORT_BRACKET)
        return reached + 1;
    int64_t count = 0;
    for (size_t i = 0; i < form->bracket_count; i++)
        count += rt_cohort_cell_reached(form, (int32_t)i, reached);
    return count;
}

/* Behind the last row of a cohort. */
static const char *end_cohort(const struct rt_cohort *cohort)
{
    const struct rt_cohort_form *form = &cohort->form;
    const struct rt_cohort_shard *shard = &cohort->shard;
    if (!shard->any)
        return NULL;
    const int64_t cells = cells_reached(cohort);
    const bool without_zero = form->mode != RT_COHORT_BRACKET && !form->zero && cells > 0;
    const bool all =
        shard->shares == cells - without_zero && shard->sums == (form->sum != NULL ? cells : 0);
    return all ? NULL : missing;
}

const char *rt_cohort_merged(struct rt_cohort *cohort)
{
    return end_cohort(cohort);
}

/* The date and the options ------------------------------------------------------------------- */

static const char *differs(struct rt_cohort *cohort, const char *option)
{
    snprintf(cohort->fault, RT_COHORT_FAULT_BYTES, "%s: the rows were made with different ones",
             option);
    return cohort->fault;
}

/* Takes the form of the first shard, and compares those of the others. */
static const char *learn_form(struct rt_cohort *cohort, struct rt_text text)
{
    if (cohort->whole != NULL && rt_text_is(text, cohort->whole))
        return NULL;
    struct rt_cohort_form form;
    if (rt_cohort_form_read(text, &form) != 0)
        return other_method;
    if (cohort->whole == NULL) {
        cohort->form = form;
        rt_cohort_name(cohort);
        return NULL;
    }
    const char *option = rt_cohort_forms_differ(&cohort->form, &form);
    rt_cohort_form_free(&form);
    return option != NULL ? differs(cohort, option) : other_method;
}

static const char *merge_as_of(struct rt_cohort *cohort, const struct rt_metric *row)
{
    static const char last[] = "last date; ", given[] = "given date; ";
    const char *fault = end_cohort(cohort);
    if (fault != NULL)
        return fault;
    const bool first = cohort->whole == NULL;
    const bool named = row->method.length > 0 && row->method.at[0] == 'g';
    const char *prefix = named ? given : last;
    const size_t length = strlen(prefix);
    int32_t day;
    if (row->method.length < length || memcmp(row->method.at, prefix, length) != 0)
        return other_method;
    if (rt_day_read(row->value.text, &day) != 0)
        return "value: not a date";
    fault =
        learn_form(cohort, (struct rt_text){row->method.at + length, row->method.length - length});
    if (fault != NULL)
        return fault;
    const int32_t as_of = named ? day : RT_DAY_NONE;
    if (first)
        cohort->as_of = as_of;
    else if (cohort->as_of != as_of)
        return differs(cohort, "--as-of");
    if (day > cohort->last_day)
        cohort->last_day = day;
    cohort->shard.until = day;
    cohort->shard.any = false;
    return NULL;
}

/* Cohorts ------------------------------------------------------------------------------------ */

static struct rt_text key_of(struct rt_cohort *cohort, const struct rt_metric *row)
{
    rt_group_key_clear(&cohort->key);
    for (size_t i = 0; i < cohort->by_count; i++)
        rt_group_key_add(&cohort->key, row->keys[i]);
    return rt_group_key_text(&cohort->key);
}

/* Is it behind the cohort at hand? */
static bool follows(const struct rt_cohort_shard *shard, struct rt_text key, int32_t index)
{
    if (!shard->any)
        return true;
    const int order = rt_text_compare(rt_group_key_text(&shard->key), key);
    return order < 0 || (order == 0 && shard->index < index);
}

static const char *merge_customers(struct rt_cohort *cohort, const struct rt_metric *row,
                                   int32_t index)
{
    struct rt_cohort_shard *shard = &cohort->shard;
    const char *fault = end_cohort(cohort);
    if (fault != NULL)
        return fault;
    const struct rt_text key = key_of(cohort, row);
    if (!follows(shard, key, index))
        return missing;
    int64_t customers;
    if (rt_number_read_count(row->value, &customers) != 0 || customers == 0)
        return "value: not a count";
    const uint32_t group = rt_cohort_group(&cohort->groups, key);
    struct rt_cohort_cells *cells = rt_cohort_cells(&cohort->table, group, index);
    if (__builtin_add_overflow(cells->customers, customers, &cells->customers) ||
        __builtin_add_overflow(cohort->members, (uint64_t)customers, &cohort->members))
        return "value: the sum is too large";
    rt_group_key_clear(&shard->key);
    rt_group_key_add(&shard->key, key);
    shard->any = true;
    shard->index = index;
    shard->place = (size_t)(cells - cohort->table.cells);
    shard->customers = customers;
    shard->shares = shard->sums = 0;
    shard->sum = (struct rt_total){0, 0};
    shard->share_at = shard->sum_at = -1;
    return NULL;
}

/* Cells -------------------------------------------------------------------------------------- */

/* The number of a cell from its age, or -1. */
static int32_t read_cell(const struct rt_cohort_form *form, struct rt_text age)
{
    char text[RT_DECIMAL_BYTES];
    for (size_t i = 0; i < form->bracket_count; i++)
        if (rt_text_equal(age, (struct rt_text){text, rt_bracket_write(form->brackets[i], text)}))
            return (int32_t)i;
    struct rt_decimal number;
    if (form->mode == RT_COHORT_BRACKET || rt_decimal_read(age, &number) != RT_READ ||
        number.places != 0 || number.units < 0 || number.units > RT_COHORT_DAYS)
        return -1;
    return rt_text_equal(age, (struct rt_text){text, rt_decimal_write(number, text)})
               ? (int32_t)number.units
               : -1;
}

static const char *merge_share(struct rt_cohort *cohort, const struct rt_metric *row, int32_t cell,
                               bool reached)
{
    struct rt_cohort_shard *shard = &cohort->shard;
    int64_t active;
    if (!rt_text_is(row->method, reached ? cohort->share_method : cohort->definition))
        return other_method;
    if (rt_number_read_count(row->num, &active) != 0 || active > shard->customers)
        return "num: not a count, or of more customers than there are";
    int64_t *count = rt_cohort_count(&cohort->table.cells[shard->place], (size_t)cell);
    if (__builtin_add_overflow(*count, active, count))
        return "num: the sum is too large";
    shard->shares += reached;
    return NULL;
}

static const char *merge_sum(struct rt_cohort *cohort, const struct rt_metric *row, int32_t cell,
                             bool reached)
{
    struct rt_cohort_shard *shard = &cohort->shard;
    struct rt_total sum;
    if (!rt_text_is(row->method, cohort->sum_method))
        return other_method;
    if (rt_number_read_total(row->num, &sum) != 0)
        return "num: not a sum";
    struct rt_total part = sum;
    /* Sums up to an age are taken apart, as another shard may go further. */
    if (cohort->form.cumulative) {
        const struct rt_total before = {-shard->sum.units, shard->sum.places};
        if (rt_total_merge(&part, before) != 0)
            return "num: the sum is too large";
        shard->sum = sum;
    }
    if (rt_total_merge(rt_cohort_sum(&cohort->table.cells[shard->place], (size_t)cell), part) != 0)
        return "num: the sum is too large";
    shard->sums += reached;
    return NULL;
}

static const char *merge_cell(struct rt_cohort *cohort, const struct rt_metric *row, bool sum,
                              bool reached)
{
    struct rt_cohort_shard *shard = &cohort->shard;
    const struct rt_cohort_form *form = &cohort->form;
    const int32_t cell = read_cell(form, row->keys[cohort->by_count + 1]);
    if (cell < 0)
        return "age: not one of these rows";
    if (rt_cohort_cell_reached(form, cell, rt_cohort_reached(form, shard->until, shard->index)) !=
            reached ||
        row->complete != reached)
        return "metric: not what the date of the rows says of this age";
    int32_t *last = sum ? &shard->sum_at : &shard->share_at;
    if (form->mode != RT_COHORT_BRACKET && cell <= *last)
        return missing;
    *last = cell;
    return sum ? merge_sum(cohort, row, cell, reached) : merge_share(cohort, row, cell, reached);
}

const char *rt_cohort_merge(struct rt_cohort *cohort, const struct rt_metric *row)
{
    const struct rt_text label = row->keys[cohort->by_count];
    cohort->rows++;
    if (rt_text_is(row->metric, "as_of"))
        return merge_as_of(cohort, row);
    if (cohort->whole == NULL)
        return "metric: rows of this command begin with as_of";
    if (rt_text_is(label, "all"))
        return NULL;
    int32_t index;
    if (rt_period_read_label(&cohort->form.cohort, label, &index) != 0)
        return "cohort: not one of these rows";
    index += RT_COHORT_INDEX;
    if (rt_text_is(row->metric, "customers"))
        return rt_text_is(row->method, cohort->definition) ? merge_customers(cohort, row, index)
                                                           : other_method;
    const struct rt_cohort_shard *shard = &cohort->shard;
    if (!shard->any || shard->index != index ||
        !rt_text_equal(key_of(cohort, row), rt_group_key_text(&shard->key)))
        return missing;
    if (rt_text_is(row->metric, "retention"))
        return merge_cell(cohort, row, false, true);
    if (rt_text_is(row->metric, "retention_so_far"))
        return merge_cell(cohort, row, false, false);
    if (cohort->form.sum != NULL && rt_text_is(row->metric, cohort->sum_metric))
        return merge_cell(cohort, row, true, true);
    if (cohort->form.sum != NULL && rt_text_is(row->metric, cohort->sum_so_far_metric))
        return merge_cell(cohort, row, true, false);
    return "metric: not one of this command";
}
