#include "libretain/opt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libretain/day.h"
#include "libretain/decimal.h"
#include "libretain/err.h"

#ifndef RT_VERSION
#define RT_VERSION "0.1.0"
#endif

/* An entry together with where its member is, groups unfolded. */
struct found {
    const struct rt_opt *option;
    char *member;
};

struct message {
    char *text;
    size_t size;
};

static int complain(struct message *message, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static int complain(struct message *message, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message->text, message->size, format, arguments);
    va_end(arguments);
    return -1;
}

/* Calls visit for each option of the table and its groups until it returns not 0. */
static int each_option(const struct rt_opt *options, char *args,
                       int (*visit)(struct found found, void *what), void *what)
{
    for (const struct rt_opt *option = options; option->kind != RT_OPT_END; option++) {
        const struct found found = {option, args + option->at};
        const int stop = option->kind == RT_OPT_GROUP
                             ? each_option(option->group, found.member, visit, what)
                             : visit(found, what);
        if (stop != 0)
            return stop;
    }
    return 0;
}

/* Values ------------------------------------------------------------------------------------- */

static void split_list(const char *text, char separator, char ***list, size_t *count)
{
    *count = 1;
    for (const char *c = text; *c != '\0'; c++)
        *count += *c == separator;
    *list = rt_alloc(*count, sizeof **list);
    const char *start = text;
    for (size_t i = 0; i < *count; i++) {
        const char *end = strchr(start, separator);
        const size_t length = end != NULL ? (size_t)(end - start) : strlen(start);
        (*list)[i] = rt_strndup(start, length);
        start += length + 1;
    }
}

static void free_list(char **list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(list[i]);
    free(list);
}

static void free_value(enum rt_opt_kind kind, void *member)
{
    if (kind == RT_OPT_NAMES) {
        struct rt_names *names = member;
        free_list(names->names, names->count);
        *names = (struct rt_names){0};
    } else if (kind == RT_OPT_PAIRS) {
        struct rt_pairs *pairs = member;
        free_list(pairs->left, pairs->count);
        free_list(pairs->right, pairs->count);
        *pairs = (struct rt_pairs){0};
    } else if (kind == RT_OPT_TEXTS) {
        struct rt_texts *texts = member;
        free_list(texts->texts, texts->count);
        *texts = (struct rt_texts){0};
    }
}

static int read_whole(const struct rt_opt *option, const char *text, int64_t *value,
                      struct message *message)
{
    struct rt_decimal number;
    if (rt_decimal_read(rt_text(text), &number) != RT_READ || number.places != 0)
        return complain(message, "--%s: not a whole number", option->name);
    *value = number.units;
    const bool bounded = option->least != 0 || option->most != 0;
    if (bounded && (*value < option->least || *value > option->most))
        return complain(message, "--%s: not between %lld and %lld", option->name,
                        (long long)option->least, (long long)option->most);
    return 0;
}

static int read_choice(const struct rt_opt *option, const char *text, rt_choice *value,
                       struct message *message)
{
    const char *word = option->value;
    const size_t length = strlen(text);
    for (rt_choice i = 0;; i++) {
        const char *end = strchr(word, '|');
        const size_t word_length = end != NULL ? (size_t)(end - word) : strlen(word);
        if (word_length == length && memcmp(word, text, length) == 0) {
            *value = i;
            return 0;
        }
        if (end == NULL)
            return complain(message, "--%s: not one of %s", option->name, option->value);
        word = end + 1;
    }
}

/* The delimiter must not be part of a number, a date, a quote or a line end. */
static int read_byte(const struct rt_opt *option, const char *text, char *value,
                     struct message *message)
{
    if (strcmp(text, "\\t") == 0 || strcmp(text, "tab") == 0) {
        *value = '\t';
        return 0;
    }
    if (strlen(text) != 1 || (unsigned char)text[0] > 126 || strchr("\"\r\n", text[0]) != NULL)
        return complain(message, "--%s: not one ASCII character (tab may be written as \\t)",
                        option->name);
    *value = text[0];
    return 0;
}

