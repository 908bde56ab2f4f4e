#include "libretain/decimal.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "guard.h"
#include "unit.h"

/* splitmix64: test data that is the same in every run. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static enum rt_reading read_string(const char *text, struct rt_decimal *value)
{
    return rt_decimal_read(rt_text(text), value);
}

/* The grammar and the bounds once more, as plainly as can be. */
static enum rt_reading twin_read(const char *text, struct rt_decimal *value)
{
    const char *at = text + (*text == '-' || *text == '+');
    const size_t before = strspn(at, "0123456789");
    const char *rest = at + before;
    size_t behind = 0;
    if (*rest == '.') {
        behind = strspn(rest + 1, "0123456789");
        if (behind == 0)
            return RT_MALFORMED;
        rest += 1 + behind;
    }
    if (before == 0 || *rest != '\0')
        return RT_MALFORMED;
    __int128 units = 0;
    for (; *at != '\0'; at++) {
        if (*at != '.')
            units = units * 10 + (*text == '-' ? '0' - *at : *at - '0');
        if (units > INT64_MAX || units < INT64_MIN)
            return RT_TOO_LONG;
    }
    if (behind > RT_DECIMAL_PLACES)
        return RT_TOO_LONG;
    *value = (struct rt_decimal){(int64_t)units, (int)behind};
    return RT_READ;
}

START_TEST(same_as_the_twin)
{
    static const char alphabet[] = "0123456789012345678901234567890123456789..-+, e\xb2";
    const struct guard guard = guard_new();
    uint64_t state = 1;
    int reads = 0;
    for (int i = 0; i < 1000000; i++) {
        char text[32];
        const size_t length = next_random(&state) % 24;
        const size_t letters = i % 2 == 0 ? 40 : sizeof alphabet - 1;
        for (size_t k = 0; k < length; k++)
            text[k] = alphabet[next_random(&state) % letters];
        text[length] = '\0';
        if (i % 3 == 0 && length > 1)
            text[next_random(&state) % length] = '.';
        if (i % 5 == 0 && length > 1)
            text[0] = i % 2 == 0 ? '-' : '+';
        struct rt_decimal value = {0, 0}, expected = {0, 0};
        const char *at = guard_put(guard, text, length, i / 2 % 2);
        const enum rt_reading got = rt_decimal_read((struct rt_text){at, length}, &value);
        if (got != twin_read(text, &expected) || value.units != expected.units ||
            value.places != expected.places)
            ck_abort_msg("%s: read as %lld with %d places", text, (long long)value.units,
                         value.places);
        reads += got == RT_READ;
    }
    ck_assert_int_gt(reads, 100000);
    guard_free(guard);
}
END_TEST

/* Every byte at every place of amounts of every length that is read in words. */
START_TEST(every_byte_at_every_place)
{
    for (size_t length = 1; length <= 18; length++) {
        for (size_t place = 0; place < length; place++) {
            for (int byte = 1; byte < 256; byte++) {
                char text[20] = "123456789012345678";
                text[length] = '\0';
                text[place] = (char)byte;
                struct rt_decimal value = {0, 0}, expected = {0, 0};
                const enum rt_reading got = read_string(text, &value);
                ck_assert_msg(got == twin_read(text, &expected) && value.units == expected.units &&
                                  value.places == expected.places,
                              "byte %d at %zu of %zu", byte, place, length);
            }
        }
    }
}
END_TEST

