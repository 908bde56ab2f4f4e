#include "libretain/backtest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/map.h"

enum { DECILES = 10, METHOD_BYTES = 128, ROWS = 48 };

typedef struct rt_backtest_customer customer;

struct group {
    customer *customers;
    size_t count, size;
};

/* A row that is made, with the text of its metric and of its method. */
struct made {
    char metric[32], method[METHOD_BYTES];
    struct rt_metric row;
};

struct rt_backtest {
    struct rt_backtest_form form;
    struct rt_map places; /* of groups, from 1 */
    struct group *groups;
    size_t count, size;
    struct rt_text *order;
    size_t next_group;
    struct made rows[ROWS];
    size_t row_count, next_row;
    struct rt_text *keys;
};

struct rt_backtest *rt_backtest_new(const struct rt_backtest_form *form)
{
    struct rt_backtest *backtest = rt_alloc_zero(1, sizeof *backtest);
    backtest->form = *form;
    rt_map_init(&backtest->places, sizeof(uint32_t));
    backtest->keys = rt_alloc(form->by_count + 1, sizeof *backtest->keys);
    return backtest;
}

void rt_backtest_free(struct rt_backtest *backtest)
{
    if (backtest == NULL)
        return;
    for (size_t i = 0; i < backtest->count; i++)
        free(backtest->groups[i].customers);
    rt_map_free(&backtest->places);
    free(backtest->groups);
    free(backtest->order);
    free(backtest->keys);
    free(backtest);
}

void rt_backtest_add(struct rt_backtest *backtest, struct rt_text group,
                     const struct rt_backtest_customer *added)
{
    uint32_t *place = rt_map_add(&backtest->places, group, rt_map_hash(&backtest->places, group));
    if (*place == 0) {
        const size_t capacity = rt_grown(backtest->size, backtest->count + 1);
        if (capacity != 0) {
            backtest->groups = rt_realloc(backtest->groups, capacity, sizeof *backtest->groups);
            backtest->size = capacity;
        }
        backtest->groups[backtest->count] = (struct group){0};
        *place = (uint32_t)++backtest->count;
    }
    struct group *to = &backtest->groups[*place - 1];
    const size_t capacity = rt_grown(to->size, to->count + 1);
    if (capacity != 0) {
        to->customers = rt_realloc(to->customers, capacity, sizeof *to->customers);
        to->size = capacity;
    }
    to->customers[to->count++] = *added;
}

/* Ranks -------------------------------------------------------------------------------------- */

static int compare_reals(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void rt_deciles(const double *ascending, size_t count, unsigned char *classes)
{
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && ascending[to] == ascending[from]; to++)
            ;
        const unsigned char class =
            (unsigned char)((uint64_t)DECILES * (from + to - 1) / (2 * (uint64_t)count));
        memset(classes + from, class, to - from);
    }
}

