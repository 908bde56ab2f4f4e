#include "libretain/join.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

enum { ROWS = 30000, KEYS = 5000 };

/* What the work has seen. */
struct seen {
    uint64_t rows, found;
    uint64_t refuse_at; /* the row that is refused, from 1; 0 for none */
    uint64_t order;     /* a hash of the numbers of the rows, as they came */
};

static int see(void *what, const struct rt_join_row *row)
{
    struct seen *seen = what;
    if (++seen->rows == seen->refuse_at)
        return rt_join_refuse(row, 1, "refused");
    const struct rt_text number = rt_join_cell(row, 1);
    seen->order = seen->order * 31 + strtoul(number.at, NULL, 10);
    uint32_t *state = rt_join_find(row);
    seen->found += rt_join_cell(row, -1).length; /* a column that is not there is empty */
    if (state != NULL) {
        seen->found++;
        (*state)++;
    }
    return 0;
}

static int add(void *what, const struct rt_join_row *row)
{
    uint32_t *state = rt_join_add(row, what);
    (*state)++;
    return 0;
}

/* Row i, from 0, has the key i * 7 % KEYS and the number i. */
static void write_rows(char name[32])
{
    strcpy(name, "/tmp/retain-join.XXXXXX");
    FILE *file = fdopen(mkstemp(name), "w");
    ck_assert_ptr_nonnull(file);
    fputs("key,number\n", file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "K%d,%d\n", i * 7 % KEYS, i);
    ck_assert_int_eq(fclose(file), 0);
}

static const char *join(char *name, const struct rt_map *map, int threads, rt_join_work *work,
                        void *what, char message[200])
{
    const struct rt_table_args args = {.delimiter = ',', .block = 4096};
    struct rt_table *table = rt_table_open(&args, &name, 1);
    const char *fault = rt_join(table, 0, map, threads, work, what);
    if (fault != NULL)
        snprintf(message, 200, "%s", fault);
    rt_table_close(table);
    return fault == NULL ? NULL : message;
}

START_TEST(every_row_meets_its_key_in_order)
{
    char name[32], message[200];
    write_rows(name);
    struct rt_map map;
    rt_map_init(&map, sizeof(uint32_t));
    /* Every third key is known. */
    for (int key = 0; key < KEYS; key += 3) {
        char text[16];
        snprintf(text, sizeof text, "K%d", key);
        (void)rt_map_add(&map, rt_text(text), rt_map_hash(&map, rt_text(text)));
    }
    uint64_t order = 0;
    for (uint64_t i = 0; i < ROWS; i++)
        order = order * 31 + i;
    for (int threads = 1; threads <= 2; threads++) {
        struct seen seen = {.rows = 0};
        ck_assert_ptr_null(join(name, &map, threads, see, &seen, message));
        ck_assert_uint_eq(seen.rows, ROWS);
        ck_assert_uint_eq(seen.order, order);
        ck_assert_uint_eq(seen.found, ROWS / KEYS * ((KEYS + 2) / 3));
    }
    int wrong = 0;
    for (const uint32_t *state = NULL; (state = rt_map_next(&map, state)) != NULL;)
        wrong += *state != 2 * ROWS / KEYS;
    ck_assert_int_eq(wrong, 0);
    rt_map_free(&map);
    unlink(name);
}
END_TEST

START_TEST(keys_are_made_while_others_are_looked_up)
{
    char name[32], message[200];
    write_rows(name);
    for (int threads = 1; threads <= 2; threads++) {
        struct rt_map map;
        rt_map_init_dense(&map, sizeof(uint32_t));
        ck_assert_ptr_null(join(name, &map, threads, add, &map, message));
        ck_assert_uint_eq(map.count, KEYS);
        int number = 0, wrong = 0;
        for (const uint32_t *state = NULL; (state = rt_map_next(&map, state)) != NULL; number++) {
            char text[16];
            snprintf(text, sizeof text, "K%d", number * 7 % KEYS);
            wrong += !rt_text_is(rt_map_key(&map, state), text) || *state != ROWS / KEYS;
        }
        ck_assert_int_eq(wrong, 0);
        rt_map_free(&map);
    }
    unlink(name);
}
END_TEST

START_TEST(a_refused_row_ends_it)
{
    static const uint64_t rows[] = {1, 64, 65, 1000, ROWS};
    char name[32], message[200], expected[64];
    write_rows(name);
    struct rt_map map;
    rt_map_init(&map, sizeof(uint32_t));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int threads = 1; threads <= 2; threads++) {
            struct seen seen = {.refuse_at = rows[i]};
            snprintf(expected, sizeof expected, "%s:%d: number: refused", name, (int)rows[i] + 1);
            ck_assert_str_eq(join(name, &map, threads, see, &seen, message), expected);
            ck_assert_uint_eq(seen.rows, rows[i]);
        }
    rt_map_free(&map);
    unlink(name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("join");
    TCase *cases = tcase_create("join");
    tcase_add_test(cases, every_row_meets_its_key_in_order);
    tcase_add_test(cases, keys_are_made_while_others_are_looked_up);
    tcase_add_test(cases, a_refused_row_ends_it);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
