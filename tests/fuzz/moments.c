/*
 * Cells of computed columns: what rt_decimal_read takes is taken as it is, and what is rounded lies
 * within half a unit of its last place. Sums of squares read back as they were written.
 */
#include "libretain/moments.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_cell(struct rt_text text)
{
    struct rt_decimal exact, value;
    const enum rt_reading reading = rt_decimal_read(text, &exact);
    const enum rt_reading rounded = rt_measure_read(text, &value);
    require((reading == RT_MALFORMED) == (rounded == RT_MALFORMED));
    if (reading == RT_READ) {
        require(rounded == RT_READ && value.units == exact.units && value.places == exact.places);
    } else if (rounded == RT_READ) {
        double real;
        require(rt_real_read(text, &real) == 0);
        const double close = rt_decimal_real(value);
        require(fabs(real - close) <= 0.5001 * pow(10, -value.places) + fabs(real) * 1e-15);
    }
}

static void check_squares(struct rt_text text)
{
    struct rt_squares squares, again;
    if (rt_squares_read(text, &squares) != 0)
        return;
    char one[RT_SQUARES_BYTES], other[RT_SQUARES_BYTES];
    const size_t length = rt_squares_write(squares, one);
    require(length == strlen(one) && length < sizeof one);
    require(rt_squares_read(rt_text(one), &again) == 0);
    rt_squares_write(again, other);
    require(strcmp(one, other) == 0);
    /* Leading zeros are all that may be lost. */
    while (text.length > 1 && text.at[0] == '0' && text.at[1] != '.') {
        text.at++;
        text.length--;
    }
    require(rt_text_is(text, one));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rt_text text = {(const char *)data, size};
    check_cell(text);
    check_squares(text);
    return 0;
}
