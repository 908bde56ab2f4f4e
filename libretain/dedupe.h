/*
 * dedupe: which rows of a table were there before, by the cells of some columns.
 *
 * Cells are compared byte for byte, as they came. Memory per key: its cells, 4 bytes for each of
 * them, 12 bytes, and 5 to 11 bytes of slots.
 */
#ifndef RT_DEDUPE_H
#define RT_DEDUPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/key.h"
#include "libretain/map.h"
#include "libretain/opt.h"
#include "libretain/table.h"

struct rt_dedupe {
    size_t count; /* columns; 0: every row is new */
    size_t *columns;
    struct rt_key key;
    struct rt_map seen;
};

/* Returns 0, or -1 with the table's message where a column is missing. rt_dedupe_free always. */
int rt_dedupe_open(struct rt_dedupe *dedupe, struct rt_table *table, const struct rt_names *names);
void rt_dedupe_free(struct rt_dedupe *dedupe);

/*
 * Takes the key of a row. NULL, or what is wrong, and in `column` the place in the table where it
 * is: rows whose key cells are all empty cannot be told apart.
 */
const char *rt_dedupe_key(struct rt_dedupe *dedupe, const struct rt_rows *rows, size_t row,
                          int *column);

/*
 * Was there a row with the key taken last? `number` is the caller's number of this row, which is
 * kept where it is the first with its key; else that of the first comes back in it.
 */
bool rt_dedupe_seen(struct rt_dedupe *dedupe, uint64_t *number);

#endif
