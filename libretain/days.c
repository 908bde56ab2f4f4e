#include "libretain/days.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/radix.h"

enum { PART_BITS = 8, PARTS = 1 << PART_BITS, CHUNK_PAIRS = 2046 };

/* A part grows by pieces, so that no pair is ever copied before it is sorted. */
struct chunk {
    struct chunk *next; /* filled before this one */
    size_t used;
    uint64_t pairs[CHUNK_PAIRS]; /* customer above, days since the first of the calendar below */
};

struct part {
    struct chunk *last;
    size_t count;
};

struct rt_days {
    struct part parts[PARTS];
    struct chunk *spare;
};

struct rt_days *rt_days_new(void)
{
    return rt_alloc_zero(1, sizeof(struct rt_days));
}

static void free_chunks(struct chunk *chunk)
{
    while (chunk != NULL) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

void rt_days_free(struct rt_days *days)
{
    if (days == NULL)
        return;
    for (size_t i = 0; i < PARTS; i++)
        free_chunks(days->parts[i].last);
    free_chunks(days->spare);
    free(days);
}

void rt_days_clear(struct rt_days *days)
{
    for (size_t i = 0; i < PARTS; i++) {
        struct part *part = &days->parts[i];
        while (part->last != NULL) {
            struct chunk *chunk = part->last;
            part->last = chunk->next;
            chunk->next = days->spare;
            days->spare = chunk;
        }
        part->count = 0;
    }
}

static void begin_chunk(struct rt_days *days, struct part *part)
{
    struct chunk *chunk = days->spare;
    if (chunk != NULL)
        days->spare = chunk->next;
    else
        chunk = rt_alloc(1, sizeof *chunk);
    chunk->used = 0;
    chunk->next = part->last;
    part->last = chunk;
}

void rt_days_add(struct rt_days *days, uint32_t customer, int32_t day)
{
    /* Neighbours by place are neighbours in time too; a multiplication spreads them evenly. */
    const uint32_t spread = customer * UINT32_C(0x9e3779b1);
    struct part *part = &days->parts[spread >> (32 - PART_BITS)];
    if (part->last == NULL || part->last->used == CHUNK_PAIRS)
        begin_chunk(days, part);
    part->last->pairs[part->last->used++] =
        (uint64_t)customer << 32 | (uint32_t)(day - RT_DAY_FIRST);
    part->count++;
}

/* The pairs of a part in order. Owned by the caller. */
static uint64_t *sort_part(const struct part *part)
{
    uint64_t *pairs = rt_alloc(part->count, sizeof *pairs);
    size_t used = 0;
    for (const struct chunk *chunk = part->last; chunk != NULL; chunk = chunk->next) {
        memcpy(pairs + used, chunk->pairs, chunk->used * sizeof *pairs);
        used += chunk->used;
    }
    return rt_radix_sort(pairs, used);
}

struct share {
    const struct rt_days *days;
    size_t first, step; /* of the parts */
    void (*work)(void *what, uint32_t customer, int32_t day);
    void *what;
};

static void *work_on_share(void *of)
{
    const struct share *share = of;
    for (size_t i = share->first; i < PARTS; i += share->step) {
        const struct part *part = &share->days->parts[i];
        if (part->count == 0)
            continue;
        uint64_t *pairs = sort_part(part);
        for (size_t k = 0; k < part->count; k++)
            if (k == 0 || pairs[k] != pairs[k - 1])
                share->work(share->what, (uint32_t)(pairs[k] >> 32),
                            (int32_t)(uint32_t)pairs[k] + RT_DAY_FIRST);
        free(pairs);
    }
    return NULL;
}

void rt_days_each(struct rt_days *days, int threads,
                  void (*work)(void *what, uint32_t customer, int32_t day), void *what)
{
    const size_t step = threads > 1 ? 2 : 1;
    struct share first = {days, 0, step, work, what};
    struct share second = {days, 1, step, work, what};
    pthread_t thread;
    const bool threaded = step > 1 && pthread_create(&thread, NULL, work_on_share, &second) == 0;
    (void)work_on_share(&first);
    if (threaded)
        pthread_join(thread, NULL);
    else if (step > 1)
        (void)work_on_share(&second);
}
