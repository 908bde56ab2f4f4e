/* metrics: rows written and read back, keys and their order. */
#include "libretain/metrics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static const char *const file = "unit-metrics.csv";

static void write_table(const struct rt_metrics_form *form, const struct rt_metric *rows,
                        size_t count)
{
    struct rt_out out;
    rt_out_open_file(&out, file, ',');
    rt_metrics_header(&out, form);
    for (size_t i = 0; i < count; i++)
        rt_metrics_row(&out, form, &rows[i]);
    rt_out_finish(&out);
}

static void write_text(const char *text)
{
    FILE *stream = fopen(file, "w");
    ck_assert_ptr_nonnull(stream);
    fputs(text, stream);
    ck_assert_int_eq(fclose(stream), 0);
}

static struct rt_table *open_table(void)
{
    static char *files[] = {(char *)"unit-metrics.csv", NULL};
    const struct rt_table_args args = {.delimiter = ',', .block = RT_BLOCK_BYTES};
    return rt_table_open(&args, files, 1);
}

static char *contents(void)
{
    static char text[4096];
    FILE *stream = fopen(file, "r");
    ck_assert_ptr_nonnull(stream);
    text[fread(text, 1, sizeof text - 1, stream)] = '\0';
    fclose(stream);
    return text;
}

START_TEST(written)
{
    static char *by[] = {(char *)"segment"};
    const struct rt_metrics_form form = {.by = by, .by_count = 1, .digits = 3};
    const struct rt_text keys[] = {rt_text("at, risk"), rt_text("")};
    struct rt_metric rows[2] = {
        {.metric = rt_text("share"),
         .method = rt_text("wilson 95%"),
         .keys = keys,
         .value = rt_number_ratio(1, 3),
         .num = rt_number_whole(1),
         .den = rt_number_whole(3),
         .complete = true},
        {.metric = rt_text("revenue"),
         .method = rt_text("exact sum"),
         .keys = keys,
         .value = rt_number_total((struct rt_total){1250, 2}),
         .lo = rt_number_real(NAN),
         .hi = rt_number_text(rt_text("7")),
         .num = rt_number_ratio(0, 0)},
    };
    rt_metric_interval(&rows[0], (struct rt_interval){0.25, NAN});
    write_table(&form, rows, 2);
    ck_assert_str_eq(contents(), "metric,method,segment,period,value,lo,hi,num,den,complete\n"
                                 "share,wilson 95%,\"at, risk\",,0.333,0.250,,1,3,1\n"
                                 "revenue,exact sum,\"at, risk\",,12.50,,7,,,0\n");
    unlink(file);
}
END_TEST

