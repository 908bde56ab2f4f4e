#include "libretain/chart.h"

#include <math.h>
#include <stdlib.h>

#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/metrics.h"
#include "libretain/scale.h"

static const char gap[] = " \xc2\xb7 "; /* between the parts of a name */

/* Where the columns of metric rows are; -1 where they are not. */
struct columns {
    int metric, method, period, cohort, age, value, lo, hi, num, den, complete;
};

static struct columns find_columns(const struct rt_sheet *sheet)
{
    return (struct columns){
        rt_sheet_find(sheet, "metric"),   rt_sheet_find(sheet, "method"),
        rt_sheet_find(sheet, "period"),   rt_sheet_find(sheet, "cohort"),
        rt_sheet_find(sheet, "age"),      rt_sheet_find(sheet, "value"),
        rt_sheet_find(sheet, "lo"),       rt_sheet_find(sheet, "hi"),
        rt_sheet_find(sheet, "num"),      rt_sheet_find(sheet, "den"),
        rt_sheet_find(sheet, "complete"),
    };
}

static bool is_by(const struct columns *at, int column)
{
    const int own[] = {at->metric, at->method, at->period, at->cohort, at->age,     at->value,
                       at->lo,     at->hi,     at->num,    at->den,    at->complete};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i] == column)
            return false;
    return true;
}

static double number(const struct rt_sheet *sheet, size_t row, int column)
{
    double value;
    return rt_real_read(rt_sheet_cell(sheet, row, column), &value) == 0 ? value : NAN;
}

/* Which metrics there are -------------------------------------------------------------------- */

static bool can_be_drawn(const struct rt_sheet *sheet, const struct columns *at, size_t row)
{
    const struct rt_text metric = rt_sheet_cell(sheet, row, at->metric);
    return !rt_text_is(metric, "as_of") && !rt_text_is(metric, "idle_days") &&
           !rt_catalogue_is_aside(metric);
}

/* Keeps those metrics of which some row has a value. Returns how many. */
static size_t keep_valued(struct rt_chart_metric *metrics, const bool *valued, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (valued[i])
            metrics[kept++] = metrics[i];
    return kept;
}

struct rt_chart_metric *rt_chart_metrics(const struct rt_sheet *sheet, size_t *count)
{
    const struct columns at = find_columns(sheet);
    struct rt_labels seen;
    struct rt_group_key key = {0};
    struct rt_chart_metric *metrics = NULL;
    bool *valued = NULL;
    size_t room = 0;
    rt_labels_init(&seen);
    for (size_t row = 0; at.metric >= 0 && at.method >= 0 && row < sheet->count; row++) {
        if (!can_be_drawn(sheet, &at, row))
            continue;
        const struct rt_chart_metric metric = {rt_sheet_cell(sheet, row, at.metric),
                                               rt_sheet_cell(sheet, row, at.method)};
        rt_group_key_clear(&key);
        rt_group_key_add(&key, metric.metric);
        rt_group_key_add(&key, metric.method);
        const size_t known = seen.count, number_of = rt_labels_add(&seen, rt_group_key_text(&key));
        const size_t more = rt_grown(room, seen.count);
        if (more != 0) {
            metrics = rt_realloc(metrics, more, sizeof *metrics);
            valued = rt_realloc(valued, more, sizeof *valued);
            room = more;
        }
        if (number_of == known)
            valued[number_of] = false;
        metrics[number_of] = metric;
        valued[number_of] = valued[number_of] || !isnan(number(sheet, row, at.value));
    }
    *count = keep_valued(metrics, valued, seen.count);
    rt_group_key_free(&key);
    rt_labels_free(&seen);
    free(valued);
    if (*count == 0) {
        free(metrics);
        metrics = NULL;
    }
    return metrics;
}

const struct rt_chart_metric *rt_chart_first(const struct rt_chart_metric *metrics, size_t count)
{
    const struct rt_chart_metric *first = NULL;
    int least = 0;
    for (size_t i = 0; i < count; i++) {
        int rank = rt_catalogue(metrics[i].metric, metrics[i].method).rank;
        if (rt_text_is(metrics[i].metric, "retention"))
            rank = 1;
        if (first == NULL || (rank > 0 && (least == 0 || rank < least))) {
            first = &metrics[i];
            least = rank;
        }
    }
    return first;
}

