#include "libretain/day.h"

#include <stdio.h>

#include "guard.h"
#include "unit.h"

/* The calendar as everybody learns it. */
static int naive_month_days(int year, int month)
{
    if (month == 2)
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static int read_day(const char *text, int32_t *day)
{
    return rt_day_read(rt_text(text), day);
}

START_TEST(every_day_of_the_calendar)
{
    int32_t expected = RT_DAY_FIRST;
    for (int year = 1; year <= 9999; year++) {
        for (int month = 1; month <= 12; month++) {
            ck_assert_int_eq(rt_days_in_month(year, month), naive_month_days(year, month));
            for (int day = 1; day <= naive_month_days(year, month); day++, expected++) {
                char text[32], written[11];
                snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                int32_t got = RT_DAY_NONE;
                int y, m, d;
                rt_day_split(expected, &y, &m, &d);
                rt_day_write(expected, written);
                if (read_day(text, &got) != 0 || got != expected ||
                    rt_day_join(year, month, day) != expected || y != year || m != month ||
                    d != day || strcmp(written, text) != 0)
                    ck_abort_msg("%s: read as %d, expected %d, written %s", text, got, expected,
                                 written);
            }
        }
    }
    ck_assert_int_eq(expected - 1, RT_DAY_LAST);
    int32_t epoch;
    ck_assert_int_eq(read_day("1970-01-01", &epoch), 0);
    ck_assert_int_eq(epoch, 0);
}
END_TEST

START_TEST(no_other_day)
{
    char text[32];
    int32_t day;
    for (int year = 0; year <= 9999; year += 7) {
        for (int month = 0; month <= 99; month++) {
            for (int dom = 0; dom <= 99; dom++) {
                const int right = year >= 1 && month >= 1 && month <= 12 && dom >= 1 &&
                                  dom <= naive_month_days(year, month);
                snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, dom);
                if ((read_day(text, &day) == 0) != right)
                    ck_abort_msg("%s", text);
            }
        }
    }
}
END_TEST

/* Every byte at every place of a good date: only digits in, and dashes between, may pass. */
START_TEST(every_byte_at_every_place)
{
    for (size_t place = 0; place < 10; place++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[11] = "2011-11-11";
            text[place] = (char)byte;
            const int dash = place == 4 || place == 7;
            int right = dash ? byte == '-' : byte >= '0' && byte <= '9';
            if (place == 5)
                right = byte == '0' || byte == '1';
            else if (place == 6)
                right = byte >= '0' && byte <= '2';
            else if (place == 8)
                right = byte >= '0' && byte <= '2';
            int32_t day;
            ck_assert_msg((rt_day_read((struct rt_text){text, 10}, &day) == 0) == right,
                          "byte %d at %zu", byte, place);
        }
    }
}
END_TEST

START_TEST(malformed)
{
    static const char *const texts[] = {
        "",           "2024-1-5",      "24-01-05",    "10000-01-01", "01/05/2024",
        "45296",      "2024-01-05Z",   "2024-01-05 ", " 2024-01-05", "2024-01-05 10:00:00",
        "20240105",   "2024-02-30",    "2023-02-29",  "1900-02-29",  "2024-00-10",
        "2024-13-10", "2024-01-00",    "0000-01-01",  "2024/01/05",  "-024-01-05",
        "+024-01-05", "2024-01-0\xd9", "5 Jan 2024",
    };
    int32_t day;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(read_day(texts[i], &day) == -1, "%s", texts[i]);
    ck_assert_int_eq(rt_day_read((struct rt_text){"2024-01-05\0", 11}, &day), -1);
}
END_TEST

START_TEST(never_reads_outside)
{
    const struct guard guard = guard_new();
    for (int at_end = 0; at_end < 2; at_end++) {
        for (size_t length = 0; length <= 10; length++) {
            const char *at = guard_put(guard, "2024-02-29", length, at_end);
            int32_t day;
            ck_assert_int_eq(rt_day_read((struct rt_text){at, length}, &day),
                             length == 10 ? 0 : -1);
            rt_day_read_format((struct rt_text){at, length}, "%Y-%m-%d", &day);
        }
    }
    guard_free(guard);
}
END_TEST

