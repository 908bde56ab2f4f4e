/* For F_SETPIPE_SZ, where there is one. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libretain/table_parts.h"
#include "libretain/utf8.h"

/* What is read in words may reach that far behind a cell. */
enum { SLACK = 8 };

enum { PIPE_BYTES = 1 << 20, OFF_ROWS = 64, BUFFER_MOST = RT_RECORD_BYTES + 2 };

static uint64_t count_lines(const char *bytes, size_t length)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    return lines;
}

uint64_t rt_block_line(const struct rt_block *block, size_t position)
{
    const size_t counted = block->counted;
    return position >= counted
               ? block->line + count_lines(block->bytes + counted, position - counted)
               : block->line - count_lines(block->bytes + position, counted - position);
}

void rt_block_know_line(struct rt_block *block, size_t position, uint64_t line)
{
    block->counted = position;
    block->line = line;
}

/* Blocks ------------------------------------------------------------------------------------- */

struct rt_rows *rt_rows_new(void)
{
    struct rt_rows *rows = rt_alloc_zero(1, sizeof *rows);
    rows->block = rt_alloc_zero(1, sizeof *rows->block);
    return rows;
}

static void free_pieces(struct rt_block *block)
{
    while (block->pieces != NULL) {
        struct piece *next = block->pieces->next;
        free(block->pieces);
        block->pieces = next;
    }
}

/* Most blocks need no piece, and most others the same one again. */
void rt_block_empty_pieces(struct rt_block *block)
{
    if (block->pieces != NULL && block->pieces->next != NULL)
        free_pieces(block);
    if (block->pieces != NULL)
        block->pieces->used = 0;
}

void rt_rows_free(struct rt_rows *rows)
{
    if (rows == NULL)
        return;
    struct rt_block *block = rows->block;
    free_pieces(block);
    free(block->bytes);
    free(block->ends_memory);
    free(block->last);
    free(block->cells);
    free(block->records);
    free(block);
    free(rows);
}

/* `length` bytes that stay where they are until the block is read into again. */
static char *take_bytes(struct rt_block *block, size_t length)
{
    struct piece *piece = block->pieces;
    if (piece == NULL || piece->size - piece->used < length) {
        const size_t size = length > block->size ? length : block->size;
        piece = rt_alloc(sizeof *piece + size + SLACK, 1);
        *piece = (struct piece){.next = block->pieces, .size = size};
        block->pieces = piece;
    }
    char *bytes = piece->bytes + piece->used;
    piece->used += length;
    return bytes;
}

/* Room for `more` bytes behind those in use. */
static void make_room(struct rt_block *block, size_t more)
{
    const size_t size = rt_grown(block->size, block->used + more + SLACK);
    if (size > 0) {
        block->bytes = rt_realloc(block->bytes, size, 1);
        block->size = size;
    }
}

static void make_index_room(struct rt_block *block)
{
    const size_t need = block->used + RT_SCAN_SLACK + 1;
    if (need <= block->index_size)
        return;
    block->ends_memory = rt_realloc(block->ends_memory, need, sizeof *block->ends_memory);
    block->scan.ends = block->ends_memory + 1;
    block->last = rt_realloc(block->last, need, sizeof *block->last);
    block->index_size = need;
}

/* Files --------------------------------------------------------------------------------------- */

bool rt_table_is_stdin(const struct rt_table *table, int file)
{
    return strcmp(table->files[file], "-") == 0;
}

const char *rt_table_file_name(const struct rt_table *table, int file)
{
    return rt_table_is_stdin(table, file) ? "stdin" : table->files[file];
}

