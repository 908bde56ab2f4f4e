/* Fits: of real data, as others have them; of simulated shops; of data that no model fits. */
#include "libretain/fit.h"

#include <math.h>
#include <string.h>

#include "libretain/points.h"
#include "libretain/shop.h"
#include "tests/unit/reference.h"
#include "tests/unit/unit.h"

/* CDNOW ---------------------------------------------------------------------------------------- */

enum { CUSTOMERS = 2357, X = 1, MEAN = 4 };

struct cdnow {
    double at[CUSTOMERS][RT_POINT], mean[CUSTOMERS];
};

static struct cdnow *read_cdnow(const char *file)
{
    struct cdnow *cdnow = rt_alloc_zero(1, sizeof *cdnow);
    struct rt_table *table = reference_table(file);
    for (int i = 0; i < CUSTOMERS; i++) {
        ck_assert_int_eq(rt_table_next(table), 1);
        for (int c = 0; c < RT_POINT; c++)
            cdnow->at[i][c] = reference_number(rt_table_cell(table, (size_t)(X + c)));
        cdnow->mean[i] = reference_number(rt_table_cell(table, MEAN));
    }
    rt_table_close(table);
    return cdnow;
}

static void fit_cdnow(const struct rt_model *model, const struct cdnow *cdnow, struct rt_fit *fit)
{
    const bool spend = strcmp(model->name, "gg") == 0;
    struct rt_histogram *points = rt_histogram_new(spend ? 2 : 3);
    for (int i = 0; i < CUSTOMERS; i++) {
        const double pair[] = {cdnow->at[i][0], cdnow->mean[i]};
        if (!spend || pair[0] > 0)
            rt_histogram_add(points, spend ? pair : cdnow->at[i], 1);
    }
    rt_histogram_settle(points);
    ck_assert_msg(rt_fit(model, points, 1, fit) == 0, "%s: %s", model->name, fit->reason);
    rt_histogram_free(points);
}

static const struct {
    const char *name, *model, *file;
} fits[] = {
    {"cdnow_bgnbd_fit", "bgnbd", "cdnow_cbs_39wk.csv"},
    {"cdnow_mbgnbd_fit", "mbgnbd", "cdnow_cbs_39wk.csv"},
    {"cdnow_paretonbd_fit", "pnbd", "cdnow_cbs_39wk.csv"},
    {"cdnow_gammagamma_fit", "gg", "cdnow_cbs_39wk.csv"},
    {"cdnow_bgnbd_fit_2dp", "bgnbd", "cdnow_summary_2dp.csv"},
    {"cdnow_paretonbd_fit_2dp", "pnbd", "cdnow_summary_2dp.csv"},
};

/* The quantity, "r" or "LL", is the last word; v is called gamma there. */
static double fitted(const struct rt_fit *fit, const char *quantity)
{
    const char *word = strrchr(quantity, ' ') + 1;
    if (strcmp(word, "LL") == 0)
        return fit->loglik;
    for (int i = 0; i < fit->model->count; i++)
        if (strcmp(word, fit->model->params[i]) == 0 ||
            (strcmp(word, "gamma") == 0 && strcmp(fit->model->params[i], "v") == 0))
            return fit->params[i];
    return (double)NAN;
}

START_TEST(fits_are_those_of_others)
{
    char file[64];
    (void)snprintf(file, sizeof file, REFERENCE "%s", fits[_i].file);
    struct cdnow *cdnow = read_cdnow(file);
    struct rt_fit fit;
    fit_cdnow(rt_model_find(fits[_i].model), cdnow, &fit);
    struct reference all = reference_read(fits[_i].name);
    for (size_t i = 0; i < all.count; i++) {
        const double value = fitted(&fit, all.rows[i].quantity);
        ck_assert_msg(fabs(value - all.rows[i].expected) <= all.rows[i].tolerance,
                      "%s, %s: %.12g, not %.12g", fits[_i].name, all.rows[i].quantity, value,
                      all.rows[i].expected);
    }
    reference_free(&all);
    free(cdnow);
}
END_TEST

