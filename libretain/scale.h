/*
 * scale: round numbers along an axis, and numbers as people write them.
 */
#ifndef RT_SCALE_H
#define RT_SCALE_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/buffer.h"
#include "libretain/catalogue.h"

/* Ticks at first, first + step, ... up to `ticks` of them; the axis goes from lo to hi. */
struct rt_scale {
    double lo, hi;
    double first, step;
    int ticks;
    int digits; /* places that tell the ticks apart */
};

/*
 * An axis for finite values from `least` to `most`, with about `wanted` ticks whose steps are 1, 2
 * or 5 times a power of ten. With `zero` it starts at 0; without, it does so where 0 is near.
 * Shares do not pass 1, unless they do.
 */
struct rt_scale rt_scale_make(double least, double most, int wanted, bool zero, enum rt_unit unit);

/* The place of a value between 0 for lo and 1 for hi. */
double rt_scale_place(const struct rt_scale *scale, double value);
double rt_scale_tick(const struct rt_scale *scale, int tick);

/*
 * Appends a number with its unit: shares in percent, differences of them in percentage points (pp),
 * groups of thousands apart by a narrow space from 10,000 on. `digits` are places of what is shown;
 * below 0: as many as the unit usually has. An undefined number is a dash.
 */
void rt_scale_number(struct rt_buffer *into, double value, enum rt_unit unit, int digits);

/* What an axis of the unit is called: "percent", "points", ... */
const char *rt_scale_unit_name(enum rt_unit unit);

#endif
