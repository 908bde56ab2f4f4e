#include "libretain/numeral.h"

#include "tests/unit/unit.h"

static const struct {
    const char *from;
    int digits;
    const char *rounded, *percent;
} cases[] = {
    {"0", 0, "0", "0%"},
    {"1", 1, "1", "100.0%"},
    {"0.12345", 1, "0.1", "12.3%"},
    {"0.12355", 1, "0.1", "12.4%"},
    {"2.675", 2, "2.68", "267.50%"},
    {"-2.675", 2, "-2.68", "-267.50%"},
    {"9.995", 2, "10.00", "999.50%"},
    {"0.99999", 1, "1.0", "100.0%"},
    {"-0.00001", 1, "0.0", "0.0%"},
    {"+0.5", 0, "+1", "+50%"},
    {"99.5", 0, "100", "9950%"},
    {"007.25", 1, "007.3", "725.0%"},
    {"123456789012345678901234567890.15", 1, "123456789012345678901234567890.2",
     "12345678901234567890123456789015.0%"},
    {"1.5", -1, "1.5", "150%"},
    {"0.005", 0, "0", "1%"},
    {"0.0049999", 0, "0", "0%"},
};

static void gives(struct rt_buffer *buffer, const char *expected)
{
    const struct rt_text got = rt_buffer_get(buffer);
    ck_assert_msg(rt_text_is(got, expected), "%.*s, not %s", (int)got.length, got.at, expected);
    rt_buffer_free(buffer);
}

START_TEST(rounds)
{
    struct rt_buffer buffer = {0};
    rt_numeral_round(&buffer, rt_text(cases[_i].from), cases[_i].digits);
    gives(&buffer, cases[_i].rounded);
    rt_numeral_percent(&buffer, rt_text(cases[_i].from), cases[_i].digits);
    gives(&buffer, cases[_i].percent);
}
END_TEST

START_TEST(keeps_what_stands_before)
{
    struct rt_buffer buffer = {0};
    rt_buffer_add(&buffer, "9-");
    rt_numeral_round(&buffer, rt_text("-9.99"), 1);
    rt_buffer_add(&buffer, " ");
    rt_numeral_percent(&buffer, rt_text("-0.9999"), 1);
    gives(&buffer, "9--10.0 -100.0%");
}
END_TEST

START_TEST(knows_numerals)
{
    static const char *const yes[] = {"0", "-1", "+1.5", "007", "1.50"};
    static const char *const no[] = {"",    "-",   ".",  "1.", ".5", "1e5",
                                     "nan", "1,5", " 1", "1 ", "--1"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        ck_assert_msg(rt_numeral_is(rt_text(yes[i])), "%s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        ck_assert_msg(!rt_numeral_is(rt_text(no[i])), "%s", no[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("numeral");
    TCase *tests = tcase_create("numeral");
    tcase_add_loop_test(tests, rounds, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tests, keeps_what_stands_before);
    tcase_add_test(tests, knows_numerals);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
