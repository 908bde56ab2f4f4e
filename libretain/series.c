#include "libretain/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/map.h"
#include "libretain/period.h"

struct rt_serieses {
    struct rt_metrics_reader reader;
    struct rt_map texts; /* every cell that is kept, once */
    struct rt_map keys;  /* of series; their numbers from 1 are the states */
    struct rt_series *series;
    size_t count, size;
    size_t key_count;
};

/* Rows --------------------------------------------------------------------------------------- */

/* A copy that stays where it is. */
static struct rt_text keep(struct rt_serieses *all, struct rt_text text)
{
    return rt_map_key(&all->texts, rt_map_add(&all->texts, text, rt_map_hash(&all->texts, text)));
}

/* Where the column of time stands among the keys of a row, and whether the age is behind it. */
static size_t time_key(const struct rt_serieses *all)
{
    return all->reader.form.by_count;
}

static bool has_age(const struct rt_serieses *all)
{
    return all->reader.form.time == RT_METRICS_COHORT;
}

static double z_of(struct rt_text method)
{
    struct rt_confidence confidence = {.share = 0.95};
    (void)rt_method_confidence(method, &confidence);
    return rt_normal_quantile(confidence.share);
}

static struct rt_series *new_series(struct rt_serieses *all, const struct rt_metric *row)
{
    const size_t size = rt_grown(all->size, all->count + 1);
    if (size != 0) {
        all->series = rt_realloc(all->series, size, sizeof *all->series);
        all->size = size;
    }
    struct rt_series *series = &all->series[all->count++];
    *series = (struct rt_series){.metric = keep(all, row->metric),
                                 .method = keep(all, row->method),
                                 .keys = rt_alloc(all->key_count + 1, sizeof *series->keys),
                                 .z = z_of(row->method)};
    for (size_t i = 0; i < all->key_count; i++)
        series->keys[i] = keep(all, row->keys[i < time_key(all) ? i : i + 1]);
    return series;
}

static struct rt_series *series_of(struct rt_serieses *all, const struct rt_metric *row)
{
    struct rt_group_key key = {0};
    rt_group_key_add(&key, row->metric);
    rt_group_key_add(&key, row->method);
    for (size_t i = 0; i < all->key_count; i++)
        rt_group_key_add(&key, row->keys[i < time_key(all) ? i : i + 1]);
    const struct rt_text text = rt_group_key_text(&key);
    uint64_t *number = rt_map_add(&all->keys, text, rt_map_hash(&all->keys, text));
    rt_group_key_free(&key);
    if (*number != 0)
        return &all->series[*number - 1];
    *number = all->count + 1;
    return new_series(all, row);
}

/* An empty cell is nan. Returns 0, or -1. */
static int read_number(struct rt_text cell, double *value)
{
    *value = NAN;
    return cell.length == 0 ? 0 : rt_real_read(cell, value);
}

/* `value` is the first of the columns value, lo and hi. */
static int add_row(struct rt_serieses *all, const struct rt_metric *row, const int *value)
{
    if (rt_text_is(row->metric, "as_of"))
        return 0;
    const struct rt_text label = row->keys[time_key(all)];
    struct rt_series_point point = {.complete = row->complete, .first = RT_DAY_NONE};
    const struct rt_text cells[] = {row->value.text, row->lo.text, row->hi.text};
    double *const numbers[] = {&point.value, &point.lo, &point.hi};
    for (size_t i = 0; i < 3; i++)
        if (read_number(cells[i], numbers[i]) != 0)
            return rt_table_refuse(all->reader.table, value[i], "not a number");
    if (cells[0].length == 0 || (has_age(all) && rt_text_is(label, "all")))
        return 0;
    point.label = keep(all, label);
    point.text = keep(all, cells[0]);
    point.lo_text = keep(all, cells[1]);
    point.hi_text = keep(all, cells[2]);
    struct rt_series *series = series_of(all, row);
    const size_t size = rt_grown(series->size, series->count + 1);
    if (size != 0) {
        series->points = rt_realloc(series->points, size, sizeof *series->points);
        series->size = size;
    }
    series->points[series->count++] = point;
    return 0;
}

/* Time --------------------------------------------------------------------------------------- */

