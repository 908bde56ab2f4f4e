/* All models by their tables: what holds for every one of them, and values that others computed. */
#include "libretain/model.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "libretain/gg.h"
#include "libretain/pnbd.h"
#include "libretain/rng.h"
#include "tests/unit/reference.h"
#include "tests/unit/unit.h"

enum { DRAWS = 60, LAST_COUNT = 400 };

static double between(struct rt_rng *rng, double low, double high)
{
    return low * rt_rng_exp(rt_rng_uniform(rng) * rt_rng_log(high / low));
}

static double whole(struct rt_rng *rng, uint64_t bound)
{
    return (double)rt_rng_below(rng, bound);
}

static bool has_column(const struct rt_model *model, const char *name)
{
    for (int i = 0; i < RT_POINT && model->columns[i] != NULL; i++)
        if (strcmp(model->columns[i], name) == 0)
            return true;
    return false;
}

/* A point that the model may meet. */
static void draw_point(const struct rt_model *model, struct rt_rng *rng, double at[RT_POINT])
{
    memset(at, 0, RT_POINT * sizeof *at);
    if (has_column(model, "T")) {
        at[0] = rt_rng_below(rng, 3) == 0 ? 0 : whole(rng, 40);
        at[2] = 1 + whole(rng, 100);
        at[1] = at[0] == 0 ? 0 : floor(rt_rng_uniform(rng) * (at[2] + 1));
    } else if (has_column(model, "m_x")) {
        at[0] = 1 + whole(rng, 30);
        at[1] = between(rng, 1, 500);
    } else if (has_column(model, "n")) {
        at[2] = 1 + whole(rng, 12);
        at[1] = whole(rng, (uint64_t)at[2] + 1);
        at[0] = at[1] == 0 ? 0 : 1 + whole(rng, (uint64_t)at[1]);
    } else {
        at[0] = 1 + whole(rng, 12);
        at[1] = whole(rng, 2);
    }
    int column;
    ck_assert_msg(model->fault(at, &column) == NULL, "%s: %g %g %g: %s", model->name, at[0], at[1],
                  at[2], model->fault(at, &column));
}

static void draw_params(const struct rt_model *model, struct rt_rng *rng, double *params)
{
    for (int i = 0; i < model->count; i++)
        params[i] = model->in_time[i] ? between(rng, 1, 60) : between(rng, 0.2, 8);
}

START_TEST(gradients_are_slopes)
{
    const struct rt_model *model = rt_models[_i];
    struct rt_rng rng = rt_rng_start(7, (uint64_t)_i);
    for (int draw = 0; draw < DRAWS; draw++) {
        double params[RT_MODEL_PARAMS], at[RT_POINT], gradient[RT_MODEL_PARAMS];
        draw_params(model, &rng, params);
        draw_point(model, &rng, at);
        const double loglik = model->loglik(params, at, gradient);
        ck_assert(loglik == model->loglik(params, at, NULL));
        ck_assert(isfinite(loglik));
        for (int i = 0; i < model->count; i++) {
            /* Differences of the fourth order. */
            const double middle = params[i], step = 1e-3 * middle;
            double value[4];
            for (int k = 0; k < 4; k++) {
                params[i] = middle + step * (k < 2 ? k - 2 : k - 1);
                value[k] = model->loglik(params, at, NULL);
            }
            params[i] = middle;
            const double slope = (value[0] - 8 * value[1] + 8 * value[2] - value[3]) / (12 * step);
            ck_assert_msg(fabs(slope - gradient[i]) < 1e-9 * (fabs(loglik) + 1) / middle,
                          "%s at %g %g %g, d %s: %.12g, not %.12g", model->name, at[0], at[1],
                          at[2], model->params[i], gradient[i], slope);
        }
    }
}
END_TEST

static struct rt_histogram *draw_points(const struct rt_model *model, struct rt_rng *rng, int count)
{
    int width = 0;
    while (width < RT_POINT && model->columns[width] != NULL)
        width++;
    struct rt_histogram *points = rt_histogram_new(width);
    for (int i = 0; i < count; i++) {
        double at[RT_POINT];
        draw_point(model, rng, at);
        rt_histogram_add(points, at, 1 + whole(rng, 3));
    }
    rt_histogram_settle(points);
    return points;
}

