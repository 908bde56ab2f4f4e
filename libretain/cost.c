#include "libretain/cost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/map.h"
#include "libretain/period.h"

enum counted { NEW, RETAINED, START, END, COUNTED };
enum step { CAC, CRC, CAC_CRC, LTV_CAC, MONTHLY, PAYBACK, UNMATCHED, STEPS };
enum { METHOD_BYTES = 300 };

/* A group and period. */
struct entry {
    struct rt_text key; /* in the map */
    bool counted, complete, has[COUNTED], has_revenue, cost_row, has_acquired, has_retained;
    int64_t count[COUNTED];
    struct rt_total revenue, acquired, retained;
};

struct worth {
    double mean, lo, hi;
    char *method; /* owned */
};

struct rt_cost {
    struct rt_cost_form form;
    struct rt_map places, worth_places; /* of entries and worths, from 1 */
    struct entry *entries;
    size_t count, size;
    struct worth *worths;
    size_t worth_count, worth_size, worth_by;
    bool has_period;
    struct rt_period period;
    int32_t as_of;
    struct rt_group_key key;
    /* Of rt_cost_next: */
    bool sorted;
    size_t at;
    enum step step;
    struct rt_text *keys;
    char method[METHOD_BYTES];
};

struct rt_cost *rt_cost_new(const struct rt_cost_form *form)
{
    struct rt_cost *cost = rt_alloc_zero(1, sizeof *cost);
    cost->form = *form;
    cost->as_of = RT_DAY_NONE;
    rt_map_init(&cost->places, sizeof(uint32_t));
    rt_map_init(&cost->worth_places, sizeof(uint32_t));
    cost->keys = rt_alloc(form->by_count + 1, sizeof *cost->keys);
    return cost;
}

void rt_cost_free(struct rt_cost *cost)
{
    if (cost == NULL)
        return;
    for (size_t i = 0; i < cost->worth_count; i++)
        free(cost->worths[i].method);
    rt_map_free(&cost->places);
    rt_map_free(&cost->worth_places);
    rt_group_key_free(&cost->key);
    free(cost->entries);
    free(cost->worths);
    free(cost->keys);
    free(cost);
}

static struct rt_text key_of(struct rt_cost *cost, const struct rt_text *keys, size_t count)
{
    rt_group_key_clear(&cost->key);
    for (size_t i = 0; i < count; i++)
        rt_group_key_add(&cost->key, keys[i]);
    return rt_group_key_text(&cost->key);
}

static struct entry *entry_of(struct rt_cost *cost, const struct rt_text *keys)
{
    const struct rt_text key = key_of(cost, keys, cost->form.by_count + 1);
    uint32_t *place = rt_map_add(&cost->places, key, rt_map_hash(&cost->places, key));
    if (*place == 0) {
        const size_t capacity = rt_grown(cost->size, cost->count + 1);
        if (capacity != 0) {
            cost->entries = rt_realloc(cost->entries, capacity, sizeof *cost->entries);
            cost->size = capacity;
        }
        cost->entries[cost->count] = (struct entry){.key = rt_map_key(&cost->places, place)};
        *place = (uint32_t)++cost->count;
    }
    return &cost->entries[*place - 1];
}

/* Rows in ------------------------------------------------------------------------------------ */

/* The kind of periods is what the method of as_of begins with, "month; last date". */
static const char *read_as_of(struct rt_cost *cost, const struct rt_metric *row)
{
    const struct rt_text date = row->keys[cost->form.by_count];
    const char *end = memchr(row->method.at, ';', row->method.length);
    struct rt_text name = row->method;
    if (end != NULL)
        name.length = (size_t)(end - name.at);
    struct rt_period period;
    int32_t day = RT_DAY_NONE;
    if (rt_period_read_name(name, &period) != 0 ||
        (date.length > 0 && rt_day_read(date, &day) != 0))
        return "not a row as_of of rt-churn";
    if (cost->has_period && (!rt_period_equal(&period, &cost->period) || day != cost->as_of))
        return "a row as_of for the second time; rt-churn -m adds rows up";
    cost->has_period = true;
    cost->period = period;
    cost->as_of = day;
    return NULL;
}

