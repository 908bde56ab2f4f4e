/*
 * goal: what a figure was to become by when, and whether it will.
 *
 * A goals file has a row for each goal: `goal` its name, `metric`, `op` (one of < <= > >=),
 * `target` a number, `due` a date or empty, and where the file has them `owner`, `method` and any
 * key column of the metric rows. A goal is about one series (series.h): the only one with its
 * metric and keys, and with its method where that is not empty.
 *
 * A goal is decided by the period in which `due` lies, once that period is complete, or by the last
 * complete period where it has no `due`. Until then it is open, and the trend of the last complete
 * periods tells whether it will be reached. Nothing knows what day it is: the last complete period
 * of the series is now, or what has ended by the as-of date.
 */
#ifndef RT_GOAL_H
#define RT_GOAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/map.h"
#include "libretain/series.h"
#include "libretain/table.h"
#include "libretain/text.h"

struct rt_goal {
    struct rt_text name, metric, op, target_text, due_text, owner; /* as they came */
    struct rt_text method;                                         /* empty: any */
    struct rt_text *keys; /* one for each key of the series; at NULL: any */
    bool greater, equal;  /* what op says */
    double target;
    int32_t due;   /* RT_DAY_NONE where there is none */
    uint64_t line; /* in the file */
};

struct rt_goals {
    struct rt_table *table; /* for its message */
    struct rt_map texts;
    struct rt_goal *goals;
    size_t count, size;
};

/*
 * Reads a file of goals for these series, as `like` says how the input is read. Returns NULL, or
 * what is wrong, which lives until rt_goals_free. Starts from all zeros.
 */
const char *rt_goals_open(struct rt_goals *goals, const struct rt_table_args *like,
                          const char *file, const struct rt_serieses *series);
/* The same for figures to compare with: metric, value, and method and keys where they are there. */
const char *rt_benchmarks_open(struct rt_goals *benchmarks, const struct rt_table_args *like,
                               const char *file, const struct rt_serieses *series);
void rt_goals_free(struct rt_goals *goals);

/* Has the series the metric, the keys and the method of the goal? */
bool rt_goal_is_about(const struct rt_goal *goal, const struct rt_series *series);
/*
 * The series that a goal is about. NULL with *fault NULL where there is none, or with *fault saying
 * that there are several.
 */
const struct rt_series *rt_goal_series(const struct rt_goal *goal, const struct rt_serieses *series,
                                       const char **fault);

enum rt_goal_state { RT_GOAL_MET, RT_GOAL_MISSED, RT_GOAL_OPEN };

struct rt_verdict {
    const struct rt_series_point *point; /* that decides, or the last one so far */
    enum rt_goal_state state;
    int on_track;    /* 1, 0, or -1 where fewer than 3 periods tell nothing */
    double p_reach;  /* that the target is reached: 1 or 0 once decided; nan where nothing tells */
    double expected; /* the value in the period of due, by the trend; nan where there is none */
};

/*
 * Judges a goal by its series, by the trend of the last `periods` complete ones. Returns NULL, or
 * why that cannot be: a string constant.
 */
const char *rt_goal_judge(const struct rt_goal *goal, const struct rt_series *series, int32_t as_of,
                          int64_t periods, struct rt_verdict *verdict);

/*
 * Has the value changed from the complete period before? The interval of the change is Zou and
 * Donner's (2008, Statistics in Medicine 27:1693-1702), from the values and their own intervals:
 * of Wilson intervals it makes Newcombe's.
 */
struct rt_news {
    const struct rt_series_point *now, *before; /* NULL where there are no two periods */
    double change;
    struct rt_interval interval;
};
/* Returns NULL, or why that cannot be told: a string constant. */
const char *rt_news_look(const struct rt_series *series, int32_t as_of, struct rt_news *news);

#endif
