#include "libretain/summary_parts.h"

#include <stdio.h>
#include <string.h>

static bool starts(struct rt_text text, const char *prefix)
{
    const size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.at, prefix, length) == 0;
}

static const char *const other_method = "method: the rows were made with other options, or not by "
                                        "this command";

/* The confidence comes from the first row that has one; all others must have the same. */
static const char *check_method(struct rt_summary *summary, struct rt_text method,
                                const char *(*expected)(const struct rt_summary *, const void *),
                                const void *what)
{
    struct rt_confidence confidence;
    if (rt_method_confidence(method, &confidence) == 0) {
        if (!summary->confident) {
            summary->form.confidence = confidence;
            summary->confident = true;
            rt_summary_name_methods(summary);
        } else if (strcmp(confidence.name, summary->form.confidence.name) != 0)
            return "--conf: the rows were made with different confidences";
    }
    return rt_text_is(method, expected(summary, what)) ? NULL : other_method;
}

static const char *expect_base(const struct rt_summary *summary, const void *base)
{
    return rt_summary_base_method(summary, *(const enum rt_summary_base *)base);
}

static const char *expect_stat(const struct rt_summary *summary, const void *stat)
{
    return rt_summary_stat_method(summary, ((const struct rt_stat *)stat)->kind);
}

static int add_count(int64_t *into, int64_t more)
{
    return __builtin_add_overflow(*into, more, into) ? -1 : 0;
}

static const char *merge_base(struct rt_summary *summary, struct rt_summary_group *group,
                              enum rt_summary_base base, const struct rt_metric *row)
{
    const char *fault = check_method(summary, row->method, expect_base, &base);
    if (fault != NULL)
        return fault;
    group->rows[base]++;
    int64_t count;
    struct rt_total total;
    if (base == RT_SUMMARY_CUSTOMERS) {
        summary->run_stat = 0;
        if (rt_number_read_count(row->value, &count) != 0 ||
            add_count(&group->customers, count) != 0 || add_count(&summary->rows, count) != 0)
            return "value: not a count";
    } else if (base == RT_SUMMARY_REVENUE) {
        summary->form.revenue = true;
        if (rt_number_read_total(row->value, &total) != 0 ||
            rt_total_merge(&group->revenue, total) != 0)
            return "value: not a sum";
    }
    return NULL;
}

static const char *merge_stat(struct rt_summary *summary, struct rt_summary_group *group, size_t k,
                              const struct rt_metric *row)
{
    const struct rt_stat *stat = &summary->form.stats.stats[k];
    const char *fault = check_method(summary, row->method, expect_stat, stat);
    if (fault != NULL)
        return fault;
    if (k < summary->run_stat)
        return "--stat: the rows were made with the statistics in another order";
    summary->run_stat = k;
    struct rt_summary_state *state = rt_summary_state(summary, group, k);
    state->rows++;
    struct rt_decimal value;
    int64_t count;
    struct rt_total sum = {0};
    if (rt_number_read_count(row->den, &count) != 0)
        return "den: not a count";
    if (stat->kind == RT_STAT_MEAN || stat->kind == RT_STAT_SUM) {
        if (rt_number_read_total(row->num, &sum) != 0 ||
            rt_total_merge(&state->moments.sum, sum) != 0)
            return "num: not a sum";
    } else if ((stat->kind == RT_STAT_MIN || stat->kind == RT_STAT_MAX) && count > 0) {
        if (rt_measure_read(row->value.text, &value) != RT_READ)
            return "value: not a number";
        rt_summary_extreme(state, stat->kind, value);
    }
    return add_count(&state->moments.count, count) == 0 ? NULL : "den: the sum is too large";
}

static const char *merge_squares(struct rt_summary *summary, struct rt_summary_group *group,
                                 struct rt_text column, const struct rt_metric *row)
{
    const struct rt_stats *stats = &summary->form.stats;
    for (size_t k = 0; k < stats->count; k++) {
        if (stats->stats[k].kind != RT_STAT_MEAN || !rt_text_is(column, stats->stats[k].column))
            continue;
        struct rt_summary_state *state = rt_summary_state(summary, group, k);
        struct rt_squares squares;
        if (rt_squares_read(row->value.text, &squares) != 0 ||
            rt_squares_merge(&state->moments.squares, squares) != 0)
            return "value: not a sum of squares";
        state->squares_rows++;
        return rt_text_is(row->method, "exact sum") ? NULL : other_method;
    }
    return "metric: squares without their mean";
}

static const char *merge_values(struct rt_summary *summary, struct rt_summary_group *group,
                                struct rt_text column, const struct rt_metric *row)
{
    const struct rt_stats *stats = &summary->form.stats;
    for (size_t k = 0; k < stats->count; k++) {
        if (stats->stats[k].kind != RT_STAT_QUANTILE || !rt_text_is(column, stats->stats[k].column))
            continue;
        struct rt_summary_state *state = rt_summary_state(summary, group, k);
        double value;
        int64_t count;
        if (rt_real_read(row->value.text, &value) != 0)
            return "value: not a number";
        if (rt_number_read_count(row->num, &count) != 0 ||
            count > state->moments.count - (int64_t)state->used)
            return "num: not a count, or more than were counted";
        rt_summary_keep(state, value, count);
        summary->form.values = true;
        return rt_text_is(row->method, "count") ? NULL : other_method;
    }
    return "metric: values without their quantile";
}

/* The place of a statistic in the list, which grows with the first rows. */
static const char *find_stat(struct rt_summary *summary, struct rt_text name, size_t *place)
{
    struct rt_stats *stats = &summary->form.stats;
    for (*place = 0; *place < stats->count; ++*place)
        if (rt_text_is(name, stats->stats[*place].name))
            return NULL;
    return rt_stats_add(stats, name) == NULL ? NULL : "metric: not one of this command";
}

