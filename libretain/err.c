#include "libretain/err.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 4096, UNDO_MOST = 16 };

/* What the process's one exit needs to know; set at the start, read at the end. */
static struct {
    const char *name;
    struct {
        void (*undo)(void *);
        void *what;
    } undo[UNDO_MOST];
    int undo_count;
    atomic_flag dying;
} process = {.name = "retain", .dying = ATOMIC_FLAG_INIT};

/* Whether it is this thread that ends the process. */
static _Thread_local bool ends_process;

void rt_err_name(const char *name)
{
    process.name = name;
}

/* One line, one write: messages of the parts of a pipeline do not mix. */
static void print_line(const char *format, va_list arguments)
{
    char line[MESSAGE_BYTES];
    int start = snprintf(line, sizeof line, "%s: ", process.name);
    if (start < 0 || (size_t)start >= sizeof line - 1)
        start = 0;
    int rest = vsnprintf(line + start, sizeof line - (size_t)start - 1, format, arguments);
    size_t length = (size_t)start + (rest < 0 ? 0 : (size_t)rest);
    if (length > sizeof line - 2)
        length = sizeof line - 2;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[length] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, length + 1);
    (void)ignored; /* there is nobody left to tell */
}

void rt_on_failure(void (*undo)(void *what), void *what)
{
    if (process.undo_count == UNDO_MOST)
        rt_die("internal error: too many outputs at a time");
    process.undo[process.undo_count].undo = undo;
    process.undo[process.undo_count].what = what;
    process.undo_count++;
}

void rt_on_failure_forget(void (*undo)(void *what), void *what)
{
    for (int i = process.undo_count - 1; i >= 0; i--) {
        if (process.undo[i].undo == undo && process.undo[i].what == what) {
            memmove(&process.undo[i], &process.undo[i + 1],
                    (size_t)(process.undo_count - i - 1) * sizeof process.undo[0]);
            process.undo_count--;
            return;
        }
    }
}

/* Threads may meet with trouble at the same time: one of them tells, the others wait for the end.
 */
static void claim_the_end(void)
{
    if (!atomic_flag_test_and_set(&process.dying)) {
        ends_process = true;
        return;
    }
    if (ends_process) /* trouble while undoing */
        _exit(RT_EXIT_TROUBLE);
    for (;;)
        pause();
}

static _Noreturn void undo_and_exit(void)
{
    while (process.undo_count > 0) {
        int last = --process.undo_count;
        process.undo[last].undo(process.undo[last].what);
    }
    _exit(RT_EXIT_TROUBLE);
}

void rt_die(const char *format, ...)
{
    claim_the_end();
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
    undo_and_exit();
}

void rt_die_silently(void)
{
    claim_the_end();
    undo_and_exit();
}

void rt_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
}

void rt_out_of_memory(size_t bytes)
{
    rt_die("out of memory (%zu bytes asked for): raise the limit, sort the input by customer and "
           "say --sorted, or split it by customer and run the parts",
           bytes);
}

void *rt_realloc(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        rt_out_of_memory(SIZE_MAX);
    void *memory = realloc(old, bytes > 0 ? bytes : 1);
    if (memory == NULL)
        rt_out_of_memory(bytes);
    return memory;
}

void *rt_alloc(size_t count, size_t size)
{
    return rt_realloc(NULL, count, size);
}

void *rt_alloc_zero(size_t count, size_t size)
{
    void *memory = calloc(count > 0 ? count : 1, size > 0 ? size : 1);
    if (memory == NULL)
        rt_out_of_memory(size > 0 && count > SIZE_MAX / size ? SIZE_MAX : count * size);
    return memory;
}

char *rt_strndup(const char *start, size_t length)
{
    char *copy = rt_alloc(length + 1, 1);
    if (length > 0)
        memcpy(copy, start, length);
    copy[length] = '\0';
    return copy;
}

char *rt_strdup(const char *string)
{
    return rt_strndup(string, strlen(string));
}

size_t rt_grown(size_t capacity, size_t need)
{
    if (need <= capacity)
        return 0;
    size_t twice = capacity < SIZE_MAX / 2 ? capacity * 2 : SIZE_MAX;
    return twice > need ? twice : need;
}

/* A steady clock: it decides only whether a progress line is drawn, never a result. */
static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void rt_progress_init(struct rt_progress *progress, bool always)
{
    *progress = (struct rt_progress){.always = always, .terminal = isatty(STDERR_FILENO) == 1};
    if (progress->terminal)
        progress->started = now();
}

void rt_progress_show(struct rt_progress *progress, unsigned long long bytes)
{
    if (!progress->terminal)
        return;
    const double time = now();
    if (time - progress->last < 0.2 || (!progress->always && time - progress->started < 2))
        return;
    progress->last = time;
    progress->drawn = true;
    char line[160];
    const double seconds = time - progress->started;
    const double mebibytes = (double)bytes / 1048576;
    int length = snprintf(line, sizeof line, "\r%s: %.0f MiB read, %.0f MiB/s\033[K", process.name,
                          mebibytes, seconds > 0 ? mebibytes / seconds : 0);
    ssize_t ignored = write(STDERR_FILENO, line, (size_t)length);
    (void)ignored;
}

void rt_progress_end(struct rt_progress *progress)
{
    if (progress->drawn) {
        ssize_t ignored = write(STDERR_FILENO, "\r\033[K", 4);
        (void)ignored;
    }
    progress->drawn = false;
}
