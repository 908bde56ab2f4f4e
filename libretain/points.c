#include "libretain/points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/map.h"
#include "libretain/metrics.h"

/* What is known of a group while it is read. */
struct growing {
    struct rt_histogram *points;
    int32_t as_of;
    double period, survivors; /* of its last row, for models of leaving; -1 before the first */
};

struct reader {
    struct rt_table *table;
    const struct rt_points_form *form;
    int columns[RT_POINT]; /* of the model; of leaving: period, survivors */
    int width;
    bool leaving, spend;
    int weight;        /* -1: none */
    int last, recency; /* last_date and recency_days; -1 where not both are there */
    int *by;
    struct rt_map groups; /* key to struct growing */
    struct growing *one;  /* without `by` */
    struct rt_group_key key;
    uint64_t rows, without;
};

/* Columns ---------------------------------------------------------------------------------------
 */

static const char *const survivor_columns[] = {"period", "survivors", NULL};

static int find_columns(struct reader *reader)
{
    struct rt_table *table = reader->table;
    const struct rt_points_form *form = reader->form;
    const char *const *names = reader->leaving ? survivor_columns : form->model->columns;
    for (; reader->width < RT_POINT && names[reader->width] != NULL; reader->width++) {
        const int column = rt_table_need(table, names[reader->width]);
        if (column < 0)
            return -1;
        reader->columns[reader->width] = column;
    }
    reader->weight = form->weight != NULL ? rt_table_need(table, form->weight) : -1;
    if (form->weight != NULL && reader->weight < 0)
        return -1;
    reader->by = rt_alloc(form->by_count + 1, sizeof *reader->by);
    for (size_t i = 0; i < form->by_count; i++)
        if ((reader->by[i] = rt_table_need(table, form->by[i])) < 0)
            return -1;
    reader->last = rt_table_look(table, "last_date");
    reader->recency = rt_table_look(table, "recency_days");
    return reader->last == -2 || reader->recency == -2 ? -1 : 0;
}

/* Rows ------------------------------------------------------------------------------------------
 */

static struct growing *new_group(struct growing *group, int width)
{
    group->points = rt_histogram_new(width);
    group->as_of = RT_DAY_NONE;
    group->period = -1;
    return group;
}

/* The columns of a point of the model, which for leaving are not those of the table. */
static int point_width(const struct rt_model *model)
{
    int width = 0;
    while (width < RT_POINT && model->columns[width] != NULL)
        width++;
    return width;
}

static struct growing *group_of(struct reader *reader, const struct rt_rows *rows, size_t row)
{
    const size_t count = reader->form->by_count;
    if (count == 0)
        return reader->one;
    struct rt_text key = rt_cell(rows, row, (size_t)reader->by[0]);
    if (count > 1) {
        rt_group_key_clear(&reader->key);
        for (size_t i = 0; i < count; i++)
            rt_group_key_add(&reader->key, rt_cell(rows, row, (size_t)reader->by[i]));
        key = rt_group_key_text(&reader->key);
    }
    struct growing *group = rt_map_add(&reader->groups, key, rt_map_hash(&reader->groups, key));
    return group->points != NULL ? group : new_group(group, point_width(reader->form->model));
}

static int refuse(const struct reader *reader, const struct rt_rows *rows, size_t row, int column,
                  const char *reason)
{
    return rt_table_refuse_row(reader->table, rows, row, column, reason);
}

/* A number from 0. */
static const char *read_number(struct rt_text cell, double *value)
{
    if (cell.length == 0)
        return "empty";
    if (cell.length <= 9) { /* digits alone, as most are */
        uint32_t whole = 0, bad = 0;
        for (size_t i = 0; i < cell.length; i++) {
            const uint32_t digit = (uint32_t)(unsigned char)cell.at[i] - '0';
            bad |= digit > 9;
            whole = whole * 10 + digit;
        }
        if (bad == 0) {
            *value = whole;
            return NULL;
        }
    }
    if (rt_real_read(cell, value) != 0 || !isfinite(*value))
        return "not a number";
    return NULL;
}

