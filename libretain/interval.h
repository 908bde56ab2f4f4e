/*
 * interval: how far off a share, a score, a mean or a quantile may be.
 *
 * Every function takes the confidence as a share between 0 and 1 (0.95) and gives a two-sided
 * interval. Where the data do not say (no trials, one value, too few for the ranks asked for)
 * lo and hi are NAN, which is an empty cell when written. No function allocates or fails.
 */
#ifndef RT_INTERVAL_H
#define RT_INTERVAL_H

#include <stdint.h>

#include "libretain/decimal.h"
#include "libretain/text.h"

struct rt_interval {
    double lo, hi;
};

/*
 * Reads a confidence as the user writes it, 95% or 0.95, above 0 and below 1, with at most 18
 * digits. Returns 0, or -1. `name` is the percentage without needless zeros, "95%", by which the
 * method of a metric row tells its confidence.
 */
struct rt_confidence {
    double share;
    char name[RT_DECIMAL_BYTES];
};
int rt_confidence_read(struct rt_text text, struct rt_confidence *confidence);

/*
 * The z with P(|Z| <= z) = confidence: 1.9599639845 for 0.95. Newton's method on erfc, started
 * from Abramowitz and Stegun (1964) 26.2.23.
 */
double rt_normal_quantile(double confidence);

/* P(|Z| >= |z|), the two-sided p-value of a z statistic. */
double rt_normal_p_value(double z);

/*
 * The t with P(|T| <= t) = confidence for `freedom` degrees of freedom, at least 1. The finite
 * series of Abramowitz and Stegun 26.7.3 and 26.7.4 up to 1,000 degrees, the expansion 26.7.5
 * beyond: both within 1e-10 of the exact value at the confidences in use.
 */
double rt_t_quantile(double confidence, int64_t freedom);

/*
 * A proportion, `hits` of `trials`: Wilson's score interval without continuity correction (Wilson
 * 1927; Newcombe 1998, Statistics in Medicine 17:857-872, method 3).
 */
struct rt_interval rt_wilson(int64_t hits, int64_t trials, double confidence);

/*
 * The difference of two independent proportions, first minus second: Newcombe's hybrid score
 * interval (Newcombe 1998, Statistics in Medicine 17:873-890, method 10).
 */
struct rt_interval rt_newcombe(int64_t hits, int64_t trials, int64_t other_hits,
                               int64_t other_trials, double confidence);

/*
 * A net promoter score on the scale from -1 to 1: adjusted Wald, 3/4 added to promoters and to
 * detractors and 3 to the answers (Rocks 2016, The American Statistician 70:365-372, AW(3/4,3);
 * Lewis and Sauro 2021), cut off at -1 and 1. Its middle is not the score itself.
 */
struct rt_interval rt_nps_adjusted_wald(int64_t promoters, int64_t detractors, int64_t answers,
                                        double confidence);

/*
 * A mean of `count` values with sample variance `variance` (divisor count - 1): mean -/+ t s /
 * sqrt(n). NAN for fewer than two values, and where all are equal: a variance of 0 in a sample
 * is no certainty.
 */
struct rt_interval rt_mean_interval(double mean, double variance, int64_t count, double confidence);

/* The mean of many values: the same with the normal quantile in place of t. */
struct rt_interval rt_mean_interval_normal(double mean, double variance, int64_t count,
                                           double confidence);

/*
 * A quantile by order statistics: the ranks, from 1 to count, of the two values between which the
 * `percent` quantile lies with at least the confidence (Conover, Practical Nonparametric
 * Statistics, 3.2: the binomial distribution of the number of values below it; no more than half
 * of the rest on each side). 0 where no rank is low or high enough.
 */
struct rt_ranks {
    int64_t lo, hi;
};
struct rt_ranks rt_quantile_ranks(int64_t count, int percent, double confidence);

#endif
