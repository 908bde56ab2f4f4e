#include "libretain/expr.h"

#include <stdio.h>
#include <string.h>

#include "libretain/day.h"
#include "tests/unit/unit.h"

static const char *const columns[] = {"customer_id", "orders", "revenue", "Total (EUR)", "city",
                                      "say \"hi\"",  "select", "ID",      "id",          ""};
enum { WIDTH = sizeof columns / sizeof *columns };
static const char *const row[WIDTH] = {"7",     "12", "99.50", "3", "0815",
                                       "hello", "x",  "1",     "2", "y"};

static struct rt_expr *compile(const char *text)
{
    const struct rt_text expression = rt_text(text);
    return rt_expr_new(RT_EXPR_FIRST, columns, WIDTH, &expression, 1);
}

/* 1 where the expression holds for `row`, 0 where it does not, -1 where it is refused. */
static int holds_for(const char *text, const char *const *values)
{
    struct rt_text cells[WIDTH];
    for (int i = 0; i < WIDTH; i++)
        cells[i] = rt_text(values[i]);
    struct rt_expr *expr = compile(text);
    size_t which = 99;
    int result = -1;
    if (rt_expr_message(expr) == NULL && rt_expr_first(expr, cells, &which) == 0)
        result = which == 0;
    rt_expr_free(expr);
    return result;
}

static int holds(const char *text)
{
    return holds_for(text, row);
}

static void refused(const char *text, const char *reason)
{
    struct rt_expr *expr = compile(text);
    const char *message = rt_expr_message(expr);
    ck_assert_msg(message != NULL, "accepted: %.200s", text);
    ck_assert_msg(strstr(message, reason) != NULL, "%.200s: %s", text, message);
    ck_assert_uint_eq(rt_expr_fault(expr), 0);
    rt_expr_free(expr);
}

START_TEST(expressions_do_what_they_seem_to_do)
{
    static const char *const hold[] = {"orders > 3",
                                       "customer_id = '7'",
                                       "customer_id = 7",
                                       "revenue = 99.5",
                                       "revenue > 99.4",
                                       "orders BETWEEN 2 AND 12",
                                       "\"Total (EUR)\" = 3",
                                       "city LIKE '08%'",
                                       "city || '' = '0815'",
                                       "typeof(city) = 'text'",
                                       "typeof(orders) = 'integer'",
                                       "typeof(revenue) = 'real'",
                                       "\"say \"\"hi\"\"\" = 'hello'",
                                       "\"select\" = 'x'",
                                       "ORDERS IN (11, 12)",
                                       "1 -- a comment",
                                       "orders > /* why */ 3",
                                       "(orders) > (3)",
                                       "CASE WHEN orders > 3 THEN revenue > 1 END",
                                       "max(orders, 3) = 12",
                                       "days('2025-03-01') - days('2025-02-28') = 1",
                                       "city GLOB '08[0-9]5'",
                                       "[orders] = 12",
                                       "orders / 5 = 2",
                                       "orders / 5.0 = 2.4",
                                       "NOT orders IS NULL",
                                       "iif(orders > 3, 1, 0)",
                                       "substr(city, 1, 2) = '08'"};
    for (size_t i = 0; i < sizeof hold / sizeof *hold; i++)
        ck_assert_msg(holds(hold[i]) == 1, "%s gives %d", hold[i], holds(hold[i]));
    ck_assert_int_eq(holds("orders > 12"), 0);
    ck_assert_int_eq(holds("city || '' = '815'"), 0);
    ck_assert_int_eq(holds("NULL"), 0);
}
END_TEST

