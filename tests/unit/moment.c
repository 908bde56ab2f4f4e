#include "libretain/moment.h"

#include "libretain/day.h"
#include "tests/unit/unit.h"

START_TEST(moments_are_read_and_written)
{
    static const char *const good[] = {"2025-01-07", "2025-01-07T09:00", "2024-02-29T23:59",
                                       "0001-01-01T00:00", "9999-12-31"};
    static const char *const bad[] = {"",
                                      "2025-1-7",
                                      "2025-02-29",
                                      "2025-01-07T",
                                      "2025-01-07T9:00",
                                      "2025-01-07T24:00",
                                      "2025-01-07T09:60",
                                      "2025-01-07 09:00",
                                      "2025-01-07T09:00:00",
                                      "2025-01-07T09:00Z",
                                      "2025-01-07T-9:00",
                                      "2025-02-30T09:00"};
    struct rt_moment moment;
    char text[RT_MOMENT_BYTES];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_msg(rt_moment_read(rt_text(good[i]), &moment) == 0, "%s", good[i]);
        ck_assert_uint_eq(rt_moment_write(moment, text), strlen(good[i]));
        ck_assert_str_eq(text, good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(rt_moment_read(rt_text(bad[i]), &moment) == -1, "%s", bad[i]);
}
END_TEST

START_TEST(what_are_hours)
{
    static const char *const bad[] = {"",     "9",     "9-",    "-20",   "9-9",    "20-9",   "9-25",
                                      "9:20", "9--20", " 9-20", "9-20h", "009-20", "9-20-21"};
    struct rt_opening opening = {0};
    ck_assert_int_eq(rt_opening_read_hours(rt_text("9-20"), &opening), 0);
    ck_assert(opening.hours && opening.from == 9 && opening.to == 20);
    ck_assert_int_eq(rt_opening_read_hours(rt_text("00-24"), &opening), 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(rt_opening_read_hours(rt_text(bad[i]), &opening) == -1, "%s", bad[i]);
}
END_TEST

static bool open_at(const struct rt_opening *opening, struct rt_moment moment)
{
    /* 1970-01-05 was a Monday. */
    const int weekday = (moment.day - 4) % 7;
    if (opening->weekdays_only && weekday >= 5)
        return false;
    return !opening->hours ||
           (moment.minute >= opening->from * 60 && moment.minute < opening->to * 60);
}

/* For every minute of two weeks: the next moment is open, is none before, and stays. */
START_TEST(the_next_moment_is_the_first_that_is_open)
{
    static const struct rt_opening openings[] = {
        {0},
        {.hours = true, .from = 9, .to = 20},
        {.weekdays_only = true},
        {.hours = true, .from = 0, .to = 24, .weekdays_only = true},
        {.hours = true, .from = 23, .to = 24, .weekdays_only = true},
        {.hours = true, .from = 0, .to = 1}};
    int wrong = 0;
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        struct rt_moment expected = {20014, 0};
        while (!open_at(&openings[i], expected))
            if (++expected.minute == 1440)
                expected = (struct rt_moment){expected.day + 1, 0};
        /* Backwards from there, every moment but those that are open themselves ends there. */
        for (int back = 0; back < 14 * 1440; back++) {
            struct rt_moment moment = {20014 - 1 - back / 1440, (int16_t)(1439 - back % 1440)};
            if (open_at(&openings[i], moment))
                expected = moment;
            wrong += rt_opening_next(&openings[i], &moment) != 0 ||
                     rt_moment_compare(moment, expected) != 0;
        }
    }
    ck_assert_int_eq(wrong, 0);
    struct rt_moment last = {RT_DAY_LAST, 1439};
    ck_assert_int_eq(rt_opening_next(&openings[1], &last), -1);
}
END_TEST

START_TEST(dates_alone)
{
    const struct rt_opening weekdays = {.weekdays_only = true};
    const struct rt_opening hours = {.hours = true, .from = 9, .to = 20};
    struct rt_moment moment = {20014, -1};
    ck_assert_int_eq(rt_opening_next(&hours, &moment), 0);
    ck_assert(moment.day == 20014 && moment.minute == 540);
    for (int32_t day = 20000; day < 20014; day++) {
        moment = (struct rt_moment){day, -1};
        ck_assert_int_eq(rt_opening_next(&weekdays, &moment), 0);
        ck_assert_int_eq(moment.minute, -1);
        ck_assert(moment.day >= day && moment.day < day + 3 && (moment.day - 4) % 7 < 5);
    }
    ck_assert_int_lt(rt_moment_compare((struct rt_moment){5, -1}, (struct rt_moment){5, 0}), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("moment");
    TCase *cases = tcase_create("moment");
    tcase_add_test(cases, moments_are_read_and_written);
    tcase_add_test(cases, what_are_hours);
    tcase_add_test(cases, the_next_moment_is_the_first_that_is_open);
    tcase_add_test(cases, dates_alone);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