int rt_table_open_file(struct rt_table *table)
{
    table->at_end = false;
    if (rt_table_is_stdin(table, table->file)) {
        table->descriptor = STDIN_FILENO;
    } else {
        table->descriptor = open(table->files[table->file], O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (table->descriptor < 0)
            return rt_table_fail(table, rt_table_file_name(table, table->file), 0, "%s",
                                 strerror(errno));
    }
#ifdef F_SETPIPE_SZ
    /* Fewer and larger reads from a pipe; refused for what is no pipe. */
    (void)fcntl(table->descriptor, F_SETPIPE_SZ, PIPE_BYTES);
#endif
    return 0;
}

void rt_table_close_file(struct rt_table *table)
{
    if (table->descriptor > STDIN_FILENO)
        close(table->descriptor);
    table->descriptor = -1;
}

/* Reads up to `want` bytes behind those in use; fewer only at the end of the file. */
static int fill(struct rt_table *table, struct rt_block *block, size_t want)
{
    make_room(block, want);
    while (want > 0 && !table->at_end) {
        const ssize_t got = read(table->descriptor, block->bytes + block->used, want);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return rt_table_fail(table, rt_table_file_name(table, table->file), 0, "%s",
                                 strerror(errno));
        table->at_end = got == 0;
        block->used += (size_t)got;
        want -= (size_t)got;
        table->bytes += (uint64_t)got;
    }
    rt_progress_show(&table->progress, table->bytes);
    return 0;
}

/*
 * The bytes that are left in the block read last go to the front of `block`, and more behind
 * them: one block of the usual size, or as many again as a record too long for that has so far.
 */
int rt_table_refill(struct rt_table *table, struct rt_block *block)
{
    struct rt_block *from = table->unread;
    if (from == NULL) {
        block->used = block->position = 0;
        rt_block_know_line(block, 0, 1);
    } else {
        const size_t left = from->used - from->position;
        const uint64_t line = rt_block_line(from, from->position);
        if (from != block) {
            block->used = 0;
            make_room(block, left);
        }
        if (left > 0)
            memmove(block->bytes, from->bytes + from->position, left);
        block->used = left;
        block->position = 0;
        rt_block_know_line(block, 0, line);
    }
    block->file = rt_table_file_name(table, table->file);
    block->scanned = false;
    table->unread = block;
    const size_t usual = (size_t)table->args.block;
    size_t want = block->used > usual ? block->used : usual;
    /* What comes from another block is not known to be too little: blocks would grow without end.
     */
    if (from != NULL && from != block)
        want = usual > block->used ? usual - block->used : 0;
    if (want > BUFFER_MOST - block->used)
        want = BUFFER_MOST - block->used;
    return fill(table, block, want);
}

/* Records through libcsv ----------------------------------------------------------------------- */

/* The bytes of the empty line at the position, LF or CRLF; 0 where there is none. */
static size_t empty_line(const struct rt_block *block)
{
    const char *at = block->bytes + block->position;
    const size_t left = block->used - block->position;
    if (left >= 1 && at[0] == '\n')
        return 1;
    return left >= 2 && at[0] == '\r' && at[1] == '\n' ? 2 : 0;
}

/*
 * In a table of one column an empty line is a record, which libcsv would not report; in any other
 * it is nothing. Skips those, and tells whether the position is at such a record.
 */
static bool take_empty_lines(const struct rt_table *table, struct rt_block *block,
                             struct rt_record *record)
{
    static const struct rt_text nothing = {"", 0};
    while (table->width != 1 && empty_line(block) > 0)
        block->position += empty_line(block);
    if (empty_line(block) == 0)
        return false;
    *record = (struct rt_record){.cells = &nothing,
                                 .count = 1,
                                 .next = block->position + empty_line(block),
                                 .can_go_on = true};
    return true;
}

/* Notes what is wrong with the record at the block's position. */
static int fail_record(struct rt_table *table, struct rt_block *block,
                       const struct rt_record *record, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static int fail_record(struct rt_table *table, struct rt_block *block,
                       const struct rt_record *record, const char *format, ...)
{
    char reason[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    rt_block_know_line(block, block->position, rt_block_line(block, block->position));
    rt_table_fail(table, block->file, block->line, "%s", reason);
    table->fault.record = (struct rt_text){block->bytes + block->position, record->length};
    table->can_go_on = record->can_go_on;
    table->skip_to = record->next;
    return -1;
}

/*
 * One record through libcsv, from the block's position, which stays. 1, 0 where the end of the
 * file, or where !may_refill that of the block, was reached without one, or -1.
 */
int rt_table_split_record(struct rt_table *table, struct rt_block *block, bool may_refill,
                          struct rt_record *record)
{
    for (;;) {
        if (take_empty_lines(table, block, record))
            return 1;
        const bool cut_return = block->used - block->position == 1 && !table->at_end;
        if (block->position < block->used && !cut_return) {
            const enum rt_record_outcome outcome = rt_record_split(
                table->splitter, block->bytes, block->position, block->used, table->at_end, record);
            if (outcome == RT_RECORD_BAD)
                return fail_record(table, block, record, "%s", record->reason);
            if (outcome == RT_RECORD_WHOLE)
                return 1;
        } else if (table->at_end) {
            return 0;
        }
        if (block->position == 0 && block->used == BUFFER_MOST)
            return fail_record(table, block, &(struct rt_record){0}, "a record longer than 16 MiB");
        if (!may_refill)
            return 0;
        if (rt_table_refill(table, block) != 0)
            return -1;
    }
}

/* Copies the splitter's cells into the block, as row number `row` of those handed out. */
static void keep_cells(struct rt_table *table, struct rt_block *block,
                       const struct rt_record *record, size_t row)
{
    size_t size = rt_grown(block->cells_size, (row + 1) * table->width);
    if (size > 0) {
        block->cells = rt_realloc(block->cells, size, sizeof *block->cells);
        block->cells_size = size;
    }
    size = rt_grown(block->records_size, row + 1);
    if (size > 0) {
        block->records = rt_realloc(block->records, size, sizeof *block->records);
        block->records_size = size;
    }
    size_t total = 0;
    for (size_t i = 0; i < record->count; i++)
        total += record->cells[i].length;
    char *bytes = take_bytes(block, total);
    struct rt_text *cells = block->cells + row * table->width;
    for (size_t i = 0; i < record->count; i++) {
        const size_t length = record->cells[i].length;
        if (length > 0)
            memcpy(bytes, record->cells[i].at, length);
        cells[i] = (struct rt_text){bytes, length};
        bytes += length;
    }
    block->records[row] = (struct rt_text){block->bytes + block->position, record->length};
}

/* The position has moved by itself: the index goes on behind it, where it knows more rows. */
void rt_block_catch_up(struct rt_block *block)
{
    const struct rt_scan *scan = &block->scan;
    if (!block->scanned)
        return;
    while (block->row < scan->row_count && scan->ends[block->last[block->row]] < block->position)
        block->row++;
    block->scanned = block->row < scan->row_count;
}

/* Up to `most` rows through libcsv. As rt_table_read. */
static int read_split(struct rt_table *table, struct rt_rows *rows, size_t most)
{
    struct rt_block *block = rows->block;
    rows->count = 0;
    while (rows->count < most) {
        /* The bytes of rows already taken must not move. */
        struct rt_record record;
        const int found = rt_table_split_record(table, block, rows->count == 0, &record);
        if (rows->count > 0 && found <= 0) {
            table->failed = false; /* what is wrong is found again when its turn comes */
            break;
        }
        if (found <= 0)
            return found;
        if (record.count != table->width) {
            if (rows->count > 0)
                break;
            return fail_record(table, block, &record, "%zu field%s where the header has %zu",
                               record.count, record.count == 1 ? "" : "s", table->width);
        }
        keep_cells(table, block, &record, rows->count);
        rows->count++;
        block->position = record.next;
    }
    rows->cells = block->cells;
    rows->quoted = true;
    rows->width = table->width;
    rt_block_catch_up(block);
    return 1;
}

/* Records through the scanner -------------------------------------------------------------------
 */

/*
 * Where each record ends in the index. Nearly all tables have as many fields in each record as in
 * the header: then each line feed is where it is expected, and there is no other.
 */
static void find_records(struct rt_block *block, size_t width)
{
    const struct rt_scan *scan = &block->scan;
    const size_t rows = scan->row_count;
    block->regular = rows * width <= scan->end_count;
    uint32_t last = (uint32_t)width - 1;
    for (size_t row = 0; row < rows && block->regular; row++, last += (uint32_t)width) {
        block->last[row] = last;
        block->regular = block->bytes[scan->ends[last]] == '\n';
    }
    if (block->regular)
        return;
    size_t row = 0;
    for (size_t i = 0; row < rows; i++) {
        block->last[row] = (uint32_t)i;
        row += block->bytes[scan->ends[i]] == '\n';
    }
}

static void scan_block(const struct rt_table *table, struct rt_block *block)
{
    make_index_room(block);
    rt_block_know_line(block, block->position, rt_block_line(block, block->position));
    block->scan_line = block->line;
    block->scan.ends[-1] = (uint32_t)block->position - 1;
    rt_scan((enum rt_scan_kind)table->args.scanner, block->bytes, block->position, block->used,
            table->args.delimiter, &block->scan);
    find_records(block, table->width);
    block->row = 0;
    block->scanned = true;
}

static bool has_long_field(const struct rt_block *block, size_t first, size_t last)
{
    for (size_t i = first; i <= last; i++)
        if (block->scan.ends[i] - (block->scan.ends[(ptrdiff_t)i - 1] + 1u) > RT_FIELD_BYTES)
            return true;
    return false;
}

static bool is_empty_line(const struct rt_block *block, uint32_t field)
{
    const uint32_t start = block->scan.ends[(ptrdiff_t)field - 1] + 1u;
    const uint32_t length = block->scan.ends[field] - start;
    return length == 0 || (length == 1 && block->bytes[start] == '\r');
}

/*
 * Cuts the `*kept` rows of the index from `first` on before the first byte that is not UTF-8, and
 * has the index go on at the row with that byte. Returns the new end of the rows.
 */
static size_t cut_at_bad_utf8(struct rt_block *block, size_t first, size_t *kept, size_t end)
{
    const struct rt_scan *scan = &block->scan;
    const size_t start = block->position;
    const size_t good = start + rt_utf8_check(block->bytes + start, end - start);
    if (good == end)
        return end;
    const bool dropped = *kept < block->row;
    while (*kept > first && scan->ends[block->last[*kept - 1]] >= good)
        --*kept;
    block->row = *kept;
    if (dropped)
        block->scanned = false; /* empty lines have gone from the index: make it anew */
    return *kept > first ? scan->ends[block->last[*kept - 1]] + 1u : start;
}

/*
 * The rows of the index from block->row on that are as they should be: moved together where empty
 * lines lie between, and handed out. Where it stops before the end of the index, the record at
 * the position is for libcsv.
 */
static bool take_rows(struct rt_table *table, struct rt_rows *rows)
{
    struct rt_block *block = rows->block;
    const struct rt_scan *scan = &block->scan;
    const bool may_be_long = block->used > RT_FIELD_BYTES;
    const size_t first = block->row;
    size_t kept = first, row = first;
    bool stopped = false;
    if (block->regular && !may_be_long)
        kept = row =
            scan->row_count - first < table->run_most ? scan->row_count : first + table->run_most;
    uint32_t next = row == 0 ? 0 : block->last[row - 1] + 1;
    for (; row < scan->row_count && kept - first < table->run_most; row++) {
        const uint32_t last = block->last[row];
        const bool wide = (size_t)last - next + 1 == table->width;
        stopped = wide ? may_be_long && has_long_field(block, next, last)
                       : last != next || !is_empty_line(block, next);
        if (stopped)
            break;
        if (wide)
            block->last[kept++] = last;
        next = last + 1;
    }
    block->row = row;
    size_t end = scan->ends[(ptrdiff_t)next - 1] + 1u;
    if (scan->high && kept > first) {
        const size_t whole = cut_at_bad_utf8(block, first, &kept, end);
        stopped |= whole < end;
        end = whole;
    }
    block->position = end;
    table->split_next = stopped;
    /* Outside quotes each row of the index ends one line: no need to count them. */
    if (!stopped && !scan->quoted && row == scan->row_count && row > first)
        rt_block_know_line(block, end, block->scan_line + scan->row_count);
    if (table->run_most < SIZE_MAX / 2)
        table->run_most *= 2;
    rows->count = kept - first;
    rows->width = table->width;
    rows->base = block->bytes;
    rows->ends = scan->ends;
    rows->last = block->last + first;
    rows->quoted = scan->quoted;
    rows->returns = scan->returns;
    rows->cells = NULL;
    return rows->count > 0;
}

/* Reading -------------------------------------------------------------------------------------- */

/* 1, 0 where this file has no more, or -1. */
int rt_table_read_file(struct rt_table *table, struct rt_rows *rows)
{
    struct rt_block *block = rows->block;
    const bool off = table->args.scanner == RT_SCAN_OFF;
    if (table->unread != block && rt_table_refill(table, block) != 0)
        return -1;
    for (;;) {
        if (off || table->split_next) {
            const int found = read_split(table, rows, off ? OFF_ROWS : 1);
            table->split_next = false;
            return found;
        }
        if (!block->scanned)
            scan_block(table, block);
        if (take_rows(table, rows))
            return 1;
        if (table->split_next)
            continue;
        /* The index is used up: what is left is cut off, or nothing that the scanner knows. */
        const size_t left = block->used - block->position;
        if (left == 0 && table->at_end)
            return 0;
        if (block->scan.stopped < block->used || table->at_end || left > RT_FIELD_BYTES)
            table->split_next = true;
        else if (rt_table_refill(table, block) != 0)
            return -1;
    }
}

/* The bytes of a row as they came, without its line end. */
struct rt_text rt_rows_record(const struct rt_rows *rows, size_t row)
{
    if (rows->cells != NULL)
        return rows->block->records[row];
    const uint32_t last = rows->last[row];
    const uint32_t start = rows->ends[(ptrdiff_t)last - (ptrdiff_t)rows->width] + 1u;
    struct rt_text bytes = {rows->base + start, rows->ends[last] - start};
    if (bytes.length > 0 && bytes.at[bytes.length - 1] == '\r')
        bytes.length--;
    return bytes;
}

struct rt_text rt_cell_quoted(const struct rt_rows *rows, size_t row, size_t column)
{
    if (rows->cells != NULL)
        return rows->cells[row * rows->width + column];
    const uint32_t *end = rows->ends + rows->last[row] - (rows->width - 1) + column;
    const uint32_t start = end[-1] + 1u;
    struct rt_text cell = {rows->base + start, *end - start};
    if (column == rows->width - 1 && cell.length > 0 && cell.at[cell.length - 1] == '\r')
        cell.length--;
    if (cell.length == 0 || cell.at[0] != '"')
        return cell;
    cell = (struct rt_text){cell.at + 1, cell.length - 2};
    const char *quote = memchr(cell.at, '"', cell.length);
    if (quote == NULL)
        return cell;
    char *bytes = take_bytes(rows->block, cell.length);
    size_t length = 0;
    for (size_t i = 0; i < cell.length; i++) {
        bytes[length++] = cell.at[i];
        i += cell.at[i] == '"'; /* the second of two */
    }
    return (struct rt_text){bytes, length};
}
