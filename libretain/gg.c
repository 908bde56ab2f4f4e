#include "libretain/gg.h"

#include <stdlib.h>

#include "libretain/chunks.h"
#include "libretain/err.h"
#include "libretain/special.h"

enum { P, Q, V };
enum { X, M_X };

/*
 * ln L = ln gamma(p x + q) / gamma(p x) - ln gamma(q) + p x ln(x m / (x m + v)) - ln m
 *        + q ln(v / (x m + v)): the terms of the note, joined so that they stay small.
 */
double rt_gg_loglik(const double *params, const double *at, double *gradient)
{
    const double p = params[P], q = params[Q], v = params[V];
    const double x = at[X], sum = at[X] * at[M_X];
    const double kept = -rt_log1p(v / sum), shared = -rt_log1p(sum / v);
    if (gradient != NULL) {
        gradient[P] = x * (rt_digamma_rising(p * x, q) + kept);
        gradient[Q] = rt_digamma(p * x + q) - rt_digamma(q) + shared;
        gradient[V] = (q * sum / v - p * x) / (sum + v);
    }
    return rt_log_rising(p * x, q) - rt_log_gamma(q) + p * x * kept + q * shared - rt_log(at[M_X]);
}

/* All points: what depends on x alone by level, ln(x m + v) by point. */
struct tables {
    const struct rt_histogram *points;
    const double *params;
};

static void sum_chunk(const void *what, size_t from, size_t to, double sums[RT_SUMS])
{
    const struct tables *tables = what;
    const struct rt_histogram *points = tables->points;
    const double p = tables->params[P], q = tables->params[Q], v = tables->params[V];
    for (size_t i = from; i < to; i++) {
        const double x = points->levels[X].values[points->places[X][i]];
        const double m = points->levels[M_X].values[points->places[M_X][i]];
        const double weight = points->weights[i], sum = x * m;
        const double kept = -rt_log1p(v / sum), shared = -rt_log1p(sum / v);
        sums[0] += weight * (p * x * kept + q * shared - rt_log(m));
        sums[1 + P] += weight * x * kept;
        sums[1 + Q] += weight * shared;
        sums[1 + V] += weight * (q * sum / v - p * x) / (sum + v);
    }
}

static double loglik_all(const double *params, const struct rt_histogram *points, int threads,
                         double *gradient)
{
    double sums[RT_SUMS];
    rt_chunks_sum(sum_chunk, &(struct tables){points, params}, points->count, RT_CHUNK, threads,
                  sums);
    const double p = params[P], q = params[Q];
    const double log_gamma = rt_log_gamma(q), digamma = rt_digamma(q);
    const struct rt_levels *x = &points->levels[X];
    for (size_t l = 0; l < x->count; l++) {
        double weight = 0;
        for (size_t i = points->first[l]; i < points->first[l + 1]; i++)
            weight += points->weights[i];
        const double shape = p * x->values[l];
        sums[0] += weight * (rt_log_rising(shape, q) - log_gamma);
        sums[1 + P] += weight * x->values[l] * rt_digamma_rising(shape, q);
        sums[1 + Q] += weight * (rt_digamma(shape + q) - digamma);
    }
    for (int i = 0; gradient != NULL && i < rt_gg.count; i++)
        gradient[i] = sums[1 + i];
    return sums[0];
}

double rt_gg_expected(const double *params, const double *at)
{
    const double shape = params[P] * at[X] + params[Q];
    const double scale = params[V] + (at[X] > 0 ? at[X] * at[M_X] : 0);
    return shape > 1 ? params[P] * scale / (shape - 1) : (double)NAN;
}

/* The customer's own mean is p / nu, and nu follows Gamma(p x + q, v + x m). */
double rt_gg_variance(const double *params, const double *at)
{
    const double shape = params[P] * at[X] + params[Q], mean = rt_gg_expected(params, at);
    return shape > 2 ? mean * mean / (shape - 2) : HUGE_VAL;
}

/* The mean of p / nu^2. */
double rt_gg_within(const double *params, const double *at)
{
    const double shape = params[P] * at[X] + params[Q], mean = rt_gg_expected(params, at);
    return shape > 2 ? mean * mean * (shape - 1) / (params[P] * (shape - 2)) : HUGE_VAL;
}

static const char *fault(const double *at, int *column)
{
    *column = X;
    if (floor(at[X]) != at[X])
        return "not a whole number";
    if (!(at[X] > 0))
        return "0: without a repeat purchase there is no value of one";
    *column = M_X;
    return at[M_X] > 0 ? NULL : "not above 0: a value of 0 has no likelihood";
}

static const char *lacks(const struct rt_histogram *points)
{
    enum { CUSTOMERS = 10 };
    if (points->total < CUSTOMERS)
        return "fewer than 10 customers with a repeat purchase and a mean value above 0: too few "
               "to "
               "tell how they differ; use rt-ltv --method formula";
    if (points->levels[M_X].count < 2)
        return "all customers spend the same: there is no distribution to fit; use rt-ltv --method "
               "formula";
    return NULL;
}

static bool start(const struct rt_histogram *points, int attempt, double *params)
{
    static const double shapes[][2] = {{3, 4}, {1, 2}, {10, 10}, {0.5, 30}};
    if (attempt >= (int)(sizeof shapes / sizeof *shapes))
        return false;
    double sum = 0, orders = 0;
    for (size_t i = 0; i < points->count; i++) {
        double at[RT_POINT];
        rt_histogram_at(points, i, at);
        sum += points->weights[i] * at[X] * at[M_X];
        orders += points->weights[i] * at[X];
    }
    params[P] = shapes[attempt][0];
    params[Q] = shapes[attempt][1];
    params[V] = sum / orders * (params[Q] - 1) / params[P];
    return true;
}

static const char *limit(const double *params)
{
    if (params[P] > 1e6)
        return "p grows without bound: a customer always spends the same; his mean so far is the "
               "best guess";
    if (params[Q] > 1e6)
        return "q and v grow without bound: all customers spend alike; the mean of all orders is "
               "the best guess";
    if (params[P] < 1e-6 || params[Q] < 1e-6 || params[V] < 1e-12)
        return "a parameter runs to 0: values differ too widely for this model; leave out the "
               "largest, or use rt-ltv --method formula";
    if (params[Q] <= 1)
        return "q is 1 or less: spend has no mean under this model, as a few very large values "
               "rule "
               "it; leave these out, or use rt-ltv --method formula";
    return NULL;
}

const struct rt_model rt_gg = {
    .name = "gg",
    .title = "Gamma-Gamma",
    .source = "Fader, Hardie 2013",
    .count = 3,
    .params = {"p", "q", "v"},
    .columns = {"x", "m_x"},
    .fault = fault,
    .lacks = lacks,
    .start = start,
    .limit = limit,
    .loglik = rt_gg_loglik,
    .loglik_all = loglik_all,
};
