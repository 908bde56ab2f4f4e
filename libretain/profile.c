#include "libretain/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/days.h"
#include "libretain/err.h"
#include "libretain/lookup.h"
#include "libretain/tally.h"

static const char too_long[] = "more digits than can be added exactly";

/* A refund on a day on which no purchase had come yet. */
struct early_refund {
    uint32_t customer;
    int32_t day;
    int64_t units;
    int places;
};

/* An order, in a map of its own: the key is the customer's place and the order's id. */
struct order {
    uint32_t customer;
    int32_t first; /* day */
    int64_t revenue;
    int32_t places;
    bool purchase; /* has a row that is no refund */
};

struct rt_profile {
    struct rt_profile_rules rules;
    struct rt_map customers;
    size_t counters_at; /* where the counters are in a customer's state */
    int32_t last_day;
    uint64_t rows, after;
    bool disordered;
    struct rt_large_tallies large;
    /*
     * Where they are kept: each customer's days of purchase but the first and the last, which the
     * tally has, of each period.
     */
    struct rt_days *days;
    struct early_refund *refunds;
    size_t refund_count, refund_size;
    struct rt_map orders;
    char *order_key;
    size_t order_key_size;
};

static bool has_split(const struct rt_profile *profile)
{
    return profile->rules.split != RT_DAY_NONE;
}

struct rt_profile *rt_profile_new(const struct rt_profile_rules *rules)
{
    struct rt_profile *profile = rt_alloc_zero(1, sizeof *profile);
    profile->rules = *rules;
    profile->last_day = RT_DAY_NONE;
    const size_t tallies = (has_split(profile) ? 2 : 1) * sizeof(struct rt_packed_tally);
    profile->counters_at = (tallies + sizeof(int64_t) - 1) / sizeof(int64_t) * sizeof(int64_t);
    if (rules->counter_count > 0)
        rt_map_init(&profile->customers,
                    profile->counters_at + rules->counter_count * sizeof(int64_t));
    else
        rt_map_init_dense(&profile->customers, tallies);
    if (rules->keep_days)
        profile->days = rt_days_new(&profile->customers);
    if (rules->occasion == RT_OCCASION_ORDER)
        rt_map_init(&profile->orders, sizeof(struct order));
    return profile;
}

struct rt_profile *rt_profile_new_beside(const struct rt_profile *profile)
{
    struct rt_profile *beside = rt_profile_new(&profile->rules);
    beside->customers.seed = profile->customers.seed;
    return beside;
}

void rt_profile_free(struct rt_profile *profile)
{
    if (profile == NULL)
        return;
    rt_map_free(&profile->customers);
    rt_map_free(&profile->orders);
    rt_days_free(profile->days);
    rt_large_tallies_free(&profile->large);
    free(profile->refunds);
    free(profile->order_key);
    free(profile);
}

void rt_profile_clear(struct rt_profile *profile)
{
    rt_map_clear(&profile->customers);
    if (profile->rules.occasion == RT_OCCASION_ORDER)
        rt_map_clear(&profile->orders);
    profile->refund_count = profile->large.count = 0;
    if (profile->days != NULL)
        rt_days_clear(profile->days);
    profile->disordered = false;
}

void rt_profile_restart(struct rt_profile *profile)
{
    rt_profile_clear(profile);
    if (profile->days == NULL)
        profile->days = rt_days_new(&profile->customers);
    profile->last_day = RT_DAY_NONE;
    profile->rows = profile->after = 0;
}

const struct rt_map *rt_profile_map(const struct rt_profile *profile)
{
    return &profile->customers;
}

bool rt_profile_lacks_days(const struct rt_profile *profile)
{
    return profile->disordered && profile->days == NULL;
}

struct rt_profile_counts rt_profile_counts(const struct rt_profile *profile)
{
    return (struct rt_profile_counts){profile->rows, profile->after, profile->customers.count,
                                      profile->last_day};
}

/* Money -----------------------------------------------------------------------------------------
 */

