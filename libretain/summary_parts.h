/*
 * summary_parts: what the three files of summary share; nobody else includes it.
 *
 * summary.c counts rows, summary_merge.c takes metric rows, summary_rows.c gives them.
 */
#ifndef RT_SUMMARY_PARTS_H
#define RT_SUMMARY_PARTS_H

#include "libretain/decimal.h"
#include "libretain/map.h"
#include "libretain/moments.h"
#include "libretain/summary.h"

enum { RT_SUMMARY_FAULT_BYTES = 400, RT_SUMMARY_METHOD_BYTES = 100 };

/* The rows that every group has, in the order in which they are written. */
enum rt_summary_base {
    RT_SUMMARY_CUSTOMERS,
    RT_SUMMARY_SHARE,
    RT_SUMMARY_REVENUE,
    RT_SUMMARY_SHARE_OF_REVENUE,
    RT_SUMMARY_BASE_ROWS
};

/* What a group knows of one statistic. `values` belong to the source of a quantile alone. */
struct rt_summary_state {
    struct rt_moments moments; /* the count of every kind; sums where they are wanted */
    struct rt_decimal extreme;
    double *values;
    size_t used, size;
    int64_t rows, squares_rows; /* merged */
};

struct rt_summary_group {
    int64_t customers;
    struct rt_total revenue;
    struct rt_summary_state *states;
    size_t state_count;
    int64_t rows[RT_SUMMARY_BASE_ROWS]; /* merged */
};

struct rt_summary_sorted {
    struct rt_text key;
    struct rt_summary_group *group;
};

struct rt_summary {
    struct rt_summary_form form;
    struct rt_map map; /* of keys to the places of their groups */
    struct rt_summary_group *groups;
    size_t group_count, group_size;
    struct rt_group_key last_key; /* of the row before, which is often that of the next */
    size_t last_group;
    struct rt_decimal *parsed; /* the cells of the row at hand */
    bool *present;
    size_t *first; /* per statistic, the first one of the same column */
    int64_t rows, empty;

    struct rt_group_key key; /* of the metric row being merged */
    bool learning, confident;
    size_t run_stat;
    char fault[RT_SUMMARY_FAULT_BYTES];

    struct rt_summary_sorted *order; /* NULL until the filling ends */
    struct rt_text *keys;
    int64_t customers, row_total;
    struct rt_total revenue;
    bool revenue_lost;
    struct {
        size_t group, base, stat, step, value;
    } at;
    char share_method[RT_SUMMARY_METHOD_BYTES], mean_method[RT_SUMMARY_METHOD_BYTES],
        quantile_method[RT_SUMMARY_METHOD_BYTES];
    char *metric; /* of the row at hand, where it is no constant */
    char value[RT_REAL_BYTES];
    char squares[RT_SQUARES_BYTES];
};

/* The state of a statistic; the array of a group grows as a merge learns of more of them. */
struct rt_summary_state *rt_summary_state(struct rt_summary *summary,
                                          struct rt_summary_group *group, size_t stat);
/* The group of a key, made where it is new; good until the next call. */
struct rt_summary_group *rt_summary_group(struct rt_summary *summary, struct rt_text key);
void rt_summary_keep(struct rt_summary_state *state, double value, int64_t times);
void rt_summary_extreme(struct rt_summary_state *state, enum rt_stat_kind kind,
                        struct rt_decimal value);

/* The metrics and methods of the rows. */
extern const char *const rt_summary_names[];
extern const char rt_summary_squares[], rt_summary_values[];
void rt_summary_name_methods(struct rt_summary *summary);
const char *rt_summary_base_method(const struct rt_summary *summary, enum rt_summary_base base);
const char *rt_summary_stat_method(const struct rt_summary *summary, enum rt_stat_kind kind);

#endif
