/*
 * svg_parts: what the files of svg share. Not for others.
 */
#ifndef RT_SVG_PARTS_H
#define RT_SVG_PARTS_H

#include "libretain/scale.h"
#include "libretain/svg.h"

enum { RT_SVG_PAD = 16, RT_SVG_TEXT = 12, RT_SVG_SMALL = 11 };

/* A picture that is being drawn: the chart lies between left and right, top and bottom. */
struct rt_svg {
    struct rt_buffer *into;
    const struct rt_chart *chart;
    const struct rt_svg_form *form;
    double width, height;
    double left, right, top, bottom;
};

enum rt_svg_anchor { RT_SVG_START, RT_SVG_MIDDLE, RT_SVG_END };

/* How wide a text is at most, in any font that is likely. */
double rt_svg_text_width(struct rt_text text, double size);

/* Text at its base line; class is ink, soft or any. It is cut off where it is wider than `room`. */
void rt_svg_text(struct rt_svg *svg, double x, double y, double size, const char *class,
                 enum rt_svg_anchor anchor, struct rt_text text, double room);
void rt_svg_line(struct rt_svg *svg, double x1, double y1, double x2, double y2,
                 const char *attributes);

/* Opens the picture: title, method, legend. `top` is set to where the chart may start. */
void rt_svg_open(struct rt_svg *svg, bool intervals);
void rt_svg_close(struct rt_svg *svg);
/* The heights of what rt_svg_open draws and of the foot of an axis. */
double rt_svg_head(const struct rt_svg *svg, bool intervals);

const char *rt_svg_colour(size_t series);
/* The number of the colour of bars, which have no markers: neighbours differ more in grey. */
size_t rt_svg_bar(size_t series);
/* A mark that tells series apart by its shape; hollow where the value is not complete. */
void rt_svg_marker(struct rt_svg *svg, size_t series, double x, double y, bool hollow);
/* <title> of a point. */
void rt_svg_tip(struct rt_svg *svg, size_t series, size_t place);

/*
 * Of `count` labels, `space` apart and at most `widest` wide, every how many-th is written. Of
 * months, that makes whole years, or parts of one.
 */
size_t rt_svg_thin(size_t count, double space, double widest, bool months);

void rt_svg_lines(struct rt_svg *svg);
void rt_svg_bars(struct rt_svg *svg);
void rt_svg_heats(struct rt_svg *svg);

#endif
