#include "libretain/rhythm.h"

#include <math.h>
#include <nlopt.h>
#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/incomplete.h"

struct rt_rhythm_history rt_rhythm_of_profile(int64_t x, int64_t t_x, int64_t T)
{
    /* Orders of one day, where an order is an occasion, leave no time between them. */
    const double sum = t_x > 0 ? (double)t_x : 0.5;
    return (struct rt_rhythm_history){
        .gaps = x, .sum = x > 0 ? sum : 0, .log_sum = NAN, .open = (double)(T - t_x) + 0.5};
}

/* The next gap ------------------------------------------------------------------------------- */

/* It is `scale` times the ratio of a Gamma(k) to a Gamma(shape) variable. */
struct next {
    double scale, shape;
};

static struct next next_gap(const struct rt_rhythm *rhythm, const struct rt_rhythm_history *history)
{
    return (struct next){rhythm->alpha + history->sum,
                         rhythm->r + rhythm->k * (double)history->gaps};
}

double rt_rhythm_overdue(const struct rt_rhythm *rhythm, const struct rt_rhythm_history *history)
{
    return rt_rhythm_forecast(rhythm, history, NULL, NULL, 0);
}

double rt_rhythm_forecast(const struct rt_rhythm *rhythm, const struct rt_rhythm_history *history,
                          const double *shares, double *gaps, size_t count)
{
    static const double longest = 1e12;
    const struct next next = next_gap(rhythm, history);
    const struct rt_beta beta = rt_beta(rhythm->k, next.shape);
    const struct rt_tails open = rt_beta_tails(&beta, log(history->open / next.scale));
    for (size_t i = 0; i < count; i++) {
        const double log_upper = open.log_upper + log1p(-shares[i]);
        const double w = rt_beta_quantile(&beta, rt_log_rest(log_upper), log_upper);
        const double gap = next.scale * exp(w);
        gaps[i] = gap > longest ? INFINITY : fmax(gap, history->open);
    }
    return open.lower;
}

double rt_rhythm_gap(const struct rt_rhythm *rhythm, const struct rt_rhythm_history *history,
                     double share)
{
    double gap;
    (void)rt_rhythm_forecast(rhythm, history, &share, &gap, 1);
    return gap;
}

/* Likelihood --------------------------------------------------------------------------------- */

/* What histories with the same number of gaps have in common. */
struct common {
    int64_t gaps;
    struct rt_beta beta;
    double single, summed; /* what does not depend on the gaps, known one by one or in sum */
};

static struct common common_of(const struct rt_rhythm *rhythm, int64_t gaps)
{
    const double n = (double)gaps, k = rhythm->k, r = rhythm->r, shape = r + k * n;
    struct common common = {.gaps = gaps, .beta = rt_beta(k, shape)};
    if (gaps == 0)
        return common;
    /* A gap that closed is one that was not the last. */
    const double both =
        r * log(rhythm->alpha) - lgamma(r) + lgamma(shape) + n * log1p(-rhythm->never);
    common.single = both - n * lgamma(k);
    common.summed = both - lgamma(k * n);
    return common;
}

static double log_of_closed(const struct rt_rhythm *rhythm, const struct common *common,
                            const struct rt_rhythm_history *history)
{
    if (history->gaps == 0)
        return 0;
    const double scale = common->beta.b * log(rhythm->alpha + history->sum);
    if (isnan(history->log_sum))
        return common->summed + (rhythm->k * (double)history->gaps - 1) * log(history->sum) - scale;
    return common->single + (rhythm->k - 1) * history->log_sum - scale;
}

static double log_of_open(const struct rt_rhythm *rhythm, const struct common *common,
                          const struct rt_rhythm_history *history)
{
    if (!(history->open > 0))
        return 0;
    const double w = log(history->open / (rhythm->alpha + history->sum));
    return log(rhythm->never + (1 - rhythm->never) * rt_beta_upper(&common->beta, w));
}

static bool same_times(const struct rt_rhythm_history *a, const struct rt_rhythm_history *b)
{
    return a->gaps == b->gaps && a->sum == b->sum && a->open == b->open;
}

double rt_rhythm_loglik(const struct rt_rhythm *rhythm, const struct rt_rhythm_history *histories,
                        size_t count)
{
    struct common common = {.gaps = -1};
    double sum = 0, open = 0;
    for (size_t i = 0; i < count; i++) {
        const struct rt_rhythm_history *history = &histories[i];
        if (history->gaps != common.gaps)
            common = common_of(rhythm, history->gaps);
        if (i == 0 || !same_times(history, history - 1))
            open = log_of_open(rhythm, &common, history);
        sum += log_of_closed(rhythm, &common, history) + open;
    }
    return sum;
}

/* Fit ---------------------------------------------------------------------------------------- */

/* The search goes over ln k, ln r, ln(alpha k / (r mean gap)) and the log-odds of never. */
enum { LOG_K, LOG_R, LOG_SCALE, ODDS, PARAMS };
static const double lowest[PARAMS] = {-4, -6, -15, -12};
static const double highest[PARAMS] = {8, 10, 15, 12};

