/*
 * reference: the values that others computed, ../shared/data beside the checkout, for check suites.
 */
#ifndef RT_UNIT_REFERENCE_H
#define RT_UNIT_REFERENCE_H

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/table.h"

#define REFERENCE "../shared/data/"

/* Whether the values are there; says which case is skipped where they are not. */
static inline bool reference_there(const char *name)
{
    FILE *file = fopen(REFERENCE "expected.csv", "r");
    if (file == NULL)
        printf("# skipped: %s: no reference data\n", name);
    else
        fclose(file);
    fflush(stdout);
    return file != NULL;
}

struct reference_row {
    char *name, *input; /* owned, as is `quantity` */
    char *quantity;     /* the command in words, a blank, the quantity */
    double expected, tolerance;
};

struct reference {
    struct reference_row *rows;
    size_t count;
};

static inline char *reference_string(struct rt_text text)
{
    return rt_strndup(text.at, text.length);
}

static inline struct rt_table *reference_table(const char *file)
{
    const struct rt_table_args args = {.delimiter = ',', .block = RT_BLOCK_BYTES};
    char *files[] = {(char *)file, NULL};
    struct rt_table *table = rt_table_open(&args, files, 1);
    ck_assert_msg(rt_table_message(table) == NULL, "%s", rt_table_message(table));
    return table;
}

/* A number as C writes it, exponent included. */
static inline double reference_number(struct rt_text text)
{
    char *string = reference_string(text);
    const double value = strtod(string, NULL);
    free(string);
    return value;
}

/* All rows of expected.csv of one case. */
static inline struct reference reference_read(const char *name)
{
    struct reference all = {0};
    struct rt_table *table = reference_table(REFERENCE "expected.csv");
    while (rt_table_next(table) == 1) {
        if (!rt_text_is(rt_table_cell(table, 0), name))
            continue;
        all.rows = rt_realloc(all.rows, all.count + 1, sizeof *all.rows);
        struct reference_row *row = &all.rows[all.count++];
        row->name = reference_string(rt_table_cell(table, 0));
        row->input = reference_string(rt_table_cell(table, 1));
        char *words = reference_string(rt_table_cell(table, 2));
        char *quantity = reference_string(rt_table_cell(table, 3));
        const size_t size = strlen(words) + strlen(quantity) + 2;
        row->quantity = rt_alloc(size, 1);
        (void)snprintf(row->quantity, size, "%s %s", words, quantity);
        free(words);
        free(quantity);
        row->expected = reference_number(rt_table_cell(table, 4));
        row->tolerance = reference_number(rt_table_cell(table, 5));
    }
    ck_assert_msg(rt_table_message(table) == NULL, "%s", rt_table_message(table));
    rt_table_close(table);
    ck_assert_msg(all.count > 0, "no rows of %s", name);
    return all;
}

static inline void reference_free(struct reference *all)
{
    for (size_t i = 0; i < all->count; i++) {
        free(all->rows[i].name);
        free(all->rows[i].input);
        free(all->rows[i].quantity);
    }
    free(all->rows);
}

/* The number behind `name=` in a text such as "x=2 t_x=30.43 T=38.86"; nan where it is not. */
static inline double reference_value(const char *text, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = text; (at = strstr(at, name)) != NULL; at++)
        if (at[length] == '=' && (at == text || strchr(" ;,", at[-1]) != NULL))
            return strtod(at + length + 1, NULL);
    return (double)NAN;
}

#endif
