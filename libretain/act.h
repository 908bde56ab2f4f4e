/*
 * act: rows of customers and rules in, action rows out.
 *
 * Each row is judged by itself, so that memory is constant, and two threads can take turns: the
 * second writes into memory, and what they write stands in the order of the rows. Rows are held
 * only until one of them tells the as-of date.
 */
#ifndef RT_ACT_H
#define RT_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "libretain/action.h"
#include "libretain/arm.h"
#include "libretain/history.h"
#include "libretain/out.h"
#include "libretain/period.h"
#include "libretain/table.h"

struct rt_act {
    struct rt_table *table; /* behind its header */
    const struct rt_actions *actions;
    enum rt_expr_mode mode;  /* that the actions were compiled for */
    bool all;                /* every rule that holds, not only the first; needs RT_EXPR_EACH */
    int32_t as_of;           /* RT_DAY_NONE: last_date + recency_days of the rows, all the same */
    struct rt_period period; /* in which an action of a customer is the same one */
    const struct rt_done *done;
    const char *salt; /* NULL: there are no arms */
    struct rt_arm control;
    int threads; /* 1 or 2 */
};

/* What became of the rows for which a rule held; matched is lost + took. */
struct rt_act_counts {
    uint64_t matched;
    uint64_t lost; /* to an earlier rule */
    uint64_t took;
    uint64_t done;    /* took, but the history has this action already */
    uint64_t cooling; /* took, but the history has it within the cooldown */
    uint64_t control; /* took, is written, and is in the control arm */
};

/* Writes the header of action rows. */
void rt_act_header(struct rt_out *out);

/*
 * Reads the table to its end and writes the actions to `out`, unless that is NULL. Adds to the
 * counts, one for each rule, and the number of rows. Returns NULL, or what is wrong, which lives as
 * long as the table.
 */
const char *rt_act(const struct rt_act *act, struct rt_out *out, struct rt_act_counts *counts,
                   uint64_t *rows);

#endif
