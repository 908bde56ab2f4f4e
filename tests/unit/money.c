#include "libretain/money.h"

#include <string.h>

#include "libretain/decimal.h"
#include "unit.h"

/* Takes every text that decimal reads with two places, up to eight bytes and no sign, and no other.
 */
static void check(const char *bytes, size_t length)
{
    int64_t hundredths = -1;
    struct rt_decimal exact;
    const bool usual = length <= 8 && bytes[0] != '-' && bytes[0] != '+' &&
                       rt_decimal_read((struct rt_text){bytes, length}, &exact) == RT_READ &&
                       exact.places == 2;
    ck_assert_int_eq(rt_money_read(bytes, length, &hundredths), usual);
    if (usual)
        ck_assert_int_eq(hundredths, exact.units);
}

/* Behind the text stands what would change it, if it were read. */
START_TEST(any_bytes_at_any_place)
{
    static const char *const good[] = {"0.00", "9.99", "10.05", "123.45", "9999.99", "99999.99"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const size_t length = strlen(good[i]);
        for (size_t at = 0; at < length; at++)
            for (int byte = 0; byte < 256; byte++) {
                char bytes[16];
                memset(bytes, byte, sizeof bytes);
                memcpy(bytes, good[i], length);
                bytes[at] = (char)byte;
                check(bytes, length);
            }
    }
}
END_TEST

START_TEST(all_short_texts)
{
    static const char letters[] = "0579./:-+ ,";
    enum { LETTERS = sizeof letters - 1 };
    for (size_t length = 0; length <= 6; length++) {
        uint32_t texts = 1;
        for (size_t i = 0; i < length; i++)
            texts *= LETTERS;
        for (uint32_t text = 0; text < texts; text++) {
            char bytes[16] = ".";
            uint32_t rest = text;
            for (size_t i = 0; i < length; i++, rest /= LETTERS)
                bytes[i] = letters[rest % LETTERS];
            check(bytes, length);
        }
    }
}
END_TEST

START_TEST(known_amounts)
{
    int64_t hundredths;
    ck_assert(rt_money_read("12345.67", 8, &hundredths));
    ck_assert_int_eq(hundredths, 1234567);
    ck_assert(rt_money_read("7.05,2024", 4, &hundredths));
    ck_assert_int_eq(hundredths, 705);
    ck_assert(!rt_money_read("123456.78", 9, &hundredths));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("money");
    TCase *tests = tcase_create("money");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, any_bytes_at_any_place);
    tcase_add_test(tests, all_short_texts);
    tcase_add_test(tests, known_amounts);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
