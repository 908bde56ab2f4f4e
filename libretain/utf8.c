#include "libretain/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* How many of the first eight bytes, and then some, are ASCII: a multiple of 8. */
static size_t skip_ascii(const unsigned char *bytes, size_t length)
{
    size_t i = 0;
    while (length - i >= 8) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
        i += 8;
    }
    return i;
}

static bool is_tail(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* The length of the character at `bytes`, whose first byte is above 127, or 0 where it is none. */
static size_t character(const unsigned char *bytes, size_t length)
{
    const unsigned char first = bytes[0];
    if (first >= 0xc2 && first <= 0xdf)
        return length >= 2 && is_tail(bytes[1]) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        if (length < 3 || !is_tail(bytes[1]) || !is_tail(bytes[2]))
            return 0;
        const bool overlong = first == 0xe0 && bytes[1] < 0xa0;
        const bool surrogate = first == 0xed && bytes[1] > 0x9f;
        return overlong || surrogate ? 0 : 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        if (length < 4 || !is_tail(bytes[1]) || !is_tail(bytes[2]) || !is_tail(bytes[3]))
            return 0;
        const bool overlong = first == 0xf0 && bytes[1] < 0x90;
        const bool beyond = first == 0xf4 && bytes[1] > 0x8f;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

size_t rt_utf8_check(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    size_t i = 0;
    while (i < length) {
        if (at[i] < 0x80) {
            i += skip_ascii(at + i, length - i);
            while (i < length && at[i] < 0x80)
                i++;
            continue;
        }
        const size_t size = character(at + i, length - i);
        if (size == 0)
            return i;
        i += size;
    }
    return length;
}
