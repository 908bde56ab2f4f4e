/*
 * quantile: order statistics and quantiles of type 7, without sorting.
 *
 * Type 7 of Hyndman and Fan (1996), the rule of R's quantile() and of spreadsheets: of n values
 * x[0] <= ... <= x[n-1] the quantile p is the value at place (n - 1) p, on the straight line
 * between the two values beside it. Values are found by counting how many fall into each of 4096
 * ranges and looking closer only where a wanted place lies: one pass over the values to count and
 * one to gather, whatever their order. The values are left as they are.
 */
#ifndef RT_QUANTILE_H
#define RT_QUANTILE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The values at `ranks`, which ascend and are below `count`: found[i] is the value that would
 * stand at place ranks[i], from 0, were the values sorted.
 */
void rt_select_whole(const int64_t *values, size_t count, const size_t *ranks, size_t rank_count,
                     int64_t *found);

/* A quantile of whole numbers, exactly: low + (high - low) * rest / of, and 0 <= rest < of. */
struct rt_quantile {
    int64_t low, high;
    int64_t rest, of;
};

/*
 * The of - 1 quantiles 1/of, 2/of, ... of at least one value, for `of` from 2 to 1000: five bins
 * have the four quantiles of `of` 5.
 */
void rt_quantiles_whole(const int64_t *values, size_t count, int64_t of,
                        struct rt_quantile *quantiles);

/*
 * The quantile for p from 0 to 1 of at least one finite value. The median is p = 0.5. As the
 * distance of two doubles may be too large for a double, the line is (1 - w) low + w high.
 */
double rt_quantile_real(const double *values, size_t count, double p);

#endif
