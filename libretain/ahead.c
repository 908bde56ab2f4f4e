#include "libretain/ahead.h"

#include <pthread.h>
#include <stdlib.h>

#include "libretain/err.h"

struct rt_ahead {
    bool (*fill)(void *what, size_t slot);
    void *what;
    bool last[RT_AHEAD_SLOTS]; /* nothing comes behind the block */
    size_t taken;              /* blocks handed out so far */
    bool ended;
    /* With a thread that fills ahead: */
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t made;     /* blocks filled so far */
    size_t released; /* blocks that are no longer in use */
    bool stop;
};

static void *fill_ahead(void *what)
{
    struct rt_ahead *ahead = what;
    for (bool last = false; !last;) {
        pthread_mutex_lock(&ahead->lock);
        while (ahead->made - ahead->released == RT_AHEAD_SLOTS && !ahead->stop)
            pthread_cond_wait(&ahead->changed, &ahead->lock);
        const bool stop = ahead->stop;
        const size_t next = ahead->made % RT_AHEAD_SLOTS;
        pthread_mutex_unlock(&ahead->lock);
        if (stop)
            break;
        last = ahead->last[next] = ahead->fill(ahead->what, next);
        pthread_mutex_lock(&ahead->lock);
        ahead->made++;
        pthread_cond_signal(&ahead->changed);
        pthread_mutex_unlock(&ahead->lock);
    }
    return NULL;
}

/* Gives the block before back and waits for the next. */
static size_t await_slot(struct rt_ahead *ahead)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->released = ahead->taken;
    pthread_cond_signal(&ahead->changed);
    while (ahead->made == ahead->taken)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    pthread_mutex_unlock(&ahead->lock);
    return ahead->taken % RT_AHEAD_SLOTS;
}

struct rt_ahead *rt_ahead_open(bool (*fill)(void *what, size_t slot), void *what, int threads)
{
    struct rt_ahead *ahead = rt_alloc_zero(1, sizeof *ahead);
    ahead->fill = fill;
    ahead->what = what;
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    /* Where no thread can be had, the work is done without. */
    if (threads > 1)
        ahead->threaded = pthread_create(&ahead->thread, NULL, fill_ahead, ahead) == 0;
    return ahead;
}

int rt_ahead_next(struct rt_ahead *ahead)
{
    if (ahead->ended)
        return -1;
    size_t slot = 0;
    if (ahead->threaded)
        slot = await_slot(ahead);
    else
        ahead->last[0] = ahead->fill(ahead->what, 0);
    ahead->taken++;
    ahead->ended = ahead->last[slot];
    return (int)slot;
}

void rt_ahead_stop(struct rt_ahead *ahead)
{
    ahead->ended = true;
    if (!ahead->threaded)
        return;
    pthread_mutex_lock(&ahead->lock);
    ahead->stop = true;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    ahead->threaded = false;
}

void rt_ahead_close(struct rt_ahead *ahead)
{
    if (ahead == NULL)
        return;
    rt_ahead_stop(ahead);
    pthread_mutex_destroy(&ahead->lock);
    pthread_cond_destroy(&ahead->changed);
    free(ahead);
}
