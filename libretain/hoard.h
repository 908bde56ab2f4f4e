/*
 * hoard: amounts of customers on days, in any order, kept until more is known of the customers.
 *
 * Keeps 8 bytes for an amount in piles (piles.h), and 16 more for one that is large or negative.
 * Dies where memory ends.
 */
#ifndef RT_HOARD_H
#define RT_HOARD_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/decimal.h"

struct rt_hoard;

struct rt_hoard *rt_hoard_new(void);
void rt_hoard_free(struct rt_hoard *hoard);

/* `customer` is any number, such as a place in a map. */
void rt_hoard_add(struct rt_hoard *hoard, uint32_t customer, int32_t day, struct rt_decimal amount);

/* What is done with an amount. -1 ends it. */
typedef int rt_hoard_work(void *what, uint32_t customer, int32_t day, struct rt_decimal amount);

/*
 * Calls `work` for each amount; neighbours among the customers come together, otherwise in no
 * order. 0, or -1 as soon as it does. Can be repeated.
 */
int rt_hoard_each(struct rt_hoard *hoard, rt_hoard_work *work, void *what);

#endif
