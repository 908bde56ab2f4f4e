/*
 * horizon: how far ahead, and what is lost on the way: spans of time and rates with a unit.
 *
 * A span is a number and d, w, m or y: 12m, 52w, 365d, 1.5y. A month is 365.25 / 12 days, a year
 * 365.25. A rate is a share, 10% or 0.1, of a unit of time that is named: 10%/year. Without a unit
 * a rate says nothing: 10% of a week and of a year are far apart.
 */
#ifndef RT_HORIZON_H
#define RT_HORIZON_H

#include "libretain/text.h"

enum { RT_HORIZON_MOST_DAYS = 36525 };

/* Days of one unit: day, week, month, year. */
#define RT_MONTH_DAYS (365.25 / 12)
#define RT_YEAR_DAYS 365.25

/*
 * Reads a span, above 0 and up to RT_HORIZON_MOST_DAYS days, 100 years; or `inf`, the end of time,
 * which gives infinity. Returns NULL, or what is wrong with it.
 */
const char *rt_horizon_read(struct rt_text text, double *days);

/*
 * Reads a rate of 0 and more, SHARE/day, /week, /month or /year. *share is that of one unit, as it
 * was written; *days is how many days the unit has. Returns NULL, or what is wrong with it.
 */
const char *rt_rate_read(struct rt_text text, double *share, double *days);

/* Reads a share, 30% or 0.3, from 0 to `most`. Returns 0, or -1. */
int rt_share_read(struct rt_text text, double most, double *share);

#endif
