/*
 * buyers: what the models of x, t_x and T ask of their points before a fit.
 */
#ifndef RT_BUYERS_H
#define RT_BUYERS_H

#include "libretain/model.h"

/* As the members of struct rt_model. */
const char *rt_buyers_fault(const double *at, int *column);
const char *rt_buyers_lack(const struct rt_histogram *points);

/* Per customer, for starting values: mean of x, variance of x, mean of T. */
struct rt_buyers_means {
    double x, variance, T;
};
struct rt_buyers_means rt_buyers_means(const struct rt_histogram *points);

/*
 * The shape r and the rate alpha of a gamma distribution whose mixture of Poisson numbers over a
 * time of mean T has these moments; r is kept from 0.05 to 20.
 */
void rt_buyers_start(const struct rt_histogram *points, double *r, double *alpha);

#endif
