/*
 * map_hash: rt_map_hash as a part of the loop that calls it, for those who hash each row of a log.
 */
#ifndef RT_MAP_HASH_H
#define RT_MAP_HASH_H

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "libretain/map.h"

/* Out of the way, so that what a short key needs fits into the loop. */
__attribute__((noinline)) static uint64_t rt_map_hash_long(uint64_t seed, struct rt_text key)
{
    return XXH3_64bits_withSeed(key.at, key.length, seed);
}

__attribute__((flatten)) static inline uint64_t rt_map_hash_here(uint64_t seed, struct rt_text key)
{
    return key.length > 16 ? rt_map_hash_long(seed, key)
                           : XXH3_64bits_withSeed(key.at, key.length, seed);
}

#endif
