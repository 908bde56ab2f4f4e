#include "libretain/bgbb.h"

#include <math.h>
#include <stdlib.h>

#include "libretain/chunks.h"
#include "libretain/err.h"
#include "libretain/special.h"

enum { ALPHA, BETA, GAMMA, DELTA };

/*
 * One way in which it may have gone, in logs: `yes` active and `no` inactive periods while there,
 * and then `gone` (0 or 1) drop-outs after `stayed` periods in which he did not.
 */
struct way {
    double yes, no, gone, stayed;
};

static double log_way(const double *params, struct way way)
{
    return rt_log_beta_ratio(params[ALPHA], way.yes, params[BETA], way.no) +
           rt_log_beta_ratio(params[GAMMA], way.gone, params[DELTA], way.stayed);
}

static void add_slopes(const double *params, struct way way, double weight, double *gradient)
{
    const double active = rt_digamma_rising(params[ALPHA] + params[BETA], way.yes + way.no);
    const double there = rt_digamma_rising(params[GAMMA] + params[DELTA], way.gone + way.stayed);
    gradient[ALPHA] += weight * (rt_digamma_rising(params[ALPHA], way.yes) - active);
    gradient[BETA] += weight * (rt_digamma_rising(params[BETA], way.no) - active);
    gradient[GAMMA] += weight * (rt_digamma_rising(params[GAMMA], way.gone) - there);
    gradient[DELTA] += weight * (rt_digamma_rising(params[DELTA], way.stayed) - there);
}

/* t_x counts for nothing where there is no active period. */
static double last_active(const double *at)
{
    return at[0] > 0 ? at[1] : 0;
}

/* He is there still, or dropped out behind period t, from t_x to n - 1. */
static struct way still_there(const double *at)
{
    return (struct way){at[0], at[2] - at[0], 0, at[2]};
}

static struct way gone_behind(const double *at, double t)
{
    return (struct way){at[0], t - at[0], 1, t};
}

double rt_bgbb_loglik(const double *params, const double *at, double *gradient)
{
    double sum = log_way(params, still_there(at));
    for (double t = last_active(at); t < at[2]; t++)
        sum = rt_log_add(sum, log_way(params, gone_behind(at, t)));
    if (gradient == NULL)
        return sum;
    for (int i = 0; i < RT_MODEL_PARAMS; i++)
        gradient[i] = 0;
    const struct way there = still_there(at);
    add_slopes(params, there, rt_exp(log_way(params, there) - sum), gradient);
    for (double t = last_active(at); t < at[2]; t++) {
        const struct way gone = gone_behind(at, t);
        add_slopes(params, gone, rt_exp(log_way(params, gone) - sum), gradient);
    }
    return sum;
}

/*
 * All points: rising products of the parameters, each up to the most periods, and their slopes are
 * computed once. Of the ways in which a customer may have gone, each is the one before times a
 * ratio below 1.
 */
enum { YES, NO, TURNS, STAYED, ASKED, PRODUCTS }; /* alpha, beta, both, delta, gamma + delta */

struct tables {
    const struct rt_histogram *points;
    const double *params;
    double *logs[PRODUCTS], *slopes[PRODUCTS];
    double *ratios; /* of the way behind t + 1 to that behind t, but for beta + t - x */
};

static struct tables make_tables(const double *params, const struct rt_histogram *points)
{
    const double active = params[ALPHA] + params[BETA], asked = params[GAMMA] + params[DELTA];
    const double bases[PRODUCTS] = {params[ALPHA], params[BETA], active, params[DELTA], asked};
    const struct rt_levels *periods = &points->levels[2];
    const size_t count = (size_t)periods->values[periods->count - 1] + 2;
    struct tables tables = {.points = points, .params = params};
    for (int i = 0; i < PRODUCTS; i++) {
        tables.logs[i] = rt_alloc(count, sizeof *tables.logs[i]);
        tables.slopes[i] = rt_alloc(count, sizeof *tables.slopes[i]);
        double log = 0, slope = 0;
        for (size_t k = 0; k < count; k++) {
            tables.logs[i][k] = log;
            tables.slopes[i][k] = slope;
            log += rt_log(bases[i] + (double)k);
            slope += 1 / (bases[i] + (double)k);
        }
    }
    tables.ratios = rt_alloc(count, sizeof *tables.ratios);
    for (size_t t = 0; t < count; t++) {
        const double time = (double)t;
        tables.ratios[t] = (params[DELTA] + time) / ((active + time) * (asked + time + 1));
    }
    return tables;
}

static void free_tables(struct tables *tables)
{
    for (int i = 0; i < PRODUCTS; i++) {
        free(tables->logs[i]);
        free(tables->slopes[i]);
    }
    free(tables->ratios);
}

