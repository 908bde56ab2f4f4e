#include "libretain/opt.h"

#include <stdint.h>
#include <string.h>

#include "libretain/day.h"
#include "unit.h"

struct inner {
    char delimiter;
};

static const struct rt_opt inner_options[] = {
    {RT_OPT(struct inner, delimiter), .letter = 'd', .name = "delimiter", .value = "CHAR",
     .help = "", .standard = ","},
    RT_OPT_LAST,
};

struct args {
    bool verbose;
    int64_t bins;
    double margin;
    rt_day as_of;
    rt_choice period;
    const char *file;
    struct rt_names by;
    struct rt_pairs map;
    struct rt_texts keep;
    struct inner in;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose", .help = ""},
    {RT_OPT(struct args, bins), .letter = 'b', .name = "bins", .value = "N", .help = "",
     .standard = "5", .least = 2, .most = 9},
    {RT_OPT(struct args, margin), .name = "margin", .value = "SHARE", .help = ""},
    {RT_OPT(struct args, as_of), .name = "as-of", .value = "DATE", .help = ""},
    {RT_OPT(struct args, period), .name = "period", .value = "day|week|month", .help = "",
     .standard = "week"},
    {RT_OPT(struct args, file), .letter = 'o', .name = "output", .value = "FILE", .help = ""},
    {RT_OPT(struct args, by), .name = "by", .value = "COLUMN,...", .help = ""},
    {RT_OPT(struct args, map), .name = "map", .value = "NAME=COLUMN,...", .help = ""},
    {RT_OPT(struct args, keep), .name = "keep", .value = "TEXT", .help = ""},
    RT_OPTS(struct args, in, struct inner, inner_options),
    RT_OPT_LAST,
};

static struct args args;
static char fault[200];
static char *words[40];

/* Parses the words, which end in NULL; returns the number of operands, or -1. */
static int parse_words(const char *const *given)
{
    int count = 0;
    static char name[] = "rt-test";
    words[count++] = name;
    for (; *given != NULL; given++)
        words[count++] = (char *)(uintptr_t)*given;
    rt_opt_free(options, &args);
    memset(&args, 0, sizeof args);
    fault[0] = '\0';
    return rt_opt_parse(options, &args, count, words, fault, sizeof fault);
}

#define PARSE(...) parse_words((const char *const[]){__VA_ARGS__, NULL})

START_TEST(defaults_are_read_like_options)
{
    ck_assert_int_eq(PARSE("a.csv"), 1);
    ck_assert_int_eq(args.bins, 5);
    ck_assert_uint_eq(args.period, 1);
    ck_assert_int_eq(args.in.delimiter, ',');
    ck_assert_int_eq(args.as_of, RT_DAY_NONE);
    ck_assert(!args.verbose);
    ck_assert_ptr_null(args.file);
}
END_TEST

START_TEST(takes_each_form)
{
    ck_assert_int_eq(PARSE("x", "--bins=3", "--as-of", "1970-01-11", "-vd;", "--margin", "0.25",
                           "--period", "month", "y", "--by=a,b", "--map", "n=c,m=d", "--keep", "1",
                           "--keep=2", "--", "-z"),
                     3);
    ck_assert_str_eq(words[1], "x");
    ck_assert_str_eq(words[2], "y");
    ck_assert_str_eq(words[3], "-z");
    ck_assert_int_eq(args.bins, 3);
    ck_assert_int_eq(args.as_of, 10);
    ck_assert(args.verbose);
    ck_assert_int_eq(args.in.delimiter, ';');
    ck_assert_double_eq(args.margin, 0.25);
    ck_assert_uint_eq(args.period, 2);
    ck_assert_uint_eq(args.by.count, 2);
    ck_assert_str_eq(args.by.names[1], "b");
    ck_assert_uint_eq(args.map.count, 2);
    ck_assert_str_eq(args.map.left[1], "m");
    ck_assert_str_eq(args.map.right[1], "d");
    ck_assert_uint_eq(args.keep.count, 2);
    ck_assert_str_eq(args.keep.texts[0], "1");
    /* An unambiguous beginning will do; a later value wins; "-" is an operand. */
    ck_assert_int_eq(PARSE("--bi", "4", "--bins", "6", "-"), 1);
    ck_assert_int_eq(args.bins, 6);
    ck_assert_int_eq(PARSE("-d", "\\t", "-o", "f"), 0);
    ck_assert_int_eq(args.in.delimiter, '\t');
    ck_assert_str_eq(args.file, "f");
    rt_opt_free(options, &args);
}
END_TEST

START_TEST(names_what_is_wrong)
{
    static const struct {
        const char *words[3];
        const char *message;
    } cases[] = {
        {{"--bin-s"}, "unknown option --bin-s"},
        {{"-x"}, "unknown option -x"},
        {{"--b", "1"}, "ambiguous option --b"},
        {{"--bins"}, "--bins needs a value: N"},
        {{"-b"}, "-b needs a value: N"},
        {{"--bins", "x"}, "--bins: not a whole number"},
        {{"--bins", "2.0"}, "--bins: not a whole number"},
        {{"--bins", "10"}, "--bins: not between 2 and 9"},
        {{"--verbose=1"}, "--verbose takes no value"},
        {{"--margin", "nan"}, "--margin: not a number"},
        {{"--as-of", "2023-02-29"}, "--as-of: not a date of the form YYYY-MM-DD"},
        {{"--period", "weeks"}, "--period: not one of day|week|month"},
        {{"--by", "a,,b"}, "--by: an empty name in the list"},
        {{"--map", "a"}, "--map: not of the form NAME=COLUMN,..."},
        {{"--map", "=a"}, "--map: not of the form NAME=COLUMN,..."},
        {{"-d", "\""}, "--delimiter: not"},
        {{"-d", "ab"}, "--delimiter: not"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_msg(parse_words(cases[i].words) == -1, "%s", cases[i].message);
        ck_assert_msg(strncmp(fault, cases[i].message, strlen(cases[i].message)) == 0, "%s", fault);
    }
    rt_opt_free(options, &args);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("opt");
    TCase *tests = tcase_create("opt");
    tcase_add_test(tests, defaults_are_read_like_options);
    tcase_add_test(tests, takes_each_form);
    tcase_add_test(tests, names_what_is_wrong);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
