/* Heat maps: cohorts below one another, ages from left to right. */
#include <math.h>

#include "libretain/svg_parts.h"

enum { ROW = 22, LEAST_ROW = 5, MOST_HEIGHT = 1400, HEAD = 20, FOOT = 52, KEY = 18 };

struct map {
    struct rt_svg *svg;
    const struct rt_chart *chart;
    double least, most;
    double cell, row; /* the size of a cell */
    int digits;       /* of the texts in the cells; -1: there is no room for any */
};

static double widest_name(const struct rt_chart *chart)
{
    double widest = 0;
    for (size_t i = 0; i < chart->drawn; i++)
        widest = fmax(widest, rt_svg_text_width(chart->series.texts[i], RT_SVG_SMALL));
    return widest;
}

static void put_value(struct rt_buffer *text, const struct map *map, double value)
{
    rt_scale_number(text, value, map->chart->unit, map->digits);
    /* The unit is that of the key; the cells are narrow. */
    if (text->used > 0 && text->bytes[text->used - 1] == '%')
        text->used--;
}

static double widest_value(struct map *map, int digits)
{
    double widest = 0;
    map->digits = digits;
    for (size_t i = 0; i < map->chart->drawn * map->chart->labels.count; i++) {
        struct rt_buffer text = {0};
        if (!isnan(map->chart->points[i].value))
            put_value(&text, map, map->chart->points[i].value);
        widest = fmax(widest, rt_svg_text_width(rt_buffer_get(&text), RT_SVG_SMALL));
        rt_buffer_free(&text);
    }
    return widest;
}

static int choose_digits(struct map *map)
{
    const bool high = map->row >= RT_SVG_SMALL + 3;
    for (int digits = 1; digits >= 0; digits--)
        if (high && widest_value(map, digits) + 2 <= map->cell)
            return digits;
    return -1;
}

static void draw_cell(struct map *map, size_t series, size_t place)
{
    const struct rt_chart_point *point = rt_chart_point(map->chart, series, place);
    struct rt_svg *svg = map->svg;
    if (isnan(point->value))
        return;
    const double span = map->most > map->least ? map->most - map->least : 1;
    const int step = rt_svg_heat_step((point->value - map->least) / span);
    bool white;
    const char *colour = rt_svg_heat(step, &white);
    const double x = svg->left + map->cell * (double)place;
    const double y = svg->top + map->row * (double)series;
    const double rim = map->cell > 8 && map->row > 8 ? 1 : 0;
    rt_buffer_add(svg->into, "<g>");
    rt_svg_tip(svg, series, place);
    rt_buffer_format(svg->into,
                     "<rect class='h%d' x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'%s/>",
                     step, x, y, map->cell - rim, map->row - rim, colour,
                     point->complete ? "" : " stroke='#d55e00' stroke-dasharray='3 2'");
    if (map->digits >= 0) {
        struct rt_buffer text = {0};
        put_value(&text, map, point->value);
        rt_buffer_format(svg->into,
                         "<text class='on%d' x='%.1f' y='%.1f' font-size='%d' text-anchor='middle' "
                         "fill='%s'>",
                         step, x + (map->cell - rim) / 2, y + map->row / 2 + 4, RT_SVG_SMALL,
                         white ? "#fff" : "#111");
        rt_buffer_escaped(svg->into, rt_buffer_get(&text));
        rt_buffer_add(svg->into, "</text>");
        rt_buffer_free(&text);
    }
    rt_buffer_add(svg->into, "</g>\n");
}

static void draw_names(struct map *map)
{
    struct rt_svg *svg = map->svg;
    const struct rt_chart *chart = map->chart;
    double widest = 0;
    for (size_t i = 0; i < chart->labels.count; i++)
        widest = fmax(widest, rt_svg_text_width(rt_chart_label(chart, i), RT_SVG_SMALL));
    const size_t thin = rt_svg_thin(chart->labels.count, map->cell, widest - 6, false);
    for (size_t i = 0; i < chart->labels.count; i += thin)
        rt_svg_text(svg, svg->left + map->cell * ((double)i + 0.5), svg->top - 6, RT_SVG_SMALL,
                    "soft", RT_SVG_MIDDLE, rt_chart_label(chart, i), svg->width);
    const size_t rows = rt_svg_thin(chart->drawn, map->row, 2, false);
    for (size_t i = 0; i < chart->drawn; i += rows)
        rt_svg_text(svg, svg->left - 6, svg->top + map->row * ((double)i + 0.5) + 4, RT_SVG_SMALL,
                    "soft", RT_SVG_END, chart->series.texts[i], svg->left - RT_SVG_PAD);
    rt_svg_text(svg, svg->left, svg->top - HEAD - 2, RT_SVG_SMALL, "soft", RT_SVG_START,
                rt_buffer_get(&chart->x_title), svg->width);
}

/* The key below: from the least to the greatest value. */
static void draw_key(struct map *map)
{
    struct rt_svg *svg = map->svg;
    const double y = svg->bottom + 16;
    struct rt_buffer least = {0}, most = {0};
    rt_scale_number(&least, map->least, map->chart->unit, -1);
    rt_scale_number(&most, map->most, map->chart->unit, -1);
    const double x = svg->left + rt_svg_text_width(rt_buffer_get(&least), RT_SVG_SMALL) + 6;
    rt_svg_text(svg, svg->left, y + 12, RT_SVG_SMALL, "soft", RT_SVG_START, rt_buffer_get(&least),
                svg->width);
    for (int i = 0; i < RT_SVG_HEATS; i++) {
        bool white;
        rt_buffer_format(svg->into,
                         "<rect class='h%d' x='%.1f' y='%.1f' width='%d' height='14' fill='%s'/>\n",
                         i, x + i * KEY, y, KEY, rt_svg_heat(i, &white));
    }
    rt_svg_text(svg, x + RT_SVG_HEATS * KEY + 6, y + 12, RT_SVG_SMALL, "soft", RT_SVG_START,
                rt_buffer_get(&most), svg->width);
    rt_buffer_free(&least);
    rt_buffer_free(&most);
}

void rt_svg_heats(struct rt_svg *svg)
{
    const struct rt_chart *chart = svg->chart;
    struct map map = {.svg = svg, .chart = chart, .row = ROW};
    rt_chart_range(chart, false, &map.least, &map.most);
    if (!(map.least <= map.most))
        map.least = map.most = 0;
    if (map.row * (double)chart->drawn > MOST_HEIGHT)
        map.row = fmax(LEAST_ROW, MOST_HEIGHT / (double)chart->drawn);
    const double high = map.row * (double)chart->drawn;
    svg->height = rt_svg_head(svg, false) + 2 * HEAD + high + FOOT;
    rt_svg_open(svg, false);
    svg->top += 2 * HEAD;
    svg->bottom = svg->top + high;
    svg->left = RT_SVG_PAD + fmin(widest_name(chart), svg->width * 0.3) + 6;
    svg->right = svg->width - RT_SVG_PAD;
    map.cell = fmin(64, (svg->right - svg->left) / (double)chart->labels.count);
    map.digits = choose_digits(&map);
    draw_names(&map);
    for (size_t series = 0; series < chart->drawn; series++)
        for (size_t i = 0; i < chart->labels.count; i++)
            draw_cell(&map, series, i);
    draw_key(&map);
    rt_svg_close(svg);
}
