/*
 * profile: one line per customer, made of the rows of a log.
 *
 * A purchase occasion is a day with purchases, an order, or a row. A row with a negative amount is
 * a refund: it counts in the revenue of its day or order, and is no occasion. Days are counted from
 * the as-of date backwards; rows after it are left out. With a split, a customer has two periods:
 * up to and including that day (calibration), and behind it (holdout).
 *
 * Sums are exact, and no result depends on the order of the rows, but for that of the lines.
 * Memory per customer: see map.h; the state is 20 bytes, 40 with a holdout, and 8 for each counter.
 */
#ifndef RT_PROFILE_H
#define RT_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "libretain/feed.h"
#include "libretain/map.h"

enum rt_occasion { RT_OCCASION_DAY, RT_OCCASION_ORDER, RT_OCCASION_ROW };

/* Rows in which the cell of `column` is `value` are counted. */
struct rt_profile_counter {
    int column;
    const char *value;
};

struct rt_profile_rules {
    enum rt_occasion occasion;
    int order_column; /* of order_id; used for RT_OCCASION_ORDER */
    int32_t as_of;    /* RT_DAY_NONE: the last date of the rows */
    int32_t split;    /* RT_DAY_NONE: no holdout */
    /*
     * Keep each customer's days of purchase, about 2 bytes each. Without them the days of customers
     * whose rows do not come in order of date cannot be told apart; see rt_profile_lacks_days.
     */
    bool keep_days;
    const struct rt_profile_counter *counters;
    size_t counter_count;
};

struct rt_profile;

struct rt_profile *rt_profile_new(const struct rt_profile_rules *rules);
/* One for other customers, by the same rules and with the same hashes. */
struct rt_profile *rt_profile_new_beside(const struct rt_profile *profile);
void rt_profile_free(struct rt_profile *profile);
/* Forgets all rows and customers; keeps the last date and the counts of rows. */
void rt_profile_clear(struct rt_profile *profile);
/* Forgets everything, and keeps days from now on. */
void rt_profile_restart(struct rt_profile *profile);

/* For rt_feed_run. */
const struct rt_map *rt_profile_map(const struct rt_profile *profile);

/*
 * Adds rows `from` to `to` - 1 of a block, and notes those in which a customer is new. Returns -1
 * where all went well, or the number of the row that could not be added, with *fault what is wrong
 * and *column whose cell it is in.
 */
int64_t rt_profile_add(struct rt_profile *profile, struct rt_feed_block *block, size_t from,
                       size_t to, const char **fault, enum rt_log_column *column);

/* Rows came out of order of date for some customer, and days were not kept: start again. */
bool rt_profile_lacks_days(const struct rt_profile *profile);

struct rt_profile_counts {
    uint64_t rows;  /* that were added */
    uint64_t after; /* of these, after the as-of date: left out */
    uint64_t customers;
    int32_t last_day; /* of all rows; RT_DAY_NONE where there are none */
};
struct rt_profile_counts rt_profile_counts(const struct rt_profile *profile);

/* When all rows are in, and before the first line: settles days and orders. */
void rt_profile_settle(struct rt_profile *profile);

/* A customer's line. Undefined: RT_DAY_NONE for days, nan for reals, -1 for counts. */
struct rt_profile_line {
    struct rt_text customer;
    int32_t first_date, last_date;
    int64_t orders;
    struct rt_decimal revenue;
    double aov;
    int64_t recency_days, tenure_days;
    int64_t x, t_x, T; /* days; Fader, Hardie, Lee 2005 */
    double m_x;
    /* With a split, else not set: occasions, revenue and days of the holdout. */
    int64_t x_star;
    struct rt_decimal revenue_star;
    int64_t T_star;
    const int64_t *counts; /* with counters, else not set */
};

/*
 * Reads the lines of a profile; each thread needs a reader of its own. `as_of` as in the rules, or
 * the last date. A reader can go on being used when the profile was cleared and settled again.
 */
struct rt_profile_reader;

struct rt_profile_reader *rt_profile_reader_new(const struct rt_profile *profile, int32_t as_of);
void rt_profile_reader_free(struct rt_profile_reader *reader);

/* Lines in order of first appearance: start with *place NULL; false behind the last. */
bool rt_profile_read(struct rt_profile_reader *reader, const void **place,
                     struct rt_profile_line *line);

#endif
