#include "libretain/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libretain/err.h"
#include "libretain/word.h"

enum { BUFFER_BYTES = 256 << 10 };

const struct rt_opt rt_out_options[] = {
    {RT_OPT(struct rt_out_args, file), .letter = 'o', .name = "output", .value = "FILE",
     .help = "write to FILE, which appears whole or not at all, in place of stdout"},
    RT_OPT_LAST,
};

static _Noreturn void die_writing(struct rt_out *out)
{
    const int error = errno;
    out->used = 0;
    if (error == EPIPE)
        rt_die_silently();
    rt_die("%s: %s", out->name, strerror(error));
}

/* 0, or -1 with errno. */
static int write_all(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -1;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

static void write_records(struct rt_out *out, const char *records, size_t length)
{
    out->left = true;
    if (write_all(out->descriptor, records, length) != 0)
        die_writing(out);
}

/* Sends the whole records off; the current one stays. */
static void flush_records(struct rt_out *out)
{
    if (out->record == 0 || out->descriptor < 0)
        return;
    const size_t whole = out->record;
    write_records(out, out->buffer, whole);
    memmove(out->buffer, out->buffer + whole, out->used - whole);
    out->used -= whole;
    out->record = 0;
}

/*
 * The process dies. What has left already must not pass for a whole table: an open quote ends it,
 * which each reader of this toolkit refuses. A temporary file goes away.
 */
static void undo(void *what)
{
    struct rt_out *out = what;
    if (out->temporary != NULL) {
        unlink(out->temporary);
    } else if (out->left) {
        static const char poison[] = "\"!retain: the command that wrote this failed\n";
        (void)write_all(out->descriptor, poison, sizeof poison - 1);
    }
}

/* Counts and days are small numbers for the most part: each is made once. */
static struct rt_out_whole *make_wholes(void)
{
    struct rt_out_whole *wholes = rt_alloc(RT_OUT_SMALL, sizeof *wholes);
    for (int i = 0; i < RT_OUT_SMALL; i++) {
        char digits[RT_DECIMAL_BYTES];
        wholes[i].length = (uint8_t)rt_decimal_write((struct rt_decimal){i, 0}, digits);
        memcpy(wholes[i].digits, digits, sizeof wholes[i].digits);
    }
    return wholes;
}

static void prepare(struct rt_out *out, int descriptor, const char *name, char delimiter)
{
    *out = (struct rt_out){.size = BUFFER_BYTES, .descriptor = descriptor, .delimiter = delimiter};
    out->buffer = rt_alloc(out->size, 1);
    out->wholes = make_wholes();
    out->dates = rt_alloc_zero(RT_OUT_DATES, sizeof *out->dates);
    out->name = rt_strdup(name);
}

/* Devices and pipes cannot be renamed into place: they are written as stdout is. */
static bool is_special(const char *file)
{
    struct stat status;
    return stat(file, &status) == 0 && !S_ISREG(status.st_mode);
}

/* mkstemp makes files private; the result gets the permissions that a new file has. */
static void give_usual_permissions(int descriptor, const char *file)
{
    struct stat status;
    const mode_t mask = umask(0);
    umask(mask);
    mode_t mode = 0666 & ~mask;
    if (stat(file, &status) == 0)
        mode = status.st_mode & 0777;
    (void)fchmod(descriptor, mode);
}

void rt_out_open_file(struct rt_out *out, const char *file, char delimiter)
{
    if (is_special(file)) {
        const int descriptor = open(file, O_WRONLY | O_CLOEXEC);
        if (descriptor < 0)
            rt_die("%s: %s", file, strerror(errno));
        prepare(out, descriptor, file, delimiter);
        rt_on_failure(undo, out);
        return;
    }
    prepare(out, -1, file, delimiter);
    const size_t length = strlen(file);
    out->temporary = rt_alloc(length + sizeof ".XXXXXX", 1);
    memcpy(out->temporary, file, length);
    memcpy(out->temporary + length, ".XXXXXX", sizeof ".XXXXXX");
    out->descriptor = mkstemp(out->temporary);
    if (out->descriptor < 0)
        rt_die("%s: %s", file, strerror(errno));
    rt_on_failure(undo, out);
    give_usual_permissions(out->descriptor, file);
}

void rt_out_open(struct rt_out *out, const struct rt_out_args *args, char delimiter)
{
    if (args->file != NULL) {
        rt_out_open_file(out, args->file, delimiter);
        return;
    }
    prepare(out, STDOUT_FILENO, "stdout", delimiter);
    rt_on_failure(undo, out);
}

void rt_out_open_memory(struct rt_out *out, char delimiter)
{
    prepare(out, -1, "memory", delimiter);
}

void rt_out_free(struct rt_out *out)
{
    free(out->temporary);
    free(out->name);
    free(out->buffer);
    free(out->wholes);
    free(out->dates);
    *out = (struct rt_out){.descriptor = -1};
}

/* Sends off what can be, or makes the buffer larger, until `more` bytes fit. */
void rt_out_make_room(struct rt_out *out, size_t more)
{
    flush_records(out);
    const size_t size = rt_grown(out->size, out->used + more);
    if (size > 0) {
        out->buffer = rt_realloc(out->buffer, size, 1);
        out->size = size;
    }
}

static const uint64_t ones = UINT64_C(0x0101010101010101);
static const uint64_t tops = UINT64_C(0x8080808080808080);

/* Is one of the eight bytes of `word` this one? */
static inline bool has_byte(uint64_t word, char byte)
{
    const uint64_t same = word ^ ones * (unsigned char)byte;
    return ((same - ones) & ~same & tops) != 0;
}

/* Must a field with these eight bytes be quoted? Quotes, line ends and commas come before '-'. */
static inline bool eight_must_quote(const struct rt_out *out, uint64_t word)
{
    if ((((word - ones * '-') | word) & tops) == 0)
        return has_byte(word, out->delimiter);
    return has_byte(word, out->delimiter) || has_byte(word, '"') || has_byte(word, '\n') ||
           has_byte(word, '\r');
}

static bool must_quote(const struct rt_out *out, struct rt_text text)
{
    if (text.length >= 8) {
        for (size_t i = 0; i + 8 < text.length; i += 8)
            if (eight_must_quote(out, rt_load_eight(text.at + i)))
                return true;
        return eight_must_quote(out, rt_load_eight(text.at + text.length - 8));
    }
    if (text.length >= 4)
        return eight_must_quote(out, rt_load_four(text.at) | rt_load_four(text.at + text.length - 4)
                                                                 << 32);
    for (size_t i = 0; i < text.length; i++) {
        const char c = text.at[i];
        if (c == out->delimiter || c == '"' || c == '\n' || c == '\r')
            return true;
    }
    return false;
}

static size_t write_quoted(char *at, struct rt_text text)
{
    size_t length = 0;
    at[length++] = '"';
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '"')
            at[length++] = '"';
        at[length++] = text.at[i];
    }
    at[length++] = '"';
    return length;
}

