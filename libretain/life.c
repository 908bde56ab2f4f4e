#include "libretain/life.h"

#include <math.h>
#include <stdlib.h>

#include "libretain/decimal.h"
#include "libretain/err.h"

int rt_life_find(struct rt_table *table, bool money, struct rt_life_columns *columns)
{
    columns->money = money;
    columns->m_x = -1;
    return (columns->x = rt_table_need(table, "x")) >= 0 &&
                   (columns->t_x = rt_table_need(table, "t_x")) >= 0 &&
                   (columns->T = rt_table_need(table, "T")) >= 0 &&
                   (!money || (columns->m_x = rt_table_need(table, "m_x")) >= 0)
               ? 0
               : -1;
}

/* Whole days, which nearly all are, without a look at anything else. */
static int read_number(struct rt_text cell, double *value)
{
    if (cell.length == 0 || cell.length > 9)
        return rt_real_read(cell, value);
    uint32_t whole = 0;
    for (size_t i = 0; i < cell.length; i++) {
        const unsigned digit = (unsigned char)cell.at[i] - (unsigned)'0';
        if (digit > 9)
            return rt_real_read(cell, value);
        whole = 10 * whole + digit;
    }
    *value = whole;
    return 0;
}

static int read_money(struct rt_table *table, int column, struct rt_life *life)
{
    const struct rt_text cell = rt_table_cell(table, (size_t)column);
    if (cell.length == 0)
        return 0;
    if (rt_real_read(cell, &life->m_x) != 0 || !(fabs(life->m_x) < 1e15))
        return rt_table_refuse(table, column, "not a number");
    life->lost = life->x > 0 && !(life->m_x > 0);
    if (!(life->m_x > 0))
        life->m_x = 0;
    return 0;
}

int rt_life_read(struct rt_table *table, const struct rt_life_columns *columns,
                 struct rt_life *life)
{
    static const double most = 1e9;
    *life = (struct rt_life){0};
    const struct rt_text x = rt_table_cell(table, (size_t)columns->x);
    if (x.length == 0)
        return 0;
    life->known = true;
    if (read_number(x, &life->x) != 0 || !(life->x >= 0 && life->x <= most) ||
        floor(life->x) != life->x)
        return rt_table_refuse(table, columns->x, "not a whole number from 0");
    if (read_number(rt_table_cell(table, (size_t)columns->T), &life->T) != 0 ||
        !(life->T >= 0 && life->T <= most))
        return rt_table_refuse(table, columns->T, "not a number of days from 0");
    const struct rt_text last = rt_table_cell(table, (size_t)columns->t_x);
    if ((last.length > 0 || life->x > 0) &&
        (read_number(last, &life->t_x) != 0 || !(life->t_x >= 0)))
        return rt_table_refuse(table, columns->t_x, "not a number of days from 0");
    if (life->t_x > life->T)
        return rt_table_refuse(table, columns->t_x, "after T");
    if (life->x == 0)
        life->t_x = 0;
    return columns->money ? read_money(table, columns->m_x, life) : 0;
}

void rt_life_point(const struct rt_life *life, double unit_days, double at[RT_POINT])
{
    at[0] = life->x;
    at[1] = life->t_x / unit_days;
    at[2] = life->T / unit_days;
}

void rt_lives_add(struct rt_lives *lives, const struct rt_life *life)
{
    const size_t capacity = rt_grown(lives->size, lives->count + 1);
    if (capacity != 0) {
        lives->lives = rt_realloc(lives->lives, capacity, sizeof *lives->lives);
        lives->size = capacity;
    }
    lives->lives[lives->count++] = *life;
}

void rt_lives_free(struct rt_lives *lives)
{
    free(lives->lives);
    *lives = (struct rt_lives){0};
}

void rt_related_add(struct rt_related *related, const struct rt_life *life)
{
    related->rows++;
    related->lost += life->lost;
    if (!(life->x > 0 && life->m_x > 0))
        return;
    related->n++;
    const double x = life->x - related->means[0], m_x = life->m_x - related->means[1];
    related->means[0] += x / related->n;
    related->means[1] += m_x / related->n;
    related->squares[0] += x * (life->x - related->means[0]);
    related->squares[1] += m_x * (life->m_x - related->means[1]);
    related->crossed += x * (life->m_x - related->means[1]);
}

double rt_related_value(const struct rt_related *related)
{
    const double scale = sqrt(related->squares[0]) * sqrt(related->squares[1]);
    return scale > 0 ? related->crossed / scale : (double)NAN;
}
