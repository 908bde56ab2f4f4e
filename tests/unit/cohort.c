/* Forms: modes, and methods that are written and read back; what differs is named. */
#include "libretain/cohort.h"

#include <string.h>

#include "tests/unit/unit.h"

static struct rt_cohort_form read_form(const char *text)
{
    struct rt_cohort_form form;
    ck_assert_msg(rt_cohort_form_read(rt_text(text), &form) == 0, "%s", text);
    return form;
}

static const char *const forms[] = {
    "first-time month cohorts; exact month ages; wilson 95%",
    "first-time week-sunday cohorts; rolling week ages from 0; wilson 99.5%",
    "recurring 30d cohorts; exact day ages; start a%3B b; return 5%25 off; wilson 90%",
    "first-time quarter cohorts; bracket day ages 0-7 8-30 90; wilson 95%",
    "first-time year cohorts; exact quarter ages; cumulative sum qty; wilson 95%",
    "first-time day cohorts; exact day ages; start to; sum sum; wilson 95%",
};

START_TEST(methods_are_read_back)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct rt_cohort_form form = read_form(forms[i]);
        char *text = rt_cohort_form_write(&form, RT_COHORT_WHOLE);
        ck_assert_str_eq(text, forms[i]);
        free(text);
        rt_cohort_form_free(&form);
    }
}
END_TEST

START_TEST(other_texts_are_no_methods)
{
    static const char *const others[] = {
        "",
        "first-time month cohorts",
        "first-time month cohorts; exact month ages",
        "first-time months cohorts; exact month ages; wilson 95%",
        "first-time month cohorts; exact month ages 0-7; wilson 95%",
        "first-time month cohorts; bracket month ages; wilson 95%",
        "first-time month cohorts; bracket month ages 7-7; wilson 95%",
        "first-time month cohorts; exact month ages; start purchase; wilson 95%",
        "first-time month cohorts; exact month ages; start a; start b; wilson 95%",
        "first-time month cohorts; exact month ages; start a; b; wilson 95%",
        "first-time month cohorts; exact month ages; start a%3; wilson 95%",
        "first-time month cohorts; exact month ages; start a%41; wilson 95%",
        "first-time month cohorts; exact month ages; wilson 95%; sum a",
        "first-time month cohorts; exact month ages; wilson 95%; wilson 95%",
        "first-time month cohorts; exact month ages; wilson 0.95",
        "first-time 1d cohorts; exact month ages; wilson 95%",
    };
    struct rt_cohort_form form;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_msg(rt_cohort_form_read(rt_text(others[i]), &form) == -1, "%s", others[i]);
}
END_TEST

START_TEST(what_differs_is_named)
{
    static const struct {
        const char *text, *option;
    } others[] = {
        {"first-time month cohorts; exact month ages; wilson 95%", NULL},
        {"first-time week cohorts; exact month ages; wilson 95%", "--cohort"},
        {"first-time month cohorts; exact day ages; wilson 95%", "--age"},
        {"recurring month cohorts; exact month ages; wilson 95%", "--recurring"},
        {"first-time month cohorts; rolling month ages; wilson 95%", "--mode"},
        {"first-time month cohorts; exact month ages from 0; wilson 95%", "--zero"},
        {"first-time month cohorts; exact month ages; start a; wilson 95%", "--start"},
        {"first-time month cohorts; exact month ages; return a; wilson 95%", "--return"},
        {"first-time month cohorts; exact month ages; sum a; wilson 95%", "--sum"},
        {"first-time month cohorts; exact month ages; wilson 90%", "--conf"},
    };
    struct rt_cohort_form form = read_form(others[0].text);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct rt_cohort_form other = read_form(others[i].text);
        const char *option = rt_cohort_forms_differ(&form, &other);
        if (others[i].option == NULL)
            ck_assert_ptr_null(option);
        else
            ck_assert_str_eq(option, others[i].option);
        rt_cohort_form_free(&other);
    }
    rt_cohort_form_free(&form);
}
END_TEST

START_TEST(brackets)
{
    struct rt_cohort_form form = {.brackets = NULL};
    ck_assert_ptr_null(rt_cohort_read_mode(rt_text("bracket=0-7,90,8-30"), &form));
    ck_assert_uint_eq(form.bracket_count, 3);
    ck_assert_int_eq(form.brackets[0].to, 7);
    ck_assert_int_eq(form.brackets[1].from, 90);
    ck_assert_int_eq(form.brackets[1].to, 90);
    char text[RT_COHORT_BRACKET_BYTES];
    ck_assert_uint_eq(rt_bracket_write(form.brackets[2], text), 4);
    ck_assert_str_eq(text, "8-30");
    rt_cohort_form_free(&form);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cohort");
    TCase *cases = tcase_create("form");
    tcase_add_test(cases, methods_are_read_back);
    tcase_add_test(cases, other_texts_are_no_methods);
    tcase_add_test(cases, what_differs_is_named);
    tcase_add_test(cases, brackets);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
