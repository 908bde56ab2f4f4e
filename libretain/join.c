#include "libretain/join.h"

#include <stdbool.h>
#include <stdlib.h>

#include "libretain/ahead.h"
#include "libretain/err.h"

enum { BATCH = 64, BATCHES = 3 };

struct slot {
    struct rt_rows *rows;
    uint64_t *hashes;
    size_t size; /* of hashes */
};

struct batch {
    size_t from, to;
    uint32_t expected[BATCH];
};

struct rt_join {
    struct rt_table *table;
    size_t key;
    const struct rt_map *map;
    struct rt_ahead *ahead;
    rt_join_work *work;
    void *what;
    struct slot slots[RT_AHEAD_SLOTS];
};

/* Returns whether nothing comes behind. */
static bool fill_slot(void *what, size_t which)
{
    struct rt_join *join = what;
    struct slot *slot = &join->slots[which];
    if (rt_table_read(join->table, slot->rows) <= 0) {
        slot->rows->count = 0;
        return true;
    }
    const size_t size = rt_grown(slot->size, slot->rows->count);
    if (size > 0) {
        slot->hashes = rt_realloc(slot->hashes, size, sizeof *slot->hashes);
        slot->size = size;
    }
    for (size_t i = 0; i < slot->rows->count; i++)
        slot->hashes[i] = rt_map_hash(join->map, rt_cell(slot->rows, i, join->key));
    return false;
}

/* The three steps of lookup.h, for hashes that stand by themselves. */
static void begin(const struct rt_join *join, const struct slot *slot, struct batch *batch,
                  size_t from)
{
    const size_t end = slot->rows->count;
    batch->from = from < end ? from : end;
    batch->to = end - batch->from < BATCH ? end : batch->from + BATCH;
    for (size_t i = batch->from; i < batch->to; i++)
        rt_map_prefetch_slot(join->map, slot->hashes[i]);
}

static void expect(const struct rt_join *join, const struct slot *slot, struct batch *batch)
{
    for (size_t i = batch->from; i < batch->to; i++)
        batch->expected[i - batch->from] = rt_map_expect(join->map, slot->hashes[i]);
}

static int work_on(struct rt_join *join, const struct slot *slot, const struct batch *batch)
{
    for (size_t i = batch->from; i < batch->to; i++) {
        const struct rt_join_row row = {join, slot->rows, i, slot->hashes[i],
                                        batch->expected[i - batch->from]};
        if (join->work(join->what, &row) != 0)
            return -1;
    }
    return 0;
}

static int work_on_slot(struct rt_join *join, const struct slot *slot)
{
    struct batch batches[BATCHES];
    begin(join, slot, &batches[0], 0);
    begin(join, slot, &batches[1], BATCH);
    expect(join, slot, &batches[0]);
    for (size_t at = 0; batches[at % BATCHES].from < slot->rows->count; at++) {
        begin(join, slot, &batches[(at + 2) % BATCHES], (at + 2) * BATCH);
        expect(join, slot, &batches[(at + 1) % BATCHES]);
        if (work_on(join, slot, &batches[at % BATCHES]) != 0)
            return -1;
    }
    return 0;
}

const char *rt_join(struct rt_table *table, size_t key, const struct rt_map *map, int threads,
                    rt_join_work *work, void *what)
{
    struct rt_join join = {.table = table, .key = key, .map = map, .work = work, .what = what};
    const int slots = threads > 1 ? RT_AHEAD_SLOTS : 1;
    for (int i = 0; i < slots; i++)
        join.slots[i].rows = rt_rows_new();
    join.ahead = rt_ahead_open(fill_slot, &join, threads);
    int slot;
    while ((slot = rt_ahead_next(join.ahead)) >= 0)
        if (work_on_slot(&join, &join.slots[slot]) != 0)
            break;
    rt_ahead_close(join.ahead);
    for (int i = 0; i < slots; i++) {
        rt_rows_free(join.slots[i].rows);
        free(join.slots[i].hashes);
    }
    return rt_table_message(table);
}

static struct rt_text key_of(const struct rt_join_row *row)
{
    return rt_cell(row->rows, row->row, row->join->key);
}

void *rt_join_find(const struct rt_join_row *row)
{
    const struct rt_map *map = row->join->map;
    const struct rt_text key = key_of(row);
    if (row->expected != 0) {
        void *state = rt_map_at(map, row->expected);
        if (rt_text_equal(rt_map_key(map, state), key))
            return state;
    }
    return rt_map_find(map, key, row->hash);
}

void *rt_join_add(const struct rt_join_row *row, struct rt_map *map)
{
    return rt_map_add_expected(map, key_of(row), row->hash, row->expected);
}

int rt_join_refuse(const struct rt_join_row *row, int column, const char *reason)
{
    /* The other thread must let go of the table first. */
    rt_ahead_stop(row->join->ahead);
    return rt_table_refuse_row(row->join->table, row->rows, row->row, column, reason);
}
