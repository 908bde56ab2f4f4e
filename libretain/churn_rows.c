#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/churn_parts.h"
#include "libretain/day.h"
#include "libretain/err.h"

const struct rt_churn_name rt_churn_names[RT_CHURN_METRICS] = {
    [RT_CHURN_START] = {"customers_start", "active", false, false},
    [RT_CHURN_CAME] = {"new", "first purchase", false, false},
    [RT_CHURN_CAME_BACK] = {"returned", "active again", false, false},
    [RT_CHURN_LEFT] = {"lost", "active no more", false, false},
    [RT_CHURN_END] = {"customers_end", "active", false, false},
    [RT_CHURN_RATE] = {"churn_rate", "set; wilson", true, false},
    [RT_CHURN_RATE_STRIPE] = {"churn_rate", "stripe; wilson", true, false},
    [RT_CHURN_RETENTION] = {"retention_rate", "set; wilson", true, false},
    [RT_CHURN_RETENTION_PLAIN] = {"retention_rate", "(E-N)/S", false, false},
    [RT_CHURN_MONTH] = {"churn_rate_month", "set; rescaled; wilson", true, false},
    [RT_CHURN_YEAR] = {"churn_rate_year", "set; rescaled; wilson", true, false},
    [RT_CHURN_CHANGE] = {"churn_rate_change", "set; newcombe", true, false},
    [RT_CHURN_REPEAT] = {"repeat_rate", "two orders or more; wilson", true, false},
    [RT_CHURN_FREQUENCY] = {"purchase_frequency", "orders per buyer", false, false},
    [RT_CHURN_ORDERS] = {"orders", "days with purchases", false, false},
    [RT_CHURN_AOV] = {"aov", "revenue per order", false, true},
    [RT_CHURN_AOV_NEW] = {"aov_new", "revenue per order", false, true},
    [RT_CHURN_AOV_RETURNING] = {"aov_returning", "revenue per order", false, true},
    [RT_CHURN_REVENUE] = {"revenue", "exact sum", false, true},
    [RT_CHURN_SHARE] = {"share_of_revenue_returning", "ratio of sums", false, true},
};
const char rt_churn_as_of[] = "as_of", rt_churn_idle[] = "idle_days",
           rt_churn_gaps[] = "purchase_gap", rt_churn_last[] = "last_purchase";
const char *const rt_churn_as_of_methods[2] = {"last date", "given"};
const char *const rt_churn_idle_methods[RT_CHURN_IDLE_METHODS] = {
    "given", "kaplan-meier 90% of gaps closed; log-log",
    "kaplan-meier 90% of gaps that ever close; log-log"};
const char *const rt_churn_gap_methods[2] = {"closed", "open"};
const char *const rt_churn_standing_names[RT_CHURN_STANDINGS] = {"start", "new", "returned"};

/* What rows are written with. */
struct writer {
    struct rt_churn *churn;
    void (*take)(void *what, const struct rt_metric *row);
    void *what;
    struct rt_text *keys;
    const struct rt_churn_group *group;
    char label[RT_PERIOD_LABEL_BYTES];
    char method[RT_CHURN_METHOD_BYTES];
};

/* A group in a period, and what it needs of the period before. */
struct figures {
    const struct rt_churn_cell *cell;
    int64_t start, end, lost, before_start, before_lost;
    double days; /* of the period, up to the as-of date */
    bool complete;
};

static const struct rt_churn_cell *look(const struct rt_churn_group *group, int32_t period)
{
    static const struct rt_churn_cell nothing;
    const uint32_t at = (uint32_t)period - (uint32_t)group->base;
    return at < group->size ? &group->cells[at] : &nothing;
}

static int64_t lost_in(const struct rt_churn_cell *cell)
{
    int64_t lost = 0;
    for (size_t i = 0; i < RT_CHURN_STANDINGS; i++)
        lost += cell->lost[i];
    return lost;
}

static bool is_used(const struct rt_churn_group *group)
{
    static const struct rt_churn_cell nothing;
    for (uint32_t i = 0; i < group->size; i++)
        if (memcmp(&group->cells[i], &nothing, sizeof nothing) != 0)
            return true;
    return false;
}

/* Rows --------------------------------------------------------------------------------------- */

static void put(struct writer *writer, struct rt_metric *row, const char *metric)
{
    row->metric = rt_text(metric);
    row->method = rt_text(writer->method);
    row->keys = writer->keys;
    writer->take(writer->what, row);
}

