/*
 * table_record: one record at a time through libcsv, which has the last word on what it means.
 *
 * Part of table, and the only place that includes csv.h. libcsv is set up strict, reports every
 * line end, trims nothing and refuses fields beyond the limit; NUL, a bare CR and bytes that are
 * not UTF-8 pass it, and are refused here.
 */
#ifndef RT_TABLE_RECORD_H
#define RT_TABLE_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/text.h"

struct rt_record_splitter;

enum rt_record_outcome {
    RT_RECORD_WHOLE,
    RT_RECORD_CUT, /* it goes on behind the bytes at hand */
    RT_RECORD_BAD
};

struct rt_record {
    const struct rt_text *cells; /* the splitter's: until its next call */
    size_t count;
    size_t next;        /* where the next record begins; where to go on after a bad one */
    bool can_go_on;     /* there is a next record to go on with */
    size_t length;      /* of the record without its line end, from `from` */
    const char *reason; /* of RT_RECORD_BAD: a constant */
};

struct rt_record_splitter *rt_record_splitter_new(char delimiter);
void rt_record_splitter_free(struct rt_record_splitter *splitter);

/*
 * Splits the record that begins at bytes[from]; the bytes end at `to`, and `last` tells that
 * nothing comes behind them. It is not an empty line, by LF or CRLF.
 */
enum rt_record_outcome rt_record_split(struct rt_record_splitter *splitter, const char *bytes,
                                       size_t from, size_t to, bool last, struct rt_record *record);

#endif
