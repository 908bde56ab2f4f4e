#include "libretain/map.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

struct state {
    int64_t count;
};

static struct state *add(struct rt_map *map, const char *key)
{
    const struct rt_text text = rt_text(key);
    return rt_map_add(map, text, rt_map_hash(map, text));
}

static int compare_hashes(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

START_TEST(counts_in_order_of_appearance)
{
    struct rt_map map;
    rt_map_init(&map, sizeof(struct state));
    static const char *const keys[] = {"b", "a", "", "b", "a", "b"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        add(&map, keys[i])->count++;
    static const char *const order[] = {"b", "a", ""};
    static const int64_t counts[] = {3, 2, 1};
    const struct state *state = NULL;
    for (size_t i = 0; i < 3; i++) {
        state = rt_map_next(&map, state);
        ck_assert_ptr_nonnull(state);
        ck_assert(rt_text_is(rt_map_key(&map, state), order[i]));
        ck_assert_int_eq(state->count, counts[i]);
    }
    ck_assert_ptr_null(rt_map_next(&map, state));
    ck_assert_ptr_null(rt_map_find(&map, rt_text("c"), rt_map_hash(&map, rt_text("c"))));
    rt_map_free(&map);
}
END_TEST

/* Enough keys for several chunks and doublings, in both alignments; places come back. */
START_TEST(keeps_many_keys)
{
    enum { KEYS = 300000 };
    for (int dense = 0; dense < 2; dense++) {
        struct rt_map map;
        (dense ? rt_map_init_dense : rt_map_init)(&map, 12);
        char key[32];
        for (int pass = 0; pass < 2; pass++)
            for (int i = 0; i < KEYS; i++) {
                const int length = snprintf(key, sizeof key, "key-%d", i * 7);
                const struct rt_text text = {key, (size_t)length};
                const uint64_t hash = rt_map_hash(&map, text);
                int *state = rt_map_add_expected(&map, text, hash, rt_map_expect(&map, hash));
                ck_assert_int_eq(state[0], pass == 0 ? 0 : i);
                state[0] = i;
                ck_assert_ptr_eq(rt_map_at(&map, rt_map_offset(&map, state)), state);
            }
        ck_assert_uint_eq(map.count, KEYS);
        int expected = 0;
        for (const int *state = NULL; (state = rt_map_next(&map, state)) != NULL;)
            ck_assert_int_eq(state[0], expected++);
        ck_assert_int_eq(expected, KEYS);
        rt_map_clear(&map);
        ck_assert_ptr_null(rt_map_next(&map, NULL));
        ck_assert_int_eq(
            *(int *)rt_map_add(&map, rt_text("new"), rt_map_hash(&map, rt_text("new"))), 0);
        rt_map_free(&map);
    }
}
END_TEST

/* Slots whose places leave no bit for a mark: every key is found by itself, and moved by its hash.
 */
START_TEST(does_without_marks)
{
    enum { KEYS = 20000 };
    struct rt_map map;
    rt_map_init(&map, sizeof(int));
    map.place_mask = UINT32_MAX;
    char key[32];
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < KEYS; i++) {
            const struct rt_text text = {key, (size_t)snprintf(key, sizeof key, "%d", i)};
            int *state = rt_map_add(&map, text, rt_map_hash(&map, text));
            ck_assert_int_eq(*state, pass == 0 ? 0 : i);
            *state = i;
        }
    ck_assert_uint_eq(map.count, KEYS);
    rt_map_free(&map);
}
END_TEST

/*
 * Equal hashes, keys of all lengths around the words that are compared: told apart all the same.
 * They are too few for the slots to grow, which may take the keys' own hashes.
 */
START_TEST(tells_colliding_keys_apart)
{
    struct rt_map map;
    rt_map_init(&map, sizeof(struct state));
    char key[37];
    for (size_t length = 1; length < sizeof key; length++)
        for (size_t place = 0; place < length; place++) {
            memset(key, 'x', length);
            key[place] = 'y';
            struct state *state = rt_map_add(&map, (struct rt_text){key, length}, 42);
            ck_assert_int_eq(state->count, 0);
            state->count = (int64_t)(length * 100 + place);
        }
    for (size_t length = 1; length < sizeof key; length++)
        for (size_t place = 0; place < length; place++) {
            memset(key, 'x', length);
            key[place] = 'y';
            const struct state *state = rt_map_find(&map, (struct rt_text){key, length}, 42);
            ck_assert_ptr_nonnull(state);
            ck_assert_int_eq(state->count, (int64_t)(length * 100 + place));
        }
    rt_map_free(&map);
}
END_TEST

/* Some slots of a bucket or all, with few bits to tell them or many: both ways find the same. */
START_TEST(finds_the_same_matches)
{
    _Alignas(RT_MAP_LINE) uint32_t bucket[RT_MAP_BUCKET];
    uint64_t chance = 1;
    int matched = 0;
    for (int i = 0; i < 100000; i++) {
        const uint32_t mask = i % 3 == 0 ? UINT32_MAX : UINT32_MAX << (i % 32);
        for (unsigned k = 0; k < RT_MAP_BUCKET; k++) {
            chance = chance * UINT64_C(6364136223846793005) + 1;
            bucket[k] = chance >> 63 != 0 ? (uint32_t)(chance >> 8) : 0;
        }
        const uint32_t wanted = bucket[i % RT_MAP_BUCKET] & mask;
        const unsigned matches = rt_map_matches(bucket, mask, wanted);
        ck_assert_uint_eq(matches, rt_map_matches_portable(bucket, mask, wanted));
        ck_assert_uint_eq(matches >> i % RT_MAP_BUCKET & 1, 1);
        matched += __builtin_popcount(matches);
    }
    ck_assert_int_gt(matched, 200000);
    ck_assert_int_lt(matched, 100000 * RT_MAP_BUCKET);
}
END_TEST

/* Hashes that all choose the last bucket: what finds it full is found in the first ones. */
START_TEST(goes_to_the_next_bucket)
{
    struct rt_map map;
    rt_map_init(&map, sizeof(struct state));
    enum { KEYS = 3 * RT_MAP_BUCKET };
    char key[16];
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < KEYS; i++) {
            const struct rt_text text = {key, (size_t)snprintf(key, sizeof key, "%d", i)};
            const uint64_t hash = UINT64_MAX - (uint64_t)i;
            struct state *state = rt_map_add_expected(&map, text, hash, rt_map_expect(&map, hash));
            ck_assert_int_eq(state->count, pass == 0 ? 0 : i);
            ck_assert_ptr_eq(rt_map_find(&map, text, hash), state);
            state->count = i;
        }
    ck_assert_uint_eq(map.count, KEYS);
    rt_map_free(&map);
}
END_TEST

