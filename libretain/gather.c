#include "libretain/gather.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/arrivals.h"
#include "libretain/crew.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/feed.h"

/*
 * A job under way. With two threads the customers are shared out among two profiles, where nothing
 * but a row's customer, date and amount is asked for.
 */
struct job {
    const struct rt_gather *gather;
    size_t shares;
    struct rt_profile *profiles[RT_FEED_SHARES];
    struct rt_arrivals arrivals; /* with two shares */
    struct parts *parts;         /* once lines are written */
    rt_gather_write *write;
    const void *what;
    struct rt_out *out;
    struct rt_gathered *gathered;
};

/* Adds rows of a share. */
static enum rt_feed_next add_rows(struct job *job, size_t share, struct rt_feed_block *block,
                                  size_t from, size_t to, struct rt_feed_fault *fault)
{
    enum rt_log_column column;
    const int64_t bad =
        rt_profile_add(job->profiles[share], block, from, to, &fault->reason, &column);
    if (bad < 0)
        return RT_FEED_MORE;
    fault->row = (size_t)bad;
    fault->column = job->gather->log.at[column];
    return RT_FEED_BAD;
}

static struct rt_profile_counts counts(const struct job *job)
{
    struct rt_profile_counts all = rt_profile_counts(job->profiles[0]);
    for (size_t i = 1; i < job->shares; i++) {
        const struct rt_profile_counts share = rt_profile_counts(job->profiles[i]);
        all.rows += share.rows;
        all.after += share.after;
        all.customers += share.customers;
        if (share.last_day > all.last_day)
            all.last_day = share.last_day;
    }
    return all;
}

static int32_t as_of(const struct job *job)
{
    return job->gather->rules.as_of != RT_DAY_NONE ? job->gather->rules.as_of
                                                   : counts(job).last_day;
}

static const char *run_feed(struct job *job,
                            enum rt_feed_next (*work)(void *, size_t, struct rt_feed_block *,
                                                      struct rt_feed_fault *),
                            void (*finish)(void *, const struct rt_feed_block *), void *what)
{
    const struct rt_gather *gather = job->gather;
    const struct rt_feed feed = {
        .table = gather->table,
        .log = &gather->log,
        .purchase = gather->purchase,
        .map = rt_profile_map(job->profiles[0]),
        .threads = gather->threads,
        .shares = job->shares,
        .what = what,
        .work = work,
        .finish = finish,
    };
    return rt_feed_run(&feed);
}

/* Lines -----------------------------------------------------------------------------------------
 *
 * Formatting a million lines takes as long as a good part of counting them: two threads take a few
 * thousand customers each in turns, and write their lines into memory, which goes out in order.
 */

/* A place between two customers, in order of first appearance. */
struct cursor {
    const void *before[RT_FEED_SHARES]; /* the last customer of each share; NULL at the start */
    size_t number;                      /* of customers before it */
};

/* Customers whose lines are written in one go. */
struct part {
    const struct job *job;
    struct rt_profile_reader *readers[RT_FEED_SHARES];
    struct cursor cursor;
    size_t count;
    struct rt_out *out;
    uint64_t written, left_out;
    struct rt_out aside;         /* what `out` is where there are two threads */
    char apart[2 * RT_MAP_LINE]; /* no part is in the lines of the cache of another */
};

struct parts {
    struct job *job;
    struct cursor cursor; /* what comes next, */
    size_t left;          /* and how many customers that is */
    struct part parts[RT_CREW_SLOTS];
};

/* The share of the next customer. */
static size_t share_of_next(const struct job *job, const struct cursor *cursor)
{
    return job->shares == 1 ? 0 : rt_arrivals_share(&job->arrivals, cursor->number);
}

static void skip_customers(const struct job *job, struct cursor *cursor, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const size_t share = share_of_next(job, cursor);
        cursor->before[share] =
            rt_map_next(rt_profile_map(job->profiles[share]), cursor->before[share]);
        cursor->number++;
    }
}

static void write_part(struct part *part)
{
    const struct job *job = part->job;
    struct cursor cursor = part->cursor;
    struct rt_profile_line line;
    part->written = part->left_out = 0;
    for (size_t i = 0; i < part->count; i++) {
        const size_t share = share_of_next(job, &cursor);
        if (!rt_profile_read(part->readers[share], &cursor.before[share], &line))
            break;
        cursor.number++;
        if (job->write(job->what, part->out, &line))
            part->written++;
        else
            part->left_out++;
    }
}

