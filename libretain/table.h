/*
 * table: CSV in, by column name.
 *
 * The only module that knows libcsv. Several files are one table; a record is a row whose cells
 * are texts. What is well formed goes through the scanner (scan.h), everything else to libcsv,
 * which has the last word. Rows come in blocks, in the input's order; a block owns the bytes that
 * its cells point into, so that blocks can be worked on while the next one is read.
 *
 * Accepted is RFC 4180 with the bounds that retain(5) lists. Nothing is trimmed or guessed.
 */
#ifndef RT_TABLE_H
#define RT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/opt.h"
#include "libretain/text.h"

enum {
    RT_FIELD_BYTES = 1 << 20,
    RT_RECORD_BYTES = 16 << 20,
    RT_COLUMNS = 65536,
    RT_BLOCK_BYTES = 128 << 10
};

/* What the shared options say of the input. */
struct rt_table_args {
    char delimiter;
    struct rt_pairs map; /* left: the name that the command uses; right: the file's */
    rt_choice scanner;   /* auto, portable, off: all give the same rows */
    int64_t block;       /* bytes to read at a time; the rows are the same for any */
    bool progress;
};
extern const struct rt_opt rt_table_options[];

struct rt_table;

/*
 * A block of rows. Cells are read with rt_cell; the fields here are for it and for the hot loops.
 */
struct rt_rows {
    size_t count; /* rows */
    size_t width; /* cells in a row */
    bool quoted;  /* some cell of the block may be quoted or hold quotes */
    bool returns; /* a CR may stand before a line end */
    const char *base;
    const uint32_t
        *ends; /* the offset behind each field; ends[-1] + 1 is the first field's start */
    const uint32_t *last;   /* per row: the index in `ends` of its last field */
    struct rt_text *cells;  /* in place of the above where libcsv did the splitting: row by row */
    struct rt_block *block; /* the memory */
};

/* What was wrong with a record, for messages and for rt-log's rejects. */
struct rt_fault {
    uint64_t line;         /* physical line on which the record starts, from 1 */
    const char *file;      /* lives as long as the table */
    const char *column;    /* NULL where the fault is not in one column */
    const char *reason;    /* never holds data; lives until the next fault */
    struct rt_text record; /* as it came, without its line end; until the next read */
};

/*
 * Opens the files (none, or "-": stdin) and reads the header. Never NULL: trouble shows as
 * rt_table_fault, and every later call that reads gives -1.
 */
struct rt_table *rt_table_open(const struct rt_table_args *args, char **files, int count);
void rt_table_close(struct rt_table *table);
/* The same for a file beside the input, such as rules: read as `args` says, but for the map. */
struct rt_table *rt_table_open_beside(const struct rt_table_args *args, const char *file);

/* The message of the trouble so far: `file:line: column: reason`; NULL where there is none. */
const char *rt_table_message(const struct rt_table *table);
const struct rt_fault *rt_table_fault(const struct rt_table *table);

/* The header: names after --map, in order. */
size_t rt_table_width(const struct rt_table *table);
const char *rt_table_column_name(const struct rt_table *table, size_t column);

/*
 * The place of a column. rt_table_need: -1 with a message where it is not there exactly once.
 * rt_table_look: -1 without a message where it is not there, and -2 with one where it is twice.
 */
int rt_table_need(struct rt_table *table, const char *name);
int rt_table_look(struct rt_table *table, const char *name);

/* Block by block: 1 with at least one row, 0 at the end, -1 with a message. */
struct rt_rows *rt_rows_new(void);
void rt_rows_free(struct rt_rows *rows);
int rt_table_read(struct rt_table *table, struct rt_rows *rows);

/* Row by row: 1, 0, -1 as above. The cells of the row live until the next call. */
int rt_table_next(struct rt_table *table);
struct rt_text rt_table_cell(const struct rt_table *table, size_t column);
/*
 * The cells of the current row as they came, delimiters included, without the line end. `plain`
 * tells that there is no quote among them, so that they may be written as they are.
 */
struct rt_text rt_table_raw(const struct rt_table *table, bool *plain);

/* The physical line on which the current row starts, from 1. Takes the time to count lines. */
uint64_t rt_table_line(const struct rt_table *table);

/*
 * Notes that `column` of a row is bad (rt_table_refuse: of the current row of rt_table_next;
 * rt_table_refuse_row: of a row of a block); returns -1. `reason` is a string constant. column may
 * be -1.
 */
int rt_table_refuse(struct rt_table *table, int column, const char *reason);
int rt_table_refuse_row(struct rt_table *table, const struct rt_rows *rows, size_t row, int column,
                        const char *reason);

/*
 * After -1 from rt_table_next: 0 where the trouble was one record, which is dropped (up to its
 * first line end where its quotes are broken), and reading can go on; -1 where it can not.
 */
int rt_table_resume(struct rt_table *table);

/*
 * Can the input be read again from its start? Only where all of it is regular files.
 * rt_table_rewind starts again behind the header; -1 with a message.
 */
bool rt_table_can_rewind(const struct rt_table *table);
int rt_table_rewind(struct rt_table *table);

/* A cell with quotes: takes them off, undoubles into the block's own memory. */
struct rt_text rt_cell_quoted(const struct rt_rows *rows, size_t row, size_t column);

/* As rt_table_raw, of a row of a block. */
struct rt_text rt_row_raw(const struct rt_rows *rows, size_t row, bool *plain);

/* Whether all cells of a block are written as they are: no quotes, no libcsv. */
static inline bool rt_rows_plain(const struct rt_rows *rows)
{
    return !rows->quoted && rows->cells == NULL;
}

/*
 * The ends of a row's cells, unless libcsv did the splitting: cell i reaches from ends[i - 1] + 1
 * to ends[i].
 */
static inline const uint32_t *rt_plain_ends(const struct rt_rows *rows, size_t row)
{
    return rows->ends + rows->last[row] - (rows->width - 1);
}

static inline struct rt_text rt_plain_cell(const struct rt_rows *rows, const uint32_t *ends,
                                           size_t column)
{
    const uint32_t *const end = ends + column;
    const uint32_t start = end[-1] + 1;
    struct rt_text cell = {rows->base + start, *end - start};
    if (column == rows->width - 1 && cell.length > 0 && cell.at[cell.length - 1] == '\r')
        cell.length--;
    return cell;
}

/* The same in a block that has no CR. */
static inline struct rt_text rt_bare_cell(const struct rt_rows *rows, const uint32_t *ends,
                                          size_t column)
{
    const uint32_t *const end = ends + column;
    const uint32_t start = end[-1] + 1;
    return (struct rt_text){rows->base + start, *end - start};
}

/*
 * The cell of a row of a block; lives until the block is read into again. Eight bytes can be read
 * at the start of each cell, however short it is.
 */
static inline struct rt_text rt_cell(const struct rt_rows *rows, size_t row, size_t column)
{
    return rt_rows_plain(rows) ? rt_plain_cell(rows, rt_plain_ends(rows, row), column)
                               : rt_cell_quoted(rows, row, column);
}

/* For commands: the same that die with the table's message, or that of the row at hand. */
struct rt_table *rt_table_open_or_die(const struct rt_table_args *args, char **files, int count);
size_t rt_table_need_or_die(struct rt_table *table, const char *name);
int rt_table_look_or_die(struct rt_table *table, const char *name);
bool rt_table_next_or_die(struct rt_table *table);
_Noreturn void rt_table_die(struct rt_table *table, int column, const char *reason);

#endif
