#include "libretain/shop.h"

#include <math.h>
#include <string.h>

#include "libretain/day.h"
#include "unit.h"

static struct rt_shop_plan year_of_cohort(enum rt_shop_model model, uint32_t customers)
{
    struct rt_shop_plan plan = rt_shop_usual_plan;
    plan.model = model;
    plan.customers = customers;
    plan.last = plan.first + 363; /* 52 weeks */
    plan.new_until = plan.first;
    return plan;
}

struct tally {
    double orders, orders_square, cents, twice, thrice; /* customers with repeats */
    uint32_t customers;
};

static struct tally count_orders(const struct rt_shop *shop)
{
    struct tally tally = {.customers = shop->plan.customers};
    struct rt_shop_rows rows = {0};
    for (uint32_t i = 0; i < tally.customers; i++) {
        struct rt_shop_customer customer = rt_shop_start(shop, i);
        rows.count = 0;
        while (rt_shop_buy(shop, &customer, shop->days, &rows)) {
        }
        ck_assert_uint_gt(rows.count, 0);
        tally.orders += (double)rows.count;
        tally.orders_square += (double)rows.count * (double)rows.count;
        tally.twice += rows.count > 1;
        tally.thrice += rows.count > 2;
        for (size_t k = 0; k < rows.count; k++)
            tally.cents += rows.rows[k].cents;
    }
    rt_shop_rows_free(&rows);
    return tally;
}

static void check_mean(const char *name, double sum, double squares, double n, double expected)
{
    const double mean = sum / n;
    const double error = sqrt((squares / n - mean * mean) / n);
    ck_assert_msg(fabs(mean - expected) < 5 * error, "%s: %g, not %g (+-%g)", name, mean, expected,
                  error);
}

/*
 * Repeat orders in t weeks: r beta/(alpha (s-1)) (1 - (beta/(beta+t))^(s-1)) (Schmittlein,
 * Morrison, Colombo 1987, eq. 17). A birth in the first day leaves 52 weeks less half a day.
 */
START_TEST(pareto_nbd_expectation)
{
    struct rt_shop shop;
    const struct rt_shop_plan plan = year_of_cohort(RT_SHOP_PNBD, 200000);
    rt_shop_init(&shop, &plan);
    const struct tally tally = count_orders(&shop);
    const double weeks = 52 - 0.5 / 7;
    const double repeats = plan.r * plan.beta / (plan.alpha * (plan.s - 1)) *
                           (1 - pow(plan.beta / (plan.beta + weeks), plan.s - 1));
    check_mean("orders", tally.orders, tally.orders_square, tally.customers, 1 + repeats);
    ck_assert(fabs(rt_shop_expected(&shop) / tally.customers - 1 - repeats) < 0.02 * (1 + repeats));
    rt_shop_free(&shop);
}
END_TEST

/*
 * With a = 2, b = 1 the drop-out has the density 2d, and the expectation is an integral without
 * special functions: 2 times that of 1 - (alpha/(alpha + d t))^r over d from 0 to 1.
 */
static double bgnbd_repeats(const struct rt_shop_plan *plan, double weeks, bool modified)
{
    enum { STEPS = 20000 };
    double sum = 0;
    for (int i = 0; i < STEPS; i++) {
        const double d = (i + 0.5) / STEPS;
        sum += 2 * (1 - pow(plan->alpha / (plan->alpha + d * weeks), plan->r)) *
               (modified ? 1 - d : 1);
    }
    return sum / STEPS;
}

START_TEST(bg_nbd_expectations)
{
    for (int modified = 0; modified < 2; modified++) {
        struct rt_shop shop;
        struct rt_shop_plan plan =
            year_of_cohort(modified ? RT_SHOP_MBGNBD : RT_SHOP_BGNBD, 200000);
        plan.a = 2;
        plan.b = 1;
        rt_shop_init(&shop, &plan);
        const struct tally tally = count_orders(&shop);
        const double repeats = bgnbd_repeats(&plan, 52 - 0.5 / 7, modified);
        check_mean("orders", tally.orders, tally.orders_square, tally.customers, 1 + repeats);
        ck_assert(fabs(rt_shop_expected(&shop) / tally.customers - 1 - repeats) <
                  0.02 * (1 + repeats));
        rt_shop_free(&shop);
    }
}
END_TEST

