/*
 * width: how many columns of a terminal a text takes, and texts that do nothing to a terminal.
 *
 * Unicode's data come from utf8proc, not from the C library's locale. What is measured is the
 * character as a reader sees it (an extended grapheme cluster, Unicode annex 29): a letter with its
 * combining marks, an emoji of several parts, a flag. It takes 1 or 2 columns, or none where it is
 * a mark alone. Terminals differ on rare emoji; these are the widths that the standard suggests.
 */
#ifndef RT_WIDTH_H
#define RT_WIDTH_H

#include <stddef.h>

#include "libretain/buffer.h"
#include "libretain/text.h"

/*
 * Appends UTF-8 text so that it draws only itself: control characters become their pictures (an
 * escape U+241B, a line end U+240A), and what is no character, what turns the direction of the
 * text, ends a line or hides becomes U+FFFD. A second time changes nothing.
 */
void rt_width_clean(struct rt_buffer *into, struct rt_text text);

/* The columns that a clean text takes. */
size_t rt_width(struct rt_text clean);

/* The longest start of a clean text, in whole characters, that takes at most `columns`. */
struct rt_text rt_width_cut(struct rt_text clean, size_t columns);

#endif
