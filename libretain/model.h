/*
 * model: the common shape of the models of what customers do next.
 *
 * A model is a table of functions over doubles: the log-likelihood of what was seen, with its
 * gradient, for fitting, and what follows from the parameters for a customer. Whoever fits, writes
 * or predicts goes by this table and knows no model by name. All functions are pure, work in logs
 * inside, and give finite numbers wherever the value is finite; what is undefined is nan, and says
 * so here.
 *
 * What is known of a customer is a point: up to three numbers, in the order of the model's columns.
 *
 *     bgnbd, mbgnbd, pnbd   x, t_x, T     repeat purchases, age at the last one, age now
 *     gg                    x, m_x        repeat purchases, mean value of one
 *     bgbb                  x, t_x, n     active periods, the last of them, periods there were
 *     sbg, bdw              period, left  1 for those lost in that period, the first is 1;
 *                                         0 for those who were still there at its end
 *
 * Times of a point and of a horizon are in the unit that the parameters are in, whatever that is.
 * t_x is taken as 0 where x is 0.
 */
#ifndef RT_MODEL_H
#define RT_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/histogram.h"

enum { RT_MODEL_PARAMS = 4 };

struct rt_model {
    const char *name;                    /* "bgnbd": what the user types */
    const char *title;                   /* "BG/NBD": for messages */
    const char *source;                  /* the paper */
    int count;                           /* of parameters; all are above 0 */
    const char *params[RT_MODEL_PARAMS]; /* their names in the paper */
    bool in_time[RT_MODEL_PARAMS];       /* a time, which scales with the unit */
    const char *columns[RT_POINT + 1];   /* of a point; NULL behind the last */
    bool column_in_time[RT_POINT];       /* t_x and T, which the unit divides */

    /*
     * NULL, or what is wrong with a point, such as "below t_x"; *column is which number is meant.
     * The other functions are only called with points that this accepts.
     */
    const char *(*fault)(const double *at, int *column);
    /* NULL, or in words why these points do not fit the model at all, and what to try. */
    const char *(*lacks)(const struct rt_histogram *points);
    /*
     * The parameters to start from, for `attempt` 0, 1, ...: from the data first, then others.
     * Returns false where there are no more.
     */
    bool (*start)(const struct rt_histogram *points, int attempt, double *params);
    /*
     * NULL, or why parameters at which the search ended are not those of this model: one of them
     * ran to 0 or without bound, which stands for another model or for data without something.
     */
    const char *(*limit)(const double *params);

    /*
     * The log-likelihood of a point. `gradient`, unless NULL, is set to its derivatives by the
     * parameters themselves.
     */
    double (*loglik)(const double *params, const double *at, double *gradient);
    /*
     * The same of all points, by weight: the same bytes for any number of threads. NULL: the sum
     * over the points by `loglik`.
     */
    double (*loglik_all)(const double *params, const struct rt_histogram *points, int threads,
                         double *gradient);

    /* What follows for a customer; NULL where the model does not say. */

    /* The probability that he has not dropped out by now. */
    double (*palive)(const double *params, const double *at);
    /* Purchases to expect within `horizon` from now on. */
    double (*expected)(const double *params, const double *at, double horizon);
    /* The variance of their number, which is what the customer's own future adds. */
    double (*variance)(const double *params, const double *at, double horizon);
    /* The probability that there will be exactly `count`, a whole number. */
    double (*future)(const double *params, const double *at, double horizon, double count);
    /*
     * Discounted expected residual purchases to the end of time: each counts exp(-rate time);
     * `rate` is above 0.
     */
    double (*dert)(const double *params, const double *at, double rate);

    /* For somebody new, of whom nothing is known but that he has come. */

    /* Repeat purchases to expect by the age `time`. */
    double (*expected_new)(const double *params, double time);
    /* The probability of exactly `count` repeat purchases by the age `time`. */
    double (*pmf)(const double *params, double time, double count);
    /* The share that is still there at the end of a period; for sbg and bdw, whose time is whole.
     */
    double (*survival)(const double *params, double time);
};

/* All models, in the order of the page; NULL behind the last. */
extern const struct rt_model *const rt_models[];

/* The model of that name, or NULL. */
const struct rt_model *rt_model_find(const char *name);

/* loglik_all of any model. */
double rt_model_loglik(const struct rt_model *model, const double *params,
                       const struct rt_histogram *points, int threads, double *gradient);

/* Units of time: "day", "week", "month" of 365.25 / 12 days. Days of one; 0 for another word. */
double rt_unit_days(const char *unit);

#endif
