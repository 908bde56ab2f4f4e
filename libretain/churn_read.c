#include <stdlib.h>
#include <string.h>

#include "libretain/churn_parts.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/lookup.h"

static const char too_large[] = "more digits than can be added exactly";

/* A reading under way. */
struct job {
    struct rt_churn *churn;
    const struct rt_churn_source *source;
    const char *fault;
};

/* Rows --------------------------------------------------------------------------------------- */

static uint32_t group_of(const struct job *job, const struct rt_feed_block *block, size_t i)
{
    struct rt_churn *churn = job->churn;
    if (churn->form.by_count == 0)
        return 0;
    rt_group_key_clear(&churn->key);
    for (size_t k = 0; k < churn->form.by_count; k++)
        rt_group_key_add(&churn->key, rt_feed_cell(block, i, job->source->by[k]));
    return rt_churn_group(churn);
}

static struct rt_text key_of(const struct rt_churn *churn, uint32_t group)
{
    return rt_map_key(&churn->keys, churn->groups[group].key);
}

static void keep(struct rt_churn *churn, const void *customer, const struct rt_feed_row *row)
{
    const size_t capacity = rt_grown(churn->kept_size, churn->kept_count + 1);
    if (capacity != 0) {
        churn->kept = rt_realloc(churn->kept, capacity, sizeof *churn->kept);
        churn->kept_size = capacity;
    }
    churn->kept[churn->kept_count++] = (struct rt_churn_kept){
        rt_map_offset(&churn->customers, customer),
        (uint32_t)(row->day - RT_DAY_FIRST) & 0x3fffff,
        row->places,
        row->units,
    };
}

static void keep_refund(const struct job *job, const void *customer,
                        const struct rt_feed_block *block, size_t i)
{
    struct rt_churn *churn = job->churn;
    const struct rt_feed_row *row = &block->row[i];
    const size_t capacity = rt_grown(churn->refund_size, churn->refund_count + 1);
    if (capacity != 0) {
        churn->refunds = rt_realloc(churn->refunds, capacity, sizeof *churn->refunds);
        churn->refund_size = capacity;
    }
    churn->refunds[churn->refund_count++] =
        (struct rt_churn_refund){rt_map_offset(&churn->customers, customer),
                                 group_of(job, block, i), row->day, (int)row->places, row->units};
}

/* The group of the first day; what was counted for another one makes a new start needed. */
static void settle_group(const struct job *job, struct rt_churn_customer *customer,
                         const struct rt_feed_block *block, size_t i)
{
    struct rt_churn *churn = job->churn;
    const int32_t day = block->row[i].day;
    if (churn->form.by_count == 0 || (customer->known && day > customer->first))
        return;
    const uint32_t group = group_of(job, block, i);
    if (customer->known && day == customer->first &&
        (group == customer->group ||
         rt_text_compare(rt_group_key_text(&churn->key), key_of(churn, customer->group)) > 0))
        return;
    churn->disordered |= customer->known;
    customer->group = group & 0xfffffff;
}

static int add_purchase(const struct job *job, struct rt_churn_customer *customer,
                        const struct rt_feed_block *block, size_t i)
{
    struct rt_churn *churn = job->churn;
    const struct rt_feed_row *row = &block->row[i];
    settle_group(job, customer, block, i);
    if (churn->keep)
        keep(churn, customer, row);
    churn->disordered |= customer->known && row->day < customer->last;
    churn->count &= !churn->disordered;
    if (churn->count)
        return rt_churn_purchase(churn, customer, row->day,
                                 rt_churn_units(churn, row->units, (int)row->places));
    if (!customer->known || row->day < customer->first)
        customer->first = row->day;
    customer->known = 1;
    return 0;
}

static int add_refund(const struct job *job, struct rt_churn_customer *customer,
                      const struct rt_feed_block *block, size_t i)
{
    struct rt_churn *churn = job->churn;
    const struct rt_feed_row *row = &block->row[i];
    if (churn->keep || !customer->known) {
        keep_refund(job, customer, block, i);
        return 0;
    }
    const int32_t period = rt_churn_period(churn, row->day);
    return rt_churn_refund(churn, customer->group, period,
                           period == rt_churn_period(churn, customer->first),
                           rt_churn_units(churn, row->units, (int)row->places));
}

static const char *add_row(const struct job *job, struct rt_churn_customer *customer,
                           const struct rt_feed_block *block, size_t i)
{
    struct rt_churn *churn = job->churn;
    const struct rt_feed_row *row = &block->row[i];
    rt_churn_note_period(churn, rt_churn_period(churn, row->day));
    if ((int)row->places > churn->places && rt_churn_widen(churn, (int)row->places) != 0)
        return too_large;
    const int status = row->units < 0 ? add_refund(job, customer, block, i)
                                      : add_purchase(job, customer, block, i);
    return status == 0 ? NULL : too_large;
}