/* How many of `count` ascending values are below `value`; equal ones count one half. */
static double below(const double *ascending, size_t count, double value)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (ascending[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    const size_t less = low;
    high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (ascending[middle] <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return (double)less + (double)(low - less) / 2;
}

/* Sums of products of two columns about their means. */
struct products {
    double n, mean[2], squares[2], crossed;
};

static void add_products(struct products *sums, double first, double second)
{
    sums->n++;
    const double by[2] = {first - sums->mean[0], second - sums->mean[1]};
    sums->mean[0] += by[0] / sums->n;
    sums->mean[1] += by[1] / sums->n;
    sums->squares[0] += by[0] * (first - sums->mean[0]);
    sums->squares[1] += by[1] * (second - sums->mean[1]);
    sums->crossed += by[0] * (second - sums->mean[1]);
}

/* The scores of those who did `came` or not, ascending. */
static size_t scores_of(const double *scores, const bool *came, bool wanted, size_t count,
                        double *into)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (came[i] == wanted)
            into[found++] = scores[i];
    if (found > 1)
        qsort(into, found, sizeof *into, compare_reals);
    return found;
}

struct rt_two_areas rt_two_areas(const double *first, const double *second, const bool *came,
                                 size_t count)
{
    const double *scores[2] = {first, second};
    double *sorted[2][2];
    size_t counts[2] = {0, 0};
    for (int which = 0; which < 2; which++)
        for (int back = 0; back < 2; back++) {
            sorted[which][back] = rt_alloc(count + 1, sizeof(double));
            counts[back] = scores_of(scores[which], came, back == 1, count, sorted[which][back]);
        }
    /* For each who came, the share of the others whom he is above; and the other way round. */
    struct products sums[2] = {{.n = 0}, {.n = 0}};
    for (size_t i = 0; i < count && counts[0] > 0 && counts[1] > 0; i++) {
        const bool back = came[i];
        double share[2];
        for (int which = 0; which < 2; which++) {
            share[which] = below(sorted[which][!back], counts[!back], scores[which][i]) /
                           (double)counts[!back];
            share[which] = back ? share[which] : 1 - share[which];
        }
        add_products(&sums[back], share[0], share[1]);
    }
    struct rt_two_areas areas = {{NAN, NAN}, {NAN, NAN}, NAN};
    if (counts[0] > 0 && counts[1] > 0) {
        const double others = sums[0].n * (sums[0].n - 1), back = sums[1].n * (sums[1].n - 1);
        for (int which = 0; which < 2; which++) {
            areas.area[which] = sums[1].mean[which];
            areas.variance[which] = sums[0].squares[which] / others + sums[1].squares[which] / back;
        }
        areas.covariance = sums[0].crossed / others + sums[1].crossed / back;
    }
    for (int i = 0; i < 4; i++)
        free(sorted[i / 2][i % 2]);
    return areas;
}

/* The rule, recency alone -------------------------------------------------------------------- */

/* What the others of the same decile of recency did on the average, for each customer. */
struct rule {
    double *score; /* the more recent, the higher */
    bool *came;
    double *share, *orders, *revenue;
};

/* A customer of a group in order of recency. */
struct recent {
    int64_t recency;
    size_t at;
};

static int by_recency(const void *a, const void *b)
{
    const struct recent *x = a, *y = b;
    if (x->recency != y->recency)
        return x->recency < y->recency ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* Sums over some customers, of which the mean without one of them can be taken. */
struct sums {
    double n, share, orders, revenue;
};

static void add_sums(struct sums *sums, const customer *one)
{
    sums->n++;
    sums->share += one->came > 0;
    sums->orders += (double)one->came;
    sums->revenue += one->revenue;
}

/* The customers from `from` to `to` - 1 of one decile; who is alone in it goes by all others. */
static void fill_decile(struct rule *rule, const struct group *group, const struct sums *all,
                        const struct recent *order, size_t from, size_t to)
{
    struct sums sums = {.n = 0};
    for (size_t i = from; i < to; i++)
        add_sums(&sums, &group->customers[order[i].at]);
    if (to - from == 1)
        sums = *all;
    for (size_t i = from; i < to; i++) {
        const size_t at = order[i].at;
        const customer *one = &group->customers[at];
        const double others = sums.n - 1; /* 0 of a single customer, who has no rule */
        rule->share[at] = (sums.share - (one->came > 0)) / others;
        rule->orders[at] = (sums.orders - (double)one->came) / others;
        rule->revenue[at] = (sums.revenue - one->revenue) / others;
    }
}

static struct rule make_rule(const struct group *group)
{
    const size_t n = group->count;
    struct rule rule = {
        rt_alloc(n, sizeof(double)), rt_alloc(n, sizeof(bool)),   rt_alloc(n, sizeof(double)),
        rt_alloc(n, sizeof(double)), rt_alloc(n, sizeof(double)),
    };
    struct recent *order = rt_alloc(n, sizeof *order);
    double *ascending = rt_alloc(n, sizeof *ascending);
    unsigned char *classes = rt_alloc(n, 1);
    struct sums all = {.n = 0};
    for (size_t i = 0; i < n; i++) {
        add_sums(&all, &group->customers[i]);
        order[i] = (struct recent){group->customers[i].recency, i};
        rule.score[i] = -(double)group->customers[i].recency;
        rule.came[i] = group->customers[i].came > 0;
    }
    qsort(order, n, sizeof *order, by_recency);
    for (size_t i = 0; i < n; i++)
        ascending[i] = (double)order[i].recency;
    rt_deciles(ascending, n, classes);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && classes[to] == classes[from]; to++)
            ;
        fill_decile(&rule, group, &all, order, from, to);
    }
    free(order);
    free(ascending);
    free(classes);
    return rule;
}

static void free_rule(struct rule *rule)
{
    free(rule->score);
    free(rule->came);
    free(rule->share);
    free(rule->orders);
    free(rule->revenue);
}

/* Rows --------------------------------------------------------------------------------------- */

