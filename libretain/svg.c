#include "libretain/svg.h"

#include <math.h>

#include "libretain/svg_parts.h"
#include "libretain/width.h"

enum { TITLE = 17, LEGEND_LINE = 18, SWATCH = 22, MARKS = 4 };

/* Of a column of text in pixels for each pixel of its size; digits of wide fonts are 0.64. */
static const double column_width = 0.62;

const char rt_svg_declaration[] = "<?xml version='1.0' encoding='UTF-8'?>\n";

static const char *const colours[RT_CHART_SERIES] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                     "#e69f00", "#56b4e9", "#777777", "#000000"};

/*
 * Blues in the manner of ColorBrewer (Harrower and Brewer 2003), the palest still to be told from
 * paper, on which there is no value.
 */
static const char *const heats[RT_SVG_HEATS] = {"#e3eef9", "#cfe1f2", "#b3d0e9",
                                                "#93c0df", "#6baed6", "#4292c6",
                                                "#2171b5", "#08519c", "#08306b"};

const char *rt_svg_heat(int step, bool *white)
{
    *white = step >= 6;
    return heats[step];
}

int rt_svg_heat_step(double place)
{
    const int step = (int)(place * RT_SVG_HEATS);
    return step < 0 ? 0 : step < RT_SVG_HEATS ? step : RT_SVG_HEATS - 1;
}

const char *rt_svg_colour(size_t series)
{
    return colours[series % RT_CHART_SERIES];
}

size_t rt_svg_bar(size_t series)
{
    static const size_t order[RT_CHART_SERIES] = {0, 4, 2, 5, 1, 3, 7, 6};
    return order[series % RT_CHART_SERIES];
}

/* Text --------------------------------------------------------------------------------------- */

double rt_svg_text_width(struct rt_text text, double size)
{
    struct rt_buffer clean = {0};
    rt_width_clean(&clean, text);
    const size_t columns = rt_width(rt_buffer_get(&clean));
    rt_buffer_free(&clean);
    return (double)columns * size * column_width;
}

static void put_cut(struct rt_buffer *into, struct rt_text text, double size, double room)
{
    struct rt_buffer clean = {0};
    rt_width_clean(&clean, text);
    struct rt_text shown = rt_buffer_get(&clean);
    const double most = room / (size * column_width);
    if ((double)rt_width(shown) > most) {
        shown = rt_width_cut(shown, most > 2 ? (size_t)most - 1 : 1);
        rt_buffer_escaped(into, shown);
        rt_buffer_add(into, "\xe2\x80\xa6");
    } else {
        rt_buffer_escaped(into, shown);
    }
    rt_buffer_free(&clean);
}

void rt_svg_text(struct rt_svg *svg, double x, double y, double size, const char *class,
                 enum rt_svg_anchor anchor, struct rt_text text, double room)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    if (text.length == 0)
        return;
    rt_buffer_format(svg->into, "<text class='%s' x='%.1f' y='%.1f' font-size='%.0f'", class, x, y,
                     size);
    if (anchor != RT_SVG_START)
        rt_buffer_format(svg->into, " text-anchor='%s'", anchors[anchor]);
    if (strcmp(class, "soft") == 0)
        rt_buffer_add(svg->into, " fill='#555'");
    if (size >= TITLE)
        rt_buffer_add(svg->into, " font-weight='bold'");
    rt_buffer_add(svg->into, ">");
    put_cut(svg->into, text, size, room);
    rt_buffer_add(svg->into, "</text>\n");
}

void rt_svg_line(struct rt_svg *svg, double x1, double y1, double x2, double y2,
                 const char *attributes)
{
    rt_buffer_format(svg->into, "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' %s/>\n", x1, y1, x2,
                     y2, attributes);
}

void rt_svg_tip(struct rt_svg *svg, size_t series, size_t place)
{
    struct rt_buffer text = {0};
    rt_chart_describe(&text, svg->chart, series, place);
    rt_buffer_add(svg->into, "<title>");
    rt_buffer_escaped(svg->into, rt_buffer_get(&text));
    rt_buffer_add(svg->into, "</title>");
    rt_buffer_free(&text);
}

