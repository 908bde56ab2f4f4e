/* Tallies come back as they were put in, whether they fit into their few bits or not. */
#include "libretain/tally.h"

#include "libretain/day.h"
#include "unit.h"

static void check(const struct rt_tally *one, const struct rt_tally *other)
{
    ck_assert_int_eq(one->first, other->first);
    ck_assert_int_eq(one->last, other->last);
    ck_assert_int_eq(one->revenue, other->revenue);
    ck_assert_int_eq(one->first_revenue, other->first_revenue);
    ck_assert_uint_eq(one->orders, other->orders);
    ck_assert_int_eq(one->places, other->places);
    ck_assert_int_eq(one->settled, other->settled);
}

static const int64_t sums[] = {
    0,         1,        -1, 140737488355327, 140737488355328, -140737488355328, -140737488355329,
    INT64_MAX, INT64_MIN};
static const int32_t spans[] = {0, 1, 65534, 65535, RT_DAY_LAST - RT_DAY_FIRST};
static const uint64_t orders[] = {0, 1, 65535, 65536, UINT64_C(1) << 40};

enum { SUMS = sizeof sums / sizeof sums[0], SPANS = sizeof spans / sizeof spans[0] };

static struct rt_tally make(int sum, int first_sum, int span, int order, int places)
{
    return (struct rt_tally){
        .first = RT_DAY_FIRST + (span == 4 ? 0 : sum * 1000),
        .last = RT_DAY_FIRST + (span == 4 ? 0 : sum * 1000) + spans[span],
        .revenue = sums[sum],
        .first_revenue = sums[first_sum],
        .orders = orders[order],
        .places = places,
        .settled = places % 2 == 0,
    };
}

START_TEST(all_comes_back)
{
    struct rt_large_tallies large = {NULL, 0, 0};
    struct rt_packed_tally packed[2] = {{0}};
    for (int sum = 0; sum < SUMS; sum++)
        for (int first = 0; first < SUMS; first++)
            for (int span = 0; span < SPANS; span++)
                for (int order = 0; order < SPANS; order++) {
                    /* One that is new each time, and one that is large from some time on. */
                    packed[0] = (struct rt_packed_tally){0};
                    const struct rt_tally tally =
                        make(sum, first, span, order, (sum + span + order) % 19);
                    for (int i = 0; i < 2; i++) {
                        rt_tally_write(&large, &packed[i], &tally);
                        const struct rt_tally back = rt_tally_read(&large, &packed[i]);
                        check(&back, &tally);
                    }
                }
    rt_large_tallies_free(&large);
}
END_TEST

START_TEST(begins_empty_and_small)
{
    struct rt_large_tallies large = {NULL, 0, 0};
    struct rt_packed_tally packed = {0};
    ck_assert_uint_eq(sizeof packed, 20);
    struct rt_tally tally = rt_tally_read(&large, &packed);
    ck_assert_uint_eq(tally.orders, 0);
    ck_assert_int_eq(tally.revenue, 0);
    tally = make(3, 5, 2, 2, 18);
    rt_tally_write(&large, &packed, &tally);
    ck_assert_uint_eq(large.count, 0);
    tally.orders++;
    rt_tally_write(&large, &packed, &tally);
    ck_assert_uint_eq(large.count, 1);
    rt_large_tallies_free(&large);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tally");
    TCase *tests = tcase_create("tally");
    tcase_add_test(tests, all_comes_back);
    tcase_add_test(tests, begins_empty_and_small);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
