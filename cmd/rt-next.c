/*
 * rt-next: when each customer's next purchase is due
 *
 * A log in, due rows out: for each customer, or for each customer and item, the day on which the
 * next purchase is expected, by the rhythm of the purchases so far and by the silence since.
 */
#include <math.h>
#include <stdlib.h>

#include "libretain/day.h"
#include "libretain/due.h"
#include "libretain/err.h"
#include "libretain/interval.h"
#include "libretain/opt.h"
#include "libretain/out.h"
#include "libretain/table.h"

struct args {
    bool item;
    rt_day as_of;
    const char *confidence, *within, *lead, *overdue;
    const char *purchase;
    bool verbose;
    int64_t threads, digits;
    struct rt_table_args in;
    struct rt_out_args out;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, item), .name = "item",
     .help = "for each customer and item, by the quantity bought"},
    {RT_OPT(struct args, as_of), .name = "as-of", .value = "DATE",
     .help = "stand at the end of DATE, and leave out what is later"},
    {RT_OPT(struct args, within), .name = "within", .value = "Nd",
     .help = "only what is due within N days, counted from behind the lead"},
    {RT_OPT(struct args, lead), .name = "lead", .value = "Nd",
     .help = "with --within: only what is more than N days away", .standard = "0d"},
    {RT_OPT(struct args, overdue), .name = "overdue", .value = "P%",
     .help = "with --within: only what is overdue by at most P; 100% is all", .standard = "99%"},
    {RT_OPT(struct args, confidence), .name = "conf", .value = "P%",
     .help = "how many next purchases lie from due_lo to due_hi", .standard = "80%"},
    {RT_OPT(struct args, purchase), .name = "purchase", .value = "EVENT",
     .help = "which event is a purchase", .standard = "purchase"},
    {RT_OPT(struct args, digits), .name = "digits", .value = "N",
     .help = "round overdue to N places; -1: not at all", .standard = "4", .least = -1, .most = 17},
    {RT_OPT(struct args, threads), .name = "threads", .value = "N",
     .help = "1, or 2: work on two things at a time", .standard = "2", .least = 1, .most = 2},
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose",
     .help = "print what was counted and found on stderr"},
    RT_OPTS(struct args, in, struct rt_table_args, rt_table_options),
    RT_OPTS(struct args, out, struct rt_out_args, rt_out_options),
    RT_OPT_LAST,
};

enum { MOST_DAYS = 99999 };

static int64_t read_days(const char *option, const char *text)
{
    struct rt_text days = rt_text(text);
    struct rt_decimal number;
    const bool marked = days.length > 1 && days.at[days.length - 1] == 'd';
    days.length -= marked;
    if (!marked || rt_decimal_read(days, &number) != RT_READ || number.places != 0 ||
        number.units < 0 || number.units > MOST_DAYS)
        rt_die("--%s: not a number of days from 0d to %dd, such as 7d", option, MOST_DAYS);
    return number.units;
}

/* What lines are made of. */
struct form {
    bool item, all;
    int64_t lead, within;
    double overdue; /* at most */
    int digits;
};

static double read_overdue(const char *text)
{
    struct rt_confidence share = {.share = 1};
    if (!rt_text_is(rt_text(text), "100%") && rt_confidence_read(rt_text(text), &share) != 0)
        rt_die("--overdue: not above 0%% and at most 100%%, such as 99%%");
    return share.share;
}

static struct form read_form(const struct args *args)
{
    struct form form = {.item = args->item,
                        .all = args->within == NULL,
                        .lead = read_days("lead", args->lead),
                        .overdue = read_overdue(args->overdue),
                        .digits = (int)args->digits};
    if (args->within != NULL)
        form.within = read_days("within", args->within);
    else if (form.lead != 0)
        rt_die("--lead: needs --within");
    return form;
}

static void write_header(struct rt_out *out, const struct form *form)
{
    static const char *const names[] = {"customer_id", "item",   "last_date",   "due_date",
                                        "due_lo",      "due_hi", "days_to_due", "basis",
                                        "intervals",   "overdue"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (i != 1 || form->item)
            rt_out_string(out, names[i]);
    rt_out_end(out);
}

static bool is_wanted(const struct form *form, const struct rt_due_line *line)
{
    if (form->all)
        return true;
    return line->due != RT_DAY_NONE && line->days > form->lead &&
           line->days <= form->lead + form->within && line->overdue <= form->overdue;
}

static bool write_line(const void *what, struct rt_out *out, const struct rt_due_line *line)
{
    const struct form *form = what;
    if (!is_wanted(form, line))
        return false;
    rt_out_text(out, line->customer);
    if (form->item)
        rt_out_text(out, line->item);
    rt_out_day(out, line->last);
    rt_out_day(out, line->due);
    rt_out_day(out, line->lo);
    rt_out_day(out, line->hi);
    if (line->due != RT_DAY_NONE)
        rt_out_whole(out, line->days);
    else
        rt_out_empty(out);
    rt_out_string(out, line->intervals > 0 ? "own" : "pooled");
    rt_out_whole(out, line->intervals);
    rt_out_real(out, line->overdue, form->digits);
    rt_out_end(out);
    return true;
}

static void tell(const struct rt_due *due, uint64_t written)
{
    const struct rt_due_counts counts = rt_due_counts(due);
    const struct rt_rhythm *rhythm = rt_due_rhythm(due);
    rt_note("%llu rows read, %llu after the as-of date and %llu without an item left out",
            (unsigned long long)counts.rows, (unsigned long long)counts.after,
            (unsigned long long)counts.without_item);
    rt_note("%llu rows written", (unsigned long long)written);
    if (rhythm != NULL)
        rt_note("k %.4g, r %.4g, alpha %.4g, never %.4g%s", rhythm->k, rhythm->r, rhythm->alpha,
                rhythm->never, rhythm->converged ? "" : ", not converged");
    else
        rt_note("nobody has bought twice: nothing is known of time");
}

static struct rt_due *read_log(const struct args *args, double confidence, struct rt_table *table)
{
    struct rt_due_source source = {
        .table = table, .purchase = args->purchase, .threads = (int)args->threads};
    if (rt_log_find(table, &source.log) != 0)
        rt_die("%s", rt_table_message(table));
    if (args->item)
        (void)rt_table_need_or_die(table, "item");
    const struct rt_due_form form = {args->item, args->as_of, confidence};
    struct rt_due *due = rt_due_new(&form);
    const char *fault = rt_due_read(due, &source);
    if (fault != NULL)
        rt_die("%s", fault);
    return due;
}

static int run(void *given, char **files, int count)
{
    const struct args *args = given;
    const struct form form = read_form(args);
    struct rt_confidence confidence;
    if (rt_confidence_read(rt_text(args->confidence), &confidence) != 0)
        rt_die("--conf: not between 0%% and 100%%, such as 80%%");
    struct rt_table *table = rt_table_open_or_die(&args->in, files, count);
    struct rt_due *due = read_log(args, confidence.share, table);
    struct rt_out out;
    rt_out_open(&out, &args->out, args->in.delimiter);
    write_header(&out, &form);
    const uint64_t written = rt_due_lines(due, (int)args->threads, write_line, &form, &out);
    rt_out_finish(&out);
    if (args->verbose)
        tell(due, written);
    rt_due_free(due);
    rt_table_close(table);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static const struct rt_command command = {
        .name = "rt-next",
        .purpose = "when each customer's next purchase is due",
        .operands = "[FILE]...",
        .options = options,
        .args_size = sizeof(struct args),
        .run = run,
    };
    return rt_main(&command, argc, argv);
}