/* A format, a text, and the date or NULL where the text is refused. */
static const struct {
    const char *format, *text, *date;
} formats[] = {
    {"%d/%m/%Y", "05/01/2024", "2024-01-05"},
    {"%d/%m/%Y", "5/1/2024", "2024-01-05"},
    {"%m/%d/%Y", "05/01/2024", "2024-05-01"},
    {"%d/%m/%Y", "13/13/2024", NULL},
    {"%d/%m/%Y", "05/01/24", NULL},
    {"%d/%m/%Y", "05/01/2024 ", NULL},
    {"%d/%m/%Y", "05/01/2024x", NULL},
    {"%d/%m/%Y", "", NULL},
    {"%d/%m/%Y", "05/01/", NULL},
    {"%d/%m/%y", "05/01/68", "2068-01-05"},
    {"%d/%m/%y", "05/01/69", "1969-01-05"},
    {"%D", "02/29/24", "2024-02-29"},
    {"%F", "2024-02-29", "2024-02-29"},
    {"%F", "2023-02-29", NULL},
    {"%FT%TZ", "2024-01-05T10:00:00Z", "2024-01-05"},
    {"%FT%T%z", "2024-01-05T23:59:60+05:30", "2024-01-05"},
    {"%FT%T%z", "2024-01-05T23:59:60-0530", "2024-01-05"},
    {"%FT%T%z", "2024-01-05T23:59:60+05", "2024-01-05"},
    {"%FT%T%z", "2024-01-05T23:59:60Z", "2024-01-05"},
    {"%FT%T%z", "2024-01-05T23:59:60+5", NULL},
    {"%FT%T%z", "2024-01-05T23:59:60+053", NULL},
    {"%FT%T%z", "2024-01-05T24:00:00Z", NULL},
    {"%FT%T.%f%z", "2024-01-05T10:00:00.123456789+00:00", "2024-01-05"},
    {"%F %T", "2024-01-05 10:00:00", "2024-01-05"},
    {"%F %T", "2024-01-0510:00:00", "2024-01-05"},
    {"%F%n%R", "2024-01-05 \t 10:00", "2024-01-05"},
    {"%F %I:%M %p", "2024-01-05 11:30 pm", "2024-01-05"},
    {"%F %I:%M %p", "2024-01-05 13:30 PM", NULL},
    {"%F %H:%M %Z", "2024-01-05 10:00 CEST", "2024-01-05"},
    {"%F %H:%M %Z", "2024-01-05 10:00 ", NULL},
    {"%e %b %Y", " 5 Jan 2024", "2024-01-05"},
    {"%d %B %Y", "5 January 2024", "2024-01-05"},
    {"%d %b %Y", "5 jan 2024", "2024-01-05"},
    {"%d %h %Y", "5 MAY 2024", "2024-05-05"},
    {"%d %B %Y", "5 Sept 2024", NULL},
    {"%d %B %Y", "5 Sep 2024", "2024-09-05"},
    {"%d %B %Y", "5 Janu 2024", NULL},
    {"%B %d, %Y", "February 29, 2000", "2000-02-29"},
    {"%B %d, %Y", "February 29, 1900", NULL},
    {"%Y%m%d", "20240105", "2024-01-05"},
    {"%Y%j", "2024366", "2024-12-31"},
    {"%Y%j", "2023366", NULL},
    {"%Y-%j", "2023-060", "2023-03-01"},
    {"%Y-%j", "2023-000", NULL},
    {"%d%%%m%%%Y", "05%01%2024", "2024-01-05"},
    {"%d%%%m%%%Y", "05-01-2024", NULL},
    {"%Y-%m-%d", "0000-01-01", NULL},
    {"%Y-%m-%d", "2024-01-\xd9\xa5", NULL},
};

START_TEST(formats_read)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        ck_assert_msg(rt_day_format_fault(formats[i].format) == NULL, "%s", formats[i].format);
        int32_t day = RT_DAY_NONE;
        const int result = rt_day_read_format(rt_text(formats[i].text), formats[i].format, &day);
        if (formats[i].date == NULL) {
            ck_assert_msg(result == -1, "%s by %s", formats[i].text, formats[i].format);
            continue;
        }
        ck_assert_msg(result == 0, "%s by %s", formats[i].text, formats[i].format);
        char written[11];
        rt_day_write(day, written);
        ck_assert_str_eq(written, formats[i].date);
    }
}
END_TEST

START_TEST(formats_at_fault)
{
    static const char *const faulty[] = {
        "",         "%Y",      "%Y-%m", "%d/%m",    "%Y-%m-%d%", "%Y-%q-%d",
        "%Y%Y%m%d", "%F%Y",    "%D%y",  "%Y%j%d",   "%Y%j%j",    "%Y%m%b%d",
        "%Y%m%d%e", "%EY%m%d", "%s",    "%H:%M:%S", "%m%d%j",
    };
    for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++)
        ck_assert_msg(rt_day_format_fault(faulty[i]) != NULL, "%s", faulty[i]);
}
END_TEST

START_TEST(iso_by_format_is_the_same)
{
    for (int32_t day = RT_DAY_FIRST; day <= RT_DAY_LAST; day += 13) {
        char text[11];
        rt_day_write(day, text);
        int32_t got = RT_DAY_NONE;
        ck_assert_int_eq(rt_day_read_format(rt_text(text), "%Y-%m-%d", &got), 0);
        ck_assert_int_eq(got, day);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("day");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, every_day_of_the_calendar);
    tcase_add_test(all, no_other_day);
    tcase_add_test(all, every_byte_at_every_place);
    tcase_add_test(all, malformed);
    tcase_add_test(all, never_reads_outside);
    tcase_add_test(all, formats_read);
    tcase_add_test(all, formats_at_fault);
    tcase_add_test(all, iso_by_format_is_the_same);
    suite_add_tcase(suite, all);
    return unit_run(suite);
}