static int read_pairs(const struct rt_opt *option, const char *text, struct rt_pairs *pairs,
                      struct message *message)
{
    char **both;
    size_t count;
    split_list(text, ',', &both, &count);
    *pairs = (struct rt_pairs){rt_alloc_zero(count, sizeof *both),
                               rt_alloc_zero(count, sizeof *both), count};
    int status = 0;
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(both[i], '=');
        if (equals == NULL || equals == both[i] || equals[1] == '\0') {
            status = complain(message, "--%s: not of the form %s", option->name, option->value);
            break;
        }
        pairs->left[i] = rt_strndup(both[i], (size_t)(equals - both[i]));
        pairs->right[i] = rt_strdup(equals + 1);
    }
    free_list(both, count);
    return status;
}

static int read_names(const struct rt_opt *option, const char *text, struct rt_names *names,
                      struct message *message)
{
    split_list(text, ',', &names->names, &names->count);
    for (size_t i = 0; i < names->count; i++)
        if (names->names[i][0] == '\0')
            return complain(message, "--%s: an empty name in the list", option->name);
    return 0;
}

static void add_text(struct rt_texts *texts, const char *text)
{
    texts->texts = rt_realloc(texts->texts, texts->count + 1, sizeof *texts->texts);
    texts->texts[texts->count++] = rt_strdup(text);
}

static int read_value(struct found found, const char *text, struct message *message)
{
    const struct rt_opt *option = found.option;
    void *member = found.member;
    if (option->kind != RT_OPT_TEXTS)
        free_value(option->kind, member);
    switch (option->kind) {
    case RT_OPT_FLAG:
        *(bool *)member = true;
        return 0;
    case RT_OPT_WHOLE:
        return read_whole(option, text, member, message);
    case RT_OPT_REAL:
        if (rt_real_read(rt_text(text), member) != 0)
            return complain(message, "--%s: not a number", option->name);
        return 0;
    case RT_OPT_DATE:
        if (rt_day_read(rt_text(text), member) != 0)
            return complain(message, "--%s: not a date of the form YYYY-MM-DD", option->name);
        return 0;
    case RT_OPT_CHOICE:
        return read_choice(option, text, member, message);
    case RT_OPT_TEXT:
        *(const char **)member = text;
        return 0;
    case RT_OPT_BYTE:
        return read_byte(option, text, member, message);
    case RT_OPT_NAMES:
        return read_names(option, text, member, message);
    case RT_OPT_PAIRS:
        return read_pairs(option, text, member, message);
    case RT_OPT_TEXTS:
        add_text(member, text);
        return 0;
    case RT_OPT_GROUP:
    case RT_OPT_END:
        break;
    }
    return complain(message, "internal error: --%s has no kind", option->name);
}

/* Finding an option ------------------------------------------------------------------------- */

struct search {
    const char *name; /* or NULL */
    size_t length;
    char letter;
    struct found found, near;
    int prefixes;
};

static int match_option(struct found found, void *what)
{
    struct search *search = what;
    if (search->name == NULL) {
        if (found.option->letter == search->letter)
            search->found = found;
        return search->found.option != NULL;
    }
    if (strncmp(found.option->name, search->name, search->length) != 0)
        return 0;
    if (strlen(found.option->name) == search->length) {
        search->found = found;
        return 1;
    }
    search->near = found;
    search->prefixes++;
    return 0;
}

/* --name, --name=value, --na where no other option begins so, or -n. */
static int find_option(const struct rt_opt *options, char *args, struct search *search,
                       struct message *message)
{
    each_option(options, args, match_option, search);
    if (search->found.option == NULL && search->prefixes == 1)
        search->found = search->near;
    if (search->found.option != NULL)
        return 0;
    if (search->name == NULL)
        return complain(message, "unknown option -%c; --help lists the options", search->letter);
    return complain(message, "%s option --%.*s; --help lists the options",
                    search->prefixes > 1 ? "ambiguous" : "unknown",
                    (int)(search->length < 100 ? search->length : 100), search->name);
}

