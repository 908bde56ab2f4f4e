/*
 * join: the rows of a table, found in a map by one of their cells, many at a time.
 *
 * With two threads one reads, splits and hashes, while the other looks up and works on the rows;
 * these come in the order of the table, so that it makes no difference. How look-ups are kept from
 * waiting for memory is told in lookup.h.
 */
#ifndef RT_JOIN_H
#define RT_JOIN_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/map.h"
#include "libretain/table.h"

struct rt_join;

/* A row at hand, for the functions below. */
struct rt_join_row {
    struct rt_join *join;
    const struct rt_rows *rows;
    size_t row;
    uint64_t hash; /* of the key */
    void *expected;
};

/* What is done with each row: 0, or -1 from rt_join_refuse, which ends the reading. */
typedef int rt_join_work(void *what, const struct rt_join_row *row);

/*
 * Reads the table to its end and works on each row; `key` is the column that is looked up in `map`.
 * threads: 1 or 2. Returns NULL, or the message of what is wrong, which lives as long as the table.
 */
const char *rt_join(struct rt_table *table, size_t key, const struct rt_map *map, int threads,
                    rt_join_work *work, void *what);

/* A cell of the row, until the work is done; empty where the column is -1. */
static inline struct rt_text rt_join_cell(const struct rt_join_row *row, int column)
{
    return column < 0 ? (struct rt_text){"", 0} : rt_cell(row->rows, row->row, (size_t)column);
}

/* The state of the row's key in the map that it was looked up in, or NULL; made where it is new. */
void *rt_join_find(const struct rt_join_row *row);
void *rt_join_add(const struct rt_join_row *row, struct rt_map *map);

/* Notes that the row is bad, as rt_table_refuse does; returns -1. */
int rt_join_refuse(const struct rt_join_row *row, int column, const char *reason);

#endif
