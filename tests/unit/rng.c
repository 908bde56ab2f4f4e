#include "libretain/rng.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

enum { DRAWS = 400000 };

/* The first values of SplitMix64 from the state 1234567, as widely published. */
START_TEST(known_first_values)
{
    static const uint64_t expected[] = {
        UINT64_C(6457827717110365317), UINT64_C(3203168211198807973), UINT64_C(9817491932198370423),
        UINT64_C(4593380528125082431), UINT64_C(16408922859458223821)};
    struct rt_rng rng = {1234567};
    for (size_t i = 0; i < 5; i++)
        ck_assert_uint_eq(rt_rng_bits(&rng), expected[i]);
}
END_TEST

/* To the last bit the same on every machine: a hash over the bits of many draws. */
START_TEST(same_bits_everywhere)
{
    struct rt_rng rng = rt_rng_start(42, 7);
    uint64_t hash = 0;
    for (int i = 0; i < 10000; i++) {
        const double draws[] = {rt_rng_uniform(&rng),          rt_rng_exponential(&rng),
                                rt_rng_normal(&rng),           rt_rng_gamma(&rng, 0.05),
                                rt_rng_gamma(&rng, 6.25),      rt_rng_beta(&rng, 0.8, 2.4),
                                rt_rng_beta(&rng, 0.02, 0.03), (double)rt_rng_poisson(&rng, 40)};
        for (size_t k = 0; k < sizeof draws / sizeof *draws; k++) {
            uint64_t bits;
            memcpy(&bits, &draws[k], sizeof bits);
            hash = rt_rng_mix(hash ^ bits);
        }
    }
    ck_assert_uint_eq(hash, UINT64_C(5439944585087957530));
}
END_TEST

START_TEST(streams_do_not_depend_on_each_other)
{
    struct rt_rng first = rt_rng_start(1, 1), second = rt_rng_start(1, 2);
    struct rt_rng other = rt_rng_start(2, 1);
    const uint64_t value = rt_rng_bits(&first);
    ck_assert_uint_ne(value, rt_rng_bits(&second));
    ck_assert_uint_ne(value, rt_rng_bits(&other));
    first = rt_rng_start(1, 1);
    ck_assert_uint_eq(value, rt_rng_bits(&first));
    /* Neighbours agree in about half of their bits. */
    int ones = 0;
    for (uint64_t name = 0; name < 10000; name++) {
        struct rt_rng here = rt_rng_start(1, name), next = rt_rng_start(1, name + 1);
        ones += __builtin_popcountll(rt_rng_bits(&here) ^ rt_rng_bits(&next));
    }
    ck_assert_int_lt(abs(ones - 320000), 5 * 400);
}
END_TEST

START_TEST(log_and_exp)
{
    struct rt_rng rng = rt_rng_start(3, 0);
    for (int i = 0; i < DRAWS; i++) {
        const double x = ldexp(rt_rng_uniform(&rng), (int)rt_rng_below(&rng, 2000) - 1000);
        ck_assert_msg(fabs(rt_rng_log(x) - log(x)) <= 2e-15 * fabs(log(x)), "log %.17g", x);
        const double y = (rt_rng_uniform(&rng) - 0.5) * 1400;
        ck_assert_msg(fabs(rt_rng_exp(y) - exp(y)) <= 2e-15 * exp(y), "exp %.17g", y);
        const double near = 1 + (rt_rng_uniform(&rng) - 0.5) * 1e-6;
        ck_assert_msg(fabs(rt_rng_log(near) - log(near)) <= 2e-15 * fabs(log(near)), "log %.17g",
                      near);
    }
    ck_assert(rt_rng_log(1) == 0);
    ck_assert(rt_rng_exp(0) == 1);
    ck_assert(rt_rng_exp(-1e9) == 0);
    ck_assert(isinf(rt_rng_exp(1e9)));
}
END_TEST

/* Mean and variance of many draws lie within five standard errors of what they should be. */
static void check_moments(const char *name, double (*draw)(struct rt_rng *rng, double a, double b),
                          double a, double b, double mean, double variance, double fourth)
{
    struct rt_rng rng = rt_rng_start(4, 0);
    double sum = 0, squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        const double value = draw(&rng, a, b) - mean;
        sum += value;
        squares += value * value;
    }
    const double mean_error = sqrt(variance / DRAWS);
    ck_assert_msg(fabs(sum / DRAWS) < 5 * mean_error, "%s(%g, %g): mean off by %g", name, a, b,
                  sum / DRAWS);
    /* The variance of a mean of squares: (fourth central moment - variance^2) / n. */
    const double variance_error = sqrt((fourth - variance * variance) / DRAWS);
    ck_assert_msg(fabs(squares / DRAWS - variance) < 5 * variance_error,
                  "%s(%g, %g): variance %g, not %g", name, a, b, squares / DRAWS, variance);
}

static double draw_uniform(struct rt_rng *rng, double a, double b)
{
    (void)a;
    (void)b;
    return rt_rng_uniform(rng);
}

static double draw_exponential(struct rt_rng *rng, double a, double b)
{
    (void)a;
    (void)b;
    return rt_rng_exponential(rng);
}

