#include "libretain/pivot.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "libretain/catalogue.h"
#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/metrics.h"
#include "libretain/numeral.h"
#include "libretain/width.h"

enum { NO_ROW = 0 }; /* places of rows are counted from 1 */

struct pivot {
    const struct rt_sheet *sheet;
    const struct rt_pivot_form *form;
    struct rt_buffer *into;
    int metric, method, complete; /* of metric rows; -1 where it is another table */
    bool blocks;                  /* a table for each metric */
    bool shares;                  /* cells of metrics that are shares are shown in percent */
    int *keys;                    /* the columns that head the rows */
    size_t key_count;
    struct rt_labels columns;
    size_t *order; /* of the columns */
    struct rt_labels aside;
};

static struct rt_text cell(const struct pivot *pivot, size_t row, int column)
{
    return rt_sheet_cell(pivot->sheet, row, column);
}

static bool is_key(const struct pivot *pivot, int column)
{
    static const char *const own[] = {"metric", "method", "value", "lo",
                                      "hi",     "num",    "den",   "complete"};
    if (column == pivot->form->column || column == pivot->form->value)
        return false;
    for (size_t i = 0; i < sizeof own / sizeof *own && pivot->metric >= 0; i++)
        if (strcmp(pivot->sheet->names[column], own[i]) == 0)
            return false;
    return true;
}

/* Is it a row that stands beside the tables: of the whole input, or for merging? */
static bool is_note(const struct pivot *pivot, size_t row)
{
    if (pivot->metric < 0)
        return false;
    const struct rt_text metric = cell(pivot, row, pivot->metric);
    if (rt_text_is(metric, "as_of") || rt_catalogue_is_aside(metric))
        return true;
    if (cell(pivot, row, pivot->form->column).length > 0)
        return false;
    for (size_t i = 0; i < pivot->key_count; i++)
        if (pivot->keys[i] != pivot->metric && pivot->keys[i] != pivot->method &&
            cell(pivot, row, pivot->keys[i]).length > 0)
            return false;
    return true;
}

/* Some metric by two methods: then the rows must say which. */
static bool methods_matter(const struct pivot *pivot)
{
    struct rt_labels metrics, pairs;
    rt_labels_init(&metrics);
    rt_labels_init(&pairs);
    struct rt_group_key key = {0};
    for (size_t row = 0; row < pivot->sheet->count; row++) {
        if (is_note(pivot, row))
            continue;
        rt_group_key_clear(&key);
        rt_group_key_add(&key, cell(pivot, row, pivot->metric));
        (void)rt_labels_add(&metrics, cell(pivot, row, pivot->metric));
        rt_group_key_add(&key, cell(pivot, row, pivot->method));
        (void)rt_labels_add(&pairs, rt_group_key_text(&key));
    }
    const bool matter = pairs.count > metrics.count;
    rt_group_key_free(&key);
    rt_labels_free(&metrics);
    rt_labels_free(&pairs);
    return matter;
}

static bool has_values(const struct pivot *pivot, int column)
{
    for (size_t row = 0; row < pivot->sheet->count; row++)
        if (cell(pivot, row, column).length > 0)
            return true;
    return pivot->sheet->count == 0;
}

static void find_keys(struct pivot *pivot)
{
    pivot->keys = rt_alloc(pivot->sheet->width + 2, sizeof *pivot->keys);
    for (int i = 0; i < (int)pivot->sheet->width; i++)
        if (is_key(pivot, i) && has_values(pivot, i))
            pivot->keys[pivot->key_count++] = i;
    pivot->blocks = pivot->metric >= 0 && pivot->key_count > 0;
    if (pivot->metric < 0 || pivot->blocks)
        return;
    pivot->keys[pivot->key_count++] = pivot->metric;
    if (methods_matter(pivot))
        pivot->keys[pivot->key_count++] = pivot->method;
}

static void find_columns(struct pivot *pivot)
{
    rt_labels_init(&pivot->columns);
    rt_labels_init(&pivot->aside);
    for (size_t row = 0; row < pivot->sheet->count; row++) {
        const struct rt_text label = cell(pivot, row, pivot->form->column);
        if (pivot->metric >= 0 && rt_catalogue_is_aside(cell(pivot, row, pivot->metric)))
            (void)rt_labels_add(&pivot->aside, cell(pivot, row, pivot->metric));
        else if (label.length > 0 && !is_note(pivot, row))
            (void)rt_labels_add(&pivot->columns, label);
    }
    pivot->order = rt_labels_order(&pivot->columns);
}

