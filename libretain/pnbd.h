/*
 * pnbd: the Pareto/NBD model.
 *
 * Schmittlein, Morrison, Colombo, Counting Your Customers, Management Science 33 (1987); the
 * likelihood as of Fader and Hardie, A note on deriving the Pareto/NBD model (2005). A customer
 * buys at a rate that follows Gamma(r, alpha) until the end of a lifetime that is exponential with
 * a rate that follows Gamma(s, beta).
 *
 * Parameters: r, alpha, s, beta. A point: x, t_x, T. See model.h for what each function gives.
 */
#ifndef RT_PNBD_H
#define RT_PNBD_H

#include "libretain/model.h"

extern const struct rt_model rt_pnbd;

double rt_pnbd_loglik(const double *params, const double *at, double *gradient);
double rt_pnbd_palive(const double *params, const double *at);
double rt_pnbd_expected(const double *params, const double *at, double horizon);
double rt_pnbd_variance(const double *params, const double *at, double horizon);
double rt_pnbd_future(const double *params, const double *at, double horizon, double count);
double rt_pnbd_expected_new(const double *params, double time);
double rt_pnbd_pmf(const double *params, double time, double count);

/*
 * Discounted expected residual transactions (Fader, Hardie, Lee, RFM and CLV, Journal of Marketing
 * Research 42, 2005), with e^z gamma(1 - s, z) for Tricomi's function (DLMF 13.6.6).
 */
double rt_pnbd_dert(const double *params, const double *at, double rate);

/* Still there at T: as a new customer with r + x, alpha + T, s, beta + T. */
void rt_pnbd_later(const double *params, const double *at, double later[RT_MODEL_PARAMS]);

#endif
