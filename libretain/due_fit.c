#include <math.h>
#include <stdlib.h>

#include "libretain/due_parts.h"
#include "libretain/elementary.h"
#include "libretain/err.h"

/* The histories of all subjects, those of one item one after another. */
struct all {
    struct rt_rhythm_history *histories;
    size_t count;
    size_t *ends; /* per item: behind its last history */
    size_t items;
};

static void free_all(struct all *all)
{
    free(all->histories);
    free(all->ends);
}

/* Counts first, then puts each at its place: subjects stay in order of appearance within an item.
 */
static struct all gather(const struct rt_due *due)
{
    struct all all = {.items = due->form.items ? due->items.count : 1};
    all.ends = rt_alloc_zero(all.items + 1, sizeof *all.ends);
    const struct rt_due_subject *subject = NULL;
    size_t item;
    while ((subject = rt_due_next(due, subject)) != NULL)
        if (subject->known) {
            (void)rt_due_history(due, subject, &item);
            all.ends[item + 1]++;
            all.count++;
        }
    for (size_t i = 1; i <= all.items; i++)
        all.ends[i] += all.ends[i - 1];
    all.histories = rt_alloc(all.count + 1, sizeof *all.histories);
    while ((subject = rt_due_next(due, subject)) != NULL)
        if (subject->known) {
            const struct rt_rhythm_history history = rt_due_history(due, subject, &item);
            all.histories[all.ends[item]++] = history;
        }
    return all;
}

/* The time of an item made everybody's. */
static struct rt_rhythm_history unstretched(struct rt_rhythm_history history, double stretch)
{
    history.sum /= stretch;
    history.open /= stretch;
    history.log_sum -= (double)history.gaps * rt_log(stretch);
    return history;
}

static int fit_everybody(const struct all *all, const double *stretch, struct rt_rhythm *rhythm)
{
    if (all->items == 1 && stretch[0] == 1) /* without items: no copy, half of the memory */
        return rt_rhythm_fit(all->histories, all->count, rhythm);
    struct rt_rhythm_history *histories = rt_alloc(all->count + 1, sizeof *histories);
    for (size_t item = 0, i = 0; item < all->items; item++)
        for (; i < all->ends[item]; i++)
            histories[i] = unstretched(all->histories[i], stretch[item]);
    const int status = rt_rhythm_fit(histories, all->count, rhythm);
    free(histories);
    return status;
}

/* What is searched for an item: how far its alpha is from everybody's, as a logarithm. */
struct item {
    const struct rt_rhythm_history *histories;
    size_t count;
    struct rt_rhythm rhythm;
};

static double log_posterior(const struct item *item, double t)
{
    struct rt_rhythm rhythm = item->rhythm;
    rhythm.alpha *= rt_exp(t);
    return rt_rhythm_loglik(&rhythm, item->histories, item->count) - t * t / 2;
}

/*
 * Newton's method with differences for derivatives, no step longer than 1; only upwards. The prior
 * makes the curvature at least 1 where the likelihood is concave, which it is but for gaps that
 * never close.
 */
static double best_stretch(const struct item *item, double t)
{
    static const double h = 0.01;
    double value = log_posterior(item, t);
    for (int i = 0; i < 20; i++) {
        const double above = log_posterior(item, t + h), below = log_posterior(item, t - h);
        const double slope = (above - below) / (2 * h);
        const double curvature = fmin((above - 2 * value + below) / (h * h), -1);
        double step = fmax(-1, fmin(1, -slope / curvature));
        double next = log_posterior(item, t + step);
        while (next < value && fabs(step) > 1e-3) {
            step /= 4;
            next = log_posterior(item, t + step);
        }
        if (next >= value) {
            t += step;
            value = next;
        }
        if (fabs(step) < 1e-3)
            break;
    }
    return t;
}

static void fit_items(const struct all *all, const struct rt_rhythm *rhythm, double *stretch)
{
    struct rt_rhythm_history taken[RT_DUE_ITEM_SAMPLE];
    for (size_t i = 0, from = 0; i < all->items; from = all->ends[i++]) {
        const size_t count = all->ends[i] - from;
        const size_t take = count < RT_DUE_ITEM_SAMPLE ? count : RT_DUE_ITEM_SAMPLE;
        rt_rhythm_sample(all->histories + from, count, taken, take);
        const struct item item = {taken, take, *rhythm};
        stretch[i] = rt_exp(best_stretch(&item, rt_log(stretch[i])));
    }
}

void rt_due_fit(struct rt_due *due)
{
    enum { TURNS = 2 };
    struct all all = gather(due);
    due->stretch = rt_alloc(all.items + 1, sizeof *due->stretch);
    for (size_t i = 0; i < all.items; i++)
        due->stretch[i] = 1;
    due->fitted = fit_everybody(&all, due->stretch, &due->rhythm) == 0;
    if (due->fitted && due->form.items) {
        for (size_t from = 0, i = 0; i < all.items; from = all.ends[i++])
            rt_rhythm_sort(all.histories + from, all.ends[i] - from);
        for (int turn = 1;; turn++) {
            fit_items(&all, &due->rhythm, due->stretch);
            if (turn == TURNS)
                break;
            (void)fit_everybody(&all, due->stretch, &due->rhythm);
        }
    }
    free_all(&all);
}
