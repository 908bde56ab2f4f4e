/* rt-act: decide by rules what is to be done about each customer. */
#include <inttypes.h>
#include <stdlib.h>

#include "libretain/act.h"
#include "libretain/err.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/table.h"

struct args {
    struct rt_table_args table;
    struct rt_out_args out;
    const char *rules, *holdout, *salt, *period;
    struct rt_texts history;
    rt_day as_of;
    int64_t threads;
    bool all, explain, verbose;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, rules), .name = "rules", .value = "FILE",
     .help = "the table rule_id,when,then[,channel][,priority][,owner][,cooldown_days]; needed"},
    {RT_OPT(struct args, all), .name = "all",
     .help = "follow every rule that holds, not only the first"},
    {RT_OPT(struct args, as_of), .name = "as-of", .value = "DATE",
     .help = "act on this date; without it, on last_date plus recency_days of the rows"},
    {RT_OPT(struct args, period), .name = "period", .value = "day|week|month|quarter|year|Nd",
     .standard = "month", .help = "within one, an action of a customer is the same action"},
    {RT_OPT(struct args, history), .name = "history", .value = "FILE",
     .help = "leave out what this table says was done; may be given more than once"},
    {RT_OPT(struct args, holdout), .name = "holdout", .value = "PERCENT%",
     .help = "put this share of the customers into the control arm; needs --salt"},
    {RT_OPT(struct args, salt), .name = "salt", .value = "NAME",
     .help = "of the experiment: another name, another choice of customers"},
    {RT_OPT(struct args, explain), .name = "explain",
     .help = "print what became of each rule in place of the actions"},
    {RT_OPT(struct args, threads), .name = "threads", .value = "N", .standard = "2", .least = 1,
     .most = 2, .help = "1, or 2 that take turns"},
    RT_OPTS(struct args, table, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "tell on stderr how many rows were read and actions written"},
    RT_OPT_LAST,
};

static void die_of(const char *wrong)
{
    if (wrong != NULL)
        rt_die("%s", wrong);
}

/* What can be told from the options alone. */
static struct rt_act read_args(const struct args *args)
{
    struct rt_act act = {
        .mode = args->all || args->explain ? RT_EXPR_EACH : RT_EXPR_FIRST,
        .all = args->all,
        .as_of = args->as_of,
        .threads = (int)args->threads,
    };
    if (args->rules == NULL)
        rt_die("--rules: needed, a table of rule_id,when,then");
    if (rt_period_read(rt_text(args->period), false, &act.period) != 0)
        rt_die("--period: not day, week, month, quarter, year or a number of days such as 30d");
    if (args->holdout != NULL && rt_arm_read(rt_text(args->holdout), &act.control) != 0)
        rt_die("--holdout: not a share from 0%% to 100%%, such as 10%%");
    if (args->holdout != NULL && (args->salt == NULL || args->salt[0] == '\0'))
        rt_die("--holdout: needs --salt, a name for the experiment");
    if (args->holdout == NULL && args->salt != NULL)
        rt_die("--salt: needs --holdout");
    act.salt = args->salt;
    return act;
}

static void write_explanation(struct rt_out *out, const struct rt_rules *rules,
                              const struct rt_act_counts *counts)
{
    static const char *const names[] = {"rule_id", "line", "matched", "lost",
                                        "took",    "done", "cooling", "control"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        rt_out_string(out, names[i]);
    rt_out_end(out);
    for (size_t i = 0; i < rules->count; i++) {
        rt_out_string(out, rules->names[i]);
        rt_out_whole(out, (int64_t)rules->lines[i]);
        rt_out_whole(out, (int64_t)counts[i].matched);
        rt_out_whole(out, (int64_t)counts[i].lost);
        rt_out_whole(out, (int64_t)counts[i].took);
        rt_out_whole(out, (int64_t)counts[i].done);
        rt_out_whole(out, (int64_t)counts[i].cooling);
        rt_out_whole(out, (int64_t)counts[i].control);
        rt_out_end(out);
    }
}

static void report(const struct rt_act_counts *counts, size_t rule_count, uint64_t rows)
{
    struct rt_act_counts sum = {0};
    for (size_t i = 0; i < rule_count; i++) {
        sum.took += counts[i].took;
        sum.done += counts[i].done;
        sum.cooling += counts[i].cooling;
        sum.control += counts[i].control;
    }
    rt_note("%" PRIu64 " rows, %" PRIu64 " actions, %" PRIu64 " of them in the control arm", rows,
            sum.took - sum.done - sum.cooling, sum.control);
    rt_note("%" PRIu64 " actions left out that were done, %" PRIu64 " that are cooling down",
            sum.done, sum.cooling);
}

static int run(void *what, char **files, int count)
{
    const struct args *args = what;
    struct rt_act act = read_args(args);
    struct rt_actions actions = {.room = 0};
    struct rt_done done = {.table = NULL};
    act.table = rt_table_open_or_die(&args->table, files, count);
    act.actions = &actions;
    act.done = &done;
    (void)rt_table_need_or_die(act.table, "customer_id");
    die_of(rt_actions_open(&actions, &args->table, args->rules, args->all, act.mode, act.table));
    done.dates = rt_actions_cool(&actions);
    for (size_t i = 0; i < args->history.count; i++)
        die_of(rt_done_read(&done, &args->table, args->history.texts[i]));

    struct rt_out out;
    rt_out_open(&out, &args->out, args->table.delimiter);
    if (!args->explain)
        rt_act_header(&out);
    struct rt_act_counts *counts = rt_alloc_zero(actions.rules.count + 1, sizeof *counts);
    uint64_t rows = 0;
    die_of(rt_act(&act, args->explain ? NULL : &out, counts, &rows));
    if (args->explain)
        write_explanation(&out, &actions.rules, counts);
    rt_out_finish(&out);
    if (args->verbose)
        report(counts, actions.rules.count, rows);
    free(counts);
    rt_done_free(&done);
    rt_actions_free(&actions);
    rt_table_close(act.table);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-act",
        .purpose = "decide by rules what is to be done about each customer",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
