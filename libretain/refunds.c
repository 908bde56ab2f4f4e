#include "libretain/refunds.h"

#include <stdbool.h>
#include <stdlib.h>

#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/key.h"
#include "libretain/map.h"

/* What links a refund to purchases, from the closest link to the widest. */
enum link { BY_ORDER_AND_ITEM, BY_ORDER, BY_DAY_AND_ITEM, BY_DAY, LINKS };

struct amount {
    struct rt_decimal left;
    size_t next; /* the next purchase with the same key, plus 1; 0 is none */
    bool changed;
};

/* The purchases with one key from which something can still be taken: row numbers plus 1. */
struct chain {
    size_t first, last;
};

struct work {
    struct rt_held *rows;
    const int *place; /* of the log's columns */
    struct amount *amounts;
    struct rt_text *cells;
    struct rt_key key;
    struct rt_map chains;
};

static int sign(struct rt_decimal value)
{
    return (value.units > 0) - (value.units < 0);
}

static struct rt_text cell(const struct work *work, enum rt_log_column column)
{
    const int at = work->place[column];
    return at < 0 ? (struct rt_text){NULL, 0} : work->cells[at];
}

/* Builds the key by which a row is linked; false where it has none. */
static bool make_key(struct work *work, size_t row, enum link link, bool refund)
{
    if (!rt_held_row(work->rows, row, work->cells))
        return false;
    const struct rt_text item = cell(work, RT_LOG_ITEM);
    const bool with_item = link == BY_ORDER_AND_ITEM || link == BY_DAY_AND_ITEM;
    if (with_item && item.length == 0)
        return false;
    rt_key_clear(&work->key);
    if (link == BY_ORDER || link == BY_ORDER_AND_ITEM) {
        const struct rt_text order = cell(work, refund ? RT_LOG_REF : RT_LOG_ORDER);
        if (order.length == 0)
            return false;
        rt_key_add(&work->key, order);
    } else {
        if (refund && cell(work, RT_LOG_REF).length > 0)
            return false;
        rt_key_add(&work->key, cell(work, RT_LOG_CUSTOMER));
        rt_key_add(&work->key, cell(work, RT_LOG_DATE));
    }
    if (with_item)
        rt_key_add(&work->key, item);
    return true;
}

static struct chain *find_chain(struct work *work)
{
    const struct rt_text key = rt_key_text(&work->key);
    return rt_map_find(&work->chains, key, rt_map_hash(&work->chains, key));
}

/* Strings the purchases together that some refund asks for. */
static void make_chains(struct work *work, enum link link)
{
    rt_map_clear(&work->chains);
    for (size_t row = 0; row < work->rows->count; row++) {
        if (sign(work->amounts[row].left) < 0 && make_key(work, row, link, true)) {
            const struct rt_text key = rt_key_text(&work->key);
            rt_map_add(&work->chains, key, rt_map_hash(&work->chains, key));
        }
    }
    if (work->chains.count == 0)
        return;
    for (size_t row = 0; row < work->rows->count; row++) {
        work->amounts[row].next = 0;
        if (sign(work->amounts[row].left) <= 0 || !make_key(work, row, link, false))
            continue;
        struct chain *chain = find_chain(work);
        if (chain == NULL)
            continue;
        if (chain->first == 0)
            chain->first = row + 1;
        else
            work->amounts[chain->last - 1].next = row + 1;
        chain->last = row + 1;
    }
}

/* Takes of a refund what the purchase can bear; false where the digits do not suffice for it. */
static bool take(struct amount *refund, struct amount *purchase)
{
    struct rt_decimal back = refund->left, rest = purchase->left;
    if (__builtin_sub_overflow(0, back.units, &back.units))
        return false;
    const struct rt_decimal taken = rt_decimal_compare(back, rest) < 0 ? back : rest;
    const struct rt_decimal minus = {-taken.units, taken.places};
    struct rt_decimal left = refund->left;
    if (rt_decimal_add(&rest, minus) != 0 || rt_decimal_add(&left, taken) != 0)
        return false;
    *refund = (struct amount){left, refund->next, true};
    *purchase = (struct amount){rest, purchase->next, true};
    return true;
}

static void net_by(struct work *work, enum link link)
{
    make_chains(work, link);
    for (size_t row = 0; work->chains.count > 0 && row < work->rows->count; row++) {
        struct amount *refund = &work->amounts[row];
        if (sign(refund->left) >= 0 || !make_key(work, row, link, true))
            continue;
        struct chain *chain = find_chain(work);
        while (chain->first != 0 && sign(refund->left) < 0) {
            struct amount *purchase = &work->amounts[chain->first - 1];
            if (!take(refund, purchase))
                break;
            if (sign(purchase->left) == 0)
                chain->first = purchase->next;
        }
    }
}

static void read_amounts(struct work *work, struct rt_refund_counts *counts)
{
    for (size_t row = 0; row < work->rows->count; row++) {
        struct rt_decimal *left = &work->amounts[row].left;
        if (!rt_held_row(work->rows, row, work->cells) ||
            rt_decimal_read(cell(work, RT_LOG_AMOUNT), left) != RT_READ)
            *left = (struct rt_decimal){0};
        counts->refunds += sign(*left) < 0;
    }
}

static void write_amounts(struct work *work, struct rt_refund_counts *counts)
{
    for (size_t row = 0; row < work->rows->count; row++) {
        const struct amount *amount = &work->amounts[row];
        counts->left += sign(amount->left) < 0;
        if (!amount->changed)
            continue;
        if (sign(amount->left) == 0) {
            rt_held_row(work->rows, row, work->cells);
            counts->purchases += cell(work, RT_LOG_AMOUNT).at[0] != '-';
            rt_held_drop(work->rows, row);
        } else {
            char text[RT_DECIMAL_BYTES];
            const size_t length = rt_decimal_write(amount->left, text);
            rt_held_set(work->rows, row, (size_t)work->place[RT_LOG_AMOUNT],
                        (struct rt_text){text, length});
        }
    }
    counts->netted = counts->refunds - counts->left;
}

void rt_refunds_net(struct rt_held *rows, const int place[RT_LOG_COLUMNS],
                    struct rt_refund_counts *counts)
{
    *counts = (struct rt_refund_counts){0};
    struct work work = {.rows = rows, .place = place};
    work.amounts = rt_alloc_zero(rows->count, sizeof *work.amounts);
    work.cells = rt_alloc(rows->width, sizeof *work.cells);
    rt_map_init(&work.chains, sizeof(struct chain));
    read_amounts(&work, counts);
    for (unsigned link = 0; counts->refunds > 0 && link < LINKS; link++)
        net_by(&work, (enum link)link);
    write_amounts(&work, counts);
    rt_map_free(&work.chains);
    rt_key_free(&work.key);
    free(work.cells);
    free(work.amounts);
}
