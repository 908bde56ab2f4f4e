/*
 * limit: how many rows may be bad.
 *
 * Written as a whole number of rows, 20, or as a share of the rows that were read, 1% or 0.5%.
 * Compared exactly, without a rounded quotient.
 */
#ifndef RT_LIMIT_H
#define RT_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "libretain/decimal.h"
#include "libretain/text.h"

struct rt_limit {
    enum { RT_LIMIT_NONE, RT_LIMIT_ROWS, RT_LIMIT_SHARE } kind;
    struct rt_decimal value; /* rows, or percent from 0 to 100 */
};

/* Reads N or P%. Returns 0, or -1. */
int rt_limit_read(struct rt_text text, struct rt_limit *limit);

/* Have more of `read` rows been bad than may be? A share is judged only at the end. */
bool rt_limit_passed(const struct rt_limit *limit, uint64_t bad, uint64_t read, bool at_end);

#endif
