#include "libretain/radix.h"

#include <stdlib.h>

#include "libretain/err.h"

enum { BITS = 11, DIGITS = 1 << BITS, FEW = 512 };

static int compare(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* Sorts by the digit from `shift` on; stable. */
static void sort_digit(const uint64_t *from, uint64_t *to, size_t count, unsigned shift)
{
    size_t *places = rt_alloc_zero(DIGITS, sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[from[i] >> shift & (DIGITS - 1)]++;
    size_t before = 0;
    for (size_t digit = 0; digit < DIGITS; digit++) {
        const size_t here = places[digit];
        places[digit] = before;
        before += here;
    }
    for (size_t i = 0; i < count; i++)
        to[places[from[i] >> shift & (DIGITS - 1)]++] = from[i];
    free(places);
}

/* Sorts by the bits from `low` on. */
static uint64_t *sort_from(uint64_t *numbers, size_t count, unsigned low)
{
    if (count < FEW) {
        if (count > 0)
            qsort(numbers, count, sizeof *numbers, compare);
        return numbers;
    }
    uint64_t differing = 0;
    for (size_t i = 1; i < count; i++)
        differing |= numbers[i] ^ numbers[0];
    uint64_t *other = rt_alloc(count, sizeof *other);
    for (unsigned shift = low; shift < 64; shift += BITS) {
        if ((differing >> shift & (DIGITS - 1)) == 0)
            continue;
        sort_digit(numbers, other, count, shift);
        uint64_t *swap = numbers;
        numbers = other;
        other = swap;
    }
    free(other);
    return numbers;
}

uint64_t *rt_radix_sort(uint64_t *numbers, size_t count)
{
    return sort_from(numbers, count, 0);
}

uint64_t *rt_radix_sort_by_upper(uint64_t *numbers, size_t count)
{
    return sort_from(numbers, count, 32);
}
