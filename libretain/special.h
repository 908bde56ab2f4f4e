/*
 * special: the special functions of the models, in logs.
 *
 * Only + - * / and sqrt of IEEE doubles are used, so that results are the same to the last bit on
 * every machine; see elementary.h for ln, exp and their kin. Relative errors are below 1e-12 over
 * the domains that are given; a log, which may be near 0, has that error absolutely where it is
 * below 1. nan where an argument is out of its domain.
 */
#ifndef RT_SPECIAL_H
#define RT_SPECIAL_H

#include "libretain/elementary.h"

/* ln(e^a + e^b), and ln(e^a - e^b) for a >= b; either may be -inf. */
double rt_log_add(double a, double b);
double rt_log_subtract(double a, double b);

/* ln(1 + e^x) and 1 / (1 + e^-x), for any x. */
double rt_softplus(double x);
double rt_logistic(double x);

/* Gamma ---------------------------------------------------------------------------------------- */

/* ln of gamma(x), x above 0. */
double rt_log_gamma(double x);
/* Its derivative. */
double rt_digamma(double x);

/*
 * ln(gamma(x + n) / gamma(x)) without cancellation, for x above 0 and x + n above 0: also where n
 * is tiny beside x (x = 1e13, n = 1). n need not be whole.
 */
double rt_log_rising(double x, double n);
/* Its derivative by x: digamma(x + n) - digamma(x); by n it is digamma(x + n). */
double rt_digamma_rising(double x, double n);

/* ln of beta(a, b), both above 0; and ln(beta(a + m, b + n) / beta(a, b)) for m, n >= 0. */
double rt_log_beta(double a, double b);
double rt_log_beta_ratio(double a, double m, double b, double n);

/* Hypergeometric and incomplete functions ------------------------------------------------------ */

/*
 * ln of |2F1(a, b; c; z)|, *sign its sign (0 where it is 0, and -inf), for a, b above 0, z from 0
 * up to but without 1, and any c but 0 and the negative whole numbers. Where c - a - b is below 0,
 * Euler's transformation takes out (1 - z)^(c - a - b), which holds what grows as z nears 1
 * (DLMF 15.8.1). a, b and c may be in the ten thousands, as of heavy buyers.
 */
double rt_log_2f1(double a, double b, double c, double z, int *sign);

/*
 * ln of e^z times the upper incomplete gamma function, which is the integral from z to infinity of
 * t^(s-1) e^-t, for any real s and z above 0; so scaled, it does not underflow for large z
 * (DLMF 8.2.2).
 */
double rt_log_gamma_upper_scaled(double s, double z);

/* I_x(a, b): the regularized incomplete beta; a, b above 0, x from 0 to 1. */
double rt_beta_p(double a, double b, double x);

#endif
