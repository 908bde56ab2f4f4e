#include <stdio.h>
#include <string.h>

#include "libretain/churn_parts.h"
#include "libretain/day.h"
#include "libretain/err.h"

/*
 * The rows of a shard come as they were written: the as-of date, the idle days and the gaps, then
 * group by group the periods and who was still active at the end. What a period's rows say of
 * customers goes to the cells, up to the shard's end; those who were active there go on to the end
 * of the whole.
 */

static const char other_method[] = "method: the rows were made with other options, or not by this "
                                   "command";
static const char incomplete[] = "metric: rows are missing, or in another order than this command "
                                 "writes them";

static bool starts(struct rt_text text, const char *prefix)
{
    const size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.at, prefix, length) == 0;
}

/* The confidence comes from the first row that has one; all others must have the same. */
static const char *check_method(struct rt_churn *churn, struct rt_text method, const char *name,
                                bool interval)
{
    if (!interval)
        return rt_text_is(method, name) ? NULL : other_method;
    struct rt_confidence confidence;
    char expected[RT_CHURN_METHOD_BYTES];
    if (rt_method_confidence(method, &confidence) != 0)
        return other_method;
    if (!churn->shard.confident)
        churn->form.confidence = confidence;
    churn->shard.confident = true;
    if (strcmp(confidence.name, churn->form.confidence.name) != 0)
        return "--conf: the rows were made with different confidences";
    snprintf(expected, sizeof expected, "%s %s", name, confidence.name);
    return rt_text_is(method, expected) ? NULL : other_method;
}

static int add_count(int64_t *into, int64_t more)
{
    return __builtin_add_overflow(*into, more, into) ? -1 : 0;
}

/* Shards ------------------------------------------------------------------------------------- */

/* The rows of a shard are in. */
static const char *end_shard(struct rt_churn *churn)
{
    struct rt_churn_shard *shard = &churn->shard;
    if (!shard->begun)
        return NULL;
    if (shard->inside || (shard->group >= 0 && shard->at != shard->end))
        return incomplete;
    if (!churn->adopted && shard->ends != shard->tails)
        return "metric: rows of the last purchases are missing";
    return NULL;
}

/* `method` of the first row: the kind of periods, and whether --as-of was given. */
static const char *learn_form(struct rt_churn *churn, struct rt_text method)
{
    const char *end = method.length > 0 ? memchr(method.at, ';', method.length) : NULL;
    struct rt_period period;
    if (end == NULL ||
        rt_period_read_name((struct rt_text){method.at, (size_t)(end - method.at)}, &period) != 0)
        return other_method;
    const size_t kind = (size_t)(end - method.at) + 2;
    if (kind > method.length)
        return other_method;
    const struct rt_text how = {method.at + kind, method.length - kind};
    const bool given = rt_text_is(how, rt_churn_as_of_methods[true]);
    if (!given && !rt_text_is(how, rt_churn_as_of_methods[false]))
        return other_method;
    if (!churn->shard.begun) {
        churn->form.period = period;
        churn->adopted = given;
    }
    if (!rt_period_equal(&period, &churn->form.period))
        return "--period: the rows were made with different periods";
    return given == churn->adopted ? NULL
                                   : "--as-of: some of the rows were made with it, some "
                                     "without";
}

static const char *merge_as_of(struct rt_churn *churn, const struct rt_metric *row)
{
    struct rt_churn_shard *shard = &churn->shard;
    const char *fault = end_shard(churn);
    if (fault == NULL)
        fault = learn_form(churn, row->method);
    if (fault != NULL)
        return fault;
    const struct rt_text date = row->keys[churn->form.by_count];
    int32_t day = RT_DAY_NONE;
    if ((date.length > 0 || churn->adopted) && rt_day_read(date, &day) != 0)
        return "period: not a date";
    if (churn->adopted && shard->begun && day != churn->as_of)
        return "--as-of: the rows were made with different dates";
    if (day > churn->as_of)
        churn->as_of = day;
    *shard = (struct rt_churn_shard){.begun = true,
                                     .confident = shard->confident,
                                     .idle_known = shard->idle_known,
                                     .idle_differs = shard->idle_differs,
                                     .idle = -1,
                                     .amounts_known = shard->amounts_known,
                                     .as_of = day,
                                     .end = RT_DAY_NONE,
                                     .group = -1};
    if (day != RT_DAY_NONE)
        shard->end = rt_churn_period(churn, day);
    return NULL;
}

