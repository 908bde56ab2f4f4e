#include "libretain/rfm.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static int try(struct rt_rfm_values *values, int64_t days, int64_t orders, struct rt_decimal money)
{
    const struct rt_rfm_customer customer = {3, {{days, 0}, {orders, 0}, money}};
    return rt_rfm_values_add(values, &customer);
}

static void add(struct rt_rfm_values *values, int64_t days, int64_t orders, struct rt_decimal money)
{
    ck_assert_int_eq(try(values, days, orders, money), 0);
}

/* Customers whose three values are all the same, from `from` in steps of `step`. */
static void add_run(struct rt_rfm_values *values, int count, int64_t from, int64_t step, int places)
{
    for (int i = 0; i < count; i++) {
        const int64_t units = from + step * i;
        add(values, units, units, (struct rt_decimal){units, places});
    }
}

static void next_scores(const struct rt_rfm_cuts *cuts, struct rt_rfm_values *values,
                        int scores[RT_RFM_AXES])
{
    struct rt_rfm_customer customer;
    struct rt_rfm_use use = {0};
    ck_assert(rt_rfm_values_next(values, &customer));
    rt_rfm_scores(cuts, &customer, scores, &use);
}

START_TEST(distinct_values_fill_the_bins_evenly)
{
    for (int bins = RT_RFM_BINS_LEAST; bins <= RT_RFM_BINS_MOST; bins += 7) {
        struct rt_rfm_cuts cuts = {.method = RT_RFM_TYPE7, .bins = bins};
        struct rt_rfm_values values = {0};
        add_run(&values, 1000, 17, 3, 2);
        ck_assert_int_eq(rt_rfm_cut(&cuts, &values), 0);
        int counts[RT_RFM_AXES][RT_RFM_BINS_MOST + 1] = {0};
        for (size_t i = 0; i < values.count[0]; i++) {
            int scores[RT_RFM_AXES];
            next_scores(&cuts, &values, scores);
            for (int axis = 0; axis < RT_RFM_AXES; axis++)
                counts[axis][scores[axis]]++;
        }
        for (int axis = 0; axis < RT_RFM_AXES; axis++)
            for (int i = 1; i <= bins; i++) {
                ck_assert_int_ge(counts[axis][i], 1000 / bins - 1);
                ck_assert_int_le(counts[axis][i], 1000 / bins + 1);
            }
        rt_rfm_values_free(&values);
    }
}
END_TEST

START_TEST(few_days_and_many_orders_score_high)
{
    struct rt_rfm_cuts cuts = {.method = RT_RFM_TYPE7, .bins = 5};
    struct rt_rfm_values values = {0};
    add_run(&values, 5, 1, 1, 0);
    ck_assert_int_eq(rt_rfm_cut(&cuts, &values), 0);
    for (int i = 0; i < 5; i++) {
        int scores[RT_RFM_AXES];
        next_scores(&cuts, &values, scores);
        ck_assert_int_eq(scores[RT_RFM_RECENCY], 5 - i);
        ck_assert_int_eq(scores[RT_RFM_FREQUENCY], i + 1);
        ck_assert_int_eq(scores[RT_RFM_MONETARY], i + 1);
    }
    rt_rfm_values_free(&values);
}
END_TEST

