/*
 * period: calendar periods, in which measures are counted.
 *
 * A period is a day, a week, a month, a quarter, a year, or a span of N days. Periods of one kind
 * follow one another without a gap, and each has an index: one more than that of the period
 * before. A week is ISO 8601's, which starts on Monday, or one that starts on Sunday; the spans
 * of N days are counted from Monday, 1970-01-05, so that they do not depend on the data. Labels:
 *
 *     day 2024-03-01, week 2024-W09, month 2024-03, quarter 2024-Q1, year 2024,
 *     N days and weeks from Sunday: the first day, 2024-02-25
 *
 * Labels of one kind sort by their bytes as the periods do. The calendar is that of day.h; a period
 * that sticks out of it is cut off there.
 */
#ifndef RT_PERIOD_H
#define RT_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/text.h"

enum rt_period_unit {
    RT_PERIOD_DAY,
    RT_PERIOD_WEEK,
    RT_PERIOD_MONTH,
    RT_PERIOD_QUARTER,
    RT_PERIOD_YEAR,
    RT_PERIOD_SPAN
};

/* A kind of periods. One value for each kind: rt_period_read gives 1d as day. */
struct rt_period {
    enum rt_period_unit unit;
    int32_t days; /* of a span, 2 to RT_PERIOD_MOST_DAYS; else 0 */
    bool sunday;  /* of weeks: they start on Sunday */
};

enum { RT_PERIOD_MOST_DAYS = 99999, RT_PERIOD_LABEL_BYTES = 16, RT_PERIOD_NAME_BYTES = 16 };

/*
 * Reads day, week, month, quarter, year or Nd, such as 30d. `sunday` is what the user said of
 * weeks; other kinds take no notice. Returns 0, or -1.
 */
int rt_period_read(struct rt_text text, bool sunday, struct rt_period *period);

/* Writes the kind so that another kind has another name, and a NUL: month, week-sunday, 30d. */
void rt_period_name(const struct rt_period *period, char into[RT_PERIOD_NAME_BYTES]);
/* Reads what rt_period_name wrote. Returns 0, or -1. */
int rt_period_read_name(struct rt_text text, struct rt_period *period);

bool rt_period_equal(const struct rt_period *a, const struct rt_period *b);

/* The index of the period that a day lies in. */
int32_t rt_period_index(const struct rt_period *period, int32_t day);

/* The first and the last day of a period that some day lies in. */
int32_t rt_period_first(const struct rt_period *period, int32_t index);
int32_t rt_period_last(const struct rt_period *period, int32_t index);

/* Writes the label and a NUL. Returns the length. */
size_t rt_period_label(const struct rt_period *period, int32_t index,
                       char into[RT_PERIOD_LABEL_BYTES]);
/* The index of the period that has exactly this label. Returns 0, or -1. */
int rt_period_read_label(const struct rt_period *period, struct rt_text label, int32_t *index);

#endif
