/*
 * rt-risk: who is leaving: the probability of being there still, and of being overdue
 *
 * Profiles in, the same rows out, with what a model says of each customer: whether he is still
 * there, whether by his own rhythm the next purchase should have come, and the band that this
 * makes.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "libretain/bands.h"
#include "libretain/err.h"
#include "libretain/keep.h"
#include "libretain/learned.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/risk.h"
#include "libretain/rules.h"
#include "libretain/table.h"

enum { P_ALIVE, OVERDUE, BASIS, BAND, OWN_COLUMNS };
static const char *const own_columns[OWN_COLUMNS] = {"p_alive", "overdue", "basis", "band"};

struct args {
    struct rt_names params;
    const char *model, *bands;
    int64_t digits, threads;
    bool verbose;
    struct rt_table_args table;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, params), .name = "params", .value = "FILE[,FILE]",
     .help = "parameters of rt-fit; without them the rows themselves are fitted first"},
    {RT_OPT(struct args, model), .name = "model", .value = "MODEL",
     .help = "bgnbd, mbgnbd or pnbd; that of the parameters, or mbgnbd"},
    {RT_OPT(struct args, bands), .name = "bands", .value = "LIMITS|FILE", .standard = "0.3,0.7",
     .help = "limits of p_alive, or a table of band,when; when is an SQL expression"},
    {RT_OPT(struct args, digits), .name = "digits", .value = "N", .standard = "6", .least = -1,
     .most = 17, .help = "round probabilities to N places; -1: do not"},
    {RT_OPT(struct args, threads), .name = "threads", .value = "N", .standard = "2", .least = 1,
     .most = 2, .help = "1, or 2: fit with two at a time"},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "say on stderr what was fitted, and how many have a rhythm of their own"},
    RT_OPT_LAST,
};

struct job {
    const struct args *args;
    struct rt_table *table;
    struct rt_out out;
    struct rt_life_columns columns;
    struct rt_learned learned;
    struct rt_risk *risk;
    struct rt_bands bands;
    struct rt_rules rules; /* used where no limits are given */
    struct rt_keep keep;
    struct rt_text *cells;
    size_t width; /* of the input */
    uint64_t rows, known, own;
};

static void die_of(const char *wrong)
{
    if (wrong != NULL)
        rt_die("%s", wrong);
}

static size_t write_number(const struct job *job, double value, char into[RT_REAL_BYTES])
{
    const int64_t digits = job->args->digits;
    return digits < 0 ? rt_real_write(value, into) : rt_real_write_digits(value, (int)digits, into);
}

/* The band that the rules give; they see the numbers as they are written. */
static const char *band_by_rules(struct job *job, size_t row, struct rt_text *added)
{
    const char *name;
    rt_keep_cells(&job->keep, row, job->cells);
    memcpy(job->cells + job->width, added, BAND * sizeof *added);
    if (rt_rules_first(&job->rules, job->cells, &name) != 0)
        rt_die("%s: when: %s (row %" PRIu64 " of the input)", job->args->bands,
               rt_expr_message(job->rules.expr), job->rows);
    return name == NULL ? "" : name;
}

/* Writes a kept row and what is added to it. */
static void write_row(struct job *job, size_t row, const struct rt_life *life,
                      const struct rt_params *buyers)
{
    char alive[RT_REAL_BYTES] = "", overdue[RT_REAL_BYTES] = "";
    struct rt_text added[OWN_COLUMNS] = {{alive, 0}, {overdue, 0}, {"", 0}, {"", 0}};
    job->rows++;
    if (life->known) {
        const struct rt_risk_value value = rt_risk_value(job->risk, buyers, life);
        job->known++;
        job->own += value.own;
        added[P_ALIVE].length = write_number(job, value.alive, alive);
        added[OVERDUE].length = write_number(job, value.overdue, overdue);
        added[BASIS] = rt_text(value.own ? "own" : "pooled");
        if (job->bands.count > 0)
            added[BAND] = rt_text(rt_bands_name(&job->bands, value.alive));
    }
    if (job->bands.count == 0)
        added[BAND] = rt_text(band_by_rules(job, row, added));
    rt_keep_write(&job->keep, row, &job->out);
    for (int i = 0; i < BAND; i++)
        rt_out_raw(&job->out, added[i]);
    rt_out_text(&job->out, added[BAND]);
    rt_out_end(&job->out);
}