START_TEST(all_points_are_the_sum_of_each)
{
    const struct rt_model *model = rt_models[_i];
    struct rt_rng rng = rt_rng_start(8, (uint64_t)_i);
    struct rt_histogram *points = draw_points(model, &rng, 3000);
    for (int draw = 0; draw < 5; draw++) {
        double params[RT_MODEL_PARAMS], gradient[RT_MODEL_PARAMS], sums[RT_MODEL_PARAMS] = {0};
        draw_params(model, &rng, params);
        double sum = 0, size = 0;
        for (size_t i = 0; i < points->count; i++) {
            double at[RT_POINT];
            rt_histogram_at(points, i, at);
            const double one = points->weights[i] * model->loglik(params, at, gradient);
            sum += one;
            size += fabs(one);
            for (int k = 0; k < model->count; k++)
                sums[k] += points->weights[i] * gradient[k];
        }
        const double all = rt_model_loglik(model, params, points, 1, gradient);
        ck_assert_msg(fabs(all - sum) < 1e-12 * size, "%s: %.15g, not %.15g", model->name, all,
                      sum);
        for (int k = 0; k < model->count; k++)
            ck_assert_msg(fabs(gradient[k] - sums[k]) < 1e-11 * size / params[k],
                          "%s, %s: %.15g, not %.15g", model->name, model->params[k], gradient[k],
                          sums[k]);
        double other[RT_MODEL_PARAMS];
        ck_assert(rt_model_loglik(model, params, points, 2, other) == all);
        ck_assert(memcmp(other, gradient, (size_t)model->count * sizeof *other) == 0);
    }
    rt_histogram_free(points);
}
END_TEST

/* Probabilities sum to 1, and give the mean and the variance that the model says. */
START_TEST(futures_agree_with_their_moments)
{
    const struct rt_model *model = rt_models[_i];
    if (model->future == NULL)
        return;
    struct rt_rng rng = rt_rng_start(9, (uint64_t)_i);
    for (int draw = 0; draw < DRAWS / 3; draw++) {
        double params[RT_MODEL_PARAMS], at[RT_POINT];
        draw_params(model, &rng, params);
        draw_point(model, &rng, at);
        if (has_column(model, "T"))
            params[1] *= 5; /* few enough purchases to count */
        const double horizon = 1 + whole(&rng, 20), there = model->palive(params, at);
        ck_assert(there >= 0 && there <= 1);
        double sum = 0, mean = 0, squares = 0;
        for (int count = 0; count < LAST_COUNT; count++) {
            const double p = model->future(params, at, horizon, count);
            ck_assert(p >= 0 && p <= 1 + 1e-12);
            sum += p;
            mean += p * count;
            squares += p * count * count;
        }
        ck_assert_msg(fabs(sum - 1) < 1e-9, "%s: sum %.15g", model->name, sum);
        const double expected = model->expected(params, at, horizon);
        ck_assert_msg(fabs(mean - expected) < 1e-8 * (1 + mean), "%s: mean %.12g, not %.12g",
                      model->name, expected, mean);
        if (model->variance != NULL) {
            const double variance = model->variance(params, at, horizon);
            ck_assert_msg(fabs(variance - (squares - mean * mean)) < 1e-7 * (1 + squares),
                          "%s: variance %.12g, not %.12g", model->name, variance,
                          squares - mean * mean);
        }
    }
}
END_TEST

START_TEST(newcomers_agree_with_their_moments)
{
    const struct rt_model *model = rt_models[_i];
    if (model->pmf == NULL)
        return;
    struct rt_rng rng = rt_rng_start(10, (uint64_t)_i);
    for (int draw = 0; draw < DRAWS / 3; draw++) {
        double params[RT_MODEL_PARAMS];
        draw_params(model, &rng, params);
        if (has_column(model, "T"))
            params[1] *= 10;
        const double time = 1 + whole(&rng, 20);
        double sum = 0, mean = 0;
        for (int count = 0; count < LAST_COUNT; count++) {
            const double p = model->pmf(params, time, count);
            sum += p;
            mean += p * count;
        }
        ck_assert_msg(fabs(sum - 1) < 1e-9, "%s: sum %.15g", model->name, sum);
        const double expected = model->expected_new(params, time);
        ck_assert_msg(fabs(mean - expected) < 1e-8 * (1 + mean), "%s: mean %.12g, not %.12g",
                      model->name, expected, mean);
        ck_assert(model->pmf(params, time, -1) == 0);
    }
}
END_TEST

