#include "libretain/learned.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/fit.h"

const char rt_learned_default[] = "mbgnbd";

/* A model that tells from x, t_x and T who is there. */
static bool of_buyers(const struct rt_model *model)
{
    return model->palive != NULL && model->columns[0] != NULL &&
           strcmp(model->columns[0], "x") == 0 && model->columns[2] != NULL &&
           strcmp(model->columns[2], "T") == 0;
}

static bool has_fit(const struct rt_learned *learned, const struct rt_model *model)
{
    for (size_t i = 0; i < rt_params_count(learned->table); i++)
        if (rt_params_at(learned->table, i)->model == model)
            return true;
    return false;
}

/* The only model of buyers among the fits. */
static const char *find_buyers(struct rt_learned *learned)
{
    const struct rt_model *found = NULL;
    for (size_t i = 0; i < rt_params_count(learned->table); i++) {
        const struct rt_model *model = rt_params_at(learned->table, i)->model;
        if (!of_buyers(model) || model == found)
            continue;
        if (found != NULL) {
            snprintf(learned->fault, sizeof learned->fault,
                     "--params: there are parameters of both %s and %s: --model says which to take",
                     found->name, model->name);
            return learned->fault;
        }
        found = model;
    }
    learned->buyers = found;
    return found == NULL ? "--params: there are no parameters of bgnbd, mbgnbd or pnbd" : NULL;
}

static const char *choose_models(struct rt_learned *learned, const char *model, bool money)
{
    learned->spend = money ? rt_model_find("gg") : NULL;
    if (model == NULL && learned->table != NULL) {
        const char *fault = find_buyers(learned);
        if (fault != NULL)
            return fault;
    } else {
        learned->buyers = rt_model_find(model != NULL ? model : rt_learned_default);
        if (learned->buyers == NULL || !of_buyers(learned->buyers))
            return "--model: not one of bgnbd, mbgnbd, pnbd";
    }
    if (learned->table == NULL)
        return NULL;
    if (!has_fit(learned, learned->buyers))
        return "--params: there are no parameters of the model that --model names";
    return money && !has_fit(learned, learned->spend)
               ? "--params: there are no parameters of gg, which says what customers spend"
               : NULL;
}

const char *rt_learned_open(struct rt_learned *learned, const struct rt_table_args *like,
                            char *const *files, size_t count, const char *model, bool money,
                            struct rt_table *input)
{
    *learned = (struct rt_learned){0};
    const char *fault = NULL;
    if (count > 0)
        learned->table = rt_params_read(like, files, count, &fault);
    if (fault == NULL)
        fault = choose_models(learned, model, money);
    if (fault != NULL || learned->table == NULL)
        return fault;
    char *const *names;
    learned->by_count = rt_params_by(learned->table, &names);
    learned->by = rt_alloc(learned->by_count + 1, sizeof *learned->by);
    learned->keys = rt_alloc(learned->by_count + 1, sizeof *learned->keys);
    for (size_t i = 0; i < learned->by_count; i++) {
        const int column = rt_table_need(input, names[i]);
        if (column < 0)
            return rt_table_message(input);
        learned->by[i] = (size_t)column;
    }
    return NULL;
}

void rt_learned_free(struct rt_learned *learned)
{
    if (learned->table != NULL)
        rt_params_free(learned->table);
    free(learned->by);
    free(learned->keys);
    *learned = (struct rt_learned){0};
}

const char *rt_learned_find(struct rt_learned *learned, struct rt_table *input,
                            const struct rt_params **buyers, const struct rt_params **spend)
{
    for (size_t i = 0; i < learned->by_count; i++)
        learned->keys[i] = rt_table_cell(input, learned->by[i]);
    *buyers = rt_params_find(learned->table, learned->buyers, learned->keys);
    if (learned->spend != NULL)
        *spend = rt_params_find(learned->table, learned->spend, learned->keys);
    return *buyers == NULL || (learned->spend != NULL && *spend == NULL)
               ? "there are no parameters for this group"
               : NULL;
}

/* Fits ---------------------------------------------------------------------------------------- */

static const char *fit_points(struct rt_learned *learned, const struct rt_model *model,
                              struct rt_histogram *points, int threads, const char *unit,
                              struct rt_params *params)
{
    struct rt_fit fit;
    rt_histogram_settle(points);
    const int status = rt_fit(model, points, threads, &fit);
    if (status == 0)
        *params = rt_params_of(&fit, unit, RT_DAY_NONE);
    else
        snprintf(learned->fault, sizeof learned->fault, "%s cannot be fitted to these rows: %s",
                 model->title, fit.reason);
    return status == 0 ? NULL : learned->fault;
}

const char *rt_learned_fit(struct rt_learned *learned, const struct rt_lives *lives, int threads)
{
    static const char unit[] = "week";
    const double days = rt_unit_days(unit);
    struct rt_histogram *points = rt_histogram_new(3);
    struct rt_histogram *spends = rt_histogram_new(2);
    for (size_t i = 0; i < lives->count; i++) {
        const struct rt_life *life = &lives->lives[i];
        double at[RT_POINT];
        if (!life->known)
            continue;
        rt_life_point(life, days, at);
        rt_histogram_add(points, at, 1);
        at[1] = life->m_x;
        if (learned->spend != NULL && life->x > 0 && life->m_x > 0)
            rt_histogram_add(spends, at, 1);
    }
    const char *fault =
        fit_points(learned, learned->buyers, points, threads, unit, &learned->own_buyers);
    if (fault == NULL && learned->spend != NULL)
        fault = fit_points(learned, learned->spend, spends, threads, NULL, &learned->own_spend);
    rt_histogram_free(points);
    rt_histogram_free(spends);
    return fault;
}

struct rt_rhythm rt_learned_rhythm(const struct rt_params *buyers)
{
    return (struct rt_rhythm){.k = 1,
                              .r = buyers->values[0],
                              .alpha = buyers->values[1] * buyers->unit_days,
                              .converged = true};
}