START_TEST(read_back)
{
    static char *by[] = {(char *)"country", (char *)"segment"};
    const struct rt_metrics_form form = {
        .by = by, .by_count = 2, .time = RT_METRICS_COHORT, .digits = -1};
    const struct rt_text keys[] = {rt_text(""), rt_text("a\"b"), rt_text("2024-01"), rt_text("3")};
    const struct rt_metric row = {.metric = rt_text("retention"),
                                  .method = rt_text("wilson 99.9%"),
                                  .keys = keys,
                                  .value = rt_number_real(0.1),
                                  .num = rt_number_whole(12),
                                  .den = rt_number_total((struct rt_total){-150, 1}),
                                  .complete = true};
    write_table(&form, &row, 1);
    struct rt_table *table = open_table();
    struct rt_metrics_reader reader;
    const char *fault;
    ck_assert_msg(rt_metrics_open(&reader, table, &fault) == 0, "%s", fault);
    ck_assert_uint_eq(reader.form.by_count, 2);
    ck_assert_int_eq(reader.form.time, RT_METRICS_COHORT);
    ck_assert_str_eq(reader.by[1], "segment");
    struct rt_metric got;
    ck_assert_int_eq(rt_metrics_next(&reader, &got), 1);
    ck_assert(rt_text_is(got.metric, "retention"));
    ck_assert(rt_text_is(got.keys[0], ""));
    ck_assert(rt_text_is(got.keys[1], "a\"b"));
    ck_assert(rt_text_is(got.keys[3], "3"));
    ck_assert(rt_text_is(got.value.text, "0.1"));
    ck_assert(got.complete);
    int64_t count;
    struct rt_total total;
    ck_assert_int_eq(rt_number_read_count(got.num, &count), 0);
    ck_assert_int_eq(count, 12);
    ck_assert_int_eq(rt_number_read_total(got.den, &total), 0);
    ck_assert(total.units == -150 && total.places == 1);
    ck_assert_int_eq(rt_number_read_count(got.den, &count), -1);
    ck_assert_int_eq(rt_number_read_count(got.lo, &count), -1);
    struct rt_confidence confidence;
    ck_assert_int_eq(rt_method_confidence(got.method, &confidence), 0);
    ck_assert_str_eq(confidence.name, "99.9%");
    ck_assert_int_eq(rt_metrics_next(&reader, &got), 0);

    char *same[] = {(char *)"country", (char *)"segment"}, *other[] = {(char *)"segment"};
    ck_assert_ptr_null(rt_metrics_by_differs(&reader, &(struct rt_names){NULL, 0}));
    ck_assert_ptr_null(rt_metrics_by_differs(&reader, &(struct rt_names){same, 2}));
    ck_assert_ptr_nonnull(rt_metrics_by_differs(&reader, &(struct rt_names){same, 1}));
    ck_assert_ptr_nonnull(rt_metrics_by_differs(&reader, &(struct rt_names){other, 1}));
    rt_metrics_close(&reader);
    rt_table_close(table);
    unlink(file);
}
END_TEST

START_TEST(other_tables)
{
    static const char *const texts[] = {
        "",
        "customer_id,date\n",
        "metric,method,value,lo,hi,num,den,complete\n",
        "metric,method,age,value,lo,hi,num,den,complete\n",
        "metric,method,period,value,lo,hi,num,den\n",
        "metric,method,period,period,value,lo,hi,num,den,complete\n",
        "metric,method,period,cohort,age,value,lo,hi,num,den,complete\n",
        "metric,method,segment,segment,period,value,lo,hi,num,den,complete\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        write_text(texts[i]);
        struct rt_table *table = open_table();
        struct rt_metrics_reader reader;
        const char *fault = NULL;
        ck_assert_msg(rt_metrics_open(&reader, table, &fault) == -1, "%s", texts[i]);
        ck_assert_ptr_nonnull(fault);
        rt_metrics_close(&reader);
        rt_table_close(table);
    }
    write_text("metric,method,period,value,lo,hi,num,den,complete\nshare,wilson,,,,,,,2\n");
    struct rt_table *table = open_table();
    struct rt_metrics_reader reader;
    struct rt_metric row;
    const char *fault;
    ck_assert_msg(rt_metrics_open(&reader, table, &fault) == 0, "%s", fault);
    ck_assert_int_eq(rt_metrics_next(&reader, &row), -1);
    ck_assert_ptr_nonnull(strstr(rt_table_message(table), ":2: complete: "));
    rt_metrics_close(&reader);
    rt_table_close(table);
    unlink(file);
}
END_TEST

/* Columns are found by name, in any order; those left over are of --by. */
START_TEST(shuffled_columns)
{
    write_text("complete,den,b,num,method,hi,period,lo,value,a,metric\n"
               "1,9,B,3,rows,7,2024-01,6,5,A,customers\n");
    struct rt_table *table = open_table();
    struct rt_metrics_reader reader;
    struct rt_metric row;
    const char *fault;
    ck_assert_msg(rt_metrics_open(&reader, table, &fault) == 0, "%s", fault);
    ck_assert_uint_eq(reader.form.by_count, 2);
    ck_assert_str_eq(reader.form.by[0], "b");
    ck_assert_str_eq(reader.form.by[1], "a");
    ck_assert_int_eq(rt_metrics_next(&reader, &row), 1);
    ck_assert(rt_text_is(row.metric, "customers") && rt_text_is(row.method, "rows"));
    ck_assert(rt_text_is(row.keys[0], "B") && rt_text_is(row.keys[1], "A"));
    ck_assert(rt_text_is(row.keys[2], "2024-01"));
    ck_assert(rt_text_is(row.value.text, "5") && rt_text_is(row.lo.text, "6"));
    ck_assert(rt_text_is(row.hi.text, "7") && rt_text_is(row.num.text, "3"));
    ck_assert(rt_text_is(row.den.text, "9"));
    rt_metrics_close(&reader);
    rt_table_close(table);
    unlink(file);
}
END_TEST

