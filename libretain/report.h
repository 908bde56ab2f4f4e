/*
 * report: what a page shows of the tables that it is given.
 *
 * Headline figures first; then a section for each table in their order, charts before rows; then
 * what each number means, and what the input was. What a table is, its columns tell:
 *
 *     goal, target            goals
 *     metric, method, value   metric rows, unless there is alert, which makes them rows to read
 *     customer_id and band    customers with a risk; without band, p_alive
 *     anything else           rows to read
 */
#ifndef RT_REPORT_H
#define RT_REPORT_H

#include <stddef.h>

#include "libretain/buffer.h"
#include "libretain/sheet.h"

struct rt_report_input {
    const char *name;    /* of the file, for readers */
    const char *heading; /* of its section; NULL: by what it is */
    struct rt_sheet sheet;
};

struct rt_report_form {
    const char *title;
    size_t rows;    /* of a table at most; what is left out is counted */
    size_t periods; /* of a table at most, the latest */
};

/* Appends the page. */
void rt_report_write(struct rt_buffer *into, const struct rt_report_form *form,
                     const struct rt_report_input *inputs, size_t count);

#endif
