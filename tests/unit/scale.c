#include "libretain/scale.h"

#include <math.h>

#include "tests/unit/unit.h"

static const struct {
    double least, most;
    enum rt_unit unit;
    bool zero;
    double lo, hi, step;
} axes[] = {
    {0.05, 0.31, RT_UNIT_SHARE, false, 0, 0.4, 0.1},
    {0.81, 0.99, RT_UNIT_SHARE, false, 0.8, 1, 0.05},
    {0.5, 1.2, RT_UNIT_SHARE, false, 0, 1.5, 0.5},
    {-12, 44, RT_UNIT_POINTS, true, -20, 60, 20},
    {5, 5, RT_UNIT_NUMBER, false, 4.4, 5.6, 0.2},
    {0, 0, RT_UNIT_COUNT, true, 0, 1, 0.2},
    {1000000, 1000001, RT_UNIT_MONEY, false, 1000000, 1000001, 0.2},
    {-30, -20, RT_UNIT_POINTS, false, -30, -20, 2},
    {-30, -20, RT_UNIT_POINTS, true, -30, 0, 10},
    {0, 1e15, RT_UNIT_MONEY, true, 0, 1e15, 2e14},
};

START_TEST(makes_round_axes)
{
    const struct rt_scale scale =
        rt_scale_make(axes[_i].least, axes[_i].most, 5, axes[_i].zero, axes[_i].unit);
    ck_assert_double_le(fabs(scale.step - axes[_i].step), 1e-9 * axes[_i].step);
    ck_assert_double_le(fabs(scale.hi - axes[_i].hi), 1e-9 * fabs(axes[_i].hi));
    ck_assert_double_le(fabs(scale.lo - axes[_i].lo), 1e-9 * fabs(axes[_i].hi));
    ck_assert_int_ge(scale.ticks, 2);
    ck_assert_double_le(rt_scale_tick(&scale, scale.ticks - 1), scale.hi + scale.step * 1e-6);
    ck_assert_double_ge(rt_scale_place(&scale, axes[_i].least), -1e-9);
    ck_assert_double_le(rt_scale_place(&scale, axes[_i].most), 1 + 1e-9);
}
END_TEST

START_TEST(writes_numbers)
{
    static const struct {
        double value;
        enum rt_unit unit;
        int digits;
        const char *text;
    } cases[] = {
        {0.1425, RT_UNIT_SHARE, -1, "14.3%"}, /* as it is written, not as the double is */
        {1, RT_UNIT_SHARE, 0, "100%"},
        {-0.036, RT_UNIT_DIFFERENCE, -1,
         "\xe2\x88\x92"
         "3.6 pp"},
        {-0.00001, RT_UNIT_SHARE, -1, "0.0%"},
        {12.5, RT_UNIT_MONEY, -1, "12.50"},
        {9999, RT_UNIT_COUNT, -1, "9999"},
        {12345, RT_UNIT_COUNT, -1,
         "12\xe2\x80\xaf"
         "345"},
        {1234567.891, RT_UNIT_MONEY, -1,
         "1\xe2\x80\xaf"
         "234\xe2\x80\xaf"
         "567.89"},
        {2.5, RT_UNIT_NUMBER, -1, "2.50"},
        {NAN, RT_UNIT_SHARE, -1, "\xe2\x80\x93"},
        {INFINITY, RT_UNIT_NUMBER, -1, "\xe2\x80\x93"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_buffer text = {0};
        rt_scale_number(&text, cases[i].value, cases[i].unit, cases[i].digits);
        ck_assert_msg(rt_text_is(rt_buffer_get(&text), cases[i].text), "%.*s", (int)text.used,
                      text.bytes);
        rt_buffer_free(&text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scale");
    TCase *tests = tcase_create("scale");
    tcase_add_loop_test(tests, makes_round_axes, 0, sizeof axes / sizeof *axes);
    tcase_add_test(tests, writes_numbers);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