/* 1 with a weight above 0, 0 where the row counts for nothing, -1 with the table's message. */
static int read_weight(const struct reader *reader, const struct rt_rows *rows, size_t row,
                       double *weight)
{
    *weight = 1;
    if (reader->weight < 0)
        return 1;
    const char *fault = read_number(rt_cell(rows, row, (size_t)reader->weight), weight);
    if (fault == NULL && *weight < 0)
        fault = "below 0";
    return fault != NULL ? refuse(reader, rows, row, reader->weight, fault) : *weight > 0;
}

/* All rows of a group must have been counted to the same day. */
static int check_as_of(const struct reader *reader, const struct rt_rows *rows, size_t row,
                       struct growing *group)
{
    if (reader->last < 0 || reader->recency < 0)
        return 0;
    const struct rt_text date = rt_cell(rows, row, (size_t)reader->last);
    int32_t last;
    double recency;
    if (date.length == 0)
        return 0;
    if (rt_day_read(date, &last) != 0)
        return refuse(reader, rows, row, reader->last, "not a date of the form YYYY-MM-DD");
    const char *fault = read_number(rt_cell(rows, row, (size_t)reader->recency), &recency);
    if (fault == NULL && !(recency >= 0 && recency <= RT_DAY_LAST - last))
        fault = "not a number of days";
    if (fault != NULL)
        return refuse(reader, rows, row, reader->recency, fault);
    const int32_t as_of = last + (int32_t)recency;
    if (group->as_of == RT_DAY_NONE)
        group->as_of = as_of;
    if (as_of == group->as_of)
        return 0;
    return refuse(reader, rows, row, reader->recency,
                  "not counted to the same day as in the rows before: profiles of different "
                  "as-of dates");
}

/* A customer. */
static int add_customer(struct reader *reader, const struct rt_rows *rows, size_t row)
{
    struct growing *group = group_of(reader, rows, row);
    double at[RT_POINT] = {0}, weight;
    size_t empty = 0;
    for (int i = 0; i < reader->width; i++) {
        const struct rt_text cell = rt_cell(rows, row, (size_t)reader->columns[i]);
        const char *fault = read_number(cell, &at[i]);
        empty += cell.length == 0;
        if (cell.length == 0 && !reader->spend)
            continue;
        if (fault != NULL && cell.length > 0)
            return refuse(reader, rows, row, reader->columns[i], fault);
        if (at[i] < 0 && !(reader->spend && i == 1))
            return refuse(reader, rows, row, reader->columns[i], "below 0");
    }
    if (empty > 0 && !reader->spend && empty < (size_t)reader->width)
        return refuse(reader, rows, row, -1, "some of the columns that the model needs are empty");
    const int counts = read_weight(reader, rows, row, &weight);
    if (counts < 0 || check_as_of(reader, rows, row, group) != 0)
        return -1;
    if (empty > 0 || counts == 0 || (reader->spend && !(at[0] > 0 && at[1] > 0))) {
        reader->without++;
        return 0;
    }
    int column;
    const char *fault = reader->form->model->fault(at, &column);
    if (fault != NULL)
        return refuse(reader, rows, row, reader->columns[column], fault);
    if (at[0] == 0 && !reader->spend)
        at[1] = 0;
    rt_histogram_add(group->points, at, weight);
    return 0;
}

/* A period of a group: those who left in it. Those who never did are added at the end. */
static int add_period(struct reader *reader, const struct rt_rows *rows, size_t row)
{
    struct growing *group = group_of(reader, rows, row);
    double values[2];
    for (int i = 0; i < 2; i++) {
        const struct rt_text cell = rt_cell(rows, row, (size_t)reader->columns[i]);
        const char *fault = read_number(cell, &values[i]);
        if (fault == NULL && values[i] < 0)
            fault = "below 0";
        if (fault != NULL)
            return refuse(reader, rows, row, reader->columns[i], fault);
    }
    if (values[0] != group->period + 1)
        return refuse(reader, rows, row, reader->columns[0],
                      "not the next period: they are 0, 1, 2, ...");
    if (group->period >= 0 && values[1] > group->survivors)
        return refuse(reader, rows, row, reader->columns[1],
                      "more than in the period before: survivors do not come back");
    const double left = group->survivors - values[1];
    if (group->period >= 0 && left > 0)
        rt_histogram_add(group->points, (const double[]){values[0], 1}, left);
    group->period = values[0];
    group->survivors = values[1];
    return 0;
}

