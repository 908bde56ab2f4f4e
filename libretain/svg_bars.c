/* Bars from left to right, one below the other, so that long names have room. */
#include <math.h>

#include "libretain/svg_parts.h"

enum { TICKS = 5, BAR = 16, THIN = 11, BETWEEN = 8, FOOT = 34 };

struct bars {
    struct rt_svg *svg;
    const struct rt_chart *chart;
    struct rt_scale x;
    double thick, group; /* of a bar, and of the bars of a label with what is between */
};

static double x_of(const struct bars *bars, double value)
{
    return bars->svg->left + (bars->svg->right - bars->svg->left) * rt_scale_place(&bars->x, value);
}

static double widest_label(const struct rt_chart *chart)
{
    double widest = 0;
    for (size_t i = 0; i < chart->labels.count; i++)
        widest = fmax(widest, rt_svg_text_width(rt_chart_label(chart, i), RT_SVG_TEXT));
    return widest;
}

static double widest_value(const struct rt_chart *chart)
{
    double widest = 0;
    for (size_t i = 0; i < chart->drawn * chart->labels.count; i++) {
        struct rt_buffer text = {0};
        rt_scale_number(&text, chart->points[i].value, chart->unit, -1);
        widest = fmax(widest, rt_svg_text_width(rt_buffer_get(&text), RT_SVG_SMALL));
        rt_buffer_free(&text);
    }
    return widest;
}

static void put_tick(struct rt_buffer *text, const struct bars *bars, int tick)
{
    const double value = rt_scale_tick(&bars->x, tick);
    const bool zero = fabs(value) < bars->x.step / 1000;
    rt_scale_number(text, zero ? 0 : value, bars->chart->unit, bars->x.digits);
}

static double widest_tick(const struct bars *bars)
{
    double widest = 0;
    for (int i = 0; i < bars->x.ticks; i++) {
        struct rt_buffer text = {0};
        put_tick(&text, bars, i);
        widest = fmax(widest, rt_svg_text_width(rt_buffer_get(&text), RT_SVG_SMALL));
        rt_buffer_free(&text);
    }
    return widest;
}

static void draw_axis(struct bars *bars)
{
    struct rt_svg *svg = bars->svg;
    const double space = x_of(bars, bars->x.lo + bars->x.step) - x_of(bars, bars->x.lo);
    const size_t thin = rt_svg_thin((size_t)bars->x.ticks, space, widest_tick(bars), false);
    const double room = fmin(space * (double)thin - 8, 2 * (svg->left - RT_SVG_PAD));
    for (int i = 0; i < bars->x.ticks; i++) {
        const double value = rt_scale_tick(&bars->x, i), x = x_of(bars, value);
        const bool zero = fabs(value) < bars->x.step / 1000;
        rt_svg_line(svg, x, svg->top, x, svg->bottom,
                    zero ? "class='axis' stroke='#777'" : "class='rule' stroke='#ddd'");
        if ((size_t)i % thin != 0)
            continue;
        struct rt_buffer text = {0};
        put_tick(&text, bars, i);
        rt_svg_text(svg, x, svg->bottom + 14, RT_SVG_SMALL, "soft", RT_SVG_MIDDLE,
                    rt_buffer_get(&text), room);
        rt_buffer_free(&text);
    }
    rt_svg_text(svg, (svg->left + svg->right) / 2, svg->bottom + 29, RT_SVG_SMALL, "soft",
                RT_SVG_MIDDLE, rt_text(rt_scale_unit_name(bars->chart->unit)), svg->width);
}

static void draw_interval(struct bars *bars, const struct rt_chart_point *point, double y)
{
    static const char pen[] = "class='whisker' stroke='#111' stroke-width='1.2'";
    if (isnan(point->lo) || isnan(point->hi))
        return;
    const double lo = x_of(bars, point->lo), hi = x_of(bars, point->hi);
    rt_svg_line(bars->svg, lo, y, hi, y, pen);
    rt_svg_line(bars->svg, lo, y - 3, lo, y + 3, pen);
    rt_svg_line(bars->svg, hi, y - 3, hi, y + 3, pen);
}

static void draw_bar(struct bars *bars, size_t series, size_t place, double y)
{
    const struct rt_chart_point *point = rt_chart_point(bars->chart, series, place);
    struct rt_svg *svg = bars->svg;
    if (!point->there)
        return;
    const double zero = x_of(bars, 0), middle = y + bars->thick / 2;
    double end = zero;
    rt_buffer_add(svg->into, "<g>");
    rt_svg_tip(svg, series, place);
    if (!isnan(point->value)) {
        const double x = x_of(bars, point->value);
        const size_t number = rt_svg_bar(series);
        const char *colour = rt_svg_colour(number);
        rt_buffer_format(svg->into,
                         "<rect class='s%zu%s' x='%.1f' y='%.1f' width='%.1f' height='%.1f' "
                         "fill='%s' %s/>\n",
                         number, point->complete ? "" : " hollow", fmin(x, zero), y,
                         fmax(fabs(x - zero), 0.5), bars->thick, point->complete ? colour : "#fff",
                         point->complete ? "" : "stroke='#0072b2' stroke-dasharray='3 3'");
        draw_interval(bars, point, middle);
        end = fmax(zero, fmax(x, isnan(point->hi) ? x : x_of(bars, point->hi)));
    }
    struct rt_buffer text = {0};
    rt_scale_number(&text, point->value, bars->chart->unit, -1);
    rt_svg_text(svg, end + 6, middle + 4, RT_SVG_SMALL, "ink", RT_SVG_START, rt_buffer_get(&text),
                svg->width - end - 6);
    rt_buffer_free(&text);
    rt_buffer_add(svg->into, "</g>\n");
}

void rt_svg_bars(struct rt_svg *svg)
{
    const struct rt_chart *chart = svg->chart;
    struct bars bars = {.svg = svg, .chart = chart, .thick = chart->drawn > 1 ? THIN : BAR};
    double least, most;
    rt_chart_range(chart, true, &least, &most);
    bars.x = rt_scale_make(least, most, TICKS, true, chart->unit);
    bars.group = bars.thick * (double)chart->drawn + BETWEEN;
    const double high = bars.group * (double)chart->labels.count;
    svg->height = rt_svg_head(svg, false) + 8 + high + FOOT + 4;
    rt_svg_open(svg, false);
    svg->top += 8;
    svg->bottom = svg->top + high;
    svg->left = RT_SVG_PAD + fmin(widest_label(chart), svg->width * 0.38) + 8;
    svg->right = svg->width - RT_SVG_PAD - fmin(widest_value(chart), svg->width * 0.3) - 4;
    draw_axis(&bars);
    for (size_t i = 0; i < chart->labels.count; i++) {
        const double y = svg->top + bars.group * (double)i + BETWEEN / 2.0;
        rt_svg_text(svg, svg->left - 8, y + (bars.group - BETWEEN) / 2 + 4, RT_SVG_TEXT, "ink",
                    RT_SVG_END, rt_chart_label(chart, i), svg->left - 8 - RT_SVG_PAD + 1);
        for (size_t series = 0; series < chart->drawn; series++)
            draw_bar(&bars, series, i, y + bars.thick * (double)series);
    }
    rt_svg_close(svg);
}
