/*
 * rt-churn: who came, stayed, left and came back in each period
 *
 * A log in, metric rows out: the customers of each period and how they changed, churn and retention
 * by the definitions in use, repeat purchases and order values, with intervals.
 */
#include <stdlib.h>

#include "libretain/churn.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/metrics.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/table.h"

struct args {
    const char *period, *idle; /* NULL where not given */
    rt_choice week_start;
    rt_day as_of;
    const char *purchase;
    bool list;
    int64_t threads;
    struct rt_metrics_args metrics;
    struct rt_table_args in;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, period), .name = "period", .value = "day|week|month|quarter|year|Nd",
     .help = "count by these; month unless given"},
    {RT_OPT(struct args, week_start), .name = "week-start", .value = "monday|sunday",
     .help = "the first day of a week", .standard = "monday"},
    {RT_OPT(struct args, idle), .name = "idle", .value = "DAYS|auto",
     .help = "active while the last purchase is at most so far back; 90 unless given"},
    {RT_OPT(struct args, as_of), .name = "as-of", .value = "DATE",
     .help = "count up to DATE, and leave out what is later"},
    {RT_OPT(struct args, list), .name = "list",
     .help = "write the customers of each period and what they were, in place of numbers"},
    {RT_OPT(struct args, purchase), .name = "purchase", .value = "EVENT",
     .help = "which event is a purchase", .standard = "purchase"},
    RT_OPTS(struct args, metrics, struct rt_metrics_args, rt_metrics_options),
    {RT_OPT(struct args, threads), .name = "threads", .value = "N",
     .help = "1, or 2 that share the work", .standard = "2", .least = 1, .most = 2},
    RT_OPTS(struct args, in, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    RT_OPT_LAST,
};

static int32_t read_idle(const char *text)
{
    struct rt_decimal days;
    if (rt_text_is(rt_text(text), "auto"))
        return RT_CHURN_AUTO;
    if (rt_decimal_read(rt_text(text), &days) != RT_READ || days.places != 0 || days.units < 0 ||
        days.units > RT_CHURN_MOST_IDLE)
        rt_die("--idle: neither auto nor a number of days from 0 to %d", RT_CHURN_MOST_IDLE);
    return (int32_t)days.units;
}

static struct rt_churn_form read_form(const struct args *args)
{
    struct rt_churn_form form = {.as_of = args->as_of, .by_count = args->metrics.by.count};
    const char *period = args->period != NULL ? args->period : "month";
    if (rt_period_read(rt_text(period), args->week_start == 1, &form.period) != 0)
        rt_die("--period: not day, week, month, quarter, year, or days such as 30d");
    form.idle = read_idle(args->idle != NULL ? args->idle : "90");
    char fault[RT_METRICS_FAULT_BYTES];
    if (rt_metrics_by_fault(&args->metrics.by, fault) != NULL)
        rt_die("--by: %s", fault);
    if (rt_metrics_confidence(&args->metrics, &form.confidence) != 0)
        rt_die("--conf: not between 0%% and 100%%, such as 95%%");
    if (args->list && args->metrics.merge)
        rt_die("--list: metric rows hold no customers");
    return form;
}

static struct rt_churn *read_log(const struct args *args, struct rt_churn_form *form,
                                 struct rt_table *table)
{
    const struct rt_names *by = &args->metrics.by;
    struct rt_churn_source source = {.table = table,
                                     .purchase = args->purchase,
                                     .threads = (int)args->threads,
                                     .list = args->list};
    if (rt_log_find(table, &source.log) != 0)
        rt_die("%s", rt_table_message(table));
    form->amounts = source.log.at[RT_LOG_AMOUNT] >= 0;
    size_t *columns = rt_alloc(by->count + 1, sizeof *columns);
    for (size_t i = 0; i < by->count; i++)
        columns[i] = rt_table_need_or_die(table, by->names[i]);
    source.by = columns;
    struct rt_churn *churn = rt_churn_new(form);
    const char *fault = rt_churn_read(churn, &source);
    if (fault != NULL)
        rt_die("%s", fault);
    free(columns);
    return churn;
}

