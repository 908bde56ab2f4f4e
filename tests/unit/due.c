/* due: simulated shops of regular customers, whose next purchases are known. */
#include "libretain/due.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libretain/day.h"
#include "libretain/rng.h"
#include "tests/unit/unit.h"

enum { AS_OF = 19000, OPEN = AS_OF - 700, LATEST = AS_OF + 20000, SUBJECTS = 4000 };

/* A log, and what it does not tell: each subject's first purchase behind the as-of date. */
struct shop {
    char name[32];
    FILE *file;
    int32_t next[SUBJECTS]; /* RT_DAY_NONE where there is none */
};

static void open_shop(struct shop *shop)
{
    strcpy(shop->name, "/tmp/retain-due.XXXXXX");
    const int descriptor = mkstemp(shop->name);
    ck_assert(descriptor >= 0);
    shop->file = fdopen(descriptor, "w");
    ck_assert(shop->file != NULL);
    fprintf(shop->file, "customer_id,date,item,qty\n");
}

/*
 * Purchases of one subject: gaps of Gamma(k) at a rate of its own, longer by the quantity, and a
 * tenth of them never end. Purchases of one day are one, as a log cannot tell them apart.
 */
static void simulate(struct shop *shop, size_t subject, double k, double r, double mean,
                     size_t customers, bool quantities)
{
    struct rt_rng rng = rt_rng_start(11, subject);
    const double rate = rt_rng_gamma(&rng, r) * k / (r * mean);
    double day = OPEN + 600 * rt_rng_uniform(&rng);
    shop->next[subject] = RT_DAY_NONE;
    while (day < LATEST) {
        const int quantity = quantities ? 1 + (int)rt_rng_below(&rng, 3) : 1;
        const int32_t date = (int32_t)floor(day);
        if (date > AS_OF) {
            shop->next[subject] = date;
            break;
        }
        char text[11];
        rt_day_write(date, text);
        fprintf(shop->file, "c%zu,%s,i%zu,%d\n", subject % customers, text, subject / customers,
                quantity);
        if (rt_rng_uniform(&rng) < 0.1)
            break;
        day += rt_rng_gamma(&rng, k) / rate * quantity;
    }
}

/* Reads the log, and ends with it. */
static struct rt_due *read_shop(struct shop *shop, bool items, double confidence)
{
    ck_assert(fclose(shop->file) == 0);
    static const struct rt_table_args args = {.delimiter = ',', .block = 4096};
    char *files[] = {shop->name, NULL};
    struct rt_due_source source = {
        .table = rt_table_open(&args, files, 1), .purchase = "purchase", .threads = 1};
    ck_assert(rt_log_find(source.table, &source.log) == 0);
    const struct rt_due_form form = {items, AS_OF, confidence};
    struct rt_due *due = rt_due_new(&form);
    const char *fault = rt_due_read(due, &source);
    ck_assert_msg(fault == NULL, "%s", fault);
    rt_table_close(source.table);
    unlink(shop->name);
    return due;
}

/* How the forecasts did, of subjects that do buy again. */
struct score {
    const struct shop *shop;
    size_t customers;
    int64_t least, most; /* intervals of the lines that count */
    int count, before, behind, by_median;
    double width; /* mean of due_hi - due_lo */
};

/* The number behind the letter of c12 or i3; 0 of nothing. */
static size_t number_of(struct rt_text name)
{
    size_t number = 0;
    for (size_t i = 1; i < name.length; i++)
        number = number * 10 + (size_t)(name.at[i] - '0');
    return number;
}

static bool add_line(const void *what, struct rt_out *out, const struct rt_due_line *line)
{
    (void)out;
    struct score *score = *(struct score *const *)what;
    const size_t customer = number_of(line->customer), item = number_of(line->item);
    const int32_t next = score->shop->next[customer + item * score->customers];
    ck_assert(line->lo > AS_OF && line->due >= line->lo && line->hi >= line->due);
    ck_assert(line->overdue >= 0 && line->overdue <= 1 && line->days == line->due - AS_OF);
    if (next == RT_DAY_NONE || line->intervals < score->least || line->intervals > score->most)
        return false;
    score->count++;
    score->before += next < line->lo;
    score->behind += next > line->hi;
    score->by_median += next <= line->due;
    score->width += line->hi - line->lo;
    return false;
}

