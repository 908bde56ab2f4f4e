/*
 * bdw: the beta-discrete-Weibull model of how long subscribers stay.
 *
 * Fader, Hardie, Liu, Davin, Steenburgh, "How to project customer retention" revisited, Journal of
 * Interactive Marketing 43 (2018). As sbg.h, but for the chance to leave, which may rise (c above
 * 1) or fall with the time that a customer has been there: S(t) = B(a, b + t^c) / B(a, b). With c 1
 * it is the shifted beta-geometric model.
 *
 * Parameters: a, b, c. A point: period, left (see model.h). Periods are whole and count from 1.
 */
#ifndef RT_BDW_H
#define RT_BDW_H

#include "libretain/model.h"

extern const struct rt_model rt_bdw;

double rt_bdw_loglik(const double *params, const double *at, double *gradient);

/* The share that is there at the end of period `time`, which may be 0. */
double rt_bdw_survival(const double *params, double time);

/* Of those who are there at the end of period `time` - 1, the share that stays. */
double rt_bdw_retention(const double *params, double time);

/*
 * The discounted expected residual lifetime as of rt_sbg_residual. Terms are added one by one for
 * 4,096 periods; what is left is an integral, by the rule of Euler and Maclaurin. Infinite where
 * nothing is discounted and a c is at most 1.
 */
double rt_bdw_residual(const double *params, double time, double discount);

#endif
