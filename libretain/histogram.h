/*
 * histogram: the distinct points of many customers, each with a weight.
 *
 * A model does not care who the customers are: those with the same x, t_x and T have the same
 * likelihood. So only distinct points are kept, and of each number of them its place among the
 * distinct values (levels) of its column, so that what depends on one number alone, such as a
 * logarithm, is computed once per level. Once settled, levels ascend, points are in ascending
 * order of their first number, then the second, then the third, and nothing depends on the order
 * of adding. Memory: 12 to 20 bytes a distinct point and 8 to 16 for finding it, about 30 a
 * distinct value. Weights are sums of doubles: exact as long as they are counts.
 */
#ifndef RT_HISTOGRAM_H
#define RT_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum { RT_POINT = 3 /* numbers of a point at most */, RT_LEVELS_SMALL = 4096 };

/* The distinct values of a column. */
struct rt_levels {
    double *values; /* in order of first appearance, ascending once settled */
    size_t count, room;
    uint32_t *slots; /* 1 + place in `values`, by hash of the value; 0 is free */
    size_t slot_count;
    uint32_t small[RT_LEVELS_SMALL]; /* 1 + place of the whole numbers from 0 */
};

struct rt_histogram {
    int width;                  /* numbers of a point: 1 to RT_POINT */
    size_t count, room;         /* distinct points */
    uint32_t *places[RT_POINT]; /* of each point, in levels[].values */
    double *weights;
    double total; /* sum of the weights */
    struct rt_levels levels[RT_POINT];
    size_t *first;   /* once settled: the points of level l of the first column begin at first[l],
                        and end before first[l + 1] */
    uint32_t *slots; /* 1 + point, by hash of its places; 0 is free */
    size_t slot_count;
};

struct rt_histogram *rt_histogram_new(int width);
void rt_histogram_free(struct rt_histogram *points);

/*
 * Adds a point of finite numbers from 0, with a finite weight above 0. Dies where memory ends. Up
 * to 2^31 distinct ones.
 */
void rt_histogram_add(struct rt_histogram *points, const double *at, double weight);

/* Brings levels and points into order; must be called before anything is read, and ends adding. */
void rt_histogram_settle(struct rt_histogram *points);

/* The numbers of a settled point. */
void rt_histogram_at(const struct rt_histogram *points, size_t point, double at[RT_POINT]);

/*
 * About every `step`-th customer of a settled histogram, evenly from the first point to the last:
 * weights become whole numbers of customers, and points without one are left out. Settled; freed by
 * the caller.
 */
struct rt_histogram *rt_histogram_sample(const struct rt_histogram *points, double step);

#endif
