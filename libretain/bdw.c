#include "libretain/bdw.h"

#include <math.h>
#include <string.h>

#include "libretain/leaving.h"
#include "libretain/special.h"

enum { TERMS = 4096, PANELS = 4096 };

/* time^c; 0 at 0. */
static double age(const double *params, double time)
{
    return time > 0 ? rt_pow(time, params[2]) : 0;
}

/* ln of S(later) / S(sooner), of ages. */
static double log_kept(const double *params, double sooner, double later)
{
    return rt_log_beta_ratio(params[0], 0, params[1] + sooner, later - sooner);
}

/* The derivatives of ln S(time). */
static void survival_slopes(const double *params, double time, double slopes[3])
{
    const double a = params[0], b = params[1], t = age(params, time);
    slopes[0] = -rt_digamma_rising(a + b, t);
    slopes[1] = rt_digamma_rising(b, t) + slopes[0];
    slopes[2] = time > 0 ? -rt_digamma_rising(b + t, a) * t * rt_log(time) : 0;
}

/* A period: the customers before it, and what it keeps of them. */
struct period {
    double time, end;      /* the age at its end */
    double before, kept;   /* ln S(time - 1), ln of S(time) / S(time - 1) */
    double from[3], to[3]; /* the slopes of ln S(time - 1) and ln S(time) */
};

/* From the period before it, if `last` is that. */
static struct period make_period(const double *params, double time, const struct period *last,
                                 bool slopes)
{
    struct period period = {.time = time, .end = age(params, time)};
    const bool next = last != NULL && last->time == time - 1;
    const double start = next ? last->end : age(params, time - 1);
    period.before = next ? last->before + last->kept : log_kept(params, 0, start);
    period.kept = log_kept(params, start, period.end);
    if (slopes && next)
        memcpy(period.from, last->to, sizeof period.from);
    else if (slopes)
        survival_slopes(params, time - 1, period.from);
    if (slopes)
        survival_slopes(params, time, period.to);
    return period;
}

/* P(T = t) = S(t - 1) (1 - S(t) / S(t - 1)): so written, nothing cancels. */
static double add_point(const struct period *period, bool left, double weight, double *gradient)
{
    const double odds = left && gradient != NULL ? 1 / rt_expm1(-period->kept) : 0;
    for (int i = 0; i < 3 && gradient != NULL; i++)
        gradient[i] += weight * (left ? period->from[i] - (period->to[i] - period->from[i]) * odds
                                      : period->to[i]);
    return weight * (period->before + (left ? rt_log(-rt_expm1(period->kept)) : period->kept));
}

double rt_bdw_loglik(const double *params, const double *at, double *gradient)
{
    const struct period period = make_period(params, at[0], NULL, gradient != NULL);
    if (gradient != NULL)
        gradient[0] = gradient[1] = gradient[2] = 0;
    return add_point(&period, at[1] == 1, 1, gradient);
}

/* All points, which are in the order of their periods: neighbours share what they have in common.
 */
static double loglik_all(const double *params, const struct rt_histogram *points, int threads,
                         double *gradient)
{
    (void)threads; /* there are few points */
    struct period period = {.time = -1};
    double sum = 0;
    if (gradient != NULL)
        gradient[0] = gradient[1] = gradient[2] = 0;
    for (size_t i = 0; i < points->count; i++) {
        double at[RT_POINT];
        rt_histogram_at(points, i, at);
        if (at[0] != period.time)
            period = make_period(params, at[0], &period, gradient != NULL);
        sum += add_point(&period, at[1] == 1, points->weights[i], gradient);
    }
    return sum;
}

double rt_bdw_survival(const double *params, double time)
{
    return rt_exp(log_kept(params, 0, age(params, time)));
}

double rt_bdw_retention(const double *params, double time)
{
    return rt_exp(log_kept(params, age(params, time - 1), age(params, time)));
}

/* A term of the sum, as a function of a real time. */
struct term {
    const double *params;
    double first, from; /* the time of the first term, the age before it */
    double rate;        /* ln(1 + discount) */
};

static double value(const struct term *term, double time)
{
    return rt_exp(log_kept(term->params, term->from, age(term->params, time)) -
                  term->rate * (time - term->first));
}

/* The integral of a panel by the Gauss-Legendre rule of 10 points (Abramowitz, Stegun 25.4.30). */
static double panel(const struct term *term, double from, double to)
{
    static const double places[] = {0.1488743389816312, 0.4333953941292472, 0.6794095682990244,
                                    0.8650633666889845, 0.9739065285171717};
    static const double weights[] = {0.2955242247147529, 0.2692667193099963, 0.2190863625159820,
                                     0.1494513491505806, 0.0666713443086881};
    const double middle = (from + to) / 2, half = (to - from) / 2;
    double sum = 0;
    for (int i = 0; i < 5; i++)
        sum += weights[i] *
               (value(term, middle - half * places[i]) + value(term, middle + half * places[i]));
    return sum * half;
}

/* The sum from `time` on: the integral, half the first term, less a twelfth of its slope. */
static double tail(const struct term *term, double time)
{
    const double slope = (value(term, time + 1) - value(term, time - 1)) / 2;
    double sum = value(term, time) / 2 - slope / 12;
    for (int i = 0; i < PANELS; i++) {
        const double width =
            term->rate > 0 && 2 / term->rate < time / 2 ? 2 / term->rate : time / 2;
        const double part = panel(term, time, time + width);
        sum += part;
        if (part <= sum * 1e-17 || time > 1e300)
            break;
        time += width;
    }
    return sum;
}

double rt_bdw_residual(const double *params, double time, double discount)
{
    if (!(discount > 0) && params[0] * params[2] <= 1)
        return INFINITY;
    const struct term term = {params, time, age(params, time - 1), rt_log1p(discount)};
    double sum = 0;
    for (int i = 0; i < TERMS; i++)
        sum += value(&term, time + i);
    return sum + tail(&term, time + TERMS);
}

static const char *lacks(const struct rt_histogram *points)
{
    return rt_leaving_lacks(points, 3);
}

static bool start(const struct rt_histogram *points, int attempt, double *params)
{
    static const double starts[][2] = {{1, 1}, {0.3, 1.5}, {3, 0.7}, {0.1, 2}, {20, 0.5}};
    if (attempt >= (int)(sizeof starts / sizeof *starts))
        return false;
    const double share = rt_leaving_first(points);
    params[0] = starts[attempt][0];
    params[1] = starts[attempt][0] * (1 - share) / share;
    params[2] = starts[attempt][1];
    return true;
}

static const char *limit(const double *params)
{
    if (params[0] > 1e5 || params[1] > 1e7)
        return "a and b grow without bound: all customers are alike, and the time alone decides "
               "who leaves; try sbg";
    if (params[0] < 1e-5 || params[1] < 1e-5)
        return "a or b runs to 0: customers leave at once or never; try sbg";
    if (params[2] < 1e-4 || params[2] > 50)
        return "c runs away: the periods are too few to tell how the chance to leave moves with "
               "time; try sbg";
    return NULL;
}

const struct rt_model rt_bdw = {
    .name = "bdw",
    .title = "beta-discrete-Weibull",
    .source = "Fader, Hardie, Liu, Davin, Steenburgh 2018",
    .count = 3,
    .params = {"a", "b", "c"},
    .columns = {"period", "left"},
    .fault = rt_leaving_fault,
    .lacks = lacks,
    .start = start,
    .limit = limit,
    .loglik = rt_bdw_loglik,
    .loglik_all = loglik_all,
    .survival = rt_bdw_survival,
};
