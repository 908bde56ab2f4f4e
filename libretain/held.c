#include "libretain/held.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

void rt_held_init(struct rt_held *held, size_t width)
{
    *held = (struct rt_held){.width = width};
}

void rt_held_free(struct rt_held *held)
{
    free(held->bytes);
    free(held->starts);
    *held = (struct rt_held){0};
}

static size_t bytes_of(const struct rt_held *held, const struct rt_text *cells)
{
    size_t bytes = held->width * sizeof(uint32_t);
    for (size_t i = 0; i < held->width; i++)
        bytes += cells[i].length;
    return bytes;
}

/* Room for `bytes` at the end; returns where. */
static size_t reserve(struct rt_held *held, size_t bytes)
{
    const size_t grown = rt_grown(held->size, held->used + bytes);
    if (grown > 0) {
        held->bytes = rt_realloc(held->bytes, grown, 1);
        held->size = grown;
    }
    const size_t start = held->used;
    held->used += bytes;
    return start;
}

static void store(struct rt_held *held, size_t start, const struct rt_text *cells)
{
    char *length_at = held->bytes + start;
    char *cell_at = length_at + held->width * sizeof(uint32_t);
    for (size_t i = 0; i < held->width; i++) {
        const uint32_t length = (uint32_t)cells[i].length; /* a field is at most 1 MiB */
        memcpy(length_at, &length, sizeof length);
        length_at += sizeof length;
        if (length > 0)
            memcpy(cell_at, cells[i].at, length);
        cell_at += length;
    }
}

size_t rt_held_add(struct rt_held *held, const struct rt_text *cells)
{
    const size_t grown = rt_grown(held->room, held->count + 1);
    if (grown > 0) {
        held->starts = rt_realloc(held->starts, grown, sizeof *held->starts);
        held->room = grown;
    }
    const size_t start = reserve(held, bytes_of(held, cells));
    store(held, start, cells);
    held->starts[held->count] = start + 1;
    return held->count++;
}

/* The length that a row takes now. */
static size_t taken(const struct rt_held *held, size_t row)
{
    const char *at = held->bytes + held->starts[row] - 1;
    size_t bytes = held->width * sizeof(uint32_t);
    for (size_t i = 0; i < held->width; i++) {
        uint32_t length;
        memcpy(&length, at + i * sizeof length, sizeof length);
        bytes += length;
    }
    return bytes;
}

/* A row that is no longer than before stays in its place, so that replays take no memory. */
void rt_held_replace(struct rt_held *held, size_t row, const struct rt_text *cells)
{
    const size_t bytes = bytes_of(held, cells);
    if (held->starts[row] == 0 || bytes > taken(held, row))
        held->starts[row] = reserve(held, bytes) + 1;
    store(held, held->starts[row] - 1, cells);
}

void rt_held_set(struct rt_held *held, size_t row, size_t column, struct rt_text cell)
{
    struct rt_text *cells = rt_alloc(held->width, sizeof *cells);
    rt_held_row(held, row, cells);
    const size_t bytes = taken(held, row);
    char *copy = rt_strndup(held->bytes + held->starts[row] - 1, bytes);
    for (size_t i = 0; i < held->width; i++)
        cells[i].at = copy + (cells[i].at - (held->bytes + held->starts[row] - 1));
    cells[column] = cell;
    rt_held_replace(held, row, cells);
    free(copy);
    free(cells);
}

void rt_held_drop(struct rt_held *held, size_t row)
{
    held->starts[row] = 0;
}

bool rt_held_row(const struct rt_held *held, size_t row, struct rt_text *cells)
{
    if (held->starts[row] == 0)
        return false;
    const char *length_at = held->bytes + held->starts[row] - 1;
    const char *cell_at = length_at + held->width * sizeof(uint32_t);
    for (size_t i = 0; i < held->width; i++) {
        uint32_t length;
        memcpy(&length, length_at, sizeof length);
        length_at += sizeof length;
        cells[i] = (struct rt_text){cell_at, length};
        cell_at += length;
    }
    return true;
}
