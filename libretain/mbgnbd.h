/*
 * mbgnbd: the modified BG/NBD model, in which a customer may drop out after the first purchase too.
 *
 * Batislam, Denizel, Filiztekin, Empirical validation and comparison of models for customer base
 * analysis, International Journal of Research in Marketing 24 (2007). As bgnbd.h otherwise, whose
 * parameters and points it has; a one-time buyer is not certainly there, which makes it the better
 * model for lists of whom to save.
 */
#ifndef RT_MBGNBD_H
#define RT_MBGNBD_H

#include "libretain/model.h"

extern const struct rt_model rt_mbgnbd;

double rt_mbgnbd_loglik(const double *params, const double *at, double *gradient);
double rt_mbgnbd_palive(const double *params, const double *at);
double rt_mbgnbd_expected(const double *params, const double *at, double horizon);
double rt_mbgnbd_variance(const double *params, const double *at, double horizon);
double rt_mbgnbd_future(const double *params, const double *at, double horizon, double count);
double rt_mbgnbd_expected_new(const double *params, double time);
double rt_mbgnbd_pmf(const double *params, double time, double count);
void rt_mbgnbd_later(const double *params, const double *at, double later[RT_MODEL_PARAMS]);

#endif