static struct rt_metric *add_row(struct rt_backtest *backtest, const char *metric,
                                 const char *method, const char *interval)
{
    struct made *made = &backtest->rows[backtest->row_count++];
    snprintf(made->metric, sizeof made->metric, "%s", metric);
    if (interval != NULL)
        snprintf(made->method, METHOD_BYTES, "%s; %s %s", method, interval,
                 backtest->form.confidence.name);
    else
        snprintf(made->method, METHOD_BYTES, "%s", method);
    made->row = (struct rt_metric){.keys = backtest->keys, .complete = true};
    made->row.value = rt_number_none();
    return &made->row;
}

static const char rule_name[] = "recency alone";

/* Who came back, of so many, with Wilson's interval. */
static void add_share(struct rt_backtest *backtest, const char *metric, const char *method,
                      int64_t came, int64_t all)
{
    struct rt_metric *row = add_row(backtest, metric, method, "wilson");
    row->value = rt_number_ratio(came, all);
    row->num = rt_number_whole(came);
    row->den = rt_number_whole(all);
    rt_metric_interval(row, rt_wilson(came, all, backtest->form.confidence.share));
}

/* An estimate with its variance, on a scale from `least` to 1; no interval without a variance. */
static void add_area(struct rt_backtest *backtest, const char *metric, const char *method,
                     double value, double variance, double least)
{
    struct rt_metric *row = add_row(backtest, metric, method, "delong");
    const double reach =
        rt_normal_quantile(backtest->form.confidence.share) * sqrt(variance > 0 ? variance : NAN);
    row->value = rt_number_real(value);
    rt_metric_interval(row, (struct rt_interval){value - reach < least ? least : value - reach,
                                                 value + reach > 1 ? 1 : value + reach});
}

static void add_areas(struct rt_backtest *backtest, const struct group *group,
                      const struct rule *rule)
{
    double *scores = rt_alloc(group->count, sizeof *scores);
    for (size_t i = 0; i < group->count; i++)
        scores[i] = group->customers[i].alive;
    const struct rt_two_areas areas = rt_two_areas(scores, rule->score, rule->came, group->count);
    add_area(backtest, "auc", backtest->form.score, areas.area[0], areas.variance[0], 0);
    add_area(backtest, "auc", rule_name, areas.area[1], areas.variance[1], 0);
    char method[METHOD_BYTES];
    snprintf(method, sizeof method, "%s less %s", backtest->form.score, rule_name);
    add_area(backtest, "auc_gain", method, areas.area[0] - areas.area[1],
             areas.variance[0] + areas.variance[1] - 2 * areas.covariance, -1);
    free(scores);
}

/* How far off the prediction and the rule were for a customer. */
typedef void loss(const customer *one, const struct rule *rule, size_t at, double losses[2]);

static void squared(const customer *one, const struct rule *rule, size_t at, double losses[2])
{
    const double came = one->came > 0;
    losses[0] = (one->alive - came) * (one->alive - came);
    losses[1] = (rule->share[at] - came) * (rule->share[at] - came);
}

static void orders_off(const customer *one, const struct rule *rule, size_t at, double losses[2])
{
    losses[0] = fabs(one->orders - (double)one->came);
    losses[1] = fabs(rule->orders[at] - (double)one->came);
}

static void spend_off(const customer *one, const struct rule *rule, size_t at, double losses[2])
{
    losses[0] = fabs(one->spend - one->revenue);
    losses[1] = fabs(rule->revenue[at] - one->revenue);
}

static struct rt_metric *add_mean(struct rt_backtest *backtest, const char *metric,
                                  const char *method, double mean, double squares, double n)
{
    struct rt_metric *row = add_row(backtest, metric, method, "t");
    row->value = rt_number_real(mean);
    row->den = rt_number_whole((int64_t)n);
    rt_metric_interval(row, rt_mean_interval(mean, squares / (n - 1), (int64_t)n,
                                             backtest->form.confidence.share));
    return row;
}

/* The same of losses, which are never negative. */
static void add_loss(struct rt_backtest *backtest, const char *metric, const char *method,
                     double mean, double squares, double n)
{
    struct rt_metric *row = add_mean(backtest, metric, method, mean, squares, n);
    if (row->lo.real < 0)
        row->lo.real = 0;
}

