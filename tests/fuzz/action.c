/*
 * Any bytes as a table of rules: they are refused with a reason, or each rule that was read is
 * followed: for a row, the first that holds is the first of all that hold, and none of them stands
 * behind one that always holds or that is written the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libretain/action.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

/* A file that holds the bytes, by its name. */
static const char *file_of(FILE **file, char name[64], const void *bytes, size_t size)
{
    if (*file == NULL) {
        *file = tmpfile();
        expect(*file != NULL);
        snprintf(name, 64, "/proc/self/fd/%d", fileno(*file));
    }
    expect(ftruncate(fileno(*file), 0) == 0);
    expect(pwrite(fileno(*file), bytes, size, 0) == (ssize_t)size);
    return name;
}

static size_t plain_when(const struct rt_actions *actions, size_t rule, char **into)
{
    const struct rt_text when = rt_text(actions->rules.whens[rule]);
    *into = malloc(when.length + 1);
    expect(*into != NULL);
    return rt_action_plain_when(when, *into);
}

/* The rule that was taken, against those before it. */
static void check_taken(const struct rt_actions *actions, size_t taken)
{
    char *own, *other;
    const size_t length = plain_when(actions, taken, &own);
    for (size_t i = 0; i < taken; i++) {
        expect(!rt_expr_always(actions->rules.expr, i));
        const size_t other_length = plain_when(actions, i, &other);
        expect(length != other_length || memcmp(own, other, length) != 0);
        free(other);
    }
    free(own);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *rules_file, *rows_file;
    static char rules_name[64], rows_name[64];
    static const char rows[] =
        "customer_id,orders,last_date\nC1,3,2024-02-29\nC2,,\nC3,x,2025-01-31\n";
    const struct rt_table_args like = {.delimiter = ',', .block = 4096};
    char *input = (char *)(uintptr_t)file_of(&rows_file, rows_name, rows, sizeof rows - 1);
    const char *file = file_of(&rules_file, rules_name, data, size);
    struct rt_table *table = rt_table_open(&like, &input, 1);
    struct rt_actions first = {.room = 0}, each = {.room = 0};
    const char *wrong = rt_actions_open(&first, &like, file, false, RT_EXPR_FIRST, table);
    const char *wrong_each = rt_actions_open(&each, &like, file, true, RT_EXPR_EACH, table);
    expect(wrong == NULL || wrong[0] != '\0');
    expect(wrong != NULL || wrong_each == NULL);
    bool *holds = calloc(first.rules.count + 1, sizeof *holds);
    expect(holds != NULL);
    while (wrong == NULL && rt_table_next(table) > 0) {
        const struct rt_text cells[] = {rt_table_cell(table, 0), rt_table_cell(table, 1),
                                        rt_table_cell(table, 2)};
        size_t which, expected = 0;
        rt_expr_set_as_of(first.rules.expr, 20000);
        rt_expr_set_as_of(each.rules.expr, 20000);
        if (rt_expr_each(each.rules.expr, cells, holds) != 0)
            continue;
        while (expected < first.rules.count && !holds[expected])
            expected++;
        expect(rt_expr_first(first.rules.expr, cells, &which) == 0 && which == expected);
        if (which < first.rules.count)
            check_taken(&first, which);
    }
    free(holds);
    rt_actions_free(&first);
    rt_actions_free(&each);
    rt_table_close(table);
    return 0;
}
