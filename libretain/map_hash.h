/*
 * map_hash: rt_map_hash as a part of the loop that calls it, for those who hash each row of a log.
 *
 * Two words are hidden by the seed, multiplied to 128 bits and folded, as wyhash (Wang Yi 2019) and
 * XXH3 do. Ids of customers are short: the first word and the last, which may overlap, say it all
 * from 4 to 16 bytes; longer ones, up to 64, go in by 16 bytes at a time, each hiding the next. One
 * more multiplication spreads what is left of a pattern into the upper bits, which choose the slot.
 * Other keys go through XXH3.
 */
#ifndef RT_MAP_HASH_H
#define RT_MAP_HASH_H

#include "libretain/map.h"
#include "libretain/word.h"

/* Of any length; see map.c. */
uint64_t rt_map_hash_any(uint64_t seed, struct rt_text key);

static inline uint64_t rt_map_mix(uint64_t left, uint64_t right)
{
    const unsigned __int128 product = (unsigned __int128)left * right;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t rt_map_hash_here(uint64_t seed, struct rt_text key)
{
    if (key.length - 4 > 60)
        return rt_map_hash_any(seed, key);
    /* Any odd numbers whose bits look like chance. */
    const uint64_t other_seed = seed * UINT64_C(0x9e3779b97f4a7c15);
    const uint64_t length = key.length * UINT64_C(0xd6e8feb86659fd93);
    uint64_t left, right;
    if (key.length <= 16) {
        const size_t half = key.length < 8 ? 4 : 8;
        const char *last = key.at + key.length - half;
        left = half == 8 ? rt_load_eight(key.at) : rt_load_four(key.at);
        right = half == 8 ? rt_load_eight(last) : rt_load_four(last);
    } else {
        for (size_t i = 0; i + 16 < key.length; i += 16)
            seed = rt_map_mix(rt_load_eight(key.at + i) ^ seed,
                              rt_load_eight(key.at + i + 8) ^ other_seed);
        left = rt_load_eight(key.at + key.length - 16);
        right = rt_load_eight(key.at + key.length - 8);
    }
    const uint64_t folded = rt_map_mix(left ^ seed, right ^ other_seed ^ length);
    return (folded ^ folded >> 32) * UINT64_C(0x9e3779b97f4a7c15);
}

#endif
