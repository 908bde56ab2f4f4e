#include <math.h>
#include <stdlib.h>

#include "libretain/day.h"
#include "libretain/due_parts.h"
#include "libretain/elementary.h"
#include "libretain/err.h"
#include "libretain/feed.h"
#include "libretain/lookup.h"

/* A reading under way. */
struct job {
    struct rt_due *due;
    const struct rt_due_source *source;
    const char *fault;
    enum rt_log_column column; /* of the fault */
};

/* Gaps --------------------------------------------------------------------------------------- */

void rt_due_add_day(struct rt_due *due, struct rt_due_subject *subject, int32_t day)
{
    if (subject->known && day > subject->last) {
        const int64_t gap = (int64_t)day - subject->last;
        subject->gaps++;
        subject->sum += gap << RT_DUE_DAY_BITS;
        subject->log_sum += gap < RT_DUE_LOGS
                                ? due->logs[gap]
                                : llround(ldexp(rt_log((double)gap), RT_DUE_LOG_BITS));
    } else if (subject->known && day < subject->last) {
        due->disordered = true;
        return;
    }
    subject->known = 1;
    subject->last = day;
}

void rt_due_add_item(struct rt_due *due, struct rt_due_pair *pair, int32_t day, int64_t quantity)
{
    struct rt_due_subject *subject = &pair->subject;
    if (subject->known && day < subject->last) {
        due->disordered = true;
        return;
    }
    if (subject->known && day == subject->last) {
        pair->quantity += quantity;
        return;
    }
    if (subject->known) {
        const double gap = (double)(day - subject->last) * RT_DUE_QUANTITY / (double)pair->quantity;
        const int64_t rounded = llround(ldexp(gap, RT_DUE_DAY_BITS));
        subject->gaps++;
        subject->sum += rounded > 0 ? rounded : 1;
        subject->log_sum += llround(ldexp(rt_log(gap), RT_DUE_LOG_BITS));
    }
    subject->known = 1;
    subject->last = day;
    pair->quantity = quantity;
}

/* Rows --------------------------------------------------------------------------------------- */

static void keep_item(struct rt_due *due, const struct rt_due_pair *pair, int32_t day,
                      int64_t quantity)
{
    const size_t capacity = rt_grown(due->kept_size, due->kept_count + 1);
    if (capacity != 0) {
        due->kept = rt_realloc(due->kept, capacity, sizeof *due->kept);
        due->kept_size = capacity;
    }
    due->kept[due->kept_count++] =
        (struct rt_due_kept){rt_map_offset(&due->pairs, pair), day, quantity};
}

/* In millionths; 0 where it is not one. A negative one is a return. */
static int64_t read_quantity(struct rt_text cell)
{
    static const int64_t most = INT64_C(1000000000) * RT_DUE_QUANTITY;
    struct rt_decimal value;
    if (rt_decimal_read(cell, &value) != RT_READ || rt_decimal_widen(&value, 6) != 0 ||
        value.places > 6 || value.units > most)
        return 0;
    return value.units;
}

static int add_item(struct job *job, const struct rt_feed_block *block, size_t i, void *customer)
{
    struct rt_due *due = job->due;
    const int *at = job->source->log.at;
    int64_t quantity = RT_DUE_QUANTITY;
    if (at[RT_LOG_QTY] >= 0)
        quantity = read_quantity(rt_feed_cell(block, i, (size_t)at[RT_LOG_QTY]));
    if (quantity <= 0) {
        job->column = RT_LOG_QTY;
        job->fault = "neither above 0, up to 1000000000 and with at most 6 places, nor below 0";
        return quantity < 0 ? 0 : -1;
    }
    const struct rt_text name = rt_feed_cell(block, i, (size_t)at[RT_LOG_ITEM]);
    if (name.length == 0) {
        due->without_item++;
        return 0;
    }
    struct rt_due_item *item = rt_map_add(&due->items, name, rt_map_hash(&due->items, name));
    if (item->number == 0)
        item->number = due->items.count;
    const struct rt_due_pair_key key = {rt_map_offset(&due->customers, customer),
                                        rt_map_offset(&due->items, item)};
    const struct rt_text text = {(const char *)&key, sizeof key};
    struct rt_due_pair *pair = rt_map_add(&due->pairs, text, rt_map_hash(&due->pairs, text));
    if (due->keep)
        keep_item(due, pair, block->row[i].day, quantity);
    rt_due_add_item(due, pair, block->row[i].day, quantity);
    return 0;
}

