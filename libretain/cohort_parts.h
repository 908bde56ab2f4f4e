/*
 * cohort_parts: what the files of cohort share; not for others.
 */
#ifndef RT_COHORT_PARTS_H
#define RT_COHORT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/cohort.h"
#include "libretain/day.h"
#include "libretain/days.h"
#include "libretain/decimal.h"
#include "libretain/feed.h"
#include "libretain/hoard.h"
#include "libretain/key.h"
#include "libretain/map.h"

enum { RT_COHORT_EVENTS = 12, RT_COHORT_FAULT_BYTES = 600 };

/*
 * A cohort of a group. Counts and sums are by age, or by bracket, and grow as needed. In rolling
 * mode a count is of the customers whose last age that is, until rt_cohort_finish; then, and in the
 * rows of -m, of those that are active then or later.
 */
struct rt_cohort_cells {
    uint32_t group;
    int32_t index; /* of the period */
    int64_t customers;
    int64_t *counts;
    size_t count_size;
    struct rt_total *sums;
    size_t sum_size;
};

enum { RT_COHORT_RECENT = 256 };

/* The cohorts, each once, in order of first appearance until they are finished. */
struct rt_cohort_table {
    struct rt_map map; /* group and index to place + 1 */
    struct rt_cohort_cells *cells;
    size_t count, size;
    /* By group and index: places that may be wanted again, so that the map need not be asked. */
    uint32_t recent[RT_COHORT_RECENT];
};
void rt_cohort_table_init(struct rt_cohort_table *table);
void rt_cohort_table_free(struct rt_cohort_table *table);
/* The cohort, made where it is new; good until the next is made. */
struct rt_cohort_cells *rt_cohort_cells(struct rt_cohort_table *table, uint32_t group,
                                        int32_t index);
/* The cell, made where it is new. */
int64_t *rt_cohort_count(struct rt_cohort_cells *cells, size_t at);
struct rt_total *rt_cohort_sum(struct rt_cohort_cells *cells, size_t at);

/* The groups: keys by number. */
struct rt_cohort_groups {
    struct rt_map map; /* key to number + 1 */
    const void **states;
    size_t count, size;
};
void rt_cohort_groups_init(struct rt_cohort_groups *groups);
void rt_cohort_groups_free(struct rt_cohort_groups *groups);
uint32_t rt_cohort_group(struct rt_cohort_groups *groups, struct rt_text key);
struct rt_text rt_cohort_group_key(const struct rt_cohort_groups *groups, uint32_t group);

/* Indexes of periods by day, filled where they are asked for. 0 is not known yet. */
struct rt_cohort_calendar {
    struct rt_period period;
    int32_t *indexes;
};

/* Days of a customer are counted from 1: 0001-01-01. 0 is none. */
static inline int32_t rt_cohort_day(int32_t day)
{
    return day - RT_DAY_FIRST + 1;
}
static inline int32_t rt_cohort_civil(int32_t day)
{
    return day + RT_DAY_FIRST - 1;
}

void rt_cohort_calendar_init(struct rt_cohort_calendar *calendar, struct rt_period period);
int32_t rt_cohort_calendar_fill(const struct rt_cohort_calendar *calendar, int32_t day);

/* The period of a day, above 0: that of period.h, moved by RT_COHORT_INDEX. */
enum { RT_COHORT_INDEX = 1000000, RT_COHORT_DAYS = RT_DAY_LAST - RT_DAY_FIRST + 2 };
static inline int32_t rt_cohort_index(const struct rt_cohort_calendar *calendar, int32_t day)
{
    const int32_t index = calendar->indexes[day];
    return index != 0 ? index : rt_cohort_calendar_fill(calendar, day);
}

/*
 * What is known of a customer. Aligned to 4 bytes, and without what the form does not need: each
 * byte less is time.
 */
struct rt_cohort_customer {
    uint64_t ages; /* bit n: active at age n, counted from the start */
    int32_t start; /* the first day with a start */
    int32_t last;  /* the last day with a return, also one before the start */
    /* There only with groups or sums: */
    uint32_t group; /* of the start */
    int32_t early;  /* the last day of an amount that came while no start was known */
} __attribute__((packed, aligned(4)));

