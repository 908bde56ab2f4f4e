#include "libretain/piles.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

/*
 * A pile grows by chunks of four cache lines, so that nothing is copied as it grows, and many piles
 * can be written to in turn. Its words are a multiple of those of any row.
 */
enum { CHUNK_WORDS = 62, WAITING = 64 };

struct chunk {
    struct chunk *next; /* filled before this one */
    uint32_t words[CHUNK_WORDS];
};

struct pile {
    struct chunk *last;
    uint32_t left; /* words that the last chunk still has room for: those at its start */
    uint32_t count;
};

/* Chunks are allocated many at a time, in memory that is large enough for huge pages. */
struct slab {
    struct slab *next; /* used up before this one */
    size_t used, size;
    struct chunk chunks[];
};

struct waiting {
    uint32_t customer, key, more;
};

struct rt_piles {
    unsigned day_bits, words;
    struct waiting waiting[WAITING]; /* for memory, see write_waiting */
    size_t waiting_count;
    struct pile *piles; /* by the upper bits of the place */
    size_t count, size;
    struct chunk *spare;
    struct slab *slab;
};

struct rt_piles *rt_piles_new(unsigned day_bits, unsigned words)
{
    struct rt_piles *piles = rt_alloc_zero(1, sizeof *piles);
    piles->day_bits = day_bits;
    piles->words = words;
    return piles;
}

void rt_piles_free(struct rt_piles *piles)
{
    if (piles == NULL)
        return;
    while (piles->slab != NULL) {
        struct slab *next = piles->slab->next;
        free(piles->slab);
        piles->slab = next;
    }
    free(piles->piles);
    free(piles);
}

void rt_piles_clear(struct rt_piles *piles)
{
    for (size_t i = 0; i < piles->count; i++) {
        struct pile *pile = &piles->piles[i];
        while (pile->last != NULL) {
            struct chunk *chunk = pile->last;
            pile->last = chunk->next;
            chunk->next = piles->spare;
            piles->spare = chunk;
        }
    }
    piles->count = 0;
    piles->waiting_count = 0;
}

static struct chunk *new_chunk(struct rt_piles *piles)
{
    enum { FEW = 1 << 6, MANY = 1 << 15 }; /* 16 KiB and 8 MiB */
    struct slab *slab = piles->slab;
    if (slab == NULL || slab->used == slab->size) {
        const size_t size = slab == NULL ? FEW : slab->size < MANY ? 2 * slab->size : MANY;
        struct slab *next = rt_alloc(1, sizeof *next + size * sizeof next->chunks[0]);
        *next = (struct slab){.next = slab, .size = size};
        piles->slab = slab = next;
    }
    return &slab->chunks[slab->used++];
}

static void begin_chunk(struct rt_piles *piles, struct pile *pile)
{
    struct chunk *chunk = piles->spare;
    if (chunk != NULL)
        piles->spare = chunk->next;
    else
        chunk = new_chunk(piles);
    chunk->next = pile->last;
    pile->last = chunk;
    pile->left = CHUNK_WORDS;
}

/* Makes all piles up to number `at`. */
static void make_piles(struct rt_piles *piles, size_t at)
{
    const size_t size = rt_grown(piles->size, at + 1);
    if (size > 0) {
        piles->piles = rt_realloc(piles->piles, size, sizeof *piles->piles);
        piles->size = size;
    }
    memset(piles->piles + piles->count, 0, (at + 1 - piles->count) * sizeof *piles->piles);
    piles->count = at + 1;
}

static inline size_t pile_number(const struct rt_piles *piles, uint32_t customer)
{
    return customer >> (32 - piles->day_bits);
}

/* Where the pile's next row goes, room for which is made. */
static inline uint32_t *next_row(struct rt_piles *piles, struct pile *pile)
{
    if (pile->left == 0)
        begin_chunk(piles, pile);
    return &pile->last->words[pile->left - piles->words];
}

/*
 * Each of the rows that were added last goes to another place of memory, by way of its pile: all
 * are asked for before the first is needed.
 */
static void write_waiting(struct rt_piles *piles)
{
    const struct waiting *const end = piles->waiting + piles->waiting_count;
    for (const struct waiting *row = piles->waiting; row < end; row++)
        if (pile_number(piles, row->customer) >= piles->count)
            make_piles(piles, pile_number(piles, row->customer));
    for (const struct waiting *row = piles->waiting; row < end; row++)
        __builtin_prefetch(&piles->piles[pile_number(piles, row->customer)], 1);
    for (const struct waiting *row = piles->waiting; row < end; row++) {
        struct pile *pile = &piles->piles[pile_number(piles, row->customer)];
        __builtin_prefetch(next_row(piles, pile), 1);
    }
    for (const struct waiting *row = piles->waiting; row < end; row++) {
        struct pile *pile = &piles->piles[pile_number(piles, row->customer)];
        uint32_t *words = next_row(piles, pile);
        words[0] = row->key;
        if (piles->words > 1)
            words[1] = row->more;
        pile->left -= piles->words;
        pile->count++;
    }
    piles->waiting_count = 0;
}

void rt_piles_add(struct rt_piles *piles, uint32_t customer, int32_t day, uint32_t more)
{
    const uint32_t key = customer << piles->day_bits | (uint32_t)(day - RT_DAY_FIRST);
    piles->waiting[piles->waiting_count++] = (struct waiting){customer, key, more};
    if (piles->waiting_count == WAITING)
        write_waiting(piles);
}

size_t rt_piles_finish(struct rt_piles *piles)
{
    write_waiting(piles);
    return piles->count;
}

void rt_piles_take(const struct rt_piles *piles, size_t number, struct rt_pile *taken)
{
    const struct pile *pile = &piles->piles[number];
    const size_t words = (size_t)pile->count * piles->words;
    const size_t size = rt_grown(taken->size, words);
    if (size > 0) {
        taken->words = rt_realloc(taken->words, size, sizeof *taken->words);
        taken->size = size;
    }
    taken->count = pile->count;
    size_t used = 0, from = pile->left;
    for (const struct chunk *chunk = pile->last; chunk != NULL; chunk = chunk->next, from = 0) {
        __builtin_prefetch(chunk->next);
        memcpy(taken->words + used, chunk->words + from,
               (CHUNK_WORDS - from) * sizeof *taken->words);
        used += CHUNK_WORDS - from;
    }
}

uint32_t rt_piles_place(const struct rt_piles *piles, uint32_t key)
{
    return key >> piles->day_bits;
}

uint32_t rt_piles_customer(const struct rt_piles *piles, size_t number, uint32_t place)
{
    return (uint32_t)number << (32 - piles->day_bits) | place;
}

int32_t rt_piles_day(const struct rt_piles *piles, uint32_t key)
{
    return (int32_t)(key & ((UINT32_C(1) << piles->day_bits) - 1)) + RT_DAY_FIRST;
}
