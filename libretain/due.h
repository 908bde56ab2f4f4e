/*
 * due: when each customer's next purchase is expected, or the next of each item, from a log.
 *
 * A subject is a customer, or a customer and an item. Purchases of a subject on one day are one
 * occasion; refunds, and rows with another event, are none. The days between occasions go into the
 * model of rhythm.h, whose parameters are found from all subjects, and give for each of them the
 * quantiles of the next gap, given that it has not closed by the as-of date.
 *
 * Of items, a gap is divided by the quantity bought at its start, as two bottles last twice as
 * long. All subjects share k, r and never, and each item has an alpha of its own: everybody's alpha
 * times e^t, with the t of the highest likelihood of the item's own gaps and a Normal(0, 1) prior,
 * so that an item with few gaps keeps everybody's. Of an item with more than RT_DUE_ITEM_SAMPLE
 * customers so many are taken, evenly over their gaps. The parameters and the items' t are found in
 * turns, twice.
 *
 * Sums are kept in whole numbers (2^-20 days, 2^-32 of a logarithm), so that nothing depends on the
 * order of the rows but the order of the lines. Memory per customer: that of a map (map.h) with 24
 * bytes of state; per customer and item 40 and the map's, and per item 16 and the map's.
 */
#ifndef RT_DUE_H
#define RT_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "libretain/log.h"
#include "libretain/out.h"
#include "libretain/rhythm.h"
#include "libretain/table.h"
#include "libretain/text.h"

enum { RT_DUE_ITEM_SAMPLE = 64 };

struct rt_due_form {
    bool items;
    int32_t as_of;     /* RT_DAY_NONE: the last date of the rows */
    double confidence; /* of due_lo to due_hi */
};

/* Where the rows come from. */
struct rt_due_source {
    struct rt_table *table; /* behind its header */
    struct rt_log log;
    const char *purchase; /* the event that is one */
    int threads;          /* 1 or 2 */
};

struct rt_due;

struct rt_due *rt_due_new(const struct rt_due_form *form);
void rt_due_free(struct rt_due *due);

/*
 * Reads the table to its end and finds the parameters. Returns NULL, or the message of what is
 * wrong, which lives as long as the table. Once.
 */
const char *rt_due_read(struct rt_due *due, const struct rt_due_source *source);

struct rt_due_counts {
    uint64_t rows;  /* that were read */
    uint64_t after; /* of these, after the as-of date: left out */
    uint64_t without_item;
    uint64_t subjects, items;
    int32_t as_of;
};
struct rt_due_counts rt_due_counts(const struct rt_due *due);

/* The parameters for everybody; NULL where nobody has bought twice. */
const struct rt_rhythm *rt_due_rhythm(const struct rt_due *due);

/*
 * What is expected of a subject. Days are RT_DAY_NONE and numbers nan where nobody has bought
 * twice, and where the calendar ends before.
 */
struct rt_due_line {
    struct rt_text customer, item;
    int32_t last;
    int32_t due, lo, hi; /* the median and the quantiles of the confidence: behind the as-of date */
    int64_t days;        /* from the as-of date to `due`; 0 where that is unknown */
    int64_t intervals;   /* gaps that have closed: 0 is the pooled rhythm */
    double overdue;      /* the probability that the purchase would have come by now */
};

/* Writes a line as a record; false where it is left out. Runs in two threads at a time. */
typedef bool rt_due_write(const void *what, struct rt_out *out, const struct rt_due_line *line);

/* Has all lines written, in order of first appearance. Returns how many were. */
uint64_t rt_due_lines(const struct rt_due *due, int threads, rt_due_write *write, const void *what,
                      struct rt_out *out);

#endif