static const struct {
    const char *text;
    enum rt_reading reading;
    const char *written;
} texts[] = {
    {"12.50", RT_READ, "12.50"},
    {"+5", RT_READ, "5"},
    {"-5", RT_READ, "-5"},
    {"-0", RT_READ, "0"},
    {"-0.00", RT_READ, "0.00"},
    {"-0.01", RT_READ, "-0.01"},
    {"0.000000000000000001", RT_READ, "0.000000000000000001"},
    {"9.223372036854775807", RT_READ, "9.223372036854775807"},
    {"9.223372036854775808", RT_TOO_LONG, NULL},
    {"-9.223372036854775808", RT_READ, "-9.223372036854775808"},
    {"9223372036854775807", RT_READ, "9223372036854775807"},
    {"9223372036854775808", RT_TOO_LONG, NULL},
    {"-9223372036854775808", RT_READ, "-9223372036854775808"},
    {"-9223372036854775809", RT_TOO_LONG, NULL},
    {"92233720368547758.08", RT_TOO_LONG, NULL},
    {"340282366920938463463374607431768211456", RT_TOO_LONG, NULL}, /* 2^128 */
    {"18446744073709551621", RT_TOO_LONG, NULL},                    /* 2^64 + 5 */
    {"0.0000000000000000001", RT_TOO_LONG, NULL},
    {"00000000000000000000000000000000000000000000000012.50", RT_READ, "12.50"},
    {"", RT_MALFORMED, NULL},
    {".", RT_MALFORMED, NULL},
    {"-", RT_MALFORMED, NULL},
    {"+", RT_MALFORMED, NULL},
    {"-.", RT_MALFORMED, NULL},
    {"1.", RT_MALFORMED, NULL},
    {".5", RT_MALFORMED, NULL},
    {"-.5", RT_MALFORMED, NULL},
    {"1234567890.", RT_MALFORMED, NULL},
    {"12345678.", RT_MALFORMED, NULL},
    {"1.2.3", RT_MALFORMED, NULL},
    {"123456.78901.23", RT_MALFORMED, NULL},
    {"--5", RT_MALFORMED, NULL},
    {"+-5", RT_MALFORMED, NULL},
    {"5-", RT_MALFORMED, NULL},
    {"12.50-", RT_MALFORMED, NULL},
    {"12.50 EUR", RT_MALFORMED, NULL},
    {" 12.50", RT_MALFORMED, NULL},
    {"12.50 ", RT_MALFORMED, NULL},
    {"1,234.56", RT_MALFORMED, NULL},
    {"1e308", RT_MALFORMED, NULL},
    {"1e1", RT_MALFORMED, NULL},
    {"inf", RT_MALFORMED, NULL},
    {"nan", RT_MALFORMED, NULL},
    {"0x10", RT_MALFORMED, NULL},
    {"#REF!", RT_MALFORMED, NULL},
    {"1\xe2\x80\xaf"
     "234.56",
     RT_MALFORMED, NULL},
    {"\xd9\xa1\xd9\xa2", RT_MALFORMED, NULL},
};

START_TEST(given_texts)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct rt_decimal value;
        const enum rt_reading got = read_string(texts[i].text, &value);
        ck_assert_msg(got == texts[i].reading, "%s", texts[i].text);
        if (got != RT_READ)
            continue;
        char written[RT_DECIMAL_BYTES];
        ck_assert_uint_eq(rt_decimal_write(value, written), strlen(texts[i].written));
        ck_assert_str_eq(written, texts[i].written);
    }
    struct rt_decimal value;
    ck_assert_int_eq(rt_decimal_read((struct rt_text){"12\0", 3}, &value), RT_MALFORMED);
}
END_TEST

START_TEST(very_many_digits)
{
    enum { DIGITS = 60000 };
    char *text = malloc(DIGITS + 1);
    ck_assert_ptr_nonnull(text);
    memset(text, '9', DIGITS);
    text[DIGITS] = 'x';
    struct rt_decimal value;
    struct rt_total total;
    double real;
    /* Linear: a thousand times 60,000 digits are read at once. */
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(rt_decimal_read((struct rt_text){text, DIGITS}, &value), RT_TOO_LONG);
    ck_assert_int_eq(rt_decimal_read((struct rt_text){text, DIGITS + 1}, &value), RT_MALFORMED);
    ck_assert_int_eq(rt_total_read((struct rt_text){text, DIGITS}, &total), RT_TOO_LONG);
    ck_assert_int_eq(rt_real_read((struct rt_text){text, DIGITS}, &real), -1);
    text[2] = '.';
    ck_assert_int_eq(rt_decimal_read((struct rt_text){text, DIGITS}, &value), RT_TOO_LONG);
    ck_assert_int_eq(rt_real_read((struct rt_text){text, DIGITS}, &real), 0);
    ck_assert(real == 100.0);
    free(text);
}
END_TEST

