#include "libretain/nearest.h"

#include "unit.h"

static const char *nearest(const char *name, const char *const *candidates)
{
    struct rt_nearest nearest = rt_nearest(name);
    for (; *candidates != NULL; candidates++)
        rt_nearest_try(&nearest, *candidates);
    return rt_nearest_best(&nearest);
}

START_TEST(finds_what_was_meant)
{
    static const char *const columns[] = {"customer_id", "order_date", "Revenue", "", NULL};
    ck_assert_str_eq(nearest("revenu", columns), "Revenue");
    ck_assert_str_eq(nearest("date", columns), "order_date");
    ck_assert_str_eq(nearest("custumer_id", columns), "customer_id");
    ck_assert_ptr_null(nearest("colour", columns));
    ck_assert_ptr_null(nearest("x", columns));
    static const char *const none[] = {NULL};
    ck_assert_ptr_null(nearest("x", none));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nearest");
    TCase *tests = tcase_create("nearest");
    tcase_add_test(tests, finds_what_was_meant);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
