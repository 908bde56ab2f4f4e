#include "libretain/feed.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/ahead.h"
#include "libretain/day.h"
#include "libretain/err.h"

struct slot {
    struct rt_feed_block block;
    size_t size; /* of block.row */
};

struct rt_feed {
    struct rt_table *table;
    struct rt_log log;
    const char *purchase;
    const struct rt_map *map;
    struct slot slots[RT_AHEAD_SLOTS];
    struct rt_ahead *ahead;
};

/* Parsing ---------------------------------------------------------------------------------------
 */

/* A log in order of date repeats the date before far more often than not. */
struct date_memory {
    char text[10];
    int32_t day;
};

/* Leaves the day in the memory. NULL, or what is wrong. */
static inline const char *parse_date(struct rt_text cell, struct date_memory *memory)
{
    static const struct rt_log_form plain = {NULL, '.', 0};
    if (cell.length == sizeof memory->text && memcmp(cell.at, memory->text, cell.length) == 0)
        return NULL;
    const char *fault = rt_log_read_date(cell, &plain, &memory->day);
    if (fault == NULL)
        memcpy(memory->text, cell.at, sizeof memory->text);
    return fault;
}

static const char *parse_amount(struct rt_text cell, bool event, struct rt_decimal *amount)
{
    static const struct rt_log_form plain = {NULL, '.', 0};
    if ((event && cell.length == 0) || rt_decimal_read(cell, amount) == RT_READ)
        return NULL;
    return rt_log_read_amount(cell, &plain, amount); /* which says what is wrong */
}

/* Where a row's cells are: `ends` only in a block without quotes. */
struct place {
    const struct rt_rows *rows;
    size_t row;
    const uint32_t *ends;
};

static inline struct rt_text cell(struct place place, int column)
{
    return place.ends != NULL ? rt_plain_cell(place.rows, place.ends, (size_t)column)
                              : rt_cell_quoted(place.rows, place.row, (size_t)column);
}

static int refuse(const struct rt_feed *feed, const struct slot *slot, size_t row,
                  enum rt_log_column column, const char *fault)
{
    return rt_table_refuse_row(feed->table, slot->block.rows, row, feed->log.at[column], fault);
}

/*
 * Parses row `i` of the block; `plain` is rt_rows_plain of it, known where this becomes part of
 * the loop. 0, or -1 with the table's message.
 */
__attribute__((always_inline)) static inline int parse_row(const struct rt_feed *feed,
                                                           struct slot *slot, size_t i, bool plain,
                                                           struct date_memory *memory)
{
    const struct rt_rows *rows = slot->block.rows;
    const int *at = feed->log.at;
    const struct place place = {rows, i, plain ? rt_plain_ends(rows, i) : NULL};
    const struct rt_text customer = cell(place, at[RT_LOG_CUSTOMER]);
    if (customer.length == 0)
        return refuse(feed, slot, i, RT_LOG_CUSTOMER, rt_log_check_customer(customer));
    const char *fault = parse_date(cell(place, at[RT_LOG_DATE]), memory);
    if (fault != NULL)
        return refuse(feed, slot, i, RT_LOG_DATE, fault);
    bool event = false;
    if (at[RT_LOG_EVENT] >= 0) {
        const struct rt_text name = cell(place, at[RT_LOG_EVENT]);
        event = name.length > 0 && !rt_text_is(name, feed->purchase);
    }
    struct rt_decimal amount = {0, 0};
    if (at[RT_LOG_AMOUNT] >= 0) {
        fault = parse_amount(cell(place, at[RT_LOG_AMOUNT]), event, &amount);
        if (fault != NULL)
            return refuse(feed, slot, i, RT_LOG_AMOUNT, fault);
    }
    slot->block.row[i] = (struct rt_feed_row){
        .hash = rt_map_hash(feed->map, customer),
        .customer = customer.at,
        .units = amount.units,
        .day = memory->day,
        .length = customer.length & 0x1ffffff,
        .places = (unsigned)amount.places & 63,
        .event = event,
    };
    return 0;
}

/* Parses the rows of a block up to the first bad one, which is refused. */
__attribute__((always_inline)) static inline bool parse_rows(const struct rt_feed *feed,
                                                             struct slot *slot, bool plain)
{
    struct rt_feed_block *block = &slot->block;
    struct date_memory memory = {.text = {0}};
    for (size_t i = 0; i < block->rows->count; i++) {
        if (parse_row(feed, slot, i, plain, &memory) != 0)
            return false;
        block->count++;
    }
    return true;
}

/* Returns whether nothing comes behind: the end of the input, or trouble. */
static bool fill_slot(void *what, size_t which)
{
    struct rt_feed *feed = what;
    struct slot *slot = &feed->slots[which];
    struct rt_feed_block *block = &slot->block;
    block->count = 0;
    if (rt_table_read(feed->table, block->rows) <= 0)
        return true;
    const size_t size = rt_grown(slot->size, block->rows->count);
    if (size > 0) {
        block->row = rt_realloc(block->row, size, sizeof *block->row);
        slot->size = size;
    }
    /* Two loops, one of which is spared all questions about quotes. */
    return !(rt_rows_plain(block->rows) ? parse_rows(feed, slot, true)
                                        : parse_rows(feed, slot, false));
}

/* Opening, reading, closing ---------------------------------------------------------------------
 */

struct rt_feed *rt_feed_open(struct rt_table *table, const struct rt_log *log, const char *purchase,
                             const struct rt_map *map, int threads)
{
    struct rt_feed *feed = rt_alloc_zero(1, sizeof *feed);
    feed->table = table;
    feed->log = *log;
    feed->purchase = purchase;
    feed->map = map;
    const int slots = threads > 1 ? RT_AHEAD_SLOTS : 1;
    for (int i = 0; i < slots; i++)
        feed->slots[i].block.rows = rt_rows_new();
    feed->ahead = rt_ahead_open(fill_slot, feed, threads);
    return feed;
}

const struct rt_feed_block *rt_feed_next(struct rt_feed *feed)
{
    const int slot = rt_ahead_next(feed->ahead);
    if (slot < 0)
        return NULL;
    const struct rt_feed_block *block = &feed->slots[slot].block;
    return block->count > 0 ? block : NULL;
}

void rt_feed_stop(struct rt_feed *feed)
{
    rt_ahead_stop(feed->ahead);
}

void rt_feed_close(struct rt_feed *feed)
{
    if (feed == NULL)
        return;
    rt_ahead_close(feed->ahead);
    for (int i = 0; i < RT_AHEAD_SLOTS; i++) {
        rt_rows_free(feed->slots[i].block.rows);
        free(feed->slots[i].block.row);
    }
    free(feed);
}
