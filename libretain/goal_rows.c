#include "libretain/goal_rows.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Around the keys and the period, in order. */
static const char *const goal_names[] = {"goal", "metric", "method"};
static const char *const judged[] = {"value", "lo",    "hi",       "op",      "target",  "due",
                                     "owner", "state", "on_track", "p_reach", "expected"};
static const char *const compared[] = {"benchmark", "gap"};
static const char *const change_names[] = {"metric", "method"};
static const char *const changed[] = {"value", "before", "value_before", "change",
                                      "lo",    "hi",     "alert",        "news"};

enum {
    COUNT_OF_GOAL_NAMES = sizeof goal_names / sizeof *goal_names,
    COUNT_OF_JUDGED = sizeof judged / sizeof *judged,
    COUNT_OF_COMPARED = sizeof compared / sizeof *compared,
    COUNT_OF_CHANGE_NAMES = sizeof change_names / sizeof *change_names,
    COUNT_OF_CHANGED = sizeof changed / sizeof *changed
};

static void write_names(struct rt_out *out, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rt_out_string(out, names[i]);
}

static void write_keys(struct rt_goal_rows *rows)
{
    for (size_t i = 0; i < rt_series_keys(rows->series); i++)
        rt_out_string(rows->out, rt_series_key_name(rows->series, i));
    rt_out_string(rows->out, rt_series_time_name(rows->series));
}

/* metric, method, keys and period. */
static void write_point(struct rt_out *out, const struct rt_series *series,
                        const struct rt_series_point *point)
{
    rt_out_text(out, series->metric);
    rt_out_text(out, series->method);
    for (size_t i = 0; i < series->key_count; i++)
        rt_out_text(out, series->keys[i]);
    rt_out_text(out, point->label);
}

/* Goals -------------------------------------------------------------------------------------- */

static int refuse(struct rt_goal_rows *rows, const char *file, uint64_t line, const char *reason)
{
    snprintf(rows->fault, sizeof rows->fault, "%.300s:%llu: metric: %s", file,
             (unsigned long long)line, reason);
    return -1;
}

/* The figure for a series. Returns 0, or -1 with the second line that has one. */
static int find_benchmark(const struct rt_goals *benchmarks, const struct rt_series *series,
                          const struct rt_goal **found, uint64_t *line)
{
    *found = NULL;
    for (size_t i = 0; i < benchmarks->count; i++) {
        const struct rt_goal *benchmark = &benchmarks->goals[i];
        if (!rt_goal_is_about(benchmark, series))
            continue;
        *line = benchmark->line;
        if (*found != NULL)
            return -1;
        *found = benchmark;
    }
    return 0;
}

static void write_goal(struct rt_goal_rows *rows, const struct rt_goal *goal,
                       const struct rt_series *series, const struct rt_verdict *verdict)
{
    static const char *const states[] = {"met", "missed", "open"};
    struct rt_out *out = rows->out;
    rows->states[verdict->state]++;
    rt_out_text(out, goal->name);
    write_point(out, series, verdict->point);
    rt_out_text(out, verdict->point->text);
    rt_out_text(out, verdict->point->lo_text);
    rt_out_text(out, verdict->point->hi_text);
    rt_out_text(out, goal->op);
    rt_out_text(out, goal->target_text);
    rt_out_text(out, goal->due_text);
    rt_out_text(out, goal->owner);
    rt_out_string(out, states[verdict->state]);
    rt_out_string(out, verdict->on_track < 0 ? "" : verdict->on_track > 0 ? "1" : "0");
    rt_out_real(out, verdict->p_reach, rows->digits);
    rt_out_real(out, verdict->expected, rows->digits);
}

static void write_benchmark(struct rt_goal_rows *rows, const struct rt_goal *benchmark,
                            const struct rt_series_point *point)
{
    if (benchmark == NULL) {
        rt_out_empty(rows->out);
        rt_out_empty(rows->out);
        return;
    }
    rt_out_text(rows->out, benchmark->target_text);
    rt_out_real(rows->out, point->value - benchmark->target, rows->digits);
}

