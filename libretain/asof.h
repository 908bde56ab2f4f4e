/*
 * asof: the as-of date that a row of a profile implies, and days of the calendar after it.
 */
#ifndef RT_ASOF_H
#define RT_ASOF_H

#include <stdint.h>

#include "libretain/text.h"

/*
 * The as-of date of a row, its last_date plus its recency_days; RT_DAY_NONE where one of them is
 * empty, as for a customer without a purchase. Returns NULL, or what is wrong, a constant, with
 * RT_DAY_NONE.
 */
const char *rt_as_of_row(struct rt_text last_date, struct rt_text recency_days, int32_t *day);

/*
 * The first day, not before `from`, that is one or more whole years after `day`. That of the 29th
 * of February is the 28th in years that have no 29th. At the end of the calendar there may be none:
 * then it is the last day of the calendar plus 366.
 */
int32_t rt_anniversary(int32_t day, int32_t from);

#endif
