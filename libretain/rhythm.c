#include "libretain/rhythm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/incomplete.h"
#include "libretain/special.h"

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
    double w = rt_log(history->open / next.scale);
    const struct rt_tails open = rt_beta_tails(&beta, w);
    /* Where to look first: the middle, or behind the silence; then where the one before was. */
    w = fmax(w, rt_log(beta.a / beta.b));
    for (size_t i = 0; i < count; i++) {
        const double log_upper = open.log_upper + rt_log1p(-shares[i]);
        w = rt_beta_quantile(&beta, rt_log_subtract(0, log_upper), log_upper, w);
        const double gap = next.scale * rt_exp(w);
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
    const double both = r * rt_log(rhythm->alpha) - rt_log_gamma(r) + rt_log_gamma(shape) +
                        n * rt_log1p(-rhythm->never);
    common.single = both - n * rt_log_gamma(k);
    common.summed = both - rt_log_gamma(k * n);
    return common;
}

static double log_of_closed(const struct rt_rhythm *rhythm, const struct common *common,
                            const struct rt_rhythm_history *history)
{
    if (history->gaps == 0)
        return 0;
    const double scale = common->beta.b * rt_log(rhythm->alpha + history->sum);
    if (isnan(history->log_sum))
        return common->summed + (rhythm->k * (double)history->gaps - 1) * rt_log(history->sum) -
               scale;
    return common->single + (rhythm->k - 1) * history->log_sum - scale;
}

