/*
 * shop: a simulated shop whose parameters are known.
 *
 * Customers come one after the other, spread evenly over the days in which customers are new.
 * Each buys at once, and again with a rate of his own until he drops out:
 *
 *   Pareto/NBD  rate per week ~ Gamma(r, alpha), lifetime exponential with a rate per week ~
 *               Gamma(s, beta) (Schmittlein, Morrison, Colombo 1987);
 *   BG/NBD      the same rate; after each repeat purchase he drops out with a probability ~
 *               Beta(a, b) (Fader, Hardie, Lee 2005);
 *   MBG/NBD     the same, after the first purchase too (Batislam, Denizel, Filiztekin 2007).
 *
 * What he spends on an order is Gamma(p, n) with n ~ Gamma(q, v) of his own (Fader, Hardie, Lee
 * 2005, Gamma-Gamma), in whole cents. Seasons stretch time: the purchase process runs on a clock
 * that is fast on busy days, and as fast as the calendar on the average of a year.
 *
 * Everything about a customer depends on the seed, his number and the plan only, never on other
 * customers or on the order in which they are asked for; and is the same on every machine (rng.h).
 */
#ifndef RT_SHOP_H
#define RT_SHOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/rng.h"

enum { RT_SHOP_DAYS = 36525 /* that a shop is open at most: a hundred years */ };

enum rt_shop_model { RT_SHOP_PNBD, RT_SHOP_BGNBD, RT_SHOP_MBGNBD };

struct rt_shop_plan {
    uint64_t seed;
    uint32_t customers;
    int32_t first, last; /* the days on which the shop is open */
    int32_t new_until;   /* the last day on which a customer can be new */
    enum rt_shop_model model;
    double r, alpha; /* all above 0, in weeks */
    double s, beta;  /* of pnbd */
    double a, b;     /* of bgnbd and mbgnbd */
    double p, q, v;  /* of the spend, in the currency */
    double lines;    /* mean number of lines of an order, from 1 */
    double returned; /* share of lines that are sent back, 0 to 1 */
    bool season;
};

/*
 * A shop of 1000 customers in 2023 and 2024 in which six out of ten come back; it spends as in the
 * CDNOW data. To be changed in a copy.
 */
extern const struct rt_shop_plan rt_shop_usual_plan;

/* Names of the parameters of each model, and of the spend, as in the papers; NULL is the last. */
extern const char *const rt_shop_params[3][5];
extern const char *const rt_shop_spend_params[4];
/* The parameter of that name, if it is among `names`; NULL otherwise. */
double *rt_shop_param(struct rt_shop_plan *plan, const char *const *names, const char *name);

struct rt_shop {
    struct rt_shop_plan plan;
    uint32_t days;
    double *clock;   /* per day and one more: what the purchase clock shows as it begins */
    uint32_t *guide; /* per whole reading of the clock: the day that it falls on */
    double span;     /* days in which customers are new */
};

/* A customer as far as he has been simulated; a value. */
struct rt_shop_customer {
    struct rt_rng rng;
    double next;  /* his next order, on the purchase clock; at `until` or later there is none */
    double until; /* when he drops out, or the shop closes */
    double gap;   /* mean time between orders on the purchase clock */
    double drop;  /* probability of dropping out after an order */
    double scale; /* of his spend, in cents */
    uint32_t index;
    uint32_t orders; /* so far */
};

/* One line of an order, or the return of one. Days count from the shop's first. */
struct rt_shop_row {
    uint32_t customer; /* from 0 */
    uint32_t order : 24, line : 7, returned : 1;
    uint32_t day;
    uint32_t cents;
};

struct rt_shop_rows {
    struct rt_shop_row *rows;
    size_t count, size;
};

/* `plan` must hold to the bounds above. Dies where memory ends. */
void rt_shop_init(struct rt_shop *shop, const struct rt_shop_plan *plan);
void rt_shop_free(struct rt_shop *shop);

/* Expected rows of the whole log, returns too: by integration over some customers, within 2%. */
double rt_shop_expected(const struct rt_shop *shop);
/*
 * Changes alpha so that about `rows` rows are expected. Returns 0, or -1 where no alpha does: less
 * than one order a customer, or more than drop-out leaves room for.
 */
int rt_shop_fit(struct rt_shop *shop, double rows);

/* The day, as a real number from the shop's first, on which a customer is new. */
double rt_shop_birth(const struct rt_shop *shop, uint32_t index);

/* A customer before his first order. */
struct rt_shop_customer rt_shop_start(const struct rt_shop *shop, uint32_t index);
/*
 * Adds the rows of a customer's next orders before `day`, each order's in order, a returned line
 * right behind the line although its day is later, and left out once the shop has closed. True as
 * long as more orders may follow.
 */
bool rt_shop_buy(const struct rt_shop *shop, struct rt_shop_customer *customer, uint32_t day,
                 struct rt_shop_rows *rows);

void rt_shop_rows_free(struct rt_shop_rows *rows);
/* Brings rows into the order of their days, those of one day as they were. */
void rt_shop_rows_sort(struct rt_shop_rows *rows);
/* Brings rows from, up to but without end, into a random order. */
void rt_shop_rows_shuffle(struct rt_shop_rows *rows, size_t from, size_t end, struct rt_rng rng);

#endif