/* The mean losses of both, and by how much the prediction is better, customer by customer. */
static void add_losses(struct rt_backtest *backtest, const struct group *group,
                       const struct rule *rule, loss *loss_of, const char *metric,
                       const char *column)
{
    struct products sums = {.n = 0};
    for (size_t i = 0; i < group->count; i++) {
        double losses[2];
        loss_of(&group->customers[i], rule, i, losses);
        add_products(&sums, losses[0], losses[1]);
    }
    char name[48];
    add_loss(backtest, metric, column, sums.mean[0], sums.squares[0], sums.n);
    add_loss(backtest, metric, rule_name, sums.mean[1], sums.squares[1], sums.n);
    snprintf(name, sizeof name, "%s_gain", metric);
    char method[METHOD_BYTES];
    snprintf(method, sizeof method, "recency alone less %s", column);
    const double squares = sums.squares[0] + sums.squares[1] - 2 * sums.crossed;
    add_mean(backtest, name, method, sums.mean[1] - sums.mean[0], squares > 0 ? squares : 0,
             sums.n);
}

/* The best tenth came back so many times as often as all; of a tie at its end its share. */
static void add_lift(struct rt_backtest *backtest, const double *scores, const bool *came,
                     size_t count, const char *method)
{
    double *sorted[2] = {rt_alloc(count, sizeof(double)), rt_alloc(count, sizeof(double))};
    const size_t back = scores_of(scores, came, true, count, sorted[1]);
    const size_t others = scores_of(scores, came, false, count, sorted[0]);
    const double top = (double)count / DECILES;
    double hits = 0, seen = 0;
    for (size_t i = back, k = others; i + k > 0 && seen < top;) {
        const double score = i > 0 && (k == 0 || sorted[1][i - 1] >= sorted[0][k - 1])
                                 ? sorted[1][i - 1]
                                 : sorted[0][k - 1];
        const size_t was = i, was_other = k;
        while (i > 0 && sorted[1][i - 1] == score)
            i--;
        while (k > 0 && sorted[0][k - 1] == score)
            k--;
        const double tied = (double)(was - i + was_other - k);
        const double part = seen + tied > top ? (top - seen) / tied : 1;
        hits += part * (double)(was - i);
        seen += tied;
    }
    struct rt_metric *row = add_row(backtest, "lift_top_decile", method, NULL);
    row->value = rt_number_real(back > 0 ? hits / top / ((double)back / (double)count) : NAN);
    row->num = rt_number_real(hits);
    row->den = rt_number_real(top);
    free(sorted[0]);
    free(sorted[1]);
}

static void add_lifts(struct rt_backtest *backtest, const struct group *group,
                      const struct rule *rule)
{
    double *scores = rt_alloc(group->count, sizeof *scores);
    for (size_t i = 0; i < group->count; i++)
        scores[i] = group->customers[i].alive;
    add_lift(backtest, scores, rule->came, group->count, backtest->form.score);
    add_lift(backtest, rule->score, rule->came, group->count, rule_name);
    free(scores);
}

/* Decile by decile from the lowest probability: who came back, and what was said of them. */
static void add_calibration(struct rt_backtest *backtest, const struct group *group)
{
    const size_t n = group->count;
    double *ascending = rt_alloc(n, sizeof *ascending);
    unsigned char *classes = rt_alloc(n, 1);
    for (size_t i = 0; i < n; i++)
        ascending[i] = group->customers[i].alive;
    rt_deciles(ascending, n, classes); /* the group is sorted by it */
    for (size_t from = 0, to; from < n; from = to) {
        int64_t came = 0;
        double said = 0;
        for (to = from; to < n && classes[to] == classes[from]; to++) {
            came += group->customers[to].came > 0;
            said += group->customers[to].alive;
        }
        char metric[32];
        const int64_t all = (int64_t)(to - from);
        snprintf(metric, sizeof metric, "came_back_decile_%d", classes[from] + 1);
        add_share(backtest, metric, "observed", came, all);
        char method[METHOD_BYTES];
        snprintf(method, sizeof method, "mean %s", backtest->form.score);
        struct rt_metric *row = add_row(backtest, metric, method, NULL);
        row->value = rt_number_real(said / (double)all);
        row->den = rt_number_whole(all);
    }
    free(ascending);
    free(classes);
}

/*
 * The same by recency, from those whose last purchase is the longest ago. What the rule says of a
 * decile is what came of it, which has no row of its own.
 */
static void add_rule_calibration(struct rt_backtest *backtest, const struct group *group)
{
    const size_t n = group->count;
    struct recent *order = rt_alloc(n, sizeof *order);
    double *ascending = rt_alloc(n, sizeof *ascending);
    unsigned char *classes = rt_alloc(n, 1);
    for (size_t i = 0; i < n; i++)
        order[i] = (struct recent){group->customers[i].recency, i};
    qsort(order, n, sizeof *order, by_recency);
    for (size_t i = 0; i < n; i++)
        ascending[i] = -(double)order[n - 1 - i].recency;
    rt_deciles(ascending, n, classes);
    for (size_t from = 0, to; from < n; from = to) {
        int64_t came = 0;
        for (to = from; to < n && classes[to] == classes[from]; to++)
            came += group->customers[order[n - 1 - to].at].came > 0;
        char metric[32];
        snprintf(metric, sizeof metric, "came_back_decile_%d", classes[from] + 1);
        add_share(backtest, metric, rule_name, came, (int64_t)(to - from));
    }
    free(order);
    free(ascending);
    free(classes);
}

