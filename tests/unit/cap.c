#include "libretain/cap.h"

#include "libretain/rng.h"
#include "tests/unit/cap_spans.h"
#include "tests/unit/unit.h"

START_TEST(what_is_a_cap)
{
    static const char *const good[] = {"2/7d", "1/1d", "1000000/3660d", "02/07d"};
    static const char *const bad[] = {
        "",      "2",     "2/7",    "/7d",     "2/d",        "0/7d",
        "2/0d",  "-2/7d", "2/7d ",  " 2/7d",   "2 /7d",      "2/7w",
        "2/7dd", "2//7d", "1.5/7d", "2/3661d", "1000001/7d", "99999999999/7d",
        "2/7D"};
    struct rt_cap cap;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(rt_cap_read(rt_text(good[i]), &cap) == 0, "%s", good[i]);
    ck_assert(cap.most == 2 && cap.days == 7);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(rt_cap_read(rt_text(bad[i]), &cap) == -1, "%s", bad[i]);
    ck_assert_int_eq(rt_cap_read_window(rt_text("0d"), &cap), 0);
    ck_assert(rt_cap_allows(&cap, NULL, 0, 3));
    ck_assert_int_eq(rt_cap_read_window(rt_text("14d"), &cap), 0);
    ck_assert(cap.most == 1 && cap.days == 14);
    ck_assert_int_eq(rt_cap_read_window(rt_text("14"), &cap), -1);
    ck_assert_int_eq(rt_cap_read_window(rt_text("d"), &cap), -1);
}
END_TEST

START_TEST(every_span_that_holds_the_day_counts)
{
    struct rt_rng rng = rt_rng_start(5, 1);
    int yes = 0, no = 0, wrong = 0;
    for (int run = 0; run < 20000; run++) {
        const struct rt_cap cap = {1 + (int32_t)rt_rng_below(&rng, 4),
                                   1 + (int32_t)rt_rng_below(&rng, 12)};
        struct rt_cap_day days[12];
        size_t count = rt_rng_below(&rng, 12);
        int32_t day = -10;
        for (size_t i = 0; i < count; i++) {
            day += 1 + (int32_t)rt_rng_below(&rng, 5);
            days[i] = (struct rt_cap_day){day, 1 + (uint32_t)rt_rng_below(&rng, 2)};
        }
        const int32_t wanted = (int32_t)rt_rng_below(&rng, 60) - 20;
        const bool expected = spans_allow(&cap, days, count, wanted);
        wrong += rt_cap_allows(&cap, days, count, wanted) != expected;
        yes += expected;
        no += !expected;
    }
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_gt(yes, 4000);
    ck_assert_int_gt(no, 4000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cap");
    TCase *cases = tcase_create("cap");
    tcase_add_test(cases, what_is_a_cap);
    tcase_add_test(cases, every_span_that_holds_the_day_counts);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
