#include <stdio.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/nps_parts.h"

/* Which row it is, and what its method tells ------------------------------------------------- */

static const char *const other_method = "method: the rows were made with other options, or not by "
                                        "this command";

static bool starts(struct rt_text text, const char *prefix)
{
    const size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.at, prefix, length) == 0;
}

static bool ends(struct rt_text text, const char *suffix)
{
    const size_t length = strlen(suffix);
    return text.length >= length && memcmp(text.at + text.length - length, suffix, length) == 0;
}

static struct rt_text without(struct rt_text text, size_t front, size_t back)
{
    return (struct rt_text){text.at + front, text.length - front - back};
}

/* The row of a metric of `form`, or RT_NPS_ROWS. */
static enum rt_nps_row find_row(const struct rt_nps_form *form, const struct rt_metric *metric)
{
    for (enum rt_nps_row row = 0; row < RT_NPS_ROWS; row++) {
        char name[32];
        if (!rt_text_is(metric->metric, rt_nps_row_name(form, row, name)))
            continue;
        return row == RT_NPS_ROW_P && ends(metric->method, "holm") ? RT_NPS_ROW_HOLM : row;
    }
    return RT_NPS_ROWS;
}

/* The measure that a metric is the headline of, or RT_NPS_METRICS. */
static enum rt_nps_metric find_headline(struct rt_text name)
{
    enum rt_nps_metric metric = RT_NPS_NPS;
    while (metric < RT_NPS_METRICS && !rt_text_is(name, rt_nps_names[metric]))
        metric++;
    return metric;
}

/* "month; wilson 95%", or without the period. */
static int read_response_method(struct rt_text method, struct rt_nps_form *form)
{
    char wilson[RT_DECIMAL_BYTES + 16];
    if (rt_method_confidence(method, &form->confidence) != 0)
        return -1;
    snprintf(wilson, sizeof wilson, "wilson %s", form->confidence.name);
    if (!ends(method, wilson))
        return -1;
    const struct rt_text before = without(method, 0, strlen(wilson));
    form->periods = before.length > 0;
    if (!form->periods)
        return 0;
    return ends(before, "; ") ? rt_period_read_name(without(before, 0, 2), &form->period) : -1;
}

static void read_dedupe(struct rt_text method, struct rt_nps_form *form)
{
    form->dedupe = RT_NPS_ALL;
    if (starts(method, rt_nps_last)) {
        form->dedupe = RT_NPS_LAST;
        return;
    }
    size_t digits = 0;
    while (digits < method.length && method.at[digits] >= '0' && method.at[digits] <= '9')
        digits++;
    if (starts(without(method, digits, 0), rt_nps_apart) &&
        rt_nps_read_dedupe((struct rt_text){method.at, digits}, form) != 0)
        form->dedupe = RT_NPS_ALL;
}

/* "last of each customer; adjusted wald 95%": the one form whose headline has this method. */
static int read_headline_method(struct rt_text method, struct rt_nps_form *form)
{
    if (rt_method_confidence(method, &form->confidence) != 0)
        return -1;
    read_dedupe(method, form);
    for (int variant = 0; variant < 2; variant++) {
        char text[RT_NPS_METHOD_BYTES];
        form->score_test = variant == 1 && form->metric == RT_NPS_NPS;
        form->short_scale = variant == 1 && form->metric == RT_NPS_CES;
        rt_nps_headline_method(form, text);
        if (rt_text_is(method, text))
            return 0;
    }
    return -1;
}

static bool same_dedupe(const struct rt_nps_form *a, const struct rt_nps_form *b)
{
    return a->dedupe == b->dedupe && (a->dedupe != RT_NPS_APART || a->apart == b->apart);
}

static bool same_periods(const struct rt_nps_form *a, const struct rt_nps_form *b)
{
    return a->periods == b->periods && (!a->periods || rt_period_equal(&a->period, &b->period));
}

static bool same_confidence(const struct rt_nps_form *a, const struct rt_nps_form *b)
{
    return strcmp(a->confidence.name, b->confidence.name) == 0;
}

static const char *learn_response(struct rt_nps *nps, const struct rt_metric *row)
{
    struct rt_nps_form form = nps->form;
    if (read_response_method(row->method, &form) != 0)
        return other_method;
    if (nps->knows_period && !same_periods(&form, &nps->form))
        return "--period: the rows were made with different ones";
    if (nps->knows_period && !same_confidence(&form, &nps->form))
        return "--conf: the rows were made with different ones";
    nps->knows_period = true;
    nps->form = form;
    return NULL;
}