/* One table ---------------------------------------------------------------------------------- */

struct block {
    struct rt_labels rows, extras; /* extras: metrics without a value of the pivot column */
    size_t *cells;                 /* the sheet's rows, from 1: row by row, extras first */
    size_t width, room;
};

static size_t key_of(const struct pivot *pivot, struct rt_group_key *key, size_t row,
                     struct rt_labels *labels)
{
    rt_group_key_clear(key);
    for (size_t i = 0; i < pivot->key_count; i++)
        rt_group_key_add(key, cell(pivot, row, pivot->keys[i]));
    return rt_labels_add(labels, rt_group_key_text(key));
}

static bool is_extra(const struct pivot *pivot, size_t row)
{
    return pivot->metric >= 0 && cell(pivot, row, pivot->form->column).length == 0;
}

/* Puts a row of the sheet into its cell. Returns 0, or -1 where the cell is taken. */
static int place(struct pivot *pivot, struct block *block, struct rt_group_key *key, size_t row)
{
    const struct rt_text label = cell(pivot, row, pivot->form->column);
    const size_t column = is_extra(pivot, row)
                              ? rt_labels_add(&block->extras, cell(pivot, row, pivot->metric))
                              : block->extras.count + rt_labels_add(&pivot->columns, label);
    const size_t known = block->rows.count, at = key_of(pivot, key, row, &block->rows);
    if (at >= known) {
        const size_t room = rt_grown(block->room, (at + 1) * block->width);
        if (room != 0) {
            block->cells = rt_realloc(block->cells, room, sizeof *block->cells);
            block->room = room;
        }
        for (size_t i = 0; i < block->width; i++)
            block->cells[at * block->width + i] = NO_ROW;
    }
    size_t *spot = &block->cells[at * block->width + column];
    if (*spot != NO_ROW)
        return -1;
    *spot = row + 1;
    return 0;
}

static double value_of(const struct pivot *pivot, size_t place_of_row)
{
    double value;
    if (place_of_row == NO_ROW ||
        rt_real_read(cell(pivot, place_of_row - 1, pivot->form->value), &value) != 0)
        return NAN;
    return value;
}

struct range {
    double lo, hi;
};

static struct range range_of(const struct pivot *pivot, const struct block *block, size_t first_row,
                             size_t row_count)
{
    struct range range = {INFINITY, -INFINITY};
    for (size_t row = first_row; row < first_row + row_count; row++)
        for (size_t i = block->extras.count; i < block->width; i++) {
            const double value = value_of(pivot, block->cells[row * block->width + i]);
            range.lo = value < range.lo ? value : range.lo;
            range.hi = value > range.hi ? value : range.hi;
        }
    return range;
}

static int heat_of(double value, struct range range)
{
    if (isnan(value) || !(range.hi > range.lo))
        return RT_GRID_NO_HEAT;
    const int heat = (int)((value - range.lo) / (range.hi - range.lo) * RT_GRID_HEATS);
    return heat < RT_GRID_HEATS ? heat : RT_GRID_HEATS - 1;
}

static bool is_share(const struct pivot *pivot, size_t row)
{
    const struct rt_text metric = cell(pivot, row, pivot->metric);
    return rt_catalogue(metric, cell(pivot, row, pivot->method)).unit == RT_UNIT_SHARE;
}

static void put_cell(const struct pivot *pivot, struct rt_grid *grid, size_t place_of_row, int heat,
                     bool *unfinished)
{
    struct rt_buffer text = {0};
    bool number = false;
    if (place_of_row != NO_ROW) {
        const size_t row = place_of_row - 1;
        const struct rt_text value = cell(pivot, row, pivot->form->value);
        number = rt_numeral_is(value);
        if (number && pivot->shares && is_share(pivot, row))
            rt_numeral_percent(&text, value, pivot->form->digits > 2 ? pivot->form->digits - 2 : 0);
        else if (number)
            rt_numeral_round(&text, value, pivot->form->digits);
        else
            rt_buffer_text(&text, value);
        if (value.length > 0 && rt_text_is(cell(pivot, row, pivot->complete), "0")) {
            rt_buffer_add(&text, "*");
            *unfinished = true;
        }
    }
    rt_grid_cell(grid, rt_buffer_get(&text), number, heat);
    rt_buffer_free(&text);
}

