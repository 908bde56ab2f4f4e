/*
 * piles: what is kept of many rows, apart by neighbours among the customers.
 *
 * Rows of a log in no order of their customers go each to another place of memory, and are wanted
 * customer by customer. A pile has the rows of the customers whose places (map.h) begin with the
 * same bits: few enough that whatever is done with a pile is done in a processor's cache. A row is
 * a key of 32 bits, the customer's place within the pile above its day, and as many more words as
 * the user wants. Dies where memory ends.
 */
#ifndef RT_PILES_H
#define RT_PILES_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/day.h"

enum {
    RT_PILES_DAY_BITS = 22,                         /* that all days have, from the first on */
    RT_PILES_PLACES = 1 << (32 - RT_PILES_DAY_BITS) /* of a pile, at most */
};

struct rt_piles;

/*
 * day_bits: RT_PILES_DAY_BITS, or more where the user makes days larger, at most 24. words: 1 for
 * the key alone, 2 for one more.
 */
struct rt_piles *rt_piles_new(unsigned day_bits, unsigned words);
void rt_piles_free(struct rt_piles *piles);
/* Forgets all rows, keeps the memory. */
void rt_piles_clear(struct rt_piles *piles);

/* `more` is the other word, if there is one. */
void rt_piles_add(struct rt_piles *piles, uint32_t customer, int32_t day, uint32_t more);

/* Puts what was added last into its piles; returns how many there are. */
size_t rt_piles_finish(struct rt_piles *piles);

/*
 * Copies the rows of a finished pile, in no order, to `words`, which grows where it must. Begins as
 * {0}; the caller frees the words. Piles come by the places of their customers.
 */
struct rt_pile {
    uint32_t *words;
    size_t size;
    size_t count; /* rows */
};
void rt_piles_take(const struct rt_piles *piles, size_t number, struct rt_pile *pile);

/* What a key tells: the place within the pile, the customer in pile `number`, and the day. */
uint32_t rt_piles_place(const struct rt_piles *piles, uint32_t key);
uint32_t rt_piles_customer(const struct rt_piles *piles, size_t number, uint32_t place);
int32_t rt_piles_day(const struct rt_piles *piles, uint32_t key);

#endif
