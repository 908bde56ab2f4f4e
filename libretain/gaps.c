#include "libretain/gaps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/interval.h"

static int64_t *grow(int64_t *counts, size_t size, size_t capacity)
{
    counts = rt_realloc(counts, capacity, sizeof *counts);
    memset(counts + size, 0, (capacity - size) * sizeof *counts);
    return counts;
}

static void make_room(struct rt_gaps *gaps, int32_t days)
{
    const size_t capacity = rt_grown(gaps->size, (size_t)days + 1);
    if (capacity == 0)
        return;
    gaps->closed = grow(gaps->closed, gaps->size, capacity);
    gaps->open = grow(gaps->open, gaps->size, capacity);
    gaps->size = capacity;
}

void rt_gaps_add_closed(struct rt_gaps *gaps, int32_t days, int64_t count)
{
    make_room(gaps, days);
    gaps->closed[days] += count;
}

void rt_gaps_add_open(struct rt_gaps *gaps, int32_t days, int64_t count)
{
    make_room(gaps, days);
    gaps->open[days] += count;
}

void rt_gaps_merge(struct rt_gaps *gaps, const struct rt_gaps *other)
{
    if (other->size == 0)
        return;
    make_room(gaps, (int32_t)other->size - 1);
    for (size_t days = 0; days < other->size; days++) {
        gaps->closed[days] += other->closed[days];
        gaps->open[days] += other->open[days];
    }
}

void rt_gaps_free(struct rt_gaps *gaps)
{
    free(gaps->closed);
    free(gaps->open);
    *gaps = (struct rt_gaps){0};
}

static void note(int32_t *first, size_t days, double survival, double level)
{
    /* 9 of 10 that closed are 90%, also where rounding has S a hair above 0.1. */
    if (*first < 0 && survival <= level * (1 + 1e-12))
        *first = (int32_t)days;
}

/* The length at hand of a walk over all lengths. */
struct walk {
    int64_t left; /* gaps that are at least that long */
    double survival, variance;
};

static struct walk begin(const struct rt_gaps *gaps)
{
    struct walk walk = {0, 1, 0};
    for (size_t days = 0; days < gaps->size; days++)
        walk.left += gaps->closed[days] + gaps->open[days];
    return walk;
}

static void step(struct walk *walk, int64_t closed)
{
    const double d = (double)closed, n = (double)walk->left;
    walk->survival *= (n - d) / n;
    walk->variance += d / (n * (n - d));
}

/* S behind the last gap that closed. */
static double last_survival(const struct rt_gaps *gaps)
{
    struct walk walk = begin(gaps);
    for (size_t days = 0; days < gaps->size; days++) {
        if (gaps->closed[days] > 0)
            step(&walk, gaps->closed[days]);
        walk.left -= gaps->closed[days] + gaps->open[days];
    }
    return walk.survival;
}

struct rt_gap_quantile rt_gaps_quantile(const struct rt_gaps *gaps, double share, double confidence)
{
    struct rt_gap_quantile quantile = {-1, -1, -1, false};
    const double z = rt_normal_quantile(confidence), end = last_survival(gaps);
    quantile.ever = end > (1 - share) * (1 + 1e-12);
    const double level = quantile.ever ? 1 - share * (1 - end) : 1 - share;
    struct walk walk = begin(gaps);
    for (size_t days = 0; days < gaps->size; days++) {
        const int64_t closed = gaps->closed[days];
        if (closed > 0)
            step(&walk, closed);
        if (closed > 0 && closed == walk.left) {
            note(&quantile.days, days, 0, level);
            note(&quantile.lo, days, 0, level);
        } else if (closed > 0) {
            const double width = z * sqrt(walk.variance) / -log(walk.survival);
            note(&quantile.days, days, walk.survival, level);
            note(&quantile.lo, days, pow(walk.survival, exp(width)), level);
            note(&quantile.hi, days, pow(walk.survival, exp(-width)), level);
        }
        walk.left -= closed + gaps->open[days];
    }
    return quantile;
}
