/*
 * crew: blocks that threads fill and work on together, in an order that does not depend on how many
 * there are.
 *
 * The blocks are the caller's, RT_CREW_SLOTS of them, in a ring, of which a thread by itself uses
 * the first alone. Each is filled when its turn comes, prepared, worked on once for each share, and
 * given up. Each thread works on shares of its own, and fills and prepares where there is nothing
 * to work on. Filling and giving up go block after block, one at a time, and so does the work of
 * one share; what two shares touch in common, they may only read.
 */
#ifndef RT_CREW_H
#define RT_CREW_H

#include <stdbool.h>
#include <stddef.h>

enum { RT_CREW_SLOTS = 6, RT_CREW_SHARES = 2 };

struct rt_crew {
    int threads;   /* 1 or 2; where no second can be had, one does it all */
    size_t shares; /* 1 to RT_CREW_SHARES */
    void *what;    /* for the functions */

    /* Fills a block; false where there was nothing left to fill it with. */
    bool (*fill)(void *what, size_t slot);
    /* Prepares it, while others are; false where it shall be the last. May be NULL. */
    bool (*prepare)(void *what, size_t slot);
    /* Works on a share of it; false where it shall be the last, for all shares. */
    bool (*work)(void *what, size_t slot, size_t share);
    /* Gives it up. May be NULL. */
    void (*finish)(void *what, size_t slot);
};

/*
 * Works until there is nothing left to fill with, or behind a last block: all shares of that one
 * and of those before it have been worked on then.
 */
void rt_crew_run(const struct rt_crew *crew);

#endif
