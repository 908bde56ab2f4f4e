#include <stdlib.h>
#include <string.h>

#include "libretain/both.h"
#include "libretain/churn_parts.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/lookup.h"

static const char too_large[] = "more digits than can be added exactly";

/* A reading under way, of all customers or of a part. */
struct job {
    struct rt_churn *churn;
    const struct rt_churn_source *source;
    const char *fault;
};

/*
 * All of a reading: with two threads each counts a part of the customers, where nothing but a row's
 * customer, date and amount is asked for.
 */
struct reading {
    size_t parts;
    struct job jobs[RT_FEED_SHARES];
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

static void wait_with(const struct job *job, const void *customer,
                      const struct rt_feed_block *block, size_t i, bool added)
{
    const struct rt_feed_row *row = &block->row[i];
    rt_churn_wait(job->churn,
                  (struct rt_churn_waiting){
                      rt_map_offset(&job->churn->customers, customer), group_of(job, block, i),
                      row->day, (int16_t)rt_feed_amount(row).places, added, row->units});
}

/*
 * Revenue without groups, of purchases in any order. That of new customers is that of the period of
 * their first purchase so far, which starts anew with an earlier one.
 */
static int add_amount(const struct job *job, struct rt_churn_customer *customer,
                      const struct rt_feed_block *block, size_t i)
{
    struct rt_churn *churn = job->churn;
    const struct rt_feed_row *row = &block->row[i];
    const int32_t period = rt_churn_period(churn, row->day);
    const __int128 units = rt_churn_units(churn, row->units, rt_feed_amount(row).places);
    const int32_t first = customer->known ? rt_churn_period(churn, customer->first) : INT32_MAX;
    if (period < first)
        customer->revenue_new = 0;
    int64_t sum = customer->revenue_new;
    if (period <= first && __builtin_add_overflow(sum, units, &sum))
        wait_with(job, customer, block, i, true);
    else if (period <= first)
        customer->revenue_new = sum;
    return rt_churn_add_revenue(churn, 0, period, false, units);
}

/* Keeps a day that is neither the first of its customer nor the last. */
static void keep_day(struct rt_churn *churn, struct rt_churn_customer *customer, int32_t day)
{
    const uint32_t place = rt_map_offset(&churn->customers, customer);
    const bool several = customer->first != customer->last;
    if (!customer->known) {
        customer->first = customer->last = day;
        customer->known = 1;
    } else if (day > customer->last) {
        if (several)
            rt_days_add(churn->days, place, customer->last);
        customer->last = day;
    } else if (day < customer->first) {
        if (several)
            rt_days_add(churn->days, place, customer->first);
        customer->first = day;
    } else if (day != customer->first && day != customer->last) {
        rt_days_add(churn->days, place, day);
    }
}

static int keep_purchase(const struct job *job, struct rt_churn_customer *customer,
                         const struct rt_feed_block *block, size_t i)
{
    struct rt_churn *churn = job->churn;
    const struct rt_feed_row *row = &block->row[i];
    if (churn->form.by_count > 0)
        rt_hoard_add(churn->amounts, rt_map_offset(&churn->customers, customer), row->day,
                     rt_feed_amount(row));
    else if (add_amount(job, customer, block, i) != 0)
        return -1;
    keep_day(churn, customer, row->day);
    return 0;
}

static int add_purchase(const struct job *job, struct rt_churn_customer *customer,
                        const struct rt_feed_block *block, size_t i)
{
    struct rt_churn *churn = job->churn;
    const struct rt_feed_row *row = &block->row[i];
    settle_group(job, customer, block, i);
    if (churn->keep)
        return keep_purchase(job, customer, block, i);
    churn->disordered |= customer->known && row->day < customer->last;
    if (churn->disordered)
        return 0;
    return rt_churn_purchase(churn, customer, row->day,
                             rt_churn_units(churn, row->units, rt_feed_amount(row).places));
}

/* Revenue of a customer whose first purchase is known. */
static int add_to_known(struct rt_churn *churn, const struct rt_churn_customer *customer,
                        int32_t day, struct rt_decimal amount)
{
    const int32_t period = rt_churn_period(churn, day);
    return rt_churn_add_revenue(churn, customer->group, period,
                                period == rt_churn_period(churn, customer->first),
                                rt_churn_units(churn, amount.units, amount.places));
}

static int add_refund(const struct job *job, struct rt_churn_customer *customer,
                      const struct rt_feed_block *block, size_t i)
{
    struct rt_churn *churn = job->churn;
    const struct rt_feed_row *row = &block->row[i];
    if (churn->keep || !customer->known) {
        wait_with(job, customer, block, i, false);
        return 0;
    }
    return add_to_known(churn, customer, row->day, rt_feed_amount(row));
}

static const char *add_row(const struct job *job, struct rt_churn_customer *customer,
                           const struct rt_feed_block *block, size_t i)
{
    struct rt_churn *churn = job->churn;
    const struct rt_feed_row *row = &block->row[i];
    rt_churn_note_period(churn, rt_churn_period(churn, row->day));
    if (rt_feed_amount(row).places > churn->places &&
        rt_churn_widen(churn, rt_feed_amount(row).places) != 0)
        return too_large;
    const int status = row->units < 0 ? add_refund(job, customer, block, i)
                                      : add_purchase(job, customer, block, i);
    return status == 0 ? NULL : too_large;
}

__attribute__((always_inline)) static inline int
look_at_row(void *what, struct rt_feed_block *block, size_t i, void *expected)
{
    struct job *job = what;
    struct rt_churn *churn = job->churn;
    const struct rt_feed_row *row = &block->row[i];
    if (churn->form.as_of != RT_DAY_NONE && row->day > churn->form.as_of) {
        churn->after++;
        return 0;
    }
    if (!rt_feed_is_purchase(row))
        return 0;
    struct rt_churn_customer *customer =
        rt_map_add_expected(&churn->customers, rt_feed_customer(row), row->hash, expected);
    job->fault = add_row(job, customer, block, i);
    return job->fault == NULL ? 0 : -1;
}

/* What was kept ------------------------------------------------------------------------------ */

static void count_gaps(void *what, uint32_t place, const int32_t *days, size_t count)
{
    struct rt_churn *churn = what;
    (void)place;
    for (size_t i = 1; i < count; i++)
        rt_gaps_add_closed(&churn->gaps, days[i] - days[i - 1], 1);
    rt_gaps_add_open(&churn->gaps, churn->as_of - days[count - 1], 1);
}

/* Counts a customer's purchases, whose revenue is added otherwise. */
static void count_days(void *what, uint32_t place, const int32_t *days, size_t count)
{
    struct rt_churn *churn = what;
    struct rt_churn_customer *customer = rt_map_at(&churn->customers, place);
    customer->known = 0;
    for (size_t i = 0; i < count; i++)
        (void)rt_churn_purchase(churn, customer, days[i], 0);
}

/* Adds an amount, once its customer's first purchase is known. */
static int add_kept_amount(void *what, uint32_t place, int32_t day, struct rt_decimal amount)
{
    struct rt_churn *churn = what;
    return add_to_known(churn, rt_map_at(&churn->customers, place), day, amount);
}

static int add_revenue_new(struct rt_churn *churn)
{
    const struct rt_churn_customer *customer = rt_map_next(&churn->customers, NULL);
    for (; customer != NULL; customer = rt_map_next(&churn->customers, customer))
        if (customer->known && rt_churn_add_revenue_new(churn, customer->group,
                                                        rt_churn_period(churn, customer->first),
                                                        customer->revenue_new) != 0)
            return -1;
    return 0;
}

/* 0, or -1: too large. */
static int count_kept(struct rt_churn *churn)
{
    rt_churn_each(churn, count_days, churn);
    return churn->form.by_count > 0 ? rt_hoard_each(churn->amounts, add_kept_amount, churn)
                                    : add_revenue_new(churn);
}

static int add_waiting(struct rt_churn *churn)
{
    int status = 0;
    for (size_t i = 0; i < churn->waiting_count && status == 0; i++) {
        const struct rt_churn_waiting *revenue = &churn->waiting[i];
        const struct rt_churn_customer *customer = rt_map_at(&churn->customers, revenue->customer);
        const int32_t period = rt_churn_period(churn, revenue->day);
        const bool fresh = customer->known && period == rt_churn_period(churn, customer->first);
        const uint32_t group = customer->known ? customer->group : revenue->group;
        const __int128 units = rt_churn_units(churn, revenue->units, revenue->places);
        if (!revenue->added)
            status = rt_churn_add_revenue(churn, group, period, fresh, units);
        else if (fresh)
            status = rt_churn_add_revenue_new(churn, group, period, units);
    }
    return status;
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

/* What is only known when all rows are in ------------------------------------------------------
 */

static void set_as_of(struct rt_churn *churn)
{
    churn->as_of = churn->form.as_of != RT_DAY_NONE ? churn->form.as_of : churn->last_day;
}

/* With --idle auto, counts the gaps from which the idle days are found. */
static void begin_to_settle(void *what)
{
    struct rt_churn *churn = ((struct job *)what)->churn;
    set_as_of(churn);
    if (churn->form.idle == RT_CHURN_AUTO)
        rt_churn_each(churn, count_gaps, churn);
}

static const char *find_idle(struct rt_churn *churn)
{
    return churn->form.idle == RT_CHURN_AUTO ? rt_churn_find_idle(churn) : NULL;
}

/* The idle days are known. */
static void settle(void *what)
{
    struct job *job = what;
    struct rt_churn *churn = job->churn;
    if ((churn->keep && count_kept(churn) != 0) || add_waiting(churn) != 0)
        job->fault = too_large;
    else if (churn->idle >= 0)
        end_customers(churn);
}

static const char *settle_all(struct rt_churn *churn)
{
    struct job job = {.churn = churn};
    begin_to_settle(&job);
    const char *fault = find_idle(churn);
    if (fault == NULL) {
        settle(&job);
        fault = job.fault == NULL ? NULL : "amount: more digits than can be added exactly";
    }
    return fault;
}

/* Of the parts of a churn that has no rows of its own. `too_large`: see rt_churn_read. */
static const char *settle_parts(struct rt_churn *churn, struct reading *reading)
{
    struct job *jobs = reading->jobs;
    rt_both(begin_to_settle, &jobs[0], &jobs[1]);
    for (size_t i = 0; i < reading->parts; i++) {
        const struct rt_churn *part = jobs[i].churn;
        churn->last_day = part->last_day;
        if (part->any)
            rt_churn_note_period(churn, part->first_period);
        rt_gaps_merge(&churn->gaps, &part->gaps);
    }
    set_as_of(churn);
    const char *fault = find_idle(churn);
    if (fault != NULL)
        return fault;
    for (size_t i = 0; i < reading->parts; i++) {
        struct rt_churn *part = jobs[i].churn;
        part->idle = churn->idle;
        if (churn->any)
            rt_churn_note_period(part, churn->first_period);
    }
    rt_both(settle, &jobs[0], &jobs[1]);
    for (size_t i = 0; i < reading->parts; i++)
        if (jobs[i].fault != NULL || rt_churn_absorb(churn, jobs[i].churn) != 0)
            return too_large;
    return NULL;
}

/* The whole table ---------------------------------------------------------------------------- */

static enum rt_feed_next add_block(void *what, size_t share, struct rt_feed_block *block,
                                   struct rt_feed_fault *fault)
{
    struct job *job = &((struct reading *)what)->jobs[share];
    struct rt_churn *churn = job->churn;
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

static const char *read_once(struct reading *reading)
{
    const struct rt_churn_source *source = reading->jobs[0].source;
    const struct rt_feed feed = {
        .table = source->table,
        .log = &source->log,
        .purchase = source->purchase,
        .map = &reading->jobs[0].churn->customers,
        .threads = source->threads,
        .shares = reading->parts,
        .what = reading,
        .work = add_block,
    };
    return rt_feed_run(&feed);
}

static void begin_again(struct rt_churn *churn)
{
    rt_churn_reset(churn);
    churn->rows = churn->after = 0;
    churn->waiting_count = 0;
    rt_churn_keep_days(churn);
}

/* Rows out of order whose days were not kept are read again from the start, and kept. */
static const char *read_all(struct reading *reading)
{
    const struct rt_churn_source *source = reading->jobs[0].source;
    const bool keep = source->list || reading->jobs[0].churn->form.idle == RT_CHURN_AUTO ||
                      !rt_table_can_rewind(source->table);
    bool again = false;
    for (size_t i = 0; i < reading->parts && keep; i++)
        rt_churn_keep_days(reading->jobs[i].churn);
    const char *fault = read_once(reading);
    for (size_t i = 0; i < reading->parts; i++)
        again |= reading->jobs[i].churn->disordered && !reading->jobs[i].churn->keep;
    if (!again)
        return fault;
    if (rt_table_rewind(source->table) != 0)
        return rt_table_message(source->table);
    for (size_t i = 0; i < reading->parts; i++)
        begin_again(reading->jobs[i].churn);
    return read_once(reading);
}

static bool can_be_parted(const struct rt_churn *churn, const struct rt_churn_source *source)
{
    return source->threads > 1 && churn->form.by_count == 0 && !source->list &&
           source->log.at[RT_LOG_EVENT] < 0 && rt_table_can_rewind(source->table);
}

static const char *check_as_of(const struct reading *reading)
{
    uint64_t rows = 0, after = 0;
    for (size_t i = 0; i < reading->parts; i++) {
        rows += (uint64_t)reading->jobs[i].churn->rows;
        after += (uint64_t)reading->jobs[i].churn->after;
    }
    return rt_log_check_as_of(rows, after);
}

/* *too_much tells that a sum was too large, of a part or of all. */
static const char *read_parts(struct rt_churn *churn, const struct rt_churn_source *source,
                              bool *too_much)
{
    struct reading reading = {.parts = RT_FEED_SHARES};
    for (size_t i = 0; i < reading.parts; i++)
        reading.jobs[i] = (struct job){.churn = rt_churn_new_part(churn), .source = source};
    const char *fault = read_all(&reading);
    if (fault == NULL)
        fault = check_as_of(&reading);
    if (fault == NULL)
        fault = settle_parts(churn, &reading);
    *too_much = fault == too_large;
    for (size_t i = 0; i < reading.parts; i++) {
        *too_much |= reading.jobs[i].fault != NULL;
        rt_churn_free(reading.jobs[i].churn);
    }
    return fault;
}

static const char *read_whole(struct rt_churn *churn, const struct rt_churn_source *source)
{
    struct reading reading = {.parts = 1, .jobs = {{.churn = churn, .source = source}}};
    const char *fault = read_all(&reading);
    if (fault == NULL)
        fault = check_as_of(&reading);
    return fault != NULL ? fault : settle_all(churn);
}

const char *rt_churn_read(struct rt_churn *churn, const struct rt_churn_source *source)
{
    bool too_much = false;
    if (!can_be_parted(churn, source))
        return read_whole(churn, source);
    const char *fault = read_parts(churn, source, &too_much);
    if (!too_much)
        return fault;
    /* Which row is the one too many shows only where all rows are added up in their order. */
    rt_churn_forget(churn);
    if (rt_table_rewind(source->table) != 0)
        return rt_table_message(source->table);
    return read_whole(churn, source);
}
