#include "libretain/days.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

/*
 * A pair has 32 bits: the day since the first of the calendar in the lower ones, which place of its
 * part the customer has in the others. A part grows by chunks of four cache lines, so that nothing
 * is copied, and many parts can be written to in turn.
 */
enum { CHUNK_PAIRS = 62, PLACES_MOST = 1 << 11, WAITING = 64 };

struct chunk {
    struct chunk *next; /* filled before this one */
    uint32_t pairs[CHUNK_PAIRS];
};

struct part {
    struct chunk *last;
    uint32_t left; /* pairs that the last chunk still has room for: those at its start */
    uint32_t count;
};

/* Chunks are allocated many at a time, in memory that is large enough for huge pages. */
struct slab {
    struct slab *next; /* used up before this one */
    size_t used, size;
    struct chunk chunks[];
};

struct waiting {
    uint32_t customer;
    int32_t day;
};

struct rt_days {
    unsigned day_bits;
    struct waiting waiting[WAITING]; /* for memory, see write_waiting */
    size_t waiting_count;
    struct part *parts; /* by the upper bits of the place */
    size_t part_count, part_size;
    struct chunk *spare;
    struct slab *slab;
};

struct rt_days *rt_days_new(uint32_t range)
{
    struct rt_days *days = rt_alloc_zero(1, sizeof *days);
    days->day_bits = 32 - (unsigned)__builtin_clz(range - 1);
    return days;
}

void rt_days_free(struct rt_days *days)
{
    if (days == NULL)
        return;
    while (days->slab != NULL) {
        struct slab *next = days->slab->next;
        free(days->slab);
        days->slab = next;
    }
    free(days->parts);
    free(days);
}

void rt_days_clear(struct rt_days *days)
{
    for (size_t i = 0; i < days->part_count; i++) {
        struct part *part = &days->parts[i];
        while (part->last != NULL) {
            struct chunk *chunk = part->last;
            part->last = chunk->next;
            chunk->next = days->spare;
            days->spare = chunk;
        }
    }
    days->part_count = 0;
    days->waiting_count = 0;
}

static struct chunk *new_chunk(struct rt_days *days)
{
    enum { FEW = 1 << 6, MANY = 1 << 15 }; /* 16 KiB and 8 MiB */
    struct slab *slab = days->slab;
    if (slab == NULL || slab->used == slab->size) {
        const size_t size = slab == NULL ? FEW : slab->size < MANY ? 2 * slab->size : MANY;
        struct slab *next = rt_alloc(1, sizeof *next + size * sizeof next->chunks[0]);
        *next = (struct slab){.next = slab, .size = size};
        days->slab = slab = next;
    }
    return &slab->chunks[slab->used++];
}

static void begin_chunk(struct rt_days *days, struct part *part)
{
    struct chunk *chunk = days->spare;
    if (chunk != NULL)
        days->spare = chunk->next;
    else
        chunk = new_chunk(days);
    chunk->next = part->last;
    part->last = chunk;
    part->left = CHUNK_PAIRS;
}

/* Makes all parts up to number `at`. */
static void make_parts(struct rt_days *days, size_t at)
{
    const size_t size = rt_grown(days->part_size, at + 1);
    if (size > 0) {
        days->parts = rt_realloc(days->parts, size, sizeof *days->parts);
        days->part_size = size;
    }
    memset(days->parts + days->part_count, 0, (at + 1 - days->part_count) * sizeof *days->parts);
    days->part_count = at + 1;
}

static inline struct part *part_of(const struct rt_days *days, uint32_t customer)
{
    return &days->parts[customer >> (32 - days->day_bits)];
}

/*
 * Writes the pairs that were added last. Each goes to another place of memory, by way of its part:
 * all are asked for before the first is needed.
 */
