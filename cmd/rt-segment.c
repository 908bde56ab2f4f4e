/* rt-segment: score customers by recency, frequency and money, and name their segments. */
#include <inttypes.h>
#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/keep.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/previous.h"
#include "libretain/rfm.h"
#include "libretain/rules.h"
#include "libretain/table.h"

enum { AUTO, FIRST_PRESET }; /* --preset; the presets follow in the order of rfm.h */
enum { R, F, M, SEGMENT, PREVIOUS, OWN_COLUMNS };
static const char *const own_columns[OWN_COLUMNS] = {"r", "f", "m", "segment", "prev_segment"};

struct args {
    struct rt_table_args table;
    struct rt_out_args out;
    const char *cuts, *save_cuts, *rules, *from;
    int64_t bins;
    rt_choice method, preset;
    bool verbose;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, bins), .name = "bins", .value = "N", .least = RT_RFM_BINS_LEAST,
     .most = RT_RFM_BINS_MOST, .help = "scores go from 1 to N; 5, or 3 for --preset 3x3"},
    {RT_OPT(struct args, method), .name = "method", .value = "type7|rfm-r", .standard = "type7",
     .help = "cut at quantiles, or as R's rfm does"},
    {RT_OPT(struct args, save_cuts), .name = "save-cuts", .value = "FILE",
     .help = "write the cuts between the scores to FILE"},
    {RT_OPT(struct args, cuts), .name = "cuts", .value = "FILE",
     .help = "take the cuts, with their bins and method, from FILE"},
    {RT_OPT(struct args, preset), .name = "preset", .value = "auto|eleven|ten|3x3|value",
     .standard = "auto", .help = "named segments; auto: eleven, or none with --rules"},
    {RT_OPT(struct args, rules), .name = "rules", .value = "FILE",
     .help = "name segments by a table of segment,when; when is an SQL expression"},
    {RT_OPT(struct args, from), .name = "from", .value = "OLD",
     .help = "add prev_segment, the segment in an earlier output"},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "tell on stderr the bins in use and the customers without scores"},
    RT_OPT_LAST,
};

struct job {
    const struct args *args;
    struct rt_table *table;
    struct rt_out out;
    size_t width, customer, places[RT_RFM_AXES];
    bool scored, named; /* r, f, m are added; a preset names segments */
    int first, added;   /* of the own columns */
    enum rt_rfm_preset preset;
    struct rt_rfm_cuts cuts;
    struct rt_rfm_use use;
    struct rt_rules rules;
    struct rt_previous previous;
    struct rt_keep keep;
    char digits[RT_RFM_AXES][RT_DECIMAL_BYTES];
    struct rt_text *cells; /* of the row at hand: the input's, then r, f, m, segment */
    uint64_t rows, unscored, unmatched;
};

static void die_of(const char *wrong)
{
    if (wrong != NULL)
        rt_die("%s", wrong);
}

/* Which columns are read and which are added. */
static void choose_columns(struct job *job)
{
    const struct args *args = job->args;
    job->named = args->rules == NULL || args->preset != AUTO;
    job->preset = args->preset == AUTO ? RT_RFM_ELEVEN : args->preset - FIRST_PRESET;
    const bool must = job->named || args->cuts != NULL || args->save_cuts != NULL;
    job->scored = rt_rfm_find(job->table, must, job->places) > 0;
    die_of(rt_table_message(job->table));
    if (args->from != NULL)
        job->customer = rt_table_need_or_die(job->table, "customer_id");
    job->first = job->scored ? R : SEGMENT;
    job->added = (args->from == NULL ? PREVIOUS : OWN_COLUMNS) - job->first;
}

/* The rules see the columns of the input, the scores, and the segment of the preset. */
static void open_rules(struct job *job)
{
    const char *more[] = {"", "", "", job->named ? own_columns[SEGMENT] : ""};
    for (int i = job->first; i < SEGMENT; i++)
        more[i] = own_columns[i];
    die_of(rt_rules_open(&job->rules, &job->args->table, job->args->rules, "segment", job->table,
                         more, PREVIOUS));
}

/* Writes a kept row and what is added to it. */
static void write_row(struct job *job, size_t row, const struct rt_rfm_customer *customer)
{
    int scores[RT_RFM_AXES];
    rt_rfm_scores(&job->cuts, customer, scores, &job->use);
    const char *segment = job->named ? rt_rfm_segment(job->preset, job->cuts.bins, scores) : "";
    job->cells[job->width + SEGMENT] = rt_text(segment);
    job->rows++;
    job->unscored += customer->axes == 0;
    if (job->args->rules != NULL || job->args->from != NULL)
        rt_keep_cells(&job->keep, row, job->cells);
    if (job->args->rules != NULL) {
        rt_rfm_cells(scores, job->digits, job->cells + job->width);
        const char *name;
        if (rt_rules_first(&job->rules, job->cells, &name) != 0)
            rt_die("%s: when: %s (row %" PRIu64 " of the input)", job->args->rules,
                   rt_expr_message(job->rules.expr), job->rows);
        job->unmatched += name == NULL;
        segment = name == NULL ? segment : name;
    }
    rt_keep_write(&job->keep, row, &job->out);
    if (job->scored)
        rt_rfm_write(scores, &job->out);
    rt_out_string(&job->out, segment);
    if (job->args->from != NULL)
        rt_out_text(&job->out, rt_previous_value(&job->previous, job->cells[job->customer]));
    rt_out_end(&job->out);
}

