#include "libretain/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The number of changes of a letter that make one name of the other, case aside; Levenshtein. */
static size_t name_distance(const char *a, const char *b)
{
    enum { NAME_BYTES = 64 };
    const size_t length = strlen(b);
    if (strlen(a) > NAME_BYTES || length > NAME_BYTES)
        return SIZE_MAX;
    size_t row[NAME_BYTES + 1];
    for (size_t k = 0; k <= length; k++)
        row[k] = k;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < length; k++) {
            const bool same = tolower((unsigned char)a[i]) == tolower((unsigned char)b[k]);
            const size_t change = diagonal + (same ? 0 : 1);
            diagonal = row[k + 1];
            size_t best = change < diagonal + 1 ? change : diagonal + 1;
            if (row[k] + 1 < best)
                best = row[k] + 1;
            row[k + 1] = best;
        }
    }
    return row[length];
}

struct rt_nearest rt_nearest(const char *name)
{
    return (struct rt_nearest){.name = name, .distance = SIZE_MAX};
}

void rt_nearest_try(struct rt_nearest *nearest, const char *candidate)
{
    const char *name = nearest->name;
    size_t distance = name_distance(candidate, name);
    const bool part = candidate[0] != '\0' && name[0] != '\0' &&
                      (strstr(candidate, name) != NULL || strstr(name, candidate) != NULL);
    if (part && distance > 2)
        distance = 2;
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->best = candidate;
    }
}

const char *rt_nearest_best(const struct rt_nearest *nearest)
{
    return nearest->distance <= strlen(nearest->name) / 2 ? nearest->best : NULL;
}
