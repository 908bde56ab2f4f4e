/* sbg, bdw and bgbb against published values, their own sums, and differences of themselves. */
#include "libretain/leaving.h"

#include <math.h>
#include <string.h>

#include "libretain/bdw.h"
#include "libretain/bgbb.h"
#include "libretain/rng.h"
#include "libretain/sbg.h"
#include "libretain/special.h"
#include "tests/unit/unit.h"

static void near(double got, double expected, double relative)
{
    ck_assert_msg(fabs(got - expected) <= relative * fabs(expected), "%.15g is not %.15g", got,
                  expected);
}

/* The derivatives by central differences, at `at`. */
static void check_gradient(const struct rt_model *model, const double *params, const double *at)
{
    double gradient[RT_MODEL_PARAMS], moved[RT_MODEL_PARAMS];
    model->loglik(params, at, gradient);
    for (int i = 0; i < model->count; i++) {
        const double step = params[i] * 1e-5;
        memcpy(moved, params, sizeof moved);
        moved[i] = params[i] + step;
        const double above = model->loglik(moved, at, NULL);
        moved[i] = params[i] - step;
        const double slope = (above - model->loglik(moved, at, NULL)) / (2 * step);
        const double scale = fabs(slope) + 1 / params[i];
        ck_assert_msg(fabs(slope - gradient[i]) < 2e-6 * scale, "%s: %s: %.10g is not %.10g",
                      model->name, model->params[i], gradient[i], slope);
    }
}

static double spread(struct rt_rng *rng, double least, double most)
{
    return least * rt_exp(rt_rng_uniform(rng) * rt_log(most / least));
}

START_TEST(gradients)
{
    struct rt_rng rng = rt_rng_start(1, 1);
    for (int i = 0; i < 3000; i++) {
        const double params[RT_MODEL_PARAMS] = {spread(&rng, 0.05, 50), spread(&rng, 0.05, 50),
                                                spread(&rng, 0.2, 3), spread(&rng, 0.05, 50)};
        const double period = (double)(1 + rt_rng_below(&rng, 30));
        const double left[2] = {period, (double)rt_rng_below(&rng, 2)};
        check_gradient(&rt_sbg, params, left);
        check_gradient(&rt_bdw, params, left);
        const double last = (double)rt_rng_below(&rng, 20);
        const double x = last > 0 ? (double)(1 + rt_rng_below(&rng, (uint64_t)last)) : 0;
        const double at[3] = {x, last, last + (double)rt_rng_below(&rng, 10)};
        check_gradient(&rt_bgbb, params, at);
    }
}
END_TEST

/* Fader and Hardie 2007: alpha 0.668, beta 3.806 of the high-end customers. */
START_TEST(sbg_published)
{
    const double params[] = {0.6680883283, 3.806094795};
    static const double shares[] = {0.4604396736, 0.4357795922, 0.4141724004, 0.3950553459,
                                    0.3779990746};
    for (int i = 0; i < 5; i++)
        near(rt_sbg_survival(params, 8 + i), shares[i], 1e-6);
    near(rt_sbg_residual(params, 8, 0.10), 7.529628113, 1e-6);
}
END_TEST

START_TEST(sbg_sums)
{
    static const double cases[][2] = {{0.668, 3.806}, {1.5, 0.2}, {30, 400}, {0.05, 0.05}};
    for (int i = 0; i < 4; i++) {
        const double *params = cases[i];
        double all = rt_sbg_survival(params, 40), kept = 1, sum = 0;
        for (int t = 1; t <= 40; t++) {
            const double left[2] = {t, 1};
            all += rt_exp(rt_sbg_loglik(params, left, NULL));
            kept *= rt_sbg_retention(params, t);
            near(rt_sbg_survival(params, t), kept, 1e-12);
        }
        near(all, 1, 1e-12);
        for (int t = 5; t < 2000; t++)
            sum += rt_sbg_survival(params, t) / rt_sbg_survival(params, 4) / pow(1.1, t - 5);
        near(rt_sbg_residual(params, 5, 0.1), sum, 1e-11);
    }
    near(rt_sbg_residual(cases[1], 3, 0), (0.2 + 2) / 0.5, 1e-12);
    near(rt_sbg_residual(cases[1], 3, 1e-9), (0.2 + 2) / 0.5, 1e-3);
    ck_assert(isinf(rt_sbg_residual(cases[0], 3, 0)));
}
END_TEST

START_TEST(bdw_sums)
{
    static const double cases[][3] = {
        {0.2593357129, 1.722551372, 1.584361566}, {2, 3, 1}, {4, 9, 0.4}, {0.05, 0.5, 2.5}};
    for (int i = 0; i < 4; i++) {
        const double *params = cases[i];
        double all = rt_bdw_survival(params, 40), kept = 1;
        for (int t = 1; t <= 40; t++) {
            const double left[2] = {t, 1};
            all += rt_exp(rt_bdw_loglik(params, left, NULL));
            kept *= rt_bdw_retention(params, t);
            near(rt_bdw_survival(params, t), kept, 1e-12);
        }
        near(all, 1, 1e-12);
    }
    /* With c = 1 it is the other model; also where most of the sum is in its tail. */
    static const double discounts[] = {0.5, 0.1, 1e-3, 1e-4, 1e-6};
    for (int i = 0; i < 5; i++)
        near(rt_bdw_residual(cases[1], 4, discounts[i]), rt_sbg_residual(cases[1], 4, discounts[i]),
             1e-9);
    const double slow[] = {1.2, 3, 1}, slower[] = {0.7, 3, 1};
    near(rt_bdw_residual(slow, 4, 0), rt_sbg_residual(slow, 4, 0), 1e-8);
    near(rt_bdw_residual(slower, 4, 1e-4), rt_sbg_residual(slower, 4, 1e-4), 1e-8);
    ck_assert(isinf(rt_bdw_residual(slower, 4, 0)));
}
END_TEST

