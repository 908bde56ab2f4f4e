/*
 * fit: the maximum likelihood of a model, and how sure it is.
 *
 * The search goes over the logarithms of the parameters, which keeps them above 0, by NLopt's
 * LBFGS with the model's gradient, from several starts; over many points it starts with a sample of
 * them. Standard errors come from the curvature at the end (differences of the gradient, on
 * the log scale), taken to the parameters' own scale by the delta method. The number of evaluations
 * is bounded. The same points give the same bytes, for any number of threads: parameters are
 * rounded to digits that every way to the maximum agrees on, and all else is computed from these.
 */
#ifndef RT_FIT_H
#define RT_FIT_H

#include <stdbool.h>

#include "libretain/model.h"

enum { RT_FIT_DIGITS = 9 /* of the parameters */ };

enum rt_fit_state {
    RT_FIT_DONE,  /* a maximum inside, with a covariance */
    RT_FIT_LACKS, /* the data do not hold what the model needs; nothing was searched */
    RT_FIT_LIMIT, /* the likelihood grows towards a bound: another model is the better one */
    RT_FIT_STUCK  /* no maximum was found */
};

struct rt_fit {
    const struct rt_model *model;
    enum rt_fit_state state;
    const char *reason; /* in words, with what to try; a string constant; NULL where done */
    double params[RT_MODEL_PARAMS];
    double se[RT_MODEL_PARAMS]; /* nan unless done, as is the covariance */
    double covariance[RT_MODEL_PARAMS][RT_MODEL_PARAMS];
    double loglik;
    double total;    /* the weights: customers */
    int evaluations; /* of the likelihood of all points */
};

/* Fits; returns 0 where done, -1 otherwise. `threads` is 1 or 2. */
int rt_fit(const struct rt_model *model, const struct rt_histogram *points, int threads,
           struct rt_fit *fit);

#endif
