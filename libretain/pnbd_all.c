/*
 * The likelihood of all points of pnbd. The integral from t_x to T is the difference of two sums
 * over the cells between the distinct times, which all points with the same x share: so its cost is
 * one exponential for each place of the rule, and a handful of additions for each point.
 */
#include <stdlib.h>

#include "libretain/chunks.h"
#include "libretain/err.h"
#include "libretain/gauss.h"
#include "libretain/pnbd.h"
#include "libretain/pnbd_parts.h"
#include "libretain/special.h"

enum { X, T_X, T };
enum { PLACES = 2 * RT_GAUSS_8 };

/* The places of the rule in a piece of a cell, and what the parameters make of them. */
struct piece {
    double log_alpha[PLACES], log_beta[PLACES]; /* ln(alpha + t) */
    double per_alpha[PLACES], per_beta[PLACES]; /* 1 / (alpha + t) */
    double weights[PLACES];
    double alpha_width, beta_width; /* its width over alpha, beta + its beginning */
};

/* The same at a distinct time, which begins a cell. */
struct instant {
    double time, log_alpha, log_beta, per_alpha, per_beta;
    size_t piece; /* the first of its cell */
};

struct grid {
    const struct rt_histogram *points;
    const double *params;
    struct instant *instants;
    size_t count;
    uint32_t *of[2]; /* the instant of each level of t_x and T */
    struct piece *pieces;
    size_t piece_count, piece_room;
};

/* The sums from an instant to the end: of the integrand, and of it times each of the four. */
struct sums {
    double value, log_alpha, log_beta, per_alpha, per_beta;
};

/* Building the grid -----------------------------------------------------------------------------
 */

/* The levels of t_x and T in one ascending order. */
static void merge_levels(struct grid *grid)
{
    const struct rt_levels *one = &grid->points->levels[T_X], *other = &grid->points->levels[T];
    grid->instants = rt_alloc(one->count + other->count + 1, sizeof *grid->instants);
    grid->of[0] = rt_alloc(one->count + 1, sizeof **grid->of);
    grid->of[1] = rt_alloc(other->count + 1, sizeof **grid->of);
    for (size_t i = 0, k = 0; i < one->count || k < other->count;) {
        const double a = i < one->count ? one->values[i] : HUGE_VAL;
        const double b = k < other->count ? other->values[k] : HUGE_VAL;
        grid->instants[grid->count].time = a < b ? a : b;
        if (a <= b)
            grid->of[0][i++] = (uint32_t)grid->count;
        if (b <= a)
            grid->of[1][k++] = (uint32_t)grid->count;
        grid->count++;
    }
}

static void add_piece(struct grid *grid, double from, double to)
{
    const size_t room = rt_grown(grid->piece_room, grid->piece_count + 1);
    if (room != 0) {
        grid->pieces = rt_realloc(grid->pieces, room, sizeof *grid->pieces);
        grid->piece_room = room;
    }
    struct piece *piece = &grid->pieces[grid->piece_count++];
    const double alpha = grid->params[RT_PNBD_ALPHA], beta = grid->params[RT_PNBD_BETA];
    piece->alpha_width = (to - from) / (alpha + from);
    piece->beta_width = (to - from) / (beta + from);
    for (int i = 0; i < PLACES; i++) {
        const double place = rt_gauss_places_8[i / 2];
        const double t = from + (to - from) / 2 * (i % 2 == 0 ? 1 + place : 1 - place);
        piece->log_alpha[i] = rt_log(alpha + t);
        piece->log_beta[i] = rt_log(beta + t);
        piece->per_alpha[i] = 1 / (alpha + t);
        piece->per_beta[i] = 1 / (beta + t);
        piece->weights[i] = rt_gauss_weights_8[i / 2] * (to - from) / 2;
    }
}

/* Pieces at most half as wide as their distance from the singularity at -alpha or -beta. */
static struct grid make_grid(const double *params, const struct rt_histogram *points)
{
    struct grid grid = {.points = points, .params = params};
    const double alpha = params[RT_PNBD_ALPHA], beta = params[RT_PNBD_BETA];
    const double least = alpha < beta ? alpha : beta;
    merge_levels(&grid);
    for (size_t i = 0; i < grid.count; i++) {
        struct instant *instant = &grid.instants[i];
        instant->log_alpha = rt_log(alpha + instant->time);
        instant->log_beta = rt_log(beta + instant->time);
        instant->per_alpha = 1 / (alpha + instant->time);
        instant->per_beta = 1 / (beta + instant->time);
        instant->piece = grid.piece_count;
        if (i + 1 == grid.count)
            break;
        const double end = grid.instants[i + 1].time;
        for (double from = instant->time; from < end;) {
            const double most = from + (least + from) / 2, to = most < end ? most : end;
            add_piece(&grid, from, to);
            from = to;
        }
    }
    return grid;
}

