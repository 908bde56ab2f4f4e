#include "libretain/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "libretain/err.h"

void rt_buffer_free(struct rt_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct rt_buffer){0};
}

void rt_buffer_clear(struct rt_buffer *buffer)
{
    buffer->used = 0;
}

struct rt_text rt_buffer_get(const struct rt_buffer *buffer)
{
    return (struct rt_text){buffer->used > 0 ? buffer->bytes : "", buffer->used};
}

static void make_room(struct rt_buffer *buffer, size_t more)
{
    const size_t size = rt_grown(buffer->size, buffer->used + more);
    if (size == 0)
        return;
    buffer->bytes = rt_realloc(buffer->bytes, size, 1);
    buffer->size = size;
}

void rt_buffer_text(struct rt_buffer *buffer, struct rt_text text)
{
    if (text.length == 0)
        return;
    make_room(buffer, text.length);
    memcpy(buffer->bytes + buffer->used, text.at, text.length);
    buffer->used += text.length;
}

void rt_buffer_add(struct rt_buffer *buffer, const char *string)
{
    rt_buffer_text(buffer, rt_text(string));
}

void rt_buffer_repeat(struct rt_buffer *buffer, const char *string, size_t times)
{
    for (; times > 0; times--)
        rt_buffer_add(buffer, string);
}

void rt_buffer_format(struct rt_buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        make_room(buffer, (size_t)length + 1);
        (void)vsnprintf(buffer->bytes + buffer->used, (size_t)length + 1, format, again);
        buffer->used += (size_t)length;
    }
    va_end(again);
}

/* What stands for a byte in XML, or NULL where it stands for itself. */
static const char *escape(unsigned char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
    case '\r':
        return " ";
    default:
        return byte < 0x20 || byte == 0x7f ? "\xef\xbf\xbd" : NULL;
    }
}

/* U+FFFE and U+FFFF are in UTF-8, but not in XML; the controls from U+0080 are in neither's use. */
static size_t outlaw(struct rt_text text, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)text.at + at;
    const size_t left = text.length - at;
    if (left >= 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0)
        return 2;
    return left >= 3 && bytes[0] == 0xef && bytes[1] == 0xbf && bytes[2] >= 0xbe ? 3 : 0;
}

void rt_buffer_escaped(struct rt_buffer *buffer, struct rt_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        const char *instead = escape((unsigned char)text.at[i]);
        const size_t bad = instead == NULL ? outlaw(text, i) : 0;
        if (bad > 0) {
            instead = "\xef\xbf\xbd";
            i += bad - 1;
        }
        if (instead != NULL)
            rt_buffer_add(buffer, instead);
        else
            rt_buffer_text(buffer, (struct rt_text){text.at + i, 1});
    }
}
