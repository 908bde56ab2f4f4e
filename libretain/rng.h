/*
 * rng: random numbers that are the same on every machine.
 *
 * The generator is SplitMix64 (Steele, Lea, Flood, Fast splittable pseudorandom number generators,
 * OOPSLA 2014): the n-th number of a stream is a hash of the stream's start plus n times an odd
 * constant. Any number of streams are started by a seed and a name of 64 bits, so that what is
 * drawn for one customer does not depend on who else is drawn for, or in which order.
 *
 * The distributions use only + - * / and sqrt of IEEE doubles, which are exact to the last bit
 * everywhere, and the logarithm and exponential below, which are made of them: the libraries'
 * differ in their last digits.
 */
#ifndef RT_RNG_H
#define RT_RNG_H

#include <stdint.h>

struct rt_rng {
    uint64_t state;
};

/* A hash of 64 bits that takes every value once. */
static inline uint64_t rt_rng_mix(uint64_t bits)
{
    bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
    return bits ^ bits >> 31;
}

/* The stream with this name under this seed. */
static inline struct rt_rng rt_rng_start(uint64_t seed, uint64_t name)
{
    const uint64_t start = rt_rng_mix(seed + UINT64_C(0x9e3779b97f4a7c15));
    return (struct rt_rng){rt_rng_mix(start ^ rt_rng_mix(name))};
}

/* 64 random bits. */
static inline uint64_t rt_rng_bits(struct rt_rng *rng)
{
    rng->state += UINT64_C(0x9e3779b97f4a7c15);
    return rt_rng_mix(rng->state);
}

/* Uniform between 0 and 1, never either: the middles of 2^52 equal parts. */
static inline double rt_rng_uniform(struct rt_rng *rng)
{
    return ((double)(int64_t)(rt_rng_bits(rng) >> 12) + 0.5) * 0x1p-52;
}

/* 0 to bound - 1, each equally likely; bound is above 0. */
uint64_t rt_rng_below(struct rt_rng *rng, uint64_t bound);

/* Mean 1. */
double rt_rng_exponential(struct rt_rng *rng);
/* Mean 0, variance 1. */
double rt_rng_normal(struct rt_rng *rng);
/* Shape above 0, scale 1: mean and variance are the shape. */
double rt_rng_gamma(struct rt_rng *rng, double shape);
/* Both above 0; 0 and 1 come out where the nearest double is one of them. */
double rt_rng_beta(struct rt_rng *rng, double a, double b);
/* Any mean from 0; takes time in proportion to it. */
uint64_t rt_rng_poisson(struct rt_rng *rng, double mean);

/* Natural logarithm of a positive normal number, and exponential, within 2e-15 of the value. */
double rt_rng_log(double x);
double rt_rng_exp(double x);

#endif
