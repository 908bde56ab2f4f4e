#include "libretain/hoard.h"

#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/piles.h"
#include "libretain/radix.h"

/* A purchase's second word: units above places; or, with LARGE in their place, where it is kept. */
enum { PLACES_BITS = 6, LARGE = (1 << PLACES_BITS) - 1, UNITS_END = 1 << (32 - PLACES_BITS) };

struct rt_hoard {
    struct rt_piles *piles;
    struct rt_decimal *large; /* amounts that the word has no room for */
    size_t large_count, large_size;
};

struct rt_hoard *rt_hoard_new(void)
{
    struct rt_hoard *hoard = rt_alloc_zero(1, sizeof *hoard);
    hoard->piles = rt_piles_new(RT_PILES_DAY_BITS, 2);
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

void rt_hoard_add(struct rt_hoard *hoard, uint32_t customer, int32_t day, struct rt_decimal amount)
{
    const uint32_t word = amount.units < UNITS_END
                              ? (uint32_t)amount.units << PLACES_BITS | (uint32_t)amount.places
                              : keep_large(hoard, amount) << PLACES_BITS | LARGE;
    rt_piles_add(hoard->piles, customer, day, word);
}

static struct rt_decimal amount_of(const struct rt_hoard *hoard, uint32_t word)
{
    const uint32_t units = word >> PLACES_BITS, places = word & LARGE;
    return places == LARGE ? hoard->large[units] : (struct rt_decimal){units, (int)places};
}

/* The rows of a pile, by place and day: the key of each above its other word. */
struct sorted {
    uint64_t *rows;
    size_t size, count;
    struct rt_pile pile;
    struct rt_hoard_row *customer; /* the rows of one */
    size_t customer_size;
};

static void sort_pile(const struct rt_hoard *hoard, size_t number, struct sorted *sorted)
{
    rt_piles_take(hoard->piles, number, &sorted->pile);
    sorted->count = sorted->pile.count;
    const uint32_t *words = sorted->pile.words;
    free(sorted->rows);
    sorted->rows = rt_alloc(sorted->count + 1, sizeof *sorted->rows);
    for (size_t i = 0; i < sorted->count; i++)
        sorted->rows[i] = (uint64_t)words[2 * i] << 32 | words[2 * i + 1];
    sorted->rows = rt_radix_sort_by_upper(sorted->rows, sorted->count);
}

/* The rows from `from` on that are of one customer: how many, and in `customer`. */
static size_t take_customer(const struct rt_hoard *hoard, struct sorted *sorted, size_t from)
{
    const uint32_t place = rt_piles_place(hoard->piles, (uint32_t)(sorted->rows[from] >> 32));
    size_t count = 0;
    for (size_t i = from; i < sorted->count; i++) {
        const uint32_t key = (uint32_t)(sorted->rows[i] >> 32);
        if (rt_piles_place(hoard->piles, key) != place)
            break;
        const size_t size = rt_grown(sorted->customer_size, count + 1);
        if (size > 0) {
            sorted->customer = rt_realloc(sorted->customer, size, sizeof *sorted->customer);
            sorted->customer_size = size;
        }
        sorted->customer[count++] = (struct rt_hoard_row){
            rt_piles_day(hoard->piles, key), amount_of(hoard, (uint32_t)sorted->rows[i])};
    }
    return count;
}

int rt_hoard_each(struct rt_hoard *hoard, rt_hoard_work *work, void *what)
{
    struct sorted sorted = {.rows = NULL};
    const size_t piles = rt_piles_finish(hoard->piles);
    int status = 0;
    for (size_t pile = 0; pile < piles && status == 0; pile++) {
        sort_pile(hoard, pile, &sorted);
        for (size_t from = 0, count; from < sorted.count && status == 0; from += count) {
            const uint32_t key = (uint32_t)(sorted.rows[from] >> 32);
            count = take_customer(hoard, &sorted, from);
            status =
                work(what, rt_piles_customer(hoard->piles, pile, rt_piles_place(hoard->piles, key)),
                     sorted.customer, count);
        }
    }
    free(sorted.rows);
    free(sorted.pile.words);
    free(sorted.customer);
    return status;
}
