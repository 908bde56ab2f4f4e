#include "libretain/sbg.h"

#include <math.h>
#include <string.h>

#include "libretain/leaving.h"
#include "libretain/special.h"

double rt_sbg_loglik(const double *params, const double *at, double *gradient)
{
    const double alpha = params[0], beta = params[1];
    const double left = at[1], stayed = at[0] - left;
    if (gradient != NULL) {
        const double both = rt_digamma_rising(alpha + beta, at[0]);
        gradient[0] = rt_digamma_rising(alpha, left) - both;
        gradient[1] = rt_digamma_rising(beta, stayed) - both;
    }
    return rt_log_beta_ratio(alpha, left, beta, stayed);
}

/* A rising product from `base`, of so many factors: its logarithm, and the slope of that. */
struct product {
    double base, count, log, slope;
};

static void extend(struct product *product, double count)
{
    enum { FEW = 16 };
    if (count - product->count > FEW) {
        const double from = product->base + product->count, more = count - product->count;
        product->log += rt_log_rising(from, more);
        product->slope += rt_digamma_rising(from, more);
        product->count = count;
    }
    for (; product->count < count; product->count++) {
        product->log += rt_log(product->base + product->count);
        product->slope += 1 / (product->base + product->count);
    }
}

/* All points, which are in the order of their periods: from one to the next there is a factor more.
 */
static double loglik_all(const double *params, const struct rt_histogram *points, int threads,
                         double *gradient)
{
    (void)threads; /* there are few points */
    const double alpha = params[0], beta = params[1], log_alpha = rt_log(alpha);
    struct product stay = {.base = beta}, both = {.base = alpha + beta};
    double sum = 0, slopes[2] = {0};
    for (size_t i = 0; i < points->count; i++) {
        double at[RT_POINT];
        rt_histogram_at(points, i, at);
        extend(&stay, at[0] - 1);
        extend(&both, at[0]);
        const bool left = at[1] == 1;
        const double weight = points->weights[i], last = beta + at[0] - 1;
        sum += weight * (stay.log + (left ? log_alpha : rt_log(last)) - both.log);
        slopes[0] += weight * ((left ? 1 / alpha : 0) - both.slope);
        slopes[1] += weight * (stay.slope + (left ? 0 : 1 / last) - both.slope);
    }
    if (gradient != NULL)
        memcpy(gradient, slopes, sizeof slopes);
    return sum;
}

double rt_sbg_survival(const double *params, double time)
{
    return rt_exp(rt_log_beta_ratio(params[0], 0, params[1], time));
}

double rt_sbg_retention(const double *params, double time)
{
    return (params[1] + time - 1) / (params[0] + params[1] + time - 1);
}

/* The sum is r(n) 2F1(1, beta + n; alpha + beta + n; 1 / (1 + discount)). */
double rt_sbg_residual(const double *params, double time, double discount)
{
    const double alpha = params[0], beta = params[1];
    if (!(discount > 0))
        return alpha > 1 ? (beta + time - 1) / (alpha - 1) : INFINITY;
    int sign;
    const double log_sum =
        rt_log_2f1(1, beta + time, alpha + beta + time, 1 / (1 + discount), &sign);
    return rt_sbg_retention(params, time) * rt_exp(log_sum);
}

static const char *lacks(const struct rt_histogram *points)
{
    return rt_leaving_lacks(points, 2);
}

static bool start(const struct rt_histogram *points, int attempt, double *params)
{
    static const double alphas[] = {1, 0.3, 5, 50};
    if (attempt >= (int)(sizeof alphas / sizeof *alphas))
        return false;
    const double share = rt_leaving_first(points);
    params[0] = alphas[attempt];
    params[1] = alphas[attempt] * (1 - share) / share;
    return true;
}

static const char *limit(const double *params)
{
    if (params[0] > 1e5 || params[1] > 1e7)
        return "alpha and beta grow without bound: all customers are as likely to leave, and "
               "retention does not rise with time; one churn rate says as much";
    if (params[0] < 1e-5 || params[1] < 1e-5)
        return "alpha or beta runs to 0: customers leave at once or never; count the two kinds";
    return NULL;
}

const struct rt_model rt_sbg = {
    .name = "sbg",
    .title = "shifted beta-geometric",
    .source = "Fader, Hardie 2007",
    .count = 2,
    .params = {"alpha", "beta"},
    .columns = {"period", "left"},
    .fault = rt_leaving_fault,
    .lacks = lacks,
    .start = start,
    .limit = limit,
    .loglik = rt_sbg_loglik,
    .loglik_all = loglik_all,
    .survival = rt_sbg_survival,
};
