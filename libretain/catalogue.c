#include "libretain/catalogue.h"

#include <stddef.h>

/* `method` is how the method begins, NULL for any. The first that fits is it. */
static const struct {
    const char *metric, *method;
    struct rt_meaning meaning;
} known[] = {
    {"churn_rate",
     "set",
     {"Churn rate", RT_UNIT_SHARE, RT_BETTER_DOWN, 1,
      "of the customers who were active when the period began, the share who were not when it "
      "ended",
      "active at the start, not at the end", "active at the start"}},
    {"churn_rate",
     "stripe",
     {"Churn rate, new customers counted", RT_UNIT_SHARE, RT_BETTER_DOWN, 0,
      "of the customers who were active when the period began or came new in it, the share who "
      "were "
      "not active when it ended",
      "of them, not active at the end", "active at the start, and new"}},
    {"retention_rate",
     "set",
     {"Retention rate", RT_UNIT_SHARE, RT_BETTER_UP, 2,
      "of the customers who were active when the period began, the share who still were when it "
      "ended",
      "active at the start and at the end", "active at the start"}},
    {"retention_rate",
     "(E-N)/S",
     {"Retention rate, (E-N)/S", RT_UNIT_SHARE, RT_BETTER_UP, 0,
      "customers at the end without the new ones, by customers at the start; those who came back "
      "count, so that it may pass 100%",
      "active at the end, less new", "active at the start"}},
    {"churn_rate_month",
     NULL,
     {"Churn rate as of one month", RT_UNIT_SHARE, RT_BETTER_DOWN, 0,
      "the churn rate of the period, rescaled to a twelfth of 365 days", NULL, NULL}},
    {"churn_rate_year",
     NULL,
     {"Churn rate as of one year", RT_UNIT_SHARE, RT_BETTER_DOWN, 0,
      "the churn rate of the period, rescaled to 365 days", NULL, NULL}},
    {"churn_rate_change",
     NULL,
     {"Change of the churn rate", RT_UNIT_DIFFERENCE, RT_BETTER_DOWN, 0,
      "the churn rate less that of the period before", NULL, NULL}},
    {"customers_start",
     NULL,
     {"Customers at the start", RT_UNIT_COUNT, RT_BETTER_UP, 0,
      "active at the end of the day before the period", NULL, NULL}},
    {"customers_end",
     NULL,
     {"Active customers", RT_UNIT_COUNT, RT_BETTER_UP, 3, "active when the period ended", NULL,
      NULL}},
    {"new",
     NULL,
     {"New customers", RT_UNIT_COUNT, RT_BETTER_UP, 0, "whose first purchase lies in the period",
      NULL, NULL}},
    {"returned",
     NULL,
     {"Returned customers", RT_UNIT_COUNT, RT_BETTER_UP, 0,
      "who bought again after they had not been active", NULL, NULL}},
    {"lost",
     NULL,
     {"Lost customers", RT_UNIT_COUNT, RT_BETTER_DOWN, 0,
      "of those of the start, the new and the returned, who were not active when the period ended",
      NULL, NULL}},
    {"repeat_rate",
     NULL,
     {"Repeat rate", RT_UNIT_SHARE, RT_BETTER_UP, 7,
      "of the customers who bought in the period, the share who did so on two days or more",
      "bought on two days or more", "bought"}},
    {"purchase_frequency",
     NULL,
     {"Purchase frequency", RT_UNIT_NUMBER, RT_BETTER_UP, 0, "orders by customers who bought",
      "orders", "customers who bought"}},
    {"orders",
     NULL,
     {"Orders", RT_UNIT_COUNT, RT_BETTER_UP, 0,
      "days with purchases, customer by "
      "customer",
      NULL, NULL}},
    {"aov",
     NULL,
     {"Average order value", RT_UNIT_MONEY, RT_BETTER_UP, 6, "revenue by orders", "revenue",
      "orders"}},
    {"aov_new",
     NULL,
     {"Average order value of new customers", RT_UNIT_MONEY, RT_BETTER_UP, 0,
      "revenue of new customers by their orders", "revenue", "orders"}},
    {"aov_returning",
     NULL,
     {"Average order value of returning customers", RT_UNIT_MONEY, RT_BETTER_UP, 0,
      "revenue of customers who are not new by their orders", "revenue", "orders"}},
    {"revenue",
     NULL,
     {"Revenue", RT_UNIT_MONEY, RT_BETTER_UP, 5, "the exact sum of the amounts, refunds taken off",
      NULL, NULL}},
    {"share_of_revenue_returning",
     NULL,
     {"Revenue from returning customers", RT_UNIT_SHARE, RT_BETTER_UNKNOWN, 0,
      "the share of revenue that does not come from new customers",
      "revenue of customers who are not new", "revenue"}},
    {"nps",
     NULL,
     {"Net promoter score", RT_UNIT_POINTS, RT_BETTER_UP, 4,
      "the percentage of promoters (9 and 10) less that of detractors (0 to 6), from -100 to 100",
      "promoters less detractors", "answers"}},
    {"promoters",
     NULL,
     {"Promoters", RT_UNIT_SHARE, RT_BETTER_UP, 0, "the share of answers of 9 and 10",
      "answers of 9 and 10", "answers"}},
    {"passives",
     NULL,
     {"Passives", RT_UNIT_SHARE, RT_BETTER_UNKNOWN, 0, "the share of answers of 7 and 8",
      "answers of 7 and 8", "answers"}},
    {"detractors",
     NULL,
     {"Detractors", RT_UNIT_SHARE, RT_BETTER_DOWN, 0, "the share of answers of 0 to 6",
      "answers of 0 to 6", "answers"}},
    {"response_rate",
     NULL,
     {"Response rate", RT_UNIT_SHARE, RT_BETTER_UP, 0, "the share of surveys that were answered",
      "answers", "surveys sent"}},
    {"csat",
     NULL,
     {"Customer satisfaction", RT_UNIT_SHARE, RT_BETTER_UP, 4,
      "the share of answers of 4 and 5 out of 5", "answers of 4 and 5", "answers"}},
    {"ces",
     NULL,
     {"Customer effort score", RT_UNIT_POINTS, RT_BETTER_UNKNOWN, 4, "the mean of the answers",
      "sum of the answers", "answers"}},
    {"nps_change",
     NULL,
     {"Change of the net promoter score", RT_UNIT_POINTS, RT_BETTER_UP, 0,
      "the score less that of the period before", NULL, NULL}},
    {"csat_change",
     NULL,
     {"Change of satisfaction", RT_UNIT_DIFFERENCE, RT_BETTER_UP, 0,
      "satisfaction less that of the period before", NULL, NULL}},
    {"retention",
     NULL,
     {"Retention by cohort", RT_UNIT_SHARE, RT_BETTER_UP, 8,
      "of the customers who started in the same period, the share who were active at an age",
      "active at the age", "customers of the cohort"}},
    {"customers",
     NULL,
     {"Customers", RT_UNIT_COUNT, RT_BETTER_UNKNOWN, 0, "how many customers there are", NULL,
      NULL}},
    {"share",
     NULL,
     {"Share of customers", RT_UNIT_SHARE, RT_BETTER_UNKNOWN, 0,
      "the share of all customers who are in the group", "customers of the group",
      "all customers"}},
    {"share_of_revenue",
     NULL,
     {"Share of revenue", RT_UNIT_SHARE, RT_BETTER_UNKNOWN, 0,
      "the share of all revenue that comes from the group", "revenue of the group", "all revenue"}},
    {"movement",
     NULL,
     {"Movement", RT_UNIT_SHARE, RT_BETTER_UNKNOWN, 0,
      "of those who had the first value before, the share who have the second now",
      "moved to the second", "had the first"}},
    {"survival",
     NULL,
     {"Survival", RT_UNIT_SHARE, RT_BETTER_UP, 0,
      "the share of customers who are still there at an age", NULL, NULL}},
    {"as_of", NULL, {"As-of date", RT_UNIT_NUMBER, RT_BETTER_UNKNOWN, 0, NULL, NULL, NULL}},
};

