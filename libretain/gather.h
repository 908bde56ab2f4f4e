/*
 * gather: a whole log into profiles, by the way that its order and source allow.
 *
 * Unsorted, the customers are held in memory. Days are kept only where they may be needed: from
 * the start where the input cannot be read twice, else after a second start, once a customer's
 * rows are found out of order of date. Sorted, one customer is held at a time.
 */
#ifndef RT_GATHER_H
#define RT_GATHER_H

#include <stdbool.h>

#include "libretain/log.h"
#include "libretain/profile.h"
#include "libretain/table.h"

struct rt_gather {
    struct rt_table *table; /* behind its header */
    struct rt_log log;
    const char *purchase; /* the event that is one */
    bool sorted;          /* by the bytes of customer_id, or by their number and then the bytes */
    int threads;          /* 1 or 2 */
    struct rt_profile_rules rules;
};

/*
 * Reads the table to its end and hands each customer's line to `take`, in order of first
 * appearance. Returns NULL, or the message of what is wrong, which lives as long as the table.
 */
const char *rt_gather(const struct rt_gather *gather,
                      void (*take)(void *what, const struct rt_profile_line *line), void *what,
                      struct rt_profile_counts *counts);

#endif
