#include "libretain/churn_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/err.h"

static struct rt_churn *new_churn(void)
{
    struct rt_churn *churn = rt_alloc_zero(1, sizeof *churn);
    churn->as_of = churn->last_day = RT_DAY_NONE;
    churn->found = (struct rt_gap_quantile){-1, -1, -1, false};
    for (size_t i = 0; i < RT_CHURN_DAYS_CACHED; i++)
        churn->cached[i].day = RT_DAY_NONE;
    rt_map_init_dense(&churn->customers, offsetof(struct rt_churn_customer, revenue_new));
    rt_map_init(&churn->keys, sizeof(uint32_t));
    return churn;
}

struct rt_churn *rt_churn_new(const struct rt_churn_form *form)
{
    struct rt_churn *churn = new_churn();
    churn->form = *form;
    churn->idle = form->idle;
    churn->adopted = form->as_of != RT_DAY_NONE;
    if (form->by_count == 0)
        (void)rt_churn_group(churn);
    return churn;
}

struct rt_churn *rt_churn_new_part(const struct rt_churn *churn)
{
    struct rt_churn *part = rt_churn_new(&churn->form);
    part->customers.seed = churn->customers.seed;
    return part;
}

struct rt_churn *rt_churn_new_merge(size_t by_count)
{
    struct rt_churn *churn = new_churn();
    churn->form.by_count = by_count;
    churn->form.as_of = RT_DAY_NONE;
    if (by_count == 0)
        (void)rt_churn_group(churn);
    return churn;
}

void rt_churn_free(struct rt_churn *churn)
{
    if (churn == NULL)
        return;
    for (size_t i = 0; i < churn->group_count; i++) {
        free(churn->groups[i].cells);
        free(churn->groups[i].active);
    }
    free(churn->groups);
    rt_map_free(&churn->customers);
    rt_map_free(&churn->keys);
    rt_group_key_free(&churn->key);
    rt_gaps_free(&churn->gaps);
    rt_days_free(churn->days);
    rt_hoard_free(churn->amounts);
    free(churn->waiting);
    free(churn->tails);
    free(churn->open_last);
    free(churn->open_count);
    free(churn);
}

void rt_churn_keep_days(struct rt_churn *churn)
{
    const uint64_t seed = churn->customers.seed;
    const bool groups = churn->form.by_count > 0;
    churn->keep = true;
    rt_map_free(&churn->customers);
    rt_map_init_dense(&churn->customers, groups ? offsetof(struct rt_churn_customer, revenue_new)
                                                : sizeof(struct rt_churn_customer));
    churn->customers.seed = seed;
    churn->days = rt_days_new(&churn->customers);
    churn->amounts = groups ? rt_hoard_new() : NULL;
}

void rt_churn_each(struct rt_churn *churn, rt_days_work *work, void *what)
{
    rt_days_finish(churn->days);
    struct rt_days_view *view = rt_days_view_new(churn->days);
    int32_t *days = NULL;
    size_t size = 0;
    const struct rt_churn_customer *customer = rt_map_next(&churn->customers, NULL);
    for (; customer != NULL; customer = rt_map_next(&churn->customers, customer)) {
        if (!customer->known)
            continue;
        const uint32_t place = rt_map_offset(&churn->customers, customer);
        const int32_t *between;
        const size_t count = rt_days_read(view, place, &between);
        const size_t more = rt_grown(size, count + 2);
        if (more > 0) {
            days = rt_realloc(days, more, sizeof *days);
            size = more;
        }
        days[0] = customer->first;
        if (count > 0)
            memcpy(days + 1, between, count * sizeof *days);
        days[count + 1] = customer->last;
        work(what, place, days, customer->first == customer->last ? 1 : count + 2);
    }
    free(days);
    rt_days_view_free(view);
}

struct rt_churn_counts rt_churn_counts(const struct rt_churn *churn)
{
    return (struct rt_churn_counts){churn->rows, churn->after,
                                    churn->customers.count + churn->absorbed, churn->group_count,
                                    churn->as_of};
}

