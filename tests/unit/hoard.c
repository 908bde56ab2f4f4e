/* Amounts come back with their customers and days, however they were added. */
#include "libretain/hoard.h"

#include <stdlib.h>

#include "libretain/day.h"
#include "unit.h"

enum { CUSTOMERS = 3000, ROWS = 40000, STEP = 11 };

/* What was put in, and what came out. */
struct tally {
    int64_t units[CUSTOMERS], count[CUSTOMERS];
    int calls;
    int stop_at;
};

/* Amounts of all sizes: those that a word holds, the first that it does not, the largest, refunds.
 */
static struct rt_decimal amount_of(int i)
{
    static const int64_t units[] = {0,  1999,  (1 << 26) - 1,   1 << 26, INT64_MAX / ROWS,
                                    -1, -1999, INT64_MIN / ROWS};
    return (struct rt_decimal){units[i % 8], i % 19};
}

static int64_t mix(struct rt_decimal amount, int32_t day)
{
    return amount.units / 7 + amount.places * 1000 + day;
}

static int look(void *what, uint32_t place, int32_t day, struct rt_decimal amount)
{
    struct tally *tally = what;
    ck_assert_uint_eq(place % STEP, 0);
    tally->units[place / STEP] -= mix(amount, day);
    tally->count[place / STEP]--;
    return ++tally->calls == tally->stop_at ? -1 : 0;
}

START_TEST(all_of_it_by_customer)
{
    static struct tally tally;
    struct rt_hoard *hoard = rt_hoard_new();
    for (int round = 0; round < 2; round++) { /* more can be added, and it can be had again */
        srand(3);
        for (int i = 0; i < ROWS; i++) {
            const int customer = rand() % CUSTOMERS;
            const int32_t day = i % 9 == 0 ? RT_DAY_LAST - i : RT_DAY_FIRST + rand() % 900;
            rt_hoard_add(hoard, (uint32_t)customer * STEP, day, amount_of(i));
        }
        for (int again = 0; again <= round; again++) {
            srand(3);
            for (int i = 0; i < ROWS; i++) {
                const int customer = rand() % CUSTOMERS;
                const int32_t day = i % 9 == 0 ? RT_DAY_LAST - i : RT_DAY_FIRST + rand() % 900;
                tally.units[customer] += mix(amount_of(i), day);
                tally.count[customer]++;
            }
        }
        ck_assert_int_eq(rt_hoard_each(hoard, look, &tally), 0);
        for (int customer = 0; customer < CUSTOMERS; customer++) {
            ck_assert_int_eq(tally.units[customer], 0);
            ck_assert_int_eq(tally.count[customer], 0);
        }
    }
    rt_hoard_free(hoard);
}
END_TEST

START_TEST(ends_where_the_work_fails)
{
    static struct tally tally;
    struct rt_hoard *hoard = rt_hoard_new();
    ck_assert_int_eq(rt_hoard_each(hoard, look, &tally), 0);
    for (uint32_t customer = 0; customer < 500; customer++)
        rt_hoard_add(hoard, customer * STEP, 20000, (struct rt_decimal){100, 2});
    tally.stop_at = 300;
    ck_assert_int_eq(rt_hoard_each(hoard, look, &tally), -1);
    ck_assert_int_eq(tally.calls, 300);
    rt_hoard_free(hoard);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hoard");
    TCase *tests = tcase_create("hoard");
    tcase_add_test(tests, all_of_it_by_customer);
    tcase_add_test(tests, ends_where_the_work_fails);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
