/* For F_SETPIPE_SZ, where there is one. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "libretain/table.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libretain/err.h"
#include "libretain/scan.h"
#include "libretain/table_record.h"
#include "libretain/utf8.h"

enum {
    MESSAGE_BYTES = 4000,
    PIPE_BYTES = 1 << 20,
    OFF_ROWS = 64,
    BUFFER_MOST = RT_RECORD_BYTES + 2
};

const struct rt_opt rt_table_options[] = {
    {RT_OPT(struct rt_table_args, delimiter), .letter = 'd', .name = "delimiter", .value = "CHAR",
     .help = "the character between fields", .standard = ","},
    {RT_OPT(struct rt_table_args, map), .name = "map", .value = "NAME=COLUMN,...",
     .help = "read the file's COLUMN as NAME"},
    {RT_OPT(struct rt_table_args, progress), .name = "progress",
     .help = "draw a progress line on the terminal from the start"},
    {RT_OPT(struct rt_table_args, block), .name = "block", .value = "BYTES",
     .help = "how much is read at a time, for tests", .standard = "262144", .least = 1,
     .most = RT_RECORD_BYTES, .hidden = true},
    {RT_OPT(struct rt_table_args, scanner), .name = "scanner", .value = "auto|portable|off",
     .help = "how CSV is split; the rows are the same", .standard = "auto"},
    RT_OPT_LAST,
};

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
    bool scanned;          /* the index covers the bytes from the position on */
    size_t row;            /* the next row of the index */
    struct piece *pieces;
    struct rt_text *cells, *records; /* of rows that libcsv split */
    size_t cells_size, records_size;
};

struct column {
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
    struct column *columns;
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
    char reason[MESSAGE_BYTES], message[MESSAGE_BYTES + 512];
    struct rt_progress progress;
};

/* Faults ------------------------------------------------------------------------------------- */

static void make_message(struct rt_table *table)
{
    const struct rt_fault *fault = &table->fault;
    char line[32] = "";
    if (fault->line > 0)
        snprintf(line, sizeof line, ":%llu", (unsigned long long)fault->line);
    snprintf(table->message, sizeof table->message, "%s%s: %s%s%s", fault->file, line,
             fault->column != NULL ? fault->column : "", fault->column != NULL ? ": " : "",
             fault->reason);
}

/* Notes a fault. line 0: of the file as a whole. Always -1. */
static int fail(struct rt_table *table, const char *file, uint64_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static int fail(struct rt_table *table, const char *file, uint64_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(table->reason, sizeof table->reason, format, arguments);
    va_end(arguments);
    table->fault = (struct rt_fault){.line = line, .file = file, .reason = table->reason};
    table->failed = true;
    table->can_go_on = false;
    make_message(table);
    return -1;
}

static uint64_t count_lines(const char *bytes, size_t length)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    return lines;
}

static uint64_t line_at(const struct rt_block *block, size_t position)
{
    const size_t counted = block->counted;
    return position >= counted
               ? block->line + count_lines(block->bytes + counted, position - counted)
               : block->line - count_lines(block->bytes + position, counted - position);
}

static void know_line(struct rt_block *block, size_t position, uint64_t line)
{
    block->counted = position;
    block->line = line;
}

const char *rt_table_message(const struct rt_table *table)
{
    return table->failed ? table->message : NULL;
}

const struct rt_fault *rt_table_fault(const struct rt_table *table)
{
    return table->failed ? &table->fault : NULL;
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
static void empty_pieces(struct rt_block *block)
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
    free(block->scan.last);
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
        const size_t size = length > RT_BLOCK_BYTES ? length : RT_BLOCK_BYTES;
        piece = rt_alloc(sizeof *piece + size, 1);
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
    const size_t size = rt_grown(block->size, block->used + more);
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
    block->scan.last = rt_realloc(block->scan.last, need, sizeof *block->scan.last);
    block->index_size = need;
}

/* Files --------------------------------------------------------------------------------------- */

static bool is_stdin(const struct rt_table *table, int file)
{
    return strcmp(table->files[file], "-") == 0;
}

static const char *file_name(const struct rt_table *table, int file)
{
    return is_stdin(table, file) ? "stdin" : table->files[file];
}

