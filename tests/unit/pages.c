/* Memory straight from the system, and how large memory grows. */
#include "libretain/pages.h"

#include <stdint.h>
#include <stdio.h>

#include "libretain/err.h"
#include "tests/unit/unit.h"

/* Does the memory lie in one mapping, as the system has it? -1 where it cannot be told. */
static int is_one_mapping(const void *memory, size_t size)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    if (maps == NULL)
        return -1;
    char line[512];
    int found = 0;
    while (found == 0 && fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx", &from, &to) == 2)
            found = (uintptr_t)memory >= from && (uintptr_t)memory + size <= to;
    }
    fclose(maps);
    return found;
}

/* What grows is moved by the system, page by page, and not copied: that takes a single mapping. */
START_TEST(large_memory_stays_one_mapping)
{
    char *memory = NULL;
    for (size_t size = 4 << 20; size <= 64 << 20; size = size * 3 / 2) {
        memory = rt_realloc(memory, size, 1);
        memory[size - 1] = 1;
        ck_assert_int_ne(is_one_mapping(memory, size), 0);
    }
    free(memory);
}
END_TEST

START_TEST(touched_pages_are_zeros)
{
    enum { SIZE = 256 << 10 };
    char *pages = rt_pages_map(SIZE, SIZE);
    rt_pages_touch(pages, SIZE);
    for (size_t i = 0; i < SIZE; i++)
        ck_assert_int_eq(pages[i], 0);
    rt_pages_unmap(pages, SIZE);
}
END_TEST

START_TEST(mapped_pages_are_zeros)
{
    enum { SIZE = 4 << 20 };
    char *pages = rt_pages_map(SIZE, SIZE);
    rt_pages_prefer_huge(pages, SIZE);
    ck_assert_uint_eq((uintptr_t)pages % SIZE, 0);
    for (size_t i = 0; i < SIZE; i += 1024)
        ck_assert_int_eq(pages[i], 0);
    pages[0] = pages[SIZE - 1] = 1;
    rt_pages_unmap(pages, SIZE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pages");
    TCase *tests = tcase_create("pages");
    tcase_add_test(tests, large_memory_stays_one_mapping);
    tcase_add_test(tests, mapped_pages_are_zeros);
    tcase_add_test(tests, touched_pages_are_zeros);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
