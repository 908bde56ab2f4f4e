#include "libretain/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

/* The character at `bytes` by the definition: decode, then ask what it is and how long it need be.
 */
static size_t by_definition(const unsigned char *bytes, size_t length)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char first = bytes[0];
    const size_t size = first < 0x80           ? 1
                        : (first >> 5) == 0x06 ? 2
                        : (first >> 4) == 0x0e ? 3
                        : (first >> 3) == 0x1e ? 4
                                               : 0;
    if (size < 2)
        return size;
    if (length < size)
        return 0;
    uint32_t code = first & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (bytes[i] & 0x3f);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < least[size] || surrogate || code > 0x10ffff ? 0 : size;
}

/* Every two leading bytes with tails at the edges, and every cut. */
START_TEST(agrees_with_the_definition)
{
    static const unsigned char tails[] = {0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xff};
    for (unsigned first = 0; first < 256; first++)
        for (unsigned second = 0; second < 256; second++)
            for (size_t third = 0; third < sizeof tails; third++)
                for (size_t fourth = 0; fourth < sizeof tails; fourth++) {
                    const unsigned char bytes[] = {(unsigned char)first, (unsigned char)second,
                                                   tails[third], tails[fourth]};
                    const size_t size = by_definition(bytes, 4);
                    const size_t good = rt_utf8_check((const char *)bytes, size > 0 ? size : 4);
                    bool agrees = good == size;
                    for (size_t cut = 1; cut < size; cut++)
                        agrees = agrees && rt_utf8_check((const char *)bytes, cut) == 0;
                    /* Asking check each time would take minutes. */
                    if (!agrees)
                        ck_abort_msg("%02x %02x %02x %02x", first, second, bytes[2], bytes[3]);
                }
}
END_TEST

START_TEST(finds_the_first_bad_byte)
{
    char bytes[100];
    for (size_t at = 0; at < sizeof bytes; at++) {
        memset(bytes, 'a', sizeof bytes);
        bytes[at] = (char)0xff;
        ck_assert_uint_eq(rt_utf8_check(bytes, sizeof bytes), at);
        ck_assert_uint_eq(rt_utf8_check(bytes, at), at);
    }
    ck_assert_uint_eq(rt_utf8_check("", 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("utf8");
    TCase *tests = tcase_create("utf8");
    tcase_add_test(tests, agrees_with_the_definition);
    tcase_add_test(tests, finds_the_first_bad_byte);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