static bool starts_with(struct rt_text text, const char *start)
{
    const size_t length = strlen(start);
    return text.length >= length && memcmp(text.at, start, length) == 0;
}

static const char twice[] =
    "the metric of this group and period for the second time; rt-churn -m adds rows up";

const char *rt_cost_count(struct rt_cost *cost, const struct rt_metric *row)
{
    static const char *const names[COUNTED] = {"new", "retention_rate", "customers_start",
                                               "customers_end"};
    if (rt_text_is(row->metric, "as_of"))
        return read_as_of(cost, row);
    if (rt_text_is(row->metric, "revenue")) {
        struct entry *entry = entry_of(cost, row->keys);
        if (entry->has_revenue)
            return twice;
        entry->has_revenue = true;
        entry->complete = row->complete;
        return rt_number_read_total(row->value, &entry->revenue) == 0 ? NULL
                                                                      : "revenue: not a number";
    }
    enum counted which = NEW;
    while (which < COUNTED && !rt_text_is(row->metric, names[which]))
        which++;
    if (which == COUNTED || (which == RETAINED && !starts_with(row->method, "set")))
        return NULL;
    struct entry *entry = entry_of(cost, row->keys);
    if (entry->has[which])
        return twice;
    entry->has[which] = entry->counted = true;
    entry->complete = row->complete;
    return rt_number_read_count(which == RETAINED ? row->num : row->value, &entry->count[which]) ==
                   0
               ? NULL
               : "not a count of customers";
}

/* Adds a cell to one of the two costs of an entry. */
static const char *add_cell(struct rt_text cell, bool *has, struct rt_total *sum)
{
    struct rt_decimal value;
    if (cell.length == 0)
        return NULL;
    const enum rt_reading reading = rt_decimal_read(cell, &value);
    if (reading != RT_READ)
        return reading == RT_MALFORMED ? "not a number" : "a number of too many digits";
    *has = true;
    return rt_total_add(sum, value) == 0 ? NULL : "a sum of too many digits";
}

const char *rt_cost_add(struct rt_cost *cost, const struct rt_text *keys, struct rt_text acquired,
                        struct rt_text retained, bool *retention)
{
    struct entry *entry = entry_of(cost, keys);
    entry->cost_row = true;
    *retention = false;
    const char *fault = add_cell(acquired, &entry->has_acquired, &entry->acquired);
    if (fault != NULL)
        return fault;
    *retention = true;
    return add_cell(retained, &entry->has_retained, &entry->retained);
}

static int read_real(struct rt_number number, double *value)
{
    *value = NAN;
    return number.text.length == 0 ? 0 : rt_real_read(number.text, value);
}

const char *rt_cost_ltv(struct rt_cost *cost, const struct rt_metric *row, size_t by_count)
{
    struct worth worth;
    if (read_real(row->value, &worth.mean) != 0 || read_real(row->lo, &worth.lo) != 0 ||
        read_real(row->hi, &worth.hi) != 0)
        return "value, lo or hi: not a number";
    cost->worth_by = by_count;
    const struct rt_text key = key_of(cost, row->keys, by_count + 1);
    uint32_t *place = rt_map_add(&cost->worth_places, key, rt_map_hash(&cost->worth_places, key));
    if (*place != 0)
        return "the metric of this group and period for the second time";
    const size_t capacity = rt_grown(cost->worth_size, cost->worth_count + 1);
    if (capacity != 0) {
        cost->worths = rt_realloc(cost->worths, capacity, sizeof *cost->worths);
        cost->worth_size = capacity;
    }
    worth.method = rt_strndup(row->method.at, row->method.length);
    cost->worths[cost->worth_count] = worth;
    *place = (uint32_t)++cost->worth_count;
    return NULL;
}

struct rt_cost_counts rt_cost_counts(const struct rt_cost *cost)
{
    struct rt_cost_counts counts = {.worths = cost->worth_count};
    for (size_t i = 0; i < cost->count; i++) {
        const struct entry *entry = &cost->entries[i];
        counts.matched += entry->counted && entry->cost_row;
        counts.costs += !entry->counted && entry->cost_row;
        counts.customers += entry->counted && !entry->cost_row;
    }
    return counts;
}

