#include "libretain/log.h"

#include "libretain/day.h"

const char *rt_log_column_name(enum rt_log_column column)
{
    static const char *const names[RT_LOG_COLUMNS] = {
        "customer_id", "date", "amount", "event", "order_id", "item", "qty", "channel", "ref"};
    return names[column];
}

int rt_log_find(struct rt_table *table, struct rt_log *log)
{
    for (unsigned column = 0; column < RT_LOG_COLUMNS; column++) {
        const bool needed = column == RT_LOG_CUSTOMER || column == RT_LOG_DATE;
        const char *name = rt_log_column_name(column);
        const int at = needed ? rt_table_need(table, name) : rt_table_look(table, name);
        if (at < (needed ? 0 : -1))
            return -1;
        log->at[column] = at;
    }
    return 0;
}

static bool is_part_of_a_number(char c)
{
    return (c >= '0' && c <= '9') || c == '+' || c == '-';
}

const char *rt_log_form_fault(const struct rt_log_form *form, const char **option)
{
    *option = "decimal";
    if (is_part_of_a_number(form->point))
        return "a digit or a sign cannot be the decimal point";
    *option = "group";
    if (is_part_of_a_number(form->group))
        return "a digit or a sign cannot stand between groups of digits";
    if (form->point == form->group)
        return "the same character as the decimal point";
    *option = "date-format";
    return form->date_format != NULL ? rt_day_format_fault(form->date_format) : NULL;
}

const char *rt_log_check_customer(struct rt_text cell)
{
    return cell.length > 0 ? NULL : "empty";
}

const char *rt_log_read_date(struct rt_text cell, const struct rt_log_form *form, int32_t *day)
{
    if (form->date_format != NULL)
        return rt_day_read_format(cell, form->date_format, day) == 0
                   ? NULL
                   : "not a date in the form that --date-format names";
    return rt_day_read(cell, day) == 0 ? NULL : "not a date YYYY-MM-DD";
}

const char *rt_log_read_amount(struct rt_text cell, const struct rt_log_form *form,
                               struct rt_decimal *amount)
{
    const bool plain = form->point == '.' && form->group == 0;
    switch (plain ? rt_decimal_read(cell, amount)
                  : rt_decimal_read_form(cell, form->point, form->group, amount)) {
    case RT_READ:
        return NULL;
    case RT_TOO_LONG:
        return "more digits than can be kept exactly";
    case RT_MALFORMED:
        break;
    }
    if (cell.length == 0)
        return "empty";
    return plain ? "not a number" : "not a number in the form that --decimal and --group name";
}

bool rt_log_amount_may_be_empty(struct rt_text event)
{
    return event.length > 0 && !rt_text_is(event, "purchase");
}

const char *rt_log_check_as_of(uint64_t rows, uint64_t after)
{
    return rows > 0 && after == rows ? "--as-of: all rows are of a later date" : NULL;
}