static const char *learn_headline(struct rt_nps *nps, const struct rt_metric *row)
{
    struct rt_nps_form form = nps->form;
    form.metric = find_headline(row->metric);
    if (nps->knows_headline && form.metric != nps->form.metric)
        return "--metric: the rows were made with different ones";
    if (read_headline_method(row->method, &form) != 0)
        return other_method;
    if (!same_confidence(&form, &nps->form))
        return "--conf: the rows were made with different ones";
    if (nps->knows_headline && !same_dedupe(&form, &nps->form))
        return "--dedupe: the rows were made with different ones";
    if (nps->knows_headline && form.score_test != nps->form.score_test)
        return "--ci: the rows were made with different ones";
    if (nps->knows_headline && form.short_scale != nps->form.short_scale)
        return "--scale: the rows were made with different ones";
    if (!nps->knows_headline) {
        nps->form = form;
        rt_nps_name_methods(nps);
        nps->knows_headline = true;
    }
    return NULL;
}

/* Which row it is, in `which`; the first two of a table tell how all of it was made. */
static const char *recognize(struct rt_nps *nps, const struct rt_metric *row,
                             enum rt_nps_row *which)
{
    *which = RT_NPS_ROW_RESPONSE;
    if (rt_text_is(row->metric, "response_rate"))
        return learn_response(nps, row);
    if (!nps->knows_period)
        return "metric: response_rate does not come first";
    *which = RT_NPS_ROW_HEADLINE;
    if (find_headline(row->metric) < RT_NPS_METRICS)
        return learn_headline(nps, row);
    *which = find_row(&nps->form, row);
    if (*which == RT_NPS_ROWS)
        return "metric: not one of this command, or of another --metric";
    if (!nps->knows_headline)
        return "metric: nps, csat or ces does not come before its parts";
    return rt_text_is(row->method, nps->methods[*which]) ? NULL : other_method;
}

/* Counts ------------------------------------------------------------------------------------- */

static int add_count(struct rt_number number, int64_t *into)
{
    int64_t count;
    return rt_number_read_count(number, &count) != 0 || __builtin_add_overflow(*into, count, into)
               ? -1
               : 0;
}

/* Adds what a row counts. */
static const char *merge_counts(struct rt_nps *nps, struct rt_nps_cell *cell, enum rt_nps_row which,
                                const struct rt_metric *row)
{
    struct rt_nps_facts *facts = &cell->facts;
    int64_t *num = NULL, *den = NULL;
    if (which >= RT_NPS_ROW_CHANGE)
        return NULL;
    if (row->den.text.length == 0)
        return "--min-n: the rows hide small groups, which cannot be added up; make the rows "
               "without it and name it with -m";
    if (which == RT_NPS_ROW_SQUARES)
        return add_count(row->value, &facts->squares) == 0 ? NULL : "value: not a count";
    if (which == RT_NPS_ROW_RESPONSE) {
        num = &facts->responses;
        den = &facts->surveys;
    } else if (which == RT_NPS_ROW_HEADLINE) {
        int64_t *const nums[RT_NPS_METRICS] = {NULL, &facts->top_two, &facts->sum};
        num = nums[nps->form.metric];
        den = &facts->answers;
    } else if (which <= RT_NPS_ROW_DETRACTORS) {
        int64_t *const nums[] = {&facts->promoters, &facts->passives, &facts->detractors};
        num = nums[which - RT_NPS_ROW_PROMOTERS];
    } else {
        num = &cell->counts[which - RT_NPS_ROW_SCORE];
    }
    if (num != NULL && add_count(row->num, num) != 0)
        return "num: not a count";
    return den == NULL || add_count(row->den, den) == 0 ? NULL : "den: not a count";
}

/* The data reach the end of a period where those of any shard do. */
static void note_period(struct rt_nps *nps, int32_t period, bool complete)
{
    if (!nps->any_day || period > nps->last_period) {
        nps->last_period = period;
        nps->last_complete = complete;
    } else if (period == nps->last_period) {
        nps->last_complete |= complete;
    }
    nps->any_day = true;
}

struct rt_nps *rt_nps_new_merge(size_t by_count)
{
    struct rt_nps *nps = rt_nps_new((struct rt_nps_form){.by_count = by_count, .periods = true});
    nps->merging = true;
    return nps;
}

