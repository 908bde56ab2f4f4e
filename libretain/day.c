#include "libretain/day.h"

#include <stdbool.h>
#include <string.h>

#include "libretain/word.h"

/* Days of a month, and days of the year before it, in a year that is not a leap year. */
static const uint8_t month_length[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
static const uint16_t month_start[13] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

static const char *const month_names[12] = {"january",   "february", "march",    "april",
                                            "may",       "june",     "july",     "august",
                                            "september", "october",  "november", "december"};

/* Of 400 and 100 only the factors matter that 4 does not have: 25 twice, and 16. */
static inline bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 25 != 0 || year % 16 == 0);
}

static inline unsigned days_in_month(unsigned year, unsigned month)
{
    return month_length[month] + (month == 2 && is_leap(year) ? 1U : 0U);
}

static inline int32_t join(unsigned year, unsigned month, unsigned day_of_month)
{
    const unsigned before = year - 1;
    const unsigned days = before * 365 + before / 4 - before / 100 + before / 400 +
                          month_start[month] + (month > 2 && is_leap(year) ? 1U : 0U) +
                          day_of_month - 1;
    return (int32_t)days + RT_DAY_FIRST;
}

int rt_days_in_month(int year, int month)
{
    return (int)days_in_month((unsigned)year, (unsigned)month);
}

int32_t rt_day_join(int year, int month, int day_of_month)
{
    return join((unsigned)year, (unsigned)month, (unsigned)day_of_month);
}

int rt_day_read(struct rt_text text, int32_t *day)
{
    if (text.length != 10)
        return -1;
    /* "YYYY-MM-" and what it should be XOR to digits 0 to 9, and to 0 where the dashes are. */
    const uint64_t digits = rt_load_eight(text.at) ^ UINT64_C(0x2d30302d30303030);
    const unsigned tens = (unsigned char)text.at[8] - (unsigned)'0';
    const unsigned ones = (unsigned char)text.at[9] - (unsigned)'0';
    /* A digit above 9 or a dash above 0 carries into its byte's top bit. */
    const uint64_t carried = digits + UINT64_C(0x7f76767f76767676);
    if (((carried | digits) & UINT64_C(0x8080808080808080)) != 0 || tens > 9 || ones > 9)
        return -1;
    /* Each byte times ten, and the next one: two digits at a time. */
    const uint64_t pairs = digits * 10 + (digits >> 8);
    const unsigned year = (unsigned)(pairs & 0xff) * 100 + (unsigned)(pairs >> 16 & 0xff);
    const unsigned month = (unsigned)(pairs >> 40 & 0xff);
    const unsigned day_of_month = tens * 10 + ones;
    if (year == 0 || month - 1 > 11 || day_of_month == 0 ||
        day_of_month > days_in_month(year, month))
        return -1;
    *day = join(year, month, day_of_month);
    return 0;
}

/*
 * Years are taken to start in March, so that the leap day is a year's last; then both the length
 * of the years of four centuries and that of the months from March on are straight lines, rounded
 * down (as in Neri and Schneider, Euclidean affine functions, 2023, section 6).
 */
void rt_day_split(int32_t day, int *year, int *month, int *day_of_month)
{
    const unsigned since = (unsigned)(day - RT_DAY_FIRST) + 306; /* since 0000-03-01 */
    const unsigned century = (4 * since + 3) / 146097;
    const unsigned in_century = since - century * 146097 / 4;
    const unsigned year_in_century = (4 * in_century + 3) / 1461;
    const unsigned in_year = in_century - year_in_century * 1461 / 4;
    const unsigned month_from_march = (5 * in_year + 2) / 153;
    const unsigned next_year = month_from_march >= 10 ? 1 : 0;
    *day_of_month = (int)(in_year - (month_from_march * 153 + 2) / 5 + 1);
    *month = (int)(month_from_march + 3 - 12 * next_year);
    *year = (int)(century * 100 + year_in_century + next_year);
}

static void write_pair(unsigned value, char *into)
{
    into[0] = (char)('0' + value / 10);
    into[1] = (char)('0' + value % 10);
}

