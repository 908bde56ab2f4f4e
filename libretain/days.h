/*
 * days: on how many different days each customer was there, whatever the order of the rows.
 *
 * Keeps pairs of a customer's place (map.h) and a day, 8 bytes each, repeated or not, apart by
 * customer in parts that fit a processor's cache once they are sorted. Dies where memory ends.
 */
#ifndef RT_DAYS_H
#define RT_DAYS_H

#include <stddef.h>
#include <stdint.h>

struct rt_days;

struct rt_days *rt_days_new(void);
void rt_days_free(struct rt_days *days);
/* Forgets all pairs, keeps the memory. */
void rt_days_clear(struct rt_days *days);

void rt_days_add(struct rt_days *days, uint32_t customer, int32_t day);

/*
 * Calls `work` once for each pair, the days of a customer one after another in ascending order;
 * the order of the customers is none that means anything. With 2 threads customers are worked on
 * at the same time, each of them in one thread. Nothing may be added meanwhile.
 */
void rt_days_each(struct rt_days *days, int threads,
                  void (*work)(void *what, uint32_t customer, int32_t day), void *what);

#endif
