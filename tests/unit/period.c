#include "libretain/period.h"

#include <string.h>

#include "libretain/day.h"
#include "unit.h"

static const char *const kinds[] = {"day",  "week", "month", "quarter",
                                    "year", "2d",   "30d",   "99999d"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static struct rt_period kind_of(const char *name, bool sunday)
{
    struct rt_period period;
    ck_assert_int_eq(rt_period_read(rt_text(name), sunday, &period), 0);
    return period;
}

static int32_t day_of(const char *date)
{
    int32_t day;
    ck_assert_int_eq(rt_day_read(rt_text(date), &day), 0);
    return day;
}

/* Labels and ends that a calendar gives; ISO weeks from the examples of ISO 8601. */
START_TEST(calendar)
{
    static const struct {
        const char *kind;
        bool sunday;
        const char *date, *label, *first, *last;
    } cases[] = {
        {"day", false, "2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29"},
        {"1d", false, "2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29"},
        {"month", false, "2024-02-10", "2024-02", "2024-02-01", "2024-02-29"},
        {"month", true, "9999-12-31", "9999-12", "9999-12-01", "9999-12-31"},
        {"quarter", false, "2024-03-31", "2024-Q1", "2024-01-01", "2024-03-31"},
        {"quarter", false, "2023-12-01", "2023-Q4", "2023-10-01", "2023-12-31"},
        {"year", false, "1900-06-01", "1900", "1900-01-01", "1900-12-31"},
        {"year", false, "9999-06-01", "9999", "9999-01-01", "9999-12-31"},
        {"year", false, "0001-06-01", "0001", "0001-01-01", "0001-12-31"},
        {"week", false, "2024-03-01", "2024-W09", "2024-02-26", "2024-03-03"},
        {"week", false, "2005-01-01", "2004-W53", "2004-12-27", "2005-01-02"},
        {"week", false, "2007-12-31", "2008-W01", "2007-12-31", "2008-01-06"},
        {"week", false, "2010-01-03", "2009-W53", "2009-12-28", "2010-01-03"},
        {"week", false, "0001-01-01", "0001-W01", "0001-01-01", "0001-01-07"},
        {"week", false, "9999-12-31", "9999-W52", "9999-12-27", "9999-12-31"},
        {"week", true, "2024-03-01", "2024-02-25", "2024-02-25", "2024-03-02"},
        {"week", true, "2024-02-25", "2024-02-25", "2024-02-25", "2024-03-02"},
        {"week", true, "0001-01-01", "0001-01-01", "0001-01-01", "0001-01-06"},
        {"7d", false, "2024-03-01", "2024-02-26", "2024-02-26", "2024-03-03"},
        {"30d", false, "1970-01-05", "1970-01-05", "1970-01-05", "1970-02-03"},
        {"30d", false, "1970-01-04", "1969-12-06", "1969-12-06", "1970-01-04"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct rt_period period = kind_of(cases[i].kind, cases[i].sunday);
        const int32_t index = rt_period_index(&period, day_of(cases[i].date));
        char label[RT_PERIOD_LABEL_BYTES];
        ck_assert_uint_eq(rt_period_label(&period, index, label), strlen(cases[i].label));
        ck_assert_str_eq(label, cases[i].label);
        ck_assert_int_eq(rt_period_first(&period, index), day_of(cases[i].first));
        ck_assert_int_eq(rt_period_last(&period, index), day_of(cases[i].last));
    }
}
END_TEST

/* That a period begins on `day`, and that its label comes behind the one before. */
static bool fits(const struct rt_period *period, int32_t index, int32_t day, int32_t last,
                 char label[RT_PERIOD_LABEL_BYTES])
{
    char before[RT_PERIOD_LABEL_BYTES];
    memcpy(before, label, sizeof before);
    int32_t read;
    const size_t length = rt_period_label(period, index, label);
    return rt_period_first(period, index) == day && rt_period_index(period, day) == index &&
           last >= day && rt_period_index(period, last) == index && strcmp(before, label) < 0 &&
           rt_period_read_label(period, (struct rt_text){label, length}, &read) == 0 &&
           read == index;
}

/* Each day lies in one period, periods touch, labels read back and sort as the periods do. */
START_TEST(no_gap)
{
    for (size_t kind = 0; kind < KINDS; kind++)
        for (int sunday = 0; sunday < 2; sunday++) {
            const struct rt_period period = kind_of(kinds[kind], sunday);
            int32_t index = rt_period_index(&period, RT_DAY_FIRST);
            char label[RT_PERIOD_LABEL_BYTES] = "";
            for (int32_t day = RT_DAY_FIRST; day <= RT_DAY_LAST; index++) {
                const int32_t last = rt_period_last(&period, index);
                if (!fits(&period, index, day, last, label))
                    ck_abort_msg("%s: %s, day %d", kinds[kind], label, (int)day);
                day = last + 1;
            }
        }
}
END_TEST

START_TEST(names)
{
    char name[RT_PERIOD_NAME_BYTES];
    struct rt_period read;
    for (size_t kind = 0; kind < KINDS; kind++) {
        const struct rt_period period = kind_of(kinds[kind], false);
        rt_period_name(&period, name);
        ck_assert_str_eq(name, kinds[kind]);
        ck_assert_int_eq(rt_period_read_name(rt_text(name), &read), 0);
        ck_assert(rt_period_equal(&period, &read));
    }
    const struct rt_period sunday = kind_of("week", true), monday = kind_of("week", false);
    rt_period_name(&sunday, name);
    ck_assert_str_eq(name, "week-sunday");
    ck_assert_int_eq(rt_period_read_name(rt_text(name), &read), 0);
    ck_assert(rt_period_equal(&sunday, &read));
    ck_assert(!rt_period_equal(&monday, &read));
    const struct rt_period day = kind_of("1d", false), same = kind_of("day", true);
    ck_assert(rt_period_equal(&day, &same));
}
END_TEST

START_TEST(refused)
{
    static const char *const no_kinds[] = {"",    "d",    "0d",      "030d", "-1d",  "30",
                                           "30D", "Week", "100000d", "1.5d", "days", "30 d"};
    struct rt_period period;
    for (size_t i = 0; i < sizeof no_kinds / sizeof no_kinds[0]; i++)
        ck_assert_int_eq(rt_period_read(rt_text(no_kinds[i]), false, &period), -1);
    static const struct {
        const char *kind, *label;
    } no_labels[] = {
        {"month", "2024"},          {"month", "2024-13"},
        {"month", "2024-00"},       {"month", "2024-3"},
        {"month", "2024-003"},      {"month", "2024/03"},
        {"month", "2024-Q1"},       {"quarter", "2024-Q5"},
        {"quarter", "2024-01"},     {"week", "2024-W53"},
        {"week", "2024-W00"},       {"week", "2024-W9"},
        {"week", "9999-W53"},       {"week", "2024-02-26"},
        {"year", "0000"},           {"year", "24"},
        {"year", "20240"},          {"day", "2024-02-30"},
        {"30d", "1970-01-06"},      {"day", ""},
        {"month", "2024-"},         {"day", "2024-03-01 x"},
        {"day", "2024-03-01xxxxx"}, {"year", "202a"},
    };
    int32_t index;
    for (size_t i = 0; i < sizeof no_labels / sizeof no_labels[0]; i++) {
        period = kind_of(no_labels[i].kind, false);
        ck_assert_int_eq(rt_period_read_label(&period, rt_text(no_labels[i].label), &index), -1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("period");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, calendar);
    tcase_add_test(all, no_gap);
    tcase_add_test(all, names);
    tcase_add_test(all, refused);
    suite_add_tcase(suite, all);
    return unit_run(suite);
}
