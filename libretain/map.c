#include "libretain/map.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "libretain/err.h"
#include "libretain/map_hash.h"
#include "libretain/pages.h"

enum { FIRST_SLOTS = 1024, FIRST_PLACES = 256, HUGE_PAGE = 2 << 20 };

/* Chance only decides which slots are used, which nothing shows. */
static uint64_t random_seed(void)
{
    uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
        seed ^= (uint64_t)(uintptr_t)&seed;
    return seed;
}

/* Aligned to their size, or to a huge page. */
static uint32_t *new_slots(size_t count)
{
    const size_t size = count * sizeof(uint32_t);
    uint32_t *slots = rt_pages_map(size, size < HUGE_PAGE ? size : HUGE_PAGE);
    if (size >= HUGE_PAGE)
        rt_pages_prefer_huge(slots, size);
    rt_pages_touch(slots, size); /* each is read first, to see that it is free */
    return slots;
}

static void free_slots(uint32_t *slots, size_t count)
{
    rt_pages_unmap(slots, count * sizeof *slots);
}

static unsigned shift_for(size_t slot_count)
{
    unsigned bits = 0;
    while (((size_t)RT_MAP_BUCKET << bits) < slot_count)
        bits++;
    return 64 - bits;
}

/* How many places a chunk has. */
static size_t chunk_places(const struct rt_map *map)
{
    return RT_MAP_CHUNK >> map->unit_bits;
}

/* Lets slots hold the place: bits of each mark make room. */
static void widen_places(struct rt_map *map, uint32_t place)
{
    const uint32_t before = map->place_mask;
    while (place > map->place_mask)
        map->place_mask = map->place_mask << 1 | 1;
    for (size_t i = 0; i < map->slot_count; i++)
        map->slots[i] &= before | ~map->place_mask;
}

/* Goes on in the next chunk. */
static void begin_chunk(struct rt_map *map, size_t number)
{
    if (number == map->chunk_count) {
        const size_t size = rt_grown(map->chunk_size, number + 1);
        if (size > 0) {
            map->chunks = rt_realloc(map->chunks, size, sizeof *map->chunks);
            map->chunk_size = size;
        }
        map->chunks[number] = rt_pages_map(RT_MAP_CHUNK, RT_MAP_CHUNK);
        map->chunk_count++;
    }
    struct rt_map_chunk_head *head = (struct rt_map_chunk_head *)(void *)map->chunks[number];
    head->number = number;
    map->chunk = number;
    map->used = RT_MAP_LINE;
}

static void init(struct rt_map *map, size_t state_size, unsigned unit_bits)
{
    *map = (struct rt_map){
        .slots = new_slots(FIRST_SLOTS),
        .place_mask = FIRST_PLACES - 1,
        .slot_count = FIRST_SLOTS,
        .shift = shift_for(FIRST_SLOTS),
        .state_size = state_size,
        .unit_bits = unit_bits,
        .seed = random_seed(),
    };
    begin_chunk(map, 0);
}

void rt_map_init(struct rt_map *map, size_t state_size)
{
    init(map, (state_size + 3) / 4 * 4, 3);
}

void rt_map_init_dense(struct rt_map *map, size_t state_size)
{
    init(map, (state_size + 3) / 4 * 4, 2);
}

void rt_map_free(struct rt_map *map)
{
    if (map->slots != NULL)
        free_slots(map->slots, map->slot_count);
    for (size_t i = 0; i < map->chunk_count; i++)
        rt_pages_unmap(map->chunks[i], RT_MAP_CHUNK);
    free(map->chunks);
    *map = (struct rt_map){0};
}

void rt_map_clear(struct rt_map *map)
{
    memset(map->slots, 0, map->slot_count * sizeof *map->slots);
    begin_chunk(map, 0);
    map->cleared = true;
    map->count = 0;
}

uint64_t rt_map_hash_any(uint64_t seed, struct rt_text key)
{
    return XXH3_64bits_withSeed(key.at, key.length, seed);
}

uint64_t rt_map_hash(const struct rt_map *map, struct rt_text key)
{
    return rt_map_hash_here(map->seed, key);
}

/* Entries ---------------------------------------------------------------------------------------
 */

unsigned rt_map_step_bits(const struct rt_map *map)
{
    unsigned bits = 0;
    while ((size_t)1 << (map->unit_bits + bits + 1) <= rt_map_entry_size(map, 1))
        bits++;
    return bits;
}

static void *append_entry(struct rt_map *map, struct rt_text key)
{
    const size_t bytes = rt_map_entry_size(map, key.length);
    if (map->used + bytes > RT_MAP_CHUNK) {
        ((struct rt_map_chunk_head *)(void *)map->chunks[map->chunk])->used = map->used;
        if ((map->chunk + 2) * chunk_places(map) - 1 > UINT32_MAX)
            rt_die("more customers or keys than fit into one table; split the input by customer");
        begin_chunk(map, map->chunk + 1);
    }
    char *state = map->chunks[map->chunk] + map->used;
    map->used += bytes;
    map->count++;
    const uint32_t length = (uint32_t)key.length;
    if (map->cleared) /* else nothing was ever there */
        memset(state, 0, bytes);
    memcpy(state + map->state_size, &length, sizeof length);
    if (length > 0)
        memcpy(state + map->state_size + sizeof length, key.at, length);
    const uint32_t place = rt_map_offset(map, state);
    if (place > map->place_mask)
        widen_places(map, place);
    return state;
}

/* Slots -----------------------------------------------------------------------------------------
 */

static uint32_t slot_of(const struct rt_map *map, const void *state, uint64_t hash)
{
    return rt_map_mark(map, hash) | rt_map_offset(map, state);
}

