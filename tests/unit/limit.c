#include "unit.h"

#include "libretain/limit.h"

static int read_limit(const char *text, struct rt_limit *limit)
{
    return rt_limit_read(rt_text(text), limit);
}

START_TEST(test_what_is_a_limit)
{
    static const char *const good[] = {"0", "20", "0%", "100%", "0.5%", "100.00%", "+3"};
    static const char *const bad[] = {"",
                                      "%",
                                      "1.5",
                                      "-1",
                                      "-0.1%",
                                      "101%",
                                      "100.01%",
                                      "1%%",
                                      " 1",
                                      "1 %",
                                      "1e2",
                                      "x",
                                      "99999999999999999999"};
    struct rt_limit limit;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(read_limit(good[i], &limit) == 0, "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(read_limit(bad[i], &limit) == -1, "%s", bad[i]);
}
END_TEST

START_TEST(test_rows_are_judged_at_once)
{
    struct rt_limit limit;
    ck_assert_int_eq(read_limit("2", &limit), 0);
    ck_assert(!rt_limit_passed(&limit, 2, 2, false));
    ck_assert(!rt_limit_passed(&limit, 2, 2, true));
    ck_assert(rt_limit_passed(&limit, 3, 1000, false));
    ck_assert(rt_limit_passed(&limit, UINT64_MAX, UINT64_MAX, false));
}
END_TEST

START_TEST(test_shares_are_judged_at_the_end_and_exactly)
{
    struct rt_limit limit;
    ck_assert_int_eq(read_limit("0.1%", &limit), 0);
    ck_assert(!rt_limit_passed(&limit, 1000, 1000, false));
    ck_assert(!rt_limit_passed(&limit, 1, 1000, true));
    ck_assert(rt_limit_passed(&limit, 1, 999, true));
    ck_assert_int_eq(read_limit("33.333333333333333%", &limit), 0);
    ck_assert(rt_limit_passed(&limit, 1, 3, true));
    ck_assert_int_eq(read_limit("33.333333333333334%", &limit), 0);
    ck_assert(!rt_limit_passed(&limit, 1, 3, true));
    /* As many places as there can be, and more rows than there are. */
    ck_assert_int_eq(read_limit("0.999999999999999999%", &limit), 0);
    ck_assert(rt_limit_passed(&limit, 1ULL << 33, 100ULL << 33, true));
    ck_assert(!rt_limit_passed(&limit, (1ULL << 33) - 1, 100ULL << 33, true));
    ck_assert_int_eq(read_limit("0%", &limit), 0);
    ck_assert(!rt_limit_passed(&limit, 0, 0, true));
    ck_assert(rt_limit_passed(&limit, 1, 1000000, true));
    ck_assert_int_eq(read_limit("100%", &limit), 0);
    ck_assert(!rt_limit_passed(&limit, 7, 7, true));
}
END_TEST

START_TEST(test_no_limit)
{
    const struct rt_limit limit = {0};
    ck_assert(!rt_limit_passed(&limit, 1000, 1000, true));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("limit");
    TCase *test = tcase_create("limit");
    tcase_add_test(test, test_what_is_a_limit);
    tcase_add_test(test, test_rows_are_judged_at_once);
    tcase_add_test(test, test_shares_are_judged_at_the_end_and_exactly);
    tcase_add_test(test, test_no_limit);
    suite_add_tcase(suite, test);
    return unit_run(suite);
}
