/* Headline figures: the latest complete value, how it changed, its interval, and its course. */
#include <math.h>
#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/report_parts.h"
#include "libretain/scale.h"
#include "libretain/svg.h"

enum { MOST_CARDS = 8, RANKS = 9 };

/* The latest point with a value that is complete, before `before`; or SIZE_MAX. */
static size_t latest(const struct rt_chart *chart, size_t series, size_t before)
{
    for (size_t i = before; i-- > 0;) {
        const struct rt_chart_point *point = rt_chart_point(chart, series, i);
        if (!isnan(point->value) && point->complete)
            return i;
    }
    return SIZE_MAX;
}

static void put_number(struct rt_buffer *into, double value, enum rt_unit unit)
{
    struct rt_buffer text = {0};
    rt_scale_number(&text, value, unit, -1);
    rt_buffer_escaped(into, rt_buffer_get(&text));
    rt_buffer_free(&text);
}

/*
 * The interval of the change, where the input has a row of it, of the metric NAME_change: 1, or 0
 * where there is none.
 */
static int change_interval(const struct rt_sheet *sheet, const struct rt_chart_metric *metric,
                           struct rt_text period, double interval[2])
{
    struct rt_buffer name = {0};
    struct rt_chart chart;
    const char *fault;
    int found = 0;
    rt_buffer_text(&name, metric->metric);
    rt_buffer_add(&name, "_change");
    const struct rt_chart_metric change = {rt_buffer_get(&name), {"", 0}};
    if (rt_chart_make(&chart, sheet, &change, 1, RT_CHART_LINE, &fault) == 0)
        for (size_t i = 0; i < chart.labels.count; i++) {
            const struct rt_chart_point *point = rt_chart_point(&chart, 0, i);
            if (!rt_text_equal(rt_chart_label(&chart, i), period) || isnan(point->lo) ||
                isnan(point->hi))
                continue;
            interval[0] = point->lo;
            interval[1] = point->hi;
            found = 1;
        }
    rt_chart_free(&chart);
    rt_buffer_free(&name);
    return found;
}

/* Better or worse is said only of a change whose interval leaves out 0. */
static void put_verdict(struct rt_buffer *into, enum rt_better better, const double interval[2],
                        enum rt_unit unit)
{
    const bool up = interval[0] > 0, clear = up || interval[1] < 0;
    const bool good = up == (better == RT_BETTER_UP);
    if (!clear)
        rt_buffer_add(into, "<br><span class='soft'>may be chance: ");
    else if (better == RT_BETTER_UNKNOWN)
        rt_buffer_add(into, "<br><span class='soft'>");
    else
        rt_buffer_format(into, "<br><span class='%s'>%s: ", good ? "good" : "bad",
                         good ? "better" : "worse");
    put_number(into, interval[0], unit);
    rt_buffer_add(into, " to ");
    put_number(into, interval[1], unit);
    rt_buffer_add(into, "</span>");
}

static void put_change(struct rt_buffer *into, const struct rt_sheet *sheet,
                       const struct rt_chart_metric *metric, const struct rt_chart *chart,
                       size_t now)
{
    const size_t before = latest(chart, 0, now);
    if (before == SIZE_MAX)
        return;
    const double change =
        rt_chart_point(chart, 0, now)->value - rt_chart_point(chart, 0, before)->value;
    const enum rt_unit unit = chart->unit == RT_UNIT_SHARE ? RT_UNIT_DIFFERENCE : chart->unit;
    double interval[2];
    rt_buffer_format(into, "<p>%s ",
                     change > 0   ? "\xe2\x96\xb2"
                     : change < 0 ? "\xe2\x96\xbc"
                                  : "\xe2\x96\xac");
    put_number(into, fabs(change), unit);
    rt_buffer_add(into, " since ");
    rt_buffer_escaped(into, rt_chart_label(chart, before));
    if (change_interval(sheet, metric, rt_chart_label(chart, now), interval))
        put_verdict(into, rt_catalogue(metric->metric, metric->method).better, interval, unit);
    rt_buffer_add(into, "</p>\n");
}

static void put_spark(struct rt_buffer *into, const struct rt_chart *chart, size_t series)
{
    const size_t count = chart->labels.count;
    double *values = rt_alloc(count, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        const struct rt_chart_point *point = rt_chart_point(chart, series, i);
        values[i] = point->complete ? point->value : NAN;
    }
    if (count > 1)
        rt_svg_spark(into, values, count, 200, 36);
    free(values);
}

static void open_card(struct rt_buffer *into, const struct rt_chart *chart,
                      const struct rt_chart_point *point)
{
    rt_buffer_add(into, "<li class='card'><h3>");
    rt_buffer_escaped(into, rt_buffer_get(&chart->title));
    rt_buffer_add(into, "</h3>\n<p class='value'>");
    put_number(into, point->value, chart->unit);
    rt_buffer_add(into, "</p>\n");
}