/* Adds to a sum of units in 10^-*places. Returns 0, or -1 where it does not fit. */
static int add_amount(int64_t *sum, int places, struct rt_decimal more)
{
    struct rt_decimal total = {*sum, places};
    if (rt_decimal_add(&total, more) != 0 || rt_decimal_widen(&total, places) != 0)
        return -1;
    *sum = total.units;
    return 0;
}

/* Gives the tally's sums as many places as the amount has. */
static int widen_tally(struct rt_tally *tally, int places)
{
    struct rt_decimal revenue = {tally->revenue, tally->places};
    struct rt_decimal first = {tally->first_revenue, tally->places};
    if (revenue.units == 0 && first.units == 0) {
        tally->places = places;
        return 0;
    }
    if (rt_decimal_widen(&revenue, places) != 0 || rt_decimal_widen(&first, places) != 0)
        return -1;
    tally->revenue = revenue.units;
    tally->first_revenue = first.units;
    tally->places = places;
    return 0;
}

/* The amount's units in the tally's places, which grow where they must. 0, or -1. */
static int fit_amount(struct rt_tally *tally, struct rt_decimal amount, int64_t *units)
{
    if (amount.places > tally->places && widen_tally(tally, amount.places) != 0)
        return -1;
    if (amount.places < tally->places && rt_decimal_widen(&amount, tally->places) != 0)
        return -1;
    *units = amount.units;
    return 0;
}

/* The same for a sum of units alone. */
static int add_units(int64_t *sum, int64_t units)
{
    return __builtin_add_overflow(*sum, units, sum) ? -1 : 0;
}

/* Occasions -------------------------------------------------------------------------------------
 */

static void keep_refund(struct rt_profile *profile, struct early_refund refund)
{
    const size_t size = rt_grown(profile->refund_size, profile->refund_count + 1);
    if (size > 0) {
        profile->refunds = rt_realloc(profile->refunds, size, sizeof *profile->refunds);
        profile->refund_size = size;
    }
    profile->refunds[profile->refund_count++] = refund;
}

static inline void keep_day(const struct rt_profile *profile, const void *customer, int32_t day)
{
    if (profile->days != NULL)
        rt_days_add(profile->days, rt_map_offset(&profile->customers, customer), day);
}

/*
 * A purchase where a day is an occasion: 0, or -1 where the sum of the first day does not fit.
 * While all come in order of date, the days are counted here; else when they are settled.
 */
static int add_purchase_day(struct rt_profile *profile, struct rt_tally *tally,
                            const void *customer, int32_t day, int64_t units)
{
    if (tally->orders == 0) {
        tally->first = tally->last = day;
        tally->first_revenue = 0;
        tally->orders = 1;
    }
    if (day > tally->last) {
        if (tally->first != tally->last)
            keep_day(profile, customer, tally->last);
        tally->last = day;
        tally->orders++;
    } else if (day < tally->first) {
        if (tally->first != tally->last)
            keep_day(profile, customer, tally->first);
        tally->first = day;
        tally->first_revenue = 0;
        tally->orders = 2;
        profile->disordered = true;
    } else if (day > tally->first && day < tally->last) {
        keep_day(profile, customer, day);
        profile->disordered = true;
    }
    return day == tally->first ? add_units(&tally->first_revenue, units) : 0;
}

/* A refund on the first day of purchase takes off that day's revenue. 0, or -1. */
static int add_refund_day(struct rt_profile *profile, struct rt_tally *tally, const void *customer,
                          int32_t day, int64_t units)
{
    if (tally->orders > 0 && day == tally->first)
        return add_units(&tally->first_revenue, units);
    if (tally->orders == 0 || day < tally->first)
        keep_refund(profile, (struct early_refund){rt_map_offset(&profile->customers, customer),
                                                   day, units, tally->places});
    return 0;
}