static void name_method(struct writer *writer, const char *method, bool interval)
{
    if (interval)
        snprintf(writer->method, sizeof writer->method, "%s %s", method,
                 writer->churn->form.confidence.name);
    else
        snprintf(writer->method, sizeof writer->method, "%s", method);
}

static struct rt_number total(const struct rt_churn *churn, __int128 units)
{
    return rt_number_total((struct rt_total){units, churn->places});
}

static double real(const struct rt_churn *churn, __int128 units)
{
    return rt_total_real((struct rt_total){units, churn->places});
}

static void fill_share(const struct writer *writer, struct rt_metric *row, int64_t part,
                       int64_t all)
{
    row->value = rt_number_ratio(part, all);
    row->num = rt_number_whole(part);
    row->den = rt_number_whole(all);
    rt_metric_interval(row, rt_wilson(part, all, writer->churn->form.confidence.share));
}

/* 1 - (1 - share)^power, also where the share is tiny. */
static double rescale(double share, double power)
{
    return -expm1(power * log1p(-share));
}

/* Churn over `days` days as that of `target` days, and its limits likewise (fight-churn 2_5). */
static void fill_rescaled(const struct writer *writer, const struct figures *figures,
                          struct rt_metric *row, double target)
{
    fill_share(writer, row, figures->cell->lost[RT_CHURN_OF_START], figures->start);
    if (figures->start == 0)
        return;
    const double power = target / figures->days;
    row->value = rt_number_real(rescale(row->value.real, power));
    row->lo = rt_number_real(rescale(row->lo.real, power));
    row->hi = rt_number_real(rescale(row->hi.real, power));
}

static void fill_change(const struct writer *writer, const struct figures *figures,
                        struct rt_metric *row)
{
    const int64_t lost = figures->cell->lost[RT_CHURN_OF_START], start = figures->start;
    if (start == 0 || figures->before_start == 0)
        return;
    row->value = rt_number_real((double)lost / (double)start -
                                (double)figures->before_lost / (double)figures->before_start);
    rt_metric_interval(row, rt_newcombe(lost, start, figures->before_lost, figures->before_start,
                                        writer->churn->form.confidence.share));
}

static void fill_mean(const struct writer *writer, struct rt_metric *row, __int128 revenue,
                      int64_t orders)
{
    row->num = total(writer->churn, revenue);
    row->den = rt_number_whole(orders);
    if (orders > 0)
        row->value = rt_number_real(real(writer->churn, revenue) / (double)orders);
}

static void fill_money(const struct writer *writer, const struct rt_churn_cell *cell,
                       enum rt_churn_metric metric, struct rt_metric *row)
{
    const struct rt_churn *churn = writer->churn;
    const __int128 returning = cell->revenue - cell->revenue_new;
    if (metric == RT_CHURN_AOV) {
        fill_mean(writer, row, cell->revenue, cell->orders);
    } else if (metric == RT_CHURN_AOV_NEW) {
        fill_mean(writer, row, cell->revenue_new, cell->orders_new);
    } else if (metric == RT_CHURN_AOV_RETURNING) {
        fill_mean(writer, row, returning, cell->orders - cell->orders_new);
    } else if (metric == RT_CHURN_REVENUE) {
        row->value = total(churn, cell->revenue);
    } else {
        row->num = total(churn, returning);
        row->den = total(churn, cell->revenue);
        /* A share of a loss or of nothing is no share. */
        if (cell->revenue > 0)
            row->value = rt_number_real(real(churn, returning) / real(churn, cell->revenue));
    }
}

static void fill_rate(const struct writer *writer, const struct figures *figures,
                      enum rt_churn_metric metric, struct rt_metric *row)
{
    const struct rt_churn_cell *cell = figures->cell;
    const int64_t start = figures->start, lost = cell->lost[RT_CHURN_OF_START];
    if (metric == RT_CHURN_RATE) {
        fill_share(writer, row, lost, start);
    } else if (metric == RT_CHURN_RATE_STRIPE) {
        fill_share(writer, row, lost + cell->lost[RT_CHURN_OF_NEW], start + cell->came);
    } else if (metric == RT_CHURN_RETENTION) {
        fill_share(writer, row, start - lost, start);
    } else if (metric == RT_CHURN_RETENTION_PLAIN) {
        row->num = rt_number_whole(figures->end - cell->came);
        row->den = rt_number_whole(start);
        row->value = rt_number_ratio(row->num.whole, start);
    } else if (metric == RT_CHURN_MONTH) {
        fill_rescaled(writer, figures, row, 365.0 / 12);
    } else if (metric == RT_CHURN_YEAR) {
        fill_rescaled(writer, figures, row, 365);
    } else {
        fill_change(writer, figures, row);
    }
}

