/* A limit that reads is in bounds, is passed once only as rows get bad, and exactly where it says.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/limit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rt_limit limit;
    if (size < 2 || rt_limit_read((struct rt_text){(const char *)data + 2, size - 2}, &limit) != 0)
        return 0;
    const uint64_t read = data[0] + 1u, bad = data[1] % (read + 1);
    if (limit.kind == RT_LIMIT_NONE || limit.value.units < 0)
        abort();
    const bool passed = rt_limit_passed(&limit, bad, read, true);
    if (passed && bad < read && !rt_limit_passed(&limit, bad + 1, read, true))
        abort();
    if (rt_limit_passed(&limit, bad, read, false) && !passed)
        abort();
    if (rt_limit_passed(&limit, 0, read, true))
        abort();
    if (limit.kind == RT_LIMIT_ROWS && passed != (bad > (uint64_t)limit.value.units))
        abort();
    if (limit.kind == RT_LIMIT_SHARE && rt_limit_passed(&limit, read, read, true) &&
        rt_decimal_compare(limit.value, (struct rt_decimal){100, 0}) >= 0)
        abort();
    if (limit.kind == RT_LIMIT_SHARE && limit.value.places == 0 &&
        passed != (bad * 100 > (uint64_t)limit.value.units * read))
        abort();
    return 0;
}
