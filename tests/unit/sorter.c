#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "libretain/sorter.h"

/* Any two texts compare as their forms do, and each comes back from its form. */
START_TEST(test_the_form_keeps_the_order)
{
    static const char *const texts[] = {
        "",  "\x01",  "\x01\x01", "\x02", "\t",  "\n", "\n\n", "\v",       "\x11", " ",
        "a", "a\x01", "a\x02",    "a\n",  "a\v", "aa", "ab",   "\xc3\xa9", "\xff", "\x02\x12",
    };
    const size_t count = sizeof texts / sizeof *texts;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            char a[32], b[32];
            const size_t length = rt_sorter_encode(rt_text(texts[i]), a);
            a[length] = '\0';
            b[rt_sorter_encode(rt_text(texts[j]), b)] = '\0';
            const int forms = strcmp(a, b), plain = strcmp(texts[i], texts[j]);
            ck_assert_int_eq((forms > 0) - (forms < 0), (plain > 0) - (plain < 0));
            ck_assert_ptr_null(strchr(a, '\n'));
            char *line = a;
            struct rt_text cell;
            ck_assert_int_eq(rt_sorter_decode(&line, a + length, &cell), 0);
            ck_assert(rt_text_is(cell, texts[i]));
            ck_assert_ptr_eq(line, a + length);
        }
    }
}
END_TEST

START_TEST(test_a_cut_form_is_refused)
{
    char no_end[] = "abc", cut_escape[] = "ab\x02";
    char *line = no_end;
    struct rt_text cell;
    ck_assert_int_eq(rt_sorter_decode(&line, no_end + 3, &cell), -1);
    line = no_end;
    ck_assert_int_eq(rt_sorter_decode(&line, no_end, &cell), -1);
    line = cut_escape;
    ck_assert_int_eq(rt_sorter_decode(&line, cut_escape + 3, &cell), -1);
}
END_TEST

static void add(struct rt_sorter *sorter, const char *key, const char *rest)
{
    const struct rt_text cells[2] = {rt_text(key), rt_text(rest)};
    ck_assert_int_eq(rt_sorter_add(sorter, cells), 0);
}

static void expect(struct rt_sorter *sorter, const char *key, const char *rest)
{
    struct rt_text cells[2];
    ck_assert_int_eq(rt_sorter_next(sorter, cells), 1);
    ck_assert(rt_text_is(cells[0], key));
    ck_assert(rt_text_is(cells[1], rest));
}

START_TEST(test_records_come_back_in_order)
{
    struct rt_sorter *sorter = rt_sorter_open(2, 1, NULL);
    add(sorter, "b", "first");
    add(sorter, "a\nb", "second\nline");
    add(sorter, "a", "z");
    add(sorter, "a", "y");
    add(sorter, "", "");
    expect(sorter, "", "");
    expect(sorter, "a", "z");
    expect(sorter, "a", "y");
    expect(sorter, "a\nb", "second\nline");
    expect(sorter, "b", "first");
    struct rt_text cells[2];
    ck_assert_int_eq(rt_sorter_next(sorter, cells), 0);
    ck_assert_ptr_null(rt_sorter_message(sorter));
    rt_sorter_close(sorter);
}
END_TEST

START_TEST(test_all_cells_can_be_keys)
{
    struct rt_sorter *sorter = rt_sorter_open(2, 2, NULL);
    add(sorter, "a", "2");
    add(sorter, "a", "1");
    add(sorter, "a", "");
    expect(sorter, "a", "");
    expect(sorter, "a", "1");
    expect(sorter, "a", "2");
    rt_sorter_close(sorter); /* before the end */
}
END_TEST

START_TEST(test_a_sorter_can_be_closed_at_any_time)
{
    rt_sorter_close(NULL);
    rt_sorter_close(rt_sorter_open(2, 1, NULL));
    struct rt_sorter *sorter = rt_sorter_open(2, 1, NULL);
    for (int i = 0; i < 100000; i++)
        add(sorter, "key", "rest");
    rt_sorter_close(sorter);
}
END_TEST

/* sort(1) ends in mid-write once it needs a temporary file: a message, and no SIGPIPE. */
START_TEST(test_the_end_of_sort_is_no_end_of_ours)
{
    signal(SIGPIPE, SIG_DFL);
    struct rt_sorter *sorter = rt_sorter_open(2, 1, "/dev/null");
    char key[64];
    int result = 0;
    for (int i = 0; i < 4000000 && result == 0; i++) {
        snprintf(key, sizeof key, "%d-a-key-that-takes-some-room", i);
        const struct rt_text cells[2] = {rt_text(key), rt_text("rest")};
        result = rt_sorter_add(sorter, cells);
    }
    struct rt_text cells[2];
    ck_assert_int_eq(rt_sorter_next(sorter, cells), -1);
    ck_assert_ptr_nonnull(rt_sorter_message(sorter));
    ck_assert_ptr_nonnull(strstr(rt_sorter_message(sorter), "sort"));
    ck_assert_int_eq(rt_sorter_add(sorter, cells), -1);
    rt_sorter_close(sorter);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sorter");
    TCase *test = tcase_create("sorter");
    tcase_set_timeout(test, 60);
    tcase_add_test(test, test_the_form_keeps_the_order);
    tcase_add_test(test, test_a_cut_form_is_refused);
    tcase_add_test(test, test_records_come_back_in_order);
    tcase_add_test(test, test_all_cells_can_be_keys);
    tcase_add_test(test, test_a_sorter_can_be_closed_at_any_time);
    tcase_add_test(test, test_the_end_of_sort_is_no_end_of_ours);
    suite_add_tcase(suite, test);
    return unit_run(suite);
}
