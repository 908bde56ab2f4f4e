#include "libretain/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/unit.h"

/* The labels in order, with a blank behind each. */
static void in_order(const char *const *texts, size_t count, const char *expected)
{
    struct rt_labels labels;
    struct rt_buffer joined = {0};
    rt_labels_init(&labels);
    for (size_t i = 0; i < count; i++)
        (void)rt_labels_add(&labels, rt_text(texts[i]));
    size_t *order = rt_labels_order(&labels);
    for (size_t i = 0; i < labels.count; i++) {
        rt_buffer_text(&joined, labels.texts[order[i]]);
        rt_buffer_add(&joined, " ");
    }
    ck_assert_msg(rt_text_is(rt_buffer_get(&joined), expected), "%.*s", (int)joined.used,
                  joined.bytes);
    rt_buffer_free(&joined);
    free(order);
    rt_labels_free(&labels);
}

START_TEST(orders_labels)
{
    static const char *const ages[] = {"10", "2", "-1", "2", "2.5"};
    static const char *const periods[] = {"2024-10", "2023-12", "2024-02"};
    static const char *const mixed[] = {"b", "10", "9", "a"};
    in_order(ages, 5, "-1 2 2.5 10 ");
    in_order(periods, 3, "2023-12 2024-02 2024-10 ");
    in_order(mixed, 4, "10 9 a b ");
    in_order(NULL, 0, "");
}
END_TEST

START_TEST(numbers_labels_by_appearance)
{
    struct rt_labels labels;
    rt_labels_init(&labels);
    ck_assert_uint_eq(rt_labels_add(&labels, rt_text("x")), 0);
    ck_assert_uint_eq(rt_labels_add(&labels, rt_text("")), 1);
    ck_assert_uint_eq(rt_labels_add(&labels, rt_text("x")), 0);
    ck_assert_uint_eq(labels.count, 2);
    rt_labels_free(&labels);
}
END_TEST

START_TEST(keeps_cells)
{
    static const char rows[] = "a,b\n1,\"x\"\"y\"\n,\n";
    char path[] = "/tmp/retain-sheet.XXXXXX", *files[] = {path, NULL};
    const int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, rows, sizeof rows - 1), sizeof rows - 1);
    ck_assert_int_eq(close(file), 0);
    const struct rt_table_args args = {.delimiter = ',', .block = RT_BLOCK_BYTES};
    struct rt_table *table = rt_table_open(&args, files, 1);
    struct rt_sheet sheet;
    ck_assert_int_eq(rt_sheet_read(&sheet, table), 0);
    rt_table_close(table);
    ck_assert_int_eq(remove(path), 0);
    ck_assert_uint_eq(sheet.count, 2);
    ck_assert_uint_eq(sheet.width, 2);
    ck_assert_int_eq(rt_sheet_find(&sheet, "b"), 1);
    ck_assert_int_eq(rt_sheet_find(&sheet, "c"), -1);
    ck_assert(rt_text_is(rt_sheet_cell(&sheet, 0, 0), "1"));
    ck_assert(rt_text_is(rt_sheet_cell(&sheet, 0, 1), "x\"y"));
    ck_assert(rt_text_is(rt_sheet_cell(&sheet, 1, 0), ""));
    ck_assert(rt_text_is(rt_sheet_cell(&sheet, 1, -1), ""));
    rt_sheet_free(&sheet);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sheet");
    TCase *tests = tcase_create("sheet");
    tcase_add_test(tests, orders_labels);
    tcase_add_test(tests, numbers_labels_by_appearance);
    tcase_add_test(tests, keeps_cells);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
