#include "libretain/hoard.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/piles.h"
#include "libretain/radix.h"

/*
 * A purchase is a row of two words. The upper: the lower bits of the customer's place, the upper
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
    const uint32_t word = amount.units < UNITS_END
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

static uint32_t place_of(uint64_t row)
{
    return (uint32_t)(row >> 32) >> DAY_BITS;
}

static int32_t day_of(uint64_t row)
{
    return (int32_t)(row >> 32 & ((1 << DAY_BITS) - 1)) + RT_DAY_FIRST;
}

/* The rows of a pile, by place and day. */
struct sorted {
    uint64_t *rows;
    size_t size, count;
    struct rt_hoard_row *customer; /* the rows of one */
    size_t customer_size;
};

static void take_part(struct sorted *sorted, const struct rt_pile_part *part)
{
    const size_t size = rt_grown(sorted->size, sorted->count + part->count);
    if (size > 0) {
        sorted->rows = rt_realloc(sorted->rows, size, sizeof *sorted->rows);
        sorted->size = size;
    }
    memcpy(sorted->rows + sorted->count, part->rows, part->count * sizeof *sorted->rows);
    sorted->count += part->count;
}

static void sort_pile(const struct rt_hoard *hoard, size_t number, struct sorted *sorted)
{
    sorted->count = 0;
    struct rt_pile_part part = rt_piles_first(hoard->piles, number);
    for (; part.rows != NULL; part = rt_piles_next(hoard->piles, part))
        take_part(sorted, &part);
    if (sorted->count == 0)
        return;
    sorted->rows = rt_radix_sort_by_upper(sorted->rows, sorted->count);
    sorted->size = sorted->count;
}

/* The rows from `from` on that are of one customer: how many, and in `customer`. */
static size_t take_customer(const struct rt_hoard *hoard, struct sorted *sorted, size_t from)
{
    const uint32_t place = place_of(sorted->rows[from]);
    size_t count = 0;
    for (size_t i = from; i < sorted->count && place_of(sorted->rows[i]) == place; i++) {
        const size_t size = rt_grown(sorted->customer_size, count + 1);
        if (size > 0) {
            sorted->customer = rt_realloc(sorted->customer, size, sizeof *sorted->customer);
            sorted->customer_size = size;
        }
        sorted->customer[count++] = (struct rt_hoard_row){
            day_of(sorted->rows[i]), amount_of(hoard, (uint32_t)sorted->rows[i])};
    }
    return count;
}

int rt_hoard_each(struct rt_hoard *hoard, rt_hoard_work *work, void *what)
{
    struct sorted sorted = {.rows = NULL};
    put_away(hoard);
    const size_t piles = rt_piles_count(hoard->piles);
    int status = 0;
    for (size_t pile = 0; pile < piles && status == 0; pile++) {
        sort_pile(hoard, pile, &sorted);
        for (size_t from = 0, count; from < sorted.count && status == 0; from += count) {
            const uint32_t place = place_of(sorted.rows[from]);
            count = take_customer(hoard, &sorted, from);
            status = work(what, (uint32_t)pile << PLACE_BITS | place, sorted.customer, count);
        }
    }
    free(sorted.rows);
    free(sorted.customer);
    return status;
}
