/*
 * clean: the rows of any export as the rows of a log.
 *
 * The result has the columns of a log that the table has, in the log's order, and then those that
 * were asked for by name. A date becomes YYYY-MM-DD, an amount a plain number with the places that
 * were written; every other cell stays byte for byte as it came.
 */
#ifndef RT_CLEAN_H
#define RT_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/day.h"
#include "libretain/decimal.h"
#include "libretain/log.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/table.h"
#include "libretain/text.h"

/* A date as it was written, and as YYYY-MM-DD: exports repeat few dates many times. */
struct rt_clean_date {
    uint8_t length; /* 0: none */
    char written[23], day[10];
};

struct rt_clean {
    struct rt_log_form form;
    size_t width;              /* columns of the result */
    size_t *from;              /* per column of the result: where it stands in the table */
    int place[RT_LOG_COLUMNS]; /* where the log's columns stand in the result, or -1 */
    bool as_they_come;         /* columns and their form are those of the result: copy good rows */
    bool plain;                /* no cell of the row at hand needs quotes */
    struct rt_text *cells;     /* the row at hand, in the order of the result */
    struct rt_clean_date *dates; /* read before, by a hash of what was written */
    char date_text[11], amount_text[RT_DECIMAL_BYTES];
};

/*
 * Finds the columns. Returns 0, or -1 with the table's message where one is missing or there
 * twice. rt_clean_free in either case.
 */
int rt_clean_open(struct rt_clean *clean, struct rt_table *table, const struct rt_log_form *form,
                  const struct rt_names *keep);
void rt_clean_free(struct rt_clean *clean);

/*
 * Cleans a row of a block into `cells`, which live until the next row or block. Returns NULL, or
 * what is wrong, a string constant, and in `column` the place in the table where it is.
 */
const char *rt_clean_row(struct rt_clean *clean, const struct rt_rows *rows, size_t row,
                         int *column);

/*
 * Copies as many rows from `row` on as are good and come out just as they stand in the block.
 * Returns how many; none where `as_they_come` is not set. What stops it is for rt_clean_row.
 */
size_t rt_clean_copy(const struct rt_clean *clean, const struct rt_rows *rows, size_t row,
                     struct rt_out *out);

/*
 * Writes the names of the result's columns, and a row of them, with the table's delimiter. `plain`
 * tells that no cell needs quotes, as that of the row that was cleaned last does.
 */
void rt_clean_write_header(const struct rt_clean *clean, const struct rt_table *table,
                           struct rt_out *out);
void rt_clean_write(const struct rt_clean *clean, const struct rt_text *cells, bool plain,
                    struct rt_out *out);

#endif
