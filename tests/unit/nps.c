/* nps: answers counted by group and period, and the rows that come of them. */
#include "libretain/nps.h"

#include <stdio.h>
#include <string.h>

#include "libretain/day.h"
#include "tests/unit/unit.h"

enum { MOST_ROWS = 64, MOST_BYTES = 2048 };

/* A block of rows "customer,date,score,channel", as the scanner indexes them or as cells. */
struct block {
    struct rt_rows rows;
    uint32_t ends[4 * MOST_ROWS + 1], last[MOST_ROWS];
    struct rt_text cells[4 * MOST_ROWS];
    char bytes[MOST_BYTES + 8]; /* eight can be read from each cell */
};

static void read_block(struct block *block, const char *text, bool cells)
{
    memset(block, 0, sizeof *block);
    ck_assert_uint_le(strlen(text), MOST_BYTES);
    memcpy(block->bytes, text, strlen(text));
    text = block->bytes;
    block->ends[0] = UINT32_MAX;
    uint32_t count = 0, start = 0;
    for (uint32_t at = 0; text[at] != '\0'; at++)
        if (text[at] == ',' || text[at] == '\n') {
            block->cells[count] = (struct rt_text){text + start, at - start};
            start = at + 1;
            block->ends[1 + count++] = at;
            if (text[at] == '\n')
                block->last[block->rows.count++] = count - 1;
        }
    block->rows.width = 4;
    block->rows.base = text;
    block->rows.ends = block->ends + 1;
    block->rows.last = block->last;
    block->rows.cells = cells ? block->cells : NULL;
}

static struct rt_nps_form form_of(const char *period, const char *dedupe)
{
    struct rt_nps_form form = {.by_count = 1, .periods = period != NULL, .histogram = true};
    ck_assert_int_eq(rt_confidence_read(rt_text("95%"), &form.confidence), 0);
    if (period != NULL)
        ck_assert_int_eq(rt_period_read(rt_text(period), false, &form.period), 0);
    if (dedupe != NULL)
        ck_assert_int_eq(rt_nps_read_dedupe(rt_text(dedupe), &form), 0);
    return form;
}

static int add(struct rt_nps *nps, const struct rt_nps_form *form, const char *text, bool cells,
               struct rt_nps_fault *fault)
{
    static const size_t by[] = {3};
    const bool dated = form->periods || form->dedupe != RT_NPS_ALL;
    const struct rt_nps_columns columns = {by, 2, dated ? 1 : -1,
                                           form->dedupe != RT_NPS_ALL ? 0 : -1};
    struct block block;
    read_block(&block, text, cells);
    return rt_nps_add(nps, &block.rows, &columns, fault);
}

/* The numerator and the denominator of a metric of a group, from `text` read both ways. */
struct counts {
    int64_t num, den;
};

static struct counts counts_of(const struct rt_nps_form *form, const char *text, const char *metric,
                               const char *group, const char *period)
{
    struct counts found[2] = {{-1, -1}, {-1, -1}};
    for (int cells = 0; cells < 2; cells++) {
        struct rt_nps *nps = rt_nps_new(*form);
        struct rt_nps_fault fault;
        ck_assert_int_eq(add(nps, form, text, cells == 1, &fault), 0);
        struct rt_metric row;
        while (rt_nps_next(nps, &row))
            if (rt_text_is(row.metric, metric) && rt_text_is(row.keys[0], group) &&
                rt_text_is(row.keys[1], period) && row.num.kind == RT_NUMBER_WHOLE)
                found[cells] = (struct counts){row.num.whole, row.den.whole};
        rt_nps_free(nps);
    }
    ck_assert_int_eq(found[0].num, found[1].num);
    ck_assert_int_eq(found[0].den, found[1].den);
    return found[0];
}

static void counts_are(struct counts got, int64_t num, int64_t den)
{
    ck_assert_int_eq(got.num, num);
    ck_assert_int_eq(got.den, den);
}

