#include "libretain/mbgnbd.h"

#include "libretain/bg_parts.h"
#include "libretain/buyers.h"

enum { EXTRA = 1 /* chances to drop out besides those after repeat purchases */ };

double rt_mbgnbd_loglik(const double *params, const double *at, double *gradient)
{
    return rt_bg_loglik(params, at, EXTRA, gradient);
}

static double loglik_all(const double *params, const struct rt_histogram *points, int threads,
                         double *gradient)
{
    return rt_bg_loglik_all(params, points, EXTRA, threads, gradient);
}

double rt_mbgnbd_palive(const double *params, const double *at)
{
    return rt_bg_palive(params, at, EXTRA);
}

double rt_mbgnbd_expected(const double *params, const double *at, double horizon)
{
    return rt_bg_expected(params, at, EXTRA, horizon);
}

double rt_mbgnbd_variance(const double *params, const double *at, double horizon)
{
    return rt_bg_variance(params, at, EXTRA, horizon);
}

double rt_mbgnbd_future(const double *params, const double *at, double horizon, double count)
{
    return rt_bg_future(params, at, EXTRA, horizon, count);
}

/* Of those who do not drop out at once, whose p follows Beta(a, b + 1). */
double rt_mbgnbd_expected_new(const double *params, double time)
{
    double there[RT_MODEL_PARAMS];
    rt_bg_later(params, (const double[RT_POINT]){0}, 1, there);
    const double a = params[RT_BG_A], b = params[RT_BG_B];
    return b / (a + b) * rt_bg_mean(there, time);
}

double rt_mbgnbd_pmf(const double *params, double time, double count)
{
    double there[RT_MODEL_PARAMS];
    rt_bg_later(params, (const double[RT_POINT]){0}, 1, there);
    const double a = params[RT_BG_A], b = params[RT_BG_B];
    return b / (a + b) * rt_bg_count(there, time, count) + (count == 0 ? a / (a + b) : 0);
}

void rt_mbgnbd_later(const double *params, const double *at, double later[RT_MODEL_PARAMS])
{
    rt_bg_later(params, at, EXTRA, later);
}

static bool start(const struct rt_histogram *points, int attempt, double *params)
{
    static const double drop_outs[][2] = {{0.8, 2}, {0.3, 3}, {3, 3}, {1, 30}};
    if (attempt >= (int)(sizeof drop_outs / sizeof *drop_outs))
        return false;
    rt_buyers_start(points, &params[RT_BG_R], &params[RT_BG_ALPHA]);
    params[RT_BG_A] = drop_outs[attempt][0];
    params[RT_BG_B] = drop_outs[attempt][1];
    return true;
}

const struct rt_model rt_mbgnbd = {
    .name = "mbgnbd",
    .title = "MBG/NBD",
    .source = "Batislam, Denizel, Filiztekin 2007",
    .count = 4,
    .params = {"r", "alpha", "a", "b"},
    .in_time = {false, true, false, false},
    .columns = {"x", "t_x", "T"},
    .column_in_time = {false, true, true},
    .fault = rt_buyers_fault,
    .lacks = rt_buyers_lack,
    .start = start,
    .limit = rt_bg_limit,
    .loglik = rt_mbgnbd_loglik,
    .loglik_all = loglik_all,
    .palive = rt_mbgnbd_palive,
    .expected = rt_mbgnbd_expected,
    .variance = rt_mbgnbd_variance,
    .future = rt_mbgnbd_future,
    .expected_new = rt_mbgnbd_expected_new,
    .pmf = rt_mbgnbd_pmf,
};
