/*
 * held: rows kept in memory, in the order in which they came.
 *
 * A row is `width` cells. It has a number, from 0, that stays when it is changed or dropped.
 * Memory per row: the bytes of its cells, 4 per cell and 8. Dies where memory ends.
 */
#ifndef RT_HELD_H
#define RT_HELD_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/text.h"

struct rt_held {
    size_t width;
    char *bytes; /* per row: the lengths of its cells, then the cells */
    size_t used, size;
    size_t *starts; /* per row: its place in bytes, plus 1; 0 where it was dropped */
    size_t count, room;
};

void rt_held_init(struct rt_held *held, size_t width);
void rt_held_free(struct rt_held *held);

/* Adds a row, of which it makes a copy. Returns its number. */
size_t rt_held_add(struct rt_held *held, const struct rt_text *cells);

/* Puts other cells in the place of a row's; they must not be cells of these rows. */
void rt_held_replace(struct rt_held *held, size_t row, const struct rt_text *cells);
/* The same for one cell of a row that was not dropped. */
void rt_held_set(struct rt_held *held, size_t row, size_t column, struct rt_text cell);

void rt_held_drop(struct rt_held *held, size_t row);

/* The cells of a row, until the next change of any row; false where it was dropped. */
bool rt_held_row(const struct rt_held *held, size_t row, struct rt_text *cells);

#endif
