/* Lines over periods or ages, with their intervals as bands, and curves with steps. */
#include <math.h>

#include "libretain/decimal.h"
#include "libretain/svg_parts.h"

enum { TICKS = 5, FOOT = 46, BANDS = 3, INSET = 10, MARK_EVERY = 60 };

/* A label takes at most this part of the width. */
static const double label_part = 0.3;

/* A plot: values from bottom to top, labels from left to right by number or by place. */
struct plot {
    struct rt_svg *svg;
    const struct rt_chart *chart;
    struct rt_scale y, x;
    bool numbers; /* x is a scale of the labels' own numbers */
    bool steps;
    bool bands;
};

static double label_number(const struct rt_chart *chart, size_t place)
{
    double value;
    return rt_real_read(rt_chart_label(chart, place), &value) == 0 ? value : NAN;
}

static double x_of(const struct plot *plot, size_t place)
{
    const double left = plot->svg->left + INSET, wide = plot->svg->right - INSET - left;
    const size_t count = plot->chart->labels.count;
    if (plot->numbers)
        return left + wide * rt_scale_place(&plot->x, label_number(plot->chart, place));
    return count > 1 ? left + wide * (double)place / (double)(count - 1) : left + wide / 2;
}

static double y_of(const struct plot *plot, double value)
{
    return plot->svg->bottom -
           (plot->svg->bottom - plot->svg->top) * rt_scale_place(&plot->y, value);
}

/* Axes --------------------------------------------------------------------------------------- */

static void measure_left(struct plot *plot)
{
    double widest = 0;
    for (int i = 0; i < plot->y.ticks; i++) {
        struct rt_buffer text = {0};
        rt_scale_number(&text, rt_scale_tick(&plot->y, i), plot->chart->unit, plot->y.digits);
        widest = fmax(widest, rt_svg_text_width(rt_buffer_get(&text), RT_SVG_SMALL));
        rt_buffer_free(&text);
    }
    plot->svg->left = RT_SVG_PAD + fmin(widest, plot->svg->width * label_part) + 8;
}

static void draw_y_axis(struct plot *plot)
{
    struct rt_svg *svg = plot->svg;
    for (int i = 0; i < plot->y.ticks; i++) {
        const double value = rt_scale_tick(&plot->y, i), y = y_of(plot, value);
        const bool zero = fabs(value) < plot->y.step / 1000;
        rt_svg_line(svg, svg->left, y, svg->right, y,
                    zero ? "class='axis' stroke='#777'" : "class='rule' stroke='#ddd'");
        struct rt_buffer text = {0};
        rt_scale_number(&text, zero ? 0 : value, plot->chart->unit, plot->y.digits);
        rt_svg_text(svg, svg->left - 8, y + 4, RT_SVG_SMALL, "soft", RT_SVG_END,
                    rt_buffer_get(&text), svg->left);
        rt_buffer_free(&text);
    }
    rt_svg_text(svg, RT_SVG_PAD, svg->top - 10, RT_SVG_SMALL, "soft", RT_SVG_START,
                rt_text(rt_scale_unit_name(plot->chart->unit)), svg->width);
}

static void draw_x_label(struct plot *plot, double x, struct rt_text text)
{
    struct rt_svg *svg = plot->svg;
    rt_svg_line(svg, x, svg->bottom, x, svg->bottom + 4, "class='axis' stroke='#777'");
    rt_svg_text(svg, x, svg->bottom + 17, RT_SVG_SMALL, "soft", RT_SVG_MIDDLE, text,
                svg->width * label_part + 1);
}

static double widest_label(const struct rt_svg *svg)
{
    const struct rt_chart *chart = svg->chart;
    double widest = 0;
    for (size_t i = 0; i < chart->labels.count; i++)
        widest = fmax(widest, rt_svg_text_width(rt_chart_label(chart, i), RT_SVG_SMALL));
    return fmin(widest, svg->width * label_part);
}

