#include "libretain/term.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/scale.h"
#include "libretain/width.h"

enum { DOTS_ACROSS = 2, DOTS_DOWN = 4, TICKS = 4, NO_SERIES = 255, LETTER_EVERY = 10 };

struct term {
    struct rt_buffer *into;
    const struct rt_chart *chart;
    const struct rt_term_form *form;
};

/* Of the 256 colours of terminals, those nearest to Okabe and Ito's. */
static const int colours[RT_CHART_SERIES] = {32, 166, 36, 175, 178, 74, 244, 15};

static void colour(const struct term *term, size_t series)
{
    if (term->form->colour)
        rt_buffer_format(term->into, "\033[38;5;%dm", colours[series % RT_CHART_SERIES]);
}

static void plain(const struct term *term)
{
    rt_buffer_add(term->into, term->form->colour ? "\033[0m" : "");
}

/* Text that is harmless, at most `most` columns wide, with blanks up to `least`. */
static void put_text(struct rt_buffer *into, struct rt_text text, size_t least, size_t most,
                     bool right)
{
    struct rt_buffer clean = {0};
    rt_width_clean(&clean, text);
    struct rt_text shown = rt_buffer_get(&clean);
    const bool cut = rt_width(shown) > most;
    if (cut)
        shown = rt_width_cut(shown, most - 1);
    const size_t width = rt_width(shown) + cut, space = width < least ? least - width : 0;
    rt_buffer_repeat(into, " ", right ? space : 0);
    rt_buffer_text(into, shown);
    rt_buffer_add(into, cut ? "\xe2\x80\xa6" : "");
    rt_buffer_repeat(into, " ", right ? 0 : space);
    rt_buffer_free(&clean);
}

static void end_line(struct rt_buffer *into)
{
    while (into->used > 0 && into->bytes[into->used - 1] == ' ')
        into->used--;
    rt_buffer_add(into, "\n");
}

