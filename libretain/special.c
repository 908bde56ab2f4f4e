#include "libretain/special.h"

#include <stdbool.h>
#include <stddef.h>

enum { TERMS = 100000 /* of a series or a fraction, at most */ };

double rt_log_add(double a, double b)
{
    const double high = a > b ? a : b, low = a > b ? b : a;
    return low == -HUGE_VAL ? high : high + rt_log1p(rt_exp(low - high));
}

double rt_log_subtract(double a, double b)
{
    if (b == -HUGE_VAL)
        return a;
    const double gap = b - a; /* at most 0 */
    return a + (gap > -0.7 ? rt_log(-rt_expm1(gap)) : rt_log1p(-rt_exp(gap)));
}

double rt_softplus(double x)
{
    return (x > 0 ? x : 0) + rt_log1p(rt_exp(-fabs(x)));
}

double rt_logistic(double x)
{
    const double small = rt_exp(-fabs(x));
    return (x < 0 ? small : 1) / (1 + small);
}

/* Gamma ---------------------------------------------------------------------------------------- */

/*
 * Stirling's series (DLMF 5.11.1): ln gamma(x) = (x - 1/2) ln x - x + ln(2 pi)/2 + u p(u^2) with
 * u = 1/x. From FAR on these terms are exact to the last digit.
 */
enum { FAR = 10, STIRLING = 9 };
static const double stirling[STIRLING] = {
    1.0 / 12,        -1.0 / 360, 1.0 / 1260,       -1.0 / 1680,      1.0 / 1188,
    -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400, 43867.0 / 244188,
};
static const double half_ln_two_pi = 0.91893853320467274178;

static double stirling_rest(double x)
{
    const double u = 1 / x, square = u * u;
    double sum = 0;
    for (int i = STIRLING; i-- > 0;)
        sum = sum * square + stirling[i];
    return u * sum;
}

/*
 * stirling_rest(y) - stirling_rest(x), as a divided difference of the polynomial times v - u, so
 * that nothing cancels where x and y are near each other.
 */
static double stirling_rest_change(double x, double y, double change)
{
    const double u = 1 / x, v = 1 / y, a = u * u, b = v * v;
    double value = 0, slope = 0; /* of p at a; (p(b) - p(a)) / (b - a) */
    for (int i = STIRLING; i-- > 0;) {
        slope = slope * b + value;
        value = value * a + stirling[i];
    }
    /* v p(b) - u p(a) = (v - u) p(a) + v (b - a) slope, and v - u = -change u v */
    return -change * u * v * (value + v * (u + v) * slope);
}

/*
 * zeta(k) - 1 for k = 2, 3, ...; ln gamma(2 + t) = (1 - euler) t + sum of (-t)^k (zeta(k) - 1) / k
 * for |t| <= 1/2 (DLMF 5.7.3).
 */
static const double zetas[] = {
    6.4493406684822643647e-01, 2.0205690315959428540e-01, 8.2323233711138191516e-02,
    3.6927755143369926331e-02, 1.7343061984449139714e-02, 8.3492773819228268398e-03,
    4.0773561979443393786e-03, 2.0083928260822144179e-03, 9.9457512781808533715e-04,
    4.9418860411946455870e-04, 2.4608655330804829864e-04, 1.2271334757848914676e-04,
    6.1248135058704829259e-05, 3.0588236307020493551e-05, 1.5282259408651871733e-05,
    7.6371976378997622737e-06, 3.8172932649998398565e-06, 1.9082127165539389256e-06,
    9.5396203387279611315e-07, 4.7693298678780646312e-07, 2.3845050272773299001e-07,
    1.1921992596531107307e-07, 5.9608189051259479612e-08, 2.9803503514652280186e-08,
    1.4901554828365041235e-08, 7.4507117898354294919e-09, 3.7253340247884570548e-09,
    1.8626597235130490065e-09, 9.3132743241966818287e-10,
};
static const double euler = 0.57721566490153286061;

static double log_gamma_beside_two(double t)
{
    double sum = 0;
    for (int k = (int)(sizeof zetas / sizeof *zetas) + 1; k >= 2; k--)
        sum = zetas[k - 2] / k - t * sum;
    return t * (1 - euler) + t * t * sum;
}

