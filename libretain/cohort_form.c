#include "libretain/cohort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

static const char *const mode_names[] = {"exact", "rolling", "bracket"};
static const char purchase[] = "purchase";

void rt_cohort_form_free(struct rt_cohort_form *form)
{
    free(form->brackets);
    free(form->start);
    free(form->back);
    free(form->sum);
    *form = (struct rt_cohort_form){.brackets = NULL};
}

/* Brackets -----------------------------------------------------------------------------------
 */

/* A calendar of 9999 years has fewer days than 10^7. */
static int read_age(struct rt_text text, int32_t *age)
{
    *age = 0;
    if (text.length == 0 || text.length > 7)
        return -1;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return -1;
        *age = *age * 10 + (text.at[i] - '0');
    }
    return 0;
}

static int read_bracket(struct rt_text text, struct rt_bracket *bracket)
{
    const char *dash = text.length > 0 ? memchr(text.at, '-', text.length) : NULL;
    if (dash == NULL) {
        const int status = read_age(text, &bracket->from);
        bracket->to = bracket->from;
        return status;
    }
    const size_t before = (size_t)(dash - text.at);
    const struct rt_text from = {text.at, before}, to = {dash + 1, text.length - before - 1};
    if (read_age(from, &bracket->from) != 0 || read_age(to, &bracket->to) != 0)
        return -1;
    return bracket->from <= bracket->to ? 0 : -1;
}

static bool has_bracket(const struct rt_cohort_form *form, struct rt_bracket bracket)
{
    for (size_t i = 0; i < form->bracket_count; i++)
        if (form->brackets[i].from == bracket.from && form->brackets[i].to == bracket.to)
            return true;
    return false;
}

/* Adds the brackets of `text`, which stand between `separator`s. */
static const char *read_brackets(struct rt_text text, char separator, struct rt_cohort_form *form)
{
    for (bool more = true; more;) {
        const char *end = text.length > 0 ? memchr(text.at, separator, text.length) : NULL;
        const size_t length = end != NULL ? (size_t)(end - text.at) : text.length;
        struct rt_bracket bracket;
        if (read_bracket((struct rt_text){text.at, length}, &bracket) != 0)
            return "a bracket is two ages such as 8-30, the smaller one first";
        if (has_bracket(form, bracket))
            return "a bracket is named twice";
        if (form->bracket_count == RT_COHORT_BRACKETS)
            return "more than 1000 brackets";
        form->brackets = rt_realloc(form->brackets, form->bracket_count + 1, sizeof bracket);
        form->brackets[form->bracket_count++] = bracket;
        more = end != NULL;
        if (more)
            text = (struct rt_text){end + 1, text.length - length - 1};
    }
    return NULL;
}

const char *rt_cohort_read_mode(struct rt_text text, struct rt_cohort_form *form)
{
    static const char bracket[] = "bracket=";
    const size_t length = sizeof bracket - 1;
    form->mode = RT_COHORT_BRACKET;
    if (text.length > length && memcmp(text.at, bracket, length) == 0)
        return read_brackets((struct rt_text){text.at + length, text.length - length}, ',', form);
    form->mode = rt_text_is(text, mode_names[1]) ? RT_COHORT_ROLLING : RT_COHORT_EXACT;
    return rt_text_is(text, mode_names[form->mode]) ? NULL
                                                    : "not exact, rolling or bracket=0-7,8-30,...";
}

size_t rt_bracket_write(struct rt_bracket bracket, char into[RT_COHORT_BRACKET_BYTES])
{
    const int from = (int)bracket.from, to = (int)bracket.to;
    const int length = from == to ? snprintf(into, RT_COHORT_BRACKET_BYTES, "%d", from)
                                  : snprintf(into, RT_COHORT_BRACKET_BYTES, "%d-%d", from, to);
    return (size_t)length;
}

/* Out ---------------------------------------------------------------------------------------- */

/* A text that grows; it ends in NUL. */
struct builder {
    char *text;
    size_t used, size;
};

