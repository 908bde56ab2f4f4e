#include "libretain/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

struct rt_terminal rt_terminal_look(int descriptor, unsigned choice, const char *no_color)
{
    struct rt_terminal terminal = {.on = isatty(descriptor) == 1};
    const bool wanted = no_color == NULL || no_color[0] == '\0';
    terminal.colour =
        choice == RT_COLOUR_ALWAYS || (choice == RT_COLOUR_AUTO && terminal.on && wanted);
    if (!terminal.on)
        return terminal;
    struct winsize size = {0};
    const bool told = ioctl(descriptor, TIOCGWINSZ, &size) == 0;
    terminal.width = told && size.ws_col > 0 ? size.ws_col : 80;
    terminal.height = told && size.ws_row > 0 ? size.ws_row : 24;
    return terminal;
}