static void write_waiting(struct rt_days *days)
{
    const struct waiting *const end = days->waiting + days->waiting_count;
    for (const struct waiting *pair = days->waiting; pair < end; pair++)
        if (pair->customer >> (32 - days->day_bits) >= days->part_count)
            make_parts(days, pair->customer >> (32 - days->day_bits));
    for (const struct waiting *pair = days->waiting; pair < end; pair++)
        __builtin_prefetch(part_of(days, pair->customer), 1);
    for (const struct waiting *pair = days->waiting; pair < end; pair++) {
        struct part *part = part_of(days, pair->customer);
        if (part->left == 0)
            begin_chunk(days, part);
        __builtin_prefetch(&part->last->pairs[part->left - 1], 1);
    }
    for (const struct waiting *pair = days->waiting; pair < end; pair++) {
        struct part *part = part_of(days, pair->customer);
        if (part->left == 0)
            begin_chunk(days, part);
        part->last->pairs[--part->left] =
            pair->customer << days->day_bits | (uint32_t)(pair->day - RT_DAY_FIRST);
        part->count++;
    }
    days->waiting_count = 0;
}

void rt_days_add(struct rt_days *days, uint32_t customer, int32_t day)
{
    days->waiting[days->waiting_count++] = (struct waiting){customer, day};
    if (days->waiting_count == WAITING)
        write_waiting(days);
}

/* Handing out -----------------------------------------------------------------------------------
 */

/* What a thread has of its own. */
struct worker {
    const struct rt_days *days;
    size_t first, step; /* of the parts */
    rt_days_work *work;
    void *what;
    int32_t *run; /* the days of a customer */
    size_t run_count, run_size;
    uint64_t *sets; /* a row of words for each customer; all 0 between the parts */
    size_t set_size;
    /* Of the part at hand: the row of each place, from 1, 0 for none; and the places by row. */
    uint16_t rows[PLACES_MOST], places[PLACES_MOST];
    size_t row_count;
    uint32_t first_day, last_day;
};

/* Calls `each` with every pair of a part: its place in the part, and its day. */
static inline void each_pair(struct worker *worker, const struct part *part,
                             void (*each)(struct worker *, uint32_t place, uint32_t day))
{
    const unsigned bits = worker->days->day_bits;
    size_t i = part->left;
    for (const struct chunk *chunk = part->last; chunk != NULL; chunk = chunk->next, i = 0) {
        __builtin_prefetch(chunk->next);
        for (; i < CHUNK_PAIRS; i++)
            each(worker, chunk->pairs[i] >> bits, chunk->pairs[i] & ((UINT32_C(1) << bits) - 1));
    }
}

/* Gives each customer a row, and finds out how long the rows must be. */
static inline void note(struct worker *worker, uint32_t place, uint32_t day)
{
    if (worker->rows[place] == 0) {
        worker->places[worker->row_count++] = (uint16_t)place;
        worker->rows[place] = (uint16_t)worker->row_count;
    }
    worker->first_day = day < worker->first_day ? day : worker->first_day;
    worker->last_day = day > worker->last_day ? day : worker->last_day;
}

static inline size_t row_words(const struct worker *worker)
{
    return (worker->last_day - worker->first_day) / 64 + 1;
}

static inline void set_bit(struct worker *worker, uint32_t place, uint32_t day)
{
    const uint32_t bit = day - worker->first_day;
    const size_t row = worker->rows[place] - 1u;
    worker->sets[row * row_words(worker) + bit / 64] |= UINT64_C(1) << bit % 64;
}

static inline void add_to_run(struct worker *worker, uint32_t day)
{
    if (worker->run_count == worker->run_size) {
        worker->run_size = rt_grown(worker->run_size, worker->run_count + 1);
        worker->run = rt_realloc(worker->run, worker->run_size, sizeof *worker->run);
    }
    worker->run[worker->run_count++] = (int32_t)day + RT_DAY_FIRST;
}