START_TEST(other_forms)
{
    static const struct {
        const char *text;
        char point, group;
        const char *written; /* NULL: malformed */
    } forms[] = {
        {"1.234,56", ',', '.', "1234.56"},
        {"1234,56", ',', '.', "1234.56"},
        {"-1.234.567,8", ',', '.', "-1234567.8"},
        {"1.234", ',', '.', "1234"},
        {"1,234.56", '.', ',', "1234.56"},
        {"1 234,56", ',', ' ', "1234.56"},
        {"1'234.50", '.', '\'', "1234.50"},
        {"12,5", ',', 0, "12.5"},
        {"12.5", ',', 0, NULL},
        {"12.34,56", ',', '.', NULL},
        {"1.2345,6", ',', '.', NULL},
        {"1234.567,8", ',', '.', NULL},
        {".123,4", ',', '.', NULL},
        {"1.23,4", ',', '.', NULL},
        {"1..234,5", ',', '.', NULL},
        {"1.234,", ',', '.', NULL},
        {"1.234.,5", ',', '.', NULL},
        {"1,234.567", ',', '.', NULL},
        {"1,5,5", ',', '.', NULL},
        {",5", ',', '.', NULL},
        {"", ',', '.', NULL},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct rt_decimal value;
        const enum rt_reading got =
            rt_decimal_read_form(rt_text(forms[i].text), forms[i].point, forms[i].group, &value);
        ck_assert_msg(got == (forms[i].written != NULL ? RT_READ : RT_MALFORMED), "%s",
                      forms[i].text);
        char written[RT_DECIMAL_BYTES];
        if (got == RT_READ) {
            rt_decimal_write(value, written);
            ck_assert_str_eq(written, forms[i].written);
        }
    }
}
END_TEST

START_TEST(sums_at_the_edges)
{
    struct rt_decimal sum = {INT64_MAX - 1, 2};
    ck_assert_int_eq(rt_decimal_add(&sum, (struct rt_decimal){1, 2}), 0);
    ck_assert_int_eq(rt_decimal_add(&sum, (struct rt_decimal){1, 2}), -1);
    ck_assert(sum.units == INT64_MAX && sum.places == 2);
    ck_assert_int_eq(rt_decimal_add(&sum, (struct rt_decimal){1, 3}), -1);
    ck_assert(sum.units == INT64_MAX && sum.places == 2);
    ck_assert_int_eq(rt_decimal_add(&sum, (struct rt_decimal){-1, 0}), 0);
    ck_assert(sum.units == INT64_MAX - 100 && sum.places == 2);
    sum = (struct rt_decimal){INT64_MIN, 0};
    ck_assert_int_eq(rt_decimal_add(&sum, (struct rt_decimal){-1, 0}), -1);
    ck_assert_int_eq(rt_decimal_add(&sum, (struct rt_decimal){INT64_MAX, 0}), 0);
    ck_assert(sum.units == -1);
    sum = (struct rt_decimal){10, 0};
    ck_assert_int_eq(rt_decimal_add(&sum, (struct rt_decimal){20, 3}), 0);
    ck_assert(sum.units == 10020 && sum.places == 3);
    ck_assert_int_eq(rt_decimal_widen(&sum, 2), 0);
    ck_assert(sum.units == 10020 && sum.places == 3);
    ck_assert_int_eq(rt_decimal_widen(&sum, 17), 0);
    ck_assert_int_eq(rt_decimal_widen(&sum, 18), -1);
    ck_assert_int_eq(rt_decimal_widen(&sum, 19), -1);
    ck_assert(sum.places == 17 && sum.units == INT64_C(1002000000000000000));
    ck_assert_int_eq(
        rt_decimal_compare((struct rt_decimal){INT64_MAX, 18}, (struct rt_decimal){INT64_MAX, 0}),
        -1);
    ck_assert_int_eq(rt_decimal_compare((struct rt_decimal){-1, 2}, (struct rt_decimal){0, 0}), -1);
    ck_assert_int_eq(rt_decimal_compare((struct rt_decimal){150, 2}, (struct rt_decimal){15, 1}),
                     0);
    ck_assert_int_eq(
        rt_decimal_compare((struct rt_decimal){INT64_MIN, 0}, (struct rt_decimal){INT64_MIN, 18}),
        -1);
}
END_TEST

