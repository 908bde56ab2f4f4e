/*
 * decimal: exact decimal numbers, for money and counts.
 *
 * A value is units / 10^places, places 0 to 18, units within int64_t. 12.50 is {1250, 2}: the
 * places that were written are kept, and a sum has as many as the longest of its parts.
 * Anything that does not fit is refused, never rounded.
 */
#ifndef RT_DECIMAL_H
#define RT_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/text.h"

enum { RT_DECIMAL_PLACES = 18, RT_DECIMAL_BYTES = 48, RT_REAL_BYTES = 352 };

struct rt_decimal {
    int64_t units;
    int places;
};

/* What a reading found. */
enum rt_reading {
    RT_READ,      /* a number, and it fits */
    RT_MALFORMED, /* not [+-]?digits[.digits] */
    RT_TOO_LONG   /* a number, but with more digits than can be kept exactly */
};

/* Reads [+-]?digits[.digits], all of `text`. */
enum rt_reading rt_decimal_read(struct rt_text text, struct rt_decimal *value);

/*
 * The same with `point` for the decimal point and `group` (0 for none) between groups of three
 * digits: 1.234,56 has point ',' and group '.'.
 */
enum rt_reading rt_decimal_read_form(struct rt_text text, char point, char group,
                                     struct rt_decimal *value);

/* Adds `more` to `sum`. Returns 0, or -1 where the sum does not fit; `sum` is then unchanged. */
int rt_decimal_add(struct rt_decimal *sum, struct rt_decimal more);

/* Gives `value` at least `places` places. Returns 0, or -1 where it does not fit. */
int rt_decimal_widen(struct rt_decimal *value, int places);

/* -1, 0 or 1 as a is less than, equal to or greater than b. Exact. */
int rt_decimal_compare(struct rt_decimal a, struct rt_decimal b);

/* Writes it with its places, -0 as 0, and a NUL; what is behind that in `into` may change as well.
 * Returns the length. */
size_t rt_decimal_write(struct rt_decimal value, char into[RT_DECIMAL_BYTES]);

/* The double nearest to it. */
double rt_decimal_real(struct rt_decimal value);

/*
 * A sum that cannot run out: 128 bits of units. For totals over many customers.
 * rt_total_add returns 0, or -1 beyond 38 digits.
 */
struct rt_total {
    __int128 units;
    int places;
};
int rt_total_add(struct rt_total *total, struct rt_decimal more);
int rt_total_merge(struct rt_total *total, struct rt_total more);
size_t rt_total_write(struct rt_total total, char into[RT_DECIMAL_BYTES]);
double rt_total_real(struct rt_total total);
/* Reads [+-]?digits[.digits] of up to 38 digits: what rt_total_write wrote. */
enum rt_reading rt_total_read(struct rt_text text, struct rt_total *total);

/*
 * Writes a finite `value` without an exponent, in the shortest form that reads back as the same
 * double, and a NUL. Returns the length, or 0 (and an empty string) for nan and infinities:
 * undefined is an empty cell. -0 is 0.
 */
size_t rt_real_write(double value, char into[RT_REAL_BYTES]);

/* The same rounded to `digits` places after the point, 0 to 17; trailing zeros are kept. */
size_t rt_real_write_digits(double value, int digits, char into[RT_REAL_BYTES]);

/*
 * Reads [+-]?digits[.digits] as the nearest double. Returns 0, or -1. For computed columns such
 * as aov that are read back; money that is counted is read with rt_decimal_read.
 */
int rt_real_read(struct rt_text text, double *value);

/* numerator / denominator as the nearest double; nan where the denominator is 0. */
double rt_decimal_ratio(struct rt_decimal numerator, int64_t denominator);

#endif