/* Mean expectation of those with x, or with 7 and more. */
static double mean_by_frequency(const struct rt_fit *fit, const struct cdnow *cdnow,
                                const char *quantity)
{
    const double x = reference_value(quantity, "x");
    double sum = 0, count = 0;
    for (int i = 0; i < CUSTOMERS; i++)
        if (cdnow->at[i][0] == x || (x == 7 && cdnow->at[i][0] > 7)) {
            sum += fit->model->expected(fit->params, cdnow->at[i], 39);
            count++;
        }
    return sum / count;
}

/* Repeat purchases of all by the end of a week, counted from the first customer's first day. */
static double tracked(const struct rt_fit *fit, const struct cdnow *cdnow, const char *quantity)
{
    const double week = strtod(strrchr(quantity, ' '), NULL);
    double longest = 0, sum = 0;
    for (int i = 0; i < CUSTOMERS; i++)
        longest = fmax(longest, cdnow->at[i][2]);
    for (int i = 0; i < CUSTOMERS; i++) {
        const double age = week - (longest - cdnow->at[i][2]);
        sum += age > 0 ? fit->model->expected_new(fit->params, age) : 0;
    }
    return sum;
}

static double follow(const struct rt_fit *fit, const struct cdnow *cdnow,
                     const struct reference_row *row)
{
    const struct rt_model *model = fit->model;
    const char *text = row->quantity;
    const double at[] = {reference_value(text, "x"), reference_value(text, "t_x"),
                         reference_value(text, "T")};
    if (strstr(row->name, "1516") != NULL)
        return strstr(text, "PAlive") != NULL ? model->palive(fit->params, cdnow->at[1515])
                                              : model->expected(fit->params, cdnow->at[1515], 52);
    if (strstr(row->name, "paradox") != NULL)
        return model->expected(fit->params, at, 52);
    if (strstr(row->name, "by_frequency") != NULL)
        return mean_by_frequency(fit, cdnow, text);
    if (strstr(row->name, "tracking") != NULL)
        return tracked(fit, cdnow, text);
    return model->expected_new(fit->params, 52);
}

static const char *const followers[] = {
    "bgnbd_1516",
    "paretonbd_1516",
    "bgnbd_expectation_vignette",
    "paretonbd_expectation",
    "bgnbd_increasing_frequency_paradox",
    "paretonbd_increasing_frequency_paradox",
    "cdnow_cet_by_frequency_bgnbd",
    "cdnow_cet_by_frequency_paretonbd",
    "cdnow_tracking_expected_bgnbd",
    "cdnow_tracking_expected_paretonbd",
};

START_TEST(what_follows_is_that_of_others)
{
    struct cdnow *cdnow = read_cdnow(REFERENCE "cdnow_cbs_39wk.csv");
    struct rt_fit bgnbd, pnbd;
    fit_cdnow(rt_model_find("bgnbd"), cdnow, &bgnbd);
    fit_cdnow(rt_model_find("pnbd"), cdnow, &pnbd);
    for (size_t k = 0; k < sizeof followers / sizeof *followers; k++) {
        struct reference all = reference_read(followers[k]);
        const struct rt_fit *fit = strstr(followers[k], "pareto") != NULL ? &pnbd : &bgnbd;
        for (size_t i = 0; i < all.count; i++) {
            const double value = follow(fit, cdnow, &all.rows[i]);
            ck_assert_msg(fabs(value - all.rows[i].expected) <= all.rows[i].tolerance,
                          "%s, %s: %.12g, not %.12g", followers[k], all.rows[i].quantity, value,
                          all.rows[i].expected);
        }
        reference_free(&all);
    }
    free(cdnow);
}
END_TEST

/* Simulated shops ------------------------------------------------------------------------------ */

