/*
 * sorted: reals in order, and the quantiles of decimals that were read as reals.
 */
#ifndef RT_SORTED_H
#define RT_SORTED_H

#include <stddef.h>

/* Sorts finite values, none of them -0. A radix sort: linear, with as much memory again. */
void rt_sort_reals(double *values, size_t count);

/*
 * The quantile of `percent`, 0 to 100, of at least one sorted value: type 7 of Hyndman and Fan
 * (1996), the default of R and of spreadsheets, on the line between the values of two ranks. Where
 * both were decimals of up to 15 digits the line is drawn in decimals: between 10.1 and 10.2 lies
 * 10.15, which the doubles miss.
 */
double rt_sorted_quantile(const double *values, size_t count, int percent);

#endif
