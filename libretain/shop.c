#include "libretain/shop.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/err.h"

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

enum {
    LINES_MOST = 127,
    ORDERS_MOST = (1 << 24) - 1,
    RETURN_DAYS = 60,     /* a line is sent back within these or not at all */
    SAMPLE_MOST = 1 << 14 /* customers over whom is integrated */
};

/* Streams of random numbers, beside those of the customers themselves. */
static const uint64_t details_stream = UINT64_C(0xd1b54a32d192ed03);

/* How busy the days of a week and the months of a year are; both have the mean 1. */
static const double weekday_rate[7] = {0.9, 0.9, 0.95, 1.0, 1.1, 1.2, 0.95}; /* from Monday */
static const double month_rate[13] = {0,    0.85, 0.85, 0.95, 0.95, 1.0, 0.95,
                                      0.95, 0.9,  1.0,  1.05, 1.25, 1.3};

const struct rt_shop_plan rt_shop_usual_plan = {
    .seed = 1,
    .customers = 1000,
    .first = 19358, /* 2023-01-01 */
    .last = 20088,  /* 2024-12-31 */
    .new_until = 20088,
    .r = 0.75,
    .alpha = 9,
    .s = 0.6,
    .beta = 30,
    .a = 0.8,
    .b = 4,
    .p = 6.25,
    .q = 3.74,
    .v = 15.4,
    .lines = 1,
};

const char *const rt_shop_params[3][5] = {
    [RT_SHOP_PNBD] = {"r", "alpha", "s", "beta"},
    [RT_SHOP_BGNBD] = {"r", "alpha", "a", "b"},
    [RT_SHOP_MBGNBD] = {"r", "alpha", "a", "b"},
};
const char *const rt_shop_spend_params[4] = {"p", "q", "v"};

double *rt_shop_param(struct rt_shop_plan *plan, const char *const *names, const char *name)
{
    const struct {
        const char *name;
        double *value;
    } params[] = {{"r", &plan->r},       {"alpha", &plan->alpha}, {"s", &plan->s},
                  {"beta", &plan->beta}, {"a", &plan->a},         {"b", &plan->b},
                  {"p", &plan->p},       {"q", &plan->q},         {"v", &plan->v}};
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    for (size_t i = 0; *names != NULL && i < sizeof params / sizeof *params; i++)
        if (strcmp(params[i].name, name) == 0)
            return params[i].value;
    return NULL;
}

static double day_rate(const struct rt_shop_plan *plan, int32_t day)
{
    if (!plan->season)
        return 1;
    int year, month, day_of_month;
    rt_day_split(day, &year, &month, &day_of_month);
    const int32_t weekday = (day - RT_DAY_FIRST) % 7; /* 0001-01-01 was a Monday */
    return weekday_rate[weekday] * month_rate[month];
}

void rt_shop_init(struct rt_shop *shop, const struct rt_shop_plan *plan)
{
    *shop = (struct rt_shop){.plan = *plan};
    shop->days = (uint32_t)(plan->last - plan->first) + 1;
    shop->span = (double)(plan->new_until - plan->first) + 1;
    shop->clock = rt_alloc(shop->days + 1, sizeof *shop->clock);
    double reading = 0;
    for (uint32_t day = 0; day < shop->days; day++) {
        shop->clock[day] = reading;
        reading += day_rate(plan, plan->first + (int32_t)day);
    }
    shop->clock[shop->days] = reading;
    const uint32_t readings = (uint32_t)reading + 1;
    shop->guide = rt_alloc(readings, sizeof *shop->guide);
    uint32_t day = 0;
    for (uint32_t i = 0; i < readings; i++) {
        while (day + 1 < shop->days && shop->clock[day + 1] <= i)
            day++;
        shop->guide[i] = day;
    }
}

void rt_shop_free(struct rt_shop *shop)
{
    free(shop->clock);
    free(shop->guide);
    shop->clock = NULL;
    shop->guide = NULL;
}

/* What the purchase clock shows at a time of the calendar, and the day at a reading. */
static double clock_at(const struct rt_shop *shop, double time)
{
    if (time >= shop->days)
        return shop->clock[shop->days];
    const uint32_t day = (uint32_t)time;
    return shop->clock[day] + (time - day) * (shop->clock[day + 1] - shop->clock[day]);
}

static inline uint32_t day_at(const struct rt_shop *shop, double reading)
{
    uint32_t day = shop->guide[(uint32_t)reading];
    while (shop->clock[day + 1] <= reading)
        day++;
    return day;
}

static double birth(const struct rt_shop *shop, uint32_t index, struct rt_rng *rng)
{
    return (index + rt_rng_uniform(rng)) / shop->plan.customers * shop->span;
}