size_t rt_svg_thin(size_t count, double space, double widest, bool months)
{
    static const size_t any[] = {1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 24, 30, 40, 50, 60, 100, 0};
    static const size_t parts_of_years[] = {1, 2, 3, 4, 6, 12, 24, 36, 48, 60, 120, 240, 0};
    const double need = (widest + 12) / (space > 0 ? space : 1);
    for (const size_t *step = months ? parts_of_years : any; *step != 0; step++)
        if ((double)*step >= need)
            return *step;
    const size_t step = (size_t)ceil(need);
    return step < count ? step : count > 0 ? count : 1;
}

/* Marks -------------------------------------------------------------------------------------- */

void rt_svg_marker(struct rt_svg *svg, size_t series, double x, double y, bool hollow)
{
    const size_t number = series % RT_CHART_SERIES;
    struct rt_buffer *into = svg->into;
    switch (series % MARKS) {
    case 0:
        rt_buffer_format(into, "<circle cx='%.1f' cy='%.1f' r='3.5'", x, y);
        break;
    case 1:
        rt_buffer_format(into, "<rect x='%.1f' y='%.1f' width='7' height='7'", x - 3.5, y - 3.5);
        break;
    case 2:
        rt_buffer_format(into, "<path d='M%.1f %.1fl4.5 8h-9z'", x, y - 5);
        break;
    default:
        rt_buffer_format(into, "<path d='M%.1f %.1fl4.5 4.5l-4.5 4.5l-4.5 -4.5z'", x, y - 4.5);
        break;
    }
    rt_buffer_format(into, " class='s%zu%s' fill='%s' stroke='%s' stroke-width='1.5'/>", number,
                     hollow ? " hollow" : "", hollow ? "#fff" : colours[number], colours[number]);
}

/* The head: title, method, legend ------------------------------------------------------------ */

static const char incomplete_word[] = "not complete";

/* "95% interval", where the method ends in how sure it is. */
static void name_interval(struct rt_buffer *into, const struct rt_chart *chart)
{
    const struct rt_text method = chart->method;
    size_t start = method.length;
    while (start > 0 && method.at[start - 1] != ' ')
        start--;
    if (method.length > 0 && method.at[method.length - 1] == '%') {
        rt_buffer_text(into, (struct rt_text){method.at + start, method.length - start});
        rt_buffer_add(into, " ");
    }
    rt_buffer_add(into, "interval");
}

/*
 * Draws the legend, or only measures it. Its items are the series where there are several, the
 * interval and what is not complete. Returns the height.
 */
static double legend(struct rt_svg *svg, bool intervals, bool draw)
{
    const struct rt_chart *chart = svg->chart;
    const size_t named = chart->drawn > 1 && chart->form != RT_CHART_HEAT ? chart->drawn : 0;
    const size_t items = named + intervals + !chart->whole;
    double x = RT_SVG_PAD, y = svg->top;
    struct rt_buffer word = {0};
    name_interval(&word, chart);
    for (size_t i = 0; i < items; i++) {
        const bool interval = intervals && i == named, series = i < named;
        const struct rt_text name = series     ? chart->series.texts[i]
                                    : interval ? rt_buffer_get(&word)
                                               : rt_text(incomplete_word);
        const double room = svg->width - 2 * RT_SVG_PAD - SWATCH;
        const double wide = fmin(rt_svg_text_width(name, RT_SVG_TEXT), room);
        if (x > RT_SVG_PAD && x + SWATCH + wide > svg->width - RT_SVG_PAD) {
            x = RT_SVG_PAD;
            y += LEGEND_LINE;
        }
        if (draw && interval)
            rt_buffer_format(svg->into,
                             "<rect class='s0 band' x='%.1f' y='%.1f' width='14' height='10' "
                             "fill='%s' fill-opacity='0.2'/>\n",
                             x, y + 1, colours[0]);
        else if (draw && series && chart->form == RT_CHART_BARS)
            rt_buffer_format(svg->into,
                             "<rect class='s%zu' x='%.1f' y='%.1f' width='14' height='10' "
                             "fill='%s'/>\n",
                             rt_svg_bar(i), x, y + 1, colours[rt_svg_bar(i)]);
        else if (draw && !series && (chart->form == RT_CHART_BARS || chart->form == RT_CHART_HEAT))
            rt_buffer_format(svg->into,
                             "<rect class='hollow' x='%.1f' y='%.1f' width='14' height='10' "
                             "fill='#fff' stroke='%s' stroke-dasharray='3 2'/>\n",
                             x, y + 1, colours[chart->form == RT_CHART_HEAT]);
        else if (draw)
            rt_svg_marker(svg, series ? i : 0, x + 7, y + 6, !series);
        if (draw)
            rt_svg_text(svg, x + SWATCH, y + 10, RT_SVG_TEXT, "ink", RT_SVG_START, name, room + 1);
        x += SWATCH + wide + 18;
    }
    rt_buffer_free(&word);
    return items > 0 ? y + LEGEND_LINE + 2 - svg->top : 0;
}

