/*
 * day: civil days of the proleptic Gregorian calendar, as the days since 1970-01-01.
 *
 * A day is an int32_t. The calendar goes from 0001-01-01 to 9999-12-31; there are no
 * times of day, no zones and no clock.
 */
#ifndef RT_DAY_H
#define RT_DAY_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/text.h"

enum {
    RT_DAY_FIRST = -719162, /* 0001-01-01 */
    RT_DAY_LAST = 2932896,  /* 9999-12-31 */
    RT_DAY_NONE = INT32_MIN /* no day: never the result of a reading */
};

/* Reads YYYY-MM-DD, exactly ten bytes and a real day. Returns 0, or -1. */
int rt_day_read(struct rt_text text, int32_t *day);

/*
 * Reads a date in `format`: strptime's letters %Y %y %m %d %e %b %B %h %j %H %I %M %S %f %p %z %Z
 * %T %R %D %F %n %t %%, English month names, white space as in strptime. The time of day and the
 * zone are read and left out: the day is the one that is written. Returns 0, or -1.
 * Stricter than strptime: %Y is four digits, and nothing may follow. `format` must be without
 * fault.
 */
int rt_day_read_format(struct rt_text text, const char *format, int32_t *day);

/* Whether rt_day_read_format understands `format`: NULL, or what is wrong with it. */
const char *rt_day_format_fault(const char *format);

/* Year, month 1 to 12 and day of month 1 to 31 of a day, and back. */
void rt_day_split(int32_t day, int *year, int *month, int *day_of_month);
int32_t rt_day_join(int year, int month, int day_of_month);

/* The number of days in a month, 28 to 31. */
int rt_days_in_month(int year, int month);

/* Writes YYYY-MM-DD and a NUL. */
void rt_day_write(int32_t day, char into[11]);

#endif
