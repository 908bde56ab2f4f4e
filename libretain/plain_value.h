/*
 * plain_value: what a customer is worth without a model: the net value so far, and the formula of
 * the retail trade.
 *
 * The formula is the average order value times the purchase frequency times the customer lifespan.
 * The frequency is the orders of a year, over the years since the first purchase, or over one year
 * where that is not a year ago: what somebody bought in a first week is not what he buys every
 * week. The lifespan is given for all, or the inverse of a churn rate.
 *
 * No value is negative: who was paid back more than he paid is worth 0, as is his average order,
 * and is counted. His revenue still tells the loss.
 */
#ifndef RT_PLAIN_VALUE_H
#define RT_PLAIN_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "libretain/table.h"

enum { RT_PLAIN_VALUES = 4 };

struct rt_plain {
    bool formula;
    double years;           /* the lifespan of the formula */
    double margin;          /* the share of what customers spend */
    int orders, revenue, T; /* columns */
    uint64_t losses;        /* rows whose revenue is below 0 */
};

/* Finds the columns; orders and T only for the formula. Returns 0, or -1 with the table's message.
 */
int rt_plain_find(struct rt_table *table, struct rt_plain *plain);

/*
 * Values the current row: the order value, the orders of a year, the years and the value; or the
 * value so far alone. nan where that is not known. Returns 0, or -1 with the table's message.
 */
int rt_plain_read(struct rt_table *table, struct rt_plain *plain, double values[RT_PLAIN_VALUES]);

#endif
