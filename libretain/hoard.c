#include "libretain/hoard.h"

#include <stdlib.h>

#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/piles.h"

/*
 * An amount is a row of two words. The upper: the lower bits of the customer's place, the upper
 * ones of which are the number of the pile, above the day. The lower: units above places; or, with
 * LARGE in their place, where the amount is kept.
 */
enum {
    DAY_BITS = 22,
    PLACE_BITS = 32 - DAY_BITS,
    PLACES_BITS = 6,
    LARGE = (1 << PLACES_BITS) - 1,
    UNITS_END = 1 << (32 - PLACES_BITS)
};

enum { WAITING = 64 };

struct rt_hoard {
    struct rt_pile_row waiting[WAITING]; /* added last, until they are put away together */
    size_t waiting_count;
    struct rt_piles *piles;
    struct rt_decimal *large; /* amounts that the word has no room for */
    size_t large_count, large_size;
};

struct rt_hoard *rt_hoard_new(void)
{
    struct rt_hoard *hoard = rt_alloc_zero(1, sizeof *hoard);
    hoard->piles = rt_piles_new(sizeof(uint64_t));
    return hoard;
}

void rt_hoard_free(struct rt_hoard *hoard)
{
    if (hoard == NULL)
        return;
    rt_piles_free(hoard->piles);
    free(hoard->large);
    free(hoard);
}

static uint32_t keep_large(struct rt_hoard *hoard, struct rt_decimal amount)
{
    if (hoard->large_count == UNITS_END)
        rt_die("more large amounts than can be kept; split the input by customer");
    const size_t size = rt_grown(hoard->large_size, hoard->large_count + 1);
    if (size > 0) {
        hoard->large = rt_realloc(hoard->large, size, sizeof *hoard->large);
        hoard->large_size = size;
    }
    hoard->large[hoard->large_count] = amount;
    return (uint32_t)hoard->large_count++;
}

static void put_away(struct rt_hoard *hoard)
{
    rt_piles_add(hoard->piles, hoard->waiting, hoard->waiting_count);
    hoard->waiting_count = 0;
}

void rt_hoard_add(struct rt_hoard *hoard, uint32_t customer, int32_t day, struct rt_decimal amount)
{
    const uint32_t word = amount.units >= 0 && amount.units < UNITS_END
                              ? (uint32_t)amount.units << PLACES_BITS | (uint32_t)amount.places
                              : keep_large(hoard, amount) << PLACES_BITS | LARGE;
    const uint32_t key = customer << DAY_BITS | (uint32_t)(day - RT_DAY_FIRST);
    hoard->waiting[hoard->waiting_count++] =
        (struct rt_pile_row){customer >> PLACE_BITS, (uint64_t)key << 32 | word};
    if (hoard->waiting_count == WAITING)
        put_away(hoard);
}

static struct rt_decimal amount_of(const struct rt_hoard *hoard, uint32_t word)
{
    const uint32_t units = word >> PLACES_BITS, places = word & LARGE;
    return places == LARGE ? hoard->large[units] : (struct rt_decimal){units, (int)places};
}

/* Hands out the rows of a part of a pile. */
static int hand_out(const struct rt_hoard *hoard, size_t pile, const struct rt_pile_part *part,
                    rt_hoard_work *work, void *what)
{
    const uint64_t *rows = part->rows;
    for (size_t i = 0; i < part->count; i++) {
        const uint32_t key = (uint32_t)(rows[i] >> 32);
        const uint32_t customer = (uint32_t)pile << PLACE_BITS | key >> DAY_BITS;
        const int32_t day = (int32_t)(key & ((1 << DAY_BITS) - 1)) + RT_DAY_FIRST;
        if (work(what, customer, day, amount_of(hoard, (uint32_t)rows[i])) != 0)
            return -1;
    }
    return 0;
}

int rt_hoard_each(struct rt_hoard *hoard, rt_hoard_work *work, void *what)
{
    put_away(hoard);
    const size_t piles = rt_piles_count(hoard->piles);
    for (size_t pile = 0; pile < piles; pile++) {
        struct rt_pile_part part = rt_piles_first(hoard->piles, pile);
        for (; part.rows != NULL; part = rt_piles_next(hoard->piles, part))
            if (hand_out(hoard, pile, &part, work, what) != 0)
                return -1;
    }
    return 0;
}
