/* rhythm: recovery of simulated parameters, the forecast against simulation, and small data. */
#include "libretain/rhythm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "libretain/rng.h"
#include "tests/unit/unit.h"

static void near(const char *what, double got, double expected, double tolerance)
{
    ck_assert_msg(fabs(got - expected) <= tolerance, "%s: %.6g is not %.6g", what, got, expected);
}

/* Customers who are watched from their first purchase on, over `until` days at most. */
static struct rt_rhythm_history simulate(struct rt_rng *rng, const struct rt_rhythm *rhythm,
                                         double until)
{
    const double rate = rt_rng_gamma(rng, rhythm->r) / rhythm->alpha;
    double left = until * rt_rng_uniform(rng);
    struct rt_rhythm_history history = {0};
    for (;;) {
        const double gap = rt_rng_gamma(rng, rhythm->k) / rate;
        if (gap > left || rt_rng_uniform(rng) < rhythm->never)
            break;
        history.gaps++;
        history.sum += gap;
        history.log_sum += log(gap);
        left -= gap;
    }
    history.open = left;
    return history;
}

static struct rt_rhythm_history *simulate_many(const struct rt_rhythm *rhythm, size_t count)
{
    struct rt_rhythm_history *histories = malloc(count * sizeof *histories);
    ck_assert(histories != NULL);
    for (size_t i = 0; i < count; i++) {
        struct rt_rng rng = rt_rng_start(7, i);
        histories[i] = simulate(&rng, rhythm, 700);
    }
    return histories;
}

static const struct rt_rhythm truths[] = {
    {.k = 1, .r = 1.5, .alpha = 60, .never = 0.2},
    {.k = 3, .r = 2, .alpha = 30, .never = 0.1},
    {.k = 12, .r = 4, .alpha = 12, .never = 0.35},
};

START_TEST(parameters_come_back)
{
    const struct rt_rhythm *truth = &truths[_i];
    struct rt_rhythm_history *histories = simulate_many(truth, 6000);
    struct rt_rhythm rhythm;
    ck_assert(rt_rhythm_fit(histories, 6000, &rhythm) == 0);
    ck_assert(rhythm.converged);
    near("ln k", log(rhythm.k / truth->k), 0, 0.06);
    near("ln r", log(rhythm.r / truth->r), 0, 0.15);
    near("ln alpha/r", log(rhythm.alpha / rhythm.r / truth->alpha * truth->r), 0, 0.1);
    near("never", rhythm.never, truth->never, 0.03);
    /* No worse than the truth, which is what a maximum is. */
    ck_assert(rt_rhythm_loglik(&rhythm, histories, 6000) >
              rt_rhythm_loglik(truth, histories, 6000) - 0.5);
    free(histories);
}
END_TEST

START_TEST(sums_alone_will_do)
{
    const struct rt_rhythm *truth = &truths[_i];
    struct rt_rhythm_history *histories = simulate_many(truth, 6000);
    for (size_t i = 0; i < 6000; i++)
        histories[i].log_sum = NAN;
    struct rt_rhythm rhythm;
    ck_assert(rt_rhythm_fit(histories, 6000, &rhythm) == 0);
    near("ln k", log(rhythm.k / truth->k), 0, 0.15);
    near("ln r", log(rhythm.r / truth->r), 0, 0.2);
    near("never", rhythm.never, truth->never, 0.03);
    free(histories);
}
END_TEST

