#include "libretain/crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

/* Blocks are counted from 0; block n is in slot n % slots. */
struct state {
    const struct rt_crew *crew;
    size_t slots; /* in use: a thread by itself goes on in the one that is in its cache */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    atomic_uint changes; /* so many times something that others may wait for has happened */
    unsigned sleeping;   /* threads that wait for `changed` */
    size_t filled;       /* so many blocks were filled, or are being filled */
    bool filling, exhausted;
    size_t limit; /* the number behind the last block to be worked on */
    bool ready[RT_CREW_SLOTS];
    size_t left[RT_CREW_SLOTS];  /* shares of the block still to be worked on */
    size_t next[RT_CREW_SHARES]; /* the block that the share is to work on */
    bool busy[RT_CREW_SHARES];
    size_t given_up; /* so many blocks were */
};

/*
 * A thread of the crew. It works on every `step`th share, always the same: what belongs to a share
 * stays in the cache of one processor.
 */
struct member {
    struct state *state;
    size_t first, step;
};

static void end_at(struct state *state, size_t limit)
{
    if (limit < state->limit)
        state->limit = limit;
}

/* The functions below hold the lock when they are called and when they return. */

static void tell_change(struct state *state)
{
    atomic_fetch_add_explicit(&state->changes, 1, memory_order_release);
    if (state->sleeping > 0)
        pthread_cond_broadcast(&state->changed);
}

/* Tells the processor that nothing but another thread will end the loop. */
static inline void pause_a_moment(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/*
 * A block takes less time than it takes to wake a thread: it looks around for about as long before
 * it sleeps.
 */
static void await_change(struct state *state)
{
    enum { LOOKS = 2000 };
    const unsigned before = atomic_load_explicit(&state->changes, memory_order_relaxed);
    pthread_mutex_unlock(&state->lock);
    for (int i = 0; i < LOOKS; i++) {
        if (atomic_load_explicit(&state->changes, memory_order_acquire) != before)
            break;
        pause_a_moment();
    }
    pthread_mutex_lock(&state->lock);
    while (atomic_load_explicit(&state->changes, memory_order_relaxed) == before) {
        state->sleeping++;
        pthread_cond_wait(&state->changed, &state->lock);
        state->sleeping--;
    }
}

static void fill(struct state *state)
{
    const struct rt_crew *crew = state->crew;
    const size_t block = state->filled++, slot = block % state->slots;
    state->filling = true;
    pthread_mutex_unlock(&state->lock);
    const bool more = crew->fill(crew->what, slot);
    pthread_mutex_lock(&state->lock);
    state->filling = false;
    tell_change(state);
    if (!more) {
        state->exhausted = true;
        end_at(state, block);
        return;
    }
    pthread_mutex_unlock(&state->lock);
    const bool last = crew->prepare != NULL && !crew->prepare(crew->what, slot);
    pthread_mutex_lock(&state->lock);
    if (last)
        end_at(state, block + 1);
    state->left[slot] = crew->shares;
    state->ready[slot] = true;
    tell_change(state);
}

static void give_up(struct state *state, size_t slot)
{
    const struct rt_crew *crew = state->crew;
    if (crew->finish != NULL) {
        pthread_mutex_unlock(&state->lock);
        crew->finish(crew->what, slot);
        pthread_mutex_lock(&state->lock);
    }
    state->ready[slot] = false;
    state->given_up++;
}

static void work(struct state *state, size_t share)
{
    const struct rt_crew *crew = state->crew;
    const size_t block = state->next[share], slot = block % state->slots;
    state->busy[share] = true;
    pthread_mutex_unlock(&state->lock);
    const bool more = crew->work(crew->what, slot, share);
    pthread_mutex_lock(&state->lock);
    if (!more)
        end_at(state, block + 1);
    if (--state->left[slot] == 0)
        give_up(state, slot);
    state->next[share]++;
    state->busy[share] = false;
    tell_change(state);
}

static bool can_fill(const struct state *state)
{
    return !state->filling && !state->exhausted && state->filled < state->limit &&
           state->filled - state->given_up < state->slots;
}

static bool can_work(const struct state *state, size_t share)
{
    const size_t block = state->next[share];
    return !state->busy[share] && block < state->limit && block < state->filled &&
           state->ready[block % state->slots];
}

/* A share of the member's that can be worked on, or -1. */
static int find_work(const struct member *member)
{
    for (size_t share = member->first; share < member->state->crew->shares; share += member->step)
        if (can_work(member->state, share))
            return (int)share;
    return -1;
}

/* Nothing is left, once all that runs has ended as it should. */
static bool is_done(const struct state *state)
{
    for (size_t share = 0; share < state->crew->shares; share++)
        if (state->next[share] < state->limit)
            return false;
    return true;
}

static void *take_part(void *what)
{
    const struct member *member = what;
    struct state *state = member->state;
    pthread_mutex_lock(&state->lock);
    while (!is_done(state)) {
        const int share = find_work(member);
        if (share >= 0)
            work(state, (size_t)share);
        else if (can_fill(state))
            fill(state);
        else
            await_change(state);
    }
    pthread_mutex_unlock(&state->lock);
    return NULL;
}

void rt_crew_run(const struct rt_crew *crew)
{
    struct state state = {
        .crew = crew, .slots = crew->threads > 1 ? RT_CREW_SLOTS : 1, .limit = SIZE_MAX};
    pthread_mutex_init(&state.lock, NULL);
    pthread_cond_init(&state.changed, NULL);
    struct member second = {&state, 1, 2};
    pthread_t thread;
    const bool threaded =
        crew->threads > 1 && pthread_create(&thread, NULL, take_part, &second) == 0;
    struct member first = {&state, 0, threaded ? 2 : 1};
    (void)take_part(&first);
    if (threaded)
        pthread_join(thread, NULL);
    pthread_mutex_destroy(&state.lock);
    pthread_cond_destroy(&state.changed);
}