static void put_headings(const struct pivot *pivot, const struct block *block, struct rt_grid *grid)
{
    for (size_t i = 0; i < pivot->key_count; i++)
        rt_grid_column(grid, rt_text(pivot->sheet->names[pivot->keys[i]]));
    for (size_t i = 0; i < block->extras.count; i++)
        rt_grid_column(grid, block->extras.texts[i]);
    for (size_t i = 0; i < pivot->columns.count; i++)
        rt_grid_column(grid, pivot->columns.texts[pivot->order[i]]);
}

/* Writes the table of a block. Returns whether something in it is not complete. */
static bool put_block(const struct pivot *pivot, const struct block *block)
{
    struct rt_grid *grid = rt_grid_new();
    put_headings(pivot, block, grid);
    struct rt_text *keys = rt_alloc(pivot->key_count + 1, sizeof *keys);
    struct range range = range_of(pivot, block, 0, block->rows.count);
    bool unfinished = false;
    for (size_t row = 0; row < block->rows.count; row++) {
        const size_t *cells = block->cells + row * block->width;
        rt_group_key_split(block->rows.texts[row], keys, pivot->key_count);
        for (size_t i = 0; i < pivot->key_count; i++)
            rt_grid_cell(grid, keys[i], false, RT_GRID_NO_HEAT);
        for (size_t i = 0; i < block->extras.count; i++)
            put_cell(pivot, grid, cells[i], RT_GRID_NO_HEAT, &unfinished);
        if (pivot->metric >= 0 && !pivot->blocks)
            range = range_of(pivot, block, row, 1);
        for (size_t i = 0; i < pivot->columns.count; i++) {
            const size_t at = cells[block->extras.count + pivot->order[i]];
            put_cell(pivot, grid, at, heat_of(value_of(pivot, at), range), &unfinished);
        }
    }
    struct rt_grid_form form = pivot->form->grid;
    form.headings = pivot->key_count + block->extras.count;
    form.panels = true;
    rt_grid_write(grid, &form, pivot->into);
    free(keys);
    rt_grid_free(grid);
    return unfinished;
}

/* All tables --------------------------------------------------------------------------------- */

static void put_clean(const struct pivot *pivot, struct rt_text text)
{
    struct rt_buffer clean = {0};
    rt_width_clean(&clean, text);
    if (pivot->form->grid.markdown)
        rt_grid_markdown(pivot->into, rt_buffer_get(&clean));
    else
        rt_buffer_text(pivot->into, rt_buffer_get(&clean));
    rt_buffer_free(&clean);
}

/* The tables of metric rows, each under the metric and method of its first row. */
static size_t block_of(const struct pivot *pivot, struct rt_group_key *key, size_t row,
                       struct rt_labels *blocks)
{
    rt_group_key_clear(key);
    if (pivot->blocks) {
        rt_group_key_add(key, cell(pivot, row, pivot->metric));
        rt_group_key_add(key, cell(pivot, row, pivot->method));
    }
    return rt_labels_add(blocks, rt_group_key_text(key));
}

static void put_title(const struct pivot *pivot, struct rt_text block)
{
    struct rt_text names[2];
    rt_buffer_add(pivot->into, "\n");
    if (!pivot->blocks)
        return;
    rt_group_key_split(block, names, 2);
    put_clean(pivot, names[0]);
    rt_buffer_add(pivot->into, " (");
    put_clean(pivot, names[1]);
    rt_buffer_add(pivot->into, pivot->form->grid.markdown ? ")\n\n" : ")\n");
}

/* "value by cohort and age", and what is said of the whole. */
static void put_caption(const struct pivot *pivot)
{
    put_clean(pivot, rt_text(pivot->sheet->names[pivot->form->value]));
    rt_buffer_add(pivot->into, " by ");
    for (size_t i = 0; i < pivot->key_count; i++) {
        put_clean(pivot, rt_text(pivot->sheet->names[pivot->keys[i]]));
        rt_buffer_add(pivot->into, i + 1 < pivot->key_count ? ", " : " and ");
    }
    put_clean(pivot, rt_text(pivot->sheet->names[pivot->form->column]));
    rt_buffer_add(pivot->into, "\n");
    for (size_t row = 0; row < pivot->sheet->count; row++) {
        if (!is_note(pivot, row) || rt_catalogue_is_aside(cell(pivot, row, pivot->metric)))
            continue;
        struct rt_text value = cell(pivot, row, pivot->form->value);
        put_clean(pivot, cell(pivot, row, pivot->metric));
        rt_buffer_add(pivot->into, " ");
        put_clean(pivot, value.length > 0 ? value : cell(pivot, row, pivot->form->column));
        rt_buffer_add(pivot->into, " (");
        put_clean(pivot, cell(pivot, row, pivot->method));
        rt_buffer_add(pivot->into, pivot->form->grid.markdown ? ")  \n" : ")\n");
    }
}

