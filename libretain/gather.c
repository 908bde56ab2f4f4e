#include "libretain/gather.h"

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
    void (*take)(void *what, const struct rt_profile_line *line);
    void *what;
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

static void hand_out(struct job *job, int32_t until)
{
    rt_profile_settle(job->profile);
    const void *place = NULL;
    struct rt_profile_line line;
    while (rt_profile_next(job->profile, until, &place, &line))
        job->take(job->what, &line);
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

static int compare_bytes(struct rt_text a, struct rt_text b)
{
    const size_t shorter = a.length < b.length ? a.length : b.length;
    const int order = memcmp(a.at, b.at, shorter);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

/* Makes `next` the customer at hand. False where no order allows it. */
static bool follows(struct order_check *check, struct rt_text next)
{
    if (check->any) {
        const struct rt_text before = {check->id, check->length};
        check->by_bytes &= compare_bytes(before, next) < 0;
        check->by_length &= before.length < next.length ||
                            (before.length == next.length && compare_bytes(before, next) < 0);
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

const char *rt_gather(const struct rt_gather *gather,
                      void (*take)(void *what, const struct rt_profile_line *line), void *what,
                      struct rt_profile_counts *counts)
{
    struct rt_profile_rules rules = gather->rules;
    rules.keep_days = gather->sorted || !rt_table_can_rewind(gather->table);
    struct job job = {gather, rt_profile_new(&rules), NULL, take, what};
    if (!gather->sorted)
        open_feed(&job);
    const char *fault = gather->sorted ? gather_sorted(&job) : gather_all(&job);
    *counts = rt_profile_counts(job.profile);
    rt_feed_close(job.feed);
    rt_profile_free(job.profile);
    return fault;
}