/* Neither the order nor the unit of time shows. */
START_TEST(order_and_unit)
{
    struct rt_rhythm_history *a = simulate_many(&truths[1], 500);
    struct rt_rhythm_history *b = simulate_many(&truths[1], 500), *c = malloc(500 * sizeof *c);
    ck_assert(c != NULL);
    for (size_t i = 0; i < 500; i++) {
        c[i] = a[499 - i];
        b[i].sum *= 7;
        b[i].open *= 7;
        b[i].log_sum += (double)b[i].gaps * log(7);
    }
    struct rt_rhythm days, scaled, turned;
    ck_assert(rt_rhythm_fit(a, 500, &days) == 0);
    ck_assert(rt_rhythm_fit(b, 500, &scaled) == 0);
    ck_assert(rt_rhythm_fit(c, 500, &turned) == 0);
    ck_assert(turned.k == days.k && turned.alpha == days.alpha && turned.never == days.never);
    near("k", scaled.k / days.k, 1, 2e-3);
    near("alpha", scaled.alpha / days.alpha, 7, 7 * 2e-3);
    free(a);
    free(b);
    free(c);
}
END_TEST

/* For k = 1 the tails are powers: S(g) = (b / (b + g))^a. */
START_TEST(chance_in_closed_form)
{
    const struct rt_rhythm rhythm = {.k = 1, .r = 0.7, .alpha = 20, .never = 0.5};
    const struct rt_rhythm_history history = {.gaps = 3, .sum = 40, .open = 25};
    const double overdue = 1 - pow(60.0 / 85, 3.7);
    near("overdue", rt_rhythm_overdue(&rhythm, &history), overdue, 1e-12);
    /* Given a silence of 25 the rest of the gap has scale 85. */
    near("gap", rt_rhythm_gap(&rhythm, &history, 0.9), 25 + 85 * (pow(0.1, -1 / 3.7) - 1), 1e-8);
    const struct rt_rhythm_history none = {.open = 25};
    near("pooled", rt_rhythm_gap(&rhythm, &none, 0.5), 25 + 45 * (pow(0.5, -1 / 0.7) - 1), 1e-8);
    near("loglik", rt_rhythm_loglik(&rhythm, &none, 1), log(0.5 + 0.5 * pow(20.0 / 45, 0.7)),
         1e-12);
    /* Density of three gaps of known sum of logarithms 0: alpha^r (r)_3 / (alpha + sum)^(r + 3). */
    const struct rt_rhythm_history closed = {.gaps = 3, .sum = 40};
    near("loglik", rt_rhythm_loglik(&rhythm, &closed, 1),
         3 * log(0.5) + 0.7 * log(20) + log(0.7 * 1.7 * 2.7) - 3.7 * log(60), 1e-12);
}
END_TEST

/* The forecast holds what it says, by the rest of the simulation, with the silence taken in. */
START_TEST(quantiles_against_simulation)
{
    const struct rt_rhythm *truth = &truths[_i];
    enum { SHARES = 4, CUSTOMERS = 30000 };
    static const double shares[SHARES] = {0.05, 0.25, 0.5, 0.9};
    int below[SHARES] = {0}, count = 0;
    for (size_t i = 0; i < CUSTOMERS; i++) {
        struct rt_rng rng = rt_rng_start(8, i);
        /* One gap has closed, of a length of its own; the next is longer than 20. */
        const double rate = rt_rng_gamma(&rng, truth->r) / truth->alpha;
        const double before = rt_rng_gamma(&rng, truth->k) / rate;
        const double gap = rt_rng_gamma(&rng, truth->k) / rate;
        if (gap <= 20)
            continue;
        const struct rt_rhythm_history history = {.gaps = 1, .sum = before, .open = 20};
        count++;
        for (size_t s = 0; s < SHARES; s++)
            below[s] += gap <= rt_rhythm_gap(truth, &history, shares[s]);
    }
    ck_assert(count > 5000);
    for (size_t s = 0; s < SHARES; s++)
        near("share", (double)below[s] / count, shares[s], 4 * sqrt(0.25 / count));
}
END_TEST

START_TEST(silence_moves_the_forecast)
{
    const struct rt_rhythm rhythm = truths[1];
    double before = 0, overdue = -1;
    for (double open = 0.5; open < 4000; open *= 1.5) {
        const struct rt_rhythm_history history = {.gaps = 5, .sum = 150, .open = open};
        const double gap = rt_rhythm_gap(&rhythm, &history, 0.5);
        ck_assert(gap > open && gap > before && isfinite(gap));
        ck_assert(rt_rhythm_overdue(&rhythm, &history) >= overdue);
        overdue = rt_rhythm_overdue(&rhythm, &history);
        before = gap;
    }
}
END_TEST