/* Ids are short: two words that may overlap say all of them. */
static inline void copy_text(char *at, struct rt_text text)
{
    if (text.length - 8 <= 8) {
        const char *last = text.at + text.length - 8;
        rt_store_eight(at, rt_load_eight(text.at));
        rt_store_eight(at + text.length - 8, rt_load_eight(last));
    } else if (text.length - 4 <= 4) {
        const char *last = text.at + text.length - 4;
        rt_store_four(at, rt_load_four(text.at));
        rt_store_four(at + text.length - 4, rt_load_four(last));
    } else if (text.length > 0) {
        memcpy(at, text.at, text.length);
    }
}

char *rt_out_put_text(const struct rt_out *out, char *at, struct rt_text text)
{
    if (must_quote(out, text))
        return rt_out_put_delimiter(out, at + write_quoted(at, text));
    copy_text(at, text);
    return rt_out_put_delimiter(out, at + text.length);
}

void rt_out_text(struct rt_out *out, struct rt_text text)
{
    rt_out_used_to(out, rt_out_put_text(out, rt_out_begin(out, 2 * text.length + 3), text));
}

void rt_out_string(struct rt_out *out, const char *text)
{
    rt_out_text(out, rt_text(text));
}

void rt_out_raw(struct rt_out *out, struct rt_text fields)
{
    char *at = rt_out_begin(out, fields.length + 1);
    if (fields.length > 0)
        memcpy(at, fields.at, fields.length);
    rt_out_used_to(out, rt_out_put_delimiter(out, at + fields.length));
}

