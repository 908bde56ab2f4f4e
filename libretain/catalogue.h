/*
 * catalogue: what is known of the metrics of the toolkit, for those who look at them.
 *
 * The title, the unit, which way is good, and the definition in a sentence. A metric that is not
 * listed is known by its name, and its unit is guessed from the method and the numbers.
 */
#ifndef RT_CATALOGUE_H
#define RT_CATALOGUE_H

#include <stdbool.h>

#include "libretain/text.h"

enum rt_unit {
    RT_UNIT_NUMBER,
    RT_UNIT_COUNT,  /* of customers, orders, answers */
    RT_UNIT_SHARE,  /* 0 to 1, shown in percent */
    RT_UNIT_POINTS, /* of a score */
    RT_UNIT_MONEY,
    RT_UNIT_DAYS,
    RT_UNIT_DIFFERENCE /* of shares, shown in percentage points */
};

enum rt_better { RT_BETTER_UNKNOWN, RT_BETTER_UP, RT_BETTER_DOWN };

struct rt_meaning {
    const char *title; /* "Churn rate"; NULL where the metric is not known: show its name */
    enum rt_unit unit;
    enum rt_better better;
    int rank; /* of headline figures, from 1; 0: none of them */
    const char *definition, *numerator, *denominator; /* NULL where there is nothing to say */
};

/*
 * What is known of a metric by a method.
 */
struct rt_meaning rt_catalogue(struct rt_text metric, struct rt_text method);

/*
 * Is the metric there so that other rows can be merged, such as a sum of squares? Then it is not
 * for people to look at.
 */
bool rt_catalogue_is_aside(struct rt_text metric);

#endif