static void add_part(struct job *job, const struct part *part)
{
    job->gathered->written += part->written;
    job->gathered->left_out += part->left_out;
}

static bool take_part(void *what, size_t slot)
{
    enum { MOST = 2048 };
    struct parts *parts = what;
    struct part *part = &parts->parts[slot];
    part->cursor = parts->cursor;
    part->count = parts->left < MOST ? parts->left : MOST;
    skip_customers(parts->job, &parts->cursor, part->count);
    parts->left -= part->count;
    return part->count > 0;
}

static bool make_lines(void *what, size_t slot)
{
    struct parts *parts = what;
    write_part(&parts->parts[slot]);
    return true;
}

static bool send_lines(void *what, size_t slot, size_t share)
{
    struct parts *parts = what;
    (void)share;
    rt_out_move(parts->job->out, &parts->parts[slot].aside);
    add_part(parts->job, &parts->parts[slot]);
    return true;
}

static void write_together(struct parts *parts)
{
    const struct rt_crew crew = {
        .threads = 2,
        .shares = 1,
        .what = parts,
        .fill = take_part,
        .prepare = make_lines,
        .work = send_lines,
    };
    for (size_t i = 0; i < RT_CREW_SLOTS; i++) {
        rt_out_open_memory(&parts->parts[i].aside, parts->job->out->delimiter);
        parts->parts[i].out = &parts->parts[i].aside;
    }
    rt_crew_run(&crew);
    for (size_t i = 0; i < RT_CREW_SLOTS; i++)
        rt_out_free(&parts->parts[i].aside);
}

static void write_alone(struct parts *parts)
{
    struct part *part = &parts->parts[0];
    part->cursor = parts->cursor;
    part->count = parts->left;
    part->out = parts->job->out;
    write_part(part);
    add_part(parts->job, part);
}

static struct parts *parts_new(struct job *job, int32_t until)
{
    struct parts *parts = rt_alloc_zero(1, sizeof *parts);
    parts->job = job;
    for (size_t i = 0; i < RT_CREW_SLOTS; i++) {
        parts->parts[i].job = job;
        for (size_t share = 0; share < job->shares; share++)
            parts->parts[i].readers[share] = rt_profile_reader_new(job->profiles[share], until);
    }
    return parts;
}

static void parts_free(struct parts *parts)
{
    for (size_t i = 0; parts != NULL && i < RT_CREW_SLOTS; i++)
        for (size_t share = 0; share < RT_FEED_SHARES; share++)
            rt_profile_reader_free(parts->parts[i].readers[share]);
    free(parts);
}

static void hand_out(struct job *job, int32_t until)
{
    enum { MANY = 16384 }; /* customers, for a second thread */
    for (size_t share = 0; share < job->shares; share++)
        rt_profile_settle(job->profiles[share]);
    if (job->parts == NULL)
        job->parts = parts_new(job, until);
    struct parts *parts = job->parts;
    parts->cursor = (struct cursor){.number = 0};
    parts->left = (size_t)counts(job).customers;
    if (job->gather->threads > 1 && !job->gather->sorted && parts->left >= MANY)
        write_together(parts);
    else
        write_alone(parts);
}

/* In memory -------------------------------------------------------------------------------------
 */

static enum rt_feed_next add_share(void *what, size_t share, struct rt_feed_block *block,
                                   struct rt_feed_fault *fault)
{
    struct job *job = what;
    const enum rt_feed_next next = add_rows(job, share, block, 0, block->count, fault);
    return next == RT_FEED_MORE && rt_profile_lacks_days(job->profiles[share]) ? RT_FEED_ENOUGH
                                                                               : next;
}

static void note_arrivals(void *what, const struct rt_feed_block *blocks)
{
    struct job *job = what;
    rt_arrivals_add(&job->arrivals, blocks[0].noted, blocks[0].noted_count, blocks[1].noted,
                    blocks[1].noted_count);
}

static bool lacks_days(const struct job *job)
{
    bool lacks = false;
    for (size_t i = 0; i < job->shares; i++)
        lacks |= rt_profile_lacks_days(job->profiles[i]);
    return lacks;
}

