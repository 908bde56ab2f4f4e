/*
 * map: byte strings to fixed-size states, in order of first appearance.
 *
 * Entries lie one behind the other in chunks of memory: the caller's state, then the length and the
 * bytes of the key. A slot is 32 bits: the place of an entry, and above it as many bits of the
 * key's hash as are left, its mark, which tells most other keys without a look at their entries:
 * 8 or 9 bits where a million entries have 32 bytes each, one less each time that doubles. A bucket
 * of slots is a line of the cache, all compared at once: which one it is no branch has to guess. It
 * is filled from its front, and what finds it full goes to the next. The mark begins right below
 * the bits of the hash that choose the bucket: where slots become twice as many, its first bit
 * tells which of two buckets each goes to, and no key need be looked at. Keys are compared whole.
 * Hashes are seeded, so that nobody can choose keys that collide; order and results do not depend
 * on the seed. Dies where memory ends. Memory per key: the state, 4 bytes and the key, rounded up
 * to 8 or to half a line of the cache, where that is as near, and 5 to 11 bytes of slots.
 */
#ifndef RT_MAP_H
#define RT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "libretain/text.h"
#include "libretain/word.h"

/* The first entry of a chunk begins with a line of the cache. */
enum { RT_MAP_CHUNK = 4 << 20, RT_MAP_LINE = 64 };

/* What a chunk begins with: its number, so that the place of a state can be told from its address.
 */
struct rt_map_chunk_head {
    size_t number;
    size_t used; /* bytes, head included, once the next chunk was begun */
};

/* The slots of a bucket. */
enum { RT_MAP_BUCKET = RT_MAP_LINE / sizeof(uint32_t) };

struct rt_map {
    uint32_t *slots;     /* the mark of the hash above, the place of the entry below; 0 is free */
    uint32_t place_mask; /* the bits of a slot that are its place */
    size_t slot_count;
    unsigned shift; /* the home bucket of a hash is hash >> shift; 32 to 63 */
    char **chunks;  /* of RT_MAP_CHUNK bytes, aligned to that */
    size_t chunk_count, chunk_size;
    size_t chunk; /* the one being filled; `used` bytes of it are */
    size_t used;
    bool cleared;
    size_t count;
    size_t state_size;
    unsigned unit_bits; /* places count units of so many bytes, 2^3 or 2^2; entries are aligned */
    uint64_t seed;
};

/* A new state is all zeros, and aligned to 8 bytes. */
void rt_map_init(struct rt_map *map, size_t state_size);
/*
 * The same with states aligned to 4 bytes only, which saves up to 4 bytes a key: the structure
 * must be declared so. state_size is a multiple of 4.
 */
void rt_map_init_dense(struct rt_map *map, size_t state_size);
void rt_map_free(struct rt_map *map);
/* Forgets all keys, keeps the memory. */
void rt_map_clear(struct rt_map *map);

uint64_t rt_map_hash(const struct rt_map *map, struct rt_text key);

/*
 * The state of `key`, made where it is new. It stays where it is until the map is cleared. `hash`
 * is what rt_map_hash gives.
 */
void *rt_map_add(struct rt_map *map, struct rt_text key, uint64_t hash);
/* The state of `key`, or NULL. */
void *rt_map_find(const struct rt_map *map, struct rt_text key, uint64_t hash);

/* The slot at which the home bucket of a hash begins. */
static inline size_t rt_map_home(const struct rt_map *map, uint64_t hash)
{
    return (hash >> map->shift) * RT_MAP_BUCKET;
}

/*
 * The same for many keys, so that memory answers for all of them at once: first
 * rt_map_prefetch_slot for each hash, then rt_map_expect for each, then rt_map_add_expected with
 * what that gave. The expectation is a hint: it may be NULL, or of another key.
 */
__attribute__((always_inline)) static inline void rt_map_prefetch_slot(const struct rt_map *map,
                                                                       uint64_t hash)
{
    __builtin_prefetch(&map->slots[rt_map_home(map, hash)]);
}

/* The state at a place: a small, stable number that grows in order of appearance; never 0. */
static inline void *rt_map_at(const struct rt_map *map, uint32_t place)
{
    const size_t at = (size_t)place << map->unit_bits;
    return map->chunks[at / RT_MAP_CHUNK] + at % RT_MAP_CHUNK;
}
static inline uint32_t rt_map_offset(const struct rt_map *map, const void *state)
{
    const size_t within = (uintptr_t)state % RT_MAP_CHUNK;
    const struct rt_map_chunk_head *head = (const void *)((const char *)state - within);
    return (uint32_t)((head->number * RT_MAP_CHUNK + within) >> map->unit_bits);
}
/* The places of no two keys, if none is empty, are the same but for so many of their lower bits. */
unsigned rt_map_step_bits(const struct rt_map *map);

/* The bits of the hash that a slot has room for, of those below the ones that choose its home. */
static inline uint32_t rt_map_mark(const struct rt_map *map, uint64_t hash)
{
    return (uint32_t)(hash >> (map->shift - 32)) & ~map->place_mask;
}

/* A bit for each slot of a bucket whose bits of `mask` are those of `wanted`. */
static inline unsigned rt_map_matches_portable(const uint32_t *bucket, uint32_t mask,
                                               uint32_t wanted)
{
    unsigned matches = 0;
    for (unsigned i = 0; i < RT_MAP_BUCKET; i++)
        matches |= (unsigned)((bucket[i] & mask) == wanted) << i;
    return matches;
}

