#include "libretain/days.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/both.h"
#include "libretain/err.h"
#include "libretain/piles.h"
#include "libretain/radix.h"

/*
 * A row of a pile says in 16 bits which of the neighbours it is of, and which day of the window.
 * Neighbours are told by where their entries begin, in steps that no two of them share.
 */
enum {
    NEIGHBOUR_BITS = 4,
    NEIGHBOURS = 1 << NEIGHBOUR_BITS,
    WINDOW_BITS = 16 - NEIGHBOUR_BITS,
    WINDOW = 1 << WINDOW_BITS, /* days */
    WORDS = WINDOW / 64        /* of a set */
};

struct rt_days_kept {
    const struct rt_map *customers;
    unsigned step_bits; /* of a place, that neighbours do not need */
    struct rt_piles *piles;
    bool any;
    int64_t base;  /* the first day of the window */
    uint64_t *far; /* outside the window: see far_day; in order when finished */
    size_t far_count, far_size;
    uint64_t edition; /* how often it was finished */
};

struct rt_days *rt_days_new(const struct rt_map *customers)
{
    struct rt_days *days = rt_alloc(1, sizeof *days);
    days->waiting_count = 0;
    days->kept = rt_alloc_zero(1, sizeof *days->kept);
    days->kept->customers = customers;
    days->kept->step_bits = rt_map_step_bits(customers);
    days->kept->piles = rt_piles_new(sizeof(uint16_t));
    return days;
}

void rt_days_free(struct rt_days *days)
{
    if (days == NULL)
        return;
    rt_piles_free(days->kept->piles);
    free(days->kept->far);
    free(days->kept);
    free(days);
}

void rt_days_clear(struct rt_days *days)
{
    rt_piles_clear(days->kept->piles);
    days->kept->any = false;
    days->kept->far_count = 0;
    days->waiting_count = 0;
}

/* A customer and a day as one number; all days of a customer lie beside each other, in order. */
static uint64_t far_day(uint32_t customer, int64_t day)
{
    return (uint64_t)customer << 32 | (uint32_t)(day - INT32_MIN);
}

static void add_far(struct rt_days_kept *kept, struct rt_day_of day)
{
    const size_t size = rt_grown(kept->far_size, kept->far_count + 1);
    if (size > 0) {
        kept->far = rt_realloc(kept->far, size, sizeof *kept->far);
        kept->far_size = size;
    }
    kept->far[kept->far_count++] = far_day(day.customer, day.day);
}

void rt_days_put_away(struct rt_days *days)
{
    struct rt_days_kept *kept = days->kept;
    const struct rt_day_of *waiting = days->waiting;
    if (!kept->any && days->waiting_count > 0) {
        kept->any = true;
        kept->base = (int64_t)waiting[0].day - WINDOW / 2;
    }
    struct rt_pile_row rows[RT_DAYS_WAITING];
    size_t count = 0;
    for (size_t i = 0; i < days->waiting_count; i++) {
        const uint64_t offset = (uint64_t)(waiting[i].day - kept->base);
        const uint32_t neighbour = waiting[i].customer >> kept->step_bits;
        if (offset < WINDOW)
            rows[count++] = (struct rt_pile_row){
                neighbour / NEIGHBOURS, (uint64_t)(neighbour % NEIGHBOURS) << WINDOW_BITS | offset};
        else
            add_far(kept, waiting[i]);
    }
    rt_piles_add(kept->piles, rows, count);
    days->waiting_count = 0;
}

void rt_days_finish(struct rt_days *days)
{
    struct rt_days_kept *kept = days->kept;
    rt_days_put_away(days);
    if (kept->far_count > 0) {
        kept->far = rt_radix_sort(kept->far, kept->far_count);
        kept->far_size = kept->far_count;
    }
    kept->edition++;
}

/* Sets ------------------------------------------------------------------------------------------
 */

