/*
 * rejects: bad records put aside, until there are too many of them.
 *
 * The file is a table file,line,column,reason,record: the record as it came, without its line end,
 * and the physical line on which it starts. It appears whole when it is finished, which it is also
 * where too many records were bad, as it tells why.
 */
#ifndef RT_REJECTS_H
#define RT_REJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "libretain/limit.h"
#include "libretain/out.h"
#include "libretain/table.h"

struct rt_rejects {
    bool open;
    struct rt_out out;
    const char *max_bad; /* as the user wrote it */
    struct rt_limit limit;
    uint64_t bad;
    char message[160];
};

/*
 * These return NULL, or a message, which lives as long as the table and the rejects.
 *
 * rt_rejects_open: `delimiter` is that of the input; file may be NULL (the first bad record is then
 * too many), and max_bad as well (no limit). rt_rejects_add: puts the record of the table's fault
 * aside and has the table resume; `read` counts the records read so far, this one too.
 * rt_rejects_finish: at the end of the input.
 */
const char *rt_rejects_open(struct rt_rejects *rejects, const char *file, char delimiter,
                            const char *max_bad);
const char *rt_rejects_add(struct rt_rejects *rejects, struct rt_table *table, uint64_t read);
const char *rt_rejects_finish(struct rt_rejects *rejects, uint64_t read);

#endif
