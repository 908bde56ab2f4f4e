/*
 * Amounts: the reader in words agrees with the one byte by byte, what is read is written back as
 * the same number, and reals go out and in unchanged.
 */
#include "libretain/decimal.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "libretain/money.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Does `written` say the same digits as `text`, but for a plus, leading zeros and -0? */
static bool same_number(struct rt_text text, const char *written, bool zero)
{
    const char *at = text.at, *const end = text.at + text.length;
    const bool minus = *at == '-';
    at += minus || *at == '+';
    while (end - at > 1 && at[0] == '0' && at[1] != '.')
        at++;
    if (minus && !zero && *written++ != '-')
        return false;
    return rt_text_is((struct rt_text){at, (size_t)(end - at)}, written);
}

static void check_decimal(struct rt_text text)
{
    struct rt_decimal fast = {0, 0}, slow = {0, 0};
    const enum rt_reading reading = rt_decimal_read(text, &fast);
    require(reading == rt_decimal_read_form(text, '.', 0, &slow));
    require(fast.units == slow.units && fast.places == slow.places);
    double real = 0;
    require((reading == RT_MALFORMED) == (rt_real_read(text, &real) != 0) ||
            (reading == RT_TOO_LONG && text.length > 300));
    char written[RT_DECIMAL_BYTES];
    if (reading == RT_READ) {
        rt_decimal_write(fast, written);
        require(same_number(text, written, fast.units == 0));
        require(real == rt_decimal_real(fast));
        require(real == strtod(written, NULL));
    }
    struct rt_total total, more;
    if (rt_total_read(text, &total) == RT_READ) {
        rt_total_write(total, written);
        require(same_number(text, written, total.units == 0));
        more = total;
        if (rt_total_merge(&more, total) == 0)
            require(more.units == 2 * total.units && more.places == total.places);
        require(real == rt_total_real(total));
    } else {
        require(reading != RT_READ);
    }
}

/* The reader of the usual form takes just what has two places, and reads the same. */
static void check_money(struct rt_text text)
{
    char bytes[16] = {0};
    if (text.length == 0 || text.length > 8 || text.at[0] == '-' || text.at[0] == '+')
        return;
    memcpy(bytes, text.at, text.length);
    struct rt_decimal exact;
    int64_t hundredths;
    const bool usual = rt_decimal_read(text, &exact) == RT_READ && exact.places == 2;
    require(rt_money_read(bytes, text.length, &hundredths) == usual);
    require(!usual || hundredths == exact.units);
}

static void check_real(double value)
{
    char written[RT_REAL_BYTES];
    const size_t length = rt_real_write(value, written);
    require((length > 0) == (isfinite(value) != 0));
    double back;
    if (length > 0) {
        require(rt_real_read((struct rt_text){written, length}, &back) == 0);
        require(back == value && strtod(written, NULL) == value);
    }
    for (int digits = 0; digits <= 17; digits++)
        require(rt_real_write_digits(value, digits, written) < RT_REAL_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double value;
    if (size >= sizeof value) {
        memcpy(&value, data, sizeof value);
        check_real(value);
    }
    /* A copy of just this size, so that the sanitizer sees a read behind it. */
    char *copy = malloc(size > 0 ? size : 1);
    require(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    check_decimal((struct rt_text){copy, size});
    check_money((struct rt_text){copy, size});
    struct rt_decimal form;
    rt_decimal_read_form((struct rt_text){copy, size}, ',', '.', &form);
    free(copy);
    return 0;
}
