/*
 * rt-goal: whether goals are met, will be met, or there is news
 *
 * Metric rows and goals in, goal rows out, and exit status 1 where a goal was missed; or the change
 * of a metric from one period to the next, and exit status 1 where it is more than chance.
 */
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/goal.h"
#include "libretain/goal_rows.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/series.h"
#include "libretain/table.h"

struct args {
    const char *goals, *benchmark;
    struct rt_texts alerts;
    rt_day as_of;
    int64_t periods, digits;
    bool quiet, verbose;
    struct rt_table_args in;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, goals), .name = "goals", .value = "FILE",
     .help = "judge these goals: goal,metric,op,target,due[,owner] and keys of the rows"},
    {RT_OPT(struct args, alerts), .name = "alert", .value = "METRIC:up|down",
     .help = "in place of goals: did it rise or fall since the period before, beyond chance"},
    {RT_OPT(struct args, as_of), .name = "as-of", .value = "DATE",
     .help = "look at the periods that had ended on DATE; all complete ones unless given"},
    {RT_OPT(struct args, periods), .name = "periods", .value = "N",
     .help = "take the trend of the last N complete periods", .standard = "12", .least = 3,
     .most = 100000},
    {RT_OPT(struct args, benchmark), .name = "benchmark", .value = "FILE",
     .help = "add figures to compare with, and the gap to them: metric,value and keys"},
    {RT_OPT(struct args, digits), .name = "digits", .value = "N",
     .help = "round computed numbers to N places; -1: not at all", .standard = "4", .least = -1,
     .most = 17},
    {RT_OPT(struct args, quiet), .letter = 'q', .name = "quiet",
     .help = "write nothing where the exit status is 0"},
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "print on stderr how many goals were met, missed and are open"},
    RT_OPTS(struct args, in, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    RT_OPT_LAST,
};

static void check_args(const struct args *args)
{
    if ((args->goals != NULL) == (args->alerts.count > 0))
        rt_die("either --goals or --alert is needed");
    if (args->benchmark != NULL && args->goals == NULL)
        rt_die("--benchmark: needs --goals");
}

static void judge(const struct args *args, struct rt_goal_rows *rows)
{
    struct rt_goals goals = {0}, benchmarks = {0};
    const bool compare = args->benchmark != NULL;
    const char *fault = rt_goals_open(&goals, &args->in, args->goals, rows->series);
    if (fault == NULL && compare)
        fault = rt_benchmarks_open(&benchmarks, &args->in, args->benchmark, rows->series);
    if (fault != NULL)
        rt_die("%s", fault);
    if (rt_goal_rows_goals(rows, args->goals, &goals, args->benchmark,
                           compare ? &benchmarks : NULL) != 0)
        rt_die("%s", rows->fault);
    rt_goals_free(&goals);
    if (compare)
        rt_goals_free(&benchmarks);
}

static void look_for_news(const struct args *args, struct rt_goal_rows *rows)
{
    if (rt_goal_rows_changes(rows) != 0)
        rt_die("%s", rows->fault);
    for (size_t i = 0; i < args->alerts.count; i++) {
        char *metric = args->alerts.texts[i], *colon = strrchr(metric, ':');
        const bool up = colon != NULL && strcmp(colon, ":up") == 0;
        if (colon == NULL || colon == metric || (!up && strcmp(colon, ":down") != 0))
            rt_die("--alert: neither METRIC:up nor METRIC:down");
        *colon = '\0';
        if (rt_goal_rows_change(rows, metric, up) != 0)
            rt_die("%s", rows->fault);
    }
}

static void tell(const struct args *args, const struct rt_goal_rows *rows)
{
    if (args->goals != NULL)
        rt_note("%lld goals met, %lld missed, %lld open", (long long)rows->states[RT_GOAL_MET],
                (long long)rows->states[RT_GOAL_MISSED], (long long)rows->states[RT_GOAL_OPEN]);
    else
        rt_note("%lld changes, %lld beyond chance", (long long)rows->changes,
                (long long)rows->news);
}

static int run(void *given, char **files, int count)
{
    const struct args *args = given;
    check_args(args);
    struct rt_table *table = rt_table_open_or_die(&args->in, files, count);
    const char *fault;
    struct rt_serieses *series = rt_series_read(table, &fault);
    if (series == NULL)
        rt_die("%s", fault);
    /* Into memory first: nothing leaves before the last goal is judged. */
    struct rt_out out, held;
    rt_out_open_memory(&held, args->in.delimiter);
    struct rt_goal_rows rows = {.series = series,
                                .as_of = args->as_of,
                                .periods = args->periods,
                                .digits = (int)args->digits,
                                .out = &held};
    if (args->goals != NULL)
        judge(args, &rows);
    else
        look_for_news(args, &rows);
    const bool holds = rows.states[RT_GOAL_MISSED] > 0 || rows.news > 0;
    if (holds || !args->quiet) {
        rt_out_open(&out, &args->out, args->in.delimiter);
        rt_out_move(&out, &held);
        rt_out_finish(&out);
    }
    rt_out_free(&held);
    if (args->verbose)
        tell(args, &rows);
    rt_series_free(series);
    rt_table_close(table);
    return holds ? RT_EXIT_HOLDS : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-goal",
        .purpose = "whether goals are met, will be met, or there is news",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
