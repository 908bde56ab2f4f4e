#include "libretain/clean.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

enum { DATES = 1024 };

/* Adds a column of the table to the result, once. */
static void add_column(struct rt_clean *clean, size_t at)
{
    for (size_t i = 0; i < clean->width; i++)
        if (clean->from[i] == at)
            return;
    clean->from[clean->width++] = at;
}

int rt_clean_open(struct rt_clean *clean, struct rt_table *table, const struct rt_log_form *form,
                  const struct rt_names *keep)
{
    *clean = (struct rt_clean){.form = *form};
    clean->dates = rt_alloc_zero(DATES, sizeof *clean->dates);
    struct rt_log log;
    if (rt_log_find(table, &log) != 0)
        return -1;
    clean->from = rt_alloc(RT_LOG_COLUMNS + keep->count, sizeof *clean->from);
    for (size_t i = 0; i < RT_LOG_COLUMNS; i++) {
        clean->place[i] = log.at[i] < 0 ? -1 : (int)clean->width;
        if (log.at[i] >= 0)
            add_column(clean, (size_t)log.at[i]);
    }
    for (size_t i = 0; i < keep->count; i++) {
        const int at = rt_table_need(table, keep->names[i]);
        if (at < 0)
            return -1;
        add_column(clean, (size_t)at);
    }
    clean->cells = rt_alloc(clean->width, sizeof *clean->cells);
    clean->as_they_come = clean->width == rt_table_width(table) && form->date_format == NULL &&
                          form->point == '.' && form->group == 0;
    for (size_t i = 0; i < clean->width; i++)
        clean->as_they_come = clean->as_they_come && clean->from[i] == i;
    return 0;
}

void rt_clean_free(struct rt_clean *clean)
{
    free(clean->from);
    free(clean->cells);
    free(clean->dates);
    *clean = (struct rt_clean){0};
}

/* Is a good amount written as rt_decimal_write would write it? May say no of one that is. */
static bool is_plain(struct rt_text amount)
{
    const bool minus = amount.length > 0 && amount.at[0] == '-';
    const char *digits = amount.at + minus;
    const size_t length = amount.length - minus;
    if (length == 0 || digits[0] < '0' || digits[0] > '9')
        return false;
    if (digits[0] != '0')
        return true;
    return !minus && (length == 1 || digits[1] == '.');
}

/* Where a date that was read before would be; NULL for one too long to be kept. */
static struct rt_clean_date *date_slot(const struct rt_clean *clean, struct rt_text cell)
{
    if (cell.length == 0 || cell.length > sizeof clean->dates->written)
        return NULL;
    uint64_t first = 0, last = 0;
    const size_t some = cell.length < sizeof first ? cell.length : sizeof first;
    memcpy(&first, cell.at, some);
    memcpy(&last, cell.at + cell.length - some, some);
    return &clean->dates[((first + (last << 9)) * UINT64_C(0x9e3779b97f4a7c15)) >> 54];
}

static const char *clean_date(struct rt_clean *clean)
{
    struct rt_text *cell = &clean->cells[clean->place[RT_LOG_DATE]];
    int32_t day;
    if (clean->form.date_format == NULL)
        return rt_log_read_date(*cell, &clean->form, &day);
    struct rt_clean_date *known = date_slot(clean, *cell);
    if (known != NULL && known->length == cell->length &&
        memcmp(known->written, cell->at, cell->length) == 0) {
        *cell = (struct rt_text){known->day, sizeof known->day};
        return NULL;
    }
    const char *reason = rt_log_read_date(*cell, &clean->form, &day);
    if (reason != NULL)
        return reason;
    rt_day_write(day, clean->date_text);
    if (known != NULL) {
        known->length = (uint8_t)cell->length;
        memcpy(known->written, cell->at, cell->length);
        memcpy(known->day, clean->date_text, sizeof known->day);
    }
    *cell = (struct rt_text){clean->date_text, sizeof clean->date_text - 1};
    return NULL;
}

