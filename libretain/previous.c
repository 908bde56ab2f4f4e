#include "libretain/previous.h"

#include <stdint.h>

static int read_rows(struct rt_previous *previous, struct rt_table *table, const char *column)
{
    const int customer = rt_table_need(table, "customer_id");
    const int wanted = customer < 0 ? -1 : rt_table_need(table, column);
    if (wanted < 0)
        return -1;
    int found;
    while ((found = rt_table_next(table)) > 0) {
        const struct rt_text id = rt_table_cell(table, (size_t)customer);
        const struct rt_text value = rt_table_cell(table, (size_t)wanted);
        const void *kept =
            rt_map_add(&previous->values, value, rt_map_hash(&previous->values, value));
        uint32_t *place =
            rt_map_add(&previous->customers, id, rt_map_hash(&previous->customers, id));
        if (*place != 0)
            return rt_table_refuse(table, customer, "a customer for the second time");
        *place = rt_map_offset(&previous->values, kept);
    }
    return found;
}

const char *rt_previous_open(struct rt_previous *previous, const struct rt_table_args *like,
                             const char *file, const char *column)
{
    rt_map_init(&previous->customers, sizeof(uint32_t));
    rt_map_init(&previous->values, sizeof(uint32_t));
    previous->table = rt_table_open_beside(like, file);
    return read_rows(previous, previous->table, column) == 0 ? NULL
                                                             : rt_table_message(previous->table);
}

void rt_previous_free(struct rt_previous *previous)
{
    if (previous->table != NULL)
        rt_table_close(previous->table);
    previous->table = NULL;
    rt_map_free(&previous->customers);
    rt_map_free(&previous->values);
}

struct rt_text rt_previous_value(const struct rt_previous *previous, struct rt_text customer)
{
    const uint32_t *place =
        rt_map_find(&previous->customers, customer, rt_map_hash(&previous->customers, customer));
    if (place == NULL)
        return rt_text("");
    return rt_map_key(&previous->values, rt_map_at(&previous->values, *place));
}
