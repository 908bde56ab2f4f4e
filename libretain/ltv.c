#include "libretain/ltv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/gg.h"
#include "libretain/horizon.h"
#include "libretain/interval.h"
#include "libretain/memo.h"
#include "libretain/special.h"

enum {
    GRID = 128,       /* amounts at which distributions are known */
    BINS = 120,       /* classes of numbers of orders */
    SINGLE_BINS = 16, /* the first of them, one number each */
    SHAPES = 256,
    MIXTURE_BITS = 13,
    FUTURE_BITS = 14,
    SEEN_BITS = 15
};

/*
 * What depends on x alone: the distribution of the sum of k orders by the logarithm of the sum over
 * its scale v + x m_x, at equal steps.
 */
struct shape {
    const struct rt_params *buyers, *spend; /* NULL: free */
    double x, spends; /* how many orders there were, and how many of known value */
    double first, step;
    bool filled[BINS];
    double share[BINS][GRID];
};

/*
 * What depends on x and T alone, of a customer who is still there, for one of the ages that stand
 * for all.
 */
struct mixture {
    const struct rt_params *buyers, *spend; /* NULL: free */
    double x, spends, T;
    double orders;                  /* expected within the horizon */
    double slopes[RT_MODEL_PARAMS]; /* of the logarithm of `orders` */
    double none;                    /* the probability of no order */
    double first, step;             /* of the shape */
    double share[GRID];             /* of the sum of all orders, by its logarithm */
};

/* The same for the age itself: what is expected. */
struct future {
    const struct rt_params *buyers;
    double x, T;
    double orders;    /* within the horizon, discounted where that has no end */
    double discount;  /* what discounting leaves of them */
    double mixture_T; /* the age that stands for this one */
};

/* What depends on x, t_x and T. */
struct seen {
    const struct rt_params *buyers;
    double x, t_x, T;
    double alive;
    double squared_error; /* relative, of what is expected of the orders */
};

struct rt_ltv {
    struct rt_ltv_terms terms;
    double bins[BINS];   /* the number of orders that stands for a bin */
    double widths[BINS]; /* how many numbers are in it */
    double z;            /* of the confidence */
    struct shape *shapes[SHAPES];
    struct mixture *mixtures; /* 1 << MIXTURE_BITS of them */
    struct future futures[1 << FUTURE_BITS];
    struct seen seen[1 << SEEN_BITS];
};

struct rt_ltv *rt_ltv_new(const struct rt_ltv_terms *terms)
{
    struct rt_ltv *ltv = rt_alloc_zero(1, sizeof *ltv);
    ltv->terms = *terms;
    ltv->mixtures = rt_alloc_zero((size_t)1 << MIXTURE_BITS, sizeof *ltv->mixtures);
    ltv->z = rt_normal_quantile(terms->confidence);
    double next = 1;
    for (int i = 0; i < BINS; i++) {
        const double wide = i < SINGLE_BINS ? 1 : 1 + 2 * floor(next / 16);
        ltv->widths[i] = wide;
        ltv->bins[i] = next + (wide - 1) / 2;
        next += wide;
    }
    return ltv;
}

void rt_ltv_free(struct rt_ltv *ltv)
{
    if (ltv == NULL)
        return;
    for (size_t i = 0; i < SHAPES; i++)
        free(ltv->shapes[i]);
    free(ltv->mixtures);
    free(ltv);
}

const char *rt_ltv_fault(const struct rt_ltv_terms *terms, const struct rt_params *buyers,
                         const struct rt_params *spend)
{
    if (isinf(terms->days) && !(terms->rate > 0))
        return "--horizon inf: without --discount the value to the end of time has no bound";
    if (isinf(terms->days) && buyers->model->dert == NULL)
        return "--horizon inf: the model does not say what comes to the end of time; pnbd does";
    if (!(spend->values[1] > 1))
        return "gg: q is at most 1: what customers spend on an order varies so much that it has no "
               "mean; leave out the few very large orders, or use --method formula";
    return NULL;
}

/* Of how many orders the value is known: all, or none. */
static double known_spends(const struct rt_life *life)
{
    return life->m_x > 0 ? life->x : 0;
}

