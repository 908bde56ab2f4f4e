/*
 * moment: when something is to be sent: a date, or a date and a time of day, and hours and days of
 * the week that are kept.
 *
 * Written as 2025-01-07 or 2025-01-07T09:00. The time is the receiver's; there are no time zones,
 * and no clock is asked.
 */
#ifndef RT_MOMENT_H
#define RT_MOMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/text.h"

enum { RT_MOMENT_BYTES = 17 };

struct rt_moment {
    int32_t day;
    int16_t minute; /* of the day, 0 to 1439; -1 where there is none */
};

/* Reads YYYY-MM-DD or YYYY-MM-DDThh:mm. Returns 0, or -1. */
int rt_moment_read(struct rt_text text, struct rt_moment *moment);
/* Writes it in the same form, and a NUL. Returns the length. */
size_t rt_moment_write(struct rt_moment moment, char into[RT_MOMENT_BYTES]);

/* -1, 0 or 1 as a is before, at or after b; a date alone is before all times of its day. */
int rt_moment_compare(struct rt_moment a, struct rt_moment b);

/* When something may be sent. {0}: always. */
struct rt_opening {
    bool hours;         /* only from `from` o'clock to before `to` o'clock */
    int16_t from, to;   /* 0 <= from < to <= 24 */
    bool weekdays_only; /* not on Saturdays and Sundays */
};

/* Reads hours written as 9-20. Returns 0, or -1. */
int rt_opening_read_hours(struct rt_text text, struct rt_opening *opening);

/*
 * The first moment, not before the given one, at which the opening allows to send. It has a time
 * where there are hours. Returns 0, or -1 where it is beyond the calendar.
 */
int rt_opening_next(const struct rt_opening *opening, struct rt_moment *moment);

#endif