static struct score judge(const struct rt_due *due, const struct shop *shop, size_t customers,
                          int64_t least, int64_t most)
{
    struct score score = {.shop = shop, .customers = customers, .least = least, .most = most};
    struct score *at = &score;
    ck_assert(rt_due_lines(due, 1, add_line, &at, NULL) == 0);
    score.width /= score.count;
    return score;
}

/* Within what chance allows, and a day's rounding, which makes intervals a little too wide. */
static void check_rates(const struct score *score, double confidence)
{
    const double n = score->count, tail = (1 - confidence) / 2;
    const double slack = 3.5 * sqrt(tail * (1 - tail) / n);
    ck_assert_msg(n > 50, "only %g", n);
    ck_assert_msg(score->before / n < tail + slack, "%g before", score->before / n);
    ck_assert_msg(score->behind / n < tail + slack, "%g behind", score->behind / n);
    ck_assert_msg(score->before / n > tail - slack - 0.03, "%g before", score->before / n);
    ck_assert_msg(score->behind / n > tail - slack - 0.03, "%g behind", score->behind / n);
    ck_assert_msg(fabs(score->by_median / n - 0.5) < 3.5 * sqrt(0.25 / n) + 0.03, "%g by median",
                  score->by_median / n);
}

/*
 * Calibration: among the customers who purchase again, whenever that is, due_lo to due_hi holds the
 * day about as often as it says, for those with no, few and many intervals.
 */
START_TEST(calibrated)
{
    static const struct {
        double k, r, mean, confidence;
    } shops[] = {{4, 3, 40, 0.8}, {1, 1.5, 60, 0.8}, {15, 6, 90, 0.95}};
    struct shop shop;
    open_shop(&shop);
    for (size_t i = 0; i < SUBJECTS; i++)
        simulate(&shop, i, shops[_i].k, shops[_i].r, shops[_i].mean, SUBJECTS, false);
    struct rt_due *due = read_shop(&shop, false, shops[_i].confidence);
    const struct rt_rhythm *rhythm = rt_due_rhythm(due);
    ck_assert(rhythm != NULL && rhythm->converged);
    ck_assert_msg(fabs(log(rhythm->k / shops[_i].k)) < 0.15, "k %g", rhythm->k);
    ck_assert_msg(fabs(log(rhythm->r / shops[_i].r)) < 0.2, "r %g", rhythm->r);
    ck_assert_msg(fabs(rhythm->never - 0.1) < 0.03, "never %g", rhythm->never);
    static const int64_t groups[][2] = {{0, 1}, {2, 5}, {6, 1000}, {0, 1000}};
    double widths[4];
    for (size_t i = 0; i < 4; i++) {
        const struct score score = judge(due, &shop, SUBJECTS, groups[i][0], groups[i][1]);
        check_rates(&score, shops[_i].confidence);
        widths[i] = score.width;
    }
    /* Those who are known better are told more closely. */
    ck_assert(widths[2] < widths[1] && widths[1] < widths[0]);
    rt_due_free(due);
}
END_TEST

/* Items with rhythms of their own: 40 items, each with a mean from 10 to 150 days for one of it. */
START_TEST(items_have_their_own_rhythm)
{
    enum { ITEMS = 40, CUSTOMERS = SUBJECTS / ITEMS };
    struct shop shop;
    open_shop(&shop);
    for (size_t i = 0; i < SUBJECTS; i++)
        simulate(&shop, i, 8, 6, 10 * pow(15, (double)(i / CUSTOMERS) / (ITEMS - 1)), CUSTOMERS,
                 true);
    struct rt_due *due = read_shop(&shop, true, 0.8);
    ck_assert(rt_due_counts(due).items == ITEMS);
    ck_assert_msg(fabs(log(rt_due_rhythm(due)->k / 8)) < 0.15, "k %g", rt_due_rhythm(due)->k);
    /* Customers within an item differ as little as they do, not as much as the items. */
    ck_assert_msg(fabs(log(rt_due_rhythm(due)->r / 6)) < 0.3, "r %g", rt_due_rhythm(due)->r);
    const struct score all = judge(due, &shop, CUSTOMERS, 0, 1000);
    check_rates(&all, 0.8);
    const struct score pooled = judge(due, &shop, CUSTOMERS, 0, 0);
    check_rates(&pooled, 0.8);
    rt_due_free(due);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("due");
    TCase *tests = tcase_create("tests");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, calibrated, 0, 3);
    tcase_add_test(tests, items_have_their_own_rhythm);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
