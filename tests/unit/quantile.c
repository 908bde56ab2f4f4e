#include "libretain/quantile.h"

#include <stdint.h>
#include <string.h>

#include "tests/unit/unit.h"

enum { MOST = 5000 };

/* A small generator of the tests' own, so that they are the same on every machine. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static int compare_whole(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int compare_real(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Shapes of data that bring each way through the selection: few, tied, wide, extreme. */
static int64_t shaped(int shape, uint64_t *state)
{
    const uint64_t random = next_random(state);
    switch (shape) {
    case 0:
        return (int64_t)(random % 7);
    case 1:
        return (int64_t)(random % 100000) - 50000;
    case 2:
        return (int64_t)random;
    case 3:
        return random % 10 == 0 ? INT64_MIN + (int64_t)(random % 50) : INT64_MAX;
    default:
        return (int64_t)1 << (random % 62);
    }
}

START_TEST(selects_what_sorting_finds)
{
    static int64_t values[MOST], sorted[MOST], before[MOST];
    static const size_t counts[] = {1, 2, 31, 32, 33, 500, MOST};
    uint64_t state = 88172645463325252u;
    for (int shape = 0; shape < 5; shape++) {
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            const size_t count = counts[c];
            for (size_t i = 0; i < count; i++)
                values[i] = sorted[i] = before[i] = shaped(shape, &state);
            qsort(sorted, count, sizeof *sorted, compare_whole);
            const size_t ranks[] = {0, count / 3, count / 3, count / 2, count - 1};
            int64_t found[5];
            rt_select_whole(values, count, ranks, 5, found);
            for (int i = 0; i < 5; i++)
                ck_assert_int_eq(found[i], sorted[ranks[i]]);
            ck_assert_mem_eq(values, before, count * sizeof *values);
        }
    }
}
END_TEST

START_TEST(quantiles_are_type_7)
{
    /* R: quantile(c(1, 2, 4, 8, 16, 32, 64), c(.2, .4, .6, .8)) gives 2.4, 5.6, 12.8, 28.8 */
    const int64_t values[] = {64, 1, 16, 2, 8, 4, 32};
    const double expected[] = {2.4, 5.6, 12.8, 28.8};
    struct rt_quantile quantiles[4];
    rt_quantiles_whole(values, 7, 5, quantiles);
    for (int i = 0; i < 4; i++) {
        const double value =
            (double)quantiles[i].low +
            (double)(quantiles[i].high - quantiles[i].low) * (double)quantiles[i].rest / 5;
        ck_assert_double_eq_tol(value, expected[i], 1e-12);
        ck_assert_int_eq(quantiles[i].of, 5);
    }
}
END_TEST

START_TEST(quantiles_of_fewer_values_than_quantiles)
{
    const int64_t values[] = {30, 10, 20};
    struct rt_quantile quantiles[9];
    rt_quantiles_whole(values, 3, 10, quantiles);
    for (int i = 0; i < 9; i++) /* places 0.2, 0.4, ... 1.8 */
        ck_assert_int_eq(10 * quantiles[i].low +
                             (quantiles[i].high - quantiles[i].low) * quantiles[i].rest,
                         100 + 20 * (i + 1));
    rt_quantiles_whole(values, 1, 10, quantiles);
    for (int i = 0; i < 9; i++) {
        ck_assert_int_eq(quantiles[i].low, 30);
        ck_assert_int_eq(quantiles[i].rest, 0);
    }
}
END_TEST

START_TEST(whole_quantiles_agree_with_sorting)
{
    static int64_t values[MOST], sorted[MOST];
    uint64_t state = 42;
    struct rt_quantile quantiles[99];
    for (size_t count = 1; count <= MOST; count = count * 2 + 1) {
        for (size_t i = 0; i < count; i++)
            values[i] = sorted[i] = shaped(1, &state);
        qsort(sorted, count, sizeof *sorted, compare_whole);
        for (int64_t of = 2; of <= 100; of += 7) {
            rt_quantiles_whole(values, count, of, quantiles);
            for (int64_t i = 1; i < of; i++) {
                const uint64_t place = (count - 1) * (uint64_t)i;
                const size_t low = place / (uint64_t)of;
                ck_assert_int_eq(quantiles[i - 1].rest, (int64_t)(place % (uint64_t)of));
                ck_assert_int_eq(quantiles[i - 1].low, sorted[low]);
                if (quantiles[i - 1].rest > 0)
                    ck_assert_int_eq(quantiles[i - 1].high, sorted[low + 1]);
            }
        }
    }
}
END_TEST

START_TEST(real_quantiles)
{
    const double few[] = {3.5, -1.25, 0.0, 2.0};
    ck_assert_double_eq(rt_quantile_real(few, 4, 0), -1.25);
    ck_assert_double_eq(rt_quantile_real(few, 4, 0.5), 1);
    ck_assert_double_eq(rt_quantile_real(few, 4, 1), 3.5);
    ck_assert_double_eq(rt_quantile_real(few, 1, 0.5), 3.5);
    const double far[] = {-1.5e308, 1.5e308};
    ck_assert_double_eq(rt_quantile_real(far, 2, 0.5), 0);

    static double values[MOST], sorted[MOST];
    uint64_t state = 7;
    for (int i = 0; i < MOST; i++)
        values[i] = sorted[i] = ((double)(next_random(&state) % 2000001) - 1e6) / 1024;
    qsort(sorted, MOST, sizeof *sorted, compare_real);
    for (int i = 0; i < MOST; i += 97) {
        const double p = (double)i / (MOST - 1), place = p * (MOST - 1);
        const size_t low = (size_t)place;
        const double expected =
            sorted[low] + (sorted[low + 1] - sorted[low]) * (place - (double)low);
        ck_assert_double_eq_tol(rt_quantile_real(values, MOST, p), expected, 1e-9);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("quantile");
    TCase *cases = tcase_create("quantile");
    tcase_add_test(cases, selects_what_sorting_finds);
    tcase_add_test(cases, quantiles_are_type_7);
    tcase_add_test(cases, quantiles_of_fewer_values_than_quantiles);
    tcase_add_test(cases, whole_quantiles_agree_with_sorting);
    tcase_add_test(cases, real_quantiles);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
