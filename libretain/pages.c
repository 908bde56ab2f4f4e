/* For madvise. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "libretain/pages.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "libretain/err.h"

/*
 * Up to the borders of all pages that the memory has a part of: what realloc maps is such pages,
 * and it cannot move a mapping of which the system was told different things; it copies it then.
 */
void rt_pages_prefer_huge(void *memory, size_t size)
{
#ifdef MADV_HUGEPAGE
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t start = (uintptr_t)memory / page * page;
    const uintptr_t end = ((uintptr_t)memory + size + page - 1) / page * page;
    const int error = errno;
    (void)madvise((char *)memory - ((uintptr_t)memory - start), end - start, MADV_HUGEPAGE);
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

void rt_pages_unmap(void *memory, size_t size)
{
    munmap(memory, size);
}
