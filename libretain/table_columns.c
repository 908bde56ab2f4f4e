#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/nearest.h"
#include "libretain/table_parts.h"

/* The header ----------------------------------------------------------------------------------- */

/* A header of one column is often one that was separated by something else. */
static void hint_at_delimiter(const struct rt_table *table, char *hint, size_t size)
{
    hint[0] = '\0';
    if (table->width != 1)
        return;
    static const char others[] = ";\t|,:";
    for (const char *c = others; *c != '\0'; c++)
        if (*c != table->args.delimiter && strchr(table->columns[0].name, *c) != NULL) {
            snprintf(hint, size, "; the header has one column: is the delimiter %s? (-d '%s')",
                     *c == '\t' ? "a tab" : (char[]){'\'', *c, '\'', '\0'},
                     *c == '\t' ? "\\t" : (char[]){*c, '\0'});
            return;
        }
}

static const char *nearest_name(const struct rt_table *table, const char *name)
{
    struct rt_nearest nearest = rt_nearest(name);
    for (size_t i = 0; i < table->width; i++)
        rt_nearest_try(&nearest, table->columns[i].called);
    return rt_nearest_best(&nearest);
}

static void list_columns(const struct rt_table *table, char *list, size_t size)
{
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < table->width && used < size; i++) {
        const int length =
            snprintf(list + used, size - used, "%s%s", i > 0 ? ", " : "", table->columns[i].called);
        used += length > 0 ? (size_t)length : 0;
    }
    if (used >= size)
        memcpy(list + size - 4, "...", 4);
}

static int fail_no_column(struct rt_table *table, const char *name)
{
    char list[1500], hint[200];
    list_columns(table, list, sizeof list);
    hint_at_delimiter(table, hint, sizeof hint);
    const char *near = hint[0] == '\0' ? nearest_name(table, name) : NULL;
    return rt_table_fail(table, table->header_file, 1, "no column '%s'; there are: %s%s%s%s%s",
                         name, list, near != NULL ? "; did you mean '" : "",
                         near != NULL ? near : "", near != NULL ? "'? (--map renames)" : "", hint);
}

void rt_table_free_columns(struct rt_table *table)
{
    for (size_t i = 0; i < table->width; i++) {
        if (table->columns[i].called != table->columns[i].name)
            free(table->columns[i].called);
        free(table->columns[i].name);
    }
    free(table->columns);
    table->columns = NULL;
    table->width = 0;
}

static int map_columns(struct rt_table *table)
{
    const struct rt_pairs *map = &table->args.map;
    /* All are looked for before any is renamed: a message lists the names that the file has. */
    for (size_t k = 0; k < map->count; k++) {
        size_t found = 0;
        for (size_t i = 0; i < table->width; i++)
            found += strcmp(table->columns[i].name, map->right[k]) == 0;
        if (found == 0)
            return fail_no_column(table, map->right[k]);
        if (found > 1)
            return rt_table_fail(table, table->header_file, 1, "column '%s' is there %zu times",
                                 map->right[k], found);
    }
    for (size_t k = 0; k < map->count; k++)
        for (size_t i = 0; i < table->width; i++) {
            struct rt_table_column *column = &table->columns[i];
            if (strcmp(column->name, map->right[k]) != 0)
                continue;
            if (column->mapped)
                return rt_table_fail(table, table->header_file, 1, "column '%s' is mapped twice",
                                     column->name);
            column->called = rt_strdup(map->left[k]);
            column->mapped = true;
        }
    return 0;
}

int rt_table_take_header(struct rt_table *table, const struct rt_record *record)
{
    table->columns = rt_alloc_zero(record->count, sizeof *table->columns);
    table->width = record->count;
    for (size_t i = 0; i < record->count; i++) {
        struct rt_table_column *column = &table->columns[i];
        column->name = rt_strndup(record->cells[i].at, record->cells[i].length);
        column->called = column->name;
    }
    table->header_file = rt_table_file_name(table, table->file);
    return map_columns(table);
}

int rt_table_compare_header(struct rt_table *table, uint64_t line, const struct rt_record *record)
{
    bool same = record->count == table->width;
    for (size_t i = 0; same && i < table->width; i++)
        same = rt_text_is(record->cells[i], table->columns[i].name);
    if (same)
        return 0;
    return rt_table_fail(table, rt_table_file_name(table, table->file), line,
                         "the header is not the same as that of %s", table->header_file);
}

/* Columns ----------------------------------------------------------------------------------------
 */

size_t rt_table_width(const struct rt_table *table)
{
    return table->width;
}

const char *rt_table_column_name(const struct rt_table *table, size_t column)
{
    return table->columns[column].called;
}

/* A name that --map gave wins over one that the file has. */
static int find_column(struct rt_table *table, const char *name)
{
    int found = -1;
    size_t times[2] = {0, 0}; /* among the file's names, and among those that --map gave */
    for (size_t i = 0; i < table->width; i++) {
        const struct rt_table_column *column = &table->columns[i];
        if (strcmp(column->called, name) != 0)
            continue;
        if (column->mapped || times[1] == 0)
            found = (int)i;
        times[column->mapped]++;
    }
    if (times[1] > 1 || (times[1] == 0 && times[0] > 1)) {
        (void)rt_table_fail(table, table->header_file, 1, "column '%s' is there %zu times", name,
                            times[1] > 1 ? times[1] : times[0]);
        return -2;
    }
    return found;
}

int rt_table_need(struct rt_table *table, const char *name)
{
    if (table->failed)
        return -1;
    const int found = find_column(table, name);
    if (found == -1)
        return fail_no_column(table, name);
    return found < 0 ? -1 : found;
}

int rt_table_look(struct rt_table *table, const char *name)
{
    return table->failed ? -2 : find_column(table, name);
}
