#include <stdbool.h>
#include <stdlib.h>

#include "libretain/bg_parts.h"
#include "libretain/chunks.h"
#include "libretain/err.h"
#include "libretain/special.h"

enum { X, T_X, T };

/* The age at the last purchase; there is none to speak of where x is 0. */
static double last_age(const double *at)
{
    return at[X] > 0 ? at[T_X] : 0;
}

/* ln((alpha + T) / (alpha + t_x)) */
static double log_silence(double alpha, const double *at)
{
    const double last = last_age(at);
    return rt_log1p((at[T] - last) / (alpha + last));
}

/* d, or -inf without a chance to drop out. */
static double log_odds_gone(const double *params, const double *at, int extra)
{
    const double chances = at[X] + extra;
    if (chances == 0)
        return -HUGE_VAL;
    return rt_log(params[RT_BG_A]) - rt_log(params[RT_BG_B] + chances - 1) +
           (params[RT_BG_R] + at[X]) * log_silence(params[RT_BG_ALPHA], at);
}

double rt_bg_loglik(const double *params, const double *at, int extra, double *gradient)
{
    const double r = params[RT_BG_R], alpha = params[RT_BG_ALPHA];
    const double a = params[RT_BG_A], b = params[RT_BG_B];
    const double chances = at[X] + extra, odds = log_odds_gone(params, at, extra);
    if (gradient != NULL) {
        const double gone = rt_logistic(odds), last = last_age(at);
        const double both = rt_digamma_rising(a + b, chances);
        gradient[RT_BG_R] =
            rt_digamma_rising(r, at[X]) - rt_log1p(at[T] / alpha) + gone * log_silence(alpha, at);
        gradient[RT_BG_ALPHA] =
            r / alpha - (r + at[X]) / (alpha + at[T]) -
            gone * (r + at[X]) * (at[T] - last) / ((alpha + at[T]) * (alpha + last));
        gradient[RT_BG_A] = gone / a - both;
        gradient[RT_BG_B] =
            rt_digamma_rising(b, chances) - both - (chances > 0 ? gone / (b + chances - 1) : 0);
    }
    return rt_log_rising(r, at[X]) - r * rt_log1p(at[T] / alpha) - at[X] * rt_log(alpha + at[T]) +
           rt_log_beta_ratio(a, 0, b, chances) + rt_softplus(odds);
}

double rt_bg_palive(const double *params, const double *at, int extra)
{
    return rt_logistic(-log_odds_gone(params, at, extra));
}

void rt_bg_later(const double *params, const double *at, int extra, double later[RT_MODEL_PARAMS])
{
    later[RT_BG_R] = params[RT_BG_R] + at[X];
    later[RT_BG_ALPHA] = params[RT_BG_ALPHA] + at[T];
    later[RT_BG_A] = params[RT_BG_A];
    later[RT_BG_B] = params[RT_BG_B] + at[X] + extra;
}

/* All points ----------------------------------------------------------------------------------- */

/* What depends on one number of a point alone, by level, for one set of parameters. */
struct tables {
    const struct rt_histogram *points;
    int extra;
    double *odds, *power;        /* of x: d without its last term; r + x */
    double *chance;              /* of x: 1 / (b + chances - 1) */
    double *logs[2], *ratios[2]; /* of t_x and T: ln(alpha + t); 1 / (alpha + t) */
};

static struct tables make_tables(const double *params, const struct rt_histogram *points, int extra)
{
    struct tables tables = {.points = points, .extra = extra};
    const struct rt_levels *x = &points->levels[X];
    tables.odds = rt_alloc(x->count + 1, sizeof *tables.odds);
    tables.power = rt_alloc(x->count + 1, sizeof *tables.power);
    tables.chance = rt_alloc(x->count + 1, sizeof *tables.chance);
    const double log_a = rt_log(params[RT_BG_A]);
    for (size_t l = 0; l < x->count; l++) {
        const double before = params[RT_BG_B] + x->values[l] + extra - 1;
        const bool chances = x->values[l] + extra > 0;
        tables.odds[l] = chances ? log_a - rt_log(before) : -HUGE_VAL;
        tables.power[l] = params[RT_BG_R] + x->values[l];
        tables.chance[l] = chances ? 1 / before : 0;
    }
    for (int i = 0; i < 2; i++) {
        const struct rt_levels *times = &points->levels[T_X + i];
        tables.logs[i] = rt_alloc(times->count + 1, sizeof **tables.logs);
        tables.ratios[i] = rt_alloc(times->count + 1, sizeof **tables.ratios);
        for (size_t l = 0; l < times->count; l++) {
            const double sum = params[RT_BG_ALPHA] + times->values[l];
            tables.logs[i][l] = rt_log(sum);
            tables.ratios[i][l] = 1 / sum;
        }
    }
    return tables;
}

