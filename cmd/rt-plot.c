/* rt-plot: draw metric rows as a picture, or on the terminal */
#include <inttypes.h>
#include <stdlib.h>

#include "libretain/chart.h"
#include "libretain/err.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/sheet.h"
#include "libretain/svg.h"
#include "libretain/table.h"
#include "libretain/term.h"
#include "libretain/terminal.h"

enum { LINES = 16, COLUMNS = 80, PIXELS_WIDE = 720, PIXELS_HIGH = 420 };

struct args {
    struct rt_names metrics;
    const char *method, *title;
    rt_choice form, colour;
    bool term, verbose;
    int64_t width, height;
    struct rt_table_args table;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, metrics), .name = "metric", .value = "NAME[,NAME]",
     .help = "draw these metrics on one axis; unless given, the first that people ask for"},
    {RT_OPT(struct args, method), .name = "method", .value = "TEXT",
     .help = "by the method that begins so; unless given, the first of each metric"},
    {RT_OPT(struct args, form), .name = "form", .value = "auto|line|heat|bars|steps",
     .help = "auto: heat where there are ages, line over periods, else bars", .standard = "auto"},
    {RT_OPT(struct args, title), .name = "title", .value = "TEXT",
     .help = "in place of the name of the metric"},
    {RT_OPT(struct args, term), .name = "term", .help = "draw on the terminal, not as SVG"},
    {RT_OPT(struct args, width), .name = "width", .value = "N",
     .help = "pixels, or with --term columns; 0: 720, or as wide as the terminal is",
     .standard = "0", .least = 0, .most = 10000},
    {RT_OPT(struct args, height), .name = "height", .value = "N",
     .help = "of lines and steps: pixels, or with --term lines; 0: 420 or 16", .standard = "0",
     .least = 0, .most = 10000},
    {RT_OPT(struct args, colour), .name = "color", .value = "auto|always|never",
     .help = "with --term, colours; auto: on a terminal, unless NO_COLOR is set",
     .standard = "auto"},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "tell on stderr what is drawn, and which metrics there are besides"},
    RT_OPT_LAST,
};

/* The columns without which there is nothing to draw. */
static void check_columns(struct rt_table *table)
{
    static const char *const needed[] = {"metric", "method", "value"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        (void)rt_table_need_or_die(table, needed[i]);
}

/* What to draw: what was asked for, or the first that people ask for. The caller frees it. */
static struct rt_chart_metric *choose(const struct args *args, const struct rt_sheet *sheet,
                                      size_t *count)
{
    const struct rt_text method = rt_text(args->method != NULL ? args->method : "");
    size_t there;
    struct rt_chart_metric *all = rt_chart_metrics(sheet, &there);
    const struct rt_chart_metric *first = rt_chart_first(all, there);
    *count = args->metrics.count > 0 ? args->metrics.count : first != NULL;
    struct rt_chart_metric *chosen = rt_alloc(*count + 1, sizeof *chosen);
    for (size_t i = 0; i < args->metrics.count; i++)
        chosen[i] = (struct rt_chart_metric){rt_text(args->metrics.names[i]), method};
    if (args->metrics.count == 0 && first != NULL)
        chosen[0] =
            (struct rt_chart_metric){first->metric, args->method != NULL ? method : first->method};
    free(all);
    return chosen;
}

static void make_chart(const struct args *args, const struct rt_sheet *sheet,
                       struct rt_chart *chart)
{
    size_t count;
    const char *fault;
    struct rt_chart_metric *metrics = choose(args, sheet, &count);
    if (count == 0 && sheet->count > 0)
        rt_die("no metric has a value to draw");
    if (count > 0 && sheet->count > 0 &&
        rt_chart_make(chart, sheet, metrics, count, (enum rt_chart_form)args->form, &fault) != 0)
        rt_die("%s%s", args->metrics.count > 0 ? "--metric: " : "", fault);
    if (args->title != NULL) {
        rt_buffer_clear(&chart->title);
        rt_buffer_add(&chart->title, args->title);
    }
    free(metrics);
}

static size_t or_else(int64_t given, size_t otherwise)
{
    return given > 0 ? (size_t)given : otherwise;
}

static size_t at_least(size_t value, size_t least)
{
    return value > least ? value : least;
}

static void draw(const struct args *args, const struct rt_chart *chart, int descriptor,
                 struct rt_buffer *picture)
{
    if (!args->term) {
        const struct rt_svg_form form = {
            .width = (double)at_least(or_else(args->width, PIXELS_WIDE), 200),
            .height = (double)at_least(or_else(args->height, PIXELS_HIGH), 200),
        };
        rt_buffer_add(picture, rt_svg_declaration);
        rt_svg_chart(picture, chart, &form);
        return;
    }
    const struct rt_terminal terminal =
        rt_terminal_look(descriptor, args->colour, getenv("NO_COLOR"));
    const struct rt_term_form form = {
        .width = at_least(or_else(args->width, terminal.on ? terminal.width : COLUMNS),
                          RT_TERM_LEAST_WIDTH),
        .height = at_least(or_else(args->height, LINES), RT_TERM_LEAST_HEIGHT),
        .colour = terminal.colour,
    };
    rt_term_chart(picture, chart, &form);
}

static void report(const struct rt_sheet *sheet, const struct rt_chart *chart)
{
    size_t count;
    struct rt_chart_metric *all = rt_chart_metrics(sheet, &count);
    rt_note("%zu rows, %zu series of %zu labels drawn", sheet->count, chart->drawn,
            chart->labels.count);
    for (size_t i = 0; i < count; i++)
        rt_note("%.*s (%.*s)", (int)all[i].metric.length, all[i].metric.at,
                (int)all[i].method.length, all[i].method.at);
    free(all);
}

static int run(void *what, char **files, int count)
{
    const struct args *args = what;
    struct rt_table *table = rt_table_open_or_die(&args->table, files, count);
    check_columns(table);
    struct rt_sheet sheet;
    if (rt_sheet_read(&sheet, table) != 0)
        rt_die("%s", rt_table_message(table));
    struct rt_out out;
    rt_out_open(&out, &args->out, args->table.delimiter);
    struct rt_chart chart = {0};
    make_chart(args, &sheet, &chart);
    struct rt_buffer picture = {0};
    draw(args, &chart, out.descriptor, &picture);
    picture.used--; /* the last line end */
    rt_out_raw(&out, rt_buffer_get(&picture));
    rt_out_end(&out);
    rt_out_finish(&out);
    if (args->verbose)
        report(&sheet, &chart);
    rt_buffer_free(&picture);
    rt_chart_free(&chart);
    rt_sheet_free(&sheet);
    rt_table_close(table);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-plot",
        .purpose = "draw metric rows as a picture, or on the terminal",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