/* A purchase where a row is an occasion. */
static void add_purchase_row(struct rt_tally *tally, int32_t day, int64_t units)
{
    if (tally->orders == 0 || day < tally->first) {
        tally->first = day;
        tally->first_revenue = units;
    }
    if (tally->orders == 0 || day > tally->last)
        tally->last = day;
    tally->orders++;
}

static struct rt_text order_key(struct rt_profile *profile, uint32_t customer, bool held_out,
                                struct rt_text id)
{
    const uint32_t owner[2] = {customer, held_out};
    const size_t size = rt_grown(profile->order_key_size, sizeof owner + id.length);
    if (size > 0) {
        profile->order_key = rt_realloc(profile->order_key, size, 1);
        profile->order_key_size = size;
    }
    memcpy(profile->order_key, owner, sizeof owner);
    memcpy(profile->order_key + sizeof owner, id.at, id.length);
    return (struct rt_text){profile->order_key, sizeof owner + id.length};
}

/* A row where an order is an occasion. Returns what is wrong, or NULL. */
static const char *add_to_order(struct rt_profile *profile, struct rt_tally *tally,
                                uint32_t customer, bool held_out, struct rt_text id, int32_t day,
                                struct rt_decimal amount)
{
    const bool purchase = amount.units >= 0;
    if (id.length == 0)
        return purchase ? "empty" : NULL; /* a refund need not name an order */
    const struct rt_text key = order_key(profile, customer, held_out, id);
    struct order *order = rt_map_add(&profile->orders, key, rt_map_hash(&profile->orders, key));
    if (amount.places > order->places) {
        struct rt_decimal revenue = {order->revenue, order->places};
        if (rt_decimal_widen(&revenue, amount.places) != 0)
            return too_long;
        order->revenue = revenue.units;
        order->places = amount.places;
    }
    if (add_amount(&order->revenue, order->places, amount) != 0)
        return too_long;
    order->customer = customer;
    if (!purchase)
        return NULL;
    if (!order->purchase || day < order->first)
        order->first = day;
    const bool known = tally->orders > 0;
    if (!known || day < tally->first)
        tally->first = day;
    if (!known || day > tally->last)
        tally->last = day;
    tally->orders += !order->purchase;
    order->purchase = true;
    return NULL;
}

/* Rows ------------------------------------------------------------------------------------------
 */

static void count_row(const struct rt_profile *profile, char *state,
                      const struct rt_feed_block *block, size_t i)
{
    int64_t *counts = (int64_t *)(void *)(state + profile->counters_at);
    for (size_t k = 0; k < profile->rules.counter_count; k++) {
        const struct rt_profile_counter *counter = &profile->rules.counters[k];
        counts[k] += rt_text_is(rt_feed_cell(block, i, (size_t)counter->column), counter->value);
    }
}

/* Adds a row to its customer's tally. Returns what is wrong, or NULL. */
static const char *add_to_tally(struct rt_profile *profile, struct rt_tally *tally,
                                const void *customer, const struct rt_feed_block *block, size_t i,
                                enum rt_log_column *column)
{
    const struct rt_feed_row *row = &block->row[i];
    const struct rt_decimal amount = rt_feed_amount(row);
    int64_t units = row->units;
    int fault = 0;
    *column = RT_LOG_AMOUNT;
    if ((amount.places != tally->places && fit_amount(tally, amount, &units) != 0) ||
        add_units(&tally->revenue, units) != 0)
        return too_long;
    switch (profile->rules.occasion) {
    case RT_OCCASION_DAY:
        fault = units >= 0 ? add_purchase_day(profile, tally, customer, row->day, units)
                           : add_refund_day(profile, tally, customer, row->day, units);
        break;
    case RT_OCCASION_ORDER:
        *column = RT_LOG_ORDER;
        return add_to_order(profile, tally, rt_map_offset(&profile->customers, customer),
                            has_split(profile) && row->day > profile->rules.split,
                            rt_feed_cell(block, i, (size_t)profile->rules.order_column), row->day,
                            amount);
    case RT_OCCASION_ROW:
        if (units >= 0)
            add_purchase_row(tally, row->day, units);
        break;
    }
    return fault == 0 ? NULL : too_long;
}

