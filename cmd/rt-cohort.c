/*
 * rt-cohort: how many customers of each cohort come back, age by age
 *
 * A log in, metric rows out: the retention triangle of first-time or recurring cohorts, what the
 * customers of a cohort brought, and the weighted means over the cohorts that are old enough.
 */
#include <stdlib.h>
#include <string.h>

#include "libretain/cohort.h"
#include "libretain/cohort_args.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/metrics.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/table.h"

struct args {
    struct rt_cohort_args cohort;
    rt_day as_of;
    struct rt_pairs list;
    int64_t threads;
    struct rt_metrics_args metrics;
    struct rt_table_args table;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    RT_OPTS(struct args, cohort, struct rt_cohort_args, rt_cohort_options),
    {RT_OPT(struct args, as_of), .name = "as-of", .value = "DATE",
     .help = "watch up to DATE, in place of the last date; leave out what is later"},
    {RT_OPT(struct args, list), .name = "list", .value = "cohort=C,age=A",
     .help = "the customers of one cell, in place of metric rows"},
    {RT_OPT(struct args, threads), .name = "threads", .value = "N",
     .help = "1, or 2 that share the work", .standard = "2", .least = 1, .most = 2},
    RT_OPTS(struct args, metrics, struct rt_metrics_args, rt_metrics_options),
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    RT_OPT_LAST,
};

/* What the options say; where they say nothing, what `base` is, if there is one. */
static struct rt_cohort_form read_form(const struct args *args, const struct rt_cohort_form *base)
{
    struct rt_cohort_form form;
    char fault[RT_COHORT_ARGS_FAULT_BYTES];
    if (rt_cohort_args_read(&args->cohort, base, &form, fault) != 0)
        rt_die("%s", fault);
    if (base != NULL && args->metrics.confidence == NULL)
        form.confidence = base->confidence;
    else if (rt_metrics_confidence(&args->metrics, &form.confidence) != 0)
        rt_die("--conf: not between 0%% and 100%%, such as 95%%");
    return form;
}

/* Where the columns of a log are; the names of events need one too. */
static struct rt_cohort_source find_source(const struct args *args, struct rt_table *table,
                                           const struct rt_cohort_form *form)
{
    struct rt_cohort_source source = {.table = table, .threads = (int)args->threads, .sum = -1};
    if (rt_log_find(table, &source.log) != 0)
        rt_die("%s", rt_table_message(table));
    if (strcmp(form->start, "purchase") != 0 || strcmp(form->back, "purchase") != 0)
        rt_table_need_or_die(table, "event");
    if (form->sum != NULL)
        source.sum = (int)rt_table_need_or_die(table, form->sum);
    size_t *by = rt_alloc(args->metrics.by.count + 1, sizeof *by);
    for (size_t i = 0; i < args->metrics.by.count; i++)
        by[i] = rt_table_need_or_die(table, args->metrics.by.names[i]);
    source.by = by;
    return source;
}

static struct rt_cohort *read_log(const struct args *args, struct rt_table *table)
{
    const struct rt_cohort_form form = read_form(args, NULL);
    const struct rt_cohort_source source = find_source(args, table, &form);
    struct rt_cohort *cohort = rt_cohort_new(&form, args->metrics.by.count, args->as_of);
    const char *fault = args->list.count > 0 ? rt_cohort_list(cohort, &args->list) : NULL;
    if (fault == NULL)
        fault = rt_cohort_read(cohort, &source);
    if (fault != NULL)
        rt_die("%s", fault);
    free((size_t *)source.by);
    return cohort;
}

/* Options that were given must be those of the rows; the others are taken from them. */
static void check_asked(const struct args *args, const struct rt_cohort *cohort)
{
    int32_t as_of;
    const struct rt_cohort_form *learnt = rt_cohort_learnt(cohort, &as_of);
    if (learnt == NULL)
        return;
    struct rt_cohort_form asked = read_form(args, learnt);
    const char *option = rt_cohort_forms_differ(learnt, &asked);
    if (option == NULL && args->as_of != RT_DAY_NONE && args->as_of != as_of)
        option = "--as-of";
    if (option != NULL)
        rt_die("%s: the rows were made with another one", option);
    rt_cohort_form_free(&asked);
}

