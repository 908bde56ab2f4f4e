/*
 * bgnbd: the BG/NBD model, beta-geometric drop-out beside negative binomial purchases.
 *
 * Fader, Hardie, Lee, Counting Your Customers the Easy Way, Marketing Science 24 (2005). While
 * there, a customer buys at a rate that follows Gamma(r, alpha); after each repeat purchase he
 * drops out with a probability that follows Beta(a, b). Somebody without a repeat purchase has not
 * dropped out, by construction: see mbgnbd.h.
 *
 * Parameters: r, alpha, a, b. A point: x, t_x, T. See model.h for what each function gives.
 */
#ifndef RT_BGNBD_H
#define RT_BGNBD_H

#include "libretain/model.h"

extern const struct rt_model rt_bgnbd;

double rt_bgnbd_loglik(const double *params, const double *at, double *gradient);
double rt_bgnbd_palive(const double *params, const double *at);
double rt_bgnbd_expected(const double *params, const double *at, double horizon);
double rt_bgnbd_variance(const double *params, const double *at, double horizon);
double rt_bgnbd_future(const double *params, const double *at, double horizon, double count);
double rt_bgnbd_expected_new(const double *params, double time);
double rt_bgnbd_pmf(const double *params, double time, double count);

/*
 * A customer who is still there after x repeat purchases by the age T is from then on as a new one
 * with the parameters r + x, alpha + T, a, b + x: the posteriors of his rate and of his probability
 * of dropping out are independent. For mbgnbd, b + x + 1.
 */
void rt_bgnbd_later(const double *params, const double *at, double later[RT_MODEL_PARAMS]);

#endif
