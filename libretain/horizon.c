#include "libretain/horizon.h"

#include <math.h>
#include <stdbool.h>

#include "libretain/decimal.h"

int rt_share_read(struct rt_text text, double most, double *share)
{
    struct rt_decimal value;
    const bool percent = text.length > 0 && text.at[text.length - 1] == '%';
    text.length -= percent;
    if (rt_decimal_read(text, &value) != RT_READ || value.units < 0)
        return -1;
    *share = percent ? rt_decimal_real(value) / 100 : rt_decimal_real(value);
    return *share <= most ? 0 : -1;
}

const char *rt_horizon_read(struct rt_text text, double *days)
{
    static const char fault[] =
        "not a span of time above 0, such as 12m, 52w, 365d or 2y, and not inf";
    static const char letters[4] = {'d', 'w', 'm', 'y'};
    static const double units[] = {1, 7, RT_MONTH_DAYS, RT_YEAR_DAYS};
    struct rt_decimal value;
    *days = INFINITY;
    if (rt_text_is(text, "inf"))
        return NULL;
    const char *letter =
        text.length > 0 ? memchr(letters, text.at[text.length - 1], sizeof letters) : NULL;
    if (letter == NULL)
        return fault;
    text.length--;
    if (rt_decimal_read(text, &value) != RT_READ || value.units <= 0)
        return fault;
    *days = rt_decimal_real(value) * units[letter - letters];
    return *days <= RT_HORIZON_MOST_DAYS ? NULL : "longer than 100 years; inf has no end";
}

const char *rt_rate_read(struct rt_text text, double *share, double *days)
{
    static const char *const names[] = {"day", "week", "month", "year"};
    static const double units[] = {1, 7, RT_MONTH_DAYS, RT_YEAR_DAYS};
    const char *slash = text.length > 0 ? memchr(text.at, '/', text.length) : NULL;
    const size_t length = slash == NULL ? text.length : (size_t)(slash - text.at);
    if (rt_share_read((struct rt_text){text.at, length}, 1000, share) != 0)
        return "not a rate of 0 and more, such as 10%/year";
    if (slash == NULL)
        return "a rate without a unit of time; such as 10%/year";
    const struct rt_text unit = {slash + 1, text.length - length - 1};
    for (int i = 0; i < 4; i++)
        if (rt_text_is(unit, names[i])) {
            *days = units[i];
            return NULL;
        }
    return "the unit of time of a rate is day, week, month or year, as in 10%/year";
}