static void fill(const struct writer *writer, const struct figures *figures,
                 enum rt_churn_metric metric, struct rt_metric *row)
{
    const struct rt_churn_cell *cell = figures->cell;
    if (metric >= RT_CHURN_AOV) {
        fill_money(writer, cell, metric, row);
    } else if (metric == RT_CHURN_REPEAT) {
        fill_share(writer, row, cell->repeaters, cell->buyers);
    } else if (metric == RT_CHURN_FREQUENCY) {
        row->num = rt_number_whole(cell->orders);
        row->den = rt_number_whole(cell->buyers);
        row->value = rt_number_ratio(cell->orders, cell->buyers);
    } else if (metric == RT_CHURN_ORDERS) {
        row->value = rt_number_whole(cell->orders);
    } else if (metric > RT_CHURN_END) {
        fill_rate(writer, figures, metric, row);
    } else {
        const int64_t counts[] = {figures->start, cell->came, cell->returned, figures->lost,
                                  figures->end};
        row->value = rt_number_whole(counts[metric]);
    }
}

static void put_period(struct writer *writer, int32_t period, const struct figures *figures)
{
    const struct rt_churn *churn = writer->churn;
    const size_t length = rt_period_label(&churn->form.period, period, writer->label);
    writer->keys[churn->form.by_count] = (struct rt_text){writer->label, length};
    for (enum rt_churn_metric metric = 0; metric < RT_CHURN_METRICS; metric++) {
        const struct rt_churn_name *name = &rt_churn_names[metric];
        if (name->amounts && !churn->form.amounts)
            continue;
        struct rt_metric row = {.complete = figures->complete};
        fill(writer, figures, metric, &row);
        name_method(writer, name->method, name->interval);
        put(writer, &row, name->metric);
    }
}

/* Who is still active, by the day of the last purchase: what -m needs of shards that end earlier.
 */
static void put_active(struct writer *writer)
{
    const struct rt_churn *churn = writer->churn;
    if (writer->group->active == NULL)
        return;
    const int32_t from = rt_churn_active_from(churn);
    writer->keys[churn->form.by_count] = (struct rt_text){writer->label, 10};
    for (int32_t day = from; day <= churn->as_of; day++)
        for (size_t i = 0; i < RT_CHURN_STANDINGS; i++) {
            const int64_t count = writer->group->active[day - from][i];
            if (count == 0)
                continue;
            rt_day_write(day, writer->label);
            struct rt_metric row = {.value = rt_number_whole(count), .complete = true};
            name_method(writer, rt_churn_standing_names[i], false);
            put(writer, &row, rt_churn_last);
        }
}

/* Periods ------------------------------------------------------------------------------------ */

/* Walks the periods of a group; with `write`, writes them. False where one does not add up. */
static bool walk(struct writer *writer, bool write, int32_t *period)
{
    struct rt_churn *churn = writer->churn;
    if (!churn->any || churn->idle < 0 || churn->as_of == RT_DAY_NONE)
        return true;
    const struct rt_period *kind = &churn->form.period;
    const int32_t end = rt_period_index(kind, churn->as_of);
    struct figures figures = {0};
    for (*period = churn->first_period; *period <= end; ++*period) {
        const struct rt_churn_cell *cell = look(writer->group, *period);
        const int32_t last = rt_period_last(kind, *period);
        figures.cell = cell;
        figures.start = figures.end;
        figures.end += cell->ends;
        figures.lost = lost_in(cell);
        figures.complete = last <= churn->as_of;
        figures.days =
            (figures.complete ? last : churn->as_of) - rt_period_first(kind, *period) + 1;
        if (figures.start + cell->came + cell->returned - figures.lost != figures.end ||
            figures.end < 0 || cell->lost[RT_CHURN_OF_START] > figures.start)
            return false;
        if (write)
            put_period(writer, *period, &figures);
        figures.before_start = figures.start;
        figures.before_lost = cell->lost[RT_CHURN_OF_START];
    }
    return true;
}

static int compare_groups(const void *a, const void *b)
{
    const struct rt_text *left = a, *right = b;
    return rt_text_compare(left[0], right[0]);
}