/* The points of a shop's customers, in weeks, or their spend. */
static struct rt_histogram *simulate(const struct rt_shop_plan *plan, bool spend)
{
    struct rt_shop shop;
    rt_shop_init(&shop, plan);
    struct rt_histogram *points = rt_histogram_new(spend ? 2 : 3);
    struct rt_shop_rows rows = {0};
    for (uint32_t i = 0; i < plan->customers; i++) {
        struct rt_shop_customer customer = rt_shop_start(&shop, i);
        rows.count = 0;
        (void)rt_shop_buy(&shop, &customer, shop.days, &rows);
        double orders = 0, value = 0;
        for (size_t k = 1; k < rows.count; k++) {
            orders += rows.rows[k].day != rows.rows[k - 1].day;
            value += rows.rows[k].day != rows.rows[0].day ? rows.rows[k].cents / 100.0 : 0;
        }
        const double first = rows.rows[0].day, last = rows.rows[rows.count - 1].day;
        const double at[] = {orders, (last - first) / 7, (shop.days - 1 - first) / 7};
        if (!spend)
            rt_histogram_add(points, at, 1);
        else if (orders > 0)
            rt_histogram_add(points, (double[]){orders, value / orders}, 1);
    }
    rt_shop_rows_free(&rows);
    rt_shop_free(&shop);
    rt_histogram_settle(points);
    return points;
}

static const struct {
    const char *model;
    enum rt_shop_model shop;
    int seeds, customers;
} recoveries[] = {
    {"bgnbd", RT_SHOP_BGNBD, 25, 3000},
    {"mbgnbd", RT_SHOP_MBGNBD, 25, 3000},
    {"pnbd", RT_SHOP_PNBD, 12, 3000},
    {"gg", RT_SHOP_BGNBD, 25, 2000},
};

/*
 * Customers who buy about once in two years, so that days, and purchases of one day that become
 * one, are short beside what the models call time.
 */
static struct rt_shop_plan slow_shop(enum rt_shop_model model, int seed, int customers)
{
    struct rt_shop_plan plan = rt_shop_usual_plan;
    plan.seed = (uint64_t)seed;
    plan.model = model;
    plan.customers = (uint32_t)customers;
    plan.alpha = 60;
    plan.beta = 200;
    plan.last = plan.first + 3650;
    plan.new_until = plan.first + 730;
    return plan;
}

/*
 * Nineteen in twenty are within two standard errors; nine in ten, for so few seeds. And errors have
 * the size that is told: their squares are 1 on the average.
 */
START_TEST(parameters_are_recovered)
{
    const struct rt_model *model = rt_model_find(recoveries[_i].model);
    const bool spend = strcmp(model->name, "gg") == 0;
    double within = 0, squares = 0, all = 0;
    for (int seed = 1; seed <= recoveries[_i].seeds; seed++) {
        struct rt_shop_plan plan = slow_shop(recoveries[_i].shop, seed, recoveries[_i].customers);
        struct rt_histogram *points = simulate(&plan, spend);
        struct rt_fit fit;
        ck_assert_msg(rt_fit(model, points, 1, &fit) == 0, "%s, seed %d: %s", model->name, seed,
                      fit.reason);
        rt_histogram_free(points);
        for (int i = 0; i < model->count; i++) {
            const char *const *names =
                spend ? rt_shop_spend_params : rt_shop_params[recoveries[_i].shop];
            const double truth = *rt_shop_param(&plan, names, model->params[i]);
            const double off = (fit.params[i] - truth) / fit.se[i];
            within += fabs(off) < 2;
            squares += off * off;
            all++;
        }
    }
    ck_assert_msg(within >= 0.9 * all, "%s: %g of %g within two standard errors", model->name,
                  within, all);
    ck_assert_msg(squares > 0.6 * all && squares < 1.5 * all,
                  "%s: the mean square of the errors is %g", model->name, squares / all);
}
END_TEST

/* Many points: by way of a sample, in one thread or two, the same. */
START_TEST(samples_and_threads_change_nothing)
{
    struct rt_shop_plan plan = rt_shop_usual_plan;
    plan.model = RT_SHOP_MBGNBD;
    plan.customers = 120000;
    struct rt_histogram *points = simulate(&plan, false);
    ck_assert(points->count > 30000);
    struct rt_fit one, two;
    const struct rt_model *model = rt_model_find("mbgnbd");
    ck_assert_int_eq(rt_fit(model, points, 1, &one), 0);
    ck_assert_int_eq(rt_fit(model, points, 2, &two), 0);
    ck_assert(memcmp(one.params, two.params, sizeof one.params) == 0);
    ck_assert(memcmp(one.se, two.se, sizeof one.se) == 0);
    ck_assert(one.loglik == two.loglik);
    /* At a maximum, all slopes are 0. */
    double gradient[RT_MODEL_PARAMS];
    (void)rt_model_loglik(model, one.params, points, 1, gradient);
    for (int i = 0; i < model->count; i++)
        ck_assert_double_eq_tol(gradient[i] * one.se[i], 0, 1e-6);
    rt_histogram_free(points);
}
END_TEST

