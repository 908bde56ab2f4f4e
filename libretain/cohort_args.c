#include "libretain/cohort_args.h"

#include <stdio.h>
#include <string.h>

#include "libretain/err.h"

const struct rt_opt rt_cohort_options[] = {
    {RT_OPT(struct rt_cohort_args, cohort), .name = "cohort", .value = "PERIOD",
     .help = "what a cohort starts in: day, week, month (unless given), quarter, year, Nd"},
    {RT_OPT(struct rt_cohort_args, age), .name = "age", .value = "PERIOD",
     .help = "what ages count; as --cohort unless given"},
    {RT_OPT(struct rt_cohort_args, week), .name = "week", .value = "monday|sunday",
     .help = "the day on which weeks start", .standard = "monday"},
    {RT_OPT(struct rt_cohort_args, mode), .name = "mode", .value = "MODE",
     .help = "exact (unless given), rolling, or bracket=0-7,8-30,... of ages"},
    {RT_OPT(struct rt_cohort_args, recurring), .name = "recurring",
     .help = "cohorts of all who start in a period, not only for the first time"},
    {RT_OPT(struct rt_cohort_args, start), .name = "start", .value = "EVENT",
     .help = "the event that starts a customer; purchase unless given"},
    {RT_OPT(struct rt_cohort_args, back), .name = "return", .value = "EVENT",
     .help = "the event that is a return; purchase unless given"},
    {RT_OPT(struct rt_cohort_args, zero), .name = "zero", .help = "shares of age 0 too"},
    {RT_OPT(struct rt_cohort_args, sum), .name = "sum", .value = "COL",
     .help = "sums of a column too, by age and per customer"},
    {RT_OPT(struct rt_cohort_args, cumulative), .name = "cumulative",
     .help = "sums up to an age in place of those at an age"},
    RT_OPT_LAST,
};

/* What a period is where the options say nothing. Returns 0, or -1. */
static int read_period(const struct rt_cohort_args *args, const char *given,
                       struct rt_period standard, struct rt_period *period)
{
    *period = standard;
    if (given != NULL)
        return rt_period_read(rt_text(given), args->week == 1, period);
    if (args->week == 1 && period->unit == RT_PERIOD_WEEK)
        period->sunday = true;
    return 0;
}

static char *copy_or(const char *given, const char *standard)
{
    const char *text = given != NULL ? given : standard;
    return text != NULL ? rt_strdup(text) : NULL;
}

static const char *read_mode(const struct rt_cohort_args *args, const struct rt_cohort_form *base,
                             struct rt_cohort_form *form)
{
    if (args->mode != NULL)
        return rt_cohort_read_mode(rt_text(args->mode), form);
    if (base == NULL || base->bracket_count == 0) {
        form->mode = base != NULL ? base->mode : RT_COHORT_EXACT;
        return NULL;
    }
    form->mode = base->mode;
    form->bracket_count = base->bracket_count;
    form->brackets = rt_alloc(base->bracket_count, sizeof *form->brackets);
    memcpy(form->brackets, base->brackets, base->bracket_count * sizeof *form->brackets);
    return NULL;
}

/* What cannot be counted. */
static const char *form_fault(const struct rt_cohort_form *form)
{
    const bool brackets = form->mode == RT_COHORT_BRACKET;
    if (form->sum != NULL && form->recurring)
        return "--sum: takes no --recurring, as an amount would count in several cohorts";
    if (form->cumulative && form->sum == NULL)
        return "--cumulative: needs --sum";
    if (form->cumulative && brackets)
        return "--cumulative: takes no brackets";
    if (form->zero && brackets)
        return "--zero: takes no brackets, which say themselves where they begin";
    if (form->start[0] == '\0')
        return "--start: an event has a name";
    return form->back[0] == '\0' ? "--return: an event has a name" : NULL;
}

int rt_cohort_args_read(const struct rt_cohort_args *args, const struct rt_cohort_form *base,
                        struct rt_cohort_form *form, char fault[RT_COHORT_ARGS_FAULT_BYTES])
{
    static const struct rt_period month = {RT_PERIOD_MONTH, 0, false};
    static const char kinds[] = "not day, week, month, quarter, year or a number of days such as "
                                "30d";
    *form = (struct rt_cohort_form){
        .recurring = args->recurring || (base != NULL && base->recurring),
        .zero = args->zero || (base != NULL && base->zero),
        .cumulative = args->cumulative || (base != NULL && base->cumulative),
        .start = copy_or(args->start, base != NULL ? base->start : "purchase"),
        .back = copy_or(args->back, base != NULL ? base->back : "purchase"),
        .sum = copy_or(args->sum, base != NULL ? base->sum : NULL),
    };
    const char *option = "cohort", *reason = kinds;
    int status =
        read_period(args, args->cohort, base != NULL ? base->cohort : month, &form->cohort);
    if (status == 0) {
        option = "age";
        status = read_period(args, args->age, base != NULL ? base->age : form->cohort, &form->age);
    }
    if (status == 0) {
        option = "mode";
        reason = read_mode(args, base, form);
    }
    if (reason != NULL) {
        snprintf(fault, RT_COHORT_ARGS_FAULT_BYTES, "--%s: %s", option, reason);
    } else {
        reason = form_fault(form);
        if (reason == NULL)
            return 0;
        snprintf(fault, RT_COHORT_ARGS_FAULT_BYTES, "%s", reason);
    }
    rt_cohort_form_free(form);
    return -1;
}