/* Heavy buyers, nobody's silence, a and s beside 1, parameters of any size: numbers all the same.
 */
START_TEST(values_are_finite_at_the_edges)
{
    const struct rt_model *model = rt_models[_i];
    if (!has_column(model, "T"))
        return;
    static const double points[][RT_POINT] = {
        {0, 0, 0},       {0, 0, 1},         {0, 0, 5000},     {1, 0, 0.5},     {1, 10, 10},
        {1000, 10, 100}, {20000, 300, 300}, {20000, 1, 5000}, {3, 1e-9, 1e-9}, {500, 1, 37},
    };
    static const double values[] = {1e-6, 0.3, 1, 1 + 1e-9, 1 - 1e-7, 2, 50, 1e6};
    enum { VALUES = sizeof values / sizeof *values };
    for (size_t k = 0; k < sizeof points / sizeof *points; k++)
        for (int mix = 0; mix < VALUES * VALUES * VALUES * VALUES; mix += 7) {
            const double params[] = {values[mix % VALUES], values[mix / VALUES % VALUES],
                                     values[mix / VALUES / VALUES % VALUES],
                                     values[mix / VALUES / VALUES / VALUES]};
            double gradient[RT_MODEL_PARAMS];
            ck_assert_msg(isfinite(model->loglik(params, points[k], gradient)),
                          "%s: point %zu, mix %d", model->name, k, mix);
            for (int i = 0; i < model->count; i++)
                ck_assert_msg(isfinite(gradient[i]), "%s: point %zu, mix %d, slope %d: %g",
                              model->name, k, mix, i, gradient[i]);
            const double there = model->palive(params, points[k]);
            ck_assert_msg(there >= 0 && there <= 1, "%s: point %zu, mix %d: there %g", model->name,
                          k, mix, there);
            if (mix % 5 != 0)
                continue;
            const double next = model->expected(params, points[k], 52);
            ck_assert_msg(isfinite(next) && next >= 0, "%s: point %zu, mix %d: expected %g",
                          model->name, k, mix, next);
        }
}
END_TEST

/* Where a formula has a - 1, a - 2 or s - 1 below the line, both sides meet in the middle. */
static void check_limit(double (*value)(const double *params, const double *at, double horizon),
                        double middle)
{
    static const double steps[] = {1e-3, 1e-6, 1e-9, 1e-12, 1e-15};
    const double at[] = {2, 30.43, 38.86};
    double params[] = {0.5, 8, middle, 2.5};
    const double there = value(params, at, 52);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        params[2] = middle + steps[i];
        const double above = value(params, at, 52);
        params[2] = middle - steps[i];
        const double below = value(params, at, 52);
        ck_assert_double_eq_tol((above + below) / 2, there, 1e-12 + steps[i] * steps[i] * 10);
        ck_assert_double_eq_tol(above, there, 1e-12 + 10 * steps[i]);
    }
}

START_TEST(one_and_two_are_no_special_cases)
{
    const struct rt_model *model = rt_models[_i];
    if (!has_column(model, "T"))
        return;
    for (int middle = 1; middle <= 2; middle++) {
        check_limit(model->expected, middle);
        check_limit(model->variance, middle);
    }
}
END_TEST

START_TEST(names_and_units)
{
    for (int i = 0; rt_models[i] != NULL; i++)
        ck_assert_ptr_eq(rt_model_find(rt_models[i]->name), rt_models[i]);
    ck_assert_ptr_null(rt_model_find("bg"));
    ck_assert(rt_unit_days("day") == 1);
    ck_assert(rt_unit_days("week") == 7);
    ck_assert(rt_unit_days("month") == 30.4375);
    ck_assert(rt_unit_days("year") == 0);
}
END_TEST

/* References ----------------------------------------------------------------------------------- */