static bool starts_with(struct rt_text text, const char *start)
{
    const size_t length = strlen(start);
    return text.length >= length && memcmp(text.at, start, length) == 0;
}

static bool ends_with(struct rt_text text, const char *end)
{
    const size_t length = strlen(end);
    return text.length >= length && memcmp(text.at + text.length - length, end, length) == 0;
}

/* Does the method speak of an interval that only shares have? */
static bool has_wilson(struct rt_text method)
{
    static const char word[] = "wilson ";
    for (size_t i = 0; i + sizeof word - 1 <= method.length; i++)
        if (memcmp(method.at + i, word, sizeof word - 1) == 0)
            return true;
    return false;
}

struct rt_meaning rt_catalogue(struct rt_text metric, struct rt_text method)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (rt_text_is(metric, known[i].metric) &&
            (known[i].method == NULL || starts_with(method, known[i].method)))
            return known[i].meaning;
    struct rt_meaning meaning = {.unit = RT_UNIT_NUMBER};
    if (has_wilson(method) || starts_with(metric, "share_of"))
        meaning.unit = RT_UNIT_SHARE;
    else if (ends_with(metric, "_days"))
        meaning.unit = RT_UNIT_DAYS;
    return meaning;
}

bool rt_catalogue_is_aside(struct rt_text metric)
{
    static const char *const starts[] = {
        "last_purchase", "purchase_gap", "squares:", "values:", "retention_so_far", "sum_so_far:"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (starts_with(metric, starts[i]))
            return true;
    return false;
}