/* Adds a row to its customer. Returns what is wrong, or NULL. Kept out of the loop, which then is
 * small where most rows need none of this. */
__attribute__((noinline)) static const char *add_row(struct rt_profile *profile, char *state,
                                                     const struct rt_feed_block *block, size_t i,
                                                     enum rt_log_column *column)
{
    const struct rt_feed_row *row = &block->row[i];
    const bool held_out = has_split(profile) && row->day > profile->rules.split;
    if (profile->rules.counter_count > 0 && !held_out)
        count_row(profile, state, block, i);
    if (!rt_feed_is_purchase(row))
        return NULL;
    struct rt_packed_tally *packed = (struct rt_packed_tally *)(void *)state + held_out;
    struct rt_tally tally = rt_tally_read(&profile->large, packed);
    const char *fault = add_to_tally(profile, &tally, state, block, i, column);
    if (fault == NULL)
        rt_tally_write(&profile->large, packed, &tally);
    return fault;
}

/*
 * What most rows are where days are occasions: a purchase on another day than the customer's first,
 * its amount written with as many places, and no sum outgrows its word. False where it is not, and
 * nothing was done.
 */
static inline bool add_usual_purchase(struct rt_profile *profile, struct rt_packed_tally *packed,
                                      const struct rt_feed_row *row)
{
    const int32_t first = (int32_t)packed->first + RT_DAY_FIRST, at = row->day - first;
    const int32_t span = (uint16_t)packed->first_revenue_and_span;
    int64_t units, revenue;
    if (rt_feed_form(row) != packed->form || row->units < 0 ||
        __builtin_mul_overflow(row->units, (int64_t)RT_TALLY_LOWER, &units) ||
        __builtin_add_overflow(packed->revenue_and_orders, units, &revenue))
        return false;
    if (at > span) {
        if (at > RT_TALLY_SPAN)
            return false;
        if (span > 0)
            keep_day(profile, packed, first + span);
        packed->revenue_and_orders = revenue + 1;
        packed->first_revenue_and_span += at - span;
    } else if (at > 0) {
        packed->revenue_and_orders = revenue;
        if (at < span) {
            profile->disordered = true;
            keep_day(profile, packed, row->day);
        }
    } else {
        if (at == 0 || span - at > RT_TALLY_SPAN)
            return false;
        profile->disordered = true;
        if (span > 0)
            keep_day(profile, packed, first);
        packed->revenue_and_orders = revenue + 1;
        packed->first_revenue_and_span = units + (span - at);
        packed->first = (uint32_t)(row->day - RT_DAY_FIRST) & 0xffffff;
    }
    return true;
}

/*
 * A customer's first row, if it is a purchase where days are occasions, and its amount is not too
 * large for a word. False where it is not, and nothing was done.
 */
static inline bool add_first_purchase(struct rt_packed_tally *packed, const struct rt_feed_row *row)
{
    int64_t units;
    if (!rt_feed_is_purchase(row) || row->units < 0 ||
        __builtin_mul_overflow(row->units, (int64_t)RT_TALLY_LOWER, &units))
        return false;
    *packed = (struct rt_packed_tally){
        .revenue_and_orders = units + 1,
        .first_revenue_and_span = units,
        .first = (uint32_t)(row->day - RT_DAY_FIRST) & 0xffffff,
        .form = rt_feed_form(row) & 0xff,
    };
    return true;
}

/* Rows under way, and what was wrong with one of them. */
struct rows {
    struct rt_profile *profile;
    int32_t as_of;
    bool days_alone; /* only days of purchase matter */
    size_t known;    /* customers so far */
    const char *fault;
    enum rt_log_column column;
};

