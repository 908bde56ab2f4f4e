/*
 * out: CSV out, through one large buffer.
 *
 * Records end in LF. A field is quoted only when it must be. Only whole records leave the
 * buffer, so that a process that dies in mid-table ends it with an open quote, which every reader
 * of this toolkit refuses; where nothing has left yet, nothing does. A named file appears whole,
 * by rename, or not at all. Failures of write, flush and close are fatal here, so that a command
 * cannot forget them; a closed pipe ends the process without a word.
 */
#ifndef RT_OUT_H
#define RT_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/decimal.h"
#include "libretain/opt.h"
#include "libretain/text.h"

/* What the shared options say of the output. */
struct rt_out_args {
    const char *file; /* NULL: stdout */
};
extern const struct rt_opt rt_out_options[];

/* A whole number below RT_OUT_SMALL as it is written. */
struct rt_out_whole {
    char digits[3];
    uint8_t length;
};

enum { RT_OUT_SMALL = 1000 };

/* A date that was written before. */
struct rt_out_date {
    int32_t day;
    char text[12]; /* empty: none */
};

enum { RT_OUT_DATES = 1024 };

struct rt_out {
    char *buffer;
    size_t used, size;
    struct rt_out_whole *wholes; /* by number */
    struct rt_out_date *dates;   /* by day; the same few come again and again */
    int descriptor;              /* -1: memory */
    char delimiter;
    bool left;       /* something has left the buffer */
    size_t record;   /* where the current record starts in the buffer */
    char *name;      /* for messages */
    char *temporary; /* the file that will be renamed to `name`, or NULL */
};

/* Opens stdout, or the file named. The delimiter is that of the input: ',' unless -d says else. */
void rt_out_open(struct rt_out *out, const struct rt_out_args *args, char delimiter);
/* The same for a further file, such as --rejects or --save-cuts. */
void rt_out_open_file(struct rt_out *out, const char *file, char delimiter);

/*
 * An output that stays in memory, for records that are made aside: rt_out_move appends them to
 * another output and empties it, rt_out_free ends it.
 */
void rt_out_open_memory(struct rt_out *out, char delimiter);
void rt_out_move(struct rt_out *to, struct rt_out *from);
void rt_out_free(struct rt_out *out);

/* Fields of the current record, in order. */
void rt_out_text(struct rt_out *out, struct rt_text text);
void rt_out_string(struct rt_out *out, const char *text);
static inline void rt_out_empty(struct rt_out *out);
static inline void rt_out_whole(struct rt_out *out, int64_t value);
static inline void rt_out_day(struct rt_out *out, int32_t day); /* RT_DAY_NONE is an empty cell */
void rt_out_decimal(struct rt_out *out, struct rt_decimal value);
void rt_out_total(struct rt_out *out, struct rt_total value);
/* digits < 0: the shortest form; nan and infinities are empty cells. */
void rt_out_real(struct rt_out *out, double value, int digits);
/* Bytes that are already CSV fields, delimiters and quotes included, without a line end. */
void rt_out_raw(struct rt_out *out, struct rt_text fields);

/* Ends the record. */
void rt_out_end(struct rt_out *out);

/* Writes what is left, closes, renames, and frees. Every output must be finished. */
void rt_out_finish(struct rt_out *out);

/*
 * A record whose fields are many and short, written by a loop that is hot: the place where the next
 * byte goes is the caller's, and is not looked up for each field. rt_out_begin gives it, with room
 * for `most` bytes; each field takes at most what is said below, delimiter included; the last place
 * ends the record.
 */
static inline char *rt_out_begin(struct rt_out *out, size_t most);
static inline char *rt_out_put_empty(const struct rt_out *out, char *at);                /* 1 */
static inline char *rt_out_put_whole(const struct rt_out *out, char *at, int64_t value); /* 48 */
static inline char *rt_out_put_day(struct rt_out *out, char *at, int32_t day);           /* 12 */
char *rt_out_put_text(const struct rt_out *out, char *at, struct rt_text text); /* 2 length + 3 */
char *rt_out_put_decimal(const struct rt_out *out, char *at, struct rt_decimal value); /* 48 */
char *rt_out_put_real(const struct rt_out *out, char *at, double value, int digits);   /* 352 */
void rt_out_end_at(struct rt_out *out, const char *at);

/* What follows is for the functions above and below. */
void rt_out_make_room(struct rt_out *out, size_t more);
char *rt_out_put_new_day(struct rt_out *out, char *at, int32_t day);

/* Counts and dates, of which tables of customers are full, are copied where the caller is. */
static inline char *rt_out_begin(struct rt_out *out, size_t most)
{
    if (out->size - out->used < most)
        rt_out_make_room(out, most);
    return out->buffer + out->used;
}

/* Each field has a delimiter behind it; the record's last one becomes the line end. */
static inline char *rt_out_put_delimiter(const struct rt_out *out, char *end)
{
    *end = out->delimiter;
    return end + 1;
}

static inline char *rt_out_put_empty(const struct rt_out *out, char *at)
{
    return rt_out_put_delimiter(out, at);
}

static inline char *rt_out_put_whole(const struct rt_out *out, char *at, int64_t value)
{
    if ((uint64_t)value >= RT_OUT_SMALL)
        return rt_out_put_decimal(out, at, (struct rt_decimal){value, 0});
    const struct rt_out_whole *whole = &out->wholes[value];
    memcpy(at, whole, sizeof *whole);
    return rt_out_put_delimiter(out, at + whole->length);
}

static inline char *rt_out_put_day(struct rt_out *out, char *at, int32_t day)
{
    const struct rt_out_date *date = &out->dates[(uint32_t)day % RT_OUT_DATES];
    if (date->day != day || date->text[0] == '\0')
        return rt_out_put_new_day(out, at, day);
    memcpy(at, date->text, sizeof date->text);
    return rt_out_put_delimiter(out, at + 10);
}

/* The fields of the current record reach to here. */
static inline void rt_out_used_to(struct rt_out *out, const char *at)
{
    out->used = (size_t)(at - out->buffer);
}

static inline void rt_out_empty(struct rt_out *out)
{
    rt_out_used_to(out, rt_out_put_empty(out, rt_out_begin(out, 1)));
}

static inline void rt_out_whole(struct rt_out *out, int64_t value)
{
    rt_out_used_to(out, rt_out_put_whole(out, rt_out_begin(out, RT_DECIMAL_BYTES), value));
}

static inline void rt_out_day(struct rt_out *out, int32_t day)
{
    rt_out_used_to(out, rt_out_put_day(out, rt_out_begin(out, sizeof out->dates->text), day));
}

#endif
