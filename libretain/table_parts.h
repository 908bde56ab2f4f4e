/*
 * table_parts: what the files of table share; nobody else includes it.
 *
 * table.c is the interface, table_block.c makes rows of bytes, table_columns.c knows the header,
 * and table_record.c asks libcsv.
 */
#ifndef RT_TABLE_PARTS_H
#define RT_TABLE_PARTS_H

#include <sys/types.h>

#include "libretain/err.h"
#include "libretain/scan.h"
#include "libretain/table.h"
#include "libretain/table_record.h"

enum { RT_TABLE_MESSAGE_BYTES = 4000 };

/* Memory for cells whose quotes had to be undoubled; in pieces, as cells must not move. */
struct piece {
    struct piece *next;
    size_t used, size;
    char bytes[];
};

struct rt_block {
    char *bytes;
    size_t size, used;
    size_t position; /* the first byte that no row was made of yet */
    size_t counted;  /* a byte of which the physical line is known: */
    uint64_t line;   /* from 1 */
    const char *file;
    struct rt_scan scan; /* over the bytes from some record on */
    uint64_t scan_line;  /* the physical line on which they begin */
    size_t index_size;
    uint32_t *ends_memory; /* scan.ends - 1: one before the first */
    uint32_t *last;        /* each record's last field in the index */
    bool regular;          /* all records of the index are as wide as the header */
    bool scanned;          /* the index covers the bytes from the position on */
    size_t row;            /* the next row of the index */
    struct piece *pieces;
    struct rt_text *cells, *records; /* of rows that libcsv split */
    size_t cells_size, records_size;
};

struct rt_table_column {
    char *name;   /* in the file */
    char *called; /* after --map */
    bool mapped;
};

struct rt_table {
    struct rt_table_args args;
    char **files;
    int file_count, file; /* file: the one being read */
    int descriptor;
    bool at_end;       /* of the file being read */
    bool opened;       /* a file is being read, its header is known */
    off_t stdin_start; /* where stdin stood, if it can be read again; else -1 */
    uint64_t bytes;
    struct rt_record_splitter *splitter;
    struct rt_table_column *columns;
    size_t width;
    const char *header_file;
    struct rt_block *unread; /* the block that holds bytes which no row was made of yet */
    bool split_next;         /* libcsv is to decide on the record at unread->position */
    struct rt_rows *rows;    /* for row by row */
    size_t row;
    struct rt_fault fault;
    bool failed, can_go_on;
    size_t skip_to;  /* where reading goes on after a bad record */
    size_t run_most; /* rows to take at a time: few among many bad ones, or each costs a block */
    char reason[RT_TABLE_MESSAGE_BYTES], message[RT_TABLE_MESSAGE_BYTES + 512];
    struct rt_progress progress;
};

/* Notes a fault; line 0: of the file as a whole. Always -1. */
int rt_table_fail(struct rt_table *table, const char *file, uint64_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* table_block.c ------------------------------------------------------------------------------ */

/* The file at a place among the operands, as messages name it. */
bool rt_table_is_stdin(const struct rt_table *table, int file);
const char *rt_table_file_name(const struct rt_table *table, int file);

/* Opens the file whose turn it is; 0, or -1 with a message. Closes it, where one is open. */
int rt_table_open_file(struct rt_table *table);
void rt_table_close_file(struct rt_table *table);

/* The bytes that no row was made of yet go to the front of `block`, and more behind them. */
int rt_table_refill(struct rt_table *table, struct rt_block *block);

/* The physical line of a byte of a block. Only the thread that reads may ask. */
uint64_t rt_block_line(const struct rt_block *block, size_t position);

/* Remembers it, so that what comes behind is counted from there. */
void rt_block_know_line(struct rt_block *block, size_t position, uint64_t line);

/* The block's position was moved by hand: the scanner's index goes on behind it. */
void rt_block_catch_up(struct rt_block *block);

/* The block is about to be read into again: the cells made of its quoted fields are given up. */
void rt_block_empty_pieces(struct rt_block *block);

/*
 * One record through libcsv, from the block's position, which stays. 1, 0 where the end of the
 * file, or where !may_refill that of the block, was reached without one, or -1.
 */
int rt_table_split_record(struct rt_table *table, struct rt_block *block, bool may_refill,
                          struct rt_record *record);

/* Rows of the file at hand: 1, 0 where it has no more, or -1. */
int rt_table_read_file(struct rt_table *table, struct rt_rows *rows);

/* The bytes of a row as they came, without its line end. */
struct rt_text rt_rows_record(const struct rt_rows *rows, size_t row);

/* table_columns.c ---------------------------------------------------------------------------- */

/* Makes the first record the header; 0, or -1 where --map does not fit it. */
int rt_table_take_header(struct rt_table *table, const struct rt_record *record);
/* Is a further file's header the same? 0, or -1 with a message. */
int rt_table_compare_header(struct rt_table *table, uint64_t line, const struct rt_record *record);
void rt_table_free_columns(struct rt_table *table);

#endif
