/* Confidences: between 0 and 1, and the name reads back as the same. */
#include "libretain/interval.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rt_confidence one, other;
    if (rt_confidence_read((struct rt_text){(const char *)data, size}, &one) != 0)
        return 0;
    if (!(one.share > 0 && one.share < 1))
        abort();
    if (strlen(one.name) >= sizeof one.name || one.name[strlen(one.name) - 1] != '%')
        abort();
    if (rt_confidence_read(rt_text(one.name), &other) != 0 || other.share != one.share ||
        strcmp(one.name, other.name) != 0)
        abort();
    return 0;
}
