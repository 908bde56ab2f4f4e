/*
 * Numerals: the first byte is the number of digits, the rest a text. What is rounded is a numeral
 * that is near to what it was, has no more places than asked for, and stays when rounded again.
 */
#include "libretain/numeral.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "libretain/decimal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static size_t places(struct rt_text text)
{
    const char *point = memchr(text.at, '.', text.length);
    return point == NULL ? 0 : (size_t)(text.at + text.length - point) - 1;
}

static void check_near(struct rt_text from, struct rt_text to, double unit, double factor)
{
    double before, after;
    if (rt_real_read(from, &before) != 0 || rt_real_read(to, &after) != 0)
        return; /* both are numerals; one is larger than any double */
    before *= factor;
    require(isinf(before) || fabs(before - after) <= unit / 2 + fabs(before) * 1e-12 + 1e-12);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const int digits = data[0] % 20;
    const struct rt_text text = {(const char *)data + 1, size - 1};
    if (!rt_numeral_is(text))
        return 0;
    struct rt_buffer rounded = {0}, again = {0}, percent = {0};
    rt_numeral_round(&rounded, text, digits);
    require(rt_numeral_is(rt_buffer_get(&rounded)));
    require(places(rt_buffer_get(&rounded)) <= (size_t)digits);
    rt_numeral_round(&again, rt_buffer_get(&rounded), digits);
    require(rt_text_equal(rt_buffer_get(&rounded), rt_buffer_get(&again)));
    rt_numeral_percent(&percent, text, digits);
    require(percent.used > 0 && percent.bytes[--percent.used] == '%');
    require(rt_numeral_is(rt_buffer_get(&percent)));
    require(places(rt_buffer_get(&percent)) == (size_t)digits);
    check_near(text, rt_buffer_get(&rounded), pow(10, -digits), 1);
    check_near(text, rt_buffer_get(&percent), pow(10, -digits), 100);
    rt_buffer_free(&rounded);
    rt_buffer_free(&again);
    rt_buffer_free(&percent);
    return 0;
}