static void free_tables(struct tables *tables)
{
    free(tables->odds);
    free(tables->power);
    free(tables->chance);
    for (int i = 0; i < 2; i++) {
        free(tables->logs[i]);
        free(tables->ratios[i]);
    }
}

/* The points that are worked on at once, so that the compiler works on several in one step. */
enum { BLOCK = 256 };
struct block {
    double silence[BLOCK]; /* ln(alpha + T) - ln(alpha + t_x) */
    double odds[BLOCK];    /* d, but from -700 to 700: beyond, e^-|d| is as good as 0 */
    double beyond[BLOCK];  /* what was cut off above */
    double small[BLOCK];   /* e^-|d| */
    double share[BLOCK];   /* 1 / (1 + e^-|d|) */
    double added[BLOCK];   /* ln(1 + e^d) */
};

/* No branch, nothing that a processor cannot do for several points at once. */
static void odds_to_shares(struct block *block)
{
    for (int i = 0; i < BLOCK; i++) {
        const double d = block->odds[i], size = fabs(d), small = rt_exp_within(-size);
        block->small[i] = small;
        block->share[i] = 1 / (1 + small);
        block->added[i] = (d + size) * 0.5 + rt_log1p_within(small);
    }
}

/* Points of which none has a chance to drop out: x is 0. */
static void sum_without_chance(const struct tables *tables, size_t from, size_t to, double *sums)
{
    const struct rt_histogram *points = tables->points;
    const double power = tables->power[0];
    double logs = 0, ratios = 0;
    for (size_t i = from; i < to; i++) {
        const uint32_t now = points->places[T][i];
        logs += points->weights[i] * tables->logs[1][now];
        ratios += points->weights[i] * tables->ratios[1][now];
    }
    sums[0] -= power * logs;
    sums[1 + RT_BG_R] -= logs;
    sums[1 + RT_BG_ALPHA] -= power * ratios;
}

/* A block of points with the same x. */
static void sum_block(const struct tables *tables, size_t level, size_t from, size_t count,
                      struct block *block, double *sums)
{
    const struct rt_histogram *points = tables->points;
    const uint32_t *last = points->places[T_X] + from, *now = points->places[T] + from;
    const double *weights = points->weights + from;
    /* t_x of those with x 0 is the least of its column, if not 0 itself. */
    const double odds = tables->odds[level], power = tables->power[level];
    for (size_t i = 0; i < count; i++) {
        block->silence[i] = tables->logs[1][now[i]] - tables->logs[0][last[i]];
        const double d = odds + power * block->silence[i];
        block->odds[i] = d > 700 ? 700 : d < -700 ? -700 : d;
        block->beyond[i] = d > 700 ? d - 700 : 0;
    }
    for (size_t i = count; i < BLOCK; i++)
        block->odds[i] = 0;
    odds_to_shares(block);
    double logs = 0, ratios = 0, added = 0, gone = 0, silence = 0, slopes = 0;
    for (size_t i = 0; i < count; i++) {
        const double weight = weights[i];
        const double share = weight * block->share[i] * (block->odds[i] < 0 ? block->small[i] : 1);
        const double ratio = tables->ratios[1][now[i]];
        logs += weight * tables->logs[1][now[i]];
        ratios += weight * ratio;
        added += weight * (block->added[i] + block->beyond[i]);
        gone += share;
        silence += share * block->silence[i];
        slopes += share * (ratio - tables->ratios[0][last[i]]);
    }
    sums[0] += added - power * logs;
    sums[1 + RT_BG_R] += silence - logs;
    sums[1 + RT_BG_ALPHA] += power * (slopes - ratios);
    sums[1 + RT_BG_A] += gone; /* to be divided by a */
    sums[1 + RT_BG_B] -= gone * tables->chance[level];
}

