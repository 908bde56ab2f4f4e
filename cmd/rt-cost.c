/*
 * rt-cost: what new and retained customers cost, and when they pay it back
 *
 * Metric rows of rt-churn in, metric rows out: the costs that a table gives for each period and
 * group, by the customers who came and who stayed, beside the value and the margin of a customer.
 */
#include <stdio.h>
#include <stdlib.h>

#include "libretain/cost.h"
#include "libretain/err.h"
#include "libretain/metrics.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/table.h"

struct args {
    const char *costs, *ltv, *ltv_metric, *margin, *monthly;
    int64_t digits;
    bool verbose;
    struct rt_table_args table;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, costs), .name = "costs", .value = "FILE",
     .help = "a table of period, groups, acquisition_cost, retention_cost"},
    {RT_OPT(struct args, ltv), .name = "ltv", .value = "FILE",
     .help = "metric rows of the mean value of a customer, of rt-summary"},
    {RT_OPT(struct args, ltv_metric), .name = "ltv-metric", .value = "METRIC",
     .standard = "mean:ltv", .help = "which of those rows"},
    {RT_OPT(struct args, margin), .name = "margin", .value = "SHARE",
     .help = "the share of the revenue that is margin, 0.3 or 30%, for the payback"},
    {RT_OPT(struct args, monthly), .name = "monthly-margin", .value = "AMOUNT",
     .help = "the margin of a customer and month, in place of --margin"},
    {RT_OPT(struct args, digits), .name = "digits", .value = "N", .standard = "-1", .least = -1,
     .most = 17, .help = "round computed numbers to N places; -1: do not"},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "say on stderr how many costs and customers met"},
    RT_OPT_LAST,
};

static struct rt_cost_form read_args(const struct args *args)
{
    struct rt_cost_form form = {
        .ltv = args->ltv != NULL, .margin = args->margin != NULL, .monthly = args->monthly != NULL};
    struct rt_confidence share;
    if (args->costs == NULL)
        rt_die("--costs: needed: a table of period, groups, acquisition_cost, retention_cost");
    if (form.margin && form.monthly)
        rt_die("--margin and --monthly-margin exclude each other");
    if (form.margin && rt_text_is(rt_text(args->margin), "1"))
        form.share = 1;
    else if (form.margin && rt_confidence_read(rt_text(args->margin), &share) != 0)
        rt_die("--margin: not a share above 0 and up to 1, such as 0.3 or 30%%");
    else if (form.margin)
        form.share = share.share;
    if (form.monthly && (rt_decimal_read(rt_text(args->monthly), &form.per_month) != RT_READ ||
                         form.per_month.units <= 0))
        rt_die("--monthly-margin: not an amount above 0");
    return form;
}

static void open_rows(struct rt_metrics_reader *reader, struct rt_table *table)
{
    const char *fault;
    if (rt_metrics_open(reader, table, &fault) != 0)
        rt_die("%s", fault);
    if (reader->form.time != RT_METRICS_PERIOD)
        rt_die("the metric rows are of cohorts: rt-churn writes those of periods");
}

static void read_customers(struct rt_cost *cost, struct rt_metrics_reader *reader)
{
    struct rt_metric row;
    const char *fault;
    int status;
    while ((status = rt_metrics_next(reader, &row)) == 1)
        if ((fault = rt_cost_count(cost, &row)) != NULL)
            rt_table_die(reader->table, -1, fault);
    if (status < 0)
        rt_die("%s", rt_table_message(reader->table));
}

static struct rt_text cell_of(const struct rt_table *table, int column)
{
    return column < 0 ? (struct rt_text){"", 0} : rt_table_cell(table, (size_t)column);
}

