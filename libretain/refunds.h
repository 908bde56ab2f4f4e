/*
 * refunds: what customers gave back, taken off what they had bought.
 *
 * A refund is a row with a negative amount, a purchase one with a positive amount. A refund with
 * a ref is taken off the purchases with that order_id, one without a ref off the purchases of the
 * same customer on the same day; of those, first off the ones with the same item where the refund
 * names one, then off the others, always in the order of the rows and never below zero. What
 * comes to zero is dropped, refund and purchase alike. What is left of a refund stays in its
 * place. So the sum of all amounts stays what it was, and a row that was zero stays.
 */
#ifndef RT_REFUNDS_H
#define RT_REFUNDS_H

#include <stdint.h>

#include "libretain/held.h"
#include "libretain/log.h"

struct rt_refund_counts {
    uint64_t refunds;   /* rows with a negative amount */
    uint64_t netted;    /* of these, taken off purchases to the last cent */
    uint64_t left;      /* of these, not linked, or not wholly: they stay in the log */
    uint64_t purchases; /* that came to zero */
};

/*
 * Takes refunds off purchases. `place` tells where the log's columns stand in the rows, -1 for
 * those that are not there; the amount is, and is a plain number (rt_decimal_read) or empty. Time
 * grows with the number of rows; memory is 32 bytes per row, and per refund the map's entry of its
 * ref, or of its customer and day.
 */
void rt_refunds_net(struct rt_held *rows, const int place[RT_LOG_COLUMNS],
                    struct rt_refund_counts *counts);

#endif
