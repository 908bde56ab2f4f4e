#include "libretain/gather.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/feed.h"

/* A job under way. */
struct job {
    const struct rt_gather *gather;
    struct rt_profile *profile;
    struct rt_feed *feed;
    rt_gather_write *write;
    const void *what;
    struct rt_out *out;
    struct rt_gathered *gathered;
};

static void open_feed(struct job *job)
{
    const struct rt_gather *gather = job->gather;
    job->feed = rt_feed_open(gather->table, &gather->log, gather->purchase,
                             rt_profile_map(job->profile), gather->threads);
}

static const char *refuse(struct job *job, const struct rt_feed_block *block, size_t row,
                          enum rt_log_column column, const char *fault)
{
    rt_feed_stop(job->feed);
    (void)rt_table_refuse_row(job->gather->table, block->rows, row, job->gather->log.at[column],
                              fault);
    return rt_table_message(job->gather->table);
}

/* Adds rows of a block. NULL, or the message. */
static const char *add_rows(struct job *job, const struct rt_feed_block *block, size_t from,
                            size_t to)
{
    const char *fault;
    enum rt_log_column column;
    const int64_t bad = rt_profile_add(job->profile, block, from, to, &fault, &column);
    return bad < 0 ? NULL : refuse(job, block, (size_t)bad, column, fault);
}

static int32_t as_of(const struct job *job)
{
    return job->gather->rules.as_of != RT_DAY_NONE ? job->gather->rules.as_of
                                                   : rt_profile_counts(job->profile).last_day;
}

/* Lines -----------------------------------------------------------------------------------------
 *
 * Formatting a million lines takes as long as a good part of counting them: two threads take
 * turns, a few thousand customers each, the second into memory.
 */

/* Customers whose lines are written in one go. */
struct share {
    struct job *job;
    int32_t until;
    const void *before; /* the customer before the first, NULL at the start */
    size_t count;
    struct rt_out *out;
    uint64_t written, left_out;
};

static void *write_share(void *what)
{
    struct share *share = what;
    const struct job *job = share->job;
    struct rt_profile_line line;
    const void *place = share->before;
    for (size_t i = 0; i < share->count; i++) {
        if (!rt_profile_next(job->profile, share->until, &place, &line))
            break;
        const bool written = job->write(job->what, share->out, &line);
        share->written += written;
        share->left_out += !written;
    }
    return NULL;
}

/* The last of the `count` customers behind `before`. */
static const void *skip_customers(const struct job *job, const void *before, size_t count)
{
    const struct rt_map *map = rt_profile_map(job->profile);
    for (size_t i = 0; i < count; i++)
        before = rt_map_next(map, before);
    return before;
}

static void add_share(struct job *job, const struct share *share)
{
    job->gathered->written += share->written;
    job->gathered->left_out += share->left_out;
}

/* Writes `count` customers behind *before, each half in a thread of its own. */
static void write_pair(struct job *job, int32_t until, const void **before, size_t count,
                       struct rt_out *aside)
{
    struct share first = {job, until, *before, count / 2, job->out, 0, 0};
    struct share second = {.job = job, .until = until, .count = count - count / 2, .out = aside};
    second.before = skip_customers(job, *before, first.count);
    *before = skip_customers(job, second.before, second.count);
    pthread_t thread;
    const bool threaded = pthread_create(&thread, NULL, write_share, &second) == 0;
    (void)write_share(&first);
    if (threaded)
        pthread_join(thread, NULL);
    else
        (void)write_share(&second);
    rt_out_move(job->out, aside);
    add_share(job, &first);
    add_share(job, &second);
}

static void hand_out(struct job *job, int32_t until)
{
    enum { PAIR = 8192 };
    /* A customer at a time is too little for two threads. */
    rt_profile_settle(job->profile, job->gather->sorted ? 1 : job->gather->threads);
    const void *before = NULL;
    size_t left = (size_t)rt_profile_counts(job->profile).customers;
    if (job->gather->threads > 1 && left >= PAIR) {
        struct rt_out aside;
        rt_out_open_memory(&aside, job->out->delimiter);
        for (; left >= PAIR; left -= PAIR)
            write_pair(job, until, &before, PAIR, &aside);
        rt_out_free(&aside);
    }
    struct share rest = {job, until, before, left, job->out, 0, 0};
    (void)write_share(&rest);
    add_share(job, &rest);
}

/* In memory -------------------------------------------------------------------------------------
 */

