/*
 * backtest: what was predicted of customers beside what they did afterwards.
 *
 * Each figure stands beside that of a plain rule, recency alone, which knows of each customer
 * nothing but the days since the last purchase. Where a rule must give a probability or an amount,
 * it gives each customer what the others of the same decile of recency did on the average: a table
 * that nobody could have had before, so that the rule is better here than in life, and a model that
 * beats it is worth its trouble.
 *
 * Equal values are never told apart: customers with the same score are in the same decile, that of
 * their middle rank, and count one half in the AUC. Nothing depends on the order of the customers.
 * Memory: 56 bytes per customer, and as much again for the largest group.
 */
#ifndef RT_BACKTEST_H
#define RT_BACKTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/interval.h"
#include "libretain/metrics.h"
#include "libretain/text.h"

struct rt_backtest;

/* What there is a prediction of. */
struct rt_backtest_form {
    size_t by_count;
    bool alive, orders, spend;
    const char *score; /* what `alive` of a customer is called: p_alive, p_order */
    struct rt_confidence confidence;
};

/* A customer; what the form has no prediction of is not looked at. All numbers are finite. */
struct rt_backtest_customer {
    double alive;          /* the probability of coming back, from 0 to 1 */
    double orders, spend;  /* expected in the holdout; spend is that of all of them */
    double revenue;        /* in the holdout */
    int64_t recency, came; /* days since the last purchase; orders in the holdout */
};

struct rt_backtest *rt_backtest_new(const struct rt_backtest_form *form);
void rt_backtest_free(struct rt_backtest *backtest);

/* `group` is a key of metrics.h; "" without --by. */
void rt_backtest_add(struct rt_backtest *backtest, struct rt_text group,
                     const struct rt_backtest_customer *customer);

/*
 * The next metric row, group by group in the order of their bytes; false behind the last. Its texts
 * live until the next call.
 */
bool rt_backtest_next(struct rt_backtest *backtest, struct rt_metric *row);

/* The parts, for tests ------------------------------------------------------------------------- */

/*
 * Two scores of the same customers, of whom some came back: the areas under their ROC curves, and
 * the variances and the covariance of those (DeLong, DeLong, Clarke-Pearson, Biometrics 44, 1988).
 * nan where all or none came back; the variances also where one alone did either.
 */
struct rt_two_areas {
    double area[2], variance[2], covariance;
};
struct rt_two_areas rt_two_areas(const double *first, const double *second, const bool *came,
                                 size_t count);

/*
 * The class, from 0 to 9, of each of `count` ascending values: equal values share the class of
 * their middle rank.
 */
void rt_deciles(const double *ascending, size_t count, unsigned char *classes);

#endif