static const char *merge_measure(struct rt_summary *summary, struct rt_summary_group *group,
                                 const struct rt_metric *row)
{
    for (enum rt_summary_base base = RT_SUMMARY_CUSTOMERS; base < RT_SUMMARY_BASE_ROWS; base++)
        if (rt_text_is(row->metric, rt_summary_names[base]))
            return merge_base(summary, group, base, row);
    const size_t squares = strlen(rt_summary_squares), values = strlen(rt_summary_values);
    if (starts(row->metric, rt_summary_squares))
        return merge_squares(
            summary, group,
            (struct rt_text){row->metric.at + squares, row->metric.length - squares}, row);
    if (starts(row->metric, rt_summary_values))
        return merge_values(summary, group,
                            (struct rt_text){row->metric.at + values, row->metric.length - values},
                            row);
    size_t place;
    const char *fault = find_stat(summary, row->metric, &place);
    return fault != NULL ? fault : merge_stat(summary, group, place, row);
}

static const char *merge_movement(struct rt_summary *summary, struct rt_summary_group *group,
                                  const struct rt_metric *row)
{
    const enum rt_summary_base share = RT_SUMMARY_SHARE;
    if (summary->form.by_count < 2)
        return "--matrix: movement between fewer than two columns";
    int64_t count;
    if (rt_number_read_count(row->num, &count) != 0 || add_count(&group->customers, count) != 0 ||
        add_count(&summary->rows, count) != 0)
        return "num: not a count";
    return check_method(summary, row->method, expect_base, &share);
}

const char *rt_summary_merge(struct rt_summary *summary, const struct rt_metric *row)
{
    const size_t by_count = summary->form.by_count;
    if (row->keys[by_count].length > 0 || !row->complete)
        return "period: not rows of this command";
    rt_group_key_clear(&summary->key);
    for (size_t i = 0; i < by_count; i++)
        rt_group_key_add(&summary->key, row->keys[i]);
    const bool matrix = rt_text_is(row->metric, "movement");
    if (!summary->learning && matrix != summary->form.matrix)
        return "--matrix: some of the rows were made with it, some without";
    summary->learning = false;
    summary->form.matrix = matrix;
    struct rt_summary_group *group = rt_summary_group(summary, rt_group_key_text(&summary->key));
    return matrix ? merge_movement(summary, group, row) : merge_measure(summary, group, row);
}

static const char *uneven(struct rt_summary *summary, const char *option, const char *name)
{
    snprintf(summary->fault, RT_SUMMARY_FAULT_BYTES,
             "%s: some of the rows were made with %.200s, some without", option, name);
    return summary->fault;
}

/* Every shard in which a group occurs must have written each of its rows. */
static const char *check_group(struct rt_summary *summary, struct rt_summary_group *group)
{
    const int64_t shards = group->rows[RT_SUMMARY_CUSTOMERS];
    if (group->rows[RT_SUMMARY_SHARE] != shards)
        return uneven(summary, "rows are missing", "share");
    for (enum rt_summary_base base = RT_SUMMARY_REVENUE; base < RT_SUMMARY_BASE_ROWS; base++)
        if (group->rows[base] != (summary->form.revenue ? shards : 0))
            return uneven(summary, "revenue", "the column");
    for (size_t k = 0; k < summary->form.stats.count; k++) {
        const struct rt_stat *stat = &summary->form.stats.stats[k];
        const struct rt_summary_state *state = rt_summary_state(summary, group, k);
        if (state->rows != shards || (stat->kind == RT_STAT_MEAN && state->squares_rows != shards))
            return uneven(summary, "--stat", stat->name);
        if (stat->kind == RT_STAT_QUANTILE &&
            (int64_t)group->states[stat->source].used != state->moments.count) {
            snprintf(summary->fault, RT_SUMMARY_FAULT_BYTES,
                     "%.200s cannot be merged: a quantile of quantiles is none, and the rows do "
                     "not hold the values (write them with --values)",
                     stat->name);
            return summary->fault;
        }
    }
    return NULL;
}

static bool same_stats(const struct rt_stats *a, const struct rt_stats *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->stats[i].name, b->stats[i].name) != 0)
            return false;
    return true;
}

static const char *check_asked(struct rt_summary *summary, const struct rt_summary_form *asked,
                               bool confident)
{
    const struct rt_summary_form *form = &summary->form;
    if (asked->matrix != form->matrix && asked->by_count > 0)
        return form->matrix ? "--matrix: the rows were made with it"
                            : "--matrix: the rows were made without it";
    if (asked->stats.count > 0 && !same_stats(&asked->stats, &form->stats))
        return "--stat: the rows were made with other statistics";
    if (confident && summary->confident &&
        strcmp(asked->confidence.name, form->confidence.name) != 0) {
        snprintf(summary->fault, RT_SUMMARY_FAULT_BYTES, "--conf: the rows were made with %s",
                 form->confidence.name);
        return summary->fault;
    }
    return NULL;
}

const char *rt_summary_merged(struct rt_summary *summary, const struct rt_summary_form *asked,
                              bool confident)
{
    if (summary->learning) { /* not one row */
        summary->form.confidence = asked->confidence;
        return NULL;
    }
    const char *fault = check_asked(summary, asked, confident);
    for (size_t i = 0; fault == NULL && !summary->form.matrix && i < summary->group_count; i++)
        fault = check_group(summary, &summary->groups[i]);
    return fault;
}
