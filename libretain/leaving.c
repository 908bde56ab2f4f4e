#include "libretain/leaving.h"

#include <math.h>
#include <stdbool.h>

const char *rt_leaving_fault(const double *at, int *column)
{
    *column = 0;
    if (!(at[0] >= 1 && at[0] <= 1e9 && at[0] == floor(at[0])))
        return "not a whole period from 1";
    *column = 1;
    return at[1] == 0 || at[1] == 1 ? NULL : "neither 0 nor 1";
}

const char *rt_leaving_lacks(const struct rt_histogram *points, size_t periods)
{
    size_t left = 0, first = 0;
    bool stayed = false;
    for (size_t i = 0; i < points->count; i++) {
        double at[RT_POINT];
        rt_histogram_at(points, i, at);
        left += at[1] == 1;
        first += at[1] == 1 && at[0] == 1;
        stayed |= at[1] == 0;
    }
    if (left == 0)
        return "nobody left: retention is 1 so far, and there is nothing to tell apart";
    if (left == first && !stayed)
        return "all left in the first period: there is no later one to tell customers apart by";
    if (left < periods)
        return periods > 2 ? "customers left in too few different periods for three parameters; "
                             "sbg needs two"
                           : "customers left in one period alone: their differences show only from "
                             "the second on";
    return NULL;
}

double rt_leaving_first(const struct rt_histogram *points)
{
    double left = 0;
    for (size_t i = 0; i < points->count; i++) {
        double at[RT_POINT];
        rt_histogram_at(points, i, at);
        left += at[0] == 1 && at[1] == 1 ? points->weights[i] : 0;
    }
    const double share = points->total > 0 ? left / points->total : 0.5;
    return share < 0.001 ? 0.001 : share > 0.999 ? 0.999 : share;
}