static int set_standard(struct found found, void *what)
{
    if (found.option->kind == RT_OPT_DATE)
        *(rt_day *)(void *)found.member = RT_DAY_NONE;
    if (found.option->standard == NULL)
        return 0;
    return read_value(found, found.option->standard, what);
}

/* Parsing ------------------------------------------------------------------------------------ */

static int parse_long(const struct rt_opt *options, char *args, int argc, char **argv, int *i,
                      struct message *message)
{
    const char *name = argv[*i] + 2;
    const char *equals = strchr(name, '=');
    struct search search = {.name = name,
                            .length = equals != NULL ? (size_t)(equals - name) : strlen(name)};
    if (find_option(options, args, &search, message) != 0)
        return -1;
    const bool flag = search.found.option->kind == RT_OPT_FLAG;
    if (flag && equals != NULL)
        return complain(message, "--%s takes no value", search.found.option->name);
    if (!flag && equals == NULL && *i + 1 == argc)
        return complain(message, "--%s needs a value: %s", search.found.option->name,
                        search.found.option->value);
    const char *value = equals != NULL ? equals + 1 : flag ? NULL : argv[++*i];
    return read_value(search.found, value, message);
}

/* -v, -vm, -d ';' and -d';'. */
static int parse_letters(const struct rt_opt *options, char *args, int argc, char **argv, int *i,
                         struct message *message)
{
    for (const char *letter = argv[*i] + 1; *letter != '\0'; letter++) {
        struct search search = {.letter = *letter};
        if (find_option(options, args, &search, message) != 0)
            return -1;
        if (search.found.option->kind == RT_OPT_FLAG) {
            read_value(search.found, NULL, message);
            continue;
        }
        if (letter[1] == '\0' && *i + 1 == argc)
            return complain(message, "-%c needs a value: %s", *letter, search.found.option->value);
        const char *value = letter[1] != '\0' ? letter + 1 : argv[++*i];
        return read_value(search.found, value, message);
    }
    return 0;
}

int rt_opt_parse(const struct rt_opt *options, void *args, int argc, char **argv, char *fault,
                 size_t fault_size)
{
    struct message message = {fault, fault_size};
    if (each_option(options, args, set_standard, &message) != 0)
        return -1;
    int operands = 0;
    bool only_operands = false;
    for (int i = 1; i < argc; i++) {
        char *word = argv[i];
        int status = 0;
        if (only_operands || word[0] != '-' || word[1] == '\0')
            argv[1 + operands++] = word;
        else if (strcmp(word, "--") == 0)
            only_operands = true;
        else if (word[1] == '-')
            status = parse_long(options, args, argc, argv, &i, &message);
        else
            status = parse_letters(options, args, argc, argv, &i, &message);
        if (status != 0)
            return -1;
    }
    return operands;
}

static int free_member(struct found found, void *what)
{
    (void)what;
    free_value(found.option->kind, found.member);
    return 0;
}

void rt_opt_free(const struct rt_opt *options, void *args)
{
    each_option(options, args, free_member, NULL);
}

/* Help, version, completion ------------------------------------------------------------------ */

/* The options that rt_main answers itself. */
struct own_args {
    bool help, version, complete;
};

static const struct rt_opt own_options[] = {
    {RT_OPT(struct own_args, help), .letter = 'h', .name = "help", .help = "print this help"},
    {RT_OPT(struct own_args, version), .letter = 'V', .name = "version",
     .help = "print the version"},
    {RT_OPT(struct own_args, complete), .name = "complete", .hidden = true,
     .help = "print the options for the shell's completion"},
    RT_OPT_LAST,
};

/* Where the command's own structure starts behind it, aligned for any member. */
enum { OWN_BYTES = 32 };
_Static_assert(sizeof(struct own_args) <= OWN_BYTES, "the options of every command do not fit");

