/* churn: what a log gives as rows and as a list, and what a merge takes. */
#include "libretain/churn.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "libretain/day.h"
#include "unit.h"

static const char log_text[] = "customer_id,date\n"
                               "a,2024-01-05\nb,2024-01-20\na,2024-01-20\nc,2024-02-02\n"
                               "a,2024-02-10\nc,2024-03-30\n";

static struct rt_churn_form form_of(const char *period, int32_t idle)
{
    struct rt_churn_form form = {.idle = idle, .as_of = RT_DAY_NONE};
    ck_assert_int_eq(rt_period_read(rt_text(period), false, &form.period), 0);
    ck_assert_int_eq(rt_confidence_read(rt_text("95%"), &form.confidence), 0);
    return form;
}

static struct rt_churn *read_log(const char *text, struct rt_churn_form form, bool list)
{
    char name[] = "/tmp/unit-churn.XXXXXX";
    const int file = mkstemp(name);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    static const struct rt_table_args args = {.delimiter = ',', .block = RT_BLOCK_BYTES};
    char *files[] = {name, NULL};
    struct rt_churn_source source = {.table = rt_table_open(&args, files, 1),
                                     .purchase = "purchase",
                                     .threads = 1,
                                     .list = list};
    ck_assert_int_eq(rt_log_find(source.table, &source.log), 0);
    struct rt_churn *churn = rt_churn_new(&form);
    ck_assert_ptr_null(rt_churn_read(churn, &source));
    rt_table_close(source.table);
    unlink(name);
    return churn;
}

/* The values of one metric, a blank behind each. */
struct values {
    const char *metric;
    char text[200];
};

static void take_value(void *what, const struct rt_metric *row)
{
    struct values *values = what;
    if (!rt_text_is(row->metric, values->metric))
        return;
    ck_assert_int_eq(row->value.kind, RT_NUMBER_WHOLE);
    const size_t used = strlen(values->text);
    snprintf(values->text + used, sizeof values->text - used, "%d ", (int)row->value.whole);
}

static void expect(struct rt_churn *churn, const char *metric, const char *values)
{
    struct values got = {.metric = metric};
    ck_assert_ptr_null(rt_churn_rows(churn, take_value, &got));
    ck_assert_str_eq(got.text, values);
}

START_TEST(counts)
{
    struct rt_churn *churn = read_log(log_text, form_of("month", 30), false);
    expect(churn, "customers_start", "0 2 2 ");
    expect(churn, "new", "2 1 0 ");
    expect(churn, "returned", "0 0 0 ");
    expect(churn, "lost", "0 1 1 ");
    expect(churn, "customers_end", "2 2 1 ");
    expect(churn, "orders", "3 2 1 ");
    const struct rt_churn_counts counted = rt_churn_counts(churn);
    ck_assert_int_eq(counted.rows, 6);
    ck_assert_uint_eq(counted.customers, 3);
    rt_churn_free(churn);
}
END_TEST

static void take_place(void *what, const struct rt_churn_place *place)
{
    char *text = what;
    const size_t used = strlen(text);
    snprintf(text + used, 400 - used, "%.*s %.*s %s\n", (int)place->customer.length,
             place->customer.at, (int)place->keys[0].length, place->keys[0].at, place->state);
}

START_TEST(list)
{
    char text[400] = "";
    struct rt_churn *churn = read_log(log_text, form_of("quarter", 20), true);
    rt_churn_list(churn, take_place, text);
    ck_assert_str_eq(text, "a 2024-Q1 new\na 2024-Q1 lost\nb 2024-Q1 new\nb 2024-Q1 lost\n"
                           "c 2024-Q1 new\n");
    expect(churn, "lost", "2 ");
    rt_churn_free(churn);
}
END_TEST

/* A merge of one shard's rows, as they are written and read. */
struct copier {
    struct rt_churn *into;
    const char *leave_out; /* a metric, or NULL */
    const char *fault;
};

static void take_copy(void *what, const struct rt_metric *row)
{
    struct copier *copier = what;
    if (copier->fault != NULL ||
        (copier->leave_out != NULL && rt_text_is(row->metric, copier->leave_out)))
        return;
    struct rt_metric copy = *row;
    char texts[3][32] = {"", "", ""};
    struct rt_number *numbers[] = {&copy.value, &copy.num, &copy.den};
    for (size_t i = 0; i < 3; i++) {
        if (numbers[i]->kind == RT_NUMBER_WHOLE)
            snprintf(texts[i], sizeof texts[i], "%d", (int)numbers[i]->whole);
        *numbers[i] = rt_number_text(rt_text(texts[i]));
    }
    copier->fault = rt_churn_merge(copier->into, &copy);
}

static const char *merge(struct rt_churn *from, struct rt_churn *into, const char *leave_out)
{
    struct copier copier = {into, leave_out, NULL};
    ck_assert_ptr_null(rt_churn_rows(from, take_copy, &copier));
    return copier.fault;
}

static const char *finish(struct rt_churn *churn)
{
    struct rt_confidence confidence;
    ck_assert_int_eq(rt_confidence_read(rt_text("95%"), &confidence), 0);
    const struct rt_churn_asked asked = {.as_of = RT_DAY_NONE, .confidence = &confidence};
    return rt_churn_merged(churn, &asked);
}

/* A shard that ends in January goes on to where the other one ends. */
START_TEST(merge_of_shards_that_end_apart)
{
    static const char early[] = "customer_id,date\na,2024-01-05\nb,2024-01-20\n";
    static const char late[] = "customer_id,date\nc,2024-02-02\nc,2024-03-30\n";
    struct rt_churn *one = read_log(early, form_of("month", 20), false);
    struct rt_churn *other = read_log(late, form_of("month", 20), false);
    struct rt_churn *both = rt_churn_new_merge(0);
    ck_assert_ptr_null(merge(one, both, NULL));
    ck_assert_ptr_null(merge(other, both, NULL));
    ck_assert_ptr_null(finish(both));
    expect(both, "customers_start", "0 1 0 ");
    expect(both, "new", "2 1 0 ");
    expect(both, "returned", "0 0 1 ");
    expect(both, "lost", "1 2 0 ");
    expect(both, "customers_end", "1 0 1 ");
    rt_churn_free(both);
    rt_churn_free(other);
    rt_churn_free(one);
}
END_TEST

START_TEST(refused)
{
    static const char *const metrics[] = {"as_of",      "idle_days", "new",
                                          "churn_rate", "orders",    "last_purchase"};
    struct rt_churn *one = read_log(log_text, form_of("month", 30), false);
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
        struct rt_churn *merged = rt_churn_new_merge(0);
        const char *fault = merge(one, merged, metrics[i]);
        ck_assert_ptr_nonnull(fault != NULL ? fault : finish(merged));
        rt_churn_free(merged);
    }
    struct rt_churn *weeks = read_log(log_text, form_of("week", 30), false);
    struct rt_churn *merged = rt_churn_new_merge(0);
    ck_assert_ptr_null(merge(one, merged, NULL));
    ck_assert_str_eq(merge(weeks, merged, NULL),
                     "--period: the rows were made with different periods");
    rt_churn_free(merged);
    rt_churn_free(weeks);
    rt_churn_free(one);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("churn");
    TCase *all = tcase_create("all");
    tcase_add_test(all, counts);
    tcase_add_test(all, list);
    tcase_add_test(all, merge_of_shards_that_end_apart);
    tcase_add_test(all, refused);
    suite_add_tcase(suite, all);
    return unit_run(suite);
}
