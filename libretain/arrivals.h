/*
 * arrivals: the order in which customers first appeared, where they were shared out.
 *
 * Each share knows the order of its own customers. What is missing is which share each next one
 * is of: a bit, for each customer.
 */
#ifndef RT_ARRIVALS_H
#define RT_ARRIVALS_H

#include <stddef.h>
#include <stdint.h>

struct rt_arrivals {
    uint64_t *bits;
    size_t count;      /* customers so far */
    size_t word_count; /* that there is room for */
};

void rt_arrivals_free(struct rt_arrivals *arrivals);
void rt_arrivals_clear(struct rt_arrivals *arrivals);

/*
 * Takes in the new customers of further rows: the numbers of the rows at which customers of share 0
 * appeared, and of share 1, each in ascending order.
 */
void rt_arrivals_add(struct rt_arrivals *arrivals, const uint32_t *zero, size_t zero_count,
                     const uint32_t *one, size_t one_count);

/* The share of a customer, the `number`th to appear, from 0. */
static inline unsigned rt_arrivals_share(const struct rt_arrivals *arrivals, size_t number)
{
    return (unsigned)(arrivals->bits[number / 64] >> number % 64 & 1);
}

#endif
