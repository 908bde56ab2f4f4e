#include "libretain/history.h"

#include "libretain/day.h"
#include "libretain/key.h"
#include "libretain/moment.h"

/* The place of the first of two columns that is there, -1 for none, -2 with a message. */
static int look_for_either(struct rt_table *table, const char *first, const char *second)
{
    const int place = rt_table_look(table, first);
    return place == -1 ? rt_table_look(table, second) : place;
}

int rt_history_find(struct rt_table *table, struct rt_history_columns *columns)
{
    columns->customer = rt_table_need(table, "customer_id");
    if (columns->customer < 0)
        return -1;
    columns->date = look_for_either(table, "date", "send_on");
    columns->action = look_for_either(table, "action", "campaign");
    columns->channel = rt_table_look(table, "channel");
    columns->event = rt_table_look(table, "event");
    columns->id = rt_table_look(table, "action_id");
    columns->denied = rt_table_look(table, "denied");
    return columns->date == -2 || columns->action == -2 || columns->channel == -2 ||
                   columns->event == -2 || columns->id == -2 || columns->denied == -2
               ? -1
               : 0;
}

bool rt_history_counts(struct rt_text event, struct rt_text denied)
{
    return (event.length == 0 || rt_text_is(event, "sent")) &&
           (denied.length == 0 || rt_text_is(denied, "control"));
}

/* What is done is remembered for one row after the other -------------------------------------- */

static struct rt_text cell_of(const struct rt_table *table, int column)
{
    return column < 0 ? rt_text("") : rt_table_cell(table, (size_t)column);
}

static int32_t *last_of(struct rt_done *done, struct rt_key *key, struct rt_text customer,
                        struct rt_text action)
{
    rt_key_clear(key);
    rt_key_add(key, customer);
    rt_key_add(key, action);
    return rt_map_add(&done->last, rt_key_text(key), rt_map_hash(&done->last, rt_key_text(key)));
}

static int add_row(struct rt_done *done, const struct rt_history_columns *columns,
                   struct rt_key *key)
{
    struct rt_table *table = done->table;
    struct rt_moment moment = {0, -1};
    if (columns->date >= 0 && rt_moment_read(cell_of(table, columns->date), &moment) != 0)
        return rt_table_refuse(table, columns->date, "not a date YYYY-MM-DD");
    if (!rt_history_counts(cell_of(table, columns->event), cell_of(table, columns->denied)))
        return 0;
    const struct rt_text id = cell_of(table, columns->id);
    if (id.length > 0)
        (void)rt_map_add(&done->ids, id, rt_map_hash(&done->ids, id));
    const struct rt_text action = cell_of(table, columns->action);
    if (done->dates && action.length > 0) {
        /* A new state is 0, so that days are kept from 1. */
        int32_t *last = last_of(done, key, cell_of(table, columns->customer), action);
        const int32_t kept = moment.day - RT_DAY_FIRST + 1;
        *last = kept > *last ? kept : *last;
    }
    return 0;
}

static int read_rows(struct rt_done *done)
{
    struct rt_history_columns columns;
    if (rt_history_find(done->table, &columns) != 0)
        return -1;
    if (columns.id < 0 && (columns.action < 0 || !done->dates))
        return rt_table_need(done->table, "action_id");
    if (done->dates && columns.action < 0)
        return rt_table_need(done->table, "action");
    if (done->dates && columns.date < 0)
        return rt_table_need(done->table, "date");
    struct rt_key key = {0};
    int found;
    while ((found = rt_table_next(done->table)) > 0)
        if ((found = add_row(done, &columns, &key)) < 0)
            break;
    rt_key_free(&key);
    return found;
}

const char *rt_done_read(struct rt_done *done, const struct rt_table_args *like, const char *file)
{
    if (done->ids.slots == NULL) {
        rt_map_init(&done->ids, 0);
        rt_map_init(&done->last, sizeof(int32_t));
    }
    if (done->table != NULL)
        rt_table_close(done->table);
    done->table = rt_table_open_beside(like, file);
    return read_rows(done) == 0 ? NULL : rt_table_message(done->table);
}

bool rt_done_has(const struct rt_done *done, struct rt_text id)
{
    return done->ids.slots != NULL &&
           rt_map_find(&done->ids, id, rt_map_hash(&done->ids, id)) != NULL;
}

int32_t rt_done_last(const struct rt_done *done, struct rt_text customer, struct rt_text action)
{
    if (done->last.slots == NULL)
        return RT_DAY_NONE;
    struct rt_key key = {0};
    rt_key_add(&key, customer);
    rt_key_add(&key, action);
    const struct rt_text text = rt_key_text(&key);
    const int32_t *last = rt_map_find(&done->last, text, rt_map_hash(&done->last, text));
    rt_key_free(&key);
    return last == NULL ? RT_DAY_NONE : *last - 1 + RT_DAY_FIRST;
}

void rt_done_free(struct rt_done *done)
{
    if (done->table != NULL)
        rt_table_close(done->table);
    rt_map_free(&done->ids);
    rt_map_free(&done->last);
    *done = (struct rt_done){0};
}