/* Every shard found the same days, or was told them; one without customers found none. */
static const char *merge_idle(struct rt_churn *churn, const struct rt_metric *row)
{
    struct rt_churn_shard *shard = &churn->shard;
    size_t how = RT_CHURN_IDLE_METHODS;
    while (--how > 0 && !starts(row->method, rt_churn_idle_methods[how]))
        ;
    const bool found = how > 0;
    const char *fault = check_method(churn, row->method, rt_churn_idle_methods[how], found);
    if (fault != NULL)
        return fault;
    if (!shard->idle_known) {
        churn->form.idle = RT_CHURN_AUTO;
        churn->idle = -1;
    }
    if (shard->idle_known && found != (churn->form.idle == RT_CHURN_AUTO))
        return "--idle: some of the rows were made with auto, some with days";
    shard->idle_known = true;
    int64_t days;
    if (found && row->value.text.length == 0)
        return NULL;
    if (rt_number_read_count(row->value, &days) != 0 || days > RT_DAY_LAST - RT_DAY_FIRST)
        return "value: not a number of days";
    if (churn->idle >= 0 && days != churn->idle && !found)
        return "--idle: the rows were made with different days";
    shard->idle_differs |= churn->idle >= 0 && days != churn->idle;
    shard->idle = (int32_t)days;
    churn->idle = (int32_t)days;
    if (!found)
        churn->form.idle = churn->idle;
    return NULL;
}

static void keep_open(struct rt_churn *churn, int32_t last, int64_t count)
{
    const size_t capacity = rt_grown(churn->open_size, churn->open_used + 1);
    if (capacity != 0) {
        churn->open_last = rt_realloc(churn->open_last, capacity, sizeof *churn->open_last);
        churn->open_count = rt_realloc(churn->open_count, capacity, sizeof *churn->open_count);
        churn->open_size = capacity;
    }
    churn->open_last[churn->open_used] = last;
    churn->open_count[churn->open_used++] = count;
}

/* An open gap is longer where the whole ends later than the shard. */
static const char *merge_gap(struct rt_churn *churn, const struct rt_metric *row)
{
    int64_t days, count;
    if (rt_number_read_count(row->value, &days) != 0 || days > RT_DAY_LAST - RT_DAY_FIRST)
        return "value: not a number of days";
    if (rt_number_read_count(row->num, &count) != 0)
        return "num: not a count";
    const int32_t as_of = churn->shard.as_of;
    if (rt_text_is(row->method, rt_churn_gap_methods[0]))
        rt_gaps_add_closed(&churn->gaps, (int32_t)days, count);
    else if (rt_text_is(row->method, rt_churn_gap_methods[1]) && as_of - days >= RT_DAY_FIRST)
        keep_open(churn, as_of - (int32_t)days, count);
    else
        return other_method;
    return NULL;
}

/* Periods ------------------------------------------------------------------------------------ */

static uint32_t group_of(struct rt_churn *churn, const struct rt_metric *row)
{
    rt_group_key_clear(&churn->key);
    for (size_t i = 0; i < churn->form.by_count; i++)
        rt_group_key_add(&churn->key, row->keys[i]);
    return rt_churn_group(churn);
}

