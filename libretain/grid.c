#include "libretain/grid.h"

#include <stdint.h>
#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/width.h"

enum { GAP = 2, LEAST_TEXT = 16 };

struct column {
    size_t name, name_length;
    bool text, hidden;
    size_t width;        /* of the widest cell and the name */
    size_t before, tail; /* of numbers: columns up to the point, and from it on */
    size_t shown;        /* what it gets on the screen */
};

struct cell {
    size_t at;
    uint32_t length, width, before; /* `before`: columns up to the point, of a number */
    int8_t heat;
    bool number;
};

struct rt_grid {
    struct rt_buffer bytes;
    struct column *columns;
    size_t width, column_room;
    struct cell *cells;
    size_t count, room;
};

struct rt_grid *rt_grid_new(void)
{
    return rt_alloc_zero(1, sizeof(struct rt_grid));
}

void rt_grid_free(struct rt_grid *grid)
{
    if (grid == NULL)
        return;
    rt_buffer_free(&grid->bytes);
    free(grid->columns);
    free(grid->cells);
    free(grid);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static struct rt_text name_of(const struct rt_grid *grid, const struct column *column)
{
    return (struct rt_text){grid->bytes.bytes + column->name, column->name_length};
}

static struct rt_text text_of(const struct rt_grid *grid, const struct cell *cell)
{
    return (struct rt_text){cell->length > 0 ? grid->bytes.bytes + cell->at : "", cell->length};
}

void rt_grid_column(struct rt_grid *grid, struct rt_text name)
{
    const size_t room = rt_grown(grid->column_room, grid->width + 1);
    if (room != 0) {
        grid->columns = rt_realloc(grid->columns, room, sizeof *grid->columns);
        grid->column_room = room;
    }
    struct column *column = &grid->columns[grid->width++];
    *column = (struct column){.name = grid->bytes.used};
    rt_width_clean(&grid->bytes, name);
    column->name_length = grid->bytes.used - column->name;
    if (column->name_length > 0)
        column->width = rt_width(name_of(grid, column));
}

void rt_grid_cell(struct rt_grid *grid, struct rt_text text, bool number, int heat)
{
    const size_t room = rt_grown(grid->room, grid->count + 1);
    if (room != 0) {
        grid->cells = rt_realloc(grid->cells, room, sizeof *grid->cells);
        grid->room = room;
    }
    struct column *column = &grid->columns[grid->count % grid->width];
    struct cell *cell = &grid->cells[grid->count++];
    *cell = (struct cell){.at = grid->bytes.used, .heat = (int8_t)heat, .number = number};
    rt_width_clean(&grid->bytes, text);
    cell->length = (uint32_t)(grid->bytes.used - cell->at);
    const struct rt_text clean = text_of(grid, cell);
    cell->width = (uint32_t)rt_width(clean);
    column->width = larger(column->width, cell->width);
    column->text = column->text || (!number && clean.length > 0);
    if (!number)
        return;
    const char *end = clean.at + clean.length, *digit = clean.at;
    while (digit < end && *digit != '.' && *digit != '%' && *digit != '*')
        digit++;
    cell->before = (uint32_t)(digit - clean.at);
    column->before = larger(column->before, cell->before);
    column->tail = larger(column->tail, cell->width - cell->before);
}

size_t rt_grid_rows(const struct rt_grid *grid)
{
    return grid->width > 0 ? grid->count / grid->width : 0;
}

void rt_grid_hide(struct rt_grid *grid, size_t column)
{
    grid->columns[column].hidden = true;
}

/* Layout ------------------------------------------------------------------------------------- */

static size_t total(const struct rt_grid *grid)
{
    size_t sum = 0;
    for (size_t i = 0; i < grid->width; i++)
        if (!grid->columns[i].hidden)
            sum += grid->columns[i].shown + (sum > 0 ? GAP : 0);
    return sum;
}

/* The widest column of text that may still be cut, or NULL. */
static struct column *widest_text(struct rt_grid *grid)
{
    struct column *widest = NULL;
    for (size_t i = 0; i < grid->width; i++) {
        struct column *column = &grid->columns[i];
        if (!column->hidden && column->text && column->shown > LEAST_TEXT &&
            (widest == NULL || column->shown > widest->shown))
            widest = column;
    }
    return widest;
}

static void lay_out(struct rt_grid *grid, size_t screen)
{
    for (size_t i = 0; i < grid->width; i++) {
        struct column *column = &grid->columns[i];
        column->width = larger(column->width, column->text ? 0 : column->before + column->tail);
        column->shown = column->width;
    }
    struct column *cut;
    while (screen > 0 && total(grid) > screen && (cut = widest_text(grid)) != NULL)
        cut->shown--;
}

/* Cells -------------------------------------------------------------------------------------- */

static void put_cut(struct rt_buffer *into, struct rt_text text, size_t width, size_t shown)
{
    if (width <= shown) {
        rt_buffer_text(into, text);
        return;
    }
    const struct rt_text start = rt_width_cut(text, shown - 1);
    rt_buffer_text(into, start);
    rt_buffer_add(into, "…");
    rt_buffer_repeat(into, " ", shown - 1 - rt_width(start));
}

/* From pale to dark blue, of the 256 colours, and black or white on them: a contrast above 4.5. */
static void put_heat(struct rt_buffer *into, int heat)
{
    static const int backgrounds[RT_GRID_HEATS] = {231, 195, 153, 117, 32, 25, 17};
    rt_buffer_format(into, "\033[48;5;%d;38;5;%dm", backgrounds[heat], heat < 5 ? 16 : 231);
}

static void put_cell(const struct rt_grid *grid, const struct column *column,
                     const struct cell *cell, bool colour, struct rt_buffer *into)
{
    const bool heat = colour && cell->heat >= 0;
    const size_t width = cell->width < column->shown ? cell->width : column->shown;
    size_t left = 0;
    if (!column->text && cell->number)
        left = column->shown - column->tail - cell->before;
    if (heat)
        put_heat(into, cell->heat);
    rt_buffer_repeat(into, " ", left);
    put_cut(into, text_of(grid, cell), cell->width, column->shown);
    rt_buffer_repeat(into, " ", column->shown - left - width);
    if (heat)
        rt_buffer_add(into, "\033[0m");
}

static void put_name(const struct rt_grid *grid, const struct column *column, bool colour,
                     struct rt_buffer *into)
{
    const struct rt_text name = name_of(grid, column);
    const size_t width = rt_width(name);
    const size_t space = column->shown > width ? column->shown - width : 0;
    const bool right = !column->text && rt_grid_rows(grid) > 0;
    rt_buffer_repeat(into, " ", right ? space : 0);
    rt_buffer_add(into, colour ? "\033[1m" : "");
    put_cut(into, name, width, column->shown);
    rt_buffer_add(into, colour ? "\033[0m" : "");
    rt_buffer_repeat(into, " ", right ? 0 : space);
}

/* No blanks at the end of a line. */
static void end_line(struct rt_buffer *into)
{
    while (into->used > 0 && into->bytes[into->used - 1] == ' ')
        into->used--;
    rt_buffer_add(into, "\n");
}

/* Panels ------------------------------------------------------------------------------------- */

/* The columns of a panel: those that head it, and from `first` up to `end`. */
struct panel {
    size_t headings, first, end;
};

static bool is_in(const struct rt_grid *grid, const struct panel *panel, size_t column)
{
    return !grid->columns[column].hidden &&
           (column < panel->headings || (column >= panel->first && column < panel->end));
}

static void put_line(const struct rt_grid *grid, const struct panel *panel, const struct cell *row,
                     bool colour, struct rt_buffer *into)
{
    bool gap = false;
    for (size_t i = 0; i < grid->width; i++) {
        if (!is_in(grid, panel, i))
            continue;
        rt_buffer_repeat(into, " ", gap ? GAP : 0);
        gap = true;
        if (row != NULL)
            put_cell(grid, &grid->columns[i], &row[i], colour, into);
        else
            put_name(grid, &grid->columns[i], colour, into);
    }
    end_line(into);
}

static void put_panel(const struct rt_grid *grid, const struct panel *panel, bool colour,
                      struct rt_buffer *into)
{
    put_line(grid, panel, NULL, colour, into);
    for (size_t row = 0; row < rt_grid_rows(grid); row++)
        put_line(grid, panel, grid->cells + row * grid->width, colour, into);
}

/* How far a panel goes that starts at `first`; by one column at least. */
static size_t panel_end(const struct rt_grid *grid, size_t headings, size_t first, size_t screen)
{
    size_t used = 0, i;
    for (i = 0; i < headings; i++)
        used += grid->columns[i].hidden ? 0 : grid->columns[i].shown + GAP;
    for (i = first; i < grid->width; i++) {
        if (grid->columns[i].hidden)
            continue;
        used += grid->columns[i].shown;
        if (screen > 0 && used > screen && i > first)
            break;
        used += GAP;
    }
    return i;
}

static void put_missing(const struct rt_grid *grid, size_t from, struct rt_buffer *into)
{
    size_t missing = 0;
    for (size_t i = from; i < grid->width; i++)
        missing += !grid->columns[i].hidden;
    if (missing == 0)
        return;
    rt_buffer_format(into, "(%zu more column%s:", missing, missing == 1 ? "" : "s");
    for (size_t i = from; i < grid->width; i++)
        if (!grid->columns[i].hidden) {
            rt_buffer_add(into, " ");
            rt_buffer_text(into, name_of(grid, &grid->columns[i]));
        }
    rt_buffer_add(into, ")\n");
}

/* Markdown ----------------------------------------------------------------------------------- */

static bool is_word(struct rt_text text, size_t at)
{
    const char c = at < text.length ? text.at[at] : ' ';
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

void rt_grid_markdown(struct rt_buffer *into, struct rt_text clean)
{
    for (size_t i = 0; i < clean.length; i++) {
        const char c = clean.at[i];
        const bool inner = c == '_' && i > 0 && is_word(clean, i - 1) && is_word(clean, i + 1);
        if (strchr("\\`*_[]<>|~&#!", c) != NULL && !inner)
            rt_buffer_add(into, "\\");
        rt_buffer_text(into, (struct rt_text){&c, 1});
    }
}

static void put_markdown(const struct rt_grid *grid, struct rt_buffer *into)
{
    for (size_t i = 0; i < grid->width; i++)
        if (!grid->columns[i].hidden) {
            rt_buffer_add(into, "| ");
            rt_grid_markdown(into, name_of(grid, &grid->columns[i]));
            rt_buffer_add(into, " ");
        }
    rt_buffer_add(into, "|\n");
    for (size_t i = 0; i < grid->width; i++)
        if (!grid->columns[i].hidden)
            rt_buffer_add(into, grid->columns[i].text || grid->count == 0 ? "|---" : "|---:");
    rt_buffer_add(into, "|\n");
    for (size_t i = 0; i < grid->count; i++) {
        if (!grid->columns[i % grid->width].hidden) {
            rt_buffer_add(into, "| ");
            rt_grid_markdown(into, text_of(grid, &grid->cells[i]));
            rt_buffer_add(into, " ");
        }
        if ((i + 1) % grid->width == 0)
            rt_buffer_add(into, "|\n");
    }
}

void rt_grid_write(struct rt_grid *grid, const struct rt_grid_form *form, struct rt_buffer *into)
{
    if (form->markdown) {
        put_markdown(grid, into);
        return;
    }
    lay_out(grid, form->panels ? 0 : form->screen);
    struct panel panel = {.headings = form->headings, .first = form->headings};
    do {
        panel.end = panel_end(grid, panel.headings, panel.first, form->screen);
        rt_buffer_add(into, panel.first > panel.headings ? "\n" : "");
        put_panel(grid, &panel, form->colour, into);
        panel.first = panel.end;
    } while (form->panels && panel.first < grid->width);
    put_missing(grid, panel.first, into);
}
