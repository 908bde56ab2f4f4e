/*
 * series: metric rows as series over time.
 *
 * Rows of one metric, method and group, and of one age where the rows are cohorts, are a series;
 * its points are the rows in order of their periods (of their cohorts). What kind of period a label
 * names, it says itself (2024-03, 2024-Q1, 2024-W09, 2024); where it is a date, periods are as long
 * as the greatest number of days that all of the series' dates are apart by multiples of. A row
 * without a period is a point without a time. The row `all` of cohorts is left out, as are
 * rows without a value and the row `as_of`, which is a date.
 */
#ifndef RT_SERIES_H
#define RT_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/metrics.h"
#include "libretain/period.h"
#include "libretain/text.h"

struct rt_series_point {
    struct rt_text label, text, lo_text, hi_text; /* as they came */
    double value, lo, hi;                         /* nan where there is none */
    int32_t at;    /* the number of the period: each follows the one before by 1 */
    int32_t first; /* its days; RT_DAY_NONE where the row has no period */
    int32_t last;
    bool complete;
};

struct rt_series {
    struct rt_text metric, method;
    struct rt_text *keys; /* of --by, then the age where the rows are cohorts */
    size_t key_count;
    struct rt_series_point *points;
    size_t count, size;
    struct rt_period period; /* of the labels; where they are dates, days */
    int32_t step;            /* and so many days are a period, counted from `start` */
    int32_t start;
    const char *fault; /* see rt_series_fault */
    double z;          /* how many standard errors lo and hi are from the value, by the method */
};

struct rt_serieses;

/*
 * Reads the table to its end. Returns NULL with *fault what is wrong, which lives as long as the
 * table.
 */
struct rt_serieses *rt_series_read(struct rt_table *table, const char **fault);
void rt_series_free(struct rt_serieses *all);

size_t rt_series_count(const struct rt_serieses *all);
/* In order of their metric, method and keys. */
const struct rt_series *rt_series_at(const struct rt_serieses *all, size_t i);

/* "period", or "cohort". */
const char *rt_series_time_name(const struct rt_serieses *all);
/* The names of the keys. */
size_t rt_series_keys(const struct rt_serieses *all);
const char *rt_series_key_name(const struct rt_serieses *all, size_t i);

/*
 * Is it over time? NULL, or what keeps it from that: labels that are no periods, or of several
 * kinds, or twice the same.
 */
const char *rt_series_fault(const struct rt_series *series);

/* The number of the period that a day lies in, as the points' `at`. Not without a period. */
int32_t rt_series_place(const struct rt_series *series, int32_t day);

/* The last complete point that ends on or before a day (RT_DAY_NONE: any); NULL if there is none.
 */
const struct rt_series_point *rt_series_last(const struct rt_series *series, int32_t day);
/* The complete point with that number, or NULL. */
const struct rt_series_point *rt_series_find(const struct rt_series *series, int32_t at);

#endif