__attribute__((always_inline)) static inline int
look_at_row(void *what, struct rt_feed_block *block, size_t i, void *expected)
{
    struct rows *rows = what;
    struct rt_profile *profile = rows->profile;
    const struct rt_feed_row *row = &block->row[i];
    if (row->day > rows->as_of) {
        profile->after++;
        return 0;
    }
    char *state =
        rt_map_add_expected(&profile->customers, rt_feed_customer(row), row->hash, expected);
    struct rt_packed_tally *packed = (struct rt_packed_tally *)(void *)state;
    if (rows->days_alone && add_usual_purchase(profile, packed, row))
        return 0;
    /* A new customer always comes here: it has no purchase yet that this one could follow. */
    if (profile->customers.count > rows->known) {
        rows->known = profile->customers.count;
        rt_feed_note(block, i);
        if (rows->days_alone && add_first_purchase(packed, row))
            return 0;
    }
    rows->fault = add_row(profile, state, block, i, &rows->column);
    return rows->fault == NULL ? 0 : -1;
}

int64_t rt_profile_add(struct rt_profile *profile, struct rt_feed_block *block, size_t from,
                       size_t to, const char **fault, enum rt_log_column *column)
{
    const int32_t as_of = profile->rules.as_of == RT_DAY_NONE ? INT32_MAX : profile->rules.as_of;
    struct rows rows = {
        .profile = profile,
        .as_of = as_of,
        .days_alone = profile->rules.occasion == RT_OCCASION_DAY && !has_split(profile) &&
                      profile->rules.counter_count == 0,
        .known = profile->customers.count,
    };
    profile->rows += to - from;
    if (block->last_day > profile->last_day)
        profile->last_day = block->last_day;
    const int64_t bad = rt_lookup_each(&profile->customers, block, from, to, look_at_row, &rows);
    *fault = rows.fault;
    *column = rows.column;
    return bad;
}

/* Settling --------------------------------------------------------------------------------------
 */

static struct rt_packed_tally *tally_of(const struct rt_profile *profile, uint32_t customer,
                                        int32_t day)
{
    struct rt_packed_tally *packed = rt_map_at(&profile->customers, customer);
    return packed + (has_split(profile) && day > profile->rules.split);
}

static void settle_refunds(struct rt_profile *profile)
{
    for (size_t i = 0; i < profile->refund_count; i++) {
        const struct early_refund *refund = &profile->refunds[i];
        struct rt_packed_tally *packed = tally_of(profile, refund->customer, refund->day);
        struct rt_tally tally = rt_tally_read(&profile->large, packed);
        if (tally.orders == 0 || refund->day != tally.first)
            continue;
        struct rt_decimal units = {refund->units, refund->places};
        /* The revenue holds it already, with at least these places: it fits. */
        if (rt_decimal_widen(&units, tally.places) == 0 &&
            add_units(&tally.first_revenue, units.units) == 0)
            rt_tally_write(&profile->large, packed, &tally);
    }
}

static void settle_orders(struct rt_profile *profile)
{
    const struct order *order = rt_map_next(&profile->orders, NULL);
    for (; order != NULL; order = rt_map_next(&profile->orders, order)) {
        if (!order->purchase)
            continue;
        struct rt_packed_tally *packed = tally_of(profile, order->customer, order->first);
        struct rt_tally tally = rt_tally_read(&profile->large, packed);
        if (tally.settled || order->first != tally.first)
            continue;
        struct rt_decimal revenue = {order->revenue, order->places};
        if (rt_decimal_widen(&revenue, tally.places) == 0)
            tally.first_revenue = revenue.units;
        tally.settled = true;
        rt_tally_write(&profile->large, packed, &tally);
    }
}

void rt_profile_settle(struct rt_profile *profile)
{
    settle_refunds(profile);
    if (profile->rules.occasion == RT_OCCASION_ORDER)
        settle_orders(profile);
    if (profile->days != NULL)
        rt_days_finish(profile->days);
}

/* Lines -----------------------------------------------------------------------------------------
 */

struct rt_profile_reader {
    const struct rt_profile *profile;
    int32_t as_of;
    struct rt_days_view *days; /* where they were kept, and came in no order */
};

