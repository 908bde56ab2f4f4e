#include <stdlib.h>

#include "libretain/churn_parts.h"
#include "libretain/day.h"
#include "libretain/err.h"

static const char *const names[] = {"new", "retained", "returned", "lost"};

/*
 * Told from the days of purchase by the definitions alone, not by the way that the counts are made,
 * so that each can be held against the other.
 */
struct walker {
    struct rt_churn *churn;
    void (*take)(void *what, const struct rt_churn_place *place);
    void *what;
    struct rt_churn_place place;
    struct rt_text *keys;
    char label[RT_PERIOD_LABEL_BYTES];
};

static void put(struct walker *walker, enum rt_churn_state state)
{
    walker->place.state = names[state];
    walker->take(walker->what, &walker->place);
}

static bool is_active(const struct walker *walker, int32_t last, int32_t day)
{
    return (int64_t)last + walker->churn->idle >= day;
}

/* One period: `before` is the last purchase before it, if `known`; `last` the one up to its end. */
static void list_period(struct walker *walker, int32_t period, bool known, int32_t before,
                        int32_t last)
{
    const struct rt_churn *churn = walker->churn;
    const struct rt_period *kind = &churn->form.period;
    const int32_t end = rt_period_last(kind, period);
    const bool of_start = known && is_active(walker, before, rt_period_first(kind, period) - 1);
    const bool of_end = is_active(walker, last, end < churn->as_of ? end : churn->as_of);
    const bool bought = !known || last != before;
    const size_t length = rt_period_label(kind, period, walker->label);
    walker->keys[churn->form.by_count] = (struct rt_text){walker->label, length};
    if (of_start && of_end)
        put(walker, RT_CHURN_RETAINED);
    if (!of_start && bought)
        put(walker, known ? RT_CHURN_RETURNED : RT_CHURN_NEW);
    if (!of_end && (of_start || bought))
        put(walker, RT_CHURN_LOST);
}

static void list_customer(void *what, uint32_t place, const int32_t *days, size_t count)
{
    struct walker *walker = what;
    struct rt_churn *churn = walker->churn;
    const struct rt_period *kind = &churn->form.period;
    const struct rt_churn_customer *customer = rt_map_at(&churn->customers, place);
    walker->place.customer = rt_map_key(&churn->customers, customer);
    if (churn->form.by_count > 0)
        rt_group_key_split(rt_map_key(&churn->keys, churn->groups[customer->group].key),
                           walker->keys, churn->form.by_count);
    const int32_t end = rt_period_index(kind, churn->as_of);
    int32_t period = rt_churn_period(churn, days[0]), before = 0;
    for (size_t at = 0; period <= end; period++) {
        const bool known = at > 0;
        int32_t last = before;
        for (; at < count; at++) {
            const int32_t day = days[at];
            if (rt_churn_period(churn, day) != period)
                break;
            last = day;
        }
        list_period(walker, period, known, before, last);
        before = last;
        if (is_active(walker, before, rt_period_last(kind, period)))
            continue;
        /* Nothing to tell before the next purchase. */
        if (at == count)
            break;
        period = rt_churn_period(churn, days[at]) - 1;
    }
}

void rt_churn_list(struct rt_churn *churn,
                   void (*take)(void *what, const struct rt_churn_place *place), void *what)
{
    if (churn->idle < 0)
        return;
    struct walker walker = {.churn = churn, .take = take, .what = what};
    walker.keys = rt_alloc(churn->form.by_count + 1, sizeof *walker.keys);
    walker.place.keys = walker.keys;
    rt_churn_each(churn, list_customer, &walker);
    free(walker.keys);
}
