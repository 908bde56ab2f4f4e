/* Memory straight from the system. */
#include "libretain/pages.h"

#include <stdint.h>

#include "tests/unit/unit.h"

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
    tcase_add_test(tests, mapped_pages_are_zeros);
    tcase_add_test(tests, touched_pages_are_zeros);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
