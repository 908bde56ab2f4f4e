/*
 * opt: the options of a command as one table of typed data.
 *
 * The table parses the command line, prints --help, answers the shell's completion and is
 * compared with the manual page by a test. Each entry names a member of the command's argument
 * structure; the member's type decides how its value is read, and a type that is not listed at
 * RT_OPT_KIND does not compile. Defaults are text that goes through the same reader.
 */
#ifndef RT_OPT_H
#define RT_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a member may be. */
typedef int32_t rt_day; /* an option that is a date; RT_DAY_NONE where it was not given */

/* A list of names: a,b,c. */
struct rt_names {
    char **names;
    size_t count;
};

/* A list of pairs: left=right,left=right. */
struct rt_pairs {
    char **left, **right;
    size_t count;
};

/* One value out of the words in `value`, "day|week|month": its place in that list, from 0. */
typedef unsigned rt_choice;

enum rt_opt_kind {
    RT_OPT_END,
    RT_OPT_GROUP, /* another table over an embedded structure */
    RT_OPT_FLAG,
    RT_OPT_WHOLE,
    RT_OPT_REAL,
    RT_OPT_DATE,
    RT_OPT_CHOICE,
    RT_OPT_TEXT,
    RT_OPT_BYTE,
    RT_OPT_NAMES,
    RT_OPT_PAIRS,
    RT_OPT_TEXTS /* struct rt_texts: may be given more than once, kept in order */
};

/* Every value of an option that may be given more than once. */
struct rt_texts {
    char **texts;
    size_t count;
};

struct rt_opt {
    enum rt_opt_kind kind;
    char letter;          /* 0: long form only */
    const char *name;     /* without the dashes */
    const char *value;    /* how --help names the value; for a choice the words: "day|order|row" */
    const char *help;     /* one line */
    const char *standard; /* the default as the user would type it, or NULL */
    int64_t least, most;  /* of RT_OPT_WHOLE; both 0 means any */
    size_t at;            /* offset of the member */
    const struct rt_opt *group;
    bool hidden; /* not in --help: for scripts */
};

#define RT_OPT_KIND(type, member)                                                                  \
    _Generic(((type *)0)->member,                                                                  \
        bool: RT_OPT_FLAG,                                                                         \
        int64_t: RT_OPT_WHOLE,                                                                     \
        double: RT_OPT_REAL,                                                                       \
        rt_day: RT_OPT_DATE,                                                                       \
        rt_choice: RT_OPT_CHOICE,                                                                  \
        const char *: RT_OPT_TEXT,                                                                 \
        char: RT_OPT_BYTE,                                                                         \
        struct rt_names: RT_OPT_NAMES,                                                             \
        struct rt_pairs: RT_OPT_PAIRS,                                                             \
        struct rt_texts: RT_OPT_TEXTS)

/* {RT_OPT(struct args, as_of), .name = "as-of", .value = "DATE", .help = "…"} */
#define RT_OPT(type, member_) .kind = RT_OPT_KIND(type, member_), .at = offsetof(type, member_)
/* Splices in a shared table, whose structure is `member_`, of type `inner`. */
#define RT_OPTS(type, member_, inner, table)                                                       \
    {                                                                                              \
        .kind = RT_OPT_GROUP,                                                                      \
        .at = offsetof(type, member_) + 0 * sizeof((inner *)0 == &((type *)0)->member_),           \
        .group = (table)                                                                           \
    }
#define RT_OPT_LAST                                                                                \
    {                                                                                              \
        .kind = RT_OPT_END                                                                         \
    }

struct rt_command {
    const char *name;     /* rt-profile */
    const char *purpose;  /* word for word the manual page's .Nd */
    const char *operands; /* "[FILE]..." as the SYNOPSIS has it, or "" for none */
    const struct rt_opt *options;
    size_t args_size; /* of the structure that the options fill; zeroed first */
    /*
     * The work. `files` are the operands, NULL-terminated, `count` of them. Returns the exit
     * status; trouble goes to rt_die.
     */
    int (*run)(void *args, char **files, int count);
};

/*
 * What main() does: sets the process up (closed descriptors, no locale), parses, runs, frees
 * the lists of the options, and returns the exit status. --help (-h) and --version (-V) are
 * answered here, as is --complete, which prints one line an option for the shells' completion.
 */
int rt_main(const struct rt_command *command, int argc, char **argv);

/*
 * Parses only, for tests: fills `args` and moves the operands to the front of argv + 1. Returns
 * their number, or -1 with a message in `fault`.
 */
int rt_opt_parse(const struct rt_opt *options, void *args, int argc, char **argv, char *fault,
                 size_t fault_size);
/* Frees what parsing allocated. */
void rt_opt_free(const struct rt_opt *options, void *args);

#endif
