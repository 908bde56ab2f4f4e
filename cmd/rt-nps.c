/*
 * rt-nps: measure how customers answer surveys
 *
 * Answers in, metric rows out: the net promoter score, satisfaction or effort of each group and
 * period, with intervals, and how it changed.
 */
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/metrics.h"
#include "libretain/nps.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/table.h"

struct args {
    const char *metric, *scale, *interval, *period, *dedupe;
    rt_choice week;
    bool histogram, compare;
    int64_t min_n, threads;
    struct rt_metrics_args metrics;
    struct rt_table_args table;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, metric), .name = "metric", .value = "nps|csat|ces",
     .help = "net promoter score, satisfaction or effort; nps unless given"},
    {RT_OPT(struct args, scale), .name = "scale", .value = "1-5|1-7",
     .help = "the scores of ces; 1-7 unless given"},
    {RT_OPT(struct args, interval), .name = "ci", .value = "wald|score",
     .help = "interval of nps: adjusted Wald, or score test; wald unless given"},
    {RT_OPT(struct args, histogram), .name = "histogram", .help = "a row for each score too"},
    {RT_OPT(struct args, period), .name = "period", .value = "day|week|month|quarter|year|Nd",
     .help = "one group of rows for each of these periods"},
    {RT_OPT(struct args, week), .name = "week-start", .value = "monday|sunday",
     .help = "where weeks start", .standard = "monday"},
    {RT_OPT(struct args, compare), .name = "compare",
     .help = "the change against the period before, with p-values"},
    {RT_OPT(struct args, min_n), .name = "min-n", .value = "N",
     .help = "hide the numbers of groups with fewer answers", .standard = "0", .least = 0,
     .most = INT64_MAX},
    {RT_OPT(struct args, dedupe), .name = "dedupe", .value = "last|DAYS",
     .help = "a customer's last answer of the period, or none within DAYS of one"},
    RT_OPTS(struct args, metrics, struct rt_metrics_args, rt_metrics_options),
    {RT_OPT(struct args, threads), .name = "threads", .value = "N",
     .help = "1, or 2 that share the work", .standard = "2", .least = 1, .most = 2},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    RT_OPT_LAST,
};

/* The place of a word in a list like that of the option's value; the first where none was given. */
static unsigned choose(const char *option, const char *word, const char *const *words)
{
    unsigned place = 0;
    while (word != NULL && words[place] != NULL && strcmp(word, words[place]) != 0)
        place++;
    if (words[place] == NULL)
        rt_die("--%s: none of the words that it takes", option);
    return place;
}

static struct rt_nps_asked read_args(const struct args *args)
{
    static const char *const metrics[] = {"nps", "csat", "ces", NULL};
    static const char *const scales[] = {"1-7", "1-5", NULL};
    static const char *const intervals[] = {"wald", "score", NULL};
    struct rt_nps_asked asked = {.metric = args->metric != NULL,
                                 .scale = args->scale != NULL,
                                 .interval = args->interval != NULL,
                                 .confidence = args->metrics.confidence != NULL};
    struct rt_nps_form *form = &asked.form;
    char fault[RT_METRICS_FAULT_BYTES];
    if (rt_metrics_by_fault(&args->metrics.by, fault) != NULL)
        rt_die("--by: %s", fault);
    if (rt_metrics_confidence(&args->metrics, &form->confidence) != 0)
        rt_die("--conf: not between 0%% and 100%%, such as 95%%");
    form->metric = (enum rt_nps_metric)choose("metric", args->metric, metrics);
    form->short_scale = choose("scale", args->scale, scales) == 1;
    form->score_test = choose("ci", args->interval, intervals) == 1;
    form->periods = args->period != NULL;
    if (form->periods && rt_period_read(rt_text(args->period), args->week == 1, &form->period) != 0)
        rt_die("--period: not day, week, month, quarter, year or a number of days such as 30d");
    if (args->dedupe != NULL && rt_nps_read_dedupe(rt_text(args->dedupe), form) != 0)
        rt_die("--dedupe: neither last nor a number of days");
    form->by_count = args->metrics.by.count;
    form->histogram = args->histogram;
    form->compare = args->compare;
    form->min_n = args->min_n;
    if (args->metrics.merge)
        return asked;
    if (asked.scale && form->metric != RT_NPS_CES)
        rt_die("--scale: only --metric ces has a choice of scales");
    if (asked.interval && form->metric != RT_NPS_NPS)
        rt_die("--ci: only --metric nps has a choice of intervals");
    if (form->compare && !form->periods)
        rt_die("--compare: needs --period");
    return asked;
}

