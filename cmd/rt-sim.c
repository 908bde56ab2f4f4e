/* rt-sim: simulate a shop whose parameters are known. */
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/shoptable.h"

enum { CUSTOMERS_MOST = 1000000000, ITEMS_MOST = 1000000 };

struct args {
    struct rt_out_args out;
    int64_t customers, rows, seed, items;
    rt_day start, end, new_until;
    rt_choice table, order, ids, model;
    struct rt_pairs params, spend;
    struct rt_names channels;
    double lines, refunds, quoted;
    bool order_ids, season, verbose;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, table), .name = "table",
     .value = "log|answers|contacts|subscriptions|tickets", .standard = "log",
     .help = "what is written"},
    {RT_OPT(struct args, customers), .name = "customers", .value = "N", .least = 1,
     .most = CUSTOMERS_MOST, .help = "customers of the shop; 1000 unless --rows tells"},
    {RT_OPT(struct args, rows), .name = "rows", .value = "N", .least = 1, .most = INT64_MAX / 100,
     .help = "about N rows; with --customers by another rate of purchase"},
    {RT_OPT(struct args, seed), .name = "seed", .value = "N", .standard = "1",
     .help = "the same seed gives the same bytes"},
    {RT_OPT(struct args, start), .name = "start", .value = "DATE", .standard = "2023-01-01",
     .help = "the first day of the shop"},
    {RT_OPT(struct args, end), .name = "end", .value = "DATE", .standard = "2024-12-31",
     .help = "the last day of the shop"},
    {RT_OPT(struct args, new_until), .name = "new-until", .value = "DATE",
     .help = "the last day on which a customer is new; --end unless given"},
    {RT_OPT(struct args, order), .name = "order", .value = "date|customer|shuffled",
     .standard = "date", .help = "the order of the rows"},
    {RT_OPT(struct args, ids), .name = "ids", .value = "number|text|uuid", .standard = "text",
     .help = "what customer ids look like"},
    {RT_OPT(struct args, model), .name = "model", .value = "pnbd|bgnbd|mbgnbd", .standard = "pnbd",
     .help = "how customers buy and drop out"},
    {RT_OPT(struct args, params), .name = "params", .value = "NAME=X,...",
     .help = "parameters of the model in weeks: r, alpha, and s, beta or a, b"},
    {RT_OPT(struct args, spend), .name = "spend", .value = "NAME=X,...",
     .help = "parameters of the Gamma-Gamma spend: p, q, v"},
    {RT_OPT(struct args, season), .name = "season",
     .help = "busy and quiet days of the week and months of the year"},
    {RT_OPT(struct args, order_ids), .name = "order-ids", .help = "a column order_id"},
    {RT_OPT(struct args, lines), .name = "lines", .value = "MEAN", .standard = "1",
     .help = "mean number of rows of an order; above 1 adds order_id"},
    {RT_OPT(struct args, items), .name = "items", .value = "N", .least = 1, .most = ITEMS_MOST,
     .help = "columns item and qty, of N items"},
    {RT_OPT(struct args, channels), .name = "channels", .value = "NAME,...",
     .help = "a column channel with these names"},
    {RT_OPT(struct args, refunds), .name = "refunds", .value = "PERCENT", .standard = "0",
     .help = "share of rows returned; adds order_id and ref"},
    {RT_OPT(struct args, quoted), .name = "quoted", .value = "PERCENT", .standard = "0",
     .help = "share of rows with quotes or line ends; adds note"},
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "tell the true parameters on stderr"},
    RT_OPT_LAST,
};

static void set_params(struct rt_shop_plan *plan, const char *const *names, const char *option,
                       const struct rt_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        double *param = rt_shop_param(plan, names, pairs->left[i]);
        if (param == NULL)
            rt_die("--%s: %s is not a parameter of the model", option, pairs->left[i]);
        if (rt_real_read(rt_text(pairs->right[i]), param) != 0 || *param < 1e-3 || *param > 1e9)
            rt_die("--%s: %s is not a number from 0.001 to 1000000000", option, pairs->left[i]);
    }
}