/* NBD: P(no repeat) = (alpha/(alpha+t))^r where nobody drops out, and drop-out of half ends half.
 */
START_TEST(shares_of_customers)
{
    struct rt_shop shop;
    struct rt_shop_plan plan = year_of_cohort(RT_SHOP_BGNBD, 100000);
    plan.a = 1e6; /* drop-out of 1/2 for everybody */
    plan.b = 1e6;
    rt_shop_init(&shop, &plan);
    const struct tally tally = count_orders(&shop);
    const double repeat = 1 - pow(plan.alpha / (plan.alpha + 52 - 0.5 / 7), plan.r);
    check_mean("repeaters", tally.twice, tally.twice, tally.customers, repeat);
    /* A second repeat: half of those with one who would have had it. */
    const double weeks = 52 - 0.5 / 7;
    const double one = plan.r * weeks / (plan.alpha + weeks) * (1 - repeat);
    check_mean("two repeats", tally.thrice, tally.thrice, tally.customers, (repeat - one) / 2);
    rt_shop_free(&shop);
}
END_TEST

/* E of a customer's mean spend is p v/(q-1); with q = 6 its variance is finite. */
START_TEST(spend)
{
    struct rt_shop shop;
    struct rt_shop_plan plan = year_of_cohort(RT_SHOP_PNBD, 200000);
    plan.q = 6;
    plan.last = plan.first; /* one day, nearly all with one order */
    rt_shop_init(&shop, &plan);
    double sum = 0, squares = 0;
    struct rt_shop_rows rows = {0};
    for (uint32_t i = 0; i < plan.customers; i++) {
        struct rt_shop_customer customer = rt_shop_start(&shop, i);
        rows.count = 0;
        rt_shop_buy(&shop, &customer, shop.days, &rows);
        sum += rows.rows[0].cents;
        squares += (double)rows.rows[0].cents * rows.rows[0].cents;
    }
    check_mean("cents", sum, squares, plan.customers, 100 * plan.p * plan.v / (plan.q - 1));
    rt_shop_rows_free(&rows);
    rt_shop_free(&shop);
}
END_TEST

static struct rt_shop_plan full_plan(void)
{
    struct rt_shop_plan plan = rt_shop_usual_plan;
    plan.customers = 3000;
    plan.lines = 2.5;
    plan.returned = 0.2;
    plan.season = true;
    return plan;
}

static bool same_row(struct rt_shop_row a, struct rt_shop_row b)
{
    return a.customer == b.customer && a.order == b.order && a.line == b.line &&
           a.returned == b.returned && a.day == b.day && a.cents == b.cents;
}

/* Bought in one go or day by day, before or after other customers: the same rows. */
START_TEST(windows_do_not_matter)
{
    struct rt_shop shop;
    const struct rt_shop_plan plan = full_plan();
    rt_shop_init(&shop, &plan);
    struct rt_shop_rows whole = {0}, parts = {0};
    for (uint32_t k = plan.customers; k > 0; k--) {
        struct rt_shop_customer customer = rt_shop_start(&shop, k - 1), other = customer;
        whole.count = parts.count = 0;
        ck_assert(!rt_shop_buy(&shop, &customer, shop.days, &whole));
        for (uint32_t day = 0; day <= shop.days; day += 17)
            rt_shop_buy(&shop, &other, day, &parts);
        rt_shop_buy(&shop, &other, shop.days, &parts);
        ck_assert_uint_eq(whole.count, parts.count);
        for (size_t i = 0; i < whole.count; i++)
            ck_assert(same_row(whole.rows[i], parts.rows[i]));
    }
    rt_shop_rows_free(&whole);
    rt_shop_rows_free(&parts);
    rt_shop_free(&shop);
}
END_TEST

