#include "libretain/feed.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/crew.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/map_hash.h"
#include "libretain/money.h"
#include "libretain/word.h"

/* A row that is wrong: the row of the whole block, and the block's number. */
struct fault {
    size_t block, row;
    int column;
    const char *reason; /* NULL: there is none */
    const struct rt_rows *rows;
};

struct slot {
    size_t number; /* of the block in it */
    struct rt_rows *rows;
    struct rt_feed_block shares[RT_FEED_SHARES];
    size_t size;        /* of the shares' arrays */
    struct fault fault; /* behind the rows of the shares */
};

struct job {
    const struct rt_feed *feed;
    size_t numbers; /* blocks read so far */
    struct slot slots[RT_CREW_SLOTS];
    struct fault faults[RT_FEED_SHARES]; /* that the work found, and none of them earlier */
};

/* Parsing ---------------------------------------------------------------------------------------
 */

/* A month that was seen: its dates need only their last two digits read. */
struct month {
    uint64_t text; /* "YYYY-MM-" as a word; 0 is none */
    int32_t first_day;
    uint32_t length; /* days */
};

enum { MONTHS = 256, DATE_BYTES = 10 };

/* A log in order of date repeats the date before far more often than not; others repeat months. */
struct date_memory {
    uint64_t month_text; /* of the date before, as two words */
    uint16_t day_text;
    int32_t day;
    int32_t last_day; /* of all */
    struct month months[MONTHS];
};

/* How the cells of a block are written: known where a loop over its rows is made for it. */
enum form {
    BARE,   /* without quotes, and lines end without CR */
    PLAIN,  /* without quotes */
    QUOTED, /* some with quotes */
    SPLIT   /* as libcsv left them */
};

/* The rows of a block under way. */
struct parsing {
    const struct rt_feed *feed;
    struct slot *slot;
    struct date_memory date;
};

static int refuse(const struct parsing *parsing, size_t row, enum rt_log_column column,
                  const char *reason)
{
    struct slot *slot = parsing->slot;
    slot->fault =
        (struct fault){slot->number, row, parsing->feed->log->at[column], reason, slot->rows};
    return -1;
}

static int refuse_amount(const struct parsing *parsing, size_t row, struct rt_text cell)
{
    static const struct rt_log_form plain = {NULL, '.', 0};
    struct rt_decimal amount;
    return refuse(parsing, row, RT_LOG_AMOUNT, rt_log_read_amount(cell, &plain, &amount));
}

/*
 * The month that a date is in, or its place, where it was not seen yet: that of the year's last
 * digit and the month's two, which one product brings together. Ten years have a place each.
 */
static inline struct month *month_of(struct date_memory *date, uint64_t text)
{
    const uint64_t digits = text & UINT64_C(0x000f01000f000000);
    return &date->months[digits * (UINT64_C(1) << 36 | 10 << 16 | 1 << 8) >> 56];
}

static inline void remember_date(struct date_memory *date, struct rt_text cell, int32_t day)
{
    date->month_text = rt_load_eight(cell.at);
    date->day_text = rt_load_two(cell.at + 8) & 0xffff;
    date->day = day;
    date->last_day = day > date->last_day ? day : date->last_day;
}

/* Reads a date of any month: NULL, or what is wrong. A plain date has DATE_BYTES, or it is none. */
static const char *read_any_date(struct date_memory *date, struct rt_text cell)
{
    static const struct rt_log_form plain = {NULL, '.', 0};
    int32_t day;
    const char *fault = rt_log_read_date(cell, &plain, &day);
    if (fault != NULL)
        return fault;
    int year, month, day_of_month;
    rt_day_split(day, &year, &month, &day_of_month);
    const uint64_t text = rt_load_eight(cell.at);
    *month_of(date, text) =
        (struct month){text, day - day_of_month + 1, (uint32_t)rt_days_in_month(year, month)};
    remember_date(date, cell, day);
    return NULL;
}

/* Reads a date that is the one before, or of a month that was seen. False where it is neither. */
static inline bool read_known_date(struct date_memory *date, struct rt_text cell)
{
    if (cell.length != DATE_BYTES)
        return false;
    const uint64_t month_text = rt_load_eight(cell.at);
    const unsigned day_text = (unsigned)rt_load_two(cell.at + 8);
    if (month_text == date->month_text && day_text == date->day_text)
        return true;
    const struct month *month = month_of(date, month_text);
    /* Tens are in the lower byte, which came first; those above 3 make more days than any month. */
    const unsigned tens = day_text & 15, ones = day_text >> 8 & 15, before = tens * 10 + ones - 1;
    if (month->text != month_text || (day_text & 0xf0f0) != 0x3030 || ones > 9 ||
        before >= month->length)
        return false;
    remember_date(date, cell, month->first_day + (int32_t)before);
    return true;
}

