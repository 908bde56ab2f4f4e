#include "libretain/fit.h"

#include <math.h>
#include <nlopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/special.h"

/*
 * The search is over the logarithms of the parameters, `place` below: LBFGS to near the maximum,
 * then Newton's steps by the curvature, which is needed for the standard errors anyway.
 */
enum { N = RT_MODEL_PARAMS, CLIMB = 400, STEPS = 80, STARTS = 8 };

/* Distinct points from which on the search starts with a sample, and customers of that sample. */
enum { MANY = 30000, SAMPLE = 20000 };

/* Beyond e^35 either way a parameter has left for a bound. */
static const double widest = 35;

struct search {
    const struct rt_model *model;
    const struct rt_histogram *points;
    int threads;
    int evaluations;
};

/* Of minus the log-likelihood: its second derivatives. */
struct curvature {
    double of[N][N];
};

static double evaluate(struct search *search, const double *place, double *gradient)
{
    const int count = search->model->count;
    double params[N] = {0};
    for (int i = 0; i < count; i++)
        params[i] = rt_exp(place[i]);
    search->evaluations++;
    const double value =
        rt_model_loglik(search->model, params, search->points, search->threads, gradient);
    for (int i = 0; i < count && gradient != NULL; i++)
        gradient[i] *= params[i];
    return isfinite(value) ? value : -HUGE_VAL;
}

/*
 * For NLopt, which wants numbers at all times, and slopes near 1: its first step is as long as
 * they are.
 */
static double climb_value(unsigned count, const double *place, double *gradient, void *what)
{
    struct search *search = what;
    double slopes[N];
    const double value = evaluate(search, place, slopes);
    const bool good = value > -HUGE_VAL;
    for (unsigned i = 0; i < count && gradient != NULL; i++)
        gradient[i] = good && isfinite(slopes[i]) ? slopes[i] / search->points->total : 0;
    return good ? value / search->points->total : -1e300;
}

static void check_memory(nlopt_result result)
{
    if (result == NLOPT_OUT_OF_MEMORY)
        rt_out_of_memory(sizeof(struct search));
}

/* To near a maximum; any end will do, as Newton's steps judge it. */
static void climb(struct search *search, double *place)
{
    const unsigned count = (unsigned)search->model->count;
    nlopt_opt opt = nlopt_create(NLOPT_LD_LBFGS, count);
    check_memory(opt == NULL ? NLOPT_OUT_OF_MEMORY : NLOPT_SUCCESS);
    check_memory(nlopt_set_max_objective(opt, climb_value, search));
    check_memory(nlopt_set_lower_bounds1(opt, -widest));
    check_memory(nlopt_set_upper_bounds1(opt, widest));
    check_memory(nlopt_set_ftol_abs(opt, 1e-5 / search->points->total));
    check_memory(nlopt_set_maxeval(opt, CLIMB));
    double value;
    check_memory(nlopt_optimize(opt, place, &value));
    nlopt_destroy(opt);
}

/* By differences of the gradient. */
static bool measure(struct search *search, const double *place, struct curvature *curvature)
{
    static const double step = 1e-4;
    const int count = search->model->count;
    double at[N], above[N], below[N], raw[N][N];
    memcpy(at, place, sizeof at);
    for (int i = 0; i < count; i++) {
        at[i] = place[i] + step;
        const double high = evaluate(search, at, above);
        at[i] = place[i] - step;
        const double low = evaluate(search, at, below);
        at[i] = place[i];
        if (!(high > -HUGE_VAL) || !(low > -HUGE_VAL))
            return false;
        for (int k = 0; k < count; k++)
            raw[i][k] = -(above[k] - below[k]) / (2 * step);
    }
    for (int i = 0; i < count; i++)
        for (int k = 0; k < count; k++)
            curvature->of[i][k] = (raw[i][k] + raw[k][i]) / 2;
    return true;
}

/* Cholesky's factor of the curvature with `more` on its diagonal; false where there is none. */
static bool factor(const struct curvature *curvature, double more, int count, double lower[N][N])
{
    for (int i = 0; i < count; i++)
        for (int k = 0; k <= i; k++) {
            double sum = curvature->of[i][k] + (i == k ? more : 0);
            for (int j = 0; j < k; j++)
                sum -= lower[i][j] * lower[k][j];
            if (i == k && !(sum > 1e-13 * fabs(curvature->of[i][i]) && sum > 0))
                return false;
            lower[i][k] = i == k ? sqrt(sum) : sum / lower[k][k];
        }
    return true;
}

