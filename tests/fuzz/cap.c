/* A cap that reads is in bounds, and allows exactly what counting every span of days allows. */
#include <stdint.h>
#include <stdlib.h>

#include "libretain/cap.h"
#include "tests/fuzz/take.h"
#include "tests/unit/cap_spans.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DAYS_MOST = 64 };

/* The text of a cap, a line end, then bytes: the day, and the gap before and contacts of each day.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rt_text rest = {(const char *)data, size};
    const struct rt_text text = take(&rest, '\n');
    struct rt_cap cap, window;
    if (rt_cap_read_window(text, &window) == 0 &&
        (window.most != 1 || window.days < 0 || window.days > RT_CAP_DAYS_MOST))
        abort();
    if (rt_cap_read(text, &cap) != 0)
        return 0;
    if (cap.most < 1 || cap.most > RT_CAP_MOST || cap.days < 1 || cap.days > RT_CAP_DAYS_MOST)
        abort();
    if (rest.length == 0)
        return 0;
    struct rt_cap_day days[DAYS_MOST];
    size_t count = 0;
    int32_t day = 0;
    for (size_t i = 1; i + 1 < rest.length && count < DAYS_MOST; i += 2) {
        day += 1 + (unsigned char)rest.at[i];
        days[count++] = (struct rt_cap_day){day, 1u + (unsigned char)rest.at[i + 1] % 4};
    }
    const int32_t wanted = 8 * (unsigned char)rest.at[0];
    if (rt_cap_allows(&cap, days, count, wanted) != spans_allow(&cap, days, count, wanted))
        abort();
    return 0;
}