START_TEST(methods)
{
    struct rt_confidence confidence;
    static const char *const without[] = {"",          "rows",        "95%",    "wilson",
                                          "wilson 95", "wilson 95% ", "ratio %"};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        ck_assert_int_eq(rt_method_confidence(rt_text(without[i]), &confidence), -1);
    ck_assert_int_eq(rt_method_confidence(rt_text("type 7; order statistics 90%"), &confidence), 0);
    ck_assert(confidence.share == 0.9);
}
END_TEST

START_TEST(options)
{
    char fault[RT_METRICS_FAULT_BYTES];
    char *fine[] = {(char *)"a", (char *)"segment"}, *twice[] = {(char *)"a", (char *)"a"};
    char *own[] = {(char *)"a", (char *)"cohort"};
    ck_assert_ptr_null(rt_metrics_by_fault(&(struct rt_names){fine, 2}, fault));
    ck_assert_ptr_nonnull(rt_metrics_by_fault(&(struct rt_names){twice, 2}, fault));
    ck_assert_ptr_nonnull(rt_metrics_by_fault(&(struct rt_names){own, 2}, fault));
    struct rt_confidence confidence;
    struct rt_metrics_args args = {0};
    ck_assert_int_eq(rt_metrics_confidence(&args, &confidence), 0);
    ck_assert(confidence.share == 0.95);
    args.confidence = "90%";
    ck_assert_int_eq(rt_metrics_confidence(&args, &confidence), 0);
    ck_assert(confidence.share == 0.9);
    args.confidence = "90";
    ck_assert_int_eq(rt_metrics_confidence(&args, &confidence), -1);
}
END_TEST

START_TEST(keys)
{
    static const char *const cells[][2] = {{"", ""},   {"", "b"},  {"a", ""},    {"a", "z"},
                                           {"a!", ""}, {"aa", ""}, {"\xc3", "a"}};
    enum { KEYS = sizeof cells / sizeof *cells };
    struct rt_group_key made[KEYS] = {{0}};
    for (int i = 0; i < KEYS; i++)
        for (int round = 0; round < 2; round++) {
            rt_group_key_clear(&made[i]);
            rt_group_key_add(&made[i], rt_text(cells[i][0]));
            rt_group_key_add(&made[i], rt_text(cells[i][1]));
        }
    for (int i = 0; i < KEYS; i++) {
        struct rt_text parts[2];
        rt_group_key_split(rt_group_key_text(&made[i]), parts, 2);
        ck_assert(rt_text_is(parts[0], cells[i][0]));
        ck_assert(rt_text_is(parts[1], cells[i][1]));
        for (int j = 0; j < KEYS; j++) {
            const int order =
                rt_text_compare(rt_group_key_text(&made[i]), rt_group_key_text(&made[j]));
            ck_assert_int_eq((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
    for (int i = 0; i < KEYS; i++)
        rt_group_key_free(&made[i]);
}
END_TEST

int main(void)
{
    char folder[] = "/tmp/retain-unit.XXXXXX";
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return EXIT_FAILURE;
    Suite *suite = suite_create("metrics");
    TCase *cases = tcase_create("metrics");
    tcase_add_test(cases, written);
    tcase_add_test(cases, read_back);
    tcase_add_test(cases, other_tables);
    tcase_add_test(cases, shuffled_columns);
    tcase_add_test(cases, methods);
    tcase_add_test(cases, options);
    tcase_add_test(cases, keys);
    suite_add_tcase(suite, cases);
    const int status = unit_run(suite);
    unlink(file);
    if (chdir("/") != 0 || rmdir(folder) != 0)
        return EXIT_FAILURE;
    return status;
}
