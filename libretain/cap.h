/*
 * cap: at most so many contacts in any so many days on end.
 */
#ifndef RT_CAP_H
#define RT_CAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/text.h"

enum { RT_CAP_DAYS_MOST = 3660, RT_CAP_MOST = 1000000 };

/* At most `most` contacts in any `days` days on end; no limit where days is 0. */
struct rt_cap {
    int32_t most, days;
};

/* Reads 2/7d: from 1 to RT_CAP_MOST contacts, from 1 to RT_CAP_DAYS_MOST days. 0, or -1. */
int rt_cap_read(struct rt_text text, struct rt_cap *cap);
/* Reads 7d as one contact in 7 days; 0d is no limit. 0, or -1. */
int rt_cap_read_window(struct rt_text text, struct rt_cap *cap);

/* The contacts of a day. */
struct rt_cap_day {
    int32_t day;
    uint32_t contacts;
};

/*
 * May there be one more contact on `day`? `days` ascend, each day once. It may not where some span
 * of days on end that holds `day` would then have too many; what is wrong elsewhere does not count.
 */
bool rt_cap_allows(const struct rt_cap *cap, const struct rt_cap_day *days, size_t count,
                   int32_t day);

#endif