/* Options that were given must be those of the rows; the others are taken from them. */
static struct rt_churn *merge(const struct args *args, const struct rt_churn_form *form,
                              struct rt_table *table, struct rt_metrics_reader *reader)
{
    const char *fault;
    if (rt_metrics_open(reader, table, &fault) != 0)
        rt_die("%s", fault);
    if ((fault = rt_metrics_by_differs(reader, &args->metrics.by)) != NULL)
        rt_die("%s", fault);
    if (reader->form.time != RT_METRICS_PERIOD)
        rt_die("not metric rows of this command: they have cohorts");
    struct rt_churn *churn = rt_churn_new_merge(reader->form.by_count);
    struct rt_metric row;
    int status;
    while ((status = rt_metrics_next(reader, &row)) == 1)
        if ((fault = rt_churn_merge(churn, &row)) != NULL)
            rt_table_die(table, -1, fault);
    if (status < 0)
        rt_die("%s", rt_table_message(table));
    const struct rt_churn_asked asked = {
        .period = args->period != NULL ? &form->period : NULL,
        .idle = args->idle != NULL ? &form->idle : NULL,
        .as_of = form->as_of,
        .confidence = &form->confidence,
        .confident = args->metrics.confidence != NULL,
    };
    if ((fault = rt_churn_merged(churn, &asked)) != NULL)
        rt_die("%s", fault);
    return churn;
}

static void write_place(void *what, const struct rt_churn_place *place)
{
    struct rt_metrics_writer *writer = what;
    rt_out_text(&writer->out, place->customer);
    for (size_t i = 0; i <= writer->form.by_count; i++)
        rt_out_text(&writer->out, place->keys[i]);
    rt_out_string(&writer->out, place->state);
    rt_out_end(&writer->out);
}

static void write_list(struct rt_metrics_writer *writer, struct rt_churn *churn)
{
    rt_out_string(&writer->out, "customer_id");
    for (size_t i = 0; i < writer->form.by_count; i++)
        rt_out_string(&writer->out, writer->form.by[i]);
    rt_out_string(&writer->out, "period");
    rt_out_string(&writer->out, "state");
    rt_out_end(&writer->out);
    rt_churn_list(churn, write_place, writer);
}

static void write_metrics(struct rt_metrics_writer *writer, struct rt_churn *churn, bool merged)
{
    rt_metrics_header(&writer->out, &writer->form);
    const char *broken = rt_churn_rows(churn, rt_metrics_write, writer);
    if (broken != NULL)
        rt_die("%s: the customers of period %s do not add up",
               merged ? "changed rows" : "internal error", broken);
}

static int run(void *given, char **files, int count)
{
    const struct args *args = given;
    struct rt_churn_form form = read_form(args);
    struct rt_table *table = rt_table_open_or_die(&args->in, files, count);
    struct rt_metrics_reader reader = {0};
    const bool merged = args->metrics.merge;
    struct rt_churn *churn =
        merged ? merge(args, &form, table, &reader) : read_log(args, &form, table);
    struct rt_metrics_writer writer = {
        .form = rt_metrics_form_of(&args->metrics, &reader, RT_METRICS_PERIOD)};
    rt_out_open(&writer.out, &args->out, args->in.delimiter);
    if (args->list)
        write_list(&writer, churn);
    else
        write_metrics(&writer, churn, merged);
    rt_out_finish(&writer.out);
    const struct rt_churn_counts counts = rt_churn_counts(churn);
    if (args->metrics.verbose)
        rt_note("%lld rows read, %lld after the as-of date left out, %zu customers, %zu groups",
                (long long)counts.rows, (long long)counts.after, counts.customers, counts.groups);
    rt_churn_free(churn);
    rt_metrics_close(&reader);
    rt_table_close(table);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-churn",
        .purpose = "who came, stayed, left and came back in each period",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
