/*
 * history: what was done to customers before, as a log of contacts or earlier lists say it.
 *
 * Three tables can be read: contacts, customer_id,date,channel,event[,campaign][,action_id]; action
 * rows, whose date is send_on; and action rows that were denied. A row counts as done where its
 * event is empty, not there or `sent`, and where it was not denied, or denied because the customer
 * is in the control arm: those are kept as if they had been contacted, so that both arms go on
 * alike.
 */
#ifndef RT_HISTORY_H
#define RT_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "libretain/map.h"
#include "libretain/table.h"

/* Where the columns stand; -1 for one that is not there. */
struct rt_history_columns {
    int customer;
    int date;    /* date, or else send_on */
    int channel; /* of a log of contacts */
    int event;
    int action; /* action, or else campaign */
    int id;     /* action_id */
    int denied;
};

/* Finds them. Returns 0, or -1 with the table's message. */
int rt_history_find(struct rt_table *table, struct rt_history_columns *columns);

/* Does a row with these cells count as done? A cell of a column that is not there is empty. */
bool rt_history_counts(struct rt_text event, struct rt_text denied);

/*
 * What was done, for one row after the other. Memory: about 70 bytes per action_id, and 60 per
 * customer and action where dates are kept. Starts from all zeros.
 */
struct rt_done {
    bool dates;             /* whether the last date of each action is kept; set before reading */
    struct rt_table *table; /* of the last file, for its message */
    struct rt_map ids, last;
};

/* Adds a file. Returns NULL, or what was wrong, which lives until rt_done_free. */
const char *rt_done_read(struct rt_done *done, const struct rt_table_args *like, const char *file);
bool rt_done_has(const struct rt_done *done, struct rt_text action_id);
/* The last date of an action for a customer; RT_DAY_NONE where there is none. */
int32_t rt_done_last(const struct rt_done *done, struct rt_text customer, struct rt_text action);
void rt_done_free(struct rt_done *done);

#endif
