/*
 * churn_parts: what the files of churn share; nobody else includes it.
 *
 * churn.c counts purchases, churn_read.c reads a log into it, churn_list.c lists customers,
 * churn_merge.c takes metric rows, churn_rows.c gives them.
 */
#ifndef RT_CHURN_PARTS_H
#define RT_CHURN_PARTS_H

#include "libretain/churn.h"
#include "libretain/days.h"
#include "libretain/decimal.h"
#include "libretain/feed.h"
#include "libretain/gaps.h"
#include "libretain/hoard.h"
#include "libretain/map.h"

enum { RT_CHURN_FAULT_BYTES = 200, RT_CHURN_METHOD_BYTES = 100, RT_CHURN_DAYS_CACHED = 4096 };

/* What a customer is in the period of the last purchase. */
enum rt_churn_standing { RT_CHURN_OF_START, RT_CHURN_OF_NEW, RT_CHURN_OF_RETURNED };
enum { RT_CHURN_STANDINGS = 3, RT_CHURN_IDLE_METHODS = 3 };

/*
 * Millions of these are looked up at random: each byte less is time, and what is not needed is left
 * out.
 */
struct rt_churn_customer {
    int32_t first, last; /* days of purchase, where `known` */
    uint32_t group : 28;
    uint32_t standing : 2;
    uint32_t repeated : 1; /* bought on two days or more of the period of `last` */
    uint32_t known : 1;    /* has bought */
    /* There only where days are kept and there are no groups: */
    int64_t revenue_new; /* in the period of `first`, in 10^-places of the churn */
} __attribute__((packed, aligned(4)));

/* A group in a period. */
struct rt_churn_cell {
    int64_t came, returned;
    int64_t lost[RT_CHURN_STANDINGS];
    int64_t ends; /* active at the end: the change of that number from the period before */
    int64_t buyers, repeaters, orders, orders_new;
    __int128 revenue, revenue_new; /* in 10^-places of the churn */
};

struct rt_churn_group {
    const void *key; /* its state in the map of keys */
    int32_t base;    /* the period of cells[0] */
    uint32_t size;
    struct rt_churn_cell *cells;
    int64_t (*active)[RT_CHURN_STANDINGS]; /* per day from active_from: still active, by last day */
};

/*
 * Revenue that waits for its customer's first purchase to be known: a refund that came before it,
 * or may have, and what a customer's revenue_new has no room for.
 */
struct rt_churn_waiting {
    uint32_t customer;
    uint32_t group; /* of its own row, for customers that never buy */
    int32_t day;
    int16_t places;
    bool added; /* as revenue, though not yet as that of a new customer */
    int64_t units;
};

/* Customers of a merged shard who were active at its end. */
struct rt_churn_tail {
    uint32_t group;
    int32_t from, last; /* the period of the shard's end, the day of the last purchase */
    enum rt_churn_standing standing;
    int64_t count;
};

/* What a merge knows of the shard whose rows it reads; see churn_merge.c. */
struct rt_churn_shard {
    bool begun;         /* there was a row */
    bool given;         /* --as-of was */
    bool confident;     /* the confidence is known */
    bool idle_known;    /* the row of the idle days came */
    bool idle_differs;  /* auto took other days for other shards */
    bool amounts_known; /* whether there are amounts */
    bool inside;        /* within the rows of a period */
    int32_t as_of, end; /* RT_DAY_NONE, or the as-of date and its period */
    int32_t group, at;  /* of the last period; group -1 before the first */
    size_t next;        /* the place of the next row among those of the period */
    int32_t idle;       /* the days that this shard was counted with; -1: none */
    int64_t ends;       /* customers at the shard's end, by the rows of its last period */
    int64_t tails;      /* the same by last purchase */
    int64_t start, lost, lost_start;
};

struct rt_churn {
    struct rt_churn_form form;
    int32_t idle; /* in days, once it is known */
    struct rt_gap_quantile found;
    bool adopted; /* as_of was given, or the shards' was */
    bool unknown; /* a merge of no rows */
    int32_t as_of, last_day;
    int32_t first_period; /* of all rows that count */
    bool any;             /* there is such a row */
    int64_t rows, after;
    struct rt_gaps gaps;

    struct rt_map customers;
    uint64_t absorbed;  /* customers of parts */
    struct rt_map keys; /* of the groups; the state is the number of the group + 1 */
    struct rt_churn_group *groups;
    size_t group_count, group_size;
    struct rt_group_key key;
    struct {
        int32_t day, period;
    } cached[RT_CHURN_DAYS_CACHED];
    int places;

    /*
     * Purchases are counted as they come while those of each customer come in order of date; else
     * their days are kept, and counted at the end. Revenue does not depend on the order but by the
     * group, which is that of the first purchase: with groups, amounts are kept as well.
     */
    bool keep, disordered;
    struct rt_days *days; /* but for the first and last one of each customer */
    struct rt_hoard *amounts;
    struct rt_churn_waiting *waiting;
    size_t waiting_count, waiting_size;

    struct rt_churn_tail *tails;
    size_t tail_count, tail_size;
    int32_t *open_last; /* of a merge: last days of open gaps, with their counts */
    int64_t *open_count;
    size_t open_used, open_size;
    struct rt_churn_shard shard;
    char fault[RT_CHURN_FAULT_BYTES];
};