static void solve(double lower[N][N], int count, const double *right, double *solution)
{
    for (int i = 0; i < count; i++) {
        double sum = right[i];
        for (int j = 0; j < i; j++)
            sum -= lower[i][j] * solution[j];
        solution[i] = sum / lower[i][i];
    }
    for (int i = count; i-- > 0;) {
        double sum = solution[i];
        for (int j = i + 1; j < count; j++)
            sum -= lower[j][i] * solution[j];
        solution[i] = sum / lower[i][i];
    }
}

static double product(const double *a, const double *b, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

/*
 * A step uphill: Newton's, or a shorter one towards the gradient where the curvature is not that of
 * a maximum, or where `damping` says so. *gain is twice what it promises, in log-likelihood: its
 * square root is the way to the maximum in standard errors.
 */
static bool find_step(const struct curvature *curvature, const double *gradient, int count,
                      double damping, double *step, double *gain)
{
    double lower[N][N], largest = 1e-8;
    for (int i = 0; i < count; i++)
        largest = fmax(largest, fabs(curvature->of[i][i]));
    bool found = damping == 0 && factor(curvature, 0, count, lower);
    for (double more = fmax(damping, 1e-6) * largest; !found && more < 1e12 * largest; more *= 10)
        found = factor(curvature, more, count, lower);
    if (!found)
        return false;
    solve(lower, count, gradient, step);
    *gain = product(gradient, step, count);
    double longest = 0;
    for (int i = 0; i < count; i++)
        longest = fmax(longest, fabs(step[i]));
    for (int i = 0; i < count && longest > 3; i++)
        step[i] *= 3 / longest;
    return true;
}

/* Goes there if it is uphill. Near the maximum the value is all rounding, and `gain` knows better.
 */
static bool go(struct search *search, double *place, double *value, double *gradient,
               const double *step, double gain)
{
    const int count = search->model->count;
    double next[N] = {0}, next_gradient[N] = {0};
    for (int k = 0; k < count; k++)
        next[k] = place[k] + step[k];
    const double next_value = evaluate(search, next, next_gradient);
    const bool close = gain < 1e-6 && next_value > *value - 1e-9 * (1 + fabs(*value));
    if (!(next_value > *value) && !close)
        return false;
    memcpy(place, next, sizeof next);
    memcpy(gradient, next_gradient, sizeof next_gradient);
    *value = next_value;
    return true;
}

static bool inside(const double *place, const double *step, int count)
{
    for (int k = 0; k < count; k++)
        if (!(fabs(place[k] + step[k]) <= widest))
            return false;
    return true;
}

/*
 * Newton's steps from `place`, by a curvature that is `known` well enough to begin with, and
 * measured again wherever the steps do not get on quickly. They end as near to the maximum as the
 * last digits let them come. True where the maximum was reached, with a curvature near there.
 */
static bool settle(struct search *search, double *place, struct curvature *curvature, bool known)
{
    static const double reached = 1e-21, rounding = 1e-12, quick = 0.05;
    const int count = search->model->count;
    double gradient[N], step[N], gain = HUGE_VAL, damping = 0;
    double value = evaluate(search, place, gradient);
    for (int i = 0; i < STEPS && value > -HUGE_VAL; i++) {
        if (!known && !measure(search, place, curvature))
            return false;
        const double before = gain;
        if (!find_step(curvature, gradient, count, damping, step, &gain))
            return false;
        if (!inside(place, step, count))
            return false;
        if (damping == 0 && (gain < reached || (gain < rounding && gain > quick * before))) {
            for (int k = 0; k < count; k++)
                place[k] += step[k];
            return true;
        }
        known = gain < quick * before;
        if (go(search, place, &value, gradient, step, gain)) {
            damping = damping > 1e-5 ? damping / 10 : 0;
        } else {
            damping = damping == 0 ? 1e-4 : damping * 10;
            known = false;
        }
        if (damping > 1e6)
            break;
    }
    return false;
}

/* The best of several starts; stops when two agree. False where none reaches a maximum. */
static bool explore(struct search *search, double *place, struct curvature *curvature)
{
    static const double same = 1e-4; /* of the log-likelihood */
    double best = -HUGE_VAL;
    bool reached = false;
    for (int attempt = 0; attempt < STARTS; attempt++) {
        double params[N], at[N] = {0};
        struct curvature there = {0};
        if (!search->model->start(search->points, attempt, params))
            break;
        for (int i = 0; i < search->model->count; i++)
            at[i] = rt_log(params[i]);
        climb(search, at);
        const bool settled = settle(search, at, &there, false);
        const double value = evaluate(search, at, NULL);
        const bool again = settled && reached && fabs(value - best) < same;
        if (attempt == 0 || value > best + same || (settled && !reached && value > best - same)) {
            best = value;
            reached = settled;
            memcpy(place, at, sizeof at);
            *curvature = there;
        }
        if (again)
            break;
    }
    return reached;
}

/* Sets covariance and standard errors; false where the curvature has no inverse. */
static bool set_errors(struct rt_fit *fit, const struct curvature *curvature)
{
    const int count = fit->model->count;
    double lower[N][N];
    if (!factor(curvature, 0, count, lower))
        return false;
    for (int i = 0; i < count; i++) {
        double unit[N] = {0}, column[N];
        unit[i] = 1;
        solve(lower, count, unit, column);
        for (int k = 0; k < count; k++)
            fit->covariance[k][i] = column[k] * fit->params[i] * fit->params[k];
        fit->se[i] = fit->params[i] * sqrt(column[i]);
    }
    return true;
}

/*
 * Why there is no maximum: the model's word on where the search ended, or on where a parameter that
 * the data say nothing of would go.
 */
static const char *why(const struct rt_fit *fit)
{
    const struct rt_model *model = fit->model;
    const char *reason = model->limit(fit->params);
    for (int i = 0; i < 2 * model->count && reason == NULL; i++) {
        double params[N];
        memcpy(params, fit->params, sizeof params);
        if (!(fit->se[i / 2] <= 10 * params[i / 2])) {
            params[i / 2] *= i % 2 == 0 ? 1e-15 : 1e15;
            reason = model->limit(params);
        }
    }
    return reason;
}

static void forget_errors(struct rt_fit *fit)
{
    for (int i = 0; i < N; i++) {
        fit->se[i] = (double)NAN;
        for (int k = 0; k < N; k++)
            fit->covariance[i][k] = (double)NAN;
    }
}

static int give_up(struct rt_fit *fit, enum rt_fit_state state, const char *reason)
{
    forget_errors(fit);
    fit->state = state;
    fit->reason = reason;
    return -1;
}

/* Starts with a sample, whose curvature, times the share that it is, is nearly that of all. */
static bool find(struct search *all, double *place, struct curvature *curvature)
{
    const double step = all->points->total / SAMPLE;
    if (all->points->count < MANY || step < 2)
        return explore(all, place, curvature);
    struct rt_histogram *sample = rt_histogram_sample(all->points, step);
    struct search search = {all->model, sample, all->threads, 0};
    bool known = explore(&search, place, curvature);
    for (int i = 0; i < N && known; i++)
        for (int k = 0; k < N; k++)
            curvature->of[i][k] *= step;
    rt_histogram_free(sample);
    if (known && settle(all, place, curvature, true))
        return true;
    return explore(all, place, curvature);
}

/*
 * Rounds the parameters to digits that do not depend on the way to the maximum, and takes the
 * curvature there. False where it is not that of a maximum.
 */
static bool finish(struct search *search, struct rt_fit *fit)
{
    struct curvature curvature = {0};
    double place[N] = {0};
    for (int i = 0; i < fit->model->count; i++) {
        char text[64];
        snprintf(text, sizeof text, "%.*e", RT_FIT_DIGITS - 1, fit->params[i]);
        fit->params[i] = strtod(text, NULL);
        place[i] = rt_log(fit->params[i]);
    }
    fit->loglik = evaluate(search, place, NULL);
    return measure(search, place, &curvature) && set_errors(fit, &curvature);
}

int rt_fit(const struct rt_model *model, const struct rt_histogram *points, int threads,
           struct rt_fit *fit)
{
    *fit = (struct rt_fit){.model = model, .total = points->total, .loglik = (double)NAN};
    for (int i = 0; i < N; i++)
        fit->params[i] = (double)NAN;
    const char *lacks = points->count == 0 ? "there are no customers" : model->lacks(points);
    if (lacks != NULL)
        return give_up(fit, RT_FIT_LACKS, lacks);
    struct search search = {model, points, threads, 0};
    double place[N] = {0};
    struct curvature curvature = {0};
    const bool reached = find(&search, place, &curvature);
    for (int i = 0; i < model->count; i++)
        fit->params[i] = rt_exp(place[i]);
    forget_errors(fit);
    const bool sure = reached && finish(&search, fit);
    fit->evaluations = search.evaluations;
    const char *reason = why(fit);
    if (reason != NULL)
        return give_up(fit, RT_FIT_LIMIT, reason);
    if (!sure)
        return give_up(fit, RT_FIT_STUCK,
                       "no maximum was found: these data fit many values of the parameters alike, "
                       "or none; try another model, or more customers");
    fit->state = RT_FIT_DONE;
    return 0;
}
