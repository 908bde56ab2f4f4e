/* rt-log: turn any export into a clean log. */
#include <inttypes.h>
#include <stdlib.h>

#include "libretain/clean.h"
#include "libretain/dedupe.h"
#include "libretain/err.h"
#include "libretain/held.h"
#include "libretain/out.h"
#include "libretain/refunds.h"
#include "libretain/rejects.h"
#include "libretain/sorter.h"

enum { FIRST, LAST };     /* --dedupe-keep */
enum { NET, KEEP, DROP }; /* --refunds */

struct args {
    struct rt_table_args table;
    struct rt_out_args out;
    struct rt_names keep, dedupe;
    const char *date_format, *rejects, *max_bad, *temporary;
    rt_choice dedupe_keep, refunds;
    char decimal, group;
    bool sort, verbose;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, date_format), .name = "date-format", .value = "FORMAT",
     .help = "how dates are written, in strptime's letters, such as %d/%m/%Y"},
    {RT_OPT(struct args, decimal), .name = "decimal", .value = "CHAR", .standard = ".",
     .help = "the decimal point of amounts"},
    {RT_OPT(struct args, group), .name = "group", .value = "CHAR",
     .help = "what stands between groups of three digits in amounts"},
    {RT_OPT(struct args, keep), .name = "keep", .value = "COLS",
     .help = "keep these columns of the input too, in this order"},
    {RT_OPT(struct args, rejects), .name = "rejects", .value = "FILE",
     .help = "write bad rows to FILE and go on"},
    {RT_OPT(struct args, max_bad), .name = "max-bad", .value = "N|P%",
     .help = "with --rejects: fail where more rows than that are bad"},
    {RT_OPT(struct args, dedupe), .name = "dedupe", .value = "COLS",
     .help = "keep one of the rows that are equal in these columns"},
    {RT_OPT(struct args, dedupe_keep), .name = "dedupe-keep", .value = "first|last",
     .standard = "first", .help = "which of them --dedupe keeps"},
    {RT_OPT(struct args, refunds), .name = "refunds", .value = "net|keep|drop", .standard = "keep",
     .help = "take refunds off purchases, keep or drop them"},
    {RT_OPT(struct args, sort), .name = "sort", .help = "sort by customer and date"},
    {RT_OPT(struct args, temporary), .name = "temporary", .value = "FOLDER",
     .help = "where --sort keeps its temporary files"},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "tell on stderr what was read, kept, rejected and merged"},
    RT_OPT_LAST,
};

struct job {
    const struct args *args;
    struct rt_table *table;
    struct rt_clean clean;
    struct rt_dedupe dedupe;
    struct rt_rejects rejects;
    struct rt_out out;
    struct rt_sorter *sorter;
    bool hold;           /* a later row can change an earlier one */
    struct rt_held held; /* then all of them */
    struct rt_refund_counts refunds;
    uint64_t read, kept, merged, dropped;
};

static void die_on(const char *fault)
{
    if (fault != NULL)
        rt_die("%s", fault);
}

static void open_all(struct job *job, char **files, int count)
{
    const struct args *args = job->args;
    const struct rt_log_form form = {args->date_format, args->decimal, args->group};
    const char *option, *fault = rt_log_form_fault(&form, &option);
    if (fault != NULL)
        rt_die("--%s: %s", option, fault);
    die_on(rt_rejects_open(&job->rejects, args->rejects, args->table.delimiter, args->max_bad));
    job->table = rt_table_open_or_die(&args->table, files, count);
    if (rt_clean_open(&job->clean, job->table, &form, &args->keep) != 0 ||
        rt_dedupe_open(&job->dedupe, job->table, &args->dedupe) != 0 ||
        (args->refunds != KEEP && rt_table_need(job->table, "amount") < 0))
        die_on(rt_table_message(job->table));
    job->clean.as_they_come &= args->refunds == KEEP && args->dedupe.count == 0 && !args->sort;
    job->hold = args->refunds == NET || (args->dedupe.count > 0 && args->dedupe_keep == LAST);
    rt_held_init(&job->held, job->clean.width);
    rt_out_open(&job->out, &args->out, args->table.delimiter);
    rt_clean_write_header(&job->clean, job->table, &job->out);
    if (args->sort) /* customer_id and date are the first columns of a log */
        job->sorter = rt_sorter_open(job->clean.width, 2, args->temporary);
}