void rt_chart_name(struct rt_buffer *into, const struct rt_chart_metric *metric)
{
    const struct rt_meaning meaning = rt_catalogue(metric->metric, metric->method);
    if (meaning.title != NULL) {
        rt_buffer_add(into, meaning.title);
        return;
    }
    const size_t start = into->used;
    rt_buffer_text(into, metric->metric);
    for (size_t i = start; i < into->used; i++)
        if (into->bytes[i] == '_')
            into->bytes[i] = ' ';
}

/* Which rows make which points --------------------------------------------------------------- */

struct maker {
    struct rt_chart *chart;
    const struct rt_sheet *sheet;
    struct columns at;
    const struct rt_chart_metric *metrics;
    size_t count;
    bool ages, periods; /* the rows have ages; or more than one period */
    struct rt_buffer label, series;
};

/* The place of the row's metric among those that are drawn, or `count`. */
static size_t metric_of(const struct maker *maker, size_t row)
{
    size_t i = 0;
    if (!can_be_drawn(maker->sheet, &maker->at, row))
        return maker->count;
    while (i < maker->count &&
           !(rt_text_equal(maker->metrics[i].metric,
                           rt_sheet_cell(maker->sheet, row, maker->at.metric)) &&
             rt_text_equal(maker->metrics[i].method,
                           rt_sheet_cell(maker->sheet, row, maker->at.method))))
        i++;
    return i;
}

static void look_at_rows(struct maker *maker)
{
    struct rt_text period = {"", 0};
    for (size_t row = 0; row < maker->sheet->count; row++) {
        if (metric_of(maker, row) == maker->count)
            continue;
        if (rt_sheet_cell(maker->sheet, row, maker->at.age).length > 0)
            maker->ages = true;
        const struct rt_text now = rt_sheet_cell(maker->sheet, row, maker->at.period);
        if (now.length > 0 && period.length > 0 && !rt_text_equal(now, period))
            maker->periods = true;
        if (now.length > 0)
            period = now;
    }
}

static enum rt_chart_form choose(const struct maker *maker, enum rt_chart_form form)
{
    if (form != RT_CHART_AUTO)
        return form;
    if (maker->ages)
        return rt_text_is(maker->metrics[0].metric, "survival") ? RT_CHART_STEPS : RT_CHART_HEAT;
    return maker->periods ? RT_CHART_LINE : RT_CHART_BARS;
}

static void add_part(struct rt_buffer *name, struct rt_text part)
{
    if (part.length == 0)
        return;
    rt_buffer_add(name, name->used > 0 ? gap : "");
    rt_buffer_text(name, part);
}

static void add_groups(const struct maker *maker, struct rt_buffer *name, size_t row)
{
    for (int i = 0; i < (int)maker->sheet->width; i++)
        if (is_by(&maker->at, i))
            add_part(name, rt_sheet_cell(maker->sheet, row, i));
}

static void add_metric(const struct maker *maker, struct rt_buffer *name, size_t metric)
{
    if (maker->count < 2)
        return;
    rt_buffer_add(name, name->used > 0 ? gap : "");
    rt_chart_name(name, &maker->metrics[metric]);
}

/* The names under which a row is drawn. Bars have groups as labels, the others as series. */
static void name_row(struct maker *maker, size_t row, size_t metric)
{
    const struct rt_sheet *sheet = maker->sheet;
    const struct columns *at = &maker->at;
    const bool bars = maker->chart->form == RT_CHART_BARS;
    const bool ages = maker->ages && !bars;
    rt_buffer_clear(&maker->label);
    rt_buffer_clear(&maker->series);
    add_groups(maker, bars ? &maker->label : &maker->series, row);
    struct rt_buffer *cohorts = bars ? &maker->label : &maker->series;
    add_part(cohorts, rt_sheet_cell(sheet, row, at->cohort));
    add_part(&maker->label, rt_sheet_cell(sheet, row, ages || bars ? at->age : -1));
    add_part(&maker->label, rt_sheet_cell(sheet, row, at->period));
    if (!bars && !ages && at->period < 0)
        add_part(&maker->label, rt_text("all"));
    if (bars && maker->label.used == 0)
        rt_buffer_add(&maker->label, "all");
    add_metric(maker, &maker->series, metric);
}

/* Whether a row is a point of the chart, with its names in the maker. */
static bool name_point(struct maker *maker, size_t row)
{
    const size_t metric = metric_of(maker, row);
    if (metric == maker->count)
        return false;
    name_row(maker, row, metric);
    return maker->label.used > 0;
}

static void collect_names(struct maker *maker)
{
    for (size_t row = 0; row < maker->sheet->count; row++) {
        if (!name_point(maker, row))
            continue;
        (void)rt_labels_add(&maker->chart->labels, rt_buffer_get(&maker->label));
        (void)rt_labels_add(&maker->chart->series, rt_buffer_get(&maker->series));
    }
}

