/*
 * leaving: what the models of leaving in whole periods, sbg.h and bdw.h, have in common.
 */
#ifndef RT_LEAVING_H
#define RT_LEAVING_H

#include "libretain/histogram.h"

/* As fault() of model.h: a point must be a whole period from 1, and 0 or 1. */
const char *rt_leaving_fault(const double *at, int *column);

/* As lacks() of model.h, for a model that needs customers who left in `periods` periods or more. */
const char *rt_leaving_lacks(const struct rt_histogram *points, size_t periods);

/* The share of all who left in the first period, kept a little away from 0 and 1. */
double rt_leaving_first(const struct rt_histogram *points);

#endif
