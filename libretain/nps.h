/*
 * nps: what customers answer in surveys, per group and period, and the metric rows that come of it.
 *
 * Net promoter score, customer satisfaction (CSAT) and customer effort (CES). Filled from blocks of
 * answers, or from metric rows that an earlier one gave; both ways the same counts lie in it, so
 * that shards merged in any order give the bytes of one run. An empty score is a survey that was
 * dismissed: it counts for the response rate alone. Memory: about 500 bytes for each group and
 * period; where all but last answers are weeded out, about 30 for each customer; where answers are
 * to be days apart, that and 16 bytes for each answer, 48 while they are sorted.
 */
#ifndef RT_NPS_H
#define RT_NPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/interval.h"
#include "libretain/metrics.h"
#include "libretain/period.h"
#include "libretain/table.h"
#include "libretain/text.h"

enum rt_nps_metric { RT_NPS_NPS, RT_NPS_CSAT, RT_NPS_CES, RT_NPS_METRICS };
enum rt_nps_dedupe { RT_NPS_ALL, RT_NPS_LAST, RT_NPS_APART };

struct rt_nps_form {
    enum rt_nps_metric metric;
    bool short_scale; /* CES from 1 to 5, in place of 1 to 7 */
    bool score_test;  /* the interval of NPS by rt_nps_score, in place of adjusted Wald */
    bool histogram;   /* a row for each score */
    bool compare;     /* rows for the change against the period before */
    int64_t min_n;    /* fewer answers than these are hidden */
    size_t by_count;  /* columns of the group key */
    bool periods;     /* by `period`; otherwise all time is one */
    struct rt_period period;
    enum rt_nps_dedupe dedupe;
    int64_t apart; /* days that must lie between two answers of a customer; RT_NPS_APART */
    struct rt_confidence confidence;
};

/* The least and the greatest score. */
int rt_nps_least(const struct rt_nps_form *form);
int rt_nps_most(const struct rt_nps_form *form);

/* Reads --dedupe: last, or a number of days. Returns 0, or -1. */
int rt_nps_read_dedupe(struct rt_text text, struct rt_nps_form *form);

struct rt_nps;

struct rt_nps *rt_nps_new(struct rt_nps_form form);
void rt_nps_free(struct rt_nps *nps);

/*
 * Where the columns are. The date is needed for periods and for dedupe, the customer for dedupe;
 * they are -1 where they are not needed.
 */
struct rt_nps_columns {
    const size_t *by; /* form.by_count of them */
    size_t score;
    int date, customer;
};

/* What was wrong with a row. */
struct rt_nps_fault {
    size_t row, column;
    const char *reason; /* a string constant */
};

/* Counts the rows of a block: 0, or -1 with the first bad one. */
int rt_nps_add(struct rt_nps *nps, const struct rt_rows *rows, const struct rt_nps_columns *columns,
               struct rt_nps_fault *fault);

/*
 * Counts all rows of a table, with one thread or two: 0, or -1 with the table's message, which is
 * that of the first bad row.
 */
int rt_nps_add_all(struct rt_nps *nps, struct rt_table *table, const struct rt_nps_columns *columns,
                   int threads);

/*
 * For -m: learns its form from the rows. rt_nps_merge takes one of them: NULL, or what is wrong
 * with it. rt_nps_merged says after the last whether all were made with the same options, also
 * those that were `asked` for: NULL, or the reason. `compare` and `min_n` of what is asked hold for
 * what comes out. Reasons live as long as `nps`.
 */
struct rt_nps_asked {
    struct rt_nps_form form;
    bool metric, scale, interval, confidence; /* these were said */
};
struct rt_nps *rt_nps_new_merge(size_t by_count);
const char *rt_nps_merge(struct rt_nps *nps, const struct rt_metric *row);
const char *rt_nps_merged(struct rt_nps *nps, const struct rt_nps_asked *asked);

/* Rows counted; of these, dismissed surveys; answers that were weeded out, groups and periods. */
struct rt_nps_totals {
    int64_t rows, dismissed, weeded, cells;
};
/* Ends the filling. */
struct rt_nps_totals rt_nps_totals(struct rt_nps *nps);

/*
 * The metric rows: groups in the byte order of their keys, the periods of a group in order of time;
 * false after the last. The row and what it points to live until the next call. Ends the filling.
 */
bool rt_nps_next(struct rt_nps *nps, struct rt_metric *row);

#endif