static const char *const cases[] = {
    "bgnbd_pmf",
    "bgnbd_expectation",
    "bgnbd_expectation_hardie",
    "bgnbd_palive",
    "bgnbd_cet39",
    "bgnbd_heavy_buyer",
    "mbgnbd_palive",
    "paretonbd_palive",
    "paretonbd_cet39",
    "paretonbd_dert",
    "paretonbd_dert_example",
    "paretonbd_overflow_palive",
    "paretonbd_overflow_ll",
    "paretonbd_underflow_cet",
};

static double compute(const struct reference_row *row, const struct rt_model *model)
{
    double params[RT_MODEL_PARAMS];
    for (int i = 0; i < model->count; i++)
        params[i] = reference_value(row->input, model->params[i]);
    const char *text = row->quantity;
    /* 216/7 is written as 30.8571, and was not what was computed with. */
    const double last = reference_value(text, "t_x");
    const bool seventh = fabs(last * 7 - floor(last * 7 + 0.5)) < 1e-3;
    const double at[] = {reference_value(text, "x"), seventh ? floor(last * 7 + 0.5) / 7 : last,
                         reference_value(text, "T")};
    const double t = reference_value(text, "t");
    if (strstr(row->name, "pmf") != NULL)
        return model->pmf(params, t, at[0]);
    if (strstr(row->name, "expectation") != NULL)
        return model->expected_new(params, t);
    if (strstr(row->name, "cet") != NULL)
        return model->expected(params, at, strstr(row->name, "cet39") != NULL ? 39 : 10);
    if (strstr(row->name, "dert") != NULL)
        return model->dert(params, at, 0.0027);
    if (strstr(row->name, "_ll") != NULL)
        return model->loglik(params, at, NULL);
    return model->palive(params, at);
}

START_TEST(values_are_those_of_others)
{
    struct reference all = reference_read(cases[_i]);
    for (size_t i = 0; i < all.count; i++) {
        const struct reference_row *row = &all.rows[i];
        const struct rt_model *model = rt_model_find(row->name[0] == 'p'   ? "pnbd"
                                                     : row->name[0] == 'm' ? "mbgnbd"
                                                                           : "bgnbd");
        const double value = compute(row, model);
        ck_assert_msg(fabs(value - row->expected) <= row->tolerance, "%s, %s: %.12g, not %.12g",
                      row->name, row->quantity, value, row->expected);
    }
    reference_free(&all);
}
END_TEST

START_TEST(spend_is_that_of_others)
{
    struct reference all = reference_read("gammagamma_expected_spend");
    for (size_t i = 0; i < all.count; i++) {
        const struct reference_row *row = &all.rows[i];
        const double params[] = {reference_value(row->input, "p"), reference_value(row->input, "q"),
                                 reference_value(row->input, "gamma")};
        const long customer = strtol(strrchr(row->quantity, ' '), NULL, 10);
        struct rt_table *table = reference_table(REFERENCE "cdnow_cbs_39wk.csv");
        for (long skip = 0; skip < customer; skip++)
            ck_assert_int_eq(rt_table_next(table), 1);
        const struct rt_text mean = rt_table_cell(table, 4);
        const double at[] = {reference_number(rt_table_cell(table, 1)),
                             mean.length > 0 ? reference_number(mean) : 0};
        ck_assert_double_eq_tol(rt_gg_expected(params, at), row->expected, row->tolerance);
        rt_table_close(table);
    }
    reference_free(&all);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("model");
    TCase *tests = tcase_create("model");
    int models = 0;
    while (rt_models[models] != NULL)
        models++;
    tcase_add_loop_test(tests, gradients_are_slopes, 0, models);
    tcase_add_loop_test(tests, all_points_are_the_sum_of_each, 0, models);
    tcase_add_loop_test(tests, futures_agree_with_their_moments, 0, models);
    tcase_add_loop_test(tests, newcomers_agree_with_their_moments, 0, models);
    tcase_add_loop_test(tests, values_are_finite_at_the_edges, 0, models);
    tcase_add_loop_test(tests, one_and_two_are_no_special_cases, 0, models);
    tcase_add_test(tests, names_and_units);
    bool there = true;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        there = reference_there(cases[i]) && there;
    there = reference_there("gammagamma_expected_spend") && there;
    if (there) {
        tcase_add_loop_test(tests, values_are_those_of_others, 0,
                            (int)(sizeof cases / sizeof *cases));
        tcase_add_test(tests, spend_is_that_of_others);
    }
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