double rt_shop_birth(const struct rt_shop *shop, uint32_t index)
{
    struct rt_rng rng = rt_rng_start(shop->plan.seed, index);
    return birth(shop, index, &rng);
}

struct rt_shop_customer rt_shop_start(const struct rt_shop *shop, uint32_t index)
{
    const struct rt_shop_plan *plan = &shop->plan;
    struct rt_shop_customer customer = {.index = index};
    customer.rng = rt_rng_start(plan->seed, index);
    const double born = birth(shop, index, &customer.rng);
    customer.next = clock_at(shop, born);
    /* Weeks to days. */
    customer.gap = 7 * plan->alpha / rt_rng_gamma(&customer.rng, plan->r);
    double end = shop->days;
    if (plan->model == RT_SHOP_PNBD) {
        const double mean = 7 * plan->beta / rt_rng_gamma(&customer.rng, plan->s);
        const double death = born + mean * rt_rng_exponential(&customer.rng);
        if (death < end)
            end = death;
    } else {
        customer.drop = rt_rng_beta(&customer.rng, plan->a, plan->b);
    }
    customer.until = clock_at(shop, end);
    customer.scale = 100 * plan->v / rt_rng_gamma(&customer.rng, plan->q);
    return customer;
}

static struct rt_shop_row *add_row(struct rt_shop_rows *rows)
{
    const size_t grown = rt_grown(rows->size, rows->count + 1);
    if (grown > 0) {
        rows->rows = rt_realloc(rows->rows, grown, sizeof *rows->rows);
        rows->size = grown;
    }
    return &rows->rows[rows->count++];
}

/* Some lines are sent back days later, most of them for the whole amount, some for half of it. */
static void send_back(const struct rt_shop *shop, struct rt_shop_row row, struct rt_rng *details,
                      struct rt_shop_rows *rows)
{
    if (rt_rng_uniform(details) >= shop->plan.returned)
        return;
    const double days = 1 + 9 * rt_rng_exponential(details);
    row.day += days < RETURN_DAYS ? (uint32_t)days : RETURN_DAYS;
    row.cents = rt_rng_uniform(details) < 0.8 ? row.cents : (row.cents + 1) / 2;
    row.returned = 1;
    if (row.day < shop->days)
        *add_row(rows) = row;
}

/*
 * Splits an order into lines, each a part of what is left around its even share. Lines and returns
 * draw from a stream of the order's own, so that the orders themselves do not change with them.
 */
static void add_lines(const struct rt_shop *shop, struct rt_shop_row row, struct rt_shop_rows *rows)
{
    struct rt_rng details =
        rt_rng_start(shop->plan.seed ^ details_stream, (uint64_t)row.customer << 32 | row.order);
    const double go_on = 1 - 1 / shop->plan.lines;
    uint32_t lines = 1;
    while (lines < LINES_MOST && go_on > 0 && rt_rng_uniform(&details) < go_on)
        lines++;
    uint32_t left = row.cents;
    for (uint32_t line = 0; line < lines; line++) {
        const uint32_t following = lines - line;
        row.cents = left;
        if (following > 1)
            row.cents = (uint32_t)(left * (0.5 + rt_rng_uniform(&details)) / following);
        left -= row.cents;
        row.line = line & LINES_MOST;
        *add_row(rows) = row;
        send_back(shop, row, &details, rows);
    }
}

bool rt_shop_buy(const struct rt_shop *shop, struct rt_shop_customer *customer, uint32_t day,
                 struct rt_shop_rows *rows)
{
    const struct rt_shop_plan *plan = &shop->plan;
    const double end =
        day < shop->days && shop->clock[day] < customer->until ? shop->clock[day] : customer->until;
    const bool plain = plan->lines <= 1 && plan->returned <= 0;
    while (customer->next < end) {
        const double cents = customer->scale * rt_rng_gamma(&customer->rng, plan->p) + 0.5;
        const struct rt_shop_row row = {
            .customer = customer->index,
            .order = customer->orders & ORDERS_MOST,
            .day = day_at(shop, customer->next),
            .cents = cents < 1     ? 1
                     : cents < 4e9 ? (uint32_t)cents
                                   : UINT32_MAX,
        };
        if (plain)
            *add_row(rows) = row;
        else
            add_lines(shop, row, rows);
        const bool may_drop = plan->model == RT_SHOP_MBGNBD || customer->orders > 0;
        if (may_drop && customer->drop > 0 && rt_rng_uniform(&customer->rng) < customer->drop)
            customer->until = 0;
        customer->next += customer->gap * rt_rng_exponential(&customer->rng);
        if (++customer->orders > ORDERS_MOST)
            customer->until = 0;
        if (customer->until <= 0)
            return false;
    }
    return customer->next < customer->until;
}

