/*
 * fit MODEL FILE [BY]: the seconds that rt-fit's two parts take, reading a file and fitting the
 * model to it, to each group with the same in the column BY, in one thread; and the log-likelihood,
 * that of all groups together. For the bench, which sets the second beside peers that are timed the
 * same way.
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
        rt_die("usage: fit MODEL FILE [BY]");
    const struct rt_table_args args = {.delimiter = ',', .block = 1 << 17};
    const struct rt_points_form form = {
        .model = model, .unit_days = 7, .by = arguments + 3, .by_count = count > 3};
    const double start = now();
    struct rt_table *table = rt_table_open_or_die(&args, arguments + 2, 1);
    struct rt_points *points = rt_points_read(table, &form);
    if (points == NULL)
        rt_die("%s", rt_table_message(table));
    const double before = now();
    double loglik = 0;
    for (size_t i = 0; i < points->count; i++) {
        struct rt_fit fit;
        if (rt_fit(model, points->groups[i].points, 1, &fit) != 0)
            rt_die("group %zu: %s", i + 1, fit.reason);
        loglik += fit.loglik;
    }
    printf("%.4f %.4f %.6f\n", before - start, now() - before, loglik);
    rt_points_free(points);
    rt_table_close(table);
    return 0;
}