/* The rule itself, with doubles and a sort, on values of which all sums are exact in doubles. */
static int compare_real(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static int score_by_rule(const double *sorted, int count, int bins, enum rt_rfm_method method,
                         double value)
{
    int score = 1;
    for (int i = 1; i < bins; i++) {
        const long place = (long)(count - 1) * i;
        const long low = place / bins;
        const double weight = (double)(place % bins) / bins;
        const double next = sorted[low + (low < count - 1)];
        const double cut = sorted[low] + (next - sorted[low]) * weight;
        score += method == RT_RFM_R ? value >= cut + 1 : value > cut;
    }
    return score;
}

START_TEST(scores_follow_the_rule_of_each_method)
{
    uint64_t state = 20250630;
    for (int trial = 0; trial < 200; trial++) {
        const int count = 1 + (int)(next_random(&state) % 60), range = trial % 4 == 0 ? 4 : 300;
        const int bins = 2 << (trial % 4); /* powers of two, so that the doubles are exact */
        struct rt_rfm_cuts cuts = {.bins = bins, .method = (enum rt_rfm_method)(trial % 2)};
        struct rt_rfm_values values = {0};
        double sorted[60];
        for (int i = 0; i < count; i++) {
            const int64_t units = (int64_t)(next_random(&state) % (uint64_t)range) * 25;
            add(&values, 1, units / 25, (struct rt_decimal){units, 2});
            sorted[i] = (double)units / 100;
        }
        qsort(sorted, (size_t)count, sizeof *sorted, compare_real);
        ck_assert_int_eq(rt_rfm_cut(&cuts, &values), 0);
        for (int i = 0; i < count; i++) {
            int scores[RT_RFM_AXES];
            next_scores(&cuts, &values, scores);
            const double value = (double)values.units[RT_RFM_MONETARY][i] / 100;
            ck_assert_int_eq(scores[RT_RFM_MONETARY],
                             score_by_rule(sorted, count, bins, cuts.method, value));
            ck_assert_int_eq(scores[RT_RFM_RECENCY], bins); /* all the same: the best */
        }
        rt_rfm_values_free(&values);
    }
}
END_TEST

/* 1/3 and 1/7 have no end as decimals: the rounded cut must not move a value that lies beside it.
 */
START_TEST(rounded_cuts_change_no_score)
{
    uint64_t state = 99;
    for (int trial = 0; trial < 300; trial++) {
        const int bins = 3 + trial % 9;
        const enum rt_rfm_method method = (enum rt_rfm_method)(trial % 2);
        struct rt_rfm_cuts cuts = {.bins = bins, .method = method};
        struct rt_rfm_values values = {0};
        const int count = 1 + (int)(next_random(&state) % 40);
        for (int i = 0; i < count; i++) {
            const int64_t units = (int64_t)(next_random(&state) % 50) - 20;
            add(&values, 0, 0, (struct rt_decimal){units, 2});
        }
        ck_assert_int_eq(rt_rfm_cut(&cuts, &values), 0);
        int64_t sorted[40];
        memcpy(sorted, values.units[RT_RFM_MONETARY], sizeof *sorted * (size_t)count);
        for (int i = 1; i < count; i++)
            for (int k = i; k > 0 && sorted[k - 1] > sorted[k]; k--) {
                const int64_t swap = sorted[k];
                sorted[k] = sorted[k - 1];
                sorted[k - 1] = swap;
            }
        for (int64_t units = -30; units < 160; units++) {
            int expected = 1;
            for (int i = 1; i < bins; i++) {
                const int low = (count - 1) * i / bins, rest = (count - 1) * i % bins;
                const int64_t next = sorted[low + (low < count - 1)];
                const int64_t cut = sorted[low] * bins + (next - sorted[low]) * rest;
                expected +=
                    method == RT_RFM_R ? units * bins >= cut + 100 * bins : units * bins > cut;
            }
            ck_assert_int_eq(rt_rfm_score(&cuts, RT_RFM_MONETARY, (struct rt_decimal){units, 2}),
                             expected);
        }
        rt_rfm_values_free(&values);
    }
}
END_TEST

START_TEST(values_of_different_places_are_one_scale)
{
    struct rt_rfm_values values = {0};
    add(&values, 3, 1, (struct rt_decimal){5, 0});
    add(&values, 4, 2, (struct rt_decimal){525, 2});
    ck_assert_int_eq(values.places[RT_RFM_MONETARY], 2);
    ck_assert_int_eq(values.units[RT_RFM_MONETARY][0], 500);
    ck_assert_int_eq(try(&values, 4, 2, (struct rt_decimal){INT64_MAX, 0}), -1);
    rt_rfm_values_free(&values);
}
END_TEST

START_TEST(cuts_at_the_ends_of_what_fits)
{
    struct rt_rfm_values values = {0};
    struct rt_rfm_cuts cuts = {.method = RT_RFM_TYPE7, .bins = 3};
    const struct rt_decimal low = {INT64_MIN, 2}, high = {INT64_MAX, 2};
    add(&values, 0, 0, low);
    add(&values, 0, 0, high);
    ck_assert_int_eq(rt_rfm_cut(&cuts, &values), 0);
    ck_assert_int_eq(rt_rfm_score(&cuts, RT_RFM_MONETARY, low), 1);
    ck_assert_int_eq(rt_rfm_score(&cuts, RT_RFM_MONETARY, (struct rt_decimal){0, 0}), 2);
    ck_assert_int_eq(rt_rfm_score(&cuts, RT_RFM_MONETARY, high), 3);
    rt_rfm_values_free(&values);
    add(&values, 0, 0, high);
    cuts.method = RT_RFM_R; /* one more than fits */
    ck_assert_int_eq(rt_rfm_cut(&cuts, &values), -1);
    rt_rfm_values_free(&values);
}
END_TEST

/* Whole numbers are compared where they can be, decimals where not: any value, few digits or many,
 * has the score that counting the cuts below it gives. */
START_TEST(scores_count_the_cuts_below)
{
    uint64_t state = 7;
    int as_decimals = 0;
    for (int trial = 0; trial < 400; trial++) {
        struct rt_rfm_cuts cuts = {.method = (enum rt_rfm_method)(trial % 2), .bins = 4};
        struct rt_rfm_values values = {0};
        for (int i = 0; i < 6; i++) {
            const int64_t units = (int64_t)(next_random(&state) % 20);
            /* A cut between the small ones and one between large ones need too many digits. */
            const int64_t large = trial % 4 < 2 && i > 3 ? INT64_MAX / 4 : 0;
            add(&values, 0, 0, (struct rt_decimal){units + large, trial % 3});
        }
        ck_assert_int_eq(rt_rfm_cut(&cuts, &values), 0);
        as_decimals += cuts.places[RT_RFM_MONETARY] < 0;
        for (int i = 0; i < 200; i++) {
            struct rt_decimal value = {(int64_t)(next_random(&state) % 3000) - 100,
                                       (int)(next_random(&state) % (RT_DECIMAL_PLACES + 1))};
            if (i % 10 == 0)
                value.units = (int64_t)next_random(&state);
            if (i < 3)
                value = cuts.cuts[RT_RFM_MONETARY][i];
            int expected = 1;
            for (int k = 0; k < cuts.bins - 1; k++)
                expected += rt_decimal_compare(value, cuts.cuts[RT_RFM_MONETARY][k]) >=
                            (cuts.method == RT_RFM_R ? 0 : 1);
            ck_assert_int_eq(rt_rfm_score(&cuts, RT_RFM_MONETARY, value), expected);
        }
        rt_rfm_values_free(&values);
    }
    ck_assert_int_gt(as_decimals, 50);
    ck_assert_int_lt(as_decimals, 300);
}
END_TEST

START_TEST(customers_without_money_or_purchase)
{
    struct rt_rfm_values values = {0};
    struct rt_rfm_cuts cuts = {.method = RT_RFM_TYPE7, .bins = 5};
    const struct rt_rfm_customer customers[] = {
        {2, {{9, 0}, {1, 0}}}, {0, {{0, 0}}}, {2, {{1, 0}, {7, 0}}}};
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(rt_rfm_values_add(&values, &customers[i]), 0);
    ck_assert_int_eq(rt_rfm_cut(&cuts, &values), 0);
    ck_assert(cuts.known[RT_RFM_RECENCY] && cuts.known[RT_RFM_FREQUENCY]);
    ck_assert(!cuts.known[RT_RFM_MONETARY]);
    static const int expected[3][RT_RFM_AXES] = {{1, 1, 0}, {0, 0, 0}, {5, 5, 0}};
    static const char *const names[3] = {"lost", "unscored", "champions"};
    struct rt_rfm_use use = {0};
    for (int i = 0; i < 3; i++) {
        struct rt_rfm_customer customer;
        int scores[RT_RFM_AXES];
        ck_assert(rt_rfm_values_next(&values, &customer));
        ck_assert_int_eq(customer.axes, customers[i].axes);
        rt_rfm_scores(&cuts, &customer, scores, &use);
        ck_assert_mem_eq(scores, expected[i], sizeof scores);
        ck_assert_str_eq(rt_rfm_segment(RT_RFM_ELEVEN, 5, scores), names[i]);
    }
    struct rt_rfm_customer none;
    ck_assert(!rt_rfm_values_next(&values, &none));
    ck_assert_int_eq(rt_rfm_in_use(&use, RT_RFM_RECENCY), 2);
    ck_assert_int_eq(rt_rfm_in_use(&use, RT_RFM_MONETARY), 0);
    rt_rfm_values_free(&values);
}
END_TEST

/* The tables of the manual page: ranges of recency, of frequency or both, of which one holds. */
struct range {
    const char *name;
    int r_least, r_most, fm_least, fm_most;
};

static const struct range eleven[] = {
    {"champions", 4, 5, 4, 5},
    {"loyal", 3, 3, 4, 5},
    {"loyal", 4, 4, 3, 3},
    {"potential loyalists", 5, 5, 2, 3},
    {"potential loyalists", 4, 4, 2, 2},
    {"new", 5, 5, 1, 1},
    {"promising", 4, 4, 1, 1},
    {"need attention", 3, 3, 3, 3},
    {"about to sleep", 3, 3, 1, 2},
    {"at risk", 2, 2, 3, 5},
    {"at risk", 1, 1, 3, 3},
    {"cannot lose", 1, 1, 4, 5},
    {"hibernating", 2, 2, 1, 2},
    {"lost", 1, 1, 1, 2},
};
static const struct range ten[] = {
    {"champions", 5, 5, 4, 5},           {"loyal", 3, 4, 4, 5},
    {"potential loyalists", 4, 5, 2, 3}, {"new", 5, 5, 1, 1},
    {"promising", 4, 4, 1, 1},           {"need attention", 3, 3, 3, 3},
    {"about to sleep", 3, 3, 1, 2},      {"at risk", 1, 2, 3, 4},
    {"cannot lose", 1, 2, 5, 5},         {"hibernating", 1, 2, 1, 2},
};
static const struct range three[] = {
    {"champions", 3, 3, 3, 3},
    {"potential loyalists", 3, 3, 2, 2},
    {"new", 3, 3, 1, 1},
    {"loyal", 2, 2, 3, 3},
    {"need attention", 2, 2, 2, 2},
    {"about to sleep", 2, 2, 1, 1},
    {"cannot lose", 1, 1, 3, 3},
    {"at risk", 1, 1, 2, 2},
    {"lost", 1, 1, 1, 1},
};

/* The one range that holds; fails where none or two do. */
static const char *only_range(const struct range *ranges, size_t count, int r, int fm)
{
    const char *name = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct range *range = &ranges[i];
        if (r < range->r_least || r > range->r_most || fm < range->fm_least || fm > range->fm_most)
            continue;
        ck_assert_msg(name == NULL, "%d %d is %s and %s", r, fm, name, range->name);
        name = range->name;
    }
    ck_assert_msg(name != NULL, "%d %d has no name", r, fm);
    return name;
}