static const char plain[] = "A,2024-01-01,10,web\n"
                            "B,2024-01-31,9,web\n"
                            "C,2024-02-01,8,a channel of more than sixteen bytes\n"
                            "A,2024-02-02,,web\n"
                            "D,2024-03-01,6,\n"
                            "A,2024-03-31,0,web\n"
                            "B,2024-04-01,07,web\n"
                            "E,2024-04-01,009,ten bytes!\n"
                            "F,2024-04-02,7,web\n"
                            "G,2024-04-02,3,web\n";

START_TEST(groups)
{
    const struct rt_nps_form form = form_of(NULL, NULL);
    counts_are(counts_of(&form, plain, "nps", "web", ""), 0, 6);
    counts_are(counts_of(&form, plain, "promoters", "web", ""), 2, 6);
    counts_are(counts_of(&form, plain, "passives", "web", ""), 2, 6);
    counts_are(counts_of(&form, plain, "detractors", "web", ""), 2, 6);
    counts_are(counts_of(&form, plain, "response_rate", "web", ""), 6, 7);
    counts_are(counts_of(&form, plain, "score:0", "web", ""), 1, 6); /* zero is a score */
    counts_are(counts_of(&form, plain, "score:7", "web", ""), 2, 6);
    counts_are(counts_of(&form, plain, "nps", "", ""), -1, 1);
    counts_are(counts_of(&form, plain, "nps", "ten bytes!", ""), 1, 1);
    counts_are(counts_of(&form, plain, "passives", "a channel of more than sixteen bytes", ""), 1,
               1);
    counts_are(counts_of(&form, plain, "nps", "we", ""), -1, -1);
}
END_TEST

START_TEST(periods)
{
    const struct rt_nps_form form = form_of("month", NULL);
    counts_are(counts_of(&form, plain, "nps", "web", "2024-01"), 2, 2);
    counts_are(counts_of(&form, plain, "nps", "web", "2024-02"), 0, 0);
    counts_are(counts_of(&form, plain, "response_rate", "web", "2024-02"), 0, 1);
    counts_are(counts_of(&form, plain, "nps", "web", "2024-03"), -1, 1);
    counts_are(counts_of(&form, plain, "nps", "web", "2024-04"), -1, 3);
}
END_TEST

/* A answers 10 and then 0, and dismisses one; B 9 and then 7. */
START_TEST(last_answers)
{
    const struct rt_nps_form all = form_of(NULL, "last"), monthly = form_of("month", "last");
    counts_are(counts_of(&all, plain, "promoters", "web", ""), 0, 4);
    counts_are(counts_of(&all, plain, "response_rate", "web", ""), 6, 7);
    counts_are(counts_of(&monthly, plain, "promoters", "web", "2024-01"), 2, 2);
    /* On one day the last row counts, of all groups: this customer is one of the web alone. */
    static const char twice[] = "A,2024-01-01,10,shop\nA,2024-01-03,2,web\nA,2024-01-03,9,web\n"
                                "A,2024-01-02,1,shop\n";
    counts_are(counts_of(&all, twice, "promoters", "web", ""), 1, 1);
    counts_are(counts_of(&all, twice, "nps", "shop", ""), 0, 0);
    counts_are(counts_of(&all, twice, "response_rate", "shop", ""), 2, 2);
}
END_TEST

/* Days 0, 5, 10, 11: with 7 between them 0 and 10 count, since 5 does not. */
START_TEST(answers_apart)
{
    static const char text[] = "A,2024-01-11,4,x\nA,2024-01-01,1,x\nA,2024-01-12,5,x\n"
                               "A,2024-01-06,2,x\nB,2024-01-06,3,x\n";
    const struct rt_nps_form week = form_of(NULL, "7"), nine = form_of(NULL, "9"),
                             ten = form_of(NULL, "10"), day = form_of(NULL, "0");
    counts_are(counts_of(&week, text, "nps", "x", ""), -3, 3);
    counts_are(counts_of(&week, text, "score:4", "x", ""), 1, 3);
    counts_are(counts_of(&week, text, "score:2", "x", ""), 0, 3);
    counts_are(counts_of(&nine, text, "score:4", "x", ""), 1, 3);
    counts_are(counts_of(&ten, text, "score:5", "x", ""), 1, 3);
    counts_are(counts_of(&day, text, "nps", "x", ""), -5, 5);
}
END_TEST

