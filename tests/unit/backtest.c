/* backtest: areas and their variances by the definition, deciles by rank. */
#include "libretain/backtest.h"

#include <math.h>
#include <string.h>

#include "libretain/rng.h"
#include "tests/unit/unit.h"

enum { MANY = 60 };

static double wins(double a, double b)
{
    return a > b ? 1 : a == b ? 0.5 : 0;
}

/* The mean of wins() over all pairs with customer i, of the other kind. */
static double placement(const double *score, const bool *came, size_t count, size_t i)
{
    double sum = 0, n = 0;
    for (size_t k = 0; k < count; k++)
        if (came[k] != came[i]) {
            sum += came[i] ? wins(score[i], score[k]) : wins(score[k], score[i]);
            n++;
        }
    return sum / n;
}

/* Equation 5 of DeLong et al., written down as it stands. */
static double covariance(const double *first, const double *second, const bool *came, size_t count)
{
    double total = 0;
    for (int kind = 0; kind < 2; kind++) {
        double sums[3] = {0}, n = 0;
        for (size_t i = 0; i < count; i++)
            if (came[i] == (kind == 1)) {
                const double a = placement(first, came, count, i);
                const double b = placement(second, came, count, i);
                sums[0] += a, sums[1] += b, sums[2] += a * b, n++;
            }
        total += (sums[2] - sums[0] * sums[1] / n) / (n - 1) / n;
    }
    return total;
}

START_TEST(areas_by_definition)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct rt_rng rng = rt_rng_start(seed, 7);
        double first[MANY], second[MANY];
        bool came[MANY];
        for (size_t i = 0; i < MANY; i++) {
            came[i] = i < 2 || (i > 3 && rt_rng_uniform(&rng) < 0.4);
            first[i] = (double)rt_rng_below(&rng, 12) + 2 * came[i];
            second[i] = (double)rt_rng_below(&rng, 30) + 3 * came[i];
        }
        const struct rt_two_areas got = rt_two_areas(first, second, came, MANY);
        double sum = 0, pairs = 0;
        for (size_t i = 0; i < MANY; i++)
            for (size_t k = 0; k < MANY; k++)
                if (came[i] && !came[k])
                    sum += wins(first[i], first[k]), pairs++;
        ck_assert_double_eq_tol(got.area[0], sum / pairs, 1e-12);
        ck_assert_double_eq_tol(got.variance[0], covariance(first, first, came, MANY), 1e-12);
        ck_assert_double_eq_tol(got.variance[1], covariance(second, second, came, MANY), 1e-12);
        ck_assert_double_eq_tol(got.covariance, covariance(first, second, came, MANY), 1e-12);
    }
}
END_TEST

START_TEST(areas_at_the_ends)
{
    const double up[4] = {1, 2, 3, 4}, same[4] = {5, 5, 5, 5};
    const bool last[4] = {false, false, true, true}, all[4] = {true, true, true, true};
    struct rt_two_areas got = rt_two_areas(up, same, last, 4);
    ck_assert(got.area[0] == 1 && got.variance[0] == 0);
    ck_assert(got.area[1] == 0.5 && got.variance[1] == 0 && got.covariance == 0);
    got = rt_two_areas(up, same, all, 4);
    ck_assert(isnan(got.area[0]) && isnan(got.variance[1]) && isnan(got.covariance));
    const bool one[4] = {false, false, false, true};
    got = rt_two_areas(up, same, one, 4);
    ck_assert(got.area[0] == 1 && isnan(got.variance[0]));
}
END_TEST

START_TEST(deciles_share_out)
{
    double values[MANY * 10];
    unsigned char classes[MANY * 10];
    for (size_t i = 0; i < MANY * 10; i++)
        values[i] = (double)i;
    rt_deciles(values, MANY * 10, classes);
    for (size_t i = 0; i < MANY * 10; i++)
        ck_assert_int_eq(classes[i], (int)(i / MANY));
    rt_deciles(values, 1, classes);
    ck_assert_int_eq(classes[0], 0);
    const double tied[10] = {1, 2, 2, 2, 2, 2, 2, 2, 2, 9};
    rt_deciles(tied, 10, classes);
    ck_assert(memcmp(classes, "\0\4\4\4\4\4\4\4\4\11", 10) == 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("backtest");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, areas_by_definition);
    tcase_add_test(tests, areas_at_the_ends);
    tcase_add_test(tests, deciles_share_out);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
