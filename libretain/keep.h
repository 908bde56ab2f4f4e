/*
 * keep: the rows of a table as they came, kept in memory until more is known of all of them.
 *
 * A row without a quote is kept as its bytes and written as they are; any other as its cells, to be
 * quoted again where they must be. Memory per row: its bytes and 8, and 4 per cell where it has
 * quotes. Dies where memory ends.
 */
#ifndef RT_KEEP_H
#define RT_KEEP_H

#include <stddef.h>

#include "libretain/out.h"
#include "libretain/table.h"
#include "libretain/text.h"

struct rt_keep {
    size_t width;
    char delimiter;
    char *bytes;
    size_t used, size;
    size_t *starts; /* per row: its place in bytes times 2, and 1 if it is kept as cells */
    size_t count, room;
};

/* For rows of `width` cells between `delimiter`s. */
void rt_keep_init(struct rt_keep *keep, size_t width, char delimiter);
void rt_keep_free(struct rt_keep *keep);
/* Forgets all rows, keeps the memory. */
void rt_keep_clear(struct rt_keep *keep);

/* Adds the current row of the table. */
void rt_keep_add(struct rt_keep *keep, const struct rt_table *table);
/* The same for a row of a block. */
void rt_keep_add_row(struct rt_keep *keep, const struct rt_rows *rows, size_t row);

/* The `width` cells of a row; they live until a row is added. */
void rt_keep_cells(const struct rt_keep *keep, size_t row, struct rt_text *cells);

/* Writes the cells of a row, without ending the record. */
void rt_keep_write(const struct rt_keep *keep, size_t row, struct rt_out *out);

/*
 * Writes the header of a table with columns behind it. Returns NULL, or the first of them that the
 * table has already.
 */
const char *rt_keep_header(struct rt_table *table, const char *const *added, int added_count,
                           struct rt_out *out);

#endif