/* Where a row's cells are: `ends` unless libcsv did the splitting. */
struct place {
    const struct rt_rows *rows;
    const uint32_t *ends;
    size_t row;
};

__attribute__((always_inline)) static inline struct rt_text cell_of(struct place place,
                                                                    enum form form, int column)
{
    if (form == BARE)
        return rt_bare_cell(place.rows, place.ends, (size_t)column);
    if (form != SPLIT) {
        const struct rt_text cell = rt_plain_cell(place.rows, place.ends, (size_t)column);
        if (form == PLAIN || cell.length == 0 || cell.at[0] != '"')
            return cell;
    }
    return rt_cell_quoted(place.rows, place.row, (size_t)column);
}

/* An amount that money.h does not know; places are -1 where it is none. By value: nothing of the
 * loop then has to lie in memory. */
__attribute__((noinline)) static struct rt_decimal read_other_amount(struct rt_text cell,
                                                                     bool event)
{
    struct rt_decimal amount = {0, 0};
    if (!(event && cell.length == 0) && rt_decimal_read(cell, &amount) != RT_READ)
        amount.places = -1;
    return amount;
}

static inline struct rt_decimal read_amount(struct rt_text cell, bool event)
{
    int64_t hundredths;
    if (rt_money_read(cell.at, cell.length, &hundredths))
        return (struct rt_decimal){hundredths, 2};
    return read_other_amount(cell, event);
}

/* Where the next row of a share goes. */
struct sink {
    struct rt_feed_row *row;
    uint32_t *at;
};

/*
 * What each row needs, in copies that belong to the loop alone: the compiler then knows that no row
 * that is written changes them, and keeps them in registers.
 */
struct loop {
    struct rt_log log;
    struct rt_rows rows;
    uint64_t seed;
    struct sink sinks[RT_FEED_SHARES];
};

/* Parses row i of the block into its share: 0, or -1 where it is wrong. */
__attribute__((always_inline)) static inline int
parse_row(struct parsing *parsing, struct loop *loop, size_t i, enum form form, size_t shares)
{
    const struct rt_log *log = &loop->log;
    const struct place place = {&loop->rows, form == SPLIT ? NULL : rt_plain_ends(&loop->rows, i),
                                i};
    const struct rt_text customer = cell_of(place, form, log->at[RT_LOG_CUSTOMER]);
    if (customer.length == 0)
        return refuse(parsing, i, RT_LOG_CUSTOMER, rt_log_check_customer(customer));
    const struct rt_text date = cell_of(place, form, log->at[RT_LOG_DATE]);
    if (!read_known_date(&parsing->date, date)) {
        const char *fault = read_any_date(&parsing->date, date);
        if (fault != NULL)
            return refuse(parsing, i, RT_LOG_DATE, fault);
    }
    bool event = false;
    if (log->at[RT_LOG_EVENT] >= 0) {
        const struct rt_text name = cell_of(place, form, log->at[RT_LOG_EVENT]);
        event = name.length > 0 && !rt_text_is(name, parsing->feed->purchase);
    }
    struct rt_decimal amount = {0, 0};
    if (log->at[RT_LOG_AMOUNT] >= 0) {
        const struct rt_text cell = cell_of(place, form, log->at[RT_LOG_AMOUNT]);
        amount = read_amount(cell, event);
        if (amount.places < 0)
            return refuse_amount(parsing, i, cell);
    }
    const uint64_t hash = rt_map_hash_here(loop->seed, customer);
    /* Of the upper half, which is mixed best, maps need the lowest bit least. */
    struct sink *sink = &loop->sinks[hash >> 32 & (shares - 1)];
    *sink->at++ = (uint32_t)i;
    struct rt_feed_row *row = sink->row++;
    row->hash = hash;
    if (customer.length <= sizeof row->id)
        memcpy(row->id, customer.at, sizeof row->id);
    else
        row->id_far = customer.at;
    row->units = amount.units;
    row->day = parsing->date.day;
    row->shape =
        rt_feed_shape(customer.length, (unsigned)amount.places | (event ? 0 : RT_FEED_PURCHASE));
    return 0;
}

/* Parses the rows of a block up to the first that is wrong. */
__attribute__((always_inline)) static inline void parse_rows(struct parsing *parsing,
                                                             enum form form, size_t shares)
{
    struct rt_feed_block *blocks = parsing->slot->shares;
    struct loop loop = {
        *parsing->feed->log, *parsing->slot->rows, parsing->feed->map->seed, {{NULL, NULL}}};
    for (size_t i = 0; i < shares; i++)
        loop.sinks[i] = (struct sink){blocks[i].row, blocks[i].at};
    const size_t count = loop.rows.count;
    for (size_t i = 0; i < count; i++)
        if (parse_row(parsing, &loop, i, form, shares) != 0)
            break;
    for (size_t i = 0; i < shares; i++)
        blocks[i].count = (size_t)(loop.sinks[i].row - blocks[i].row);
}

