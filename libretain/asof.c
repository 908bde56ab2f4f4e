#include "libretain/asof.h"

#include "libretain/day.h"
#include "libretain/decimal.h"

const char *rt_as_of_row(struct rt_text last_date, struct rt_text recency_days, int32_t *day)
{
    *day = RT_DAY_NONE;
    if (last_date.length == 0 || recency_days.length == 0)
        return NULL;
    int32_t last;
    if (rt_day_read(last_date, &last) != 0)
        return "last_date is not a date YYYY-MM-DD";
    struct rt_decimal days;
    if (rt_decimal_read(recency_days, &days) != RT_READ || days.places != 0)
        return "recency_days is not a whole number";
    if (days.units < RT_DAY_FIRST - last || days.units > RT_DAY_LAST - last)
        return "last_date plus recency_days is beyond the calendar";
    *day = last + (int32_t)days.units;
    return NULL;
}

int32_t rt_anniversary(int32_t day, int32_t from)
{
    int year, month, day_of_month, from_year, ignored;
    rt_day_split(day, &year, &month, &day_of_month);
    rt_day_split(from, &from_year, &ignored, &ignored);
    int next = from_year > year ? from_year : year + 1;
    for (; next <= 9999; next++) {
        const int most = rt_days_in_month(next, month);
        const int32_t found = rt_day_join(next, month, day_of_month < most ? day_of_month : most);
        if (found >= from)
            return found;
    }
    return RT_DAY_LAST + 366;
}