/* Figures ------------------------------------------------------------------------------------ */

/* The length of the period of an entry, up to the as-of date, in months of 365.25 / 12 days. */
static int months_of(const struct rt_cost *cost, const struct entry *entry, double *months)
{
    struct rt_text cells[2] = {{entry->key.at, 0}, entry->key};
    for (size_t i = entry->key.length; i > 0; i--)
        if (entry->key.at[i - 1] == '\0') {
            cells[1] = (struct rt_text){entry->key.at + i, entry->key.length - i};
            break;
        }
    int32_t index;
    if (!cost->has_period || rt_period_read_label(&cost->period, cells[1], &index) != 0)
        return -1;
    const int32_t last = rt_period_last(&cost->period, index);
    const int32_t end = cost->as_of != RT_DAY_NONE && cost->as_of < last ? cost->as_of : last;
    *months = (double)(end - rt_period_first(&cost->period, index) + 1) * 12 / 365.25;
    return *months > 0 ? 0 : -1;
}

const char *rt_cost_months_fault(const struct rt_cost *cost)
{
    double months;
    for (size_t i = 0; i < cost->count && cost->form.margin; i++) {
        if (!cost->entries[i].counted)
            continue;
        if (!cost->has_period)
            return "there is no row as_of, which says how long the periods are";
        if (months_of(cost, &cost->entries[i], &months) != 0)
            return "the row as_of says that periods are of another kind than they are";
    }
    return NULL;
}

static double per_customer(bool has, struct rt_total sum, bool counted, int64_t count)
{
    return has && counted && count > 0 ? rt_total_real(sum) / (double)count : NAN;
}

static double cac_of(const struct entry *entry)
{
    return per_customer(entry->has_acquired, entry->acquired, entry->has[NEW], entry->count[NEW]);
}

static double crc_of(const struct entry *entry)
{
    return per_customer(entry->has_retained, entry->retained, entry->has[RETAINED],
                        entry->count[RETAINED]);
}

/* The margin of a customer and month: given, or a share of the revenue by those who were there. */
static double monthly_margin(const struct rt_cost *cost, const struct entry *entry)
{
    double months;
    if (cost->form.monthly)
        return rt_decimal_real(cost->form.per_month);
    if (!entry->has_revenue || !entry->has[START] || !entry->has[END] ||
        months_of(cost, entry, &months) != 0)
        return NAN;
    const double there = ((double)entry->count[START] + (double)entry->count[END]) / 2;
    return there > 0 ? cost->form.share * rt_total_real(entry->revenue) / there / months : NAN;
}

/* A ratio of amounts; there is none by an amount that is not above 0. */
static double by_positive(double a, double b)
{
    return b > 0 ? a / b : NAN;
}

static const struct worth *worth_of(struct rt_cost *cost, const struct entry *entry)
{
    const size_t by_count = cost->form.by_count;
    rt_group_key_split(entry->key, cost->keys, by_count + 1);
    const struct rt_text period = cost->keys[by_count];
    const struct rt_text *from = cost->keys + (cost->worth_by == by_count ? 0 : by_count);
    for (int all = 0; all < 2; all++) {
        cost->keys[by_count] = all ? (struct rt_text){"", 0} : period;
        const struct rt_text key = key_of(cost, from, cost->worth_by + 1);
        const uint32_t *place =
            rt_map_find(&cost->worth_places, key, rt_map_hash(&cost->worth_places, key));
        if (place != NULL)
            return &cost->worths[*place - 1];
    }
    return NULL;
}

/* Rows out ----------------------------------------------------------------------------------- */

static void fill_cost(struct rt_metric *row, const struct entry *entry, bool retention)
{
    const bool has = retention ? entry->has_retained : entry->has_acquired;
    const enum counted which = retention ? RETAINED : NEW;
    row->metric = rt_text(retention ? "crc" : "cac");
    row->method = rt_text(retention ? "cost per retained customer" : "cost per new customer");
    row->value = rt_number_real(retention ? crc_of(entry) : cac_of(entry));
    if (has)
        row->num = rt_number_total(retention ? entry->retained : entry->acquired);
    if (entry->has[which])
        row->den = rt_number_whole(entry->count[which]);
}

