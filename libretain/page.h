/*
 * page: the frame of a page of HTML that is complete in itself.
 *
 * No script, nothing loaded from anywhere (its own policy forbids it), light and dark as the reader
 * has it, readable on a phone and on paper. Colours of text have a contrast above 4.5 on what they
 * stand on. Text from the data goes through rt_buffer_escaped.
 */
#ifndef RT_PAGE_H
#define RT_PAGE_H

#include <stdbool.h>

#include "libretain/buffer.h"
#include "libretain/chart.h"
#include "libretain/text.h"

void rt_page_open(struct rt_buffer *into, struct rt_text title);
void rt_page_close(struct rt_buffer *into);

/* <h2> with a text from the data. */
void rt_page_heading(struct rt_buffer *into, struct rt_text text);
/* <p> of the class `soft`, or none. */
void rt_page_note(struct rt_buffer *into, struct rt_text text);

/*
 * A table that scrolls by itself where it is too wide. Cells come row by row, those of the head
 * first; rt_page_row ends a row and, after the head, begins the body. A cell that is a number
 * stands at the right.
 */
void rt_page_table(struct rt_buffer *into);
void rt_page_head(struct rt_buffer *into, struct rt_text text, bool number);
void rt_page_cell(struct rt_buffer *into, struct rt_text text, bool number);
void rt_page_row(struct rt_buffer *into, bool head);
void rt_page_table_end(struct rt_buffer *into);

/* A figure with its chart: wide, and again for narrow screens but for heat maps, which scroll. */
void rt_page_chart(struct rt_buffer *into, const struct rt_chart *chart);

#endif