/* What was expected of all together, by what came. */
static void add_total(struct rt_backtest *backtest, const char *metric, const char *method,
                      double said, double came)
{
    struct rt_metric *row = add_row(backtest, metric, method, NULL);
    row->value = rt_number_real(came > 0 ? said / came : NAN);
    row->num = rt_number_real(said);
    row->den = rt_number_real(came);
}

static void add_totals(struct rt_backtest *backtest, const struct group *group)
{
    double orders = 0, came = 0, spend = 0, revenue = 0;
    for (size_t i = 0; i < group->count; i++) {
        orders += group->customers[i].orders;
        came += (double)group->customers[i].came;
        spend += group->customers[i].spend;
        revenue += group->customers[i].revenue;
    }
    if (backtest->form.orders)
        add_total(backtest, "total_orders", "expected by actual", orders, came);
    if (backtest->form.spend)
        add_total(backtest, "total_spend", "expected by actual", spend, revenue);
}

static int compare_customers(const void *a, const void *b)
{
    const customer *x = a, *y = b;
    const double left[] = {x->alive,  (double)x->recency, (double)x->came,
                           x->orders, x->spend,           x->revenue};
    const double right[] = {y->alive,  (double)y->recency, (double)y->came,
                            y->orders, y->spend,           y->revenue};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

static void make_rows(struct rt_backtest *backtest, struct group *group)
{
    backtest->row_count = backtest->next_row = 0;
    int64_t came = 0;
    const int64_t all = (int64_t)group->count;
    if (group->count > 1)
        qsort(group->customers, group->count, sizeof *group->customers, compare_customers);
    for (size_t i = 0; i < group->count; i++)
        came += group->customers[i].came > 0;
    struct rt_metric *row = add_row(backtest, "customers", "rows", NULL);
    row->value = rt_number_whole(all);
    add_share(backtest, "came_back", "observed", came, all);
    if (group->count == 0)
        return;
    struct rule rule = make_rule(group);
    if (backtest->form.alive) {
        add_areas(backtest, group, &rule);
        add_losses(backtest, group, &rule, squared, "brier", backtest->form.score);
        add_lifts(backtest, group, &rule);
        add_calibration(backtest, group);
        add_rule_calibration(backtest, group);
    }
    if (backtest->form.orders)
        add_losses(backtest, group, &rule, orders_off, "mae_orders", "expected_orders");
    if (backtest->form.spend)
        add_losses(backtest, group, &rule, spend_off, "mae_spend", "expected_spend");
    add_totals(backtest, group);
    free_rule(&rule);
}

static int compare_keys(const void *a, const void *b)
{
    return rt_text_compare(*(const struct rt_text *)a, *(const struct rt_text *)b);
}

static void sort_groups(struct rt_backtest *backtest)
{
    backtest->order = rt_alloc(backtest->count + 1, sizeof *backtest->order);
    size_t count = 0;
    for (const void *at = rt_map_next(&backtest->places, NULL); at != NULL;
         at = rt_map_next(&backtest->places, at))
        backtest->order[count++] = rt_map_key(&backtest->places, at);
    if (count > 1)
        qsort(backtest->order, count, sizeof *backtest->order, compare_keys);
}

bool rt_backtest_next(struct rt_backtest *backtest, struct rt_metric *row)
{
    if (backtest->order == NULL)
        sort_groups(backtest);
    if (backtest->next_row == backtest->row_count) {
        if (backtest->next_group == backtest->count)
            return false;
        const struct rt_text key = backtest->order[backtest->next_group++];
        const uint32_t *place =
            rt_map_find(&backtest->places, key, rt_map_hash(&backtest->places, key));
        make_rows(backtest, &backtest->groups[*place - 1]);
        rt_group_key_split(key, backtest->keys, backtest->form.by_count);
        backtest->keys[backtest->form.by_count] = (struct rt_text){"", 0};
    }
    struct made *made = &backtest->rows[backtest->next_row++];
    made->row.metric = rt_text(made->metric);
    made->row.method = rt_text(made->method);
    *row = made->row;
    return true;
}
