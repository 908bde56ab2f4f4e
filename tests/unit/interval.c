/* interval against published worked examples, named at each. */
#include "libretain/interval.h"

#include <math.h>
#include <string.h>

#include "tests/unit/unit.h"

static void near(double got, double expected, double tolerance)
{
    ck_assert_msg(fabs(got - expected) <= tolerance, "%.12g is not %.12g", got, expected);
}

/* Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3; four decimals. */
START_TEST(wilson_newcombe_table_1)
{
    static const struct {
        int64_t hits, trials;
        double lo, hi;
    } cases[] = {{81, 263, 0.2553, 0.3662},
                 {15, 148, 0.0624, 0.1605},
                 {0, 20, 0, 0.1611},
                 {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rt_interval got = rt_wilson(cases[i].hits, cases[i].trials, 0.95);
        near(got.lo, cases[i].lo, 5.1e-5);
        near(got.hi, cases[i].hi, 5.1e-5);
        const struct rt_interval mirrored =
            rt_wilson(cases[i].trials - cases[i].hits, cases[i].trials, 0.95);
        near(mirrored.lo, 1 - got.hi, 1e-15);
        near(mirrored.hi, 1 - got.lo, 1e-15);
    }
}
END_TEST

START_TEST(wilson_ends)
{
    ck_assert(rt_wilson(0, 7, 0.95).lo == 0);
    ck_assert(rt_wilson(7, 7, 0.95).hi == 1);
    ck_assert(rt_wilson(10, 10, 0.95).lo < 0.73); /* ten of ten is no certainty */
    ck_assert(isnan(rt_wilson(0, 0, 0.95).lo));
    ck_assert(isnan(rt_wilson(0, 0, 0.95).hi));
    for (int64_t n = 1; n < 200; n++)
        for (int64_t k = 0; k <= n; k++) {
            const struct rt_interval got = rt_wilson(k, n, 0.999);
            const double share = (double)k / (double)n;
            ck_assert(got.lo >= 0 && got.lo <= share && share <= got.hi && got.hi <= 1);
        }
}
END_TEST

/* Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10, contrasts a to h. */
START_TEST(newcombe_table_2)
{
    static const struct {
        int64_t hits, trials, other_hits, other_trials;
        double lo, hi;
    } cases[] = {{56, 70, 48, 80, 0.0524, 0.3339}, {9, 10, 3, 10, 0.1705, 0.8090},
                 {6, 7, 2, 7, 0.0582, 0.8062},     {5, 56, 0, 29, -0.0381, 0.1926},
                 {0, 10, 0, 20, -0.1611, 0.2775},  {0, 10, 0, 10, -0.2775, 0.2775},
                 {10, 10, 0, 20, 0.6791, 1.0000},  {10, 10, 0, 10, 0.6075, 1.0000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rt_interval got = rt_newcombe(
            cases[i].hits, cases[i].trials, cases[i].other_hits, cases[i].other_trials, 0.95);
        near(got.lo, cases[i].lo, 5.1e-5);
        near(got.hi, cases[i].hi, 5.1e-5);
        const struct rt_interval swapped = rt_newcombe(cases[i].other_hits, cases[i].other_trials,
                                                       cases[i].hits, cases[i].trials, 0.95);
        near(swapped.lo, -got.hi, 1e-15);
        near(swapped.hi, -got.lo, 1e-15);
    }
    ck_assert(isnan(rt_newcombe(1, 2, 0, 0, 0.95).lo));
}
END_TEST

/* Abramowitz and Stegun (1964), table 26.5, and the usual z of 99.99%. */
START_TEST(normal_quantiles)
{
    near(rt_normal_quantile(0.95), 1.959963984540054, 1e-14);
    near(rt_normal_quantile(0.99), 2.5758293035489004, 1e-14);
    near(rt_normal_quantile(0.5), 0.6744897501960817, 1e-14);
    near(rt_normal_quantile(0.9999), 3.8905918864131203, 1e-11);
    for (int i = 1; i < 1000; i++) {
        const double confidence = (double)i / 1000;
        near(1 - rt_normal_p_value(rt_normal_quantile(confidence)), confidence, 1e-14);
    }
}
END_TEST

/* Fisher and Yates, table III, as in Abramowitz and Stegun table 26.10; the rest by mpmath. */
START_TEST(t_quantiles)
{
    static const struct {
        int64_t freedom;
        double t95, t999;
    } cases[] = {{1, 12.706204736175, 636.61924876873},  {2, 4.3026527297494, 31.599054576443},
                 {3, 3.1824463052837, 12.923978636687},  {4, 2.7764451051978, 8.6103015813793},
                 {10, 2.2281388519863, 4.5868938587027}, {30, 2.0422724563012, 3.645958635042},
                 {120, 1.9799304050824, 3.3734537685626}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        near(rt_t_quantile(0.95, cases[i].freedom) / cases[i].t95, 1, 1e-12);
        near(rt_t_quantile(0.999, cases[i].freedom) / cases[i].t999, 1, 1e-12);
    }
    /* Where the series ends and the expansion begins there is no step. */
    for (int i = 0; i < 3; i++) {
        const double confidence = i == 0 ? 0.5 : i == 1 ? 0.95 : 0.9999;
        const double before = rt_t_quantile(confidence, 999), at = rt_t_quantile(confidence, 1000);
        const double behind = rt_t_quantile(confidence, 1001);
        ck_assert(before > at && at > behind);
        near((before - at) / (at - behind), 1001.0 / 999.0, 1e-4);
    }
    near(rt_t_quantile(0.95, 1000000000), rt_normal_quantile(0.95), 1e-8);
    ck_assert(isnan(rt_t_quantile(0.95, 0)));
}
END_TEST

/* NIST/SEMATECH e-Handbook 1.3.5.2, heat flow meter (ZARR13.DAT): 9.258242 to 9.264679. */
START_TEST(mean_nist_zarr13)
{
    const double deviation = 0.02278881;
    const struct rt_interval got = rt_mean_interval(9.261460, deviation * deviation, 195, 0.95);
    near(got.lo, 9.258242, 1.1e-6);
    near(got.hi, 9.264679, 1.1e-6);
    ck_assert(isnan(rt_mean_interval(1, NAN, 1, 0.95).lo));
    ck_assert(isnan(rt_mean_interval(1, 0, 10, 0.95).hi));
    const struct rt_interval normal =
        rt_mean_interval_normal(0, 100, 100, 0.95); /* standard error 1 */
    near(normal.lo, -1.959963984540054, 1e-13);
    near(normal.hi, 1.959963984540054, 1e-13);
}
END_TEST

/*
 * The recipe of Lewis and Sauro (2021) by hand: 6 promoters, 2 detractors of 12 answers give
 * p = 6.75/15, d = 2.75/15, score 4/15, variance 9.5/15 - 16/225 = 126.5/225, of the mean
 * 126.5/3375.
 */
START_TEST(nps_adjusted_wald)
{
    const struct rt_interval got = rt_nps_adjusted_wald(6, 2, 12, 0.95);
    const double half = 1.959963984540054 * sqrt(126.5 / 3375);
    near(got.lo, 4.0 / 15 - half, 1e-14);
    near(got.hi, 4.0 / 15 + half, 1e-14);
    const struct rt_interval swapped = rt_nps_adjusted_wald(2, 6, 12, 0.95);
    near(swapped.lo, -got.hi, 1e-15);
    const struct rt_interval all = rt_nps_adjusted_wald(10, 0, 10, 0.95);
    ck_assert(all.lo > 0 && all.lo < 0.6 && all.hi == 1); /* no certainty */
    /* With many answers it is the plain interval: p = .5, d = .2, variance .7 - .09. */
    const struct rt_interval many = rt_nps_adjusted_wald(500000, 200000, 1000000, 0.95);
    near((many.hi - many.lo) / 2, 1.959963984540054 * sqrt(0.61 / 1e6), 1e-8);
    ck_assert(isnan(rt_nps_adjusted_wald(0, 0, 0, 0.95).lo));
}
END_TEST

/*
 * The score test is that of paired proportions. R's PropCIs::scoreci.mp(25, 28, 618) at 90%, to
 * four decimals, as the README and tests of public projects quote it, and scoreci.mp(48, 41, 549);
 * Fagerland, Lydersen and Laake (2014), Statistics in Medicine 33:2850-2875: airway
 * hyper-responsiveness before and after stem cell transplantation, 1 and 7 of 21, -0.517 to -0.026.
 */
START_TEST(nps_score_published)
{
    struct rt_interval got = rt_nps_score(28, 25, 618, 0.90);
    near(got.lo, -0.0148, 5.1e-5);
    near(got.hi, 0.0247, 5.1e-5);
    got = rt_nps_score(48, 41, 549, 0.90);
    near(got.lo, -0.0157, 5.1e-5);
    near(got.hi, 0.0414, 5.1e-5);
    got = rt_nps_score(1, 7, 21, 0.95);
    near(got.lo, -0.517, 5.1e-4);
    near(got.hi, -0.026, 5.1e-4);
}
END_TEST

/* Without passives it is Wilson's interval, stretched; and every interval holds the score. */
START_TEST(nps_score_properties)
{
    for (int64_t n = 1; n <= 40; n++)
        for (int64_t p = 0; p <= n; p++) {
            const struct rt_interval wilson = rt_wilson(p, n, 0.95);
            const struct rt_interval got = rt_nps_score(p, n - p, n, 0.95);
            near(got.lo, 2 * wilson.lo - 1, 1e-12);
            near(got.hi, 2 * wilson.hi - 1, 1e-12);
            for (int64_t d = 0; d <= n - p; d++) {
                const struct rt_interval any = rt_nps_score(p, d, n, 0.9);
                const double score = (double)(p - d) / (double)n;
                ck_assert(any.lo >= -1 && any.lo <= score && score <= any.hi && any.hi <= 1);
                ck_assert(any.hi - any.lo > 0.01); /* no certainty */
                ck_assert(rt_nps_score(d, p, n, 0.9).lo == -any.hi);
            }
        }
    ck_assert(isnan(rt_nps_score(0, 0, 0, 0.95).lo));
    ck_assert(isnan(rt_nps_score(7, 7, 10, 0.95).lo));
}
END_TEST

/* By hand: 6 and 2 of 12 against 2 and 6 of 12 are 4/15 and -4/15, each of variance 126.5/3375. */
START_TEST(nps_changes)
{
    const struct rt_nps_counts a = {6, 2, 12}, b = {2, 6, 12}, none = {0, 0, 0}, all = {10, 0, 10};
    const double error = sqrt(253.0 / 3375), z = 8.0 / 15 / error;
    const struct rt_change got = rt_nps_change(a, b, 0.95);
    near(got.interval.lo, 8.0 / 15 - 1.959963984540054 * error, 1e-14);
    near(got.interval.hi, 8.0 / 15 + 1.959963984540054 * error, 1e-14);
    near(got.p_value, erfc(z / sqrt(2)), 1e-15);
    ck_assert(isnan(rt_nps_change(a, none, 0.95).p_value));
    ck_assert(isnan(rt_nps_change(none, a, 0.95).interval.lo));
    /* Two waves of nothing but promoters: no change, and no certainty of it. */
    ck_assert(rt_nps_change(all, all, 0.95).p_value == 1);
    ck_assert(rt_nps_change(all, all, 0.95).interval.hi > 0.2);
    /* The interval holds 0 just where the p-value is above 5%. */
    for (int64_t p = 0; p <= 12; p++) {
        const struct rt_change change = rt_nps_change((struct rt_nps_counts){p, 0, 12}, b, 0.95);
        ck_assert((change.interval.lo <= 0 && change.interval.hi >= 0) == (change.p_value > 0.05));
    }
}
END_TEST

/* Newcombe (1998), table II, contrast a; the pooled z of 56/70 and 48/80 is 0.2 / 0.0754623. */
START_TEST(share_changes)
{
    const struct rt_change got = rt_share_change(56, 70, 48, 80, 0.95);
    near(got.interval.lo, 0.0524, 5.1e-5);
    near(got.interval.hi, 0.3339, 5.1e-5);
    near(got.p_value, erfc(0.2 / sqrt(104.0 / 150 * 46 / 150 * 150 / 5600) / sqrt(2)), 1e-12);
    ck_assert(rt_share_change(0, 10, 0, 20, 0.95).p_value == 1);
    ck_assert(rt_share_change(9, 9, 20, 20, 0.95).p_value == 1);
    ck_assert(isnan(rt_share_change(0, 0, 1, 2, 0.95).p_value));
}
END_TEST

START_TEST(mean_changes)
{
    const struct rt_change got = rt_mean_change(3, 1, 1.25, 0.95); /* z = 2 */
    near(got.p_value, 0.04550026389635842, 1e-15);
    near(got.interval.lo, 3 - 1.5 * 1.959963984540054, 1e-14);
    ck_assert(isnan(rt_mean_change(1, 0, 0, 0.95).p_value));
    ck_assert(isnan(rt_mean_change(1, NAN, 1, 0.95).interval.hi));
}
END_TEST

/* The worked example of Wikipedia's article on the Holm-Bonferroni method. */
START_TEST(holm)
{
    double p[] = {0.005, 0.01, 0.03, 0.04};
    rt_holm(p, 4);
    near(p[0], 0.02, 1e-15);
    near(p[1], 0.03, 1e-15);
    near(p[2], 0.06, 1e-15);
    near(p[3], 0.06, 1e-15);
    double large[] = {0.4, 0.9};
    rt_holm(large, 2);
    near(large[0], 0.8, 1e-15);
    near(large[1], 0.9, 1e-15);
    double one[] = {0.7, 0.8};
    rt_holm(one, 2);
    ck_assert(one[0] == 1 && one[1] == 1);
    rt_holm(one, 0);
}
END_TEST

/*
 * The table of 95% intervals for a median in Gardner and Altman (1989), Statistics with Confidence,
 * and Conover: the narrowest pair of ranks with at least the confidence; for n = 19 the ranks 5 and
 * 15, which statpsych's ci.median example also takes.
 */
START_TEST(median_ranks)
{
    static const int64_t lows[] = {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6};
    for (int64_t n = 6; n <= 20; n++) {
        const struct rt_ranks got = rt_quantile_ranks(n, 50, 0.95);
        ck_assert_int_eq(got.lo, lows[n - 6]);
        ck_assert_int_eq(got.hi, n + 1 - lows[n - 6]);
    }
    for (int64_t n = 0; n < 6; n++)
        ck_assert_int_eq(rt_quantile_ranks(n, 50, 0.95).lo, 0);
    /* n = 100: ranks 40 and 61 (Campbell and Gardner 1988, BMJ 296:1454). */
    ck_assert_int_eq(rt_quantile_ranks(100, 50, 0.95).lo, 40);
    ck_assert_int_eq(rt_quantile_ranks(100, 50, 0.95).hi, 61);
}
END_TEST

/* The probability of at most k of n with chance p, by plain summing of small n. */
static double binomial_below(int n, int k, double p)
{
    double sum = 0;
    for (int i = 0; i <= k; i++) {
        double term = 1;
        for (int j = 0; j < i; j++)
            term *= (double)(n - j) / (double)(j + 1) * p;
        for (int j = i; j < n; j++)
            term *= 1 - p;
        sum += term;
    }
    return sum;
}

START_TEST(quantile_ranks_cover)
{
    for (int n = 1; n <= 60; n++)
        for (int percent = 5; percent <= 95; percent += 5) {
            const double p = (double)percent / 100;
            const struct rt_ranks got = rt_quantile_ranks(n, percent, 0.9);
            const int lo = (int)got.lo, hi = (int)got.hi;
            if (lo > 0)
                ck_assert(binomial_below(n, lo - 1, p) <= 0.05 + 1e-12);
            ck_assert(lo == n || binomial_below(n, lo, p) > 0.05 - 1e-12);
            if (hi > 0)
                ck_assert(1 - binomial_below(n, hi - 1, p) <= 0.05 + 1e-12);
            if (hi > 1)
                ck_assert(1 - binomial_below(n, hi - 2, p) > 0.05 - 1e-12);
        }
    /* A million: the normal approximation, n/2 - z sqrt(n)/2, within two ranks. */
    const struct rt_ranks many = rt_quantile_ranks(1000000, 50, 0.95);
    near((double)many.lo, 500000 - 979.98, 2);
    ck_assert_int_eq(many.lo + many.hi, 1000001);
}
END_TEST

START_TEST(confidences)
{
    static const struct {
        const char *text, *name;
        double share;
    } cases[] = {{"95%", "95%", 0.95},      {"0.95", "95%", 0.95}, {"0.950", "95%", 0.95},
                 {"99.9%", "99.9%", 0.999}, {"0.5", "50%", 0.5},   {"90.0%", "90%", 0.9},
                 {"0.999", "99.9%", 0.999}, {"5%", "5%", 0.05},    {"57%", "57%", 0.57}};
    struct rt_confidence got;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(rt_confidence_read(rt_text(cases[i].text), &got), 0);
        ck_assert(got.share == cases[i].share);
        ck_assert_str_eq(got.name, cases[i].name);
        ck_assert_int_eq(rt_confidence_read(rt_text(got.name), &got), 0);
        ck_assert(got.share == cases[i].share);
    }
    static const char *const bad[] = {"",     "%",     "95",   "1",    "0",
                                      "100%", "0%",    "-5%",  "95 %", "95%%",
                                      "nan",  "0.9e0", "1e-1", "101%", "0.9999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(rt_confidence_read(rt_text(bad[i]), &got) == -1, "%s", bad[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("interval");
    TCase *cases = tcase_create("interval");
    tcase_add_test(cases, wilson_newcombe_table_1);
    tcase_add_test(cases, wilson_ends);
    tcase_add_test(cases, newcombe_table_2);
    tcase_add_test(cases, normal_quantiles);
    tcase_add_test(cases, t_quantiles);
    tcase_add_test(cases, mean_nist_zarr13);
    tcase_add_test(cases, nps_adjusted_wald);
    tcase_add_test(cases, nps_score_published);
    tcase_add_test(cases, nps_score_properties);
    tcase_add_test(cases, nps_changes);
    tcase_add_test(cases, share_changes);
    tcase_add_test(cases, mean_changes);
    tcase_add_test(cases, holm);
    tcase_add_test(cases, median_ranks);
    tcase_add_test(cases, quantile_ranks_cover);
    tcase_add_test(cases, confidences);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
