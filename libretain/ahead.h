/*
 * ahead: blocks that a thread fills while those before them are worked on.
 *
 * The blocks are the caller's, RT_AHEAD_SLOTS of them, in a ring: a function of the caller fills
 * the one whose number it is given. They come in the order in which they were filled, so that one
 * thread or two make no difference to what is made of them.
 */
#ifndef RT_AHEAD_H
#define RT_AHEAD_H

#include <stdbool.h>
#include <stddef.h>

enum { RT_AHEAD_SLOTS = 4 };

struct rt_ahead;

/*
 * Starts to fill. fill(what, slot) fills a block, in the second thread where `threads` is 2, and
 * returns whether nothing comes behind it. With one thread, or where none can be had, only slot 0
 * is used, and filled when it is asked for.
 */
struct rt_ahead *rt_ahead_open(bool (*fill)(void *what, size_t slot), void *what, int threads);

/* The number of the next block, good until the next call; -1 after the last one. */
int rt_ahead_next(struct rt_ahead *ahead);

/* Ends the thread, wherever it is; the block at hand stays good. rt_ahead_next gives -1 from now.
 */
void rt_ahead_stop(struct rt_ahead *ahead);
/* Stops and frees. */
void rt_ahead_close(struct rt_ahead *ahead);

#endif
