#include "libretain/incomplete.h"

#include <math.h>
#include <stdbool.h>

#include "libretain/special.h"

static const double log_root_2_pi = 0.918938533204672741780;

/* The factor --------------------------------------------------------------------------------- */

/* lnGamma(z) - (z - 1/2) ln z + z - ln sqrt(2 pi): the error of Stirling's formula. */
static double stirling_error(double z)
{
    if (z < 10)
        return rt_log_gamma(z) - (z - 0.5) * rt_log(z) + z - log_root_2_pi;
    const double s = 1 / (z * z);
    return (1.0 / 12 -
            s * (1.0 / 360 -
                 s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s / 360360 * 691))))) /
           z;
}

/* n ln(n / m) + m - n: the deviance of n from m, without cancellation where they are close. */
static double deviance(double n, double m)
{
    if (fabs(n - m) >= 0.1 * (n + m))
        return n * rt_log(n / m) + m - n;
    const double v = (n - m) / (n + m);
    double sum = (n - m) * v, term = 2 * n * v;
    for (int i = 3; i < 1000; i += 2) {
        term *= v * v;
        const double next = sum + term / i;
        if (next == sum)
            break;
        sum = next;
    }
    return sum;
}

struct rt_beta rt_beta(double a, double b)
{
    const double n = a + b, log_a = rt_log(a), log_b = rt_log(b), log_n = rt_log(n);
    const double errors = stirling_error(n) - stirling_error(a) - stirling_error(b) - log_root_2_pi;
    return (struct rt_beta){
        .a = a,
        .b = b,
        .deviant = 0.5 * (log_a + log_b - log_n) + errors,
        .direct = (n - 0.5) * log_n - (a - 0.5) * log_a - (b - 0.5) * log_b + errors,
    };
}

/* ln of x^a (1 - x)^b / B(a, b) for the x = 1 - y that w is the log-odds of. */
static double beta_log_density(const struct rt_beta *beta, double w, double x, double y)
{
    const double a = beta->a, b = beta->b, n = a + b;
    /* Far out the factors' logarithms are exact and the deviances are not. */
    if (a < 1 || b < 1 || x < 1e-10 || y < 1e-10)
        return -a * rt_softplus(-w) - b * rt_softplus(w) + beta->direct;
    return beta->deviant - deviance(a, n * x) - deviance(b, n * y);
}

/* Tails -------------------------------------------------------------------------------------- */

/* What is computed at one w: the smaller tail, about, and how the density bends. */
struct point {
    double log_tail;
    bool upper; /* the tail above w is the one */
    double log_density;
    double bend; /* the slope of log_density */
};

/* DLMF 8.17.22, two steps at a time, for x below the mean: the factor of x^a y^b / (a B(a, b)). */
static double beta_fraction(double x, double a, double b)
{
    const double n = a + b;
    double above = 1, above_before = 1, below = 1 - n * x / (a + 1), below_before = 1;
    above /= below;
    below_before /= below;
    above_before /= below;
    for (int i = 1; i < 100000; i++) {
        const double m = i, place = a + 2 * m;
        const double scale = x / ((place - 1) * place * (place + 1));
        const double even = m * (b - m) * (place + 1) * scale;
        const double odd = -(a + m) * (n + m) * (place - 1) * scale;
        const double above_even = above + even * above_before;
        const double below_even = 1 + even * below_before;
        const double below_odd = 1 / (below_even + odd);
        const double next = (above_even + odd * above) * below_odd;
        above_before = above_even * below_odd;
        below_before = below_even * below_odd;
        const bool settled = fabs(next - above) <= 1e-15 * fabs(next);
        above = next;
        if (settled)
            break;
    }
    return above;
}

static struct point beta_point(const struct rt_beta *beta, double w)
{
    const double a = beta->a, b = beta->b;
    const double x = rt_logistic(w), y = rt_logistic(-w);
    const bool upper = x > (a + 1) / (a + b + 2);
    const double density = beta_log_density(beta, w, x, y);
    const double ratio = upper ? beta_fraction(y, b, a) / b : beta_fraction(x, a, b) / a;
    return (struct point){fmin(density + rt_log(ratio), 0), upper, density, a * y - b * x};
}