/* Groups and cells --------------------------------------------------------------------------- */

uint32_t rt_churn_group(struct rt_churn *churn)
{
    struct rt_text key = rt_group_key_text(&churn->key);
    if (key.at == NULL)
        key.at = "";
    uint32_t *number = rt_map_add(&churn->keys, key, rt_map_hash(&churn->keys, key));
    if (*number == 0) {
        const size_t capacity = rt_grown(churn->group_size, churn->group_count + 1);
        if (capacity != 0) {
            churn->groups = rt_realloc(churn->groups, capacity, sizeof *churn->groups);
            churn->group_size = capacity;
        }
        churn->groups[churn->group_count] = (struct rt_churn_group){.key = number};
        *number = (uint32_t)++churn->group_count;
    }
    return *number - 1;
}

/* Room for one more period, and for as many again on the side on which it lies. */
struct rt_churn_cell *rt_churn_grow(struct rt_churn_group *group, int32_t period)
{
    const bool before = group->size > 0 && period < group->base;
    int64_t first = group->size > 0 ? group->base : period;
    int64_t last = group->size > 0 ? first + group->size - 1 : period;
    const int64_t room = group->size > 0 ? group->size : 15;
    if (before)
        first = period - room;
    else
        last = period + room;
    const size_t size = (size_t)(last - first + 1);
    struct rt_churn_cell *cells = rt_alloc_zero(size, sizeof *cells);
    if (group->size > 0)
        memcpy(cells + (group->base - first), group->cells, group->size * sizeof *cells);
    free(group->cells);
    group->base = (int32_t)first;
    group->size = (uint32_t)size;
    group->cells = cells;
    return &cells[period - first];
}

static int add_units(__int128 *sum, __int128 more)
{
    const __int128 most = (__int128)INT64_MAX << 62; /* below 10^38, which can be written */
    *sum += more;
    return *sum <= most && *sum >= -most ? 0 : -1;
}

void rt_churn_wait(struct rt_churn *churn, struct rt_churn_waiting revenue)
{
    const size_t capacity = rt_grown(churn->waiting_size, churn->waiting_count + 1);
    if (capacity != 0) {
        churn->waiting = rt_realloc(churn->waiting, capacity, sizeof *churn->waiting);
        churn->waiting_size = capacity;
    }
    churn->waiting[churn->waiting_count++] = revenue;
}

/* Gives revenue one more place. Returns 0, or -1 where it does not fit. */
static int widen_cell(struct rt_churn_cell *cell)
{
    const __int128 most = ((__int128)INT64_MAX << 62) / 10;
    if (cell->revenue > most || cell->revenue < -most || cell->revenue_new > most ||
        cell->revenue_new < -most)
        return -1;
    cell->revenue *= 10;
    cell->revenue_new *= 10;
    return 0;
}

/* Of customers that have it; what no longer fits waits. */
static void widen_customers(struct rt_churn *churn)
{
    struct rt_churn_customer *customer = rt_map_next(&churn->customers, NULL);
    for (; customer != NULL; customer = rt_map_next(&churn->customers, customer)) {
        const int64_t units = customer->revenue_new;
        int64_t wider;
        if (__builtin_mul_overflow(units, INT64_C(10), &wider)) {
            rt_churn_wait(churn, (struct rt_churn_waiting){
                                     rt_map_offset(&churn->customers, customer), customer->group,
                                     customer->first, (int16_t)churn->places, true, units});
            wider = 0;
        }
        customer->revenue_new = wider;
    }
}

int rt_churn_widen(struct rt_churn *churn, int places)
{
    for (; churn->places < places; churn->places++) {
        if (churn->keep && churn->form.by_count == 0)
            widen_customers(churn);
        for (size_t i = 0; i < churn->group_count; i++)
            for (uint32_t k = 0; k < churn->groups[i].size; k++)
                if (widen_cell(&churn->groups[i].cells[k]) != 0)
                    return -1;
    }
    return 0;
}

/* Purchases ---------------------------------------------------------------------------------- */