static void free_grid(struct grid *grid)
{
    free(grid->instants);
    free(grid->of[0]);
    free(grid->of[1]);
    free(grid->pieces);
}

/* One level of x --------------------------------------------------------------------------------
 */

/* The points with the same x, and the instants between their first t_x and their last T. */
struct level {
    const struct grid *grid;
    double x, power, s;
    size_t from, to; /* points */
    size_t low, high;
    double log_alpha, log_beta; /* at `low`: the integrand is in units of that there */
};

static struct level make_level(const struct grid *grid, size_t l)
{
    const struct rt_histogram *points = grid->points;
    struct level level = {.grid = grid, .from = points->first[l], .to = points->first[l + 1]};
    level.x = points->levels[X].values[l];
    level.power = grid->params[RT_PNBD_R] + level.x;
    level.s = grid->params[RT_PNBD_S];
    level.low = grid->count;
    for (size_t i = level.from; i < level.to; i++) {
        const uint32_t last = grid->of[0][points->places[T_X][i]];
        const uint32_t now = grid->of[1][points->places[T][i]];
        level.low = last < level.low ? last : level.low;
        level.high = now > level.high ? now : level.high;
    }
    level.log_alpha = grid->instants[level.low].log_alpha;
    level.log_beta = grid->instants[level.low].log_beta;
    return level;
}

/*
 * Whether the sums are worth their while, and exact: the integrand falls by less than e^3 in a
 * piece, and over all by less than a double holds.
 */
static bool sums_will_do(const struct level *level)
{
    enum { COST = 30 /* of a point by itself, in pieces */ };
    const struct grid *grid = level->grid;
    const struct instant *high = &grid->instants[level->high];
    const size_t first = grid->instants[level->low].piece;
    if (high->piece - first > COST * (level->to - level->from))
        return false;
    if (level->power * (high->log_alpha - level->log_alpha) +
            (level->s + 1) * (high->log_beta - level->log_beta) >
        600)
        return false;
    for (size_t i = first; i < high->piece; i++)
        if (level->power * grid->pieces[i].alpha_width +
                (level->s + 1) * grid->pieces[i].beta_width >
            3)
            return false;
    return true;
}

static void add_points_themselves(const struct level *level, double sums[RT_SUMS])
{
    const struct rt_histogram *points = level->grid->points;
    for (size_t i = level->from; i < level->to; i++) {
        double at[RT_POINT], gradient[RT_MODEL_PARAMS];
        rt_histogram_at(points, i, at);
        const double weight = points->weights[i];
        sums[0] += weight * rt_pnbd_loglik(level->grid->params, at, gradient);
        for (int k = 0; k < RT_MODEL_PARAMS; k++)
            sums[1 + k] += weight * gradient[k];
    }
}

static void add_piece_sums(const struct level *level, const struct piece *piece, struct sums *sum)
{
    double value[PLACES];
    for (int i = 0; i < PLACES; i++)
        value[i] = rt_exp_within(-level->power * (piece->log_alpha[i] - level->log_alpha) -
                                 (level->s + 1) * (piece->log_beta[i] - level->log_beta)) *
                   piece->weights[i];
    for (int i = 0; i < PLACES; i++) {
        sum->value += value[i];
        sum->log_alpha += value[i] * piece->log_alpha[i];
        sum->log_beta += value[i] * piece->log_beta[i];
        sum->per_alpha += value[i] * piece->per_alpha[i];
        sum->per_beta += value[i] * piece->per_beta[i];
    }
}

/* From the end, where there is least, to the beginning. */
static void fill_sums(const struct level *level, struct sums *sums, double *scales)
{
    const struct grid *grid = level->grid;
    struct sums sum = {0};
    for (size_t i = level->high + 1; i-- > level->low;) {
        const struct instant *instant = &grid->instants[i];
        for (size_t k = i < level->high ? instant[1].piece : instant->piece; k-- > instant->piece;)
            add_piece_sums(level, &grid->pieces[k], &sum);
        sums[i - level->low] = sum;
        scales[i - level->low] =
            level->s *
            rt_exp_within(level->power * (instant->log_alpha - level->log_alpha) +
                          level->s * (instant->log_beta - level->log_beta)) *
            grid->instants[level->low].per_beta;
    }
}

