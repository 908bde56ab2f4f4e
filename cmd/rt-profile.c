/* rt-profile: one row per customer from a log of purchases */
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/feed.h"
#include "libretain/gather.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/profile.h"
#include "libretain/table.h"

struct args {
    rt_day as_of, split;
    rt_choice occasion;
    const char *purchase;
    struct rt_texts count;
    bool sorted, verbose;
    int64_t threads, digits;
    struct rt_table_args in;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, as_of), .name = "as-of", .value = "DATE",
     .help = "measure recency and age to DATE; leave out what is later"},
    {RT_OPT(struct args, occasion), .name = "occasion", .value = "day|order|row",
     .help = "what counts as one purchase", .standard = "day"},
    {RT_OPT(struct args, split), .name = "split", .value = "DATE",
     .help = "the last day of the calibration period; what follows is the holdout"},
    {RT_OPT(struct args, sorted), .name = "sorted",
     .help = "the rows come sorted by customer: constant memory"},
    {RT_OPT(struct args, count), .name = "count", .value = "[COLUMN=]VALUE,...",
     .help = "a column for each VALUE: its number of rows, in COLUMN (event)"},
    {RT_OPT(struct args, purchase), .name = "purchase", .value = "EVENT",
     .help = "which event is a purchase", .standard = "purchase"},
    {RT_OPT(struct args, digits), .name = "digits", .value = "N",
     .help = "round aov and m_x to N places; -1: not at all", .standard = "-1", .least = -1,
     .most = 17},
    {RT_OPT(struct args, threads), .name = "threads", .value = "N",
     .help = "1, or 2 that share the work", .standard = "2", .least = 1, .most = 2},
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "print what was counted on stderr"},
    RT_OPTS(struct args, in, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    RT_OPT_LAST,
};

/* What lines are made of. */
struct form {
    bool amounts, holdout;
    int digits;
    const struct rt_profile_counter *counters;
    size_t counter_count;
};

