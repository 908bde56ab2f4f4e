/* Netting keeps the sum, takes no purchase below zero, leaves no row at zero that was not there. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "libretain/decimal.h"
#include "libretain/refunds.h"

enum { WIDTH = 6, BYTES_OF_A_ROW = 3, ROWS_MOST = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* customer, date, amount, order, item, ref; few values of each, so that they meet. */
static const int place[RT_LOG_COLUMNS] = {0, 1, 2, -1, 3, 4, -1, -1, 5};

static void add_row(struct rt_held *rows, const uint8_t *bytes)
{
    static const char *const names[] = {"", "a", "b", "c"};
    char amount[RT_DECIMAL_BYTES];
    const struct rt_decimal value = {(int8_t)bytes[0], bytes[1] & 3};
    const size_t length = (bytes[1] & 0x7c) == 0x7c ? 0 : rt_decimal_write(value, amount);
    const struct rt_text cells[WIDTH] = {rt_text(names[1 + (bytes[1] >> 7)]),
                                         rt_text((bytes[1] & 4) != 0 ? "2024-01-01" : "2024-02-02"),
                                         {amount, length},
                                         rt_text(names[bytes[2] & 3]),
                                         rt_text(names[bytes[2] >> 2 & 3]),
                                         rt_text(names[bytes[2] >> 4 & 3])};
    rt_held_add(rows, cells);
}

/* The amount of a row in thousandths; false where the row is not there. */
static bool thousandths(const struct rt_held *rows, size_t row, int64_t *value)
{
    struct rt_text cells[WIDTH];
    struct rt_decimal amount = {0};
    if (!rt_held_row(rows, row, cells))
        return false;
    if (cells[2].length > 0 && rt_decimal_read(cells[2], &amount) != RT_READ)
        abort();
    if (rt_decimal_widen(&amount, 3) != 0 || amount.places != 3)
        abort();
    *value = amount.units;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rt_held rows;
    rt_held_init(&rows, WIDTH);
    for (size_t at = 0; at + BYTES_OF_A_ROW <= size && rows.count < ROWS_MOST; at += BYTES_OF_A_ROW)
        add_row(&rows, data + at);
    int64_t before[ROWS_MOST], after, sum = 0;
    uint64_t left = 0, gone = 0;
    for (size_t row = 0; row < rows.count; row++)
        if (thousandths(&rows, row, &before[row]))
            sum += before[row];
    struct rt_refund_counts counts;
    rt_refunds_net(&rows, place, &counts);
    for (size_t row = 0; row < rows.count; row++) {
        if (!thousandths(&rows, row, &after)) {
            if (before[row] == 0)
                abort();
            gone += before[row] > 0;
            continue;
        }
        sum -= after;
        left += after < 0;
        if ((before[row] == 0) != (after == 0) || (before[row] < 0) != (after < 0))
            abort();
        if ((before[row] > 0 && after > before[row]) || (before[row] < 0 && after < before[row]))
            abort();
    }
    if (sum != 0 || left != counts.left || gone != counts.purchases ||
        counts.netted + counts.left != counts.refunds)
        abort();
    rt_held_free(&rows);
    return 0;
}
