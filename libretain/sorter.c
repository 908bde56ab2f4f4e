#include "libretain/sorter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libretain/err.h"

enum {
    CELL_END = 1,
    ESCAPE = 2,
    ESCAPED_MOST = '\n', /* the bytes from 1 to this one are escaped */
    ESCAPE_SHIFT = 16,
    NUMBER_BYTES = 12, /* of a record's number in hexadecimal */
    BUFFER_BYTES = 256 << 10,
    MESSAGE_BYTES = 512
};

struct buffer {
    char *bytes;
    size_t start, used, size;
};

struct rt_sorter {
    size_t width, keys;
    pid_t process; /* 0 where it does not run */
    int to, from, errors;
    struct buffer out, in;
    uint64_t added, returned;
    bool turned; /* all records were added, the first is asked for */
    char message[MESSAGE_BYTES];
};

static int fail(struct rt_sorter *sorter, const char *what, int error)
{
    if (sorter->message[0] == '\0')
        snprintf(sorter->message, sizeof sorter->message, "sort(1): %s: %s", what, strerror(error));
    return -1;
}

static void close_one(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

/* Starting ------------------------------------------------------------------------------------ */

/* The path of sort(1) in the system's own folders, whatever the user's PATH says. */
static bool find_sort(char *path, size_t size, const char *folders)
{
    for (const char *start = folders; *start != '\0';) {
        const size_t length = strcspn(start, ":");
        if (length > 0 && length + sizeof "/sort" <= size) {
            memcpy(path, start, length);
            memcpy(path + length, "/sort", sizeof "/sort");
            if (access(path, X_OK) == 0)
                return true;
        }
        start += length + (start[length] == ':');
    }
    return false;
}

static int make_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        return -1;
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
}

/* Signals are as a fresh process has them: an ignored SIGPIPE would make sort(1) noisy. */
static int spawn(struct rt_sorter *sorter, const char *path, char **argv, char **environment,
                 const int child_ends[3])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults, none;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int error =
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    if (error == 0)
        error = posix_spawnattr_setsigdefault(&attributes, &defaults);
    if (error == 0)
        error = posix_spawnattr_setsigmask(&attributes, &none);
    for (int i = 0; i < 3 && error == 0; i++)
        error = posix_spawn_file_actions_adddup2(&actions, child_ends[i], i);
    if (error == 0)
        error = posix_spawn(&sorter->process, path, &actions, &attributes, argv, environment);
    if (error != 0)
        sorter->process = 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static int start(struct rt_sorter *sorter, const char *folder)
{
    char folders[1024], path[1024], path_entry[1024 + sizeof "PATH="];
    const size_t length = confstr(_CS_PATH, folders, sizeof folders);
    if (length == 0 || length > sizeof folders || !find_sort(path, sizeof path, folders))
        return fail(sorter, "not found in the system's folders", ENOENT);
    snprintf(path_entry, sizeof path_entry, "PATH=%s", folders);
    char locale[] = "LC_ALL=C", name[] = "sort", size_option[] = "-S", size[] = "131072";
    char folder_option[] = "-T";
    char *environment[] = {locale, path_entry, NULL};
    char *folder_copy = folder != NULL ? rt_strdup(folder) : NULL;
    char *argv[] = {name,        size_option, size, folder != NULL ? folder_option : NULL,
                    folder_copy, NULL};
    int to[2] = {-1, -1}, from[2] = {-1, -1}, errors[2] = {-1, -1};
    int error = 0;
    if (make_pipe(to) != 0 || make_pipe(from) != 0 || make_pipe(errors) != 0)
        error = errno;
    if (error == 0)
        error = spawn(sorter, path, argv, environment, (const int[]){to[0], from[1], errors[1]});
    free(folder_copy);
    close_one(&to[0]);
    close_one(&from[1]);
    close_one(&errors[1]);
    sorter->to = to[1];
    sorter->from = from[0];
    sorter->errors = errors[0];
    return error == 0 ? 0 : fail(sorter, "cannot be started", error);
}

static void stop(void *what)
{
    struct rt_sorter *sorter = what;
    close_one(&sorter->to);
    close_one(&sorter->from);
    close_one(&sorter->errors);
    if (sorter->process > 0) {
        kill(sorter->process, SIGTERM);
        while (waitpid(sorter->process, NULL, 0) < 0 && errno == EINTR)
            continue;
        sorter->process = 0;
    }
}

