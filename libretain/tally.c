#include "libretain/tally.h"

#include <stdlib.h>

#include "libretain/day.h"
#include "libretain/err.h"

void rt_large_tallies_free(struct rt_large_tallies *large)
{
    free(large->tallies);
    *large = (struct rt_large_tallies){NULL, 0, 0};
}

static bool is_small(int64_t sum)
{
    return sum >= INT64_MIN / RT_TALLY_LOWER && sum <= INT64_MAX / RT_TALLY_LOWER;
}

/* Counts of days cannot exceed the span, and stay small where it is. */
static bool fits(const struct rt_tally *tally)
{
    return is_small(tally->revenue) && is_small(tally->first_revenue) &&
           tally->orders < RT_TALLY_LOWER && tally->last - tally->first <= RT_TALLY_SPAN;
}

static uint8_t form_of(const struct rt_tally *tally)
{
    return (uint8_t)(tally->places | (tally->settled ? RT_TALLY_SETTLED : 0) |
                     (tally->orders > 0 ? RT_TALLY_BEGUN : 0));
}

static size_t add_large(struct rt_large_tallies *large)
{
    const size_t size = rt_grown(large->size, large->count + 1);
    if (size > 0) {
        large->tallies = rt_realloc(large->tallies, size, sizeof *large->tallies);
        large->size = size;
    }
    return large->count++;
}

void rt_tally_write(struct rt_large_tallies *large, struct rt_packed_tally *packed,
                    const struct rt_tally *tally)
{
    const bool large_before = (packed->form & RT_TALLY_LARGE) != 0;
    if (!large_before && fits(tally)) {
        const uint32_t span = (uint32_t)(tally->last - tally->first);
        *packed = (struct rt_packed_tally){
            .revenue_and_orders = tally->revenue * RT_TALLY_LOWER + (int64_t)tally->orders,
            .first_revenue_and_span = tally->first_revenue * RT_TALLY_LOWER + span,
            .first = (uint32_t)(tally->first - RT_DAY_FIRST) & 0xffffff,
            .form = form_of(tally),
        };
        return;
    }
    if (!large_before) {
        packed->revenue_and_orders = (int64_t)add_large(large);
        packed->form = RT_TALLY_LARGE;
    }
    large->tallies[packed->revenue_and_orders] = *tally;
}
