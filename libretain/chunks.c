#include "libretain/chunks.h"

#include <stdbool.h>
#include <stdlib.h>

#include "libretain/both.h"
#include "libretain/err.h"

enum { WORTH = 4 /* chunks from which on a second thread is worth starting */ };

/* Every second chunk, or all of them. */
struct share {
    rt_chunk_work *work;
    const void *what;
    size_t count, size, first, step;
    double (*sums)[RT_SUMS];
};

static void work_on_share(void *argument)
{
    const struct share *share = argument;
    for (size_t chunk = share->first; chunk * share->size < share->count; chunk += share->step) {
        const size_t from = chunk * share->size, left = share->count - from;
        share->work(share->what, from, from + (left < share->size ? left : share->size),
                    share->sums[chunk]);
    }
}

void rt_chunks_sum(rt_chunk_work *work, const void *what, size_t count, size_t size, int threads,
                   double sums[RT_SUMS])
{
    const size_t chunks = (count + size - 1) / size;
    const size_t step = threads > 1 && chunks >= WORTH ? 2 : 1;
    double(*parts)[RT_SUMS] = rt_alloc_zero(chunks + 1, sizeof *parts);
    struct share first = {work, what, count, size, 0, step, parts}, second = first;
    second.first = 1;
    rt_both(work_on_share, &first, step > 1 ? &second : NULL);
    for (int i = 0; i < RT_SUMS; i++) {
        sums[i] = 0;
        for (size_t chunk = 0; chunk < chunks; chunk++)
            sums[i] += parts[chunk][i];
    }
    free(parts);
}