static double draw_normal(struct rt_rng *rng, double a, double b)
{
    (void)a;
    (void)b;
    return rt_rng_normal(rng);
}

static double draw_gamma(struct rt_rng *rng, double a, double b)
{
    (void)b;
    return rt_rng_gamma(rng, a);
}

static double draw_beta(struct rt_rng *rng, double a, double b)
{
    return rt_rng_beta(rng, a, b);
}

static double draw_poisson(struct rt_rng *rng, double a, double b)
{
    (void)b;
    return (double)rt_rng_poisson(rng, a);
}

static double draw_below(struct rt_rng *rng, double a, double b)
{
    (void)b;
    return (double)rt_rng_below(rng, (uint64_t)a);
}

/* Fourth central moment of Beta(a, b), from its excess kurtosis. */
static double beta_fourth(double a, double b, double variance)
{
    const double n = a + b;
    const double excess =
        6 * ((a - b) * (a - b) * (n + 1) - a * b * (n + 2)) / (a * b * (n + 2) * (n + 3));
    return (excess + 3) * variance * variance;
}

START_TEST(moments)
{
    check_moments("uniform", draw_uniform, 0, 0, 0.5, 1.0 / 12, 1.0 / 80);
    check_moments("exponential", draw_exponential, 0, 0, 1, 1, 9);
    check_moments("normal", draw_normal, 0, 0, 0, 1, 3);
    static const double shapes[] = {0.05, 0.24, 0.5, 0.999, 1, 1.5, 6.25, 100};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const double k = shapes[i];
        check_moments("gamma", draw_gamma, k, 0, k, k, 3 * k * k + 6 * k);
    }
    static const double pairs[][2] = {{0.79, 2.43}, {0.02, 0.03}, {1, 1}, {4, 1.2}, {30, 20}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const double a = pairs[i][0], b = pairs[i][1];
        const double variance = a * b / ((a + b) * (a + b) * (a + b + 1));
        check_moments("beta", draw_beta, a, b, a / (a + b), variance, beta_fourth(a, b, variance));
    }
    static const double means[] = {0.1, 1, 15.9, 16, 16.1, 50};
    for (size_t i = 0; i < sizeof means / sizeof *means; i++)
        check_moments("poisson", draw_poisson, means[i], 0, means[i], means[i],
                      means[i] * (1 + 3 * means[i]));
    check_moments("below", draw_below, 2, 0, 0.5, 0.25, 0.0626);
    check_moments("below", draw_below, 6, 0, 2.5, 35.0 / 12, 14.7291667);
}
END_TEST

/* Kolmogorov and Smirnov over a grid, for those whose distribution function has a plain form. */
START_TEST(distribution_functions)
{
    enum { CELLS = 200 };
    static int count[4][CELLS + 1];
    struct rt_rng rng = rt_rng_start(5, 0);
    for (int i = 0; i < DRAWS; i++) {
        const double at[4] = {
            1 - exp(-rt_rng_exponential(&rng)), 0.5 * erfc(-rt_rng_normal(&rng) / sqrt(2)),
            erf(sqrt(rt_rng_gamma(&rng, 0.5))),      /* half a chi-square with 1 degree */
            1 - pow(1 - rt_rng_beta(&rng, 1, 3), 3), /* 1 - (1-x)^3 */
        };
        for (int k = 0; k < 4; k++)
            count[k][(int)(at[k] * CELLS)]++;
    }
    for (int k = 0; k < 4; k++) {
        int below = 0;
        for (int cell = 0; cell < CELLS; cell++) {
            below += count[k][cell];
            const double off = fabs((double)below / DRAWS - (cell + 1.0) / CELLS);
            ck_assert_msg(off * sqrt(DRAWS) < 2.0, "distribution %d: off by %g", k, off);
        }
    }
}
END_TEST

START_TEST(edges)
{
    struct rt_rng rng = rt_rng_start(6, 0);
    for (int i = 0; i < 100000; i++) {
        const double u = rt_rng_uniform(&rng);
        ck_assert(u > 0 && u < 1);
        ck_assert_uint_eq(rt_rng_below(&rng, 1), 0);
        ck_assert_uint_lt(rt_rng_below(&rng, 7), 7);
        ck_assert_uint_lt(rt_rng_below(&rng, UINT64_MAX), UINT64_MAX);
        const double tiny = rt_rng_gamma(&rng, 0.001);
        ck_assert(tiny >= 0 && isfinite(tiny));
        const double share = rt_rng_beta(&rng, 0.001, 0.001);
        ck_assert(share >= 0 && share <= 1);
    }
    ck_assert_uint_eq(rt_rng_poisson(&rng, 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rng");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, known_first_values);
    tcase_add_test(all, same_bits_everywhere);
    tcase_add_test(all, streams_do_not_depend_on_each_other);
    tcase_add_test(all, log_and_exp);
    tcase_add_test(all, moments);
    tcase_add_test(all, distribution_functions);
    tcase_add_test(all, edges);
    suite_add_tcase(suite, all);
    return unit_run(suite);
}
