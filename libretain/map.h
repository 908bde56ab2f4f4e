/*
 * map: byte strings to fixed-size states, in order of first appearance.
 *
 * Slots hold the upper 32 bits of the key's hash and the place of its entry; entries lie one
 * behind the other in one arena: the caller's state, then the length and the bytes of the key.
 * Keys are compared whole. Hashes are seeded, so that nobody can choose keys that collide; order
 * and results do not depend on the seed. Dies where memory ends. Memory per key: the state, 4
 * bytes and the key, rounded up to 8, and 11 to 22 bytes of slots.
 */
#ifndef RT_MAP_H
#define RT_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/text.h"

struct rt_map {
    uint64_t *slots; /* upper half of the hash above, place of the entry below; 0 is free */
    size_t slot_count;
    unsigned shift; /* the home slot of a hash is hash >> shift */
    char *arena;
    size_t arena_used, arena_size;
    size_t count;
    size_t state_size;
    unsigned unit; /* bytes that places count, and that entries are aligned to: 8 or 4 */
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
 * The state of `key`, made where it is new. States move when keys are added: a pointer is good
 * until the next rt_map_add; an offset (rt_map_offset, rt_map_at) stays.
 */
void *rt_map_add(struct rt_map *map, struct rt_text key, uint64_t hash);
/* The state of `key`, or NULL. */
void *rt_map_find(const struct rt_map *map, struct rt_text key, uint64_t hash);

/*
 * Brings the slot, then the entry, of a hash that is about to be asked for into the cache. Asked
 * for many hashes in a row before the first is needed, memory answers them all at once.
 */
void rt_map_prefetch_slot(const struct rt_map *map, uint64_t hash);
void rt_map_prefetch_entry(const struct rt_map *map, uint64_t hash);

/* Places of states: small, stable numbers that grow in order of appearance. 0 is never one. */
uint32_t rt_map_offset(const struct rt_map *map, const void *state);
void *rt_map_at(const struct rt_map *map, uint32_t offset);

/* All in order of first appearance: NULL gives the first, NULL comes after the last. */
void *rt_map_next(const struct rt_map *map, const void *state);
struct rt_text rt_map_key(const struct rt_map *map, const void *state);

#endif