static struct rt_nps *count(const struct args *args, const struct rt_nps_form *form,
                            struct rt_table *table)
{
    const struct rt_names *names = &args->metrics.by;
    size_t *by = rt_alloc(names->count + 1, sizeof *by);
    for (size_t i = 0; i < names->count; i++)
        by[i] = rt_table_need_or_die(table, names->names[i]);
    struct rt_nps_columns columns = {by, rt_table_need_or_die(table, "score"), -1, -1};
    if (form->periods || form->dedupe != RT_NPS_ALL)
        columns.date = (int)rt_table_need_or_die(table, "date");
    if (form->dedupe != RT_NPS_ALL)
        columns.customer = (int)rt_table_need_or_die(table, "customer_id");
    struct rt_nps *nps = rt_nps_new(*form);
    if (rt_nps_add_all(nps, table, &columns, (int)args->threads) != 0)
        rt_die("%s", rt_table_message(table));
    free(by);
    return nps;
}

/* Options that were given must be those of the rows; the others are taken from them. */
static struct rt_nps *merge(const struct args *args, const struct rt_nps_asked *asked,
                            struct rt_table *table, struct rt_metrics_reader *reader)
{
    const char *fault;
    if (rt_metrics_open(reader, table, &fault) != 0 ||
        (fault = rt_metrics_by_differs(reader, &args->metrics.by)) != NULL)
        rt_die("%s", fault);
    struct rt_nps *nps = rt_nps_new_merge(reader->form.by_count);
    struct rt_metric row;
    int status;
    while ((status = rt_metrics_next(reader, &row)) == 1)
        if ((fault = rt_nps_merge(nps, &row)) != NULL)
            rt_table_die(table, -1, fault);
    if (status < 0)
        rt_die("%s", rt_table_message(table));
    if ((fault = rt_nps_merged(nps, asked)) != NULL)
        rt_die("%s", fault);
    return nps;
}

static void write_rows(const struct args *args, struct rt_nps *nps,
                       const struct rt_metrics_form *form)
{
    struct rt_out out;
    rt_out_open(&out, &args->out, args->table.delimiter);
    rt_metrics_header(&out, form);
    struct rt_metric row;
    while (rt_nps_next(nps, &row))
        rt_metrics_row(&out, form, &row);
    rt_out_finish(&out);
}

static int run(void *given, char **files, int file_count)
{
    const struct args *args = given;
    const struct rt_nps_asked asked = read_args(args);
    struct rt_table *table = rt_table_open_or_die(&args->table, files, file_count);
    struct rt_metrics_reader reader = {0};
    const bool merging = args->metrics.merge;
    struct rt_nps *nps =
        merging ? merge(args, &asked, table, &reader) : count(args, &asked.form, table);
    const struct rt_metrics_form form =
        rt_metrics_form_of(&args->metrics, &reader, RT_METRICS_PERIOD);
    write_rows(args, nps, &form);
    if (args->metrics.verbose) {
        const struct rt_nps_totals totals = rt_nps_totals(nps);
        rt_note("%lld rows read, %lld dismissed surveys, %lld answers weeded out, %lld groups and "
                "periods",
                (long long)totals.rows, (long long)totals.dismissed, (long long)totals.weeded,
                (long long)totals.cells);
    }
    rt_nps_free(nps);
    rt_metrics_close(&reader);
    rt_table_close(table);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-nps",
        .purpose = "measure how customers answer surveys",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
