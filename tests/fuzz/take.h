/*
 * take: the fuzzer's bytes, piece by piece.
 */
#ifndef RT_FUZZ_TAKE_H
#define RT_FUZZ_TAKE_H

#include <string.h>

#include "libretain/text.h"

/* The next piece up to `separator`, or up to the end; `from` goes on behind it. */
static inline struct rt_text take(struct rt_text *from, char separator)
{
    const char *end = from->length > 0 ? memchr(from->at, separator, from->length) : NULL;
    const size_t length = end != NULL ? (size_t)(end - from->at) : from->length;
    const struct rt_text taken = {from->at, length};
    const size_t step = end != NULL ? length + 1 : length;
    from->at += step;
    from->length -= step;
    return taken;
}

#endif
