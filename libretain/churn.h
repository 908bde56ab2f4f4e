/*
 * churn: who came, stayed, left and came back in each period, and the metric rows that come of it.
 *
 * A purchase occasion is a day on which a customer bought. A customer is active at the end of a day
 * while the last purchase is at most `idle` days back. Of a period, a customer who was active at
 * the end of the day before it is one of `start`, and one who is active at the end of its last day
 * (of the as-of date, where that comes first) one of `end`. Who bought for the first time in it is
 * `new`; who bought again in it, not being new or of start, `returned`; and who was any of the
 * three and is not of end is `lost`, also within the one period. So start + new + returned - lost =
 * end.
 *
 * A customer belongs to one group for good: that of the first purchase, the least by bytes where
 * the rows of that day differ. Refunds (negative amounts) are no activity; they lower the revenue.
 *
 * Filled from the rows of a log, or from metric rows that an earlier churn gave; both ways the same
 * facts lie in it. Where a customer's rows come in order of date, the state of each is 12 bytes in
 * a map (see map.h); else, for a list, and where the idle days are to be found, all purchases are
 * kept, 16 bytes each, and sorted.
 */
#ifndef RT_CHURN_H
#define RT_CHURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/interval.h"
#include "libretain/log.h"
#include "libretain/metrics.h"
#include "libretain/period.h"
#include "libretain/table.h"
#include "libretain/text.h"

enum { RT_CHURN_AUTO = -1, RT_CHURN_MOST_IDLE = 99999 };

struct rt_churn_form {
    struct rt_period period;
    int32_t idle;    /* days, or RT_CHURN_AUTO: see gaps.h, with a share of 0.9 */
    int32_t as_of;   /* RT_DAY_NONE: the last date of the rows */
    bool amounts;    /* the log has amounts */
    size_t by_count; /* columns of the group key; without any there is one group */
    struct rt_confidence confidence;
};

struct rt_churn;

struct rt_churn *rt_churn_new(const struct rt_churn_form *form);
void rt_churn_free(struct rt_churn *churn);

/* From a log --------------------------------------------------------------------------------- */

struct rt_churn_source {
    struct rt_table *table; /* behind its header */
    struct rt_log log;
    const char *purchase; /* the event that is one */
    const size_t *by;     /* the columns of the group key */
    int threads;          /* 1 or 2 */
    bool list;            /* rt_churn_list will be called */
};

/* Reads the table to its end. NULL, or what is wrong, which lives as long as table and churn. */
const char *rt_churn_read(struct rt_churn *churn, const struct rt_churn_source *source);

enum rt_churn_state { RT_CHURN_NEW, RT_CHURN_RETAINED, RT_CHURN_RETURNED, RT_CHURN_LOST };

/* `keys` are the cells of the group, then the label of the period. */
struct rt_churn_place {
    struct rt_text customer;
    const struct rt_text *keys;
    const char *state;
};

/*
 * Who was what in which period: customers in order of first appearance, then periods. One row for
 * each, but two, with the second lost, for who was new or returned and lost in the same period.
 */
void rt_churn_list(struct rt_churn *churn,
                   void (*take)(void *what, const struct rt_churn_place *place), void *what);

/* From metric rows --------------------------------------------------------------------------- */

/* A churn that learns its form from the rows; rt_churn_merge takes one: NULL, or what is wrong. */
struct rt_churn *rt_churn_new_merge(size_t by_count);
const char *rt_churn_merge(struct rt_churn *churn, const struct rt_metric *row);

/* What was asked for besides; nothing is always right. */
struct rt_churn_asked {
    const struct rt_period *period;
    const int32_t *idle;
    int32_t as_of;                          /* RT_DAY_NONE: nothing */
    const struct rt_confidence *confidence; /* what rows without any take */
    bool confident;                         /* it was asked for */
};

/* After the last row: NULL, or why they cannot be merged; the reason lives as long as the churn. */
const char *rt_churn_merged(struct rt_churn *churn, const struct rt_churn_asked *asked);

/* Metric rows out ---------------------------------------------------------------------------- */

/*
 * Hands all rows to `take`: those of the whole, then group by group in the byte order of their keys
 * and period by period. NULL, or the first period whose numbers do not add up; none is handed out
 * then.
 */
const char *rt_churn_rows(struct rt_churn *churn,
                          void (*take)(void *what, const struct rt_metric *row), void *what);

struct rt_churn_counts {
    int64_t rows;  /* that were read */
    int64_t after; /* of these, after the as-of date: left out */
    size_t customers, groups;
    int32_t as_of; /* RT_DAY_NONE where there is none */
};
struct rt_churn_counts rt_churn_counts(const struct rt_churn *churn);

#endif
