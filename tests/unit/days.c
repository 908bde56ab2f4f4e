#include "libretain/days.h"

#include <stdint.h>
#include <stdlib.h>

#include "libretain/day.h"
#include "unit.h"

enum { CUSTOMERS = 500, DAYS = 90 };

struct seen {
    int count[CUSTOMERS];
    int32_t last[CUSTOMERS];
    int out_of_order, twice;
};

static void look(void *what, uint32_t customer, const int32_t *days, size_t count)
{
    struct seen *seen = what;
    seen->twice += seen->count[customer] > 0;
    for (size_t i = 0; i < count; i++)
        seen->out_of_order += i > 0 && days[i] <= days[i - 1];
    seen->last[customer] = days[count - 1];
    seen->count[customer] = (int)count;
}

static void look_far(void *what, uint32_t customer, const int32_t *days, size_t count)
{
    ck_assert_uint_eq(customer % 100003, 0);
    look(what, customer / 100003, days, count);
}

START_TEST(counts_different_days)
{
    static int there[CUSTOMERS][DAYS];
    static struct seen seen;
    struct rt_days *days = rt_days_new(RT_PILES_DAY_BITS);
    srand(5);
    for (int round = 0; round < 2; round++) {
        /* Many enough for several pieces; again in memory that was used before. */
        for (int threads = 1; threads <= 2; threads++) {
            for (int i = 0; i < 700000; i++) {
                const int customer = rand() % CUSTOMERS, day = rand() % (round == 0 ? DAYS : 3);
                there[customer][day] = 1;
                rt_days_add(days, (uint32_t)customer, day - 40);
            }
            seen = (struct seen){.out_of_order = 0};
            rt_days_each(days, threads, look, &seen);
            for (int customer = 0; customer < CUSTOMERS; customer++) {
                int expected = 0;
                for (int day = 0; day < DAYS; day++) {
                    expected += there[customer][day];
                    there[customer][day] = 0;
                }
                ck_assert_int_eq(seen.count[customer], expected);
            }
            ck_assert_int_eq(seen.out_of_order + seen.twice, 0);
            rt_days_clear(days);
        }
    }
    rt_days_free(days);
}
END_TEST

START_TEST(takes_the_ends_of_the_calendar)
{
    static struct seen seen;
    struct rt_days *days = rt_days_new(RT_PILES_DAY_BITS);
    rt_days_each(days, 2, look, &seen);
    ck_assert_int_eq(seen.count[3], 0);
    rt_days_add(days, 3, RT_DAY_LAST);
    rt_days_add(days, 3, RT_DAY_FIRST);
    rt_days_add(days, 3, RT_DAY_LAST);
    seen = (struct seen){.twice = 0};
    rt_days_each(days, 1, look, &seen);
    ck_assert_int_eq(seen.count[3], 2);
    ck_assert_int_eq(seen.last[3], RT_DAY_LAST);
    rt_days_free(days);
}
END_TEST

/* Many customers near each other, some of whose days lie millennia apart: sets would be too long.
 */
START_TEST(days_far_apart)
{
    static struct seen seen;
    struct rt_days *days = rt_days_new(RT_PILES_DAY_BITS);
    for (uint32_t customer = 0; customer < CUSTOMERS; customer++)
        for (int i = 0; i < 4; i++)
            rt_days_add(days, customer,
                        i % 2 == 0 ? RT_DAY_LAST - (int32_t)customer : RT_DAY_FIRST + i);
    rt_days_each(days, 2, look, &seen);
    for (uint32_t customer = 0; customer < CUSTOMERS; customer++) {
        ck_assert_int_eq(seen.count[customer], 3);
        ck_assert_int_eq(seen.last[customer], RT_DAY_LAST - (int32_t)customer);
    }
    ck_assert_int_eq(seen.out_of_order + seen.twice, 0);
    rt_days_free(days);
}
END_TEST

/* Customers all over the places, and the widest range. */
START_TEST(places_far_apart)
{
    static struct seen seen;
    struct rt_days *days = rt_days_new(24);
    const int32_t last = RT_DAY_FIRST + (1 << 24) - 1;
    for (uint32_t customer = 0; customer < CUSTOMERS; customer++) {
        rt_days_add(days, customer * 100003, last);
        rt_days_add(days, customer * 100003, last - (int32_t)customer % 3);
    }
    rt_days_each(days, 1, look_far, &seen);
    for (uint32_t customer = 0; customer < CUSTOMERS; customer++) {
        ck_assert_int_eq(seen.count[customer], customer % 3 == 0 ? 1 : 2);
        ck_assert_int_eq(seen.last[customer], last);
    }
    rt_days_free(days);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("days");
    TCase *tests = tcase_create("days");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, counts_different_days);
    tcase_add_test(tests, takes_the_ends_of_the_calendar);
    tcase_add_test(tests, days_far_apart);
    tcase_add_test(tests, places_far_apart);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