/* Orders ------------------------------------------------------------------------------------- */

/* Somebody with this x and T who is most likely still there. */
static void present(const struct rt_params *buyers, double x, double T, double at[RT_POINT])
{
    const struct rt_life life = {.x = x, .t_x = x > 0 ? T : 0, .T = T};
    rt_life_point(&life, buyers->unit_days, at);
}

/* What is expected of somebody who is there, within so many days. */
static double orders_within(const struct rt_params *buyers, const double *values, const double *at,
                            double days)
{
    return buyers->model->expected(values, at, days / buyers->unit_days) /
           buyers->model->palive(values, at);
}

static double orders_for_ever(const struct rt_params *buyers, const double *values,
                              const double *at, double rate)
{
    return buyers->model->dert(values, at, rate * buyers->unit_days) /
           buyers->model->palive(values, at);
}

/* The differences of the expectation, discounted from the end of each month. */
static double discounted_orders(const struct rt_ltv_terms *terms, const struct rt_params *buyers,
                                const double *at)
{
    double sum = 0, before = 0;
    for (int i = 1;; i++) {
        const double end = i * RT_MONTH_DAYS;
        const bool last = end > terms->days * (1 - 1e-12);
        const double now = last ? terms->days : end;
        const double orders = orders_within(buyers, buyers->values, at, now);
        sum += (orders - before) * rt_exp(-terms->rate * now);
        if (last)
            return sum;
        before = orders;
    }
}

static double total_orders(const struct rt_ltv_terms *terms, const struct rt_params *buyers,
                           const double *values, const double *at)
{
    return isinf(terms->days) ? orders_for_ever(buyers, values, at, terms->rate)
                              : orders_within(buyers, values, at, terms->days);
}

/* The relative slopes of what is expected. */
static void fill_slopes(const struct rt_ltv_terms *terms, const struct rt_params *buyers,
                        const double *at, double slopes[RT_MODEL_PARAMS])
{
    for (int i = 0; i < buyers->model->count; i++) {
        double moved[RT_MODEL_PARAMS];
        memcpy(moved, buyers->values, sizeof moved);
        const double step = 1e-4 * moved[i];
        moved[i] = buyers->values[i] + step;
        const double above = total_orders(terms, buyers, moved, at);
        moved[i] = buyers->values[i] - step;
        const double under = total_orders(terms, buyers, moved, at);
        slopes[i] = (above - under) / (above + under) / step;
    }
}

