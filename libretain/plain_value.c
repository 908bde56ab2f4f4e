#include "libretain/plain_value.h"

#include <math.h>

#include "libretain/decimal.h"
#include "libretain/horizon.h"

int rt_plain_find(struct rt_table *table, struct rt_plain *plain)
{
    plain->orders = plain->T = -1;
    return (plain->revenue = rt_table_need(table, "revenue")) >= 0 &&
                   (!plain->formula || ((plain->orders = rt_table_need(table, "orders")) >= 0 &&
                                        (plain->T = rt_table_need(table, "T")) >= 0))
               ? 0
               : -1;
}

/* By the formula, of so much revenue; nan where `money` is empty. */
static int read_formula(struct rt_table *table, const struct rt_plain *plain, struct rt_text money,
                        struct rt_decimal revenue, double values[RT_PLAIN_VALUES])
{
    values[0] = values[1] = values[3] = (double)NAN;
    values[2] = plain->years;
    const struct rt_text count = rt_table_cell(table, (size_t)plain->orders);
    const struct rt_text age = rt_table_cell(table, (size_t)plain->T);
    if (count.length == 0 || rt_text_is(count, "0"))
        return 0;
    struct rt_decimal orders;
    double days;
    if (rt_decimal_read(count, &orders) != RT_READ || orders.places != 0 || orders.units < 0)
        return rt_table_refuse(table, plain->orders, "not a whole number from 0");
    if (rt_real_read(age, &days) != 0 || !(days >= 0 && days < 1e9))
        return rt_table_refuse(table, plain->T, "not a number of days from 0");
    if (orders.units == 0)
        return 0;
    values[0] = money.length > 0 ? rt_decimal_ratio(revenue, orders.units) : (double)NAN;
    values[1] = (double)orders.units / (days > RT_YEAR_DAYS ? days / RT_YEAR_DAYS : 1);
    values[3] = values[0] * values[1] * plain->years * plain->margin;
    return 0;
}

int rt_plain_read(struct rt_table *table, struct rt_plain *plain, double values[RT_PLAIN_VALUES])
{
    struct rt_decimal revenue = {0};
    const struct rt_text money = rt_table_cell(table, (size_t)plain->revenue);
    if (money.length > 0 && rt_decimal_read(money, &revenue) != RT_READ)
        return rt_table_refuse(table, plain->revenue, "not a number");
    if (revenue.units < 0) {
        plain->losses++;
        revenue.units = 0;
    }
    if (plain->formula)
        return read_formula(table, plain, money, revenue, values);
    values[0] = money.length > 0 ? rt_decimal_real(revenue) * plain->margin : (double)NAN;
    return 0;
}