static const char *gather_all(struct job *job)
{
    const struct rt_feed_block *block;
    while ((block = rt_feed_next(job->feed)) != NULL) {
        const char *fault = add_rows(job, block, 0, block->count);
        if (fault != NULL)
            return fault;
        if (rt_profile_lacks_days(job->profile)) {
            rt_feed_close(job->feed);
            job->feed = NULL;
            if (rt_table_rewind(job->gather->table) != 0)
                return rt_table_message(job->gather->table);
            rt_profile_restart(job->profile);
            open_feed(job);
        }
    }
    if (rt_table_message(job->gather->table) != NULL)
        return rt_table_message(job->gather->table);
    hand_out(job, as_of(job));
    return NULL;
}

/* Sorted ----------------------------------------------------------------------------------------
 */

/* The customer at hand, and which orders of the customers so far are still possible. */
struct order_check {
    char *id;
    size_t length, size;
    bool any, by_bytes, by_length;
};

/* Makes `next` the customer at hand. False where no order allows it. */
static bool follows(struct order_check *check, struct rt_text next)
{
    if (check->any) {
        const struct rt_text before = {check->id, check->length};
        check->by_bytes &= rt_text_compare(before, next) < 0;
        check->by_length &= before.length < next.length ||
                            (before.length == next.length && rt_text_compare(before, next) < 0);
    }
    const size_t size = rt_grown(check->size, next.length);
    if (size > 0) {
        check->id = rt_realloc(check->id, size, 1);
        check->size = size;
    }
    memcpy(check->id, next.at, next.length);
    check->length = next.length;
    check->any = true;
    return check->by_bytes || check->by_length;
}

/* Hands out the customer at hand. */
static void finish_customer(struct job *job, int32_t until)
{
    hand_out(job, until);
    rt_profile_clear(job->profile);
}

static const char *gather_block(struct job *job, const struct rt_feed_block *block,
                                struct order_check *check, int32_t until)
{
    for (size_t from = 0, to; from < block->count; from = to) {
        const struct rt_text customer = rt_feed_customer(&block->row[from]);
        to = from + 1;
        while (to < block->count && rt_text_equal(rt_feed_customer(&block->row[to]), customer))
            to++;
        const struct rt_text before = {check->id, check->length};
        if (!check->any || !rt_text_equal(before, customer)) {
            if (check->any)
                finish_customer(job, until);
            if (!follows(check, customer))
                return refuse(job, block, from, RT_LOG_CUSTOMER,
                              "not in order, as --sorted asks for (rt-log --sort sorts)");
        }
        const char *fault = add_rows(job, block, from, to);
        if (fault != NULL)
            return fault;
    }
    return NULL;
}

/* The last date of the rows, by a pass of its own. */
static const char *find_last_day(struct job *job, int32_t *last)
{
    const struct rt_feed_block *block;
    *last = RT_DAY_NONE;
    open_feed(job);
    while ((block = rt_feed_next(job->feed)) != NULL)
        for (size_t i = 0; i < block->count; i++)
            if (block->row[i].day > *last)
                *last = block->row[i].day;
    rt_feed_close(job->feed);
    job->feed = NULL;
    if (rt_table_message(job->gather->table) == NULL)
        (void)rt_table_rewind(job->gather->table);
    return rt_table_message(job->gather->table);
}

static const char *gather_sorted(struct job *job)
{
    int32_t until = job->gather->rules.as_of;
    if (until == RT_DAY_NONE) {
        if (!rt_table_can_rewind(job->gather->table))
            return "--sorted needs --as-of where the input cannot be read twice";
        const char *fault = find_last_day(job, &until);
        if (fault != NULL)
            return fault;
    }
    open_feed(job);
    struct order_check check = {.by_bytes = true, .by_length = true};
    const struct rt_feed_block *block;
    const char *fault = NULL;
    while (fault == NULL && (block = rt_feed_next(job->feed)) != NULL)
        fault = gather_block(job, block, &check, until);
    free(check.id);
    if (fault == NULL)
        fault = rt_table_message(job->gather->table);
    if (fault == NULL && check.any)
        finish_customer(job, until);
    return fault;
}

const char *rt_gather(const struct rt_gather *gather, rt_gather_write *write, const void *what,
                      struct rt_out *out, struct rt_gathered *gathered)
{
    struct rt_profile_rules rules = gather->rules;
    rules.keep_days = gather->sorted || !rt_table_can_rewind(gather->table);
    *gathered = (struct rt_gathered){.written = 0};
    struct job job = {gather, rt_profile_new(&rules), NULL, write, what, out, gathered};
    if (!gather->sorted)
        open_feed(&job);
    const char *fault = gather->sorted ? gather_sorted(&job) : gather_all(&job);
    gathered->rows = rt_profile_counts(job.profile);
    rt_feed_close(job.feed);
    rt_profile_free(job.profile);
    return fault;
}