static struct rt_cohort *merge(const struct args *args, struct rt_table *table,
                               struct rt_metrics_reader *reader)
{
    const char *fault;
    if (args->list.count > 0)
        rt_die("--list: metric rows do not hold customers");
    if (rt_metrics_open(reader, table, &fault) != 0)
        rt_die("%s", fault);
    if (reader->form.time != RT_METRICS_COHORT)
        rt_die("the rows have no columns cohort and age: they are of another command");
    if ((fault = rt_metrics_by_differs(reader, &args->metrics.by)) != NULL)
        rt_die("%s", fault);
    struct rt_cohort *cohort = rt_cohort_new_merge(reader->form.by_count);
    struct rt_metric row;
    int status;
    while ((status = rt_metrics_next(reader, &row)) == 1)
        if ((fault = rt_cohort_merge(cohort, &row)) != NULL)
            rt_table_die(table, -1, fault);
    if (status < 0)
        rt_die("%s", rt_table_message(table));
    if ((fault = rt_cohort_merged(cohort)) != NULL)
        rt_die("%s", fault);
    check_asked(args, cohort);
    return cohort;
}

static void write_customer(void *what, const struct rt_cohort_listed *listed)
{
    struct rt_metrics_writer *writer = what;
    rt_out_text(&writer->out, listed->customer);
    for (size_t i = 0; i < writer->form.by_count; i++)
        rt_out_text(&writer->out, listed->by[i]);
    rt_out_text(&writer->out, listed->cohort);
    rt_out_text(&writer->out, listed->age);
    rt_out_end(&writer->out);
}

static const char *write_list(struct rt_metrics_writer *writer, struct rt_cohort *cohort)
{
    rt_out_string(&writer->out, "customer_id");
    for (size_t i = 0; i < writer->form.by_count; i++)
        rt_out_string(&writer->out, writer->form.by[i]);
    rt_out_string(&writer->out, "cohort");
    rt_out_string(&writer->out, "age");
    rt_out_end(&writer->out);
    return rt_cohort_listing(cohort, write_customer, writer);
}

static void write_all(const struct args *args, struct rt_cohort *cohort,
                      const struct rt_metrics_reader *reader)
{
    struct rt_metrics_writer writer = {
        .form = rt_metrics_form_of(&args->metrics, reader, RT_METRICS_COHORT)};
    rt_out_open(&writer.out, &args->out, args->table.delimiter);
    const char *fault;
    if (args->list.count > 0) {
        fault = write_list(&writer, cohort);
    } else {
        rt_metrics_header(&writer.out, &writer.form);
        fault = rt_cohort_result(cohort, rt_metrics_write, &writer);
    }
    if (fault != NULL)
        rt_die("%s", fault);
    rt_out_finish(&writer.out);
}

static int run(void *given, char **files, int count)
{
    const struct args *args = given;
    char fault[RT_METRICS_FAULT_BYTES];
    if (rt_metrics_by_fault(&args->metrics.by, fault) != NULL)
        rt_die("--by: %s", fault);
    struct rt_table *table = rt_table_open_or_die(&args->table, files, count);
    struct rt_metrics_reader reader = {0};
    struct rt_cohort *cohort =
        args->metrics.merge ? merge(args, table, &reader) : read_log(args, table);
    write_all(args, cohort, &reader);
    if (args->metrics.verbose) {
        const struct rt_cohort_counts counts = rt_cohort_counts(cohort);
        rt_note("%llu rows read, %llu after the as-of date left out, %llu customers, %llu cohorts",
                (unsigned long long)counts.rows, (unsigned long long)counts.after,
                (unsigned long long)counts.customers, (unsigned long long)counts.cohorts);
    }
    rt_cohort_free(cohort);
    rt_metrics_close(&reader);
    rt_table_close(table);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-cohort",
        .purpose = "how many customers of each cohort come back, age by age",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
