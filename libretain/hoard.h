/*
 * hoard: purchases in any order, kept until they can be had customer by customer, by date.
 *
 * Keeps 8 bytes for a purchase in piles (piles.h), and 16 more for one of a large amount. Dies
 * where memory ends.
 */
#ifndef RT_HOARD_H
#define RT_HOARD_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/decimal.h"

struct rt_hoard;

struct rt_hoard *rt_hoard_new(void);
void rt_hoard_free(struct rt_hoard *hoard);

/* The amount is not negative. */
void rt_hoard_add(struct rt_hoard *hoard, uint32_t customer, int32_t day, struct rt_decimal amount);

struct rt_hoard_row {
    int32_t day;
    struct rt_decimal amount;
};

/*
 * A customer's purchases, at least one, by day; those of a day in no order. Good until the call is
 * over. -1 ends it.
 */
typedef int rt_hoard_work(void *what, uint32_t customer, const struct rt_hoard_row *rows,
                          size_t count);

/* Calls `work` for each customer, by their places: 0, or -1 as soon as it does. Can be repeated. */
int rt_hoard_each(struct rt_hoard *hoard, rt_hoard_work *work, void *what);

#endif