static int judge(struct rt_goal_rows *rows, const char *file, const struct rt_goal *goal,
                 const char *benchmark_file, const struct rt_goals *benchmarks)
{
    const char *fault;
    struct rt_verdict verdict;
    const struct rt_series *series = rt_goal_series(goal, rows->series, &fault);
    if (series == NULL && fault == NULL)
        fault = "not in the input, or not with this method and these keys";
    if (series != NULL)
        fault = rt_goal_judge(goal, series, rows->as_of, rows->periods, &verdict);
    if (fault != NULL)
        return refuse(rows, file, goal->line, fault);
    write_goal(rows, goal, series, &verdict);
    if (benchmarks != NULL) {
        const struct rt_goal *benchmark;
        uint64_t line;
        if (find_benchmark(benchmarks, series, &benchmark, &line) != 0)
            return refuse(rows, benchmark_file, line, "a second figure for the same goal");
        write_benchmark(rows, benchmark, verdict.point);
    }
    rt_out_end(rows->out);
    return 0;
}

/* A key column that is called as one of ours would be there twice. Returns 0, or -1. */
static int check_keys(struct rt_goal_rows *rows, const char *const *ours, size_t count)
{
    for (size_t i = 0; i < rt_series_keys(rows->series); i++)
        for (size_t k = 0; k < count; k++)
            if (strcmp(rt_series_key_name(rows->series, i), ours[k]) == 0) {
                snprintf(rows->fault, sizeof rows->fault,
                         "%.200s: a column of the group with the name of one of ours: --map "
                         "renames it",
                         ours[k]);
                return -1;
            }
    return 0;
}

int rt_goal_rows_goals(struct rt_goal_rows *rows, const char *file, const struct rt_goals *goals,
                       const char *benchmark_file, const struct rt_goals *benchmarks)
{
    if (check_keys(rows, goal_names, COUNT_OF_GOAL_NAMES) != 0 ||
        check_keys(rows, judged, COUNT_OF_JUDGED) != 0 ||
        (benchmarks != NULL && check_keys(rows, compared, COUNT_OF_COMPARED) != 0))
        return -1;
    write_names(rows->out, goal_names, COUNT_OF_GOAL_NAMES);
    write_keys(rows);
    write_names(rows->out, judged, COUNT_OF_JUDGED);
    if (benchmarks != NULL)
        write_names(rows->out, compared, COUNT_OF_COMPARED);
    rt_out_end(rows->out);
    for (size_t i = 0; i < goals->count; i++)
        if (judge(rows, file, &goals->goals[i], benchmark_file, benchmarks) != 0)
            return -1;
    return 0;
}

/* Changes ------------------------------------------------------------------------------------ */

int rt_goal_rows_changes(struct rt_goal_rows *rows)
{
    if (check_keys(rows, changed, COUNT_OF_CHANGED) != 0)
        return -1;
    write_names(rows->out, change_names, COUNT_OF_CHANGE_NAMES);
    write_keys(rows);
    write_names(rows->out, changed, COUNT_OF_CHANGED);
    rt_out_end(rows->out);
    return 0;
}

static void write_change(struct rt_goal_rows *rows, const struct rt_series *series,
                         const struct rt_news *news, bool up)
{
    struct rt_out *out = rows->out;
    const bool is_news = up ? news->interval.lo > 0 : news->interval.hi < 0;
    rows->changes++;
    rows->news += is_news;
    write_point(out, series, news->now);
    rt_out_text(out, news->now->text);
    rt_out_text(out, news->before != NULL ? news->before->label : rt_text(""));
    rt_out_text(out, news->before != NULL ? news->before->text : rt_text(""));
    rt_out_real(out, news->change, rows->digits);
    rt_out_real(out, news->interval.lo, rows->digits);
    rt_out_real(out, news->interval.hi, rows->digits);
    rt_out_string(out, up ? "up" : "down");
    rt_out_whole(out, is_news);
    rt_out_end(out);
}

int rt_goal_rows_change(struct rt_goal_rows *rows, const char *metric, bool up)
{
    const char *fault = "not in the input";
    for (size_t i = 0; i < rt_series_count(rows->series); i++) {
        const struct rt_series *series = rt_series_at(rows->series, i);
        if (!rt_text_is(series->metric, metric))
            continue;
        struct rt_news news;
        fault = rt_news_look(series, rows->as_of, &news);
        if (fault != NULL)
            break;
        write_change(rows, series, &news, up);
    }
    if (fault == NULL)
        return 0;
    snprintf(rows->fault, sizeof rows->fault, "--alert: %.200s: %s", metric, fault);
    return -1;
}
