/*
 * lookup: the customers of a block of a log, found in a map many at a time.
 *
 * A look-up by itself waits for memory twice, for the slot and for the entry. Here each row is
 * worked on while the entry of one further on is asked for, and the slot of one still further: the
 * memory is busy all the time, and none waits for what it asked for.
 */
#ifndef RT_LOOKUP_H
#define RT_LOOKUP_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/feed.h"
#include "libretain/map.h"

/* How many rows ahead an entry is asked for, and twice that, a slot. A power of two. */
enum { RT_LOOKUP_AHEAD = 16 };

/*
 * What is done with a row: `expected` is for rt_map_add_expected. Returns 0, or -1 to stop there.
 */
typedef int rt_lookup_work(void *what, struct rt_feed_block *block, size_t row, uint32_t expected);

/*
 * Does `work` for the rows `from` to `to` - 1 of a block, in their order. Returns -1, or the number
 * of the row at which it stopped. Here, so that the work becomes part of the loop.
 */
__attribute__((always_inline)) static inline int64_t
rt_lookup_each(const struct rt_map *map, struct rt_feed_block *block, size_t from, size_t to,
               rt_lookup_work *work, void *what)
{
    uint32_t expected[RT_LOOKUP_AHEAD];
    const struct rt_feed_row *rows = block->row;
    for (size_t i = from; i < to && i < from + 2 * RT_LOOKUP_AHEAD; i++)
        rt_map_prefetch_slot(map, rows[i].hash);
    for (size_t i = from; i < to && i < from + RT_LOOKUP_AHEAD; i++)
        expected[i % RT_LOOKUP_AHEAD] = rt_map_expect(map, rows[i].hash);
    size_t i = from;
    for (; i + 2 * RT_LOOKUP_AHEAD < to; i++) {
        const uint32_t here = expected[i % RT_LOOKUP_AHEAD];
        rt_map_prefetch_slot(map, rows[i + 2 * RT_LOOKUP_AHEAD].hash);
        expected[i % RT_LOOKUP_AHEAD] = rt_map_expect(map, rows[i + RT_LOOKUP_AHEAD].hash);
        if (work(what, block, i, here) != 0)
            return (int64_t)i;
    }
    for (; i < to; i++) {
        const uint32_t here = expected[i % RT_LOOKUP_AHEAD];
        if (i + RT_LOOKUP_AHEAD < to)
            expected[i % RT_LOOKUP_AHEAD] = rt_map_expect(map, rows[i + RT_LOOKUP_AHEAD].hash);
        if (work(what, block, i, here) != 0)
            return (int64_t)i;
    }
    return -1;
}

#endif
