/*
 * word: a few bytes of text at a time, as a number whose lowest byte is the first.
 */
#ifndef RT_WORD_H
#define RT_WORD_H

#include <stdint.h>
#include <string.h>

/* Two, four or eight bytes, which need not be aligned; the same on every machine. */
static inline uint64_t rt_load_two(const char *at)
{
    uint16_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap16(word);
#endif
    return word;
}

static inline uint64_t rt_load_four(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    return word;
}

static inline uint64_t rt_load_eight(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The eight bytes that a number was loaded from. */
static inline void rt_store_eight(char *at, uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(at, &word, sizeof word);
}

/* The four bytes that a number's lower half was loaded from. */
static inline void rt_store_four(char *at, uint64_t value)
{
    uint32_t word = (uint32_t)value;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    memcpy(at, &word, sizeof word);
}

#endif