struct rt_sorter *rt_sorter_open(size_t width, size_t keys, const char *folder)
{
    struct rt_sorter *sorter = rt_alloc_zero(1, sizeof *sorter);
    *sorter = (struct rt_sorter){.width = width, .keys = keys, .to = -1, .from = -1, .errors = -1};
    rt_on_failure(stop, sorter);
    (void)start(sorter, folder);
    return sorter;
}

/* The end of sort(1) -------------------------------------------------------------------------- */

/* The first line that sort(1) wrote to its stderr. */
static bool read_complaint(struct rt_sorter *sorter, char *line, size_t size)
{
    ssize_t got = 0;
    do
        got = read(sorter->errors, line, size - 1);
    while (got < 0 && errno == EINTR);
    line[got > 0 ? got : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return line[0] != '\0';
}

/* Waits for sort(1), which has no more to read or to write; 0 where it ended well. */
static int wait_for_end(struct rt_sorter *sorter)
{
    close_one(&sorter->to);
    close_one(&sorter->from);
    int status = 0;
    pid_t ended;
    do
        ended = waitpid(sorter->process, &status, 0);
    while (ended < 0 && errno == EINTR);
    sorter->process = 0;
    /* Where SIGCHLD is ignored there is no status; a loss still shows by the count of records. */
    const bool unknown = ended < 0 && errno == ECHILD;
    if (unknown || (ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0))
        return 0;
    char line[MESSAGE_BYTES / 2];
    if (read_complaint(sorter, line, sizeof line))
        snprintf(sorter->message, sizeof sorter->message, "%s", line);
    else if (ended > 0 && WIFSIGNALED(status))
        snprintf(sorter->message, sizeof sorter->message, "sort(1) was ended by signal %d",
                 WTERMSIG(status));
    else
        snprintf(sorter->message, sizeof sorter->message, "sort(1) failed");
    return -1;
}

/* Adding -------------------------------------------------------------------------------------- */

static char *room(struct buffer *buffer, size_t more)
{
    const size_t grown = rt_grown(buffer->size, buffer->used + more);
    if (grown > 0) {
        buffer->bytes = rt_realloc(buffer->bytes, grown, 1);
        buffer->size = grown;
    }
    return buffer->bytes + buffer->used;
}

/*
 * As write(2), but a reader that has gone away shows as EPIPE only, whatever SIGPIPE is set to:
 * here it is a failure of sort(1), not the end of our own reader.
 */
static ssize_t write_quietly(int descriptor, const char *bytes, size_t length)
{
    sigset_t pipe_signal, before, pending;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigpending(&pending);
    const bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    const ssize_t written = write(descriptor, bytes, length);
    const int error = errno;
    /* The signal comes with a part that was still written, too. */
    if (written < (ssize_t)length && !was_pending) {
        sigpending(&pending);
        int signal_number;
        if (sigismember(&pending, SIGPIPE) == 1)
            sigwait(&pipe_signal, &signal_number);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return written;
}

static int send_lines(struct rt_sorter *sorter)
{
    struct buffer *out = &sorter->out;
    for (size_t sent = 0; sent < out->used;) {
        const ssize_t written = write_quietly(sorter->to, out->bytes + sent, out->used - sent);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            const int error = errno;
            /* It went away, and knows why. */
            if (error == EPIPE && wait_for_end(sorter) != 0)
                return -1;
            return fail(sorter, "writing to it", error);
        }
        sent += (size_t)written;
    }
    out->used = 0;
    return 0;
}

size_t rt_sorter_encode(struct rt_text cell, char *into)
{
    size_t length = 0;
    for (size_t i = 0; i < cell.length; i++) {
        const unsigned char c = (unsigned char)cell.at[i];
        if (c <= ESCAPED_MOST) {
            into[length++] = ESCAPE;
            into[length++] = (char)(c + ESCAPE_SHIFT);
        } else {
            into[length++] = (char)c;
        }
    }
    into[length++] = CELL_END;
    return length;
}

static void add_number(struct buffer *out, uint64_t number)
{
    char *at = room(out, NUMBER_BYTES);
    for (int i = NUMBER_BYTES - 1; i >= 0; i--, number >>= 4)
        at[i] = "0123456789abcdef"[number & 15];
    out->used += NUMBER_BYTES;
}

int rt_sorter_add(struct rt_sorter *sorter, const struct rt_text *cells)
{
    if (sorter->message[0] != '\0')
        return -1;
    struct buffer *out = &sorter->out;
    for (size_t i = 0; i < sorter->width; i++) {
        if (i == sorter->keys)
            add_number(out, sorter->added);
        char *at = room(out, 2 * cells[i].length + 1);
        out->used += rt_sorter_encode(cells[i], at);
    }
    if (sorter->keys == sorter->width)
        add_number(out, sorter->added);
    *room(out, 1) = '\n';
    out->used++;
    sorter->added++;
    return out->used >= BUFFER_BYTES ? send_lines(sorter) : 0;
}

/* Getting them back --------------------------------------------------------------------------- */

int rt_sorter_decode(char **line, char *end, struct rt_text *cell)
{
    char *from = *line, *to = *line;
    while (from < end && *from != CELL_END) {
        const bool escaped = *from == ESCAPE;
        from += escaped;
        if (from == end)
            return -1;
        *to++ = (char)(*from++ - (escaped ? ESCAPE_SHIFT : 0));
    }
    if (from == end)
        return -1;
    *cell = (struct rt_text){*line, (size_t)(to - *line)};
    *line = from + 1;
    return 0;
}

/* Reads on until there is a line: 1 and the line, 0 at the end, -1. */
static int next_line(struct rt_sorter *sorter, char **line, char **end)
{
    struct buffer *in = &sorter->in;
    for (size_t searched = in->start;;) {
        char *found =
            in->used > searched ? memchr(in->bytes + searched, '\n', in->used - searched) : NULL;
        if (found != NULL) {
            *line = in->bytes + in->start;
            *end = found;
            in->start = (size_t)(found - in->bytes) + 1;
            return 1;
        }
        if (in->start > 0) {
            memmove(in->bytes, in->bytes + in->start, in->used - in->start);
            in->used -= in->start;
            in->start = 0;
        }
        searched = in->used;
        char *at = room(in, BUFFER_BYTES);
        const ssize_t got = read(sorter->from, at, BUFFER_BYTES);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(sorter, "reading from it", errno);
        if (got == 0)
            return in->used == 0 ? 0 : fail(sorter, "its last line is cut", EIO);
        in->used += (size_t)got;
    }
}

static int turn(struct rt_sorter *sorter)
{
    sorter->turned = true;
    if (send_lines(sorter) != 0)
        return -1;
    close_one(&sorter->to);
    return 0;
}

static int finish(struct rt_sorter *sorter)
{
    if (sorter->process > 0 && wait_for_end(sorter) != 0)
        return -1;
    return sorter->returned == sorter->added ? 0 : fail(sorter, "records are missing", EIO);
}

int rt_sorter_next(struct rt_sorter *sorter, struct rt_text *cells)
{
    if (sorter->message[0] != '\0' || (!sorter->turned && turn(sorter) != 0))
        return -1;
    char *line, *end;
    const int more = next_line(sorter, &line, &end);
    if (more <= 0)
        return more < 0 ? -1 : finish(sorter);
    for (size_t i = 0; i <= sorter->width; i++) {
        if (i == sorter->keys && end - line < NUMBER_BYTES)
            return fail(sorter, "a line is not one of ours", EIO);
        if (i == sorter->keys)
            line += NUMBER_BYTES;
        if (i < sorter->width && rt_sorter_decode(&line, end, &cells[i]) != 0)
            return fail(sorter, "a line is not one of ours", EIO);
    }
    sorter->returned++;
    return 1;
}

const char *rt_sorter_message(const struct rt_sorter *sorter)
{
    return sorter != NULL && sorter->message[0] != '\0' ? sorter->message : NULL;
}

void rt_sorter_close(struct rt_sorter *sorter)
{
    if (sorter == NULL)
        return;
    stop(sorter);
    rt_on_failure_forget(stop, sorter);
    free(sorter->out.bytes);
    free(sorter->in.bytes);
    free(sorter);
}
