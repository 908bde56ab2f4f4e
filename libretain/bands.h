/*
 * bands: classes of customers by the probability that they are still there.
 *
 * Ascending limits, 0.3,0.7, cut the probabilities into bands, each from its limit up to the next:
 * of two limits `high risk` is below the first, `medium risk` below the second, `low risk` the
 * rest. So customers with the same probability are in the same band.
 */
#ifndef RT_BANDS_H
#define RT_BANDS_H

#include "libretain/text.h"

enum { RT_BANDS_MOST = 3 };

struct rt_bands {
    int count; /* of limits: 1 to RT_BANDS_MOST */
    double limits[RT_BANDS_MOST];
};

/*
 * Reads limits above 0 and below 1 between commas, shares or percentages. Returns NULL, or what is
 * wrong; the message of a text that is no list of numbers at all is `rt_bands_no_list` itself.
 */
extern const char rt_bands_no_list[];
const char *rt_bands_read(struct rt_text text, struct rt_bands *bands);

/* The name of the band that a probability lies in. */
const char *rt_bands_name(const struct rt_bands *bands, double probability);

#endif
