#include "unit.h"

#include "libretain/refunds.h"

/* customer, date, amount, order, item, ref: the columns of the rows here. */
enum { WIDTH = 6 };
static const int place[RT_LOG_COLUMNS] = {0, 1, 2, -1, 3, 4, -1, -1, 5};

struct row {
    const char *cells[WIDTH];
    const char *after; /* the amount that is left; NULL where the row is dropped */
};

static void check(const struct row *rows, size_t count, struct rt_refund_counts wanted)
{
    struct rt_held held;
    rt_held_init(&held, WIDTH);
    struct rt_text cells[WIDTH];
    for (size_t row = 0; row < count; row++) {
        for (size_t i = 0; i < WIDTH; i++)
            cells[i] = rt_text(rows[row].cells[i]);
        rt_held_add(&held, cells);
    }
    struct rt_refund_counts counts;
    rt_refunds_net(&held, place, &counts);
    for (size_t row = 0; row < count; row++) {
        const bool there = rt_held_row(&held, row, cells);
        ck_assert_msg(there == (rows[row].after != NULL), "row %zu", row);
        if (there)
            ck_assert_msg(rt_text_is(cells[2], rows[row].after), "row %zu: %.*s", row,
                          (int)cells[2].length, cells[2].at);
        if (there)
            ck_assert(rt_text_is(cells[0], rows[row].cells[0]));
    }
    ck_assert_uint_eq(counts.refunds, wanted.refunds);
    ck_assert_uint_eq(counts.netted, wanted.netted);
    ck_assert_uint_eq(counts.left, wanted.left);
    ck_assert_uint_eq(counts.purchases, wanted.purchases);
    rt_held_free(&held);
}

START_TEST(test_by_order)
{
    const struct row rows[] = {
        {{"a", "2024-01-01", "10", "o1", "tea", ""}, "10"},
        {{"a", "2024-01-01", "5", "o1", "milk", ""}, NULL},
        {{"a", "2024-02-01", "-5.00", "", "milk", "o1"}, NULL},
        {{"a", "2024-01-01", "3", "o2", "", ""}, NULL},
        {{"a", "2024-02-01", "-1", "", "", "o2"}, NULL},
        {{"a", "2024-02-01", "-4", "", "", "o2"}, "-2"},
        {{"a", "2024-02-01", "-4", "", "", "o3"}, "-4"},
    };
    check(rows, sizeof rows / sizeof *rows, (struct rt_refund_counts){4, 2, 2, 2});
}
END_TEST

START_TEST(test_by_day)
{
    const struct row rows[] = {
        {{"a", "2024-01-01", "-0.5", "", "", ""}, NULL},
        {{"a", "2024-01-01", "10", "", "", ""}, "9.5"},
        {{"a", "2024-01-02", "-10", "", "", ""}, "-10"},
        {{"b", "2024-01-01", "-10", "", "", ""}, "-10"},
        {{"c", "2024-01-01", "2", "", "x", ""}, "1"},
        {{"c", "2024-01-01", "2", "", "y", ""}, NULL},
        {{"c", "2024-01-01", "-3", "", "y", ""}, NULL},
        {{"d", "2024-01-01", "0", "", "", ""}, "0"},
        {{"d", "2024-01-01", "", "", "", ""}, ""},
    };
    check(rows, sizeof rows / sizeof *rows, (struct rt_refund_counts){4, 2, 2, 1});
}
END_TEST

START_TEST(test_at_the_end_of_the_numbers)
{
    const struct row rows[] = {
        {{"a", "2024-01-01", "9223372036854775807", "", "", ""}, NULL},
        {{"a", "2024-01-01", "-9223372036854775807", "", "", ""}, NULL},
        /* 9223372036854775806.9 has more digits than can be kept: nothing is taken. */
        {{"b", "2024-01-01", "9223372036854775807", "", "", ""}, "9223372036854775807"},
        {{"b", "2024-01-01", "-0.1", "", "", ""}, "-0.1"},
    };
    check(rows, sizeof rows / sizeof *rows, (struct rt_refund_counts){2, 1, 1, 1});
}
END_TEST

START_TEST(test_no_rows)
{
    check(NULL, 0, (struct rt_refund_counts){0, 0, 0, 0});
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("refunds");
    TCase *test = tcase_create("refunds");
    tcase_add_test(test, test_by_order);
    tcase_add_test(test, test_by_day);
    tcase_add_test(test, test_at_the_end_of_the_numbers);
    tcase_add_test(test, test_no_rows);
    suite_add_tcase(suite, test);
    return unit_run(suite);
}