static const char *name_by_page(enum rt_rfm_preset preset, int r, int f, int m)
{
    const int both = (f + m + 1) / 2;
    switch (preset) {
    case RT_RFM_ELEVEN:
        return only_range(eleven, sizeof eleven / sizeof *eleven, r, both);
    case RT_RFM_TEN:
        return only_range(ten, sizeof ten / sizeof *ten, r, f);
    case RT_RFM_3X3:
        return only_range(three, sizeof three / sizeof *three, r, both);
    default:
        return r + f + m <= 6 ? "low value" : r + f + m <= 11 ? "middle value" : "high value";
    }
}

START_TEST(every_code_has_exactly_one_name)
{
    static const size_t names[RT_RFM_PRESETS] = {11, 10, 9, 3};
    for (int preset = 0; preset < RT_RFM_PRESETS; preset++) {
        const int bins = rt_rfm_preset_bins((enum rt_rfm_preset)preset);
        const char *seen[16];
        size_t seen_count = 0;
        for (int code = 0; code < bins * bins * bins; code++) {
            const int scores[] = {1 + code / bins / bins, 1 + code / bins % bins, 1 + code % bins};
            const char *name = rt_rfm_segment((enum rt_rfm_preset)preset, bins, scores);
            ck_assert_str_eq(
                name, name_by_page((enum rt_rfm_preset)preset, scores[0], scores[1], scores[2]));
            size_t i = 0;
            while (i < seen_count && strcmp(seen[i], name) != 0)
                i++;
            if (i == seen_count)
                seen[seen_count++] = name;
        }
        ck_assert_uint_eq(seen_count, names[preset]);
    }
}
END_TEST

