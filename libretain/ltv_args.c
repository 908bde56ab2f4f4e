#include "libretain/ltv_args.h"

#include <math.h>
#include <stdio.h>

#include "libretain/horizon.h"
#include "libretain/interval.h"
#include "libretain/special.h"

const struct rt_opt rt_ltv_options[] = {
    {RT_OPT(struct rt_ltv_args, method), .name = "method", .value = "model|formula|historic",
     .standard = "model", .help = "by models; by order value, frequency and lifespan; or so far"},
    {RT_OPT(struct rt_ltv_args, params), .name = "params", .value = "FILE[,FILE]",
     .help = "parameters of rt-fit; without them the rows themselves are fitted first"},
    {RT_OPT(struct rt_ltv_args, model), .name = "model", .value = "MODEL",
     .help = "bgnbd, mbgnbd or pnbd; that of the parameters, or mbgnbd"},
    {RT_OPT(struct rt_ltv_args, horizon), .name = "horizon", .value = "SPAN",
     .help = "how far ahead: 12m, 52w, 365d, 1y, or inf; 12m unless given"},
    {RT_OPT(struct rt_ltv_args, discount), .name = "discount", .value = "RATE/UNIT",
     .help = "what later money loses, as 10%/year; nothing unless given"},
    {RT_OPT(struct rt_ltv_args, margin), .name = "margin", .value = "SHARE", .standard = "1",
     .help = "the share of what they spend that is margin, 0.3 or 30%"},
    {RT_OPT(struct rt_ltv_args, confidence), .name = "conf", .value = "P%",
     .help = "confidence of ltv_lo and ltv_hi, 90% or 0.9; 95% unless given"},
    {RT_OPT(struct rt_ltv_args, any), .name = "p-order",
     .help = "add p_order, the probability of an order within the horizon"},
    {RT_OPT(struct rt_ltv_args, lifespan), .name = "lifespan", .value = "SPAN",
     .help = "of the formula: how long customers stay, as 3y"},
    {RT_OPT(struct rt_ltv_args, churn), .name = "churn-rate", .value = "RATE/UNIT",
     .help = "of the formula: how many leave, as 30%/year, for a lifespan of its inverse"},
    RT_OPT_LAST,
};

static const char *check_method(const struct rt_ltv_args *args, char fault[RT_LTV_FAULT_BYTES])
{
    enum { ALL = 8, OF_MODEL = 6 };
    static const char *const names[ALL] = {"params", "model",   "horizon",  "discount",
                                           "conf",   "p-order", "lifespan", "churn-rate"};
    const bool given[ALL] = {args->params.count > 0,   args->model != NULL,
                             args->horizon != NULL,    args->discount != NULL,
                             args->confidence != NULL, args->any,
                             args->lifespan != NULL,   args->churn != NULL};
    for (int i = 0; i < ALL; i++)
        if (given[i] && args->method != (i < OF_MODEL ? RT_LTV_MODEL : RT_LTV_FORMULA)) {
            snprintf(fault, RT_LTV_FAULT_BYTES, "--%s: is for --method %s", names[i],
                     i < OF_MODEL ? "model" : "formula");
            return fault;
        }
    if (args->method == RT_LTV_FORMULA && (args->lifespan == NULL) == (args->churn == NULL))
        return "--method: formula needs one of --lifespan, such as 3y, and --churn-rate, such as "
               "30%/year";
    return NULL;
}

/* What is wrong with an option, under its name. */
static const char *named(const char *option, const char *reason, char fault[RT_LTV_FAULT_BYTES])
{
    if (reason == NULL)
        return NULL;
    snprintf(fault, RT_LTV_FAULT_BYTES, "--%s: %s", option, reason);
    return fault;
}

static const char *read_lifespan(const struct rt_ltv_args *args, double *years,
                                 char fault[RT_LTV_FAULT_BYTES])
{
    const char *wrong;
    double share, days;
    if (args->lifespan != NULL) {
        wrong = rt_horizon_read(rt_text(args->lifespan), &days);
        if (wrong == NULL && isinf(days))
            wrong = "inf is no lifespan";
        *years = days / RT_YEAR_DAYS;
        return named("lifespan", wrong, fault);
    }
    wrong = rt_rate_read(rt_text(args->churn), &share, &days);
    if (wrong == NULL && !(share > 0 && share <= 1))
        wrong = "not above 0 and at most 1, so that there is no lifespan";
    *years = wrong == NULL ? days / share / RT_YEAR_DAYS : 0;
    return named("churn-rate", wrong, fault);
}

const char *rt_ltv_read_args(const struct rt_ltv_args *args, struct rt_ltv_terms *terms,
                             struct rt_plain *plain, char fault[RT_LTV_FAULT_BYTES])
{
    struct rt_confidence confidence;
    double share = 0, days = 1;
    const char *wrong = check_method(args, fault);
    if (wrong != NULL)
        return wrong;
    if (rt_share_read(rt_text(args->margin), 1, &terms->margin) != 0)
        return "--margin: not a share from 0 to 1, such as 0.3 or 30%";
    wrong = rt_horizon_read(rt_text(args->horizon != NULL ? args->horizon : "12m"), &terms->days);
    if (wrong != NULL)
        return named("horizon", wrong, fault);
    if (args->discount != NULL)
        wrong = rt_rate_read(rt_text(args->discount), &share, &days);
    if (wrong != NULL)
        return named("discount", wrong, fault);
    terms->rate = rt_log1p(share) / days;
    if (rt_confidence_read(rt_text(args->confidence != NULL ? args->confidence : "95%"),
                           &confidence) != 0)
        return "--conf: not between 0% and 100%, such as 95%";
    terms->confidence = confidence.share;
    plain->margin = terms->margin;
    plain->formula = args->method == RT_LTV_FORMULA;
    return plain->formula ? read_lifespan(args, &plain->years, fault) : NULL;
}
