/*
 * Periods: the input is a kind, a NUL and a label. A kind that is read is named so that it reads
 * back as itself; a label that is read is that of its period, whose days lie in it.
 */
#include "libretain/period.h"

#include <stdint.h>
#include <stdlib.h>

#include "libretain/day.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_label(const struct rt_period *period, struct rt_text label)
{
    int32_t index;
    if (rt_period_read_label(period, label, &index) != 0)
        return;
    char written[RT_PERIOD_LABEL_BYTES];
    const size_t length = rt_period_label(period, index, written);
    require(rt_text_equal(label, (struct rt_text){written, length}));
    const int32_t first = rt_period_first(period, index), last = rt_period_last(period, index);
    require(first <= last && first >= RT_DAY_FIRST && last <= RT_DAY_LAST);
    require(rt_period_index(period, first) == index && rt_period_index(period, last) == index);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy of just this size, so that the sanitizer sees a read behind it. */
    char *copy = malloc(size + 1);
    require(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    const char *nul = size > 0 ? memchr(copy, '\0', size) : NULL;
    const size_t kind = nul != NULL ? (size_t)(nul - copy) : size;
    for (int sunday = 0; sunday < 2; sunday++) {
        struct rt_period period, again;
        if (rt_period_read((struct rt_text){copy, kind}, sunday, &period) != 0)
            continue;
        char name[RT_PERIOD_NAME_BYTES];
        rt_period_name(&period, name);
        require(rt_period_read_name(rt_text(name), &again) == 0);
        require(rt_period_equal(&period, &again));
        if (nul != NULL)
            check_label(&period, (struct rt_text){nul + 1, size - kind - 1});
    }
    free(copy);
    return 0;
}
