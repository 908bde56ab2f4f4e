#include "libretain/feed.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/err.h"

enum { SLOTS = 4 };

struct slot {
    struct rt_feed_block block;
    size_t size; /* of block.row */
    bool last;   /* nothing comes behind: the end of the input, or trouble */
};

struct rt_feed {
    struct rt_table *table;
    struct rt_log log;
    const char *purchase;
    const struct rt_map *map;
    struct slot slots[SLOTS];
    size_t taken; /* slots handed out so far */
    bool ended;
    /* With a thread that reads ahead: */
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t made;     /* slots filled so far */
    size_t released; /* slots that are no longer in use */
    bool stop;
};

/* Parsing ---------------------------------------------------------------------------------------
 */

/* A log in order of date repeats the date before far more often than not. */
struct date_memory {
    char text[10];
    int32_t day;
};

static const char *parse_date(struct rt_text cell, struct date_memory *memory, int32_t *day)
{
    static const struct rt_log_form plain = {NULL, '.', 0};
    if (cell.length == sizeof memory->text && memcmp(cell.at, memory->text, cell.length) == 0) {
        *day = memory->day;
        return NULL;
    }
    const char *fault = rt_log_read_date(cell, &plain, day);
    if (fault == NULL) {
        memcpy(memory->text, cell.at, sizeof memory->text);
        memory->day = *day;
    }
    return fault;
}

static const char *parse_amount(struct rt_text cell, struct rt_feed_row *row)
{
    static const struct rt_log_form plain = {NULL, '.', 0};
    struct rt_decimal amount = {0, 0};
    if (row->event && cell.length == 0)
        return NULL;
    const char *fault = rt_log_read_amount(cell, &plain, &amount);
    row->units = amount.units;
    row->places = (unsigned)amount.places & 63;
    return fault;
}

static int refuse(const struct rt_feed *feed, const struct slot *slot, size_t row,
                  enum rt_log_column column, const char *fault)
{
    return rt_table_refuse_row(feed->table, slot->block.rows, row, feed->log.at[column], fault);
}

/* Parses row `i` of the block. 0, or -1 with the table's message. */
static int parse_row(const struct rt_feed *feed, struct slot *slot, size_t i,
                     struct date_memory *memory)
{
    const struct rt_rows *rows = slot->block.rows;
    const int *at = feed->log.at;
    struct rt_feed_row *row = &slot->block.row[i];
    const struct rt_text customer = rt_cell(rows, i, (size_t)at[RT_LOG_CUSTOMER]);
    if (customer.length == 0)
        return refuse(feed, slot, i, RT_LOG_CUSTOMER, rt_log_check_customer(customer));
    row->customer = customer.at;
    row->length = customer.length & 0xffffff;
    row->hash = rt_map_hash(feed->map, customer);
    row->units = 0;
    row->places = 0;
    row->event = 0;
    const char *fault = parse_date(rt_cell(rows, i, (size_t)at[RT_LOG_DATE]), memory, &row->day);
    if (fault != NULL)
        return refuse(feed, slot, i, RT_LOG_DATE, fault);
    if (at[RT_LOG_EVENT] >= 0) {
        const struct rt_text event = rt_cell(rows, i, (size_t)at[RT_LOG_EVENT]);
        row->event = event.length > 0 && !rt_text_is(event, feed->purchase);
    }
    if (at[RT_LOG_AMOUNT] >= 0) {
        fault = parse_amount(rt_cell(rows, i, (size_t)at[RT_LOG_AMOUNT]), row);
        if (fault != NULL)
            return refuse(feed, slot, i, RT_LOG_AMOUNT, fault);
    }
    return 0;
}

static void fill_slot(struct rt_feed *feed, struct slot *slot)
{
    struct rt_feed_block *block = &slot->block;
    block->count = 0;
    slot->last = rt_table_read(feed->table, block->rows) <= 0;
    if (slot->last)
        return;
    const size_t size = rt_grown(slot->size, block->rows->count);
    if (size > 0) {
        block->row = rt_realloc(block->row, size, sizeof *block->row);
        slot->size = size;
    }
    struct date_memory memory = {.text = {0}};
    for (size_t i = 0; i < block->rows->count; i++) {
        if (parse_row(feed, slot, i, &memory) != 0) {
            slot->last = true;
            return;
        }
        block->count++;
    }
}

/* Two threads -----------------------------------------------------------------------------------
 */

static void *read_ahead(void *what)
{
    struct rt_feed *feed = what;
    for (bool last = false; !last;) {
        pthread_mutex_lock(&feed->lock);
        while (feed->made - feed->released == SLOTS && !feed->stop)
            pthread_cond_wait(&feed->changed, &feed->lock);
        const bool stop = feed->stop;
        const size_t next = feed->made % SLOTS;
        pthread_mutex_unlock(&feed->lock);
        if (stop)
            break;
        fill_slot(feed, &feed->slots[next]);
        last = feed->slots[next].last;
        pthread_mutex_lock(&feed->lock);
        feed->made++;
        pthread_cond_signal(&feed->changed);
        pthread_mutex_unlock(&feed->lock);
    }
    return NULL;
}

/* Gives the slot before back and waits for the next. */
static struct slot *await_slot(struct rt_feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    feed->released = feed->taken;
    pthread_cond_signal(&feed->changed);
    while (feed->made == feed->taken)
        pthread_cond_wait(&feed->changed, &feed->lock);
    pthread_mutex_unlock(&feed->lock);
    return &feed->slots[feed->taken % SLOTS];
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
    const int slots = threads > 1 ? SLOTS : 1;
    for (int i = 0; i < slots; i++)
        feed->slots[i].block.rows = rt_rows_new();
    pthread_mutex_init(&feed->lock, NULL);
    pthread_cond_init(&feed->changed, NULL);
    /* Where no thread can be had, the work is done without. */
    if (threads > 1)
        feed->threaded = pthread_create(&feed->thread, NULL, read_ahead, feed) == 0;
    return feed;
}

const struct rt_feed_block *rt_feed_next(struct rt_feed *feed)
{
    if (feed->ended)
        return NULL;
    struct slot *slot = &feed->slots[0];
    if (feed->threaded)
        slot = await_slot(feed);
    else
        fill_slot(feed, slot);
    feed->taken++;
    feed->ended = slot->last;
    return slot->block.count > 0 ? &slot->block : NULL;
}

void rt_feed_stop(struct rt_feed *feed)
{
    feed->ended = true;
    if (!feed->threaded)
        return;
    pthread_mutex_lock(&feed->lock);
    feed->stop = true;
    pthread_cond_signal(&feed->changed);
    pthread_mutex_unlock(&feed->lock);
    pthread_join(feed->thread, NULL);
    feed->threaded = false;
}

void rt_feed_close(struct rt_feed *feed)
{
    if (feed == NULL)
        return;
    rt_feed_stop(feed);
    pthread_mutex_destroy(&feed->lock);
    pthread_cond_destroy(&feed->changed);
    for (int i = 0; i < SLOTS; i++) {
        rt_rows_free(feed->slots[i].block.rows);
        free(feed->slots[i].block.row);
    }
    free(feed);
}
