/*
 * sheet: a table that is kept in memory, to be looked at from all sides.
 *
 * Memory: the bytes of each cell and 8.
 */
#ifndef RT_SHEET_H
#define RT_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/buffer.h"
#include "libretain/map.h"
#include "libretain/table.h"
#include "libretain/text.h"

struct rt_sheet {
    size_t width, count; /* columns and rows */
    char **names;
    struct rt_buffer bytes;
    size_t *ends; /* of the cells, row by row */
    size_t room;
};

/* Reads the rest of an open table. Returns 0, or -1 with the table's message. */
int rt_sheet_read(struct rt_sheet *sheet, struct rt_table *table);
void rt_sheet_free(struct rt_sheet *sheet);

/* Lives as long as the sheet. An empty text for a column below 0. */
struct rt_text rt_sheet_cell(const struct rt_sheet *sheet, size_t row, int column);
/* The place of a column, or -1. */
int rt_sheet_find(const struct rt_sheet *sheet, const char *name);

/* Different texts, numbered from 0 in order of first appearance. Starts from rt_labels_init. */
struct rt_labels {
    struct rt_map map;
    struct rt_text *texts; /* live as long as the labels */
    size_t count, room;
};
void rt_labels_init(struct rt_labels *labels);
void rt_labels_free(struct rt_labels *labels);
/* The number of a text, which is added where it is new. */
size_t rt_labels_add(struct rt_labels *labels, struct rt_text text);
/*
 * Their numbers in order: by value where all are numerals, else by bytes, which is how periods
 * follow one another. The caller frees what it returns.
 */
size_t *rt_labels_order(const struct rt_labels *labels);

#endif
