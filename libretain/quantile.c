#include "libretain/quantile.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

enum { BUCKET_BITS = 12, BUCKETS = 1 << BUCKET_BITS, SMALL = 32 };

/* Both kinds of number are selected as unsigned keys that have the same order. */
static uint64_t key_of_whole(int64_t value)
{
    return (uint64_t)value ^ (UINT64_C(1) << 63);
}

static int64_t whole_of_key(uint64_t key)
{
    const uint64_t bits = key ^ (UINT64_C(1) << 63);
    int64_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t key_of_real(double value)
{
    const double plain = value == 0 ? 0 : value; /* -0 and 0 are one value */
    uint64_t bits;
    memcpy(&bits, &plain, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double real_of_key(uint64_t key)
{
    const uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void sort_few(uint64_t *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const uint64_t key = keys[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1] > key; at--)
            keys[at] = keys[at - 1];
        keys[at] = key;
    }
}

/* How far keys must be shifted so that the highest falls into the last bucket or before it. */
static unsigned shift_for(uint64_t span)
{
    unsigned shift = 0;
    while (span >> shift >= BUCKETS)
        shift++;
    return shift;
}

struct selection {
    const size_t *ranks; /* counted from the first of all keys */
    size_t count;
    uint64_t *found;
};

static void select_keys(const uint64_t *keys, size_t count, size_t before, struct selection wanted);

/* Looks closer at the `inside` keys from `first` to first + reach, where the ranks lie. */
static void select_inside(const uint64_t *keys, size_t count, uint64_t first, uint64_t reach,
                          size_t inside, size_t before, struct selection wanted)
{
    uint64_t *gathered = rt_alloc(inside, sizeof *gathered);
    size_t used = 0;
    for (size_t i = 0; i < count && used < inside; i++) {
        gathered[used] = keys[i]; /* without a branch that nobody can foresee */
        used += keys[i] - first <= reach;
    }
    select_keys(gathered, inside, before, wanted);
    free(gathered);
}

/* `before` keys of the whole are lower than all of these. Each level leaves 1/4096 of the span. */
static void select_keys(const uint64_t *keys, size_t count, size_t before, struct selection wanted)
{
    if (count <= SMALL) {
        uint64_t few[SMALL];
        memcpy(few, keys, count * sizeof *few);
        sort_few(few, count);
        for (size_t i = 0; i < wanted.count; i++)
            wanted.found[i] = few[wanted.ranks[i] - before];
        return;
    }
    uint64_t least = keys[0], most = keys[0];
    for (size_t i = 1; i < count; i++) {
        least = keys[i] < least ? keys[i] : least;
        most = keys[i] > most ? keys[i] : most;
    }
    const unsigned shift = shift_for(most - least);
    size_t *buckets = rt_alloc_zero(BUCKETS, sizeof *buckets);
    for (size_t i = 0; i < count; i++)
        buckets[(keys[i] - least) >> shift]++;

    size_t bucket = 0, done = 0;
    while (done < wanted.count) {
        while (wanted.ranks[done] - before >= buckets[bucket])
            before += buckets[bucket++];
        size_t here = done; /* up to here the ranks lie in this bucket */
        while (here < wanted.count && wanted.ranks[here] - before < buckets[bucket])
            here++;
        const uint64_t first = least + ((uint64_t)bucket << shift);
        const struct selection closer = {wanted.ranks + done, here - done, wanted.found + done};
        if (shift == 0)
            for (size_t i = 0; i < closer.count; i++)
                closer.found[i] = first;
        else
            select_inside(keys, count, first, (UINT64_C(1) << shift) - 1, buckets[bucket], before,
                          closer);
        done = here;
    }
    free(buckets);
}

void rt_select_whole(const int64_t *values, size_t count, const size_t *ranks, size_t rank_count,
                     int64_t *found)
{
    if (rank_count == 0)
        return;
    uint64_t *keys = rt_alloc(count + rank_count, sizeof *keys);
    for (size_t i = 0; i < count; i++)
        keys[i] = key_of_whole(values[i]);
    uint64_t *found_keys = keys + count;
    select_keys(keys, count, 0, (struct selection){ranks, rank_count, found_keys});
    for (size_t i = 0; i < rank_count; i++)
        found[i] = whole_of_key(found_keys[i]);
    free(keys);
}

void rt_quantiles_whole(const int64_t *values, size_t count, int64_t of,
                        struct rt_quantile *quantiles)
{
    const size_t cuts = (size_t)of - 1;
    size_t *ranks = rt_alloc(2 * cuts, sizeof *ranks);
    int64_t *found = rt_alloc(2 * cuts, sizeof *found);
    const size_t last = count - 1;
    size_t needed = 0;
    for (size_t i = 0; i < cuts; i++) {
        /* last * (i + 1) / of, in parts so that it cannot overflow */
        const size_t part = i + 1, parts = (size_t)of;
        const size_t low = last / parts * part + last % parts * part / parts;
        quantiles[i].rest = (int64_t)(last % parts * part % parts);
        quantiles[i].of = of;
        ranks[needed++] = low;
        ranks[needed++] = quantiles[i].rest > 0 ? low + 1 : low;
    }
    /* Where values are fewer than quantiles, a low rank can stand before the high one before it. */
    const size_t together = last >= (size_t)of ? 2 * cuts : 2;
    for (size_t i = 0; i < 2 * cuts; i += together)
        rt_select_whole(values, count, ranks + i, together, found + i);
    for (size_t i = 0; i < cuts; i++) {
        quantiles[i].low = found[2 * i];
        quantiles[i].high = found[2 * i + 1];
    }
    free(found);
    free(ranks);
}

double rt_quantile_real(const double *values, size_t count, double p)
{
    const double place = (double)(count - 1) * p;
    const size_t low = (size_t)place;
    const double weight = place - (double)low;
    const size_t ranks[2] = {low, weight > 0 ? low + 1 : low};
    uint64_t found[2];
    uint64_t *keys = rt_alloc(count, sizeof *keys);
    for (size_t i = 0; i < count; i++)
        keys[i] = key_of_real(values[i]);
    select_keys(keys, count, 0, (struct selection){ranks, 2, found});
    free(keys);
    const double at_low = real_of_key(found[0]), at_high = real_of_key(found[1]);
    return at_low == at_high ? at_low : (1 - weight) * at_low + weight * at_high;
}