static void draw_x_axis(struct plot *plot)
{
    struct rt_svg *svg = plot->svg;
    const size_t count = plot->chart->labels.count;
    if (plot->numbers) {
        for (int i = 0; i < plot->x.ticks; i++) {
            struct rt_buffer text = {0};
            const double value = rt_scale_tick(&plot->x, i);
            rt_scale_number(&text, value, RT_UNIT_NUMBER, plot->x.digits);
            draw_x_label(plot,
                         svg->left + INSET +
                             (svg->right - svg->left - 2 * INSET) * rt_scale_place(&plot->x, value),
                         rt_buffer_get(&text));
            rt_buffer_free(&text);
        }
    } else {
        const double space =
            count > 1 ? (svg->right - svg->left - 2 * INSET) / (double)(count - 1) : svg->right;
        const size_t step = rt_svg_thin(count, space, widest_label(svg),
                                        rt_text_is(rt_buffer_get(&plot->chart->x_title), "month"));
        for (size_t i = 0; i < count; i += step)
            draw_x_label(plot, x_of(plot, i), rt_chart_label(plot->chart, i));
    }
    rt_svg_text(svg, (svg->left + svg->right) / 2, svg->bottom + 36, RT_SVG_SMALL, "soft",
                RT_SVG_MIDDLE, rt_buffer_get(&plot->chart->x_title), svg->width);
}

/* Bands -------------------------------------------------------------------------------------- */

static bool has_band(const struct plot *plot, size_t series, size_t place)
{
    const struct rt_chart_point *point = rt_chart_point(plot->chart, series, place);
    return !isnan(point->value) && !isnan(point->lo) && !isnan(point->hi);
}

static void band_edge(struct plot *plot, size_t series, size_t place, bool upper, bool first)
{
    const struct rt_chart_point *point = rt_chart_point(plot->chart, series, place);
    const double y = y_of(plot, upper ? point->hi : point->lo), x = x_of(plot, place);
    if (plot->steps && !first && upper) {
        const struct rt_chart_point *before = rt_chart_point(plot->chart, series, place - 1);
        rt_buffer_format(plot->svg->into, "L%.1f %.1f", x, y_of(plot, before->hi));
    }
    rt_buffer_format(plot->svg->into, "%s%.1f %.1f", first ? "M" : "L", x, y);
    if (plot->steps && !upper && place > 0 && has_band(plot, series, place - 1)) {
        const struct rt_chart_point *before = rt_chart_point(plot->chart, series, place - 1);
        rt_buffer_format(plot->svg->into, "L%.1f %.1f", x, y_of(plot, before->lo));
    }
}

static void draw_band(struct plot *plot, size_t series)
{
    const size_t count = plot->chart->labels.count;
    for (size_t from = 0; from < count; from++) {
        size_t to = from;
        while (to < count && has_band(plot, series, to))
            to++;
        if (to == from)
            continue;
        if (to == from + 1) { /* one point alone: a bar, since a band would have no width */
            const struct rt_chart_point *point = rt_chart_point(plot->chart, series, from);
            rt_buffer_format(plot->svg->into, "<g class='s%zu' stroke='%s'>", series,
                             rt_svg_colour(series));
            rt_svg_line(plot->svg, x_of(plot, from), y_of(plot, point->lo), x_of(plot, from),
                        y_of(plot, point->hi), "stroke-width='2' stroke-opacity='0.5'");
            rt_buffer_add(plot->svg->into, "</g>\n");
            continue;
        }
        rt_buffer_add(plot->svg->into, "<path d='");
        for (size_t i = from; i < to; i++)
            band_edge(plot, series, i, true, i == from);
        for (size_t i = to; i-- > from;)
            band_edge(plot, series, i, false, false);
        rt_buffer_format(plot->svg->into, "z' class='s%zu band' fill='%s' fill-opacity='0.2'/>\n",
                         series, rt_svg_colour(series));
        from = to;
    }
}

/* Lines -------------------------------------------------------------------------------------- */

