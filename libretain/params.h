/*
 * params: the table of fitted parameters, which rt-fit writes and others read.
 *
 *     model,<the --by columns>,param,value,se
 *     bgnbd,r,0.24259,0.01252
 *     bgnbd,alpha,4.41360,0.37822
 *     bgnbd,cov:alpha:r,0.00364,
 *     bgnbd,loglik,-9582.4292,
 *     bgnbd,n,2357,
 *     bgnbd,unit,week,
 *     bgnbd,as_of,1997-09-30,
 *     bgnbd,converged,1,
 *
 * The parameters come in the order of the model, then the covariances of their estimates: a row
 * `cov:LATER:EARLIER` for each pair, LATER being behind EARLIER in that order; the variances are
 * the squares of `se`. A delta method needs all of them, as estimates go together. Then the rows
 * that belong to the fit as a whole, with an empty se. Numbers are in the shortest form that reads
 * back as the same double. `unit` is that of the times of the model, empty for one without times;
 * `as_of` is empty where it is not known.
 *
 * Reading takes the rows of a fit in any order, together or not, and columns that it does not know.
 * Every parameter must be there; se, covariances and the rest may be absent, as of a table that was
 * typed in by hand. `unit` defaults to week. A table may hold several models (rt-fit's outputs one
 * behind the other, with one header) and, with --by columns, several groups of each.
 */
#ifndef RT_PARAMS_H
#define RT_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/fit.h"
#include "libretain/model.h"
#include "libretain/out.h"
#include "libretain/table.h"

/* A fit as it stands in the table. */
struct rt_params {
    const struct rt_model *model;
    double values[RT_MODEL_PARAMS];
    double se[RT_MODEL_PARAMS];                          /* nan where not known */
    double covariance[RT_MODEL_PARAMS][RT_MODEL_PARAMS]; /* nan where not known */
    bool certain;                                        /* se and covariances are all known */
    double loglik, n;                                    /* nan where not known */
    const char *unit; /* "day", "week" or "month"; NULL for a model without times */
    double unit_days; /* days of the unit; nan for a model without times */
    int32_t as_of;    /* RT_DAY_NONE where not known */
    bool converged;
};

/* What rt_fit found. `unit` is NULL for a model without times. */
struct rt_params rt_params_of(const struct rt_fit *fit, const char *unit, int32_t as_of);

/* The header, and the rows of a fit; `keys` are the cells of the --by columns. */
void rt_params_header(struct rt_out *out, char *const *by, size_t by_count);
void rt_params_write(struct rt_out *out, const struct rt_params *params, const struct rt_text *keys,
                     size_t by_count);

/* A table that was read. */
struct rt_params_table;

/*
 * Reads tables of parameters; what stands between `model` and `param` are their --by columns, which
 * all files must have alike. `like` says how the files are read. *fault is NULL, or what was wrong,
 * which lives as long as the table. Never NULL.
 */
struct rt_params_table *rt_params_read(const struct rt_table_args *like, char *const *files,
                                       size_t count, const char **fault);
void rt_params_free(struct rt_params_table *table);

/* The names of the --by columns, and how many there are; they live as long as the table. */
size_t rt_params_by(const struct rt_params_table *table, char *const **names);

/* How many fits there are, and the i-th, in order of first appearance. */
size_t rt_params_count(const struct rt_params_table *table);
const struct rt_params *rt_params_at(const struct rt_params_table *table, size_t i);

/*
 * The fit of that model for a group: `keys` are the cells of the --by columns, as many as
 * rt_params_by says. NULL where there is none. Quick: for every row of an input.
 */
const struct rt_params *rt_params_find(const struct rt_params_table *table,
                                       const struct rt_model *model, const struct rt_text *keys);

#endif
