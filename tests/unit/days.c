#include "libretain/days.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "unit.h"

enum { CUSTOMERS = 500, DAYS = 90 };

/* Customers in a map, and what was seen of them. */
struct shop {
    struct rt_map map;
    uint32_t places[CUSTOMERS];
    int count[CUSTOMERS];
    int32_t first[CUSTOMERS], last[CUSTOMERS];
    int out_of_order, twice;
};

/* `id`: a format for a number. Ids of a few bytes lie as close as entries can. */
static void open_shop(struct shop *shop, bool dense, size_t state_size, const char *id)
{
    *shop = (struct shop){.twice = 0};
    (dense ? rt_map_init_dense : rt_map_init)(&shop->map, state_size);
    for (int i = 0; i < CUSTOMERS; i++) {
        char text[2000];
        const struct rt_text key = {text, (size_t)snprintf(text, sizeof text, id, i)};
        int *number = rt_map_add(&shop->map, key, rt_map_hash(&shop->map, key));
        *number = i;
        shop->places[i] = rt_map_offset(&shop->map, number);
    }
}

static void forget_seen(struct shop *shop)
{
    memset(shop->count, 0, sizeof shop->count);
    shop->out_of_order = shop->twice = 0;
}

static void look(void *what, uint32_t place, const int32_t *days, size_t count)
{
    struct shop *shop = what;
    const int customer = *(const int *)rt_map_at(&shop->map, place);
    shop->twice += shop->count[customer] > 0;
    for (size_t i = 0; i < count; i++)
        shop->out_of_order += i > 0 && days[i] <= days[i - 1];
    shop->first[customer] = days[0];
    shop->last[customer] = days[count - 1];
    shop->count[customer] = (int)count;
}

/* How many of the days were there from `from` to `to`; none is there afterwards, if `forget`. */
static int count_there(int there[DAYS], int from, int to, bool forget)
{
    int count = 0;
    for (int day = from; day <= to; day++) {
        count += there[day];
        there[day] = forget ? 0 : there[day];
    }
    return count;
}

static void check_all(struct shop *shop, struct rt_days *days, struct rt_days_view *view,
                      int there[CUSTOMERS][DAYS], int threads)
{
    forget_seen(shop);
    rt_days_each(days, threads, look, shop);
    ck_assert_int_eq(shop->out_of_order + shop->twice, 0);
    for (int i = 0; i < CUSTOMERS; i++) {
        ck_assert_uint_eq(rt_days_count_between(view, shop->places[i], 7 - 40, DAYS - 9 - 40),
                          (size_t)count_there(there[i], 7, DAYS - 9, false));
        const int all = count_there(there[i], 0, DAYS - 1, true);
        ck_assert_uint_eq(rt_days_count(view, shop->places[i]), (size_t)all);
        ck_assert_int_eq(shop->count[i], all);
    }
}

START_TEST(counts_different_days)
{
    static const char *const ids[] = {"%d", "customer-%d"};
    static int there[CUSTOMERS][DAYS];
    static struct shop shop;
    srand(5);
    for (int form = 0; form < 4; form++) {
        open_shop(&shop, form < 2, form < 2 ? 16 : 4, ids[form % 2]);
        struct rt_days *days = rt_days_new(&shop.map);
        struct rt_days_view *view = rt_days_view_new(days);
        /* Many enough for several slabs; again in memory that was used before. */
        for (int threads = 1; threads <= 2; threads++) {
            for (int i = 0; i < 300000 * threads; i++) {
                const int customer = rand() % CUSTOMERS, day = rand() % (threads == 1 ? DAYS : 3);
                there[customer][day] = 1;
                rt_days_add(days, shop.places[customer], day - 40);
            }
            check_all(&shop, days, view, there, threads);
            rt_days_clear(days);
        }
        rt_days_view_free(view);
        rt_days_free(days);
        rt_map_free(&shop.map);
    }
}
END_TEST

