/*
 * incomplete against values of mpmath 1.3 at 60 digits: the tails by hyp2f1, their logarithms
 * rounded to 17 digits.
 */
#include "libretain/incomplete.h"

#include <math.h>
#include <stddef.h>

#include "libretain/special.h"
#include "tests/unit/unit.h"

static const struct {
    double w, a, b, log_lower, log_upper;
} betas[] = {
    {0, 0.5, 0.5, -0.69314718055994531, -0.69314718055994531},
    {-1, 2, 3, -1.2239971922511079, -0.34821430851844331},
    {1.5, 2, 3, -0.021184126022878106, -3.8650765147282936},
    {-20, 0.25, 4, -4.5790307071078509, -0.010317887918560773},
    {30, 0.8, 0.3, -0.00011237139733695916, -9.0937573101518402},
    {0.125, 50, 60, -0.055031396107632886, -2.9272409339269451},
    {-0.3125, 1000, 1200, -6.7120350487293231, -0.0012169267606163065},
    {3, 0.001, 5, -5.0064147018506099e-11, -23.717715992420106},
    {-8, 12.5, 0.75, -100.84627660515288, -1.5959473130114617e-44},
    {2, 1, 1, -0.1269280110429725, -2.1269280110429725},
    {-2, 20000, 150000, -0.023830116032639787, -3.7486965153936702},
    {0.02, 100000, 99000, -0.013325559690322068, -4.32472668786985},
    {-50, 3, 2, -148.61370563888011, -2.8700383892657642e-65},
    {5, 400, 1.5, -1.9223058713966307, -0.15813946839723748},
};

enum { BETAS = sizeof betas / sizeof *betas };

static struct rt_tails tails(double w, double a, double b)
{
    const struct rt_beta beta = rt_beta(a, b);
    return rt_beta_tails(&beta, w);
}

static double quantile(double log_lower, double log_upper, double a, double b)
{
    const struct rt_beta beta = rt_beta(a, b);
    const double w = rt_beta_quantile(&beta, log_lower, log_upper, NAN);
    /* A guess, good or bad, leads to the same. */
    static const double away[] = {1e-7, -0.1, 3, -40};
    for (size_t i = 0; isfinite(w) && i < sizeof away / sizeof *away; i++) {
        const double again = rt_beta_quantile(&beta, log_lower, log_upper, w + away[i]);
        ck_assert(fabs(again - w) < 1e-9 * (1 + fabs(w)));
    }
    return w;
}

/* Relative, as what is near 0 is the logarithm of a share near 1. */
static void near(double got, double expected, double tolerance)
{
    ck_assert_msg(fabs(got - expected) <= tolerance * fabs(expected) + 1e-280, "%.17g is not %.17g",
                  got, expected);
}

static void check_tails(struct rt_tails got, double log_lower, double log_upper)
{
    near(got.log_lower, log_lower, 1e-11);
    near(got.log_upper, log_upper, 1e-11);
    near(got.lower, exp(log_lower), 1e-11);
    near(got.upper, exp(log_upper), 1e-11);
}

START_TEST(beta_tails)
{
    for (size_t i = 0; i < BETAS; i++) {
        check_tails(tails(betas[i].w, betas[i].a, betas[i].b), betas[i].log_lower,
                    betas[i].log_upper);
        check_tails(tails(-betas[i].w, betas[i].b, betas[i].a), betas[i].log_upper,
                    betas[i].log_lower);
    }
}
END_TEST

/* Far beyond what a double holds as a share. */
START_TEST(logarithms_go_on)
{
    near(tails(-800, 3, 2).log_lower, -2400 + log(4), 1e-12);
    ck_assert(tails(-800, 3, 2).lower == 0);
    ck_assert(tails(-INFINITY, 3, 2).upper == 1);
    ck_assert(tails(INFINITY, 3, 2).upper == 0);
    ck_assert(isnan(tails(NAN, 3, 2).lower));
}
END_TEST

START_TEST(quantiles_come_back)
{
    for (size_t i = 0; i < BETAS; i++) {
        const double w = quantile(betas[i].log_lower, betas[i].log_upper, betas[i].a, betas[i].b);
        ck_assert_msg(fabs(w - betas[i].w) < 1e-10 * (1 + fabs(betas[i].w)), "%g is not %g", w,
                      betas[i].w);
    }
    ck_assert(quantile(-INFINITY, 0, 2, 3) == -INFINITY);
    ck_assert(quantile(0, -INFINITY, 2, 3) == INFINITY);
    ck_assert(isnan(quantile(NAN, NAN, 2, 3)));
}
END_TEST

/* Over many shapes and shares, small and large. */
START_TEST(quantiles_meet_their_tails)
{
    static const double shapes[] = {0.02, 0.3, 1, 4.5, 77, 3000};
    enum { SHAPES = sizeof shapes / sizeof *shapes };
    for (size_t i = 0; i < SHAPES; i++)
        for (double p = -60; p < -1e-4; p /= 1.7) {
            const double rest = rt_log_subtract(0, p);
            for (size_t k = 0; k < SHAPES; k++) {
                const double w = quantile(rest, p, shapes[i], shapes[k]);
                near(tails(w, shapes[i], shapes[k]).log_upper, p, 1e-10);
            }
        }
}
END_TEST

/* The slope of a tail is the density. */
START_TEST(density_is_the_slope)
{
    for (double w = -3; w < 3; w += 0.37) {
        const double h = 1e-5;
        near((tails(w + h, 3.5, 0.75).lower - tails(w - h, 3.5, 0.75).lower) / (2 * h),
             exp(tails(w, 3.5, 0.75).log_density), 1e-6);
        const struct rt_beta beta = rt_beta(3.5, 0.75);
        near(rt_beta_upper(&beta, w), rt_beta_tails(&beta, w).upper, 1e-14);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("incomplete");
    TCase *tests = tcase_create("tests");
    tcase_add_test(tests, beta_tails);
    tcase_add_test(tests, logarithms_go_on);
    tcase_add_test(tests, quantiles_come_back);
    tcase_add_test(tests, quantiles_meet_their_tails);
    tcase_add_test(tests, density_is_the_slope);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
