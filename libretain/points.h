/*
 * points: what models are fitted to, read from a table, group by group.
 *
 * Rows are customers with the columns of the model, as rt-profile writes them; or, for models of
 * leaving (sbg, bdw), periods 0, 1, 2, ... with how many were still there at the end of each. Each
 * group has a histogram of its own. Memory: see histogram.h; nothing is kept of a row.
 */
#ifndef RT_POINTS_H
#define RT_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/histogram.h"
#include "libretain/map.h"
#include "libretain/model.h"
#include "libretain/table.h"

struct rt_points_form {
    const struct rt_model *model;
    double unit_days; /* times of the table are in days, and are divided by this */
    char *const *by;  /* the columns whose cells make a group; borrowed */
    size_t by_count;
    const char *weight; /* a column of how many customers a row stands for; NULL: one */
};

/* A group: its points, settled and in the unit, and what it was made of. */
struct rt_points_group {
    struct rt_histogram *points;
    struct rt_text key; /* cells of the `by` columns, as rt_group_key has them */
    int32_t as_of;      /* to which T and recency_days were counted; RT_DAY_NONE if not known */
};

struct rt_points {
    struct rt_points_group *groups; /* in the order of their keys */
    size_t count;
    uint64_t rows;
    uint64_t without;   /* of these, customers left out: see rt_points_read */
    struct rt_map keys; /* what the keys point into; empty without `by` */
};

/*
 * Reads all rows. Customers without purchases (x, t_x and T all empty) say nothing and are left
 * out, as are, for gg, those without a repeat purchase or with a mean value that is not above 0,
 * and rows of weight 0. Returns NULL with the table's message. Without `by`, one group, even of no
 * rows.
 */
struct rt_points *rt_points_read(struct rt_table *table, const struct rt_points_form *form);
void rt_points_free(struct rt_points *points);

#endif
