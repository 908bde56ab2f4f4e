#include "libretain/period.h"

#include <stdio.h>

#include "libretain/day.h"

/* 1970-01-05 and 1970-01-04, as the days since 1970-01-01. */
enum { MONDAY = 4, SUNDAY = 3 };

static const char *const names[] = {"day", "week", "month", "quarter", "year"};
static const char sunday_name[] = "week-sunday";

/* Reads digits alone, of which there are few. Returns -1 where there is something else. */
static int32_t read_digits(const char *at, size_t length)
{
    int32_t number = 0;
    for (size_t i = 0; i < length; i++) {
        if (!rt_is_digit(at[i]))
            return -1;
        number = number * 10 + (at[i] - '0');
    }
    return number;
}

int rt_period_read(struct rt_text text, bool sunday, struct rt_period *period)
{
    *period = (struct rt_period){RT_PERIOD_DAY, 0, false};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (rt_text_is(text, names[i])) {
            period->unit = (enum rt_period_unit)i;
            period->sunday = sunday && period->unit == RT_PERIOD_WEEK;
            return 0;
        }
    if (text.length < 2 || text.length > 6 || text.at[text.length - 1] != 'd' || text.at[0] == '0')
        return -1;
    const int32_t days = read_digits(text.at, text.length - 1);
    if (days < 1)
        return -1;
    if (days > 1)
        *period = (struct rt_period){RT_PERIOD_SPAN, days, false};
    return 0;
}

void rt_period_name(const struct rt_period *period, char into[RT_PERIOD_NAME_BYTES])
{
    if (period->unit == RT_PERIOD_SPAN)
        snprintf(into, RT_PERIOD_NAME_BYTES, "%dd", (int)period->days);
    else
        snprintf(into, RT_PERIOD_NAME_BYTES, "%s",
                 period->sunday ? sunday_name : names[period->unit]);
}

int rt_period_read_name(struct rt_text text, struct rt_period *period)
{
    if (rt_text_is(text, sunday_name))
        return rt_period_read(rt_text(names[RT_PERIOD_WEEK]), true, period);
    return rt_text_is(text, "1d") ? -1 : rt_period_read(text, false, period);
}

bool rt_period_equal(const struct rt_period *a, const struct rt_period *b)
{
    return a->unit == b->unit && a->days == b->days && a->sunday == b->sunday;
}

/* Indexes ------------------------------------------------------------------------------------ */

/* a / b, rounded down. */
static int32_t floor_division(int32_t a, int32_t b)
{
    return a / b - (a % b < 0);
}

/* Months are counted from the year 0. */
static int32_t month_of(int32_t day)
{
    int year, month, day_of_month;
    rt_day_split(day, &year, &month, &day_of_month);
    return year * 12 + month - 1;
}

static int32_t first_of_month(int32_t month)
{
    return rt_day_join(month / 12, month % 12 + 1, 1);
}

static int32_t months_in(const struct rt_period *period)
{
    return period->unit == RT_PERIOD_MONTH ? 1 : period->unit == RT_PERIOD_QUARTER ? 3 : 12;
}

static int32_t days_in(const struct rt_period *period)
{
    return period->unit == RT_PERIOD_WEEK ? 7 : period->days;
}

static int32_t start_of(const struct rt_period *period)
{
    return period->sunday ? SUNDAY : MONDAY;
}

int32_t rt_period_index(const struct rt_period *period, int32_t day)
{
    switch (period->unit) {
    case RT_PERIOD_DAY:
        return day;
    case RT_PERIOD_WEEK:
    case RT_PERIOD_SPAN:
        return floor_division(day - start_of(period), days_in(period));
    default:
        return month_of(day) / months_in(period);
    }
}