__attribute__((always_inline)) static inline int
look_at_row(void *what, struct rt_feed_block *block, size_t i, uint32_t expected)
{
    struct job *job = what;
    struct rt_churn *churn = job->churn;
    const struct rt_feed_row *row = &block->row[i];
    if (churn->form.as_of != RT_DAY_NONE && row->day > churn->form.as_of) {
        churn->after++;
        return 0;
    }
    if (row->event)
        return 0;
    struct rt_churn_customer *customer =
        rt_map_add_expected(&churn->customers, rt_feed_customer(row), row->hash, expected);
    job->fault = add_row(job, customer, block, i);
    return job->fault == NULL ? 0 : -1;
}

/* What was kept ------------------------------------------------------------------------------ */

static int compare_kept(const void *a, const void *b)
{
    const struct rt_churn_kept *left = a, *right = b;
    if (left->customer != right->customer)
        return left->customer < right->customer ? -1 : 1;
    return (left->day > right->day) - (left->day < right->day);
}

/* Sorts by `bits` bits of the customer from `shift` on; stable. */
static void sort_digit(const struct rt_churn_kept *from, struct rt_churn_kept *to, size_t count,
                       unsigned shift, unsigned bits)
{
    const uint32_t mask = (UINT32_C(1) << bits) - 1;
    size_t *places = rt_alloc_zero((size_t)mask + 1, sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[from[i].customer >> shift & mask]++;
    size_t before = 0;
    for (size_t digit = 0; digit <= mask; digit++) {
        const size_t here = places[digit];
        places[digit] = before;
        before += here;
    }
    for (size_t i = 0; i < count; i++)
        to[places[from[i].customer >> shift & mask]++] = from[i];
    free(places);
}

/*
 * The purchases of one customer by day: Shell's sort, with the gaps of Ciura (2001), which is quick
 * for the hundreds that a customer has; rows of one day may change places.
 */
static void sort_days(struct rt_churn_kept *kept, size_t count)
{
    static const size_t gaps[] = {701, 301, 132, 57, 23, 10, 4, 1};
    if (count > 4 * gaps[0]) {
        qsort(kept, count, sizeof *kept, compare_kept);
        return;
    }
    for (size_t k = count > 40 ? 0 : 6; k < sizeof gaps / sizeof gaps[0]; k++)
        for (size_t i = gaps[k]; i < count; i++) {
            const struct rt_churn_kept row = kept[i];
            size_t at = i;
            for (; at >= gaps[k] && kept[at - gaps[k]].day > row.day; at -= gaps[k])
                kept[at] = kept[at - gaps[k]];
            kept[at] = row;
        }
}

void rt_churn_sort(struct rt_churn *churn)
{
    const size_t count = churn->kept_count;
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++)
        if (churn->kept[i].customer > most)
            most = churn->kept[i].customer;
    unsigned bits = 1;
    while (bits < 32 && most >> bits != 0)
        bits++;
    const unsigned passes = (bits + 11) / 12, digit = (bits + passes - 1) / passes;
    struct rt_churn_kept *other = rt_alloc(count + 1, sizeof *other);
    for (unsigned pass = 0; pass < passes; pass++) {
        sort_digit(churn->kept, other, count, pass * digit, digit);
        struct rt_churn_kept *swap = churn->kept;
        churn->kept = other;
        other = swap;
    }
    churn->kept_size = count + 1;
    free(other);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && churn->kept[to].customer == churn->kept[from].customer;)
            to++;
        sort_days(churn->kept + from, to - from);
    }
}

static void count_gaps(struct rt_churn *churn)
{
    const struct rt_churn_kept *kept = churn->kept;
    for (size_t i = 0; i < churn->kept_count; i++) {
        const bool last = i + 1 == churn->kept_count || kept[i + 1].customer != kept[i].customer;
        const int32_t day = (int32_t)kept[i].day + RT_DAY_FIRST;
        if (last)
            rt_gaps_add_open(&churn->gaps, churn->as_of - day, 1);
        else if (kept[i + 1].day != kept[i].day)
            rt_gaps_add_closed(&churn->gaps, (int32_t)(kept[i + 1].day - kept[i].day), 1);
    }
}