static const char *clean_amount(struct rt_clean *clean)
{
    if (clean->place[RT_LOG_AMOUNT] < 0)
        return NULL;
    struct rt_text *cell = &clean->cells[clean->place[RT_LOG_AMOUNT]];
    const int event = clean->place[RT_LOG_EVENT];
    if (cell->length == 0 && event >= 0 && rt_log_amount_may_be_empty(clean->cells[event]))
        return NULL;
    struct rt_decimal amount;
    const char *reason = rt_log_read_amount(*cell, &clean->form, &amount);
    if (reason == NULL &&
        (!is_plain(*cell) || clean->form.point != '.' || clean->form.group != 0)) {
        const size_t length = rt_decimal_write(amount, clean->amount_text);
        *cell = (struct rt_text){clean->amount_text, length};
    }
    return reason;
}

const char *rt_clean_row(struct rt_clean *clean, const struct rt_rows *rows, size_t row,
                         int *column)
{
    for (size_t i = 0; i < clean->width; i++)
        clean->cells[i] = rt_cell(rows, row, clean->from[i]);
    clean->plain = !rows->quoted && rows->cells == NULL;
    enum rt_log_column bad = RT_LOG_CUSTOMER;
    const char *reason = rt_log_check_customer(clean->cells[clean->place[RT_LOG_CUSTOMER]]);
    if (reason == NULL) {
        bad = RT_LOG_DATE;
        reason = clean_date(clean);
    }
    if (reason == NULL) {
        bad = RT_LOG_AMOUNT;
        reason = clean_amount(clean);
    }
    *column = reason == NULL ? -1 : (int)clean->from[clean->place[bad]];
    return reason;
}

/* Is a row of a block without quotes good as it stands? */
static bool is_good(const struct rt_clean *clean, const struct rt_rows *rows, size_t row)
{
    int32_t day;
    struct rt_decimal amount;
    if (rt_cell(rows, row, (size_t)clean->place[RT_LOG_CUSTOMER]).length == 0 ||
        rt_day_read(rt_cell(rows, row, (size_t)clean->place[RT_LOG_DATE]), &day) != 0)
        return false;
    if (clean->place[RT_LOG_AMOUNT] < 0)
        return true;
    const struct rt_text cell = rt_cell(rows, row, (size_t)clean->place[RT_LOG_AMOUNT]);
    return rt_decimal_read(cell, &amount) == RT_READ && is_plain(cell);
}

size_t rt_clean_copy(const struct rt_clean *clean, const struct rt_rows *rows, size_t row,
                     struct rt_out *out)
{
    if (!clean->as_they_come || rows->quoted || rows->cells != NULL)
        return 0;
    const size_t first = row;
    const char *start = NULL, *end = NULL;
    for (; row < rows->count; row++) {
        const uint32_t *last = rows->ends + rows->last[row];
        const char *at = rows->base + (last[-(ptrdiff_t)rows->width] + 1u);
        const char *behind = rows->base + *last;
        /* Rows that do not touch have an empty line between them; a CR must not be copied. */
        if (behind[-1] == '\r' || (row > first && at != end + 1) || !is_good(clean, rows, row))
            break;
        if (row == first)
            start = at;
        end = behind;
    }
    if (row > first) {
        rt_out_raw(out, (struct rt_text){start, (size_t)(end - start)});
        rt_out_end(out);
    }
    return row - first;
}

void rt_clean_write_header(const struct rt_clean *clean, const struct rt_table *table,
                           struct rt_out *out)
{
    for (size_t i = 0; i < clean->width; i++)
        rt_out_string(out, rt_table_column_name(table, clean->from[i]));
    rt_out_end(out);
}

void rt_clean_write(const struct rt_clean *clean, const struct rt_text *cells, bool plain,
                    struct rt_out *out)
{
    for (size_t i = 0; i < clean->width; i++) {
        if (plain)
            rt_out_raw(out, cells[i]);
        else
            rt_out_text(out, cells[i]);
    }
    rt_out_end(out);
}
