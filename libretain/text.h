/*
 * text: a piece of somebody else's bytes, by start and length.
 *
 * A value type that owns nothing: it is good for as long as the buffer that it
 * points into, which the function that hands it out names. Not NUL-terminated.
 */
#ifndef RT_TEXT_H
#define RT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct rt_text {
    const char *at;
    size_t length;
};

/* The text of a NUL-terminated string, which must outlive it. */
static inline struct rt_text rt_text(const char *string)
{
    return (struct rt_text){string, strlen(string)};
}

static inline bool rt_text_equal(struct rt_text a, struct rt_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

/*
 * Less than, equal to or greater than 0, by the values of the bytes; of two texts of which one
 * begins the other, the shorter comes first.
 */
static inline int rt_text_compare(struct rt_text a, struct rt_text b)
{
    const size_t shorter = a.length < b.length ? a.length : b.length;
    const int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

/* In any locale: 0 to 9. */
static inline bool rt_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Is `text` exactly the NUL-terminated `string`? */
static inline bool rt_text_is(struct rt_text text, const char *string)
{
    return rt_text_equal(text, rt_text(string));
}

#endif
