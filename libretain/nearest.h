/*
 * nearest: the name that somebody may have meant.
 *
 * Fed one candidate after another; remembers the best.
 */
#ifndef RT_NEAREST_H
#define RT_NEAREST_H

#include <stddef.h>

struct rt_nearest {
    const char *name; /* that was asked for */
    const char *best;
    size_t distance; /* of the best */
};

/* Both strings must outlive it. */
struct rt_nearest rt_nearest(const char *name);
void rt_nearest_try(struct rt_nearest *nearest, const char *candidate);

/* The best, or NULL where none is near: one that holds the name, or has few letters changed. */
const char *rt_nearest_best(const struct rt_nearest *nearest);

#endif