/* Lines of an order share its day and make up its amount; returns come later and are no more. */
START_TEST(rows_hang_together)
{
    struct rt_shop shop, plain_shop;
    struct rt_shop_plan plan = full_plan();
    rt_shop_init(&shop, &plan);
    plan.lines = 1;
    plan.returned = 0;
    rt_shop_init(&plain_shop, &plan);
    struct rt_shop_rows rows = {0}, plain = {0};
    size_t lines = 0, returns = 0, orders = 0;
    for (uint32_t k = 0; k < plan.customers; k++) {
        rows.count = plain.count = 0;
        struct rt_shop_customer customer = rt_shop_start(&shop, k);
        rt_shop_buy(&shop, &customer, shop.days, &rows);
        customer = rt_shop_start(&plain_shop, k);
        rt_shop_buy(&plain_shop, &customer, shop.days, &plain);
        size_t i = 0;
        for (size_t order = 0; order < plain.count; order++, orders++) {
            uint64_t cents = 0;
            for (; i < rows.count && rows.rows[i].order == order; i++) {
                const struct rt_shop_row row = rows.rows[i];
                ck_assert_uint_lt(row.day, shop.days);
                ck_assert_uint_eq(row.customer, k);
                if (row.returned) {
                    ck_assert_uint_gt(row.day, rows.rows[i - 1].day);
                    ck_assert_uint_le(row.cents, rows.rows[i - 1].cents);
                    ck_assert_uint_eq(row.line, rows.rows[i - 1].line);
                    returns++;
                    continue;
                }
                ck_assert_uint_eq(row.day, plain.rows[order].day);
                cents += row.cents;
                lines++;
            }
            ck_assert_uint_eq(cents, plain.rows[order].cents);
        }
        ck_assert_uint_eq(i, rows.count);
    }
    const double mean = (double)lines / (double)orders;
    ck_assert_msg(fabs(mean - 2.5) < 0.1, "%g lines an order", mean);
    const double share = (double)returns / (double)lines;
    ck_assert_msg(share > 0.18 && share < 0.205, "%g returned", share);
    rt_shop_rows_free(&rows);
    rt_shop_rows_free(&plain);
    rt_shop_free(&shop);
    rt_shop_free(&plain_shop);
}
END_TEST

/* Saturdays see 4/3 of the orders of Mondays, December 1.3/0.85 of those of January. */
START_TEST(seasons)
{
    struct rt_shop shop;
    struct rt_shop_plan plan = rt_shop_usual_plan;
    plan.customers = 100000;
    plan.season = true;
    plan.beta = 1e9; /* nobody drops out, so that there is no other trend */
    plan.last = plan.first + 364;
    plan.new_until = plan.first;
    rt_shop_init(&shop, &plan);
    struct rt_shop_rows rows = {0};
    for (uint32_t k = 0; k < plan.customers; k++) {
        struct rt_shop_customer customer = rt_shop_start(&shop, k);
        rt_shop_buy(&shop, &customer, shop.days, &rows);
    }
    double by_weekday[7] = {0}, by_month[13] = {0};
    for (size_t i = 0; i < rows.count; i++) {
        if (rows.rows[i].order == 0)
            continue;
        int year, month, day;
        rt_day_split(plan.first + (int32_t)rows.rows[i].day, &year, &month, &day);
        by_month[month]++;
        by_weekday[(plan.first + (int32_t)rows.rows[i].day + 3) % 7]++; /* the epoch: Thursday */
    }
    ck_assert_msg(fabs(by_weekday[5] / by_weekday[0] - 1.2 / 0.9) < 0.04, "Saturdays %g",
                  by_weekday[5] / by_weekday[0]);
    ck_assert_msg(fabs(by_month[12] / by_month[1] - 1.3 / 0.85) < 0.06, "December %g",
                  by_month[12] / by_month[1]);
    rt_shop_rows_free(&rows);
    rt_shop_free(&shop);
}
END_TEST