/* foretell's example, quoted in retenmod: 100 S(t) from t = 5. */
START_TEST(bdw_published)
{
    const double params[] = {0.2593357129, 1.722551372, 1.584361566};
    static const double shares[] = {54.66108304, 51.03694052, 48.10447464,
                                    45.66888098, 43.60373019, 41.82323378};
    for (int i = 0; i < 6; i++)
        near(100 * rt_bdw_survival(params, 5 + i), shares[i], 1e-6);
}
END_TEST

static double choose(int n, int k)
{
    return k == 0 ? 1 : choose(n, k - 1) * (n - k + 1) / k;
}

/* All histories of seven periods have probability 1, and their number of purchases that of pmf. */
START_TEST(bgbb_sums)
{
    static const double cases[][4] = {{1.204, 0.750, 0.657, 2.783}, {0.3, 2, 1, 5}, {4, 4, 3, 0.5}};
    for (int i = 0; i < 3; i++) {
        const double *params = cases[i];
        double all = 0, mean = 0, future = 0;
        const double at[3] = {2, 4, 6};
        for (int x = 0; x <= 7; x++) {
            double sum = 0;
            for (int last = x; last <= (x > 0 ? 7 : 0); last++) {
                const double point[3] = {x, last, 7};
                sum += (x > 0 ? choose(last - 1, x - 1) : 1) *
                       rt_exp(rt_bgbb_loglik(params, point, NULL));
            }
            near(rt_bgbb_pmf(params, 7, x), sum, 1e-11);
            all += sum;
            mean += x * sum;
            future += x * rt_bgbb_future(params, at, 7, x);
        }
        near(all, 1, 1e-12);
        near(rt_bgbb_expected_new(params, 7), mean, 1e-11);
        near(rt_bgbb_expected(params, at, 7), future, 1e-11);
    }
}
END_TEST

/* By Bayes: how likely is a history that goes on with a purchase, or with nothing for good? */
START_TEST(bgbb_alive)
{
    const double params[] = {1.204, 0.750, 0.657, 2.783}, share = 1.204 + 0.750;
    for (int x = 0; x <= 6; x++)
        for (int last = x; last <= (x > 0 ? 6 : 0); last++) {
            const double at[3] = {x, last, 6}, next[3] = {x + 1, 7, 7};
            const double buys =
                rt_exp(rt_bgbb_loglik(params, next, NULL) - rt_bgbb_loglik(params, at, NULL));
            near(rt_bgbb_palive(params, at) * (params[0] + x) / (share + 6), buys, 1e-12);
            near(rt_bgbb_expected(params, at, 1.9), buys, 1e-12);
            near(rt_bgbb_future(params, at, 1, 1), buys, 1e-12);
        }
    const double gone[3] = {3, 5, 400};
    ck_assert(rt_bgbb_palive(params, gone) >= 0 && rt_bgbb_palive(params, gone) < 1e-3);
}
END_TEST

START_TEST(bgbb_edges)
{
    const double at[3] = {3, 4, 6};
    const double under[] = {1.2, 0.7, 1 - 1.01e-5, 2.8}, over[] = {1.2, 0.7, 1 - 0.99e-5, 2.8};
    near(rt_bgbb_expected(under, at, 10), rt_bgbb_expected(over, at, 10), 1e-6);
    const double one[] = {1.2, 0.7, 1, 2.8};
    near(rt_bgbb_expected(under, at, 10), rt_bgbb_expected(one, at, 10), 1e-4);
    /* Discounted to the end of time: the increments of the expectation, one by one. */
    const double params[] = {1.204, 0.750, 0.657, 2.783};
    double sum = 0;
    for (int t = 1; t < 600; t++)
        sum += (rt_bgbb_expected(params, at, t) - rt_bgbb_expected(params, at, t - 1)) *
               rt_exp(-0.1 * t);
    near(rt_bgbb_dert(params, at, 0.1), sum, 1e-9);
}
END_TEST

START_TEST(faults)
{
    static const struct {
        double at[3];
        int column;
    } cases[] = {
        {{1.5, 2, 3}, 0}, {{-1, 2, 3}, 0}, {{3, 2, 5}, 1}, {{2, 4, 3}, 2}, {{1, NAN, 3}, 1}};
    int column;
    for (int i = 0; i < 5; i++) {
        ck_assert_ptr_nonnull(rt_bgbb.fault(cases[i].at, &column));
        ck_assert_int_eq(column, cases[i].column);
    }
    const double fine[3] = {2, 3, 3}, never[3] = {0, 7, 3};
    ck_assert_ptr_null(rt_bgbb.fault(fine, &column));
    ck_assert_ptr_null(rt_bgbb.fault(never, &column)); /* t_x of nobody's purchase is no matter */
    const double half[2] = {1.5, 1}, neither[2] = {1, 2}, left[2] = {1, 1};
    ck_assert_ptr_nonnull(rt_leaving_fault(half, &column));
    ck_assert_int_eq(column, 0);
    ck_assert_ptr_nonnull(rt_leaving_fault(neither, &column));
    ck_assert_int_eq(column, 1);
    ck_assert_ptr_null(rt_leaving_fault(left, &column));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("leaving");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, gradients);
    tcase_add_test(tests, sbg_published);
    tcase_add_test(tests, sbg_sums);
    tcase_add_test(tests, bdw_sums);
    tcase_add_test(tests, bdw_published);
    tcase_add_test(tests, bgbb_sums);
    tcase_add_test(tests, bgbb_alive);
    tcase_add_test(tests, bgbb_edges);
    tcase_add_test(tests, faults);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
