/*
 * feed: the rows of a log, parsed ahead, for the commands that count by customer.
 *
 * Rows come block by block, in their order: customer, day, amount and what else commands ask of
 * every row, with the hash of the customer made already. With two threads one parses while the
 * other works on what was parsed. The customers can be shared out: the rows of one
 * half of them are worked on by one thread, those of the other half by the other, at the same time,
 * and the order within each share is the same. A row that is wrong ends the feed with a message;
 * the rows before it have been worked on.
 */
#ifndef RT_FEED_H
#define RT_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/crew.h"
#include "libretain/decimal.h"
#include "libretain/log.h"
#include "libretain/map.h"
#include "libretain/table.h"

enum { RT_FEED_SHARES = RT_CREW_SHARES };

/* A row of a log. The id lives as long as its block. */
struct rt_feed_row {
    uint64_t hash; /* of the customer, by the map that the feed was given */
    union {
        char id[8];         /* of the customer, where it has no more bytes */
        const char *id_far; /* else it is where the block has it */
    };
    int64_t units; /* of the amount, in 10^-places; 0 where there is none */
    int32_t day;
    uint32_t shape; /* rt_feed_shape: written as one word */
};

/* The row is a purchase or its refund, not another event. */
enum { RT_FEED_PURCHASE = 64 };

/* The length of the customer's id in bytes, and above it the form: the places of the amount, and
 * RT_FEED_PURCHASE. */
static inline uint32_t rt_feed_shape(size_t length, unsigned form)
{
    return (uint32_t)length | (uint32_t)form << 24;
}

static inline uint32_t rt_feed_form(const struct rt_feed_row *row)
{
    return row->shape >> 24;
}

static inline bool rt_feed_is_purchase(const struct rt_feed_row *row)
{
    return (rt_feed_form(row) & RT_FEED_PURCHASE) != 0;
}

/* The rows of a block that belong to a share. */
struct rt_feed_block {
    struct rt_rows *rows; /* for other columns: row i here is row at[i] there */
    struct rt_feed_row *row;
    uint32_t *at;
    size_t count;
    int32_t last_day; /* the latest of all rows of the block; RT_DAY_NONE where there are none */
    /* Rows of the whole block that the work wants to be known when the block is finished. */
    uint32_t *noted;
    size_t noted_count;
    /* The shares of a block lie beside each other, and each is written by its own thread: no two
     * of them may be in one line of the cache. */
    char apart[2 * RT_MAP_LINE];
};

/*
 * A short id comes with the row: who works on the row need not wait for the block's bytes, which
 * may be with the processor of the thread that read them.
 */
static inline struct rt_text rt_feed_customer(const struct rt_feed_row *row)
{
    const size_t length = row->shape & 0xffffff;
    return (struct rt_text){length <= sizeof row->id ? row->id : row->id_far, length};
}

static inline struct rt_decimal rt_feed_amount(const struct rt_feed_row *row)
{
    return (struct rt_decimal){row->units, rt_feed_form(row) & (RT_FEED_PURCHASE - 1)};
}

/* Another column of row i. Where there are shares, of a block without quotes only. */
static inline struct rt_text rt_feed_cell(const struct rt_feed_block *block, size_t i,
                                          size_t column)
{
    return rt_cell(block->rows, block->at[i], column);
}

/* Notes row i of the share; rows are noted in their order, each once. */
static inline void rt_feed_note(struct rt_feed_block *block, size_t i)
{
    block->noted[block->noted_count++] = block->at[i];
}

/* What comes after a share of a block was worked on. */
enum rt_feed_next {
    RT_FEED_MORE,
    RT_FEED_ENOUGH, /* the caller has seen enough: this block is the last */
    RT_FEED_BAD     /* a row is wrong, which *fault describes */
};

struct rt_feed_fault {
    size_t row;         /* of the share */
    int column;         /* of the table */
    const char *reason; /* a string constant */
};

struct rt_feed {
    struct rt_table *table; /* behind its header */
    const struct rt_log *log;
    const char *purchase;     /* a row whose event is neither empty nor this is no purchase */
    const struct rt_map *map; /* whose hashes are wanted; all shares' maps have its seed */
    int threads;              /* 1 or 2 */
    size_t shares;            /* 1 to RT_FEED_SHARES */
    void *what;               /* for the functions */

    /* Works on a share of a block. */
    enum rt_feed_next (*work)(void *what, size_t share, struct rt_feed_block *block,
                              struct rt_feed_fault *fault);
    /* After all shares of a block, block after block; blocks[i] is share i's. May be NULL. */
    void (*finish)(void *what, const struct rt_feed_block *blocks);
};

/*
 * Reads to the end, or until there is enough. Returns NULL, or the message of the first row that is
 * wrong, which lives as long as the table.
 */
const char *rt_feed_run(const struct rt_feed *feed);

#endif
