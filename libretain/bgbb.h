/*
 * bgbb: the beta-geometric/beta-Bernoulli model, for purchases that are yes or no in each period.
 *
 * Fader, Hardie, Shang, Customer-base analysis in a discrete-time noncontractual setting, Marketing
 * Science 29 (2010). While there, a customer is active in a period with a probability that follows
 * Beta(alpha, beta); at the beginning of each he drops out with a probability that follows
 * Beta(gamma, delta). For donations by year, visits to a yearly fair, or purchases so frequent that
 * only weeks with and without are told apart.
 *
 * Parameters: alpha, beta, gamma, delta. A point: x, t_x, n: in how many of n periods he was
 * active, and in which last (0: in none). All are whole; a horizon is cut to whole periods.
 */
#ifndef RT_BGBB_H
#define RT_BGBB_H

#include "libretain/model.h"

extern const struct rt_model rt_bgbb;

/* Equation 5. Takes time in proportion to n - t_x. */
double rt_bgbb_loglik(const double *params, const double *at, double *gradient);

/* The probability that he is there in period n + 1, not in n (equation 11). */
double rt_bgbb_palive(const double *params, const double *at);

/* Periods with a purchase to expect among the next `horizon` (equation 13). */
double rt_bgbb_expected(const double *params, const double *at, double horizon);

/* The probability of exactly `count` of them (equation 16). */
double rt_bgbb_future(const double *params, const double *at, double horizon, double count);

/* Discounted to the end of time, the first at the end of period n + 1 (equation 14). */
double rt_bgbb_dert(const double *params, const double *at, double rate);

/* Of somebody new: expected active periods among the first `time`, and how many (8, 10). */
double rt_bgbb_expected_new(const double *params, double time);
double rt_bgbb_pmf(const double *params, double time, double count);

#endif
