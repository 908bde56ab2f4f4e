/*
 * ltv: what a customer will buy, spend and be worth, and how far off that may be.
 *
 * The orders to expect are the model's. Their value to expect is Gamma-Gamma's, which takes it not
 * to depend on their number. The value of the customer is the margin times both, each month's
 * orders discounted to now: the expectation is cumulative, and its differences are discounted
 * (Fader, Hardie, Lee 2005, RFM and CLV). Steps are months of 365.25 / 12 days from now, and what
 * comes in a step counts as of its end.
 *
 * An interval holds what the customer will have been worth, not the mean of such customers, with
 * the confidence:
 *
 * - his future: he is still there with the probability of the model; then the orders to come have
 *   its distribution, and the sum of k of them that of Gamma-Gamma, (v + x m_x) times the ratio of
 *   a Gamma(p k) to a Gamma(p x + q) variable. The quantiles are those of the mixture over k, which
 *   has a mass at 0. Where that mass is at least what lies below an interval, the interval begins
 *   at 0 and leaves out at its end alone. Discounting scales the sum by what it makes of the
 *   expectation; to the end of time, the orders are those of the span in which the expectation
 *   without discounting is the discounted one.
 * - the parameters: the standard error of the expected value by the delta method, in which the
 *   derivatives are relative ones and those of the undiscounted expectation. Each limit moves away
 *   from the expected value so that the squares of the two distances add up.
 *
 * No limit is negative, and hi is never below the expected value.
 *
 * What depends on few of the numbers is kept for the next customer with the same; results do not
 * depend on what is kept. The mixture is that of an age that is at most 1% off, moved by what is
 * expected of the age itself. Memory: at most 60 MB, whatever the number of customers.
 */
#ifndef RT_LTV_H
#define RT_LTV_H

#include "libretain/life.h"
#include "libretain/params.h"

struct rt_ltv_terms {
    double days;       /* the horizon; infinite: the end of time */
    double rate;       /* continuous, ln(1 + discount), of a day; 0 and more */
    double margin;     /* the share of what customers spend */
    double confidence; /* of the interval, a share */
};

struct rt_ltv_value {
    double orders; /* within the horizon; to the end of time the discounted ones */
    double spend;  /* the value of one order */
    double any;    /* the probability of at least one order within the horizon */
    double ltv, lo, hi;
};

struct rt_ltv;
struct rt_ltv *rt_ltv_new(const struct rt_ltv_terms *terms);
void rt_ltv_free(struct rt_ltv *ltv);

/* NULL, or why there is no value with these parameters. */
const char *rt_ltv_fault(const struct rt_ltv_terms *terms, const struct rt_params *buyers,
                         const struct rt_params *spend);

/*
 * For a customer who is known. What the parameters point to must stay as it is between calls, and
 * rt_ltv_fault must have nothing against them. Where they are not certain (params.h), the interval
 * is that of the customer's future alone.
 */
struct rt_ltv_value rt_ltv_value(struct rt_ltv *ltv, const struct rt_params *buyers,
                                 const struct rt_params *spend, const struct rt_life *life);

/*
 * The share of customers like this one who will have spent at most `amount` within the horizon,
 * before margin and discount. For tests: what the intervals are made of, without the parameters'
 * uncertainty.
 */
double rt_ltv_share_below(struct rt_ltv *ltv, const struct rt_params *buyers,
                          const struct rt_params *spend, const struct rt_life *life, double amount);

#endif
