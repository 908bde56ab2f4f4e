#include "libretain/action.h"

#include <string.h>

#include "libretain/err.h"
#include "tests/unit/unit.h"

static bool same(const char *a, const char *b)
{
    char *plain_a = rt_alloc(strlen(a) + 1, 1), *plain_b = rt_alloc(strlen(b) + 1, 1);
    const struct rt_text text_a = {plain_a, rt_action_plain_when(rt_text(a), plain_a)};
    const struct rt_text text_b = {plain_b, rt_action_plain_when(rt_text(b), plain_b)};
    const bool equal = rt_text_equal(text_a, text_b);
    free(plain_a);
    free(plain_b);
    return equal;
}

START_TEST(expressions_that_are_the_same)
{
    static const char *const pairs[][2] = {
        {"orders > 3", "orders>3"},
        {"orders > 3 AND r = 1", "ORDERS\n>3\tand R=1"},
        {"orders > 3", " orders > 3 -- many"},
        {"orders > 3", "orders /* of all times */ > 3 /* ever"},
        {"a = 'x'", "A ='x'"},
        {"\"a b\" > 1", "\"a b\">1"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ck_assert_msg(same(pairs[i][0], pairs[i][1]), "%s and %s", pairs[i][0], pairs[i][1]);
}
END_TEST

START_TEST(expressions_that_are_not)
{
    static const char *const pairs[][2] = {
        {"a = 'x'", "a = 'X'"},
        {"a = 'x y'", "a = 'xy'"},
        {"a = '--'", "a = ''"},
        {"a = '/* */'", "a = ''"},
        {"a IS NOT b", "a IS NOTb"},
        {"a = 'x' 'y'", "a = 'x''y'"},
        {"\"a b\" > 1", "\"ab\" > 1"},
        {"a - -b", "a"},
        {"1 2", "12"},
        {"[a b] > 1", "[ab] > 1"},
        {"`a b` > 1", "`ab` > 1"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ck_assert_msg(!same(pairs[i][0], pairs[i][1]), "%s and %s", pairs[i][0], pairs[i][1]);
}
END_TEST

/* python3: xxhash.xxh3_128_hexdigest(b'2:C1,5:thank,7:2024-12,') */
START_TEST(the_id_of_an_action)
{
    char id[RT_STAMP_BYTES], other[RT_STAMP_BYTES];
    rt_action_id(rt_text("C1"), "thank", "2024-12", id);
    ck_assert_str_eq(id, "f7328cd8adaf34d2aa51f64d7cc96f9a");
    rt_action_id(rt_text("C1t"), "hank", "2024-12", other);
    ck_assert_str_ne(id, other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("action");
    TCase *cases = tcase_create("action");
    tcase_add_test(cases, expressions_that_are_the_same);
    tcase_add_test(cases, expressions_that_are_not);
    tcase_add_test(cases, the_id_of_an_action);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
