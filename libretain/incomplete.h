/*
 * incomplete: the distribution function of the beta distribution, both tails, and its quantiles.
 *
 * A beta variable is given by its log-odds, w = ln(x / (1 - x)), which do not round to the end of
 * its range, and both tails are as exact far out as in the middle. The ratio of a gamma variable of
 * shape a to another one of shape b has the log-odds of Beta(a, b) for its logarithm.
 *
 * The smaller tail is computed, by a continued fraction (DLMF 8.17.22); the other one is what is
 * missing to 1. The common factor, x^a (1 - x)^b / B(a, b), is a saddle-point expansion (Loader,
 * Fast and Accurate Computation of Binomial Probabilities, 2000), without the cancellation of
 * log-gammas at large shapes. Within 1e-11 of the exact value, relative to it, for shapes from 1e-3
 * to 1e5; the logarithms likewise. The same on every machine (elementary.h).
 *
 * Shapes are above 0 and finite. No function allocates or fails; nan comes out where nan goes in.
 */
#ifndef RT_INCOMPLETE_H
#define RT_INCOMPLETE_H

/*
 * P(W <= w) and P(W > w), their logarithms, which go on where the shares are 0, and the logarithm
 * of the density of W, x^a (1 - x)^b / B(a, b).
 */
struct rt_tails {
    double lower, upper;
    double log_lower, log_upper;
    double log_density;
};

/* A beta distribution, with what all its values have in common; made by rt_beta. */
struct rt_beta {
    double a, b;
    double deviant, direct; /* logarithms of the constant factors of the two forms of the density */
};
struct rt_beta rt_beta(double a, double b);

/* W is the log-odds of a Beta(a, b) variable: lower is I_x(a, b). */
struct rt_tails rt_beta_tails(const struct rt_beta *beta, double w);
/* The same for the upper tail alone and finite w, faster. */
double rt_beta_upper(const struct rt_beta *beta, double w);

/*
 * The w whose logarithmic tails are these; the smaller one is met, to within rounding. Infinite
 * where a tail is 0. A good guess saves time; nan is none.
 */
double rt_beta_quantile(const struct rt_beta *beta, double log_lower, double log_upper,
                        double guess);

#endif
