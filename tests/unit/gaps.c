/* gaps: Kaplan and Meier's estimate of the days by which a share of gaps have closed. */
#include "libretain/gaps.h"

#include "unit.h"

/*
 * Remission times of Gehan (1965), as Cox and Oakes (1984) have them: 21 patients on 6-MP, of whom
 * 9 relapsed, and 21 on placebo.
 */
static const int mp_closed[] = {6, 6, 6, 7, 10, 13, 16, 22, 23};
static const int mp_open[] = {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35};
static const int placebo[] = {1, 1, 2,  2,  3,  4,  4,  5,  5,  8, 8,
                              8, 8, 11, 11, 12, 12, 15, 17, 22, 23};

static struct rt_gaps six_mp(void)
{
    struct rt_gaps gaps = {0};
    for (size_t i = 0; i < sizeof mp_closed / sizeof *mp_closed; i++)
        rt_gaps_add_closed(&gaps, mp_closed[i], 1);
    for (size_t i = 0; i < sizeof mp_open / sizeof *mp_open; i++)
        rt_gaps_add_open(&gaps, mp_open[i], 1);
    return gaps;
}

static void expect(const struct rt_gaps *gaps, double share, int days, int lo, int hi, bool ever)
{
    const struct rt_gap_quantile quantile = rt_gaps_quantile(gaps, share, 0.95);
    ck_assert_int_eq(quantile.days, days);
    ck_assert_int_eq(quantile.lo, lo);
    ck_assert_int_eq(quantile.hi, hi);
    ck_assert_int_eq(quantile.ever, ever);
}

/*
 * The medians are 23 and 8 (R, survfit). The limits follow from the S and standard errors that it
 * gives: of 6-MP, the lower one is 0.503 at 10 and 0.432 at 13, the upper one 0.680 at the last.
 */
START_TEST(medians)
{
    struct rt_gaps gaps = six_mp();
    expect(&gaps, 0.5, 23, 13, -1, false);
    rt_gaps_free(&gaps);
    for (size_t i = 0; i < sizeof placebo / sizeof *placebo; i++)
        rt_gaps_add_closed(&gaps, placebo[i], 1);
    expect(&gaps, 0.5, 8, 4, 11, false);
    rt_gaps_free(&gaps);
}
END_TEST

/* S(6) = 0.8571, S(7) = 0.8067, S(10) = 0.7529, S(16) = 0.6275, S(23) = 0.4482 (R, survfit). */
START_TEST(steps)
{
    struct rt_gaps gaps = six_mp();
    static const struct {
        double share;
        int days;
    } cases[] = {{1 - 0.8572, 6},  {1 - 0.8571, 7},  {1 - 0.8067, 10}, {1 - 0.6275, 16},
                 {1 - 0.6274, 22}, {1 - 0.4482, 23}, {1 - 0.449, 23}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_int_eq(rt_gaps_quantile(&gaps, cases[i].share, 0.95).days, cases[i].days);
    /* 55.18% ever close: 90% of these have at S(22) = 0.5378, above 1 - 0.9 * 0.5518 = 0.5034. */
    const struct rt_gap_quantile most = rt_gaps_quantile(&gaps, 0.9, 0.95);
    ck_assert(most.ever);
    ck_assert_int_eq(most.days, 23);
    ck_assert_int_eq(rt_gaps_quantile(&gaps, 0.8, 0.95).days, 22);
    rt_gaps_free(&gaps);
}
END_TEST

START_TEST(edges)
{
    struct rt_gaps gaps = {0};
    expect(&gaps, 0.9, -1, -1, -1, true);
    rt_gaps_add_open(&gaps, 5, 3);
    expect(&gaps, 0.9, -1, -1, -1, true);
    rt_gaps_free(&gaps);
    rt_gaps_add_closed(&gaps, 7, 4);
    expect(&gaps, 0.9, 7, 7, -1, false);
    rt_gaps_free(&gaps);
    /* Nine of ten exactly. */
    for (int32_t days = 1; days <= 10; days++)
        rt_gaps_add_closed(&gaps, days, 1);
    ck_assert_int_eq(rt_gaps_quantile(&gaps, 0.9, 0.95).days, 9);
    rt_gaps_free(&gaps);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gaps");
    TCase *all = tcase_create("all");
    tcase_add_test(all, medians);
    tcase_add_test(all, steps);
    tcase_add_test(all, edges);
    suite_add_tcase(suite, all);
    return unit_run(suite);
}