static void sum_chunk(const void *what, size_t from, size_t to, double sums[RT_SUMS])
{
    const struct tables *tables = what;
    const struct rt_histogram *points = tables->points;
    struct block block;
    while (from < to) {
        const size_t level = points->places[X][from], end = points->first[level + 1];
        const size_t stop = end < to ? end : to;
        if (tables->chance[level] == 0) {
            sum_without_chance(tables, from, stop, sums);
            from = stop;
        }
        for (; from < stop; from += BLOCK)
            sum_block(tables, level, from, stop - from < BLOCK ? stop - from : BLOCK, &block, sums);
        from = stop;
    }
}

/* Adds what depends on x alone. */
static void add_levels(const double *params, const struct rt_histogram *points, int extra,
                       double sums[RT_SUMS])
{
    const double r = params[RT_BG_R], a = params[RT_BG_A], b = params[RT_BG_B];
    const struct rt_levels *x = &points->levels[X];
    for (size_t l = 0; l < x->count; l++) {
        double weight = 0;
        for (size_t i = points->first[l]; i < points->first[l + 1]; i++)
            weight += points->weights[i];
        const double chances = x->values[l] + extra;
        const double both = rt_digamma_rising(a + b, chances);
        sums[0] += weight * (rt_log_rising(r, x->values[l]) + rt_log_beta_ratio(a, 0, b, chances));
        sums[1 + RT_BG_R] += weight * rt_digamma_rising(r, x->values[l]);
        sums[1 + RT_BG_A] -= weight * both;
        sums[1 + RT_BG_B] += weight * (rt_digamma_rising(b, chances) - both);
    }
    const double log_alpha = rt_log(params[RT_BG_ALPHA]);
    sums[0] += points->total * r * log_alpha;
    sums[1 + RT_BG_R] += points->total * log_alpha;
    sums[1 + RT_BG_ALPHA] += points->total * r / params[RT_BG_ALPHA];
}

double rt_bg_loglik_all(const double *params, const struct rt_histogram *points, int extra,
                        int threads, double *gradient)
{
    struct tables tables = make_tables(params, points, extra);
    double sums[RT_SUMS];
    rt_chunks_sum(sum_chunk, &tables, points->count, RT_CHUNK, threads, sums);
    free_tables(&tables);
    sums[1 + RT_BG_A] /= params[RT_BG_A];
    add_levels(params, points, extra, sums);
    for (int i = 0; gradient != NULL && i < RT_MODEL_PARAMS; i++)
        gradient[i] = sums[1 + i];
    return sums[0];
}

/* What follows ----------------------------------------------------------------------------------
 */

/*
 * The mean over p, the probability of dropping out after a purchase, which follows Beta(a, b), of
 *
 *     (1 - (1 + p v)^-r) / p                                                     mean
 *     2 (1 - p) / p^2 (1 - (1 + p v)^-r - r p v (1 + p v)^-(r + 1))              pairs
 *
 * with v = time / alpha: what Poisson purchases bring until the drop-out, over the gamma of their
 * rate. p = 1 / (1 + e^-w), and w = middle + width sinh(u): so the integrand falls doubly
 * exponentially on both sides, and the sum over equal steps of u is exact to the last digits
 * (Takahasi and Mori 1974).
 */
static double mean_given(double r, double v, double p)
{
    return -rt_expm1(-r * rt_log1p(p * v)) / p;
}

static double pairs_given(double r, double v, double p)
{
    const double y = p * v;
    if (y * (r + 8) < 0.1) { /* by the series of the bracket, most of which cancels */
        double term = 1, sum = 0;
        for (int k = 0; k < 16; k++) {
            sum += term / (k + 2);
            term *= -y * (r + 2 + k) / (k + 1);
        }
        return 2 * (1 - p) * v * v * r * (r + 1) * sum;
    }
    const double log_rest = -r * rt_log1p(y);
    return 2 * (1 - p) / (p * p) * (-rt_expm1(log_rest) - rt_exp(log_rest) * r * y / (1 + y));
}