static const char *merge_money(struct rt_churn *churn, struct rt_churn_cell *cell,
                               enum rt_churn_metric metric, const struct rt_metric *row)
{
    const bool fresh = metric == RT_CHURN_AOV_NEW;
    int64_t orders;
    if (fresh &&
        (rt_number_read_count(row->den, &orders) != 0 || add_count(&cell->orders_new, orders) != 0))
        return "den: not a count";
    if (!fresh && metric != RT_CHURN_REVENUE)
        return NULL;
    struct rt_total sum = {0, 0}, more;
    if (rt_number_read_total(fresh ? row->num : row->value, &more) != 0 ||
        rt_churn_widen(churn, more.places) != 0)
        return "not a sum";
    sum = (struct rt_total){fresh ? cell->revenue_new : cell->revenue, churn->places};
    if (rt_total_merge(&sum, more) != 0)
        return "not a sum, or the sum of all is too large";
    *(fresh ? &cell->revenue_new : &cell->revenue) = sum.units;
    return NULL;
}

/* The number of customers active at the end of the period of the row. */
static const char *merge_end(struct rt_churn *churn, int64_t count)
{
    struct rt_churn_shard *shard = &churn->shard;
    const size_t group = (size_t)shard->group;
    const bool last = shard->at == shard->end;
    if (last && add_count(&shard->ends, count) != 0)
        return "value: the sum is too large";
    if (last && !churn->adopted)
        return NULL;
    rt_churn_cell(churn, group, shard->at)->ends += count;
    rt_churn_cell(churn, group, shard->at + 1)->ends -= count;
    return NULL;
}

static const char *merge_share(struct rt_churn *churn, struct rt_churn_cell *cell,
                               enum rt_churn_metric metric, const struct rt_metric *row)
{
    struct rt_churn_shard *shard = &churn->shard;
    int64_t part, all;
    if (rt_number_read_count(row->num, &part) != 0)
        return "num: not a count";
    if (rt_number_read_count(row->den, &all) != 0)
        return "den: not a count";
    int fault = 0;
    if (metric == RT_CHURN_RATE) {
        shard->lost_start = part;
        fault = add_count(&cell->lost[RT_CHURN_OF_START], part);
    } else if (metric == RT_CHURN_RATE_STRIPE) {
        if (part < shard->lost_start || part > shard->lost)
            return "num: does not agree with the rows above";
        fault = add_count(&cell->lost[RT_CHURN_OF_NEW], part - shard->lost_start) |
                add_count(&cell->lost[RT_CHURN_OF_RETURNED], shard->lost - part);
    } else {
        fault = add_count(&cell->repeaters, part) | add_count(&cell->buyers, all);
    }
    return fault != 0 ? "num: the sum is too large" : NULL;
}

static const char *merge_count(struct rt_churn *churn, struct rt_churn_cell *cell,
                               enum rt_churn_metric metric, const struct rt_metric *row)
{
    int64_t count;
    if (rt_number_read_count(row->value, &count) != 0)
        return "value: not a count";
    if (metric == RT_CHURN_END)
        return merge_end(churn, count);
    if (metric == RT_CHURN_LEFT)
        churn->shard.lost = count;
    int64_t *into = metric == RT_CHURN_CAME        ? &cell->came
                    : metric == RT_CHURN_CAME_BACK ? &cell->returned
                    : metric == RT_CHURN_ORDERS    ? &cell->orders
                                                   : NULL;
    return into != NULL && add_count(into, count) != 0 ? "value: the sum is too large" : NULL;
}

static const char *merge_cell(struct rt_churn *churn, enum rt_churn_metric metric,
                              const struct rt_metric *row)
{
    const struct rt_churn_name *name = &rt_churn_names[metric];
    const char *fault = check_method(churn, row->method, name->method, name->interval);
    if (fault != NULL)
        return fault;
    struct rt_churn_cell *cell = rt_churn_cell(churn, (size_t)churn->shard.group, churn->shard.at);
    if (metric <= RT_CHURN_END || metric == RT_CHURN_ORDERS)
        return merge_count(churn, cell, metric, row);
    if (metric == RT_CHURN_RATE || metric == RT_CHURN_RATE_STRIPE || metric == RT_CHURN_REPEAT)
        return merge_share(churn, cell, metric, row);
    return metric >= RT_CHURN_AOV ? merge_money(churn, cell, metric, row) : NULL;
}

