/*
 * A table of parameters: what is read has numbers that a model takes, and what is written of it
 * reads back as the same.
 */
#include "libretain/params.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void check_values(const struct rt_params *params)
{
    for (int i = 0; i < params->model->count; i++) {
        require(params->values[i] > 0 && isfinite(params->values[i]));
        require(isnan(params->se[i]) || (params->se[i] >= 0 && isfinite(params->se[i])));
    }
    require(params->unit == NULL || rt_unit_days(params->unit) == params->unit_days);
}

static void check_same(const struct rt_params *one, const struct rt_params *other)
{
    require(one->model == other->model && one->converged == other->converged);
    require(one->as_of == other->as_of && one->certain == other->certain);
    for (int i = 0; i < one->model->count; i++) {
        require(one->values[i] == other->values[i] && same(one->se[i], other->se[i]));
        for (int k = 0; k < i; k++)
            require(same(one->covariance[i][k], other->covariance[i][k]));
    }
    require(same(one->loglik, other->loglik) && same(one->n, other->n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char name[64];
    (void)snprintf(name, sizeof name, "/tmp/retain-fuzz-params.%ld", (long)getpid());
    FILE *file = fopen(name, "wb");
    require(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
    const struct rt_table_args like = {.delimiter = ',', .block = RT_BLOCK_BYTES};
    char *files[] = {name};
    const char *fault;
    struct rt_params_table *table = rt_params_read(&like, files, 1, &fault);
    char *const *by;
    if (fault == NULL && rt_params_by(table, &by) == 0) {
        struct rt_out out;
        rt_out_open_file(&out, name, ',');
        rt_params_header(&out, NULL, 0);
        for (size_t i = 0; i < rt_params_count(table); i++) {
            check_values(rt_params_at(table, i));
            rt_params_write(&out, rt_params_at(table, i), NULL, 0);
        }
        rt_out_finish(&out);
        struct rt_params_table *again = rt_params_read(&like, files, 1, &fault);
        require(fault == NULL && rt_params_count(again) == rt_params_count(table));
        for (size_t i = 0; i < rt_params_count(table); i++)
            check_same(rt_params_at(table, i), rt_params_at(again, i));
        rt_params_free(again);
    }
    rt_params_free(table);
    (void)unlink(name);
    return 0;
}