/* A loop for each form, so that the usual ones are spared its questions. */
static void parse_forms(struct parsing *parsing, size_t shares)
{
    const struct rt_rows *rows = parsing->slot->rows;
    if (rows->cells != NULL)
        parse_rows(parsing, SPLIT, shares);
    else if (rows->quoted)
        parse_rows(parsing, QUOTED, shares);
    else if (rows->returns)
        parse_rows(parsing, PLAIN, shares);
    else if (shares == 1)
        parse_rows(parsing, BARE, 1);
    else
        parse_rows(parsing, BARE, shares);
}

static void make_room(struct slot *slot, size_t shares)
{
    const size_t size = rt_grown(slot->size, slot->rows->count);
    for (size_t i = 0; i < shares && size > 0; i++) {
        struct rt_feed_block *share = &slot->shares[i];
        share->row = rt_realloc(share->row, size, sizeof *share->row);
        share->at = rt_realloc(share->at, size, sizeof *share->at);
        share->noted = rt_realloc(share->noted, size, sizeof *share->noted);
    }
    if (size > 0)
        slot->size = size;
}

/* Parses a block into the shares of its slot. */
static void parse_block(const struct job *job, struct slot *slot)
{
    const size_t shares = job->feed->shares;
    struct parsing parsing = {.feed = job->feed, .slot = slot, .date.last_day = RT_DAY_NONE};
    make_room(slot, shares);
    slot->fault.reason = NULL;
    parse_forms(&parsing, shares);
    for (size_t i = 0; i < shares; i++) {
        struct rt_feed_block *share = &slot->shares[i];
        share->rows = slot->rows;
        share->noted_count = 0;
        share->last_day = parsing.date.last_day;
    }
}

/* What the crew does ---------------------------------------------------------------------------
 */

static bool fill_slot(void *what, size_t which)
{
    struct job *job = what;
    struct slot *slot = &job->slots[which];
    slot->number = job->numbers++;
    if (slot->rows == NULL)
        slot->rows = rt_rows_new();
    return rt_table_read(job->feed->table, slot->rows) > 0;
}

static bool prepare_slot(void *what, size_t which)
{
    struct job *job = what;
    struct slot *slot = &job->slots[which];
    parse_block(job, slot);
    return slot->fault.reason == NULL;
}

static bool work_on_slot(void *what, size_t which, size_t share)
{
    struct job *job = what;
    struct slot *slot = &job->slots[which];
    struct rt_feed_block *block = &slot->shares[share];
    struct rt_feed_fault fault;
    const enum rt_feed_next next = job->feed->work(job->feed->what, share, block, &fault);
    if (next == RT_FEED_BAD)
        job->faults[share] = (struct fault){slot->number, block->at[fault.row], fault.column,
                                            fault.reason, slot->rows};
    return next == RT_FEED_MORE;
}

static void finish_slot(void *what, size_t which)
{
    const struct job *job = what;
    if (job->feed->finish != NULL)
        job->feed->finish(job->feed->what, job->slots[which].shares);
}

/* Running ---------------------------------------------------------------------------------------
 */

static bool is_before(const struct fault *one, const struct fault *other)
{
    return other->reason == NULL || one->block < other->block ||
           (one->block == other->block && one->row < other->row);
}

/* The first row that is wrong, by the work or by itself, becomes the table's message. */
static void tell_first_fault(const struct job *job)
{
    struct fault first = {.reason = NULL};
    for (size_t i = 0; i < RT_CREW_SLOTS; i++)
        if (job->slots[i].fault.reason != NULL && is_before(&job->slots[i].fault, &first))
            first = job->slots[i].fault;
    for (size_t i = 0; i < job->feed->shares; i++)
        if (job->faults[i].reason != NULL && is_before(&job->faults[i], &first))
            first = job->faults[i];
    if (first.reason != NULL)
        (void)rt_table_refuse_row(job->feed->table, first.rows, first.row, first.column,
                                  first.reason);
}

static void free_slot(struct slot *slot, size_t shares)
{
    rt_rows_free(slot->rows);
    for (size_t i = 0; i < shares; i++) {
        free(slot->shares[i].row);
        free(slot->shares[i].at);
        free(slot->shares[i].noted);
    }
}

const char *rt_feed_run(const struct rt_feed *feed)
{
    struct job *job = rt_alloc_zero(1, sizeof *job);
    job->feed = feed;
    const struct rt_crew crew = {
        .threads = feed->threads,
        .shares = feed->shares,
        .what = job,
        .fill = fill_slot,
        .prepare = prepare_slot,
        .work = work_on_slot,
        .finish = finish_slot,
    };
    rt_crew_run(&crew);
    tell_first_fault(job);
    for (size_t i = 0; i < RT_CREW_SLOTS; i++)
        free_slot(&job->slots[i], feed->shares);
    free(job);
    return rt_table_message(feed->table);
}