/* The group as others see it. */
static struct rt_points_group settle(const struct reader *reader, struct growing *group,
                                     struct rt_text key)
{
    if (reader->leaving && group->period > 0 && group->survivors > 0)
        rt_histogram_add(group->points, (const double[]){group->period, 0}, group->survivors);
    rt_histogram_settle(group->points);
    const struct rt_model *model = reader->form->model;
    for (int i = 0; i < group->points->width; i++)
        for (size_t l = 0; l < group->points->levels[i].count && model->column_in_time[i]; l++)
            group->points->levels[i].values[l] /= reader->form->unit_days;
    return (struct rt_points_group){group->points, key, group->as_of};
}

static int compare_groups(const void *left, const void *right)
{
    const struct rt_points_group *a = left, *b = right;
    return rt_text_compare(a->key, b->key);
}

static struct rt_points *finish(struct reader *reader)
{
    struct rt_points *all = rt_alloc_zero(1, sizeof *all);
    all->rows = reader->rows;
    all->without = reader->without;
    all->keys = reader->groups;
    all->groups = rt_alloc(reader->groups.count + 1, sizeof *all->groups);
    if (reader->one != NULL && reader->rows > 0)
        all->groups[all->count++] = settle(reader, reader->one, (struct rt_text){"", 0});
    else if (reader->one != NULL)
        rt_histogram_free(reader->one->points);
    struct growing *group = NULL;
    while ((group = rt_map_next(&all->keys, group)) != NULL)
        all->groups[all->count++] = settle(reader, group, rt_map_key(&all->keys, group));
    qsort(all->groups, all->count, sizeof *all->groups, compare_groups);
    return all;
}

static void drop(struct reader *reader)
{
    struct growing *group = NULL;
    while ((group = rt_map_next(&reader->groups, group)) != NULL)
        rt_histogram_free(group->points);
    rt_map_free(&reader->groups);
    if (reader->one != NULL)
        rt_histogram_free(reader->one->points);
}

static int read_rows(struct reader *reader)
{
    struct rt_rows *rows = rt_rows_new();
    int found;
    while ((found = rt_table_read(reader->table, rows)) == 1) {
        reader->rows += rows->count;
        for (size_t row = 0; row < rows->count && found == 1; row++)
            if ((reader->leaving ? add_period : add_customer)(reader, rows, row) != 0)
                found = -1;
        if (found < 0)
            break;
    }
    rt_rows_free(rows);
    return found;
}

struct rt_points *rt_points_read(struct rt_table *table, const struct rt_points_form *form)
{
    struct growing one = {0};
    struct reader reader = {.table = table, .form = form};
    reader.leaving = strcmp(form->model->columns[0], survivor_columns[0]) == 0;
    reader.spend = strcmp(form->model->columns[1], "m_x") == 0;
    rt_map_init(&reader.groups, sizeof(struct growing));
    if (form->by_count == 0)
        reader.one = new_group(&one, point_width(form->model));
    struct rt_points *all = NULL;
    if (find_columns(&reader) == 0 && read_rows(&reader) == 0)
        all = finish(&reader);
    else
        drop(&reader);
    free(reader.by);
    rt_group_key_free(&reader.key);
    return all;
}

void rt_points_free(struct rt_points *points)
{
    for (size_t i = 0; i < points->count; i++)
        rt_histogram_free(points->groups[i].points);
    free(points->groups);
    rt_map_free(&points->keys);
    free(points);
}