/* The covariance is the inverse of the second derivatives, here by differences of the value. */
START_TEST(covariance_is_that_of_the_curvature)
{
    struct rt_shop_plan plan = rt_shop_usual_plan;
    plan.model = RT_SHOP_MBGNBD;
    plan.customers = 3000;
    struct rt_histogram *points = simulate(&plan, false);
    const struct rt_model *model = rt_model_find("mbgnbd");
    struct rt_fit fit;
    ck_assert_int_eq(rt_fit(model, points, 1, &fit), 0);
    double second[RT_MODEL_PARAMS][RT_MODEL_PARAMS];
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 4; k++) {
            const double a = fit.params[i] * 1e-3, b = fit.params[k] * 1e-3;
            double sum = 0;
            for (int corner = 0; corner < 4; corner++) {
                double params[RT_MODEL_PARAMS];
                memcpy(params, fit.params, sizeof params);
                params[i] += corner % 2 == 0 ? a : -a;
                params[k] += corner / 2 == 0 ? b : -b;
                const double value = rt_model_loglik(model, params, points, 1, NULL);
                sum += corner == 0 || corner == 3 ? value : -value;
            }
            second[i][k] = -sum / (4 * a * b);
        }
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 4; k++) {
            double sum = 0;
            for (int j = 0; j < 4; j++)
                sum += second[i][j] * fit.covariance[j][k];
            ck_assert_double_eq_tol(sum * fit.se[i] / fit.se[k], i == k, 2e-3);
        }
    rt_histogram_free(points);
}
END_TEST

/* Data that no model fits ---------------------------------------------------------------------- */

static void check_refused(const char *model, const double (*rows)[4], int count,
                          enum rt_fit_state state, const char *words)
{
    struct rt_histogram *points = rt_histogram_new(strcmp(model, "gg") == 0 ? 2 : 3);
    for (int i = 0; i < count; i++)
        rt_histogram_add(points, rows[i], rows[i][3]);
    rt_histogram_settle(points);
    struct rt_fit fit;
    const int found = rt_fit(rt_model_find(model), points, 1, &fit);
    ck_assert_msg(found == -1 && fit.state == state && strstr(fit.reason, words) != NULL,
                  "%s: state %d, %s", model, (int)fit.state, fit.reason);
    ck_assert(isnan(fit.se[0]));
    rt_histogram_free(points);
}

START_TEST(data_that_lack_something_are_refused)
{
    static const char *const models[] = {"bgnbd", "mbgnbd", "pnbd"};
    const double nobody[][4] = {{0, 0, 10, 500}, {0, 0, 20, 700}};
    const double one[][4] = {{3, 10, 20, 1}};
    const double today[][4] = {{0, 0, 0, 100}};
    const double hardly[][4] = {{0, 0, 10, 500}, {1, 3, 10, 2}};
    for (int i = 0; i < 3; i++) {
        check_refused(models[i], nobody, 2, RT_FIT_LACKS, "no customer has bought twice");
        check_refused(models[i], one, 1, RT_FIT_LACKS, "fewer than 10 customers");
        check_refused(models[i], today, 1, RT_FIT_LACKS, "T is 0 for all");
        check_refused(models[i], hardly, 2, RT_FIT_LACKS, "fewer than 3 customers");
        check_refused(models[i], nobody, 0, RT_FIT_LACKS, "no customers");
    }
    const double alike[][4] = {{3, 20, 0, 50}, {4, 20, 0, 10}};
    check_refused("gg", alike, 2, RT_FIT_LACKS, "spend the same");
}
END_TEST