static struct rt_rhythm fit_equal(size_t count, int64_t gaps, double length, double open)
{
    struct rt_rhythm_history histories[10];
    for (size_t i = 0; i < count; i++)
        histories[i] = (struct rt_rhythm_history){gaps, (double)gaps * length,
                                                  (double)gaps * log(length), open};
    struct rt_rhythm rhythm;
    ck_assert(rt_rhythm_fit(histories, count, &rhythm) == 0);
    ck_assert(rhythm.converged && rhythm.k <= RT_RHYTHM_MOST_REGULAR);
    ck_assert(rhythm.k > 0 && rhythm.r > 0 && rhythm.alpha > 0 && isfinite(rhythm.alpha));
    ck_assert(rhythm.never > 0 && rhythm.never < 1);
    return rhythm;
}

/* Whatever little there is, the forecast is near the only length there was. */
START_TEST(little_data)
{
    static const struct {
        size_t count;
        int64_t gaps;
        double length, open, tolerance;
    } cases[] = {{1, 1, 30, 0.5, 20},     {1, 1, 1, 0.5, 1},   {1, 20, 30, 0.5, 2},
                 {10, 500, 30, 0.5, 0.5}, {10, 1, 30, 10, 10}, {10, 50, 7, 0.5, 0.5},
                 {1, 3, 365, 5, 60}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rt_rhythm rhythm =
            fit_equal(cases[i].count, cases[i].gaps, cases[i].length, cases[i].open);
        const struct rt_rhythm_history again = {cases[i].gaps,
                                                (double)cases[i].gaps * cases[i].length, NAN, 0.5};
        near("median", rt_rhythm_gap(&rhythm, &again, 0.5), cases[i].length, cases[i].tolerance);
    }
    struct rt_rhythm rhythm;
    struct rt_rhythm_history none[] = {{.open = 3}, {.open = 40}};
    ck_assert(rt_rhythm_fit(none, 2, &rhythm) == -1);
    ck_assert(rt_rhythm_fit(none, 0, &rhythm) == -1);
}
END_TEST

START_TEST(profiles)
{
    const struct rt_rhythm_history repeated = rt_rhythm_of_profile(4, 120, 150);
    ck_assert(repeated.gaps == 4 && repeated.sum == 120 && repeated.open == 30.5);
    ck_assert(isnan(repeated.log_sum));
    const struct rt_rhythm_history once = rt_rhythm_of_profile(0, 0, 9);
    ck_assert(once.gaps == 0 && once.sum == 0 && once.open == 9.5);
    ck_assert(rt_rhythm_of_profile(2, 0, 9).sum > 0);
}
END_TEST

/* Tens of thousands take a second or so, as a sample of them is looked at. */
START_TEST(many)
{
    struct rt_rhythm_history *histories = simulate_many(&truths[1], 60000);
    struct rt_rhythm rhythm;
    ck_assert(rt_rhythm_fit(histories, 60000, &rhythm) == 0);
    near("ln k", log(rhythm.k / truths[1].k), 0, 0.06);
    near("ln r", log(rhythm.r / truths[1].r), 0, 0.15);
    free(histories);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rhythm");
    TCase *tests = tcase_create("tests");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, parameters_come_back, 0, 3);
    tcase_add_loop_test(tests, sums_alone_will_do, 0, 3);
    tcase_add_test(tests, order_and_unit);
    tcase_add_test(tests, chance_in_closed_form);
    tcase_add_loop_test(tests, quantiles_against_simulation, 0, 3);
    tcase_add_test(tests, silence_moves_the_forecast);
    tcase_add_test(tests, little_data);
    tcase_add_test(tests, profiles);
    tcase_add_test(tests, many);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
