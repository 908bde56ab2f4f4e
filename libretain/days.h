/*
 * days: on which different days each customer was there, whatever the order of the rows.
 *
 * Keeps 2 bytes for a customer and a day, repeated or not, in piles (piles.h) of 16 neighbours,
 * whose days then become sets, a bit for each day. That is for days within five years of the first
 * one that is added; others take 8 bytes. Dies where memory ends.
 */
#ifndef RT_DAYS_H
#define RT_DAYS_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/map.h"

enum { RT_DAYS_WAITING = 256 };

struct rt_days {
    /* Days that were added last, until they are put away together. */
    struct rt_day_of {
        uint32_t customer;
        int32_t day;
    } waiting[RT_DAYS_WAITING];
    size_t waiting_count;
    struct rt_days_kept *kept;
};

/* For the customers of a map, which are told by their places. Days are any numbers. */
struct rt_days *rt_days_new(const struct rt_map *customers);
void rt_days_free(struct rt_days *days);
/* Forgets all of it, keeps the memory. */
void rt_days_clear(struct rt_days *days);

/* For rt_days_add. */
void rt_days_put_away(struct rt_days *days);

static inline void rt_days_add(struct rt_days *days, uint32_t customer, int32_t day)
{
    days->waiting[days->waiting_count++] = (struct rt_day_of){customer, day};
    if (days->waiting_count == RT_DAYS_WAITING)
        rt_days_put_away(days);
}

/* To be called when all are added, and before any of them is asked for. */
void rt_days_finish(struct rt_days *days);

/*
 * A view of finished days: customers are asked for in the order of their places, or nearly so, as
 * some dozens of neighbours are looked at together. Each thread needs a view of its own.
 */
struct rt_days_view;

struct rt_days_view *rt_days_view_new(const struct rt_days *days);
void rt_days_view_free(struct rt_days_view *view);

/* The number of a customer's different days; and of those from `from` to `to`. */
size_t rt_days_count(struct rt_days_view *view, uint32_t customer);
size_t rt_days_count_between(struct rt_days_view *view, uint32_t customer, int32_t from,
                             int32_t to);

/* A customer's different days in ascending order, good until the view is asked again: how many. */
size_t rt_days_read(struct rt_days_view *view, uint32_t customer, const int32_t **list);

/* A customer's different days in ascending order, at least one; good until the call is over. */
typedef void rt_days_work(void *what, uint32_t customer, const int32_t *days, size_t count);

/*
 * Finishes, and calls `work` once for each customer who has days, by their places. With 2 threads
 * customers are worked on at the same time, each of them in one thread, in no order.
 */
void rt_days_each(struct rt_days *days, int threads, rt_days_work *work, void *what);

#endif
