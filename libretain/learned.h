/*
 * learned: the parameters that a command predicts with: those of files, or fitted to the very rows
 * that it reads.
 *
 * With files a row is predicted as it comes, and each group of rows may have a fit of its own.
 * Without them all rows have to be read before the first is predicted.
 */
#ifndef RT_LEARNED_H
#define RT_LEARNED_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/life.h"
#include "libretain/params.h"
#include "libretain/rhythm.h"
#include "libretain/table.h"

enum { RT_LEARNED_FAULT_BYTES = 400 };

struct rt_learned {
    const struct rt_model *buyers; /* of x, t_x, T */
    const struct rt_model *spend;  /* of x, m_x; NULL where it is not asked for */
    struct rt_params_table *table; /* NULL: fitted to the rows */
    struct rt_params own_buyers, own_spend;
    size_t by_count;
    size_t *by; /* the columns of the input that choose the fit */
    struct rt_text *keys;
    char fault[RT_LEARNED_FAULT_BYTES];
};

/* The model that is fitted where none is named. */
extern const char rt_learned_default[];

/*
 * Reads the files of parameters; `count` may be 0. `model` names the model of x, t_x and T; NULL
 * takes the one that the files have, or the default. `input` has the columns of their groups.
 * Returns NULL, or what is wrong; rt_learned_free comes after both.
 */
const char *rt_learned_open(struct rt_learned *learned, const struct rt_table_args *like,
                            char *const *files, size_t count, const char *model, bool money,
                            struct rt_table *input);
void rt_learned_free(struct rt_learned *learned);

/*
 * The fits for the current row of the input (`spend` NULL: not asked for). Returns NULL, or what
 * is wrong: there is none for its group.
 */
const char *rt_learned_find(struct rt_learned *learned, struct rt_table *input,
                            const struct rt_params **buyers, const struct rt_params **spend);

/* Fits to these; the time of the buyers' model is in weeks. Returns NULL, or what is wrong. */
const char *rt_learned_fit(struct rt_learned *learned, const struct rt_lives *lives, int threads);

/*
 * The rhythm of purchases (rhythm.h), in days, that the model of buyers stands for: purchases at
 * random, k = 1, at a rate of Gamma(r, alpha). A profile knows the sum of a customer's gaps and not
 * the single ones, so it does not tell how regular they are; rt-next, which reads the log, does.
 */
struct rt_rhythm rt_learned_rhythm(const struct rt_params *buyers);

#endif