/* The sets of a pile's customers: word by word, so that those in use lie together. */
struct sets {
    uint64_t words[WORDS][NEIGHBOURS];
    uint64_t used;               /* a bit for each word: others are 0 */
    uint32_t counts[NEIGHBOURS]; /* of different days */
};

enum { PILES = 8 };

/* Some piles at a time, as each part of a pile has to be waited for. */
struct rt_days_view {
    const struct rt_days_kept *kept;
    uint64_t edition; /* of what is in view; 0: nothing is */
    size_t group;     /* in view: PILES piles from group * PILES on */
    struct sets sets[PILES];
    int32_t *list; /* of a customer */
    size_t list_size;
};

struct rt_days_view *rt_days_view_new(const struct rt_days *days)
{
    struct rt_days_view *view = rt_alloc_zero(1, sizeof *view);
    view->kept = days->kept;
    return view;
}

void rt_days_view_free(struct rt_days_view *view)
{
    if (view == NULL)
        return;
    free(view->list);
    free(view);
}

static void clear_sets(struct sets *sets)
{
    for (; sets->used != 0; sets->used &= sets->used - 1)
        memset(sets->words[__builtin_ctzll(sets->used)], 0, sizeof sets->words[0]);
    memset(sets->counts, 0, sizeof sets->counts);
}

static void add_part(struct sets *sets, const struct rt_pile_part *part)
{
    const uint16_t *rows = part->rows;
    uint64_t used = sets->used;
    for (size_t i = 0; i < part->count; i++) {
        const unsigned neighbour = rows[i] / WINDOW, day = rows[i] % WINDOW;
        uint64_t *word = &sets->words[day / 64][neighbour];
        used |= UINT64_C(1) << day / 64;
        sets->counts[neighbour] += (*word >> day % 64 & 1) == 0;
        *word |= UINT64_C(1) << day % 64;
    }
    sets->used = used;
}

/* The parts of the piles in turns: while one is taken, the next of the others are on their way. */
static void look_at(struct rt_days_view *view, size_t group)
{
    const struct rt_piles *piles = view->kept->piles;
    struct rt_pile_part parts[PILES];
    size_t left = 0;
    for (size_t i = 0; i < PILES; i++) {
        clear_sets(&view->sets[i]);
        parts[i] = rt_piles_first(piles, group * PILES + i);
        left += parts[i].rows != NULL;
    }
    while (left > 0)
        for (size_t i = 0; i < PILES; i++) {
            if (parts[i].rows == NULL)
                continue;
            add_part(&view->sets[i], &parts[i]);
            parts[i] = rt_piles_next(piles, parts[i]);
            left -= parts[i].rows == NULL;
        }
    view->edition = view->kept->edition;
    view->group = group;
}

static size_t group_of(const struct rt_days_kept *kept, uint32_t customer)
{
    return (customer >> kept->step_bits) / NEIGHBOURS / PILES;
}

/* The sets that a customer's is among, and which it is. */
static const struct sets *sets_of(struct rt_days_view *view, uint32_t customer, size_t *neighbour)
{
    const size_t group = group_of(view->kept, customer);
    if (view->edition != view->kept->edition || view->group != group)
        look_at(view, group);
    const uint32_t step = customer >> view->kept->step_bits;
    *neighbour = step % NEIGHBOURS;
    return &view->sets[step / NEIGHBOURS % PILES];
}