START_TEST(cells_are_numbers_texts_or_null)
{
    static const struct {
        const char *cell, *type;
    } cases[] = {{"0", "integer"},
                 {"-5", "integer"},
                 {"0.5", "real"},
                 {"-0.25", "real"},
                 {"007", "text"},
                 {"+5", "text"},
                 {"-", "text"},
                 {"1e5", "text"},
                 {"1.", "text"},
                 {".5", "text"},
                 {" 1", "text"},
                 {"0x10", "text"},
                 {"1,5", "text"},
                 {"nan", "text"},
                 {"", "null"},
                 {"-07", "text"},
                 {"00.5", "text"},
                 {"999999999999999999", "integer"},
                 {"1234567890123456789012345", "text"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *values[WIDTH];
        memcpy(values, row, sizeof values);
        values[1] = cases[i].cell;
        char text[64];
        snprintf(text, sizeof text, "typeof(orders) = '%s'", cases[i].type);
        ck_assert_msg(holds_for(text, values) == 1, "%s is no %s", cases[i].cell, cases[i].type);
    }
}
END_TEST

START_TEST(names_that_are_not_there_are_named)
{
    refused("ordrs > 3", "no such column: ordrs (columns: customer_id, orders, revenue,");
    refused("\"ordrs\" > 3", "no such column: ordrs");
    refused("\"orders > 3", "unrecognized token");
    refused("id = 1", "column is there more than once: id");
    refused("rowid = 1", "no such column");
    refused("other.orders = 1", "no such column");
}
END_TEST

START_TEST(hostile_expressions_are_refused)
{
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"1) OR (1", "syntax error"},
        {"1); DROP TABLE x; --", "syntax error"},
        {"1; DROP TABLE x", "one expression"},
        {"1;", "one expression"},
        {"1 /* no end", "incomplete input"},
        {"", "empty"},
        {"-- nothing", "incomplete input"},
        {"1, 2", "syntax error"},
        {"(1, 2)", "row value misused"},
        {"'open", "unrecognized token"},
        {"1 ORDER BY 1", "syntax error"},
        {"1 LIMIT 1", "syntax error"},
        {"1 UNION SELECT 1", "SELECT"},
        {"1 GROUP BY orders", "syntax error"},
        {"(SELECT 1)", "cannot hold a SELECT"},
        {"EXISTS (SELECT 1)", "cannot hold a SELECT"},
        {"orders IN (SELECT 1)", "cannot hold a SELECT"},
        {"orders IN retain_row", "cannot hold a SELECT"},
        {"orders IN sqlite_master", "only the columns of the row"},
        {"1 IN pragma_table_list", "only an expression"},
        {"1 IN generate_series(1, 2)", "no such table"},
        {"(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c)",
         "SELECT"},
        {"PRAGMA user_version", "syntax error"},
        {"ATTACH 'x' AS y", "syntax error"},
        {"random() > 0", "not a function for expressions: random"},
        {"randomblob(1000000000)", "not a function for expressions: randomblob"},
        {"zeroblob(1000000000)", "not a function for expressions: zeroblob"},
        {"printf('%1000000000d', 1)", "not a function for expressions: printf"},
        {"load_extension('x')", "not a function for expressions: load_extension"},
        {"date('now') > last_date", "not a function for expressions: date"},
        {"date() > '2025'", "not a function for expressions: date"},
        {"CURRENT_DATE > '2025'", "not a function for expressions: current_date"},
        {"readfile('/etc/passwd')", "no such function"},
        {"replace(city, '0', '00')", "not a function for expressions: replace"},
        {"hex(city)", "not a function for expressions: hex"},
        {"sqlite_version()", "not a function"},
        {"city MATCH 'x'", "not a function"},
        {"city REGEXP 'x'", "no such function"},
        {"max(orders) > 1", "misuse of aggregate"},
        {"count(*) > 1", "not a function"},
        {"sum(orders) OVER () > 1", "not a function"},
        {"orders = ?", "variables"},
        {"orders = ?1", "variable"},
        {"orders = :x", "variables"},
        {"RAISE(ABORT, 'x')", "RAISE"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(cases[i].text, cases[i].reason);
}
END_TEST

START_TEST(huge_expressions_are_refused)
{
    static char text[RT_EXPR_BYTES + 2];
    memset(text, ' ', sizeof text - 1);
    text[0] = '1';
    refused(text, "longer than 10000 bytes");
    for (size_t i = 0; i + 1 < 8000; i += 2)
        memcpy(text + i, "1+", 2);
    memcpy(text + 7998, "1", 2);
    refused(text, "depth");
    memset(text, '(', 4000);
    text[4000] = '\0';
    refused(text, "overflow");
    memset(text, '*', 4000);
    memcpy(text, "city GLOB '", 11);
    memcpy(text + 4000, "'", 2);
    ck_assert_int_eq(holds(text), -1);

    static struct rt_text many[RT_EXPR_MOST + 1];
    for (size_t i = 0; i <= RT_EXPR_MOST; i++)
        many[i] = rt_text("1");
    struct rt_expr *expr = rt_expr_new(RT_EXPR_FIRST, columns, WIDTH, many, RT_EXPR_MOST + 1);
    ck_assert_str_eq(rt_expr_message(expr), "more than 1000 expressions");
    rt_expr_free(expr);
}
END_TEST

START_TEST(trouble_in_a_row_is_told_and_the_next_row_goes_on)
{
    struct rt_expr *expr = compile("days(city) > 3");
    ck_assert_ptr_null(rt_expr_message(expr));
    struct rt_text cells[WIDTH];
    for (int i = 0; i < WIDTH; i++)
        cells[i] = rt_text(row[i]);
    size_t which;
    ck_assert_int_eq(rt_expr_first(expr, cells, &which), -1);
    ck_assert_str_eq(rt_expr_message(expr), "days: not a date YYYY-MM-DD");
    cells[4] = rt_text("1999-12-31");
    ck_assert_int_eq(rt_expr_first(expr, cells, &which), 0);
    ck_assert_uint_eq(which, 0);
    cells[4] = rt_text("");
    ck_assert_int_eq(rt_expr_first(expr, cells, &which), 0);
    ck_assert_uint_eq(which, 1);
    rt_expr_free(expr);
}
END_TEST

START_TEST(first_and_each)
{
    const struct rt_text expressions[] = {rt_text("orders > 100 -- many"), rt_text("orders > 10"),
                                          rt_text("revenue > 50"), rt_text("NULL")};
    struct rt_expr *first = rt_expr_new(RT_EXPR_FIRST, columns, WIDTH, expressions, 4);
    struct rt_expr *each = rt_expr_new(RT_EXPR_EACH, columns, WIDTH, expressions, 4);
    ck_assert_ptr_null(rt_expr_message(first));
    ck_assert_ptr_null(rt_expr_message(each));
    struct rt_text cells[WIDTH] = {0};
    for (int orders = 5; orders < 200; orders++) {
        char number[16];
        snprintf(number, sizeof number, "%d", orders);
        cells[1] = rt_text(number);
        cells[2] = rt_text(orders % 2 == 0 ? "70.00" : "");
        size_t which;
        bool held[4];
        ck_assert_int_eq(rt_expr_first(first, cells, &which), 0);
        ck_assert_int_eq(rt_expr_each(each, cells, held), 0);
        ck_assert_int_eq(held[0], orders > 100);
        ck_assert_int_eq(held[1], orders > 10);
        ck_assert_int_eq(held[2], orders % 2 == 0);
        ck_assert_int_eq(held[3], false);
        size_t expected = 4;
        for (size_t i = 4; i-- > 0;)
            if (held[i])
                expected = i;
        ck_assert_uint_eq(which, expected);
    }
    ck_assert(rt_expr_uses(first, 1));
    ck_assert(rt_expr_uses(first, 2));
    ck_assert(!rt_expr_uses(first, 0));
    ck_assert(!rt_expr_uses(first, 4));
    rt_expr_free(first);
    rt_expr_free(each);
}
END_TEST

START_TEST(the_fault_is_that_of_its_expression)
{
    const struct rt_text expressions[] = {rt_text("orders > 3"), rt_text("1"), rt_text("orders >")};
    struct rt_expr *expr = rt_expr_new(RT_EXPR_FIRST, columns, WIDTH, expressions, 3);
    ck_assert_uint_eq(rt_expr_fault(expr), 2);
    ck_assert_str_eq(rt_expr_message(expr), "incomplete input");
    rt_expr_free(expr);
    expr = rt_expr_new(RT_EXPR_FIRST, NULL, 0, NULL, 0);
    size_t which = 9;
    ck_assert_int_eq(rt_expr_first(expr, NULL, &which), 0);
    ck_assert_uint_eq(which, 0);
    rt_expr_free(expr);
}
END_TEST

START_TEST(many_columns)
{
    enum { MANY = 65536 };
    static char names[MANY][24];
    static const char *wide[MANY];
    static struct rt_text cells[MANY];
    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "column%05d", i);
        wide[i] = names[i];
        cells[i] = rt_text("3");
    }
    const struct rt_text text = rt_text("column65535 = 3 AND column00000 = 3");
    struct rt_expr *expr = rt_expr_new(RT_EXPR_FIRST, wide, MANY, &text, 1);
    ck_assert_ptr_null(rt_expr_message(expr));
    size_t which;
    ck_assert_int_eq(rt_expr_first(expr, cells, &which), 0);
    ck_assert_uint_eq(which, 0);
    rt_expr_free(expr);
}
END_TEST

