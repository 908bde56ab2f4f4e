/* rt-report: put metrics, goals and customers at risk on one page */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/report.h"
#include "libretain/table.h"

struct args {
    const char *title;
    struct rt_texts sections;
    int64_t rows, periods;
    bool verbose;
    struct rt_table_args table;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, title), .name = "title", .value = "TEXT", .help = "the title of the page",
     .standard = "Customer retention"},
    {RT_OPT(struct args, sections), .name = "section", .value = "TEXT",
     .help = "the heading of a section: the first of the first file, and so on"},
    {RT_OPT(struct args, rows), .name = "rows", .value = "N",
     .help = "at most N rows of a table of customers or groups", .standard = "20", .least = 1,
     .most = 100000},
    {RT_OPT(struct args, periods), .name = "periods", .value = "N",
     .help = "the last N periods in tables; charts have all", .standard = "6", .least = 1,
     .most = 1000},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "tell on stderr how many rows each file has"},
    RT_OPT_LAST,
};

/* Reads one file as a table of its own. */
static void read_input(struct rt_report_input *input, const struct args *args, char *file)
{
    char *files[] = {file, NULL};
    const bool is_stdin = file == NULL || strcmp(file, "-") == 0;
    struct rt_table *table = rt_table_open_or_die(&args->table, files, file != NULL);
    if (rt_sheet_read(&input->sheet, table) != 0)
        rt_die("%s", rt_table_message(table));
    rt_table_close(table);
    input->name = is_stdin ? "standard input" : file;
    if (args->verbose)
        rt_note("%s: %zu rows", input->name, input->sheet.count);
}

static int run(void *what, char **files, int count)
{
    const struct args *args = what;
    const size_t input_count = count > 0 ? (size_t)count : 1;
    if (args->sections.count > input_count)
        rt_die("--section: more headings than files");
    struct rt_report_input *inputs = rt_alloc_zero(input_count, sizeof *inputs);
    for (size_t i = 0; i < input_count; i++) {
        read_input(&inputs[i], args, count > 0 ? files[i] : NULL);
        if (i < args->sections.count)
            inputs[i].heading = args->sections.texts[i];
    }
    const struct rt_report_form form = {
        .title = args->title,
        .rows = (size_t)args->rows,
        .periods = (size_t)args->periods,
    };
    struct rt_buffer page = {0};
    rt_report_write(&page, &form, inputs, input_count);
    page.used--; /* the last line end */
    struct rt_out out;
    rt_out_open(&out, &args->out, args->table.delimiter);
    rt_out_raw(&out, rt_buffer_get(&page));
    rt_out_end(&out);
    rt_out_finish(&out);
    rt_buffer_free(&page);
    for (size_t i = 0; i < input_count; i++)
        rt_sheet_free(&inputs[i].sheet);
    free(inputs);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-report",
        .purpose = "put metrics, goals and customers at risk on one page",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
