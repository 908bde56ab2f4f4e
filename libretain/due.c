#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/both.h"
#include "libretain/day.h"
#include "libretain/due_parts.h"
#include "libretain/elementary.h"
#include "libretain/err.h"

struct rt_due *rt_due_new(const struct rt_due_form *form)
{
    struct rt_due *due = rt_alloc_zero(1, sizeof *due);
    due->form = *form;
    due->last_day = due->as_of = RT_DAY_NONE;
    if (form->items) {
        rt_map_init_dense(&due->customers, 4);
        rt_map_init_dense(&due->pairs, sizeof(struct rt_due_pair));
        rt_map_init(&due->items, sizeof(struct rt_due_item));
    } else {
        rt_map_init_dense(&due->customers, sizeof(struct rt_due_subject));
    }
    for (int i = 1; i < RT_DUE_LOGS; i++)
        due->logs[i] = llround(ldexp(rt_log(i), RT_DUE_LOG_BITS));
    return due;
}

void rt_due_free(struct rt_due *due)
{
    if (due == NULL)
        return;
    rt_map_free(&due->customers);
    rt_map_free(&due->pairs);
    rt_map_free(&due->items);
    rt_days_free(due->days);
    free(due->kept);
    free(due->stretch);
    free(due);
}

const struct rt_due_subject *rt_due_next(const struct rt_due *due, const void *subject)
{
    return rt_map_next(due->form.items ? &due->pairs : &due->customers, subject);
}

size_t rt_due_count(const struct rt_due *due)
{
    return due->form.items ? due->pairs.count : due->customers.count;
}

struct rt_due_counts rt_due_counts(const struct rt_due *due)
{
    return (struct rt_due_counts){
        .rows = due->rows,
        .after = due->after,
        .without_item = due->without_item,
        .subjects = rt_due_count(due),
        .items = due->form.items ? due->items.count : 0,
        .as_of = due->as_of,
    };
}

const struct rt_rhythm *rt_due_rhythm(const struct rt_due *due)
{
    return due->fitted ? &due->rhythm : NULL;
}

/* The model ---------------------------------------------------------------------------------- */

static struct rt_due_pair_key key_of(const struct rt_due *due, const void *pair)
{
    struct rt_due_pair_key key;
    memcpy(&key, rt_map_key(&due->pairs, pair).at, sizeof key);
    return key;
}

/* How many of one the last purchase was. */
static double quantity_of(const struct rt_due *due, const struct rt_due_subject *subject)
{
    if (!due->form.items)
        return 1;
    return (double)((const struct rt_due_pair *)(const void *)subject)->quantity / RT_DUE_QUANTITY;
}

struct rt_rhythm_history rt_due_history(const struct rt_due *due,
                                        const struct rt_due_subject *subject, size_t *item)
{
    *item = 0;
    if (due->form.items) {
        const struct rt_due_item *at = rt_map_at(&due->items, key_of(due, subject).item);
        *item = (size_t)at->number - 1;
    }
    return (struct rt_rhythm_history){
        .gaps = subject->gaps,
        .sum = ldexp((double)subject->sum, -RT_DUE_DAY_BITS),
        .log_sum = ldexp((double)subject->log_sum, -RT_DUE_LOG_BITS),
        .open = ((double)due->as_of - subject->last + 0.5) / quantity_of(due, subject),
    };
}

/* Lines -------------------------------------------------------------------------------------- */

/*
 * The day on which a gap of this length ends. A gap of d days is one between d - 1/2 and d + 1/2;
 * one that is open ends tomorrow at the soonest.
 */
static int32_t day_of(const struct rt_due *due, int32_t last, double gap)
{
    const double days = fmax(ceil(gap - 0.5), (double)due->as_of - last + 1);
    return (double)last + days <= RT_DAY_LAST ? last + (int32_t)days : RT_DAY_NONE;
}

static struct rt_due_line describe(const struct rt_due *due, const struct rt_due_subject *subject)
{
    struct rt_due_line line = {.last = subject->last,
                               .due = RT_DAY_NONE,
                               .lo = RT_DAY_NONE,
                               .hi = RT_DAY_NONE,
                               .intervals = subject->gaps,
                               .overdue = NAN};
    const void *customer = subject;
    if (due->form.items) {
        const struct rt_due_pair_key key = key_of(due, subject);
        line.item = rt_map_key(&due->items, rt_map_at(&due->items, key.item));
        customer = rt_map_at(&due->customers, key.customer);
    }
    line.customer = rt_map_key(&due->customers, customer);
    if (!due->fitted)
        return line;
    size_t item;
    const struct rt_rhythm_history history = rt_due_history(due, subject, &item);
    struct rt_rhythm rhythm = due->rhythm;
    if (due->form.items)
        rhythm.alpha *= due->stretch[item];
    const double tail = (1 - due->form.confidence) / 2, quantity = quantity_of(due, subject);
    const double shares[] = {tail, 0.5, 1 - tail};
    double gaps[3];
    line.overdue = rt_rhythm_forecast(&rhythm, &history, shares, gaps, 3);
    line.lo = day_of(due, line.last, gaps[0] * quantity);
    line.due = day_of(due, line.last, gaps[1] * quantity);
    line.hi = day_of(due, line.last, gaps[2] * quantity);
    line.days = line.due != RT_DAY_NONE ? (int64_t)line.due - due->as_of : 0;
    return line;
}

/* Subjects whose lines are written in one go. */
struct share {
    const struct rt_due *due;
    rt_due_write *write;
    const void *what;
    const void *before; /* the subject before the first, NULL at the start */
    size_t count;
    struct rt_out *out;
    uint64_t written;
};

static void write_share(void *of)
{
    struct share *share = of;
    const struct rt_due_subject *subject = share->before;
    for (size_t i = 0; i < share->count; i++) {
        subject = rt_due_next(share->due, subject);
        if (!subject->known)
            continue;
        const struct rt_due_line line = describe(share->due, subject);
        share->written += share->write(share->what, share->out, &line);
    }
    share->before = subject;
}

static const void *skip(const struct rt_due *due, const void *before, size_t count)
{
    for (size_t i = 0; i < count; i++)
        before = rt_due_next(due, before);
    return before;
}

/* Two halves of what comes next, the second in a thread of its own and into memory first. */
static void write_pair(struct share *first, size_t count, struct rt_out *aside)
{
    first->count = count;
    struct share second = *first;
    second.before = skip(first->due, first->before, count);
    second.out = aside;
    second.written = 0;
    rt_both(write_share, first, &second);
    rt_out_move(first->out, aside);
    first->written += second.written;
    first->before = second.before;
}

uint64_t rt_due_lines(const struct rt_due *due, int threads, rt_due_write *write, const void *what,
                      struct rt_out *out)
{
    enum { SHARE = 4096 };
    size_t left = rt_due_count(due);
    struct share share = {due, write, what, NULL, 0, out, 0};
    if (threads > 1 && left >= 2 * SHARE) {
        struct rt_out aside;
        rt_out_open_memory(&aside, out->delimiter);
        for (; left >= 2 * SHARE; left -= 2 * SHARE)
            write_pair(&share, SHARE, &aside);
        rt_out_free(&aside);
    }
    share.count = left;
    (void)write_share(&share);
    return share.written;
}
