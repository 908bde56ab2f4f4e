#include "libretain/plain_value.h"

#include <math.h>

#include "libretain/decimal.h"
#include "libretain/horizon.h"

int rt_plain_find(struct rt_table *table, bool formula, struct rt_plain_columns *columns)
{
    columns->orders = columns->T = -1;
    return (columns->revenue = rt_table_need(table, "revenue")) >= 0 &&
                   (!formula || ((columns->orders = rt_table_need(table, "orders")) >= 0 &&
                                 (columns->T = rt_table_need(table, "T")) >= 0))
               ? 0
               : -1;
}

int rt_plain_read(struct rt_table *table, const struct rt_plain_columns *columns,
                  struct rt_plain_value *value)
{
    *value = (struct rt_plain_value){(double)NAN, (double)NAN, (double)NAN};
    struct rt_decimal revenue, orders;
    const struct rt_text money = rt_table_cell(table, (size_t)columns->revenue);
    if (money.length > 0 && rt_decimal_read(money, &revenue) != RT_READ)
        return rt_table_refuse(table, columns->revenue, "not a number");
    if (money.length > 0)
        value->net = rt_decimal_real(revenue);
    if (columns->orders < 0)
        return 0;
    const struct rt_text count = rt_table_cell(table, (size_t)columns->orders);
    const struct rt_text age = rt_table_cell(table, (size_t)columns->T);
    if (count.length == 0 || rt_text_is(count, "0"))
        return 0;
    double days;
    if (rt_decimal_read(count, &orders) != RT_READ || orders.places != 0 || orders.units < 0)
        return rt_table_refuse(table, columns->orders, "not a whole number from 0");
    if (rt_real_read(age, &days) != 0 || !(days >= 0 && days < 1e9))
        return rt_table_refuse(table, columns->T, "not a number of days from 0");
    if (orders.units == 0)
        return 0;
    value->order_value = money.length > 0 ? rt_decimal_ratio(revenue, orders.units) : (double)NAN;
    value->frequency = (double)orders.units / (days > RT_YEAR_DAYS ? days / RT_YEAR_DAYS : 1);
    return 0;
}