/* Counts all purchases anew, customer by customer in order of date. */
static int count_kept(struct rt_churn *churn)
{
    rt_churn_reset(churn);
    for (size_t i = 0; i < churn->kept_count; i++) {
        const struct rt_churn_kept *kept = &churn->kept[i];
        struct rt_churn_customer *customer = rt_map_at(&churn->customers, kept->customer);
        if (i == 0 || kept->customer != churn->kept[i - 1].customer)
            customer->known = 0;
        if (rt_churn_purchase(churn, customer, (int32_t)kept->day + RT_DAY_FIRST,
                              rt_churn_units(churn, kept->units, (int)kept->places)) != 0)
            return -1;
    }
    return 0;
}

static int count_refunds(struct rt_churn *churn)
{
    for (size_t i = 0; i < churn->refund_count; i++) {
        const struct rt_churn_refund *refund = &churn->refunds[i];
        const struct rt_churn_customer *customer = rt_map_at(&churn->customers, refund->customer);
        const int32_t period = rt_churn_period(churn, refund->day);
        const bool fresh = customer->known && period == rt_churn_period(churn, customer->first);
        if (rt_churn_refund(churn, customer->known ? customer->group : refund->group, period, fresh,
                            rt_churn_units(churn, refund->units, refund->places)) != 0)
            return -1;
    }
    return 0;
}

static void end_customers(struct rt_churn *churn)
{
    const struct rt_churn_customer *customer = rt_map_next(&churn->customers, NULL);
    for (; customer != NULL; customer = rt_map_next(&churn->customers, customer)) {
        if (!customer->known)
            continue;
        const struct rt_churn_tail tail = {customer->group, rt_churn_period(churn, customer->last),
                                           customer->last,
                                           (enum rt_churn_standing)customer->standing, 1};
        rt_churn_end(churn, &tail);
    }
}

/* What is only known when all rows are in. */
static const char *settle(struct rt_churn *churn, bool list)
{
    churn->as_of = churn->form.as_of != RT_DAY_NONE ? churn->form.as_of : churn->last_day;
    const bool again = !churn->count;
    if (again || list)
        rt_churn_sort(churn);
    if (churn->form.idle == RT_CHURN_AUTO) {
        count_gaps(churn);
        const char *fault = rt_churn_find_idle(churn);
        if (fault != NULL)
            return fault;
    }
    if ((again && count_kept(churn) != 0) || count_refunds(churn) != 0)
        return "amount: more digits than can be added exactly";
    if (churn->idle >= 0)
        end_customers(churn);
    return NULL;
}

/* The whole table ---------------------------------------------------------------------------- */

static enum rt_feed_next add_block(void *what, size_t share, struct rt_feed_block *block,
                                   struct rt_feed_fault *fault)
{
    struct job *job = what;
    struct rt_churn *churn = job->churn;
    (void)share;
    churn->rows += (int64_t)block->count;
    if (block->last_day > churn->last_day)
        churn->last_day = block->last_day;
    const int64_t bad = rt_lookup_each(&churn->customers, block, 0, block->count, look_at_row, job);
    if (bad >= 0) {
        *fault =
            (struct rt_feed_fault){(size_t)bad, job->source->log.at[RT_LOG_AMOUNT], job->fault};
        return RT_FEED_BAD;
    }
    return churn->disordered && !churn->keep ? RT_FEED_ENOUGH : RT_FEED_MORE;
}

static const char *read_once(struct job *job)
{
    const struct rt_churn_source *source = job->source;
    const struct rt_feed feed = {
        .table = source->table,
        .log = &source->log,
        .purchase = source->purchase,
        .map = &job->churn->customers,
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
    struct rt_churn *churn = job->churn;
    const char *fault = read_once(job);
    if (!churn->disordered || churn->keep)
        return fault;
    if (rt_table_rewind(job->source->table) != 0)
        return rt_table_message(job->source->table);
    rt_churn_reset(churn);
    rt_map_clear(&churn->customers);
    churn->rows = churn->after = 0;
    churn->refund_count = 0;
    churn->keep = true;
    churn->count = false;
    return read_once(job);
}

const char *rt_churn_read(struct rt_churn *churn, const struct rt_churn_source *source)
{
    struct job job = {.churn = churn, .source = source};
    churn->keep =
        source->list || churn->form.idle == RT_CHURN_AUTO || !rt_table_can_rewind(source->table);
    churn->count = churn->form.idle != RT_CHURN_AUTO;
    const char *fault = read_all(&job);
    if (fault == NULL)
        fault = rt_log_check_as_of((uint64_t)churn->rows, (uint64_t)churn->after);
    return fault != NULL ? fault : settle(churn, source->list);
}
