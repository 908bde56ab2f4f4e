/*
 * cap_spans: what a cap allows as its header says it, span by span and slowly; for the check suite
 * and the fuzz target.
 */
#ifndef RT_UNIT_CAP_SPANS_H
#define RT_UNIT_CAP_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/cap.h"

static inline bool spans_allow(const struct rt_cap *cap, const struct rt_cap_day *days,
                               size_t count, int32_t day)
{
    for (int32_t first = day - cap->days + 1; first <= day; first++) {
        int64_t contacts = 1;
        for (size_t i = 0; i < count; i++)
            if (days[i].day >= first && days[i].day < first + cap->days)
                contacts += days[i].contacts;
        if (contacts > cap->most)
            return false;
    }
    return true;
}

#endif
