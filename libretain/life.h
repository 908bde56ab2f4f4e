/*
 * life: what a row of a profile says of a customer to the models.
 *
 * x, t_x and T are days and need not be whole: a profile may come from elsewhere. m_x is the mean
 * value of a repeat purchase. A customer whose x is an empty cell has not bought, and there is
 * nothing to say of him.
 */
#ifndef RT_LIFE_H
#define RT_LIFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/histogram.h"
#include "libretain/table.h"

struct rt_life {
    double x, t_x, T;
    double m_x; /* 0 where there is none, or it is not above 0 */
    bool known; /* has bought; else the numbers are 0 */
    bool lost;  /* m_x is there and not above 0, as where refunds took all: of no use to Gamma-Gamma
                 */
};

/* Where the columns are; m_x only where it is asked for. */
struct rt_life_columns {
    int x, t_x, T, m_x;
    bool money;
};

/* Finds them. Returns 0, or -1 with the table's message. */
int rt_life_find(struct rt_table *table, bool money, struct rt_life_columns *columns);

/* Reads the current row. Returns 0, or -1 with the table's message. */
int rt_life_read(struct rt_table *table, const struct rt_life_columns *columns,
                 struct rt_life *life);

/* The point of a model whose times are in units of so many days: x, t_x, T. */
void rt_life_point(const struct rt_life *life, double unit_days, double at[RT_POINT]);

/* Many of them, kept; begins as {0}. Memory: 40 bytes each. */
struct rt_lives {
    struct rt_life *lives;
    size_t count, size;
};
void rt_lives_add(struct rt_lives *lives, const struct rt_life *life);
void rt_lives_free(struct rt_lives *lives);

/*
 * Whether those who buy often spend more on an order, which Gamma-Gamma takes not to be so; begins
 * as {0}.
 */
struct rt_related {
    uint64_t rows, lost; /* customers; those whose m_x is of no use */
    double n, means[2], squares[2], crossed;
};
void rt_related_add(struct rt_related *related, const struct rt_life *life);
/* The correlation of x and m_x of repeat buyers; nan where nothing varies. */
double rt_related_value(const struct rt_related *related);

#endif
