/*
 * money: the usual way to write an amount, read in a few steps.
 *
 * 0.00 to 99999.99: digits, a point, and two more digits, without a sign. All else is decimal's.
 */
#ifndef RT_MONEY_H
#define RT_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/word.h"

/*
 * Reads `length` bytes that are written so, in hundredths. False where they are not. Eight bytes
 * must be readable at `at`, whatever the length.
 */
static inline bool rt_money_read(const char *at, size_t length, int64_t *hundredths)
{
    if (length < 4 || length > 8)
        return false;
    /* The bytes end where the word ends; what is before them becomes 0. */
    const unsigned shift = (unsigned)(8 - length) * 8;
    const uint64_t form = UINT64_C(0x30302e3030303030); /* "00000.00" */
    const uint64_t digits = (rt_load_eight(at) ^ form >> shift) << shift;
    /* Above 9, and at the point above 0, a byte gets its top bit, or has it already. */
    const uint64_t above = digits + UINT64_C(0x76767f7676767676);
    if (((digits | above) & UINT64_C(0x8080808080808080)) != 0)
        return false;
    /* Bytes 0, 2, 4, 6 become two digits each; the third of them is the last one and the point. */
    const uint64_t pairs = digits * 10 + (digits >> 8);
    const uint64_t mask = UINT64_C(0x000000ff000000ff);
    *hundredths = (int64_t)(((pairs & mask) * (UINT64_C(100000) << 32 | 10) +
                             (pairs >> 16 & mask) * (UINT64_C(1000) << 32 | 1)) >>
                            32);
    return true;
}

#endif
