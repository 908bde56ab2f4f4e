/*
 * pivot: the values of one column as columns: a period table, or a cohort triangle.
 *
 * Each value of the pivot column becomes a column, sorted: by number where all are numbers, else by
 * bytes. What the rows stand for is the other columns, in order of first appearance. Of metric rows
 * (metric.h) there is a table for each metric and method where groups or cohorts make the rows, or
 * one table of all metrics where nothing else does; their interval, numerator and denominator are
 * left out, shares are shown in percent, and what is not complete has a * behind it.
 */
#ifndef RT_PIVOT_H
#define RT_PIVOT_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/buffer.h"
#include "libretain/grid.h"
#include "libretain/sheet.h"

struct rt_pivot_form {
    int column, value; /* whose values become columns, and what stands in the cells */
    int digits;        /* places to round to; -1: none is rounded */
    bool plain;        /* shares are not shown in percent */
    struct rt_grid_form grid;
};

/*
 * Appends the tables. Returns 0, or the number from 1 of the first row whose cell has a value
 * already.
 */
size_t rt_pivot_write(const struct rt_sheet *sheet, const struct rt_pivot_form *form,
                      struct rt_buffer *into);

#endif
