/*
 * days: on how many different days each customer was there, whatever the order of the rows.
 *
 * Keeps 4 bytes for a customer and a day, repeated or not, in piles (piles.h); the days of a pile's
 * customers then become sets, a bit for each day. Dies where memory ends.
 */
#ifndef RT_DAYS_H
#define RT_DAYS_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/piles.h"

struct rt_days;

/* day_bits: RT_PILES_DAY_BITS, or more where the user makes days larger, at most 24. */
struct rt_days *rt_days_new(unsigned day_bits);
void rt_days_free(struct rt_days *days);
/* Forgets all of it, keeps the memory. */
void rt_days_clear(struct rt_days *days);

void rt_days_add(struct rt_days *days, uint32_t customer, int32_t day);

/* A customer's different days in ascending order, at least one; good until the call is over. */
typedef void rt_days_work(void *what, uint32_t customer, const int32_t *days, size_t count);

/*
 * Calls `work` once for each customer; their order is none that means anything. With 2 threads
 * customers are worked on at the same time, each of them in one thread.
 */
void rt_days_each(struct rt_days *days, int threads, rt_days_work *work, void *what);

#endif