static void read_costs(struct rt_cost *cost, const struct args *args,
                       const struct rt_metrics_form *form)
{
    struct rt_table *table = rt_table_open_beside(&args->table, args->costs);
    size_t *columns = rt_alloc(form->by_count + 1, sizeof *columns);
    struct rt_text *keys = rt_alloc(form->by_count + 1, sizeof *keys);
    for (size_t i = 0; i < form->by_count; i++)
        columns[i] = rt_table_need_or_die(table, form->by[i]);
    columns[form->by_count] = rt_table_need_or_die(table, "period");
    const int retained = rt_table_look_or_die(table, "retention_cost");
    const int acquired = retained < 0 ? (int)rt_table_need_or_die(table, "acquisition_cost")
                                      : rt_table_look_or_die(table, "acquisition_cost");
    while (rt_table_next_or_die(table)) {
        bool retention;
        for (size_t i = 0; i <= form->by_count; i++)
            keys[i] = rt_table_cell(table, columns[i]);
        const char *fault =
            rt_cost_add(cost, keys, cell_of(table, acquired), cell_of(table, retained), &retention);
        if (fault != NULL)
            rt_table_die(table, retention ? retained : acquired, fault);
    }
    free(columns);
    free(keys);
    rt_table_close(table);
}

static bool same_names(const struct rt_metrics_form *a, const struct rt_metrics_form *b)
{
    const struct rt_names names = {(char **)b->by, b->by_count};
    const struct rt_metrics_reader reader = {.form = *a, .by = (char **)a->by};
    return a->by_count == 0 || (names.count > 0 && rt_metrics_by_differs(&reader, &names) == NULL);
}

static void read_ltv(struct rt_cost *cost, const struct args *args,
                     const struct rt_metrics_form *form)
{
    struct rt_table *table = rt_table_open_beside(&args->table, args->ltv);
    struct rt_metrics_reader reader = {0};
    struct rt_metric row;
    open_rows(&reader, table);
    if (!same_names(&reader.form, form))
        rt_die("%s: the groups are others than those of the customers", args->ltv);
    int status;
    while ((status = rt_metrics_next(&reader, &row)) == 1) {
        if (!rt_text_is(row.metric, args->ltv_metric))
            continue;
        const char *fault = rt_cost_ltv(cost, &row, reader.form.by_count);
        if (fault != NULL)
            rt_table_die(table, -1, fault);
    }
    if (status < 0)
        rt_die("%s", rt_table_message(table));
    if (rt_cost_counts(cost).worths == 0)
        rt_die("%s: no row of the metric %s", args->ltv, args->ltv_metric);
    rt_metrics_close(&reader);
    rt_table_close(table);
}

static int run(void *given, char **files, int count)
{
    const struct args *args = given;
    struct rt_cost_form form = read_args(args);
    struct rt_table *table = rt_table_open_or_die(&args->table, files, count);
    struct rt_metrics_reader reader = {0};
    open_rows(&reader, table);
    form.by_count = reader.form.by_count;
    struct rt_cost *cost = rt_cost_new(&form);
    read_customers(cost, &reader);
    read_costs(cost, args, &reader.form);
    if (args->ltv != NULL)
        read_ltv(cost, args, &reader.form);
    const struct rt_cost_counts counts = rt_cost_counts(cost);
    if (counts.matched == 0 && counts.costs > 0 && counts.customers > 0)
        rt_die("%s: no row has the period and the groups of any customers", args->costs);
    const char *fault = rt_cost_months_fault(cost);
    if (fault != NULL)
        rt_die("--margin: %s; --monthly-margin needs no such row", fault);

    struct rt_metrics_writer writer = {.form = reader.form};
    writer.form.digits = (int)args->digits;
    rt_out_open(&writer.out, &args->out, args->table.delimiter);
    rt_metrics_header(&writer.out, &writer.form);
    struct rt_metric row;
    while (rt_cost_next(cost, &row))
        rt_metrics_write(&writer, &row);
    rt_out_finish(&writer.out);
    if (args->verbose)
        rt_note("%zu periods and groups with customers and costs, %zu with costs alone, %zu with "
                "customers alone",
                counts.matched, counts.costs, counts.customers);
    rt_cost_free(cost);
    rt_metrics_close(&reader);
    rt_table_close(table);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-cost",
        .purpose = "what new and retained customers cost, and when they pay it back",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
