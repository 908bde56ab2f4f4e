#include "libretain/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/days.h"
#include "libretain/err.h"
#include "libretain/lookup.h"

/*
 * What is known of a customer's purchases in one period. Aligned to 4 bytes only: a million
 * customers are looked up at random, and each byte less is time.
 */
struct period {
    int32_t first, last;   /* days of purchase; meaningless while there are no orders */
    int64_t revenue;       /* in 10^-places, refunds taken off */
    int64_t first_revenue; /* of the first occasion */
    uint64_t orders : 57;  /* occasions */
    uint64_t places : 6;
    uint64_t settled : 1; /* first_revenue was found among the orders */
} __attribute__((packed, aligned(4)));

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
    struct rt_days *days; /* of purchase, where they are kept */
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
    if (rules->keep_days)
        profile->days = rt_days_new(RT_PILES_DAY_BITS);
    profile->counters_at = (has_split(profile) ? 2 : 1) * sizeof(struct period);
    const size_t size = profile->counters_at + rules->counter_count * sizeof(int64_t);
    if (rules->counter_count > 0)
        rt_map_init(&profile->customers, size);
    else
        rt_map_init_dense(&profile->customers, size);
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
    free(profile->refunds);
    free(profile->order_key);
    free(profile);
}

void rt_profile_clear(struct rt_profile *profile)
{
    rt_map_clear(&profile->customers);
    if (profile->rules.occasion == RT_OCCASION_ORDER)
        rt_map_clear(&profile->orders);
    profile->refund_count = 0;
    if (profile->days != NULL)
        rt_days_clear(profile->days);
    profile->disordered = false;
}