/* Rows as they come, with values that an earlier reading found, or that are read now. */
static void write_at_once(struct job *job, struct rt_rfm_values *known)
{
    static const char changed[] = "the input has changed between the two readings that it needs";
    struct rt_rfm_customer customer = {0};
    while (rt_table_next_or_die(job->table)) {
        if (known != NULL && !rt_rfm_values_next(known, &customer))
            die_of(changed);
        if (known == NULL && job->scored && rt_rfm_read(job->table, job->places, &customer) != 0)
            die_of(rt_table_message(job->table));
        rt_keep_add(&job->keep, job->table);
        write_row(job, 0, &customer);
        rt_keep_clear(&job->keep);
    }
    if (known != NULL && rt_rfm_values_next(known, &customer))
        die_of(changed);
}

/* Without cuts, all rows are seen before the first has its scores, and kept or read again. */
static void score_rows(struct job *job)
{
    struct rt_rfm_values all = {0};
    struct rt_rfm_customer customer;
    struct rt_keep *keep = rt_table_can_rewind(job->table) ? NULL : &job->keep;
    die_of(rt_rfm_cut_rows(&job->cuts, job->table, job->places, &all, keep));
    if (job->args->save_cuts != NULL && !job->cuts.known[R])
        rt_die("no customer has a purchase: there are no cuts to save");
    for (size_t row = 0; row < job->keep.count && rt_rfm_values_next(&all, &customer); row++)
        write_row(job, row, &customer);
    if (keep == NULL && rt_table_rewind(job->table) == 0)
        write_at_once(job, &all);
    die_of(rt_table_message(job->table));
    rt_rfm_values_free(&all);
}

static void report(const struct job *job)
{
    for (int axis = 0; axis < RT_RFM_AXES && job->scored; axis++)
        rt_note("%s: %d of %d bins in use", own_columns[axis],
                rt_rfm_in_use(&job->use, (enum rt_rfm_axis)axis), job->cuts.bins);
    rt_note("%" PRIu64 " rows, %" PRIu64 " without scores", job->rows, job->unscored);
    if (job->args->rules != NULL)
        rt_note("%" PRIu64 " rows that no rule matched", job->unmatched);
}

static int run(void *what, char **files, int count)
{
    const struct args *args = what;
    struct job job = {.args = args, .table = rt_table_open_or_die(&args->table, files, count)};
    job.width = rt_table_width(job.table);
    job.cells = rt_alloc_zero(job.width + OWN_COLUMNS, sizeof *job.cells);
    choose_columns(&job);
    job.cuts.method = (enum rt_rfm_method)args->method;
    job.cuts.bins = args->bins != 0 ? (int)args->bins : rt_rfm_preset_bins(job.preset);
    if (args->cuts != NULL)
        die_of(rt_rfm_cuts_open(&job.cuts, &args->table, args->cuts, (int)args->bins));
    rt_out_open(&job.out, &args->out, args->table.delimiter);
    const char *there = rt_keep_header(job.table, own_columns + job.first, job.added, &job.out);
    if (there != NULL)
        rt_die("the input has a column %s already; --map old_%s=%s gives it another name", there,
               there, there);
    if (args->rules != NULL)
        open_rules(&job);
    if (args->from != NULL)
        die_of(rt_previous_open(&job.previous, &args->table, args->from, "segment"));

    rt_keep_init(&job.keep, job.width, args->table.delimiter);
    if (args->cuts != NULL || !job.scored)
        write_at_once(&job, NULL);
    else
        score_rows(&job);
    if (args->save_cuts != NULL)
        rt_rfm_cuts_save(&job.cuts, args->save_cuts, args->table.delimiter);
    rt_out_finish(&job.out);
    if (args->verbose)
        report(&job);
    rt_keep_free(&job.keep);
    rt_rules_free(&job.rules);
    rt_previous_free(&job.previous);
    rt_table_close(job.table);
    free(job.cells);
    return 0;
}

int main(int argc, char **argv)
{
    static const char purpose[] =
        "score customers by recency, frequency and money, and name their segments";
    const struct rt_command command = {
        "rt-segment", purpose, "[FILE]...", options, sizeof(struct args), run,
    };
    return rt_main(&command, argc, argv);
}