void rt_day_write(int32_t day, char into[11])
{
    int year, month, day_of_month;
    rt_day_split(day, &year, &month, &day_of_month);
    write_pair((unsigned)year / 100, into);
    write_pair((unsigned)year % 100, into + 2);
    into[4] = '-';
    write_pair((unsigned)month, into + 5);
    into[7] = '-';
    write_pair((unsigned)day_of_month, into + 8);
    into[10] = '\0';
}

/* What is left of the text, and what was found in it; 0 is a part that was not named. */
struct reading {
    const char *at, *end;
    unsigned year, month, day_of_month, day_of_year;
};

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
}

static bool is_letter(char byte)
{
    return lower(byte) >= 'a' && lower(byte) <= 'z';
}

static void skip_space(struct reading *reading)
{
    while (reading->at < reading->end && is_space(*reading->at))
        reading->at++;
}

/* A number of `shortest` to `longest` digits within least and most; blanks before it, as strptime.
 */
static bool read_number(struct reading *reading, int shortest, int longest, unsigned least,
                        unsigned most, unsigned *number)
{
    while (reading->at < reading->end && *reading->at == ' ')
        reading->at++;
    unsigned value = 0;
    int digits = 0;
    while (digits < longest && reading->at < reading->end && rt_is_digit(*reading->at)) {
        value = value * 10 + (unsigned)(*reading->at++ - '0');
        digits++;
    }
    *number = value;
    return digits >= shortest && value >= least && value <= most;
}

