#include "libretain/interval.h"

#include <math.h>
#include <stdbool.h>

static const double half_pi = 1.57079632679489661923;

int rt_confidence_read(struct rt_text text, struct rt_confidence *confidence)
{
    const bool percent = text.length > 0 && text.at[text.length - 1] == '%';
    if (percent)
        text.length--;
    struct rt_decimal number;
    if (rt_decimal_read(text, &number) != RT_READ)
        return -1;
    if (percent)
        number.places += 2;
    if (number.places > RT_DECIMAL_PLACES || rt_decimal_widen(&number, 2) != 0)
        return -1;
    /* The double nearest to 0.95, also where 95% is written. */
    confidence->share = rt_decimal_real(number);
    if (!(confidence->share > 0 && confidence->share < 1))
        return -1;
    number.places -= 2;
    while (number.places > 0 && number.units % 10 == 0) {
        number.units /= 10;
        number.places--;
    }
    const size_t length = rt_decimal_write(number, confidence->name);
    confidence->name[length] = '%';
    confidence->name[length + 1] = '\0';
    return 0;
}

/* The outer bounds of a share or a score, which rounding must not step over. */
static struct rt_interval within(double lo, double hi, double least, double most)
{
    return (struct rt_interval){fmax(lo, least), fmin(hi, most)};
}

static const struct rt_interval unknown = {NAN, NAN};

double rt_normal_p_value(double z)
{
    return erfc(fabs(z) / sqrt(2));
}

