#include "libretain/arrivals.h"

#include "unit.h"

enum { CUSTOMERS = 5000 };

/* Customers of two shares, in blocks of any size: their order is that of the rows. */
START_TEST(order_of_the_rows)
{
    struct rt_arrivals arrivals = {.bits = NULL};
    for (int again = 0; again < 2; again++) {
        static unsigned char shares[CUSTOMERS];
        uint32_t seed = 7, rows[2][100];
        for (size_t done = 0; done < CUSTOMERS;) {
            size_t counts[2] = {0, 0};
            uint32_t row = 0;
            seed = seed * 1664525 + 1013904223;
            for (size_t left = seed >> 25; left > 0 && done < CUSTOMERS && row < 100; left--) {
                seed = seed * 1664525 + 1013904223;
                const unsigned share = seed >> 31;
                row += 1 + (seed >> 29 & 1);
                rows[share][counts[share]++] = row;
                shares[done++] = (unsigned char)share;
            }
            rt_arrivals_add(&arrivals, rows[0], counts[0], rows[1], counts[1]);
            ck_assert_uint_eq(arrivals.count, done);
        }
        for (size_t i = 0; i < CUSTOMERS; i++)
            ck_assert_uint_eq(rt_arrivals_share(&arrivals, i), shares[i]);
        rt_arrivals_clear(&arrivals);
        ck_assert_uint_eq(arrivals.count, 0);
    }
    rt_arrivals_free(&arrivals);
}
END_TEST

START_TEST(none)
{
    struct rt_arrivals arrivals = {.bits = NULL};
    rt_arrivals_add(&arrivals, NULL, 0, NULL, 0);
    rt_arrivals_clear(&arrivals);
    ck_assert_uint_eq(arrivals.count, 0);
    rt_arrivals_free(&arrivals);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("arrivals");
    TCase *tests = tcase_create("arrivals");
    tcase_add_test(tests, order_of_the_rows);
    tcase_add_test(tests, none);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