/* Fills and writes one table. Returns 0, or the row that has no free cell. */
static size_t do_block(struct pivot *pivot, const struct rt_labels *blocks, size_t number,
                       const size_t *rows, size_t count, bool *unfinished)
{
    struct rt_group_key key = {0};
    struct block block = {0};
    rt_labels_init(&block.rows);
    rt_labels_init(&block.extras);
    for (size_t i = 0; i < count; i++)
        if (is_extra(pivot, rows[i]))
            (void)rt_labels_add(&block.extras, cell(pivot, rows[i], pivot->metric));
    block.width = block.extras.count + pivot->columns.count;
    size_t taken = 0;
    for (size_t i = 0; i < count && taken == 0; i++)
        if (place(pivot, &block, &key, rows[i]) != 0)
            taken = rows[i] + 1;
    if (taken == 0) {
        put_title(pivot, blocks->texts[number]);
        if (put_block(pivot, &block))
            *unfinished = true;
    }
    rt_group_key_free(&key);
    rt_labels_free(&block.rows);
    rt_labels_free(&block.extras);
    free(block.cells);
    return taken;
}

static size_t do_blocks(struct pivot *pivot, bool *unfinished)
{
    struct rt_labels blocks;
    rt_labels_init(&blocks);
    struct rt_group_key key = {0};
    const size_t count = pivot->sheet->count;
    size_t *number = rt_alloc(count + 1, sizeof *number), *rows = rt_alloc(count + 1, sizeof *rows);
    for (size_t row = 0; row < count; row++) {
        const bool extra = is_extra(pivot, row) && pivot->blocks;
        number[row] = is_note(pivot, row) ? SIZE_MAX - 1
                      : extra             ? SIZE_MAX
                                          : block_of(pivot, &key, row, &blocks);
    }
    size_t taken = 0;
    for (size_t block = 0; block < blocks.count && taken == 0; block++) {
        size_t some = 0;
        for (size_t row = 0; row < count; row++)
            if (number[row] == block || number[row] == SIZE_MAX)
                rows[some++] = row;
        taken = do_block(pivot, &blocks, block, rows, some, unfinished);
    }
    free(number);
    free(rows);
    rt_group_key_free(&key);
    rt_labels_free(&blocks);
    return taken;
}

size_t rt_pivot_write(const struct rt_sheet *sheet, const struct rt_pivot_form *form,
                      struct rt_buffer *into)
{
    struct pivot pivot = {.sheet = sheet, .form = form, .into = into};
    pivot.metric = rt_sheet_find(sheet, "metric");
    pivot.method = rt_sheet_find(sheet, "method");
    pivot.complete = rt_sheet_find(sheet, "complete");
    if (pivot.method < 0 || pivot.complete < 0)
        pivot.metric = pivot.complete = -1;
    const char *value = sheet->names[form->value];
    pivot.shares =
        pivot.metric >= 0 && !form->plain &&
        (strcmp(value, "value") == 0 || strcmp(value, "lo") == 0 || strcmp(value, "hi") == 0);
    find_keys(&pivot);
    find_columns(&pivot);
    put_caption(&pivot);
    bool unfinished = false;
    const size_t taken = do_blocks(&pivot, &unfinished);
    if (unfinished)
        rt_buffer_add(into, form->grid.markdown ? "\n\\* not complete\n" : "\n* not complete\n");
    if (pivot.aside.count > 0) {
        rt_buffer_add(into, "\n(not shown:");
        for (size_t i = 0; i < pivot.aside.count; i++) {
            rt_buffer_add(into, " ");
            put_clean(&pivot, pivot.aside.texts[i]);
        }
        rt_buffer_add(into, ")\n");
    }
    rt_labels_free(&pivot.columns);
    rt_labels_free(&pivot.aside);
    free(pivot.order);
    free(pivot.keys);
    return taken;
}
