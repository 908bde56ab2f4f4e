#include "libretain/summary_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/sorted.h"

const char *const rt_summary_names[] = {"customers", "share", "revenue", "share_of_revenue"};
const char rt_summary_squares[] = "squares:";
const char rt_summary_values[] = "values:";

/* Methods ------------------------------------------------------------------------------------ */

void rt_summary_name_methods(struct rt_summary *summary)
{
    const char *confidence = summary->form.confidence.name;
    snprintf(summary->share_method, RT_SUMMARY_METHOD_BYTES, "wilson %s", confidence);
    snprintf(summary->mean_method, RT_SUMMARY_METHOD_BYTES, "t %s", confidence);
    snprintf(summary->quantile_method, RT_SUMMARY_METHOD_BYTES, "type 7; order statistics %s",
             confidence);
}

const char *rt_summary_base_method(const struct rt_summary *summary, enum rt_summary_base base)
{
    switch (base) {
    case RT_SUMMARY_CUSTOMERS:
        return "rows";
    case RT_SUMMARY_SHARE:
        return summary->share_method;
    case RT_SUMMARY_REVENUE:
        return "exact sum";
    default:
        return "ratio of sums";
    }
}

const char *rt_summary_stat_method(const struct rt_summary *summary, enum rt_stat_kind kind)
{
    switch (kind) {
    case RT_STAT_COUNT:
        return "cells not empty";
    case RT_STAT_SUM:
        return "exact sum";
    case RT_STAT_MEAN:
        return summary->mean_method;
    case RT_STAT_MIN:
    case RT_STAT_MAX:
        return "exact";
    default:
        return summary->quantile_method;
    }
}

/* Metric rows out ---------------------------------------------------------------------------- */

static void fill_quantile(const struct rt_summary *summary, const struct rt_summary_group *group,
                          const struct rt_stat *stat, struct rt_metric *row)
{
    const struct rt_summary_state *source = &group->states[stat->source];
    if (source->used == 0)
        return;
    row->value = rt_number_real(rt_sorted_quantile(source->values, source->used, stat->percent));
    const struct rt_ranks ranks =
        rt_quantile_ranks((int64_t)source->used, stat->percent, summary->form.confidence.share);
    if (ranks.lo > 0)
        row->lo = rt_number_real(source->values[ranks.lo - 1]);
    if (ranks.hi > 0)
        row->hi = rt_number_real(source->values[ranks.hi - 1]);
}

const struct rt_summary_form *rt_summary_form(const struct rt_summary *summary)
{
    return &summary->form;
}

size_t rt_summary_groups(const struct rt_summary *summary)
{
    return summary->group_count;
}

int64_t rt_summary_rows(const struct rt_summary *summary)
{
    return summary->rows;
}

int64_t rt_summary_empty(const struct rt_summary *summary)
{
    return summary->empty;
}

static int compare_sorted(const void *a, const void *b)
{
    return rt_text_compare(((const struct rt_summary_sorted *)a)->key,
                           ((const struct rt_summary_sorted *)b)->key);
}

static void end_filling(struct rt_summary *summary)
{
    rt_summary_name_methods(summary);
    summary->order = rt_alloc(summary->group_count + 1, sizeof *summary->order);
    size_t count = 0;
    for (void *state = rt_map_next(&summary->map, NULL); state != NULL;
         state = rt_map_next(&summary->map, state)) {
        struct rt_summary_group *group = &summary->groups[*(uint32_t *)state - 1];
        summary->order[count++] =
            (struct rt_summary_sorted){rt_map_key(&summary->map, state), group};
        summary->customers += group->customers;
        /* Each fits in 38 digits; should all of them not, their shares stay empty. */
        if (rt_total_merge(&summary->revenue, group->revenue) != 0)
            summary->revenue_lost = true;
    }
    if (count > 1)
        qsort(summary->order, count, sizeof *summary->order, compare_sorted);
    summary->keys = rt_alloc(summary->form.by_count + 1, sizeof *summary->keys);
}

