/*
 * interval: how far off a share, a score, a mean or a quantile may be.
 *
 * Every function takes the confidence as a share between 0 and 1 (0.95) and gives a two-sided
 * interval. Where the data do not say (no trials, one value, too few for the ranks asked for)
 * lo and hi are NAN, which is an empty cell when written. No function allocates or fails.
 */
#ifndef RT_INTERVAL_H
#define RT_INTERVAL_H

#include <stddef.h>
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
 * The same by the score test: the scores that the data do not reject, with the likeliest shares
 * that have such a score in the standard error. It is the test for a difference of paired
 * proportions (Tango 1998, Statistics in Medicine 17:891-908, equations 24 to 26), which Rocks
 * 2016 calls the iterative score test. Without passives it is Wilson's interval of the promoters,
 * stretched to -1 to 1.
 */
struct rt_interval rt_nps_score(int64_t promoters, int64_t detractors, int64_t answers,
                                double confidence);

/* A change, now minus before, and the two-sided p-value of none. NAN where there is no saying. */
struct rt_change {
    struct rt_interval interval;
    double p_value;
};

/* The counts behind a net promoter score. */
struct rt_nps_counts {
    int64_t promoters, detractors, answers;
};

/*
 * Of a net promoter score between two waves, from -2 to 2: z = (a - b) / sqrt(SE(a)^2 + SE(b)^2)
 * with the adjusted scores and standard errors of rt_nps_adjusted_wald, so that two waves without
 * any variance do not claim certainty (Lewis and Sauro 2021, "How to statistically compare two
 * Net Promoter Scores", measuringu.com).
 */
struct rt_change rt_nps_change(struct rt_nps_counts now, struct rt_nps_counts before,
                               double confidence);

/* Of a proportion: Newcombe's interval, and the p-value of the z test with pooled variance. */
struct rt_change rt_share_change(int64_t hits, int64_t trials, int64_t hits_before,
                                 int64_t trials_before, double confidence);

/* Of a mean, from the squares of both standard errors, with normal quantiles. */
struct rt_change rt_mean_change(double difference, double squared_error,
                                double squared_error_before, double confidence);

/*
 * Adjusts p-values, which must ascend, for being the smallest of `count` (Holm 1979, Scandinavian
 * Journal of Statistics 6:65-70): they still ascend, and none is above 1.
 */
void rt_holm(double *p_values, size_t count);

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