static int open_file(struct rt_table *table)
{
    table->at_end = false;
    if (is_stdin(table, table->file)) {
        table->descriptor = STDIN_FILENO;
    } else {
        table->descriptor = open(table->files[table->file], O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (table->descriptor < 0)
            return fail(table, file_name(table, table->file), 0, "%s", strerror(errno));
    }
#ifdef F_SETPIPE_SZ
    /* Fewer and larger reads from a pipe; refused for what is no pipe. */
    (void)fcntl(table->descriptor, F_SETPIPE_SZ, PIPE_BYTES);
#endif
    return 0;
}

static void close_file(struct rt_table *table)
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
            return fail(table, file_name(table, table->file), 0, "%s", strerror(errno));
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
static int refill(struct rt_table *table, struct rt_block *block)
{
    struct rt_block *from = table->unread;
    if (from == NULL) {
        block->used = block->position = 0;
        know_line(block, 0, 1);
    } else {
        const size_t left = from->used - from->position;
        const uint64_t line = line_at(from, from->position);
        if (from != block) {
            block->used = 0;
            make_room(block, left);
        }
        if (left > 0)
            memmove(block->bytes, from->bytes + from->position, left);
        block->used = left;
        block->position = 0;
        know_line(block, 0, line);
    }
    block->file = file_name(table, table->file);
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

/* Is there an empty line at the position? Skips it. In a table of one column it is a record. */
static bool skip_empty_line(const struct rt_table *table, struct rt_block *block)
{
    const char *at = block->bytes + block->position;
    const size_t left = block->used - block->position;
    size_t length = 0;
    if (left >= 1 && at[0] == '\n')
        length = 1;
    else if (left >= 2 && at[0] == '\r' && at[1] == '\n')
        length = 2;
    if (length == 0 || table->width == 1)
        return false;
    block->position += length;
    return true;
}

/* An empty line in a table of one column, which libcsv would not report. */
static bool is_empty_record(const struct rt_table *table, const struct rt_block *block,
                            struct rt_record *record)
{
    static struct rt_text nothing = {"", 0};
    const char *at = block->bytes + block->position;
    const size_t left = block->used - block->position;
    const size_t length = left >= 1 && at[0] == '\n'                    ? 1
                          : left >= 2 && at[0] == '\r' && at[1] == '\n' ? 2
                                                                        : 0;
    if (table->width != 1 || length == 0)
        return false;
    *record = (struct rt_record){
        .cells = &nothing, .count = 1, .next = block->position + length, .can_go_on = true};
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
    know_line(block, block->position, line_at(block, block->position));
    fail(table, block->file, block->line, "%s", reason);
    table->fault.record = (struct rt_text){block->bytes + block->position, record->length};
    table->can_go_on = record->can_go_on;
    table->skip_to = record->next;
    return -1;
}

/*
 * One record through libcsv, from the block's position, which stays. 1, 0 where the end of the
 * file, or where !may_refill that of the block, was reached without one, or -1.
 */
static int split_record(struct rt_table *table, struct rt_block *block, bool may_refill,
                        struct rt_record *record)
{
    for (;;) {
        while (skip_empty_line(table, block))
            continue;
        if (is_empty_record(table, block, record))
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
        if (refill(table, block) != 0)
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
static void catch_up(struct rt_block *block)
{
    const struct rt_scan *scan = &block->scan;
    if (!block->scanned)
        return;
    while (block->row < scan->row_count && scan->ends[scan->last[block->row]] < block->position)
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
        const int found = split_record(table, block, rows->count == 0, &record);
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
    catch_up(block);
    return 1;
}

/* Records through the scanner -------------------------------------------------------------------
 */

static void scan_block(const struct rt_table *table, struct rt_block *block)
{
    make_index_room(block);
    know_line(block, block->position, line_at(block, block->position));
    block->scan_line = block->line;
    block->scan.ends[-1] = (uint32_t)block->position - 1;
    rt_scan((enum rt_scan_kind)table->args.scanner, block->bytes, block->position, block->used,
            table->args.delimiter, &block->scan);
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
    struct rt_scan *scan = &block->scan;
    const size_t start = block->position;
    const size_t good = start + rt_utf8_check(block->bytes + start, end - start);
    if (good == end)
        return end;
    const bool dropped = *kept < block->row;
    while (*kept > first && scan->ends[scan->last[*kept - 1]] >= good)
        --*kept;
    block->row = *kept;
    if (dropped)
        block->scanned = false; /* empty lines have gone from the index: make it anew */
    return *kept > first ? scan->ends[scan->last[*kept - 1]] + 1u : start;
}

/*
 * The rows of the index from block->row on that are as they should be: moved together where empty
 * lines lie between, and handed out. Where it stops before the end of the index, the record at
 * the position is for libcsv.
 */
static bool take_rows(struct rt_table *table, struct rt_rows *rows)
{
    struct rt_block *block = rows->block;
    struct rt_scan *scan = &block->scan;
    const bool may_be_long = block->used > RT_FIELD_BYTES;
    const size_t first = block->row;
    size_t kept = first, row = first;
    uint32_t next = row == 0 ? 0 : scan->last[row - 1] + 1;
    bool stopped = false;
    for (; row < scan->row_count && kept - first < table->run_most; row++) {
        const uint32_t last = scan->last[row];
        const bool wide = (size_t)last - next + 1 == table->width;
        stopped = wide ? may_be_long && has_long_field(block, next, last)
                       : last != next || !is_empty_line(block, next);
        if (stopped)
            break;
        if (wide)
            scan->last[kept++] = last;
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
    if (table->run_most < SIZE_MAX / 2)
        table->run_most *= 2;
    rows->count = kept - first;
    rows->width = table->width;
    rows->base = block->bytes;
    rows->ends = scan->ends;
    rows->last = scan->last + first;
    rows->quoted = scan->quoted;
    rows->cells = NULL;
    return rows->count > 0;
}

/* The header ----------------------------------------------------------------------------------- */

/* A header of one column is often one that was separated by something else. */
static void hint_at_delimiter(const struct rt_table *table, char *hint, size_t size)
{
    hint[0] = '\0';
    if (table->width != 1)
        return;
    static const char others[] = ";\t|,:";
    for (const char *c = others; *c != '\0'; c++)
        if (*c != table->args.delimiter && strchr(table->columns[0].name, *c) != NULL) {
            snprintf(hint, size, "; the header has one column: is the delimiter %s? (-d '%s')",
                     *c == '\t' ? "a tab" : (char[]){'\'', *c, '\'', '\0'},
                     *c == '\t' ? "\\t" : (char[]){*c, '\0'});
            return;
        }
}

/* The number of changes of a letter that make one name of the other, case aside; Levenshtein. */
static size_t name_distance(const char *a, const char *b)
{
    enum { NAME_BYTES = 64 };
    const size_t length = strlen(b);
    if (strlen(a) > NAME_BYTES || length > NAME_BYTES)
        return SIZE_MAX;
    size_t row[NAME_BYTES + 1];
    for (size_t k = 0; k <= length; k++)
        row[k] = k;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < length; k++) {
            const bool same = tolower((unsigned char)a[i]) == tolower((unsigned char)b[k]);
            const size_t change = diagonal + (same ? 0 : 1);
            diagonal = row[k + 1];
            size_t best = change < diagonal + 1 ? change : diagonal + 1;
            if (row[k] + 1 < best)
                best = row[k] + 1;
            row[k + 1] = best;
        }
    }
    return row[length];
}

/* The column that the user may have meant: one that holds the name, or differs by little. */
static const char *nearest_name(const struct rt_table *table, const char *name)
{
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < table->width; i++) {
        const char *candidate = table->columns[i].called;
        size_t distance = name_distance(candidate, name);
        const bool part = candidate[0] != '\0' && name[0] != '\0' &&
                          (strstr(candidate, name) != NULL || strstr(name, candidate) != NULL);
        if (part && distance > 2)
            distance = 2;
        if (distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    return least <= strlen(name) / 2 ? nearest : NULL;
}

static void list_columns(const struct rt_table *table, char *list, size_t size)
{
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < table->width && used < size; i++) {
        const int length =
            snprintf(list + used, size - used, "%s%s", i > 0 ? ", " : "", table->columns[i].called);
        used += length > 0 ? (size_t)length : 0;
    }
    if (used >= size)
        memcpy(list + size - 4, "...", 4);
}

static int fail_no_column(struct rt_table *table, const char *name)
{
    char list[1500], hint[200];
    list_columns(table, list, sizeof list);
    hint_at_delimiter(table, hint, sizeof hint);
    const char *near = hint[0] == '\0' ? nearest_name(table, name) : NULL;
    return fail(table, table->header_file, 1, "no column '%s'; there are: %s%s%s%s%s", name, list,
                near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                near != NULL ? "'? (--map renames)" : "", hint);
}

static void free_columns(struct rt_table *table)
{
    for (size_t i = 0; i < table->width; i++) {
        if (table->columns[i].called != table->columns[i].name)
            free(table->columns[i].called);
        free(table->columns[i].name);
    }
    free(table->columns);
    table->columns = NULL;
    table->width = 0;
}

static int map_columns(struct rt_table *table)
{
    const struct rt_pairs *map = &table->args.map;
    /* All are looked for before any is renamed: a message lists the names that the file has. */
    for (size_t k = 0; k < map->count; k++) {
        size_t found = 0;
        for (size_t i = 0; i < table->width; i++)
            found += strcmp(table->columns[i].name, map->right[k]) == 0;
        if (found == 0)
            return fail_no_column(table, map->right[k]);
        if (found > 1)
            return fail(table, table->header_file, 1, "column '%s' is there %zu times",
                        map->right[k], found);
    }
    for (size_t k = 0; k < map->count; k++)
        for (size_t i = 0; i < table->width; i++) {
            struct column *column = &table->columns[i];
            if (strcmp(column->name, map->right[k]) != 0)
                continue;
            if (column->mapped)
                return fail(table, table->header_file, 1, "column '%s' is mapped twice",
                            column->name);
            column->called = rt_strdup(map->left[k]);
            column->mapped = true;
        }
    return 0;
}

static int take_header(struct rt_table *table, const struct rt_record *record)
{
    table->columns = rt_alloc_zero(record->count, sizeof *table->columns);
    table->width = record->count;
    for (size_t i = 0; i < record->count; i++) {
        struct column *column = &table->columns[i];
        column->name = rt_strndup(record->cells[i].at, record->cells[i].length);
        column->called = column->name;
    }
    table->header_file = file_name(table, table->file);
    return map_columns(table);
}

static int compare_header(struct rt_table *table, uint64_t line, const struct rt_record *record)
{
    bool same = record->count == table->width;
    for (size_t i = 0; same && i < table->width; i++)
        same = rt_text_is(record->cells[i], table->columns[i].name);
    if (same)
        return 0;
    return fail(table, file_name(table, table->file), line,
                "the header is not the same as that of %s", table->header_file);
}

/* Opens the file whose turn it is and reads its header. */
static int start_file(struct rt_table *table, struct rt_block *block)
{
    table->unread = NULL;
    if (open_file(table) != 0 || refill(table, block) != 0)
        return -1;
    const char *file = file_name(table, table->file);
    if (block->used == 0)
        return fail(table, file, 1, "0 bytes: not even a header");
    if (block->used >= 3 && memcmp(block->bytes, "\xef\xbb\xbf", 3) == 0)
        block->position = 3;
    struct rt_record record;
    const int found = split_record(table, block, true, &record);
    if (found < 0) {
        table->can_go_on = false;
        return -1;
    }
    if (found == 0)
        return fail(table, file, 1, "no header");
    const uint64_t line = line_at(block, block->position);
    block->position = record.next;
    table->opened = true;
    return table->columns == NULL ? take_header(table, &record)
                                  : compare_header(table, line, &record);
}

/* Reading -------------------------------------------------------------------------------------- */

/* 1, 0 where this file has no more, or -1. */
static int read_file(struct rt_table *table, struct rt_rows *rows)
{
    struct rt_block *block = rows->block;
    const bool off = table->args.scanner == RT_SCAN_OFF;
    if (table->unread != block && refill(table, block) != 0)
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
        if (!block->scan.quoted)
            know_line(block, block->position, block->scan_line + block->scan.row_count);
        const size_t left = block->used - block->position;
        if (left == 0 && table->at_end)
            return 0;
        if (block->scan.stopped < block->used || table->at_end || left > RT_FIELD_BYTES)
            table->split_next = true;
        else if (refill(table, block) != 0)
            return -1;
    }
}

int rt_table_read(struct rt_table *table, struct rt_rows *rows)
{
    if (table->failed)
        return -1;
    empty_pieces(rows->block);
    for (;;) {
        if (!table->opened && table->file == table->file_count)
            return 0;
        if (!table->opened && start_file(table, rows->block) != 0)
            return -1;
        const int found = read_file(table, rows);
        if (found != 0)
            return found;
        close_file(table);
        table->opened = false;
        table->file++;
    }
}

int rt_table_next(struct rt_table *table)
{
    if (table->failed)
        return -1;
    if (++table->row < table->rows->count)
        return 1;
    table->row = 0;
    table->rows->count = 0;
    return rt_table_read(table, table->rows);
}

struct rt_text rt_table_cell(const struct rt_table *table, size_t column)
{
    return rt_cell(table->rows, table->row, column);
}

/* The bytes of a row as they came, without its line end. */
static struct rt_text row_bytes(const struct rt_rows *rows, size_t row)
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

struct rt_text rt_table_raw(const struct rt_table *table, bool *plain)
{
    const struct rt_text bytes = row_bytes(table->rows, table->row);
    *plain =
        !table->rows->quoted || (bytes.length > 0 && memchr(bytes.at, '"', bytes.length) == NULL);
    return bytes;
}

uint64_t rt_table_line(const struct rt_table *table)
{
    const struct rt_block *block = table->rows->block;
    return line_at(block, (size_t)(row_bytes(table->rows, table->row).at - block->bytes));
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

int rt_table_refuse_row(struct rt_table *table, const struct rt_rows *rows, size_t row, int column,
                        const char *reason)
{
    const struct rt_text record = row_bytes(rows, row);
    struct rt_block *block = rows->block;
    const size_t position = (size_t)(record.at - block->bytes);
    /* The next bad row counts from here on: a block may be full of them. */
    know_line(block, position, line_at(block, position));
    fail(table, block->file, block->line, "%s", reason);
    table->fault.record = record;
    table->fault.column = column < 0 ? NULL : table->columns[column].called;
    table->can_go_on = true;
    table->skip_to = SIZE_MAX;
    make_message(table);
    return -1;
}

int rt_table_refuse(struct rt_table *table, int column, const char *reason)
{
    return rt_table_refuse_row(table, table->rows, table->row, column, reason);
}

int rt_table_resume(struct rt_table *table)
{
    if (!table->failed || !table->can_go_on)
        return -1;
    table->failed = false;
    if (table->skip_to != SIZE_MAX) {
        table->unread->position = table->skip_to;
        catch_up(table->unread);
        table->run_most = 64;
    }
    return 0;
}

/* Opening and closing -------------------------------------------------------------------------- */

static bool is_regular(const struct rt_table *table, int file)
{
    struct stat status;
    const int found =
        is_stdin(table, file) ? fstat(STDIN_FILENO, &status) : stat(table->files[file], &status);
    return found == 0 && S_ISREG(status.st_mode);
}

/* A file that cannot be read is named at the start, not after an hour's work on the others. */
static int check_files(struct rt_table *table)
{
    for (int i = 0; i < table->file_count; i++)
        if (!is_stdin(table, i) && access(table->files[i], R_OK) != 0)
            return fail(table, table->files[i], 0, "%s", strerror(errno));
    return 0;
}

struct rt_table *rt_table_open(const struct rt_table_args *args, char **files, int count)
{
    static char stdin_operand[] = "-";
    struct rt_table *table = rt_alloc_zero(1, sizeof *table);
    table->args = *args;
    table->file_count = count > 0 ? count : 1;
    table->files = rt_alloc((size_t)table->file_count, sizeof *table->files);
    for (int i = 0; i < table->file_count; i++)
        table->files[i] = count > 0 ? files[i] : stdin_operand;
    table->descriptor = -1;
    table->run_most = SIZE_MAX;
    table->stdin_start = lseek(STDIN_FILENO, 0, SEEK_CUR);
    table->rows = rt_rows_new();
    table->splitter = rt_record_splitter_new(args->delimiter);
    rt_progress_init(&table->progress, args->progress);
    if (strchr("+-.0123456789", args->delimiter) != NULL)
        (void)fail(table, "--delimiter", 0,
                   "a digit, a sign or a point is part of numbers and dates");
    else if (check_files(table) == 0)
        (void)start_file(table, table->rows->block);
    return table;
}

struct rt_table *rt_table_open_beside(const struct rt_table_args *args, const char *file)
{
    struct rt_table_args beside = *args;
    beside.map = (struct rt_pairs){0};
    char *files[] = {(char *)file}; /* operands come from main() without a const */
    return rt_table_open(&beside, files, 1);
}

void rt_table_close(struct rt_table *table)
{
    if (table == NULL)
        return;
    rt_progress_end(&table->progress);
    close_file(table);
    free_columns(table);
    rt_record_splitter_free(table->splitter);
    rt_rows_free(table->rows);
    free(table->files);
    free(table);
}

bool rt_table_can_rewind(const struct rt_table *table)
{
    for (int i = 0; i < table->file_count; i++)
        if (!is_regular(table, i) || (is_stdin(table, i) && table->stdin_start < 0))
            return false;
    return true;
}

int rt_table_rewind(struct rt_table *table)
{
    close_file(table);
    if (table->stdin_start >= 0 && lseek(STDIN_FILENO, table->stdin_start, SEEK_SET) < 0)
        return fail(table, "stdin", 0, "%s", strerror(errno));
    table->file = 0;
    table->opened = table->failed = table->split_next = false;
    table->bytes = 0;
    table->row = table->rows->count = 0;
    return start_file(table, table->rows->block);
}

/* Columns ----------------------------------------------------------------------------------------
 */

size_t rt_table_width(const struct rt_table *table)
{
    return table->width;
}

const char *rt_table_column_name(const struct rt_table *table, size_t column)
{
    return table->columns[column].called;
}

uint64_t rt_table_bytes(const struct rt_table *table)
{
    return table->bytes;
}

/* A name that --map gave wins over one that the file has. */
static int find_column(struct rt_table *table, const char *name)
{
    int found = -1;
    size_t times[2] = {0, 0}; /* among the file's names, and among those that --map gave */
    for (size_t i = 0; i < table->width; i++) {
        const struct column *column = &table->columns[i];
        if (strcmp(column->called, name) != 0)
            continue;
        if (column->mapped || times[1] == 0)
            found = (int)i;
        times[column->mapped]++;
    }
    if (times[1] > 1 || (times[1] == 0 && times[0] > 1)) {
        (void)fail(table, table->header_file, 1, "column '%s' is there %zu times", name,
                   times[1] > 1 ? times[1] : times[0]);
        return -2;
    }
    return found;
}

int rt_table_need(struct rt_table *table, const char *name)
{
    if (table->failed)
        return -1;
    const int found = find_column(table, name);
    if (found == -1)
        return fail_no_column(table, name);
    return found < 0 ? -1 : found;
}

int rt_table_look(struct rt_table *table, const char *name)
{
    return table->failed ? -2 : find_column(table, name);
}

/* For commands ------------------------------------------------------------------------------------
 */

static void die_of(struct rt_table *table)
{
    rt_progress_end(&table->progress);
    rt_die("%s", rt_table_message(table));
}

struct rt_table *rt_table_open_or_die(const struct rt_table_args *args, char **files, int count)
{
    struct rt_table *table = rt_table_open(args, files, count);
    if (rt_table_message(table) != NULL)
        die_of(table);
    return table;
}

size_t rt_table_need_or_die(struct rt_table *table, const char *name)
{
    const int column = rt_table_need(table, name);
    if (column < 0)
        die_of(table);
    return (size_t)column;
}

int rt_table_look_or_die(struct rt_table *table, const char *name)
{
    const int column = rt_table_look(table, name);
    if (column == -2)
        die_of(table);
    return column;
}

bool rt_table_next_or_die(struct rt_table *table)
{
    const int found = rt_table_next(table);
    if (found < 0)
        die_of(table);
    return found > 0;
}

void rt_table_die(struct rt_table *table, int column, const char *reason)
{
    (void)rt_table_refuse(table, column, reason);
    rt_progress_end(&table->progress);
    rt_die("%s", rt_table_message(table));
}
