#include "libretain/arrivals.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

void rt_arrivals_free(struct rt_arrivals *arrivals)
{
    free(arrivals->bits);
    *arrivals = (struct rt_arrivals){.bits = NULL};
}

void rt_arrivals_clear(struct rt_arrivals *arrivals)
{
    if (arrivals->count > 0)
        memset(arrivals->bits, 0, arrivals->word_count * sizeof *arrivals->bits);
    arrivals->count = 0;
}

/* Room for `more` customers, whose bits are 0. */
static void make_room(struct rt_arrivals *arrivals, size_t more)
{
    const size_t words = rt_grown(arrivals->word_count, (arrivals->count + more + 63) / 64);
    if (words == 0)
        return;
    arrivals->bits = rt_realloc(arrivals->bits, words, sizeof *arrivals->bits);
    memset(arrivals->bits + arrivals->word_count, 0,
           (words - arrivals->word_count) * sizeof *arrivals->bits);
    arrivals->word_count = words;
}

void rt_arrivals_add(struct rt_arrivals *arrivals, const uint32_t *zero, size_t zero_count,
                     const uint32_t *one, size_t one_count)
{
    make_room(arrivals, zero_count + one_count);
    for (size_t i = 0, k = 0; i + k < zero_count + one_count; arrivals->count++) {
        const bool second = i == zero_count || (k < one_count && one[k] < zero[i]);
        arrivals->bits[arrivals->count / 64] |= (uint64_t)second << arrivals->count % 64;
        i += !second;
        k += second;
    }
}
