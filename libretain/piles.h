/*
 * piles: what is kept of many rows, apart by neighbours among the customers.
 *
 * Rows of a log in no order of their customers go each to another place of memory, and are wanted
 * customer by customer. A pile has what is kept of a few neighbours: little enough that whatever is
 * done with a pile is done in a processor's cache. What a row is, and which customers are
 * neighbours, is the user's. Dies where memory ends.
 */
#ifndef RT_PILES_H
#define RT_PILES_H

#include <stddef.h>
#include <stdint.h>

struct rt_piles;

/*
 * For rows of 2 or of 8 bytes. Piles grow by chunks of 64 or of 256 bytes, of which 6 or 8 are
 * lost, and half a chunk for each pile.
 */
struct rt_piles *rt_piles_new(size_t row_bytes);
void rt_piles_free(struct rt_piles *piles);
/* Forgets all rows, keeps the memory. */
void rt_piles_clear(struct rt_piles *piles);

struct rt_pile_row {
    uint32_t pile;
    uint64_t row; /* in the lower bytes */
};

/*
 * Adds rows to their piles. Each goes to another place of memory, by way of its pile: some dozens
 * at a time wait for memory together. Piles have 8 bytes each, up to the highest number.
 */
void rt_piles_add(struct rt_piles *piles, const struct rt_pile_row *rows, size_t count);

/* How many piles there are. */
size_t rt_piles_count(const struct rt_piles *piles);

/* Some rows of a pile: uint16_t or uint64_t by their size. NULL behind the last part. */
struct rt_pile_part {
    const void *rows;
    size_t count;
    uint32_t next; /* the chunk that follows; 0 for none */
};

/*
 * The rows of a pile, in no order, part by part, as long as there are.
 */
struct rt_pile_part rt_piles_first(const struct rt_piles *piles, size_t pile);
struct rt_pile_part rt_piles_next(const struct rt_piles *piles, struct rt_pile_part part);

#endif