/* The pieces of a line that lead to complete points, or those that do not, as one path. */
static void draw_line(struct plot *plot, size_t series, bool complete)
{
    struct rt_buffer path = {0};
    bool joined = false;
    for (size_t i = 1; i < plot->chart->labels.count; i++) {
        const struct rt_chart_point *before = rt_chart_point(plot->chart, series, i - 1);
        const struct rt_chart_point *point = rt_chart_point(plot->chart, series, i);
        const bool wanted = !isnan(before->value) && !isnan(point->value) &&
                            (before->complete && point->complete) == complete;
        if (wanted && !joined)
            rt_buffer_format(&path, "M%.1f %.1f", x_of(plot, i - 1), y_of(plot, before->value));
        if (wanted && plot->steps)
            rt_buffer_format(&path, "L%.1f %.1f", x_of(plot, i), y_of(plot, before->value));
        if (wanted)
            rt_buffer_format(&path, "L%.1f %.1f", x_of(plot, i), y_of(plot, point->value));
        joined = wanted;
    }
    if (path.used > 0) {
        rt_buffer_add(plot->svg->into, "<path d='");
        rt_buffer_text(plot->svg->into, rt_buffer_get(&path));
        rt_buffer_format(plot->svg->into,
                         "' class='s%zu line' fill='none' stroke='%s' stroke-width='2' "
                         "stroke-linejoin='round'%s/>\n",
                         series, rt_svg_colour(series), complete ? "" : " stroke-dasharray='3 4'");
    }
    rt_buffer_free(&path);
}

/* Each point has its tooltip; where they stand close, only some have a mark. */
static void draw_points(struct plot *plot, size_t series)
{
    const size_t count = plot->chart->labels.count;
    const double space = (plot->svg->right - plot->svg->left) / (double)count;
    const bool many = space < 9 || plot->steps;
    const size_t step = !many                    ? 1
                        : plot->chart->drawn > 1 ? (size_t)ceil(MARK_EVERY / space)
                                                 : count;
    const size_t offset = many ? step * series / plot->chart->drawn : 0;
    for (size_t i = 0; i < count; i++) {
        const struct rt_chart_point *point = rt_chart_point(plot->chart, series, i);
        if (isnan(point->value))
            continue;
        const double x = x_of(plot, i), y = y_of(plot, point->value);
        const bool marked = !many || !point->complete || (step < count && i % step == offset);
        rt_buffer_add(plot->svg->into, "<g>");
        rt_svg_tip(plot->svg, series, i);
        if (marked)
            rt_svg_marker(plot->svg, series, x, y, !point->complete);
        else
            rt_buffer_format(plot->svg->into,
                             "<circle cx='%.1f' cy='%.1f' r='4' fill='none' "
                             "pointer-events='all'/>",
                             x, y);
        rt_buffer_add(plot->svg->into, "</g>\n");
    }
}

static bool has_intervals(const struct rt_chart *chart)
{
    for (size_t i = 0; i < chart->drawn * chart->labels.count; i++)
        if (!isnan(chart->points[i].lo) && !isnan(chart->points[i].hi))
            return true;
    return false;
}

void rt_svg_lines(struct rt_svg *svg)
{
    const struct rt_chart *chart = svg->chart;
    struct plot plot = {.svg = svg, .chart = chart, .steps = chart->form == RT_CHART_STEPS};
    double least, most;
    plot.bands = chart->drawn <= BANDS && has_intervals(chart);
    rt_chart_range(chart, plot.bands, &least, &most);
    plot.y = rt_scale_make(least, most, TICKS, false, chart->unit);
    const size_t last = chart->labels.count - 1;
    plot.numbers =
        plot.steps && !isnan(label_number(chart, 0)) && !isnan(label_number(chart, last));
    if (plot.numbers)
        plot.x = rt_scale_make(label_number(chart, 0), label_number(chart, last), 8, false,
                               RT_UNIT_NUMBER);
    svg->height = svg->form->height;
    rt_svg_open(svg, plot.bands);
    measure_left(&plot);
    svg->top += 22;
    svg->bottom = svg->height - FOOT;
    svg->left = fmax(svg->left, widest_label(svg) / 2 + 2);
    svg->right = svg->width - fmax(RT_SVG_PAD, widest_label(svg) / 2 - INSET + 8);
    draw_y_axis(&plot);
    draw_x_axis(&plot);
    for (size_t i = 0; plot.bands && i < chart->drawn; i++)
        draw_band(&plot, i);
    for (size_t i = 0; i < chart->drawn; i++) {
        draw_line(&plot, i, true);
        draw_line(&plot, i, false);
    }
    for (size_t i = 0; i < chart->drawn; i++)
        draw_points(&plot, i);
    rt_svg_close(svg);
}
