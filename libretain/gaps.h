/*
 * gaps: how long it takes until a customer buys again, by Kaplan and Meier.
 *
 * A gap is the number of days from a purchase to the next one. The last purchase of each customer
 * begins a gap that is still open on the as-of date: it is at least that long, which is all that is
 * known of it (it is censored). Counts are kept per length, so that parts of the customers add up
 * to the whole in any order.
 */
#ifndef RT_GAPS_H
#define RT_GAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Begins as {0}. Owns its arrays, which are indexed by days. */
struct rt_gaps {
    int64_t *closed, *open;
    size_t size;
};

/* Counts gaps of so many days, 0 or more: one that closed takes at least 1. */
void rt_gaps_add_closed(struct rt_gaps *gaps, int32_t days, int64_t count);
void rt_gaps_add_open(struct rt_gaps *gaps, int32_t days, int64_t count);
/* Adds the counts of other customers. */
void rt_gaps_merge(struct rt_gaps *gaps, const struct rt_gaps *other);
void rt_gaps_free(struct rt_gaps *gaps);

/*
 * The least number of days by which `share` of the gaps have closed: the first t with
 * S(t) <= 1 - share, where S(t) = prod(1 - d/n) over the lengths up to t, d gaps that closed at
 * that length of the n that were at least that long (Kaplan and Meier 1958). Where S never falls
 * that low, as some customers leave for good, the same of the gaps that ever close, by the same
 * estimate: S(t) <= 1 - share * (1 - S(last)), and `ever` says so. lo and hi are where the limits
 * of S pass the same level (Brookmeyer and Crowley 1982); the limits are those of the log-log
 * scale, S^exp(-/+ z sqrt(V) / ln S) with Greenwood's V. -1 where the data do not reach it.
 */
struct rt_gap_quantile {
    int32_t days, lo, hi;
    bool ever;
};
struct rt_gap_quantile rt_gaps_quantile(const struct rt_gaps *gaps, double share,
                                        double confidence);

#endif