START_TEST(three_thousand_dimes)
{
    struct rt_decimal sum = {0, 0}, dime;
    ck_assert_int_eq(read_string("0.10", &dime), RT_READ);
    for (int i = 0; i < 3000; i++)
        ck_assert_int_eq(rt_decimal_add(&sum, dime), 0);
    char written[RT_DECIMAL_BYTES];
    rt_decimal_write(sum, written);
    ck_assert_str_eq(written, "300.00");
}
END_TEST

START_TEST(totals)
{
    static const char most[] = "99999999999999999999999999999999999999";
    struct rt_total total = {0, 0};
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(rt_total_add(&total, (struct rt_decimal){INT64_MAX, i % 3}), 0);
    char written[RT_DECIMAL_BYTES];
    rt_total_write(total, written);
    ck_assert_str_eq(written, "347075489746845213617.41"); /* as bc has it */
    struct rt_total back;
    ck_assert_int_eq(rt_total_read(rt_text(written), &back), RT_READ);
    ck_assert(back.units == total.units && back.places == total.places);
    ck_assert_int_eq(rt_total_read(rt_text(most), &total), RT_READ);
    ck_assert_uint_eq(rt_total_write(total, written), 38);
    ck_assert_str_eq(written, most);
    ck_assert_int_eq(rt_total_add(&total, (struct rt_decimal){1, 0}), -1);
    ck_assert_int_eq(rt_total_add(&total, (struct rt_decimal){0, 1}), -1);
    ck_assert_int_eq(rt_total_merge(&total, total), -1);
    ck_assert_int_eq(rt_total_add(&total, (struct rt_decimal){-1, 0}), 0);
    ck_assert_int_eq(rt_total_read(rt_text("100000000000000000000000000000000000000"), &total),
                     RT_TOO_LONG);
    ck_assert_int_eq(rt_total_read(rt_text("-99999999999999999999.999999999999999999"), &total),
                     RT_READ);
    rt_total_write(total, written);
    ck_assert_str_eq(written, "-99999999999999999999.999999999999999999");
    ck_assert_int_eq(rt_total_add(&total, (struct rt_decimal){-1, 18}), -1);
    ck_assert_int_eq(rt_total_merge(&total, total), -1);
    ck_assert_int_eq(rt_total_add(&total, (struct rt_decimal){1, 18}), 0);
    ck_assert_int_eq(rt_total_read(rt_text("1."), &total), RT_MALFORMED);
    rt_total_write((struct rt_total){-5, 18}, written);
    ck_assert_str_eq(written, "-0.000000000000000005");
    /* A middle part of zeros keeps its place. */
    ck_assert_int_eq(rt_total_read(rt_text("10000000000000000000000"), &total), RT_READ);
    rt_total_write(total, written);
    ck_assert_str_eq(written, "10000000000000000000000");
}
END_TEST

