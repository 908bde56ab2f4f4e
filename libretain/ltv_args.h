/*
 * ltv_args: what a user says of a value to come: by which method, over how long, at which discount
 * and margin.
 */
#ifndef RT_LTV_ARGS_H
#define RT_LTV_ARGS_H

#include "libretain/ltv.h"
#include "libretain/opt.h"
#include "libretain/plain_value.h"

/* The methods, in the order of --method. */
enum rt_ltv_method { RT_LTV_MODEL, RT_LTV_FORMULA, RT_LTV_HISTORIC };

struct rt_ltv_args {
    rt_choice method;
    struct rt_names params;
    bool any; /* p_order is wanted */
    const char *model, *horizon, *discount, *margin, *confidence, *lifespan, *churn;
};
extern const struct rt_opt rt_ltv_options[];

enum { RT_LTV_FAULT_BYTES = 200 };

/*
 * Reads them, into `plain` what the methods without a model need. Returns NULL, or what is wrong,
 * which may stand in `fault`. An option that the method would not look at is wrong.
 */
const char *rt_ltv_read_args(const struct rt_ltv_args *args, struct rt_ltv_terms *terms,
                             struct rt_plain *plain, char fault[RT_LTV_FAULT_BYTES]);

#endif