START_TEST(other_bins_are_mapped_to_the_nearest_level)
{
    for (int from = RT_RFM_BINS_LEAST; from <= RT_RFM_BINS_MOST; from++) {
        for (int to = 3; to <= 5; to += 2) {
            ck_assert_int_eq(rt_rfm_level(1, from, to), 1);
            ck_assert_int_eq(rt_rfm_level(from, from, to), to);
            for (int score = 1; score <= from; score++) {
                const int level = rt_rfm_level(score, from, to);
                /* |(level - 1)/(to - 1) - (score - 1)/(from - 1)| is at most half a level */
                const int apart = 2 * ((level - 1) * (from - 1) - (score - 1) * (to - 1));
                ck_assert_int_le(apart, from - 1);
                ck_assert_int_gt(apart, -(from - 1));
            }
        }
    }
    for (int preset = 0; preset < RT_RFM_PRESETS; preset++)
        for (int bins = 2; bins <= 12; bins++)
            for (int code = 0; code < bins * bins * bins; code++) {
                const int scores[] = {1 + code / bins / bins, 1 + code / bins % bins,
                                      1 + code % bins};
                ck_assert_ptr_nonnull(rt_rfm_segment((enum rt_rfm_preset)preset, bins, scores));
            }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rfm");
    TCase *cases = tcase_create("rfm");
    tcase_add_test(cases, distinct_values_fill_the_bins_evenly);
    tcase_add_test(cases, few_days_and_many_orders_score_high);
    tcase_add_test(cases, scores_follow_the_rule_of_each_method);
    tcase_add_test(cases, rounded_cuts_change_no_score);
    tcase_add_test(cases, values_of_different_places_are_one_scale);
    tcase_add_test(cases, cuts_at_the_ends_of_what_fits);
    tcase_add_test(cases, scores_count_the_cuts_below);
    tcase_add_test(cases, customers_without_money_or_purchase);
    tcase_add_test(cases, every_code_has_exactly_one_name);
    tcase_add_test(cases, other_bins_are_mapped_to_the_nearest_level);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
