/*
 * lookup: the customers of a block of a log, found in a map many at a time.
 *
 * A look-up by itself waits for memory twice, for the slot and for the entry. Here three batches
 * of rows are under way at a time: the slots of one are asked for, those of the next are read and
 * the entries asked for, and the third is worked on, so that none waits for what it asked for.
 */
#ifndef RT_LOOKUP_H
#define RT_LOOKUP_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/feed.h"
#include "libretain/map.h"

enum { RT_LOOKUP_BATCH = 64 };

/*
 * What is done with a row: `expected` is for rt_map_add_expected. Returns 0, or -1 to stop there.
 */
typedef int rt_lookup_work(void *what, struct rt_feed_block *block, size_t row, uint32_t expected);

struct rt_lookup_batch {
    size_t from, to;
    uint32_t expected[RT_LOOKUP_BATCH];
};

/* First step: asks memory for the slots. */
static inline void rt_lookup_begin(const struct rt_map *map, const struct rt_feed_block *block,
                                   struct rt_lookup_batch *batch, size_t from, size_t end)
{
    batch->from = from < end ? from : end;
    batch->to = end - batch->from < RT_LOOKUP_BATCH ? end : batch->from + RT_LOOKUP_BATCH;
    for (size_t i = batch->from; i < batch->to; i++)
        rt_map_prefetch_slot(map, block->row[i].hash);
}

/* Second step: reads the slots and asks for the entries. */
static inline void rt_lookup_expect(const struct rt_map *map, const struct rt_feed_block *block,
                                    struct rt_lookup_batch *batch)
{
    for (size_t i = batch->from; i < batch->to; i++)
        batch->expected[i - batch->from] = rt_map_expect(map, block->row[i].hash);
}

/*
 * Does `work` for the rows `from` to `to` - 1 of a block, in their order. Returns -1, or the number
 * of the row at which it stopped. Here, so that the work becomes part of the loop.
 */
__attribute__((always_inline)) static inline int64_t
rt_lookup_each(const struct rt_map *map, struct rt_feed_block *block, size_t from, size_t to,
               rt_lookup_work *work, void *what)
{
    struct rt_lookup_batch batches[3];
    rt_lookup_begin(map, block, &batches[0], from, to);
    rt_lookup_begin(map, block, &batches[1], from + RT_LOOKUP_BATCH, to);
    rt_lookup_expect(map, block, &batches[0]);
    for (size_t at = 0; batches[at % 3].from < to; at++) {
        rt_lookup_begin(map, block, &batches[(at + 2) % 3], from + (at + 2) * RT_LOOKUP_BATCH, to);
        rt_lookup_expect(map, block, &batches[(at + 1) % 3]);
        const struct rt_lookup_batch *batch = &batches[at % 3];
        for (size_t i = batch->from; i < batch->to; i++)
            if (work(what, block, i, batch->expected[i - batch->from]) != 0)
                return (int64_t)i;
    }
    return -1;
}

#endif
