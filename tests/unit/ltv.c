/* ltv: intervals against simulated futures, and what must hold of any customer. */
#include "libretain/ltv.h"

#include <math.h>
#include <stdlib.h>

#include "libretain/bgnbd.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/gg.h"
#include "libretain/horizon.h"
#include "libretain/mbgnbd.h"
#include "libretain/pnbd.h"
#include "libretain/rng.h"
#include "tests/unit/unit.h"

static struct rt_params buyers_of(const struct rt_model *model)
{
    struct rt_params params = {
        .model = model, .unit = "week", .unit_days = 7, .as_of = RT_DAY_NONE};
    const double values[RT_MODEL_PARAMS] = {0.525, 6.183, 0.891, 1.614};
    const double pareto[RT_MODEL_PARAMS] = {0.553, 10.578, 0.606, 11.669};
    for (int i = 0; i < RT_MODEL_PARAMS; i++)
        params.values[i] = model == &rt_pnbd ? pareto[i] : values[i];
    return params;
}

static struct rt_params spend_of(double p, double q, double v)
{
    return (struct rt_params){.model = &rt_gg, .values = {p, q, v}, .as_of = RT_DAY_NONE};
}

/* Standard errors of a tenth of each parameter, as if independent. */
static void make_certain(struct rt_params *params, double error)
{
    params->certain = true;
    for (int i = 0; i < params->model->count; i++)
        for (int k = 0; k < params->model->count; k++)
            params->covariance[i][k] =
                i == k ? error * error * params->values[i] * params->values[i] : 0;
}

static const struct rt_ltv_terms year = {.days = 365.25, .margin = 1, .confidence = 0.8};

static const struct rt_life lives[] = {
    {.x = 0, .T = 270, .known = true},
    {.x = 1, .t_x = 20, .T = 272, .m_x = 11.77, .known = true},
    {.x = 2, .t_x = 213, .T = 272, .m_x = 22.345, .known = true},
    {.x = 14, .t_x = 260, .T = 270, .m_x = 35, .known = true},
    {.x = 60, .t_x = 268, .T = 270, .m_x = 5, .known = true},
    {.x = 5, .t_x = 100, .T = 300, .m_x = 0, .known = true, .lost = true},
};
enum { LIVES = sizeof lives / sizeof *lives };