double rt_log_gamma(double x)
{
    if (!(x > 0))
        return (double)NAN;
    if (x < 0.5)
        return rt_log_gamma(x + 1) - rt_log(x);
    if (x < 1.5)
        return log_gamma_beside_two(x - 1) - rt_log1p(x - 1);
    if (x < 2.5)
        return log_gamma_beside_two(x - 2);
    if (x >= FAR)
        return (x - 0.5) * rt_log(x) - x + half_ln_two_pi + stirling_rest(x);
    double product = 1;
    while (x >= 2.5) {
        x -= 1;
        product *= x;
    }
    return rt_log(product) + log_gamma_beside_two(x - 2);
}

/* DLMF 5.11.2; the terms of Stirling's series, differentiated. */
static double digamma_rest(double x)
{
    const double square = 1 / (x * x);
    double sum = 0;
    for (int i = STIRLING; i-- > 0;)
        sum = sum * square + (2 * i + 1) * stirling[i];
    return -square * sum;
}

double rt_digamma(double x)
{
    if (!(x > 0))
        return (double)NAN;
    double sum = 0;
    while (x < FAR) {
        sum += 1 / x;
        x += 1;
    }
    return rt_log(x) - 0.5 / x + digamma_rest(x) - sum;
}

/* ln((x + n) / x) */
static double log_change(double x, double n)
{
    if (fabs(n) < 0.4 * x)
        return rt_log1p(n / x);
    const double ratio = (x + n) / x;
    return ratio > 0x1p-1000 && ratio < 0x1p1000 ? rt_log(ratio) : rt_log(x + n) - rt_log(x);
}

double rt_log_rising(double x, double n)
{
    if (!(x > 0) || !(x + n > 0))
        return (double)NAN;
    double below = 0; /* what the steps up to FAR leave out */
    for (; x < FAR || x + n < FAR; x += 1)
        below += log_change(x, n);
    const double far = x + n, log_ratio = log_change(x, n);
    return (x - 0.5) * log_ratio + n * (rt_log(far) - 1) + stirling_rest_change(x, far, n) - below;
}

double rt_digamma_rising(double x, double n)
{
    if (!(x > 0) || !(x + n > 0))
        return (double)NAN;
    double below = 0;
    for (; x < FAR || x + n < FAR; x += 1)
        below += n / (x * (x + n));
    const double far = x + n, u = 1 / x, v = 1 / far, a = u * u, b = v * v;
    double value = 0, slope = 0; /* as in stirling_rest_change, of digamma_rest */
    for (int i = STIRLING; i-- > 0;) {
        slope = slope * b + value;
        value = value * a + (2 * i + 1) * stirling[i];
    }
    const double gap = n * u * v; /* u - v */
    return log_change(x, n) + 0.5 * gap + gap * (u + v) * (value + b * slope) + below;
}

double rt_log_beta(double a, double b)
{
    return a < b ? rt_log_gamma(a) - rt_log_rising(b, a) : rt_log_gamma(b) - rt_log_rising(a, b);
}

/* Where only one of the two rises, it can go step by step: nothing cancels. */
static double log_beta_steps(double a, double b, int steps)
{
    double sum = 0;
    for (int i = 0; i < steps; i++)
        sum -= rt_log1p(a / (b + i));
    return sum;
}

/*
 * ln of beta(a, b + n) / beta(a, b). Ratios of two gammas cancel most of their digits where a or n
 * is small beside b.
 */
static double log_beta_rise(double a, double b, double n)
{
    enum { FEW = 32, MANY = 1024 };
    if (floor(n) == n && (n <= FEW || (n <= MANY && a * n < b)))
        return log_beta_steps(a, b, (int)n);
    return a < n ? rt_log_rising(b, a) - rt_log_rising(b + n, a)
                 : rt_log_rising(b, n) - rt_log_rising(a + b, n);
}

double rt_log_beta_ratio(double a, double m, double b, double n)
{
    if (m == 0)
        return log_beta_rise(a, b, n);
    if (n == 0)
        return log_beta_rise(b, a, m);
    return rt_log_rising(a, m) + rt_log_rising(b, n) - rt_log_rising(a + b, m + n);
}

