#include "libretain/pnbd.h"

#include "libretain/buyers.h"
#include "libretain/gauss.h"
#include "libretain/pnbd_parts.h"
#include "libretain/special.h"

enum { X, T_X, T };

static double last_age(const double *at)
{
    return at[X] > 0 ? at[T_X] : 0;
}

/* A piece of the integral: the places of the rule, and what there is at each. */
enum { PLACES = 2 * RT_GAUSS_16 };
struct piece {
    double since[PLACES];                       /* t - t_x */
    double log_alpha[PLACES], log_beta[PLACES]; /* ln((alpha + t) / (alpha + t_x)) */
    double values[PLACES];                      /* with the weights of the rule */
};

/*
 * At y from `from` to `from` + `width`; alpha and beta are those at t_x. The integrand falls by
 * less than e^20 in a piece, and there is none after it has fallen by e^42.
 */
static void fill_piece(struct piece *piece, double from, double width, double alpha, double beta,
                       double power, double s)
{
    const double least = alpha < beta ? alpha : beta;
    for (int i = 0; i < RT_GAUSS_16; i++) {
        piece->since[i] = from + width / 2 * (1 + rt_gauss_places_16[i]);
        piece->since[RT_GAUSS_16 + i] = from + width / 2 * (1 - rt_gauss_places_16[i]);
    }
    for (int i = 0; i < PLACES; i++) {
        const double grown = least * rt_exp_within(piece->since[i]);
        piece->since[i] = grown - least;
        piece->log_alpha[i] = rt_log_within((alpha + (grown - least)) / alpha);
        piece->log_beta[i] = rt_log_within((beta + (grown - least)) / beta);
        const double fall = power * piece->log_alpha[i] + (s + 1) * piece->log_beta[i];
        piece->values[i] = grown * rt_exp_within(-fall);
    }
    for (int i = 0; i < PLACES; i++)
        piece->values[i] *= rt_gauss_weights_16[i % RT_GAUSS_16] * width / 2;
}

/*
 * By the rule of 16 points in pieces of y = ln((m + t) / (m + t_x)), m being the less of alpha and
 * beta: the integrand falls, by a rate in y that is at most r + x + s, and is far from its
 * singularities. Pieces are short enough for full accuracy, and end where nothing is left.
 */
struct rt_pnbd_gone rt_pnbd_gone(const double *params, double x, double last, double now,
                                 bool means)
{
    const double power = params[RT_PNBD_R] + x, s = params[RT_PNBD_S];
    const double alpha = params[RT_PNBD_ALPHA] + last, beta = params[RT_PNBD_BETA] + last;
    const double least = alpha < beta ? alpha : beta, end = rt_log1p((now - last) / least);
    struct rt_pnbd_gone sum = {0};
    for (double from = 0; from < end;) {
        const double grown = least * rt_exp(from), since = grown - least;
        const double rate = power * grown / (alpha + since) + (s + 1) * grown / (beta + since);
        double width = rate > 4 ? 5 / rate : 1.25;
        width = end - from < width * 1.01 ? end - from : width;
        struct piece piece;
        fill_piece(&piece, from, width, alpha, beta, power, s);
        double part = 0;
        for (int i = 0; i < PLACES; i++)
            part += piece.values[i];
        for (int i = 0; i < PLACES && means; i++) {
            sum.log_alpha += piece.values[i] * piece.log_alpha[i];
            sum.per_alpha += piece.values[i] / (alpha + piece.since[i]);
            sum.log_beta += piece.values[i] * piece.log_beta[i];
            sum.per_beta += piece.values[i] / (beta + piece.since[i]);
        }
        sum.integral += part;
        if (part <= 1e-18 * sum.integral)
            break;
        from = from + width > from && from + width < end ? from + width : end;
    }
    if (means && sum.integral > 0) {
        sum.log_alpha /= sum.integral;
        sum.per_alpha /= sum.integral;
        sum.log_beta /= sum.integral;
        sum.per_beta /= sum.integral;
    }
    return sum;
}

/* ln of the odds of being gone: the second term of the likelihood over the first. */
static double log_odds_gone(const double *params, const double *at, struct rt_pnbd_gone gone)
{
    const double last = last_age(at), silence = at[T] - last;
    const double alpha = params[RT_PNBD_ALPHA] + last, beta = params[RT_PNBD_BETA] + last;
    if (!(gone.integral > 0))
        return -HUGE_VAL;
    return rt_log(params[RT_PNBD_S] / beta) + rt_log(gone.integral) +
           (params[RT_PNBD_R] + at[X]) * rt_log1p(silence / alpha) +
           params[RT_PNBD_S] * rt_log1p(silence / beta);
}