/* What one customer spends within the weeks: mbgnbd, from what is known of him. */
static double draw(const struct rt_params *buyers, const struct rt_params *spend,
                   const struct rt_life *life, double weeks, struct rt_rng *rng)
{
    double at[RT_POINT], later[RT_MODEL_PARAMS];
    rt_life_point(life, 7, at);
    if (rt_rng_uniform(rng) > rt_mbgnbd_palive(buyers->values, at))
        return 0;
    rt_mbgnbd_later(buyers->values, at, later);
    const double rate = rt_rng_gamma(rng, later[0]) / later[1];
    const double gone = rt_rng_beta(rng, later[2], later[3]);
    const double x = life->m_x > 0 ? life->x : 0, p = spend->values[0];
    const double nu =
        rt_rng_gamma(rng, p * x + spend->values[1]) / (spend->values[2] + x * life->m_x);
    double sum = 0;
    for (double time = rt_rng_exponential(rng) / rate; time < weeks;
         time += rt_rng_exponential(rng) / rate) {
        sum += rt_rng_gamma(rng, p) / nu;
        if (rt_rng_uniform(rng) < gone)
            break;
    }
    return sum;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

START_TEST(distribution_is_that_of_simulated_futures)
{
    enum { DRAWS = 20000 };
    const struct rt_params buyers = buyers_of(&rt_mbgnbd), spend = spend_of(6.25, 3.744, 15.44);
    struct rt_ltv *ltv = rt_ltv_new(&year);
    double *sums = rt_alloc(DRAWS, sizeof *sums);
    for (int k = 0; k < LIVES; k++) {
        struct rt_rng rng = rt_rng_start(11, (uint64_t)k);
        for (int i = 0; i < DRAWS; i++)
            sums[i] = draw(&buyers, &spend, &lives[k], 365.25 / 7, &rng);
        qsort(sums, DRAWS, sizeof *sums, compare);
        double worst = 0, mean = 0;
        for (int i = 0; i < DRAWS; i++) {
            const double share = rt_ltv_share_below(ltv, &buyers, &spend, &lives[k], sums[i]);
            const bool last = i + 1 == DRAWS || sums[i + 1] > sums[i];
            if (last && fabs(share - (i + 1.0) / DRAWS) > worst)
                worst = fabs(share - (i + 1.0) / DRAWS);
            mean += sums[i] / DRAWS;
        }
        /* Kolmogorov and Smirnov: 1.95 / sqrt(n) is passed by 1 in 1,000; and the grid. */
        ck_assert_msg(worst < 1.95 / sqrt(DRAWS) + 0.003, "customer %d: off by %g", k, worst);
        const struct rt_ltv_value value = rt_ltv_value(ltv, &buyers, &spend, &lives[k]);
        ck_assert_msg(fabs(mean / value.ltv - 1) < 0.08, "%d: %g, not %g", k, value.ltv, mean);
    }
    free(sums);
    rt_ltv_free(ltv);
}
END_TEST

/* The limits are the quantiles: as many lie below as they say, unless the expected value moved it.
 */
START_TEST(limits_are_quantiles)
{
    static const double confidences[] = {0.5, 0.8, 0.95};
    const struct rt_params buyers = buyers_of(&rt_mbgnbd), spend = spend_of(6.25, 3.744, 15.44);
    for (int c = 0; c < 3; c++) {
        struct rt_ltv_terms terms = year;
        terms.confidence = confidences[c];
        struct rt_ltv *ltv = rt_ltv_new(&terms);
        for (int k = 0; k < LIVES; k++) {
            const struct rt_ltv_value value = rt_ltv_value(ltv, &buyers, &spend, &lives[k]);
            const double up = rt_ltv_share_below(ltv, &buyers, &spend, &lives[k], value.hi);
            const double left = 1 - terms.confidence;
            ck_assert(0 <= value.lo && value.lo <= value.ltv && value.ltv <= value.hi);
            if (value.hi > value.ltv)
                ck_assert_double_eq_tol(up, 1 - (value.lo > 0 ? left / 2 : left), 2e-3);
            if (value.lo > 0)
                ck_assert_double_eq_tol(
                    rt_ltv_share_below(ltv, &buyers, &spend, &lives[k], value.lo), left / 2, 2e-3);
        }
        rt_ltv_free(ltv);
    }
}
END_TEST

START_TEST(expected_value_by_its_parts)
{
    const struct rt_params buyers = buyers_of(&rt_mbgnbd), spend = spend_of(6.25, 3.744, 15.44);
    struct rt_ltv_terms terms = {.days = 12 * RT_MONTH_DAYS, .margin = 0.3, .confidence = 0.95};
    struct rt_ltv *plain = rt_ltv_new(&terms);
    terms.rate = log(1.1) / RT_YEAR_DAYS;
    struct rt_ltv *discounted = rt_ltv_new(&terms);
    for (int k = 0; k < LIVES; k++) {
        double at[RT_POINT], sum = 0, before = 0;
        rt_life_point(&lives[k], 7, at);
        for (int month = 1; month <= 12; month++) {
            const double orders = rt_mbgnbd_expected(buyers.values, at, month * RT_MONTH_DAYS / 7);
            sum += (orders - before) / pow(1.1, month / 12.0);
            before = orders;
        }
        struct rt_ltv_value value = rt_ltv_value(plain, &buyers, &spend, &lives[k]);
        ck_assert_double_eq_tol(value.orders, before, 1e-9 * before);
        ck_assert_double_eq_tol(value.ltv, 0.3 * before * value.spend, 1e-9 * value.ltv);
        value = rt_ltv_value(discounted, &buyers, &spend, &lives[k]);
        ck_assert_double_eq_tol(value.ltv, 0.3 * sum * value.spend, 1e-9 * value.ltv);
    }
    rt_ltv_free(plain);
    rt_ltv_free(discounted);
}
END_TEST

/* BTYD: pnbd.DERT of these customers at a rate of 0.0027 a week. */
START_TEST(to_the_end_of_time)
{
    const struct rt_params buyers = buyers_of(&rt_pnbd), spend = spend_of(6.25, 3.744, 15.44);
    const struct rt_ltv_terms terms = {
        .days = INFINITY, .rate = 0.0027 / 7, .margin = 1, .confidence = 0.8};
    static const struct {
        double x, t_x, T, dert;
    } cases[] = {{0, 0, 39, 0.4749839075},       {1, 16, 32, 3.365849436},
                 {2, 30.43, 38.86, 6.483773568}, {10, 35, 39, 28.4338089},
                 {23, 39, 39, 68.70104121},      {26, 216.0 / 7, 31, 86.05265865},
                 {100, 38, 39, 281.9739006}};
    ck_assert_ptr_null(rt_ltv_fault(&terms, &buyers, &spend));
    struct rt_ltv *ltv = rt_ltv_new(&terms);
    for (int k = 0; k < 7; k++) {
        const struct rt_life life = {
            .x = cases[k].x, .t_x = 7 * cases[k].t_x, .T = 7 * cases[k].T, .m_x = 20};
        const struct rt_ltv_value value = rt_ltv_value(ltv, &buyers, &spend, &life);
        ck_assert_double_eq_tol(value.orders, cases[k].dert, 1e-5);
        ck_assert(value.lo <= value.ltv && value.ltv <= value.hi && isfinite(value.hi));
    }
    rt_ltv_free(ltv);
}
END_TEST

START_TEST(no_value)
{
    const struct rt_params buyers = buyers_of(&rt_mbgnbd), pareto = buyers_of(&rt_pnbd);
    const struct rt_params spend = spend_of(6, 3, 15), wild = spend_of(6, 0.9, 15);
    struct rt_ltv_terms terms = year;
    ck_assert_ptr_null(rt_ltv_fault(&terms, &buyers, &spend));
    ck_assert_ptr_nonnull(strstr(rt_ltv_fault(&terms, &buyers, &wild), "no mean"));
    terms.days = INFINITY;
    ck_assert_ptr_nonnull(strstr(rt_ltv_fault(&terms, &pareto, &spend), "--discount"));
    terms.rate = 0.001;
    ck_assert_ptr_null(rt_ltv_fault(&terms, &pareto, &spend));
    ck_assert_ptr_nonnull(strstr(rt_ltv_fault(&terms, &buyers, &spend), "pnbd"));
}
END_TEST

/* Uncertain parameters widen; twice the money is twice the value; what was kept does not show. */
START_TEST(properties)
{
    struct rt_params buyers = buyers_of(&rt_mbgnbd), spend = spend_of(6.25, 3.744, 15.44);
    struct rt_params unsure = buyers, unsure_spend = spend, twice = spend;
    make_certain(&buyers, 0);
    make_certain(&spend, 0);
    make_certain(&unsure, 0.1);
    make_certain(&unsure_spend, 0.1);
    make_certain(&twice, 0);
    twice.values[2] *= 2;
    struct rt_ltv *ltv = rt_ltv_new(&year);
    struct rt_ltv_value first[LIVES];
    for (int k = 0; k < LIVES; k++) {
        first[k] = rt_ltv_value(ltv, &buyers, &spend, &lives[k]);
        const struct rt_ltv_value wide = rt_ltv_value(ltv, &unsure, &unsure_spend, &lives[k]);
        ck_assert(wide.ltv == first[k].ltv && wide.lo >= 0);
        ck_assert(wide.lo <= first[k].lo && wide.hi > first[k].hi);
        struct rt_life richer = lives[k];
        richer.m_x *= 2;
        const struct rt_ltv_value value = rt_ltv_value(ltv, &buyers, &twice, &richer);
        ck_assert_double_eq_tol(value.ltv, 2 * first[k].ltv, 1e-12 * value.ltv);
        ck_assert_double_eq_tol(value.hi, 2 * first[k].hi, 1e-12 * value.hi);
    }
    for (int T = 1; T < 3000; T++)
        rt_ltv_value(ltv, &buyers, &spend, &(struct rt_life){.x = T % 300, .t_x = T, .T = T + 1});
    for (int k = 0; k < LIVES; k++) {
        const struct rt_ltv_value again = rt_ltv_value(ltv, &buyers, &spend, &lives[k]);
        ck_assert(again.ltv == first[k].ltv && again.lo == first[k].lo && again.hi == first[k].hi);
    }
    rt_ltv_free(ltv);
}
END_TEST

/* The relative error of the expected value by the delta method, from values at moved parameters. */
static double relative_error(const struct rt_params *buyers, const struct rt_params *spend,
                             const struct rt_life *life)
{
    double sum = 0;
    const struct rt_params *both[2] = {buyers, spend};
    for (int which = 0; which < 2; which++)
        for (int i = 0; i < both[which]->model->count; i++) {
            double logs[2];
            for (int up = 0; up < 2; up++) {
                struct rt_params moved[2] = {*buyers, *spend};
                moved[which].values[i] *= up == 1 ? 1 + 1e-4 : 1 - 1e-4;
                struct rt_ltv *ltv = rt_ltv_new(&year);
                logs[up] = log(rt_ltv_value(ltv, &moved[0], &moved[1], life).ltv);
                rt_ltv_free(ltv);
            }
            const double slope = (logs[1] - logs[0]) / 2e-4; /* by the logarithm */
            const double error = sqrt(both[which]->covariance[i][i]) / both[which]->values[i];
            sum += slope * slope * error * error;
        }
    return sqrt(sum);
}

START_TEST(errors_of_parameters)
{
    struct rt_params buyers = buyers_of(&rt_mbgnbd), spend = spend_of(6.25, 3.744, 15.44);
    struct rt_params unsure = buyers, unsure_spend = spend;
    make_certain(&buyers, 0);
    make_certain(&spend, 0);
    make_certain(&unsure, 0.1);
    make_certain(&unsure_spend, 0.2);
    const double z = 1.2815515655446004; /* of 80% */
    struct rt_ltv *ltv = rt_ltv_new(&year);
    for (int k = 0; k < LIVES; k++) {
        const struct rt_ltv_value plain = rt_ltv_value(ltv, &buyers, &spend, &lives[k]);
        const struct rt_ltv_value wide = rt_ltv_value(ltv, &unsure, &unsure_spend, &lives[k]);
        const double error = z * relative_error(&unsure, &unsure_spend, &lives[k]) * plain.hi;
        const double far = plain.hi - plain.ltv;
        ck_assert_double_eq_tol(wide.hi - wide.ltv, sqrt(far * far + error * error),
                                1e-3 * wide.hi);
    }
    rt_ltv_free(ltv);
}
END_TEST

START_TEST(heavy_and_strange_customers)
{
    const struct rt_params buyers = buyers_of(&rt_mbgnbd), spend = spend_of(0.3, 1.01, 4000);
    struct rt_ltv *ltv = rt_ltv_new(&year);
    static const struct rt_life odd[] = {
        {.x = 0, .T = 0},
        {.x = 5000, .t_x = 5000, .T = 5000, .m_x = 0.01},
        {.x = 1e6, .t_x = 10, .T = 1e6, .m_x = 1e12},
        {.x = 1, .t_x = 0, .T = 1e9, .m_x = 1e-9},
        {.x = 300, .t_x = 30, .T = 30, .m_x = 1},
    };
    for (int k = 0; k < 5; k++) {
        const struct rt_ltv_value value = rt_ltv_value(ltv, &buyers, &spend, &odd[k]);
        ck_assert_msg(value.lo >= 0 && value.lo <= value.ltv && value.ltv <= value.hi &&
                          isfinite(value.hi) && value.any >= 0 && value.any <= 1,
                      "customer %d: %g %g %g", k, value.lo, value.ltv, value.hi);
    }
    rt_ltv_free(ltv);
}
END_TEST

static void check_signs(const struct rt_ltv_value *value, const char *model, int k)
{
    ck_assert_msg(value->orders >= 0 && value->spend > 0 && value->any >= 0 && value->any <= 1 &&
                      0 <= value->lo && value->lo <= value->ltv && value->ltv <= value->hi,
                  "%s, customer %d: %g orders of %g, %g from %g to %g", model, k, value->orders,
                  value->spend, value->ltv, value->lo, value->hi);
}

/* Mostly near 1, now and then a thousand times as much or as little. */
static double odd_number(struct rt_rng *rng)
{
    return rt_rng_exp(2.3 * rt_rng_normal(rng));
}

/* Parameters as no fit would give them, with covariances that are none. */
static void draw_params(struct rt_params *params, struct rt_rng *rng)
{
    for (int i = 0; i < RT_MODEL_PARAMS; i++)
        params->values[i] = odd_number(rng);
    params->certain = true;
    for (int i = 0; i < RT_MODEL_PARAMS; i++)
        for (int k = 0; k < RT_MODEL_PARAMS; k++)
            params->covariance[i][k] =
                (rt_rng_uniform(rng) - 0.5) * params->values[i] * params->values[k];
}

/* Whatever the parameters are, also those that somebody typed in. */
START_TEST(no_value_is_negative)
{
    static const struct rt_model *const models[] = {&rt_bgnbd, &rt_mbgnbd, &rt_pnbd};
    struct rt_rng rng = rt_rng_start(5, 0);
    for (int draw = 0; draw < 90; draw++) {
        const struct rt_model *model = models[draw % 3];
        struct rt_params buyers = buyers_of(model), spend = spend_of(6.25, 3.744, 15.44);
        draw_params(&buyers, &rng);
        draw_params(&spend, &rng);
        spend.values[1] = 1 + odd_number(&rng) / 100;
        const struct rt_ltv_terms terms = {.days = 30 * odd_number(&rng),
                                           .rate = draw % 2 * 1e-3 * odd_number(&rng),
                                           .margin = rt_rng_uniform(&rng),
                                           .confidence = rt_rng_uniform(&rng)};
        struct rt_ltv *ltv = rt_ltv_new(&terms);
        for (int k = 0; k < LIVES; k++) {
            const struct rt_ltv_value value = rt_ltv_value(ltv, &buyers, &spend, &lives[k]);
            check_signs(&value, model->name, k);
        }
        rt_ltv_free(ltv);
    }
}
END_TEST

/* Of who is most likely there for good, the middle lies above the mean, which few who go lower. */
START_TEST(narrow_limits_hold_the_value)
{
    struct rt_params buyers = buyers_of(&rt_pnbd), spend = spend_of(6.25, 30, 15.44);
    const double values[] = {20, 1, 0.2, 50};
    memcpy(buyers.values, values, sizeof values);
    make_certain(&buyers, 0.1);
    make_certain(&spend, 0.1);
    struct rt_ltv_terms terms = year;
    terms.confidence = 0.02;
    struct rt_ltv *ltv = rt_ltv_new(&terms);
    const struct rt_life life = {.x = 400, .t_x = 270, .T = 271, .m_x = 30, .known = true};
    const struct rt_ltv_value value = rt_ltv_value(ltv, &buyers, &spend, &life);
    ck_assert_double_gt(rt_ltv_share_below(ltv, &buyers, &spend, &life, value.ltv), 0);
    ck_assert_double_lt(rt_ltv_share_below(ltv, &buyers, &spend, &life, value.ltv), 0.49);
    check_signs(&value, "pnbd", 0);
    rt_ltv_free(ltv);
}
END_TEST

/* So unlikely to be there that the probability is below the least number. */
START_TEST(who_is_certainly_gone_is_worth_nothing)
{
    struct rt_params buyers = buyers_of(&rt_mbgnbd);
    const struct rt_params spend = spend_of(6.25, 3.744, 15.44);
    const double values[] = {600, 0.01, 5, 30};
    memcpy(buyers.values, values, sizeof values);
    struct rt_ltv *ltv = rt_ltv_new(&year);
    const struct rt_life life = {.x = 0, .T = 300, .known = true};
    const struct rt_ltv_value value = rt_ltv_value(ltv, &buyers, &spend, &life);
    ck_assert(value.orders == 0 && value.ltv == 0 && value.lo == 0 && value.hi == 0);
    ck_assert(value.any == 0 && value.spend > 0);
    rt_ltv_free(ltv);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ltv");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, distribution_is_that_of_simulated_futures);
    tcase_add_test(tests, limits_are_quantiles);
    tcase_add_test(tests, expected_value_by_its_parts);
    tcase_add_test(tests, to_the_end_of_time);
    tcase_add_test(tests, no_value);
    tcase_add_test(tests, properties);
    tcase_add_test(tests, errors_of_parameters);
    tcase_add_test(tests, heavy_and_strange_customers);
    tcase_add_test(tests, no_value_is_negative);
    tcase_add_test(tests, narrow_limits_hold_the_value);
    tcase_add_test(tests, who_is_certainly_gone_is_worth_nothing);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
