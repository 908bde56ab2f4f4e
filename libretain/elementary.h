/*
 * elementary: logarithm, exponential and their kin, the same on every machine.
 *
 * They use only + - * / and sqrt of IEEE doubles, which are exact to the last bit everywhere; those
 * of the system's library differ in their last digits from machine to machine. Errors are about one
 * unit of the last place. They are here, and without a branch where they can be, so that a compiler
 * puts them into loops over many numbers at once.
 */
#ifndef RT_ELEMENTARY_H
#define RT_ELEMENTARY_H

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/*
 * No multiplication may be joined with an addition, and nothing may be kept in longer registers.
 * gcc joins nothing under -std=c11; clang does unless it is told here.
 */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif
_Static_assert(FLT_EVAL_METHOD == 0, "doubles are computed as doubles");

/* ln 2 in two parts, the first with so few bits that its product with an exponent is exact. */
#define RT_LN2_HIGH 0x1.62e42fefa38p-1
#define RT_LN2_LOW 0x1.ef35793c7673p-45

/*
 * e^x for x from -700 to 700: x = exponent ln 2 + rest, and the exponential series of the rest,
 * which is at most 0.347. Adding 1.5 * 2^52 leaves the exponent in the lowest bits.
 */
static inline double rt_exp_within(double x)
{
    const double shifted = x * 0x1.71547652b82fep0 + 0x1.8p52;
    const double exponent = shifted - 0x1.8p52;
    const double rest = (x - exponent * RT_LN2_HIGH) - exponent * RT_LN2_LOW;
    const double square = rest * rest, fourth = square * square;
    const double low = (1.0 / 2 + rest * (1.0 / 6)) + square * (1.0 / 24 + rest * (1.0 / 120));
    const double middle =
        (1.0 / 720 + rest * (1.0 / 5040)) + square * (1.0 / 40320 + rest * (1.0 / 362880));
    const double high = (1.0 / 3628800 + rest * (1.0 / 39916800)) +
                        square * (1.0 / 479001600 + rest * (1.0 / 6227020800));
    double value = 1 + (rest + square * (low + fourth * (middle + fourth * high)));
    uint64_t bits, power;
    memcpy(&bits, &value, sizeof bits);
    memcpy(&power, &shifted, sizeof power);
    bits += power << 52;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The series of ln(1 + f), f from sqrt(1/2) - 1 to sqrt(2) - 1, without its first term f. */
static inline double rt_log_rest(double f)
{
    const double z = f / (2 + f), s = z * z, t = s * s; /* 2 atanh(z); s is at most 0.0295 */
    const double odd = 2.0 / 3 + t * (2.0 / 7 + t * (2.0 / 11 + t * (2.0 / 15 + t * (2.0 / 19))));
    const double even = 2.0 / 5 + t * (2.0 / 9 + t * (2.0 / 13 + t * (2.0 / 17 + t * (2.0 / 21))));
    const double half = 0.5 * f * f;
    return z * (half + s * (odd + s * even)) - half;
}

/*
 * ln x of a positive normal number. The exponent is taken off as if sqrt(1/2) were a power of two,
 * and becomes a double by standing in the last bits of 2^52: nothing here is more than SSE2 has.
 */
static inline double rt_log_within(double x)
{
    const uint64_t root = UINT64_C(0x3fe6a09e667f3bcd), one = UINT64_C(0x3ff0000000000000);
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits += one - root;
    uint64_t biased = bits >> 52 | UINT64_C(0x4330000000000000);
    double exponent;
    memcpy(&exponent, &biased, sizeof exponent);
    exponent -= 0x1p52 + 1023;
    bits = (bits & UINT64_C(0x000fffffffffffff)) + root;
    double fraction;
    memcpy(&fraction, &bits, sizeof fraction);
    const double f = fraction - 1;
    return exponent * RT_LN2_HIGH + (f + (rt_log_rest(f) + exponent * RT_LN2_LOW));
}

/*
 * ln(1 + y), y from 0 to 1: 2 atanh(z), z = y / (2 + y) at most 1/3, by the polynomial in z^2 that
 * is nearest to the rest of the series (Chebyshev's, within 1e-17).
 */
static inline double rt_log1p_within(double y)
{
    const double z = y / (2 + y), s = z * z, t = s * s;
    const double odd = 0.66666666666666658561 +
                       t * (0.28571428567108757162 +
                            t * (0.18181789436132858169 +
                                 t * (0.1331414420965493615 + t * 0.088007384861446738822)));
    const double even = 0.40000000000014582673 +
                        t * (0.22222222717427862989 +
                             t * (0.15385570064958623103 +
                                  t * (0.12001072809590712535 + t * 0.16164045611943532221)));
    return 2 * z + z * (s * (odd + s * even));
}

/* All doubles; ln 0 is -inf, ln of a negative number nan. */
static inline double rt_log(double x)
{
    if (x >= DBL_MIN && x <= DBL_MAX)
        return rt_log_within(x);
    if (x > 0 && x < DBL_MIN)
        return rt_log_within(x * 0x1p60) - 60 * (RT_LN2_HIGH + RT_LN2_LOW);
    return x == 0 ? -HUGE_VAL : x > 0 ? x : (double)NAN;
}

static inline double rt_exp(double x)
{
    if (x >= -700 && x <= 700)
        return rt_exp_within(x);
    if (x > 700)
        return x > 710 ? HUGE_VAL : rt_exp_within(x - 64) * rt_exp_within(64);
    return x < -746 ? 0 : x < 0 ? rt_exp_within(x + 64) * rt_exp_within(-64) : (double)NAN;
}

/* ln(1 + x), x above -1 (-inf at -1). */
static inline double rt_log1p(double x)
{
    if (x > -0.29 && x < 0.41)
        return x + rt_log_rest(x);
    const double sum = 1 + x; /* what the sum rounds off is put back */
    return x > 1e17 || !(x > -1) ? rt_log(sum) : rt_log(sum) + (x - (sum - 1)) / sum;
}

/* e^x - 1. */
static inline double rt_expm1(double x)
{
    if (!(x > -0.35 && x < 0.35))
        return rt_exp(x) - 1;
    double series = 1.0 / 87178291200; /* 14! */
    static const double reciprocals[] = {
        1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
        1.0 / 5040,       1.0 / 720,       1.0 / 120,      1.0 / 24,      1.0 / 6,      1.0 / 2};
    for (int i = 0; i < 12; i++)
        series = series * x + reciprocals[i];
    return x + x * x * series;
}

/* base^power, base above 0. */
static inline double rt_pow(double base, double power)
{
    return power == 0 ? 1 : rt_exp(power * rt_log(base));
}

#endif
