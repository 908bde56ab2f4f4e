/*
 * rt-fit: fit a model of what customers do next
 *
 * Customers in, a small table of parameters out, by maximum likelihood, with standard errors. It is
 * what rt-ltv and rt-risk take with --params.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/fit.h"
#include "libretain/metrics.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/params.h"
#include "libretain/points.h"
#include "libretain/table.h"

struct args {
    rt_choice unit;
    struct rt_names by;
    const char *weight;
    int64_t threads;
    struct rt_table_args table;
    struct rt_out_args out;
    bool verbose;
};

static const char *const units[] = {"day", "week", "month"};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, unit), .name = "unit", .value = "day|week|month", .standard = "week",
     .help = "of the times of the model; those of the input are in days"},
    {RT_OPT(struct args, by), .name = "by", .value = "COLUMN[,COLUMN]",
     .help = "a fit for each group that has the same in these columns"},
    {RT_OPT(struct args, weight), .name = "weight", .value = "COLUMN",
     .help = "how many customers a row stands for"},
    {RT_OPT(struct args, threads), .name = "threads", .value = "N",
     .help = "1 or 2; the result is the same", .standard = "2", .least = 1, .most = 2},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "tell on stderr what was read and how the search went"},
    RT_OPT_LAST,
};

static const struct rt_model *choose_model(char **operands, int count)
{
    if (count == 0)
        rt_die("which model? The first operand names it: bgnbd, mbgnbd, pnbd, gg, sbg, bdw or "
               "bgbb");
    const struct rt_model *model = rt_model_find(operands[0]);
    if (model == NULL)
        rt_die("the first operand is not the name of a model: bgnbd, mbgnbd, pnbd, gg, sbg, bdw or "
               "bgbb");
    return model;
}

/* The unit of the model's times, NULL where it has none. */
static const char *unit_of(const struct rt_model *model, const struct args *args)
{
    for (int i = 0; i < model->count; i++)
        if (model->in_time[i])
            return units[args->unit];
    return NULL;
}

static void check_by(const struct rt_names *by)
{
    static const char *const own[] = {"model", "param", "value", "se"};
    for (size_t i = 0; i < by->count; i++)
        for (size_t k = 0; k < sizeof own / sizeof *own; k++)
            if (rt_text_is(rt_text(by->names[i]), own[k]))
                rt_die(
                    "--by: the output has a column %s of its own; --map gives yours another name",
                    own[k]);
}

/* Fits every group before anything is written. */
static struct rt_fit *fit_all(const struct rt_model *model, const struct rt_points *points,
                              const struct args *args)
{
    struct rt_fit *fits = rt_alloc(points->count + 1, sizeof *fits);
    for (size_t i = 0; i < points->count; i++) {
        const struct rt_points_group *group = &points->groups[i];
        const int found = rt_fit(model, group->points, (int)args->threads, &fits[i]);
        if (found != 0 && args->by.count == 0)
            rt_die("%s: %s", model->name, fits[i].reason);
        if (found != 0)
            rt_die("%s: group %zu of %zu, in the order of --by: %s", model->name, i + 1,
                   points->count, fits[i].reason);
        if (args->verbose)
            rt_note("%s: %.15g customers, %zu distinct, %d evaluations of the likelihood",
                    model->title, fits[i].total, group->points->count, fits[i].evaluations);
    }
    return fits;
}

static void write_all(const struct args *args, const char *unit, const struct rt_points *points,
                      const struct rt_fit *fits)
{
    struct rt_out out;
    rt_out_open(&out, &args->out, args->table.delimiter);
    rt_params_header(&out, args->by.names, args->by.count);
    struct rt_text *keys = rt_alloc(args->by.count + 1, sizeof *keys);
    for (size_t i = 0; i < points->count; i++) {
        const struct rt_points_group *group = &points->groups[i];
        const struct rt_params params = rt_params_of(&fits[i], unit, group->as_of);
        rt_group_key_split(group->key, keys, args->by.count);
        rt_params_write(&out, &params, keys, args->by.count);
    }
    free(keys);
    rt_out_finish(&out);
}

static int run(void *what, char **operands, int count)
{
    const struct args *args = what;
    const struct rt_model *model = choose_model(operands, count);
    const char *unit = unit_of(model, args);
    check_by(&args->by);
    struct rt_table *table = rt_table_open_or_die(&args->table, operands + 1, count - 1);
    const struct rt_points_form form = {
        .model = model,
        .unit_days = unit != NULL ? rt_unit_days(unit) : 1,
        .by = args->by.names,
        .by_count = args->by.count,
        .weight = args->weight,
    };
    struct rt_points *points = rt_points_read(table, &form);
    if (points == NULL)
        rt_die("%s", rt_table_message(table));
    if (args->verbose)
        rt_note("%" PRIu64 " rows, %" PRIu64 " without what the model needs left out", points->rows,
                points->without);
    struct rt_fit *fits = fit_all(model, points, args);
    write_all(args, unit, points, fits);
    free(fits);
    rt_points_free(points);
    rt_table_close(table);
    return 0;
}

int main(int argc, char **argv)
{
    static const char purpose[] = "fit a model of what customers do next";
    const struct rt_command command = {
        "rt-fit", purpose, "MODEL [FILE]...", options, sizeof(struct args), run,
    };
    return rt_main(&command, argc, argv);
}
