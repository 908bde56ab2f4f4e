#include "libretain/days.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/both.h"
#include "libretain/err.h"

struct rt_days {
    struct rt_piles *piles;
};

struct rt_days *rt_days_new(unsigned day_bits)
{
    struct rt_days *days = rt_alloc(1, sizeof *days);
    days->piles = rt_piles_new(day_bits, 1);
    return days;
}

void rt_days_free(struct rt_days *days)
{
    if (days == NULL)
        return;
    rt_piles_free(days->piles);
    free(days);
}

void rt_days_clear(struct rt_days *days)
{
    rt_piles_clear(days->piles);
}

void rt_days_add(struct rt_days *days, uint32_t customer, int32_t day)
{
    rt_piles_add(days->piles, customer, day, 0);
}

/* Handing out -----------------------------------------------------------------------------------
 */

/* What a thread has of its own. */
struct worker {
    const struct rt_piles *piles;
    size_t first, step, end; /* of the piles */
    rt_days_work *work;
    void *what;
    struct rt_pile pile; /* at hand */
    int32_t *run;        /* the days of a customer */
    size_t run_count, run_size;
    uint64_t *sets; /* a row of words for each customer of the pile; all 0 between the piles */
    size_t set_size;
    /* The row of each place, from 1, 0 for none; and the places by row. */
    uint16_t rows[RT_PILES_PLACES], places[RT_PILES_PLACES];
    size_t row_count;
    int32_t first_day, last_day;
};

/* Gives each customer of the pile a row, and finds out how long the rows must be. */
static void make_rows(struct worker *worker)
{
    worker->row_count = 0;
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t i = 0; i < worker->pile.count; i++) {
        const uint32_t place = rt_piles_place(worker->piles, worker->pile.words[i]);
        const int32_t day = rt_piles_day(worker->piles, worker->pile.words[i]);
        if (worker->rows[place] == 0) {
            worker->places[worker->row_count++] = (uint16_t)place;
            worker->rows[place] = (uint16_t)worker->row_count;
        }
        first = day < first ? day : first;
        last = day > last ? day : last;
    }
    worker->first_day = first;
    worker->last_day = last;
}

static void forget_rows(struct worker *worker)
{
    for (size_t row = 0; row < worker->row_count; row++)
        worker->rows[worker->places[row]] = 0;
}

static size_t row_words(const struct worker *worker)
{
    return (size_t)(worker->last_day - worker->first_day) / 64 + 1;
}

static void make_set_room(struct worker *worker, size_t words)
{
    const size_t size = rt_grown(worker->set_size, words);
    if (size == 0)
        return;
    worker->sets = rt_realloc(worker->sets, size, sizeof *worker->sets);
    memset(worker->sets, 0, size * sizeof *worker->sets);
    worker->set_size = size;
}

static void fill_sets(struct worker *worker)
{
    const size_t words = row_words(worker);
    make_set_room(worker, worker->row_count * words);
    for (size_t i = 0; i < worker->pile.count; i++) {
        const uint32_t key = worker->pile.words[i];
        const size_t row = worker->rows[rt_piles_place(worker->piles, key)] - 1u;
        const uint32_t bit = (uint32_t)(rt_piles_day(worker->piles, key) - worker->first_day);
        worker->sets[row * words + bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

static inline void add_to_run(struct worker *worker, int32_t day)
{
    const size_t size = rt_grown(worker->run_size, worker->run_count + 1);
    if (size > 0) {
        worker->run = rt_realloc(worker->run, size, sizeof *worker->run);
        worker->run_size = size;
    }
    worker->run[worker->run_count++] = day;
}

static void hand_out_run(struct worker *worker, size_t pile, uint32_t place)
{
    worker->work(worker->what, rt_piles_customer(worker->piles, pile, place), worker->run,
                 worker->run_count);
    worker->run_count = 0;
}

/* Leaves the sets empty. */
static void hand_out_sets(struct worker *worker, size_t pile)
{
    const size_t words = row_words(worker);
    for (size_t row = 0; row < worker->row_count; row++) {
        for (size_t i = 0; i < words; i++) {
            uint64_t *word = &worker->sets[row * words + i];
            for (; *word != 0; *word &= *word - 1)
                add_to_run(worker, worker->first_day + (int32_t)(i * 64) + __builtin_ctzll(*word));
        }
        hand_out_run(worker, pile, worker->places[row]);
    }
}

static int compare_keys(const void *a, const void *b)
{
    const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Days that lie too far apart for sets: a date mistyped by centuries is enough. */
static void hand_out_sorted(struct worker *worker, size_t pile)
{
    const uint32_t *keys = worker->pile.words;
    const size_t count = worker->pile.count;
    qsort(worker->pile.words, count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < count; i++) {
        const uint32_t place = rt_piles_place(worker->piles, keys[i]);
        if (i == 0 || keys[i] != keys[i - 1])
            add_to_run(worker, rt_piles_day(worker->piles, keys[i]));
        if (i + 1 == count || rt_piles_place(worker->piles, keys[i + 1]) != place)
            hand_out_run(worker, pile, place);
    }
}

static void work_on_piles(void *what)
{
    enum { SET_WORDS_MOST = 1 << 16 };
    struct worker *worker = what;
    for (size_t pile = worker->first; pile < worker->end; pile += worker->step) {
        rt_piles_take(worker->piles, pile, &worker->pile);
        if (worker->pile.count == 0)
            continue;
        make_rows(worker);
        if (worker->row_count * row_words(worker) > SET_WORDS_MOST) {
            hand_out_sorted(worker, pile);
        } else {
            fill_sets(worker);
            hand_out_sets(worker, pile);
        }
        forget_rows(worker);
    }
    free(worker->pile.words);
    free(worker->sets);
    free(worker->run);
}

static struct worker *new_worker(const struct worker *like, size_t first)
{
    struct worker *worker = rt_alloc(1, sizeof *worker);
    *worker = *like;
    worker->first = first;
    return worker;
}

void rt_days_each(struct rt_days *days, int threads, rt_days_work *work, void *what)
{
    const struct worker like = {.piles = days->piles,
                                .step = threads > 1 ? 2 : 1,
                                .end = rt_piles_finish(days->piles),
                                .work = work,
                                .what = what};
    struct worker *first = new_worker(&like, 0), *second = new_worker(&like, 1);
    rt_both(work_on_piles, first, like.step > 1 ? second : NULL);
    free(first);
    free(second);
}
