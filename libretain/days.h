/*
 * days: on how many different days each customer was there, whatever the order of the rows.
 *
 * Keeps a customer's place (map.h) and a day in 4 bytes, repeated or not, apart by neighbours among
 * the places: few enough for a set of their days, a bit for each, that a processor's cache holds.
 * Dies where memory ends.
 */
#ifndef RT_DAYS_H
#define RT_DAYS_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/day.h"

struct rt_days;

/* How many days there are from RT_DAY_FIRST on. */
enum { RT_DAYS_ALL = RT_DAY_LAST - RT_DAY_FIRST + 1 };

/* For days from RT_DAY_FIRST to RT_DAY_FIRST + range - 1; range is at most 2^24. */
struct rt_days *rt_days_new(uint32_t range);
void rt_days_free(struct rt_days *days);
/* Forgets all of it, keeps the memory. */
void rt_days_clear(struct rt_days *days);

void rt_days_add(struct rt_days *days, uint32_t customer, int32_t day);

/* A customer's different days in ascending order, at least one; good until the call is over. */
typedef void rt_days_work(void *what, uint32_t customer, const int32_t *days, size_t count);

/*
 * Calls `work` once for each customer; their order is none that means anything. With 2 threads
 * customers are worked on at the same time, each of them in one thread. Nothing may be added
 * behind it.
 */
void rt_days_each(struct rt_days *days, int threads, rt_days_work *work, void *what);

#endif
