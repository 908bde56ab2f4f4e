#include "libretain/sorted.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/decimal.h"
#include "libretain/err.h"

static uint64_t ordered_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static int compare_values(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* One pass of a radix sort by the byte at `shift`; false where all have the same there. */
static bool radix_pass(const double *from, double *to, size_t count, unsigned shift)
{
    size_t places[256] = {0};
    for (size_t i = 0; i < count; i++)
        places[ordered_bits(from[i]) >> shift & 255]++;
    size_t start = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (places[byte] == count)
            return false;
        const size_t here = places[byte];
        places[byte] = start;
        start += here;
    }
    for (size_t i = 0; i < count; i++)
        to[places[ordered_bits(from[i]) >> shift & 255]++] = from[i];
    return true;
}

void rt_sort_reals(double *values, size_t count)
{
    if (count < 1000) {
        if (count > 1)
            qsort(values, count, sizeof *values, compare_values);
        return;
    }
    double *spare = rt_alloc(count, sizeof *spare);
    double *from = values, *to = spare;
    for (unsigned shift = 0; shift < 64; shift += 8)
        if (radix_pass(from, to, count, shift)) {
            double *swap = from;
            from = to;
            to = swap;
        }
    if (from != values)
        memcpy(values, from, count * sizeof *values);
    free(spare);
}

/* The decimal that a value was before it became a double, as long as it had up to 15 digits. */
static bool decimal_of(double value, struct rt_decimal *decimal)
{
    char text[RT_REAL_BYTES];
    const size_t length = rt_real_write(value, text);
    return rt_decimal_read((struct rt_text){text, length}, decimal) == RT_READ;
}

double rt_sorted_quantile(const double *values, size_t count, int percent)
{
    const size_t steps = (count - 1) * (size_t)percent;
    const size_t k = steps / 100;
    const int part = (int)(steps % 100);
    if (part == 0 || values[k] == values[k + 1])
        return values[k];
    struct rt_decimal low, high;
    if (decimal_of(values[k], &low) && decimal_of(values[k + 1], &high) &&
        rt_decimal_widen(&low, high.places) == 0 && rt_decimal_widen(&high, low.places) == 0 &&
        low.places <= RT_DECIMAL_PLACES - 2) {
        const __int128 units = (__int128)low.units * (100 - part) + (__int128)high.units * part;
        return rt_total_real((struct rt_total){units, low.places + 2});
    }
    /* The distance of the two may be too large for a double. */
    const double weight = (double)part / 100;
    return values[k] * (1 - weight) + values[k + 1] * weight;
}
