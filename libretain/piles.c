#include "libretain/piles.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/pages.h"

/*
 * Chunks are taken from slabs. The first chunk of a slab is left for its number, by which the
 * number of a chunk can be told from its address.
 */
enum { SLAB = 4 << 20 };

/* What a chunk begins with; its rows are behind it, aligned to their size. */
struct head {
    uint32_t next; /* filled before this one; 0 for none */
    uint16_t used; /* rows */
};

/* How the rows of one size lie in their chunks. */
struct layout {
    size_t row_bytes, chunk_bytes, rows_at;
};

static const struct layout short_rows = {2, 64, 6}, long_rows = {8, 256, 8};

struct rt_piles {
    struct layout layout;
    struct pile {
        struct head *last; /* the chunk that is being filled */
    } * piles;
    size_t count, size;
    char **slabs;
    size_t slab_count, slab_size;
    size_t slab_used;   /* chunks of the last slab */
    struct head *spare; /* chunks that were cleared, one behind the other */
    struct head none;   /* stands for no chunk: it is full */
};

void rt_piles_free(struct rt_piles *piles)
{
    if (piles == NULL)
        return;
    for (size_t i = 0; i < piles->slab_count; i++)
        rt_pages_unmap(piles->slabs[i], SLAB);
    free(piles->slabs);
    free(piles->piles);
    free(piles);
}

/* Chunks ----------------------------------------------------------------------------------------
 */

static struct head *chunk_at(const struct rt_piles *piles, uint32_t chunk)
{
    const size_t at = chunk * piles->layout.chunk_bytes;
    return (struct head *)(void *)(piles->slabs[at / SLAB] + at % SLAB);
}

/* 0 for none. */
static uint32_t number_of(const struct rt_piles *piles, const struct head *head)
{
    if (head == &piles->none)
        return 0;
    const size_t within = (uintptr_t)head % SLAB;
    const size_t *slab = (const void *)((const char *)head - within);
    return (uint32_t)((*slab * SLAB + within) / piles->layout.chunk_bytes);
}

static inline char *row_at(struct layout layout, struct head *head, size_t row)
{
    return (char *)head + layout.rows_at + row * layout.row_bytes;
}

/* How many rows a chunk has. */
static inline uint16_t most_rows(struct layout layout)
{
    return (uint16_t)((layout.chunk_bytes - layout.rows_at) / layout.row_bytes);
}

static void add_slab(struct rt_piles *piles)
{
    if ((piles->slab_count + 1) * (SLAB / piles->layout.chunk_bytes) > UINT32_MAX)
        rt_die("more rows in no order than can be kept; split the input by customer");
    const size_t size = rt_grown(piles->slab_size, piles->slab_count + 1);
    if (size > 0) {
        piles->slabs = rt_realloc(piles->slabs, size, sizeof *piles->slabs);
        piles->slab_size = size;
    }
    char *slab = rt_pages_map(SLAB, SLAB);
    *(size_t *)(void *)slab = piles->slab_count;
    piles->slabs[piles->slab_count++] = slab;
    piles->slab_used = 1;
}

static struct head *new_chunk(struct rt_piles *piles)
{
    struct head *spare = piles->spare;
    if (spare != NULL) {
        piles->spare = spare->next == 0 ? NULL : chunk_at(piles, spare->next);
        return spare;
    }
    const size_t chunk_bytes = piles->layout.chunk_bytes;
    if (piles->slab_count == 0 || piles->slab_used == SLAB / chunk_bytes)
        add_slab(piles);
    char *slab = piles->slabs[piles->slab_count - 1];
    return (struct head *)(void *)(slab + piles->slab_used++ * chunk_bytes);
}

struct rt_piles *rt_piles_new(size_t row_bytes)
{
    struct rt_piles *piles = rt_alloc_zero(1, sizeof *piles);
    piles->layout = row_bytes == short_rows.row_bytes ? short_rows : long_rows;
    piles->none.used = most_rows(piles->layout);
    return piles;
}

