#include "libretain/trend.h"

#include <math.h>
#include <stdbool.h>

#include "libretain/elementary.h"
#include "libretain/incomplete.h"

static bool has_errors(const struct rt_trend_point *points, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(points[i].error > 0))
            return false;
    return true;
}

int rt_trend_forecast(const struct rt_trend_point *points, size_t count, double at,
                      struct rt_forecast *forecast)
{
    if (count < 3)
        return -1;
    const bool weighted = has_errors(points, count);
    const double n = (double)count;
    double weights = 0, sum_at = 0, sum = 0, squared_error = 0;
    for (size_t i = 0; i < count; i++) {
        const double square = weighted ? points[i].error * points[i].error : 1;
        weights += 1 / square;
        sum_at += points[i].at / square;
        sum += points[i].value / square;
        squared_error += square / n;
    }
    const double mean_at = sum_at / weights, mean = sum / weights;
    double squares = 0, products = 0;
    for (size_t i = 0; i < count; i++) {
        const double square = weighted ? points[i].error * points[i].error : 1;
        const double x = points[i].at - mean_at;
        squares += x * x / square;
        products += x * (points[i].value - mean) / square;
    }
    if (!(squares > 0))
        return -1;
    const double slope = products / squares;
    double spread = 0;
    for (size_t i = 0; i < count; i++) {
        const double square = weighted ? points[i].error * points[i].error : 1;
        const double off = points[i].value - mean - slope * (points[i].at - mean_at);
        spread += off * off / square / (n - 2);
    }
    /* Rounding leaves a trace of a spread where there is none. */
    if (!weighted && spread < 1e-24 * (mean * mean + slope * slope))
        spread = 0;
    if (weighted && spread < 1)
        spread = 1;
    const double far = at - mean_at;
    *forecast = (struct rt_forecast){
        .value = mean + slope * far,
        .error = sqrt(spread * (squared_error + 1 / weights + far * far / squares)),
        .freedom = n - 2,
    };
    return 0;
}

double rt_forecast_above(const struct rt_forecast *forecast, double level)
{
    const double distance = forecast->value - level;
    if (distance == 0)
        return 0.5;
    if (!(forecast->error > 0))
        return distance > 0;
    /* P(|T| > t) = I_x(freedom / 2, 1 / 2) at x = freedom / (freedom + t^2). */
    const double t = distance / forecast->error;
    const struct rt_beta beta = rt_beta(forecast->freedom / 2, 0.5);
    const double outside =
        rt_beta_tails(&beta, rt_log(forecast->freedom) - 2 * rt_log(fabs(t))).lower;
    return t > 0 ? 1 - outside / 2 : outside / 2;
}
