/*
 * guard: bytes between two pages that nobody may touch, so that a read outside them is a crash.
 */
#ifndef RT_GUARD_H
#define RT_GUARD_H

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct guard {
    char *pages;
    size_t page;
};

static inline struct guard guard_new(void)
{
    struct guard guard = {.page = (size_t)sysconf(_SC_PAGESIZE)};
    void *memory;
    ck_assert_int_eq(posix_memalign(&memory, guard.page, 3 * guard.page), 0);
    guard.pages = memory;
    ck_assert_int_eq(mprotect(guard.pages, guard.page, PROT_NONE), 0);
    ck_assert_int_eq(mprotect(guard.pages + 2 * guard.page, guard.page, PROT_NONE), 0);
    return guard;
}

static inline void guard_free(struct guard guard)
{
    ck_assert_int_eq(mprotect(guard.pages, 3 * guard.page, PROT_READ | PROT_WRITE), 0);
    free(guard.pages);
}

/* The bytes where the page ends, or where it starts. */
static inline char *guard_put(struct guard guard, const char *bytes, size_t length, int at_end)
{
    char *at = guard.pages + guard.page + (at_end ? guard.page - length : 0);
    memcpy(at, bytes, length);
    return at;
}

#endif
