/* goal: who decides, and the interval of a change beside Newcombe's. */
#include "libretain/goal.h"

#include <math.h>

#include "libretain/day.h"
#include "libretain/interval.h"
#include "tests/unit/unit.h"

enum { MONTHS = 6 };

/* The first six months of 2024, the last not complete; shares of 100 with Wilson intervals. */
static void make(struct rt_series *series, struct rt_series_point *points, const int64_t *hits)
{
    *series = (struct rt_series){.points = points, .count = MONTHS, .z = rt_normal_quantile(0.95)};
    ck_assert(rt_period_read(rt_text("month"), false, &series->period) == 0);
    for (int i = 0; i < MONTHS; i++) {
        const struct rt_interval wilson = rt_wilson(hits[i], 100, 0.95);
        const int32_t at = rt_period_index(&series->period, rt_day_join(2024, i + 1, 1));
        points[i] = (struct rt_series_point){.value = (double)hits[i] / 100,
                                             .lo = wilson.lo,
                                             .hi = wilson.hi,
                                             .at = at,
                                             .first = rt_period_first(&series->period, at),
                                             .last = rt_period_last(&series->period, at),
                                             .complete = i + 1 < MONTHS};
    }
}

static struct rt_goal at_most(double target, int32_t due)
{
    return (struct rt_goal){.target = target, .due = due, .equal = true};
}

START_TEST(states)
{
    static const int64_t hits[MONTHS] = {30, 28, 25, 24, 20, 90};
    struct rt_series series;
    struct rt_series_point points[MONTHS];
    make(&series, points, hits);
    struct rt_verdict verdict;
    struct rt_goal goal = at_most(0.25, rt_day_join(2024, 3, 1));
    ck_assert(rt_goal_judge(&goal, &series, RT_DAY_NONE, 12, &verdict) == NULL);
    ck_assert(verdict.state == RT_GOAL_MET && verdict.point == &points[2]);
    goal = at_most(0.25, rt_day_join(2024, 2, 29));
    ck_assert(rt_goal_judge(&goal, &series, RT_DAY_NONE, 12, &verdict) == NULL);
    ck_assert(verdict.state == RT_GOAL_MISSED && verdict.p_reach == 0);
    goal = at_most(0.25, RT_DAY_NONE);
    ck_assert(rt_goal_judge(&goal, &series, RT_DAY_NONE, 12, &verdict) == NULL);
    ck_assert(verdict.state == RT_GOAL_MET && verdict.point == &points[4]);
    /* Still open, and falling: more likely the later it is due. */
    double before = 0;
    for (int month = 6; month <= 9; month++) {
        goal = at_most(0.17, rt_day_join(2024, month, 15));
        ck_assert(rt_goal_judge(&goal, &series, RT_DAY_NONE, 12, &verdict) == NULL);
        ck_assert(verdict.state == RT_GOAL_OPEN && verdict.point == &points[4]);
        ck_assert(verdict.p_reach > before && verdict.p_reach < 1);
        ck_assert(verdict.on_track == (verdict.p_reach > 0.5));
        before = verdict.p_reach;
    }
    ck_assert(before > 0.7);
    goal = at_most(0.25, rt_day_join(2024, 6, 30));
    ck_assert(rt_goal_judge(&goal, &series, goal.due, 12, &verdict) != NULL);
    ck_assert(rt_goal_judge(&goal, &series, goal.due - 1, 12, &verdict) == NULL);
}
END_TEST

START_TEST(change_is_newcombes)
{
    static const int64_t hits[MONTHS] = {30, 28, 25, 40, 20, 90};
    struct rt_series series;
    struct rt_series_point points[MONTHS];
    make(&series, points, hits);
    struct rt_news news;
    ck_assert(rt_news_look(&series, RT_DAY_NONE, &news) == NULL);
    const struct rt_interval newcombe = rt_newcombe(20, 100, 40, 100, 0.95);
    ck_assert(news.now == &points[4] && news.before == &points[3]);
    ck_assert(fabs(news.interval.lo - newcombe.lo) < 1e-15);
    ck_assert(fabs(news.interval.hi - newcombe.hi) < 1e-15 && newcombe.hi < 0);
    ck_assert(rt_news_look(&series, rt_day_join(2024, 1, 31), &news) == NULL);
    ck_assert(news.before == NULL && isnan(news.interval.lo));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("goal");
    TCase *tests = tcase_create("tests");
    tcase_add_test(tests, states);
    tcase_add_test(tests, change_is_newcombes);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
