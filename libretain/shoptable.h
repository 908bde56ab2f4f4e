/*
 * shoptable: the tables of a simulated shop (shop.h) as CSV.
 *
 * The log goes out in windows of days, so that it needs memory for the customers and the rows of a
 * window, not for all rows; the other tables and other orders of the log are held. Cells of a row
 * are drawn from a stream of the row's own: a column that is asked for changes no other column.
 */
#ifndef RT_SHOPTABLE_H
#define RT_SHOPTABLE_H

#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/shop.h"

enum rt_shop_table {
    RT_SHOP_LOG,
    RT_SHOP_ANSWERS,
    RT_SHOP_CONTACTS,
    RT_SHOP_SUBSCRIPTIONS,
    RT_SHOP_TICKETS
};
enum rt_shop_order { RT_SHOP_BY_DATE, RT_SHOP_BY_CUSTOMER, RT_SHOP_SHUFFLED };
enum rt_shop_ids { RT_SHOP_NUMBERS, RT_SHOP_TEXTS, RT_SHOP_UUIDS };

struct rt_shop_form {
    enum rt_shop_table table;
    enum rt_shop_order order;
    enum rt_shop_ids ids;
    bool order_ids;           /* columns order_id and, where there are returns, ref */
    uint32_t items;           /* above 0: columns item and qty, of so many items */
    struct rt_names channels; /* not empty: a column channel */
    double quoted;            /* above 0: a column note, quoted in this share of the rows */
};

/* Writes header and rows. */
void rt_shop_write(const struct rt_shop *shop, const struct rt_shop_form *form, struct rt_out *out);

/* Writes the id of a customer, without a NUL; returns its length. */
enum { RT_SHOP_ID_BYTES = 36 };
size_t rt_shop_write_id(const struct rt_shop *shop, enum rt_shop_ids ids, uint32_t index,
                        char into[RT_SHOP_ID_BYTES]);

#endif
