/* For madvise. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "libretain/pages.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20 };

void rt_pages_prefer_huge(void *memory, size_t size)
{
#ifdef MADV_HUGEPAGE
    const size_t before = (HUGE_PAGE - (uintptr_t)memory % HUGE_PAGE) % HUGE_PAGE;
    if (size < before + HUGE_PAGE)
        return;
    const int error = errno;
    (void)madvise((char *)memory + before, (size - before) / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
    errno = error;
#else
    (void)memory;
    (void)size;
#endif
}