static const char *gather_all(struct job *job)
{
    void (*const finish)(void *, const struct rt_feed_block *) =
        job->shares > 1 ? note_arrivals : NULL;
    const char *fault = run_feed(job, add_share, finish, job);
    if (lacks_days(job)) {
        if (rt_table_rewind(job->gather->table) != 0)
            return rt_table_message(job->gather->table);
        for (size_t i = 0; i < job->shares; i++)
            rt_profile_restart(job->profiles[i]);
        rt_arrivals_clear(&job->arrivals);
        fault = run_feed(job, add_share, finish, job);
    }
    if (fault == NULL)
        hand_out(job, as_of(job));
    return fault;
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

/* Rows that come customer by customer. */
struct sorted {
    struct job *job;
    struct order_check check;
    int32_t until;
};

/* Hands out the customer at hand. */
static void finish_customer(struct sorted *sorted)
{
    hand_out(sorted->job, sorted->until);
    rt_profile_clear(sorted->job->profiles[0]);
}

static enum rt_feed_next add_sorted(void *what, size_t share, struct rt_feed_block *block,
                                    struct rt_feed_fault *fault)
{
    struct sorted *sorted = what;
    struct order_check *check = &sorted->check;
    enum rt_feed_next next = RT_FEED_MORE;
    for (size_t from = 0, to; from < block->count && next == RT_FEED_MORE; from = to) {
        const struct rt_text customer = rt_feed_customer(&block->row[from]);
        to = from + 1;
        while (to < block->count && rt_text_equal(rt_feed_customer(&block->row[to]), customer))
            to++;
        const struct rt_text before = {check->id, check->length};
        if (!check->any || !rt_text_equal(before, customer)) {
            if (check->any)
                finish_customer(sorted);
            if (!follows(check, customer)) {
                *fault = (struct rt_feed_fault){
                    from, sorted->job->gather->log.at[RT_LOG_CUSTOMER],
                    "not in order, as --sorted asks for (rt-log --sort sorts)"};
                return RT_FEED_BAD;
            }
        }
        next = add_rows(sorted->job, share, block, from, to, fault);
    }
    return next;
}

static enum rt_feed_next look_at_days(void *what, size_t share, struct rt_feed_block *block,
                                      struct rt_feed_fault *fault)
{
    int32_t *last = what;
    (void)share;
    (void)fault;
    if (block->last_day > *last)
        *last = block->last_day;
    return RT_FEED_MORE;
}

/* The last date of the rows, by a pass of its own. */
static const char *find_last_day(struct job *job, int32_t *last)
{
    *last = RT_DAY_NONE;
    const char *fault = run_feed(job, look_at_days, NULL, last);
    if (fault == NULL)
        (void)rt_table_rewind(job->gather->table);
    return rt_table_message(job->gather->table);
}

static const char *gather_sorted(struct job *job)
{
    struct sorted sorted = {
        .job = job,
        .check = {.by_bytes = true, .by_length = true},
        .until = job->gather->rules.as_of,
    };
    if (sorted.until == RT_DAY_NONE) {
        if (!rt_table_can_rewind(job->gather->table))
            return "--sorted needs --as-of where the input cannot be read twice";
        const char *fault = find_last_day(job, &sorted.until);
        if (fault != NULL)
            return fault;
    }
    const char *fault = run_feed(job, add_sorted, NULL, &sorted);
    free(sorted.check.id);
    if (fault == NULL && sorted.check.any)
        finish_customer(&sorted);
    return fault;
}

const char *rt_gather(const struct rt_gather *gather, rt_gather_write *write, const void *what,
                      struct rt_out *out, struct rt_gathered *gathered)
{
    struct rt_profile_rules rules = gather->rules;
    rules.keep_days = gather->sorted || !rt_table_can_rewind(gather->table);
    *gathered = (struct rt_gathered){.written = 0};
    const bool shared = gather->threads > 1 && !gather->sorted &&
                        rules.occasion != RT_OCCASION_ORDER && rules.counter_count == 0;
    struct job job = {
        .gather = gather,
        .shares = shared ? 2 : 1,
        .profiles = {rt_profile_new(&rules)},
        .write = write,
        .what = what,
        .out = out,
        .gathered = gathered,
    };
    if (shared)
        job.profiles[1] = rt_profile_new_beside(job.profiles[0]);
    const char *fault = gather->sorted ? gather_sorted(&job) : gather_all(&job);
    gathered->rows = counts(&job);
    parts_free(job.parts);
    for (size_t share = 0; share < job.shares; share++)
        rt_profile_free(job.profiles[share]);
    rt_arrivals_free(&job.arrivals);
    return fault;
}