static void note_params(struct rt_shop_plan *plan, const char *model, const char *const *names)
{
    for (; *names != NULL; names++) {
        char value[RT_REAL_BYTES];
        rt_real_write(*rt_shop_param(plan, names, *names), value);
        rt_note("%s %s=%s", model, *names, value);
    }
}

static double share(const char *option, double percent)
{
    if (!(percent >= 0 && percent <= 100))
        rt_die("--%s: not between 0 and 100", option);
    return percent / 100;
}

static void check_days(const struct args *args, int32_t new_until)
{
    if (args->end < args->start)
        rt_die("--end: before --start");
    if (args->end - args->start >= RT_SHOP_DAYS)
        rt_die("--end: more than %d days after --start", RT_SHOP_DAYS);
    if (new_until < args->start || new_until > args->end)
        rt_die("--new-until: not between --start and --end");
}

static struct rt_shop_plan make_plan(const struct args *args)
{
    const int32_t new_until = args->new_until == RT_DAY_NONE ? args->end : args->new_until;
    check_days(args, new_until);
    struct rt_shop_plan plan = rt_shop_usual_plan;
    plan.seed = (uint64_t)args->seed;
    plan.customers = args->customers > 0 ? (uint32_t)args->customers : plan.customers;
    plan.first = args->start;
    plan.last = args->end;
    plan.new_until = new_until;
    plan.model = (enum rt_shop_model)args->model;
    plan.lines = args->lines;
    plan.returned = share("refunds", args->refunds);
    plan.season = args->season;
    if (!(plan.lines >= 1 && plan.lines <= 50))
        rt_die("--lines: not between 1 and 50");
    set_params(&plan, rt_shop_params[plan.model], "params", &args->params);
    set_params(&plan, rt_shop_spend_params, "spend", &args->spend);
    return plan;
}

/* --rows alone says how many customers there are, with --customers how often they buy. */
static void fit_rows(struct rt_shop *shop, const struct args *args)
{
    if (args->rows == 0)
        return;
    if (args->customers > 0) {
        if (rt_shop_fit(shop, (double)args->rows) != 0)
            rt_die("--rows: so many customers do not make as few or as many rows, at any alpha");
        return;
    }
    const double each = rt_shop_expected(shop) / shop->plan.customers;
    const double customers = (double)args->rows / each + 0.5;
    if (customers > CUSTOMERS_MOST)
        rt_die("--rows: more than %d customers", CUSTOMERS_MOST);
    shop->plan.customers = customers < 1 ? 1 : (uint32_t)customers;
}

static void check_channels(const struct rt_names *channels)
{
    for (size_t i = 0; i < channels->count; i++)
        if (strpbrk(channels->names[i], "\"\r\n") != NULL)
            rt_die("--channels: a name with a quote or a line end");
}

static int run(void *what, char **files, int count)
{
    const struct args *args = what;
    (void)files; /* rt_main lets none through */
    (void)count;
    struct rt_shop_plan plan = make_plan(args);
    check_channels(&args->channels);
    struct rt_shop shop;
    rt_shop_init(&shop, &plan);
    fit_rows(&shop, args);
    if (args->verbose) {
        static const char *const models[] = {"pnbd", "bgnbd", "mbgnbd"};
        note_params(&shop.plan, models[args->model], rt_shop_params[args->model]);
        note_params(&shop.plan, "gg", rt_shop_spend_params);
        rt_note("%u customers", shop.plan.customers);
    }
    const struct rt_shop_form form = {
        .table = (enum rt_shop_table)args->table,
        .order = (enum rt_shop_order)args->order,
        .ids = (enum rt_shop_ids)args->ids,
        .order_ids = args->order_ids || plan.returned > 0 || plan.lines > 1,
        .items = (uint32_t)args->items,
        .channels = args->channels,
        .quoted = share("quoted", args->quoted),
    };
    struct rt_out out;
    rt_out_open(&out, &args->out, ',');
    rt_shop_write(&shop, &form, &out);
    rt_out_finish(&out);
    rt_shop_free(&shop);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-sim",
        .purpose = "simulate a shop whose parameters are known",
        .operands = "",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