static void put_byte(struct builder *out, char byte)
{
    const size_t size = rt_grown(out->size, out->used + 2);
    if (size > 0) {
        out->text = rt_realloc(out->text, size, 1);
        out->size = size;
    }
    out->text[out->used++] = byte;
    out->text[out->used] = '\0';
}

static void put(struct builder *out, const char *text)
{
    while (*text != '\0')
        put_byte(out, *text++);
}

static void put_name(struct builder *out, const char *before, const char *name)
{
    put(out, before);
    for (; *name != '\0'; name++)
        if (*name == ';' || *name == '%')
            put(out, *name == ';' ? "%3B" : "%25");
        else
            put_byte(out, *name);
}

static void put_definition(struct builder *out, const struct rt_cohort_form *form)
{
    char name[RT_PERIOD_NAME_BYTES], bracket[RT_COHORT_BRACKET_BYTES];
    put(out, form->recurring ? "recurring " : "first-time ");
    rt_period_name(&form->cohort, name);
    put(out, name);
    put(out, " cohorts; ");
    put(out, mode_names[form->mode]);
    put(out, " ");
    rt_period_name(&form->age, name);
    put(out, name);
    put(out, form->zero ? " ages from 0" : " ages");
    for (size_t i = 0; i < form->bracket_count; i++) {
        rt_bracket_write(form->brackets[i], bracket);
        put(out, " ");
        put(out, bracket);
    }
    if (strcmp(form->start, purchase) != 0)
        put_name(out, "; start ", form->start);
    if (strcmp(form->back, purchase) != 0)
        put_name(out, "; return ", form->back);
}

char *rt_cohort_form_write(const struct rt_cohort_form *form, enum rt_cohort_part part)
{
    struct builder out = {.text = NULL};
    put_definition(&out, form);
    if (part == RT_COHORT_SUMS)
        put(&out, form->cumulative ? "; cumulative sum per customer" : "; sum per customer");
    if (part == RT_COHORT_WHOLE && form->sum != NULL)
        put_name(&out, form->cumulative ? "; cumulative sum " : "; sum ", form->sum);
    if (part == RT_COHORT_SHARES || part == RT_COHORT_WHOLE) {
        put(&out, "; wilson ");
        put(&out, form->confidence.name);
    }
    return out.text;
}

/* In ----------------------------------------------------------------------------------------- */

/* Takes `prefix` off the front of `text`, if it is there. */
static bool take(struct rt_text *text, const char *prefix)
{
    const size_t length = strlen(prefix);
    if (text->length < length || memcmp(text->at, prefix, length) != 0)
        return false;
    *text = (struct rt_text){text->at + length, text->length - length};
    return true;
}

/* The front of `text` up to `end`, which goes too; all of it where there is none. */
static struct rt_text take_until(struct rt_text *text, const char *end)
{
    const size_t length = strlen(end);
    for (size_t i = 0; i + length <= text->length; i++)
        if (memcmp(text->at + i, end, length) == 0) {
            const struct rt_text taken = {text->at, i};
            *text = (struct rt_text){text->at + i + length, text->length - i - length};
            return taken;
        }
    const struct rt_text taken = *text;
    *text = (struct rt_text){text->at + text->length, 0};
    return taken;
}

static int hex(char byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                        : -1;
}

/* A name that put() wrote; NULL where it is not one. */
static char *read_name(struct rt_text text)
{
    char *name = rt_alloc(text.length + 1, 1);
    size_t used = 0;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.at[i];
        if (byte == '%' && i + 2 < text.length && hex(text.at[i + 1]) >= 0 &&
            hex(text.at[i + 2]) >= 0) {
            byte = (char)(hex(text.at[i + 1]) * 16 + hex(text.at[i + 2]));
            i += 2;
            if (byte != ';' && byte != '%')
                byte = '\0';
        } else if (byte == '%') {
            byte = '\0';
        }
        if (byte == '\0') {
            free(name);
            return NULL;
        }
        name[used++] = byte;
    }
    name[used] = '\0';
    return name;
}

static int read_cohorts(struct rt_text part, struct rt_cohort_form *form)
{
    form->recurring = take(&part, "recurring ");
    if (!form->recurring && !take(&part, "first-time "))
        return -1;
    const struct rt_text name = take_until(&part, " cohorts");
    return part.length == 0 ? rt_period_read_name(name, &form->cohort) : -1;
}