double rt_normal_quantile(double confidence)
{
    const double tails = 1 - confidence;
    const double t = sqrt(-2 * log(tails / 2));
    double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                       (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    /* The start is within 4.5e-4; the number of correct digits doubles each time. */
    for (int i = 0; i < 4; i++) {
        const double density = exp(-z * z / 2) / sqrt(half_pi);
        z += (rt_normal_p_value(z) - tails) / density;
    }
    return z;
}

/*
 * P(|T| <= sqrt(freedom) * tan(angle)), and its derivative by the angle. A&S 26.7.3, 26.7.4:
 * a series in even powers of the cosine, whose next term is also the derivative's.
 */
static double t_share(double angle, int64_t freedom, double *slope)
{
    const double sine = sin(angle), cosine = cos(angle);
    const bool odd = freedom % 2 == 1;
    double term = odd ? cosine : 1;
    double sum = 0;
    for (int64_t k = odd ? 3 : 2; k <= freedom; k += 2) {
        sum += term;
        term *= cosine * cosine * (double)(k - 1) / (double)k;
    }
    /* The next term of the series, times freedom / cosine, is the density. */
    if (odd) {
        *slope = freedom == 1 ? 1 / half_pi : (double)freedom * term / cosine / half_pi;
        return (angle + sine * sum) / half_pi;
    }
    *slope = (double)freedom * term / cosine;
    return sine * sum;
}

static double t_quantile_series(double confidence, int64_t freedom)
{
    const double root = sqrt((double)freedom);
    double below = 0, above = half_pi;
    double angle = atan(rt_normal_quantile(confidence) / root);
    for (int i = 0; i < 100; i++) {
        double slope;
        const double excess = t_share(angle, freedom, &slope) - confidence;
        if (excess > 0)
            above = angle;
        else
            below = angle;
        double next = angle - excess / slope;
        if (!(next > below && next < above))
            next = (below + above) / 2;
        if (fabs(next - angle) <= 1e-16 * angle)
            break;
        angle = next;
    }
    return root * tan(angle);
}

double rt_t_quantile(double confidence, int64_t freedom)
{
    if (freedom < 1)
        return NAN;
    if (freedom <= 1000)
        return t_quantile_series(confidence, freedom);
    const double z = rt_normal_quantile(confidence), s = z * z, n = (double)freedom;
    const double g1 = z * (s + 1) / 4;
    const double g2 = z * ((5 * s + 16) * s + 3) / 96;
    const double g3 = z * (((3 * s + 19) * s + 17) * s - 15) / 384;
    const double g4 = z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160;
    return z + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n;
}

struct rt_interval rt_wilson(int64_t hits, int64_t trials, double confidence)
{
    if (trials <= 0 || hits < 0 || hits > trials)
        return unknown;
    const double n = (double)trials, share = (double)hits / n;
    const double z = rt_normal_quantile(confidence), s = z * z;
    const double middle = share + s / (2 * n);
    const double half = z * sqrt(share * (1 - share) / n + s / (4 * n * n));
    /* At the ends one limit is the share itself; rounding would leave 1e-18 in its place. */
    return (struct rt_interval){hits == 0 ? 0 : (middle - half) / (1 + s / n),
                                hits == trials ? 1 : (middle + half) / (1 + s / n)};
}

struct rt_interval rt_newcombe(int64_t hits, int64_t trials, int64_t other_hits,
                               int64_t other_trials, double confidence)
{
    const struct rt_interval one = rt_wilson(hits, trials, confidence);
    const struct rt_interval other = rt_wilson(other_hits, other_trials, confidence);
    if (isnan(one.lo) || isnan(other.lo))
        return unknown;
    const double p = (double)hits / (double)trials;
    const double q = (double)other_hits / (double)other_trials;
    return within(p - q - hypot(p - one.lo, other.hi - q), p - q + hypot(one.hi - p, q - other.lo),
                  -1, 1);
}

static bool countable(struct rt_nps_counts counts)
{
    return counts.answers > 0 && counts.promoters >= 0 && counts.detractors >= 0 &&
           counts.promoters <= counts.answers - counts.detractors;
}

struct estimate {
    double value, squared_error;
};

static struct estimate adjusted(struct rt_nps_counts counts)
{
    const double n = (double)counts.answers + 3;
    const double p = ((double)counts.promoters + 0.75) / n;
    const double d = ((double)counts.detractors + 0.75) / n;
    return (struct estimate){p - d, (p + d - (p - d) * (p - d)) / n};
}

struct rt_interval rt_nps_adjusted_wald(int64_t promoters, int64_t detractors, int64_t answers,
                                        double confidence)
{
    const struct rt_nps_counts counts = {promoters, detractors, answers};
    if (!countable(counts))
        return unknown;
    const struct estimate score = adjusted(counts);
    const double half = rt_normal_quantile(confidence) * sqrt(score.squared_error);
    return within(score.value - half, score.value + half, -1, 1);
}

/* The z of the score test of `score`: how far the data lie above it. Tango's notation, b and c. */
static double score_z(double b, double c, double n, double score)
{
    const double linear = (2 * n - b + c) * score - b - c;
    const double constant = -c * score * (1 - score);
    const double root = sqrt(fmax(linear * linear - 8 * n * constant, 0));
    /* The greater root of 2 n q^2 + linear q + constant; without cancellation on both sides. */
    const double q = linear > 0 ? -2 * constant / (root + linear) : (root - linear) / (4 * n);
    const double variance = n * (2 * q + score * (1 - score));
    return variance > 0 ? (b - c - n * score) / sqrt(variance) : INFINITY;
}

static double score_lower(double b, double c, double n, double z)
{
    double rejected = -1, kept = (b - c) / n;
    for (int i = 0; i < 1100; i++) {
        const double middle = rejected + (kept - rejected) / 2;
        if (middle <= rejected || middle >= kept)
            break;
        if (score_z(b, c, n, middle) > z)
            rejected = middle;
        else
            kept = middle;
    }
    return kept;
}

struct rt_interval rt_nps_score(int64_t promoters, int64_t detractors, int64_t answers,
                                double confidence)
{
    if (!countable((struct rt_nps_counts){promoters, detractors, answers}))
        return unknown;
    const double b = (double)promoters, c = (double)detractors, n = (double)answers;
    const double z = rt_normal_quantile(confidence);
    return (struct rt_interval){score_lower(b, c, n, z), -score_lower(c, b, n, z)};
}

static const struct rt_change no_change_known = {{NAN, NAN}, NAN};

struct rt_change rt_mean_change(double difference, double squared_error,
                                double squared_error_before, double confidence)
{
    const double error = sqrt(squared_error + squared_error_before);
    if (!(error > 0))
        return no_change_known;
    const double half = rt_normal_quantile(confidence) * error;
    return (struct rt_change){{difference - half, difference + half},
                              rt_normal_p_value(difference / error)};
}

struct rt_change rt_nps_change(struct rt_nps_counts now, struct rt_nps_counts before,
                               double confidence)
{
    if (!countable(now) || !countable(before))
        return no_change_known;
    const struct estimate a = adjusted(now), b = adjusted(before);
    struct rt_change change =
        rt_mean_change(a.value - b.value, a.squared_error, b.squared_error, confidence);
    change.interval = within(change.interval.lo, change.interval.hi, -2, 2);
    return change;
}

struct rt_change rt_share_change(int64_t hits, int64_t trials, int64_t hits_before,
                                 int64_t trials_before, double confidence)
{
    struct rt_change change = {rt_newcombe(hits, trials, hits_before, trials_before, confidence),
                               NAN};
    if (isnan(change.interval.lo))
        return change;
    const double m = (double)trials, n = (double)trials_before;
    const double pooled = ((double)hits + (double)hits_before) / (m + n);
    const double variance = pooled * (1 - pooled) * (1 / m + 1 / n);
    /* All or none in both: no difference at all. */
    const double difference = (double)hits / m - (double)hits_before / n;
    change.p_value = variance > 0 ? rt_normal_p_value(difference / sqrt(variance)) : 1;
    return change;
}

void rt_holm(double *p_values, size_t count)
{
    double before = 0;
    for (size_t i = 0; i < count; i++) {
        before = fmax(before, fmin(p_values[i] * (double)(count - i), 1));
        p_values[i] = before;
    }
}

static struct rt_interval around(double mean, double variance, int64_t count, double quantile)
{
    const double half = quantile * sqrt(variance / (double)count);
    return (struct rt_interval){mean - half, mean + half};
}

struct rt_interval rt_mean_interval(double mean, double variance, int64_t count, double confidence)
{
    if (count < 2 || !(variance > 0))
        return unknown;
    return around(mean, variance, count, rt_t_quantile(confidence, count - 1));
}

struct rt_interval rt_mean_interval_normal(double mean, double variance, int64_t count,
                                           double confidence)
{
    if (count < 2 || !(variance > 0))
        return unknown;
    return around(mean, variance, count, rt_normal_quantile(confidence));
}

/*
 * A binomial weight, up to a common factor, from that of k: the weights are walked from the most
 * likely k outwards, so that nothing underflows that matters.
 */
static double step_up(double weight, int64_t k, int64_t count, double odds)
{
    return weight * odds * (double)(count - k) / (double)(k + 1);
}

static double step_down(double weight, int64_t k, int64_t count, double odds)
{
    return weight * (double)k / ((double)(count - k + 1) * odds);
}

struct rt_ranks rt_quantile_ranks(int64_t count, int percent, double confidence)
{
    struct rt_ranks ranks = {0, 0};
    if (count <= 0 || percent <= 0 || percent >= 100)
        return ranks;
    const double negligible = 1e-25; /* of the largest weight */
    const double odds = (double)percent / (double)(100 - percent);
    const int64_t mode = (int64_t)((double)count * percent / 100);
    int64_t least = mode, most = mode;
    double low = 1, high = 1, all = 1;
    while (least > 0 && (low = step_down(low, least, count, odds)) > negligible) {
        least--;
        all += low;
    }
    while (most < count && (high = step_up(high, most, count, odds)) > negligible) {
        most++;
        all += high;
    }
    /* From each end inwards, while what lies outside is not more than the tail allows; ties of
     * rounding go to the wider interval. */
    const double tail = (1 - confidence) / 2 * all * (1 - 1e-12);
    low = 1;
    for (int64_t k = mode; k > least; k--)
        low = step_down(low, k, count, odds);
    double below = 0;
    for (int64_t k = least; k < count && below + low <= tail; k++) {
        below += low;
        ranks.lo = k + 1;
        low = step_up(low, k, count, odds);
    }
    high = 1;
    for (int64_t k = mode; k < most; k++)
        high = step_up(high, k, count, odds);
    double above = 0;
    for (int64_t k = most; k > 0 && above + high <= tail; k--) {
        above += high;
        ranks.hi = k;
        high = step_down(high, k, count, odds);
    }
    return ranks;
}