/* Anything that is written is read back as the same, through any number of places. */
START_TEST(decimals_round_trip)
{
    uint64_t state = 2;
    for (int i = 0; i < 300000; i++) {
        const struct rt_decimal value = {
            (int64_t)(next_random(&state) >> next_random(&state) % 64) * (i % 2 == 0 ? 1 : -1),
            (int)(next_random(&state) % 19)};
        char written[RT_DECIMAL_BYTES];
        struct rt_decimal back;
        ck_assert_uint_eq(rt_decimal_write(value, written), strlen(written));
        ck_assert_msg(read_string(written, &back) == RT_READ && back.units == value.units &&
                          back.places == value.places,
                      "%s", written);
        const double real = rt_decimal_real(value);
        ck_assert_msg(real == strtod(written, NULL), "%s as %.17g", written, real);
        const struct rt_total total = {(__int128)value.units * INT64_C(987654321987654321),
                                       value.places};
        rt_total_write(total, written);
        ck_assert_msg(rt_total_real(total) == strtod(written, NULL), "%s", written);
    }
}
END_TEST

/* Quotients whose nearest double is known by construction. */
START_TEST(ratios)
{
    ck_assert(rt_decimal_ratio((struct rt_decimal){1, 0}, 3) == 1.0 / 3.0);
    ck_assert(rt_decimal_ratio((struct rt_decimal){-100, 2}, 4) == -0.25);
    ck_assert(rt_decimal_ratio((struct rt_decimal){100, 2}, -4) == -0.25);
    ck_assert(rt_decimal_ratio((struct rt_decimal){0, 2}, 4) == 0);
    ck_assert(isnan(rt_decimal_ratio((struct rt_decimal){1, 0}, 0)));
    ck_assert(rt_decimal_ratio((struct rt_decimal){INT64_MIN, 0}, INT64_MIN) == 1.0);
    /* 2^53 + 1 halfway between two doubles goes to the even one, and a hair above it up. */
    ck_assert(rt_decimal_ratio((struct rt_decimal){INT64_C(9007199254740993), 0}, 1) == 0x1p53);
    ck_assert(rt_decimal_ratio((struct rt_decimal){INT64_C(9007199254740993001), 3}, 1) ==
              0x1p53 + 2);
    uint64_t state = 3;
    for (int i = 0; i < 200000; i++) {
        /* whole has 53 bits, so that part / denominator decides how it is rounded. */
        const int64_t whole = (int64_t)(next_random(&state) >> 11 | UINT64_C(1) << 52);
        const int64_t denominator = (int64_t)(next_random(&state) % 500 + 2);
        const int64_t part = (int64_t)(next_random(&state) % (uint64_t)denominator);
        const double got =
            rt_decimal_ratio((struct rt_decimal){whole * denominator + part, 0}, denominator);
        const int up = 2 * part > denominator || (2 * part == denominator && whole % 2 == 1);
        ck_assert_msg(got == (double)(whole + up), "%lld + %lld/%lld", (long long)whole,
                      (long long)part, (long long)denominator);
    }
}
END_TEST

/* The shortest form by trying them all; NULL where it is written with an exponent by %e. */
static int shortest_digits(double value)
{
    for (int digits = 1; digits < 17; digits++) {
        char text[40];
        snprintf(text, sizeof text, "%.*e", digits - 1, value);
        if (strtod(text, NULL) == value)
            return digits;
    }
    return 17;
}

static int significant_digits(const char *text)
{
    char digits[RT_REAL_BYTES];
    int used = 0;
    for (; *text != '\0'; text++)
        if (*text >= '0' && *text <= '9' && (used > 0 || *text != '0'))
            digits[used++] = *text;
    while (used > 1 && digits[used - 1] == '0')
        used--;
    return used > 0 ? used : 1;
}