/* The slot at which the bucket behind this one begins. */
static size_t next_bucket(const struct rt_map *map, size_t bucket)
{
    return (bucket + RT_MAP_BUCKET) & (map->slot_count - 1);
}

/* A bit for each slot of a bucket that is free. */
static unsigned free_slots_of(const struct rt_map *map, size_t bucket)
{
    return rt_map_matches(&map->slots[bucket], UINT32_MAX, 0);
}

/* Enters a state that has no slot yet. */
static void enter(struct rt_map *map, const void *state, uint64_t hash)
{
    size_t bucket = rt_map_home(map, hash);
    unsigned free;
    while ((free = free_slots_of(map, bucket)) == 0)
        bucket = next_bucket(map, bucket);
    map->slots[bucket + (size_t)__builtin_ctz(free)] = slot_of(map, state, hash);
}

/* Slots that become twice as many. */
struct growth {
    struct rt_map *map; /* with the new slots */
    uint32_t *slots;
    size_t slot_count;
    uint32_t place_mask;
    /* Places whose keys must be hashed again to find their homes; their entries are asked for. */
    uint32_t waiting[2 * RT_MAP_BUCKET];
    size_t waiting_count;
};

static void enter_waiting(struct growth *growth)
{
    struct rt_map *map = growth->map;
    for (size_t i = 0; i < growth->waiting_count; i++) {
        const void *state = rt_map_at(map, growth->waiting[i]);
        enter(map, state, rt_map_hash_here(map->seed, rt_map_key(map, state)));
    }
    growth->waiting_count = 0;
}

static void wait_for(struct growth *growth, uint32_t slot)
{
    const uint32_t place = slot & growth->place_mask;
    rt_map_prefetch_entry(growth->map, place);
    growth->waiting[growth->waiting_count++] = place;
}

/* Not all that is in a bucket need be at home there, if the one before it is full. */
static bool has_strangers(const struct growth *growth, size_t bucket)
{
    return growth->slots[(bucket - 1) & (growth->slot_count - 1)] != 0;
}

/* Moves a bucket into two by the first bits of its marks, behind what came there from others. */
static void split_bucket(struct growth *growth, size_t bucket)
{
    struct rt_map *map = growth->map;
    unsigned free[2];
    for (size_t half = 0; half < 2; half++)
        free[half] = free_slots_of(map, 2 * bucket + half * RT_MAP_BUCKET);
    for (size_t i = bucket; i < bucket + RT_MAP_BUCKET && growth->slots[i] != 0; i++) {
        const uint32_t slot = growth->slots[i], half = slot >> 31;
        if (free[half] == 0) {
            wait_for(growth, slot);
            continue;
        }
        const size_t to = 2 * bucket + half * RT_MAP_BUCKET + (size_t)__builtin_ctz(free[half]);
        map->slots[to] = (slot & ~growth->place_mask) << 1 | (slot & growth->place_mask);
        free[half] &= free[half] - 1;
    }
}

static void grow_slots(struct rt_map *map)
{
    struct growth growth = {.map = map,
                            .slots = map->slots,
                            .slot_count = map->slot_count,
                            .place_mask = map->place_mask};
    const bool marked = ~map->place_mask != 0;
    map->slot_count *= 2;
    map->slots = new_slots(map->slot_count);
    map->shift--;
    map->place_mask = map->place_mask << 1 | 1;
    for (size_t bucket = 0; bucket < growth.slot_count; bucket += RT_MAP_BUCKET) {
        if (marked && !has_strangers(&growth, bucket)) {
            split_bucket(&growth, bucket);
        } else {
            for (size_t i = bucket; i < bucket + RT_MAP_BUCKET && growth.slots[i] != 0; i++)
                wait_for(&growth, growth.slots[i]);
        }
        if (growth.waiting_count > RT_MAP_BUCKET)
            enter_waiting(&growth);
    }
    enter_waiting(&growth);
    free_slots(growth.slots, growth.slot_count);
}

/* The slot of the key, or the free one where it belongs. */
static size_t find_slot(const struct rt_map *map, struct rt_text key, uint64_t hash)
{
    const uint32_t mark = rt_map_mark(map, hash);
    for (size_t bucket = rt_map_home(map, hash);; bucket = next_bucket(map, bucket)) {
        const unsigned free = free_slots_of(map, bucket);
        unsigned matches = rt_map_matches(&map->slots[bucket], ~map->place_mask, mark) & ~free;
        for (; matches != 0; matches &= matches - 1) {
            const size_t at = bucket + (size_t)__builtin_ctz(matches);
            if (rt_map_key_is(map, rt_map_at(map, map->slots[at] & map->place_mask), key))
                return at;
        }
        if (free != 0)
            return bucket + (size_t)__builtin_ctz(free);
    }
}

void *rt_map_find(const struct rt_map *map, struct rt_text key, uint64_t hash)
{
    const uint32_t slot = map->slots[find_slot(map, key, hash)];
    return slot == 0 ? NULL : rt_map_at(map, slot & map->place_mask);
}

void *rt_map_add(struct rt_map *map, struct rt_text key, uint64_t hash)
{
    size_t at = find_slot(map, key, hash);
    const uint32_t slot = map->slots[at];
    if (slot != 0)
        return rt_map_at(map, slot & map->place_mask);
    if (map->count >= map->slot_count / 4 * 3) {
        grow_slots(map);
        at = find_slot(map, key, hash);
    }
    void *state = append_entry(map, key);
    map->slots[at] = slot_of(map, state, hash);
    return state;
}