static void write_row(struct job *job, const struct rt_text *cells, bool plain)
{
    rt_clean_write(&job->clean, cells, plain, &job->out);
    job->kept++;
}

static void pass_on(struct job *job, const struct rt_text *cells, bool plain)
{
    const int amount = job->clean.place[RT_LOG_AMOUNT];
    if (job->args->refunds == DROP && cells[amount].length > 0 && cells[amount].at[0] == '-')
        job->dropped++;
    else if (job->sorter == NULL)
        write_row(job, cells, plain);
    else if (rt_sorter_add(job->sorter, cells) != 0)
        die_on(rt_sorter_message(job->sorter));
}

static void reject(struct job *job)
{
    job->read++;
    die_on(rt_rejects_add(&job->rejects, job->table, job->read));
}

static void take_row(struct job *job, const struct rt_rows *rows, size_t row)
{
    int column;
    uint64_t number = job->held.count;
    const char *reason = rt_clean_row(&job->clean, rows, row, &column);
    if (reason == NULL)
        reason = rt_dedupe_key(&job->dedupe, rows, row, &column);
    if (reason != NULL) {
        (void)rt_table_refuse_row(job->table, rows, row, column, reason);
        reject(job);
        return;
    }
    job->read++;
    if (rt_dedupe_seen(&job->dedupe, &number)) {
        job->merged++;
        if (job->args->dedupe_keep == LAST)
            rt_held_replace(&job->held, number, job->clean.cells);
    } else if (job->hold) {
        rt_held_add(&job->held, job->clean.cells);
    } else {
        pass_on(job, job->clean.cells, job->clean.plain);
    }
}

static void take_block(struct job *job, const struct rt_rows *rows)
{
    for (size_t row = 0; row < rows->count;) {
        const size_t copied = rt_clean_copy(&job->clean, rows, row, &job->out);
        job->read += copied;
        job->kept += copied;
        row += copied;
        if (row < rows->count)
            take_row(job, rows, row++);
    }
}

static void read_all(struct job *job)
{
    struct rt_rows *rows = rt_rows_new();
    int more;
    while ((more = rt_table_read(job->table, rows)) != 0) {
        if (more > 0)
            take_block(job, rows);
        else
            reject(job);
    }
    rt_rows_free(rows);
    die_on(rt_rejects_finish(&job->rejects, job->read));
}

/* What had to wait for the last row. */
static void write_rest(struct job *job)
{
    struct rt_text *cells = rt_alloc(job->clean.width, sizeof *cells);
    if (job->args->refunds == NET)
        rt_refunds_net(&job->held, job->clean.place, &job->refunds);
    for (size_t row = 0; row < job->held.count; row++)
        if (rt_held_row(&job->held, row, cells))
            pass_on(job, cells, false);
    while (job->sorter != NULL && rt_sorter_next(job->sorter, cells) > 0)
        write_row(job, cells, false);
    die_on(rt_sorter_message(job->sorter));
    rt_out_finish(&job->out);
    free(cells);
}

static void report(const struct job *job)
{
    rt_note("%" PRIu64 " rows read, %" PRIu64 " kept, %" PRIu64 " rejected, %" PRIu64 " merged",
            job->read, job->kept, job->rejects.bad, job->merged);
    if (job->args->refunds != KEEP)
        rt_note("refunds: %" PRIu64 " netted, %" PRIu64 " left, %" PRIu64 " dropped; %" PRIu64
                " purchases came to zero",
                job->refunds.netted, job->refunds.left, job->dropped, job->refunds.purchases);
}

static int run(void *what, char **files, int count)
{
    struct job job = {.args = what};
    open_all(&job, files, count);
    read_all(&job);
    write_rest(&job);
    if (job.args->verbose)
        report(&job);
    rt_sorter_close(job.sorter);
    rt_held_free(&job.held);
    rt_dedupe_free(&job.dedupe);
    rt_clean_free(&job.clean);
    rt_table_close(job.table);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        "rt-log", "turn any export into a clean log", "[FILE]...", options, sizeof(struct args),
        run};
    return rt_main(&command, argc, argv);
}