static size_t text_width(struct rt_text text)
{
    struct rt_buffer clean = {0};
    rt_width_clean(&clean, text);
    const size_t width = rt_width(rt_buffer_get(&clean));
    rt_buffer_free(&clean);
    return width;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void put_title(const struct term *term)
{
    rt_buffer_add(term->into, term->form->colour ? "\033[1m" : "");
    put_text(term->into, rt_buffer_get(&term->chart->title), 0, term->form->width, false);
    plain(term);
    end_line(term->into);
    put_text(term->into, rt_buffer_get(&term->chart->subtitle), 0, term->form->width, false);
    end_line(term->into);
    rt_buffer_add(term->into, "\n");
}

static size_t widest_label(const struct rt_chart *chart)
{
    size_t widest = 0;
    for (size_t i = 0; i < chart->labels.count; i++)
        widest = larger(widest, text_width(rt_chart_label(chart, i)));
    return widest;
}

/* A row of labels below or above places that are `space` apart, thinned so that none touch. */
static void put_labels(const struct term *term, size_t left, double space)
{
    const struct rt_chart *chart = term->chart;
    const size_t need = widest_label(chart) + 2;
    const size_t step = space > 0 ? (size_t)ceil((double)need / space) : 1;
    size_t at = 0;
    for (size_t i = 0; i<chart->labels.count; i += step> 0 ? step : 1) {
        const size_t width = text_width(rt_chart_label(chart, i));
        const size_t middle = left + (size_t)(space * (double)i);
        const size_t start = middle > width / 2 ? middle - width / 2 : 0;
        if (start < at || start + width > term->form->width)
            continue;
        rt_buffer_repeat(term->into, " ", start - at);
        put_text(term->into, rt_chart_label(chart, i), 0, width, false);
        at = start + width;
    }
    end_line(term->into);
}

/* Lines -------------------------------------------------------------------------------------- */

struct canvas {
    size_t width, height;  /* in characters */
    unsigned char *dots;   /* of braille, by bit */
    unsigned char *series; /* whose they are */
    unsigned char *shade;  /* an interval is there */
    char *letters;         /* of series, or 0 */
    struct rt_scale y;
};

static void dot(struct canvas *canvas, size_t series, long x, long y)
{
    static const unsigned char bits[DOTS_DOWN][DOTS_ACROSS] = {
        {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    if (x < 0 || y < 0 || x >= (long)(canvas->width * DOTS_ACROSS) ||
        y >= (long)(canvas->height * DOTS_DOWN))
        return;
    const size_t at = (size_t)(y / DOTS_DOWN) * canvas->width + (size_t)(x / DOTS_ACROSS);
    canvas->dots[at] |= bits[y % DOTS_DOWN][x % DOTS_ACROSS];
    canvas->series[at] = (unsigned char)series;
}

static void stroke(struct canvas *canvas, size_t series, const long from[2], const long to[2],
                   bool broken)
{
    const long wide = labs(to[0] - from[0]), high = labs(to[1] - from[1]);
    const long steps = wide > high ? wide : high;
    for (long i = 0; i <= steps; i++) {
        const double part = steps > 0 ? (double)i / (double)steps : 0;
        if (!broken || i % 4 < 2)
            dot(canvas, series, lround((double)from[0] + part * (double)(to[0] - from[0])),
                lround((double)from[1] + part * (double)(to[1] - from[1])));
    }
}

static long x_dot(const struct canvas *canvas, size_t place, size_t count)
{
    const double wide = (double)(canvas->width * DOTS_ACROSS - 1);
    return lround(count > 1 ? wide * (double)place / (double)(count - 1) : wide / 2);
}

static long y_dot(const struct canvas *canvas, double value)
{
    return lround((double)(canvas->height * DOTS_DOWN - 1) *
                  (1 - rt_scale_place(&canvas->y, value)));
}

static void draw_series(struct canvas *canvas, const struct rt_chart *chart, size_t series)
{
    const size_t count = chart->labels.count;
    const struct rt_chart_point *before = NULL;
    long last[2] = {0, 0};
    for (size_t i = 0; i < count; i++) {
        const struct rt_chart_point *point = rt_chart_point(chart, series, i);
        if (isnan(point->value)) {
            before = NULL;
            continue;
        }
        const long now[2] = {x_dot(canvas, i, count), y_dot(canvas, point->value)};
        const long corner[2] = {now[0], before != NULL ? last[1] : now[1]};
        const bool broken = before != NULL && !(before->complete && point->complete);
        if (before != NULL && chart->form == RT_CHART_STEPS) {
            stroke(canvas, series, last, corner, broken);
            stroke(canvas, series, corner, now, broken);
        } else {
            stroke(canvas, series, before != NULL ? last : now, now, broken);
        }
        before = point;
        last[0] = now[0];
        last[1] = now[1];
    }
}

static void draw_shade(struct canvas *canvas, const struct rt_chart *chart)
{
    const size_t count = chart->labels.count;
    for (size_t x = 0; x < canvas->width; x++) {
        const size_t place = canvas->width > 1
                                 ? (x * (count - 1) + (canvas->width - 1) / 2) / (canvas->width - 1)
                                 : 0;
        const struct rt_chart_point *point = rt_chart_point(chart, 0, place);
        if (isnan(point->value) || isnan(point->lo) || isnan(point->hi))
            continue;
        const long top = y_dot(canvas, point->hi) / DOTS_DOWN;
        const long bottom = y_dot(canvas, point->lo) / DOTS_DOWN;
        for (long y = top < 0 ? 0 : top; y <= bottom && y < (long)canvas->height; y++)
            canvas->shade[(size_t)y * canvas->width + x] = 1;
    }
}

/* Letters stand on the lines, each series' at other places. */
static void draw_letters(struct canvas *canvas, const struct rt_chart *chart)
{
    for (size_t series = 0; series < chart->drawn; series++) {
        size_t next = series * LETTER_EVERY / chart->drawn;
        for (size_t i = 0; i < chart->labels.count; i++) {
            const struct rt_chart_point *point = rt_chart_point(chart, series, i);
            const size_t x = (size_t)x_dot(canvas, i, chart->labels.count) / DOTS_ACROSS;
            if (isnan(point->value) || x < next)
                continue;
            const size_t y = (size_t)y_dot(canvas, point->value) / DOTS_DOWN;
            canvas->letters[y * canvas->width + x] = (char)('A' + series);
            canvas->series[y * canvas->width + x] = (unsigned char)series;
            next = x + LETTER_EVERY;
        }
    }
}

static void put_character(const struct term *term, const struct canvas *canvas, size_t at)
{
    const unsigned char dots = canvas->dots[at];
    if (canvas->letters[at] != 0 || dots != 0)
        colour(term, canvas->series[at]);
    if (canvas->letters[at] != 0) {
        rt_buffer_text(term->into, (struct rt_text){&canvas->letters[at], 1});
    } else if (dots != 0) { /* U+2800 and the bits */
        const char braille[] = {'\xe2', (char)(0xa0 + (dots >> 6)), (char)(0x80 + (dots & 0x3f))};
        rt_buffer_text(term->into, (struct rt_text){braille, sizeof braille});
    } else {
        rt_buffer_add(term->into, canvas->shade[at] ? "\xe2\x96\x91" : " ");
        return;
    }
    plain(term);
}

/* The label of a line of the canvas: that of the tick that lies in it, or nothing. */
static void tick_label(const struct canvas *canvas, enum rt_unit unit, size_t line,
                       struct rt_buffer *into)
{
    for (int i = 0; i < canvas->y.ticks; i++) {
        const double value = rt_scale_tick(&canvas->y, i);
        if (y_dot(canvas, value) / DOTS_DOWN != (long)line)
            continue;
        rt_buffer_clear(into);
        rt_scale_number(into, fabs(value) < canvas->y.step / 1000 ? 0 : value, unit,
                        canvas->y.digits);
    }
}

static size_t widest_tick(const struct canvas *canvas, enum rt_unit unit)
{
    size_t widest = 0;
    for (size_t line = 0; line < canvas->height; line++) {
        struct rt_buffer label = {0};
        tick_label(canvas, unit, line, &label);
        widest = larger(widest, rt_width(rt_buffer_get(&label)));
        rt_buffer_free(&label);
    }
    return widest;
}

static void put_canvas(const struct term *term, const struct canvas *canvas, size_t left)
{
    for (size_t line = 0; line < canvas->height; line++) {
        struct rt_buffer label = {0};
        tick_label(canvas, term->chart->unit, line, &label);
        put_text(term->into, rt_buffer_get(&label), left, left, true);
        rt_buffer_add(term->into, label.used > 0 ? " \xe2\x94\xa4" : " \xe2\x94\x82");
        rt_buffer_free(&label);
        for (size_t x = 0; x < canvas->width; x++)
            put_character(term, canvas, line * canvas->width + x);
        end_line(term->into);
    }
}

static void put_legend(const struct term *term)
{
    if (term->chart->drawn < 2)
        return;
    for (size_t i = 0; i < term->chart->drawn; i++) {
        const char letter = (char)('A' + i);
        colour(term, i);
        rt_buffer_text(term->into, (struct rt_text){&letter, 1});
        plain(term);
        rt_buffer_add(term->into, " ");
        put_text(term->into, term->chart->series.texts[i], 0, term->form->width - 4, false);
        end_line(term->into);
    }
}

static void draw_lines(const struct term *term)
{
    const struct rt_chart *chart = term->chart;
    double least, most;
    struct canvas canvas = {.height = term->form->height};
    rt_chart_range(chart, chart->drawn == 1, &least, &most);
    canvas.y = rt_scale_make(least, most, TICKS, false, chart->unit);
    const size_t left = widest_tick(&canvas, chart->unit);
    canvas.width = term->form->width - left - 2 - widest_label(chart) / 2;
    if (canvas.width > term->form->width || canvas.width < LETTER_EVERY)
        canvas.width = LETTER_EVERY;
    const size_t cells = canvas.width * canvas.height;
    canvas.dots = rt_alloc_zero(cells, 1);
    canvas.series = rt_alloc_zero(cells, 1);
    canvas.shade = rt_alloc_zero(cells, 1);
    canvas.letters = rt_alloc_zero(cells, 1);
    if (chart->drawn == 1)
        draw_shade(&canvas, chart);
    for (size_t i = 0; i < chart->drawn; i++)
        draw_series(&canvas, chart, i);
    if (chart->drawn > 1)
        draw_letters(&canvas, chart);
    put_canvas(term, &canvas, left);
    const size_t count = chart->labels.count;
    const double space = count > 1 ? (double)(canvas.width - 1) / (double)(count - 1) : 0;
    put_labels(term, left + 2 + (count > 1 ? 0 : canvas.width / 2), space);
    put_legend(term);
    free(canvas.dots);
    free(canvas.series);
    free(canvas.shade);
    free(canvas.letters);
}

/* Bars --------------------------------------------------------------------------------------- */

/* The character of a bar at a place: how much of it is filled, from the left or from the right. */
static const char *bar_character(double from, double to, double left, bool complete)
{
    static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const double filled = fmin(to, left + 1) - fmax(from, left);
    if (filled >= 1 - 1.0 / 16)
        return complete ? "█" : "▒";
    if (filled > 0 && left >= from)
        return eighths[(int)(filled * 8)];
    return filled >= 0.5 ? "▐" : " ";
}

/* One line of a bar, its interval across it with a cross at the value. */
static void put_bar(const struct term *term, const struct rt_scale *scale, size_t width,
                    size_t series, const struct rt_chart_point *point)
{
    const double zero = rt_scale_place(scale, 0) * (double)width;
    const double end = rt_scale_place(scale, point->value) * (double)width;
    const bool interval = !isnan(point->lo) && !isnan(point->hi);
    const double last = (double)(width - 1);
    const size_t lo = interval ? (size_t)(rt_scale_place(scale, point->lo) * last) : 1;
    const size_t hi = interval ? (size_t)(rt_scale_place(scale, point->hi) * last) : 0;
    const size_t at = interval ? (size_t)(rt_scale_place(scale, point->value) * last) : width;
    colour(term, series);
    for (size_t i = 0; i < width; i++)
        if (i >= lo && i <= hi)
            rt_buffer_add(term->into, i == at ? "┼" : i == lo ? "├" : i == hi ? "┤" : "─");
        else
            rt_buffer_add(term->into, bar_character(fmin(zero, end), fmax(zero, end), (double)i,
                                                    point->complete));
    plain(term);
}

static void put_bar_line(const struct term *term, const struct rt_scale *scale, size_t label_width,
                         size_t width, size_t series, size_t place)
{
    const struct rt_chart_point *point = rt_chart_point(term->chart, series, place);
    const char letter = (char)('A' + series);
    if (!point->there)
        return;
    put_text(term->into, series == 0 ? rt_chart_label(term->chart, place) : rt_text(""),
             label_width, label_width, false);
    rt_buffer_add(term->into, " ");
    if (term->chart->drawn > 1)
        rt_buffer_text(term->into, (struct rt_text){&letter, 1});
    rt_buffer_add(term->into, term->chart->drawn > 1 ? " " : "");
    if (!isnan(point->value))
        put_bar(term, scale, width, series, point);
    else
        rt_buffer_repeat(term->into, " ", width);
    rt_buffer_add(term->into, " ");
    rt_scale_number(term->into, point->value, term->chart->unit, -1);
    if (!isnan(point->lo) && !isnan(point->hi)) {
        rt_buffer_add(term->into, " (");
        rt_scale_number(term->into, point->lo, term->chart->unit, -1);
        rt_buffer_add(term->into, " to ");
        rt_scale_number(term->into, point->hi, term->chart->unit, -1);
        rt_buffer_add(term->into, ")");
    }
    rt_buffer_add(term->into, point->complete ? "" : " *");
    end_line(term->into);
}

static size_t widest_value(const struct rt_chart *chart)
{
    size_t widest = 0;
    for (size_t i = 0; i < chart->drawn * chart->labels.count; i++) {
        struct rt_buffer text = {0};
        const struct rt_chart_point *point = &chart->points[i];
        const bool interval = !isnan(point->lo) && !isnan(point->hi);
        rt_scale_number(&text, point->value, chart->unit, -1);
        if (interval) {
            rt_scale_number(&text, point->lo, chart->unit, -1);
            rt_scale_number(&text, point->hi, chart->unit, -1);
        }
        widest = larger(widest, rt_width(rt_buffer_get(&text)) + (interval ? 7 : 0));
        rt_buffer_free(&text);
    }
    return widest;
}

static void draw_bars(const struct term *term)
{
    const struct rt_chart *chart = term->chart;
    double least, most;
    rt_chart_range(chart, true, &least, &most);
    struct rt_scale scale = rt_scale_make(least, most, TICKS, true, chart->unit);
    /* No axis is drawn, so that the bars may fill the width. */
    scale.lo = fmin(0, least);
    scale.hi = fmax(0, most) > scale.lo ? fmax(0, most) : scale.lo + 1;
    const size_t most_label = term->form->width / 3, widest = widest_label(chart);
    const size_t label_width = widest < most_label ? widest : most_label;
    const size_t taken = label_width + widest_value(chart) + (chart->drawn > 1 ? 6 : 4);
    const size_t width = taken + 8 < term->form->width ? term->form->width - taken : 8;
    for (size_t i = 0; i < chart->labels.count; i++)
        for (size_t series = 0; series < chart->drawn; series++)
            put_bar_line(term, &scale, label_width, width, series, i);
    put_legend(term);
}

/* Heat maps ---------------------------------------------------------------------------------- */

enum { SHADES = 4 };
static const char *const shades[SHADES] = {"░", "▒", "▓", "█"};

static void put_shade(const struct term *term, double place, size_t width)
{
    static const int backgrounds[] = {195, 153, 117, 74, 32, 25, 18};
    enum { STEPS = sizeof backgrounds / sizeof *backgrounds };
    if (term->form->colour) {
        const int step = (int)(place * STEPS);
        rt_buffer_format(term->into, "\033[48;5;%dm", backgrounds[step < STEPS ? step : STEPS - 1]);
        rt_buffer_repeat(term->into, " ", width);
        plain(term);
        return;
    }
    const int step = (int)(place * SHADES);
    rt_buffer_repeat(term->into, shades[step < SHADES ? step : SHADES - 1], width);
}

static void draw_heats(const struct term *term)
{
    const struct rt_chart *chart = term->chart;
    double least, most;
    size_t left = 0;
    rt_chart_range(chart, false, &least, &most);
    const double span = most > least ? most - least : 1;
    for (size_t i = 0; i < chart->drawn; i++)
        left = larger(left, text_width(chart->series.texts[i]));
    left = left < term->form->width / 3 ? left : term->form->width / 3;
    const size_t room = term->form->width - left - 1, count = chart->labels.count;
    const size_t cell = room / count > 4 ? 4 : room / count > 0 ? room / count : 1;
    const size_t shown = count * cell <= room ? count : room;
    put_labels(term, left + 1 + cell / 2, (double)cell);
    for (size_t series = 0; series < chart->drawn; series++) {
        put_text(term->into, chart->series.texts[series], left, left, false);
        rt_buffer_add(term->into, " ");
        for (size_t i = 0; i < shown; i++) {
            const struct rt_chart_point *point = rt_chart_point(chart, series, i);
            if (isnan(point->value))
                rt_buffer_repeat(term->into, " ", cell);
            else
                put_shade(term, (point->value - least) / span, cell);
        }
        end_line(term->into);
    }
    if (shown < count)
        rt_buffer_format(term->into, "(%zu more columns)\n", count - shown);
    rt_buffer_add(term->into, "\n");
    rt_scale_number(term->into, least, chart->unit, -1);
    rt_buffer_add(term->into, " ");
    for (int i = 0; i < SHADES; i++)
        put_shade(term, (i + 0.5) / SHADES, 2);
    rt_buffer_add(term->into, " ");
    rt_scale_number(term->into, most, chart->unit, -1);
    rt_buffer_add(term->into, "\n");
}

void rt_term_chart(struct rt_buffer *into, const struct rt_chart *chart,
                   const struct rt_term_form *form)
{
    const struct term term = {into, chart, form};
    put_title(&term);
    if (chart->labels.count == 0)
        rt_buffer_add(into, "no rows to draw\n");
    else if (chart->form == RT_CHART_HEAT)
        draw_heats(&term);
    else if (chart->form == RT_CHART_BARS)
        draw_bars(&term);
    else
        draw_lines(&term);
}
