/*
 * trend: where a straight line through the periods so far leads, and how far off that may be.
 *
 * Weighted least squares over the number of the period. The weight of a value is 1 over the square
 * of its standard error where those are known; the spread about the line is then never taken to be
 * smaller than they say, as a line through few values fits them too well by chance. The forecast
 * of a value is the line, with the spread of one value and the uncertainty of both coefficients,
 * and Student's t with count - 2 degrees of freedom (Draper and Smith, Applied Regression
 * Analysis, 1998, sections 1.4 and 9.2).
 */
#ifndef RT_TREND_H
#define RT_TREND_H

#include <stddef.h>

/* `error` is the standard error of the value, nan where that is not known. */
struct rt_trend_point {
    double at, value, error;
};

struct rt_forecast {
    double value;
    double error; /* standard error; 0 where all values are on the line and have none themselves */
    double freedom;
};

/* The value at `at`. Returns 0, or -1 for fewer than 3 points or where `at` is all the same. */
int rt_trend_forecast(const struct rt_trend_point *points, size_t count, double at,
                      struct rt_forecast *forecast);

/* The probability that the value is above `level`. Without any error 1, 0, or 1/2 at the level. */
double rt_forecast_above(const struct rt_forecast *forecast, double level);

#endif
