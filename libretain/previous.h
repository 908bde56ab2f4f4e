/*
 * previous: what a column said of each customer in an earlier table.
 *
 * Memory per customer: that of a map (map.h) with 4 bytes of state; each different value is kept
 * once.
 */
#ifndef RT_PREVIOUS_H
#define RT_PREVIOUS_H

#include "libretain/map.h"
#include "libretain/table.h"
#include "libretain/text.h"

struct rt_previous {
    struct rt_table *table;  /* for its message */
    struct rt_map customers; /* the place of each one's value in `values`: a uint32_t */
    struct rt_map values;
};

/*
 * Reads customer_id and `column` of a file that has each customer once, as `like` says how the
 * input is read. Returns NULL, or what was wrong, which lives until rt_previous_free. Starts from
 * all zeros.
 */
const char *rt_previous_open(struct rt_previous *previous, const struct rt_table_args *like,
                             const char *file, const char *column);
void rt_previous_free(struct rt_previous *previous);

/* The value of a customer; empty where the table did not have the customer. */
struct rt_text rt_previous_value(const struct rt_previous *previous, struct rt_text customer);

#endif
