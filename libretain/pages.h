/*
 * pages: memory straight from the system, and larger pages for what is large.
 */
#ifndef RT_PAGES_H
#define RT_PAGES_H

#include <stddef.h>

/*
 * Asks the system to back memory from rt_pages_map with huge pages, as far as whole ones lie in it.
 * What is touched all over, a few bytes here and there, is then found sooner: of pages of 2 MiB
 * there are few. All else is better off without: in many virtual machines memory that nobody had
 * is fetched from the host when it is touched first, and a huge page takes 2 to 4 milliseconds,
 * five times what small ones take for as much. It is a wish; without it the work is slower, not
 * wrong. errno stays.
 */
void rt_pages_prefer_huge(void *memory, size_t size);

/*
 * `size` bytes of zeros, aligned to `alignment`, a power of two and not below a page. Those never
 * touched cost nothing. Dies where there is no memory.
 */
void *rt_pages_map(size_t size, size_t alignment);
/*
 * Writes a zero into each page of memory from rt_pages_map that will be used all over. A page that
 * is read before it is written costs twice: it is lent a page of zeros first, and to take that away
 * again all other threads have to be interrupted.
 */
void rt_pages_touch(void *memory, size_t size);

void rt_pages_unmap(void *memory, size_t size);

#endif
