/*
 * fault: makes a chosen call of a process fail, as a library for LD_PRELOAD.
 *
 *   FAULT=KIND:N          the N-th of these calls fails, counted from 1
 *   FAULT=KIND:N:forever  and all behind it
 *   FAULT=short:0        each read and write moves one byte, except through the message descriptor
 *   FAULT=interrupt:0    every second read, write and open fails with EINTR at first
 *
 * KIND is memory, read, write, open, close, sync or rename.
 *
 * FAULT_MARK names a file that appears when a call was made to fail. A process that hangs is ended
 * by SIGALRM. Programs that the process runs are left alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

/* What FAULT asks for. */
static struct {
    bool is_read, forever, shortened, interrupted;
    char kind[16];
    long at;
} fault;

enum { HANGING_SECONDS = 20 };

static atomic_long calls;

__attribute__((constructor)) static void read_fault(void)
{
    unsetenv("LD_PRELOAD");
    const char *text = getenv("FAULT");
    if (text != NULL) {
        const size_t length = strcspn(text, ":");
        if (length < sizeof fault.kind)
            memcpy(fault.kind, text, length);
        const char *number = text + length + (text[length] == ':');
        for (; *number >= '0' && *number <= '9'; number++)
            fault.at = fault.at * 10 + (*number - '0');
        fault.forever = *number == ':';
        fault.shortened = strcmp(fault.kind, "short") == 0;
        fault.interrupted = strcmp(fault.kind, "interrupt") == 0;
        alarm(HANGING_SECONDS);
    }
    fault.is_read = true;
}

static void leave_mark(void)
{
    const char *mark = getenv("FAULT_MARK");
    if (mark == NULL)
        return;
    const long file = syscall(SYS_openat, AT_FDCWD, mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file >= 0)
        syscall(SYS_close, (int)file);
}

static bool fails(const char *kind)
{
    if (!fault.is_read || strcmp(kind, fault.kind) != 0)
        return false;
    const long call = ++calls;
    if (call != fault.at && !(fault.forever && call > fault.at))
        return false;
    if (call == fault.at)
        leave_mark();
    return true;
}

static bool interrupted(void)
{
    return fault.interrupted && ++calls % 2 == 1;
}

static size_t shortened(size_t length)
{
    return fault.shortened && length > 1 ? 1 : length;
}

void *malloc(size_t size)
{
    if (fails("memory")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (fails("memory")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    if (fails("memory")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(old, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    if (fails("memory"))
        return ENOMEM;
    *memory = __libc_memalign(alignment, size);
    return *memory == NULL ? ENOMEM : 0;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    void *memory = NULL;
    const int error = posix_memalign(&memory, alignment, size);
    if (error != 0)
        errno = error;
    return memory;
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    if (fails("memory")) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

ssize_t read(int file, void *bytes, size_t length)
{
    if (fails("read")) {
        errno = EIO;
        return -1;
    }
    if (interrupted()) {
        errno = EINTR;
        return -1;
    }
    return syscall(SYS_read, file, bytes, shortened(length));
}

/* A message on stderr is left alone: it is what the tests look at. */
ssize_t write(int file, const void *bytes, size_t length)
{
    if (file == STDERR_FILENO)
        return syscall(SYS_write, file, bytes, length);
    if (fails("write")) {
        errno = ENOSPC;
        return -1;
    }
    if (interrupted()) {
        errno = EINTR;
        return -1;
    }
    return syscall(SYS_write, file, bytes, shortened(length));
}

int open(const char *path, int flags, ...)
{
    if (fails("open")) {
        errno = EMFILE;
        return -1;
    }
    va_list rest;
    va_start(rest, flags);
    const int mode = flags & O_CREAT ? va_arg(rest, int) : 0;
    va_end(rest);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

/* The descriptor is closed all the same, as the kernel does. */
int close(int file)
{
    const bool failed = fails("close");
    const int status = (int)syscall(SYS_close, file);
    if (failed) {
        errno = EIO;
        return -1;
    }
    return status;
}

int fsync(int file)
{
    if (fails("sync")) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, file);
}

int rename(const char *from, const char *to)
{
    if (fails("rename")) {
        errno = EACCES;
        return -1;
    }
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

static int made_temporary(char *pattern, int flags)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    static atomic_long made;
    char *end = pattern + strlen(pattern) - 6;
    long number = (long)getpid() * 31 + ++made;
    for (int i = 0; i < 6; i++, number /= 26)
        end[i] = letters[number % 26];
    return (int)syscall(SYS_openat, AT_FDCWD, pattern, O_RDWR | O_CREAT | O_EXCL | flags, 0600);
}

/* libc opens these files behind open()'s back. */
int mkstemp(char *pattern)
{
    if (fails("open")) {
        errno = EMFILE;
        return -1;
    }
    return made_temporary(pattern, 0);
}

int mkstemp64(char *pattern) __attribute__((alias("mkstemp")));
