#include "libretain/scale.h"

#include <math.h>

#include "libretain/decimal.h"
#include "libretain/numeral.h"

enum { GROUP = 3, GROUPED_FROM = 5, MOST_PLACES = 12 };

/* The smallest 1, 2 or 5 times a power of ten that is at least `raw`; the power's places. */
static double round_step(double raw, int *digits)
{
    static const double steps[] = {1, 2, 5};
    double power = 1;
    *digits = 0;
    while (power * 10 <= raw && power < 1e300)
        power *= 10;
    while (power > raw && *digits < MOST_PLACES) {
        ++*digits;
        power = 1 / pow(10, *digits);
    }
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] * power >= raw * (1 - 1e-9))
            return steps[i] * power;
    *digits = *digits > 0 ? *digits - 1 : 0;
    return 10 * power;
}

struct rt_scale rt_scale_make(double least, double most, int wanted, bool zero, enum rt_unit unit)
{
    if (!(least <= most))
        least = most = 0;
    if (zero || (least > 0 && least < most / 2))
        least = least < 0 ? least : 0;
    if (zero || (most < 0 && most > least / 2))
        most = most > 0 ? most : 0;
    if (!(most > least)) {
        const double around = fabs(most) > 0 ? fabs(most) / 10 : 1;
        least -= zero || least == 0 ? 0 : around;
        most += around;
    }
    struct rt_scale scale = {0};
    scale.step = round_step((most - least) / wanted, &scale.digits);
    scale.lo = floor(least / scale.step + 1e-9) * scale.step;
    scale.hi = ceil(most / scale.step - 1e-9) * scale.step;
    if (unit == RT_UNIT_SHARE && most <= 1 && scale.hi > 1)
        scale.hi = 1;
    if (unit == RT_UNIT_SHARE || unit == RT_UNIT_DIFFERENCE)
        scale.digits = scale.digits > 2 ? scale.digits - 2 : 0;
    scale.first = scale.lo;
    scale.ticks = (int)floor((scale.hi - scale.first) / scale.step + 1e-6) + 1;
    return scale;
}

double rt_scale_place(const struct rt_scale *scale, double value)
{
    return (value - scale->lo) / (scale->hi - scale->lo);
}

double rt_scale_tick(const struct rt_scale *scale, int tick)
{
    return scale->first + tick * scale->step;
}

static int usual_digits(double value, enum rt_unit unit)
{
    switch (unit) {
    case RT_UNIT_SHARE:
    case RT_UNIT_DIFFERENCE:
    case RT_UNIT_POINTS:
        return 1;
    case RT_UNIT_MONEY:
        return 2;
    case RT_UNIT_COUNT:
    case RT_UNIT_DAYS:
    case RT_UNIT_NUMBER:
        break;
    }
    return value >= -1e15 && value <= 1e15 && value == floor(value) ? 0 : 2;
}

/* The digits before the point, in groups. */
static void put_whole(struct rt_buffer *into, const char *digits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && count >= GROUPED_FROM && (count - i) % GROUP == 0)
            rt_buffer_add(into, "\xe2\x80\xaf");
        rt_buffer_text(into, (struct rt_text){digits + i, 1});
    }
}

/* The text of the number, rounded as rt-show rounds it, with exactly `digits` places. */
static void round_text(struct rt_buffer *rounded, struct rt_text text, bool hundred, int digits)
{
    if (hundred) {
        rt_numeral_percent(rounded, text, digits);
        rounded->used--;
        return;
    }
    rt_numeral_round(rounded, text, digits);
    const char *point = memchr(rounded->bytes, '.', rounded->used);
    const size_t places = point != NULL ? (size_t)(rounded->bytes + rounded->used - point) - 1 : 0;
    rt_buffer_add(rounded, point == NULL && digits > 0 ? "." : "");
    rt_buffer_repeat(rounded, "0", places < (size_t)digits ? (size_t)digits - places : 0);
}

void rt_scale_number(struct rt_buffer *into, double value, enum rt_unit unit, int digits)
{
    const bool hundred = unit == RT_UNIT_SHARE || unit == RT_UNIT_DIFFERENCE;
    char text[RT_REAL_BYTES];
    if (rt_real_write(value, text) == 0) {
        rt_buffer_add(into, "\xe2\x80\x93");
        return;
    }
    struct rt_buffer rounded = {0};
    round_text(&rounded, rt_text(text), hundred, digits < 0 ? usual_digits(value, unit) : digits);
    struct rt_text shown = rt_buffer_get(&rounded);
    if (shown.at[0] == '-') {
        rt_buffer_add(into, "\xe2\x88\x92");
        shown = (struct rt_text){shown.at + 1, shown.length - 1};
    }
    size_t whole = 0;
    while (whole < shown.length && shown.at[whole] != '.')
        whole++;
    put_whole(into, shown.at, whole);
    rt_buffer_text(into, (struct rt_text){shown.at + whole, shown.length - whole});
    if (hundred)
        rt_buffer_add(into, unit == RT_UNIT_SHARE ? "%" : " pp");
    rt_buffer_free(&rounded);
}

const char *rt_scale_unit_name(enum rt_unit unit)
{
    switch (unit) {
    case RT_UNIT_SHARE:
        return "percent";
    case RT_UNIT_DIFFERENCE:
        return "percentage points";
    case RT_UNIT_POINTS:
        return "points";
    case RT_UNIT_MONEY:
        return "amount";
    case RT_UNIT_COUNT:
        return "number";
    case RT_UNIT_DAYS:
        return "days";
    case RT_UNIT_NUMBER:
        break;
    }
    return "value";
}