static const char *const profile[] = {"customer_id", "last_date", "recency_days", "birthday"};

/* Whether an expression over a profile's row holds; -1 for trouble, which `reason` must tell. */
static int profile_holds(const char *text, const char *const *values, int32_t as_of,
                         const char *reason)
{
    const struct rt_text expression = rt_text(text);
    struct rt_expr *expr = rt_expr_new(RT_EXPR_FIRST, profile, 4, &expression, 1);
    if (rt_expr_message(expr) == NULL && as_of != RT_DAY_NONE)
        rt_expr_set_as_of(expr, as_of);
    struct rt_text cells[4];
    for (int i = 0; i < 4; i++)
        cells[i] = rt_text(values[i]);
    size_t which;
    int result = -1;
    if (rt_expr_message(expr) == NULL && rt_expr_first(expr, cells, &which) == 0)
        result = which == 0;
    else if (reason != NULL)
        ck_assert_msg(strstr(rt_expr_message(expr), reason) != NULL, "%s: %s", text,
                      rt_expr_message(expr));
    rt_expr_free(expr);
    return result;
}

static int32_t day_of(const char *text)
{
    int32_t day;
    ck_assert_int_eq(rt_day_read(rt_text(text), &day), 0);
    return day;
}

START_TEST(dates_are_seen_from_the_as_of_date)
{
    const char *const values[] = {"C1", "2024-02-28", "2", "1992-02-29"};
    ck_assert_int_eq(profile_holds("days_since(last_date) = 2", values, RT_DAY_NONE, NULL), 1);
    ck_assert_int_eq(profile_holds("days_since('2024-02-29') = 1", values, RT_DAY_NONE, NULL), 1);
    ck_assert_int_eq(
        profile_holds("days_since(last_date) = -1", values, day_of("2024-02-27"), NULL), 1);
    ck_assert_int_eq(profile_holds("days_since(NULL) IS NULL", values, RT_DAY_NONE, NULL), 1);
    ck_assert_int_eq(profile_holds("anniversary(birthday) = 0", values, day_of("2024-02-29"), NULL),
                     1);
    ck_assert_int_eq(profile_holds("anniversary(birthday) = 0", values, day_of("2025-02-28"), NULL),
                     1);
    ck_assert_int_eq(
        profile_holds("anniversary(birthday) = 364", values, day_of("2025-03-01"), NULL), 1);
    ck_assert_int_eq(
        profile_holds("anniversary(last_date) = 366", values, day_of("2024-02-28"), NULL), 1);
    const char *const unknown[] = {"C1", "", "", "1992-02-29"};
    ck_assert_int_eq(
        profile_holds("days_since(birthday) > 1", unknown, RT_DAY_NONE, "tell the as-of date"), -1);
    ck_assert_int_eq(profile_holds("days_since(customer_id) > 1", values, RT_DAY_NONE,
                                   "days_since: not a date YYYY-MM-DD"),
                     -1);
    ck_assert_int_eq(
        profile_holds("anniversary(3) > 1", values, RT_DAY_NONE, "anniversary: not a date"), -1);
}
END_TEST

