/*
 * err: how a command ends badly, and the allocators that end it so.
 *
 * A message is one line on stderr, `rt-name: message`, then exit status 2. Bytes
 * below space never reach the terminal. Before the process exits, each piece of
 * unfinished output is undone by the function that it left here, so that nothing
 * that was written looks like a finished result.
 */
#ifndef RT_ERR_H
#define RT_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum { RT_EXIT_HOLDS = 1, RT_EXIT_TROUBLE = 2 };

/* The name that stands before each message; `name` must last as long as the process. */
void rt_err_name(const char *name);

/* Prints the message and exits with status 2. */
_Noreturn void rt_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Exits with status 2 without a word: the reader of our output has gone away. */
_Noreturn void rt_die_silently(void);

/* Prints the message as one line on stderr, for -v. */
void rt_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Has undo(what) run when the process dies, last in first out; at most 16 at a time. */
void rt_on_failure(void (*undo)(void *what), void *what);
/* Takes that back, once the work is done or undone. */
void rt_on_failure_forget(void (*undo)(void *what), void *what);

/*
 * As malloc, calloc, realloc and strdup, but they die where there is no memory, and name
 * the way out. The caller owns what they return and frees it with free().
 * rt_alloc and rt_realloc take count * size and die where the product overflows.
 */
void *rt_alloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *rt_alloc_zero(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *rt_realloc(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
char *rt_strdup(const char *string) __attribute__((malloc, returns_nonnull));
char *rt_strndup(const char *start, size_t length) __attribute__((malloc, returns_nonnull));

/* What they die with, for memory that comes from elsewhere. */
_Noreturn void rt_out_of_memory(size_t bytes);

/*
 * The capacity that an array of `count` items should grow to when it has to hold `need`:
 * twice as large, or `need`, whichever is more; 0 where it is large enough already.
 */
size_t rt_grown(size_t capacity, size_t need);

/*
 * A line on a terminal that tells how far a long job is. Nothing is drawn unless stderr is a
 * terminal and the work has taken two seconds, or `always` is set and stderr is a terminal.
 */
struct rt_progress {
    bool always;
    bool terminal;
    bool drawn;
    double started, last; /* seconds */
};
void rt_progress_init(struct rt_progress *progress, bool always);
void rt_progress_show(struct rt_progress *progress, unsigned long long bytes);
void rt_progress_end(struct rt_progress *progress);

#endif
