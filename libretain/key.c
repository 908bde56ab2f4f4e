#include "libretain/key.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

void rt_key_clear(struct rt_key *key)
{
    key->used = 0;
}

void rt_key_add(struct rt_key *key, struct rt_text text)
{
    const uint32_t length = (uint32_t)text.length; /* a field is at most 1 MiB */
    const size_t grown = rt_grown(key->size, key->used + sizeof length + text.length);
    if (grown > 0) {
        key->bytes = rt_realloc(key->bytes, grown, 1);
        key->size = grown;
    }
    memcpy(key->bytes + key->used, &length, sizeof length);
    if (length > 0)
        memcpy(key->bytes + key->used + sizeof length, text.at, length);
    key->used += sizeof length + length;
}

struct rt_text rt_key_text(const struct rt_key *key)
{
    return (struct rt_text){key->bytes, key->used};
}

void rt_key_free(struct rt_key *key)
{
    free(key->bytes);
    *key = (struct rt_key){0};
}
