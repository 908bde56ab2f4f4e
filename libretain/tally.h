/*
 * tally: what the purchases of a customer come to, in 20 bytes.
 *
 * A million customers are looked up at random, and each line of memory less is time. Sums and
 * counts of nearly all customers are small; the tallies of others are kept whole, in an array
 * beside, and nobody else needs to know.
 */
#ifndef RT_TALLY_H
#define RT_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/day.h"
#include "libretain/feed.h"

struct rt_tally {
    int32_t first, last;   /* days of purchase; meaningless while there are no orders */
    int64_t revenue;       /* in 10^-places, refunds taken off */
    int64_t first_revenue; /* of the first occasion */
    uint64_t orders;       /* occasions */
    int places;
    bool settled; /* for the user */
};

/*
 * A tally as it lies in a table, all zeros at the start. The two sums have the upper 48 bits of
 * their words, so that one that grows beyond them overflows its word.
 */
struct rt_packed_tally {
    int64_t revenue_and_orders;
    int64_t first_revenue_and_span; /* span: days from the first to the last */
    uint32_t first : 24;            /* from RT_DAY_FIRST on */
    uint32_t form : 8;              /* the places, and what follows */
} __attribute__((packed, aligned(4)));

/*
 * A tally that lies in its words, has orders and is not settled has the form of a purchase
 * (feed.h): one with as many places can be added as it is.
 */
enum {
    RT_TALLY_SETTLED = 32,
    RT_TALLY_BEGUN = RT_FEED_PURCHASE, /* there are orders */
    RT_TALLY_LARGE = 128               /* kept whole: the number of it is in the first word */
};

enum {
    RT_TALLY_LOWER = 1 << 16,          /* counts and spans are below */
    RT_TALLY_SPAN = RT_TALLY_LOWER - 2 /* the widest: so that the count of its days is below, too */
};

/* The tallies that are kept whole; all zeros at the start. */
struct rt_large_tallies {
    struct rt_tally *tallies;
    size_t count, size;
};

void rt_large_tallies_free(struct rt_large_tallies *large);

static inline struct rt_tally rt_tally_read(const struct rt_large_tallies *large,
                                            const struct rt_packed_tally *packed)
{
    if ((packed->form & RT_TALLY_LARGE) != 0)
        return large->tallies[packed->revenue_and_orders];
    const int32_t first = (int32_t)packed->first + RT_DAY_FIRST;
    return (struct rt_tally){
        .first = first,
        .last = first + (uint16_t)packed->first_revenue_and_span,
        .revenue = packed->revenue_and_orders >> 16,
        .first_revenue = packed->first_revenue_and_span >> 16,
        .orders = (uint16_t)packed->revenue_and_orders,
        .places = packed->form & (RT_TALLY_SETTLED - 1),
        .settled = (packed->form & RT_TALLY_SETTLED) != 0,
    };
}

/* Dies where there is no memory. */
void rt_tally_write(struct rt_large_tallies *large, struct rt_packed_tally *packed,
                    const struct rt_tally *tally);

#endif
