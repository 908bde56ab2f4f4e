#include "libretain/goal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/period.h"
#include "libretain/trend.h"

/* Files -------------------------------------------------------------------------------------- */

/* The columns of a goal, of which those that a table has are read. */
enum { NAME, METRIC, OP, TARGET, DUE, OWNER, METHOD, COLUMNS };
static const char *const goal_columns[COLUMNS] = {"goal", "metric", "op",    "target",
                                                  "due",  "owner",  "method"};
static const char *const benchmark_columns[COLUMNS] = {
    [METRIC] = "metric", [TARGET] = "value", [METHOD] = "method"};

/* A file under way. */
struct reading {
    struct rt_goals *goals;
    const struct rt_serieses *series;
    int at[COLUMNS]; /* -1: not there */
    int *keys;
};

static struct rt_text keep(struct rt_goals *goals, struct rt_text text)
{
    struct rt_map *texts = &goals->texts;
    return rt_map_key(texts, rt_map_add(texts, text, rt_map_hash(texts, text)));
}

static int find_columns(struct reading *reading, const char *const *columns)
{
    struct rt_table *table = reading->goals->table;
    for (int i = 0; i < COLUMNS; i++) {
        const bool needed = columns[i] != NULL && i != OWNER && i != METHOD;
        reading->at[i] = columns[i] == NULL ? -1
                         : needed           ? rt_table_need(table, columns[i])
                                            : rt_table_look(table, columns[i]);
    }
    for (size_t i = 0; i < rt_series_keys(reading->series); i++)
        reading->keys[i] = rt_table_look(table, rt_series_key_name(reading->series, i));
    return rt_table_message(table) == NULL ? 0 : -1;
}

static struct rt_text cell(const struct reading *reading, int which)
{
    const int column = reading->at[which];
    if (column < 0)
        return (struct rt_text){"", 0};
    return keep(reading->goals, rt_table_cell(reading->goals->table, (size_t)column));
}

static int refuse(const struct reading *reading, int which, const char *reason)
{
    return rt_table_refuse(reading->goals->table, reading->at[which], reason);
}

static int read_op(struct rt_goal *goal)
{
    goal->greater = goal->op.length > 0 && goal->op.at[0] == '>';
    goal->equal = goal->op.length == 2;
    return rt_text_is(goal->op, goal->greater ? ">" : "<") ||
                   rt_text_is(goal->op, goal->greater ? ">=" : "<=")
               ? 0
               : -1;
}

/* The cells that must be something. */
static int read_cells(const struct reading *reading, struct rt_goal *goal)
{
    if (reading->at[NAME] >= 0 && goal->name.length == 0)
        return refuse(reading, NAME, "empty");
    if (goal->metric.length == 0)
        return refuse(reading, METRIC, "empty");
    if (reading->at[OP] >= 0 && read_op(goal) != 0)
        return refuse(reading, OP, "not one of < <= > >=");
    if (rt_real_read(goal->target_text, &goal->target) != 0)
        return refuse(reading, TARGET, "not a number");
    goal->due = RT_DAY_NONE;
    if (goal->due_text.length > 0 && rt_day_read(goal->due_text, &goal->due) != 0)
        return refuse(reading, DUE, "neither empty nor a date YYYY-MM-DD");
    return 0;
}

static struct rt_goal *add_goal(struct rt_goals *goals)
{
    const size_t size = rt_grown(goals->size, goals->count + 1);
    if (size != 0) {
        goals->goals = rt_realloc(goals->goals, size, sizeof *goals->goals);
        goals->size = size;
    }
    return &goals->goals[goals->count++];
}

static int read_rows(const struct reading *reading)
{
    struct rt_table *table = reading->goals->table;
    const size_t key_count = rt_series_keys(reading->series);
    int status;
    while ((status = rt_table_next(table)) == 1) {
        struct rt_goal goal = {.name = cell(reading, NAME),
                               .metric = cell(reading, METRIC),
                               .op = cell(reading, OP),
                               .target_text = cell(reading, TARGET),
                               .due_text = cell(reading, DUE),
                               .owner = cell(reading, OWNER),
                               .method = cell(reading, METHOD),
                               .line = rt_table_line(table)};
        if (read_cells(reading, &goal) != 0)
            return -1;
        goal.keys = rt_alloc_zero(key_count + 1, sizeof *goal.keys);
        for (size_t i = 0; i < key_count; i++)
            if (reading->keys[i] >= 0)
                goal.keys[i] = keep(reading->goals, rt_table_cell(table, (size_t)reading->keys[i]));
        *add_goal(reading->goals) = goal;
    }
    return status;
}

