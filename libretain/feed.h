/*
 * feed: a log, block by block, its dates and amounts read and its customers hashed.
 *
 * What every command that gathers or measures a log does first. With two threads one reads,
 * splits and parses while the other works on the block before; the blocks are the same, in the
 * input's order, and so is everything that is made of them.
 */
#ifndef RT_FEED_H
#define RT_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "libretain/decimal.h"
#include "libretain/log.h"
#include "libretain/map.h"
#include "libretain/table.h"
#include "libretain/text.h"

/* A row of a log. The id lives as long as its block. */
struct rt_feed_row {
    uint64_t hash; /* of the customer, by the map that the feed was opened with */
    const char *customer;
    int64_t units; /* of the amount, in 10^-places; 0 where there is none */
    int32_t day;
    uint32_t length : 25; /* of the customer's id, in bytes */
    uint32_t places : 6;
    uint32_t event : 1; /* something else than a purchase or its refund */
};

struct rt_feed_block {
    struct rt_rows *rows; /* for other columns: row i here is row i there */
    struct rt_feed_row *row;
    size_t count;
    int32_t last_day; /* the latest of its rows; RT_DAY_NONE where there are none */
};

struct rt_feed;

static inline struct rt_text rt_feed_customer(const struct rt_feed_row *row)
{
    return (struct rt_text){row->customer, row->length};
}

static inline struct rt_decimal rt_feed_amount(const struct rt_feed_row *row)
{
    return (struct rt_decimal){row->units, (int)row->places};
}

/*
 * Starts to read. `log` tells the columns; a row whose event is neither empty nor `purchase` is no
 * purchase. `map` gives the hashes; it and `table` must outlive the feed, and the table is the
 * feed's until it is closed. threads: 1 or 2.
 */
struct rt_feed *rt_feed_open(struct rt_table *table, const struct rt_log *log, const char *purchase,
                             const struct rt_map *map, int threads);

/*
 * The next block, good until the next call; NULL at the end, or where rt_table_message tells what
 * is wrong. The rows before a bad one come first.
 */
const struct rt_feed_block *rt_feed_next(struct rt_feed *feed);

/*
 * Stops reading, wherever it is: the table is the caller's again, and the block at hand is still
 * good, so that one of its rows can be refused.
 */
void rt_feed_stop(struct rt_feed *feed);
/* Stops and frees. */
void rt_feed_close(struct rt_feed *feed);

#endif