/* The period in which a customer is no longer active, without another purchase. */
static int32_t lapse_period(struct rt_churn *churn, int32_t last)
{
    const int64_t day = (int64_t)last + churn->idle + 1;
    return day <= RT_DAY_LAST ? rt_churn_period(churn, (int32_t)day) : INT32_MAX;
}

/* Active at the ends of periods `from` to `to` - 1. */
static void add_ends(struct rt_churn *churn, size_t group, int32_t from, int32_t to, int64_t count)
{
    rt_churn_cell(churn, group, from)->ends += count;
    rt_churn_cell(churn, group, to)->ends -= count;
}

/* From the period of the last purchase to a later one, with a purchase in it. */
static void go_on(struct rt_churn *churn, struct rt_churn_customer *customer, int32_t before,
                  int32_t period)
{
    const int32_t lapse = lapse_period(churn, customer->last);
    if (lapse >= period) {
        add_ends(churn, customer->group, before, period, 1);
        customer->standing = RT_CHURN_OF_START;
        return;
    }
    if (lapse > before) {
        add_ends(churn, customer->group, before, lapse, 1);
        customer->standing = RT_CHURN_OF_START;
    }
    rt_churn_cell(churn, customer->group, lapse)->lost[customer->standing]++;
    rt_churn_cell(churn, customer->group, period)->returned++;
    customer->standing = RT_CHURN_OF_RETURNED;
}

/* The first purchase on a day. */
static void count_occasion(struct rt_churn *churn, struct rt_churn_customer *customer, int32_t day,
                           int32_t period)
{
    const int32_t before = customer->known ? rt_churn_period(churn, customer->last) : 0;
    if (customer->known && before == period) {
        if (!customer->repeated)
            rt_churn_cell(churn, customer->group, period)->repeaters++;
        customer->repeated = 1;
        customer->last = day;
        return;
    }
    if (customer->known)
        go_on(churn, customer, before, period);
    struct rt_churn_cell *cell = rt_churn_cell(churn, customer->group, period);
    if (!customer->known) {
        cell->came++;
        customer->first = day;
        customer->known = 1;
        customer->standing = RT_CHURN_OF_NEW;
    }
    cell->buyers++;
    customer->repeated = 0;
    customer->last = day;
}

int rt_churn_purchase(struct rt_churn *churn, struct rt_churn_customer *customer, int32_t day,
                      __int128 units)
{
    const int32_t period = rt_churn_period(churn, day);
    const bool occasion = !customer->known || day != customer->last;
    if (occasion)
        count_occasion(churn, customer, day, period);
    struct rt_churn_cell *cell = rt_churn_cell(churn, customer->group, period);
    const bool fresh = customer->standing == RT_CHURN_OF_NEW;
    cell->orders += occasion;
    cell->orders_new += occasion && fresh;
    if (add_units(&cell->revenue, units) != 0)
        return -1;
    return fresh ? add_units(&cell->revenue_new, units) : 0;
}

int rt_churn_add_revenue(struct rt_churn *churn, size_t group, int32_t period, bool fresh,
                         __int128 units)
{
    struct rt_churn_cell *cell = rt_churn_cell(churn, group, period);
    if (add_units(&cell->revenue, units) != 0)
        return -1;
    return fresh ? add_units(&cell->revenue_new, units) : 0;
}

int rt_churn_add_revenue_new(struct rt_churn *churn, size_t group, int32_t period, __int128 units)
{
    return add_units(&rt_churn_cell(churn, group, period)->revenue_new, units);
}

void rt_churn_reset(struct rt_churn *churn)
{
    for (size_t i = 0; i < churn->group_count; i++)
        if (churn->groups[i].size > 0)
            memset(churn->groups[i].cells, 0,
                   churn->groups[i].size * sizeof *churn->groups[i].cells);
}

/* The end of the data ------------------------------------------------------------------------ */

int32_t rt_churn_active_from(const struct rt_churn *churn)
{
    const int32_t first = rt_period_first(&churn->form.period, churn->first_period);
    const int64_t from = (int64_t)churn->as_of - churn->idle;
    return from > first ? (int32_t)from : first;
}