void rt_piles_clear(struct rt_piles *piles)
{
    for (size_t i = 0; i < piles->count; i++)
        for (struct head *head = piles->piles[i].last; head != &piles->none;) {
            struct head *before = head->next == 0 ? &piles->none : chunk_at(piles, head->next);
            head->next = piles->spare == NULL ? 0 : number_of(piles, piles->spare);
            piles->spare = head;
            head = before;
        }
    piles->count = 0;
}

/* Rows ------------------------------------------------------------------------------------------
 */

/* Makes all piles up to number `pile`. */
static void make_piles(struct rt_piles *piles, size_t pile)
{
    const size_t size = rt_grown(piles->size, pile + 1);
    if (size > 0) {
        piles->piles = rt_realloc(piles->piles, size, sizeof *piles->piles);
        piles->size = size;
    }
    for (size_t i = piles->count; i <= pile; i++)
        piles->piles[i].last = &piles->none;
    piles->count = pile + 1;
}

static struct head *begin_chunk(struct rt_piles *piles, uint32_t pile)
{
    struct head *head = new_chunk(piles);
    *head = (struct head){number_of(piles, piles->piles[pile].last), 0};
    piles->piles[pile].last = head;
    return head;
}

static inline void write_row(struct rt_piles *piles, struct layout layout,
                             const struct rt_pile_row *row)
{
    struct head *head = piles->piles[row->pile].last;
    if (head->used == most_rows(layout))
        head = begin_chunk(piles, row->pile);
    char *at = row_at(layout, head, head->used++);
    const uint16_t lower = (uint16_t)row->row;
    if (layout.row_bytes == sizeof lower)
        memcpy(at, &lower, sizeof lower);
    else
        memcpy(at, &row->row, sizeof row->row);
}

/* What is needed of memory is asked for before the first of it is used, level by level. */
__attribute__((always_inline)) static inline void write_rows(struct rt_piles *piles,
                                                             struct layout layout,
                                                             const struct rt_pile_row *rows,
                                                             size_t count)
{
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&piles->piles[rows[i].pile], 1);
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(piles->piles[rows[i].pile].last, 1);
    for (size_t i = 0; i < count && layout.row_bytes > 2; i++) {
        struct head *head = piles->piles[rows[i].pile].last;
        __builtin_prefetch(row_at(layout, head, head->used), 1);
    }
    for (size_t i = 0; i < count; i++)
        write_row(piles, layout, &rows[i]);
}

void rt_piles_add(struct rt_piles *piles, const struct rt_pile_row *rows, size_t count)
{
    uint32_t highest = 0;
    for (size_t i = 0; i < count; i++)
        highest = rows[i].pile > highest ? rows[i].pile : highest;
    if (highest >= piles->count)
        make_piles(piles, highest);
    if (piles->layout.row_bytes == short_rows.row_bytes)
        write_rows(piles, short_rows, rows, count);
    else
        write_rows(piles, long_rows, rows, count);
}

size_t rt_piles_count(const struct rt_piles *piles)
{
    return piles->count;
}

/* Parts -----------------------------------------------------------------------------------------
 */

static struct rt_pile_part part_of(const struct rt_piles *piles, struct head *head)
{
    if (head->next != 0)
        __builtin_prefetch(chunk_at(piles, head->next));
    return (struct rt_pile_part){row_at(piles->layout, head, 0), head->used, head->next};
}

struct rt_pile_part rt_piles_first(const struct rt_piles *piles, size_t pile)
{
    if (pile >= piles->count || piles->piles[pile].last == &piles->none)
        return (struct rt_pile_part){NULL, 0, 0};
    return part_of(piles, piles->piles[pile].last);
}

struct rt_pile_part rt_piles_next(const struct rt_piles *piles, struct rt_pile_part part)
{
    if (part.next == 0)
        return (struct rt_pile_part){NULL, 0, 0};
    return part_of(piles, chunk_at(piles, part.next));
}
