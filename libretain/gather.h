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
#include "libretain/out.h"
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
 * Writes a customer's line as a record of `out`; false where it is left out. Runs in two threads
 * at a time, each with an output of its own.
 */
typedef bool rt_gather_write(const void *what, struct rt_out *out,
                             const struct rt_profile_line *line);

struct rt_gathered {
    struct rt_profile_counts rows;
    uint64_t written, left_out; /* customers */
};

/*
 * Reads the table to its end and has each customer's line written to `out`, in order of first
 * appearance. Returns NULL, or the message of what is wrong, which lives as long as the table.
 */
const char *rt_gather(const struct rt_gather *gather, rt_gather_write *write, const void *what,
                      struct rt_out *out, struct rt_gathered *gathered);

#endif
