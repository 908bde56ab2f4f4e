#include "libretain/rng.h"

#include <float.h>
#include <math.h>
#include <string.h>

/*
 * No multiplication may be joined with an addition, and nothing may be kept in longer registers,
 * or the last digits would depend on the machine. gcc joins nothing under -std=c11; clang does
 * unless it is told here.
 */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif
_Static_assert(FLT_EVAL_METHOD == 0, "doubles are computed as doubles");

uint64_t rt_rng_below(struct rt_rng *rng, uint64_t bound)
{
    /* Lemire, Fast random integer generation in an interval, 2019. */
    unsigned __int128 product = (unsigned __int128)rt_rng_bits(rng) * bound;
    if ((uint64_t)product < bound) {
        const uint64_t surplus = -bound % bound;
        while ((uint64_t)product < surplus)
            product = (unsigned __int128)rt_rng_bits(rng) * bound;
    }
    return (uint64_t)(product >> 64);
}

/* ln 2 in two parts, the first with so few bits that its product with an exponent is exact. */
static const double ln2_high = 0x1.62e42fefa38p-1;
static const double ln2_low = 0x1.ef35793c7673p-45;

/*
 * x = 2^exponent * fraction, fraction within sqrt(1/2) and sqrt(2), and
 * ln fraction = 2 atanh(z) = 2 (z + z^3/3 + z^5/5 + ...), z = (fraction - 1)/(fraction + 1).
 */
double rt_rng_log(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    /* Takes the exponent off as if sqrt(1/2) were a power of two. */
    const uint64_t shifted = bits - UINT64_C(0x3fe6a09e667f3bcd);
    const int64_t exponent = (int64_t)shifted >> 52;
    bits = (shifted & UINT64_C(0x000fffffffffffff)) + UINT64_C(0x3fe6a09e667f3bcd);
    double fraction;
    memcpy(&fraction, &bits, sizeof fraction);
    const double z = (fraction - 1) / (fraction + 1);
    const double s = z * z; /* at most 0.0295; two halves of the series side by side */
    const double t = s * s;
    const double odd = 1.0 / 3 + t * (1.0 / 7 + t * (1.0 / 11 + t * (1.0 / 15 + t * (1.0 / 19))));
    const double even = 1.0 / 5 + t * (1.0 / 9 + t * (1.0 / 13 + t * (1.0 / 17 + t * (1.0 / 21))));
    const double series = z * (s * (odd + s * even));
    const double power = (double)exponent;
    return power * ln2_high + (2 * z + (2 * series + power * ln2_low));
}

/* x = exponent * ln 2 + rest, and the exponential series of the rest, at most 0.35. */
double rt_rng_exp(double x)
{
    if (x > 709)
        return HUGE_VAL;
    if (x < -708)
        return 0;
    const int64_t exponent = (int64_t)(x * 0x1.71547652b82fep0 + (x < 0 ? -0.5 : 0.5));
    const double rest = (x - (double)exponent * ln2_high) - (double)exponent * ln2_low;
    double series = 1.0 / 6227020800.0; /* 13! */
    static const double reciprocals[] = {1.0 / 479001600,
                                         1.0 / 39916800,
                                         1.0 / 3628800,
                                         1.0 / 362880,
                                         1.0 / 40320,
                                         1.0 / 5040,
                                         1.0 / 720,
                                         1.0 / 120,
                                         1.0 / 24,
                                         1.0 / 6,
                                         1.0 / 2,
                                         1.0,
                                         1.0};
    for (unsigned i = 0; i < sizeof reciprocals / sizeof *reciprocals; i++)
        series = series * rest + reciprocals[i];
    const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return series * power;
}

double rt_rng_exponential(struct rt_rng *rng)
{
    return -rt_rng_log(rt_rng_uniform(rng));
}

/* The polar method (Marsaglia and Bray 1964); the second of the pair is not used. */
double rt_rng_normal(struct rt_rng *rng)
{
    double x, square;
    do {
        x = 2 * rt_rng_uniform(rng) - 1;
        const double y = 2 * rt_rng_uniform(rng) - 1;
        square = x * x + y * y;
    } while (square >= 1);
    return x * sqrt(-2 * rt_rng_log(square) / square);
}

/* Marsaglia and Tsang, A simple method for generating gamma variables, 2000, for shapes from 1. */
static double gamma_from_one(struct rt_rng *rng, double shape)
{
    const double d = shape - 1.0 / 3;
    const double c = 1 / sqrt(9 * d);
    for (;;) {
        const double x = rt_rng_normal(rng);
        const double root = 1 + c * x;
        if (root <= 0)
            continue;
        const double v = root * root * root;
        const double u = rt_rng_uniform(rng);
        if (u < 1 - 0.0331 * (x * x) * (x * x) ||
            rt_rng_log(u) < 0.5 * (x * x) + d * (1 - v + rt_rng_log(v)))
            return d * v;
    }
}

/*
 * The logarithm of a gamma variable: below shape 1 the one of shape + 1 times u^(1/shape) (section
 * 6 there), which may be too small for a double.
 */
static double log_gamma(struct rt_rng *rng, double shape)
{
    if (shape >= 1)
        return rt_rng_log(gamma_from_one(rng, shape));
    const double larger = rt_rng_log(gamma_from_one(rng, shape + 1));
    return larger - rt_rng_exponential(rng) / shape;
}

double rt_rng_gamma(struct rt_rng *rng, double shape)
{
    return shape >= 1 ? gamma_from_one(rng, shape) : rt_rng_exp(log_gamma(rng, shape));
}

double rt_rng_beta(struct rt_rng *rng, double a, double b)
{
    const double left = log_gamma(rng, a);
    const double right = log_gamma(rng, b);
    return 1 / (1 + rt_rng_exp(right - left));
}

/*
 * Counts how many uniforms can be multiplied before exp(-mean) is reached, for parts of the mean
 * that are small enough for it (Knuth, section 3.4.1).
 */
uint64_t rt_rng_poisson(struct rt_rng *rng, double mean)
{
    uint64_t count = 0;
    while (mean > 0) {
        const double part = mean < 16 ? mean : 16;
        mean -= part;
        const double bound = rt_rng_exp(-part);
        for (double product = rt_rng_uniform(rng); product > bound; product *= rt_rng_uniform(rng))
            count++;
    }
    return count;
}
