/* A section of metric rows: charts of what people ask for, then a table of all. */
#include <math.h>
#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/metrics.h"
#include "libretain/page.h"
#include "libretain/report_parts.h"
#include "libretain/scale.h"

enum { MOST_CHARTS = 4, TOGETHER = 3, RANKS = 9 };

/* Metrics that say more together, on one axis. */
static const char *const families[][TOGETHER] = {
    {"promoters", "passives", "detractors"},
    {"new", "returned", "lost"},
    {"share", "share_of_revenue", NULL},
};

static bool is_listed(struct rt_text metric, const char *const *names)
{
    for (int i = 0; i < TOGETHER && names[i] != NULL; i++)
        if (rt_text_is(metric, names[i]))
            return true;
    return false;
}

static bool draw(struct rt_buffer *into, const struct rt_sheet *sheet,
                 const struct rt_chart_metric *metrics, size_t count)
{
    struct rt_chart chart;
    const char *fault;
    const bool drawn = rt_chart_make(&chart, sheet, metrics, count, RT_CHART_AUTO, &fault) == 0;
    /* One bar says less than the table. */
    if (drawn && (chart.labels.count > 1 || chart.series.count > 1))
        rt_page_chart(into, &chart);
    rt_chart_free(&chart);
    return drawn;
}

static bool has_groups(const struct rt_sheet *sheet, const struct rt_chart_metric *metric)
{
    struct rt_chart chart;
    const char *fault;
    const bool groups = rt_chart_make(&chart, sheet, metric, 1, RT_CHART_LINE, &fault) == 0 &&
                        chart.series.count > 1;
    rt_chart_free(&chart);
    return groups;
}

/* The members of a family that are there; together only where no groups share the axis. */
static void draw_family(struct rt_buffer *into, const struct rt_sheet *sheet,
                        const struct rt_chart_metric *metrics, size_t count, size_t family)
{
    struct rt_chart_metric some[TOGETHER];
    size_t found = 0;
    for (size_t i = 0; i < count && found < TOGETHER; i++)
        if (is_listed(metrics[i].metric, families[family]))
            some[found++] = metrics[i];
    const bool periods = rt_sheet_find(sheet, "period") >= 0 && rt_sheet_find(sheet, "age") < 0;
    if (found < 2)
        return;
    if (is_listed(rt_text("share"), families[family]) || (periods && !has_groups(sheet, some)))
        (void)draw(into, sheet, some, found);
}

/* What is drawn first; 0: not at all. Retention is churn upside down: one of them will do. */
static int rank_of(const struct rt_chart_metric *metric)
{
    if (rt_text_is(metric->metric, "retention_rate"))
        return 0;
    if (rt_text_is(metric->metric, "retention") || rt_text_is(metric->metric, "survival") ||
        rt_text_is(metric->metric, "movement"))
        return 1;
    return rt_catalogue(metric->metric, metric->method).rank;
}

static void draw_all(struct rt_buffer *into, const struct rt_sheet *sheet,
                     const struct rt_chart_metric *metrics, size_t count)
{
    size_t drawn = 0;
    const size_t before = into->used;
    for (int rank = 1; rank < RANKS; rank++)
        for (size_t i = 0; i < count && drawn < MOST_CHARTS; i++)
            if (rank_of(&metrics[i]) == rank)
                drawn += draw(into, sheet, &metrics[i], 1);
    for (size_t family = 0; family < sizeof families / sizeof *families; family++)
        draw_family(into, sheet, metrics, count, family);
    for (size_t i = 0; i < count && drawn == 0 && into->used == before && i < 2; i++)
        (void)draw(into, sheet, &metrics[i], 1);
}

/* Tables ------------------------------------------------------------------------------------- */

static void put_point(struct rt_buffer *into, const struct rt_chart_point *point, enum rt_unit unit)
{
    struct rt_buffer text = {0};
    if (point != NULL && point->there)
        rt_scale_number(&text, point->value, unit, -1);
    if (point != NULL && point->there && !point->complete)
        rt_buffer_add(&text, "*");
    rt_page_cell(into, rt_buffer_get(&text), true);
    rt_buffer_free(&text);
}

static bool has_method_twins(const struct rt_chart_metric *metrics, size_t count, size_t which)
{
    for (size_t i = 0; i < count; i++)
        if (i != which && rt_text_equal(metrics[i].metric, metrics[which].metric) &&
            rt_catalogue(metrics[i].metric, metrics[i].method).title ==
                rt_catalogue(metrics[which].metric, metrics[which].method).title)
            return true;
    return false;
}

/* The name of a row: the metric, its method where two share the name, and the group. */
static void name_row(struct rt_buffer *into, const struct rt_chart_metric *metrics, size_t count,
                     size_t which, struct rt_text group)
{
    rt_chart_name(into, &metrics[which]);
    if (has_method_twins(metrics, count, which)) {
        rt_buffer_add(into, ", ");
        rt_buffer_text(into, metrics[which].method);
    }
    rt_buffer_add(into, group.length > 0 ? ", " : "");
    rt_buffer_text(into, group);
}

/* Metrics by period: the latest periods, a row for each metric and group. */
struct period_table {
    struct rt_buffer *into;
    const struct rt_report_form *form;
    const struct rt_sheet *sheet;
    struct rt_labels periods; /* of all metrics */
    size_t *order, first;
    size_t rows;
};

