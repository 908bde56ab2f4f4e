#include "libretain/arm.h"

#include "libretain/decimal.h"
#include "libretain/stamp.h"

int rt_arm_read(struct rt_text text, struct rt_arm *arm)
{
    struct rt_decimal percent;
    if (text.length == 0 || text.at[text.length - 1] != '%')
        return -1;
    text.length--;
    const struct rt_decimal all = {100, 0};
    if (rt_decimal_read(text, &percent) != RT_READ || percent.units < 0 ||
        rt_decimal_compare(percent, all) > 0)
        return -1;
    unsigned __int128 whole = 100;
    for (int i = 0; i < percent.places; i++)
        whole *= 10;
    /* Rounded up: a hash is below the share exactly where it is below this. */
    const unsigned __int128 scaled = (unsigned __int128)percent.units << 64;
    arm->end = scaled / whole + (scaled % whole != 0);
    return 0;
}

uint64_t rt_arm_hash(struct rt_text salt, struct rt_text customer)
{
    const struct rt_text texts[] = {salt, customer};
    return rt_stamp(texts, 2);
}
