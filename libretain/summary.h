/*
 * summary: what rt-summary counts, per group of rows, and the metric rows that come of it.
 *
 * Filled row by row, or from metric rows that an earlier summary gave; both ways the same facts
 * lie in it, so that shards merged in any order give the bytes of one run. All that is added up
 * is exact. Memory: about 200 bytes a group, 160 more for each statistic, and 8 to 16 bytes for
 * each counted value of a column with quantiles.
 */
#ifndef RT_SUMMARY_H
#define RT_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/interval.h"
#include "libretain/metrics.h"
#include "libretain/stats.h"
#include "libretain/text.h"

struct rt_summary;

struct rt_summary_form {
    size_t by_count;       /* columns of the group key; without any there is one group, always */
    bool matrix;           /* movement rows; the last two columns of the key are from and to */
    bool revenue;          /* the table has a revenue column */
    bool values;           /* counted values of columns with quantiles are rows too */
    struct rt_stats stats; /* taken over */
    struct rt_confidence confidence;
};

struct rt_summary *rt_summary_new(struct rt_summary_form form);
void rt_summary_free(struct rt_summary *summary);

/*
 * Counts one row. `cells` are the revenue, where there is one, then the column of each statistic.
 * Returns 0, or 1 + the index of a bad cell, with the reason, a string constant.
 */
size_t rt_summary_add(struct rt_summary *summary, struct rt_text key, const struct rt_text *cells,
                      const char **reason);

/*
 * For -m: a summary that learns its form from the rows. rt_summary_merge takes one of them: NULL,
 * or what is wrong with it. rt_summary_merged says after the last whether all were made with
 * the same options, also those that were `asked` for, and whether they can be merged: NULL, or the
 * reason. A form that asks for nothing takes what the rows hold; `confident` says that the
 * confidence was asked for. Both reasons live as long as the summary.
 */
struct rt_summary *rt_summary_new_merge(size_t by_count);
const char *rt_summary_merge(struct rt_summary *summary, const struct rt_metric *row);
const char *rt_summary_merged(struct rt_summary *summary, const struct rt_summary_form *asked,
                              bool confident);

/* What it was made with, or has learnt. */
const struct rt_summary_form *rt_summary_form(const struct rt_summary *summary);
size_t rt_summary_groups(const struct rt_summary *summary);
/* Rows counted, and cells of statistics that were empty. */
int64_t rt_summary_rows(const struct rt_summary *summary);
int64_t rt_summary_empty(const struct rt_summary *summary);

/*
 * The metric rows, group after group in the byte order of their keys: false after the last. The
 * row and what it points to live until the next call. Ends the filling.
 */
bool rt_summary_next(struct rt_summary *summary, struct rt_metric *row);

#endif