struct rt_profile_reader *rt_profile_reader_new(const struct rt_profile *profile, int32_t as_of)
{
    struct rt_profile_reader *reader = rt_alloc_zero(1, sizeof *reader);
    reader->profile = profile;
    reader->as_of = as_of;
    if (profile->days != NULL)
        reader->days = rt_days_view_new(profile->days);
    return reader;
}

void rt_profile_reader_free(struct rt_profile_reader *reader)
{
    if (reader == NULL)
        return;
    rt_days_view_free(reader->days);
    free(reader);
}

/* A tally whose days are counted. Inlined, so that it never lies in memory. */
__attribute__((always_inline)) static inline struct rt_tally
read_tally(const struct rt_profile_reader *reader, const void *customer,
           const struct rt_packed_tally *packed)
{
    const struct rt_profile *profile = reader->profile;
    struct rt_tally tally = rt_tally_read(&profile->large, packed);
    if (!profile->disordered || tally.first == tally.last)
        return tally;
    const uint32_t place = rt_map_offset(&profile->customers, customer);
    tally.orders = 2 + (has_split(profile) ? rt_days_count_between(reader->days, place,
                                                                   tally.first + 1, tally.last - 1)
                                           : rt_days_count(reader->days, place));
    return tally;
}

/* The days of a customer, and what is counted from them. */
static void describe_days(const struct rt_tally *tally, int32_t until, struct rt_profile_line *line)
{
    if (tally->orders == 0) {
        line->first_date = line->last_date = RT_DAY_NONE;
        line->recency_days = line->tenure_days = line->x = line->t_x = line->T = -1;
        return;
    }
    line->first_date = tally->first;
    line->last_date = tally->last;
    line->recency_days = until - tally->last;
    line->tenure_days = line->T = until - tally->first;
    line->x = line->orders - 1;
    line->t_x = tally->last - tally->first;
}

/* The mean over repeat occasions; none where there are none. */
static double repeat_mean(const struct rt_tally *tally, int64_t repeats)
{
    int64_t revenue;
    if (repeats <= 0 || __builtin_sub_overflow(tally->revenue, tally->first_revenue, &revenue))
        return NAN;
    return rt_decimal_ratio((struct rt_decimal){revenue, tally->places}, repeats);
}

static void describe_holdout(const struct rt_tally *tally, int32_t days,
                             struct rt_profile_line *line)
{
    line->x_star = (int64_t)tally->orders;
    line->revenue_star = (struct rt_decimal){tally->revenue, tally->places};
    line->T_star = days;
}

static void describe(const struct rt_profile_reader *reader, const char *state,
                     struct rt_profile_line *line)
{
    const struct rt_profile *profile = reader->profile;
    const struct rt_packed_tally *packed = (const void *)state;
    const struct rt_tally tally = read_tally(reader, state, packed);
    const int32_t until = has_split(profile) && profile->rules.split < reader->as_of
                              ? profile->rules.split
                              : reader->as_of;
    const struct rt_decimal revenue = {tally.revenue, tally.places};
    line->customer = rt_map_key(&profile->customers, state);
    line->orders = (int64_t)tally.orders;
    line->revenue = revenue;
    line->aov = rt_decimal_ratio(revenue, line->orders);
    describe_days(&tally, until, line);
    line->m_x = repeat_mean(&tally, line->x);
    if (has_split(profile)) {
        const struct rt_tally held_out = read_tally(reader, state, packed + 1);
        describe_holdout(&held_out, reader->as_of - until, line);
    }
    if (profile->rules.counter_count > 0)
        line->counts = (const void *)(state + profile->counters_at);
}

bool rt_profile_read(struct rt_profile_reader *reader, const void **place,
                     struct rt_profile_line *line)
{
    *place = rt_map_next(&reader->profile->customers, *place);
    if (*place == NULL)
        return false;
    describe(reader, *place, line);
    return true;
}