/* The bytes of it that a cohort of this form has. */
static inline size_t rt_cohort_customer_size(const struct rt_cohort_form *form, size_t by_count)
{
    return by_count > 0 || form->sum != NULL ? sizeof(struct rt_cohort_customer)
                                             : offsetof(struct rt_cohort_customer, group);
}

/* The cell that --list asks for, and the customers found in it. */
struct rt_cohort_wish {
    bool asked;
    struct rt_text label, age;
    bool every; /* cohort `all` */
    int32_t index;
    int32_t cell;    /* -1: all customers of the cohort */
    uint64_t *found; /* the customer's place, then the cohort's index */
    size_t count, size;
};

struct rt_cohort {
    struct rt_cohort_form form;
    size_t by_count;
    int32_t as_of; /* as it was given, or RT_DAY_NONE */
    int32_t last_day;
    struct rt_cohort_table table;
    struct rt_cohort_groups groups;
    struct rt_cohort_calendar cohorts, ages;
    uint64_t rows, after, members;
    struct rt_group_key key;
    char fault[RT_COHORT_FAULT_BYTES];
    /* Rows of a log: */
    struct rt_map customers;
    bool same;                    /* one event is start and return */
    bool start_plain, back_plain; /* the event is a purchase */
    bool keep;                    /* days and amounts are kept */
    bool disordered;              /* they are needed, and were not kept */
    struct rt_days *days;         /* what rt_cohort_kept makes of them */
    struct rt_hoard *amounts;     /* with sums */
    bool start_seen, back_seen;
    char *events[RT_COHORT_EVENTS]; /* those that were found, as long as one is missing */
    size_t event_count;
    bool more_events;
    struct rt_cohort_wish wish;
    /* Metric rows: */
    char *whole, *definition, *share_method, *sum_method;
    char *sum_metric, *sum_so_far_metric;
    bool merging;
    struct rt_cohort_shard {
        int32_t until;
        bool any;                 /* a cohort has come */
        struct rt_group_key key;  /* of that cohort's group */
        int32_t index;            /* its period */
        size_t place;             /* its place in the table */
        int64_t customers;        /* of this shard */
        int64_t shares, sums;     /* rows of cells that it has reached */
        struct rt_total sum;      /* of the last such row */
        int32_t share_at, sum_at; /* the last cells */
    } shard;
};

enum { RT_COHORT_START = 1, RT_COHORT_BACK = 2 };

/*
 * A day with what happened on it, as one number that rt_days takes for a day; and back, the day
 * above its kind. Where the same event starts and returns, the day says it all.
 */
static inline int32_t rt_cohort_kept(const struct rt_cohort *cohort, int32_t day, unsigned kind)
{
    return cohort->same ? day : (int32_t)((uint32_t)day << 2 | kind);
}
static inline uint32_t rt_cohort_unkept(const struct rt_cohort *cohort, int32_t kept)
{
    const uint32_t both = RT_COHORT_START | RT_COHORT_BACK;
    return cohort->same ? (uint32_t)kept << 2 | both : (uint32_t)kept;
}

static inline uint32_t rt_cohort_group_of(const struct rt_cohort *cohort,
                                          const struct rt_cohort_customer *customer)
{
    return cohort->by_count > 0 ? customer->group : 0;
}

/* A customer's activity at an age: counts it where it was not yet; `before` is the age before, -1
 * for none. */
void rt_cohort_count_age(const struct rt_cohort_form *form, struct rt_cohort_cells *cells,
                         int32_t before, int32_t age);
/* Adds to a sum. 0, or -1 where it does not fit. */
int rt_cohort_add_sum(const struct rt_cohort_form *form, struct rt_cohort_cells *cells, int32_t age,
                      struct rt_decimal amount);
/* When all rows are in: counts. NULL, or what is wrong. */
const char *rt_cohort_settle(struct rt_cohort *cohort);

/* The date up to which rows count; RT_DAY_NONE where there are no rows and none was given. */
int32_t rt_cohort_until(const struct rt_cohort *cohort);
/* The last age that a cohort has fully reached by `until`; -1 for none. */
int32_t rt_cohort_reached(const struct rt_cohort_form *form, int32_t until, int32_t index);
/* Has the cell, an age or the number of a bracket? */
bool rt_cohort_cell_reached(const struct rt_cohort_form *form, int32_t cell, int32_t reached);

/* The methods and metrics of the form's rows; for rows out and in. */
void rt_cohort_name(struct rt_cohort *cohort);

#endif