static void note_active(struct rt_churn *churn, const struct rt_churn_tail *tail,
                        enum rt_churn_standing standing)
{
    struct rt_churn_group *group = &churn->groups[tail->group];
    const int32_t from = rt_churn_active_from(churn);
    if (group->active == NULL)
        group->active = rt_alloc_zero((size_t)(churn->as_of - from) + 1, sizeof *group->active);
    group->active[tail->last - from][standing] += tail->count;
}

void rt_churn_end(struct rt_churn *churn, const struct rt_churn_tail *tail)
{
    const int32_t end = rt_churn_period(churn, churn->as_of);
    if ((int64_t)tail->last + churn->idle >= churn->as_of) {
        add_ends(churn, tail->group, tail->from, end + 1, tail->count);
        note_active(churn, tail, tail->from == end ? tail->standing : RT_CHURN_OF_START);
        return;
    }
    const int32_t lapse = lapse_period(churn, tail->last);
    add_ends(churn, tail->group, tail->from, lapse, tail->count);
    rt_churn_cell(churn, tail->group, lapse)
        ->lost[lapse == tail->from ? tail->standing : RT_CHURN_OF_START] += tail->count;
}

static int absorb_cell(struct rt_churn_cell *cell, const struct rt_churn_cell *more)
{
    cell->came += more->came;
    cell->returned += more->returned;
    for (int i = 0; i < RT_CHURN_STANDINGS; i++)
        cell->lost[i] += more->lost[i];
    cell->ends += more->ends;
    cell->buyers += more->buyers;
    cell->repeaters += more->repeaters;
    cell->orders += more->orders;
    cell->orders_new += more->orders_new;
    return add_units(&cell->revenue, more->revenue) |
           add_units(&cell->revenue_new, more->revenue_new);
}

static void absorb_active(struct rt_churn *churn, struct rt_churn_group *group,
                          const struct rt_churn_group *more)
{
    if (more->active == NULL)
        return;
    const size_t days = (size_t)(churn->as_of - rt_churn_active_from(churn)) + 1;
    if (group->active == NULL)
        group->active = rt_alloc_zero(days, sizeof *group->active);
    for (size_t day = 0; day < days; day++)
        for (int i = 0; i < RT_CHURN_STANDINGS; i++)
            group->active[day][i] += more->active[day][i];
}

static bool is_empty(const struct rt_churn_cell *cell)
{
    static const struct rt_churn_cell empty = {0};
    return memcmp(cell, &empty, sizeof empty) == 0;
}

int rt_churn_absorb(struct rt_churn *churn, struct rt_churn *part)
{
    const int places = part->places > churn->places ? part->places : churn->places;
    if (rt_churn_widen(churn, places) != 0 || rt_churn_widen(part, places) != 0)
        return -1;
    const struct rt_churn_group *more = &part->groups[0];
    for (uint32_t i = 0; i < more->size; i++)
        if (!is_empty(&more->cells[i]) &&
            absorb_cell(rt_churn_cell(churn, 0, more->base + (int32_t)i), &more->cells[i]) != 0)
            return -1;
    absorb_active(churn, &churn->groups[0], more);
    churn->rows += part->rows;
    churn->after += part->after;
    churn->absorbed += part->customers.count;
    return 0;
}

void rt_churn_forget(struct rt_churn *churn)
{
    struct rt_churn_group *group = &churn->groups[0];
    free(group->cells);
    free(group->active);
    *group = (struct rt_churn_group){.key = group->key};
    rt_gaps_free(&churn->gaps);
    churn->rows = churn->after = 0;
    churn->absorbed = 0;
    churn->places = 0;
    churn->any = false;
    churn->idle = churn->form.idle;
}

const char *rt_churn_find_idle(struct rt_churn *churn)
{
    churn->found = rt_gaps_quantile(&churn->gaps, 0.9, churn->form.confidence.share);
    churn->idle = churn->found.days;
    if (churn->idle >= 0 || !churn->any)
        return NULL;
    return "--idle: auto needs a customer who bought on two days; name the days";
}
