#include "libretain/feed.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/ahead.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/map_hash.h"
#include "libretain/money.h"

struct slot {
    struct rt_feed_block block;
    size_t size; /* of block.row */
};

struct rt_feed {
    struct rt_table *table;
    struct rt_log log;
    const char *purchase;
    uint64_t seed; /* of the map's hashes */
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

/* How the cells of a block are written: known where a loop over its rows is made for it. */
enum form {
    BARE,  /* without quotes, and lines end without CR */
    PLAIN, /* without quotes */
    QUOTED /* any way */
};

/* The rows of a block under way. */
struct parsing {
    const struct rt_feed *feed;
    struct rt_feed_block *block;
    struct date_memory date;
};

static int refuse(const struct parsing *parsing, size_t row, enum rt_log_column column,
                  const char *fault)
{
    const struct rt_feed *feed = parsing->feed;
    return rt_table_refuse_row(feed->table, parsing->block->rows, row, feed->log.at[column], fault);
}

static int refuse_amount(const struct parsing *parsing, size_t row, struct rt_text cell)
{
    static const struct rt_log_form plain = {NULL, '.', 0};
    struct rt_decimal amount;
    return refuse(parsing, row, RT_LOG_AMOUNT, rt_log_read_amount(cell, &plain, &amount));
}

/* Reads a date that is not the one before into the memory: 0, or -1. */
static int read_date(struct parsing *parsing, size_t row, struct rt_text cell)
{
    static const struct rt_log_form plain = {NULL, '.', 0};
    struct date_memory *date = &parsing->date;
    const char *fault = rt_log_read_date(cell, &plain, &date->day);
    if (fault != NULL)
        return refuse(parsing, row, RT_LOG_DATE, fault);
    memcpy(date->text, cell.at, sizeof date->text);
    if (date->day > parsing->block->last_day)
        parsing->block->last_day = date->day;
    return 0;
}

__attribute__((always_inline)) static inline struct rt_text
cell_of(const struct rt_rows *rows, size_t row, enum form form, int column)
{
    if (form == QUOTED)
        return rt_cell_quoted(rows, row, (size_t)column);
    const uint32_t *ends = rt_plain_ends(rows, row);
    return form == BARE ? rt_bare_cell(rows, ends, (size_t)column)
                        : rt_plain_cell(rows, ends, (size_t)column);
}

__attribute__((always_inline)) static inline bool read_amount(struct rt_text cell, enum form form,
                                                              bool event, struct rt_decimal *amount)
{
    amount->places = 2;
    if (form != QUOTED && rt_money_read(cell.at, cell.length, &amount->units))
        return true;
    amount->places = 0;
    amount->units = 0;
    return (event && cell.length == 0) || rt_decimal_read(cell, amount) == RT_READ;
}

/* Parses row `i` of the block: 0, or -1 with the table's message. */
__attribute__((always_inline)) static inline int
parse_row(struct parsing *parsing, const struct rt_log *log, size_t i, enum form form)
{
    const struct rt_rows *rows = parsing->block->rows;
    const struct rt_text customer = cell_of(rows, i, form, log->at[RT_LOG_CUSTOMER]);
    if (customer.length == 0)
        return refuse(parsing, i, RT_LOG_CUSTOMER, rt_log_check_customer(customer));
    const struct rt_text date = cell_of(rows, i, form, log->at[RT_LOG_DATE]);
    const struct date_memory *before = &parsing->date;
    if ((date.length != sizeof before->text ||
         memcmp(date.at, before->text, sizeof before->text) != 0) &&
        read_date(parsing, i, date) != 0)
        return -1;
    bool event = false;
    if (log->at[RT_LOG_EVENT] >= 0) {
        const struct rt_text name = cell_of(rows, i, form, log->at[RT_LOG_EVENT]);
        event = name.length > 0 && !rt_text_is(name, parsing->feed->purchase);
    }
    struct rt_decimal amount = {0, 0};
    if (log->at[RT_LOG_AMOUNT] >= 0) {
        const struct rt_text cell = cell_of(rows, i, form, log->at[RT_LOG_AMOUNT]);
        if (!read_amount(cell, form, event, &amount))
            return refuse_amount(parsing, i, cell);
    }
    parsing->block->row[i] = (struct rt_feed_row){
        .hash = rt_map_hash_here(parsing->feed->seed, customer),
        .customer = customer.at,
        .units = amount.units,
        .day = before->day,
        .length = customer.length & 0x1ffffff,
        .places = (unsigned)amount.places & 63,
        .event = event,
    };
    return 0;
}

/* Parses the rows of a block up to the first bad one, which is refused. */
__attribute__((always_inline)) static inline bool parse_rows(struct parsing *parsing,
                                                             enum form form)
{
    const struct rt_log log = parsing->feed->log;
    const size_t count = parsing->block->rows->count;
    for (size_t i = 0; i < count; i++) {
        if (parse_row(parsing, &log, i, form) != 0) {
            parsing->block->count = i;
            return false;
        }
    }
    parsing->block->count = count;
    return true;
}

/* A loop for each form, so that the usual ones are spared its questions. */
static bool parse_block(struct parsing *parsing)
{
    const struct rt_rows *rows = parsing->block->rows;
    if (!rt_rows_plain(rows))
        return parse_rows(parsing, QUOTED);
    return rows->returns ? parse_rows(parsing, PLAIN) : parse_rows(parsing, BARE);
}

/* Returns whether nothing comes behind: the end of the input, or trouble. */
static bool fill_slot(void *what, size_t which)
{
    struct rt_feed *feed = what;
    struct slot *slot = &feed->slots[which];
    struct rt_feed_block *block = &slot->block;
    block->count = 0;
    block->last_day = RT_DAY_NONE;
    if (rt_table_read(feed->table, block->rows) <= 0)
        return true;
    const size_t size = rt_grown(slot->size, block->rows->count);
    if (size > 0) {
        block->row = rt_realloc(block->row, size, sizeof *block->row);
        slot->size = size;
    }
    struct parsing parsing = {.feed = feed, .block = block};
    return !parse_block(&parsing);
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
    feed->seed = map->seed;
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