struct search {
    const struct rt_rhythm_history *histories;
    size_t count;
    double mean; /* of the gaps that closed */
};

static struct rt_rhythm rhythm_at(const double *at, double mean)
{
    const double k = exp(at[LOG_K]), r = exp(at[LOG_R]);
    return (struct rt_rhythm){.k = k,
                              .r = r,
                              .alpha = exp(at[LOG_SCALE]) * mean * r / k,
                              .never = 1 / (1 + exp(-at[ODDS]))};
}

static double objective(unsigned count, const double *at, double *gradient, void *what)
{
    (void)count;
    (void)gradient; /* the method asks for none */
    const struct search *search = what;
    const struct rt_rhythm rhythm = rhythm_at(at, search->mean);
    /* Normal(0, 2) and Beta(1.5, 1.5), the latter as a density of the log-odds. */
    const double prior = -(at[LOG_K] * at[LOG_K] + at[LOG_R] * at[LOG_R]) / 8 +
                         1.5 * (log(rhythm.never) + log1p(-rhythm.never));
    const double value = prior + rt_rhythm_loglik(&rhythm, search->histories, search->count);
    return isfinite(value) ? value : -1e300;
}

/*
 * Powell's BOBYQA (2009), which needs no derivatives: those of a beta tail by its shapes have no
 * closed form. Returns the best value, and moves `at` there.
 */
static double climb(const struct search *search, double *at, double step, bool *converged)
{
    nlopt_opt method = nlopt_create(NLOPT_LN_BOBYQA, PARAMS);
    if (method == NULL)
        rt_out_of_memory(0);
    nlopt_set_lower_bounds(method, lowest);
    nlopt_set_upper_bounds(method, highest);
    nlopt_set_max_objective(method, objective, (void *)(uintptr_t)search);
    nlopt_set_initial_step1(method, step);
    nlopt_set_xtol_abs1(method, 1e-4);
    nlopt_set_maxeval(method, 400);
    double value = -INFINITY;
    const nlopt_result result = nlopt_optimize(method, at, &value);
    nlopt_destroy(method);
    *converged = result > 0 ? result != NLOPT_MAXEVAL_REACHED : result == NLOPT_ROUNDOFF_LIMITED;
    return value;
}

static void climb_from_starts(const struct search *search, double *best)
{
    static const double starts[][PARAMS] = {{0, 0, 0, -1}, {1.5, 1, 0, 1}, {0, -1, -1, -3}};
    double most = -INFINITY;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        double at[PARAMS];
        for (size_t k = 0; k < PARAMS; k++)
            at[k] = starts[i][k];
        bool converged;
        const double value = climb(search, at, 0.7, &converged);
        if (value <= most)
            continue;
        most = value;
        for (size_t k = 0; k < PARAMS; k++)
            best[k] = at[k];
    }
}

static int order(double a, double b)
{
    return (a > b) - (a < b);
}

static int compare(const void *one, const void *other)
{
    const struct rt_rhythm_history *a = one, *b = other;
    if (a->gaps != b->gaps)
        return a->gaps < b->gaps ? -1 : 1;
    if (a->sum != b->sum)
        return order(a->sum, b->sum);
    return a->open != b->open ? order(a->open, b->open) : order(a->log_sum, b->log_sum);
}

void rt_rhythm_sort(struct rt_rhythm_history *histories, size_t count)
{
    qsort(histories, count, sizeof *histories, compare);
}

void rt_rhythm_sample(const struct rt_rhythm_history *from, size_t count,
                      struct rt_rhythm_history *into, size_t take)
{
    for (size_t i = 0; i < take; i++)
        into[i] = from[(size_t)(((double)i + 0.5) * (double)count / (double)take)];
}

static double mean_gap(const struct rt_rhythm_history *histories, size_t count)
{
    double sum = 0, gaps = 0;
    for (size_t i = 0; i < count; i++) {
        sum += histories[i].sum;
        gaps += (double)histories[i].gaps;
    }
    return gaps > 0 ? sum / gaps : 0;
}

int rt_rhythm_fit(struct rt_rhythm_history *histories, size_t count, struct rt_rhythm *rhythm)
{
    enum { FIRST = 1024 };
    rt_rhythm_sort(histories, count);
    const double mean = mean_gap(histories, count);
    if (!(mean > 0))
        return -1;
    const size_t all = count < RT_RHYTHM_SAMPLE ? count : RT_RHYTHM_SAMPLE;
    const size_t few = count < FIRST ? count : FIRST;
    struct rt_rhythm_history *taken = rt_alloc(all, sizeof *taken);
    struct search search = {taken, few, mean};
    double at[PARAMS];
    rt_rhythm_sample(histories, count, taken, few);
    climb_from_starts(&search, at);
    rt_rhythm_sample(histories, count, taken, all);
    search.count = all;
    bool converged;
    (void)climb(&search, at, few < all ? 0.1 : 0.3, &converged);
    *rhythm = rhythm_at(at, mean);
    rhythm->converged = converged;
    free(taken);
    return 0;
}
