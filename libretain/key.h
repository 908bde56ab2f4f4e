/*
 * key: several texts joined to one, for a map.
 *
 * Each text is preceded by its length, so that two lists of texts give the same key only where
 * they are the same: a,bc is not ab,c.
 */
#ifndef RT_KEY_H
#define RT_KEY_H

#include <stddef.h>

#include "libretain/text.h"

/* Begins as {0}. Owns its bytes. */
struct rt_key {
    char *bytes;
    size_t used, size;
};

/* Forgets the texts, keeps the memory. */
void rt_key_clear(struct rt_key *key);
void rt_key_add(struct rt_key *key, struct rt_text text);
/* The key so far; until the next change. */
struct rt_text rt_key_text(const struct rt_key *key);
void rt_key_free(struct rt_key *key);

#endif
