#include "libretain/table_record.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/table.h"
#include "libretain/utf8.h"

enum { CSV_STEP = 64 << 10 };

struct rt_record_splitter {
    struct csv_parser parser;
    char delimiter;
    bool started; /* the parser stands at the beginning of a record, ready for another */
    char *bytes;  /* the cells' */
    size_t bytes_used, bytes_size;
    size_t *cell_ends;
    size_t cell_count, cell_size;
    struct rt_text *cells;
    size_t cells_size;
    int line_ends;      /* that libcsv reported for the record */
    int first_line_end; /* the first of them: CR or LF */
    bool too_long, too_many;
};

/* libcsv would drop blanks around a field. */
static int no_space(unsigned char byte)
{
    (void)byte;
    return 0;
}

/* A field beyond the limit is refused while it grows: it could be of any length. */
static void *limited_realloc(void *old, size_t size)
{
    return size > RT_FIELD_BYTES + CSV_STEP ? NULL : realloc(old, size);
}

static void start(struct rt_record_splitter *splitter)
{
    if (splitter->started)
        csv_free(&splitter->parser);
    if (csv_init(&splitter->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
        rt_die("internal error: libcsv does not start");
    csv_set_delim(&splitter->parser, (unsigned char)splitter->delimiter);
    csv_set_space_func(&splitter->parser, no_space);
    csv_set_realloc_func(&splitter->parser, limited_realloc);
    csv_set_blk_size(&splitter->parser, CSV_STEP);
    splitter->started = true;
}

struct rt_record_splitter *rt_record_splitter_new(char delimiter)
{
    struct rt_record_splitter *splitter = rt_alloc_zero(1, sizeof *splitter);
    splitter->delimiter = delimiter;
    start(splitter);
    return splitter;
}

void rt_record_splitter_free(struct rt_record_splitter *splitter)
{
    if (splitter == NULL)
        return;
    csv_free(&splitter->parser);
    free(splitter->bytes);
    free(splitter->cell_ends);
    free(splitter->cells);
    free(splitter);
}

static void take_field(void *field, size_t length, void *what)
{
    struct rt_record_splitter *splitter = what;
    splitter->too_long |= length > RT_FIELD_BYTES;
    splitter->too_many |= splitter->cell_count == RT_COLUMNS;
    if (splitter->too_long || splitter->too_many)
        return;
    size_t size = rt_grown(splitter->bytes_size, splitter->bytes_used + length);
    if (size > 0) {
        splitter->bytes = rt_realloc(splitter->bytes, size, 1);
        splitter->bytes_size = size;
    }
    if (length > 0)
        memcpy(splitter->bytes + splitter->bytes_used, field, length);
    splitter->bytes_used += length;
    size = rt_grown(splitter->cell_size, splitter->cell_count + 1);
    if (size > 0) {
        splitter->cell_ends = rt_realloc(splitter->cell_ends, size, sizeof *splitter->cell_ends);
        splitter->cell_size = size;
    }
    splitter->cell_ends[splitter->cell_count++] = splitter->bytes_used;
}

static void take_line_end(int byte, void *what)
{
    struct rt_record_splitter *splitter = what;
    if (splitter->line_ends++ == 0)
        splitter->first_line_end = byte;
}

static void make_cells(struct rt_record_splitter *splitter, struct rt_record *record)
{
    const size_t size = rt_grown(splitter->cells_size, splitter->cell_count);
    if (size > 0) {
        splitter->cells = rt_realloc(splitter->cells, size, sizeof *splitter->cells);
        splitter->cells_size = size;
    }
    size_t begin = 0;
    for (size_t i = 0; i < splitter->cell_count; i++) {
        const size_t end = splitter->cell_ends[i];
        /* There are no bytes at all where the first record has none. */
        const char *at = splitter->bytes != NULL ? splitter->bytes + begin : "";
        splitter->cells[i] = (struct rt_text){at, end - begin};
        begin = end;
    }
    record->cells = splitter->cells;
    record->count = splitter->cell_count;
}

/* The parser is in the middle of something: begin afresh, as csv_fini would make it a row. */
static enum rt_record_outcome give_up(struct rt_record_splitter *splitter, struct rt_record *record,
                                      const char *reason)
{
    start(splitter);
    record->reason = reason;
    return RT_RECORD_BAD;
}

static bool beyond_limit(struct rt_record_splitter *splitter)
{
    return splitter->too_many || csv_error(&splitter->parser) == CSV_ENOMEM;
}

/* A record with broken quotes has no end that could be trusted: its first line stands for it. */
static enum rt_record_outcome give_up_line(struct rt_record_splitter *splitter, const char *bytes,
                                           size_t from, size_t to, bool last,
                                           struct rt_record *record, const char *reason)
{
    const char *newline = memchr(bytes + from, '\n', to - from);
    if (newline == NULL && !last && !beyond_limit(splitter)) {
        start(splitter);
        return RT_RECORD_CUT; /* the line is not whole yet */
    }
    const size_t end = newline != NULL ? (size_t)(newline - bytes) : to;
    record->length = end - from;
    if (record->length > 0 && bytes[end - 1] == '\r')
        record->length--;
    record->next = newline != NULL ? end + 1 : to;
    record->can_go_on = newline != NULL || last;
    return give_up(splitter, record, reason);
}

static const char *parse_fault(struct rt_record_splitter *splitter, char offender)
{
    if (splitter->too_many)
        return "more than 65536 columns";
    if (csv_error(&splitter->parser) == CSV_ENOMEM)
        return "a field longer than 1 MiB";
    return offender == '"' ? "a quote inside a field that does not begin with one"
                           : "text behind a closing quote";
}

/* What libcsv lets pass. */
static const char *content_fault(const struct rt_record_splitter *splitter, const char *bytes,
                                 size_t length)
{
    if (splitter->too_many)
        return "more than 65536 columns";
    if (splitter->too_long)
        return "a field longer than 1 MiB";
    if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
        return "UTF-16; save it as UTF-8";
    if (memchr(bytes, '\0', length) != NULL)
        return "a NUL byte";
    if (rt_utf8_check(bytes, length) != length)
        return "not UTF-8";
    return NULL;
}

static const char bare_return[] = "a carriage return that no line feed follows";

/* The line that libcsv just took ended the record: was it by LF or CRLF, and by nothing else? */
static bool ends_well(const struct rt_record_splitter *splitter, const char *bytes, size_t line,
                      size_t end)
{
    if (splitter->first_line_end == '\n')
        return true;
    return splitter->line_ends == 2 && end - line >= 2 && bytes[end - 2] == '\r';
}

/* The end of the input is the end of the record. */
static enum rt_record_outcome finish(struct rt_record_splitter *splitter, const char *bytes,
                                     size_t from, size_t to, struct rt_record *record)
{
    if (splitter->line_ends > 0)
        return give_up_line(splitter, bytes, from, to, true, record, bare_return);
    if (csv_fini(&splitter->parser, take_field, take_line_end, splitter) != 0)
        return give_up_line(splitter, bytes, from, to, true, record,
                            "a quote that is never closed");
    record->length = to - from;
    record->next = to;
    record->can_go_on = true;
    const char *fault = content_fault(splitter, bytes + from, to - from);
    if (fault != NULL)
        return give_up(splitter, record, fault);
    make_cells(splitter, record);
    return RT_RECORD_WHOLE;
}

enum rt_record_outcome rt_record_split(struct rt_record_splitter *splitter, const char *bytes,
                                       size_t from, size_t to, bool last, struct rt_record *record)
{
    *record = (struct rt_record){0};
    splitter->bytes_used = 0;
    splitter->cell_count = 0;
    splitter->line_ends = 0;
    splitter->too_long = splitter->too_many = false;
    if (bytes[from] == '\r')
        return give_up_line(splitter, bytes, from, to, last, record, bare_return);
    for (size_t line = from; line < to;) {
        /* A record can end only where a line does, so that libcsv gets one line after another. */
        const char *newline = memchr(bytes + line, '\n', to - line);
        const size_t end = newline != NULL ? (size_t)(newline - bytes) + 1 : to;
        const size_t taken = csv_parse(&splitter->parser, bytes + line, end - line, take_field,
                                       take_line_end, splitter);
        if (taken != end - line || splitter->too_many) {
            const char offender = taken < end - line ? bytes[line + taken] : '\0';
            return give_up_line(splitter, bytes, from, to, last, record,
                                parse_fault(splitter, offender));
        }
        if (newline == NULL)
            break;
        if (splitter->line_ends > 0) {
            if (!ends_well(splitter, bytes, line, end))
                return give_up_line(splitter, bytes, from, to, last, record, bare_return);
            record->length = end - from - (size_t)splitter->line_ends;
            record->next = end;
            record->can_go_on = true;
            const char *fault = content_fault(splitter, bytes + from, record->length);
            if (fault != NULL)
                return give_up(splitter, record, fault);
            make_cells(splitter, record);
            return RT_RECORD_WHOLE;
        }
        line = end;
    }
    if (last)
        return finish(splitter, bytes, from, to, record);
    start(splitter);
    return RT_RECORD_CUT;
}