/* The period of a day from RT_DAY_FIRST to RT_DAY_LAST. */
static inline int32_t rt_churn_period(struct rt_churn *churn, int32_t day)
{
    const size_t at = (uint32_t)day % RT_CHURN_DAYS_CACHED;
    if (churn->cached[at].day != day) {
        churn->cached[at].day = day;
        churn->cached[at].period = rt_period_index(&churn->form.period, day);
    }
    return churn->cached[at].period;
}

/* The group of the key in churn->key, made where it is new. */
uint32_t rt_churn_group(struct rt_churn *churn);
struct rt_churn_cell *rt_churn_grow(struct rt_churn_group *group, int32_t period);

/* The cell of a group, made where it is not there; good until the next call for the group. */
static inline struct rt_churn_cell *rt_churn_cell(struct rt_churn *churn, size_t group,
                                                  int32_t period)
{
    struct rt_churn_group *owner = &churn->groups[group];
    const uint32_t at = (uint32_t)period - (uint32_t)owner->base;
    return at < owner->size ? &owner->cells[at] : rt_churn_grow(owner, period);
}

/* A row of this period counts. */
static inline void rt_churn_note_period(struct rt_churn *churn, int32_t period)
{
    if (!churn->any || period < churn->first_period)
        churn->first_period = period;
    churn->any = true;
}

/* Gives revenue so many places. Returns 0, or -1 where it does not fit. */
int rt_churn_widen(struct rt_churn *churn, int places);

void rt_churn_wait(struct rt_churn *churn, struct rt_churn_waiting revenue);

/* An amount in the places of the churn, which are at least its own. */
static inline __int128 rt_churn_units(const struct rt_churn *churn, int64_t units, int places)
{
    __int128 wide = units;
    for (; places < churn->places; places++)
        wide *= 10;
    return wide;
}

/* Counts a purchase of a customer whose purchases come in order. Returns 0, or -1: too large. */
int rt_churn_purchase(struct rt_churn *churn, struct rt_churn_customer *customer, int32_t day,
                      __int128 units);

/* Adds revenue; `fresh` where the customer is new in its period. 0, or -1: too large. */
int rt_churn_add_revenue(struct rt_churn *churn, size_t group, int32_t period, bool fresh,
                         __int128 units);

/* Adds revenue of a new customer that was added as revenue already. 0, or -1: too large. */
int rt_churn_add_revenue_new(struct rt_churn *churn, size_t group, int32_t period, __int128 units);

/*
 * Makes the churn, which has no customers yet, keep days of purchase. Those and the states of
 * customers go on in a map that is made anew, with the same hashes.
 */
void rt_churn_keep_days(struct rt_churn *churn);

/* Calls `work` for each customer who has bought, by their places, with all days that were kept. */
void rt_churn_each(struct rt_churn *churn, rt_days_work *work, void *what);

/* One for a part of the customers, of the same form and with the same hashes. */
struct rt_churn *rt_churn_new_part(const struct rt_churn *churn);
/*
 * Adds what was counted in a part, where there are no groups. Both have the same idle days, as-of
 * date and first period. Returns 0, or -1: too large.
 */
int rt_churn_absorb(struct rt_churn *churn, struct rt_churn *part);

/* Forgets all that was absorbed. */
void rt_churn_forget(struct rt_churn *churn);

/* Forgets what was counted of purchases; keeps customers, groups and kept rows. */
void rt_churn_reset(struct rt_churn *churn);

/*
 * What became up to the as-of date of `count` customers who did not buy after `last`: they are
 * active in period `from`, and of that standing in it, unless they were lost in it.
 */
void rt_churn_end(struct rt_churn *churn, const struct rt_churn_tail *tail);

/* The first day of which churn_group.active counts, once as_of and idle are known. */
int32_t rt_churn_active_from(const struct rt_churn *churn);

/* Finds the idle days from the gaps. NULL, or why there are none. */
const char *rt_churn_find_idle(struct rt_churn *churn);

/* The metrics of a group and period, in the order in which they are written. */
enum rt_churn_metric {
    RT_CHURN_START,
    RT_CHURN_CAME,
    RT_CHURN_CAME_BACK,
    RT_CHURN_LEFT,
    RT_CHURN_END,
    RT_CHURN_RATE,
    RT_CHURN_RATE_STRIPE,
    RT_CHURN_RETENTION,
    RT_CHURN_RETENTION_PLAIN,
    RT_CHURN_MONTH,
    RT_CHURN_YEAR,
    RT_CHURN_CHANGE,
    RT_CHURN_REPEAT,
    RT_CHURN_FREQUENCY,
    RT_CHURN_ORDERS,
    RT_CHURN_AOV,
    RT_CHURN_AOV_NEW,
    RT_CHURN_AOV_RETURNING,
    RT_CHURN_REVENUE,
    RT_CHURN_SHARE,
    RT_CHURN_METRICS
};

/* `method` without the confidence; `interval` tells whether that comes behind it. */
struct rt_churn_name {
    const char *metric, *method;
    bool interval, amounts;
};
extern const struct rt_churn_name rt_churn_names[RT_CHURN_METRICS];
extern const char rt_churn_as_of[], rt_churn_idle[], rt_churn_gaps[], rt_churn_last[];
extern const char *const
    rt_churn_idle_methods[RT_CHURN_IDLE_METHODS];   /* given, found, found of gaps that close */
extern const char *const rt_churn_gap_methods[2];   /* closed, open */
extern const char *const rt_churn_as_of_methods[2]; /* last date, given */
extern const char *const rt_churn_standing_names[RT_CHURN_STANDINGS];

#endif