START_TEST(a_new_as_of_date_counts_for_the_next_row)
{
    const struct rt_text expression = rt_text("days_since('2024-01-01') = 5");
    struct rt_expr *expr = rt_expr_new(RT_EXPR_FIRST, profile, 4, &expression, 1);
    ck_assert_ptr_null(rt_expr_message(expr));
    struct rt_text cells[4] = {{NULL, 0}};
    for (int32_t day = 0; day < 10; day++) {
        size_t which;
        rt_expr_set_as_of(expr, day_of("2024-01-01") + day);
        ck_assert_int_eq(rt_expr_first(expr, cells, &which), 0);
        ck_assert_uint_eq(which, day == 5 ? 0 : 1);
    }
    rt_expr_free(expr);
}
END_TEST

START_TEST(buckets_are_of_the_customer)
{
    char text[64], id[16];
    const char *const values[] = {id, "", "", ""};
    for (int customer = 0; customer < 50; customer++) {
        snprintf(id, sizeof id, "C%d", customer);
        int holding = 0;
        for (int bucket = 0; bucket < 4; bucket++) {
            snprintf(text, sizeof text, "bucket('s', 4) = %d", bucket);
            holding += profile_holds(text, values, RT_DAY_NONE, NULL) == 1;
        }
        ck_assert_int_eq(holding, 1);
    }
    ck_assert_int_eq(profile_holds("bucket('s', 0) = 1", values, RT_DAY_NONE, "bucket: not"), -1);
    ck_assert_int_eq(profile_holds("bucket('', 3) = 1", values, RT_DAY_NONE, "bucket: not"), -1);
    ck_assert_int_eq(profile_holds("bucket('s', 'x') = 1", values, RT_DAY_NONE, "bucket: not"), -1);
    ck_assert_int_eq(profile_holds("bucket('s') = 1", values, RT_DAY_NONE, "number of arguments"),
                     -1);
    static const char *const other[] = {"id"};
    const struct rt_text expression = rt_text("bucket('s', 3) = 1");
    struct rt_expr *expr = rt_expr_new(RT_EXPR_FIRST, other, 1, &expression, 1);
    ck_assert_str_eq(rt_expr_message(expr), "bucket: no column customer_id");
    rt_expr_free(expr);
}
END_TEST

