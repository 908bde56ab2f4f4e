#include "libretain/risk.h"

#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/learned.h"
#include "libretain/memo.h"
#include "libretain/rhythm.h"

enum { BITS = 16 };

struct place {
    const struct rt_params *buyers; /* NULL: free */
    double x, t_x, T;
    struct rt_risk_value value;
};

struct rt_risk {
    struct place places[1 << BITS];
};

struct rt_risk *rt_risk_new(void)
{
    return rt_alloc_zero(1, sizeof(struct rt_risk));
}

void rt_risk_free(struct rt_risk *risk)
{
    free(risk);
}

struct rt_risk_value rt_risk_value(struct rt_risk *risk, const struct rt_params *buyers,
                                   const struct rt_life *life)
{
    struct place *place = &risk->places[rt_memo_place(life->x, life->t_x, life->T, BITS)];
    if (place->buyers == buyers && place->x == life->x && place->t_x == life->t_x &&
        place->T == life->T)
        return place->value;
    *place = (struct place){.buyers = buyers, .x = life->x, .t_x = life->t_x, .T = life->T};
    double at[RT_POINT];
    rt_life_point(life, buyers->unit_days, at);
    place->value.alive = buyers->model->palive(buyers->values, at);
    const struct rt_rhythm rhythm = rt_learned_rhythm(buyers);
    const struct rt_rhythm_history history =
        rt_rhythm_of_profile((int64_t)life->x, (int64_t)life->t_x, (int64_t)life->T);
    place->value.overdue = rt_rhythm_overdue(&rhythm, &history);
    place->value.own = life->x > 0;
    return place->value;
}