static void check_real(double value)
{
    char written[RT_REAL_BYTES];
    const size_t length = rt_real_write(value, written);
    ck_assert_uint_eq(length, strlen(written));
    ck_assert_msg(strspn(written, "-0123456789.") == length, "%s", written);
    ck_assert_msg(strtod(written, NULL) == value, "%.17g written as %s", value, written);
    ck_assert_msg(significant_digits(written) <= shortest_digits(value), "%.17g written as %s",
                  value, written);
    if (strchr(written, '.') != NULL)
        ck_assert_msg(written[length - 1] != '0' && written[length - 1] != '.', "%s", written);
    double back;
    ck_assert_int_eq(rt_real_read((struct rt_text){written, length}, &back), 0);
    ck_assert_msg(back == value, "%s read as %.17g", written, back);
}

START_TEST(reals_round_trip)
{
    uint64_t state = 4;
    for (int i = 0; i < 20000; i++) {
        const uint64_t bits = next_random(&state);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            check_real(value);
        /* Those that commands print: ratios, money averages, shares. */
        const double numerator = (double)(next_random(&state) % 100000000) / 100;
        check_real(numerator / (double)(next_random(&state) % 1000 + 1));
        check_real((double)(next_random(&state) % 100000) / 100000);
        check_real(-ldexp((double)(next_random(&state) >> 11), (int)(bits % 120) - 100));
        check_real((double)(int64_t)(bits >> bits % 64));
        check_real((double)(next_random(&state) % 1000000000000000) / 1e6);
        check_real((double)(bits % 1000000) / 1e6);
    }
    for (int exponent = -1074; exponent < 1024; exponent++) {
        const double power = ldexp(1, exponent);
        check_real(power);
        check_real(nextafter(power, 0));
        check_real(nextafter(power, DBL_MAX));
    }
    for (int exponent = -323; exponent <= 308; exponent++) {
        char text[16];
        snprintf(text, sizeof text, "1e%d", exponent);
        const double power = strtod(text, NULL);
        check_real(power);
        check_real(nextafter(power, 0));
        check_real(nextafter(power, DBL_MAX));
    }
    check_real(DBL_MAX);
    check_real(DBL_MIN);
    check_real(5e-324);
}
END_TEST

START_TEST(reals_written)
{
    static const struct {
        double value;
        const char *text;
    } reals[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {35.0778475342, "35.0778475342"},
        {1e15, "1000000000000000"},
        {1e22, "10000000000000000000000"},
        {1e-7, "0.0000001"},
        {123456789012.25, "123456789012.25"},
        {0.000011, "0.000011"},
        {-999999999.999999, "-999999999.999999"},
        {999999999.9999999, "999999999.9999999"},
        {12345.0001, "12345.0001"},
        {0.5, "0.5"},
        {1.0 / 3, "0.3333333333333333"},
        {2.0 / 3, "0.6666666666666666"},
        {0.1 + 0.2, "0.30000000000000004"},
        {0x1p-44, "0.00000000000005684341886080802"},
        {NAN, ""},
        {INFINITY, ""},
        {-INFINITY, ""},
    };
    char written[RT_REAL_BYTES];
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
        ck_assert_uint_eq(rt_real_write(reals[i].value, written), strlen(reals[i].text));
        ck_assert_str_eq(written, reals[i].text);
    }
}
END_TEST

