/*
 * cohort_args: the options that say what rt-cohort counts, read.
 */
#ifndef RT_COHORT_ARGS_H
#define RT_COHORT_ARGS_H

#include <stdbool.h>

#include "libretain/cohort.h"
#include "libretain/opt.h"

struct rt_cohort_args {
    const char *cohort, *age, *mode, *start, *back, *sum; /* NULL where not given */
    rt_choice week;
    bool recurring, zero, cumulative;
};
extern const struct rt_opt rt_cohort_options[];

enum { RT_COHORT_ARGS_FAULT_BYTES = 200 };

/*
 * What the options say; where they say nothing, what `base` is, or the standard where that is NULL.
 * The confidence is left to the caller, who frees the form. Returns 0, or -1 with what is wrong.
 */
int rt_cohort_args_read(const struct rt_cohort_args *args, const struct rt_cohort_form *base,
                        struct rt_cohort_form *form, char fault[RT_COHORT_ARGS_FAULT_BYTES]);

#endif