/* What `periods` periods with x active ones, and `asked` chances to drop out, make likely; in logs.
 */
static double log_known(const struct tables *tables, size_t x, size_t periods, size_t asked)
{
    return tables->logs[YES][x] + tables->logs[NO][periods - x] - tables->logs[TURNS][periods] +
           tables->logs[STAYED][periods] - tables->logs[ASKED][asked];
}

/* Adds one point, with its weight, whose last active period is `last`. */
static void add_point(const struct tables *tables, double weight, size_t x, size_t last, size_t n,
                      double sums[RT_SUMS])
{
    const double *const *slopes = (const double *const *)tables->slopes;
    const double *params = tables->params;
    const double there = log_known(tables, x, n, n);
    const double first =
        last < n ? log_known(tables, x, last, last + 1) + rt_log(params[GAMMA]) : -HUGE_VAL;
    const double most = there > first ? there : first;
    const double stays = rt_exp(there - most);
    double all = stays, gone = 0, no = stays * slopes[NO][n - x], turns = stays * slopes[TURNS][n];
    double stayed = stays * slopes[STAYED][n], asked = stays * slopes[ASKED][n];
    double way = rt_exp(first - most);
    for (size_t t = last; t < n && way > 1e-25 * all; t++) {
        all += way;
        gone += way;
        no += way * slopes[NO][t - x];
        turns += way * slopes[TURNS][t];
        stayed += way * slopes[STAYED][t];
        asked += way * slopes[ASKED][t + 1];
        way *= (params[BETA] + (double)(t - x)) * tables->ratios[t];
    }
    sums[0] += weight * (most + rt_log(all));
    sums[1 + ALPHA] += weight * (slopes[YES][x] - turns / all);
    sums[1 + BETA] += weight * (no - turns) / all;
    sums[1 + GAMMA] += weight * (gone / params[GAMMA] - asked) / all;
    sums[1 + DELTA] += weight * (stayed - asked) / all;
}

static void sum_chunk(const void *what, size_t from, size_t to, double sums[RT_SUMS])
{
    const struct tables *tables = what;
    for (size_t i = from; i < to; i++) {
        double at[RT_POINT];
        rt_histogram_at(tables->points, i, at);
        add_point(tables, tables->points->weights[i], (size_t)at[0], (size_t)last_active(at),
                  (size_t)at[2], sums);
    }
}

static double loglik_all(const double *params, const struct rt_histogram *points, int threads,
                         double *gradient)
{
    struct tables tables = make_tables(params, points);
    double sums[RT_SUMS];
    rt_chunks_sum(sum_chunk, &tables, points->count, RT_CHUNK, threads, sums);
    free_tables(&tables);
    for (int i = 0; i < RT_MODEL_PARAMS && gradient != NULL; i++)
        gradient[i] = sums[1 + i];
    return sums[0];
}

/* The probability that he had not dropped out by the beginning of period n. */
static double there_at_n(const double *params, const double *at)
{
    return rt_exp(log_way(params, still_there(at)) - rt_bgbb_loglik(params, at, NULL));
}

double rt_bgbb_palive(const double *params, const double *at)
{
    const double stays = params[DELTA] + at[2];
    return there_at_n(params, at) * stays / (params[GAMMA] + stays);
}

/* Who is there at n is from then on as somebody new with other parameters. */
static void later(const double *params, const double *at, double now[RT_MODEL_PARAMS])
{
    now[ALPHA] = params[ALPHA] + at[0];
    now[BETA] = params[BETA] + at[2] - at[0];
    now[GAMMA] = params[GAMMA];
    now[DELTA] = params[DELTA] + at[2];
}

/*
 * Equation 8: alpha / (alpha + beta) delta / (gamma - 1) (1 - R), where R is the ratio of the
 * rising products of 1 + delta and gamma + delta. Near gamma = 1 ln R is taken from its slope
 * half-way, as the difference of the two would cancel.
 */
double rt_bgbb_expected_new(const double *params, double time)
{
    const double gamma = params[GAMMA], delta = params[DELTA], periods = floor(time);
    const double active = params[ALPHA] / (params[ALPHA] + params[BETA]);
    const double slope = rt_digamma_rising((gamma + 1) / 2 + delta, periods);
    if (gamma == 1)
        return active * delta * slope;
    const double log_ratio = fabs(gamma - 1) < 1e-5 ? (1 - gamma) * slope
                                                    : rt_log_rising(1 + delta, periods) -
                                                          rt_log_rising(gamma + delta, periods);
    return active * delta * -rt_expm1(log_ratio) / (gamma - 1);
}

double rt_bgbb_expected(const double *params, const double *at, double horizon)
{
    double now[RT_MODEL_PARAMS];
    later(params, at, now);
    return there_at_n(params, at) * rt_bgbb_expected_new(now, horizon);
}

