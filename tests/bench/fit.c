/*
 * fit MODEL PROFILE [THREADS]: the seconds that rt-fit's two parts take, reading a profile and
 * fitting the model to it, and the log-likelihood. For the bench, which sets the second beside
 * peers that are timed the same way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "libretain/err.h"
#include "libretain/fit.h"
#include "libretain/points.h"
#include "libretain/table.h"

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int count, char **arguments)
{
    const struct rt_model *model = count > 2 ? rt_model_find(arguments[1]) : NULL;
    if (model == NULL)
        rt_die("usage: fit MODEL PROFILE [THREADS]");
    const struct rt_table_args args = {.delimiter = ',', .block = 1 << 17};
    const struct rt_points_form form = {.model = model, .unit_days = 7};
    const double start = now();
    struct rt_table *table = rt_table_open_or_die(&args, arguments + 2, 1);
    struct rt_points *points = rt_points_read(table, &form);
    if (points == NULL)
        rt_die("%s", rt_table_message(table));
    const double before = now();
    struct rt_fit fit;
    const int found =
        rt_fit(model, points->groups[0].points, count > 3 ? atoi(arguments[3]) : 1, &fit);
    printf("%.3f %.3f %.6f\n", before - start, now() - before, fit.loglik);
    rt_points_free(points);
    rt_table_close(table);
    return found != 0;
}
