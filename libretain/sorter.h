/*
 * sorter: records in order, in bounded memory, by sort(1).
 *
 * The order is that of the bytes of the first `keys` cells, one after the other, and then the
 * order in which the records came. Dates YYYY-MM-DD are in order so. Cells may hold any bytes but
 * NUL, line ends included.
 *
 * A record goes to sort(1) as one line whose bytes compare as the record should: the key cells,
 * the number of the record, the other cells. Each cell ends in the byte 1; its bytes from 1 to 10
 * are written as the byte 2 and the byte plus 16, so that a line feed never appears within a line
 * and the order of bytes is kept. sort(1) is the one of confstr(_CS_PATH), runs with LC_ALL=C, a
 * PATH and nothing else in its environment, and keeps at most 128 MiB in memory.
 */
#ifndef RT_SORTER_H
#define RT_SORTER_H

#include <stddef.h>

#include "libretain/text.h"

struct rt_sorter;

/*
 * Starts sort(1) for records of `width` cells, of which the first `keys` are the key. `folder` is
 * where it keeps its temporary files, or NULL for its own choice. Never NULL: trouble shows as
 * rt_sorter_message, and every later call gives -1.
 */
struct rt_sorter *rt_sorter_open(size_t width, size_t keys, const char *folder);

/* Adds a record. Returns 0, or -1. */
int rt_sorter_add(struct rt_sorter *sorter, const struct rt_text *cells);

/* The next record in order: 1, 0 at the end, -1. The cells live until the next call. */
int rt_sorter_next(struct rt_sorter *sorter, struct rt_text *cells);

/* What went wrong, or NULL; lives as long as the sorter, which may be NULL. */
const char *rt_sorter_message(const struct rt_sorter *sorter);

/* Frees it, unless it is NULL; ends sort(1) where it still runs. */
void rt_sorter_close(struct rt_sorter *sorter);

/*
 * The form of a cell within a line. rt_sorter_encode writes at most 2 * length + 1 bytes and
 * returns how many. rt_sorter_decode takes one cell off the front of `line`, in place, and returns
 * 0, or -1 where the line does not begin with a cell.
 */
size_t rt_sorter_encode(struct rt_text cell, char *into);
int rt_sorter_decode(char **line, char *end, struct rt_text *cell);

#endif
