#include "libretain/keep.h"

#include <stdint.h>
#include <stdlib.h>

#include "libretain/err.h"

void rt_keep_init(struct rt_keep *keep, size_t width, char delimiter)
{
    *keep = (struct rt_keep){.width = width, .delimiter = delimiter};
}

void rt_keep_free(struct rt_keep *keep)
{
    free(keep->bytes);
    free(keep->starts);
    *keep = (struct rt_keep){0};
}

void rt_keep_clear(struct rt_keep *keep)
{
    keep->used = keep->count = 0;
}

static char *take(struct rt_keep *keep, size_t length)
{
    const size_t size = rt_grown(keep->size, keep->used + length);
    if (size != 0) {
        keep->bytes = rt_realloc(keep->bytes, size, 1);
        keep->size = size;
    }
    char *at = keep->bytes + keep->used;
    keep->used += length;
    return at;
}

static void add_cell(struct rt_keep *keep, struct rt_text cell)
{
    const uint32_t length = (uint32_t)cell.length; /* a field is at most 1 MiB */
    char *at = take(keep, sizeof length + cell.length);
    memcpy(at, &length, sizeof length);
    if (cell.length > 0)
        memcpy(at + sizeof length, cell.at, cell.length);
}

/* Begins a row with its raw bytes; true where these are all, false where its cells must follow. */
static bool begin_row(struct rt_keep *keep, struct rt_text raw, bool plain)
{
    const size_t room = rt_grown(keep->room, keep->count + 1);
    if (room != 0) {
        keep->starts = rt_realloc(keep->starts, room, sizeof *keep->starts);
        keep->room = room;
    }
    keep->starts[keep->count++] = keep->used * 2 + (plain ? 0 : 1);
    if (plain && raw.length > 0)
        memcpy(take(keep, raw.length), raw.at, raw.length);
    return plain;
}

void rt_keep_add(struct rt_keep *keep, const struct rt_table *table)
{
    bool plain;
    const struct rt_text raw = rt_table_raw(table, &plain);
    if (begin_row(keep, raw, plain))
        return;
    for (size_t i = 0; i < keep->width; i++)
        add_cell(keep, rt_table_cell(table, i));
}

void rt_keep_add_row(struct rt_keep *keep, const struct rt_rows *rows, size_t row)
{
    bool plain;
    const struct rt_text raw = rt_row_raw(rows, row, &plain);
    if (begin_row(keep, raw, plain))
        return;
    for (size_t i = 0; i < keep->width; i++)
        add_cell(keep, rt_cell(rows, row, i));
}

static struct rt_text row_bytes(const struct rt_keep *keep, size_t row)
{
    const size_t start = keep->starts[row] / 2;
    const size_t end = row + 1 < keep->count ? keep->starts[row + 1] / 2 : keep->used;
    /* keep->bytes is NULL as long as all rows are empty */
    return (struct rt_text){start == end ? "" : keep->bytes + start, end - start};
}

void rt_keep_cells(const struct rt_keep *keep, size_t row, struct rt_text *cells)
{
    const struct rt_text bytes = row_bytes(keep, row);
    const char *at = bytes.at, *const end = bytes.at + bytes.length;
    const bool as_cells = keep->starts[row] % 2 == 1;
    for (size_t i = 0; i < keep->width; i++) {
        if (as_cells) {
            uint32_t length;
            memcpy(&length, at, sizeof length);
            cells[i] = (struct rt_text){at + sizeof length, length};
            at += sizeof length + length;
            continue;
        }
        const char *stop = memchr(at, keep->delimiter, (size_t)(end - at));
        if (stop == NULL)
            stop = end;
        cells[i] = (struct rt_text){at, (size_t)(stop - at)};
        at = stop == end ? end : stop + 1;
    }
}

void rt_keep_write(const struct rt_keep *keep, size_t row, struct rt_out *out)
{
    const struct rt_text bytes = row_bytes(keep, row);
    if (keep->starts[row] % 2 == 0) {
        rt_out_raw(out, bytes);
        return;
    }
    const char *at = bytes.at;
    for (size_t i = 0; i < keep->width; i++) {
        uint32_t length;
        memcpy(&length, at, sizeof length);
        rt_out_text(out, (struct rt_text){at + sizeof length, length});
        at += sizeof length + length;
    }
}

const char *rt_keep_header(struct rt_table *table, const char *const *added, int added_count,
                           struct rt_out *out)
{
    for (size_t i = 0; i < rt_table_width(table); i++)
        rt_out_string(out, rt_table_column_name(table, i));
    for (int i = 0; i < added_count; i++) {
        if (rt_table_look(table, added[i]) != -1)
            return added[i];
        rt_out_string(out, added[i]);
    }
    rt_out_end(out);
    return NULL;
}