void rt_shop_rows_free(struct rt_shop_rows *rows)
{
    free(rows->rows);
    *rows = (struct rt_shop_rows){0};
}

/* Counting sort: rows of a day are counted, then each goes to its day's next place. */
void rt_shop_rows_sort(struct rt_shop_rows *rows)
{
    if (rows->count == 0)
        return;
    uint32_t first = UINT32_MAX, last = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const uint32_t day = rows->rows[i].day;
        first = day < first ? day : first;
        last = day > last ? day : last;
    }
    const size_t days = (size_t)(last - first) + 1;
    size_t *place = rt_alloc_zero(days + 1, sizeof *place);
    for (size_t i = 0; i < rows->count; i++)
        place[rows->rows[i].day - first + 1]++;
    for (size_t i = 0; i < days; i++)
        place[i + 1] += place[i];
    struct rt_shop_row *sorted = rt_alloc(rows->count, sizeof *sorted);
    for (size_t i = 0; i < rows->count; i++)
        sorted[place[rows->rows[i].day - first]++] = rows->rows[i];
    free(place);
    free(rows->rows);
    rows->rows = sorted;
    rows->size = rows->count;
}

void rt_shop_rows_shuffle(struct rt_shop_rows *rows, size_t from, size_t end, struct rt_rng rng)
{
    for (size_t left = end - from; left > 1; left--) {
        const size_t chosen = from + rt_rng_below(&rng, left);
        const struct rt_shop_row row = rows->rows[chosen];
        rows->rows[chosen] = rows->rows[from + left - 1];
        rows->rows[from + left - 1] = row;
    }
}

/* What is drawn for a customer but his rate, over which the expectations below are exact. */
struct fate {
    double weeks; /* on the purchase clock that he has for repeat orders */
    double drop;
};

static struct fate *draw_fates(const struct rt_shop *shop, uint32_t *count)
{
    const struct rt_shop_plan *plan = &shop->plan;
    *count = plan->customers < SAMPLE_MOST ? plan->customers : SAMPLE_MOST;
    struct fate *fates = rt_alloc(*count, sizeof *fates);
    for (uint32_t i = 0; i < *count; i++) {
        const uint32_t index = (uint32_t)((uint64_t)i * plan->customers / *count);
        const struct rt_shop_customer customer = rt_shop_start(shop, index);
        fates[i] = (struct fate){(customer.until - customer.next) / 7, customer.drop};
    }
    return fates;
}

/*
 * Mean number of orders of a customer under another alpha. With a rate l and a drop-out of d after
 * each order he makes (1 - exp(-l d t))/d repeat orders in t; over l ~ Gamma(r, alpha) that is
 * (1 - (alpha/(alpha + d t))^r)/d, and r t/alpha where d is 0.
 */
static double mean_orders(const struct rt_shop_plan *plan, double alpha, const struct fate *fates,
                          uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        const double weeks = fates[i].weeks, drop = fates[i].drop;
        if (weeks <= 0)
            continue;
        if (drop * weeks < 1e-9 * alpha)
            sum += plan->r * weeks / alpha;
        else
            sum += (1 - rt_rng_exp(-plan->r * rt_rng_log(1 + drop * weeks / alpha))) / drop *
                   (plan->model == RT_SHOP_MBGNBD ? 1 - drop : 1);
    }
    return 1 + sum / count;
}

static double rows_per_order(const struct rt_shop_plan *plan)
{
    return plan->lines * (1 + plan->returned);
}

double rt_shop_expected(const struct rt_shop *shop)
{
    uint32_t count;
    struct fate *fates = draw_fates(shop, &count);
    const double orders = mean_orders(&shop->plan, shop->plan.alpha, fates, count);
    free(fates);
    return orders * shop->plan.customers * rows_per_order(&shop->plan);
}

int rt_shop_fit(struct rt_shop *shop, double rows)
{
    struct rt_shop_plan *plan = &shop->plan;
    const double target = rows / plan->customers / rows_per_order(plan);
    uint32_t count;
    struct fate *fates = draw_fates(shop, &count);
    double low = 1e-6, high = 1e9; /* more orders, fewer orders */
    const bool reached = target > mean_orders(plan, high, fates, count) &&
                         target < mean_orders(plan, low, fates, count);
    for (int i = 0; reached && i < 60; i++) {
        const double middle = rt_rng_exp((rt_rng_log(low) + rt_rng_log(high)) / 2);
        if (mean_orders(plan, middle, fates, count) > target)
            low = middle;
        else
            high = middle;
    }
    free(fates);
    if (!reached)
        return -1;
    plan->alpha = high;
    return 0;
}