/* Hypergeometric function ---------------------------------------------------------------------- */

/* A function at a place, and its slope there, both to be multiplied by e^scale. */
struct solution {
    double value, slope, scale;
    double largest; /* of the terms: what rounding must be compared with */
    bool ended;     /* the series did */
};

static struct solution series(double a, double b, double c, double z, int most)
{
    static const double large = 0x1p600;
    struct solution sum = {1, 0, 0, 1, false};
    double term = 1;
    for (int k = 0; k < most && !sum.ended; k++) {
        const double factor = (a + k) * (b + k) / ((c + k) * (1 + k));
        sum.slope += (k + 1) * (term * factor);
        term *= factor * z;
        sum.value += term;
        if (fabs(term) > sum.largest)
            sum.largest = fabs(term);
        if (sum.largest > large) {
            sum = (struct solution){sum.value / large, sum.slope / large,
                                    sum.scale + 600 * (RT_LN2_HIGH + RT_LN2_LOW),
                                    sum.largest / large, false};
            term /= large;
        }
        const double next = fabs((a + k + 1) * (b + k + 1) / ((c + k + 1) * (2 + k)) * z);
        const bool smooth = next < 1 && c + k > 0 && a + k > 0 && b + k > 0;
        sum.ended =
            term == 0 || (smooth && (k + 1) * fabs(term) < 1e-18 * (1 - next) * sum.largest);
    }
    return sum;
}

/*
 * From z nearer to 1 by `step`, by the Taylor series that the differential equation (DLMF 15.10.1)
 * gives: it converges as (step / (1 - z))^n.
 */
static struct solution onward(double a, double b, double c, double z, double step,
                              struct solution from)
{
    const double p0 = z * (1 - z), p1 = 1 - 2 * z, q0 = c - (a + b + 1) * z;
    double now = from.value, next = from.slope * step, sum = now + next, slope = from.slope;
    for (int n = 0; n < 400; n++) {
        const double after =
            -((n + 1) * (n * p1 + q0) * next * step +
              (-(double)n * (n - 1) - (a + b + 1) * n - a * b) * now * step * step) /
            ((n + 2) * (n + 1) * p0);
        sum += after;
        slope += (n + 2) * after / step;
        now = next;
        next = after;
        if (fabs(now) + fabs(next) < 1e-18 * fabs(sum) && n > 8)
            break;
    }
    return (struct solution){sum, slope, from.scale, fmax(from.largest, fabs(sum)), true};
}

/*
 * The series where it ends soon, as it does for large c; else from a place where it does. (With
 * large c the steps would not do: another solution falls steeply beside this one.)
 */
static struct solution solve(double a, double b, double c, double z)
{
    enum { SOON = 1000 };
    static const double near = 0.9;
    struct solution at = series(a, b, c, z, z <= near ? TERMS : SOON);
    if (at.ended || z <= near)
        return at;
    at = series(a, b, c, near, TERMS);
    double place = near;
    while (place < z) {
        const double half = 0.5 * (1 - place), step = z - place < half ? z - place : half;
        at = onward(a, b, c, place, step, at);
        place = step < half ? z : place + step;
    }
    return at;
}

double rt_log_2f1(double a, double b, double c, double z, int *sign)
{
    *sign = 1;
    if (!(z >= 0 && z < 1) || (c <= 0 && floor(c) == c))
        return (double)NAN;
    struct solution at = {0};
    double power = 0;
    if (c - a - b < 0) {
        at = solve(c - a, c - b, c, z);
        power = (c - a - b) * rt_log1p(-z);
    }
    /* Terms of both signs may have left nothing: then the series as it stands, all positive. */
    if (c - a - b >= 0 || !(fabs(at.value) > 1e-2 * at.largest)) {
        at = c - a - b >= 0 ? solve(a, b, c, z) : series(a, b, c, z, TERMS);
        power = 0;
    }
    *sign = (at.value > 0) - (at.value < 0);
    return power + at.scale + rt_log(fabs(at.value));
}