/* Ends what is said of when and of whom: the interval, and the course as a line. */
static void close_card(struct rt_buffer *into, const struct rt_chart *chart, size_t series,
                       const struct rt_chart_point *point)
{
    if (!isnan(point->lo) && !isnan(point->hi)) {
        rt_buffer_add(into, ", between ");
        put_number(into, point->lo, chart->unit);
        rt_buffer_add(into, " and ");
        put_number(into, point->hi, chart->unit);
    }
    rt_buffer_add(into, "</p>\n");
    put_spark(into, chart, series);
    rt_buffer_add(into, "</li>\n");
}

static void put_card(struct rt_buffer *into, const struct rt_sheet *sheet,
                     const struct rt_chart_metric *metric, const struct rt_chart *chart, size_t now)
{
    const struct rt_chart_point *point = rt_chart_point(chart, 0, now);
    open_card(into, chart, point);
    put_change(into, sheet, metric, chart, now);
    rt_buffer_add(into, "<p class='soft'>");
    rt_buffer_escaped(into, rt_chart_label(chart, now));
    close_card(into, chart, 0, point);
}

/* Of cohorts, the mean of all of them at their first age. Returns whether there is one. */
static bool try_cohorts(struct rt_buffer *into, const struct rt_chart *chart)
{
    size_t all = 0;
    while (all < chart->series.count && !rt_text_is(chart->series.texts[all], "all"))
        all++;
    if (all == chart->series.count || isnan(rt_chart_point(chart, all, 0)->value))
        return false;
    const struct rt_chart_point *point = rt_chart_point(chart, all, 0);
    open_card(into, chart, point);
    rt_buffer_add(into, "<p class='soft'>mean of all, ");
    rt_buffer_escaped(into, rt_buffer_get(&chart->x_title));
    rt_buffer_add(into, ": ");
    rt_buffer_escaped(into, rt_chart_label(chart, 0));
    close_card(into, chart, all, point);
    return true;
}

/* The card of a chart that is not one of groups. Returns whether there is one. */
static bool try_course(struct rt_buffer *into, const struct rt_sheet *sheet,
                       const struct rt_chart_metric *metric, const struct rt_chart *chart)
{
    const bool one = chart->form == RT_CHART_LINE || chart->labels.count == 1;
    if (!one || chart->series.count != 1 || chart->series.texts[0].length > 0)
        return false;
    if (chart->form == RT_CHART_BARS && !rt_text_is(rt_chart_label(chart, 0), "all") &&
        rt_sheet_find(sheet, "period") < 0)
        return false;
    const size_t now = latest(chart, 0, chart->labels.count);
    if (now == SIZE_MAX)
        return false;
    put_card(into, sheet, metric, chart, now);
    return true;
}

static bool try_card(struct rt_buffer *into, const struct rt_sheet *sheet,
                     const struct rt_chart_metric *metric)
{
    struct rt_chart chart;
    const char *fault;
    bool done = false;
    if (rt_chart_make(&chart, sheet, metric, 1, RT_CHART_AUTO, &fault) == 0)
        done = chart.form == RT_CHART_HEAT ? try_cohorts(into, &chart)
                                           : try_course(into, sheet, metric, &chart);
    rt_chart_free(&chart);
    return done;
}

static bool is_known(const struct rt_labels *seen, struct rt_text metric)
{
    for (size_t i = 0; i < seen->count; i++)
        if (rt_text_equal(seen->texts[i], metric))
            return true;
    return false;
}

/* The cards of one rank; each metric only from the first input that has it. */
static size_t cards_of_rank(struct rt_buffer *into, const struct rt_report_input *inputs,
                            size_t count, int rank, struct rt_labels *seen)
{
    size_t cards = 0;
    for (size_t i = 0; i < count; i++) {
        size_t there = 0;
        struct rt_chart_metric *metrics = rt_report_kind(&inputs[i].sheet) == RT_REPORT_METRICS
                                              ? rt_chart_metrics(&inputs[i].sheet, &there)
                                              : NULL;
        for (size_t j = 0; j < there; j++) {
            if (rt_catalogue(metrics[j].metric, metrics[j].method).rank != rank ||
                is_known(seen, metrics[j].metric) || !try_card(into, &inputs[i].sheet, &metrics[j]))
                continue;
            (void)rt_labels_add(seen, metrics[j].metric);
            cards++;
        }
        free(metrics);
    }
    return cards;
}

void rt_report_cards(struct rt_buffer *into, const struct rt_report_input *inputs, size_t count)
{
    struct rt_labels seen;
    struct rt_buffer cards = {0};
    size_t made = 0;
    rt_labels_init(&seen);
    for (int rank = 1; rank < RANKS && made < MOST_CARDS; rank++)
        made += cards_of_rank(&cards, inputs, count, rank, &seen);
    if (made > 0) {
        rt_buffer_add(into, "<ul class='cards'>\n");
        rt_buffer_text(into, rt_buffer_get(&cards));
        rt_buffer_add(into, "</ul>\n");
    }
    rt_buffer_free(&cards);
    rt_labels_free(&seen);
}
