/*
 * lookup: the customers of a block of a log, found in a map many at a time.
 *
 * A look-up by itself waits for memory twice, for the slot and for the entry. Here a batch of rows
 * is worked on while the entries of the next are asked for, and the slots of the one behind that.
 * To ask is a short loop of its own: pages that the processor has to look up first would hold up
 * all that stands behind them, and so they do it for each other.
 */
#ifndef RT_LOOKUP_H
#define RT_LOOKUP_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/feed.h"
#include "libretain/map.h"

enum { RT_LOOKUP_BATCH = 32 };

/*
 * What is done with a row: `expected` is for rt_map_add_expected. Returns 0, or -1 to stop there.
 */
typedef int rt_lookup_work(void *what, struct rt_feed_block *block, size_t row, void *expected);

/* The end of a batch that begins at a row. */
static inline size_t rt_lookup_end(size_t from, size_t to)
{
    return to - from < RT_LOOKUP_BATCH ? to : from + RT_LOOKUP_BATCH;
}

__attribute__((always_inline)) static inline void
rt_lookup_ask(const struct rt_map *map, const struct rt_feed_row *rows, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        rt_map_prefetch_slot(map, rows[i].hash);
}

/*
 * What rt_map_expect gives for each of `count` rows. Processors with AVX-512 compare a bucket at
 * once; the twin is for those without it, and for tests.
 */
void rt_lookup_expect(const struct rt_map *map, const struct rt_feed_row *rows, size_t count,
                      void **expected);
void rt_lookup_expect_portable(const struct rt_map *map, const struct rt_feed_row *rows,
                               size_t count, void **expected);

/*
 * Does `work` for the rows `from` to `to` - 1 of a block, in their order. Returns -1, or the number
 * of the row at which it stopped. Here, so that the work becomes part of the loop.
 */
__attribute__((always_inline)) static inline int64_t
rt_lookup_each(const struct rt_map *map, struct rt_feed_block *block, size_t from, size_t to,
               rt_lookup_work *work, void *what)
{
    void *expected[2][RT_LOOKUP_BATCH];
    const struct rt_feed_row *rows = block->row;
    unsigned side = 0;
    size_t end = rt_lookup_end(from, to), next_end = rt_lookup_end(end, to);
    rt_lookup_ask(map, rows, from, next_end);
    rt_lookup_expect(map, rows + from, end - from, expected[side]);
    for (size_t at = from; at < to; side ^= 1) {
        const size_t asked_end = rt_lookup_end(next_end, to);
        rt_lookup_ask(map, rows, next_end, asked_end);
        rt_lookup_expect(map, rows + end, next_end - end, expected[side ^ 1]);
        for (size_t i = at; i < end; i++)
            if (work(what, block, i, expected[side][i - at]) != 0)
                return (int64_t)i;
        at = end;
        end = next_end;
        next_end = asked_end;
    }
    return -1;
}

#endif
