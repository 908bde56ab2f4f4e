#include "libretain/moments.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "libretain/power.h"

typedef unsigned __int128 wide;

enum { LIMBS = 4, LONG_LIMBS = 6, SQUARE_PLACES = 2 * RT_DECIMAL_PLACES };

enum { POWER_MOST = 18 };

/* Numbers of several limbs. Each returns what did not fit: a carry, a borrow, a remainder. ---- */

static uint64_t limbs_add(uint64_t *into, const uint64_t *more, int count)
{
    uint64_t carry = 0;
    for (int i = 0; i < count; i++) {
        const wide sum = (wide)into[i] + more[i] + carry;
        into[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    return carry;
}

static uint64_t limbs_subtract(uint64_t *from, const uint64_t *less, int count)
{
    uint64_t borrow = 0;
    for (int i = 0; i < count; i++) {
        const wide difference = (wide)from[i] - less[i] - borrow;
        from[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;
    }
    return borrow;
}

static uint64_t limbs_multiply(uint64_t *by, uint64_t factor, uint64_t carry, int count)
{
    for (int i = 0; i < count; i++) {
        const wide product = (wide)by[i] * factor + carry;
        by[i] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    return carry;
}

static uint64_t limbs_divide(uint64_t *by, uint64_t divisor, int count)
{
    uint64_t rest = 0;
    for (int i = count - 1; i >= 0; i--) {
        const wide whole = (wide)rest << 64 | by[i];
        by[i] = (uint64_t)(whole / divisor);
        rest = (uint64_t)(whole % divisor);
    }
    return rest;
}

static bool limbs_zero(const uint64_t *limbs, int count)
{
    uint64_t any = 0;
    for (int i = 0; i < count; i++)
        any |= limbs[i];
    return any == 0;
}

/* The double nearest to it, but for the last bit: the top 128 bits decide. */
static double limbs_real(const uint64_t *limbs, int count)
{
    int top = count - 1;
    while (top > 0 && limbs[top] == 0)
        top--;
    const uint64_t next = top > 0 ? limbs[top - 1] : 0;
    return ldexp((double)((wide)limbs[top] << 64 | next), 64 * (top - 1));
}

/* Reading ------------------------------------------------------------------------------------ */

/* `text` cut to `places` places and rounded by the digit that follows. */
static enum rt_reading read_rounded(struct rt_text text, size_t point, size_t places,
                                    struct rt_decimal *value)
{
    const size_t kept = places == 0 ? point : point + 1 + places;
    const enum rt_reading reading = rt_decimal_read((struct rt_text){text.at, kept}, value);
    if (reading != RT_READ)
        return reading;
    const char next = text.at[point + 1 + places];
    if (next < '5')
        return RT_READ;
    struct rt_decimal step = {text.at[0] == '-' ? -1 : 1, value->places};
    return rt_decimal_add(value, step) == 0 ? RT_READ : RT_TOO_LONG;
}

enum rt_reading rt_measure_read(struct rt_text text, struct rt_decimal *value)
{
    const enum rt_reading reading = rt_decimal_read(text, value);
    if (reading != RT_TOO_LONG)
        return reading;
    const char *dot = memchr(text.at, '.', text.length);
    if (dot == NULL)
        return RT_TOO_LONG;
    const size_t point = (size_t)(dot - text.at);
    size_t places = text.length - point - 1;
    for (size_t i = point + 1; i < text.length; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return RT_MALFORMED;
    if (places > RT_DECIMAL_PLACES + 1)
        places = RT_DECIMAL_PLACES + 1;
    while (places-- > 0)
        if (read_rounded(text, point, places, value) == RT_READ)
            return RT_READ;
    return RT_TOO_LONG;
}

/* Sums --------------------------------------------------------------------------------------- */

static int squares_widen(struct rt_squares *squares, int places)
{
    while (squares->places < places) {
        const int more = places - squares->places;
        const int step = more < POWER_MOST ? more : POWER_MOST;
        if (limbs_multiply(squares->limbs, rt_small_power[step], 0, LIMBS) != 0)
            return -1;
        squares->places += step;
    }
    return 0;
}

int rt_squares_merge(struct rt_squares *squares, struct rt_squares more)
{
    if (squares_widen(squares, more.places) != 0 || squares_widen(&more, squares->places) != 0)
        return -1;
    return limbs_add(squares->limbs, more.limbs, LIMBS) == 0 ? 0 : -1;
}

static uint64_t magnitude(int64_t units)
{
    return units < 0 ? -(uint64_t)units : (uint64_t)units;
}

int rt_moments_add(struct rt_moments *moments, struct rt_decimal value)
{
    const uint64_t units = magnitude(value.units);
    const wide square = (wide)units * units;
    const struct rt_squares more = {{(uint64_t)square, (uint64_t)(square >> 64), 0, 0},
                                    2 * value.places};
    moments->count++;
    if (rt_total_add(&moments->sum, value) != 0)
        return -1;
    return rt_squares_merge(&moments->squares, more);
}

int rt_moments_merge(struct rt_moments *moments, const struct rt_moments *more)
{
    if (__builtin_add_overflow(moments->count, more->count, &moments->count))
        return -1;
    if (rt_total_merge(&moments->sum, more->sum) != 0)
        return -1;
    return rt_squares_merge(&moments->squares, more->squares);
}

/* Results ------------------------------------------------------------------------------------ */

static double power_of_ten(int places)
{
    /* Exact up to 10^22; beyond, within one unit in the last place. */
    return places <= POWER_MOST
               ? (double)rt_small_power[places]
               : (double)rt_small_power[POWER_MOST] * power_of_ten(places - POWER_MOST);
}

double rt_moments_mean(const struct rt_moments *moments)
{
    if (moments->count == 0)
        return NAN;
    const double exact = 9007199254740992; /* 2^53: up to here one rounding is all there is */
    const double units = (double)moments->sum.units;
    const double divisor = (double)moments->count * power_of_ten(moments->sum.places);
    if (fabs(units) < exact && divisor < exact)
        return units / divisor;
    return rt_total_real(moments->sum) / (double)moments->count;
}

/* count * squares - sum^2, as whole numbers in units of 10^-(2 * places): no digit is lost. */
static double excess(struct rt_squares squares, int64_t count, struct rt_total sum)
{
    uint64_t product[LONG_LIMBS] = {0}, square[LONG_LIMBS] = {0}, part[LONG_LIMBS] = {0};
    memcpy(product, squares.limbs, sizeof squares.limbs);
    limbs_multiply(product, (uint64_t)count, 0, LONG_LIMBS);
    for (int more = squares.places; more < 2 * sum.places; more++)
        limbs_multiply(product, 10, 0, LONG_LIMBS);

    const wide units = sum.units < 0 ? -(wide)sum.units : (wide)sum.units;
    square[0] = part[1] = (uint64_t)units;
    square[1] = part[2] = (uint64_t)(units >> 64);
    limbs_multiply(square, (uint64_t)units, 0, LONG_LIMBS);
    limbs_multiply(part, (uint64_t)(units >> 64), 0, LONG_LIMBS);
    limbs_add(square, part, LONG_LIMBS);
    if (limbs_subtract(product, square, LONG_LIMBS) != 0)
        return NAN;
    return limbs_real(product, LONG_LIMBS);
}

double rt_moments_variance(const struct rt_moments *moments)
{
    if (moments->count < 2)
        return NAN;
    struct rt_squares squares = moments->squares;
    struct rt_total sum = moments->sum;
    /* Equal scales: a sum of squares read back has twice the places of its sum. */
    if (squares.places > 2 * sum.places &&
        rt_total_merge(&sum, (struct rt_total){0, (squares.places + 1) / 2}) != 0)
        return NAN;
    const double n = (double)moments->count;
    return excess(squares, moments->count, sum) / (n * (n - 1)) / power_of_ten(sum.places) /
           power_of_ten(sum.places);
}

/* Text --------------------------------------------------------------------------------------- */

size_t rt_squares_write(struct rt_squares squares, char into[RT_SQUARES_BYTES])
{
    char digits[RT_SQUARES_BYTES]; /* the least significant first */
    size_t count = 0, used = 0;
    while (!limbs_zero(squares.limbs, LIMBS))
        digits[count++] = (char)('0' + limbs_divide(squares.limbs, 10, LIMBS));
    while (count <= (size_t)squares.places)
        digits[count++] = '0';
    while (count > 0) {
        if (count == (size_t)squares.places)
            into[used++] = '.';
        into[used++] = digits[--count];
    }
    into[used] = '\0';
    return used;
}

int rt_squares_read(struct rt_text text, struct rt_squares *squares)
{
    *squares = (struct rt_squares){0};
    bool point = false;
    for (size_t i = 0; i < text.length; i++) {
        const char c = text.at[i];
        if (c == '.' && !point && i > 0 && i + 1 < text.length) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9')
            return -1;
        if (limbs_multiply(squares->limbs, 10, (uint64_t)(c - '0'), LIMBS) != 0)
            return -1;
        if (point && ++squares->places > SQUARE_PLACES)
            return -1;
    }
    return text.length > 0 ? 0 : -1;
}