/* Does the text go on with the first `length` letters of `word`, in capitals or not? */
static bool starts_with(const struct reading *reading, const char *word, size_t length)
{
    if ((size_t)(reading->end - reading->at) < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (lower(reading->at[i]) != word[i])
            return false;
    return true;
}

/* A whole name, or its first three letters. */
static bool read_month_name(struct reading *reading)
{
    for (unsigned i = 0; i < 12; i++) {
        const char *name = month_names[i];
        if (!starts_with(reading, name, 3))
            continue;
        const size_t length = strlen(name);
        reading->at += starts_with(reading, name, length) ? length : 3;
        reading->month = i + 1;
        return true;
    }
    return false;
}

/* Z, or +hh, +hhmm, +hh:mm with either sign. */
static bool read_offset(struct reading *reading)
{
    if (starts_with(reading, "z", 1)) {
        reading->at++;
        return true;
    }
    if (!starts_with(reading, "+", 1) && !starts_with(reading, "-", 1))
        return false;
    reading->at++;
    unsigned number;
    if (reading->at == reading->end || *reading->at == ' ' ||
        !read_number(reading, 2, 2, 0, 24, &number))
        return false;
    const bool colon = starts_with(reading, ":", 1);
    if (colon)
        reading->at++;
    if (!colon && (reading->at == reading->end || !rt_is_digit(*reading->at)))
        return true;
    return reading->at < reading->end && *reading->at != ' ' &&
           read_number(reading, 2, 2, 0, 59, &number);
}

/* One or more bytes of a kind: digits of a fraction, letters of a zone. */
static bool read_run(struct reading *reading, bool (*belongs)(char))
{
    const char *start = reading->at;
    while (reading->at < reading->end && belongs(*reading->at))
        reading->at++;
    return reading->at > start;
}

static bool read_half_day(struct reading *reading)
{
    if (!starts_with(reading, "am", 2) && !starts_with(reading, "pm", 2))
        return false;
    reading->at += 2;
    return true;
}

/* The letters that stand for several others, or NULL. */
static const char *long_form(char letter)
{
    switch (letter) {
    case 'T':
        return "%H:%M:%S";
    case 'R':
        return "%H:%M";
    case 'D':
        return "%m/%d/%y";
    case 'F':
        return "%Y-%m-%d";
    default:
        return NULL;
    }
}

static bool read_letter(struct reading *reading, char letter)
{
    unsigned ignored;
    switch (letter) {
    case 'Y':
        return read_number(reading, 4, 4, 1, 9999, &reading->year);
    case 'y':
        if (!read_number(reading, 1, 2, 0, 99, &reading->year))
            return false;
        reading->year += reading->year < 69 ? 2000 : 1900; /* POSIX strptime */
        return true;
    case 'm':
        return read_number(reading, 1, 2, 1, 12, &reading->month);
    case 'd':
    case 'e':
        return read_number(reading, 1, 2, 1, 31, &reading->day_of_month);
    case 'b':
    case 'B':
    case 'h':
        return read_month_name(reading);
    case 'j':
        return read_number(reading, 1, 3, 1, 366, &reading->day_of_year);
    case 'H':
        return read_number(reading, 1, 2, 0, 23, &ignored);
    case 'I':
        return read_number(reading, 1, 2, 1, 12, &ignored);
    case 'M':
        return read_number(reading, 1, 2, 0, 59, &ignored);
    case 'S':
        return read_number(reading, 1, 2, 0, 60, &ignored);
    case 'f':
        return read_run(reading, rt_is_digit);
    case 'p':
        return read_half_day(reading);
    case 'z':
        return read_offset(reading);
    case 'Z':
        return read_run(reading, is_letter);
    case '%':
        if (reading->at == reading->end || *reading->at != '%')
            return false;
        reading->at++;
        return true;
    default: /* n, t */
        skip_space(reading);
        return true;
    }
}

static bool read_format(struct reading *reading, const char *format)
{
    for (; *format != '\0'; format++) {
        if (*format == '%') {
            format++;
            const char *instead = long_form(*format);
            if (instead != NULL ? !read_format(reading, instead) : !read_letter(reading, *format))
                return false;
        } else if (is_space(*format)) {
            skip_space(reading);
        } else {
            if (reading->at == reading->end || *reading->at != *format)
                return false;
            reading->at++;
        }
    }
    return true;
}

int rt_day_read_format(struct rt_text text, const char *format, int32_t *day)
{
    if (text.length == 0)
        return -1;
    struct reading reading = {.at = text.at, .end = text.at + text.length};
    if (!read_format(&reading, format) || reading.at != reading.end || reading.year == 0)
        return -1;
    if (reading.day_of_year != 0) {
        if (reading.day_of_year == 366 && !is_leap(reading.year))
            return -1;
        *day = join(reading.year, 1, 1) + (int32_t)reading.day_of_year - 1;
        return 0;
    }
    if (reading.month == 0 || reading.day_of_month == 0 ||
        reading.day_of_month > days_in_month(reading.year, reading.month))
        return -1;
    *day = join(reading.year, reading.month, reading.day_of_month);
    return 0;
}

/* How often a format names each part of a date. */
struct parts {
    int years, months, days, days_of_year;
};

static const char *count_parts(const char *format, struct parts *parts)
{
    for (; *format != '\0'; format++) {
        if (*format != '%')
            continue;
        format++;
        if (*format == '\0')
            return "it ends in %";
        if (strchr("YymdebBhjHIMSfpzZTRDFnt%", *format) == NULL)
            return "a letter after % that is not known";
        parts->years += strchr("YyDF", *format) != NULL;
        parts->months += strchr("mbBhDF", *format) != NULL;
        parts->days += strchr("deDF", *format) != NULL;
        parts->days_of_year += *format == 'j';
    }
    return NULL;
}

const char *rt_day_format_fault(const char *format)
{
    struct parts parts = {0};
    const char *fault = count_parts(format, &parts);
    if (fault != NULL)
        return fault;
    if (parts.years == 0)
        return "it does not name the year";
    if (parts.years > 1)
        return "it names the year more than once";
    if (parts.days_of_year > 0)
        return parts.days_of_year + parts.months + parts.days > 1
                   ? "it names the day more than once"
                   : NULL;
    if (parts.months == 0)
        return "it does not name the month";
    if (parts.months > 1)
        return "it names the month more than once";
    if (parts.days == 0)
        return "it does not name the day";
    return parts.days > 1 ? "it names the day more than once" : NULL;
}
