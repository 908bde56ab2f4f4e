/*
 * stats: the statistics of columns that a user asks for, mean:aov,median:recency_days,p90:revenue.
 */
#ifndef RT_STATS_H
#define RT_STATS_H

#include <stddef.h>

#include "libretain/text.h"

enum rt_stat_kind {
    RT_STAT_COUNT,
    RT_STAT_SUM,
    RT_STAT_MEAN,
    RT_STAT_MIN,
    RT_STAT_MAX,
    RT_STAT_QUANTILE
};

struct rt_stat {
    char *name;         /* "mean:aov", which is also the metric */
    const char *column; /* "aov", a part of the name */
    enum rt_stat_kind kind;
    int percent;   /* of a quantile: 1 to 99 */
    size_t source; /* of a quantile: the first one of the same column, which keeps the values */
};

struct rt_stats {
    struct rt_stat *stats;
    size_t count;
};

/*
 * Appends the statistic that `name` names. NULL, or what is wrong with it, a string constant;
 * then nothing was appended. Zeros are an empty list; the caller frees it.
 */
const char *rt_stats_add(struct rt_stats *stats, struct rt_text name);
void rt_stats_free(struct rt_stats *stats);

#endif