/* Returns 0, or -1 where two rows make one point. */
static int collect_points(struct maker *maker)
{
    struct rt_chart *chart = maker->chart;
    const size_t points = chart->labels.count * chart->series.count;
    chart->points = rt_alloc_zero(points, sizeof *chart->points);
    for (size_t i = 0; i < points; i++)
        chart->points[i].value = chart->points[i].lo = chart->points[i].hi = NAN;
    for (size_t row = 0; row < maker->sheet->count; row++) {
        if (!name_point(maker, row))
            continue;
        const size_t label = rt_labels_add(&chart->labels, rt_buffer_get(&maker->label));
        const size_t series = rt_labels_add(&chart->series, rt_buffer_get(&maker->series));
        struct rt_chart_point *point = &chart->points[series * chart->labels.count + label];
        if (point->there)
            return -1;
        *point = (struct rt_chart_point){
            .value = number(maker->sheet, row, maker->at.value),
            .lo = number(maker->sheet, row, maker->at.lo),
            .hi = number(maker->sheet, row, maker->at.hi),
            .num = rt_sheet_cell(maker->sheet, row, maker->at.num),
            .den = rt_sheet_cell(maker->sheet, row, maker->at.den),
            .there = true,
            .complete = !rt_text_is(rt_sheet_cell(maker->sheet, row, maker->at.complete), "0"),
        };
        chart->whole = chart->whole && point->complete;
    }
    return 0;
}

/* Words --------------------------------------------------------------------------------------- */

/* "exact month ages" is what the ages count: months. */
static void name_ages(struct rt_buffer *into, struct rt_text method)
{
    static const char word[] = " ages";
    rt_buffer_add(into, "age");
    for (size_t i = 0; i + sizeof word - 1 <= method.length; i++) {
        if (memcmp(method.at + i, word, sizeof word - 1) != 0)
            continue;
        size_t start = i;
        while (start > 0 && method.at[start - 1] != ' ')
            start--;
        rt_buffer_add(into, " in ");
        rt_buffer_text(into, (struct rt_text){method.at + start, i - start});
        rt_buffer_add(into, "s");
        return;
    }
}

static const char *name_periods(struct rt_text label)
{
    switch (label.length) {
    case 4:
        return "year";
    case 7:
        return label.at[5] == 'Q' ? "quarter" : "month";
    case 8:
        return "week";
    default:
        return "period";
    }
}

static void name_axis(const struct maker *maker)
{
    struct rt_chart *chart = maker->chart;
    struct rt_buffer *into = &chart->x_title;
    if (chart->form != RT_CHART_BARS && maker->ages) {
        name_ages(into, maker->metrics[0].method);
        return;
    }
    if (chart->form != RT_CHART_BARS) {
        rt_buffer_add(into, name_periods(chart->labels.texts[0]));
        return;
    }
    for (int i = 0; i < (int)maker->sheet->width; i++)
        if (is_by(&maker->at, i) || i == maker->at.cohort)
            add_part(into, rt_text(maker->sheet->names[i]));
}

static void name_chart(const struct maker *maker)
{
    struct rt_chart *chart = maker->chart;
    chart->method = maker->metrics[0].method;
    chart->unit = rt_catalogue(maker->metrics[0].metric, maker->metrics[0].method).unit;
    for (size_t i = 0; i < maker->count; i++) {
        rt_buffer_add(&chart->title, i == 0 ? "" : i + 1 < maker->count ? ", " : " and ");
        rt_chart_name(&chart->title, &maker->metrics[i]);
    }
    rt_buffer_text(&chart->subtitle, maker->metrics[0].method);
    name_axis(maker);
    chart->drawn = chart->series.count;
    if (chart->form == RT_CHART_HEAT || chart->drawn <= RT_CHART_SERIES)
        return;
    chart->drawn = RT_CHART_SERIES;
    rt_buffer_format(&chart->subtitle, "%s%zu of %zu series are drawn", gap, chart->drawn,
                     chart->series.count);
}

/* A method for each metric that was asked for without one. Returns 0, or -1. */
static int complete_metrics(const struct rt_sheet *sheet, struct rt_chart_metric *metrics,
                            size_t count)
{
    size_t there, found = 0;
    struct rt_chart_metric *all = rt_chart_metrics(sheet, &there);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < there; j++)
            if (rt_text_equal(metrics[i].metric, all[j].metric) &&
                (metrics[i].method.length == 0 ||
                 (metrics[i].method.length <= all[j].method.length &&
                  memcmp(metrics[i].method.at, all[j].method.at, metrics[i].method.length) == 0))) {
                metrics[i] = all[j];
                found++;
                break;
            }
    free(all);
    return found == count ? 0 : -1;
}

