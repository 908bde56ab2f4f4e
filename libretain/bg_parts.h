/*
 * bg_parts: what bgnbd and mbgnbd share. Not for others.
 *
 * `chances` is how many chances to drop out a customer with x repeat purchases had: x for bgnbd,
 * x + 1 for mbgnbd, which counts the first purchase too. With it the likelihood is, for both,
 *
 *     gamma(r + x) / gamma(r) alpha^r (alpha + T)^-(r + x) beta(a, b + chances) / beta(a, b)
 *         (1 + e^d),   d = ln a - ln(b + chances - 1) + (r + x) ln((alpha + T) / (alpha + t_x)),
 *
 * and 1 / (1 + e^d) is the probability that he is there still; without a chance, e^d is 0. From
 * then on he is as a new customer of bgnbd with r + x, alpha + T, a, b + chances.
 */
#ifndef RT_BG_PARTS_H
#define RT_BG_PARTS_H

#include "libretain/model.h"

enum rt_bg { RT_BG_R, RT_BG_ALPHA, RT_BG_A, RT_BG_B };

/* `extra` is chances - x: 0 for bgnbd, 1 for mbgnbd. */
double rt_bg_loglik(const double *params, const double *at, int extra, double *gradient);
double rt_bg_loglik_all(const double *params, const struct rt_histogram *points, int extra,
                        int threads, double *gradient);
double rt_bg_palive(const double *params, const double *at, int extra);
void rt_bg_later(const double *params, const double *at, int extra, double later[RT_MODEL_PARAMS]);

/*
 * A new customer of bgnbd with these parameters: the mean number of repeat purchases by `time`, the
 * mean of that number times itself less 1, and the probability of `count`.
 */
double rt_bg_mean(const double *params, double time);
double rt_bg_pairs(const double *params, double time);
double rt_bg_count(const double *params, double time, double count);

/* Of a customer of whom a point is known. */
double rt_bg_expected(const double *params, const double *at, int extra, double horizon);
double rt_bg_variance(const double *params, const double *at, int extra, double horizon);
double rt_bg_future(const double *params, const double *at, int extra, double horizon,
                    double count);

/* For the table of the model. */
const char *rt_bg_limit(const double *params);

#endif
