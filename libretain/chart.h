/*
 * chart: what is drawn of metric rows, whether as SVG (svg.h) or on a terminal (term.h).
 *
 * A chart has labels along one axis, and series with a point or a gap for each label. Of a heat map
 * the series are the rows. Texts are borrowed from the sheet.
 */
#ifndef RT_CHART_H
#define RT_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/buffer.h"
#include "libretain/catalogue.h"
#include "libretain/sheet.h"

/* The places of the words in "auto|line|heat|bars|steps". */
enum rt_chart_form { RT_CHART_AUTO, RT_CHART_LINE, RT_CHART_HEAT, RT_CHART_BARS, RT_CHART_STEPS };

enum { RT_CHART_SERIES = 8 /* of lines and bars: as many as can be told apart */ };

struct rt_chart_point {
    double value, lo, hi; /* nan: undefined */
    struct rt_text num, den;
    bool there; /* a row of the sheet has it */
    bool complete;
};

struct rt_chart {
    enum rt_chart_form form; /* never auto */
    struct rt_buffer title, subtitle, x_title;
    struct rt_text method; /* of the first metric */
    enum rt_unit unit;
    struct rt_labels labels, series; /* series may be one without a name */
    size_t *order;                   /* of the labels, as they are drawn */
    size_t drawn;                    /* how many of the series are drawn */
    struct rt_chart_point *points;   /* series by labels */
    bool whole;                      /* every point is complete */
};

/* A metric by a method. An empty method stands for the first that the metric has. */
struct rt_chart_metric {
    struct rt_text metric, method;
};

/*
 * All metrics of a sheet of metric rows that can be drawn, in order of appearance. The caller frees
 * what it returns; the texts are the sheet's. NULL with a count of 0 where there are none.
 */
struct rt_chart_metric *rt_chart_metrics(const struct rt_sheet *sheet, size_t *count);

/* The one that people ask for first, or NULL where there are none. */
const struct rt_chart_metric *rt_chart_first(const struct rt_chart_metric *metrics, size_t count);

/*
 * Makes the chart of some metrics, which share an axis. Returns 0; or -1 with `fault` saying why
 * there is none. rt_chart_free frees it, also after -1.
 */
int rt_chart_make(struct rt_chart *chart, const struct rt_sheet *sheet,
                  const struct rt_chart_metric *metrics, size_t count, enum rt_chart_form form,
                  const char **fault);
void rt_chart_free(struct rt_chart *chart);

/* The point of a series at the n-th label as drawn. */
const struct rt_chart_point *rt_chart_point(const struct rt_chart *chart, size_t series,
                                            size_t place);
struct rt_text rt_chart_label(const struct rt_chart *chart, size_t place);

/* The least and the greatest value, with intervals where `intervals` is set. */
void rt_chart_range(const struct rt_chart *chart, bool intervals, double *least, double *most);

/* "2024-01, Germany: 12.3% (10.1% to 15.2%), 45 of 366, not complete"; no commas but spaces. */
void rt_chart_describe(struct rt_buffer *into, const struct rt_chart *chart, size_t series,
                       size_t place);

/* The title of a metric: of the catalogue, or its name with spaces. */
void rt_chart_name(struct rt_buffer *into, const struct rt_chart_metric *metric);

#endif
