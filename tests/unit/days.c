#include "libretain/days.h"

#include <stdint.h>
#include <stdlib.h>

#include "libretain/day.h"
#include "unit.h"

enum { CUSTOMERS = 500, DAYS = 90 };

struct seen {
    int count[CUSTOMERS];
    int32_t last[CUSTOMERS];
    int out_of_order;
};

static void look(void *what, uint32_t customer, int32_t day)
{
    struct seen *seen = what;
    if (seen->count[customer] > 0 && day <= seen->last[customer])
        seen->out_of_order++;
    seen->last[customer] = day;
    seen->count[customer]++;
}

START_TEST(counts_different_days)
{
    static int there[CUSTOMERS][DAYS];
    static struct seen seen;
    struct rt_days *days = rt_days_new();
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
            ck_assert_int_eq(seen.out_of_order, 0);
            rt_days_clear(days);
        }
    }
    rt_days_free(days);
}
END_TEST

START_TEST(takes_the_ends_of_the_calendar)
{
    static struct seen seen;
    struct rt_days *days = rt_days_new();
    rt_days_each(days, 2, look, &seen);
    ck_assert_int_eq(seen.count[3], 0);
    rt_days_add(days, 3, RT_DAY_LAST);
    rt_days_add(days, 3, RT_DAY_FIRST);
    rt_days_add(days, 3, RT_DAY_LAST);
    rt_days_each(days, 1, look, &seen);
    ck_assert_int_eq(seen.count[3], 2);
    ck_assert_int_eq(seen.last[3], RT_DAY_LAST);
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
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
