/* Sorting: against qsort, for few and for many numbers, with all digits in use and with few. */
#include "libretain/radix.h"

#include <string.h>

#include "libretain/err.h"
#include "tests/unit/unit.h"

static int compare(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static void check_sort(size_t count, uint64_t mask)
{
    uint64_t *numbers = rt_alloc(count + 1, sizeof *numbers);
    uint64_t *expected = rt_alloc(count + 1, sizeof *expected);
    uint64_t state = UINT64_C(88172645463325252) ^ mask;
    for (size_t i = 0; i < count; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        numbers[i] = expected[i] = (state & mask) | UINT64_C(0x4000000000);
    }
    qsort(expected, count, sizeof *expected, compare);
    numbers = rt_radix_sort(numbers, count);
    ck_assert_mem_eq(numbers, expected, count * sizeof *numbers);
    /* From the other order back, by their upper halves. */
    for (size_t i = 0; i < count; i++)
        numbers[i] = expected[count - 1 - i];
    numbers = rt_radix_sort_by_upper(numbers, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(numbers[i] >> 32, expected[i] >> 32);
    qsort(numbers, count, sizeof *numbers, compare);
    ck_assert_mem_eq(numbers, expected, count * sizeof *numbers);
    free(numbers);
    free(expected);
}

START_TEST(sorts_as_qsort_does)
{
    static const uint64_t masks[] = {UINT64_MAX, 0, 1, UINT64_C(1) << 63, UINT64_C(0xfff000000fff)};
    static const size_t counts[] = {0, 1, 2, 100, 511, 512, 513, 50000};
    for (size_t m = 0; m < sizeof masks / sizeof *masks; m++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
            check_sort(counts[c], masks[m]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("radix");
    TCase *cases = tcase_create("sort");
    tcase_add_test(cases, sorts_as_qsort_does);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
