#include "libretain/arm.h"

#include <stdio.h>

#include "libretain/stamp.h"
#include "tests/unit/unit.h"

static struct rt_text id_of(int customer, char into[16])
{
    snprintf(into, 16, "C%05d", customer);
    return rt_text(into);
}

static struct rt_arm read(const char *text)
{
    struct rt_arm arm;
    ck_assert_msg(rt_arm_read(rt_text(text), &arm) == 0, "%s", text);
    return arm;
}

/* The values of xxhsum -H3 and -H2 (xxHash 0.8.1) for these bytes. */
START_TEST(stamps_are_those_of_xxhsum)
{
    const struct rt_text texts[] = {rt_text("C0001"), rt_text("winback")};
    char hex[RT_STAMP_BYTES];
    rt_stamp_hex(texts, 2, hex);
    ck_assert_str_eq(hex, "6223e6b492444fb20b67357b1722d207");
    ck_assert_uint_eq(rt_stamp(texts, 2), UINT64_C(0x5633564a5a71383d));
    /* Beyond what fits on the stack, too: the same as in two runs. */
    static char bytes[4096];
    memset(bytes, 'x', sizeof bytes);
    const struct rt_text large = {bytes, sizeof bytes};
    ck_assert_uint_eq(rt_stamp(&large, 1), UINT64_C(0xf7b761364a6d748b));
}
END_TEST

START_TEST(texts_do_not_run_together)
{
    const struct rt_text left[] = {rt_text("a"), rt_text("bc")};
    const struct rt_text right[] = {rt_text("ab"), rt_text("c")};
    const struct rt_text one = rt_text("1:a,2:bc,");
    ck_assert_uint_ne(rt_stamp(left, 2), rt_stamp(right, 2));
    ck_assert_uint_ne(rt_stamp(left, 2), rt_stamp(&one, 1));
}
END_TEST

START_TEST(what_is_a_share)
{
    static const char *const bad[] = {"",     "%",  "10",     "0.1",  "-1%", "101%",
                                      "10 %", "x%", "100.1%", "1e1%", "10%%"};
    struct rt_arm arm;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(rt_arm_read(rt_text(bad[i]), &arm) == -1, "%s", bad[i]);
    arm = read("0%");
    ck_assert(!rt_arm_is_control(&arm, 0));
    arm = read("100.000000%");
    ck_assert(rt_arm_is_control(&arm, UINT64_MAX));
    arm = read("50%");
    ck_assert(rt_arm_is_control(&arm, (UINT64_C(1) << 63) - 1));
    ck_assert(!rt_arm_is_control(&arm, UINT64_C(1) << 63));
    arm = read("0.0000000000000001%");
    ck_assert(rt_arm_is_control(&arm, 0));
    ck_assert(!rt_arm_is_control(&arm, 1 << 10));
}
END_TEST

START_TEST(arms_are_nested_and_agree_with_buckets)
{
    enum { CUSTOMERS = 20000, PARTS = 10 };
    const struct rt_arm tenth = read("10%"), fifth = read("20%"), third = read("33.3333333333%");
    int in_tenth = 0, in_fifth = 0, both_salts = 0, wrong = 0, parts[PARTS] = {0};
    for (int i = 0; i < CUSTOMERS; i++) {
        char bytes[16];
        const struct rt_text id = id_of(i, bytes);
        const uint64_t hash = rt_arm_hash(rt_text("spring"), id);
        const bool control = rt_arm_is_control(&tenth, hash);
        wrong += control && !rt_arm_is_control(&fifth, hash);
        wrong += rt_arm_is_control(&fifth, hash) && !rt_arm_is_control(&third, hash);
        wrong += control != (rt_arm_bucket(hash, PARTS) == 0);
        wrong += rt_arm_bucket(hash, PARTS) / 2 != rt_arm_bucket(hash, PARTS / 2);
        in_tenth += control;
        in_fifth += rt_arm_is_control(&fifth, hash);
        parts[rt_arm_bucket(hash, PARTS)]++;
        both_salts += control && rt_arm_is_control(&tenth, rt_arm_hash(rt_text("autumn"), id));
    }
    ck_assert_int_eq(wrong, 0);
    /* Five standard deviations of a binomial distribution. */
    ck_assert_int_lt(abs(in_tenth - 2000), 213);
    ck_assert_int_lt(abs(in_fifth - 4000), 283);
    ck_assert_int_lt(abs(both_salts - 200), 71);
    double chi_squared = 0;
    for (int i = 0; i < PARTS; i++)
        chi_squared += (parts[i] - 2000.0) * (parts[i] - 2000.0) / 2000;
    ck_assert_double_lt(chi_squared, 33.7); /* 9 degrees of freedom, p 0.0001 */
}
END_TEST

START_TEST(buckets_are_in_range)
{
    ck_assert_uint_eq(rt_arm_bucket(UINT64_MAX, 1), 0);
    ck_assert_uint_eq(rt_arm_bucket(UINT64_MAX, 7), 6);
    ck_assert_uint_eq(rt_arm_bucket(0, UINT64_MAX), 0);
    ck_assert_uint_eq(rt_arm_bucket(UINT64_MAX, UINT64_MAX), UINT64_MAX - 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("arm");
    TCase *cases = tcase_create("arm");
    tcase_add_test(cases, stamps_are_those_of_xxhsum);
    tcase_add_test(cases, texts_do_not_run_together);
    tcase_add_test(cases, what_is_a_share);
    tcase_add_test(cases, arms_are_nested_and_agree_with_buckets);
    tcase_add_test(cases, buckets_are_in_range);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