static void fill_share(const struct rt_summary *summary, int64_t part, int64_t all,
                       struct rt_metric *row)
{
    row->method = rt_text(summary->share_method);
    row->value = rt_number_ratio(part, all);
    rt_metric_interval(row, rt_wilson(part, all, summary->form.confidence.share));
    row->num = rt_number_whole(part);
    row->den = rt_number_whole(all);
}

static void fill_base(const struct rt_summary *summary, const struct rt_summary_group *group,
                      enum rt_summary_base base, struct rt_metric *row)
{
    row->metric = rt_text(rt_summary_names[base]);
    row->method = rt_text(rt_summary_base_method(summary, base));
    if (base == RT_SUMMARY_CUSTOMERS) {
        row->value = rt_number_whole(group->customers);
    } else if (base == RT_SUMMARY_SHARE) {
        fill_share(summary, group->customers, summary->customers, row);
    } else if (base == RT_SUMMARY_REVENUE) {
        row->value = rt_number_total(group->revenue);
    } else {
        row->num = rt_number_total(group->revenue);
        if (!summary->revenue_lost)
            row->den = rt_number_total(summary->revenue);
        /* A share of a loss or of nothing is no share. */
        if (!summary->revenue_lost && summary->revenue.units > 0)
            row->value =
                rt_number_real(rt_total_real(group->revenue) / rt_total_real(summary->revenue));
    }
}

static void fill_stat(const struct rt_summary *summary, const struct rt_summary_group *group,
                      const struct rt_stat *stat, struct rt_metric *row)
{
    const struct rt_summary_state *state = &group->states[stat - summary->form.stats.stats];
    const struct rt_moments *moments = &state->moments;
    row->metric = rt_text(stat->name);
    row->method = rt_text(rt_summary_stat_method(summary, stat->kind));
    row->den = rt_number_whole(moments->count);
    if (stat->kind == RT_STAT_COUNT) {
        row->value = row->den;
    } else if (stat->kind == RT_STAT_SUM) {
        row->value = row->num = rt_number_total(moments->sum);
    } else if (stat->kind == RT_STAT_MEAN) {
        const double mean = rt_moments_mean(moments);
        row->num = rt_number_total(moments->sum);
        row->value = rt_number_real(mean);
        rt_metric_interval(row, rt_mean_interval(mean, rt_moments_variance(moments), moments->count,
                                                 summary->form.confidence.share));
    } else if (stat->kind == RT_STAT_QUANTILE) {
        fill_quantile(summary, group, stat, row);
    } else if (moments->count > 0) {
        row->value =
            rt_number_total((struct rt_total){state->extreme.units, state->extreme.places});
    }
}

/* The name of a metric that is a prefix and a column; lives until the next. */
static struct rt_text prefixed(struct rt_summary *summary, const char *prefix, const char *column)
{
    const size_t length = strlen(prefix) + strlen(column);
    char *name = rt_alloc(length + 1, 1);
    snprintf(name, length + 1, "%s%s", prefix, column);
    free(summary->metric);
    summary->metric = name;
    return (struct rt_text){name, length};
}

static void fill_squares(struct rt_summary *summary, const struct rt_summary_group *group, size_t k,
                         struct rt_metric *row)
{
    const struct rt_moments *moments = &group->states[k].moments;
    const size_t length = rt_squares_write(moments->squares, summary->squares);
    row->metric = prefixed(summary, rt_summary_squares, summary->form.stats.stats[k].column);
    row->method = rt_text("exact sum");
    row->value = rt_number_text((struct rt_text){summary->squares, length});
    row->den = rt_number_whole(moments->count);
}

