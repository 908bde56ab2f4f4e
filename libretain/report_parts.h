/*
 * report_parts: what the files of report share. Not for others.
 */
#ifndef RT_REPORT_PARTS_H
#define RT_REPORT_PARTS_H

#include "libretain/chart.h"
#include "libretain/report.h"

enum rt_report_kind { RT_REPORT_METRICS, RT_REPORT_GOALS, RT_REPORT_RISKS, RT_REPORT_ROWS };
enum rt_report_kind rt_report_kind(const struct rt_sheet *sheet);

/* The as-of date that metric rows name, or an empty text. */
struct rt_text rt_report_as_of(const struct rt_sheet *sheet);

/* The headline figures of all inputs. */
void rt_report_cards(struct rt_buffer *into, const struct rt_report_input *inputs, size_t count);

/* The sections, without their headings. */
void rt_report_metrics(struct rt_buffer *into, const struct rt_report_form *form,
                       const struct rt_sheet *sheet);
void rt_report_goals(struct rt_buffer *into, const struct rt_report_form *form,
                     const struct rt_sheet *sheet);
void rt_report_risks(struct rt_buffer *into, const struct rt_report_form *form,
                     const struct rt_sheet *sheet);
void rt_report_rows(struct rt_buffer *into, const struct rt_report_form *form,
                    const struct rt_sheet *sheet);

/* "12 more of 300 rows", where some are left out. */
void rt_report_more(struct rt_buffer *into, size_t shown, size_t all, const char *what);

#endif