/* The number of the first far day that is not before this one. */
static size_t find_far(const struct rt_days_kept *kept, uint64_t far)
{
    size_t from = 0, to = kept->far_count;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (kept->far[middle] < far)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/*
 * A customer's different days from `from` to `to`, in ascending order, into `list` where it is not
 * NULL: how many.
 */
static size_t list_far(const struct rt_days_kept *kept, uint32_t customer, int64_t from, int64_t to,
                       int32_t *list)
{
    if (kept->far_count == 0 || from > to)
        return 0;
    const size_t end = find_far(kept, far_day(customer, to) + 1);
    size_t count = 0;
    for (size_t i = find_far(kept, far_day(customer, from)); i < end; i++) {
        if (i > 0 && kept->far[i] == kept->far[i - 1])
            continue;
        if (list != NULL)
            list[count] = (int32_t)((int64_t)(uint32_t)kept->far[i] + INT32_MIN);
        count++;
    }
    return count;
}

static size_t list_near(const struct rt_days_kept *kept, const struct sets *sets, size_t neighbour,
                        int32_t *list)
{
    size_t count = 0;
    for (uint64_t used = sets->used; used != 0; used &= used - 1) {
        const int word = __builtin_ctzll(used);
        for (uint64_t bits = sets->words[word][neighbour]; bits != 0; bits &= bits - 1)
            list[count++] = (int32_t)(kept->base + word * 64 + __builtin_ctzll(bits));
    }
    return count;
}

size_t rt_days_count(struct rt_days_view *view, uint32_t customer)
{
    size_t neighbour;
    const struct sets *sets = sets_of(view, customer, &neighbour);
    return sets->counts[neighbour] + list_far(view->kept, customer, INT32_MIN, INT32_MAX, NULL);
}

size_t rt_days_count_between(struct rt_days_view *view, uint32_t customer, int32_t from, int32_t to)
{
    int32_t near[WINDOW];
    size_t neighbour;
    const struct sets *sets = sets_of(view, customer, &neighbour);
    const size_t near_count = list_near(view->kept, sets, neighbour, near);
    size_t count = list_far(view->kept, customer, from, to, NULL);
    for (size_t i = 0; i < near_count; i++)
        count += near[i] >= from && near[i] <= to;
    return count;
}

size_t rt_days_read(struct rt_days_view *view, uint32_t customer, const int32_t **list)
{
    const struct rt_days_kept *kept = view->kept;
    size_t neighbour;
    const struct sets *sets = sets_of(view, customer, &neighbour);
    const size_t far = list_far(kept, customer, INT32_MIN, INT32_MAX, NULL);
    const size_t most = sets->counts[neighbour] + far;
    *list = NULL;
    if (most == 0)
        return 0;
    const size_t size = rt_grown(view->list_size, most);
    if (size > 0) {
        view->list = rt_realloc(view->list, size, sizeof *view->list);
        view->list_size = size;
    }
    size_t count = list_far(kept, customer, INT32_MIN, kept->base - 1, view->list);
    count += list_near(kept, sets, neighbour, view->list + count);
    count += list_far(kept, customer, kept->base + WINDOW, INT32_MAX, view->list + count);
    *list = view->list;
    return count;
}

/* Handing out -----------------------------------------------------------------------------------
 */

/* What a thread has of its own. */
struct worker {
    const struct rt_days_kept *kept;
    struct rt_days_view *view;
    size_t first, step; /* the groups that are this thread's */
    rt_days_work *work;
    void *what;
};

static void hand_out_groups(void *what)
{
    struct worker *worker = what;
    const struct rt_map *customers = worker->kept->customers;
    for (const void *state = NULL; (state = rt_map_next(customers, state)) != NULL;) {
        const uint32_t customer = rt_map_offset(customers, state);
        if (group_of(worker->kept, customer) % worker->step != worker->first)
            continue;
        const int32_t *days;
        const size_t count = rt_days_read(worker->view, customer, &days);
        if (count > 0)
            worker->work(worker->what, customer, days, count);
    }
}

void rt_days_each(struct rt_days *days, int threads, rt_days_work *work, void *what)
{
    const bool alone = threads < 2;
    rt_days_finish(days);
    struct worker workers[2];
    for (size_t i = 0; i < 2; i++)
        workers[i] = (struct worker){.kept = days->kept,
                                     .view = rt_days_view_new(days),
                                     .first = i,
                                     .step = alone ? 1 : 2,
                                     .work = work,
                                     .what = what};
    rt_both(hand_out_groups, &workers[0], alone ? NULL : &workers[1]);
    for (size_t i = 0; i < 2; i++)
        rt_days_view_free(workers[i].view);
}
