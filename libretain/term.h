/*
 * term: a chart on a terminal, in braille, blocks and shades.
 *
 * Lines are drawn two dots wide and four high in each character, intervals as a shade behind them;
 * bars in eighths of a character, heat maps in shades. Without colours, series have letters. Text
 * from the data is made harmless (width.h).
 */
#ifndef RT_TERM_H
#define RT_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/buffer.h"
#include "libretain/chart.h"

struct rt_term_form {
    size_t width, height; /* in characters; bars and heat maps are as high as they need to be */
    bool colour;
};

enum { RT_TERM_LEAST_WIDTH = 40, RT_TERM_LEAST_HEIGHT = 8 };

/* Appends the chart, each line with its end. Form is at least as large as the above. */
void rt_term_chart(struct rt_buffer *into, const struct rt_chart *chart,
                   const struct rt_term_form *form);

#endif
