/*
 * moments: count, sum and sum of squares of a column, exactly.
 *
 * Sums of doubles depend on the order in which they are added, and so would a merge of shards.
 * These are sums of exact decimals: any order and any split into parts give the same bits. The
 * sum of squares has 256 bits, which hold the squares of 18-digit numbers of any scale.
 */
#ifndef RT_MOMENTS_H
#define RT_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/decimal.h"
#include "libretain/text.h"

enum { RT_SQUARES_BYTES = 120 };

/* Never negative: limbs / 10^places, the least significant limb first. */
struct rt_squares {
    uint64_t limbs[4];
    int places; /* 0 to 36 */
};

struct rt_moments {
    int64_t count;
    struct rt_total sum;
    struct rt_squares squares;
};

/*
 * Reads a cell of a column that may hold computed reals: [+-]?digits[.digits]. What
 * rt_decimal_read takes is taken as it is. A number with more places than fit is rounded, half
 * away from zero, to as many as do, by itself and so the same in any order; one whose whole part
 * does not fit is RT_TOO_LONG.
 */
enum rt_reading rt_measure_read(struct rt_text text, struct rt_decimal *value);

/* Zeros are an empty start. Both return 0, or -1 where a sum does not fit; then it is spoilt. */
int rt_moments_add(struct rt_moments *moments, struct rt_decimal value);
int rt_moments_merge(struct rt_moments *moments, const struct rt_moments *more);

/* NAN without values; the variance (divisor count - 1) also for one. */
double rt_moments_mean(const struct rt_moments *moments);
double rt_moments_variance(const struct rt_moments *moments);

int rt_squares_merge(struct rt_squares *squares, struct rt_squares more);
/* Writes the number with its places and a NUL; returns the length. */
size_t rt_squares_write(struct rt_squares squares, char into[RT_SQUARES_BYTES]);
/* Reads digits[.digits], what rt_squares_write wrote. Returns 0, or -1. */
int rt_squares_read(struct rt_text text, struct rt_squares *squares);

#endif
