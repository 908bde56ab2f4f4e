/*
 * arm: who is left alone, so that the effect on the others can be measured.
 *
 * A customer's place between 0 and 1 is a hash of a salt and the id alone (stamp.h): it is the same
 * in every run, on every machine and in any order of rows, and another salt gives another,
 * independent place. The control arm of a share has the places below it, so that 10% is a part of
 * 20%; of n equal parts, number 0 is the control arm of a share of 1/n.
 */
#ifndef RT_ARM_H
#define RT_ARM_H

#include <stdbool.h>
#include <stdint.h>

#include "libretain/text.h"

/* A share of customers: those whose hash is below `end`. */
struct rt_arm {
    unsigned __int128 end;
};

/* Reads a share written as 10% or 2.5%, from 0% to 100%. Returns 0, or -1. */
int rt_arm_read(struct rt_text text, struct rt_arm *arm);

/* The place of a customer, in 2^-64. */
uint64_t rt_arm_hash(struct rt_text salt, struct rt_text customer);

static inline bool rt_arm_is_control(const struct rt_arm *arm, uint64_t hash)
{
    return hash < arm->end;
}

/* The part that a place lies in, 0 to count - 1; count is above 0. */
static inline uint64_t rt_arm_bucket(uint64_t hash, uint64_t count)
{
    return (uint64_t)((unsigned __int128)hash * count >> 64);
}

#endif