static double mean_over_drop_out(const double *params, double v,
                                 double (*given)(double r, double v, double p))
{
    static const double step = 1.0 / 12;
    enum { STEPS = 54 }; /* on each side */
    const double r = params[RT_BG_R], a = params[RT_BG_A], b = params[RT_BG_B];
    const double middle = rt_log(a) - rt_log(b), width = sqrt(1 / a + 1 / b);
    const double log_beta = rt_log_beta(a, b);
    double sum = 0;
    for (int i = -STEPS; i <= STEPS; i++) {
        const double grown = rt_exp(i * step);
        const double w = middle + width * (grown - 1 / grown) / 2;
        const double log_p = -rt_softplus(-w), log_rest = -rt_softplus(w);
        const double density = a * log_p + b * log_rest - log_beta;
        if (density < -690 || log_p < -690)
            continue;
        sum += rt_exp(density) * width * (grown + 1 / grown) / 2 * given(r, v, rt_exp(log_p));
    }
    return sum * step;
}

/*
 * The hypergeometric form of the mean (Fader, Hardie, Lee 2005, equation 10), by its series in
 * z = time / (alpha + time) after Euler's transformation, with c = a + b - 1 and A = c - r:
 *
 *     -c (w^(a - 1) - 1) / (a - 1)
 *         - w^(a - 1) sum of (A)_k (a)_(k-1) / ((c + 1)_(k-1) k!) z^k from k = 1,   w = 1 - z.
 *
 * The factor 1 / (a - 1) and the sign of c, below 0 where a + b < 1, are gone from it; a = 1 is
 * no case of its own. Likewise the mean of pairs:
 *
 *     2 b c (1 - w^(a - 2) (1 + (a - 2) z)) / ((a - 1) (a - 2)) - 2 b w^(a - 2) sum of
 *         (A)_(k-1) (a)_(k-2) (c + (1 + r) (k - 1)) / ((c + 1)_(k-1) k!) z^k from k = 2.
 */
struct series {
    double r, a, b, c, A; /* as above */
    double z, log_rest;   /* ln w */
};

static struct series make_series(const double *params, double time)
{
    struct series series = {.r = params[RT_BG_R], .a = params[RT_BG_A], .b = params[RT_BG_B]};
    series.c = series.a + series.b - 1;
    series.A = series.c - series.r;
    series.z = time / (params[RT_BG_ALPHA] + time);
    series.log_rest = -rt_log1p(time / params[RT_BG_ALPHA]);
    return series;
}

/* Whether it ends soon, and little of it cancels. */
static bool series_will_do(const struct series *series)
{
    return series->z < 0.9 && series->A > -3 && series->a < 20 &&
           series->r > 1e-2 * (fabs(series->c) + 1);
}

static bool ends(const struct series *series, double term, double sum, int k)
{
    return fabs(term) < 1e-17 * (1 - series->z) * fabs(sum) && k > -series->A;
}

/* (w^power - 1) / power, ln w at power 0. */
static double slope_to(double power, double log_rest)
{
    const double exponent = power * log_rest;
    return fabs(exponent) < 1e-300 ? log_rest : rt_expm1(exponent) / power;
}

static double mean_by_series(const struct series *series)
{
    const double a = series->a, c = series->c, A = series->A, z = series->z;
    double term = A * z, sum = term;
    for (int k = 1; k < 2000; k++) {
        term *= (A + k) * (a + k - 1) / ((c + k) * (k + 1)) * z;
        sum += term;
        if (ends(series, term, sum, k))
            break;
    }
    return -c * slope_to(a - 1, series->log_rest) - rt_exp((a - 1) * series->log_rest) * sum;
}

