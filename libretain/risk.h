/*
 * risk: whether a customer is still there, and whether the next purchase is overdue.
 *
 * Customers with the same numbers have the same answers, which are looked up where they were found
 * lately. Memory: 4 MB, whatever the number of customers.
 */
#ifndef RT_RISK_H
#define RT_RISK_H

#include <stdbool.h>

#include "libretain/life.h"
#include "libretain/params.h"

struct rt_risk_value {
    double alive;   /* the probability, by the model */
    double overdue; /* that the next purchase would have come by now, if there is one */
    bool own;       /* the rhythm is the customer's own, shrunk to everybody's */
};

struct rt_risk;
struct rt_risk *rt_risk_new(void);
void rt_risk_free(struct rt_risk *risk);

/* The answers for a customer who is known. `buyers` must stay as it is between calls. */
struct rt_risk_value rt_risk_value(struct rt_risk *risk, const struct rt_params *buyers,
                                   const struct rt_life *life);

#endif