START_TEST(what_an_expression_looks_at)
{
    static const struct {
        const char *text;
        bool always;
        size_t count;
    } cases[] = {
        {"1", true, 0},
        {"0", false, 0},
        {"NULL", false, 0},
        {"NOT 0 -- all others", true, 0},
        {"'2024-01-01' < '2025-01-01'", true, 0},
        {"orders = orders", false, 1},
        {"revenue > orders AND revenue > 3", false, 2},
        {"bucket('s', 1) = 0", false, 0},
        {"days_since('2024-01-01') > 0", false, 0},
        {"city = 'x' OR ORDERS > 3 OR orders < 1", false, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_expr *expr = compile(cases[i].text);
        size_t count;
        const size_t *reads = rt_expr_reads(expr, 0, &count);
        ck_assert_msg(rt_expr_message(expr) == NULL, "%s", cases[i].text);
        ck_assert_msg(rt_expr_always(expr, 0) == cases[i].always, "%s", cases[i].text);
        ck_assert_msg(count == cases[i].count, "%s reads %zu", cases[i].text, count);
        for (size_t r = 0; r < count; r++)
            ck_assert(rt_expr_uses(expr, reads[r]) &&
                      (r == 0 || strcmp(columns[reads[r - 1]], columns[reads[r]]) < 0));
        rt_expr_free(expr);
    }
    refused("days('x') > 1", "days: not a date");
}
END_TEST

START_TEST(every_function_listed_is_there)
{
    char list[512];
    snprintf(list, sizeof list, "%s", rt_expr_functions());
    int known = 0;
    for (char *name = strtok(list, " "); name != NULL; name = strtok(NULL, " ")) {
        char text[64];
        /* With a number of arguments that none takes, one that is known says so. */
        snprintf(text, sizeof text, "%s(1,2,3,4,5,6,7,8,9)", name);
        struct rt_expr *expr = compile(text);
        const char *message = rt_expr_message(expr);
        ck_assert_msg(message == NULL || strstr(message, "wrong number of arguments") != NULL,
                      "%s: %s", name, message);
        known++;
        rt_expr_free(expr);
    }
    ck_assert_int_gt(known, 20);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("expr");
    TCase *cases = tcase_create("expr");
    tcase_add_test(cases, expressions_do_what_they_seem_to_do);
    tcase_add_test(cases, cells_are_numbers_texts_or_null);
    tcase_add_test(cases, names_that_are_not_there_are_named);
    tcase_add_test(cases, hostile_expressions_are_refused);
    tcase_add_test(cases, huge_expressions_are_refused);
    tcase_add_test(cases, trouble_in_a_row_is_told_and_the_next_row_goes_on);
    tcase_add_test(cases, first_and_each);
    tcase_add_test(cases, the_fault_is_that_of_its_expression);
    tcase_add_test(cases, many_columns);
    tcase_add_test(cases, dates_are_seen_from_the_as_of_date);
    tcase_add_test(cases, a_new_as_of_date_counts_for_the_next_row);
    tcase_add_test(cases, buckets_are_of_the_customer);
    tcase_add_test(cases, what_an_expression_looks_at);
    tcase_add_test(cases, every_function_listed_is_there);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
