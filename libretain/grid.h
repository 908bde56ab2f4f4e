/*
 * grid: a table for people: aligned columns for the terminal, or Markdown.
 *
 * Cells are made harmless (width.h) as they come. A column whose cells are all numbers stands at
 * the right, decimal points one below the other; any other stands at the left. Memory: each cell's
 * bytes and 32, and the text that is written.
 */
#ifndef RT_GRID_H
#define RT_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/buffer.h"
#include "libretain/text.h"

enum { RT_GRID_HEATS = 7, RT_GRID_NO_HEAT = -1 };

struct rt_grid_form {
    size_t screen;   /* columns that a line may take; 0: any number */
    size_t headings; /* leading columns that are repeated where the table goes on below */
    bool panels;     /* what is too wide goes on below, in place of being counted */
    bool markdown;
    bool colour;
};

struct rt_grid;
struct rt_grid *rt_grid_new(void);
void rt_grid_free(struct rt_grid *grid);

/* Columns come before cells, cells row by row. */
void rt_grid_column(struct rt_grid *grid, struct rt_text name);
/*
 * `number` tells that the text is one, though it may have a sign such as % behind it. `heat` is a
 * background, from 0 for cold to RT_GRID_HEATS - 1, or RT_GRID_NO_HEAT.
 */
void rt_grid_cell(struct rt_grid *grid, struct rt_text text, bool number, int heat);
size_t rt_grid_rows(const struct rt_grid *grid);
/* A column that is not written. */
void rt_grid_hide(struct rt_grid *grid, size_t column);

/* Appends the table, each line with its end. */
void rt_grid_write(struct rt_grid *grid, const struct rt_grid_form *form, struct rt_buffer *into);

/* A text in Markdown: what would be markup is escaped. */
void rt_grid_markdown(struct rt_buffer *into, struct rt_text clean);

#endif
