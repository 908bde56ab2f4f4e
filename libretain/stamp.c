#include "libretain/stamp.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "libretain/err.h"

enum { SMALL = 512, LENGTH_DIGITS = 20 };

/* Writes a text as a netstring; returns the byte behind it. */
static char *append(char *at, struct rt_text text)
{
    char digits[LENGTH_DIGITS];
    size_t count = 0, rest = text.length;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    while (count > 0)
        *at++ = digits[--count];
    *at++ = ':';
    if (text.length > 0)
        memcpy(at, text.at, text.length);
    at += text.length;
    *at++ = ',';
    return at;
}

/* The texts as one: in `small` where they fit, else in memory that the caller frees. */
static struct rt_text join(const struct rt_text *texts, size_t count, char small[SMALL])
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most += texts[i].length + LENGTH_DIGITS + 2;
    char *start = most <= SMALL ? small : rt_alloc(most, 1), *at = start;
    for (size_t i = 0; i < count; i++)
        at = append(at, texts[i]);
    return (struct rt_text){start, (size_t)(at - start)};
}

uint64_t rt_stamp(const struct rt_text *texts, size_t count)
{
    char small[SMALL];
    const struct rt_text joined = join(texts, count, small);
    const uint64_t hash = XXH3_64bits(joined.at, joined.length);
    if (joined.at != small)
        free((char *)joined.at);
    return hash;
}

void rt_stamp_hex(const struct rt_text *texts, size_t count, char into[RT_STAMP_BYTES])
{
    char small[SMALL];
    const struct rt_text joined = join(texts, count, small);
    const XXH128_hash_t hash = XXH3_128bits(joined.at, joined.length);
    if (joined.at != small)
        free((char *)joined.at);
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, hash);
    for (size_t i = 0; i < sizeof bytes.digest; i++) {
        into[2 * i] = "0123456789abcdef"[bytes.digest[i] >> 4];
        into[2 * i + 1] = "0123456789abcdef"[bytes.digest[i] & 15];
    }
    into[RT_STAMP_BYTES - 1] = '\0';
}
