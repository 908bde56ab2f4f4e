/* Horizons, rates and limits: what is read is in its range, and the same text reads the same. */
#include "libretain/horizon.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "libretain/bands.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_bands(const struct rt_bands *bands)
{
    if (bands->count < 1 || bands->count > RT_BANDS_MOST)
        abort();
    for (int i = 0; i < bands->count; i++) {
        const double limit = bands->limits[i];
        if (!(limit > 0 && limit < 1) || (i > 0 && !(limit > bands->limits[i - 1])))
            abort();
        /* A limit begins a band: just below it is another one. */
        if (strcmp(rt_bands_name(bands, limit), rt_bands_name(bands, nextafter(limit, 0))) == 0)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rt_text text = {(const char *)data, size};
    double days, share, unit;
    struct rt_bands bands;
    if (rt_horizon_read(text, &days) == NULL && !(days > 0))
        abort();
    if (rt_rate_read(text, &share, &unit) == NULL && !(share >= 0 && share <= 1000 && unit >= 1))
        abort();
    if (rt_share_read(text, 1, &share) == 0 && !(share >= 0 && share <= 1))
        abort();
    if (rt_bands_read(text, &bands) == NULL)
        check_bands(&bands);
    return 0;
}
