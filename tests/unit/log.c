#include "unit.h"

#include "libretain/log.h"

static const struct rt_log_form plain = {NULL, '.', 0}, european = {"%d.%m.%Y", ',', '.'};

START_TEST(test_names)
{
    ck_assert_str_eq(rt_log_column_name(RT_LOG_CUSTOMER), "customer_id");
    ck_assert_str_eq(rt_log_column_name(RT_LOG_REF), "ref");
}
END_TEST

START_TEST(test_forms)
{
    const char *option = NULL;
    ck_assert_ptr_null(rt_log_form_fault(&plain, &option));
    ck_assert_ptr_null(rt_log_form_fault(&european, &option));
    static const struct {
        struct rt_log_form form;
        const char *option;
    } bad[] = {
        {{NULL, '7', 0}, "decimal"}, {{NULL, '-', 0}, "decimal"}, {{NULL, '.', '+'}, "group"},
        {{NULL, ',', '0'}, "group"}, {{NULL, '.', '.'}, "group"}, {{"%d", '.', 0}, "date-format"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_ptr_nonnull(rt_log_form_fault(&bad[i].form, &option));
        ck_assert_str_eq(option, bad[i].option);
    }
}
END_TEST

START_TEST(test_cells)
{
    int32_t day;
    struct rt_decimal amount;
    ck_assert_ptr_null(rt_log_check_customer(rt_text(" ")));
    ck_assert_str_eq(rt_log_check_customer(rt_text("")), "empty");
    ck_assert_ptr_null(rt_log_read_date(rt_text("1970-01-02"), &plain, &day));
    ck_assert_int_eq(day, 1);
    ck_assert_ptr_null(rt_log_read_date(rt_text("03.01.1970"), &european, &day));
    ck_assert_int_eq(day, 2);
    ck_assert_ptr_nonnull(rt_log_read_date(rt_text("03.01.1970"), &plain, &day));
    ck_assert_ptr_nonnull(rt_log_read_date(rt_text("1970-01-02"), &european, &day));
    ck_assert_ptr_null(rt_log_read_amount(rt_text("-1.50"), &plain, &amount));
    ck_assert_int_eq(amount.units, -150);
    ck_assert_int_eq(amount.places, 2);
    ck_assert_ptr_null(rt_log_read_amount(rt_text("1.234,5"), &european, &amount));
    ck_assert_int_eq(amount.units, 12345);
    ck_assert_str_eq(rt_log_read_amount(rt_text(""), &plain, &amount), "empty");
    ck_assert_str_eq(rt_log_read_amount(rt_text(""), &european, &amount), "empty");
    ck_assert_str_eq(rt_log_read_amount(rt_text("1,5"), &plain, &amount), "not a number");
    ck_assert_ptr_nonnull(rt_log_read_amount(rt_text("1.5"), &european, &amount));
    ck_assert_str_eq(rt_log_read_amount(rt_text("99999999999999999999"), &plain, &amount),
                     "more digits than can be kept exactly");
}
END_TEST

START_TEST(test_events)
{
    ck_assert(!rt_log_amount_may_be_empty(rt_text("")));
    ck_assert(!rt_log_amount_may_be_empty(rt_text("purchase")));
    ck_assert(rt_log_amount_may_be_empty(rt_text("visit")));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("log");
    TCase *test = tcase_create("log");
    tcase_add_test(test, test_names);
    tcase_add_test(test, test_forms);
    tcase_add_test(test, test_cells);
    tcase_add_test(test, test_events);
    suite_add_tcase(suite, test);
    return unit_run(suite);
}
