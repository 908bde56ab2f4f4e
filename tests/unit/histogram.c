#include "libretain/histogram.h"

#include <string.h>

#include "libretain/rng.h"
#include "tests/unit/unit.h"

enum { VALUES = 9, ROWS = 20000 };

/* Numbers that are small and whole, large, and neither. */
static double value(uint64_t which)
{
    static const double values[VALUES] = {0, 1, 7, 4095, 4096, 0.5, 5.0 / 7, 1e12, 1e-12};
    return values[which % VALUES];
}

static struct rt_histogram *fill(int width, uint64_t first, uint64_t step)
{
    struct rt_histogram *points = rt_histogram_new(width);
    for (uint64_t i = 0; i < ROWS; i++) {
        const uint64_t bits = rt_rng_mix((first + i * step) % ROWS);
        const double at[] = {value(bits), value(bits >> 16), value(bits >> 32)};
        rt_histogram_add(points, at, (double)(1 + bits % 3));
    }
    rt_histogram_settle(points);
    return points;
}

START_TEST(points_are_distinct_and_in_order)
{
    for (int width = 1; width <= RT_POINT; width++) {
        struct rt_histogram *points = fill(width, 0, 1);
        size_t all = 1;
        for (int c = 0; c < width; c++)
            all *= VALUES;
        ck_assert_uint_eq(points->count, all);
        double before[RT_POINT], at[RT_POINT], sum = 0;
        for (size_t i = 0; i < points->count; i++) {
            rt_histogram_at(points, i, at);
            int c = 0;
            while (i > 0 && c < width && before[c] == at[c])
                c++;
            ck_assert(i == 0 || (c < width && before[c] < at[c]));
            ck_assert(i >= points->first[points->places[0][i]]);
            ck_assert(i < points->first[points->places[0][i] + 1]);
            sum += points->weights[i];
            memcpy(before, at, sizeof before);
        }
        ck_assert(sum == points->total);
        rt_histogram_free(points);
    }
}
END_TEST

START_TEST(order_of_adding_does_not_show)
{
    struct rt_histogram *one = fill(3, 0, 1), *other = fill(3, 4711, 7919);
    ck_assert_uint_eq(one->count, other->count);
    ck_assert_mem_eq(one->weights, other->weights, one->count * sizeof *one->weights);
    for (int c = 0; c < 3; c++) {
        ck_assert_mem_eq(one->places[c], other->places[c], one->count * sizeof **one->places);
        ck_assert_mem_eq(one->levels[c].values, other->levels[c].values, VALUES * sizeof(double));
    }
    rt_histogram_free(one);
    rt_histogram_free(other);
}
END_TEST

START_TEST(many_distinct_values)
{
    struct rt_histogram *points = rt_histogram_new(2);
    for (int i = 0; i < 100000; i++)
        rt_histogram_add(points, (double[]){i % 5000, i / 8.0}, 0.25);
    rt_histogram_settle(points);
    ck_assert_uint_eq(points->count, 100000);
    ck_assert_uint_eq(points->levels[0].count, 5000);
    ck_assert_uint_eq(points->levels[1].count, 100000);
    ck_assert(points->total == 25000);
    double at[RT_POINT];
    rt_histogram_at(points, 20, at);
    ck_assert(at[0] == 1 && at[1] == 1 / 8.0);
    rt_histogram_free(points);
}
END_TEST

START_TEST(minus_zero_is_zero)
{
    struct rt_histogram *points = rt_histogram_new(1);
    rt_histogram_add(points, (double[]){-0.0}, 1);
    rt_histogram_add(points, (double[]){0.0}, 1);
    rt_histogram_settle(points);
    ck_assert_uint_eq(points->count, 1);
    rt_histogram_free(points);
}
END_TEST

START_TEST(empty)
{
    struct rt_histogram *points = rt_histogram_new(3);
    rt_histogram_settle(points);
    ck_assert_uint_eq(points->count, 0);
    ck_assert(points->total == 0);
    struct rt_histogram *sample = rt_histogram_sample(points, 10);
    ck_assert_uint_eq(sample->count, 0);
    rt_histogram_free(sample);
    rt_histogram_free(points);
    rt_histogram_free(NULL);
}
END_TEST

/* A sample has its share of every part, to within one customer. */
START_TEST(samples_are_even)
{
    struct rt_histogram *points = fill(3, 0, 1);
    const double step = 37.5;
    struct rt_histogram *sample = rt_histogram_sample(points, step);
    ck_assert_double_eq_tol(sample->total, points->total / step, 1);
    double taken = 0, all = 0;
    size_t next = 0;
    for (size_t i = 0; i < points->count; i++) {
        double at[RT_POINT], there[RT_POINT];
        rt_histogram_at(points, i, at);
        all += points->weights[i];
        if (next < sample->count) {
            rt_histogram_at(sample, next, there);
            if (memcmp(at, there, sizeof at) == 0)
                taken += sample->weights[next++];
        }
        ck_assert_double_eq_tol(taken, all / step, 1);
    }
    ck_assert_uint_eq(next, sample->count);
    rt_histogram_free(sample);
    rt_histogram_free(points);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("histogram");
    TCase *tests = tcase_create("histogram");
    tcase_add_test(tests, points_are_distinct_and_in_order);
    tcase_add_test(tests, order_of_adding_does_not_show);
    tcase_add_test(tests, many_distinct_values);
    tcase_add_test(tests, minus_zero_is_zero);
    tcase_add_test(tests, empty);
    tcase_add_test(tests, samples_are_even);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