START_TEST(bad_cells)
{
    static const struct {
        const char *text, *dedupe;
        size_t row, column;
    } cases[] = {
        {"A,2024-01-01,1,x\nB,2024-01-01,11,x\nC,2024-01-01,5,x\n", NULL, 1, 2},
        {"A,2024-01-01,-1,x\n", NULL, 0, 2},
        {"A,2024-01-01,9.5,x\n", NULL, 0, 2},
        {"A,2024-01-01,1e1,x\n", NULL, 0, 2},
        {"A,2024-01-01, 9,x\n", NULL, 0, 2},
        {"A,2024-01-01,4294967305,x\n", NULL, 0, 2},
        {"A,2024-01-01,:,x\n", NULL, 0, 2},
        {"A,2024-01-01,1/,x\n", NULL, 0, 2},
        {"A,2024-01-01,P,x\n", NULL, 0, 2},
        {"A,2024-01-01,10 ,x\n", NULL, 0, 2},
        {"A,2024-1-01,1,x\n", "last", 0, 1},
        {",2024-01-01,1,x\n", "last", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int cells = 0; cells < 2; cells++) {
            const struct rt_nps_form form = form_of(NULL, cases[i].dedupe);
            char text[MOST_BYTES];
            /* Rows behind it, so that the quick way is open too. */
            snprintf(text, sizeof text, "%sZ,2024-01-01,1,x\nZ,2024-01-01,1,x\n", cases[i].text);
            struct rt_nps *nps = rt_nps_new(form);
            struct rt_nps_fault fault = {0};
            ck_assert_int_eq(add(nps, &form, text, cells == 1, &fault), -1);
            ck_assert_uint_eq(fault.row, cases[i].row);
            ck_assert_uint_eq(fault.column, cases[i].column);
            ck_assert_ptr_nonnull(fault.reason);
            rt_nps_free(nps);
        }
}
END_TEST

START_TEST(scales)
{
    static const char seven[] = "A,2024-01-01,7,x\nB,2024-01-01,1,x\nB,2024-01-01,1,x\n"
                                "B,2024-01-01,1,x\n";
    struct rt_nps_form form = form_of(NULL, NULL);
    struct rt_nps_fault fault;
    form.metric = RT_NPS_CES;
    counts_are(counts_of(&form, seven, "ces", "x", ""), 10, 4);
    form.short_scale = true;
    struct rt_nps *nps = rt_nps_new(form);
    ck_assert_int_eq(add(nps, &form, seven, false, &fault), -1);
    ck_assert_str_eq(fault.reason, "not a whole number from 1 to 5");
    rt_nps_free(nps);
    form.metric = RT_NPS_CSAT;
    counts_are(counts_of(&form, "A,,5,x\nA,,4,x\nA,,3,x\nA,,,x\nA,,1,x\n", "csat", "x", ""), 2, 4);
    nps = rt_nps_new(form);
    ck_assert_int_eq(add(nps, &form, "A,,0,x\nA,,1,x\nA,,1,x\n", false, &fault), -1);
    rt_nps_free(nps);
}
END_TEST

START_TEST(dedupe_words)
{
    static const char *const bad[] = {"", "first", "-1", "1.5", "1d", "99999999999"};
    struct rt_nps_form form = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(rt_nps_read_dedupe(rt_text(bad[i]), &form), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nps");
    TCase *cases = tcase_create("nps");
    tcase_add_test(cases, groups);
    tcase_add_test(cases, periods);
    tcase_add_test(cases, last_answers);
    tcase_add_test(cases, answers_apart);
    tcase_add_test(cases, bad_cells);
    tcase_add_test(cases, scales);
    tcase_add_test(cases, dedupe_words);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