START_TEST(fit_reaches_the_rows)
{
    for (int model = RT_SHOP_PNBD; model <= RT_SHOP_MBGNBD; model++) {
        struct rt_shop shop;
        struct rt_shop_plan plan = rt_shop_usual_plan;
        plan.model = (enum rt_shop_model)model;
        plan.customers = 100000;
        plan.season = true;
        plan.a = 0.3;
        rt_shop_init(&shop, &plan);
        ck_assert_int_eq(rt_shop_fit(&shop, 350000), 0);
        const double rows = count_orders(&shop).orders;
        ck_assert_msg(fabs(rows / 350000 - 1) < 0.03, "%g rows", rows);
        ck_assert_int_eq(rt_shop_fit(&shop, 99999), -1);
        ck_assert_int_eq(rt_shop_fit(&shop, 1e15), -1);
        rt_shop_free(&shop);
    }
}
END_TEST

START_TEST(sort_and_shuffle)
{
    struct rt_shop shop;
    const struct rt_shop_plan plan = full_plan();
    rt_shop_init(&shop, &plan);
    struct rt_shop_rows rows = {0};
    rt_shop_rows_sort(&rows);
    for (uint32_t k = 0; k < plan.customers; k++) {
        struct rt_shop_customer customer = rt_shop_start(&shop, k);
        rt_shop_buy(&shop, &customer, shop.days, &rows);
    }
    uint64_t before = 0, after = 0;
    for (size_t i = 0; i < rows.count; i++)
        before += (uint64_t)rows.rows[i].cents * (rows.rows[i].day + 1);
    rt_shop_rows_shuffle(&rows, 0, rows.count, rt_rng_start(1, 1));
    size_t falls = 0;
    for (size_t i = 1; i < rows.count; i++)
        falls += rows.rows[i].day < rows.rows[i - 1].day;
    ck_assert(fabs((double)falls / (double)rows.count - 0.5) < 0.03);
    rt_shop_rows_sort(&rows);
    for (size_t i = 0; i < rows.count; i++) {
        ck_assert(i == 0 || rows.rows[i].day >= rows.rows[i - 1].day);
        after += (uint64_t)rows.rows[i].cents * (rows.rows[i].day + 1);
    }
    ck_assert_uint_eq(before, after);
    rt_shop_rows_free(&rows);
    rt_shop_free(&shop);
}
END_TEST

START_TEST(params_by_name)
{
    struct rt_shop_plan plan = rt_shop_usual_plan;
    for (int model = 0; model < 3; model++)
        for (size_t i = 0; rt_shop_params[model][i] != NULL; i++)
            ck_assert_ptr_nonnull(
                rt_shop_param(&plan, rt_shop_params[model], rt_shop_params[model][i]));
    ck_assert_ptr_eq(rt_shop_param(&plan, rt_shop_params[RT_SHOP_PNBD], "beta"), &plan.beta);
    ck_assert_ptr_eq(rt_shop_param(&plan, rt_shop_spend_params, "v"), &plan.v);
    ck_assert_ptr_null(rt_shop_param(&plan, rt_shop_params[RT_SHOP_PNBD], "a"));
    ck_assert_ptr_null(rt_shop_param(&plan, rt_shop_params[RT_SHOP_BGNBD], "s"));
    ck_assert_ptr_null(rt_shop_param(&plan, rt_shop_spend_params, "r"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shop");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, pareto_nbd_expectation);
    tcase_add_test(all, bg_nbd_expectations);
    tcase_add_test(all, shares_of_customers);
    tcase_add_test(all, spend);
    tcase_add_test(all, windows_do_not_matter);
    tcase_add_test(all, rows_hang_together);
    tcase_add_test(all, seasons);
    tcase_add_test(all, fit_reaches_the_rows);
    tcase_add_test(all, sort_and_shuffle);
    tcase_add_test(all, params_by_name);
    suite_add_tcase(suite, all);
    return unit_run(suite);
}