static double log_of_open(const struct rt_rhythm *rhythm, const struct common *common,
                          const struct rt_rhythm_history *history)
{
    if (!(history->open > 0))
        return 0;
    const double w = rt_log(history->open / (rhythm->alpha + history->sum));
    return rt_log(rhythm->never + (1 - rhythm->never) * rt_beta_upper(&common->beta, w));
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

/*
 * The search goes over ln k, ln r, ln(alpha k / (r mean gap)) and the log-odds of never; but that k
 * has a limit, 1 / (1 / e^(ln k) + 1 / limit), which is out of the way where k is small.
 */
enum { LOG_K, LOG_R, LOG_SCALE, ODDS, PARAMS };

struct search {
    const struct rt_rhythm_history *histories;
    size_t count;
    double mean; /* of the gaps that closed */
};

static struct rt_rhythm rhythm_at(const double *at, double mean)
{
    const double k = 1 / (rt_exp(-at[LOG_K]) + 1.0 / RT_RHYTHM_MOST_REGULAR), r = rt_exp(at[LOG_R]);
    return (struct rt_rhythm){.k = k,
                              .r = r,
                              .alpha = rt_exp(at[LOG_SCALE]) * mean * r / k,
                              .never = 1 / (1 + rt_exp(-at[ODDS]))};
}

static double objective(const struct search *search, const double *at)
{
    const struct rt_rhythm rhythm = rhythm_at(at, search->mean);
    /* Normal(0, 2) and Beta(1.5, 1.5), the latter as a density of the log-odds. */
    const double prior = -(at[LOG_K] * at[LOG_K] + at[LOG_R] * at[LOG_R]) / 8 +
                         1.5 * (rt_log(rhythm.never) + rt_log1p(-rhythm.never));
    const double value = prior + rt_rhythm_loglik(&rhythm, search->histories, search->count);
    return isfinite(value) ? value : -INFINITY;
}

/* The slope, and the curvature with its sign turned, by differences. */
struct shape {
    double slope[PARAMS], curvature[PARAMS][PARAMS];
};

static struct shape shape_at(const struct search *search, const double *at, double value)
{
    static const double h = 1e-3;
    struct shape shape;
    double above[PARAMS], moved[PARAMS];
    memcpy(moved, at, sizeof moved);
    for (int i = 0; i < PARAMS; i++) {
        moved[i] = at[i] + h;
        above[i] = objective(search, moved);
        moved[i] = at[i] - h;
        const double below = objective(search, moved);
        moved[i] = at[i];
        shape.slope[i] = (above[i] - below) / (2 * h);
        shape.curvature[i][i] = -(above[i] - 2 * value + below) / (h * h);
    }
    for (int i = 0; i < PARAMS; i++)
        for (int k = 0; k < i; k++) {
            moved[i] = at[i] + h;
            moved[k] = at[k] + h;
            const double both = objective(search, moved);
            moved[i] = at[i];
            moved[k] = at[k];
            shape.curvature[i][k] = -(both - above[i] - above[k] + value) / (h * h);
        }
    return shape;
}

/*
 * Solves (curvature + damping) step = slope by Cholesky's factors. False where the matrix is not
 * positive definite, so that the step need not lead upwards.
 */
static bool solve(const struct shape *shape, double damping, double *step)
{
    double root[PARAMS][PARAMS];
    for (int i = 0; i < PARAMS; i++) {
        for (int k = 0; k <= i; k++) {
            double sum = shape->curvature[i][k] + (i == k ? damping : 0);
            for (int m = 0; m < k; m++)
                sum -= root[i][m] * root[k][m];
            if (i == k && !(sum > 0))
                return false;
            root[i][k] = i == k ? sqrt(sum) : sum / root[k][k];
        }
        step[i] = shape->slope[i];
        for (int m = 0; m < i; m++)
            step[i] -= root[i][m] * step[m];
        step[i] /= root[i][i];
    }
    for (int i = PARAMS - 1; i >= 0; i--) {
        for (int m = i + 1; m < PARAMS; m++)
            step[i] -= root[m][i] * step[m];
        step[i] /= root[i][i];
    }
    return true;
}

/* Takes the step where it leads upwards and is not too long to be believed. */
static bool take_step(const struct search *search, double *at, double *value, const double *step,
                      double *longest)
{
    static const double too_long = 2;
    double next[PARAMS];
    *longest = 0;
    for (int i = 0; i < PARAMS; i++) {
        next[i] = at[i] + step[i];
        *longest = fmax(*longest, fabs(step[i]));
    }
    if (!(*longest <= too_long))
        return false;
    const double reached = objective(search, next);
    if (!(reached >= *value))
        return false;
    *value = reached;
    memcpy(at, next, sizeof next);
    return true;
}

/*
 * Newton's method, damped where a step does not lead upwards (Levenberg 1944, Marquardt 1963). Our
 * own, as NLopt aborts the process where memory ends, and this needs none. Returns the value
 * reached, and moves `at` there.
 */
static double climb(const struct search *search, double *at, bool *converged)
{
    enum { STEPS = 60, TRIES = 40 };
    static const double near_enough = 1e-5, least_damping = 1e-6;
    double value = objective(search, at), damping = least_damping;
    *converged = false;
    for (int i = 0; i < STEPS && !*converged; i++) {
        const struct shape shape = shape_at(search, at, value);
        double step[PARAMS], longest = INFINITY;
        bool taken = false;
        for (int tries = 0; tries < TRIES && !taken && longest > near_enough; tries++) {
            if (solve(&shape, damping, step))
                taken = take_step(search, at, &value, step, &longest);
            damping = taken ? fmax(damping / 10, least_damping) : damping * 8;
        }
        *converged = longest <= near_enough;
        if (!taken && !*converged)
            break;
    }
    return value;
}

static void climb_from_starts(const struct search *search, double *best)
{
    static const double starts[][PARAMS] = {{0, 0, 0, -1}, {1.5, 1, 0, 1}, {0, -1, -1, -3}};
    double most = -INFINITY;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        double at[PARAMS];
        memcpy(at, starts[i], sizeof at);
        bool converged;
        const double value = climb(search, at, &converged);
        if (i > 0 && value <= most)
            continue;
        most = value;
        memcpy(best, at, sizeof at);
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
    (void)climb(&search, at, &converged);
    *rhythm = rhythm_at(at, mean);
    rhythm->converged = converged;
    free(taken);
    return 0;
}
