/* moments: exact sums against NIST's certified values and against themselves in another order. */
#include "libretain/moments.h"

#include <math.h>
#include <string.h>

#include "tests/unit/unit.h"

static struct rt_decimal read(const char *text)
{
    struct rt_decimal value;
    ck_assert_int_eq(rt_measure_read(rt_text(text), &value), RT_READ);
    return value;
}

static void add(struct rt_moments *moments, const char *text)
{
    ck_assert_int_eq(rt_moments_add(moments, read(text)), 0);
}

/* NIST StRD, univariate summary statistics: NumAcc1 to NumAcc4, certified mean and deviation. */
START_TEST(nist_numacc)
{
    struct rt_moments one = {0};
    add(&one, "10000001");
    add(&one, "10000003");
    add(&one, "10000002");
    ck_assert(rt_moments_mean(&one) == 10000002);
    ck_assert(sqrt(rt_moments_variance(&one)) == 1);

    static const char *const first[] = {"1.2", "1000000.2", "10000000.2"};
    static const char *const pairs[][2] = {
        {"1.1", "1.3"}, {"1000000.1", "1000000.3"}, {"10000000.1", "10000000.3"}};
    static const double means[] = {1.2, 1000000.2, 10000000.2};
    for (int set = 0; set < 3; set++) {
        struct rt_moments moments = {0};
        add(&moments, first[set]);
        for (int i = 0; i < 1000; i++)
            add(&moments, pairs[set][i % 2]);
        ck_assert_int_eq(moments.count, 1001);
        ck_assert(rt_moments_mean(&moments) == means[set]);
        ck_assert(fabs(sqrt(rt_moments_variance(&moments)) - 0.1) < 1e-16);
    }
}
END_TEST

START_TEST(undefined)
{
    struct rt_moments moments = {0};
    ck_assert(isnan(rt_moments_mean(&moments)));
    add(&moments, "-2.5");
    ck_assert(rt_moments_mean(&moments) == -2.5);
    ck_assert(isnan(rt_moments_variance(&moments)));
    add(&moments, "-2.50");
    ck_assert(rt_moments_variance(&moments) == 0);
}
END_TEST

START_TEST(cells)
{
    static const struct {
        const char *text;
        int64_t units;
        int places;
    } cases[] = {{"12.50", 1250, 2},
                 {"-7", -7, 0},
                 {"66.666666666666671", 66666666666666671, 15},
                 /* more places than fit: rounded, half away from zero */
                 {"0.1234567890123456784", 123456789012345678, 18},
                 {"0.1234567890123456785", 123456789012345679, 18},
                 {"-0.1234567890123456785", -123456789012345679, 18},
                 {"0.00000000000000000000000000000000000001", 0, 18},
                 {"-0.0000000000000000005", -1, 18},
                 {"12345.67890123456789012345", 1234567890123456789, 14},
                 {"9.9999999999999999999", 1000000000000000000, 17},
                 {"9223372036854775807.4", INT64_MAX, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rt_decimal got = read(cases[i].text);
        ck_assert_msg(got.units == cases[i].units && got.places == cases[i].places,
                      "%s: %lld / 10^%d", cases[i].text, (long long)got.units, got.places);
    }
    struct rt_decimal value;
    static const char *const malformed[] = {
        "", "-", "1.", ".5", "nan", "1e5", "0x10", " 1", "1.00000000000000000000000000000x"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        ck_assert_msg(rt_measure_read(rt_text(malformed[i]), &value) == RT_MALFORMED, "%s",
                      malformed[i]);
    ck_assert_int_eq(rt_measure_read(rt_text("92233720368547758070"), &value), RT_TOO_LONG);
    ck_assert_int_eq(rt_measure_read(rt_text("9223372036854775807.5"), &value), RT_TOO_LONG);
}
END_TEST

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 11;
}

static struct rt_decimal some_value(uint64_t *state)
{
    const int places = (int)(next_random(state) % 18);
    const int64_t size = (int64_t)(next_random(state) % 1000000007 * (places > 9 ? 1000003 : 1));
    return (struct rt_decimal){next_random(state) % 3 == 0 ? -size : size, places};
}

enum { VALUES = 500 };

/* Backwards, and in 7 shards merged in any order: the same bits. */
START_TEST(any_order)
{
    for (uint64_t seed = 1; seed <= 50; seed++) {
        uint64_t state = seed;
        struct rt_decimal values[VALUES];
        struct rt_moments all = {0}, backwards = {0}, merged = {0}, shards[7] = {{0}};
        for (int i = 0; i < VALUES; i++) {
            values[i] = some_value(&state);
            ck_assert_int_eq(rt_moments_add(&all, values[i]), 0);
            ck_assert_int_eq(rt_moments_add(&shards[next_random(&state) % 7], values[i]), 0);
        }
        for (int i = VALUES; i-- > 0;)
            ck_assert_int_eq(rt_moments_add(&backwards, values[i]), 0);
        for (unsigned i = 0; i < 7; i++)
            ck_assert_int_eq(rt_moments_merge(&merged, &shards[(i + seed) % 7]), 0);
        ck_assert(rt_moments_mean(&all) == rt_moments_mean(&backwards));
        ck_assert(rt_moments_mean(&all) == rt_moments_mean(&merged));
        ck_assert(rt_moments_variance(&all) > 0);
        ck_assert(rt_moments_variance(&all) == rt_moments_variance(&backwards));
        ck_assert(rt_moments_variance(&all) == rt_moments_variance(&merged));
        char one[RT_SQUARES_BYTES], other[RT_SQUARES_BYTES];
        rt_squares_write(all.squares, one);
        rt_squares_write(merged.squares, other);
        ck_assert_str_eq(one, other);
        struct rt_squares again;
        ck_assert_int_eq(rt_squares_read(rt_text(one), &again), 0);
        rt_squares_write(again, other);
        ck_assert_str_eq(one, other);
        merged.squares = again;
        ck_assert(rt_moments_variance(&all) == rt_moments_variance(&merged));
    }
}
END_TEST

START_TEST(squares_text)
{
    static const char *const good[] = {
        "0",
        "1",
        "12.25",
        "0.0000",
        "0.000000000000000000000000000000000001",
        "115792089237316195423570985008687907853269984665640564039457584007913129639935"};
    char text[RT_SQUARES_BYTES];
    struct rt_squares squares;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_int_eq(rt_squares_read(rt_text(good[i]), &squares), 0);
        ck_assert_uint_eq(rt_squares_write(squares, text), strlen(good[i]));
        ck_assert_str_eq(text, good[i]);
    }
    static const char *const bad[] = {
        "",
        "-1",
        "+1",
        ".5",
        "5.",
        "1..2",
        "1e3",
        "1.2.3",
        "0.0000000000000000000000000000000000001",
        "115792089237316195423570985008687907853269984665640564039457584007913129639936"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(rt_squares_read(rt_text(bad[i]), &squares) == -1, "%s", bad[i]);
}
END_TEST

START_TEST(too_large)
{
    struct rt_moments moments = {0};
    int status = 0;
    for (int i = 0; i < 100 && status == 0; i++) {
        status = rt_moments_add(&moments, read("9223372036854775807"));
        if (status == 0)
            status = rt_moments_add(&moments, read("0.000000000000000001"));
    }
    ck_assert_int_eq(status, -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("moments");
    TCase *cases = tcase_create("moments");
    tcase_add_test(cases, nist_numacc);
    tcase_add_test(cases, undefined);
    tcase_add_test(cases, cells);
    tcase_add_test(cases, any_order);
    tcase_add_test(cases, squares_text);
    tcase_add_test(cases, too_large);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