/* The kind of period that a label names. Returns 0, or -1. */
static int kind_of(struct rt_text label, struct rt_period *period, int32_t *index)
{
    static const char *const kinds[] = {"month", "quarter", "week", "year", "day"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (rt_period_read(rt_text(kinds[i]), false, period) == 0 &&
            rt_period_read_label(period, label, index) == 0)
            return 0;
    return -1;
}

static int32_t greatest_divisor(int32_t a, int32_t b)
{
    while (b != 0) {
        const int32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int compare_points(const void *one, const void *other)
{
    const struct rt_series_point *a = one, *b = other;
    return (a->at > b->at) - (a->at < b->at);
}

/* Numbers the periods where they are dates, once the points are in order. */
static void number_dates(struct rt_series *series)
{
    int32_t step = 0;
    series->start = series->points[0].at;
    for (size_t i = 1; i < series->count; i++)
        step = greatest_divisor(series->points[i].at - series->start, step);
    series->step = step > 0 ? step : 1;
    for (size_t i = 0; i < series->count; i++)
        series->points[i].at = (series->points[i].at - series->start) / series->step;
}

static void find_days(struct rt_series *series)
{
    for (size_t i = 0; i < series->count; i++) {
        struct rt_series_point *point = &series->points[i];
        if (series->step > 0) {
            point->first = series->start + point->at * series->step;
            point->last = point->first + series->step - 1;
        } else {
            point->first = rt_period_first(&series->period, point->at);
            point->last = rt_period_last(&series->period, point->at);
        }
    }
}

/* Puts the points in order and gives them their days. Those of a series without time stay bare. */
static const char *settle(struct rt_series *series)
{
    for (size_t i = 0; i < series->count; i++) {
        struct rt_series_point *point = &series->points[i];
        if (point->label.length == 0 && series->count == 1)
            return NULL;
        struct rt_period period;
        if (kind_of(point->label, &period, &point->at) != 0)
            return "a label that is no period";
        if (i > 0 && !rt_period_equal(&period, &series->period))
            return "periods of several kinds";
        series->period = period;
    }
    qsort(series->points, series->count, sizeof *series->points, compare_points);
    for (size_t i = 1; i < series->count; i++)
        if (series->points[i].at == series->points[i - 1].at)
            return "a period twice";
    if (series->period.unit == RT_PERIOD_DAY)
        number_dates(series);
    find_days(series);
    return NULL;
}

const char *rt_series_fault(const struct rt_series *series)
{
    return series->fault;
}

int32_t rt_series_place(const struct rt_series *series, int32_t day)
{
    if (series->step == 0)
        return rt_period_index(&series->period, day);
    const int64_t days = (int64_t)day - series->start, step = series->step;
    return (int32_t)(days >= 0 ? days / step : -((step - 1 - days) / step));
}

const struct rt_series_point *rt_series_last(const struct rt_series *series, int32_t day)
{
    const struct rt_series_point *last = NULL;
    for (size_t i = 0; i < series->count; i++) {
        const struct rt_series_point *point = &series->points[i];
        if (point->complete &&
            (day == RT_DAY_NONE || point->first == RT_DAY_NONE || point->last <= day))
            last = point;
    }
    return last;
}

const struct rt_series_point *rt_series_find(const struct rt_series *series, int32_t at)
{
    for (size_t i = 0; i < series->count; i++)
        if (series->points[i].complete && series->points[i].at == at)
            return &series->points[i];
    return NULL;
}

/* The whole table ---------------------------------------------------------------------------- */

static int compare_series(const void *one, const void *other)
{
    const struct rt_series *a = one, *b = other;
    int order = rt_text_compare(a->metric, b->metric);
    if (order == 0)
        order = rt_text_compare(a->method, b->method);
    for (size_t i = 0; order == 0 && i < a->key_count; i++)
        order = rt_text_compare(a->keys[i], b->keys[i]);
    return order;
}

static int read_rows(struct rt_serieses *all)
{
    struct rt_metric row;
    const int *value = all->reader.columns + 2 + (has_age(all) ? 2 : 1);
    int status;
    while ((status = rt_metrics_next(&all->reader, &row)) == 1)
        if (add_row(all, &row, value) != 0)
            return -1;
    return status;
}

struct rt_serieses *rt_series_read(struct rt_table *table, const char **fault)
{
    struct rt_serieses *all = rt_alloc_zero(1, sizeof *all);
    rt_map_init_dense(&all->texts, 4);
    rt_map_init(&all->keys, sizeof(uint64_t));
    if (rt_metrics_open(&all->reader, table, fault) != 0) {
        rt_series_free(all);
        return NULL;
    }
    all->key_count = all->reader.form.by_count + has_age(all);
    if (read_rows(all) != 0) {
        *fault = rt_table_message(table);
        rt_series_free(all);
        return NULL;
    }
    for (size_t i = 0; i < all->count; i++) {
        all->series[i].key_count = all->key_count;
        all->series[i].fault = settle(&all->series[i]);
    }
    if (all->count > 1)
        qsort(all->series, all->count, sizeof *all->series, compare_series);
    return all;
}

void rt_series_free(struct rt_serieses *all)
{
    if (all == NULL)
        return;
    for (size_t i = 0; i < all->count; i++) {
        free(all->series[i].keys);
        free(all->series[i].points);
    }
    free(all->series);
    rt_map_free(&all->texts);
    rt_map_free(&all->keys);
    rt_metrics_close(&all->reader);
    free(all);
}

size_t rt_series_count(const struct rt_serieses *all)
{
    return all->count;
}

const struct rt_series *rt_series_at(const struct rt_serieses *all, size_t i)
{
    return &all->series[i];
}

const char *rt_series_time_name(const struct rt_serieses *all)
{
    return has_age(all) ? "cohort" : "period";
}

size_t rt_series_keys(const struct rt_serieses *all)
{
    return all->key_count;
}

const char *rt_series_key_name(const struct rt_serieses *all, size_t i)
{
    return i < all->reader.form.by_count ? all->reader.by[i] : "age";
}
