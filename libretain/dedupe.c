#include "libretain/dedupe.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

int rt_dedupe_open(struct rt_dedupe *dedupe, struct rt_table *table, const struct rt_names *names)
{
    *dedupe = (struct rt_dedupe){.count = names->count};
    dedupe->columns = rt_alloc(names->count, sizeof *dedupe->columns);
    rt_map_init(&dedupe->seen, sizeof(uint64_t));
    for (size_t i = 0; i < names->count; i++) {
        const int at = rt_table_need(table, names->names[i]);
        if (at < 0)
            return -1;
        dedupe->columns[i] = (size_t)at;
    }
    return 0;
}

void rt_dedupe_free(struct rt_dedupe *dedupe)
{
    free(dedupe->columns);
    rt_key_free(&dedupe->key);
    rt_map_free(&dedupe->seen);
    *dedupe = (struct rt_dedupe){0};
}

const char *rt_dedupe_key(struct rt_dedupe *dedupe, const struct rt_rows *rows, size_t row,
                          int *column)
{
    if (dedupe->count == 0)
        return NULL;
    size_t bytes = 0;
    rt_key_clear(&dedupe->key);
    for (size_t i = 0; i < dedupe->count; i++) {
        const struct rt_text cell = rt_cell(rows, row, dedupe->columns[i]);
        rt_key_add(&dedupe->key, cell);
        bytes += cell.length;
    }
    if (bytes > 0)
        return NULL;
    *column = (int)dedupe->columns[0];
    return "empty, and --dedupe needs it";
}

bool rt_dedupe_seen(struct rt_dedupe *dedupe, uint64_t *number)
{
    if (dedupe->count == 0)
        return false;
    const struct rt_text key = rt_key_text(&dedupe->key);
    const size_t known = dedupe->seen.count;
    void *state = rt_map_add(&dedupe->seen, key, rt_map_hash(&dedupe->seen, key));
    const bool seen = dedupe->seen.count == known;
    /* Copied, as states are aligned to 4 bytes only. */
    if (seen)
        memcpy(number, state, sizeof *number);
    else
        memcpy(state, number, sizeof *number);
    return seen;
}