/* Incomplete gamma ----------------------------------------------------------------------------- */

/* Keeps a denominator of a continued fraction off 0 (Lentz, Thompson and Barnett). */
static double off_zero(double x)
{
    return fabs(x) < 1e-290 ? 1e-290 : x;
}

/* ln(e^z z^-s gamma(s, z)) by the continued fraction (DLMF 8.9.2). */
static double log_upper_fraction(double s, double z)
{
    double b = z + 1 - s;
    double c = 1 / 1e-290, d = 1 / off_zero(b), product = d;
    for (int n = 1; n < TERMS; n++) {
        const double a = -n * (n - s);
        b += 2;
        d = 1 / off_zero(a * d + b);
        c = off_zero(b + a / c);
        const double factor = c * d;
        product *= factor;
        if (fabs(factor - 1) < 1e-16)
            break;
    }
    return rt_log(product);
}

/* Sum of z^n / (s (s + 1) ... (s + n)): P(s, z) = z^s e^-z sum / gamma(s) (DLMF 8.11.4). */
static double lower_series(double s, double z)
{
    double term = 1 / s, sum = term;
    for (int n = 1; n < TERMS; n++) {
        term *= z / (s + n);
        sum += term;
        if (term < 1e-17 * sum)
            break;
    }
    return sum;
}

/*
 * gamma(s, z) for s within 1/2 of 0 and small z, continuous through s = 0:
 * (gamma(1 + s) - z^s) / s - z^s sum of (-z)^k / ((s + k) k!) from k = 1.
 */
static double upper_beside_zero(double s, double z)
{
    const double log_z = rt_log(z);
    double term = 1, sum = 0;
    for (int k = 1; k < 200; k++) {
        term *= -z / k;
        sum += term / (s + k);
        if (fabs(term) < 1e-19)
            break;
    }
    const double head =
        fabs(s) < 1e-300
            ? -euler - log_z
            : (rt_expm1(log_gamma_beside_two(s) - rt_log1p(s)) - rt_expm1(s * log_z)) / s;
    return head - rt_exp(s * log_z) * sum;
}

double rt_log_gamma_upper_scaled(double s, double z)
{
    static const double small = 1.5;
    if (!(z > 0))
        return (double)NAN;
    if (z >= fmax(small, s + 1) || s < -40)
        return s * rt_log(z) + log_upper_fraction(s, z);
    if (s > 0.5) {
        const double lower = s * rt_log(z) - z - rt_log_gamma(s) + rt_log(lower_series(s, z));
        return z + rt_log_gamma(s) + rt_log1p(-rt_exp(lower));
    }
    /* Down from beside 0: gamma(s, z) = (z^s e^-z - gamma(s + 1, z)) / -s, in units of z^s e^-z. */
    const double steps = s < -0.5 ? ceil(-0.5 - s) : 0;
    double at = s + steps;
    double value = upper_beside_zero(at, z) * rt_exp(z - at * rt_log(z));
    for (int i = 0; i < (int)steps; i++) {
        at -= 1;
        value = (1 - z * value) / -at;
    }
    return s * rt_log(z) + rt_log(value);
}

/* The continued fraction of the incomplete beta (DLMF 8.17.22). */
static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / off_zero(1 - (a + b) * x / (a + 1)), product = d;
    for (int m = 1; m < TERMS; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / off_zero(1 + even * d);
        c = off_zero(1 + even / c);
        product *= c * d;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / off_zero(1 + odd * d);
        c = off_zero(1 + odd / c);
        product *= c * d;
        if (fabs(c * d - 1) < 1e-16)
            break;
    }
    return product;
}

double rt_beta_p(double a, double b, double x)
{
    if (!(a > 0) || !(b > 0) || !(x >= 0 && x <= 1))
        return (double)NAN;
    if (x == 0 || x == 1)
        return x;
    const double factor = a * rt_log(x) + b * rt_log1p(-x) - rt_log_beta(a, b);
    if (x * (a + b + 2) < a + 1)
        return rt_exp(factor) * beta_fraction(a, b, x) / a;
    return 1 - rt_exp(factor) * beta_fraction(b, a, 1 - x) / b;
}
