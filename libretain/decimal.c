#include "libretain/decimal.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/power.h"
#include "libretain/word.h"

typedef unsigned __int128 wide;

enum {
    TOTAL_DIGITS = 38, /* of a total; 10^38 is below 2^127 */
    KEPT_DIGITS = 800  /* a double's decimal form ends or is decided within 767 */
};

/* 10^exponent, 0 to 38. */
static inline wide power_of_ten(int exponent)
{
    return exponent < 20 ? (wide)rt_small_power[exponent]
                         : (wide)rt_small_power[19] * rt_small_power[exponent - 19];
}

static inline wide magnitude(__int128 value)
{
    return value < 0 ? -(wide)value : (wide)value;
}

static inline uint64_t small_magnitude(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

/* Reading. */

/* What a text says, exactly; `fits` tells that it has not more than 38 digits. */
struct digits {
    wide units;
    int places;
    bool negative;
    bool fits;
};

/* Takes one more digit in; `room` is a tenth of the limit. Units that are full stay as they are. */
static inline void add_digit(struct digits *digits, unsigned digit, wide room)
{
    if (digits->units >= room)
        digits->fits = false;
    else
        digits->units = digits->units * 10 + digit;
}

/*
 * Any text, byte by byte: optional sign, digits, perhaps in groups of three, perhaps the point
 * and more digits. False where it is malformed.
 */
static bool read_digits(struct rt_text text, char point, char group, struct digits *digits)
{
    const wide room = power_of_ten(TOTAL_DIGITS - 1);
    const char *at = text.at;
    const char *const end = text.at + text.length;
    *digits = (struct digits){.fits = true};
    if (at < end && (*at == '-' || *at == '+'))
        digits->negative = *at++ == '-';
    size_t in_group = 0;
    bool grouped = false;
    for (; at < end && *at != point; at++) {
        if (group != 0 && *at == group) {
            if (in_group == 0 || in_group > 3 || (grouped && in_group != 3))
                return false;
            grouped = true;
            in_group = 0;
            continue;
        }
        if (*at < '0' || *at > '9')
            return false;
        add_digit(digits, (unsigned)(*at - '0'), room);
        in_group++;
    }
    if (in_group == 0 || (grouped && in_group != 3))
        return false;
    if (at == end)
        return true;
    for (at++; at < end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        add_digit(digits, (unsigned)(*at - '0'), room);
        if (digits->places++ == RT_DECIMAL_PLACES) {
            digits->places = RT_DECIMAL_PLACES;
            digits->fits = false;
        }
    }
    return end[-1] != point;
}

/* Rare: kept out of the usual way, which needs no memory on the stack. */
__attribute__((noinline)) static enum rt_reading read_exactly(struct rt_text text, char point,
                                                              char group, struct rt_decimal *value)
{
    struct digits digits;
    if (!read_digits(text, point, group, &digits))
        return RT_MALFORMED;
    const wide most = (wide)INT64_MAX + (digits.negative ? 1 : 0);
    if (!digits.fits || digits.units > most)
        return RT_TOO_LONG;
    const uint64_t units = (uint64_t)digits.units;
    value->units = (int64_t)(digits.negative ? -units : units);
    value->places = digits.places;
    return RT_READ;
}

static const uint64_t zeros = UINT64_C(0x3030303030303030); /* "00000000" */
static const uint64_t tops = UINT64_C(0x8080808080808080);

/* `length` bytes, 1 to 8, behind as many '0' as make it eight. Reads nothing else. */
static inline uint64_t load_padded(const char *at, size_t length)
{
    if (length == 8)
        return rt_load_eight(at);
    const unsigned pad = (unsigned)(8 - length) * 8;
    uint64_t word;
    if (length >= 4)
        word = rt_load_four(at + length - 4) << 32 | (rt_load_four(at) << pad & UINT32_MAX);
    else /* first, middle and last: some of them the same byte */
        word = (uint64_t)(unsigned char)at[0] << pad |
               (uint64_t)(unsigned char)at[length / 2] << (pad + length / 2 * 8) |
               (uint64_t)(unsigned char)at[length - 1] << 56;
    return word | (zeros & ((UINT64_C(1) << pad) - 1));
}

/* The value of eight digits; false where one of the bytes is none. */
static inline bool eight_digits(uint64_t word, uint64_t *value)
{
    const uint64_t digits = word ^ zeros;
    if (((digits | (digits + UINT64_C(0x7676767676767676))) & tops) != 0)
        return false;
    const uint64_t pairs = digits * 10 + (digits >> 8); /* in bytes 0, 2, 4, 6 */
    const uint64_t mask = UINT64_C(0x000000ff000000ff);
    *value = ((pairs & mask) * (UINT64_C(1000000) << 32 | 100) +
              (pairs >> 16 & mask) * (UINT64_C(10000) << 32 | 1)) >>
             32;
    return true;
}

/*
 * Takes the point out of eight bytes: a '0' comes in at their start. Returns the number of bytes
 * behind the point, or -1 where there is no point.
 */
static inline int take_point(uint64_t *word)
{
    /* Money has two places: its point is found where it is looked for first. */
    if ((*word >> 40 & 0xff) == '.') {
        *word = (*word >> 48 << 48) | (*word << 24 >> 16) | '0';
        return 2;
    }
    const uint64_t points = *word ^ UINT64_C(0x2e2e2e2e2e2e2e2e);
    /* The lowest zero byte is marked rightly, others perhaps not. */
    const uint64_t marks = (points - UINT64_C(0x0101010101010101)) & ~points & tops;
    if (marks == 0)
        return -1;
    const unsigned shift = (unsigned)__builtin_ctzll(marks) - 7;
    const uint64_t before = *word & ((UINT64_C(1) << shift) - 1);
    const uint64_t behind = *word >> shift >> 8 << 8 << shift;
    *word = behind | before << 8 | '0';
    return 7 - (int)(shift / 8);
}

/*
 * The usual forms without a sign: of 1 to 8 bytes, and of 9 to 16. False leaves the text to those
 * who look at each byte. A point needs a digit before it; what is wrong otherwise is no digit.
 */
static inline bool read_eight(const char *at, size_t length, uint64_t *units, int *places)
{
    uint64_t word = load_padded(at, length);
    const int behind = take_point(&word);
    *places = behind < 0 ? 0 : behind;
    return behind != 0 && *at != '.' && eight_digits(word, units);
}

static inline bool read_sixteen(const char *at, size_t length, uint64_t *units, int *places)
{
    uint64_t high_word = load_padded(at, length - 8), low_word = rt_load_eight(at + length - 8);
    uint64_t low, high, scale = 100000000;
    int behind = take_point(&low_word);
    if (behind >= 0)
        scale = 10000000;
    else if ((behind = take_point(&high_word)) >= 0)
        behind += 8;
    if (behind == 0 || *at == '.' || !eight_digits(low_word, &low) ||
        !eight_digits(high_word, &high))
        return false;
    *units = high * scale + low;
    *places = behind < 0 ? 0 : behind;
    return true;
}

static inline void set_decimal(struct rt_decimal *value, bool minus, uint64_t units, int places)
{
    value->units = minus ? -(int64_t)units : (int64_t)units;
    value->places = places;
}

/* Rare ones are kept apart from the usual way, which then needs few registers and no stack. */
__attribute__((noinline)) static enum rt_reading read_unusual(struct rt_text text,
                                                              struct rt_decimal *value)
{
    const bool minus = text.length > 0 && text.at[0] == '-';
    const size_t length = text.length - minus;
    uint64_t units;
    int places;
    if (length <= 8 || length > 16 || !read_sixteen(text.at + minus, length, &units, &places))
        return read_exactly(text, '.', 0, value);
    set_decimal(value, minus, units, places);
    return RT_READ;
}

enum rt_reading rt_decimal_read(struct rt_text text, struct rt_decimal *value)
{
    const bool minus = text.length > 0 && text.at[0] == '-';
    const size_t length = text.length - minus;
    uint64_t units;
    int places;
    if (length == 0 || length > 8 || !read_eight(text.at + minus, length, &units, &places))
        return read_unusual(text, value);
    set_decimal(value, minus, units, places);
    return RT_READ;
}

enum rt_reading rt_decimal_read_form(struct rt_text text, char point, char group,
                                     struct rt_decimal *value)
{
    return read_exactly(text, point, group, value);
}

enum rt_reading rt_total_read(struct rt_text text, struct rt_total *total)
{
    struct digits digits;
    if (!read_digits(text, '.', 0, &digits))
        return RT_MALFORMED;
    if (!digits.fits)
        return RT_TOO_LONG;
    const __int128 units = (__int128)digits.units;
    total->units = digits.negative ? -units : units;
    total->places = digits.places;
    return RT_READ;
}

/* Sums. */

/* The most units that a total has. */
static inline wide most_of_total(void)
{
    return power_of_ten(TOTAL_DIGITS) - 1;
}

/* Brings the units of a total from some places to more. False where they do not fit. */
static bool widen(__int128 *units, int from, int to)
{
    const wide factor = power_of_ten(to - from);
    wide product;
    if (__builtin_mul_overflow(magnitude(*units), factor, &product) || product > most_of_total())
        return false;
    *units = *units < 0 ? -(__int128)product : (__int128)product;
    return true;
}

int rt_decimal_widen(struct rt_decimal *value, int places)
{
    int64_t units;
    if (places <= value->places)
        return 0;
    if (places > RT_DECIMAL_PLACES ||
        __builtin_mul_overflow(value->units, (int64_t)rt_small_power[places - value->places],
                               &units))
        return -1;
    *value = (struct rt_decimal){units, places};
    return 0;
}

int rt_decimal_add(struct rt_decimal *sum, struct rt_decimal more)
{
    int64_t units;
    if (sum->places == more.places) {
        if (__builtin_add_overflow(sum->units, more.units, &units))
            return -1;
        sum->units = units;
        return 0;
    }
    const int places = sum->places > more.places ? sum->places : more.places;
    /* Both are below 2^63 * 10^18, less than 2^123. */
    const __int128 wider = sum->units * (__int128)rt_small_power[places - sum->places] +
                           more.units * (__int128)rt_small_power[places - more.places];
    if (wider > INT64_MAX || wider < INT64_MIN)
        return -1;
    sum->units = (int64_t)wider;
    sum->places = places;
    return 0;
}

int rt_decimal_compare(struct rt_decimal a, struct rt_decimal b)
{
    const int places = a.places > b.places ? a.places : b.places;
    const __int128 left = a.units * (__int128)rt_small_power[places - a.places];
    const __int128 right = b.units * (__int128)rt_small_power[places - b.places];
    return (left > right) - (left < right);
}

/* Adds units of as many places. 0, or -1 where they do not fit. */
static int add_to_total(struct rt_total *total, __int128 units)
{
    __int128 sum;
    if (__builtin_add_overflow(total->units, units, &sum) || magnitude(sum) > most_of_total())
        return -1;
    total->units = sum;
    return 0;
}

int rt_total_merge(struct rt_total *total, struct rt_total more)
{
    const int places = total->places > more.places ? total->places : more.places;
    struct rt_total sum = {total->units, places};
    if (!widen(&sum.units, total->places, places) || !widen(&more.units, more.places, places) ||
        add_to_total(&sum, more.units) != 0)
        return -1;
    *total = sum;
    return 0;
}

int rt_total_add(struct rt_total *total, struct rt_decimal more)
{
    if (total->places == more.places)
        return add_to_total(total, more.units);
    return rt_total_merge(total, (struct rt_total){more.units, more.places});
}

/* Writing. */

static const char pairs[201] = "00010203040506070809101112131415161718192021222324"
                               "25262728293031323334353637383940414243444546474849"
                               "50515253545556575859606162636465666768697071727374"
                               "75767778798081828384858687888990919293949596979899";

/* The last four digits of a number go before `end`; returns the number without them. */
static inline uint64_t four_digits_before(char *end, uint64_t value)
{
    const unsigned four = (unsigned)(value % 10000);
    memcpy(end - 4, pairs + four / 100 * 2, 2);
    memcpy(end - 2, pairs + four % 100 * 2, 2);
    return value / 10000;
}

/* The digits of a number so that they end before `end`; returns where they start. */
static inline char *digits_before(char *end, uint64_t value)
{
    for (; value >= 10000; end -= 4)
        value = four_digits_before(end, value);
    while (value >= 100) {
        end -= 2;
        memcpy(end, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value < 10) {
        *--end = (char)('0' + value);
    } else {
        end -= 2;
        memcpy(end, pairs + value * 2, 2);
    }
    return end;
}

/* How many digits a number has; 0 has one. */
static inline int count_digits(uint64_t value)
{
    /* A number of b bits has about b * log10(2) digits: that many, or one more. */
    const int about = (64 - __builtin_clzll(value | 1)) * 1233 >> 12;
    return about + (about == 0 || value >= rt_small_power[about]);
}

/* A whole number below 10000, and a NUL: four digits, of which the zeros in front are shifted out.
 */
static inline size_t write_four(unsigned value, char *into)
{
    const uint64_t word =
        rt_load_two(pairs + value / 100 * 2) | rt_load_two(pairs + value % 100 * 2) << 16;
    const uint64_t figures = word ^ (zeros & UINT32_MAX); /* 0 where a digit is '0' */
    const unsigned front = figures == 0 ? 3 : (unsigned)__builtin_ctzll(figures) / 8;
    rt_store_four(into, word >> front * 8);
    into[4 - front] = '\0';
    return 4 - front;
}

/* The digits of a number below 10^8 as a word: pairs, fours and all eight at a time. */
static inline uint64_t digits_of_eight(uint64_t value)
{
    const uint64_t fours = value / 10000 | value % 10000 << 32;
    const uint64_t upper_pairs = (fours * 5243 >> 19) & UINT64_C(0x7f0000007f);
    const uint64_t two_digits = upper_pairs | (fours - upper_pairs * 100) << 16;
    const uint64_t tens = (two_digits * 103 >> 10) & UINT64_C(0xf000f000f000f);
    return (tens | (two_digits - tens * 10) << 8) + zeros;
}

/* Digits behind a point, up to 16 of them, for less than 10^places units; returns their end. More
 * than that is written, and does not matter. */
static inline char *write_behind_point(uint64_t units, int places, char *at)
{
    const uint64_t eight = 100000000;
    if (places <= 8) {
        rt_store_eight(at, digits_of_eight(units * rt_small_power[8 - places]));
    } else {
        const uint64_t sixteen = units * rt_small_power[16 - places];
        rt_store_eight(at, digits_of_eight(sixteen / eight));
        rt_store_eight(at + 8, digits_of_eight(sixteen % eight));
    }
    return at + places;
}

static inline char *write_whole(uint64_t units, char *at)
{
    if (units < 10000)
        return at + write_four((unsigned)units, at);
    at += count_digits(units);
    (void)digits_before(at, units);
    return at;
}

/* The most places that write_small takes. */
enum { SMALL_PLACES = 16 };

/* Sign, the whole number and the point; returns where the digits behind it go. */
static inline char *write_to_point(bool negative, uint64_t whole, char *into)
{
    *into = '-';
    char *at = write_whole(whole, into + negative);
    *at = '.';
    return at + 1;
}

/* The same, `places` digits, 1 to SMALL_PLACES, and NUL. */
static inline size_t write_parts(bool negative, uint64_t whole, uint64_t behind, int places,
                                 char *into)
{
    char *at = write_behind_point(behind, places, write_to_point(negative, whole, into));
    *at = '\0';
    return (size_t)(at - into);
}

/* As write_units: nearly all numbers are as small as this, and go straight to their place. */
static size_t write_small(bool negative, uint64_t units, int places, char *into)
{
    enum { MONEY = 2 };
    if (places == 0) {
        *into = '-';
        char *at = write_whole(units, into + negative);
        *at = '\0';
        return (size_t)(at - into);
    }
    if (places == MONEY) {
        char *at = write_to_point(negative, units / 100, into);
        memcpy(at, pairs + units % 100 * 2, 2);
        at[2] = '\0';
        return (size_t)(at + 2 - into);
    }
    const uint64_t whole = units / rt_small_power[places];
    return write_parts(negative, whole, units - whole * rt_small_power[places], places, into);
}

/* Sign, digits with the point before the last `places`, NUL: for less than 2^127 units. */
static size_t write_units(bool negative, wide units, int places, char *into)
{
    if (units <= UINT64_MAX && places <= SMALL_PLACES)
        return write_small(negative, (uint64_t)units, places, into);
    enum { ROOM = 40 };
    char buffer[ROOM];
    char *start = buffer + ROOM;
    while (units > UINT64_MAX) {
        const uint64_t part = (uint64_t)(units % rt_small_power[19]);
        units /= rt_small_power[19];
        char *const end = start - 19;
        for (start = digits_before(start, part); start > end; start--)
            start[-1] = '0';
    }
    start = digits_before(start, (uint64_t)units);
    while (buffer + ROOM - start <= places)
        *--start = '0';
    char *at = into;
    if (negative)
        *at++ = '-';
    const size_t whole = (size_t)(buffer + ROOM - start) - (size_t)places;
    memcpy(at, start, whole);
    at += whole;
    if (places > 0) {
        *at++ = '.';
        memcpy(at, start + whole, (size_t)places);
        at += places;
    }
    *at = '\0';
    return (size_t)(at - into);
}

size_t rt_decimal_write(struct rt_decimal value, char into[RT_DECIMAL_BYTES])
{
    const bool negative = value.units < 0;
    if (value.places <= SMALL_PLACES)
        return write_small(negative, small_magnitude(value.units), value.places, into);
    return write_units(negative, small_magnitude(value.units), value.places, into);
}

size_t rt_total_write(struct rt_total total, char into[RT_DECIMAL_BYTES])
{
    return write_units(total.units < 0, magnitude(total.units), total.places, into);
}

/* Reals from exact numbers. */

static inline int bit_length(wide value)
{
    const uint64_t high = (uint64_t)(value >> 64);
    const uint64_t low = (uint64_t)value;
    if (high != 0)
        return 128 - __builtin_clzll(high);
    return low != 0 ? 64 - __builtin_clzll(low) : 0;
}

/*
 * numerator / denominator, rounded once, to even; both below 2^127, denominator above 0.
 * The quotient is brought to at least 55 bits, the last of which stands for all that follow.
 */
static double quotient(wide numerator, wide denominator)
{
    const wide exact = (wide)1 << 53;
    if (numerator <= exact && denominator <= exact)
        return (double)(uint64_t)numerator / (double)(uint64_t)denominator;
    if (numerator == 0)
        return 0;
    int scale = 127 - bit_length(numerator);
    numerator <<= scale;
    wide result = numerator / denominator;
    wide rest = numerator % denominator;
    for (; bit_length(result) < 55; scale++) {
        rest <<= 1;
        result = result << 1 | (rest >= denominator);
        if (rest >= denominator)
            rest -= denominator;
    }
    const int surplus = bit_length(result) - 55;
    const bool more = rest != 0 || (result & (((wide)1 << surplus) - 1)) != 0;
    const uint64_t bits = (uint64_t)(result >> surplus) | more;
    return ldexp((double)bits, surplus - scale);
}

static double signed_quotient(__int128 numerator, wide denominator)
{
    const double value = quotient(magnitude(numerator), denominator);
    return numerator < 0 ? -value : value;
}

double rt_decimal_real(struct rt_decimal value)
{
    return signed_quotient(value.units, rt_small_power[value.places]);
}

double rt_total_real(struct rt_total total)
{
    return signed_quotient(total.units, rt_small_power[total.places]);
}

/* By whole numbers that doubles hold exactly: their division is rounded once, as it should be. */
static bool small_ratio(struct rt_decimal numerator, int64_t denominator, double *value)
{
    const int64_t exact = INT64_C(1) << 53;
    int64_t parts;
    if (numerator.units > exact || numerator.units < -exact || denominator <= 0 ||
        __builtin_mul_overflow(denominator, (int64_t)rt_small_power[numerator.places], &parts) ||
        parts > exact)
        return false;
    *value = (double)numerator.units / (double)parts;
    return true;
}

double rt_decimal_ratio(struct rt_decimal numerator, int64_t denominator)
{
    double value;
    if (small_ratio(numerator, denominator, &value))
        return value;
    if (denominator == 0)
        return NAN;
    value =
        signed_quotient(numerator.units, magnitude(denominator) * rt_small_power[numerator.places]);
    return denominator < 0 ? 0 - value : value;
}

/* Reals in and out. */

/*
 * A text of any length, by strtod on a copy without point, leading zeros and the digits that can
 * no longer matter; a 1 stands for those, if they are not all zeros. The copy has an exponent and
 * no point, so that no locale could change what it means.
 */
static int read_real_exactly(struct rt_text text, double *value)
{
    char copy[KEPT_DIGITS + 32];
    size_t used = 0;
    long long exponent = 0;
    bool more = false, behind = false;
    for (size_t i = 0; i < text.length; i++) {
        const char byte = text.at[i];
        if (byte == '.') {
            behind = true;
            continue;
        }
        if (byte < '0' || byte > '9')
            continue; /* the sign: the caller knows that the rest is digits */
        if (used < KEPT_DIGITS) {
            exponent -= behind;
            if (used > 0 || byte != '0')
                copy[used++] = byte;
        } else {
            exponent += !behind;
            more = more || byte != '0';
        }
    }
    if (more) {
        copy[used++] = '1';
        exponent--;
    }
    if (used == 0)
        copy[used++] = '0';
    snprintf(copy + used, sizeof copy - used, "e%lld", exponent);
    const double read = strtod(copy, NULL);
    if (isinf(read))
        return -1;
    *value = text.at[0] == '-' ? -read : read;
    return 0;
}

int rt_real_read(struct rt_text text, double *value)
{
    const bool minus = text.length > 0 && text.at[0] == '-';
    const char *at = text.at + minus;
    const size_t length = text.length - minus;
    uint64_t units;
    int places;
    if (length - 1 < 16 && (length <= 8 ? read_eight(at, length, &units, &places)
                                        : read_sixteen(at, length, &units, &places))) {
        const double read = quotient(units, rt_small_power[places]);
        *value = minus ? -read : read;
        return 0;
    }
    struct digits digits;
    if (!read_digits(text, '.', 0, &digits))
        return -1;
    if (!digits.fits)
        return read_real_exactly(text, value);
    const double read = quotient(digits.units, power_of_ten(digits.places));
    *value = digits.negative ? -read : read;
    return 0;
}

/* A finite double as fraction * 2^exponent, the fraction below 2^53; its sign is left out. */
static inline uint64_t split_real(double value, int *exponent)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    const int biased = (int)(bits >> 52 & 0x7ff);
    *exponent = (biased > 0 ? biased : 1) - 1075;
    return biased > 0 ? fraction | UINT64_C(1) << 52 : fraction;
}

/* Takes `count` zeros at the end off, if there are as many; returns how many it took. */
static inline int strip(uint64_t *units, int count, uint64_t power)
{
    if (*units % power != 0)
        return 0;
    *units /= power;
    return count;
}

/* Takes the zeros at the end off, fifteen at most; returns how many. */
static int strip_zeros(uint64_t *units)
{
    int stripped = strip(units, 8, 100000000);
    stripped += strip(units, 4, 10000);
    stripped += strip(units, 2, 100);
    return stripped + strip(units, 1, 10);
}

/*
 * The fewest places with which a decimal reads back as fraction / 2^shift, and the units then; for
 * what is no whole number, shift 1 to 69. What reads back lies within half a unit of the fraction's
 * last place. The power of ten is the first above 2^shift: more than one decimal lies there, and
 * less than ten, of which one may end in 0. If none does, the nearest is taken; if one does, all
 * that are shorter are that one without its zeros. Below a power of two the next double is nearer:
 * but those down to 2^-16 are decimals of fewer places, and found as such.
 */
static int shortest_places(uint64_t fraction, int shift, uint64_t *units)
{
    int places = (shift * 1233 >> 12) + 1;
    const wide power = power_of_ten(places);
    const wide twice = 2 * fraction * power; /* below 2^54 * 2^70 */
    const uint64_t ten = (uint64_t)((twice + power) >> (shift + 1)) / 10;
    const uint64_t before = (uint64_t)((twice - power) >> (shift + 1)); /* the last too small */
    const uint64_t nearest = (uint64_t)((twice + ((wide)1 << shift) - 1) >> (shift + 1));
    /* As likely as not: no processor can foretell it, so this is no branch. */
    const bool shorter = ten * 10 > before;
    *units = nearest ^ ((nearest ^ ten) & -(uint64_t)shorter);
    places -= shorter;
    if (*units % 10 == 0)
        places -= strip_zeros(units);
    return places;
}

/* units * 10^exponent, for any exponent; units above 0. */
static size_t write_far(bool negative, uint64_t units, int exponent, char *into)
{
    while (units % 10 == 0) {
        units /= 10;
        exponent++;
    }
    char buffer[20];
    char *const end = buffer + sizeof buffer;
    const char *digits = digits_before(end, units);
    char *at = into;
    if (negative)
        *at++ = '-';
    int before = (int)(end - digits) + exponent; /* digits before the point */
    if (before <= 0) {
        *at++ = '0';
        *at++ = '.';
        for (; before < 0; before++)
            *at++ = '0';
    } else {
        for (; before > 0; before--)
            *at++ = digits < end ? *digits++ : '0';
        if (digits < end)
            *at++ = '.';
    }
    while (digits < end)
        *at++ = *digits++;
    *at = '\0';
    return (size_t)(at - into);
}

/*
 * The shortest form by trying: the nearest decimal of each length, and the one above it, which
 * may be the only one that reads back at a power of two, where doubles lie closer below than above.
 * Normal doubles are tried from 15 digits on: no two decimals of 15 digits are the same double, so
 * that a shorter form is that one with zeros.
 */
static size_t write_by_trying(double value, char *into)
{
    const double size = fabs(value);
    for (int precision = size < 1e-290 ? 0 : 14;; precision++) {
        char text[40];
        snprintf(text, sizeof text, "%.*e", precision, size);
        uint64_t units = 0;
        const char *at = text;
        for (; *at != 'e'; at++)
            if (*at >= '0' && *at <= '9')
                units = units * 10 + (uint64_t)(*at - '0');
        const int exponent = atoi(at + 1) - precision;
        for (uint64_t above = 0; above < 2; above++) {
            snprintf(text, sizeof text, "%llue%d", (unsigned long long)(units + above), exponent);
            if (strtod(text, NULL) == size || precision > 16)
                return write_far(value < 0, units + above, exponent, into);
        }
    }
}

/* Whole numbers, those that are very large or very small, and what is no number. */
__attribute__((noinline)) static size_t write_unusual(double value, char *into)
{
    into[0] = '\0';
    if (!isfinite(value))
        return 0;
    const double size = fabs(value);
    if (size < 0x1p53 && size == (double)(int64_t)size)
        return write_small(value < 0, (uint64_t)size, 0, into);
    return write_by_trying(value, into);
}

/* Millionths that are no whole number, without the zeros at their end. */
static inline size_t write_millionths(bool negative, uint64_t millionths, char *into)
{
    char *at = write_to_point(negative, millionths / 1000000, into);
    const uint64_t digits = digits_of_eight(millionths % 1000000 * 100);
    rt_store_eight(at, digits);
    at += 8 - __builtin_clzll(digits ^ zeros) / 8; /* what comes last is above */
    *at = '\0';
    return (size_t)(at - into);
}

size_t rt_real_write(double value, char into[RT_REAL_BYTES])
{
    const double size = fabs(value);
    /* Also false for nan. */
    if (!(size >= 1e-5 && size < 1e15) || size == (double)(int64_t)size)
        return write_unusual(value, into);
    /*
     * Money, and means of some purchases: with 15 digits no other decimal is the same double. The
     * others are a matter of chance that no processor can foretell, so they are one case.
     */
    if (size < 1e9) {
        const uint64_t millionths = (uint64_t)(size * 1e6 + 0.5);
        if ((double)millionths / 1e6 == size)
            return write_millionths(value < 0, millionths, into);
    }
    int exponent;
    const uint64_t fraction = split_real(value, &exponent);
    uint64_t units;
    const int places = shortest_places(fraction, -exponent, &units);
    if (places > SMALL_PLACES)
        return write_units(value < 0, units, places, into);
    /* No decimal beyond the next whole number would read back. */
    const uint64_t whole = (uint64_t)size;
    return write_parts(value < 0, whole, units - whole * rt_small_power[places], places, into);
}

/* As printf's %.*f: the exact value rounded, halves to even. */
size_t rt_real_write_digits(double value, int digits, char into[RT_REAL_BYTES])
{
    into[0] = '\0';
    if (!isfinite(value))
        return 0;
    int exponent;
    const uint64_t fraction = split_real(value, &exponent);
    if (exponent >= 0)
        return (size_t)snprintf(into, RT_REAL_BYTES, "%.*f", digits, value);
    wide units = 0;
    /* Below 2^-74 it is 0 at 17 digits. The product is below 2^53 * 2^57. */
    if (exponent > -127) {
        const wide scaled = fraction * power_of_ten(digits);
        const wide half = (wide)1 << (-exponent - 1);
        const wide off = scaled & (half * 2 - 1);
        units = scaled >> -exponent;
        units += off > half || (off == half && units % 2 == 1);
    }
    return write_units(value < 0 && units > 0, units, digits, into);
}
