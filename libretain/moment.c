#include "libretain/moment.h"

#include "libretain/day.h"

enum { DATE_LENGTH = 10, MINUTES_OF_HOUR = 60 };

static bool read_two(const char *at, int most, int *value)
{
    if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
        return false;
    *value = (at[0] - '0') * 10 + (at[1] - '0');
    return *value <= most;
}

int rt_moment_read(struct rt_text text, struct rt_moment *moment)
{
    moment->minute = -1;
    if (text.length == DATE_LENGTH)
        return rt_day_read(text, &moment->day);
    int hour, minute;
    if (text.length != RT_MOMENT_BYTES - 1 || text.at[DATE_LENGTH] != 'T' || text.at[13] != ':' ||
        !read_two(text.at + 11, 23, &hour) || !read_two(text.at + 14, 59, &minute))
        return -1;
    moment->minute = (int16_t)(hour * MINUTES_OF_HOUR + minute);
    return rt_day_read((struct rt_text){text.at, DATE_LENGTH}, &moment->day);
}

static void write_two(int value, char *into)
{
    into[0] = (char)('0' + value / 10);
    into[1] = (char)('0' + value % 10);
}

size_t rt_moment_write(struct rt_moment moment, char into[RT_MOMENT_BYTES])
{
    rt_day_write(moment.day, into);
    if (moment.minute < 0)
        return DATE_LENGTH;
    into[10] = 'T';
    write_two(moment.minute / MINUTES_OF_HOUR, into + 11);
    into[13] = ':';
    write_two(moment.minute % MINUTES_OF_HOUR, into + 14);
    into[RT_MOMENT_BYTES - 1] = '\0';
    return RT_MOMENT_BYTES - 1;
}

int rt_moment_compare(struct rt_moment a, struct rt_moment b)
{
    if (a.day != b.day)
        return a.day < b.day ? -1 : 1;
    return (a.minute > b.minute) - (a.minute < b.minute);
}

/* One or two digits and nothing else. */
static bool read_hour(struct rt_text text, int16_t *hour)
{
    if (text.length < 1 || text.length > 2)
        return false;
    *hour = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *hour = (int16_t)(*hour * 10 + (text.at[i] - '0'));
    }
    return true;
}

int rt_opening_read_hours(struct rt_text text, struct rt_opening *opening)
{
    const char *dash = text.length > 0 ? memchr(text.at, '-', text.length) : NULL;
    if (dash == NULL)
        return -1;
    const size_t before = (size_t)(dash - text.at);
    if (!read_hour((struct rt_text){text.at, before}, &opening->from) ||
        !read_hour((struct rt_text){dash + 1, text.length - before - 1}, &opening->to))
        return -1;
    opening->hours = true;
    return opening->from < opening->to && opening->to <= 24 ? 0 : -1;
}

/* Monday is 0; 1970-01-01 was a Thursday. */
static int weekday(int32_t day)
{
    return (int)((day % 7 + 7 + 3) % 7);
}

int rt_opening_next(const struct rt_opening *opening, struct rt_moment *moment)
{
    const int16_t from = (int16_t)(opening->from * MINUTES_OF_HOUR);
    if (opening->hours && moment->minute >= opening->to * MINUTES_OF_HOUR) {
        moment->day++;
        moment->minute = from;
    }
    if (opening->hours && moment->minute < from)
        moment->minute = from;
    const int32_t moved = weekday(moment->day) < 5 ? 0 : 7 - weekday(moment->day);
    if (opening->weekdays_only && moved > 0) {
        moment->day += moved;
        if (moment->minute >= 0)
            moment->minute = opening->hours ? from : 0;
    }
    return moment->day <= RT_DAY_LAST ? 0 : -1;
}
