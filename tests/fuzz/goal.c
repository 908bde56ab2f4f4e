/*
 * Goals: the input is metric rows behind their header, a NUL, and goals behind theirs. Whatever is
 * taken is judged the same with the rows turned around; what is decided is what the value says, and
 * a probability is one.
 */
#include "libretain/goal.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libretain/day.h"
#include "tests/fuzz/take.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BYTES = 4096 };
static const char row_header[] = "metric,method,g,period,value,lo,hi,num,den,complete\n";
static const char goal_header[] = "goal,metric,method,g,op,target,due,owner\n";

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* One file for each kind of input: their names go away with the process. */
static char *put_file(int which, const char *text, size_t length)
{
    static char names[3][24] = {"/tmp/fuzz-goal.XXXXXX", "/tmp/fuzz-goal.XXXXXX",
                                "/tmp/fuzz-goal.XXXXXX"};
    static int files[3] = {-1, -1, -1};
    if (files[which] < 0)
        files[which] = mkstemp(names[which]);
    require(files[which] >= 0 && ftruncate(files[which], 0) == 0);
    require(pwrite(files[which], text, length, 0) == (ssize_t)length);
    return names[which];
}

static size_t append(char *text, size_t used, struct rt_text more)
{
    require(used + more.length + 1 <= BYTES);
    if (more.length > 0)
        memcpy(text + used, more.at, more.length);
    return used + more.length;
}

/* The rows as they come, or the last first; rows over several lines are not turned. */
static size_t write_rows(char *text, struct rt_text rows, bool turned)
{
    size_t used = append(text, 0, rt_text(row_header));
    if (!turned)
        return append(text, used, rows);
    while (rows.length > 0) {
        size_t start = rows.length - 1;
        while (start > 0 && rows.at[start - 1] != '\n')
            start--;
        used = append(text, used, (struct rt_text){rows.at + start, rows.length - start});
        if (text[used - 1] != '\n')
            text[used++] = '\n';
        rows.length = start;
    }
    return used;
}

static const struct rt_table_args args = {.delimiter = ',', .block = 4096};

/* A file of rows and its series; NULL where they are refused. */
static struct rt_serieses *read_series(int which, struct rt_text rows, struct rt_table **table)
{
    char text[BYTES];
    const size_t used = write_rows(text, rows, which == 1);
    char *files[] = {put_file(which, text, used), NULL};
    *table = rt_table_open(&args, files, 1);
    const char *fault;
    struct rt_serieses *series = rt_series_read(*table, &fault);
    require(series != NULL || fault != NULL);
    return series;
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b)) ||
           fabs(a - b) < 1e-12;
}

static void check_verdict(const struct rt_goal *goal, const struct rt_verdict *verdict)
{
    require(verdict->point != NULL && verdict->point->complete);
    require(isnan(verdict->p_reach) || (verdict->p_reach >= 0 && verdict->p_reach <= 1));
    const double value = verdict->point->value;
    const bool met = value == goal->target ? goal->equal : (value > goal->target) == goal->greater;
    require(verdict->state == RT_GOAL_OPEN || (verdict->state == RT_GOAL_MET) == met);
    require(verdict->state != RT_GOAL_OPEN || goal->due != RT_DAY_NONE);
}

static void judge(const struct rt_goal *goal, const struct rt_serieses *series,
                  const struct rt_serieses *turned, int32_t as_of)
{
    const char *fault, *fault_turned;
    const struct rt_series *one = rt_goal_series(goal, series, &fault);
    const struct rt_series *other =
        turned != NULL ? rt_goal_series(goal, turned, &fault_turned) : one;
    require((one == NULL) == (other == NULL));
    if (one == NULL)
        return;
    struct rt_verdict verdict, verdict_turned;
    struct rt_news news;
    fault = rt_goal_judge(goal, one, as_of, 12, &verdict);
    fault_turned = rt_goal_judge(goal, other, as_of, 12, &verdict_turned);
    require((fault == NULL) == (fault_turned == NULL));
    (void)rt_news_look(one, as_of, &news);
    if (fault != NULL)
        return;
    check_verdict(goal, &verdict);
    require(verdict.state == verdict_turned.state);
    require(same(verdict.p_reach, verdict_turned.p_reach));
    require(same(verdict.point->value, verdict_turned.point->value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > BYTES / 4)
        return 0;
    struct rt_text rest = {(const char *)data, size};
    const struct rt_text rows = take(&rest, '\0');
    struct rt_table *table, *table_turned;
    struct rt_serieses *series = read_series(0, rows, &table);
    struct rt_serieses *turned = read_series(1, rows, &table_turned);
    const bool one_line_each = rows.length == 0 || memchr(rows.at, '"', rows.length) == NULL;
    const bool comparable = one_line_each && turned != NULL;
    require(!one_line_each || memchr(rows.at, '\r', rows.length) != NULL ||
            (series == NULL) == (turned == NULL));
    if (series != NULL) {
        char text[BYTES];
        const size_t used = append(text, append(text, 0, rt_text(goal_header)), rest);
        struct rt_goals goals = {0};
        if (rt_goals_open(&goals, &args, put_file(2, text, used), series) == NULL)
            for (size_t i = 0; i < goals.count; i++)
                judge(&goals.goals[i], series, comparable ? turned : NULL,
                      size % 2 == 0 ? RT_DAY_NONE : 19700 + (int32_t)(size % 400));
        rt_goals_free(&goals);
    }
    rt_series_free(series);
    rt_series_free(turned);
    rt_table_close(table);
    rt_table_close(table_turned);
    return 0;
}
