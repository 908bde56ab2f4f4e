/*
 * One answer for each customer.
 *
 * Of last answers one is enough for each customer, and period: the one that another replaces is
 * weeded out at once. Of those so many days apart an earlier one decides about the later: they are
 * kept until all have come.
 */
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/nps_parts.h"
#include "libretain/radix.h"

/* The last answer of a customer so far. All zeros: none. */
struct last {
    uint32_t cell; /* its place in the map */
    int32_t day;
    uint32_t score;
};

void rt_nps_prepare_customers(struct rt_nps *nps)
{
    rt_map_init_dense(&nps->customers,
                      nps->form.dedupe == RT_NPS_LAST ? sizeof(struct last) : sizeof(uint32_t));
}

/* Answers in --------------------------------------------------------------------------------- */

static struct rt_nps_cell *cell_at(const struct rt_nps *nps, uint32_t place)
{
    return rt_map_at(&nps->cells, place);
}

/* Of one day the answer that came last is the last. */
static void take_last(const struct rt_nps *nps, struct last *last,
                      const struct rt_nps_pending *pending)
{
    if (last->cell != 0 && pending->day < last->day) {
        cell_at(nps, pending->cell)->weeded++;
        return;
    }
    if (last->cell != 0)
        cell_at(nps, last->cell)->weeded++;
    *last = (struct last){pending->cell, pending->day, pending->score};
}

static void keep_answer(struct rt_nps *nps, uint32_t customer, const struct rt_nps_pending *pending)
{
    const size_t size = rt_grown(nps->answer_size, nps->answer_count + 1);
    if (size > 0) {
        nps->answers = rt_realloc(nps->answers, size, sizeof *nps->answers);
        nps->answer_size = size;
    }
    nps->answers[nps->answer_count++] =
        (struct rt_nps_answer){customer, pending->day, pending->cell, pending->score};
}

static struct rt_text key_of(const struct rt_nps *nps, const struct rt_nps_pending *pending)
{
    return (struct rt_text){nps->pending_keys.bytes + pending->key, pending->length};
}

/* Looks up the customers of the pending answers, for whom memory has been asked. */
static void take_pending(struct rt_nps *nps)
{
    for (size_t i = 0; i < nps->pending_count; i++)
        nps->pending[i].expected = rt_map_expect(&nps->customers, nps->pending[i].hash);
    for (size_t i = 0; i < nps->pending_count; i++) {
        const struct rt_nps_pending *pending = &nps->pending[i];
        void *state = rt_map_add_expected(&nps->customers, key_of(nps, pending), pending->hash,
                                          pending->expected);
        if (nps->form.dedupe == RT_NPS_LAST)
            take_last(nps, state, pending);
        else
            keep_answer(nps, rt_map_offset(&nps->customers, state), pending);
    }
    nps->pending_count = 0;
    rt_buffer_clear(&nps->pending_keys);
}

void rt_nps_keep(struct rt_nps *nps, struct rt_text customer, const struct rt_nps_cell *cell,
                 int score)
{
    const struct rt_text period = {(const char *)&nps->period, sizeof nps->period};
    struct rt_nps_pending *pending = &nps->pending[nps->pending_count++];
    *pending = (struct rt_nps_pending){
        .key = nps->pending_keys.used,
        .day = nps->day,
        .cell = rt_map_offset(&nps->cells, cell),
        .score = (uint32_t)score,
    };
    rt_buffer_text(&nps->pending_keys, customer);
    if (nps->form.dedupe == RT_NPS_LAST && nps->form.periods)
        rt_buffer_text(&nps->pending_keys, period);
    pending->length = nps->pending_keys.used - pending->key;
    pending->hash = rt_map_hash(&nps->customers, key_of(nps, pending));
    rt_map_prefetch_slot(&nps->customers, pending->hash);
    if (nps->pending_count == RT_NPS_PENDING)
        take_pending(nps);
}

/* Last answers ------------------------------------------------------------------------------- */

static void count_last(const struct rt_nps *nps)
{
    const struct last *last = rt_map_next(&nps->customers, NULL);
    for (; last != NULL; last = rt_map_next(&nps->customers, last))
        cell_at(nps, last->cell)->counts[last->score]++;
}

/* Answers days apart ------------------------------------------------------------------------- */

/* An answer's customer above its number. */
static uint64_t *sort_by_customer(const struct rt_nps *nps)
{
    if (nps->answer_count > UINT32_MAX)
        rt_die("more answers than can be weeded out at once; split the input by customer");
    uint64_t *keys = rt_alloc(nps->answer_count + 1, sizeof *keys);
    for (size_t i = 0; i < nps->answer_count; i++)
        keys[i] = (uint64_t)nps->answers[i].customer << 32 | i;
    return rt_radix_sort_by_upper(keys, nps->answer_count);
}

/* Puts the answers in the order of the keys' lower halves. Frees the keys. */
static struct rt_nps_answer *arrange(const struct rt_nps_answer *answers, uint64_t *keys,
                                     size_t count)
{
    enum { AHEAD = 16 };
    struct rt_nps_answer *arranged = rt_alloc(count + 1, sizeof *arranged);
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(&answers[(uint32_t)keys[i + AHEAD]]);
        arranged[i] = answers[(uint32_t)keys[i]];
    }
    free(keys);
    return arranged;
}

static void sort_many_by_day(struct rt_nps_answer *answers, size_t count)
{
    uint64_t *keys = rt_alloc(count, sizeof *keys);
    for (size_t i = 0; i < count; i++)
        keys[i] = (uint64_t)(uint32_t)(answers[i].day - RT_DAY_FIRST) << 32 | i;
    struct rt_nps_answer *arranged = arrange(answers, rt_radix_sort_by_upper(keys, count), count);
    memcpy(answers, arranged, count * sizeof *answers);
    free(arranged);
}

/* Those of a customer by day, those of a day as they came: few, and mostly in order already. */
static void sort_by_day(struct rt_nps_answer *answers, size_t count)
{
    enum { FEW = 64 };
    if (count > FEW) {
        sort_many_by_day(answers, count);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        const struct rt_nps_answer answer = answers[i];
        size_t at = i;
        for (; at > 0 && answers[at - 1].day > answer.day; at--)
            answers[at] = answers[at - 1];
        answers[at] = answer;
    }
}

/* By customer, day, and as they came. */
static void sort_answers(struct rt_nps *nps)
{
    const size_t count = nps->answer_count;
    struct rt_nps_answer *sorted = arrange(nps->answers, sort_by_customer(nps), count);
    free(nps->answers);
    nps->answers = sorted;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && sorted[to].customer == sorted[from].customer;)
            to++;
        sort_by_day(sorted + from, to - from);
    }
}

static void count_apart(struct rt_nps *nps)
{
    sort_answers(nps);
    const struct rt_nps_answer *kept = NULL;
    for (size_t i = 0; i < nps->answer_count; i++) {
        const struct rt_nps_answer *answer = &nps->answers[i];
        struct rt_nps_cell *cell = cell_at(nps, answer->cell);
        if (kept == NULL || kept->customer != answer->customer ||
            (int64_t)answer->day - kept->day > nps->form.apart) {
            cell->counts[answer->score]++;
            kept = answer;
        } else {
            cell->weeded++;
        }
    }
    free(nps->answers);
    nps->answers = NULL;
    nps->answer_count = nps->answer_size = 0;
}

void rt_nps_weed_out(struct rt_nps *nps)
{
    take_pending(nps);
    if (nps->form.dedupe == RT_NPS_LAST)
        count_last(nps);
    else
        count_apart(nps);
}