static int read_ages(struct rt_text part, struct rt_cohort_form *form)
{
    const struct rt_text mode = take_until(&part, " ");
    for (unsigned i = 0; i < sizeof mode_names / sizeof *mode_names; i++)
        if (rt_text_is(mode, mode_names[i]))
            form->mode = (enum rt_cohort_mode)i;
    if (!rt_text_is(mode, mode_names[form->mode]) ||
        rt_period_read_name(take_until(&part, " ages"), &form->age) != 0)
        return -1;
    form->zero = take(&part, " from 0");
    if (form->mode != RT_COHORT_BRACKET)
        return part.length == 0 ? 0 : -1;
    return take(&part, " ") && read_brackets(part, ' ', form) == NULL ? 0 : -1;
}

static int read_rest(struct rt_text part, struct rt_cohort_form *form)
{
    char **name;
    if (take(&part, "start "))
        name = &form->start;
    else if (take(&part, "return "))
        name = &form->back;
    else if (take(&part, "sum "))
        name = &form->sum;
    else if (take(&part, "cumulative sum ")) {
        form->cumulative = true;
        name = &form->sum;
    } else
        return take(&part, "wilson ") && form->confidence.name[0] == '\0'
                   ? rt_confidence_read(part, &form->confidence)
                   : -1;
    if (*name != NULL)
        return -1;
    *name = read_name(part);
    return *name != NULL ? 0 : -1;
}

/* What was read is right where it is written in the same way. */
static bool is_written_so(const struct rt_cohort_form *form, struct rt_text text)
{
    char *written = rt_cohort_form_write(form, RT_COHORT_WHOLE);
    const bool same = rt_text_is(text, written);
    free(written);
    return same;
}

int rt_cohort_form_read(struct rt_text text, struct rt_cohort_form *form)
{
    *form = (struct rt_cohort_form){.brackets = NULL};
    struct rt_text rest = text;
    int status = read_cohorts(take_until(&rest, "; "), form);
    if (status == 0)
        status = read_ages(take_until(&rest, "; "), form);
    while (status == 0 && rest.length > 0)
        status = read_rest(take_until(&rest, "; "), form);
    if (form->start == NULL)
        form->start = rt_strdup(purchase);
    if (form->back == NULL)
        form->back = rt_strdup(purchase);
    if (status == 0 && form->confidence.name[0] != '\0' && is_written_so(form, text))
        return 0;
    rt_cohort_form_free(form);
    return -1;
}

static bool same_brackets(const struct rt_cohort_form *a, const struct rt_cohort_form *b)
{
    return a->bracket_count == b->bracket_count &&
           (a->bracket_count == 0 ||
            memcmp(a->brackets, b->brackets, a->bracket_count * sizeof *a->brackets) == 0);
}

static const char *kinds_differ(struct rt_period a, struct rt_period b, const char *option)
{
    if (rt_period_equal(&a, &b))
        return NULL;
    return a.unit == b.unit && a.unit == RT_PERIOD_WEEK ? "--week" : option;
}

const char *rt_cohort_forms_differ(const struct rt_cohort_form *a, const struct rt_cohort_form *b)
{
    const char *option = kinds_differ(a->cohort, b->cohort, "--cohort");
    if (option == NULL)
        option = kinds_differ(a->age, b->age, "--age");
    if (option != NULL)
        return option;
    if (a->recurring != b->recurring)
        return "--recurring";
    if (a->mode != b->mode || !same_brackets(a, b))
        return "--mode";
    if (a->zero != b->zero)
        return "--zero";
    if (strcmp(a->start, b->start) != 0)
        return "--start";
    if (strcmp(a->back, b->back) != 0)
        return "--return";
    if ((a->sum == NULL) != (b->sum == NULL) || (a->sum != NULL && strcmp(a->sum, b->sum) != 0))
        return "--sum";
    if (a->cumulative != b->cumulative)
        return "--cumulative";
    return strcmp(a->confidence.name, b->confidence.name) != 0 ? "--conf" : NULL;
}