/* The first row of a period of a group. Periods follow one another up to the shard's end. */
static const char *begin_period(struct rt_churn *churn, uint32_t group, int32_t period)
{
    struct rt_churn_shard *shard = &churn->shard;
    const bool same = shard->group == (int32_t)group;
    if ((same && period != shard->at + 1) ||
        (!same && shard->group >= 0 && shard->at != shard->end) || period > shard->end)
        return incomplete;
    shard->group = (int32_t)group;
    shard->at = period;
    shard->next = 0;
    shard->inside = true;
    rt_churn_note_period(churn, period);
    return NULL;
}

/* Whether there are amounts shows by what comes behind the orders. */
static const char *learn_amounts(struct rt_churn *churn, const struct rt_metric *row)
{
    struct rt_churn_shard *shard = &churn->shard;
    const bool amounts = rt_text_is(row->metric, rt_churn_names[RT_CHURN_AOV].metric);
    if (!shard->amounts_known)
        churn->form.amounts = amounts;
    shard->amounts_known = true;
    shard->inside = amounts;
    return amounts == churn->form.amounts ? NULL
                                          : "amount: some of the rows were made with it, some "
                                            "without";
}

static const char *merge_period(struct rt_churn *churn, const struct rt_metric *row)
{
    struct rt_churn_shard *shard = &churn->shard;
    int32_t period;
    if (rt_period_read_label(&churn->form.period, row->keys[churn->form.by_count], &period) != 0)
        return "period: not one of this command, or of another kind";
    const uint32_t group = group_of(churn, row);
    const char *fault = NULL;
    if (!shard->inside)
        fault = begin_period(churn, group, period);
    if (fault != NULL)
        return fault;
    if (shard->group != (int32_t)group || shard->at != period ||
        !rt_text_is(row->metric, rt_churn_names[shard->next].metric))
        return incomplete;
    fault = merge_cell(churn, (enum rt_churn_metric)shard->next++, row);
    if (shard->next == RT_CHURN_METRICS)
        shard->inside = false;
    return fault;
}

static const char *merge_last(struct rt_churn *churn, const struct rt_metric *row)
{
    struct rt_churn_shard *shard = &churn->shard;
    struct rt_churn_tail tail = {.group = group_of(churn, row), .from = shard->end};
    if (rt_day_read(row->keys[churn->form.by_count], &tail.last) != 0)
        return "period: not a date";
    if (rt_number_read_count(row->value, &tail.count) != 0 ||
        add_count(&shard->tails, tail.count) != 0)
        return "value: not a count";
    if (churn->adopted || shard->group != (int32_t)tail.group || shard->at != shard->end ||
        tail.last > shard->as_of || (int64_t)tail.last + shard->idle < shard->as_of ||
        rt_churn_period(churn, tail.last) < churn->first_period)
        return incomplete;
    size_t standing = 0;
    while (standing < RT_CHURN_STANDINGS &&
           !rt_text_is(row->method, rt_churn_standing_names[standing]))
        standing++;
    if (standing == RT_CHURN_STANDINGS)
        return other_method;
    tail.standing = (enum rt_churn_standing)standing;
    const size_t capacity = rt_grown(churn->tail_size, churn->tail_count + 1);
    if (capacity != 0) {
        churn->tails = rt_realloc(churn->tails, capacity, sizeof *churn->tails);
        churn->tail_size = capacity;
    }
    churn->tails[churn->tail_count++] = tail;
    return NULL;
}