/* Not cut off where the calendar begins; the first month of a year beyond 9999 is its end. */
static int32_t first_day(const struct rt_period *period, int32_t index)
{
    switch (period->unit) {
    case RT_PERIOD_DAY:
        return index;
    case RT_PERIOD_WEEK:
    case RT_PERIOD_SPAN:
        return index * days_in(period) + start_of(period);
    default:
        break;
    }
    const int32_t month = index * months_in(period);
    return month < 10000 * 12 ? first_of_month(month) : RT_DAY_LAST + 1;
}

int32_t rt_period_first(const struct rt_period *period, int32_t index)
{
    const int32_t day = first_day(period, index);
    return day > RT_DAY_FIRST ? day : RT_DAY_FIRST;
}

int32_t rt_period_last(const struct rt_period *period, int32_t index)
{
    const int32_t day = first_day(period, index + 1) - 1;
    return day < RT_DAY_LAST ? day : RT_DAY_LAST;
}

/* Labels ------------------------------------------------------------------------------------- */

/* A week belongs to the year in which its Thursday lies. */
static int iso_week(int32_t monday, int *year)
{
    int month, day_of_month;
    const int32_t thursday = monday + 3;
    rt_day_split(thursday, year, &month, &day_of_month);
    return (thursday - rt_day_join(*year, 1, 1)) / 7 + 1;
}

size_t rt_period_label(const struct rt_period *period, int32_t index,
                       char into[RT_PERIOD_LABEL_BYTES])
{
    const int32_t first = rt_period_first(period, index);
    int year, month, day_of_month;
    rt_day_split(first, &year, &month, &day_of_month);
    int length = 10;
    if (period->unit == RT_PERIOD_MONTH) {
        length = snprintf(into, RT_PERIOD_LABEL_BYTES, "%04d-%02d", year, month);
    } else if (period->unit == RT_PERIOD_QUARTER) {
        length = snprintf(into, RT_PERIOD_LABEL_BYTES, "%04d-Q%d", year, (month + 2) / 3);
    } else if (period->unit == RT_PERIOD_YEAR) {
        length = snprintf(into, RT_PERIOD_LABEL_BYTES, "%04d", year);
    } else if (period->unit == RT_PERIOD_WEEK && !period->sunday) {
        const int week = iso_week(first, &year);
        length = snprintf(into, RT_PERIOD_LABEL_BYTES, "%04d-W%02d", year, week);
    } else {
        rt_day_write(first, into);
    }
    return (size_t)length;
}

/* Some day of the period with this label, if there is one. Returns 0, or -1. */
static int day_of_label(const struct rt_period *period, struct rt_text label, int32_t *day)
{
    if (label.length == 10)
        return rt_day_read(label, day);
    if (label.length < 4 || label.length > 8)
        return -1;
    const int32_t year = read_digits(label.at, 4);
    if (year < 1)
        return -1;
    int32_t number = 1;
    if (label.length > 4) {
        const size_t digits = period->unit == RT_PERIOD_MONTH ? 5 : 6;
        number = label.length > digits ? read_digits(label.at + digits, label.length - digits) : -1;
    }
    const bool weeks = period->unit == RT_PERIOD_WEEK;
    const bool quarters = period->unit == RT_PERIOD_QUARTER;
    if (number < 1 || number > (weeks ? 53 : quarters ? 4 : 12))
        return -1;
    /* January 4 lies in the first week. */
    *day = weeks ? rt_day_join(year, 1, 4) + 7 * (number - 1)
                 : rt_day_join(year, quarters ? 3 * number : number, 1);
    return *day <= RT_DAY_LAST ? 0 : -1;
}

int rt_period_read_label(const struct rt_period *period, struct rt_text label, int32_t *index)
{
    int32_t day;
    if (day_of_label(period, label, &day) != 0)
        return -1;
    *index = rt_period_index(period, day);
    char written[RT_PERIOD_LABEL_BYTES];
    const size_t length = rt_period_label(period, *index, written);
    return rt_text_equal(label, (struct rt_text){written, length}) ? 0 : -1;
}
