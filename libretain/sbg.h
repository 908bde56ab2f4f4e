/*
 * sbg: the shifted beta-geometric model of how long subscribers stay.
 *
 * Fader and Hardie, How to project customer retention, Journal of Interactive Marketing 21 (2007).
 * At the end of each period a customer leaves with a probability that is his own for good and
 * follows Beta(alpha, beta) among customers. Those who remain are the better ones, so retention
 * rises with time though nobody changes.
 *
 * Parameters: alpha, beta. A point: period, left (see model.h). Periods are whole and count from 1.
 */
#ifndef RT_SBG_H
#define RT_SBG_H

#include "libretain/model.h"

extern const struct rt_model rt_sbg;

double rt_sbg_loglik(const double *params, const double *at, double *gradient);

/* The share that is there at the end of period `time`, which may be 0 (equation 2). */
double rt_sbg_survival(const double *params, double time);

/* Of those who are there at the end of period `time` - 1, the share that stays (equation 8). */
double rt_sbg_retention(const double *params, double time);

/*
 * The discounted expected residual lifetime, in periods, of a customer just before the decision
 * that ends period `time`: the sum over t >= time of S(t) / S(time - 1) / (1 + discount)^(t -
 * time), which is equation 6 of Fader and Hardie, Customer-base valuation in a contractual setting,
 * Marketing Science 29 (2010). `discount` is that of one period, 0 or more. Infinite where nothing
 * is discounted and alpha is at most 1.
 */
double rt_sbg_residual(const double *params, double time, double discount);

#endif