void rt_profile_restart(struct rt_profile *profile)
{
    rt_profile_clear(profile);
    if (profile->days == NULL)
        profile->days = rt_days_new(RT_PILES_DAY_BITS);
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

/* Gives the period's sums as many places as the amount has. */
static int widen_period(struct period *period, int places)
{
    struct rt_decimal revenue = {period->revenue, (int)period->places};
    struct rt_decimal first = {period->first_revenue, (int)period->places};
    if (rt_decimal_widen(&revenue, places) != 0 || rt_decimal_widen(&first, places) != 0)
        return -1;
    period->revenue = revenue.units;
    period->first_revenue = first.units;
    period->places = (unsigned)places & 63;
    return 0;
}

/* The amount's units in the period's places, which grow where they must. 0, or -1. */
static int fit_amount(struct period *period, struct rt_decimal amount, int64_t *units)
{
    if (amount.places > (int)period->places && widen_period(period, amount.places) != 0)
        return -1;
    if (amount.places < (int)period->places && rt_decimal_widen(&amount, (int)period->places) != 0)
        return -1;
    *units = amount.units;
    return 0;
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

/* A purchase where a day is an occasion. */
static inline void add_purchase_day(struct rt_profile *profile, struct period *period,
                                    const char *state, int32_t day, int64_t units)
{
    const bool known = period->orders > 0;
    if (known && day == period->last) {
        if (day == period->first)
            period->first_revenue += units;
        return;
    }
    if (profile->days != NULL)
        rt_days_add(profile->days, rt_map_offset(&profile->customers, state), day);
    if (!known || day < period->first) {
        period->first = day;
        period->first_revenue = units;
    } else if (day == period->first) {
        period->first_revenue += units;
    }
    if (!known || day > period->last) {
        period->last = day;
        period->orders++;
    } else {
        profile->disordered = true;
    }
}

/* A refund on the first day of purchase takes off that day's revenue. */
static void add_refund_day(struct rt_profile *profile, struct period *period, const char *state,
                           int32_t day, int64_t units)
{
    if (period->orders > 0 && day == period->first)
        period->first_revenue += units;
    else if (period->orders == 0 || day < period->first)
        keep_refund(profile, (struct early_refund){rt_map_offset(&profile->customers, state), day,
                                                   units, (int)period->places});
}

/* A purchase where a row is an occasion. */
static void add_purchase_row(struct period *period, int32_t day, int64_t units)
{
    if (period->orders == 0 || day < period->first) {
        period->first = day;
        period->first_revenue = units;
    }
    if (period->orders == 0 || day > period->last)
        period->last = day;
    period->orders++;
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
static const char *add_to_order(struct rt_profile *profile, struct period *period,
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
            return "more digits than can be added exactly";
        order->revenue = revenue.units;
        order->places = amount.places;
    }
    if (add_amount(&order->revenue, order->places, amount) != 0)
        return "more digits than can be added exactly";
    order->customer = customer;
    if (!purchase)
        return NULL;
    if (!order->purchase || day < order->first)
        order->first = day;
    const bool known = period->orders > 0;
    if (!known || day < period->first)
        period->first = day;
    if (!known || day > period->last)
        period->last = day;
    period->orders += !order->purchase;
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

/* Adds a row to its customer. Returns what is wrong, or NULL. Kept out of the loop, which then is
 * small where most rows need none of this. */
__attribute__((noinline)) static const char *add_row(struct rt_profile *profile, char *state,
                                                     const struct rt_feed_block *block, size_t i,
                                                     enum rt_log_column *column)
{
    static const char too_long[] = "more digits than can be added exactly";
    const struct rt_feed_row *row = &block->row[i];
    const bool held_out = has_split(profile) && row->day > profile->rules.split;
    if (profile->rules.counter_count > 0 && !held_out)
        count_row(profile, state, block, i);
    if (row->event)
        return NULL;
    struct period *period = (struct period *)(void *)state + held_out;
    const struct rt_decimal amount = rt_feed_amount(row);
    int64_t units = row->units, revenue;
    *column = RT_LOG_AMOUNT;
    if (row->places != period->places && fit_amount(period, amount, &units) != 0)
        return too_long;
    if (__builtin_add_overflow(period->revenue, units, &revenue))
        return too_long;
    period->revenue = revenue;
    switch (profile->rules.occasion) {
    case RT_OCCASION_DAY:
        if (units >= 0)
            add_purchase_day(profile, period, state, row->day, units);
        else
            add_refund_day(profile, period, state, row->day, units);
        break;
    case RT_OCCASION_ORDER:
        *column = RT_LOG_ORDER;
        return add_to_order(profile, period, rt_map_offset(&profile->customers, state), held_out,
                            rt_feed_cell(block, i, (size_t)profile->rules.order_column), row->day,
                            amount);
    case RT_OCCASION_ROW:
        if (units >= 0)
            add_purchase_row(period, row->day, units);
        break;
    }
    return NULL;
}

/*
 * What most rows are where days are occasions: a purchase that is not the customer's first, its
 * amount written with as many places. False where it is not, and nothing was done.
 */
static inline bool add_usual_purchase(struct rt_profile *profile, struct period *period,
                                      const char *state, const struct rt_feed_row *row)
{
    int64_t revenue;
    if (row->event || row->units < 0 || row->places != period->places || period->orders == 0 ||
        __builtin_add_overflow(period->revenue, row->units, &revenue))
        return false;
    period->revenue = revenue;
    add_purchase_day(profile, period, state, row->day, row->units);
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
look_at_row(void *what, struct rt_feed_block *block, size_t i, uint32_t expected)
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
    if (rows->days_alone && add_usual_purchase(profile, (struct period *)(void *)state, state, row))
        return 0;
    /* A new customer always comes here: it has no purchase yet that this one could follow. */
    if (profile->customers.count > rows->known) {
        rows->known = profile->customers.count;
        rt_feed_note(block, i);
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

static struct period *periods_of(const struct rt_profile *profile, uint32_t customer)
{
    return rt_map_at(&profile->customers, customer);
}

static struct period *period_of(const struct rt_profile *profile, uint32_t customer, int32_t day)
{
    return periods_of(profile, customer) + (has_split(profile) && day > profile->rules.split);
}

static void settle_refunds(struct rt_profile *profile)
{
    for (size_t i = 0; i < profile->refund_count; i++) {
        const struct early_refund *refund = &profile->refunds[i];
        struct period *period = period_of(profile, refund->customer, refund->day);
        if (period->orders == 0 || refund->day != period->first)
            continue;
        struct rt_decimal units = {refund->units, refund->places};
        /* The revenue holds it already, with at least these places: both fit. */
        if (rt_decimal_widen(&units, (int)period->places) == 0)
            period->first_revenue += units.units;
    }
}

static void settle_orders(struct rt_profile *profile)
{
    const struct order *order = rt_map_next(&profile->orders, NULL);
    for (; order != NULL; order = rt_map_next(&profile->orders, order)) {
        if (!order->purchase)
            continue;
        struct period *period = period_of(profile, order->customer, order->first);
        if (period->settled || order->first != period->first)
            continue;
        struct rt_decimal revenue = {order->revenue, order->places};
        if (rt_decimal_widen(&revenue, (int)period->places) == 0)
            period->first_revenue = revenue.units;
        period->settled = 1;
    }
}

/* Days that came out of order for some customer are counted anew. */
static void count_days(void *what, uint32_t customer, const int32_t *days, size_t count)
{
    const struct rt_profile *profile = what;
    struct period *periods = periods_of(profile, customer);
    size_t first = count;
    while (has_split(profile) && first > 0 && days[first - 1] > profile->rules.split)
        first--;
    periods[0].orders = first & UINT64_C(0x1ffffffffffffff);
    if (has_split(profile))
        periods[1].orders = (count - first) & UINT64_C(0x1ffffffffffffff);
}

void rt_profile_settle(struct rt_profile *profile, int threads)
{
    settle_refunds(profile);
    if (profile->rules.occasion == RT_OCCASION_ORDER)
        settle_orders(profile);
    if (profile->disordered && profile->days != NULL)
        rt_days_each(profile->days, threads, count_days, profile);
}

/* Lines -----------------------------------------------------------------------------------------
 */

static void describe(const struct rt_profile *profile, const char *state, int32_t as_of,
                     struct rt_profile_line *line)
{
    const struct period *period = (const void *)state;
    const int32_t until =
        has_split(profile) && profile->rules.split < as_of ? profile->rules.split : as_of;
    const int places = (int)period->places;
    *line = (struct rt_profile_line){
        .customer = rt_map_key(&profile->customers, state),
        .first_date = RT_DAY_NONE,
        .last_date = RT_DAY_NONE,
        .orders = (int64_t)period->orders,
        .revenue = {period->revenue, places},
        .aov = NAN,
        .recency_days = -1,
        .tenure_days = -1,
        .x = -1,
        .t_x = -1,
        .T = -1,
        .m_x = NAN,
    };
    if (line->orders > 0) {
        line->first_date = period->first;
        line->last_date = period->last;
        line->aov = rt_decimal_ratio(line->revenue, line->orders);
        line->recency_days = until - period->last;
        line->tenure_days = line->T = until - period->first;
        line->x = line->orders - 1;
        line->t_x = period->last - period->first;
    }
    if (line->x > 0) {
        int64_t repeat;
        if (!__builtin_sub_overflow(period->revenue, period->first_revenue, &repeat))
            line->m_x = rt_decimal_ratio((struct rt_decimal){repeat, places}, line->x);
    }
    if (has_split(profile)) {
        line->x_star = (int64_t)period[1].orders;
        line->revenue_star = (struct rt_decimal){period[1].revenue, (int)period[1].places};
        line->T_star = as_of - until;
    }
    if (profile->rules.counter_count > 0)
        line->counts = (const void *)(state + profile->counters_at);
}

bool rt_profile_next(const struct rt_profile *profile, int32_t as_of, const void **place,
                     struct rt_profile_line *line)
{
    *place = rt_map_next(&profile->customers, *place);
    if (*place == NULL)
        return false;
    describe(profile, *place, as_of, line);
    return true;
}
