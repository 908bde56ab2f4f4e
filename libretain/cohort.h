/*
 * cohort: how many customers of each cohort came back at each age, and what they brought.
 *
 * A start is a row with the event `start`, a return one with the event `back`; a row with a
 * negative amount is neither. A first-time cohort holds the customers whose first start lies in the
 * same period; to a recurring one belongs whoever starts in its period, again and again. An age
 * counts periods of the calendar: that of the return, less that of the customer's first start in
 * the cohort. A customer is
 *
 *     exact    active at age n where a return lies at age n
 *     rolling  active at age n where a return lies at age n or later
 *     bracket  active from a to b where a return lies at one of the ages a to b
 *
 * A cohort has reached an age when the last day of its period, had it been somebody's start, has:
 * that day's age is over by the as-of date. Only such ages are measured. Cells that are not
 * reached yet are kept, and are rows of their own, since other parts of the customers may have
 * been watched for longer.
 *
 * Sums are of the rows with the event `back`, refunds too, from the customer's start on, by exact
 * age whatever the mode. All that is counted and added is exact: neither the order of the rows nor
 * the way in which the customers are split shows in a result. The group of a customer, by the --by
 * columns, is that of the first row on the day of the first start.
 */
#ifndef RT_COHORT_H
#define RT_COHORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/interval.h"
#include "libretain/log.h"
#include "libretain/metrics.h"
#include "libretain/opt.h"
#include "libretain/period.h"
#include "libretain/table.h"
#include "libretain/text.h"

/* The form: what is counted, and how ------------------------------------------------------------
 */

enum rt_cohort_mode { RT_COHORT_EXACT, RT_COHORT_ROLLING, RT_COHORT_BRACKET };

/* Ages from `from` to `to`, both included. */
struct rt_bracket {
    int32_t from, to;
};

enum { RT_COHORT_BRACKETS = 1000, RT_COHORT_BRACKET_BYTES = 32 };

/* Owns its memory. */
struct rt_cohort_form {
    struct rt_period cohort, age;
    bool recurring;
    bool zero;       /* shares of age 0 too */
    bool cumulative; /* sums up to an age in place of those at an age */
    enum rt_cohort_mode mode;
    struct rt_bracket *brackets;
    size_t bracket_count;
    char *start, *back; /* events */
    char *sum;          /* a column, or NULL */
    struct rt_confidence confidence;
};
void rt_cohort_form_free(struct rt_cohort_form *form);

/* Reads exact, rolling, or bracket=0-7,8-30,90. Returns NULL, or what is wrong. */
const char *rt_cohort_read_mode(struct rt_text text, struct rt_cohort_form *form);

/* Writes 0-7, or 90, and a NUL; returns the length. */
size_t rt_bracket_write(struct rt_bracket bracket, char into[RT_COHORT_BRACKET_BYTES]);

/*
 * The form as a method: parts with "; " between them. `;` and `%` in names of events and columns
 * are written as %3B and %25. rt_cohort_form_write gives memory that the caller frees.
 *
 *     RT_COHORT_DEFINITION  first-time month cohorts; exact month ages; start signup
 *     RT_COHORT_SHARES      the same, then: wilson 95%
 *     RT_COHORT_SUMS        the same, then: cumulative sum per customer
 *     RT_COHORT_WHOLE       the same, then: cumulative sum amount; wilson 95%
 */
enum rt_cohort_part { RT_COHORT_DEFINITION, RT_COHORT_SHARES, RT_COHORT_SUMS, RT_COHORT_WHOLE };
char *rt_cohort_form_write(const struct rt_cohort_form *form, enum rt_cohort_part part);
/* Reads RT_COHORT_WHOLE; returns 0, or -1 where it is not that. The form is then empty. */
int rt_cohort_form_read(struct rt_text text, struct rt_cohort_form *form);

/* The option by which two forms differ, --age; NULL where they are the same. */
const char *rt_cohort_forms_differ(const struct rt_cohort_form *a, const struct rt_cohort_form *b);

/* Rows of a log in ------------------------------------------------------------------------------
 */

struct rt_cohort;

/* `form` is taken over. as_of: RT_DAY_NONE is the last date of the rows. */
struct rt_cohort *rt_cohort_new(const struct rt_cohort_form *form, size_t by_count, int32_t as_of);
void rt_cohort_free(struct rt_cohort *cohort);

/*
 * The one cell whose customers are wanted, by the texts of its row: cohort=C,age=A. Without an age
 * it is all customers of the cohort. The texts are borrowed. To be called before any row is read.
 * Returns NULL, or what is wrong.
 */
const char *rt_cohort_list(struct rt_cohort *cohort, const struct rt_pairs *cell);

/* Where the rows come from. */
struct rt_cohort_source {
    struct rt_table *table; /* behind its header */
    struct rt_log log;
    const size_t *by; /* columns */
    int sum;          /* column, where the form has one */
    int threads;      /* 1 or 2 */
};

/*
 * Reads the table to its end and counts. Memory per customer: see map.h; the state is 24 bytes. As
 * long as each customer's rows come in order of date, or lie within 64 age periods and nothing is
 * summed, that is all. Else it starts again and keeps 2 bytes for each customer and day, and 8 for
 * each row that is summed; so it does from the start for recurring cohorts and lists, and where the
 * table cannot be read twice. Returns NULL, or the message of what is wrong, which lives as long as
 * the table and the cohort.
 */
const char *rt_cohort_read(struct rt_cohort *cohort, const struct rt_cohort_source *source);

struct rt_cohort_counts {
    uint64_t rows;      /* that were read */
    uint64_t after;     /* of these, after the as-of date: left out */
    uint64_t customers; /* that are in a cohort, once for each */
    uint64_t cohorts;
};
struct rt_cohort_counts rt_cohort_counts(const struct rt_cohort *cohort);

/* Metric rows in --------------------------------------------------------------------------------
 */

/* For -m: learns its form from the rows. */
struct rt_cohort *rt_cohort_new_merge(size_t by_count);
/* Adds a row: NULL, or what is wrong, which lives as long as the cohort. */
const char *rt_cohort_merge(struct rt_cohort *cohort, const struct rt_metric *row);
/* After the last row: NULL, or that rows are missing. */
const char *rt_cohort_merged(struct rt_cohort *cohort);
/*
 * What was learnt: NULL where there was no row. *as_of is RT_DAY_NONE where none was given. */
const struct rt_cohort_form *rt_cohort_learnt(const struct rt_cohort *cohort, int32_t *as_of);

/* Metric rows out -------------------------------------------------------------------------------
 */

/*
 * The rows in their order: first as_of; then by group, in the byte order of the keys, the cohorts
 * in order of time, then `all`. Of a cohort first customers, then by age retention and the sum,
 * then the cells that are not reached. Each is given to `take`, and lives until that returns. Ends
 * the filling. Returns NULL, or what is wrong.
 */
const char *rt_cohort_result(struct rt_cohort *cohort,
                             void (*take)(void *what, const struct rt_metric *row), void *what);

/* The customers of the cell that was asked for, in order of first appearance. */
struct rt_cohort_listed {
    struct rt_text customer;
    const struct rt_text *by;
    struct rt_text cohort, age;
};
/* Returns NULL, or what is wrong with the cell. */
const char *rt_cohort_listing(struct rt_cohort *cohort,
                              void (*take)(void *what, const struct rt_cohort_listed *customer),
                              void *what);

#endif