/*
 * Ids as shops have them, numbered one after the other: no two have the same hash; the upper bits,
 * which choose a slot, fill as many slots as chance would (1 - 1/e of them); and bit 32, which
 * chooses a share, halves them.
 */
START_TEST(spreads_ids_as_chance_does)
{
    enum { BITS = 16, IDS = 1 << BITS };
    static const char *const forms[] = {
        "%d",        "%04d",  "C%07d",          "%08d",
        "CUST-%06d", "%016d", "%d@example.org", "3f2b%08x-77aa-4c1d-9e10-5f6a7b8c9d0e"};
    static unsigned char used[IDS];
    struct rt_map map;
    rt_map_init(&map, sizeof(struct state));
    for (int again = 0; again < 3; again++) {
        map.seed += UINT64_C(0x123456789abcdef) * (uint64_t)again;
        for (size_t form = 0; form < sizeof forms / sizeof forms[0]; form++) {
            int slots = 0, odd = 0;
            memset(used, 0, sizeof used);
            uint64_t *hashes = malloc(IDS * sizeof *hashes);
            ck_assert_ptr_nonnull(hashes);
            for (int i = 0; i < IDS; i++) {
                char id[64];
                const int length = snprintf(id, sizeof id, forms[form], i);
                hashes[i] = rt_map_hash(&map, (struct rt_text){id, (size_t)length});
                slots += used[hashes[i] >> (64 - BITS)]++ == 0;
                odd += (int)(hashes[i] >> 32 & 1);
            }
            ck_assert_int_lt(abs(slots - (int)(0.632 * IDS)), IDS / 100);
            ck_assert_int_lt(abs(odd - IDS / 2), IDS / 80);
            qsort(hashes, IDS, sizeof *hashes, compare_hashes);
            for (int i = 1; i < IDS; i++)
                ck_assert(hashes[i] != hashes[i - 1]);
            free(hashes);
        }
    }
    rt_map_free(&map);
}
END_TEST

/* Of keys of any length, each byte counts, and so does its place. */
START_TEST(hashes_every_byte)
{
    enum { LONGEST = 100 };
    struct rt_map map;
    rt_map_init(&map, sizeof(struct state));
    char key[LONGEST];
    for (size_t length = 1; length <= LONGEST; length++) {
        uint64_t hashes[LONGEST + 1];
        memset(key, 'x', sizeof key);
        hashes[length] = rt_map_hash(&map, (struct rt_text){key, length});
        for (size_t place = 0; place < length; place++) {
            key[place] = 'y';
            hashes[place] = rt_map_hash(&map, (struct rt_text){key, length});
            key[place] = 'x';
        }
        qsort(hashes, length + 1, sizeof *hashes, compare_hashes);
        for (size_t i = 1; i <= length; i++)
            ck_assert(hashes[i] != hashes[i - 1]);
    }
    rt_map_free(&map);
}
END_TEST

START_TEST(takes_the_longest_key)
{
    enum { LENGTH = 1 << 20 };
    struct rt_map map;
    rt_map_init(&map, sizeof(struct state));
    char *key = calloc(LENGTH, 1);
    ck_assert_ptr_nonnull(key);
    for (int i = 0; i < 12; i++) {
        key[LENGTH - 1] = (char)i;
        const struct rt_text text = {key, LENGTH};
        ((struct state *)rt_map_add(&map, text, rt_map_hash(&map, text)))->count = i;
    }
    int64_t expected = 0;
    for (const struct state *state = NULL; (state = rt_map_next(&map, state)) != NULL;)
        ck_assert_int_eq(state->count, expected++);
    ck_assert_int_eq(expected, 12);
    free(key);
    rt_map_free(&map);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("map");
    TCase *tests = tcase_create("map");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, counts_in_order_of_appearance);
    tcase_add_test(tests, keeps_many_keys);
    tcase_add_test(tests, does_without_marks);
    tcase_add_test(tests, tells_colliding_keys_apart);
    tcase_add_test(tests, finds_the_same_matches);
    tcase_add_test(tests, goes_to_the_next_bucket);
    tcase_add_test(tests, spreads_ids_as_chance_does);
    tcase_add_test(tests, hashes_every_byte);
    tcase_add_test(tests, takes_the_longest_key);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