static struct rt_tails tails_of(double log_tail, bool upper, double log_density)
{
    const double rest = rt_log_subtract(0, log_tail);
    if (upper)
        return (struct rt_tails){rt_exp(rest), rt_exp(log_tail), rest, log_tail, log_density};
    return (struct rt_tails){rt_exp(log_tail), rt_exp(rest), log_tail, rest, log_density};
}

static const struct rt_tails nowhere = {NAN, NAN, NAN, NAN, NAN};

struct rt_tails rt_beta_tails(const struct rt_beta *beta, double w)
{
    if (isnan(w) || isnan(beta->a) || isnan(beta->b))
        return nowhere;
    if (isinf(w))
        return tails_of(-INFINITY, w > 0, -INFINITY);
    const struct point at = beta_point(beta, w);
    return tails_of(at.log_tail, at.upper, at.log_density);
}

double rt_beta_upper(const struct rt_beta *beta, double w)
{
    const struct point at = beta_point(beta, w);
    return at.upper ? rt_exp(at.log_tail) : -rt_expm1(at.log_tail);
}

/* Quantiles ---------------------------------------------------------------------------------- */

struct target {
    double log_tail;
    bool upper; /* the tail that is met */
    const struct rt_beta *beta;
};

/*
 * Halley's method on the logarithm of a tail, which is concave in w and whose second derivative
 * costs nothing: h'' = h' (bend - h'). Newton's where that is no good, halving where neither is.
 */
static double next_guess(const struct target *target, double w, double *low, double *high)
{
    const struct point at = beta_point(target->beta, w);
    const double log_tail =
        at.upper == target->upper ? at.log_tail : rt_log_subtract(0, at.log_tail);
    const double excess = log_tail - target->log_tail;
    if (excess == 0 || isnan(excess))
        return w;
    *((excess > 0) == target->upper ? low : high) = w;
    const double slope = rt_exp(at.log_density - log_tail) * (target->upper ? -1 : 1);
    const double newton = excess / slope;
    const double bent = 1 - newton * (at.bend - slope) / 2;
    const double next = w - (bent > 0.3 && bent < 3 ? newton / bent : newton);
    if (next >= *low && next <= *high)
        return next;
    return isinf(*low) ? *high - 1 : isinf(*high) ? *low + 1 : (*low + *high) / 2;
}

static double solve(const struct target *target, double w)
{
    double low = -INFINITY, high = INFINITY;
    for (int i = 0; i < 200; i++) {
        /* From where a tail is flat a step may lead anywhere; far out there is little to see. */
        const double most = ldexp(16, i < 60 ? i : 60);
        const double wanted = next_guess(target, w, &low, &high);
        const double next = fmin(fmax(wanted, w - most), w + most);
        /* Each step makes three times as many digits right: five become fifteen. */
        const bool settled = fabs(next - w) <= 1e-5 * (1 + fabs(w));
        w = next;
        if (settled)
            break;
    }
    return w;
}

/* Where a tail is 0, or nothing: the end of the range. */
static bool is_end(double log_lower, double log_upper, double *w)
{
    *w = isnan(log_lower) || isnan(log_upper) ? NAN : log_lower == -INFINITY ? -INFINITY : INFINITY;
    return isnan(*w) || log_lower == -INFINITY || log_upper == -INFINITY;
}

double rt_beta_quantile(const struct rt_beta *beta, double log_lower, double log_upper,
                        double guess)
{
    double w;
    if (is_end(log_lower, log_upper, &w))
        return w;
    const bool upper = log_upper < log_lower;
    const struct target target = {upper ? log_upper : log_lower, upper, beta};
    return solve(&target, isfinite(guess) ? guess : rt_log(beta->a / beta->b));
}