/* A value and how often it was counted; `value` goes on to the next one. */
static void fill_value(struct rt_summary *summary, const struct rt_summary_group *group, size_t k,
                       struct rt_metric *row)
{
    const struct rt_summary_state *state = &group->states[k];
    const size_t start = summary->at.value;
    const double value = state->values[start];
    while (summary->at.value < state->used && state->values[summary->at.value] == value)
        summary->at.value++;
    row->metric = prefixed(summary, rt_summary_values, summary->form.stats.stats[k].column);
    row->method = rt_text("count");
    row->num = rt_number_whole((int64_t)(summary->at.value - start));
    row->den = rt_number_whole(state->moments.count);
    /* Not to be rounded by --digits: the text that reads back the same. */
    const size_t length = rt_real_write(value, summary->value);
    row->value = rt_number_text((struct rt_text){summary->value, length});
}

/* The next row of the statistics of a group; false where there is none left. */
static bool next_stat(struct rt_summary *summary, struct rt_summary_group *group,
                      struct rt_metric *row)
{
    for (; summary->at.stat < summary->form.stats.count; summary->at.stat++) {
        const size_t k = summary->at.stat;
        const struct rt_stat *stat = &summary->form.stats.stats[k];
        const bool source = stat->kind == RT_STAT_QUANTILE && stat->source == k;
        struct rt_summary_state *state = rt_summary_state(summary, group, k);
        if (summary->at.step == 0) {
            if (source)
                rt_sort_reals(state->values, state->used);
            fill_stat(summary, group, stat, row);
            summary->at.step = 1;
            return true;
        }
        if (summary->at.step == 1 && stat->kind == RT_STAT_MEAN) {
            fill_squares(summary, group, k, row);
            summary->at.step = 2;
            return true;
        }
        if (source && summary->form.values && summary->at.value < state->used) {
            fill_value(summary, group, k, row);
            return true;
        }
        summary->at.step = summary->at.value = 0;
    }
    return false;
}

/* How much of a key comes before its last cell. */
static size_t without_last(struct rt_text key)
{
    while (key.length > 0 && key.at[key.length - 1] != '\0')
        key.length--;
    return key.length;
}

/* Where a row of the matrix begins: how many customers all of it has. */
static void start_matrix_row(struct rt_summary *summary)
{
    const struct rt_summary_sorted *order = summary->order;
    const size_t at = summary->at.group;
    const struct rt_text from = {order[at].key.at, without_last(order[at].key)};
    const struct rt_text before =
        at > 0 ? (struct rt_text){order[at - 1].key.at, without_last(order[at - 1].key)} : from;
    if (at > 0 && rt_text_equal(from, before))
        return;
    summary->row_total = 0;
    for (size_t i = at; i < summary->group_count; i++) {
        const struct rt_text key = order[i].key;
        if (!rt_text_equal(from, (struct rt_text){key.at, without_last(key)}))
            break;
        summary->row_total += order[i].group->customers;
    }
}

static bool next_of_group(struct rt_summary *summary, struct rt_summary_group *group,
                          struct rt_metric *row)
{
    if (summary->form.matrix) {
        if (summary->at.base++ > 0)
            return false;
        start_matrix_row(summary);
        row->metric = rt_text("movement");
        fill_share(summary, group->customers, summary->row_total, row);
        return true;
    }
    if (summary->at.base < (summary->form.revenue ? RT_SUMMARY_BASE_ROWS : RT_SUMMARY_REVENUE)) {
        fill_base(summary, group, (enum rt_summary_base)summary->at.base++, row);
        return true;
    }
    return next_stat(summary, group, row);
}

bool rt_summary_next(struct rt_summary *summary, struct rt_metric *row)
{
    if (summary->order == NULL)
        end_filling(summary);
    const size_t by_count = summary->form.by_count;
    for (; summary->at.group < summary->group_count; summary->at.group++) {
        *row = (struct rt_metric){.keys = summary->keys, .complete = true};
        if (next_of_group(summary, summary->order[summary->at.group].group, row)) {
            rt_group_key_split(summary->order[summary->at.group].key, summary->keys, by_count);
            summary->keys[by_count] = (struct rt_text){"", 0};
            return true;
        }
        const size_t group = summary->at.group;
        memset(&summary->at, 0, sizeof summary->at);
        summary->at.group = group;
    }
    return false;
}
