/*
 * goal_rows: goals and changes as rows of a table.
 */
#ifndef RT_GOAL_ROWS_H
#define RT_GOAL_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "libretain/goal.h"
#include "libretain/out.h"
#include "libretain/series.h"

enum { RT_GOAL_FAULT_BYTES = 512 };

/* What all rows have in common, and what they came to. */
struct rt_goal_rows {
    const struct rt_serieses *series;
    int32_t as_of;
    int64_t periods;
    int digits;
    struct rt_out *out;
    int64_t states[3];               /* goals by enum rt_goal_state */
    int64_t changes, news;           /* that were looked at, and of these beyond chance */
    char fault[RT_GOAL_FAULT_BYTES]; /* behind each -1 */
};

/*
 * Writes the header and a row for each goal, in their order. `file` is for messages; benchmarks may
 * be NULL, and then two columns are missing. Returns 0, or -1.
 */
int rt_goal_rows_goals(struct rt_goal_rows *rows, const char *file, const struct rt_goals *goals,
                       const char *benchmark_file, const struct rt_goals *benchmarks);

/* The header of changes. Returns 0, or -1. */
int rt_goal_rows_changes(struct rt_goal_rows *rows);
/* A row for each series of the metric: has it gone up, or down? Returns 0, or -1. */
int rt_goal_rows_change(struct rt_goal_rows *rows, const char *metric, bool up);

#endif