static void collect_periods(struct period_table *table)
{
    const int period = rt_sheet_find(table->sheet, "period");
    const int metric = rt_sheet_find(table->sheet, "metric");
    rt_labels_init(&table->periods);
    for (size_t row = 0; row < table->sheet->count; row++) {
        const struct rt_text name = rt_sheet_cell(table->sheet, row, metric);
        const struct rt_text label = rt_sheet_cell(table->sheet, row, period);
        if (label.length > 0 && !rt_text_is(name, "as_of") && !rt_catalogue_is_aside(name))
            (void)rt_labels_add(&table->periods, label);
    }
    table->order = rt_labels_order(&table->periods);
    const size_t all = table->periods.count, most = table->form->periods;
    table->first = all > most ? all - most : 0;
}

static const struct rt_chart_point *find_point(const struct rt_chart *chart, size_t series,
                                               struct rt_text label)
{
    for (size_t i = 0; i < chart->labels.count; i++)
        if (rt_text_equal(chart->labels.texts[i], label))
            return &chart->points[series * chart->labels.count + i];
    return NULL;
}

static void put_metric(struct period_table *table, const struct rt_chart_metric *metrics,
                       size_t count, size_t which)
{
    struct rt_chart chart;
    const char *fault;
    if (rt_chart_make(&chart, table->sheet, &metrics[which], 1, RT_CHART_LINE, &fault) == 0)
        for (size_t series = 0; series < chart.series.count; series++) {
            struct rt_buffer name = {0};
            if (++table->rows > table->form->rows * 2)
                continue;
            name_row(&name, metrics, count, which, chart.series.texts[series]);
            rt_page_cell(table->into, rt_buffer_get(&name), false);
            rt_buffer_free(&name);
            for (size_t i = table->first; i < table->periods.count; i++)
                put_point(table->into,
                          find_point(&chart, series, table->periods.texts[table->order[i]]),
                          chart.unit);
            rt_page_row(table->into, false);
        }
    rt_chart_free(&chart);
}

static void put_periods(struct rt_buffer *into, const struct rt_report_form *form,
                        const struct rt_sheet *sheet, const struct rt_chart_metric *metrics,
                        size_t count)
{
    struct period_table table = {.into = into, .form = form, .sheet = sheet};
    collect_periods(&table);
    rt_page_table(into);
    rt_page_head(into, rt_text("Metric"), false);
    for (size_t i = table.first; i < table.periods.count; i++)
        rt_page_head(into, table.periods.texts[table.order[i]], true);
    rt_page_row(into, true);
    for (size_t i = 0; i < count; i++)
        put_metric(&table, metrics, count, i);
    rt_page_table_end(into);
    rt_report_more(into, form->rows * 2, table.rows, "rows");
    rt_report_more(into, table.periods.count - table.first, table.periods.count, "periods");
    rt_labels_free(&table.periods);
    free(table.order);
}

/* Groups by metric. */
static void put_groups(struct rt_buffer *into, const struct rt_report_form *form,
                       const struct rt_sheet *sheet, const struct rt_chart_metric *metrics,
                       size_t count)
{
    struct rt_chart *charts = rt_alloc(count, sizeof *charts);
    const char *fault;
    size_t all = 0, widest = 0;
    for (size_t i = 0; i < count; i++)
        if (rt_chart_make(&charts[i], sheet, &metrics[i], 1, RT_CHART_BARS, &fault) == 0 &&
            charts[i].labels.count > all) {
            all = charts[i].labels.count;
            widest = i;
        }
    rt_page_table(into);
    rt_page_head(into, rt_buffer_get(&charts[widest].x_title), false);
    for (size_t i = 0; i < count; i++) {
        struct rt_buffer name = {0};
        name_row(&name, metrics, count, i, rt_text(""));
        rt_page_head(into, rt_buffer_get(&name), true);
        rt_buffer_free(&name);
    }
    rt_page_row(into, true);
    const size_t shown = all < form->rows ? all : form->rows;
    for (size_t row = 0; row < shown; row++) {
        const struct rt_text label = rt_chart_label(&charts[widest], row);
        rt_page_cell(into, label, false);
        for (size_t i = 0; i < count; i++)
            put_point(into, find_point(&charts[i], 0, label), charts[i].unit);
        rt_page_row(into, false);
    }
    rt_page_table_end(into);
    rt_report_more(into, shown, all, "groups");
    for (size_t i = 0; i < count; i++)
        rt_chart_free(&charts[i]);
    free(charts);
}

static bool has_periods(const struct rt_sheet *sheet, const struct rt_chart_metric *metrics,
                        size_t count)
{
    bool found = false;
    for (size_t i = 0; i < count && !found; i++) {
        struct rt_chart chart;
        const char *fault;
        found = rt_chart_make(&chart, sheet, &metrics[i], 1, RT_CHART_AUTO, &fault) == 0 &&
                chart.form == RT_CHART_LINE;
        rt_chart_free(&chart);
    }
    return found;
}

void rt_report_metrics(struct rt_buffer *into, const struct rt_report_form *form,
                       const struct rt_sheet *sheet)
{
    size_t count;
    struct rt_chart_metric *metrics = rt_chart_metrics(sheet, &count);
    if (count == 0) {
        rt_page_note(into, rt_text("No metric has a value."));
        return;
    }
    draw_all(into, sheet, metrics, count);
    if (rt_sheet_find(sheet, "age") < 0) {
        if (has_periods(sheet, metrics, count))
            put_periods(into, form, sheet, metrics, count);
        else
            put_groups(into, form, sheet, metrics, count);
    }
    free(metrics);
}