const char *rt_churn_merge(struct rt_churn *churn, const struct rt_metric *row)
{
    struct rt_churn_shard *shard = &churn->shard;
    churn->rows++;
    const char *fault = NULL;
    if (shard->inside && shard->next == RT_CHURN_AOV)
        fault = learn_amounts(churn, row);
    if (fault != NULL)
        return fault;
    if (rt_text_is(row->metric, rt_churn_as_of))
        return merge_as_of(churn, row);
    if (!shard->begun)
        return "metric: not rows of this command from their first one on";
    if (rt_text_is(row->metric, rt_churn_idle))
        return merge_idle(churn, row);
    if (!shard->idle_known)
        return incomplete;
    if (shard->inside)
        return merge_period(churn, row);
    if (rt_text_is(row->metric, rt_churn_gaps))
        return merge_gap(churn, row);
    if (rt_text_is(row->metric, rt_churn_last))
        return merge_last(churn, row);
    if (rt_text_is(row->metric, rt_churn_names[RT_CHURN_START].metric))
        return merge_period(churn, row);
    for (size_t i = 0; i < RT_CHURN_METRICS; i++)
        if (rt_text_is(row->metric, rt_churn_names[i].metric))
            return incomplete;
    return "metric: not one of this command";
}

/* The whole ---------------------------------------------------------------------------------- */

static const char *check_asked(struct rt_churn *churn, const struct rt_churn_asked *asked)
{
    const struct rt_churn_form *form = &churn->form;
    if (asked->period != NULL && !rt_period_equal(asked->period, &form->period))
        return "--period: the rows were made with other periods";
    if (asked->idle != NULL && *asked->idle != form->idle)
        return "--idle: the rows were made with another number of days";
    if (asked->as_of != RT_DAY_NONE && (!churn->adopted || asked->as_of != churn->as_of))
        return "--as-of: the rows were made with another date";
    if (asked->confident && churn->shard.confident &&
        strcmp(asked->confidence->name, form->confidence.name) != 0) {
        snprintf(churn->fault, sizeof churn->fault, "--conf: the rows were made with %s",
                 form->confidence.name);
        return churn->fault;
    }
    return NULL;
}

/* The gaps of all shards together may say other days than those of each. */
static const char *find_idle(struct rt_churn *churn)
{
    for (size_t i = 0; i < churn->open_used; i++)
        rt_gaps_add_open(&churn->gaps, churn->as_of - churn->open_last[i], churn->open_count[i]);
    const int32_t counted = churn->idle;
    const char *fault = rt_churn_find_idle(churn);
    if (fault != NULL || counted < 0 || (churn->idle == counted && !churn->shard.idle_differs))
        return fault;
    snprintf(churn->fault, sizeof churn->fault,
             "--idle: auto takes %d days for all shards together, and others for some of them; "
             "count them anew with --idle=%d",
             (int)churn->idle, (int)churn->idle);
    return churn->fault;
}

const char *rt_churn_merged(struct rt_churn *churn, const struct rt_churn_asked *asked)
{
    churn->unknown = !churn->shard.begun;
    if (churn->unknown)
        return NULL;
    const char *fault = churn->shard.inside && churn->shard.next == RT_CHURN_AOV
                            ? learn_amounts(churn, &(struct rt_metric){.metric = rt_text("")})
                            : NULL;
    if (fault == NULL)
        fault = end_shard(churn);
    if (fault == NULL && !churn->shard.idle_known)
        fault = incomplete;
    if (fault == NULL)
        fault = check_asked(churn, asked);
    if (!churn->shard.confident)
        churn->form.confidence = *asked->confidence;
    if (fault == NULL && churn->form.idle == RT_CHURN_AUTO)
        fault = find_idle(churn);
    for (size_t i = 0; fault == NULL && i < churn->tail_count; i++)
        rt_churn_end(churn, &churn->tails[i]);
    return fault;
}
