#include "libretain/numeral.h"

#include <stddef.h>

static size_t digits_from(struct rt_text text, size_t at)
{
    const size_t start = at;
    while (at < text.length && rt_is_digit(text.at[at]))
        at++;
    return at - start;
}

bool rt_numeral_is(struct rt_text text)
{
    size_t at = text.length > 0 && (text.at[0] == '-' || text.at[0] == '+');
    const size_t whole = digits_from(text, at);
    at += whole;
    if (whole == 0 || at == text.length)
        return whole > 0;
    return text.at[at] == '.' && digits_from(text, at + 1) > 0 &&
           at + 1 + digits_from(text, at + 1) == text.length;
}

/* Adds one to the last digit of what stands behind `start`, carrying over points. */
static void carry(struct rt_buffer *into, size_t start)
{
    for (size_t i = into->used; i-- > start;) {
        char *digit = into->bytes + i;
        if (!rt_is_digit(*digit))
            continue;
        if (*digit < '9') {
            ++*digit;
            return;
        }
        *digit = '0';
    }
    rt_buffer_add(into, "0"); /* makes room */
    memmove(into->bytes + start + 1, into->bytes + start, into->used - start - 1);
    into->bytes[start] = '1';
}

/* -0.00 is 0.00. */
static void drop_sign_of_zero(struct rt_buffer *into, size_t start)
{
    for (size_t i = start; i < into->used; i++)
        if (into->bytes[i] >= '1' && into->bytes[i] <= '9')
            return;
    if (rt_is_digit(into->bytes[start]))
        return;
    memmove(into->bytes + start, into->bytes + start + 1, into->used - start - 1);
    into->used--;
}

void rt_numeral_round(struct rt_buffer *into, struct rt_text numeral, int digits)
{
    const char *point = numeral.length > 0 ? memchr(numeral.at, '.', numeral.length) : NULL;
    const size_t whole = point != NULL ? (size_t)(point - numeral.at) : numeral.length;
    if (digits < 0 || point == NULL || numeral.length - whole - 1 <= (size_t)digits) {
        rt_buffer_text(into, numeral);
        return;
    }
    const size_t start = into->used, kept = digits == 0 ? whole : whole + 1 + (size_t)digits;
    rt_buffer_text(into, (struct rt_text){numeral.at, kept});
    const size_t sign = !rt_is_digit(numeral.at[0]);
    if (numeral.at[digits == 0 ? whole + 1 : kept] >= '5')
        carry(into, start + sign);
    drop_sign_of_zero(into, start);
}

/* The digits of a number, zeros where it has none. */
struct digits {
    struct rt_text text;
    size_t first, whole; /* where they start; how many before the point */
};

static char digit_at(const struct digits *number, size_t index)
{
    const size_t at = number->first + index + (index >= number->whole);
    return at < number->text.length ? number->text.at[at] : '0';
}

void rt_numeral_percent(struct rt_buffer *into, struct rt_text numeral, int digits)
{
    struct digits number = {numeral, !rt_is_digit(numeral.at[0]), 0};
    number.whole = digits_from(numeral, number.first);
    const size_t places = digits > 0 ? (size_t)digits : 0, shown = number.whole + 2 + places;
    const size_t start = into->used;
    if (number.first == 1)
        rt_buffer_text(into, (struct rt_text){numeral.at, 1});
    size_t index = 0;
    while (index < number.whole + 1 && digit_at(&number, index) == '0')
        index++;
    for (; index < shown; index++) {
        if (index == number.whole + 2)
            rt_buffer_add(into, ".");
        rt_buffer_text(into, (struct rt_text){(char[]){digit_at(&number, index)}, 1});
    }
    if (digit_at(&number, shown) >= '5')
        carry(into, start + number.first);
    drop_sign_of_zero(into, start);
    rt_buffer_add(into, "%");
}
