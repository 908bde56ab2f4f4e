#include "libretain/histogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/radix.h"
#include "libretain/rng.h"

enum { SLOTS = 1024 /* to begin with; a power of two, as always */ };

struct rt_histogram *rt_histogram_new(int width)
{
    struct rt_histogram *points = rt_alloc_zero(1, sizeof *points);
    points->width = width;
    points->slot_count = SLOTS;
    points->slots = rt_alloc_zero(SLOTS, sizeof *points->slots);
    for (int c = 0; c < width; c++) {
        points->levels[c].slot_count = SLOTS;
        points->levels[c].slots = rt_alloc_zero(SLOTS, sizeof *points->levels[c].slots);
    }
    return points;
}

void rt_histogram_free(struct rt_histogram *points)
{
    if (points == NULL)
        return;
    for (int c = 0; c < points->width; c++) {
        free(points->places[c]);
        free(points->levels[c].values);
        free(points->levels[c].slots);
    }
    free(points->weights);
    free(points->first);
    free(points->slots);
    free(points);
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void grow_levels(struct rt_levels *levels)
{
    free(levels->slots);
    while (levels->count * 2 > levels->slot_count) /* small whole numbers are not in the slots */
        levels->slot_count *= 2;
    levels->slots = rt_alloc_zero(levels->slot_count, sizeof *levels->slots);
    for (size_t i = 0; i < levels->count; i++) {
        size_t at = rt_rng_mix(bits_of(levels->values[i])) & (levels->slot_count - 1);
        while (levels->slots[at] != 0)
            at = (at + 1) & (levels->slot_count - 1);
        levels->slots[at] = (uint32_t)i + 1;
    }
}

static uint32_t add_level(struct rt_levels *levels, double value)
{
    const size_t room = rt_grown(levels->room, levels->count + 1);
    if (room != 0) {
        levels->values = rt_realloc(levels->values, room, sizeof *levels->values);
        levels->room = room;
    }
    levels->values[levels->count] = value;
    return (uint32_t)levels->count++;
}

/* The place of a value that is not a small whole number. */
static uint32_t find_level(struct rt_levels *levels, double value)
{
    const uint64_t bits = bits_of(value);
    size_t at = rt_rng_mix(bits) & (levels->slot_count - 1);
    for (; levels->slots[at] != 0; at = (at + 1) & (levels->slot_count - 1))
        if (bits_of(levels->values[levels->slots[at] - 1]) == bits)
            return levels->slots[at] - 1;
    const uint32_t place = add_level(levels, value);
    levels->slots[at] = place + 1;
    if (levels->count * 2 > levels->slot_count)
        grow_levels(levels);
    return place;
}

static inline uint32_t place_of(struct rt_levels *levels, double value)
{
    const double number = value + 0.0; /* -0 is 0 */
    if (!(number >= 0 && number < RT_LEVELS_SMALL) || (double)(int)number != number)
        return find_level(levels, number);
    uint32_t *small = &levels->small[(int)number];
    if (*small == 0)
        *small = add_level(levels, number) + 1;
    return *small - 1;
}

static size_t home(const struct rt_histogram *points, const uint32_t places[RT_POINT])
{
    const uint64_t two = (uint64_t)places[0] << 32 | places[1];
    return rt_rng_mix(rt_rng_mix(two) + places[2]) & (points->slot_count - 1);
}

static void places_of(const struct rt_histogram *points, size_t point, uint32_t places[RT_POINT])
{
    for (int c = 0; c < RT_POINT; c++)
        places[c] = c < points->width ? points->places[c][point] : 0;
}

static void grow_points(struct rt_histogram *points)
{
    free(points->slots);
    points->slot_count *= 2;
    points->slots = rt_alloc_zero(points->slot_count, sizeof *points->slots);
    for (size_t i = 0; i < points->count; i++) {
        uint32_t places[RT_POINT];
        places_of(points, i, places);
        size_t at = home(points, places);
        while (points->slots[at] != 0)
            at = (at + 1) & (points->slot_count - 1);
        points->slots[at] = (uint32_t)i + 1;
    }
}

/* Makes room for another point. */
static void make_room(struct rt_histogram *points)
{
    const size_t room = rt_grown(points->room, points->count + 1);
    if (room == 0)
        return;
    for (int c = 0; c < points->width; c++)
        points->places[c] = rt_realloc(points->places[c], room, sizeof **points->places);
    points->weights = rt_realloc(points->weights, room, sizeof *points->weights);
    points->room = room;
}

static void append(struct rt_histogram *points, const uint32_t places[RT_POINT], double weight)
{
    make_room(points);
    for (int c = 0; c < points->width; c++)
        points->places[c][points->count] = places[c];
    points->weights[points->count++] = weight;
}

void rt_histogram_add(struct rt_histogram *points, const double *at, double weight)
{
    uint32_t places[RT_POINT] = {0};
    for (int c = 0; c < points->width; c++)
        places[c] = place_of(&points->levels[c], at[c]);
    points->total += weight;
    size_t slot = home(points, places);
    for (; points->slots[slot] != 0; slot = (slot + 1) & (points->slot_count - 1)) {
        uint32_t there[RT_POINT];
        places_of(points, points->slots[slot] - 1, there);
        if (memcmp(there, places, sizeof places) == 0) {
            points->weights[points->slots[slot] - 1] += weight;
            return;
        }
    }
    append(points, places, weight);
    points->slots[slot] = (uint32_t)points->count;
    if (points->count * 2 > points->slot_count)
        grow_points(points);
}

/* Sorts the levels; rank[i] is the new place of the i-th of before. Doubles from 0 sort as bits. */
static uint32_t *sort_levels(struct rt_levels *levels)
{
    uint64_t *sorted = rt_alloc(levels->count + 1, sizeof *sorted);
    for (size_t i = 0; i < levels->count; i++)
        sorted[i] = bits_of(levels->values[i]);
    sorted = rt_radix_sort(sorted, levels->count);
    uint32_t *rank = rt_alloc(levels->count + 1, sizeof *rank);
    for (size_t i = 0; i < levels->count; i++) {
        const uint64_t bits = bits_of(levels->values[i]);
        size_t low = 0;
        for (size_t high = levels->count; low < high;) {
            const size_t middle = low + (high - low) / 2;
            if (sorted[middle] < bits)
                low = middle + 1;
            else
                high = middle;
        }
        rank[i] = (uint32_t)low;
    }
    if (levels->count > 0)
        memcpy(levels->values, sorted, levels->count * sizeof *levels->values);
    free(sorted);
    free(levels->slots);
    levels->slots = NULL;
    return rank;
}

/* Where the points of each level of column c begin, if they are sorted by it; one more at the end.
 */
static size_t *begin_levels(const struct rt_histogram *points, int c)
{
    const size_t count = points->levels[c].count;
    size_t *first = rt_alloc_zero(count + 1, sizeof *first);
    for (size_t i = 0; i < points->count; i++)
        first[points->places[c][i] + 1]++;
    for (size_t l = 0; l < count; l++)
        first[l + 1] += first[l];
    return first;
}

/* Sorts the points by column c, those of a level as they were. */
static void sort_points(struct rt_histogram *points, int c)
{
    size_t *next = begin_levels(points, c);
    uint32_t *to = rt_alloc(points->count + 1, sizeof *to);
    for (size_t i = 0; i < points->count; i++)
        to[i] = (uint32_t)next[points->places[c][i]]++;
    free(next);
    for (int k = 0; k < points->width; k++) {
        uint32_t *places = rt_alloc(points->count + 1, sizeof *places);
        for (size_t i = 0; i < points->count; i++)
            places[to[i]] = points->places[k][i];
        free(points->places[k]);
        points->places[k] = places;
    }
    double *weights = rt_alloc(points->count + 1, sizeof *weights);
    for (size_t i = 0; i < points->count; i++)
        weights[to[i]] = points->weights[i];
    free(points->weights);
    points->weights = weights;
    free(to);
}

void rt_histogram_settle(struct rt_histogram *points)
{
    free(points->slots);
    points->slots = NULL;
    for (int c = points->width; c-- > 0;) {
        uint32_t *rank = sort_levels(&points->levels[c]);
        for (size_t i = 0; i < points->count; i++)
            points->places[c][i] = rank[points->places[c][i]];
        free(rank);
        sort_points(points, c);
    }
    points->first = begin_levels(points, 0);
}

void rt_histogram_at(const struct rt_histogram *points, size_t point, double at[RT_POINT])
{
    for (int c = 0; c < RT_POINT; c++)
        at[c] = c < points->width ? points->levels[c].values[points->places[c][point]] : 0;
}

struct rt_histogram *rt_histogram_sample(const struct rt_histogram *points, double step)
{
    struct rt_histogram *sample = rt_histogram_new(points->width);
    double before = 0.5; /* in steps: the first customer is taken half a step into the points */
    double sum = 0;
    for (size_t i = 0; i < points->count; i++) {
        sum += points->weights[i];
        const double after = sum / step + 0.5, taken = floor(after) - floor(before);
        before = after;
        if (taken > 0) {
            double at[RT_POINT];
            rt_histogram_at(points, i, at);
            rt_histogram_add(sample, at, taken);
        }
    }
    rt_histogram_settle(sample);
    return sample;
}
