/*
 * memo: where the answers of a function of a few numbers are looked up again.
 *
 * One place for each hash: what comes later takes the place of what was there, so that memory is
 * constant and what comes out does not depend on what is remembered.
 */
#ifndef RT_MEMO_H
#define RT_MEMO_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "libretain/rng.h"

/* The place, below 2^bits, of three numbers. */
static inline size_t rt_memo_place(double a, double b, double c, unsigned bits)
{
    uint64_t all[3];
    memcpy(&all[0], &a, sizeof a);
    memcpy(&all[1], &b, sizeof b);
    memcpy(&all[2], &c, sizeof c);
    const uint64_t mixed = rt_rng_mix(rt_rng_mix(rt_rng_mix(all[0]) ^ all[1]) ^ all[2]);
    return (size_t)(mixed >> (64 - bits));
}

#endif
