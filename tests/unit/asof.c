#include "libretain/asof.h"

#include "libretain/day.h"
#include "tests/unit/unit.h"

static int32_t day_of(const char *text)
{
    int32_t day;
    ck_assert_int_eq(rt_day_read(rt_text(text), &day), 0);
    return day;
}

static void next_is(const char *day, const char *from, const char *expected)
{
    char found[11];
    rt_day_write(rt_anniversary(day_of(day), day_of(from)), found);
    ck_assert_msg(strcmp(found, expected) == 0, "%s from %s is %s", day, from, found);
}

START_TEST(anniversaries_on_leap_days_and_month_ends)
{
    next_is("2024-02-29", "2025-01-01", "2025-02-28");
    next_is("2024-02-29", "2025-02-28", "2025-02-28");
    next_is("2024-02-29", "2025-03-01", "2026-02-28");
    next_is("2024-02-29", "2028-02-28", "2028-02-29");
    next_is("2024-02-29", "2028-02-29", "2028-02-29");
    next_is("1896-02-29", "1900-02-01", "1900-02-28");
    next_is("2023-02-28", "2024-02-28", "2024-02-28");
    next_is("2023-02-28", "2024-02-29", "2025-02-28");
    next_is("2023-12-31", "2024-12-31", "2024-12-31");
    next_is("2023-12-31", "2025-01-01", "2025-12-31");
    next_is("2023-01-01", "2024-12-31", "2025-01-01");
    next_is("2024-05-05", "2024-05-05", "2025-05-05");
    next_is("2024-05-05", "2020-01-01", "2025-05-05");
}
END_TEST

START_TEST(anniversaries_come_within_a_year_and_in_their_month)
{
    /* One assertion for all: each takes its time. */
    int wrong = 0;
    for (int32_t day = day_of("2019-01-01"); day < day_of("2024-12-31"); day += 7)
        for (int32_t from = day; from < day + 4000; from += 11) {
            const int32_t next = rt_anniversary(day, from);
            int year, month, of_month, next_year, next_month, next_of_month;
            rt_day_split(day, &year, &month, &of_month);
            rt_day_split(next, &next_year, &next_month, &next_of_month);
            wrong += next < from || next > from + 366 || next_year <= year || next_month != month ||
                     (next_of_month != of_month && (of_month != 29 || next_of_month != 28));
        }
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_gt(rt_anniversary(RT_DAY_LAST, RT_DAY_LAST), RT_DAY_LAST);
}
END_TEST

START_TEST(a_row_tells_its_as_of_date)
{
    int32_t day;
    ck_assert_ptr_null(rt_as_of_row(rt_text("2024-02-28"), rt_text("2"), &day));
    ck_assert_int_eq(day, day_of("2024-03-01"));
    ck_assert_ptr_null(rt_as_of_row(rt_text("2024-02-28"), rt_text("-28"), &day));
    ck_assert_int_eq(day, day_of("2024-01-31"));
    ck_assert_ptr_null(rt_as_of_row(rt_text(""), rt_text("2"), &day));
    ck_assert_int_eq(day, RT_DAY_NONE);
    ck_assert_ptr_null(rt_as_of_row(rt_text("2024-02-28"), rt_text(""), &day));
    ck_assert_int_eq(day, RT_DAY_NONE);
    ck_assert_ptr_nonnull(rt_as_of_row(rt_text("2024-02-30"), rt_text("2"), &day));
    ck_assert_ptr_nonnull(rt_as_of_row(rt_text("2024-02-28"), rt_text("2.5"), &day));
    ck_assert_ptr_nonnull(rt_as_of_row(rt_text("2024-02-28"), rt_text("x"), &day));
    ck_assert_ptr_nonnull(rt_as_of_row(rt_text("9999-12-31"), rt_text("1"), &day));
    ck_assert_ptr_nonnull(rt_as_of_row(rt_text("0001-01-01"), rt_text("-1"), &day));
    ck_assert_ptr_nonnull(rt_as_of_row(rt_text("2024-01-01"), rt_text("999999999999999999"), &day));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("asof");
    TCase *cases = tcase_create("asof");
    tcase_add_test(cases, anniversaries_on_leap_days_and_month_ends);
    tcase_add_test(cases, anniversaries_come_within_a_year_and_in_their_month);
    tcase_add_test(cases, a_row_tells_its_as_of_date);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
