#include "unit.h"

#include <stdio.h>

#include "libretain/held.h"

static void make(struct rt_text cells[2], const char *first, const char *second)
{
    cells[0] = rt_text(first);
    cells[1] = rt_text(second);
}

static void expect(const struct rt_held *held, size_t row, const char *first, const char *second)
{
    struct rt_text cells[2];
    ck_assert(rt_held_row(held, row, cells));
    ck_assert(rt_text_is(cells[0], first));
    ck_assert(rt_text_is(cells[1], second));
}

START_TEST(test_rows_stay_as_they_were_added)
{
    struct rt_held held;
    rt_held_init(&held, 2);
    char first[32], second[32];
    struct rt_text cells[2];
    for (int i = 0; i < 1000; i++) {
        snprintf(first, sizeof first, "%d", i);
        snprintf(second, sizeof second, "%.*s", i % 20, "xxxxxxxxxxxxxxxxxxxx");
        make(cells, first, second);
        ck_assert_uint_eq(rt_held_add(&held, cells), (size_t)i);
    }
    for (int i = 0; i < 1000; i++) {
        snprintf(first, sizeof first, "%d", i);
        snprintf(second, sizeof second, "%.*s", i % 20, "xxxxxxxxxxxxxxxxxxxx");
        expect(&held, (size_t)i, first, second);
    }
    rt_held_free(&held);
}
END_TEST

START_TEST(test_a_row_can_be_replaced_by_a_shorter_and_a_longer_one)
{
    struct rt_held held;
    rt_held_init(&held, 2);
    struct rt_text cells[2];
    make(cells, "abc", "");
    rt_held_add(&held, cells);
    make(cells, "next", "row");
    rt_held_add(&held, cells);
    const size_t used = held.used;
    make(cells, "", "x");
    rt_held_replace(&held, 0, cells);
    ck_assert_uint_eq(held.used, used); /* in its place */
    expect(&held, 0, "", "x");
    make(cells, "much longer", "than before");
    rt_held_replace(&held, 0, cells);
    expect(&held, 0, "much longer", "than before");
    expect(&held, 1, "next", "row");
    rt_held_free(&held);
}
END_TEST

START_TEST(test_a_cell_can_be_set)
{
    struct rt_held held;
    rt_held_init(&held, 2);
    struct rt_text cells[2];
    make(cells, "id", "-12.50");
    rt_held_add(&held, cells);
    rt_held_add(&held, cells);
    rt_held_set(&held, 0, 1, rt_text("1"));
    expect(&held, 0, "id", "1");
    rt_held_set(&held, 0, 1, rt_text("a longer text than there was room for"));
    expect(&held, 0, "id", "a longer text than there was room for");
    rt_held_set(&held, 0, 0, rt_text(""));
    expect(&held, 0, "", "a longer text than there was room for");
    expect(&held, 1, "id", "-12.50");
    rt_held_free(&held);
}
END_TEST

START_TEST(test_a_dropped_row_is_gone_until_it_is_replaced)
{
    struct rt_held held;
    rt_held_init(&held, 2);
    struct rt_text cells[2];
    make(cells, "a", "b");
    rt_held_add(&held, cells);
    rt_held_drop(&held, 0);
    ck_assert(!rt_held_row(&held, 0, cells));
    make(cells, "c", "d");
    rt_held_replace(&held, 0, cells);
    expect(&held, 0, "c", "d");
    rt_held_free(&held);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("held");
    TCase *test = tcase_create("held");
    tcase_add_test(test, test_rows_stay_as_they_were_added);
    tcase_add_test(test, test_a_row_can_be_replaced_by_a_shorter_and_a_longer_one);
    tcase_add_test(test, test_a_cell_can_be_set);
    tcase_add_test(test, test_a_dropped_row_is_gone_until_it_is_replaced);
    suite_add_tcase(suite, test);
    return unit_run(suite);
}