static int print_help_line(struct found found, void *what)
{
    (void)what;
    const struct rt_opt *option = found.option;
    if (option->hidden)
        return 0;
    char start[120];
    snprintf(start, sizeof start, "  %c%c%c --%s%s%s", option->letter != 0 ? '-' : ' ',
             option->letter != 0 ? option->letter : ' ', option->letter != 0 ? ',' : ' ',
             option->name, option->value != NULL ? " " : "",
             option->value != NULL ? option->value : "");
    if (strlen(start) > 30)
        printf("%s\n%32s%s", start, "", option->help);
    else
        printf("%-32s%s", start, option->help);
    if (option->standard != NULL)
        printf(" (default: %s)", strcmp(option->standard, "\t") == 0 ? "\\t" : option->standard);
    putchar('\n');
    return 0;
}

static int print_completion_line(struct found found, void *what)
{
    (void)what;
    const struct rt_opt *option = found.option;
    if (option->hidden)
        return 0;
    const char letter[3] = {option->letter != 0 ? '-' : '\0', option->letter, '\0'};
    printf("--%s\t%s\t%s\t%s\n", option->name, letter, option->value != NULL ? option->value : "",
           option->help);
    return 0;
}

static void print_help(const struct rt_command *command, void *args, const struct rt_opt *options)
{
    printf("Usage: %s [OPTION]...%s%s\n\n%c%s.\n\nOptions:\n", command->name,
           command->operands[0] != '\0' ? " " : "", command->operands,
           command->purpose[0] >= 'a' && command->purpose[0] <= 'z' ? command->purpose[0] - 32
                                                                    : command->purpose[0],
           command->purpose + 1);
    each_option(options, args, print_help_line, NULL);
    printf("\nThe manual page %s(1) says more; retain(7) is the map of all commands.\n",
           command->name);
}

static int finish_stdout(void)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (errno == EPIPE)
            rt_die_silently();
        rt_die("stdout: %s", strerror(errno));
    }
    return EXIT_SUCCESS;
}

/*
 * A process may be started with stdin, stdout or stderr closed. A file opened later would then
 * take the number, and messages or results would land in it.
 */
static void hold_closed_descriptors(void)
{
    for (int descriptor = 0; descriptor <= 2; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
            /* Opened the wrong way round, so that using it is an error, as it should be. */
            const int mode = descriptor == 0 ? O_WRONLY : O_RDONLY;
            if (open("/dev/null", mode) < 0)
                _exit(RT_EXIT_TROUBLE);
        }
}

/* The operands stand behind argv[0], and a NULL behind them. */
static int run_command(const struct rt_command *command, const struct rt_opt *options, void *all,
                       const struct own_args *own, int argc, char **argv)
{
    char fault[512];
    const int operands = rt_opt_parse(options, all, argc, argv, fault, sizeof fault);
    if (own->help) {
        print_help(command, all, options);
        return finish_stdout();
    }
    if (own->version) {
        printf("%s (retain) %s\n", command->name, RT_VERSION);
        return finish_stdout();
    }
    if (own->complete) {
        each_option(options, all, print_completion_line, NULL);
        return finish_stdout();
    }
    if (operands < 0)
        rt_die("%s", fault);
    if (operands > 0 && command->operands[0] == '\0')
        rt_die("no operands are taken; --help lists the options");
    argv[1 + operands] = NULL;
    return command->run((char *)all + OWN_BYTES, argv + 1, operands);
}

int rt_main(const struct rt_command *command, int argc, char **argv)
{
    hold_closed_descriptors();
    rt_err_name(command->name);
    /* One structure over both: first the options of every command, then those of this one. */
    char *all = rt_alloc_zero(OWN_BYTES + command->args_size, 1);
    const struct rt_opt options[] = {
        {.kind = RT_OPT_GROUP, .at = OWN_BYTES, .group = command->options},
        {.kind = RT_OPT_GROUP, .at = 0, .group = own_options},
        RT_OPT_LAST,
    };
    const int status =
        run_command(command, options, all, (const struct own_args *)(void *)all, argc, argv);
    rt_opt_free(options, all);
    free(all);
    return status;
}
