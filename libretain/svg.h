/*
 * svg: a chart as SVG 1.1, whose text stays text.
 *
 * Nothing in it is looked up anywhere: no script, no font, no style sheet. Colours are those of
 * Okabe and Ito, which colour-blind people can tell apart, and series have markers of different
 * shape besides; heat maps go from pale to dark. Each value is the <title> of its mark, which
 * browsers show as a tooltip and read aloud. Text from the data is escaped.
 */
#ifndef RT_SVG_H
#define RT_SVG_H

#include <stdbool.h>

#include "libretain/buffer.h"
#include "libretain/chart.h"

struct rt_svg_form {
    double width, height; /* in pixels; charts of many rows are as high as they need to be */
    bool inside;          /* part of a page: no XML declaration, no paper, no title */
};

/* The marks have the classes s0 to s7, h0 to h8, ink, soft, rule and paper, for a page's style. */
void rt_svg_chart(struct rt_buffer *into, const struct rt_chart *chart,
                  const struct rt_svg_form *form);

/* A line without axes, for beside a figure; undefined values are gaps. */
void rt_svg_spark(struct rt_buffer *into, const double *values, size_t count, double width,
                  double height);

/* The declaration that a file of SVG begins with. */
extern const char rt_svg_declaration[];

/* The background of a step of a heat map, and whether text on it is white: contrast is above 4.5.
 */
enum { RT_SVG_HEATS = 9 };
const char *rt_svg_heat(int step, bool *white);
int rt_svg_heat_step(double place);

#endif
