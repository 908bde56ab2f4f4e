/*
 * chunks: sums over many points, the same for any number of threads.
 *
 * What is summed is cut into chunks of a fixed size; each is summed by itself, and the sums of
 * the chunks are added in their order. The sum of doubles depends on the order of adding; a search
 * for a maximum that meets other last digits at every turn goes astray.
 */
#ifndef RT_CHUNKS_H
#define RT_CHUNKS_H

#include <stddef.h>

enum { RT_CHUNK = 8192 /* points, as a rule */, RT_SUMS = 5 };

/* Adds items from, up to but without to, to `sums`, which begin as 0. */
typedef void rt_chunk_work(const void *what, size_t from, size_t to, double sums[RT_SUMS]);

/* The sums over all `count` items, in chunks of `size`, in up to `threads` threads, 1 or 2. */
void rt_chunks_sum(rt_chunk_work *work, const void *what, size_t count, size_t size, int threads,
                   double sums[RT_SUMS]);

#endif