static void hand_out_run(struct worker *worker, size_t part, uint32_t place)
{
    const uint32_t before = (uint32_t)part << (32 - worker->days->day_bits);
    worker->work(worker->what, before | place, worker->run, worker->run_count);
    worker->run_count = 0;
}

static void hand_out_sets(struct worker *worker, size_t part)
{
    const size_t words = row_words(worker);
    for (size_t row = 0; row < worker->row_count; row++) {
        for (size_t i = 0; i < words; i++) {
            uint64_t *word = &worker->sets[row * words + i];
            for (; *word != 0; *word &= *word - 1)
                add_to_run(worker,
                           worker->first_day + (uint32_t)i * 64 + (uint32_t)__builtin_ctzll(*word));
        }
        hand_out_run(worker, part, worker->places[row]);
    }
}

static int compare_pairs(const void *a, const void *b)
{
    const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Days that lie too far apart for sets: a date mistyped by centuries is enough. */
static void hand_out_sorted(struct worker *worker, size_t number, const struct part *part)
{
    const unsigned bits = worker->days->day_bits;
    uint32_t *pairs = rt_alloc(part->count, sizeof *pairs);
    size_t count = 0, from = part->left;
    for (const struct chunk *chunk = part->last; chunk != NULL; chunk = chunk->next, from = 0) {
        memcpy(pairs + count, chunk->pairs + from, (CHUNK_PAIRS - from) * sizeof *pairs);
        count += CHUNK_PAIRS - from;
    }
    qsort(pairs, count, sizeof *pairs, compare_pairs);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || pairs[i] != pairs[i - 1])
            add_to_run(worker, pairs[i] & ((UINT32_C(1) << bits) - 1));
        if (i + 1 == count || pairs[i] >> bits != pairs[i + 1] >> bits)
            hand_out_run(worker, number, pairs[i] >> bits);
    }
    free(pairs);
}

static void work_on_part(struct worker *worker, size_t number)
{
    enum { SET_WORDS_MOST = 1 << 16 };
    const struct part *part = &worker->days->parts[number];
    worker->row_count = 0;
    worker->first_day = UINT32_MAX;
    worker->last_day = 0;
    each_pair(worker, part, note);
    const size_t words = worker->row_count * row_words(worker);
    if (words > SET_WORDS_MOST) {
        hand_out_sorted(worker, number, part);
    } else {
        const size_t size = rt_grown(worker->set_size, words);
        if (size > 0) {
            worker->sets = rt_realloc(worker->sets, size, sizeof *worker->sets);
            memset(worker->sets, 0, size * sizeof *worker->sets);
            worker->set_size = size;
        }
        each_pair(worker, part, set_bit);
        hand_out_sets(worker, number);
    }
    for (size_t row = 0; row < worker->row_count; row++)
        worker->rows[worker->places[row]] = 0;
}

static void *work_on_share(void *what)
{
    struct worker *worker = what;
    for (size_t i = worker->first; i < worker->days->part_count; i += worker->step)
        if (worker->days->parts[i].count > 0)
            work_on_part(worker, i);
    free(worker->sets);
    free(worker->run);
    return NULL;
}

static struct worker *new_worker(const struct worker *like, size_t first)
{
    struct worker *worker = rt_alloc_zero(1, sizeof *worker);
    *worker = *like;
    worker->first = first;
    return worker;
}

void rt_days_each(struct rt_days *days, int threads, rt_days_work *work, void *what)
{
    write_waiting(days);
    const size_t step = threads > 1 ? 2 : 1;
    const struct worker like = {.days = days, .step = step, .work = work, .what = what};
    struct worker *first = new_worker(&like, 0), *second = new_worker(&like, 1);
    pthread_t thread;
    const bool threaded = step > 1 && pthread_create(&thread, NULL, work_on_share, second) == 0;
    (void)work_on_share(first);
    if (threaded)
        pthread_join(thread, NULL);
    else if (step > 1)
        (void)work_on_share(second);
    free(first);
    free(second);
}
