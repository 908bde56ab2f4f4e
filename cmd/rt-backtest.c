/*
 * rt-backtest: whether predictions came true, beside recency alone
 *
 * Profiles with a holdout and predictions in, metric rows out: how well they told who would come
 * back, how often and for how much, each beside what the time since the last purchase would say.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "libretain/backtest.h"
#include "libretain/err.h"
#include "libretain/metrics.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/table.h"

struct args {
    struct rt_names by;
    const char *confidence;
    int64_t digits;
    bool verbose;
    struct rt_table_args table;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, by), .name = "by", .value = "COL[,COL]",
     .help = "one group of rows for each value of these columns"},
    {RT_OPT(struct args, confidence), .name = "conf", .value = "P%", .standard = "95%",
     .help = "confidence of the intervals, 90% or 0.9"},
    {RT_OPT(struct args, digits), .name = "digits", .value = "N", .standard = "-1", .least = -1,
     .most = 17, .help = "round computed numbers to N places; -1: do not"},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "say on stderr how many rows were read and left out"},
    RT_OPT_LAST,
};

enum column { X_STAR, RECENCY, ALIVE, ORDERS, SPEND, REVENUE, COLUMNS };
static const char *const names[COLUMNS] = {"x_star",          "recency_days",   "p_alive",
                                           "expected_orders", "expected_spend", "revenue_star"};

struct job {
    const struct args *args;
    struct rt_table *table;
    struct rt_backtest_form form;
    size_t *by;
    int columns[COLUMNS]; /* -1: not there, and not needed */
    uint64_t rows, left_out;
};

/* What is there of the predictions decides what is asked of them. */
static void choose_columns(struct job *job)
{
    const struct rt_names *by = &job->args->by;
    char fault[RT_METRICS_FAULT_BYTES];
    if (rt_metrics_by_fault(by, fault) != NULL)
        rt_die("--by: %s", fault);
    job->by = rt_alloc(by->count + 1, sizeof *job->by);
    for (size_t i = 0; i < by->count; i++)
        job->by[i] = rt_table_need_or_die(job->table, by->names[i]);
    for (enum column i = 0; i < COLUMNS; i++)
        job->columns[i] = i <= RECENCY ? (int)rt_table_need_or_die(job->table, names[i])
                                       : rt_table_look_or_die(job->table, names[i]);
    job->form.by_count = by->count;
    job->form.score = names[ALIVE];
    const int order = rt_table_look_or_die(job->table, "p_order");
    if (order >= 0) {
        job->form.score = "p_order";
        job->columns[ALIVE] = order;
    }
    job->form.alive = job->columns[ALIVE] >= 0;
    job->form.orders = job->columns[ORDERS] >= 0;
    job->form.spend = job->columns[SPEND] >= 0;
    if (!job->form.alive && !job->form.orders)
        (void)rt_table_need_or_die(job->table, names[job->form.spend ? ORDERS : ALIVE]);
    if (job->form.spend) {
        (void)rt_table_need_or_die(job->table, names[ORDERS]);
        (void)rt_table_need_or_die(job->table, names[REVENUE]);
    }
}

static struct rt_text cell_of(const struct job *job, enum column column)
{
    return rt_table_cell(job->table, (size_t)job->columns[column]);
}

static int64_t read_whole(struct job *job, enum column column)
{
    struct rt_decimal value;
    if (rt_decimal_read(cell_of(job, column), &value) != RT_READ || value.places != 0 ||
        value.units < 0)
        rt_table_die(job->table, job->columns[column], "not a whole number from 0");
    return value.units;
}

/* nan where the cell is empty, or the column is not there. */
static double read_real(struct job *job, enum column column, double least, double most,
                        const char *reason)
{
    double value = 0;
    if (job->columns[column] < 0)
        return 0;
    if (rt_real_read(cell_of(job, column), &value) != 0 || value < least || value > most)
        rt_table_die(job->table, job->columns[column], reason);
    return value;
}

/* Customers of whom nothing was predicted are left out, so that all figures are of the same. */
static bool read_customer(struct job *job, struct rt_backtest_customer *customer)
{
    static const char number[] = "not a number", positive[] = "not a number from 0";
    for (enum column i = ALIVE; i < COLUMNS; i++)
        if (job->columns[i] >= 0 && i != REVENUE && cell_of(job, i).length == 0)
            return false;
    *customer = (struct rt_backtest_customer){
        .came = read_whole(job, X_STAR),
        .recency = read_whole(job, RECENCY),
        .alive = read_real(job, ALIVE, 0, 1, "not a probability from 0 to 1"),
        .orders = read_real(job, ORDERS, 0, 1e300, positive),
    };
    if (job->form.spend) {
        customer->revenue = read_real(job, REVENUE, -1e300, 1e300, number);
        customer->spend =
            customer->orders * read_real(job, SPEND, 0, 1e300 / (customer->orders + 1), positive);
    }
    return true;
}

static void read_rows(struct job *job, struct rt_backtest *backtest)
{
    struct rt_group_key key = {0};
    struct rt_backtest_customer customer;
    while (rt_table_next_or_die(job->table)) {
        job->rows++;
        if (!read_customer(job, &customer)) {
            job->left_out++;
            continue;
        }
        rt_group_key_clear(&key);
        for (size_t i = 0; i < job->form.by_count; i++)
            rt_group_key_add(&key, rt_table_cell(job->table, job->by[i]));
        const struct rt_text group =
            job->form.by_count > 0 ? rt_group_key_text(&key) : (struct rt_text){"", 0};
        rt_backtest_add(backtest, group, &customer);
    }
    rt_group_key_free(&key);
}

static int run(void *given, char **files, int count)
{
    const struct args *args = given;
    struct job job = {.args = args};
    if (rt_confidence_read(rt_text(args->confidence), &job.form.confidence) != 0)
        rt_die("--conf: not between 0%% and 100%%, such as 95%%");
    job.table = rt_table_open_or_die(&args->table, files, count);
    choose_columns(&job);
    struct rt_backtest *backtest = rt_backtest_new(&job.form);
    read_rows(&job, backtest);

    struct rt_metrics_writer writer = {.form = {.by = args->by.names,
                                                .by_count = args->by.count,
                                                .time = RT_METRICS_PERIOD,
                                                .digits = (int)args->digits}};
    rt_out_open(&writer.out, &args->out, args->table.delimiter);
    rt_metrics_header(&writer.out, &writer.form);
    struct rt_metric row;
    while (rt_backtest_next(backtest, &row))
        rt_metrics_write(&writer, &row);
    rt_out_finish(&writer.out);
    if (args->verbose)
        rt_note("%" PRIu64 " rows, %" PRIu64 " without predictions left out", job.rows,
                job.left_out);
    rt_backtest_free(backtest);
    rt_table_close(job.table);
    free(job.by);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-backtest",
        .purpose = "whether predictions came true, beside recency alone",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
