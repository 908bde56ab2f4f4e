/*
 * rt-ltv: what each customer will buy, spend and be worth
 *
 * Profiles in, the same rows out, with what to expect of each customer and how far off it may be.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/keep.h"
#include "libretain/learned.h"
#include "libretain/ltv_args.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/plain_value.h"
#include "libretain/table.h"

enum { MOST_COLUMNS = 6 };
static const char *const own_columns[][MOST_COLUMNS] = {
    {"expected_orders", "expected_spend", "ltv", "ltv_lo", "ltv_hi", "p_order"},
    {"order_value", "purchase_frequency", "lifespan", "ltv"},
    {"ltv"},
};
static const int own_counts[] = {5, 4, 1};

struct args {
    struct rt_ltv_args ltv;
    int64_t digits, threads;
    bool verbose;
    struct rt_table_args table;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    RT_OPTS(struct args, ltv, struct rt_ltv_args, rt_ltv_options),
    {RT_OPT(struct args, digits), .name = "digits", .value = "N", .standard = "4", .least = -1,
     .most = 17, .help = "round computed numbers to N places; -1: do not"},
    {RT_OPT(struct args, threads), .name = "threads", .value = "N", .standard = "2", .least = 1,
     .most = 2, .help = "1, or 2: fit with two at a time"},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "say on stderr what was fitted, and whether frequency and spend are related"},
    RT_OPT_LAST,
};

struct job {
    const struct args *args;
    struct rt_table *table;
    struct rt_out out;
    struct rt_ltv_terms terms;
    struct rt_life_columns columns;
    struct rt_plain plain;
    struct rt_learned learned;
    struct rt_ltv *ltv;
    struct rt_keep keep;
    struct rt_related related;
};

static void die_of(const char *wrong)
{
    if (wrong != NULL)
        rt_die("%s", wrong);
}

/* How many columns the method adds: p_order is the last. */
static int own_count(const struct args *args)
{
    return own_counts[args->ltv.method] + args->ltv.any;
}

/* Writes a kept row and the columns behind it; nan is an empty cell. */
static void write_row(struct job *job, size_t row, const double *values)
{
    rt_keep_write(&job->keep, row, &job->out);
    for (int i = 0; i < own_count(job->args); i++)
        rt_out_real(&job->out, values[i], (int)job->args->digits);
    rt_out_end(&job->out);
}

static void value_row(struct job *job, size_t row, const struct rt_life *life,
                      const struct rt_params *buyers, const struct rt_params *spend)
{
    static const struct rt_ltv_value unknown = {NAN, NAN, NAN, NAN, NAN, NAN};
    const struct rt_ltv_value value =
        life->known ? rt_ltv_value(job->ltv, buyers, spend, life) : unknown;
    const double values[MOST_COLUMNS] = {value.orders, value.spend, value.ltv,
                                         value.lo,     value.hi,    value.any};
    write_row(job, row, values);
}

/* The next row, read and kept; false behind the last. */
static bool next_life(struct job *job, struct rt_life *life)
{
    if (!rt_table_next_or_die(job->table))
        return false;
    if (rt_life_read(job->table, &job->columns, life) != 0)
        die_of(rt_table_message(job->table));
    rt_related_add(&job->related, life);
    rt_keep_add(&job->keep, job->table);
    return true;
}

/* With parameters: each row as it comes. */
static void value_rows(struct job *job)
{
    struct rt_life life;
    const struct rt_params *buyers, *spend;
    while (next_life(job, &life)) {
        const char *wrong = rt_learned_find(&job->learned, job->table, &buyers, &spend);
        if (wrong != NULL)
            rt_table_die(job->table, -1, wrong);
        die_of(rt_ltv_fault(&job->terms, buyers, spend));
        value_row(job, 0, &life, buyers, spend);
        rt_keep_clear(&job->keep);
    }
}

/* Without: all rows are read, and fitted. */
static void fit_rows(struct job *job)
{
    struct rt_lives lives = {0};
    struct rt_life life;
    while (next_life(job, &life))
        rt_lives_add(&lives, &life);
    const struct rt_params *buyers = &job->learned.own_buyers, *spend = &job->learned.own_spend;
    if (lives.count > 0) {
        die_of(rt_learned_fit(&job->learned, &lives, (int)job->args->threads));
        die_of(rt_ltv_fault(&job->terms, buyers, spend));
    }
    for (size_t row = 0; row < lives.count; row++)
        value_row(job, row, &lives.lives[row], buyers, spend);
    rt_lives_free(&lives);
}

static void value_plainly(struct job *job)
{
    double values[RT_PLAIN_VALUES];
    while (rt_table_next_or_die(job->table)) {
        if (rt_plain_read(job->table, &job->plain, values) != 0)
            die_of(rt_table_message(job->table));
        rt_keep_add(&job->keep, job->table);
        write_row(job, 0, values);
        rt_keep_clear(&job->keep);
    }
}

static void report(const struct job *job)
{
    const struct rt_params *own[] = {&job->learned.own_buyers, &job->learned.own_spend};
    const double related = rt_related_value(&job->related);
    if (job->args->ltv.method != RT_LTV_MODEL) {
        rt_note("%" PRIu64 " customers got back more than they paid: value 0", job->plain.losses);
        return;
    }
    rt_note("%" PRIu64 " rows, %" PRIu64 " repeat buyers without a mean value above 0, who count "
            "as all others do",
            job->related.rows, job->related.lost);
    for (int k = 0; k < 2; k++)
        for (int i = 0; own[k]->model != NULL && i < own[k]->model->count; i++)
            rt_note("%s: %s %.6g", own[k]->model->name, own[k]->model->params[i],
                    own[k]->values[i]);
    if (!isnan(related))
        rt_note("frequency and spend: correlation %.3f%s", related,
                fabs(related) < 0.2 ? ""
                                    : "; gg takes it to be 0, so its values are off for the "
                                      "frequent and the rare alike");
}

static int run(void *given, char **files, int count)
{
    const struct args *args = given;
    struct job job = {.args = args};
    const bool model = args->ltv.method == RT_LTV_MODEL;
    char fault[RT_LTV_FAULT_BYTES];
    die_of(rt_ltv_read_args(&args->ltv, &job.terms, &job.plain, fault));
    job.table = rt_table_open_or_die(&args->table, files, count);
    if ((model ? rt_life_find(job.table, true, &job.columns)
               : rt_plain_find(job.table, &job.plain)) != 0)
        die_of(rt_table_message(job.table));
    if (model)
        die_of(rt_learned_open(&job.learned, &args->table, args->ltv.params.names,
                               args->ltv.params.count, args->ltv.model, true, job.table));
    job.ltv = rt_ltv_new(&job.terms);
    rt_keep_init(&job.keep, rt_table_width(job.table), args->table.delimiter);
    rt_out_open(&job.out, &args->out, args->table.delimiter);
    const char *there =
        rt_keep_header(job.table, own_columns[args->ltv.method], own_count(args), &job.out);
    if (there != NULL)
        rt_die("the input has a column %s already; --map old_%s=%s renames it", there, there,
               there);
    if (!model)
        value_plainly(&job);
    else if (args->ltv.params.count > 0)
        value_rows(&job);
    else
        fit_rows(&job);
    rt_out_finish(&job.out);
    if (args->verbose)
        report(&job);
    rt_keep_free(&job.keep);
    rt_ltv_free(job.ltv);
    rt_learned_free(&job.learned);
    rt_table_close(job.table);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-ltv",
        .purpose = "what each customer will buy, spend and be worth",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
