/*
 * metrics: metric rows, which every measure command writes and reads back with -m.
 *
 *     metric,method,<the --by columns>,period,value,lo,hi,num,den,complete
 *     metric,method,<the --by columns>,cohort,age,value,lo,hi,num,den,complete
 *
 * A number that is not defined is an empty cell. Counts and sums are exact; what is computed from
 * them is real. The method ends in the confidence where there is an interval ("wilson 95%"), so
 * that rows of different confidence never pass for one another.
 */
#ifndef RT_METRICS_H
#define RT_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/decimal.h"
#include "libretain/interval.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/table.h"
#include "libretain/text.h"

/* The options that all measure commands share, and what they were read as. */
struct rt_metrics_args {
    struct rt_names by;
    const char *confidence; /* NULL where it was not given */
    int64_t digits;         /* places of computed numbers; -1 is the shortest form */
    bool merge;
    bool verbose;
};
extern const struct rt_opt rt_metrics_options[];

/*
 * Reads --conf; 95% where none was given, so that -m can tell. Returns 0, or -1 where it is not a
 * confidence.
 */
int rt_metrics_confidence(const struct rt_metrics_args *args, struct rt_confidence *confidence);

/*
 * Why the --by columns cannot be columns of metric rows: NULL, or a reason that holds one of the
 * names, cut off where it is long.
 */
enum { RT_METRICS_FAULT_BYTES = 300 };
const char *rt_metrics_by_fault(const struct rt_names *by, char into[RT_METRICS_FAULT_BYTES]);

/* Numbers ------------------------------------------------------------------------------------ */

enum rt_number_kind {
    RT_NUMBER_NONE, /* undefined: an empty cell */
    RT_NUMBER_WHOLE,
    RT_NUMBER_TOTAL,
    RT_NUMBER_REAL, /* nan and infinities are undefined */
    RT_NUMBER_TEXT  /* as it is: what a row that was read holds */
};

struct rt_number {
    enum rt_number_kind kind;
    union {
        int64_t whole;
        struct rt_total total;
        double real;
        struct rt_text text;
    };
};

static inline struct rt_number rt_number_none(void)
{
    return (struct rt_number){.kind = RT_NUMBER_NONE};
}
static inline struct rt_number rt_number_whole(int64_t value)
{
    return (struct rt_number){.kind = RT_NUMBER_WHOLE, .whole = value};
}
static inline struct rt_number rt_number_total(struct rt_total value)
{
    return (struct rt_number){.kind = RT_NUMBER_TOTAL, .total = value};
}
static inline struct rt_number rt_number_real(double value)
{
    return (struct rt_number){.kind = RT_NUMBER_REAL, .real = value};
}
static inline struct rt_number rt_number_text(struct rt_text value)
{
    return (struct rt_number){.kind = RT_NUMBER_TEXT, .text = value};
}

/* Of a row that was read (RT_NUMBER_TEXT): 0, or -1 where the cell is empty or something else. */
int rt_number_read_count(struct rt_number number, int64_t *count); /* 0 and more */
int rt_number_read_total(struct rt_number number, struct rt_total *total);

/* a / b as a real, undefined where b is 0. */
struct rt_number rt_number_ratio(int64_t a, int64_t b);

/* Rows out ----------------------------------------------------------------------------------- */

enum rt_metrics_time { RT_METRICS_PERIOD, RT_METRICS_COHORT };

/* What all rows of a table have in common. `by` is borrowed. */
struct rt_metrics_form {
    char *const *by;
    size_t by_count;
    enum rt_metrics_time time;
    int digits; /* of reals; -1 is the shortest form */
};

struct rt_metric {
    struct rt_text metric, method;
    const struct rt_text *keys; /* the --by columns, then period, or cohort and age */
    struct rt_number value, lo, hi, num, den;
    bool complete;
};

/* How many keys a row has: the --by columns and the columns of time. */
size_t rt_metrics_keys(const struct rt_metrics_form *form);

void rt_metrics_header(struct rt_out *out, const struct rt_metrics_form *form);
void rt_metrics_row(struct rt_out *out, const struct rt_metrics_form *form,
                    const struct rt_metric *row);

/* lo and hi of a row. */
void rt_metric_interval(struct rt_metric *row, struct rt_interval interval);

/* An output of metric rows: what the callbacks that hand out rows are given. */
struct rt_metrics_writer {
    struct rt_out out;
    struct rt_metrics_form form;
};
/* rt_metrics_row for such a callback; `writer` is a struct rt_metrics_writer. */
void rt_metrics_write(void *writer, const struct rt_metric *row);

/* Rows in ------------------------------------------------------------------------------------ */

enum { RT_METRICS_OWN = 10 };

struct rt_metrics_reader {
    struct rt_table *table; /* borrowed */
    struct rt_metrics_form form;
    char **by; /* what form.by points to */
    size_t *by_columns;
    int columns[RT_METRICS_OWN]; /* where those are that every table of metric rows has */
    struct rt_text *keys;        /* what the keys of the row point to */
};

/*
 * Takes the columns of `table`, which must be those above in that order, and finds the --by
 * columns. Returns 0, or -1 with `fault` saying what is wrong (the table's message, or a string
 * constant). rt_metrics_close frees what the reader holds, also after -1, and leaves the table.
 */
int rt_metrics_open(struct rt_metrics_reader *reader, struct rt_table *table, const char **fault);
void rt_metrics_close(struct rt_metrics_reader *reader);

/*
 * The form of the output: that of the rows that are merged, or that of the options. `reader` is not
 * looked at where nothing is merged. The names are borrowed from either.
 */
struct rt_metrics_form rt_metrics_form_of(const struct rt_metrics_args *args,
                                          const struct rt_metrics_reader *reader,
                                          enum rt_metrics_time time);

/*
 * The next row: 1, 0 at the end, -1 with the table's message. The texts live until the next call.
 */
int rt_metrics_next(struct rt_metrics_reader *reader, struct rt_metric *row);

/*
 * What was asked for is what the rows were made with: NULL, or a reason that names the option.
 * Nothing asked for is always right.
 */
const char *rt_metrics_by_differs(const struct rt_metrics_reader *reader,
                                  const struct rt_names *by);

/* The confidence that ends a method, "wilson 95%". Returns 0, or -1 where it ends otherwise. */
int rt_method_confidence(struct rt_text method, struct rt_confidence *confidence);

/* Keys --------------------------------------------------------------------------------------- */

/*
 * The cells of the --by columns as one text, NUL between them (no cell holds NUL). Its byte order
 * is the order of the cells one after the other, which is how metric rows are sorted.
 */
struct rt_group_key {
    char *bytes;
    size_t used, size;
    size_t parts;
};
void rt_group_key_clear(struct rt_group_key *key);
void rt_group_key_add(struct rt_group_key *key, struct rt_text cell);
struct rt_text rt_group_key_text(const struct rt_group_key *key);
void rt_group_key_free(struct rt_group_key *key);

/* Takes a key of `count` cells apart again. */
void rt_group_key_split(struct rt_text key, struct rt_text *cells, size_t count);

#endif
