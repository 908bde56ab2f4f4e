#include "libretain/model.h"

#include <string.h>

#include "libretain/bdw.h"
#include "libretain/bgbb.h"
#include "libretain/bgnbd.h"
#include "libretain/chunks.h"
#include "libretain/gg.h"
#include "libretain/mbgnbd.h"
#include "libretain/pnbd.h"
#include "libretain/sbg.h"

const struct rt_model *const rt_models[] = {&rt_bgnbd, &rt_mbgnbd, &rt_pnbd, &rt_gg,
                                            &rt_sbg,   &rt_bdw,    &rt_bgbb, NULL};

const struct rt_model *rt_model_find(const char *name)
{
    for (size_t i = 0; rt_models[i] != NULL; i++)
        if (strcmp(rt_models[i]->name, name) == 0)
            return rt_models[i];
    return NULL;
}

struct sum {
    const struct rt_model *model;
    const double *params;
    const struct rt_histogram *points;
    bool slopes;
};

static void sum_chunk(const void *what, size_t from, size_t to, double sums[RT_SUMS])
{
    const struct sum *sum = what;
    for (size_t i = from; i < to; i++) {
        double at[RT_POINT], gradient[RT_MODEL_PARAMS];
        rt_histogram_at(sum->points, i, at);
        const double weight = sum->points->weights[i];
        sums[0] += weight * sum->model->loglik(sum->params, at, sum->slopes ? gradient : NULL);
        for (int k = 0; k < sum->model->count && sum->slopes; k++)
            sums[1 + k] += weight * gradient[k];
    }
}

double rt_model_loglik(const struct rt_model *model, const double *params,
                       const struct rt_histogram *points, int threads, double *gradient)
{
    if (model->loglik_all != NULL)
        return model->loglik_all(params, points, threads, gradient);
    const struct sum sum = {model, params, points, gradient != NULL};
    double sums[RT_SUMS];
    rt_chunks_sum(sum_chunk, &sum, points->count, RT_CHUNK, threads, sums);
    for (int k = 0; k < model->count && gradient != NULL; k++)
        gradient[k] = sums[1 + k];
    return sums[0];
}

double rt_unit_days(const char *unit)
{
    if (strcmp(unit, "day") == 0)
        return 1;
    if (strcmp(unit, "week") == 0)
        return 7;
    return strcmp(unit, "month") == 0 ? 365.25 / 12 : 0;
}