static double pairs_by_series(const struct series *series)
{
    const double r = series->r, a = series->a, c = series->c, A = series->A, z = series->z;
    /* Without (c + (1 + r) (k - 1)), beginning at k = 2. */
    double term = A / (2 * (c + 1)) * z * z, sum = term * (c + 1 + r);
    for (int k = 2; k < 2000; k++) {
        term *= (A + k - 1) * (a + k - 2) / ((c + k) * (k + 1)) * z;
        const double whole = term * (c + (1 + r) * k);
        sum += whole;
        if (ends(series, whole, sum, k))
            break;
    }
    const double power = rt_exp((a - 2) * series->log_rest);
    /* Divided first by whichever of a - 1 and a - 2 may be near 0. */
    const double head = a < 1.5 ? (-slope_to(a - 1, series->log_rest) - power * z) / (a - 2)
                                : (-slope_to(a - 2, series->log_rest) - power * z) / (a - 1);
    return 2 * series->b * (c * head - power * sum);
}

double rt_bg_mean(const double *params, double time)
{
    if (!(time > 0))
        return 0;
    const struct series series = make_series(params, time);
    return series_will_do(&series)
               ? mean_by_series(&series)
               : mean_over_drop_out(params, time / params[RT_BG_ALPHA], mean_given);
}

double rt_bg_pairs(const double *params, double time)
{
    if (!(time > 0))
        return 0;
    const struct series series = make_series(params, time);
    return series_will_do(&series)
               ? pairs_by_series(&series)
               : mean_over_drop_out(params, time / params[RT_BG_ALPHA], pairs_given);
}

double rt_bg_count(const double *params, double time, double count)
{
    const double r = params[RT_BG_R], alpha = params[RT_BG_ALPHA];
    const double a = params[RT_BG_A], b = params[RT_BG_B];
    if (!(count >= 0) || floor(count) != count)
        return 0;
    if (!(time > 0))
        return count == 0 ? 1 : 0;
    /* There still after `count` purchases; or dropped out after the last, which was in time. */
    const double there = rt_log_beta_ratio(a, 0, b, count) + rt_log_rising(r, count) -
                         rt_log_gamma(count + 1) - r * rt_log1p(time / alpha) -
                         count * rt_log1p(alpha / time);
    if (count == 0)
        return rt_exp(there);
    return rt_exp(there) + rt_exp(rt_log_beta_ratio(a, 1, b, count - 1)) *
                               rt_beta_p(count, r, time / (alpha + time));
}

double rt_bg_expected(const double *params, const double *at, int extra, double horizon)
{
    double later[RT_MODEL_PARAMS];
    rt_bg_later(params, at, extra, later);
    return rt_bg_palive(params, at, extra) * rt_bg_mean(later, horizon);
}

double rt_bg_variance(const double *params, const double *at, int extra, double horizon)
{
    double later[RT_MODEL_PARAMS];
    rt_bg_later(params, at, extra, later);
    const double there = rt_bg_palive(params, at, extra);
    const double mean = there * rt_bg_mean(later, horizon);
    const double variance = there * rt_bg_pairs(later, horizon) + mean * (1 - mean);
    return variance > 0 ? variance : 0;
}

double rt_bg_future(const double *params, const double *at, int extra, double horizon, double count)
{
    double later[RT_MODEL_PARAMS];
    rt_bg_later(params, at, extra, later);
    const double odds = log_odds_gone(params, at, extra);
    return rt_logistic(-odds) * rt_bg_count(later, horizon, count) +
           (count == 0 ? rt_logistic(odds) : 0);
}

/* The table of the model ----------------------------------------------------------------------- */

const char *rt_bg_limit(const double *params)
{
    if (params[RT_BG_A] < 1e-6 * params[RT_BG_B] || params[RT_BG_A] < 1e-7)
        return "a runs to 0: nobody seems to drop out in these data; watch for longer, or use "
               "rt-ltv --method formula";
    if (params[RT_BG_A] > 1e6 || params[RT_BG_B] > 1e7)
        return "a and b grow without bound: all customers drop out alike, or too few have bought "
               "often enough to tell how they differ; try pnbd, or watch for longer";
    if (params[RT_BG_B] < 1e-7)
        return "b runs to 0: customers drop out at once or never; try pnbd";
    if (params[RT_BG_R] > 1e5)
        return "r and alpha grow without bound: all customers buy at one rate; a single rate, "
               "orders by time, says as much";
    if (params[RT_BG_R] < 1e-7)
        return "r runs to 0: next to nobody buys again; watch for longer";
    return NULL;
}
