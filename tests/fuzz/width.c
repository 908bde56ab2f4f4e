/*
 * Texts that are shown: any bytes become UTF-8 that draws only itself, a second time changes
 * nothing, and cuts are whole characters of the width that was asked for. As XML, nothing is left
 * that could end a text.
 */
#include "libretain/width.h"

#include <stdint.h>
#include <stdlib.h>

#include "libretain/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static void check_clean(struct rt_text clean)
{
    require(rt_utf8_check(clean.at, clean.length) == clean.length);
    for (size_t i = 0; i < clean.length; i++) {
        require((unsigned char)clean.at[i] >= 0x20 && clean.at[i] != 0x7f);
        if (i > 0 && (unsigned char)clean.at[i - 1] == 0xc2)
            require((unsigned char)clean.at[i] >= 0xa0);
    }
    struct rt_buffer again = {0};
    rt_width_clean(&again, clean);
    require(rt_text_equal(rt_buffer_get(&again), clean));
    rt_buffer_free(&again);
}

static void check_cuts(struct rt_text clean)
{
    const size_t width = rt_width(clean);
    require(width <= 2 * clean.length);
    for (size_t columns = 0; columns <= width && columns < 40; columns++) {
        const struct rt_text start = rt_width_cut(clean, columns);
        require(start.at == clean.at && start.length <= clean.length);
        require(rt_width(start) <= columns && rt_width(start) + 1 >= columns);
        const struct rt_text rest = {clean.at + start.length, clean.length - start.length};
        require(rt_width(start) + rt_width(rest) >= width);
    }
    require(rt_width_cut(clean, width).length == clean.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy of just this size, so that the sanitizer sees a read behind it. */
    char *copy = malloc(size > 0 ? size : 1);
    require(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    struct rt_buffer clean = {0}, escaped = {0};
    rt_width_clean(&clean, (struct rt_text){copy, size});
    check_clean(rt_buffer_get(&clean));
    check_cuts(rt_buffer_get(&clean));
    rt_buffer_escaped(&escaped, (struct rt_text){copy, size});
    for (size_t i = 0; i < escaped.used; i++)
        require(strchr("<>\"'\n", escaped.bytes[i]) == NULL);
    rt_buffer_free(&escaped);
    rt_buffer_free(&clean);
    free(copy);
    return 0;
}
