#include "libretain/params.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "libretain/bgnbd.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/gg.h"
#include "tests/unit/unit.h"

static char name[64];

static void write_file(const char *text)
{
    (void)snprintf(name, sizeof name, "/tmp/retain-params.%ld", (long)getpid());
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static struct rt_params_table *read_file(const char **fault)
{
    const struct rt_table_args like = {.delimiter = ',', .block = RT_BLOCK_BYTES};
    char *files[] = {name};
    struct rt_params_table *table = rt_params_read(&like, files, 1, fault);
    (void)unlink(name);
    return table;
}

static struct rt_params_table *read_text(const char *text, const char **fault)
{
    write_file(text);
    return read_file(fault);
}

START_TEST(what_was_written_is_read)
{
    struct rt_fit fit = {.model = &rt_bgnbd, .state = RT_FIT_DONE};
    fit.loglik = -9582.42920667;
    fit.total = 2357;
    for (int i = 0; i < 4; i++) {
        fit.params[i] = 0.1 * pow(10, i) / 3;
        fit.se[i] = fit.params[i] / 7;
        for (int k = 0; k < 4; k++)
            fit.covariance[i][k] = fit.se[i] * fit.params[k] / (i == k ? 7 : -50);
    }
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < i; k++)
            fit.covariance[k][i] = fit.covariance[i][k];
    const struct rt_params written = rt_params_of(&fit, "month", 10000);
    ck_assert_double_eq_tol(written.values[0], 0.0333333333, 1e-11);

    struct rt_out out;
    write_file("");
    rt_out_open_file(&out, name, ',');
    char *by[] = {"channel", "year"};
    const struct rt_text keys[] = {rt_text("web, shop"), rt_text("2024")};
    const struct rt_text other[] = {rt_text("web"), rt_text("2024")};
    rt_params_header(&out, by, 2);
    rt_params_write(&out, &written, keys, 2);
    rt_out_finish(&out);

    const char *fault;
    struct rt_params_table *table = read_file(&fault);
    ck_assert_msg(fault == NULL, "%s", fault);
    char *const *names;
    ck_assert_uint_eq(rt_params_by(table, &names), 2);
    ck_assert_str_eq(names[0], "channel");
    ck_assert_str_eq(names[1], "year");
    ck_assert_uint_eq(rt_params_count(table), 1);
    const struct rt_params *read = rt_params_find(table, &rt_bgnbd, keys);
    ck_assert_ptr_eq(read, rt_params_at(table, 0));
    ck_assert_ptr_null(rt_params_find(table, &rt_bgnbd, other));
    ck_assert_ptr_null(rt_params_find(table, &rt_gg, keys));
    ck_assert(read->certain && read->converged);
    ck_assert_mem_eq(read->values, written.values, sizeof written.values);
    ck_assert_mem_eq(read->se, written.se, sizeof written.se);
    ck_assert_mem_eq(read->covariance, written.covariance, sizeof written.covariance);
    ck_assert(read->loglik == written.loglik && read->n == 2357);
    ck_assert_str_eq(read->unit, "month");
    ck_assert(read->unit_days == 365.25 / 12);
    ck_assert_int_eq(read->as_of, 10000);
    rt_params_free(table);
}
END_TEST

START_TEST(by_hand)
{
    const char *fault;
    struct rt_params_table *table =
        read_text("model,param,value\ngg,q,3.74\nbgnbd,r,0.24\nbgnbd,alpha,4.41\ngg,p,6.25\n"
                  "bgnbd,a,0.79\nbgnbd,b,2.43\ngg,v,15.4\n",
                  &fault);
    ck_assert_msg(fault == NULL, "%s", fault);
    ck_assert_uint_eq(rt_params_count(table), 2);
    const struct rt_params *gg = rt_params_at(table, 0), *bgnbd = rt_params_at(table, 1);
    ck_assert_ptr_eq(gg->model, &rt_gg);
    ck_assert(gg->values[0] == 6.25 && gg->values[2] == 15.4);
    ck_assert_ptr_null(gg->unit);
    ck_assert_ptr_eq(bgnbd->model, &rt_bgnbd);
    ck_assert_str_eq(bgnbd->unit, "week");
    ck_assert(!bgnbd->certain && bgnbd->converged && isnan(bgnbd->se[0]) && isnan(bgnbd->n));
    ck_assert_int_eq(bgnbd->as_of, RT_DAY_NONE);
    rt_params_free(table);
}
END_TEST

static const struct {
    const char *text, *fault;
} faults[] = {
    {"model,value\nbgnbd,1\n", "no column 'param'"},
    {"param,model,value\nr,bgnbd,1\n", "param: stands before model"},
    {"model,param,value\nbg,r,1\n", ":2: model: not the name of a model"},
    {"model,param,value\nbgnbd,s,1\n", ":2: param: not a parameter of this model"},
    {"model,param,value\nbgnbd,cov:r:alpha,1\n", ":2: param: not a parameter of this model"},
    {"model,param,value\nbgnbd,r,0\n", ":2: value: not above 0"},
    {"model,param,value\nbgnbd,r,\n", ":2: value: not a number"},
    {"model,param,value\nbgnbd,r,nan\n", ":2: value: not a number"},
    {"model,param,value,se\nbgnbd,r,1,-1\n", ":2: se: below 0"},
    {"model,param,value\nbgnbd,r,1\nbgnbd,r,1\n", ":3: param: the second row"},
    {"model,param,value\nbgnbd,unit,year\n", ":2: value: not day, week or month"},
    {"model,param,value\nbgnbd,as_of,1/2/24\n", ":2: value: not a date"},
    {"model,param,value\nbgnbd,converged,yes\n", ":2: value: not 0 or 1"},
    {"model,param,value\nbgnbd,r,1\nbgnbd,alpha,1\nbgnbd,b,1\n", "bgnbd: no row for a"},
    {"", "0 bytes"},
};

START_TEST(faults_are_named)
{
    const char *fault;
    struct rt_params_table *table = read_text(faults[_i].text, &fault);
    ck_assert_ptr_nonnull(fault);
    ck_assert_msg(strstr(fault, faults[_i].fault) != NULL, "%s, not %s", fault, faults[_i].fault);
    rt_params_free(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("params");
    TCase *tests = tcase_create("params");
    tcase_add_test(tests, what_was_written_is_read);
    tcase_add_test(tests, by_hand);
    tcase_add_loop_test(tests, faults_are_named, 0, sizeof faults / sizeof *faults);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
