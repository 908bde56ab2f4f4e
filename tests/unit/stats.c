/* stats: the list of statistics. */
#include "libretain/stats.h"

#include <string.h>

#include "tests/unit/unit.h"

START_TEST(names)
{
    struct rt_stats stats = {0};
    static const char *const good[] = {"mean:aov",  "median:aov", "p90:aov",
                                       "count:x:y", "p5:m_x",     "sum:aov",
                                       "min:T",     "max:T",      "median:mean:aov"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_ptr_null(rt_stats_add(&stats, rt_text(good[i])));
        ck_assert_uint_eq(stats.count, i + 1);
        ck_assert_str_eq(stats.stats[i].name, good[i]);
    }
    ck_assert_int_eq(stats.stats[1].percent, 50);
    ck_assert_int_eq(stats.stats[2].percent, 90);
    ck_assert_int_eq(stats.stats[4].percent, 5);
    ck_assert_uint_eq(stats.stats[2].source, 1); /* of the same column */
    ck_assert_uint_eq(stats.stats[8].source, 8);
    ck_assert_str_eq(stats.stats[3].column, "x:y");
    ck_assert_str_eq(stats.stats[8].column, "mean:aov");
    static const char *const bad[] = {"",         "mean",     "mean:",    ":aov",    "Mean:aov",
                                      "p:aov",    "p0:aov",   "p100:aov", "p05:aov", "p9x:aov",
                                      "mode:aov", "mean:aov", "p90:aov"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg(rt_stats_add(&stats, rt_text(bad[i])) != NULL, "%s", bad[i]);
        ck_assert_uint_eq(stats.count, sizeof good / sizeof *good);
    }
    rt_stats_free(&stats);
    ck_assert_uint_eq(stats.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stats");
    TCase *cases = tcase_create("stats");
    tcase_add_test(cases, names);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