static int make(struct maker *maker, enum rt_chart_form form, const char **fault)
{
    look_at_rows(maker);
    maker->chart->form = choose(maker, form);
    collect_names(maker);
    *fault = "no rows to draw";
    if (maker->chart->labels.count == 0)
        return -1;
    *fault = "two rows for one point";
    if (collect_points(maker) != 0)
        return -1;
    name_chart(maker);
    if (maker->chart->form == RT_CHART_BARS) {
        maker->chart->order = rt_alloc(maker->chart->labels.count, sizeof *maker->chart->order);
        for (size_t i = 0; i < maker->chart->labels.count; i++)
            maker->chart->order[i] = i;
    } else {
        maker->chart->order = rt_labels_order(&maker->chart->labels);
    }
    return 0;
}

int rt_chart_make(struct rt_chart *chart, const struct rt_sheet *sheet,
                  const struct rt_chart_metric *metrics, size_t count, enum rt_chart_form form,
                  const char **fault)
{
    *chart = (struct rt_chart){.whole = true};
    rt_labels_init(&chart->labels);
    rt_labels_init(&chart->series);
    struct rt_chart_metric *chosen = rt_alloc(count + 1, sizeof *chosen);
    for (size_t i = 0; i < count; i++)
        chosen[i] = metrics[i];
    struct maker maker = {.chart = chart,
                          .sheet = sheet,
                          .at = find_columns(sheet),
                          .metrics = chosen,
                          .count = count};
    *fault = "no such metric with a value";
    const int status = complete_metrics(sheet, chosen, count) == 0 ? make(&maker, form, fault) : -1;
    rt_buffer_free(&maker.label);
    rt_buffer_free(&maker.series);
    free(chosen);
    return status;
}

void rt_chart_free(struct rt_chart *chart)
{
    rt_buffer_free(&chart->title);
    rt_buffer_free(&chart->subtitle);
    rt_buffer_free(&chart->x_title);
    rt_labels_free(&chart->labels);
    rt_labels_free(&chart->series);
    free(chart->order);
    free(chart->points);
    *chart = (struct rt_chart){0};
}

/* What is there to draw ----------------------------------------------------------------------- */

const struct rt_chart_point *rt_chart_point(const struct rt_chart *chart, size_t series,
                                            size_t place)
{
    return &chart->points[series * chart->labels.count + chart->order[place]];
}

struct rt_text rt_chart_label(const struct rt_chart *chart, size_t place)
{
    return chart->labels.texts[chart->order[place]];
}

static void widen(double value, double *least, double *most)
{
    *least = value < *least ? value : *least;
    *most = value > *most ? value : *most;
}

void rt_chart_range(const struct rt_chart *chart, bool intervals, double *least, double *most)
{
    *least = INFINITY;
    *most = -INFINITY;
    for (size_t i = 0; i < chart->drawn * chart->labels.count; i++) {
        widen(chart->points[i].value, least, most);
        if (intervals && !isnan(chart->points[i].value)) {
            widen(chart->points[i].lo, least, most);
            widen(chart->points[i].hi, least, most);
        }
    }
}

void rt_chart_describe(struct rt_buffer *into, const struct rt_chart *chart, size_t series,
                       size_t place)
{
    const struct rt_chart_point *point = rt_chart_point(chart, series, place);
    const struct rt_text name = chart->series.texts[series];
    rt_buffer_text(into, name);
    rt_buffer_add(into, name.length > 0 ? gap : "");
    rt_buffer_text(into, rt_chart_label(chart, place));
    rt_buffer_add(into, ": ");
    rt_scale_number(into, point->value, chart->unit, -1);
    if (!isnan(point->lo) && !isnan(point->hi)) {
        rt_buffer_add(into, " (");
        rt_scale_number(into, point->lo, chart->unit, -1);
        rt_buffer_add(into, " to ");
        rt_scale_number(into, point->hi, chart->unit, -1);
        rt_buffer_add(into, ")");
    }
    if (point->num.length > 0 && point->den.length > 0) {
        rt_buffer_add(into, gap);
        rt_buffer_text(into, point->num);
        rt_buffer_add(into, " of ");
        rt_buffer_text(into, point->den);
    }
    if (!point->complete)
        rt_buffer_format(into, "%snot complete", gap);
}
