/*
 * Dates: what is read is written back as the same ten bytes, the reader by format agrees with the
 * one in words, and any format with any text stays within both.
 */
#include "libretain/day.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_iso(struct rt_text text)
{
    int32_t day = RT_DAY_NONE, by_format = RT_DAY_NONE;
    const int result = rt_day_read(text, &day);
    if (result == 0) {
        require(day >= RT_DAY_FIRST && day <= RT_DAY_LAST);
        char written[11];
        rt_day_write(day, written);
        require(rt_text_is(text, written));
        int year, month, day_of_month;
        rt_day_split(day, &year, &month, &day_of_month);
        require(rt_day_join(year, month, day_of_month) == day);
        require(day_of_month <= rt_days_in_month(year, month));
        require(rt_day_read_format(text, "%F", &by_format) == 0 && by_format == day);
    } else {
        require(result == -1 && day == RT_DAY_NONE);
        /* strptime's freedoms need fewer bytes, or blanks. */
        if (rt_day_read_format(text, "%F", &by_format) == 0)
            require(text.length != 10 || memchr(text.at, ' ', text.length) != NULL);
    }
}

/* The input is a format, a NUL and a text. */
static void check_format(struct rt_text text)
{
    const char *nul = memchr(text.at, '\0', text.length);
    if (nul == NULL || rt_day_format_fault(text.at) != NULL)
        return;
    const size_t before = (size_t)(nul + 1 - text.at);
    int32_t day = RT_DAY_NONE;
    if (rt_day_read_format((struct rt_text){nul + 1, text.length - before}, text.at, &day) == 0)
        require(day >= RT_DAY_FIRST && day <= RT_DAY_LAST);
    else
        require(day == RT_DAY_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy of just this size, so that the sanitizer sees a read behind it. */
    char *copy = malloc(size > 0 ? size : 1);
    require(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    check_iso((struct rt_text){copy, size});
    if (size > 0)
        check_format((struct rt_text){copy, size});
    free(copy);
    return 0;
}