double rt_svg_head(const struct rt_svg *svg, bool intervals)
{
    struct rt_svg measured = *svg;
    measured.top = 0;
    return (svg->form->inside ? 4 : 58) + legend(&measured, intervals, false);
}

void rt_svg_open(struct rt_svg *svg, bool intervals)
{
    struct rt_buffer *into = svg->into;
    const double room = svg->width - 2 * RT_SVG_PAD;
    rt_buffer_format(into,
                     "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %.0f %.0f' role='img' "
                     "font-family='sans-serif' fill='#111'",
                     svg->width, svg->height);
    if (!svg->form->inside)
        rt_buffer_format(into, " width='%.0f' height='%.0f'", svg->width, svg->height);
    rt_buffer_add(into, ">\n<title>");
    rt_buffer_escaped(into, rt_buffer_get(&svg->chart->title));
    rt_buffer_add(into, "</title>\n");
    svg->top = 4;
    if (!svg->form->inside) {
        rt_buffer_add(into, "<rect class='paper' width='100%' height='100%' fill='#fff'/>\n");
        rt_svg_text(svg, RT_SVG_PAD, 28, TITLE, "ink", RT_SVG_START,
                    rt_buffer_get(&svg->chart->title), room);
        rt_svg_text(svg, RT_SVG_PAD, 46, RT_SVG_TEXT, "soft", RT_SVG_START,
                    rt_buffer_get(&svg->chart->subtitle), room);
        svg->top = 58;
    }
    svg->top += legend(svg, intervals, true);
}

void rt_svg_close(struct rt_svg *svg)
{
    rt_buffer_add(svg->into, "</svg>\n");
}

/* The whole ---------------------------------------------------------------------------------- */

static void draw_nothing(struct rt_svg *svg)
{
    rt_svg_open(svg, false);
    rt_svg_text(svg, svg->width / 2, svg->height / 2, 14, "soft", RT_SVG_MIDDLE,
                rt_text("no rows to draw"), svg->width);
    rt_svg_close(svg);
}

void rt_svg_chart(struct rt_buffer *into, const struct rt_chart *chart,
                  const struct rt_svg_form *form)
{
    struct rt_svg svg = {
        .into = into, .chart = chart, .form = form, .width = form->width, .height = form->height};
    if (chart->labels.count == 0)
        draw_nothing(&svg);
    else if (chart->form == RT_CHART_HEAT)
        rt_svg_heats(&svg);
    else if (chart->form == RT_CHART_BARS)
        rt_svg_bars(&svg);
    else
        rt_svg_lines(&svg);
}

void rt_svg_spark(struct rt_buffer *into, const double *values, size_t count, double width,
                  double height)
{
    double least = INFINITY, most = -INFINITY, x = 0, y = 0;
    for (size_t i = 0; i < count; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    const double span = most > least ? most - least : 1;
    rt_buffer_format(
        into,
        "<svg class='spark' viewBox='0 0 %.0f %.0f' aria-hidden='true'><path class='s0 line' "
        "fill='none' stroke='%s' stroke-width='1.5' d='",
        width, height, colours[0]);
    bool drawing = false;
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i])) {
            drawing = false;
            continue;
        }
        x = 3 + (width - 6) * (count > 1 ? (double)i / (double)(count - 1) : 0.5);
        y = height - 3 - (height - 6) * (values[i] - least) / span;
        rt_buffer_format(into, "%s%.1f %.1f", drawing ? "L" : "M", x, y);
        drawing = true;
    }
    rt_buffer_add(into, "'/>");
    if (most >= least)
        rt_buffer_format(into, "<circle class='s0' cx='%.1f' cy='%.1f' r='2.5' fill='%s'/>", x, y,
                         colours[0]);
    rt_buffer_add(into, "</svg>");
}