START_TEST(takes_the_ends_of_the_calendar)
{
    static struct shop shop;
    open_shop(&shop, true, 16, "%d");
    struct rt_days *days = rt_days_new(&shop.map);
    rt_days_each(days, 2, look, &shop);
    ck_assert_int_eq(shop.count[3], 0);
    static const int32_t ends[] = {RT_DAY_LAST, RT_DAY_FIRST, RT_DAY_LAST, 0, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        rt_days_add(days, shop.places[3], ends[i]);
    rt_days_each(days, 1, look, &shop);
    ck_assert_int_eq(shop.count[3], 5);
    ck_assert_int_eq(shop.first[3], INT32_MIN);
    ck_assert_int_eq(shop.last[3], INT32_MAX);
    struct rt_days_view *view = rt_days_view_new(days);
    ck_assert_uint_eq(rt_days_count(view, shop.places[3]), 5);
    ck_assert_uint_eq(rt_days_count(view, shop.places[4]), 0);
    ck_assert_uint_eq(rt_days_count_between(view, shop.places[3], RT_DAY_FIRST, RT_DAY_LAST), 3);
    ck_assert_uint_eq(rt_days_count_between(view, shop.places[3], 1, RT_DAY_LAST - 1), 0);
    rt_days_view_free(view);
    rt_days_free(days);
    rt_map_free(&shop.map);
}
END_TEST

/* Days within the window and millennia before and behind it, repeated, of many neighbours. */
START_TEST(days_far_apart)
{
    static struct shop shop;
    open_shop(&shop, true, 16, "%d");
    struct rt_days *days = rt_days_new(&shop.map);
    for (int customer = 0; customer < CUSTOMERS; customer++)
        for (int i = 0; i < 12; i++) {
            static const int32_t far[] = {RT_DAY_LAST, RT_DAY_FIRST, 0, 5000};
            rt_days_add(days, shop.places[customer], far[i % 4] - (i % 4 == 0 ? customer : 0));
        }
    rt_days_each(days, 2, look, &shop);
    for (int customer = 0; customer < CUSTOMERS; customer++) {
        ck_assert_int_eq(shop.count[customer], 4);
        ck_assert_int_eq(shop.first[customer], RT_DAY_FIRST);
        ck_assert_int_eq(shop.last[customer], RT_DAY_LAST - customer);
    }
    ck_assert_int_eq(shop.out_of_order + shop.twice, 0);
    rt_days_free(days);
    rt_map_free(&shop.map);
}
END_TEST

/* Ids of more than a kilobyte: most piles have no customer. */
START_TEST(places_far_apart)
{
    static struct shop shop;
    open_shop(&shop, true, 20, "%01500d");
    struct rt_days *days = rt_days_new(&shop.map);
    for (int customer = CUSTOMERS; customer-- > 0;)
        for (int32_t i = 0; i < 100; i++)
            rt_days_add(days, shop.places[customer], i % (1 + customer % 50));
    rt_days_each(days, 1, look, &shop);
    for (int customer = 0; customer < CUSTOMERS; customer++) {
        ck_assert_int_eq(shop.count[customer], 1 + customer % 50);
        ck_assert_int_eq(shop.last[customer], customer % 50);
    }
    rt_days_free(days);
    rt_map_free(&shop.map);
}
END_TEST

START_TEST(reads_one_customer_at_a_time)
{
    static struct shop shop;
    open_shop(&shop, true, 21, "c%d");
    struct rt_days *days = rt_days_new(&shop.map);
    rt_days_add(days, shop.places[1], 5);
    rt_days_add(days, shop.places[1], 1000000);
    rt_days_add(days, shop.places[1], 3);
    rt_days_finish(days);
    struct rt_days_view *view = rt_days_view_new(days);
    const int32_t *list;
    ck_assert_uint_eq(rt_days_read(view, shop.places[0], &list), 0);
    ck_assert_uint_eq(rt_days_read(view, shop.places[1], &list), 3);
    ck_assert_int_eq(list[0], 3);
    ck_assert_int_eq(list[1], 5);
    ck_assert_int_eq(list[2], 1000000);
    ck_assert_uint_eq(rt_days_read(view, shop.places[2], &list), 0);
    rt_days_view_free(view);
    rt_days_free(days);
    rt_map_free(&shop.map);
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
    tcase_add_test(tests, reads_one_customer_at_a_time);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