#if defined(__SSE2__)
static inline __m128i rt_map_match_four(const uint32_t *slots, __m128i mask, __m128i wanted)
{
    return _mm_cmpeq_epi32(_mm_and_si128(_mm_load_si128((const void *)slots), mask), wanted);
}
#endif

/* The same; every x86-64 has the instructions. */
static inline unsigned rt_map_matches(const uint32_t *bucket, uint32_t mask, uint32_t wanted)
{
#if defined(__SSE2__)
    const __m128i masks = _mm_set1_epi32((int)mask), all = _mm_set1_epi32((int)wanted);
    const __m128i lower = _mm_packs_epi32(rt_map_match_four(bucket, masks, all),
                                          rt_map_match_four(bucket + 4, masks, all));
    const __m128i upper = _mm_packs_epi32(rt_map_match_four(bucket + 8, masks, all),
                                          rt_map_match_four(bucket + 12, masks, all));
    return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(lower, upper));
#else
    return rt_map_matches_portable(bucket, mask, wanted);
#endif
}

/* Always inlined: compilers take a function that does nothing else for one that does nothing. */
__attribute__((always_inline)) static inline void rt_map_prefetch_entry(const struct rt_map *map,
                                                                        uint32_t place)
{
    const char *entry = rt_map_at(map, place);
    __builtin_prefetch(entry, 1);
    __builtin_prefetch(entry + map->state_size + 11, 1); /* where a key of 8 bytes ends */
}

/* What rt_map_expect gives for a hash whose home is `bucket`, of which those slots match. */
__attribute__((always_inline)) static inline void *
rt_map_expect_among(const struct rt_map *map, const uint32_t *bucket, unsigned matches)
{
    if (matches == 0)
        return NULL; /* new, or in another bucket, which is rare */
    const uint32_t place = bucket[__builtin_ctz(matches)] & map->place_mask;
    if (place == 0)
        return NULL; /* a free slot, which looks like a mark of zeros */
    rt_map_prefetch_entry(map, place);
    /* Others of the same mark. Free slots are behind all that are taken. */
    while ((matches &= matches - 1) != 0 && bucket[__builtin_ctz(matches)] != 0)
        rt_map_prefetch_entry(map, bucket[__builtin_ctz(matches)] & map->place_mask);
    return rt_map_at(map, place);
}

static inline void *rt_map_expect(const struct rt_map *map, uint64_t hash)
{
    const uint32_t *bucket = &map->slots[rt_map_home(map, hash)];
    return rt_map_expect_among(map, bucket,
                               rt_map_matches(bucket, ~map->place_mask, rt_map_mark(map, hash)));
}

/* Are two keys of fewer than eight bytes the same? By words that may overlap: first and last. */
static inline bool rt_map_short_key_is(const char *at, const char *key, uint32_t length)
{
    if (length >= 4)
        return ((rt_load_four(at) ^ rt_load_four(key)) |
                (rt_load_four(at + length - 4) ^ rt_load_four(key + length - 4))) == 0;
    return length == 0 || (at[0] == key[0] && at[length / 2] == key[length / 2] &&
                           at[length - 1] == key[length - 1]);
}

/* Keys are short: a few words, of which the last two may overlap, and no call. */
static inline bool rt_map_key_is(const struct rt_map *map, const void *state, struct rt_text key)
{
    const char *at = (const char *)state + map->state_size;
    uint32_t length;
    memcpy(&length, at, sizeof length);
    at += sizeof length;
    if (length != key.length)
        return false;
    if (length < 8)
        return rt_map_short_key_is(at, key.at, length);
    uint64_t differ = rt_load_eight(at + length - 8) ^ rt_load_eight(key.at + length - 8);
    for (uint32_t i = 0; i + 8 < length; i += 8)
        differ |= rt_load_eight(at + i) ^ rt_load_eight(key.at + i);
    return differ == 0;
}

static inline void *rt_map_add_expected(struct rt_map *map, struct rt_text key, uint64_t hash,
                                        void *expected)
{
    if (expected != NULL && rt_map_key_is(map, expected, key))
        return expected;
    return rt_map_add(map, key, hash);
}

/* What an entry takes with a key of this length. Where few bytes are missing to half a line of the
 * cache, or a whole one, they are added: entries of one size then never lie across two lines. */
static inline size_t rt_map_entry_size(const struct rt_map *map, size_t key_length)
{
    enum { FEW = 4, HALF = RT_MAP_LINE / 2 };
    const size_t unit = (size_t)1 << map->unit_bits;
    const size_t bytes = (map->state_size + sizeof(uint32_t) + key_length + unit - 1) & ~(unit - 1);
    const size_t halves = (bytes + HALF - 1) / HALF * HALF;
    return halves - bytes <= FEW ? halves : bytes;
}

/* The key of a state. */
static inline struct rt_text rt_map_key(const struct rt_map *map, const void *state)
{
    const char *at = (const char *)state + map->state_size;
    uint32_t length;
    memcpy(&length, at, sizeof length);
    return (struct rt_text){at + sizeof length, length};
}

/* All in order of first appearance: NULL gives the first, NULL comes after the last. */
static inline void *rt_map_next(const struct rt_map *map, const void *state)
{
    size_t number = 0, at = RT_MAP_LINE;
    if (state != NULL) {
        const size_t within = (uintptr_t)state % RT_MAP_CHUNK;
        const struct rt_map_chunk_head *head = (const void *)((const char *)state - within);
        number = head->number;
        at = within + rt_map_entry_size(map, rt_map_key(map, state).length);
        if (number < map->chunk && at == head->used) {
            number++;
            at = RT_MAP_LINE;
        }
    }
    return number < map->chunk || at < map->used ? map->chunks[number] + at : NULL;
}

#endif
