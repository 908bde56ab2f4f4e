#include "libretain/buyers.h"

#include <math.h>

const char *rt_buyers_fault(const double *at, int *column)
{
    *column = 0;
    if (floor(at[0]) != at[0])
        return "not a whole number";
    *column = 2;
    if (at[0] > 0 && at[2] < at[1])
        return "below t_x";
    if (at[0] > 0 && !(at[2] > 0))
        return "0, though x is not";
    return NULL;
}

const char *rt_buyers_lack(const struct rt_histogram *points)
{
    enum { CUSTOMERS = 10, REPEATED = 3 };
    double repeated = 0, most = 0;
    for (size_t i = 0; i < points->count; i++) {
        double at[RT_POINT];
        rt_histogram_at(points, i, at);
        repeated += at[0] > 0 ? points->weights[i] : 0;
        most = at[2] > most ? at[2] : most;
    }
    if (points->total < CUSTOMERS)
        return "fewer than 10 customers: too few to tell how they differ; use rt-ltv --method "
               "formula";
    if (!(most > 0))
        return "T is 0 for all customers: nobody has been watched for any time; give rt-profile a "
               "later --as-of";
    if (repeated == 0)
        return "no customer has bought twice (all x are 0): there is nothing to learn a rate from; "
               "wait, or watch for longer";
    if (repeated < REPEATED)
        return "fewer than 3 customers have bought twice: too few to tell how they differ; watch "
               "for longer, or use rt-ltv --method formula";
    return NULL;
}

struct rt_buyers_means rt_buyers_means(const struct rt_histogram *points)
{
    double x = 0, squares = 0, T = 0;
    for (size_t i = 0; i < points->count; i++) {
        double at[RT_POINT];
        rt_histogram_at(points, i, at);
        x += points->weights[i] * at[0];
        squares += points->weights[i] * at[0] * at[0];
        T += points->weights[i] * at[2];
    }
    const double mean = x / points->total;
    return (struct rt_buyers_means){mean, squares / points->total - mean * mean, T / points->total};
}

void rt_buyers_start(const struct rt_histogram *points, double *r, double *alpha)
{
    const struct rt_buyers_means means = rt_buyers_means(points);
    const double over = means.variance - means.x;
    *r = over > 0 ? means.x * means.x / over : 20;
    *r = *r < 0.05 ? 0.05 : *r > 20 ? 20 : *r;
    *alpha = *r * means.T / means.x;
}