const char *rt_nps_merge(struct rt_nps *nps, const struct rt_metric *row)
{
    enum rt_nps_row which;
    const char *fault = recognize(nps, row, &which);
    if (fault != NULL)
        return fault;
    const struct rt_nps_form *form = &nps->form;
    const struct rt_text label = row->keys[form->by_count];
    int32_t period = 0;
    if (form->periods ? rt_period_read_label(&form->period, label, &period) != 0 : label.length > 0)
        return "period: not one of those that the rows are made for";
    if (form->periods)
        note_period(nps, period, row->complete);
    rt_group_key_clear(&nps->key);
    for (size_t i = 0; i < form->by_count; i++)
        rt_group_key_add(&nps->key, row->keys[i]);
    struct rt_nps_group *group = rt_nps_group(nps, rt_group_key_text(&nps->key));
    struct rt_nps_cell *cell = rt_nps_cell(nps, group, period);
    cell->rows[which]++;
    nps->form.compare |= which >= RT_NPS_ROW_CHANGE;
    nps->form.histogram |= which >= RT_NPS_ROW_SCORE && which < RT_NPS_ROW_CHANGE;
    return merge_counts(nps, cell, which, row);
}

/* After the last row ------------------------------------------------------------------------- */

static const char *say(struct rt_nps *nps, const char *format, const char *what)
{
    snprintf(nps->fault, RT_NPS_FAULT_BYTES, format, what);
    return nps->fault;
}

/* Every shard in which a group and period occurs must have written each of its rows. */
static const char *check_rows(struct rt_nps *nps, const struct rt_nps_cell *cell)
{
    static const char uneven[] = "%s: some of the rows were made with it, some without";
    for (enum rt_nps_row row = 0; row < RT_NPS_ROWS; row++) {
        const bool wanted = rt_nps_has_row(&nps->form, row);
        if (cell->rows[row] == (wanted ? cell->rows[RT_NPS_ROW_RESPONSE] : 0))
            continue;
        char name[32];
        if (row >= RT_NPS_ROW_CHANGE)
            return say(nps, uneven, "--compare");
        if (row >= RT_NPS_ROW_SCORE)
            return say(nps, uneven, "--histogram");
        return say(nps, "rows are missing: %s", rt_nps_row_name(&nps->form, row, name));
    }
    return NULL;
}

static bool adds_up(const struct rt_nps_form *form, const struct rt_nps_cell *cell)
{
    const struct rt_nps_facts *facts = &cell->facts;
    const __int128 n = facts->answers, sum = facts->sum;
    __int128 scored = 0;
    for (int score = 0; score < RT_NPS_SCORES; score++)
        scored += cell->counts[score];
    if (n > facts->responses || facts->responses > facts->surveys ||
        (form->histogram && scored != n))
        return false;
    if (form->metric == RT_NPS_NPS)
        return (__int128)facts->promoters + facts->passives + facts->detractors == n;
    if (form->metric == RT_NPS_CSAT)
        return facts->top_two <= n;
    return sum >= n && sum <= n * rt_nps_most(form) && n * facts->squares >= sum * sum;
}

static const char *check_asked(struct rt_nps *nps, const struct rt_nps_asked *asked)
{
    const struct rt_nps_form *form = &nps->form, *other = &asked->form;
    static const char differs[] = "%s: the rows were made with another one";
    if (asked->metric && other->metric != form->metric)
        return say(nps, differs, "--metric");
    if (asked->scale && (form->metric != RT_NPS_CES || other->short_scale != form->short_scale))
        return say(nps, differs, "--scale");
    if (asked->interval && (form->metric != RT_NPS_NPS || other->score_test != form->score_test))
        return say(nps, differs, "--ci");
    if (asked->confidence && !same_confidence(other, form))
        return say(nps, differs, "--conf");
    if (other->dedupe != RT_NPS_ALL && !same_dedupe(other, form))
        return say(nps, differs, "--dedupe");
    if (other->periods && !same_periods(other, form))
        return say(nps, differs, "--period");
    if (other->histogram && !form->histogram)
        return say(nps, "%s: the rows were made without it", "--histogram");
    if (other->compare && !form->periods)
        return say(nps, "%s: the rows were made without --period", "--compare");
    return NULL;
}

const char *rt_nps_merged(struct rt_nps *nps, const struct rt_nps_asked *asked)
{
    const size_t by_count = nps->form.by_count;
    if (!nps->knows_period) { /* not one row */
        nps->form = asked->form;
        nps->form.by_count = by_count;
        return NULL;
    }
    const char *fault = check_asked(nps, asked);
    for (struct rt_nps_cell *cell = rt_map_next(&nps->cells, NULL); fault == NULL && cell != NULL;
         cell = rt_map_next(&nps->cells, cell)) {
        fault = check_rows(nps, cell);
        if (fault == NULL && !adds_up(&nps->form, cell))
            fault = "the counts of the rows do not add up";
    }
    nps->form.compare |= asked->form.compare;
    nps->form.min_n = asked->form.min_n;
    return fault;
}
