#include "libretain/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libretain/table_parts.h"

const struct rt_opt rt_table_options[] = {
    {RT_OPT(struct rt_table_args, delimiter), .letter = 'd', .name = "delimiter", .value = "CHAR",
     .help = "the character between fields", .standard = ","},
    {RT_OPT(struct rt_table_args, map), .name = "map", .value = "NAME=COLUMN,...",
     .help = "read the file's COLUMN as NAME"},
    {RT_OPT(struct rt_table_args, progress), .name = "progress",
     .help = "draw a progress line on the terminal from the start"},
    {RT_OPT(struct rt_table_args, block), .name = "block", .value = "BYTES",
     .help = "how much is read at a time, for tests", .standard = "65536", .least = 1,
     .most = RT_RECORD_BYTES, .hidden = true},
    {RT_OPT(struct rt_table_args, scanner), .name = "scanner", .value = "auto|portable|off",
     .help = "how CSV is split; the rows are the same", .standard = "auto"},
    RT_OPT_LAST,
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
int rt_table_fail(struct rt_table *table, const char *file, uint64_t line, const char *format, ...)
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

const char *rt_table_message(const struct rt_table *table)
{
    return table->failed ? table->message : NULL;
}

const struct rt_fault *rt_table_fault(const struct rt_table *table)
{
    return table->failed ? &table->fault : NULL;
}

/* Opens the file whose turn it is and reads its header. */
static int start_file(struct rt_table *table, struct rt_block *block)
{
    table->unread = NULL;
    if (rt_table_open_file(table) != 0 || rt_table_refill(table, block) != 0)
        return -1;
    const char *file = rt_table_file_name(table, table->file);
    if (block->used == 0)
        return rt_table_fail(table, file, 1, "0 bytes: not even a header");
    if (block->used >= 3 && memcmp(block->bytes, "\xef\xbb\xbf", 3) == 0)
        block->position = 3;
    struct rt_record record;
    const int found = rt_table_split_record(table, block, true, &record);
    if (found < 0) {
        table->can_go_on = false;
        return -1;
    }
    if (found == 0)
        return rt_table_fail(table, file, 1, "no header");
    const uint64_t line = rt_block_line(block, block->position);
    block->position = record.next;
    table->opened = true;
    return table->columns == NULL ? rt_table_take_header(table, &record)
                                  : rt_table_compare_header(table, line, &record);
}

/* Reading -------------------------------------------------------------------------------------- */

int rt_table_read(struct rt_table *table, struct rt_rows *rows)
{
    if (table->failed)
        return -1;
    rt_block_empty_pieces(rows->block);
    for (;;) {
        if (!table->opened && table->file == table->file_count)
            return 0;
        if (!table->opened && start_file(table, rows->block) != 0)
            return -1;
        const int found = rt_table_read_file(table, rows);
        if (found != 0)
            return found;
        rt_table_close_file(table);
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

struct rt_text rt_row_raw(const struct rt_rows *rows, size_t row, bool *plain)
{
    const struct rt_text bytes = rt_rows_record(rows, row);
    *plain = !rows->quoted || (bytes.length > 0 && memchr(bytes.at, '"', bytes.length) == NULL);
    return bytes;
}

struct rt_text rt_table_raw(const struct rt_table *table, bool *plain)
{
    return rt_row_raw(table->rows, table->row, plain);
}

uint64_t rt_table_line(const struct rt_table *table)
{
    const struct rt_block *block = table->rows->block;
    return rt_block_line(block,
                         (size_t)(rt_rows_record(table->rows, table->row).at - block->bytes));
}

int rt_table_refuse_row(struct rt_table *table, const struct rt_rows *rows, size_t row, int column,
                        const char *reason)
{
    const struct rt_text record = rt_rows_record(rows, row);
    struct rt_block *block = rows->block;
    const size_t position = (size_t)(record.at - block->bytes);
    /* The next bad row counts from here on: a block may be full of them. */
    rt_block_know_line(block, position, rt_block_line(block, position));
    rt_table_fail(table, block->file, block->line, "%s", reason);
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
        rt_block_catch_up(table->unread);
        table->run_most = 64;
    }
    return 0;
}

/* Opening and closing -------------------------------------------------------------------------- */

static bool is_regular(const struct rt_table *table, int file)
{
    struct stat status;
    const int found = rt_table_is_stdin(table, file) ? fstat(STDIN_FILENO, &status)
                                                     : stat(table->files[file], &status);
    return found == 0 && S_ISREG(status.st_mode);
}

/* A file that cannot be read is named at the start, not after an hour's work on the others. */
static int check_files(struct rt_table *table)
{
    for (int i = 0; i < table->file_count; i++)
        if (!rt_table_is_stdin(table, i) && access(table->files[i], R_OK) != 0)
            return rt_table_fail(table, table->files[i], 0, "%s", strerror(errno));
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
        (void)rt_table_fail(table, "--delimiter", 0,
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
    rt_table_close_file(table);
    rt_table_free_columns(table);
    rt_record_splitter_free(table->splitter);
    rt_rows_free(table->rows);
    free(table->files);
    free(table);
}

bool rt_table_can_rewind(const struct rt_table *table)
{
    for (int i = 0; i < table->file_count; i++)
        if (!is_regular(table, i) || (rt_table_is_stdin(table, i) && table->stdin_start < 0))
            return false;
    return true;
}

int rt_table_rewind(struct rt_table *table)
{
    rt_table_close_file(table);
    if (table->stdin_start >= 0 && lseek(STDIN_FILENO, table->stdin_start, SEEK_SET) < 0)
        return rt_table_fail(table, "stdin", 0, "%s", strerror(errno));
    table->file = 0;
    table->opened = table->failed = table->split_next = false;
    table->bytes = 0;
    table->row = table->rows->count = 0;
    return start_file(table, table->rows->block);
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