/* One that was not written before, or long ago. */
char *rt_out_put_new_day(struct rt_out *out, char *at, int32_t day)
{
    if (day == RT_DAY_NONE)
        return rt_out_put_empty(out, at);
    struct rt_out_date *date = &out->dates[(uint32_t)day % RT_OUT_DATES];
    date->day = day;
    rt_day_write(day, date->text);
    return rt_out_put_day(out, at, day);
}

/* Digits of a number hold no delimiter but '-' and '.', which -d refuses. */
char *rt_out_put_decimal(const struct rt_out *out, char *at, struct rt_decimal value)
{
    return rt_out_put_delimiter(out, at + rt_decimal_write(value, at));
}

char *rt_out_put_real(const struct rt_out *out, char *at, double value, int digits)
{
    const size_t length =
        digits < 0 ? rt_real_write(value, at) : rt_real_write_digits(value, digits, at);
    return rt_out_put_delimiter(out, at + length);
}

void rt_out_decimal(struct rt_out *out, struct rt_decimal value)
{
    rt_out_used_to(out, rt_out_put_decimal(out, rt_out_begin(out, RT_DECIMAL_BYTES), value));
}

void rt_out_total(struct rt_out *out, struct rt_total value)
{
    char *at = rt_out_begin(out, RT_DECIMAL_BYTES);
    rt_out_used_to(out, rt_out_put_delimiter(out, at + rt_total_write(value, at)));
}

void rt_out_real(struct rt_out *out, double value, int digits)
{
    rt_out_used_to(out, rt_out_put_real(out, rt_out_begin(out, RT_REAL_BYTES), value, digits));
}

void rt_out_end_at(struct rt_out *out, const char *at)
{
    rt_out_used_to(out, at);
    rt_out_end(out);
}

void rt_out_end(struct rt_out *out)
{
    /* One empty field alone would be an empty line, which most readers skip. */
    if (out->used - out->record <= 1) {
        out->used = out->record;
        rt_out_raw(out, rt_text("\"\""));
    }
    out->buffer[out->used - 1] = '\n';
    out->record = out->used;
    if (out->used >= BUFFER_BYTES - 4096)
        flush_records(out);
}

void rt_out_move(struct rt_out *to, struct rt_out *from)
{
    if (to->descriptor >= 0 && from->used >= BUFFER_BYTES / 4) {
        /* Not worth a copy. */
        flush_records(to);
        write_records(to, from->buffer, from->used);
    } else if (from->used > 0) {
        memcpy(rt_out_begin(to, from->used), from->buffer, from->used);
        to->used += from->used;
        to->record = to->used;
    }
    from->used = from->record = 0;
    if (to->used >= BUFFER_BYTES - 4096)
        flush_records(to);
}

void rt_out_finish(struct rt_out *out)
{
    flush_records(out);
    if (out->temporary != NULL && fsync(out->descriptor) != 0 && errno != EINVAL)
        die_writing(out);
    const int closed = close(out->descriptor);
    out->descriptor = -1;
    if (closed != 0 && errno != EINTR)
        die_writing(out);
    if (out->temporary != NULL && rename(out->temporary, out->name) != 0)
        die_writing(out);
    rt_on_failure_forget(undo, out);
    rt_out_free(out);
}
