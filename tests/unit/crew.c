#include "libretain/crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

enum { BLOCKS = 200 };

/* Who says that a block is the last: nobody; filling finds nothing behind it; or one of the others.
 */
enum ender { NOBODY, FILL, PREPARE, WORK };

/* What happens to block n is written down in its place, and checked against what must come before.
 */
struct job {
    enum ender ender;
    size_t end;         /* the last block, by `ender` */
    size_t ender_share; /* for WORK */
    size_t shares;
    size_t slots, in_slot[RT_CREW_SLOTS];
    size_t filled, finished;
    bool prepared[BLOCKS + 1], given_up[BLOCKS + 1];
    size_t worked[RT_CREW_SHARES]; /* blocks */
    unsigned uneven;               /* yields at odd times, to vary who comes first */
    pthread_mutex_t lock;
};

/* Steps aside now and then, and comes back with the lock. */
static void dawdle(struct job *job)
{
    pthread_mutex_lock(&job->lock);
    job->uneven = job->uneven * 1103515245 + 12345;
    unsigned times = job->uneven >> 16 & 7;
    pthread_mutex_unlock(&job->lock);
    while (times-- > 0)
        sched_yield();
    pthread_mutex_lock(&job->lock);
}

static bool leave(struct job *job, bool result)
{
    pthread_mutex_unlock(&job->lock);
    return result;
}

static bool fill(void *what, size_t slot)
{
    struct job *job = what;
    dawdle(job);
    const size_t block = job->filled++;
    ck_assert_uint_eq(block % job->slots, slot);
    ck_assert_uint_le(block, BLOCKS);
    ck_assert_uint_le(block - job->finished, job->slots);
    job->in_slot[slot] = block;
    return leave(job, block <= (job->ender == FILL ? job->end : BLOCKS - 1));
}

static bool prepare(void *what, size_t slot)
{
    struct job *job = what;
    dawdle(job);
    const size_t block = job->in_slot[slot];
    ck_assert(!job->prepared[block]);
    job->prepared[block] = true;
    return leave(job, job->ender != PREPARE || block != job->end);
}

static bool work(void *what, size_t slot, size_t share)
{
    struct job *job = what;
    dawdle(job);
    const size_t block = job->in_slot[slot];
    ck_assert_uint_lt(share, job->shares);
    ck_assert(job->prepared[block] && !job->given_up[block]);
    ck_assert_uint_eq(job->worked[share], block);
    job->worked[share]++;
    return leave(job, job->ender != WORK || block != job->end || share != job->ender_share);
}

static void finish(void *what, size_t slot)
{
    struct job *job = what;
    dawdle(job);
    const size_t block = job->in_slot[slot];
    ck_assert_uint_eq(job->finished, block);
    for (size_t share = 0; share < job->shares; share++)
        ck_assert_uint_gt(job->worked[share], block);
    job->given_up[block] = true;
    job->finished++;
    (void)leave(job, true);
}

static void check(int threads, size_t shares, enum ender ender, size_t end, size_t ender_share)
{
    struct job job = {.slots = threads == 1 ? 1 : RT_CREW_SLOTS,
                      .ender = ender,
                      .end = end,
                      .ender_share = ender_share,
                      .shares = shares,
                      .uneven = (unsigned)(end + shares),
                      .lock = PTHREAD_MUTEX_INITIALIZER};
    const struct rt_crew crew = {.threads = threads,
                                 .shares = shares,
                                 .what = &job,
                                 .fill = fill,
                                 .prepare = prepare,
                                 .work = work,
                                 .finish = finish};
    rt_crew_run(&crew);
    const size_t all = ender == NOBODY ? BLOCKS : end + 1;
    for (size_t share = 0; share < shares; share++) {
        /* A share that is ahead of the one that ends may have gone on; none is behind. */
        ck_assert_uint_ge(job.worked[share], all);
        if (ender == FILL || ender == NOBODY || share == ender_share)
            ck_assert_uint_eq(job.worked[share], all);
    }
    ck_assert_uint_ge(job.finished, all);
}

START_TEST(every_block_once_and_in_order)
{
    for (int threads = 1; threads <= 2; threads++)
        for (size_t shares = 1; shares <= RT_CREW_SHARES; shares++)
            for (int again = 0; again < 20; again++)
                check(threads, shares, NOBODY, (size_t)again, 0);
}
END_TEST

START_TEST(ends_behind_the_last_block)
{
    for (int threads = 1; threads <= 2; threads++)
        for (size_t shares = 1; shares <= RT_CREW_SHARES; shares++)
            for (size_t end = 0; end < 40; end++) {
                check(threads, shares, FILL, end, 0);
                check(threads, shares, PREPARE, end, shares);
                for (size_t share = 0; share < shares; share++)
                    check(threads, shares, WORK, end, share);
            }
}
END_TEST

static bool nothing(void *what, size_t slot)
{
    (void)what;
    (void)slot;
    return false;
}

START_TEST(nothing_at_all)
{
    struct job job = {.shares = 2};
    const struct rt_crew crew = {
        .threads = 2, .shares = 2, .what = &job, .fill = nothing, .prepare = prepare, .work = work};
    rt_crew_run(&crew);
    ck_assert_uint_eq(job.worked[0] + job.worked[1], 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("crew");
    TCase *tests = tcase_create("crew");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_block_once_and_in_order);
    tcase_add_test(tests, ends_behind_the_last_block);
    tcase_add_test(tests, nothing_at_all);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