/* The days within which so many orders are to be expected. */
static double days_of(const struct rt_params *buyers, const double *at, double orders)
{
    double low = 0, high = 1;
    while (high < 1e9 && orders_within(buyers, buyers->values, at, high) < orders)
        high *= 2;
    for (int i = 0; i < 48; i++) {
        const double middle = (low + high) / 2;
        if (orders_within(buyers, buyers->values, at, middle) < orders)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* Sums --------------------------------------------------------------------------------------- */

/* About the variance of the logarithm of a Gamma(a) variable: the first terms of its series. */
static double log_variance(double a)
{
    return 1 / a + 1 / (2 * a * a) + 1 / (6 * a * a * a);
}

/* The amounts reach from next to none of one order to next to all of the most that may come. */
static void place_grid(const struct rt_ltv *ltv, struct shape *shape)
{
    static const double reach = 5;
    const struct rt_params *buyers = shape->buyers;
    double at[RT_POINT];
    present(buyers, shape->x, shape->x, at); /* one order a day */
    const double days = isinf(ltv->terms.days) ? 1 / ltv->terms.rate : ltv->terms.days;
    const double most = 20 + 8 * orders_within(buyers, buyers->values, at, days);
    const double p = shape->spend->values[0], b = p * shape->spends + shape->spend->values[1];
    const double low = sqrt(log_variance(p) + log_variance(b));
    const double high = sqrt(log_variance(p * most) + log_variance(b));
    shape->first = rt_digamma(p) - rt_digamma(b) - reach * low;
    const double end = rt_log(p * most) - rt_digamma(b) + reach * high;
    shape->step = (end - shape->first) / (GRID - 1);
}

static struct shape *shape_of(struct rt_ltv *ltv, const struct mixture *mixture)
{
    struct shape **place =
        &ltv->shapes[(2 * (uint64_t)mixture->x + (mixture->spends > 0)) % SHAPES];
    if (*place == NULL)
        *place = rt_alloc_zero(1, sizeof **place);
    struct shape *shape = *place;
    if (shape->buyers == mixture->buyers && shape->spend == mixture->spend &&
        shape->x == mixture->x && shape->spends == mixture->spends)
        return shape;
    shape->buyers = mixture->buyers;
    shape->spend = mixture->spend;
    shape->x = mixture->x;
    shape->spends = mixture->spends;
    memset(shape->filled, 0, sizeof shape->filled);
    place_grid(ltv, shape);
    return shape;
}

/* The distribution of the sum of the orders of a bin. */
static const double *shares_of(const struct rt_ltv *ltv, struct shape *shape, int bin)
{
    double *share = shape->share[bin];
    if (shape->filled[bin])
        return share;
    const double p = shape->spend->values[0], q = shape->spend->values[1];
    for (int i = 0; i < GRID; i++)
        share[i] = rt_beta_p(p * ltv->bins[bin], p * shape->spends + q,
                             rt_logistic(shape->first + i * shape->step));
    shape->filled[bin] = true;
    return share;
}

/*
 * The mixture over the number of orders. Numbers of a bin count as its middle one, and what is left
 * behind the last bin that matters is shared out.
 */
static void mix(const struct rt_ltv *ltv, struct mixture *mixture, struct shape *shape,
                const double *at, double days)
{
    const struct rt_params *buyers = mixture->buyers;
    const double horizon = days / buyers->unit_days;
    const double there = buyers->model->palive(buyers->values, at);
    const double none = buyers->model->future(buyers->values, at, horizon, 0);
    mixture->none = (none - (1 - there)) / there;
    mixture->none = mixture->none > 0 ? mixture->none < 1 ? mixture->none : 1 : 0;
    memset(mixture->share, 0, sizeof mixture->share);
    double sum = 0;
    for (int bin = 0; bin < BINS && sum < (1 - mixture->none) * (1 - 1e-6); bin++) {
        const double weight = ltv->widths[bin] *
                              buyers->model->future(buyers->values, at, horizon, ltv->bins[bin]) /
                              there;
        sum += weight;
        if (weight < 1e-8 && ltv->bins[bin] > mixture->orders)
            break;
        const double *share = shares_of(ltv, shape, bin);
        for (int i = 0; i < GRID && weight > 1e-12; i++)
            mixture->share[i] += weight * share[i];
    }
    const double scale = sum > 0 ? (1 - mixture->none) / sum : 0;
    for (int i = 0; i < GRID; i++)
        mixture->share[i] = mixture->none + scale * mixture->share[i];
}

static const struct mixture *mixture_of(struct rt_ltv *ltv, const struct rt_params *buyers,
                                        const struct rt_params *spend, const struct rt_life *life,
                                        double T)
{
    const double x = life->x, spends = known_spends(life);
    struct mixture *mixture = &ltv->mixtures[rt_memo_place(x, T, spends, MIXTURE_BITS)];
    if (mixture->buyers == buyers && mixture->spend == spend && mixture->x == x &&
        mixture->spends == spends && mixture->T == T)
        return mixture;
    *mixture = (struct mixture){.buyers = buyers, .spend = spend, .x = x, .spends = spends, .T = T};
    double at[RT_POINT], days = ltv->terms.days;
    present(buyers, x, T, at);
    mixture->orders = total_orders(&ltv->terms, buyers, buyers->values, at);
    if (isinf(days))
        days = days_of(buyers, at, mixture->orders);
    if (buyers->certain)
        fill_slopes(&ltv->terms, buyers, at, mixture->slopes);
    struct shape *shape = shape_of(ltv, mixture);
    mixture->first = shape->first;
    mixture->step = shape->step;
    mix(ltv, mixture, shape, at, days);
    return mixture;
}

/*
 * Ages whose alpha + T differ by at most 1% share a mixture, whose amounts are then moved by what
 * they expect: one that is in the middle on the logarithmic scale stands for all. alpha is the
 * second parameter of every model of x, t_x and T.
 */
static double shared_age(const struct rt_params *buyers, double T)
{
    static const double step = 0.02;
    const double alpha = buyers->values[1] * buyers->unit_days;
    return alpha * rt_expm1(step * floor(rt_log1p(T / alpha) / step + 0.5));
}

static const struct future *future_of(struct rt_ltv *ltv, const struct rt_params *buyers,
                                      const struct rt_life *life)
{
    struct future *future = &ltv->futures[rt_memo_place(life->x, life->T, 0, FUTURE_BITS)];
    if (future->buyers == buyers && future->x == life->x && future->T == life->T)
        return future;
    *future = (struct future){.buyers = buyers, .x = life->x, .T = life->T, .discount = 1};
    const struct rt_ltv_terms *terms = &ltv->terms;
    double at[RT_POINT];
    present(buyers, life->x, life->T, at);
    future->orders = total_orders(terms, buyers, buyers->values, at);
    if (!isinf(terms->days) && terms->rate > 0 && future->orders > 0)
        future->discount = discounted_orders(terms, buyers, at) / future->orders;
    future->mixture_T = shared_age(buyers, life->T);
    return future;
}

/* Between two amounts of the grid, shares go along a cubic with the slopes of their neighbours. */
static double between(const double *share, int i, double part)
{
    const double from = share[i], to = share[i + 1];
    const double out = i > 0 ? (to - share[i - 1]) / 2 : to - from;
    const double in = i + 2 < GRID ? (share[i + 2] - from) / 2 : to - from;
    const double bend = 3 * (to - from) - 2 * out - in, twist = out + in - 2 * (to - from);
    const double value = from + part * (out + part * (bend + part * twist));
    return value < from ? from : value > to ? to : value;
}

/* The sum over its scale below which a share lies; 0 where that many have none. */
static double quantile(const struct mixture *mixture, double alive, double share)
{
    const double wanted = 1 - (1 - share) / alive; /* among those who are there */
    if (!(wanted > mixture->none))
        return 0;
    int low = 0, high = GRID - 1;
    if (!(wanted > mixture->share[0]))
        return rt_exp(mixture->first);
    if (wanted >= mixture->share[high])
        return rt_exp(mixture->first + high * mixture->step);
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        if (mixture->share[middle] < wanted)
            low = middle;
        else
            high = middle;
    }
    double from = 0, to = 1, below = mixture->share[low], above = mixture->share[high];
    for (int i = 0; i < 3; i++) {
        const double middle = (from + to) / 2, share_there = between(mixture->share, low, middle);
        if (share_there < wanted) {
            from = middle;
            below = share_there;
        } else {
            to = middle;
            above = share_there;
        }
    }
    const double part = above > below ? (wanted - below) / (above - below) : 0.5;
    return rt_exp(mixture->first + (low + from + (to - from) * part) * mixture->step);
}

/* Parameters --------------------------------------------------------------------------------- */

static double squared_error(const struct rt_params *params, const double *slopes)
{
    double sum = 0;
    for (int i = 0; i < params->model->count; i++)
        for (int k = 0; k < params->model->count; k++)
            sum += slopes[i] * slopes[k] * params->covariance[i][k];
    return sum > 0 ? sum : 0;
}

/* Of the value of an order: p (v + x m) / (p x + q - 1). */
static double spend_error(const struct rt_params *spend, const struct rt_life *life)
{
    const double p = spend->values[0], q = spend->values[1], v = spend->values[2];
    const double x = known_spends(life), rest = p * x + q - 1;
    const double slopes[RT_MODEL_PARAMS] = {1 / p - x / rest, -1 / rest, 1 / (v + x * life->m_x)};
    return squared_error(spend, slopes);
}

static const struct seen *seen_of(struct rt_ltv *ltv, const struct rt_params *buyers,
                                  const struct rt_life *life, const double *order_slopes)
{
    struct seen *seen = &ltv->seen[rt_memo_place(life->x, life->t_x, life->T, SEEN_BITS)];
    if (seen->buyers == buyers && seen->x == life->x && seen->t_x == life->t_x &&
        seen->T == life->T)
        return seen;
    *seen = (struct seen){.buyers = buyers, .x = life->x, .t_x = life->t_x, .T = life->T};
    double at[RT_POINT], slopes[RT_MODEL_PARAMS], moved[RT_MODEL_PARAMS];
    rt_life_point(life, buyers->unit_days, at);
    seen->alive = buyers->model->palive(buyers->values, at);
    if (!buyers->certain || !(seen->alive > 0))
        return seen;
    memcpy(moved, buyers->values, sizeof moved);
    for (int i = 0; i < buyers->model->count; i++) {
        const double step = 1e-6 * moved[i];
        moved[i] += step;
        const double alive = buyers->model->palive(moved, at);
        slopes[i] = (alive - seen->alive) / (step * seen->alive) + order_slopes[i];
        moved[i] = buyers->values[i];
    }
    seen->squared_error = squared_error(buyers, slopes);
    return seen;
}

/* Value -------------------------------------------------------------------------------------- */

/* How far from the expected value a limit comes to lie: the squares of both distances add up. */
static double widened(double value, double limit, double error)
{
    const double far = limit - value, more = error * limit;
    return sqrt(far * far + more * more);
}

struct rt_ltv_value rt_ltv_value(struct rt_ltv *ltv, const struct rt_params *buyers,
                                 const struct rt_params *spend, const struct rt_life *life)
{
    const struct future *future = future_of(ltv, buyers, life);
    const struct mixture *mixture = mixture_of(ltv, buyers, spend, life, future->mixture_T);
    const struct seen *seen = seen_of(ltv, buyers, life, mixture->slopes);
    const double x = known_spends(life), point[RT_POINT] = {x, life->m_x};
    struct rt_ltv_value value = {.orders = seen->alive * future->orders,
                                 .spend = rt_gg_expected(spend->values, point),
                                 .any = seen->alive * (1 - mixture->none)};
    const double factor = ltv->terms.margin * future->discount;
    value.ltv = factor * value.orders * value.spend;
    if (!(seen->alive > 0)) /* and nothing is known of those like him who are there */
        return (struct rt_ltv_value){.spend = value.spend};

    const double left = 1 - ltv->terms.confidence;
    const double moved = mixture->orders > 0 ? future->orders / mixture->orders : 1;
    const double scale = factor * moved * (spend->values[2] + x * life->m_x);
    const double error =
        ltv->z * sqrt(seen->squared_error + (spend->certain ? spend_error(spend, life) : 0));
    const bool from_none = 1 - value.any >= left / 2;
    value.hi = seen->alive > 0
                   ? scale * quantile(mixture, seen->alive, 1 - (from_none ? left : left / 2))
                   : 0;
    value.lo = from_none ? 0 : scale * quantile(mixture, seen->alive, left / 2);
    const double down = widened(value.ltv, value.lo < value.ltv ? value.lo : value.ltv, error);
    value.lo = value.ltv > down ? value.ltv - down : 0;
    value.hi = value.ltv + widened(value.ltv, value.hi > value.ltv ? value.hi : value.ltv, error);
    return value;
}

double rt_ltv_share_below(struct rt_ltv *ltv, const struct rt_params *buyers,
                          const struct rt_params *spend, const struct rt_life *life, double amount)
{
    const struct future *future = future_of(ltv, buyers, life);
    const struct mixture *mixture = mixture_of(ltv, buyers, spend, life, future->mixture_T);
    const struct seen *seen = seen_of(ltv, buyers, life, mixture->slopes);
    const double scale = (spend->values[2] + known_spends(life) * life->m_x) *
                         (mixture->orders > 0 ? future->orders / mixture->orders : 1);
    double share = mixture->none;
    const double place =
        amount > 0 ? (rt_log(amount / scale) - mixture->first) / mixture->step : -1;
    if (place >= GRID - 1)
        share = 1;
    else if (place >= 0)
        share = between(mixture->share, (int)place, place - floor(place));
    return 1 - seen->alive * (1 - share);
}
