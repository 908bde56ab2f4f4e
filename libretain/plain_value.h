/*
 * plain_value: what a customer is worth without a model: the net value so far, and the formula of
 * the retail trade.
 *
 * The formula is the average order value times the purchase frequency times the customer lifespan.
 * The frequency is the orders of a year, over the years since the first purchase, or over one year
 * where that is not a year ago: what somebody bought in a first week is not what he buys every
 * week. The lifespan is given for all, or the inverse of a churn rate.
 */
#ifndef RT_PLAIN_VALUE_H
#define RT_PLAIN_VALUE_H

#include <stdbool.h>

#include "libretain/table.h"

/* Where the columns are: orders, revenue, T. */
struct rt_plain_columns {
    int orders, revenue, T;
};

struct rt_plain_value {
    double order_value, frequency; /* nan where there is no order */
    double net;                    /* the revenue so far; nan where the cell is empty */
};

/* Finds them; orders and T only for the formula. Returns 0, or -1 with the table's message. */
int rt_plain_find(struct rt_table *table, bool formula, struct rt_plain_columns *columns);

/* Reads the current row. Returns 0, or -1 with the table's message. */
int rt_plain_read(struct rt_table *table, const struct rt_plain_columns *columns,
                  struct rt_plain_value *value);

#endif
