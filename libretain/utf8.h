/*
 * utf8: whether bytes are UTF-8 (Unicode 15, table 3-7): no overlong forms, no surrogates, nothing
 * above U+10FFFF, nothing cut off.
 */
#ifndef RT_UTF8_H
#define RT_UTF8_H

#include <stddef.h>

/* The offset of the first byte that is not part of a whole UTF-8 character, or `length`. */
size_t rt_utf8_check(const char *bytes, size_t length);

#endif
