#include "libretain/bgnbd.h"

#include "libretain/bg_parts.h"
#include "libretain/buyers.h"

enum { EXTRA = 0 /* chances to drop out besides those after repeat purchases */ };

double rt_bgnbd_loglik(const double *params, const double *at, double *gradient)
{
    return rt_bg_loglik(params, at, EXTRA, gradient);
}

static double loglik_all(const double *params, const struct rt_histogram *points, int threads,
                         double *gradient)
{
    return rt_bg_loglik_all(params, points, EXTRA, threads, gradient);
}

double rt_bgnbd_palive(const double *params, const double *at)
{
    return rt_bg_palive(params, at, EXTRA);
}

double rt_bgnbd_expected(const double *params, const double *at, double horizon)
{
    return rt_bg_expected(params, at, EXTRA, horizon);
}

double rt_bgnbd_variance(const double *params, const double *at, double horizon)
{
    return rt_bg_variance(params, at, EXTRA, horizon);
}

double rt_bgnbd_future(const double *params, const double *at, double horizon, double count)
{
    return rt_bg_future(params, at, EXTRA, horizon, count);
}

double rt_bgnbd_expected_new(const double *params, double time)
{
    return rt_bg_mean(params, time);
}

double rt_bgnbd_pmf(const double *params, double time, double count)
{
    return rt_bg_count(params, time, count);
}

void rt_bgnbd_later(const double *params, const double *at, double later[RT_MODEL_PARAMS])
{
    rt_bg_later(params, at, EXTRA, later);
}

static bool start(const struct rt_histogram *points, int attempt, double *params)
{
    static const double drop_outs[][2] = {{0.8, 2.5}, {0.3, 3}, {3, 3}, {1, 30}};
    if (attempt >= (int)(sizeof drop_outs / sizeof *drop_outs))
        return false;
    rt_buyers_start(points, &params[RT_BG_R], &params[RT_BG_ALPHA]);
    params[RT_BG_A] = drop_outs[attempt][0];
    params[RT_BG_B] = drop_outs[attempt][1];
    return true;
}

const struct rt_model rt_bgnbd = {
    .name = "bgnbd",
    .title = "BG/NBD",
    .source = "Fader, Hardie, Lee 2005",
    .count = 4,
    .params = {"r", "alpha", "a", "b"},
    .in_time = {false, true, false, false},
    .columns = {"x", "t_x", "T"},
    .column_in_time = {false, true, true},
    .fault = rt_buyers_fault,
    .lacks = rt_buyers_lack,
    .start = start,
    .limit = rt_bg_limit,
    .loglik = rt_bgnbd_loglik,
    .loglik_all = loglik_all,
    .palive = rt_bgnbd_palive,
    .expected = rt_bgnbd_expected,
    .variance = rt_bgnbd_variance,
    .future = rt_bgnbd_future,
    .expected_new = rt_bgnbd_expected_new,
    .pmf = rt_bgnbd_pmf,
};
