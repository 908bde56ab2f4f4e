#include "libretain/lookup.h"

#include <stdio.h>

#include "tests/unit/unit.h"

/* The slots grow at 3072 keys: under way, as two of three are there from the start. */
enum { ROWS = 4000, STOP = 2500 };

struct log {
    char keys[ROWS][8];
    struct rt_feed_row rows[ROWS];
};

/* Rows of 8-byte ids, of which every third is not in the map. */
static void fill(struct rt_map *map, struct log *log)
{
    for (int i = 0; i < ROWS; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "C%07d", i * 11);
        memcpy(log->keys[i], key, 8);
        const struct rt_text text = {log->keys[i], 8};
        log->rows[i] =
            (struct rt_feed_row){.hash = rt_map_hash(map, text), .shape = rt_feed_shape(8, 0)};
        memcpy(log->rows[i].id, key, 8);
        if (i % 3 > 0)
            *(int *)rt_map_add(map, text, log->rows[i].hash) = i;
    }
}

/* What is expected is there, nearly always and by both ways alike; what is new rarely seems known.
 */
START_TEST(expects_the_same)
{
    static struct log log;
    struct rt_map map;
    rt_map_init(&map, sizeof(int));
    fill(&map, &log);
    static void *expected[ROWS], *twins[ROWS];
    for (size_t from = 0; from < ROWS; from += 100) {
        rt_lookup_expect(&map, log.rows + from, 100, expected + from);
        rt_lookup_expect_portable(&map, log.rows + from, 100, twins + from);
    }
    int right = 0, wrong = 0;
    for (int i = 0; i < ROWS; i++) {
        const struct rt_text text = rt_feed_customer(&log.rows[i]);
        ck_assert_ptr_eq(expected[i], twins[i]);
        ck_assert_ptr_eq(expected[i], rt_map_expect(&map, log.rows[i].hash));
        const void *state = rt_map_find(&map, text, log.rows[i].hash);
        right += state != NULL && expected[i] == state;
        wrong += expected[i] != NULL && expected[i] != state;
    }
    ck_assert_int_gt(right, ROWS * 2 / 3 * 9 / 10);
    ck_assert_int_lt(wrong, ROWS / 20);
    rt_map_free(&map);
}
END_TEST

/* A hash without bits is like a free slot, which stands for nobody: no state is expected there. */
START_TEST(expects_nothing_of_a_free_slot)
{
    struct rt_map map;
    rt_map_init(&map, 20);
    const struct rt_feed_row row = {.hash = 0};
    void *expected = &map, *twin = &map;
    rt_lookup_expect(&map, &row, 1, &expected);
    rt_lookup_expect_portable(&map, &row, 1, &twin);
    ck_assert_ptr_null(expected);
    ck_assert_ptr_null(twin);
    const struct rt_text empty = {"", 0};
    const void *state = rt_map_add_expected(&map, empty, 0, rt_map_expect(&map, 0));
    ck_assert_ptr_eq(state, rt_map_next(&map, NULL));
    rt_lookup_expect(&map, &row, 1, &expected);
    ck_assert_ptr_eq(expected, state);
    rt_map_free(&map);
}
END_TEST

struct visit {
    struct rt_map *map;
    size_t next, stop;
};

static int visit(void *what, struct rt_feed_block *block, size_t row, void *expected)
{
    struct visit *visit = what;
    ck_assert_uint_eq(row, visit->next++);
    if (row == visit->stop)
        return -1;
    const struct rt_feed_row *at = &block->row[row];
    int *state = rt_map_add_expected(visit->map, rt_feed_customer(at), at->hash, expected);
    ck_assert_int_eq(*state, row % 3 > 0 ? (int)row : 0);
    ck_assert_ptr_eq(state, rt_map_find(visit->map, rt_feed_customer(at), at->hash));
    return 0;
}

/* Every row once, in order, with the map growing under way; from any row, up to where it stops. */
START_TEST(visits_each_row_in_order)
{
    static const size_t starts[] = {0, 1, 31, 32, 33, 2990, STOP, ROWS};
    static struct log log;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        for (size_t stop = STOP; stop <= ROWS; stop += ROWS - STOP) {
            struct rt_map map;
            rt_map_init(&map, sizeof(int));
            fill(&map, &log);
            const size_t slot_count = map.slot_count;
            struct rt_feed_block block = {.row = log.rows, .count = ROWS};
            struct visit what = {&map, starts[i], stop};
            const int64_t stopped = rt_lookup_each(&map, &block, starts[i], ROWS, visit, &what);
            const bool stops = starts[i] <= stop && stop < ROWS;
            ck_assert_int_eq(stopped, stops ? (int64_t)stop : -1);
            ck_assert_uint_eq(what.next, stops ? stop + 1 : ROWS);
            if (starts[i] == 0)
                ck_assert_uint_eq(map.slot_count, 2 * slot_count);
            rt_map_free(&map);
        }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lookup");
    TCase *tests = tcase_create("lookup");
    tcase_add_test(tests, expects_the_same);
    tcase_add_test(tests, expects_nothing_of_a_free_slot);
    tcase_add_test(tests, visits_each_row_in_order);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