static const char *open_file(struct rt_goals *goals, const struct rt_table_args *like,
                             const char *file, const struct rt_serieses *series,
                             const char *const *columns)
{
    goals->table = rt_table_open_beside(like, file);
    rt_map_init_dense(&goals->texts, 4);
    struct reading reading = {.goals = goals, .series = series};
    reading.keys = rt_alloc(rt_series_keys(series) + 1, sizeof *reading.keys);
    const bool bad = find_columns(&reading, columns) != 0 || read_rows(&reading) != 0;
    free(reading.keys);
    return bad ? rt_table_message(goals->table) : NULL;
}

const char *rt_goals_open(struct rt_goals *goals, const struct rt_table_args *like,
                          const char *file, const struct rt_serieses *series)
{
    return open_file(goals, like, file, series, goal_columns);
}

const char *rt_benchmarks_open(struct rt_goals *benchmarks, const struct rt_table_args *like,
                               const char *file, const struct rt_serieses *series)
{
    return open_file(benchmarks, like, file, series, benchmark_columns);
}

void rt_goals_free(struct rt_goals *goals)
{
    for (size_t i = 0; i < goals->count; i++)
        free(goals->goals[i].keys);
    free(goals->goals);
    rt_map_free(&goals->texts);
    rt_table_close(goals->table);
    *goals = (struct rt_goals){0};
}

/* Which series ------------------------------------------------------------------------------- */

/* The method itself, or how it begins up to a space or a semicolon: set of "set; wilson 95%". */
static bool is_method(struct rt_text asked, struct rt_text method)
{
    if (asked.length == 0 || rt_text_equal(asked, method))
        return true;
    return asked.length < method.length && memcmp(asked.at, method.at, asked.length) == 0 &&
           (method.at[asked.length] == ' ' || method.at[asked.length] == ';');
}

bool rt_goal_is_about(const struct rt_goal *goal, const struct rt_series *series)
{
    if (!rt_text_equal(goal->metric, series->metric) || !is_method(goal->method, series->method))
        return false;
    for (size_t i = 0; i < series->key_count; i++)
        if (goal->keys[i].at != NULL && !rt_text_equal(goal->keys[i], series->keys[i]))
            return false;
    return true;
}

const struct rt_series *rt_goal_series(const struct rt_goal *goal, const struct rt_serieses *series,
                                       const char **fault)
{
    const struct rt_series *found = NULL, *exact = NULL;
    bool several = false;
    for (size_t i = 0; i < rt_series_count(series); i++) {
        const struct rt_series *at = rt_series_at(series, i);
        if (!rt_goal_is_about(goal, at))
            continue;
        several |= found != NULL;
        found = at;
        if (rt_text_equal(goal->method, at->method)) {
            *fault = exact != NULL ? "several rows of a period match: name their keys" : NULL;
            exact = at;
        }
    }
    if (exact != NULL)
        return *fault == NULL ? exact : NULL;
    *fault = several ? "several rows of a period match: name their method and keys" : NULL;
    return several ? NULL : found;
}

/* Judging ------------------------------------------------------------------------------------ */

static bool meets(const struct rt_goal *goal, double value)
{
    if (value == goal->target)
        return goal->equal;
    return (value > goal->target) == goal->greater;
}

static void decide(const struct rt_goal *goal, struct rt_verdict *verdict)
{
    const bool met = meets(goal, verdict->point->value);
    verdict->state = met ? RT_GOAL_MET : RT_GOAL_MISSED;
    verdict->on_track = met;
    verdict->p_reach = met;
}

