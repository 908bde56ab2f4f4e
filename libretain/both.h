/*
 * both: two pieces of work at the same time.
 */
#ifndef RT_BOTH_H
#define RT_BOTH_H

/*
 * Does `work` for each of the two, the second in a thread of its own where one can be had, and
 * returns when both are done. NULL for the second: there is only one.
 */
void rt_both(void (*work)(void *what), void *first, void *second);

#endif
