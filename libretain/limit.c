#include "libretain/limit.h"

int rt_limit_read(struct rt_text text, struct rt_limit *limit)
{
    const bool share = text.length > 0 && text.at[text.length - 1] == '%';
    limit->kind = share ? RT_LIMIT_SHARE : RT_LIMIT_ROWS;
    text.length -= share;
    if (rt_decimal_read(text, &limit->value) != RT_READ || limit->value.units < 0)
        return -1;
    const struct rt_decimal all = {100, 0};
    const bool fits = share ? rt_decimal_compare(limit->value, all) <= 0 : limit->value.places == 0;
    return fits ? 0 : -1;
}

bool rt_limit_passed(const struct rt_limit *limit, uint64_t bad, uint64_t read, bool at_end)
{
    if (limit->kind == RT_LIMIT_ROWS)
        return bad > (uint64_t)limit->value.units;
    if (limit->kind == RT_LIMIT_NONE || !at_end)
        return false;
    /* bad / read > units / (100 * 10^places); 10^18 * 100 * 2^40 rows stay below 2^127. */
    __int128 bad_scaled = (__int128)bad * 100;
    for (int i = 0; i < limit->value.places; i++)
        bad_scaled *= 10;
    return bad_scaled > (__int128)limit->value.units * (__int128)read;
}