/* The trend of the complete points up to `last`, at most `periods` of them. */
static int forecast_at(const struct rt_series *series, const struct rt_series_point *last,
                       int64_t periods, int32_t at, struct rt_forecast *forecast)
{
    struct rt_trend_point *points = rt_alloc(series->count, sizeof *points);
    size_t count = 0;
    for (const struct rt_series_point *point = last;; point--) {
        if (point->complete)
            points[count++] = (struct rt_trend_point){(double)point->at, point->value,
                                                      (point->hi - point->lo) / (2 * series->z)};
        if (point == series->points || (int64_t)count == periods)
            break;
    }
    const int status = rt_trend_forecast(points, count, (double)at, forecast);
    free(points);
    return status;
}

static void foresee(const struct rt_goal *goal, const struct rt_series *series, int64_t periods,
                    int32_t place, struct rt_verdict *verdict)
{
    struct rt_forecast forecast;
    verdict->state = RT_GOAL_OPEN;
    if (forecast_at(series, verdict->point, periods, place, &forecast) != 0)
        return;
    const double above = rt_forecast_above(&forecast, goal->target);
    verdict->expected = forecast.value;
    verdict->on_track = meets(goal, forecast.value);
    verdict->p_reach = goal->greater ? above : 1 - above;
}

/* The last day of the period with that number. */
static int64_t end_of(const struct rt_series *series, int32_t place)
{
    if (series->step > 0)
        return series->start + ((int64_t)place + 1) * series->step - 1;
    return rt_period_last(&series->period, place);
}

const char *rt_goal_judge(const struct rt_goal *goal, const struct rt_series *series, int32_t as_of,
                          int64_t periods, struct rt_verdict *verdict)
{
    *verdict = (struct rt_verdict){.on_track = -1, .p_reach = NAN, .expected = NAN};
    if (rt_series_fault(series) != NULL)
        return rt_series_fault(series);
    verdict->point = rt_series_last(series, as_of);
    if (verdict->point == NULL)
        return "no complete period with a value";
    const bool timeless = verdict->point->first == RT_DAY_NONE;
    if (timeless && goal->due != RT_DAY_NONE && as_of == RT_DAY_NONE)
        return "rows without a period need --as-of to compare with the due date";
    if (goal->due == RT_DAY_NONE || (timeless && as_of >= goal->due)) {
        decide(goal, verdict);
        return NULL;
    }
    if (timeless) {
        verdict->state = RT_GOAL_OPEN;
        return NULL;
    }
    const int32_t place = rt_series_place(series, goal->due);
    if (place <= verdict->point->at) {
        verdict->point = rt_series_find(series, place);
        if (verdict->point == NULL)
            return "no complete row with a value of the period in which it is due";
        decide(goal, verdict);
        return NULL;
    }
    if (as_of != RT_DAY_NONE && as_of >= end_of(series, place))
        return "the complete rows end before the period in which it is due";
    foresee(goal, series, periods, place, verdict);
    return NULL;
}

/* News --------------------------------------------------------------------------------------- */

static const struct rt_series_point *before(const struct rt_series *series,
                                            const struct rt_series_point *now)
{
    while (now != series->points)
        if ((--now)->complete)
            return now;
    return NULL;
}

static double length_of(double a, double b)
{
    return sqrt(a * a + b * b);
}

const char *rt_news_look(const struct rt_series *series, int32_t as_of, struct rt_news *news)
{
    *news = (struct rt_news){.change = NAN, .interval = {NAN, NAN}};
    if (rt_series_fault(series) != NULL)
        return rt_series_fault(series);
    news->now = rt_series_last(series, as_of);
    if (news->now == NULL || news->now->first == RT_DAY_NONE)
        return "no complete period with a value";
    news->before = before(series, news->now);
    if (news->before == NULL)
        return NULL;
    const struct rt_series_point *a = news->now, *b = news->before;
    news->change = a->value - b->value;
    if (isnan(a->lo) || isnan(a->hi) || isnan(b->lo) || isnan(b->hi))
        return "a value without lo and hi: no interval of the change";
    news->interval.lo = news->change - length_of(a->value - a->lo, b->hi - b->value);
    news->interval.hi = news->change + length_of(a->hi - a->value, b->value - b->lo);
    return NULL;
}
