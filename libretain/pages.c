/* For madvise. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "libretain/pages.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

#include "libretain/err.h"

void rt_pages_prefer_huge(void *memory, size_t size)
{
#ifdef MADV_HUGEPAGE
    const int error = errno;
    (void)madvise(memory, size, MADV_HUGEPAGE);
    errno = error;
#else
    (void)memory;
    (void)size;
#endif
}

void *rt_pages_map(size_t size, size_t alignment)
{
    const size_t whole = size + alignment;
    char *pages = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        rt_out_of_memory(size);
    const size_t before = (alignment - (uintptr_t)pages % alignment) % alignment;
    if (before > 0)
        munmap(pages, before);
    munmap(pages + before + size, whole - before - size);
    return pages + before;
}

void rt_pages_touch(void *memory, size_t size)
{
    enum { SMALLEST_PAGE = 4096 };
    volatile char *bytes = memory;
    for (size_t i = 0; i < size; i += SMALLEST_PAGE)
        bytes[i] = 0;
}

void rt_pages_unmap(void *memory, size_t size)
{
    munmap(memory, size);
}
