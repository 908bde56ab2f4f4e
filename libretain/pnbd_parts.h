/*
 * pnbd_parts: what the two halves of pnbd share. Not for others.
 *
 * The likelihood is that of a customer who is there still at T, plus that of one whose lifetime
 * ended at some time in between:
 *
 *     gamma(r + x) / gamma(r) alpha^r beta^s [ (alpha + T)^-(r + x) (beta + T)^-s
 *         + s integral from t_x to T of (alpha + t)^-(r + x) (beta + t)^-(s + 1) dt ].
 *
 * The integral is what the papers write as a difference of two hypergeometric functions, of which
 * alpha above, below and equal to beta are three cases, and which cancels as t_x nears T. As it
 * stands it has neither, its terms are all positive, and its derivatives are integrals alike.
 */
#ifndef RT_PNBD_PARTS_H
#define RT_PNBD_PARTS_H

#include "libretain/model.h"

enum rt_pnbd { RT_PNBD_R, RT_PNBD_ALPHA, RT_PNBD_S, RT_PNBD_BETA };

/*
 * With `last` for t_x and `now` for T: the integral over its integrand at t_x, and the means under
 * the integrand of ln((alpha + t) / (alpha + t_x)), 1 / (alpha + t), the same of beta. Means are
 * only set where `means` is true, and 0 where the integral is.
 */
struct rt_pnbd_gone {
    double integral, log_alpha, per_alpha, log_beta, per_beta;
};
struct rt_pnbd_gone rt_pnbd_gone(const double *params, double x, double last, double now,
                                 bool means);

double rt_pnbd_loglik_all(const double *params, const struct rt_histogram *points, int threads,
                          double *gradient);

#endif