static void fill_ratio(struct rt_metric *row, const char *metric, const char *method, double a,
                       double b)
{
    row->metric = rt_text(metric);
    row->method = rt_text(method);
    row->value = rt_number_real(by_positive(a, b));
    row->num = rt_number_real(a);
    row->den = rt_number_real(b);
}

static void fill_ltv(struct rt_cost *cost, struct rt_metric *row, const struct entry *entry)
{
    const struct worth *worth = worth_of(cost, entry);
    const double cac = cac_of(entry);
    snprintf(cost->method, METHOD_BYTES, "ltv by cac; %.250s",
             worth != NULL ? worth->method : "no ltv given");
    fill_ratio(row, "ltv_cac", cost->method, worth != NULL ? worth->mean : NAN, cac);
    if (worth != NULL)
        rt_metric_interval(
            row, (struct rt_interval){by_positive(worth->lo, cac), by_positive(worth->hi, cac)});
}

static void fill_margin(const struct rt_cost *cost, struct rt_metric *row,
                        const struct entry *entry)
{
    row->metric = rt_text("monthly_margin");
    row->method =
        rt_text(cost->form.monthly ? "given" : "share of revenue per active customer and month");
    row->value = rt_number_real(monthly_margin(cost, entry));
    if (cost->form.monthly)
        row->value = rt_number_total(
            (struct rt_total){cost->form.per_month.units, cost->form.per_month.places});
    else if (entry->has_revenue)
        row->num = rt_number_total(entry->revenue);
}

/* Costs without customers, or customers without costs; false where they met. */
static bool fill_unmatched(struct rt_metric *row, const struct entry *entry)
{
    if (entry->counted == entry->cost_row)
        return false;
    row->metric = rt_text(entry->counted ? "unmatched_customers" : "unmatched_costs");
    row->method = rt_text(entry->counted ? "new and retained without a row of costs"
                                         : "exact sum without a row of customers");
    if (entry->counted) {
        row->value = rt_number_whole(entry->count[NEW] + entry->count[RETAINED]);
        return true;
    }
    struct rt_total sum = entry->acquired;
    if (rt_total_merge(&sum, entry->retained) == 0)
        row->value = rt_number_total(sum);
    return true;
}

/* The row of a step; false where there is none. */
static bool fill(struct rt_cost *cost, enum step step, const struct entry *entry,
                 struct rt_metric *row)
{
    const bool margin = cost->form.margin || cost->form.monthly;
    switch (step) {
    case CAC:
    case CRC:
        fill_cost(row, entry, step == CRC);
        return true;
    case CAC_CRC:
        fill_ratio(row, "cac_crc", "cac by crc", cac_of(entry), crc_of(entry));
        return true;
    case LTV_CAC:
        if (cost->form.ltv)
            fill_ltv(cost, row, entry);
        return cost->form.ltv;
    case MONTHLY:
        if (margin)
            fill_margin(cost, row, entry);
        return margin;
    case PAYBACK:
        if (margin)
            fill_ratio(row, "payback_months", "cac by monthly margin", cac_of(entry),
                       monthly_margin(cost, entry));
        return margin;
    default:
        return fill_unmatched(row, entry);
    }
}

static int compare(const void *a, const void *b)
{
    return rt_text_compare(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

bool rt_cost_next(struct rt_cost *cost, struct rt_metric *row)
{
    if (!cost->sorted && cost->count > 1)
        qsort(cost->entries, cost->count, sizeof *cost->entries, compare);
    cost->sorted = true;
    while (cost->at < cost->count) {
        const struct entry *entry = &cost->entries[cost->at];
        const enum step step = cost->step;
        cost->step = (enum step)(step + 1) % STEPS;
        cost->at += cost->step == CAC;
        if (!entry->counted && !entry->cost_row)
            continue; /* revenue alone */
        *row =
            (struct rt_metric){.keys = cost->keys, .complete = entry->complete || !entry->counted};
        const bool there = (entry->counted && entry->cost_row) || step == UNMATCHED;
        if (there && fill(cost, step, entry, row)) {
            rt_group_key_split(entry->key, cost->keys, cost->form.by_count + 1);
            return true;
        }
    }
    return false;
}