START_TEST(reals_rounded)
{
    uint64_t state = 5;
    char written[RT_REAL_BYTES], expected[RT_REAL_BYTES];
    for (int i = 0; i < 300000; i++) {
        double value = (double)(int64_t)next_random(&state) / 1e12;
        const int digits = (int)(next_random(&state) % 18);
        if (i % 3 == 0)
            value = ldexp(value, -(int)(next_random(&state) % 140));
        if (i % 3 == 1) /* halves */
            value = (double)((int64_t)next_random(&state) >> 30) / 1024;
        if (i % 100 == 0)
            value = ldexp(value, (int)(next_random(&state) % 900));
        snprintf(expected, sizeof expected, "%.*f", digits, value);
        if (expected[0] == '-' && strspn(expected, "-0.") == strlen(expected))
            memmove(expected, expected + 1, strlen(expected));
        ck_assert_uint_eq(rt_real_write_digits(value, digits, written), strlen(expected));
        ck_assert_str_eq(written, expected);
    }
    ck_assert_uint_eq(rt_real_write_digits(NAN, 2, written), 0);
    ck_assert_uint_eq(rt_real_write_digits(-INFINITY, 2, written), 0);
    ck_assert_str_eq(written, "");
    ck_assert_uint_eq(rt_real_write_digits(-0.001, 2, written), 4);
    ck_assert_str_eq(written, "0.00");
    rt_real_write_digits(DBL_MAX, 17, written);
    snprintf(expected, sizeof expected, "%.17f", DBL_MAX);
    ck_assert_str_eq(written, expected);
}
END_TEST

START_TEST(reals_read)
{
    uint64_t state = 6;
    for (int i = 0; i < 300000; i++) {
        char text[64];
        const size_t length = next_random(&state) % 45 + 1;
        for (size_t k = 0; k < length; k++)
            text[k] = (char)('0' + next_random(&state) % 10);
        text[length] = '\0';
        const size_t point = next_random(&state) % length;
        if (point > 1 && point < length - 1)
            text[point] = '.';
        if (i % 4 == 0 && length > 3)
            text[0] = i % 8 == 0 ? '-' : '+';
        double value;
        if (point == 1 && i % 4 == 0)
            continue;
        ck_assert_msg(rt_real_read(rt_text(text), &value) == 0, "%s", text);
        ck_assert_msg(value == strtod(text, NULL), "%s as %.17g", text, value);
    }
    static const char *const bad[] = {"",    ".",   "1.",  ".5",  "1e5",
                                      "nan", "inf", "0x1", "1,5", "- 1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double value;
        ck_assert_msg(rt_real_read(rt_text(bad[i]), &value) == -1, "%s", bad[i]);
    }
}
END_TEST

/* Halfway between two doubles, but for a digit a thousand places on. */
START_TEST(a_late_digit_decides)
{
    enum { PLACES = 2000 };
    char text[PLACES + 32];
    const int start = snprintf(text, sizeof text, "9007199254740993.");
    memset(text + start, '0', PLACES);
    double value;
    const struct rt_text all = {text, (size_t)start + PLACES};
    ck_assert_int_eq(rt_real_read(all, &value), 0);
    ck_assert(value == 0x1p53);
    text[start + PLACES - 1] = '1';
    ck_assert_int_eq(rt_real_read(all, &value), 0);
    ck_assert(value == 0x1p53 + 2);
    /* And where the digits that are left out stand before the point: 10^1000 is too large. */
    memset(text, '0', PLACES);
    text[0] = '1';
    ck_assert_int_eq(rt_real_read((struct rt_text){text, 1001}, &value), -1);
    ck_assert_int_eq(rt_real_read((struct rt_text){text, 301}, &value), 0);
    ck_assert(value == 1e300);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("decimal");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, same_as_the_twin);
    tcase_add_test(all, every_byte_at_every_place);
    tcase_add_test(all, given_texts);
    tcase_add_test(all, very_many_digits);
    tcase_add_test(all, other_forms);
    tcase_add_test(all, sums_at_the_edges);
    tcase_add_test(all, three_thousand_dimes);
    tcase_add_test(all, totals);
    tcase_add_test(all, decimals_round_trip);
    tcase_add_test(all, ratios);
    tcase_add_test(all, reals_round_trip);
    tcase_add_test(all, reals_written);
    tcase_add_test(all, reals_rounded);
    tcase_add_test(all, reals_read);
    tcase_add_test(all, a_late_digit_decides);
    suite_add_tcase(suite, all);
    return unit_run(suite);
}
