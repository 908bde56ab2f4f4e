/*
 * rhythm: when somebody who has bought will buy again, from the gaps between purchases so far.
 *
 * The gaps of a customer follow Gamma(k, lambda), with a lambda of the customer's own that follows
 * Gamma(r, alpha) over all customers. k is how regular everybody is: 1 is pure chance, large is
 * clockwork. Of n gaps that add up to `sum` nothing else matters for lambda, which then follows
 * Gamma(r + k n, alpha + sum): the customer's own rhythm, shrunk to everybody's by as much as r is
 * worth. The next gap, with lambda integrated out, is alpha + sum times the ratio of a Gamma(k) to
 * a Gamma(r + k n) variable, whose tails are those of a beta distribution. Where no gap has closed
 * it is the pooled one, of Gamma(r, alpha).
 *
 * The last gap is still open. It is at least as long as the silence since the last purchase, which
 * counts in the likelihood (left out, long gaps would be missing, as they close less often before
 * the end of the data), but a share `never` of all gaps never closes, as customers leave; an open
 * gap has the likelihood never + (1 - never) S(silence). What is said of the next purchase is said
 * for the case that there is one.
 *
 * Gaps are measured in days that are counted as whole numbers: a silence of s days, with no
 * purchase on its last day either, is a gap of more than s + 1/2.
 *
 * Sources: Gamma gaps, Wheat and Morrison 1990; the mixture, Ehrenberg's NBD as of Schmittlein,
 * Morrison and Colombo 1987, with k = 1.
 */
#ifndef RT_RHYTHM_H
#define RT_RHYTHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known of one customer, in days (or in any other unit of time, the same for all). */
struct rt_rhythm_history {
    int64_t gaps;   /* that have closed */
    double sum;     /* of them; above 0 where there are any */
    double log_sum; /* of their logarithms; nan where only their sum is known */
    double open;    /* the gap that has not closed is longer than this; 0 or more */
};

/* The same of a line of a profile (profile.h): repeats, age at the last purchase, age. */
struct rt_rhythm_history rt_rhythm_of_profile(int64_t x, int64_t t_x, int64_t T);

/* The parameters for everybody. All above 0, `never` below 1. */
struct rt_rhythm {
    double k, r, alpha, never;
    bool converged;
};

/*
 * Finds the parameters by maximum marginal likelihood, with priors worth about one customer, which
 * keep the parameters finite where the data do not say (one customer): ln k and ln r are
 * Normal(0, 2), never is Beta(1.5, 1.5); alpha has none, so that twice the gaps are twice the
 * forecast. k stays below RT_RHYTHM_MOST_REGULAR, where gaps of a month vary by a day, as gaps in
 * whole days that are all equal would have none. Where single gaps are not known, k comes from how
 * the sums spread. Returns 0, or -1 where no gap has closed, so that nothing is known of time.
 *
 * Sorts the histories, so that their order does not show. Of more than RT_RHYTHM_SAMPLE one in so
 * many is taken, evenly over that order (by gaps, then sum), which pins the parameters to a
 * hundredth or two and bounds the time.
 */
enum { RT_RHYTHM_SAMPLE = 8192, RT_RHYTHM_MOST_REGULAR = 1000 };
int rt_rhythm_fit(struct rt_rhythm_history *histories, size_t count, struct rt_rhythm *rhythm);

/* Into that order; and `take` of `count` histories, at most all, evenly over theirs. */
void rt_rhythm_sort(struct rt_rhythm_history *histories, size_t count);
void rt_rhythm_sample(const struct rt_rhythm_history *from, size_t count,
                      struct rt_rhythm_history *into, size_t take);

/* The logarithm of the marginal likelihood, without the priors, as rt_rhythm_fit uses it. */
double rt_rhythm_loglik(const struct rt_rhythm *rhythm, const struct rt_rhythm_history *histories,
                        size_t count);

/*
 * The probability that the next purchase would have come by now, if there is one: 1 - S(open).
 * Near 1 the customer is overdue.
 */
double rt_rhythm_overdue(const struct rt_rhythm *rhythm, const struct rt_rhythm_history *history);

/*
 * The length by which `share` of the next gaps have closed, of those that are longer than `open`:
 * never less than `open`, and moving on as it does. Infinite where it is beyond 1e12.
 */
double rt_rhythm_gap(const struct rt_rhythm *rhythm, const struct rt_rhythm_history *history,
                     double share);

/* Several such lengths at a time, in `gaps`; returns what rt_rhythm_overdue does. */
double rt_rhythm_forecast(const struct rt_rhythm *rhythm, const struct rt_rhythm_history *history,
                          const double *shares, double *gaps, size_t count);

#endif
