/*
 * cost: what a new customer and a kept one cost, beside what they bring.
 *
 * Metric rows of rt-churn say how many customers were new and how many of the start were kept in
 * each group and period; a table of costs says what was spent on either; metric rows of a mean may
 * say what a customer is worth. Costs and counts meet where the groups and the period are the same
 * text. Who has no partner is kept, and has a row that says so.
 *
 * Counts and sums are exact. Memory: about 200 bytes and the key for each group and period.
 */
#ifndef RT_COST_H
#define RT_COST_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/decimal.h"
#include "libretain/metrics.h"
#include "libretain/text.h"

struct rt_cost;

struct rt_cost_form {
    size_t by_count;
    bool ltv;     /* rows of a mean are given */
    bool margin;  /* `share` of the revenue is margin */
    bool monthly; /* `per_month` is the margin of a customer and month */
    double share;
    struct rt_decimal per_month;
};

struct rt_cost *rt_cost_new(const struct rt_cost_form *form);
void rt_cost_free(struct rt_cost *cost);

/*
 * Adds a metric row of rt-churn; metrics that are of no use here are passed over. Returns NULL, or
 * what is wrong with the row.
 */
const char *rt_cost_count(struct rt_cost *cost, const struct rt_metric *row);

/*
 * Adds a row of the table of costs: the cells of the groups and then the period; each of the two
 * costs is a decimal, or empty where nothing is known. Rows of one group and period add up. Returns
 * NULL, or what is wrong, with *retention telling whose cell it is in.
 */
const char *rt_cost_add(struct rt_cost *cost, const struct rt_text *keys, struct rt_text acquired,
                        struct rt_text retained, bool *retention);

/*
 * Adds what a customer is worth: a metric row with by_count groups, those of the form or none. An
 * empty period is for all periods. Returns NULL, or what is wrong.
 */
const char *rt_cost_ltv(struct rt_cost *cost, const struct rt_metric *row, size_t by_count);

struct rt_cost_counts {
    size_t matched;          /* groups and periods with customers and costs */
    size_t costs, customers; /* with costs alone, with customers alone */
    size_t worths;           /* rows of rt_cost_ltv */
};

/* When all is in. */
struct rt_cost_counts rt_cost_counts(const struct rt_cost *cost);
/*
 * Whether the months of each period are known, which a share of the revenue needs: NULL, or what
 * is missing.
 */
const char *rt_cost_months_fault(const struct rt_cost *cost);

/*
 * The next metric row, sorted by the bytes of the groups and of the period; false behind the last.
 * Its texts live until the next call.
 */
bool rt_cost_next(struct rt_cost *cost, struct rt_metric *row);

#endif
