/* horizon, bands, life: what is read, and what is refused. */
#include "libretain/horizon.h"

#include <math.h>

#include "libretain/bands.h"
#include "libretain/life.h"
#include "tests/unit/unit.h"

START_TEST(spans)
{
    static const struct {
        const char *text;
        double days;
    } good[] = {{"365d", 365},  {"52w", 364},      {"12m", 365.25},
                {"1y", 365.25}, {"1.5y", 547.875}, {"0.5m", 365.25 / 24},
                {"+3d", 3},     {"36525d", 36525}, {"inf", INFINITY}};
    static const char *const bad[] = {"",
                                      "12",
                                      "m",
                                      "0d",
                                      "-1d",
                                      "12M",
                                      "12 m",
                                      "1e2d",
                                      "12q",
                                      "infd",
                                      "nan",
                                      "Inf",
                                      "1,5y",
                                      "d12",
                                      "12mm",
                                      "36526d",
                                      "99999999999999999999d"};
    double days;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_ptr_null(rt_horizon_read(rt_text(good[i].text), &days));
        ck_assert(days == good[i].days || fabs(days - good[i].days) < 1e-9);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(rt_horizon_read(rt_text(bad[i]), &days) != NULL, "%s", bad[i]);
}
END_TEST

START_TEST(rates)
{
    static const char *const bad[] = {"10%",       "0.1",           "",       "/year",    "10/",
                                      "10%/years", "-1%/year",      "10%/y",  "10%/Year", "x/year",
                                      "10%%/year", "10%/year/week", "% /year"};
    double share, days;
    ck_assert_ptr_null(rt_rate_read(rt_text("10%/year"), &share, &days));
    ck_assert(share == 0.1 && days == 365.25);
    ck_assert_ptr_null(rt_rate_read(rt_text("0.002/week"), &share, &days));
    ck_assert(share == 0.002 && days == 7);
    ck_assert_ptr_null(rt_rate_read(rt_text("0/month"), &share, &days));
    ck_assert(share == 0 && days == 365.25 / 12);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(rt_rate_read(rt_text(bad[i]), &share, &days) != NULL, "%s", bad[i]);
    ck_assert_ptr_nonnull(strstr(rt_rate_read(rt_text("10%"), &share, &days), "unit"));
}
END_TEST

START_TEST(limits)
{
    static const char *const bad[] = {
        "0",  "1",    "0.3,0.3",  "0.7,0.3", "0.3,", ",0.3", "0.1,0.2,0.3,0.4",
        "30", "-0.3", "0.3,,0.7", "%"};
    struct rt_bands bands;
    ck_assert_ptr_null(rt_bands_read(rt_text("0.3,70%"), &bands));
    ck_assert_int_eq(bands.count, 2);
    ck_assert_str_eq(rt_bands_name(&bands, 0), "high risk");
    ck_assert_str_eq(rt_bands_name(&bands, 0.29999), "high risk");
    ck_assert_str_eq(rt_bands_name(&bands, 0.3), "medium risk");
    ck_assert_str_eq(rt_bands_name(&bands, 0.7), "low risk");
    ck_assert_str_eq(rt_bands_name(&bands, 1), "low risk");
    ck_assert_ptr_null(rt_bands_read(rt_text("0.5"), &bands));
    ck_assert_str_eq(rt_bands_name(&bands, 0.4), "high risk");
    ck_assert_str_eq(rt_bands_name(&bands, 0.5), "low risk");
    ck_assert_ptr_null(rt_bands_read(rt_text("0.1,0.2,0.3"), &bands));
    ck_assert_str_eq(rt_bands_name(&bands, 0), "very high risk");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *wrong = rt_bands_read(rt_text(bad[i]), &bands);
        ck_assert_msg(wrong != NULL && wrong != rt_bands_no_list, "%s", bad[i]);
    }
    ck_assert_ptr_eq(rt_bands_read(rt_text("bands.csv"), &bands), rt_bands_no_list);
    ck_assert_ptr_eq(rt_bands_read(rt_text(""), &bands), rt_bands_no_list);
}
END_TEST

START_TEST(correlation)
{
    struct rt_related related = {0};
    ck_assert(isnan(rt_related_value(&related)));
    static const double pairs[][2] = {{1, 10}, {2, 14}, {3, 11}, {6, 30}, {0, 99}, {4, 0}};
    for (int i = 0; i < 6; i++)
        rt_related_add(
            &related,
            &(struct rt_life){.x = pairs[i][0], .m_x = pairs[i][1], .lost = pairs[i][1] == 0});
    ck_assert_double_eq_tol(rt_related_value(&related), 0.9268550, 1e-6); /* of the first four */
    ck_assert(related.rows == 6 && related.lost == 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("horizon");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, spans);
    tcase_add_test(tests, rates);
    tcase_add_test(tests, limits);
    tcase_add_test(tests, correlation);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
