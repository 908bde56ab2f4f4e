/*
 * trend against values computed with numpy 2 and scipy 1: the normal equations, and Student's t by
 * scipy.stats.t.sf.
 */
#include "libretain/trend.h"

#include <math.h>

#include "tests/unit/unit.h"

static void near(double got, double expected, double tolerance)
{
    ck_assert_msg(fabs(got - expected) <= tolerance, "%.15g is not %.15g", got, expected);
}

enum { COUNT = 7 };

static const double at[COUNT] = {0, 1, 2, 3, 5, 6, 7};
static const double values[COUNT] = {.21, .2, .18, .19, .15, .16, .13};
static const double errors[COUNT] = {.02, .01, .01, .02, .015, .01, .03};

/* errors times `scale`; none where that is nan. */
static struct rt_forecast forecast(double scale, double where)
{
    struct rt_trend_point points[COUNT];
    for (int i = 0; i < COUNT; i++)
        points[i] = (struct rt_trend_point){at[i], values[i], errors[i] * scale};
    struct rt_forecast found;
    ck_assert(rt_trend_forecast(points, COUNT, where, &found) == 0);
    return found;
}

START_TEST(equal_weights)
{
    const struct rt_forecast found = forecast(NAN, 10);
    near(found.value, 0.10609589041095877, 1e-15);
    near(found.error, 0.014457052956391206, 1e-15);
    ck_assert(found.freedom == 5);
    near(rt_forecast_above(&found, 0.1), 0.6546044757768616, 1e-12);
    near(rt_forecast_above(&found, 0.12), 0.19017222215929572, 1e-12);
    near(rt_forecast_above(&found, found.value), 0.5, 1e-15);
    /* Forwards and backwards are the same line. */
    near(rt_forecast_above(&found, 0.1) + rt_forecast_above(&found, 2 * found.value - 0.1), 1,
         1e-12);
}
END_TEST

START_TEST(weights)
{
    /* The values spread less about the line than their errors say, which are then taken. */
    const struct rt_forecast wide = forecast(1, 10);
    near(wide.value, 0.11866994028382076, 1e-15);
    near(wide.error, 0.024101179989448406, 1e-15);
    near(rt_forecast_above(&wide, 0.1), 0.7632155065247285, 1e-12);
    /* They spread more than these. */
    const struct rt_forecast close = forecast(0.1, 10);
    near(close.value, 0.11866994028382072, 1e-15);
    near(close.error, 0.016732458829628948, 1e-15);
    near(rt_forecast_above(&close, 0.1), 0.8423773670259764, 1e-12);
}
END_TEST

START_TEST(too_little)
{
    struct rt_trend_point points[] = {{1, 5, NAN}, {2, 6, NAN}, {3, 7, NAN}};
    struct rt_forecast found;
    ck_assert(rt_trend_forecast(points, 0, 4, &found) == -1);
    ck_assert(rt_trend_forecast(points, 2, 4, &found) == -1);
    ck_assert(rt_trend_forecast(points, 3, 4, &found) == 0);
    /* On the line, so that there is no doubt. */
    near(found.value, 8, 1e-12);
    ck_assert(found.error == 0);
    ck_assert(rt_forecast_above(&found, 7.5) == 1 && rt_forecast_above(&found, 8.5) == 0);
    points[1].at = points[2].at = 1;
    ck_assert(rt_trend_forecast(points, 3, 4, &found) == -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("trend");
    TCase *tests = tcase_create("tests");
    tcase_add_test(tests, equal_weights);
    tcase_add_test(tests, weights);
    tcase_add_test(tests, too_little);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