static void set_gradient(const double *params, const double *at, struct rt_pnbd_gone gone,
                         double share, double *gradient)
{
    const double r = params[RT_PNBD_R], alpha = params[RT_PNBD_ALPHA];
    const double s = params[RT_PNBD_S], beta = params[RT_PNBD_BETA];
    const double last = last_age(at), silence = at[T] - last;
    gradient[RT_PNBD_R] = rt_digamma_rising(r, at[X]) - rt_log1p(at[T] / alpha) +
                          share * (rt_log1p(silence / (alpha + last)) - gone.log_alpha);
    gradient[RT_PNBD_ALPHA] = r / alpha - (r + at[X]) / (alpha + at[T]) +
                              share * (r + at[X]) * (1 / (alpha + at[T]) - gone.per_alpha);
    gradient[RT_PNBD_S] = share * (1 / s + rt_log1p(silence / (beta + last)) - gone.log_beta) -
                          rt_log1p(at[T] / beta);
    gradient[RT_PNBD_BETA] =
        s / beta - s / (beta + at[T]) + share * (s / (beta + at[T]) - (s + 1) * gone.per_beta);
}

double rt_pnbd_loglik(const double *params, const double *at, double *gradient)
{
    const struct rt_pnbd_gone gone =
        rt_pnbd_gone(params, at[X], last_age(at), at[T], gradient != NULL);
    const double odds = log_odds_gone(params, at, gone);
    if (gradient != NULL)
        set_gradient(params, at, gone, rt_logistic(odds), gradient);
    const double r = params[RT_PNBD_R], alpha = params[RT_PNBD_ALPHA];
    return rt_log_rising(r, at[X]) - r * rt_log1p(at[T] / alpha) - at[X] * rt_log(alpha + at[T]) -
           params[RT_PNBD_S] * rt_log1p(at[T] / params[RT_PNBD_BETA]) + rt_softplus(odds);
}

static double odds_of(const double *params, const double *at)
{
    return log_odds_gone(params, at, rt_pnbd_gone(params, at[X], last_age(at), at[T], false));
}

double rt_pnbd_palive(const double *params, const double *at)
{
    return rt_logistic(-odds_of(params, at));
}

void rt_pnbd_later(const double *params, const double *at, double later[RT_MODEL_PARAMS])
{
    later[RT_PNBD_R] = params[RT_PNBD_R] + at[X];
    later[RT_PNBD_ALPHA] = params[RT_PNBD_ALPHA] + at[T];
    later[RT_PNBD_S] = params[RT_PNBD_S];
    later[RT_PNBD_BETA] = params[RT_PNBD_BETA] + at[T];
}

/* r / alpha times the mean time until the drop-out or `time`, beta ((1 + t / beta)^(1-s) -
 * 1)/(1-s).
 */
double rt_pnbd_expected_new(const double *params, double time)
{
    const double beta = params[RT_PNBD_BETA], fall = params[RT_PNBD_S] - 1;
    const double grown = rt_log1p(time / beta);
    const double mean = fabs(fall * grown) < 1e-300 ? grown : -rt_expm1(-fall * grown) / fall;
    return params[RT_PNBD_R] / params[RT_PNBD_ALPHA] * beta * mean;
}

double rt_pnbd_expected(const double *params, const double *at, double horizon)
{
    double later[RT_MODEL_PARAMS];
    rt_pnbd_later(params, at, later);
    return rt_pnbd_palive(params, at) * rt_pnbd_expected_new(later, horizon);
}

/* r (r + 1) / alpha^2 times the mean square of that time, the integral of 2 u (1 + u / beta)^-s. */
static double pairs(const double *params, double time)
{
    const double r = params[RT_PNBD_R], alpha = params[RT_PNBD_ALPHA];
    const double s = params[RT_PNBD_S], beta = params[RT_PNBD_BETA];
    const double end = rt_log1p(time / beta), most = s > 2 ? 5 / s : 1.25;
    double sum = 0;
    for (double from = 0; from < end;) {
        const double width = end - from < most ? end - from : most;
        for (int i = 0; i < 2 * RT_GAUSS_16; i++) {
            const double place = rt_gauss_places_16[i / 2];
            const double y = from + width / 2 * (i % 2 == 0 ? 1 + place : 1 - place);
            sum += rt_gauss_weights_16[i / 2] * width * rt_expm1(y) * rt_exp((1 - s) * y);
        }
        if (s * from > 80 + 2 * from)
            break;
        from = width < most ? end : from + width;
    }
    return r * (r + 1) * (beta / alpha) * (beta / alpha) * sum;
}

double rt_pnbd_variance(const double *params, const double *at, double horizon)
{
    double later[RT_MODEL_PARAMS];
    rt_pnbd_later(params, at, later);
    const double there = rt_pnbd_palive(params, at);
    const double mean = there * rt_pnbd_expected_new(later, horizon);
    const double variance = there * pairs(later, horizon) + mean * (1 - mean);
    return variance > 0 ? variance : 0;
}

