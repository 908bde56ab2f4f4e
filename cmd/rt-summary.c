/*
 * rt-summary: count and measure groups of customers
 *
 * Rows in, metric rows out: how many customers each group has, what share of all they are, what
 * they bring, and statistics of any numeric column, with intervals.
 */
#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/interval.h"
#include "libretain/metrics.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/summary.h"
#include "libretain/table.h"

struct args {
    struct rt_metrics_args metrics;
    struct rt_names stats;
    struct rt_names matrix;
    bool values;
    struct rt_table_args table;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    RT_OPTS(struct args, metrics, struct rt_metrics_args, rt_metrics_options),
    {RT_OPT(struct args, stats), .name = "stat", .value = "F:COL[,F:COL]",
     .help = "count, sum, mean, min, max, median, p1 to p99 of columns"},
    {RT_OPT(struct args, matrix), .name = "matrix", .value = "FROM,TO",
     .help = "movement between the values of two columns, in place of the rest"},
    {RT_OPT(struct args, values), .name = "values",
     .help = "write the counted values too, so that -m can merge medians"},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    RT_OPT_LAST,
};

/* What the options say, read. `by` holds the names of all key columns, borrowed. */
struct job {
    const struct args *args;
    struct rt_names by;
    struct rt_summary_form form;
};

static void check(const char *option, const char *fault)
{
    if (fault != NULL)
        rt_die("--%s: %s", option, fault);
}

static struct job read_args(const struct args *args)
{
    struct job job = {.args = args};
    const struct rt_names *by = &args->metrics.by, *matrix = &args->matrix;
    if (matrix->count != 0 && matrix->count != 2)
        rt_die("--matrix: not two columns");
    if (matrix->count != 0 && args->stats.count != 0)
        rt_die("--matrix: takes no --stat");
    job.by.names = rt_alloc(by->count + matrix->count + 1, sizeof *job.by.names);
    for (size_t i = 0; i < by->count; i++)
        job.by.names[job.by.count++] = by->names[i];
    for (size_t i = 0; i < matrix->count; i++)
        job.by.names[job.by.count++] = matrix->names[i];
    char fault[RT_METRICS_FAULT_BYTES];
    check(matrix->count != 0 ? "matrix" : "by", rt_metrics_by_fault(&job.by, fault));
    if (rt_metrics_confidence(&args->metrics, &job.form.confidence) != 0)
        rt_die("--conf: not between 0%% and 100%%, such as 95%%");
    for (size_t i = 0; i < args->stats.count; i++)
        check("stat", rt_stats_add(&job.form.stats, rt_text(args->stats.names[i])));
    job.form.by_count = job.by.count;
    job.form.matrix = matrix->count != 0;
    job.form.values = args->values;
    return job;
}

/* Where the columns of the key are, then the revenue, then those of the statistics. */
static size_t *find_columns(struct job *job, struct rt_table *table, size_t *count)
{
    size_t *columns = rt_alloc(job->by.count + 1 + job->form.stats.count, sizeof *columns);
    *count = 0;
    for (size_t i = 0; i < job->by.count; i++)
        columns[(*count)++] = rt_table_need_or_die(table, job->by.names[i]);
    const int revenue = job->form.matrix ? -1 : rt_table_look_or_die(table, "revenue");
    job->form.revenue = revenue >= 0;
    if (job->form.revenue)
        columns[(*count)++] = (size_t)revenue;
    for (size_t i = 0; i < job->form.stats.count; i++)
        columns[(*count)++] = rt_table_need_or_die(table, job->form.stats.stats[i].column);
    return columns;
}

static void add_rows(struct rt_summary *summary, struct rt_table *table, const size_t *columns,
                     size_t by_count, size_t count)
{
    struct rt_rows *rows = rt_rows_new();
    struct rt_group_key key = {0};
    struct rt_text *cells = rt_alloc(count + 1, sizeof *cells);
    int status;
    while ((status = rt_table_read(table, rows)) == 1)
        for (size_t row = 0; row < rows->count; row++) {
            for (size_t i = 0; i < count; i++)
                cells[i] = rt_cell(rows, row, columns[i]);
            struct rt_text group = by_count == 1 ? cells[0] : (struct rt_text){"", 0};
            if (by_count > 1) {
                rt_group_key_clear(&key);
                for (size_t i = 0; i < by_count; i++)
                    rt_group_key_add(&key, cells[i]);
                group = rt_group_key_text(&key);
            }
            const char *reason;
            const size_t bad = rt_summary_add(summary, group, cells + by_count, &reason);
            if (bad != 0) {
                rt_table_refuse_row(table, rows, row, (int)columns[by_count + bad - 1], reason);
                rt_die("%s", rt_table_message(table));
            }
        }
    if (status < 0)
        rt_die("%s", rt_table_message(table));
    free(cells);
    rt_group_key_free(&key);
    rt_rows_free(rows);
}

static struct rt_summary *summarize(struct job *job, struct rt_table *table)
{
    size_t count;
    size_t *columns = find_columns(job, table, &count);
    struct rt_summary *summary = rt_summary_new(job->form);
    add_rows(summary, table, columns, job->by.count, count);
    free(columns);
    return summary;
}

/* Options that were given must be those of the rows; the others are taken from them. */
static struct rt_summary *merge(struct job *job, struct rt_table *table,
                                struct rt_metrics_reader *reader)
{
    const char *fault;
    if (rt_metrics_open(reader, table, &fault) != 0)
        rt_die("%s", fault);
    if ((fault = rt_metrics_by_differs(reader, &job->by)) != NULL)
        rt_die("%s", fault);
    struct rt_summary *summary = rt_summary_new_merge(reader->form.by_count);
    struct rt_metric row;
    int status;
    while ((status = rt_metrics_next(reader, &row)) == 1)
        if ((fault = rt_summary_merge(summary, &row)) != NULL)
            rt_table_die(table, -1, fault);
    if (status < 0)
        rt_die("%s", rt_table_message(table));
    fault = rt_summary_merged(summary, &job->form, job->args->metrics.confidence != NULL);
    if (fault != NULL)
        rt_die("%s", fault);
    rt_stats_free(&job->form.stats);
    return summary;
}

static void write_rows(const struct job *job, struct rt_summary *summary, char *const *by)
{
    struct rt_out out;
    rt_out_open(&out, &job->args->out, job->args->table.delimiter);
    const struct rt_metrics_form form = {.by = by,
                                         .by_count = rt_summary_form(summary)->by_count,
                                         .time = RT_METRICS_PERIOD,
                                         .digits = (int)job->args->metrics.digits};
    rt_metrics_header(&out, &form);
    struct rt_metric row;
    while (rt_summary_next(summary, &row))
        rt_metrics_row(&out, &form, &row);
    rt_out_finish(&out);
}

static int run(void *given, char **files, int count)
{
    const struct args *args = given;
    struct job job = read_args(args);
    struct rt_table *table = rt_table_open_or_die(&args->table, files, count);
    struct rt_metrics_reader reader = {0};
    struct rt_summary *summary =
        args->metrics.merge ? merge(&job, table, &reader) : summarize(&job, table);
    write_rows(&job, summary, args->metrics.merge ? reader.by : job.by.names);
    if (args->metrics.verbose)
        rt_note("%lld rows, %zu groups, %lld empty cells left out",
                (long long)rt_summary_rows(summary), rt_summary_groups(summary),
                (long long)rt_summary_empty(summary));
    rt_summary_free(summary);
    rt_metrics_close(&reader);
    rt_table_close(table);
    free(job.by.names);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-summary",
        .purpose = "count and measure groups of customers",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
