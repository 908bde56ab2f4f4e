/* series: labels become time, rows become series. */
#include "libretain/series.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libretain/day.h"
#include "tests/unit/unit.h"

/* A table of rows that are written METRIC,LABEL,VALUE,COMPLETE and a space. */
struct fixture {
    char name[40];
    struct rt_table *table;
    struct rt_serieses *all;
};

static struct fixture read_rows(const char *rows)
{
    struct fixture fixture = {.name = "/tmp/retain-series.XXXXXX"};
    const int descriptor = mkstemp(fixture.name);
    ck_assert(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    ck_assert(file != NULL);
    fprintf(file, "complete,value,metric,hi,method,lo,num,period,den\n");
    char metric[20], label[20], value[20];
    int complete, length;
    for (; *rows != '\0'; rows += length) {
        ck_assert(sscanf(rows, "%19[^,],%19[^,],%19[^,],%d %n", metric, label, value, &complete,
                         &length) == 4);
        fprintf(file, "%d,%s,%s,,wilson 90%%,,,%s,\n", complete, value, metric,
                strcmp(label, "-") == 0 ? "" : label);
    }
    ck_assert(fclose(file) == 0);
    static const struct rt_table_args args = {.delimiter = ',', .block = 4096};
    char *files[] = {fixture.name, NULL};
    fixture.table = rt_table_open(&args, files, 1);
    const char *fault;
    fixture.all = rt_series_read(fixture.table, &fault);
    ck_assert_msg(fixture.all != NULL, "%s", fault);
    return fixture;
}

static void end(struct fixture *fixture)
{
    rt_series_free(fixture->all);
    rt_table_close(fixture->table);
    unlink(fixture->name);
}

static int32_t day(const char *text)
{
    int32_t read;
    ck_assert(rt_day_read(rt_text(text), &read) == 0);
    return read;
}

START_TEST(months)
{
    struct fixture fixture = read_rows(
        "b,2024-02,5,1 a,2024-03,7,0 a,2024-01,3.50,1 a,2024-02,4,1 as_of,2024-03-05,2024-03-05,1");
    ck_assert(rt_series_count(fixture.all) == 2);
    const struct rt_series *series = rt_series_at(fixture.all, 0);
    ck_assert(rt_series_fault(series) == NULL && series->count == 3);
    ck_assert(rt_text_is(series->metric, "a") && rt_text_is(series->points[0].label, "2024-01"));
    ck_assert(rt_text_is(series->points[0].text, "3.50") && series->points[0].value == 3.5);
    ck_assert(isnan(series->points[0].lo));
    ck_assert(series->points[1].first == day("2024-02-01"));
    ck_assert(series->points[1].last == day("2024-02-29"));
    ck_assert(fabs(series->z - 1.6448536269514722) < 1e-12);
    const struct rt_series_point *last = rt_series_last(series, RT_DAY_NONE);
    ck_assert(last == &series->points[1]);
    ck_assert(rt_series_last(series, day("2024-02-28")) == &series->points[0]);
    ck_assert(rt_series_last(series, day("2024-01-30")) == NULL);
    ck_assert(rt_series_place(series, day("2024-04-30")) == last->at + 2);
    ck_assert(rt_series_find(series, last->at) == last);
    ck_assert(rt_series_find(series, last->at + 1) == NULL);
    end(&fixture);
}
END_TEST

START_TEST(dates)
{
    struct fixture fixture =
        read_rows("a,2024-03-10,1,1 a,2024-02-25,1,1 a,2024-01-28,1,1 one,2024-02-25,1,1");
    const struct rt_series *series = rt_series_at(fixture.all, 0);
    ck_assert(rt_series_fault(series) == NULL && series->step == 14);
    ck_assert(series->points[0].at == 0 && series->points[1].at == 2 && series->points[2].at == 3);
    ck_assert(series->points[2].last == day("2024-03-23"));
    ck_assert(rt_series_place(series, day("2024-03-23")) == 3);
    ck_assert(rt_series_place(series, day("2024-03-24")) == 4);
    ck_assert(rt_series_place(series, day("2024-01-27")) == -1);
    ck_assert(rt_series_place(series, day("2024-01-14")) == -1);
    ck_assert(rt_series_place(series, day("2024-01-13")) == -2);
    const struct rt_series *one = rt_series_at(fixture.all, 1);
    ck_assert(one->step == 1 && one->points[0].last == day("2024-02-25"));
    end(&fixture);
}
END_TEST

START_TEST(no_time)
{
    struct fixture fixture = read_rows("a,-,1,1 b,-,1,1 b,2024,1,1 c,2024,1,1 c,2024,2,1 "
                                       "d,2024-1,2,1 e,2024-W09,1,1 e,2024-02,1,1 f,2023-W53,1,1");
    const char *const faults[] = {NULL,
                                  "a label that is no period",
                                  "a period twice",
                                  "a label that is no period",
                                  "periods of several kinds",
                                  "a label that is no period"};
    ck_assert(rt_series_count(fixture.all) == 6);
    for (size_t i = 0; i < 6; i++) {
        const char *fault = rt_series_fault(rt_series_at(fixture.all, i));
        ck_assert_msg((fault == NULL) == (faults[i] == NULL), "series %zu", i);
        if (fault != NULL)
            ck_assert_str_eq(fault, faults[i]);
    }
    const struct rt_series *timeless = rt_series_at(fixture.all, 0);
    ck_assert(timeless->points[0].first == RT_DAY_NONE);
    ck_assert(rt_series_last(timeless, 0) == &timeless->points[0]);
    end(&fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("series");
    TCase *tests = tcase_create("tests");
    tcase_add_test(tests, months);
    tcase_add_test(tests, dates);
    tcase_add_test(tests, no_time);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
