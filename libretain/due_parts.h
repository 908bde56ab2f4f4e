/*
 * due_parts: what the parts of due.h share. Not for others.
 */
#ifndef RT_DUE_PARTS_H
#define RT_DUE_PARTS_H

#include "libretain/days.h"
#include "libretain/due.h"
#include "libretain/map.h"

/* Whole numbers stand for days and for logarithms of days. */
enum { RT_DUE_DAY_BITS = 20, RT_DUE_LOG_BITS = 32, RT_DUE_LOGS = 1024, RT_DUE_QUANTITY = 1000000 };

/* Aligned to 4 bytes only: a million customers are looked up at random, each byte less is time. */
struct rt_due_subject {
    int32_t last; /* day of purchase */
    uint32_t known : 1, gaps : 31;
    int64_t sum, log_sum;
} __attribute__((packed, aligned(4)));

/* A customer and an item; the key is a struct rt_due_pair_key. */
struct rt_due_pair {
    struct rt_due_subject subject;
    int64_t quantity; /* on the last day, in millionths */
} __attribute__((packed, aligned(4)));
struct rt_due_pair_key {
    uint32_t customer, item; /* places in the maps */
};

struct rt_due_item {
    uint64_t number; /* from 1 */
};

/* A purchase of an item, kept until all are there and can be sorted. */
struct rt_due_kept {
    uint32_t pair;
    int32_t day;
    int64_t quantity;
};

struct rt_due {
    struct rt_due_form form;
    struct rt_map customers; /* of rt_due_subject */
    struct rt_map pairs;     /* of rt_due_pair, and */
    struct rt_map items;     /* of rt_due_item: with items only */
    bool keep, disordered;
    struct rt_days *days; /* kept, without items */
    struct rt_due_kept *kept;
    size_t kept_count, kept_size;
    uint64_t rows, after, without_item;
    int32_t last_day, as_of;
    bool fitted;
    struct rt_rhythm rhythm;
    double *stretch;           /* per item: e^t */
    int64_t logs[RT_DUE_LOGS]; /* of days */
};

/* Takes in a purchase: `disordered` where the subject has a later one. */
void rt_due_add_day(struct rt_due *due, struct rt_due_subject *subject, int32_t day);
void rt_due_add_item(struct rt_due *due, struct rt_due_pair *pair, int32_t day, int64_t quantity);

/* All subjects in order of first appearance, as rt_map_next has it. */
const struct rt_due_subject *rt_due_next(const struct rt_due *due, const void *subject);
size_t rt_due_count(const struct rt_due *due);

/* What the model is told of a subject; `item` gets its number from 0, or 0 without items. */
struct rt_rhythm_history rt_due_history(const struct rt_due *due,
                                        const struct rt_due_subject *subject, size_t *item);

/* Finds the parameters, when all rows are in. */
void rt_due_fit(struct rt_due *due);

#endif