/* Nobody silent for long: no drop-out to be seen. */
START_TEST(no_drop_out_is_told)
{
    double rows[40][4];
    for (int i = 0; i < 40; i++) {
        const double x = 5 + i % 13, T = 40 + i;
        memcpy(rows[i], (double[]){x, T, T, 3}, sizeof rows[i]);
    }
    check_refused("bgnbd", (const double(*)[4])rows, 40, RT_FIT_LIMIT, "nobody seems to drop out");
    check_refused("mbgnbd", (const double(*)[4])rows, 40, RT_FIT_LIMIT, "nobody seems to drop out");
    check_refused("pnbd", (const double(*)[4])rows, 40, RT_FIT_LIMIT, "nobody seems to drop out");
}
END_TEST

/* A few very large values: the spend has no mean. */
START_TEST(spend_without_a_mean_is_told)
{
    double rows[60][4];
    for (int i = 0; i < 60; i++)
        memcpy(rows[i], (double[]){1 + i % 4, pow(10, i / 8.0), 0, 2}, sizeof rows[i]);
    check_refused("gg", (const double(*)[4])rows, 60, RT_FIT_LIMIT, "q is 1 or less");
}
END_TEST

/* Whatever the data are, a fit ends, and gives numbers or words. */
START_TEST(every_fit_ends)
{
    static const char *const models[] = {"bgnbd", "mbgnbd", "pnbd"};
    static const double shapes[][4][4] = {
        {{20000, 300, 300, 1}, {0, 0, 300, 5}, {1, 1, 300, 5}, {2, 2, 300, 5}},
        {{1, 1, 1, 1e7}, {0, 0, 1, 1e7}, {2, 1, 1, 1e6}, {3, 1, 1, 1e5}},
        {{1, 0, 5, 10}, {2, 0, 5, 10}, {3, 0, 5, 10}, {0, 0, 5, 10}},
        {{1, 5, 5, 10}, {1, 5, 5, 10}, {1, 5, 5, 10}, {1, 5, 5, 10}},
        {{7, 90, 100, 1000}, {7, 95, 100, 1000}, {6, 80, 100, 1000}, {8, 99, 100, 1000}},
        {{1, 1e-9, 1e9, 30}, {0, 0, 1e9, 30}, {500, 1e9, 1e9, 30}, {2, 1, 2, 30}},
        {{0, 0, 1e-9, 50}, {1, 1e-9, 1e-9, 50}, {0, 0, 1e-9, 50}, {2, 1e-9, 1e-9, 50}},
    };
    for (size_t shape = 0; shape < sizeof shapes / sizeof *shapes; shape++)
        for (int m = 0; m < 3; m++) {
            struct rt_histogram *points = rt_histogram_new(3);
            for (int i = 0; i < 4; i++)
                rt_histogram_add(points, shapes[shape][i], shapes[shape][i][3]);
            rt_histogram_settle(points);
            struct rt_fit fit;
            const int found = rt_fit(rt_model_find(models[m]), points, 1, &fit);
            ck_assert_msg((found == 0) == (fit.reason == NULL), "%s", models[m]);
            for (int i = 0; i < 4 && found == 0; i++)
                ck_assert_msg(isfinite(fit.params[i]) && fit.se[i] > 0 && isfinite(fit.se[i]),
                              "%s, shape %zu", models[m], shape);
            ck_assert_int_lt(fit.evaluations, 20000);
            rt_histogram_free(points);
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fit");
    TCase *tests = tcase_create("fit");
    bool there = true;
    for (size_t i = 0; i < sizeof fits / sizeof *fits; i++)
        there = reference_there(fits[i].name) && there;
    for (size_t i = 0; i < sizeof followers / sizeof *followers; i++)
        there = reference_there(followers[i]) && there;
    if (there) {
        tcase_add_loop_test(tests, fits_are_those_of_others, 0, sizeof fits / sizeof *fits);
        tcase_add_test(tests, what_follows_is_that_of_others);
    }
    tcase_add_loop_test(tests, parameters_are_recovered, 0, sizeof recoveries / sizeof *recoveries);
    tcase_add_test(tests, samples_and_threads_change_nothing);
    tcase_add_test(tests, covariance_is_that_of_the_curvature);
    tcase_add_test(tests, data_that_lack_something_are_refused);
    tcase_add_test(tests, no_drop_out_is_told);
    tcase_add_test(tests, spend_without_a_mean_is_told);
    tcase_add_test(tests, every_fit_ends);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
