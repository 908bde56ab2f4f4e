/*
 * terminal: whether output goes to a terminal, how large that is, and whether to use colours.
 */
#ifndef RT_TERMINAL_H
#define RT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* The places of the words in "auto|always|never". */
enum { RT_COLOUR_AUTO, RT_COLOUR_ALWAYS, RT_COLOUR_NEVER };

struct rt_terminal {
    bool on; /* the descriptor is a terminal */
    bool colour;
    size_t width, height; /* of a terminal, 80 by 24 where it does not tell; else 0 */
};

/*
 * `choice` is one of the above; `no_color` is what the environment has for NO_COLOR, or NULL: any
 * text in it stands for never, where the user has not chosen.
 */
struct rt_terminal rt_terminal_look(int descriptor, unsigned choice, const char *no_color);

#endif
