/*
 * stamp: hashes of several texts that are the same on every machine and for ever.
 *
 * Unlike the hashes of a map, which are seeded anew in each run, these are written into files and
 * compared with those of other runs. The texts are joined as netstrings, each with its length in
 * bytes in front and a comma behind, "5:C0001,7:winback,", so that two lists of texts give the same
 * bytes only where they are the same; these bytes are hashed by XXH3 without a seed, whose values
 * are fixed since xxHash 0.8.0. `printf 5:C0001,7:winback, | xxhsum -H2` prints the same.
 */
#ifndef RT_STAMP_H
#define RT_STAMP_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/text.h"

enum { RT_STAMP_BYTES = 33 };

/* XXH3 of 64 bits. */
uint64_t rt_stamp(const struct rt_text *texts, size_t count);

/* XXH3 of 128 bits, as 32 hexadecimal digits, the highest first, and a NUL. */
void rt_stamp_hex(const struct rt_text *texts, size_t count, char into[RT_STAMP_BYTES]);

#endif
