#include "libretain/join.h"

#include <stdbool.h>
#include <stdlib.h>

#include "libretain/crew.h"
#include "libretain/err.h"

/* As in lookup.h: how many rows ahead an entry is asked for, and twice that, a slot. */
enum { AHEAD = 16 };

struct slot {
    struct rt_rows *rows;
    uint64_t *hashes;
    size_t size; /* of hashes */
};

struct rt_join {
    struct rt_table *table;
    size_t key;
    const struct rt_map *map;
    rt_join_work *work;
    void *what;
    struct slot slots[RT_CREW_SLOTS];
    struct rt_join_row refused; /* with a reason, which the table is told at the end */
    int column;
    const char *reason;
};

static bool fill_slot(void *what, size_t which)
{
    struct rt_join *join = what;
    struct slot *slot = &join->slots[which];
    if (slot->rows == NULL)
        slot->rows = rt_rows_new();
    return rt_table_read(join->table, slot->rows) > 0;
}

static bool hash_slot(void *what, size_t which)
{
    struct rt_join *join = what;
    struct slot *slot = &join->slots[which];
    const size_t size = rt_grown(slot->size, slot->rows->count);
    if (size > 0) {
        slot->hashes = rt_realloc(slot->hashes, size, sizeof *slot->hashes);
        slot->size = size;
    }
    for (size_t i = 0; i < slot->rows->count; i++)
        slot->hashes[i] = rt_map_hash(join->map, rt_cell(slot->rows, i, join->key));
    return true;
}

static bool work_on_slot(void *what, size_t which, size_t share)
{
    struct rt_join *join = what;
    const struct slot *slot = &join->slots[which];
    const uint64_t *hashes = slot->hashes;
    const size_t count = slot->rows->count;
    void *expected[AHEAD];
    (void)share;
    for (size_t i = 0; i < count && i < 2 * AHEAD; i++)
        rt_map_prefetch_slot(join->map, hashes[i]);
    for (size_t i = 0; i < count && i < AHEAD; i++)
        expected[i] = rt_map_expect(join->map, hashes[i]);
    for (size_t i = 0; i < count; i++) {
        const struct rt_join_row row = {join, slot->rows, i, hashes[i], expected[i % AHEAD]};
        if (i + 2 * AHEAD < count)
            rt_map_prefetch_slot(join->map, hashes[i + 2 * AHEAD]);
        if (i + AHEAD < count)
            expected[i % AHEAD] = rt_map_expect(join->map, hashes[i + AHEAD]);
        if (join->work(join->what, &row) != 0)
            return false;
    }
    return true;
}

const char *rt_join(struct rt_table *table, size_t key, const struct rt_map *map, int threads,
                    rt_join_work *work, void *what)
{
    struct rt_join join = {.table = table, .key = key, .map = map, .work = work, .what = what};
    const struct rt_crew crew = {
        .threads = threads,
        .shares = 1,
        .what = &join,
        .fill = fill_slot,
        .prepare = hash_slot,
        .work = work_on_slot,
    };
    rt_crew_run(&crew);
    if (join.reason != NULL)
        (void)rt_table_refuse_row(table, join.refused.rows, join.refused.row, join.column,
                                  join.reason);
    for (size_t i = 0; i < RT_CREW_SLOTS; i++) {
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
    if (row->expected != NULL && rt_map_key_is(map, row->expected, key))
        return row->expected;
    return rt_map_find(map, key, row->hash);
}

void *rt_join_add(const struct rt_join_row *row, struct rt_map *map)
{
    return rt_map_add_expected(map, key_of(row), row->hash, row->expected);
}

int rt_join_refuse(const struct rt_join_row *row, int column, const char *reason)
{
    /* The other thread may be reading the table: it is told when both are done. */
    row->join->refused = *row;
    row->join->column = column;
    row->join->reason = reason;
    return -1;
}
