#include "libretain/bands.h"

#include <stdbool.h>

#include "libretain/horizon.h"

const char rt_bands_no_list[] = "not limits between 0 and 1, such as 0.3,0.7";

/* Nothing but what numbers are made of. */
static bool is_list(struct rt_text text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] == '\0' || strchr("0123456789.,%+-", text.at[i]) == NULL)
            return false;
    return text.length > 0;
}

const char *rt_bands_read(struct rt_text text, struct rt_bands *bands)
{
    bands->count = 0;
    if (!is_list(text))
        return rt_bands_no_list;
    for (bool more = true; more;) {
        const char *comma = memchr(text.at, ',', text.length);
        const size_t length = comma != NULL ? (size_t)(comma - text.at) : text.length;
        double limit;
        if (bands->count == RT_BANDS_MOST)
            return "more than 3 limits; a file names as many bands as there are";
        if (rt_share_read((struct rt_text){text.at, length}, 1, &limit) != 0 || limit <= 0 ||
            limit >= 1)
            return "a limit is not between 0 and 1";
        if (bands->count > 0 && limit <= bands->limits[bands->count - 1])
            return "the limits do not ascend";
        bands->limits[bands->count++] = limit;
        more = comma != NULL;
        text = (struct rt_text){text.at + length + more, text.length - length - more};
    }
    return NULL;
}

const char *rt_bands_name(const struct rt_bands *bands, double probability)
{
    static const char *const names[RT_BANDS_MOST][RT_BANDS_MOST + 1] = {
        {"high risk", "low risk"},
        {"high risk", "medium risk", "low risk"},
        {"very high risk", "high risk", "medium risk", "low risk"},
    };
    int band = 0;
    while (band < bands->count && probability >= bands->limits[band])
        band++;
    return names[bands->count - 1][band];
}
