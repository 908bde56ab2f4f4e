/*
 * buffer: text that grows, for what is put together before it is written.
 *
 * Starts from all zeros; rt_buffer_free ends it. Numbers are written without a locale. Memory that
 * ends, ends the process.
 */
#ifndef RT_BUFFER_H
#define RT_BUFFER_H

#include <stddef.h>

#include "libretain/text.h"

struct rt_buffer {
    char *bytes;
    size_t used, size;
};

void rt_buffer_free(struct rt_buffer *buffer);
/* Forgets the text, keeps the memory. */
void rt_buffer_clear(struct rt_buffer *buffer);

/* What it holds; until it changes. */
struct rt_text rt_buffer_get(const struct rt_buffer *buffer);

void rt_buffer_text(struct rt_buffer *buffer, struct rt_text text);
void rt_buffer_add(struct rt_buffer *buffer, const char *string);
void rt_buffer_repeat(struct rt_buffer *buffer, const char *string, size_t times);
/* As printf, up to any length. */
void rt_buffer_format(struct rt_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * UTF-8 as the content of an element or attribute of XML and HTML: & < > " ' are escaped, and what
 * XML cannot hold, such as control characters, is U+FFFD. A line end and a tab are a space.
 */
void rt_buffer_escaped(struct rt_buffer *buffer, struct rt_text text);

#endif