__attribute__((always_inline)) static inline int
look_at_row(void *what, struct rt_feed_block *block, size_t i, void *expected)
{
    struct job *job = what;
    struct rt_due *due = job->due;
    const struct rt_feed_row *row = &block->row[i];
    if (due->form.as_of != RT_DAY_NONE && row->day > due->form.as_of) {
        due->after++;
        return 0;
    }
    if (!rt_feed_is_purchase(row) || row->units < 0)
        return 0;
    struct rt_due_subject *customer =
        rt_map_add_expected(&due->customers, rt_feed_customer(row), row->hash, expected);
    if (due->form.items)
        return add_item(job, block, i, customer);
    if (due->days != NULL)
        rt_days_add(due->days, rt_map_offset(&due->customers, customer), row->day);
    rt_due_add_day(due, customer, row->day);
    return 0;
}

/* Out of order ------------------------------------------------------------------------------- */

static void add_kept_days(void *what, uint32_t customer, const int32_t *days, size_t count)
{
    struct rt_due *due = what;
    for (size_t i = 0; i < count; i++)
        rt_due_add_day(due, rt_map_at(&due->customers, customer), days[i]);
}

static int compare_kept(const void *one, const void *other)
{
    const struct rt_due_kept *a = one, *b = other;
    if (a->pair != b->pair)
        return a->pair < b->pair ? -1 : 1;
    return (a->day > b->day) - (a->day < b->day);
}

/* Takes in all purchases anew, those of each subject in order of date. */
static void settle(struct rt_due *due, int threads)
{
    void *state = NULL;
    if (!due->form.items) {
        while ((state = rt_map_next(&due->customers, state)) != NULL)
            *(struct rt_due_subject *)state = (struct rt_due_subject){0};
        rt_days_each(due->days, threads, add_kept_days, due);
        return;
    }
    while ((state = rt_map_next(&due->pairs, state)) != NULL)
        *(struct rt_due_pair *)state = (struct rt_due_pair){0};
    qsort(due->kept, due->kept_count, sizeof *due->kept, compare_kept);
    for (size_t i = 0; i < due->kept_count; i++)
        rt_due_add_item(due, rt_map_at(&due->pairs, due->kept[i].pair), due->kept[i].day,
                        due->kept[i].quantity);
}

/* The whole table ---------------------------------------------------------------------------- */

static void keep_rows(struct rt_due *due)
{
    due->keep = true;
    if (!due->form.items)
        due->days = rt_days_new(&due->customers);
}

static enum rt_feed_next add_block(void *what, size_t share, struct rt_feed_block *block,
                                   struct rt_feed_fault *fault)
{
    struct job *job = what;
    struct rt_due *due = job->due;
    (void)share;
    due->rows += block->count;
    if (block->last_day > due->last_day)
        due->last_day = block->last_day;
    const int64_t bad = rt_lookup_each(&due->customers, block, 0, block->count, look_at_row, job);
    if (bad >= 0) {
        *fault = (struct rt_feed_fault){(size_t)bad, job->source->log.at[job->column], job->fault};
        return RT_FEED_BAD;
    }
    return due->disordered && !due->keep ? RT_FEED_ENOUGH : RT_FEED_MORE;
}

static const char *read_once(struct job *job)
{
    const struct rt_due_source *source = job->source;
    const struct rt_feed feed = {
        .table = source->table,
        .log = &source->log,
        .purchase = source->purchase,
        .map = &job->due->customers,
        .threads = source->threads,
        .shares = 1,
        .what = job,
        .work = add_block,
    };
    return rt_feed_run(&feed);
}

/* Rows out of order that were not kept are read again from the start, and kept. */
static const char *read_all(struct job *job)
{
    struct rt_due *due = job->due;
    const char *fault = read_once(job);
    if (!due->disordered || due->keep)
        return fault;
    if (rt_table_rewind(job->source->table) != 0)
        return rt_table_message(job->source->table);
    rt_map_clear(&due->customers);
    if (due->form.items) {
        rt_map_clear(&due->pairs);
        rt_map_clear(&due->items);
    }
    due->rows = due->after = due->without_item = 0;
    due->last_day = RT_DAY_NONE;
    due->disordered = false;
    keep_rows(due);
    return read_once(job);
}

const char *rt_due_read(struct rt_due *due, const struct rt_due_source *source)
{
    struct job job = {.due = due, .source = source};
    if (!rt_table_can_rewind(source->table))
        keep_rows(due);
    const char *fault = read_all(&job);
    if (fault == NULL)
        fault = rt_log_check_as_of(due->rows, due->after);
    if (fault != NULL)
        return fault;
    if (due->disordered)
        settle(due, source->threads);
    due->as_of = due->form.as_of != RT_DAY_NONE ? due->form.as_of : due->last_day;
    rt_due_fit(due);
    return NULL;
}