/* The keys of the groups in order; the number of a group is what the map says. */
static struct rt_text *sort_keys(const struct rt_churn *churn, size_t *count)
{
    struct rt_text *keys = rt_alloc(churn->group_count + 1, sizeof *keys);
    *count = 0;
    for (size_t i = 0; i < churn->group_count; i++)
        if (churn->form.by_count == 0 || is_used(&churn->groups[i]))
            keys[(*count)++] = rt_map_key(&churn->keys, churn->groups[i].key);
    if (*count > 1)
        qsort(keys, *count, sizeof *keys, compare_groups);
    return keys;
}

static void take_group(struct writer *writer, struct rt_text key)
{
    struct rt_churn *churn = writer->churn;
    const uint32_t *number = rt_map_find(&churn->keys, key, rt_map_hash(&churn->keys, key));
    writer->group = &churn->groups[*number - 1];
    rt_group_key_split(key, writer->keys, churn->form.by_count);
}

/* The whole ---------------------------------------------------------------------------------- */

static void put_as_of(struct writer *writer)
{
    const struct rt_churn *churn = writer->churn;
    struct rt_text *period = &writer->keys[churn->form.by_count];
    char kind[RT_PERIOD_NAME_BYTES];
    rt_period_name(&churn->form.period, kind);
    snprintf(writer->method, sizeof writer->method, "%s; %s", kind,
             rt_churn_as_of_methods[churn->adopted]);
    if (churn->as_of != RT_DAY_NONE) {
        rt_day_write(churn->as_of, writer->label);
        *period = rt_text(writer->label);
    }
    struct rt_metric row = {.complete = true};
    put(writer, &row, rt_churn_as_of);
    *period = rt_text("");
}

static void put_idle(struct writer *writer)
{
    const struct rt_churn *churn = writer->churn;
    const bool found = churn->form.idle == RT_CHURN_AUTO;
    struct rt_metric row = {.complete = true};
    if (churn->idle >= 0)
        row.value = rt_number_whole(churn->idle);
    if (churn->found.lo >= 0)
        row.lo = rt_number_whole(churn->found.lo);
    if (churn->found.hi >= 0)
        row.hi = rt_number_whole(churn->found.hi);
    if (found) {
        int64_t closed = 0, all = 0;
        for (size_t days = 0; days < churn->gaps.size; days++) {
            closed += churn->gaps.closed[days];
            all += churn->gaps.closed[days] + churn->gaps.open[days];
        }
        row.num = rt_number_whole(closed);
        row.den = rt_number_whole(all);
    }
    name_method(writer, rt_churn_idle_methods[found + churn->found.ever], found);
    put(writer, &row, rt_churn_idle);
}

static void put_gaps(struct writer *writer)
{
    const struct rt_gaps *gaps = &writer->churn->gaps;
    for (size_t i = 0; i < 2; i++)
        for (size_t days = 0; days < gaps->size; days++) {
            const int64_t count = (i == 0 ? gaps->closed : gaps->open)[days];
            if (count == 0)
                continue;
            struct rt_metric row = {.value = rt_number_whole((int64_t)days),
                                    .num = rt_number_whole(count),
                                    .complete = true};
            name_method(writer, rt_churn_gap_methods[i], false);
            put(writer, &row, rt_churn_gaps);
        }
}

const char *rt_churn_rows(struct rt_churn *churn,
                          void (*take)(void *what, const struct rt_metric *row), void *what)
{
    struct writer writer = {.churn = churn, .take = take, .what = what};
    const size_t width = churn->form.by_count + 1;
    writer.keys = rt_alloc(width, sizeof *writer.keys);
    size_t count;
    struct rt_text *keys = sort_keys(churn, &count);
    const char *fault = NULL;
    int32_t period;
    for (size_t i = 0; i < count && fault == NULL; i++) {
        take_group(&writer, keys[i]);
        if (!walk(&writer, false, &period)) {
            (void)rt_period_label(&churn->form.period, period, churn->fault);
            fault = churn->fault;
        }
    }
    for (size_t i = 0; i < width; i++)
        writer.keys[i] = rt_text("");
    if (fault == NULL && !churn->unknown) {
        put_as_of(&writer);
        put_idle(&writer);
        put_gaps(&writer);
    }
    for (size_t i = 0; i < count && fault == NULL; i++) {
        take_group(&writer, keys[i]);
        (void)walk(&writer, true, &period);
        if (!churn->adopted)
            put_active(&writer);
    }
    free(keys);
    free(writer.keys);
    return fault;
}