/* See set_gradient in pnbd.c. `odds` are those of being gone, scale times the integral. */
static void add_points(const struct level *level, const struct sums *sums, const double *scales,
                       double total[RT_SUMS])
{
    const struct grid *grid = level->grid;
    const struct rt_histogram *points = grid->points;
    const double s = level->s;
    double r_slope = 0, alpha_slope = 0, s_slope = 0, beta_slope = 0, logs = 0;
    double log_alpha = 0, log_beta = 0;
    for (size_t i = level->from; i < level->to; i++) {
        const uint32_t last = grid->of[0][points->places[T_X][i]];
        const uint32_t now = grid->of[1][points->places[T][i]];
        const struct sums *a = &sums[last - level->low], *b = &sums[now - level->low];
        const struct instant *at = &grid->instants[now];
        const double weight = points->weights[i], scale = scales[now - level->low];
        const double odds = scale * (a->value - b->value), there = weight / (1 + odds);
        const double gone = there * odds, factor = there * scale;
        logs += weight * rt_log_within(1 + odds);
        log_alpha += weight * at->log_alpha;
        log_beta += weight * at->log_beta;
        r_slope += gone * at->log_alpha - factor * (a->log_alpha - b->log_alpha);
        alpha_slope += (gone - weight) * at->per_alpha - factor * (a->per_alpha - b->per_alpha);
        s_slope += gone * (1 / s + at->log_beta) - factor * (a->log_beta - b->log_beta);
        beta_slope +=
            s * (gone - weight) * at->per_beta - (s + 1) * factor * (a->per_beta - b->per_beta);
    }
    total[0] += logs - level->power * log_alpha - s * log_beta;
    total[1 + RT_PNBD_R] += r_slope - log_alpha;
    total[1 + RT_PNBD_ALPHA] += level->power * alpha_slope;
    total[1 + RT_PNBD_S] += s_slope - log_beta;
    total[1 + RT_PNBD_BETA] += beta_slope;
}

/* What does not depend on the times. */
static void add_weights(const struct level *level, double total[RT_SUMS])
{
    const double *params = level->grid->params;
    const double r = params[RT_PNBD_R], alpha = params[RT_PNBD_ALPHA], beta = params[RT_PNBD_BETA];
    double weight = 0;
    for (size_t i = level->from; i < level->to; i++)
        weight += level->grid->points->weights[i];
    const double log_alpha = rt_log(alpha), log_beta = rt_log(beta);
    total[0] += weight * (rt_log_rising(r, level->x) + r * log_alpha + level->s * log_beta);
    total[1 + RT_PNBD_R] += weight * (rt_digamma_rising(r, level->x) + log_alpha);
    total[1 + RT_PNBD_ALPHA] += weight * r / alpha;
    total[1 + RT_PNBD_S] += weight * log_beta;
    total[1 + RT_PNBD_BETA] += weight * level->s / beta;
}

static void sum_levels(const void *what, size_t from, size_t to, double total[RT_SUMS])
{
    const struct grid *grid = what;
    for (size_t l = from; l < to; l++) {
        const struct level level = make_level(grid, l);
        if (!sums_will_do(&level)) {
            add_points_themselves(&level, total);
            continue;
        }
        const size_t count = level.high - level.low + 1;
        struct sums *sums = rt_alloc(count, sizeof *sums);
        double *scales = rt_alloc(count, sizeof *scales);
        fill_sums(&level, sums, scales);
        add_points(&level, sums, scales, total);
        add_weights(&level, total);
        free(sums);
        free(scales);
    }
}

double rt_pnbd_loglik_all(const double *params, const struct rt_histogram *points, int threads,
                          double *gradient)
{
    struct grid grid = make_grid(params, points);
    double total[RT_SUMS];
    rt_chunks_sum(sum_levels, &grid, points->levels[X].count, 1, threads, total);
    free_grid(&grid);
    for (int i = 0; gradient != NULL && i < RT_MODEL_PARAMS; i++)
        gradient[i] = total[1 + i];
    return total[0];
}
