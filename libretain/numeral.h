/*
 * numeral: numbers as they are written, rounded digit by digit.
 *
 * For showing numbers that nobody computes with: the text is rounded, half away from zero, without
 * passing through a double, so that 2.675 is 2.68 and an amount of 30 digits keeps them all.
 */
#ifndef RT_NUMERAL_H
#define RT_NUMERAL_H

#include <stdbool.h>

#include "libretain/buffer.h"
#include "libretain/text.h"

/* Is it [+-]?digits[.digits]? */
bool rt_numeral_is(struct rt_text text);

/*
 * Appends a numeral with at most `digits` places, 0 and more; one that has no more than that is
 * appended as it is, as it is where digits is below 0. Zero has no sign once it is rounded.
 */
void rt_numeral_round(struct rt_buffer *into, struct rt_text numeral, int digits);

/* The same times 100, with a percent sign, and always with `digits` places: 0.1234 is 12.3%. */
void rt_numeral_percent(struct rt_buffer *into, struct rt_text numeral, int digits);

#endif
