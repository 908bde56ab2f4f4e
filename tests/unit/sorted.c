/* sorted: order, and quantiles of type 7 as R gives them. */
#include "libretain/sorted.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

static void check_order(size_t count, double scale, uint64_t state)
{
    double *values = malloc((count + 1) * sizeof *values), sum = 0, sorted_sum = 0;
    ck_assert_ptr_nonnull(values);
    for (size_t i = 0; i < count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        values[i] = floor(((double)(state >> 11) / 9007199254740992.0 - 0.5) * scale);
        values[i] += 0.0; /* no -0 */
        sum += values[i];
    }
    rt_sort_reals(values, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert(i == 0 || values[i - 1] <= values[i]);
        sorted_sum += values[i];
    }
    ck_assert(sum == sorted_sum); /* whole numbers: exact, so none was lost */
    free(values);
}

START_TEST(order)
{
    static const size_t counts[] = {0, 1, 2, 999, 1000, 1001, 70000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        check_order(counts[i], 10, i + 1);
        check_order(counts[i], 1e12, i + 1);
    }
}
END_TEST

/*
 * R: quantile(c(1, 3, 4, 8, 15), c(.1, .25, .5, .9)) is 1.8 3.0 4.0 12.2 (Hyndman and Fan 1996,
 * definition 7).
 */
START_TEST(type_7)
{
    static const double values[] = {1, 3, 4, 8, 15};
    ck_assert(rt_sorted_quantile(values, 5, 10) == 1.8);
    ck_assert(rt_sorted_quantile(values, 5, 25) == 3);
    ck_assert(rt_sorted_quantile(values, 5, 50) == 4);
    ck_assert(rt_sorted_quantile(values, 5, 90) == 12.2);
    ck_assert(rt_sorted_quantile(values, 5, 0) == 1);
    ck_assert(rt_sorted_quantile(values, 5, 100) == 15);
    ck_assert(rt_sorted_quantile(values, 1, 50) == 1);
}
END_TEST

START_TEST(decimals)
{
    static const double values[] = {10.1, 10.2};
    ck_assert((10.1 + 10.2) / 2 != 10.15); /* what it is for */
    ck_assert(rt_sorted_quantile(values, 2, 50) == 10.15);
    ck_assert(rt_sorted_quantile(values, 2, 33) == 10.133);
    /* Too long for decimals: the doubles' line. */
    static const double huge[] = {1e300, 3e300};
    ck_assert(fabs(rt_sorted_quantile(huge, 2, 50) / 2e300 - 1) < 1e-15);
    static const double opposite[] = {-1e308, 1.5e308};
    ck_assert(fabs(rt_sorted_quantile(opposite, 2, 50) / 2.5e307 - 1) < 1e-15);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sorted");
    TCase *cases = tcase_create("sorted");
    tcase_add_test(cases, order);
    tcase_add_test(cases, type_7);
    tcase_add_test(cases, decimals);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
