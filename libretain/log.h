/*
 * log: the columns of a log, and what makes a row of it good.
 *
 * A log has one row per purchase, refund or other event of a customer. customer_id and date are
 * needed, the other columns are there or not. An id is any text but the empty one, and is
 * compared byte for byte. A refund is a negative amount. A row without an event is a purchase.
 */
#ifndef RT_LOG_H
#define RT_LOG_H

#include <stdint.h>

#include "libretain/decimal.h"
#include "libretain/table.h"
#include "libretain/text.h"

/* In the order in which a log has them. */
enum rt_log_column {
    RT_LOG_CUSTOMER,
    RT_LOG_DATE,
    RT_LOG_AMOUNT,
    RT_LOG_EVENT,
    RT_LOG_ORDER,
    RT_LOG_ITEM,
    RT_LOG_QTY,
    RT_LOG_CHANNEL,
    RT_LOG_REF,
    RT_LOG_COLUMNS
};

/* customer_id, date, and so on. */
const char *rt_log_column_name(enum rt_log_column column);

/* Where the columns stand in a table; -1 for those that are not there. */
struct rt_log {
    int at[RT_LOG_COLUMNS];
};

/*
 * Finds the columns. Returns 0, or -1 with the table's message where customer_id or date is
 * missing, or any of them is there twice.
 */
int rt_log_find(struct rt_table *table, struct rt_log *log);

/* How dates and amounts are written: {NULL, '.', 0} for YYYY-MM-DD and 1234.56. */
struct rt_log_form {
    const char *date_format; /* as rt_day_read_format has it */
    char point, group;       /* as rt_decimal_read_form has them */
};

/*
 * Can values be read so? NULL, or what is wrong, and in `option` which one it is: date-format,
 * decimal or group.
 */
const char *rt_log_form_fault(const struct rt_log_form *form, const char **option);

/* The checks of cells: NULL, or what is wrong, a string constant without any data in it. */
const char *rt_log_check_customer(struct rt_text cell);
const char *rt_log_read_date(struct rt_text cell, const struct rt_log_form *form, int32_t *day);
const char *rt_log_read_amount(struct rt_text cell, const struct rt_log_form *form,
                               struct rt_decimal *amount);

/*
 * Is there anything to measure? NULL, or what is wrong where there are rows, and all of them are
 * after the as-of date: a slip of the year, more often than not.
 */
const char *rt_log_check_as_of(uint64_t rows, uint64_t after);

/*
 * May the amount of a row with this event be empty? Not that of a purchase, which is also a row
 * without an event; a visit or an e-mail that was opened has none.
 */
bool rt_log_amount_may_be_empty(struct rt_text event);

#endif