static void write_header(struct rt_out *out, const struct form *form)
{
    static const char *const names[] = {
        "customer_id",  "first_date",  "last_date", "orders", "revenue", "aov",
        "recency_days", "tenure_days", "x",         "t_x",    "T",       "m_x"};
    static const char *const holdout[] = {"x_star", "revenue_star", "T_star"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        rt_out_string(out, names[i]);
    for (size_t i = 0; form->holdout && i < sizeof holdout / sizeof holdout[0]; i++)
        rt_out_string(out, holdout[i]);
    for (size_t i = 0; i < form->counter_count; i++)
        rt_out_string(out, form->counters[i].value);
    rt_out_end(out);
}

/* Recency, tenure and what the models are fitted to; of nobody who bought nothing. */
static char *put_counts(const struct rt_out *out, char *at, const struct rt_profile_line *line)
{
    const int64_t counts[] = {line->recency_days, line->tenure_days, line->x, line->t_x, line->T};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        at = line->orders > 0 ? rt_out_put_whole(out, at, counts[i]) : rt_out_put_empty(out, at);
    return at;
}

static char *put_money(const struct form *form, const struct rt_out *out, char *at,
                       struct rt_decimal money)
{
    return form->amounts ? rt_out_put_decimal(out, at, money) : rt_out_put_empty(out, at);
}

static char *put_mean(const struct form *form, const struct rt_out *out, char *at, double mean)
{
    return form->amounts ? rt_out_put_real(out, at, mean, form->digits) : rt_out_put_empty(out, at);
}

/* Left out, with a holdout, are customers without a purchase up to the split. */
static bool write_line(const void *what, struct rt_out *out, const struct rt_profile_line *line)
{
    enum { FIELDS = 15 }; /* none of which takes more than a real */
    const struct form *form = what;
    if (form->holdout && line->orders == 0)
        return false;
    char *at = rt_out_begin(out, 2 * line->customer.length + 3 + FIELDS * RT_REAL_BYTES +
                                     form->counter_count * RT_DECIMAL_BYTES);
    at = rt_out_put_text(out, at, line->customer);
    at = rt_out_put_day(out, at, line->first_date);
    at = rt_out_put_day(out, at, line->last_date);
    at = rt_out_put_whole(out, at, line->orders);
    at = put_money(form, out, at, line->revenue);
    at = put_mean(form, out, at, line->aov);
    at = put_counts(out, at, line);
    at = put_mean(form, out, at, line->m_x);
    if (form->holdout) {
        at = rt_out_put_whole(out, at, line->x_star);
        at = put_money(form, out, at, line->revenue_star);
        at = rt_out_put_whole(out, at, line->T_star);
    }
    for (size_t i = 0; i < form->counter_count; i++)
        at = rt_out_put_whole(out, at, line->counts[i]);
    rt_out_end_at(out, at);
    return true;
}

/* --count VALUE,... or COLUMN=VALUE,...: one counter for each value, which points into `texts`. */
static struct rt_profile_counter *read_counters(const struct rt_texts *texts,
                                                struct rt_table *table, size_t *count)
{
    struct rt_profile_counter *counters = NULL;
    *count = 0;
    for (size_t i = 0; i < texts->count; i++) {
        char *values = texts->texts[i];
        char *equals = strchr(values, '=');
        if (equals != NULL)
            *equals = '\0';
        const size_t column = rt_table_need_or_die(table, equals != NULL ? values : "event");
        char *rest = NULL;
        char *value = strtok_r(equals != NULL ? equals + 1 : values, ",", &rest);
        if (value == NULL)
            rt_die("--count: no value to count");
        for (; value != NULL; value = strtok_r(NULL, ",", &rest)) {
            counters = rt_realloc(counters, *count + 1, sizeof *counters);
            counters[(*count)++] = (struct rt_profile_counter){(int)column, value};
        }
    }
    return counters;
}

static void tell(const struct rt_gathered *gathered, bool holdout)
{
    rt_note("%llu rows read, %llu after the as-of date left out, %llu customers written",
            (unsigned long long)gathered->rows.rows, (unsigned long long)gathered->rows.after,
            (unsigned long long)gathered->written);
    if (holdout)
        rt_note("%llu customers without a purchase up to the split left out",
                (unsigned long long)gathered->left_out);
}

static int run(void *what, char **files, int count)
{
    const struct args *args = what;
    struct rt_table *table = rt_table_open_or_die(&args->in, files, count);
    struct rt_gather gather = {
        .table = table,
        .purchase = args->purchase,
        .sorted = args->sorted,
        .threads = (int)args->threads,
        .rules = {.occasion = (enum rt_occasion)args->occasion,
                  .as_of = args->as_of,
                  .split = args->split},
    };
    if (rt_log_find(table, &gather.log) != 0)
        rt_die("%s", rt_table_message(table));
    if (gather.rules.occasion == RT_OCCASION_ORDER)
        gather.rules.order_column = (int)rt_table_need_or_die(table, "order_id");
    struct rt_profile_counter *counters =
        read_counters(&args->count, table, &gather.rules.counter_count);
    gather.rules.counters = counters;

    const struct form form = {.amounts = gather.log.at[RT_LOG_AMOUNT] >= 0,
                              .holdout = args->split != RT_DAY_NONE,
                              .digits = (int)args->digits,
                              .counters = counters,
                              .counter_count = gather.rules.counter_count};
    struct rt_out out;
    rt_out_open(&out, &args->out, args->in.delimiter);
    write_header(&out, &form);
    struct rt_gathered gathered;
    const char *fault = rt_gather(&gather, write_line, &form, &out, &gathered);
    if (fault != NULL)
        rt_die("%s", fault);
    rt_out_finish(&out);
    if (args->verbose)
        tell(&gathered, form.holdout);
    free(counters);
    rt_table_close(table);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-profile",
        .purpose = "one row per customer from a log of purchases",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