/* ln of the negative binomial probability of `count` purchases in `time`, while there. */
static double log_purchases(const double *params, double time, double count)
{
    const double r = params[RT_PNBD_R], alpha = params[RT_PNBD_ALPHA];
    return rt_log_rising(r, count) - rt_log_gamma(count + 1) - r * rt_log1p(time / alpha) -
           (count > 0 ? count * rt_log1p(alpha / time) : 0);
}

/* There still at the end, or dropped out at any time before. */
double rt_pnbd_pmf(const double *params, double time, double count)
{
    const double s = params[RT_PNBD_S], beta = params[RT_PNBD_BETA];
    if (!(count >= 0) || floor(count) != count)
        return 0;
    if (!(time > 0))
        return count == 0 ? 1 : 0;
    const double least = params[RT_PNBD_ALPHA] < beta ? params[RT_PNBD_ALPHA] : beta;
    const double rate = params[RT_PNBD_R] + count + s + 1, most = rate > 4 ? 5 / rate : 1.25;
    const double end = rt_log1p(time / least);
    double sum = rt_exp(log_purchases(params, time, count) - s * rt_log1p(time / beta));
    for (double from = 0; from < end;) {
        const double width = end - from < most ? end - from : most;
        for (int i = 0; i < 2 * RT_GAUSS_16; i++) {
            const double place = rt_gauss_places_16[i / 2];
            const double y = from + width / 2 * (i % 2 == 0 ? 1 + place : 1 - place);
            const double t = least * rt_expm1(y);
            sum += rt_gauss_weights_16[i / 2] * width / 2 * (least + t) * s / (beta + t) *
                   rt_exp(log_purchases(params, t, count) - s * rt_log1p(t / beta));
        }
        from = width < most ? end : from + width;
    }
    return sum;
}

double rt_pnbd_future(const double *params, const double *at, double horizon, double count)
{
    double later[RT_MODEL_PARAMS];
    rt_pnbd_later(params, at, later);
    const double odds = odds_of(params, at);
    return rt_logistic(-odds) * rt_pnbd_pmf(later, horizon, count) +
           (count == 0 ? rt_logistic(odds) : 0);
}

double rt_pnbd_dert(const double *params, const double *at, double rate)
{
    const double s = params[RT_PNBD_S], beta = params[RT_PNBD_BETA] + at[T];
    const double log_tricomi = rt_log_gamma_upper_scaled(1 - s, rate * beta);
    return rt_pnbd_palive(params, at) * (params[RT_PNBD_R] + at[X]) /
           (params[RT_PNBD_ALPHA] + at[T]) *
           rt_exp(s * rt_log(beta) + (s - 1) * rt_log(rate) + log_tricomi);
}

/* The table of the model ----------------------------------------------------------------------- */

static bool start(const struct rt_histogram *points, int attempt, double *params)
{
    static const double drop_outs[][2] = {{0.6, 0.5}, {0.3, 0.1}, {2, 4}, {5, 2}};
    if (attempt >= (int)(sizeof drop_outs / sizeof *drop_outs))
        return false;
    rt_buyers_start(points, &params[RT_PNBD_R], &params[RT_PNBD_ALPHA]);
    params[RT_PNBD_S] = drop_outs[attempt][0];
    params[RT_PNBD_BETA] = drop_outs[attempt][1] * rt_buyers_means(points).T;
    return true;
}

static const char *limit(const double *params)
{
    if (params[RT_PNBD_S] < 1e-7 || params[RT_PNBD_S] < 1e-9 * params[RT_PNBD_BETA])
        return "s runs to 0: nobody seems to drop out in these data; watch for longer, or use "
               "rt-ltv --method formula";
    if (params[RT_PNBD_S] > 1e5 || params[RT_PNBD_BETA] > 1e9)
        return "s and beta grow without bound: the data do not tell how customers differ in "
               "dropping out; try mbgnbd, or watch for longer";
    if (params[RT_PNBD_R] > 1e5)
        return "r and alpha grow without bound: all customers buy at one rate; a single rate, "
               "orders by time, says as much";
    if (params[RT_PNBD_R] < 1e-7)
        return "r runs to 0: next to nobody buys again; watch for longer";
    return NULL;
}

const struct rt_model rt_pnbd = {
    .name = "pnbd",
    .title = "Pareto/NBD",
    .source = "Schmittlein, Morrison, Colombo 1987",
    .count = 4,
    .params = {"r", "alpha", "s", "beta"},
    .in_time = {false, true, false, true},
    .columns = {"x", "t_x", "T"},
    .column_in_time = {false, true, true},
    .fault = rt_buyers_fault,
    .lacks = rt_buyers_lack,
    .start = start,
    .limit = limit,
    .loglik = rt_pnbd_loglik,
    .loglik_all = rt_pnbd_loglik_all,
    .palive = rt_pnbd_palive,
    .expected = rt_pnbd_expected,
    .variance = rt_pnbd_variance,
    .future = rt_pnbd_future,
    .dert = rt_pnbd_dert,
    .expected_new = rt_pnbd_expected_new,
    .pmf = rt_pnbd_pmf,
};