static double log_choose(double n, double k)
{
    return rt_log_rising(n - k + 1, k) - rt_log_gamma(k + 1);
}

double rt_bgbb_pmf(const double *params, double time, double count)
{
    const double periods = floor(time);
    if (!(count >= 0 && count <= periods))
        return 0;
    double sum = log_choose(periods, count) +
                 log_way(params, (struct way){count, periods - count, 0, periods});
    for (double t = count; t < periods; t++)
        sum = rt_log_add(sum, log_choose(t, count) +
                                  log_way(params, (struct way){count, t - count, 1, t}));
    return rt_exp(sum);
}

double rt_bgbb_future(const double *params, const double *at, double horizon, double count)
{
    double now[RT_MODEL_PARAMS];
    later(params, at, now);
    const double there = there_at_n(params, at);
    return there * rt_bgbb_pmf(now, horizon, count) + (count == 0 ? 1 - there : 0);
}

double rt_bgbb_dert(const double *params, const double *at, double rate)
{
    double now[RT_MODEL_PARAMS];
    later(params, at, now);
    const double gamma = now[GAMMA], delta = now[DELTA], discount = rt_exp(-rate);
    int sign;
    const double log_sum = rt_log_2f1(1, delta + 1, gamma + delta + 1, discount, &sign);
    return there_at_n(params, at) * now[ALPHA] / (now[ALPHA] + now[BETA]) * delta /
           (gamma + delta) * discount * rt_exp(log_sum);
}

static const char *fault(const double *at, int *column)
{
    for (*column = 0; *column < 3; ++*column)
        if (!(at[*column] >= 0 && at[*column] <= 1e6 && at[*column] == floor(at[*column])))
            return "not a whole number from 0";
    *column = 1;
    if (at[0] > 0 && at[1] < at[0])
        return "below x: there is one purchase at most in a period";
    *column = 2;
    return at[2] < last_active(at) ? "below t_x" : NULL;
}

static const char *lacks(const struct rt_histogram *points)
{
    bool active = false, missed = false, periods = false;
    for (size_t i = 0; i < points->count; i++) {
        double at[RT_POINT];
        rt_histogram_at(points, i, at);
        active |= at[0] > 0;
        missed |= at[0] < at[2];
        periods |= at[2] > 1;
    }
    if (!active)
        return "nobody was active in any period: there is nothing to learn from";
    if (!missed)
        return "everybody was active in every period: there is no drop-out to learn from";
    return periods ? NULL : "there is one period alone: drop-out shows only from the second on";
}

/* The share of active periods among those up to the last active one. */
static double share_active(const struct rt_histogram *points)
{
    double active = 0, periods = 0;
    for (size_t i = 0; i < points->count; i++) {
        double at[RT_POINT];
        rt_histogram_at(points, i, at);
        active += points->weights[i] * at[0];
        periods += points->weights[i] * (last_active(at) + 1);
    }
    return (active + 1) / (periods + active + 2);
}

static bool start(const struct rt_histogram *points, int attempt, double *params)
{
    static const double starts[][3] = {{1, 0.5, 2}, {0.5, 1, 5}, {3, 0.2, 3}, {1, 5, 50}};
    if (attempt >= (int)(sizeof starts / sizeof *starts))
        return false;
    const double share = share_active(points);
    params[ALPHA] = starts[attempt][0];
    params[BETA] = starts[attempt][0] * (1 - share) / share;
    params[GAMMA] = starts[attempt][1];
    params[DELTA] = starts[attempt][2];
    return true;
}

static const char *limit(const double *params)
{
    if (params[ALPHA] > 1e6 || params[BETA] > 1e6)
        return "alpha or beta grows without bound: all customers are active as often; the "
               "model's differences between them are not in the data";
    if (params[ALPHA] < 1e-6 || params[BETA] < 1e-6)
        return "alpha or beta runs to 0: customers are active in all periods or in none";
    if (params[GAMMA] < 1e-6)
        return "gamma runs to 0: nobody drops out for good; a model without drop-out says as much";
    return NULL;
}

const struct rt_model rt_bgbb = {
    .name = "bgbb",
    .title = "BG/BB",
    .source = "Fader, Hardie, Shang 2010",
    .count = 4,
    .params = {"alpha", "beta", "gamma", "delta"},
    .columns = {"x", "t_x", "n"},
    .fault = fault,
    .lacks = lacks,
    .start = start,
    .limit = limit,
    .loglik = rt_bgbb_loglik,
    .loglik_all = loglik_all,
    .palive = rt_bgbb_palive,
    .expected = rt_bgbb_expected,
    .future = rt_bgbb_future,
    .dert = rt_bgbb_dert,
    .expected_new = rt_bgbb_expected_new,
    .pmf = rt_bgbb_pmf,
};
