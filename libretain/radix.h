/*
 * radix: many numbers of 64 bits in order, digit by digit.
 */
#ifndef RT_RADIX_H
#define RT_RADIX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sorts `count` numbers in ascending order, in time that grows with their number alone; digits in
 * which all are equal cost nothing. The array, from rt_alloc, is taken over; returns the sorted
 * one, which may be another, and of `count` numbers only.
 */
uint64_t *rt_radix_sort(uint64_t *numbers, size_t count);

/*
 * The same by their upper 32 bits alone. Numbers that are equal in these keep their order where it
 * was ascending; else they come in any.
 */
uint64_t *rt_radix_sort_by_upper(uint64_t *numbers, size_t count);

#endif
