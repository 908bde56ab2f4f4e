/* Texts come back from their form, compare as their forms do, and any bytes may be decoded. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/sorter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

static int compare(struct rt_text a, struct rt_text b)
{
    const size_t shorter = a.length < b.length ? a.length : b.length;
    const int bytes = shorter > 0 ? memcmp(a.at, b.at, shorter) : 0;
    return bytes != 0 ? sign(bytes) : (a.length > b.length) - (a.length < b.length);
}

/* Any line, cut up as it may be: cells lie within it, one behind the other. */
static void decode_anything(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size + 1);
    memcpy(bytes, data, size);
    char *line = bytes;
    struct rt_text cell;
    while (rt_sorter_decode(&line, bytes + size, &cell) == 0)
        if (cell.at < bytes || cell.at + cell.length >= line || line > bytes + size)
            abort();
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    decode_anything(data, size);
    if (size == 0 || memchr(data, '\0', size) != NULL)
        return 0;
    const size_t half = data[0] % size;
    const struct rt_text texts[2] = {{(const char *)data, half},
                                     {(const char *)data + half, size - half}};
    char *forms[2];
    size_t lengths[2];
    for (int i = 0; i < 2; i++) {
        forms[i] = malloc(2 * texts[i].length + 1);
        lengths[i] = rt_sorter_encode(texts[i], forms[i]);
        if (lengths[i] > 2 * texts[i].length + 1 || memchr(forms[i], '\n', lengths[i]) != NULL)
            abort();
    }
    const struct rt_text a = {forms[0], lengths[0]}, b = {forms[1], lengths[1]};
    if (compare(a, b) != compare(texts[0], texts[1]))
        abort();
    for (int i = 0; i < 2; i++) {
        char *line = forms[i];
        struct rt_text cell;
        if (rt_sorter_decode(&line, forms[i] + lengths[i], &cell) != 0 ||
            !rt_text_equal(cell, texts[i]) || line != forms[i] + lengths[i])
            abort();
        free(forms[i]);
    }
    return 0;
}
