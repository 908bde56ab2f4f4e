/*
 * A moment that reads is written the same; hours that read move it to the next time that they
 * allow, which they then leave alone, and to no earlier one for a later moment.
 */
#include <stdint.h>
#include <stdlib.h>

#include "libretain/day.h"
#include "libretain/moment.h"
#include "tests/fuzz/take.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void check_opening(const struct rt_opening *opening, struct rt_moment moment)
{
    struct rt_moment next = moment;
    if (rt_opening_next(opening, &next) != 0) {
        expect(moment.day > RT_DAY_LAST - 7);
        return;
    }
    expect(rt_moment_compare(moment, next) <= 0 && next.day <= moment.day + 3);
    if (opening->hours)
        expect(next.minute >= opening->from * 60 && next.minute < opening->to * 60);
    struct rt_moment again = next, later = {moment.day, 1439};
    expect(rt_opening_next(opening, &again) == 0 && rt_moment_compare(again, next) == 0);
    if (rt_opening_next(opening, &later) == 0)
        expect(rt_moment_compare(later, next) >= 0);
}

/* A moment, a line end, hours. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rt_text rest = {(const char *)data, size};
    const struct rt_text text = take(&rest, '\n');
    struct rt_moment moment = {20000, -1};
    if (rt_moment_read(text, &moment) == 0) {
        char written[RT_MOMENT_BYTES];
        const size_t length = rt_moment_write(moment, written);
        expect(rt_text_equal(text, (struct rt_text){written, length}));
    } else {
        moment = (struct rt_moment){20000, 600};
    }
    struct rt_opening opening = {0};
    if (rt_opening_read_hours(rest, &opening) == 0)
        expect(opening.hours && opening.from >= 0 && opening.from < opening.to && opening.to <= 24);
    else
        opening = (struct rt_opening){0};
    check_opening(&opening, moment);
    opening.weekdays_only = true;
    check_opening(&opening, moment);
    return 0;
}