/* With parameters: each row as it comes. */
static void score_rows(struct job *job)
{
    struct rt_life life;
    const struct rt_params *buyers;
    while (rt_table_next_or_die(job->table)) {
        if (rt_life_read(job->table, &job->columns, &life) != 0)
            die_of(rt_table_message(job->table));
        const char *wrong = rt_learned_find(&job->learned, job->table, &buyers, NULL);
        if (wrong != NULL)
            rt_table_die(job->table, -1, wrong);
        rt_keep_add(&job->keep, job->table);
        write_row(job, 0, &life, buyers);
        rt_keep_clear(&job->keep);
    }
}

/* Without: all rows are read, and fitted. */
static void fit_rows(struct job *job)
{
    struct rt_lives lives = {0};
    struct rt_life life;
    while (rt_table_next_or_die(job->table)) {
        if (rt_life_read(job->table, &job->columns, &life) != 0)
            die_of(rt_table_message(job->table));
        rt_lives_add(&lives, &life);
        rt_keep_add(&job->keep, job->table);
    }
    if (lives.count > 0)
        die_of(rt_learned_fit(&job->learned, &lives, (int)job->args->threads));
    for (size_t row = 0; row < lives.count; row++)
        write_row(job, row, &lives.lives[row], &job->learned.own_buyers);
    rt_lives_free(&lives);
}

static void open_bands(struct job *job)
{
    const char *wrong = rt_bands_read(rt_text(job->args->bands), &job->bands);
    if (wrong == rt_bands_no_list)
        wrong = rt_rules_open(&job->rules, &job->args->table, job->args->bands, "band", job->table,
                              own_columns, BAND);
    else if (wrong != NULL)
        rt_die("--bands: %s", wrong);
    die_of(wrong);
}

static void report(const struct job *job)
{
    const struct rt_params *own = &job->learned.own_buyers;
    rt_note("%" PRIu64 " rows, %" PRIu64 " customers, %" PRIu64 " with a rhythm of their own",
            job->rows, job->known, job->own);
    for (int i = 0; own->model != NULL && i < own->model->count; i++)
        rt_note("%s: %s %.6g", own->model->name, own->model->params[i], own->values[i]);
}

static int run(void *given, char **files, int count)
{
    const struct args *args = given;
    struct job job = {.args = args, .table = rt_table_open_or_die(&args->table, files, count)};
    job.width = rt_table_width(job.table);
    job.cells = rt_alloc_zero(job.width + OWN_COLUMNS, sizeof *job.cells);
    if (rt_life_find(job.table, false, &job.columns) != 0)
        die_of(rt_table_message(job.table));
    die_of(rt_learned_open(&job.learned, &args->table, args->params.names, args->params.count,
                           args->model, false, job.table));
    open_bands(&job);
    job.risk = rt_risk_new();
    rt_keep_init(&job.keep, job.width, args->table.delimiter);
    rt_out_open(&job.out, &args->out, args->table.delimiter);
    const char *own = rt_keep_header(job.table, own_columns, OWN_COLUMNS, &job.out);
    if (own != NULL)
        rt_die("the input has a column %s already; --map old_%s=%s renames it", own, own, own);
    (args->params.count > 0 ? score_rows : fit_rows)(&job);
    rt_out_finish(&job.out);
    if (args->verbose)
        report(&job);
    rt_keep_free(&job.keep);
    rt_rules_free(&job.rules);
    rt_risk_free(job.risk);
    rt_learned_free(&job.learned);
    rt_table_close(job.table);
    free(job.cells);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-risk",
        .purpose = "who is leaving: the probability of being there still, and of being overdue",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
