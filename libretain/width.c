#include "libretain/width.h"

#include <stdbool.h>
#include <utf8proc.h>

enum { BLACK_FLAG = 0x1f3f4, EMOJI_STYLE = 0xfe0f, REPLACEMENT = 0xfffd, TAB_PICTURE = 0x2400 };

static bool is_between(utf8proc_int32_t c, utf8proc_int32_t first, utf8proc_int32_t last)
{
    return c >= first && c <= last;
}

/* The letters of a flag such as Scotland's, which are drawn behind a black flag only. */
static bool is_tag(utf8proc_int32_t c)
{
    return is_between(c, 0xe0020, 0xe007f);
}

/* Turns the direction, ends a line, is no character, or is there without being seen. */
static bool is_harmful(utf8proc_int32_t c)
{
    static const utf8proc_int32_t ranges[][2] = {
        {0x80, 0x9f},       {0xad, 0xad},        {0x61c, 0x61c},   {0x180e, 0x180e},
        {0x200b, 0x200b},   {0x200e, 0x200f},    {0x2028, 0x202e}, {0x2060, 0x206f},
        {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},    {0xfff9, 0xfffb}, {0xe000, 0xf8ff},
        {0xe0000, 0xe007f}, {0xf0000, 0x10ffff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (is_between(c, ranges[i][0], ranges[i][1]))
            return true;
    return (c & 0xfffe) == 0xfffe;
}

/* The next code point; what is not UTF-8 is U+FFFD, a byte at a time. Returns its bytes. */
static size_t next(struct rt_text text, size_t at, utf8proc_int32_t *c)
{
    const utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)text.at + at,
                                                   (utf8proc_ssize_t)(text.length - at), c);
    if (size > 0)
        return (size_t)size;
    *c = REPLACEMENT;
    return 1;
}

static void put(struct rt_buffer *into, utf8proc_int32_t c)
{
    utf8proc_uint8_t bytes[4];
    const utf8proc_ssize_t size = utf8proc_encode_char(c, bytes);
    rt_buffer_text(into, (struct rt_text){(const char *)bytes, (size_t)size});
}

static bool is_plain(struct rt_text text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] < 0x20 || text.at[i] > 0x7e)
            return false;
    return true;
}

void rt_width_clean(struct rt_buffer *into, struct rt_text text)
{
    if (is_plain(text)) {
        rt_buffer_text(into, text);
        return;
    }
    bool flag = false;
    utf8proc_int32_t c;
    for (size_t at = 0; at < text.length;) {
        at += next(text, at, &c);
        if (c < 0x20)
            c += TAB_PICTURE;
        else if (c == 0x7f)
            c = 0x2421;
        else if (is_harmful(c) && !(flag && is_tag(c)))
            c = REPLACEMENT;
        flag = c == BLACK_FLAG || (flag && is_tag(c));
        put(into, c);
    }
}

/* The end of the character that starts at `at`, and its columns. */
static size_t character(struct rt_text text, size_t at, size_t *columns)
{
    utf8proc_int32_t before, c, state = 0;
    at += next(text, at, &before);
    size_t sum = (size_t)utf8proc_charwidth(before);
    while (at < text.length) {
        const size_t size = next(text, at, &c);
        if (utf8proc_grapheme_break_stateful(before, c, &state))
            break;
        sum += c == EMOJI_STYLE && sum == 1 ? 1 : (size_t)utf8proc_charwidth(c);
        before = c;
        at += size;
    }
    *columns = sum > 2 ? 2 : sum;
    return at;
}

size_t rt_width(struct rt_text clean)
{
    if (is_plain(clean))
        return clean.length;
    size_t columns, sum = 0;
    for (size_t at = 0; at < clean.length; sum += columns)
        at = character(clean, at, &columns);
    return sum;
}

struct rt_text rt_width_cut(struct rt_text clean, size_t columns)
{
    size_t at = 0, one;
    while (at < clean.length) {
        const size_t end = character(clean, at, &one);
        if (one > columns)
            break;
        columns -= one;
        at = end;
    }
    return (struct rt_text){clean.at, at};
}
