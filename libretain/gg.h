/*
 * gg: the Gamma-Gamma model of what customers spend on a purchase.
 *
 * Fader and Hardie, The Gamma-Gamma model of monetary value (note 025, 2013). The value of each
 * purchase of a customer follows Gamma(p, nu), and nu differs between customers by Gamma(q, v); it
 * is taken not to depend on how often he buys.
 *
 * Parameters: p, q, v (gamma in the note). A point: x, m_x, both above 0; customers without a
 * repeat purchase, or without a mean value above 0, have no likelihood and must be left out of a
 * fit. v is in the currency.
 */
#ifndef RT_GG_H
#define RT_GG_H

#include "libretain/model.h"

extern const struct rt_model rt_gg;

double rt_gg_loglik(const double *params, const double *at, double *gradient);

/*
 * The expected value of a customer's purchase, given x of them with the mean m_x; with x 0 that of
 * all customers, p v / (q - 1). nan where there is none: p x + q <= 1.
 */
double rt_gg_expected(const double *params, const double *at);
/*
 * The variance of what is expected of the customer in the long run, his own mean value; infinite
 * where p x + q <= 2.
 */
double rt_gg_variance(const double *params, const double *at);
/*
 * The variance of the value of a single purchase about the customer's own mean, on the average over
 * what he may be; infinite where p x + q <= 2. That of a sum of k purchases is
 * k * rt_gg_within + k^2 * rt_gg_variance.
 */
double rt_gg_within(const double *params, const double *at);

#endif
