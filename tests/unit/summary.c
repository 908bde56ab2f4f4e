/* summary: what is counted, what is refused, and the rows that come of it. */
#include "libretain/summary.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static struct rt_summary *new_summary(size_t by_count, const char *stat)
{
    struct rt_summary_form form = {.by_count = by_count, .revenue = true};
    if (stat != NULL)
        ck_assert_ptr_null(rt_stats_add(&form.stats, rt_text(stat)));
    ck_assert_int_eq(rt_confidence_read(rt_text("95%"), &form.confidence), 0);
    return rt_summary_new(form);
}

static size_t add(struct rt_summary *summary, const char *key, const char *revenue,
                  const char *value)
{
    const struct rt_text cells[] = {rt_text(revenue), rt_text(value)};
    const char *reason = NULL;
    const size_t bad = rt_summary_add(summary, rt_text(key), cells, &reason);
    ck_assert((bad == 0) == (reason == NULL));
    return bad;
}

START_TEST(order_of_rows)
{
    struct rt_summary *summary = new_summary(1, "mean:v");
    static const char *const keys[] = {"b", "a", "", "a", "ab"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        ck_assert_uint_eq(add(summary, keys[i], "1.5", "2"), 0);
    ck_assert_int_eq(rt_summary_rows(summary), 5);
    ck_assert_uint_eq(rt_summary_groups(summary), 4);
    static const char *const sorted[] = {"", "a", "ab", "b"};
    static const char *const metrics[] = {"customers",        "share",  "revenue",
                                          "share_of_revenue", "mean:v", "squares:v"};
    struct rt_metric row;
    for (size_t group = 0; group < 4; group++)
        for (size_t i = 0; i < 6; i++) {
            ck_assert(rt_summary_next(summary, &row));
            ck_assert(rt_text_is(row.metric, metrics[i]));
            ck_assert(rt_text_is(row.keys[0], sorted[group]));
            ck_assert(rt_text_is(row.keys[1], "") && row.complete);
            if (i == 0)
                ck_assert_int_eq(row.value.whole, group == 1 ? 2 : 1);
            if (i == 2)
                ck_assert(row.value.total.units == (group == 1 ? 30 : 15));
        }
    ck_assert(!rt_summary_next(summary, &row));
    ck_assert(!rt_summary_next(summary, &row));
    rt_summary_free(summary);
}
END_TEST

/* Which cell was bad, counted from 1; the row leaves no trace. */
START_TEST(bad_cells)
{
    struct rt_summary *summary = new_summary(0, "sum:v");
    ck_assert_uint_eq(add(summary, "", "1", "x"), 2);
    ck_assert_uint_eq(add(summary, "", "x", "1"), 1);
    ck_assert_uint_eq(add(summary, "", "0.1234567890123456789", "1"), 1);
    ck_assert_int_eq(rt_summary_rows(summary), 0);
    ck_assert_uint_eq(add(summary, "", "", "0.1234567890123456789"), 0);
    ck_assert_uint_eq(add(summary, "", "1", ""), 0);
    ck_assert_int_eq(rt_summary_rows(summary), 2);
    ck_assert_int_eq(rt_summary_empty(summary), 1);
    rt_summary_free(summary);
}
END_TEST

static const char *merge(struct rt_summary *summary, const char *metric, const char *method,
                         const char *value, const char *num, const char *den)
{
    const struct rt_text keys[] = {rt_text("g"), rt_text("")};
    const struct rt_metric row = {.metric = rt_text(metric),
                                  .method = rt_text(method),
                                  .keys = keys,
                                  .value = rt_number_text(rt_text(value)),
                                  .lo = rt_number_text(rt_text("")),
                                  .hi = rt_number_text(rt_text("")),
                                  .num = rt_number_text(rt_text(num)),
                                  .den = rt_number_text(rt_text(den)),
                                  .complete = true};
    return rt_summary_merge(summary, &row);
}

START_TEST(merged_by_hand)
{
    struct rt_summary *summary = rt_summary_new_merge(1);
    for (int shard = 0; shard < 3; shard++) {
        ck_assert_ptr_null(merge(summary, "customers", "rows", "4", "", ""));
        ck_assert_ptr_null(merge(summary, "share", "wilson 90%", "1", "4", "4"));
        ck_assert_ptr_null(
            merge(summary, "median:v", "type 7; order statistics 90%", "9", "", "2"));
        ck_assert_ptr_null(merge(summary, "values:v", "count", "0.5", "1", "2"));
        ck_assert_ptr_null(merge(summary, "values:v", "count", "1.5", "1", "2"));
    }
    const struct rt_summary_form asked = {0};
    ck_assert_ptr_null(rt_summary_merged(summary, &asked, false));
    ck_assert_str_eq(rt_summary_form(summary)->confidence.name, "90%");
    struct rt_metric row;
    ck_assert(rt_summary_next(summary, &row));
    ck_assert_int_eq(row.value.whole, 12);
    ck_assert(rt_summary_next(summary, &row));
    ck_assert(rt_summary_next(summary, &row));
    ck_assert(rt_text_is(row.metric, "median:v"));
    ck_assert(row.value.real == 1 && row.den.whole == 6);
    ck_assert(row.lo.real == 0.5 && row.hi.real == 1.5);
    rt_summary_free(summary);
}
END_TEST

START_TEST(refused)
{
    static const char *const rows[][5] = {
        {"customers", "rows", "-1", "", ""},         {"customers", "rows", "", "", ""},
        {"customers", "lines", "1", "", ""},         {"share", "wilson", "1", "1", "1"},
        {"revenue", "exact sum", "x", "", ""},       {"mean:v", "t 95%", "1", "", "1"},
        {"mean:v", "t 95%", "1", "1", "1.5"},        {"min:v", "exact", "", "", "1"},
        {"squares:v", "exact sum", "1", "", "1"},    {"values:v", "count", "1", "1", "1"},
        {"nps", "adjusted wald 95%", "1", "1", "1"}, {"movement", "wilson 95%", "1", "1", "1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rt_summary *summary = rt_summary_new_merge(1);
        ck_assert_msg(merge(summary, rows[i][0], rows[i][1], rows[i][2], rows[i][3], rows[i][4]) !=
                          NULL,
                      "row %zu", i);
        rt_summary_free(summary);
    }
    /* More values than were counted. */
    struct rt_summary *summary = rt_summary_new_merge(1);
    ck_assert_ptr_null(merge(summary, "p90:v", "type 7; order statistics 95%", "1", "", "3"));
    ck_assert_ptr_null(merge(summary, "values:v", "count", "1", "2", "3"));
    ck_assert_ptr_nonnull(merge(summary, "values:v", "count", "2", "2", "3"));
    ck_assert_ptr_nonnull(merge(summary, "values:v", "count", "2", "9000000000000000000", "3"));
    rt_summary_free(summary);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("summary");
    TCase *cases = tcase_create("summary");
    tcase_add_test(cases, order_of_rows);
    tcase_add_test(cases, bad_cells);
    tcase_add_test(cases, merged_by_hand);
    tcase_add_test(cases, refused);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
