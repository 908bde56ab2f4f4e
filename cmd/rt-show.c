/* rt-show: show a table to people, aligned, rounded and harmless */
#include <inttypes.h>
#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/grid.h"
#include "libretain/numeral.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/pivot.h"
#include "libretain/sheet.h"
#include "libretain/table.h"
#include "libretain/terminal.h"

enum { LEAST_ROWS = 10, LINES_BESIDE = 4 }; /* on a terminal: the header, notes and the prompt */

struct args {
    struct rt_names columns;
    const char *pivot, *value;
    int64_t digits, rows, width;
    bool markdown, empty, plain, verbose;
    rt_choice colour;
    struct rt_table_args table;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, columns), .name = "columns", .value = "COL[,COL]",
     .help = "show these columns, in this order"},
    {RT_OPT(struct args, pivot), .name = "pivot", .value = "COL",
     .help = "the values of COL become columns: a triangle, a period table"},
    {RT_OPT(struct args, value), .name = "value", .value = "COL",
     .help = "what stands in the cells of --pivot", .standard = "value"},
    {RT_OPT(struct args, plain), .name = "plain-shares",
     .help = "with --pivot: do not show shares in percent"},
    {RT_OPT(struct args, digits), .name = "digits", .value = "N",
     .help = "round numbers to N places; -1: do not", .standard = "3", .least = -1, .most = 100},
    {RT_OPT(struct args, rows), .name = "rows", .value = "N",
     .help = "at most N rows, 0 for all; unless given, what a terminal has room for",
     .standard = "-1", .least = -1, .most = INT64_MAX},
    {RT_OPT(struct args, width), .name = "width", .value = "N",
     .help = "lines of at most N columns, 0 for any; unless given, as wide as a terminal is",
     .standard = "-1", .least = -1, .most = 100000},
    {RT_OPT(struct args, empty), .name = "empty",
     .help = "show the columns of metric rows that are empty too"},
    {RT_OPT(struct args, markdown), .name = "markdown", .help = "write a table of Markdown"},
    {RT_OPT(struct args, colour), .name = "color", .value = "auto|always|never",
     .help = "colours; auto: on a terminal, unless NO_COLOR is set", .standard = "auto"},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "tell on stderr how many rows were read"},
    RT_OPT_LAST,
};

struct job {
    const struct args *args;
    struct rt_table *table;
    struct rt_terminal terminal;
    struct rt_grid_form form;
    struct rt_buffer text; /* what will be written */
    uint64_t rows;
};

/* The columns to show. The caller frees them. */
static size_t *choose_columns(const struct job *job, size_t *count)
{
    const struct rt_names *names = &job->args->columns;
    *count = names->count > 0 ? names->count : rt_table_width(job->table);
    size_t *columns = rt_alloc(*count, sizeof *columns);
    for (size_t i = 0; i < *count; i++)
        columns[i] = names->count > 0 ? rt_table_need_or_die(job->table, names->names[i]) : i;
    return columns;
}

/* The rows that are shown at most. */
static uint64_t most_rows(const struct job *job)
{
    if (job->args->rows > 0)
        return (uint64_t)job->args->rows;
    if (job->args->rows == 0 || !job->terminal.on)
        return UINT64_MAX;
    const size_t height = job->terminal.height;
    return height > LEAST_ROWS + LINES_BESIDE ? height - LINES_BESIDE : LEAST_ROWS;
}

static void add_cell(struct rt_grid *grid, struct rt_text cell, int digits)
{
    if (!rt_numeral_is(cell)) {
        rt_grid_cell(grid, cell, false, RT_GRID_NO_HEAT);
        return;
    }
    struct rt_buffer rounded = {0};
    rt_numeral_round(&rounded, cell, digits);
    rt_grid_cell(grid, rt_buffer_get(&rounded), true, RT_GRID_NO_HEAT);
    rt_buffer_free(&rounded);
}

/* Of metric rows, columns without a value say nothing: they are named below the table. */
static void hide_empty(struct job *job, struct rt_grid *grid, const size_t *columns,
                       const bool *filled, size_t count, struct rt_buffer *notes)
{
    const bool metrics = rt_table_look_or_die(job->table, "metric") >= 0 &&
                         rt_table_look_or_die(job->table, "value") >= 0;
    if (!metrics || job->args->empty || job->rows == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        if (filled[i])
            continue;
        rt_grid_hide(grid, i);
        rt_buffer_add(notes, notes->used == 0 ? "(empty columns:" : "");
        rt_buffer_add(notes, " ");
        rt_buffer_add(notes, rt_table_column_name(job->table, columns[i]));
    }
    rt_buffer_add(notes, notes->used > 0 ? ")\n" : "");
}

static void show_rows(struct job *job)
{
    size_t count;
    size_t *columns = choose_columns(job, &count);
    bool *filled = rt_alloc_zero(count, sizeof *filled);
    struct rt_grid *grid = rt_grid_new();
    for (size_t i = 0; i < count; i++)
        rt_grid_column(grid, rt_text(rt_table_column_name(job->table, columns[i])));
    for (const uint64_t most = most_rows(job); rt_table_next_or_die(job->table); job->rows++)
        for (size_t i = 0; i < count; i++) {
            const struct rt_text cell = rt_table_cell(job->table, columns[i]);
            filled[i] = filled[i] || cell.length > 0;
            if (job->rows < most)
                add_cell(grid, cell, (int)job->args->digits);
        }
    struct rt_buffer notes = {0};
    hide_empty(job, grid, columns, filled, count, &notes);
    rt_grid_write(grid, &job->form, &job->text);
    if (job->form.markdown && (notes.used > 0 || rt_grid_rows(grid) < job->rows))
        rt_buffer_add(&job->text, "\n");
    if (rt_grid_rows(grid) < job->rows)
        rt_buffer_format(&job->text, "(%" PRIu64 " more of %" PRIu64 " rows)\n",
                         job->rows - rt_grid_rows(grid), job->rows);
    rt_buffer_text(&job->text, rt_buffer_get(&notes));
    rt_buffer_free(&notes);
    rt_grid_free(grid);
    free(filled);
    free(columns);
}

static void show_pivot(struct job *job)
{
    const struct args *args = job->args;
    const struct rt_pivot_form form = {
        .column = (int)rt_table_need_or_die(job->table, args->pivot),
        .value = (int)rt_table_need_or_die(job->table, args->value),
        .digits = (int)args->digits,
        .plain = args->plain,
        .grid = job->form,
    };
    if (form.column == form.value)
        rt_die("--pivot: the column is that of --value");
    struct rt_sheet sheet;
    if (rt_sheet_read(&sheet, job->table) != 0)
        rt_die("%s", rt_table_message(job->table));
    job->rows = sheet.count;
    const size_t taken = rt_pivot_write(&sheet, &form, &job->text);
    if (taken != 0)
        rt_die("--pivot: row %zu of the input has the same place as another", taken);
    rt_sheet_free(&sheet);
}

static int run(void *what, char **files, int count)
{
    const struct args *args = what;
    if (args->pivot != NULL && args->columns.count > 0)
        rt_die("--pivot: takes no --columns");
    struct job job = {.args = args, .table = rt_table_open_or_die(&args->table, files, count)};
    struct rt_out out;
    rt_out_open(&out, &args->out, args->table.delimiter);
    job.terminal = rt_terminal_look(out.descriptor, args->colour, getenv("NO_COLOR"));
    job.form = (struct rt_grid_form){
        .screen = args->width >= 0 ? (size_t)args->width : job.terminal.width,
        .markdown = args->markdown,
        .colour = job.terminal.colour,
    };
    if (args->pivot != NULL)
        show_pivot(&job);
    else
        show_rows(&job);
    job.text.used--; /* the last line end */
    rt_out_raw(&out, rt_buffer_get(&job.text));
    rt_out_end(&out);
    rt_out_finish(&out);
    if (args->verbose)
        rt_note("%" PRIu64 " rows", job.rows);
    rt_buffer_free(&job.text);
    rt_table_close(job.table);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-show",
        .purpose = "show a table to people, aligned, rounded and harmless",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
