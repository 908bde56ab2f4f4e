#include "libretain/rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "libretain/err.h"

static void add_rule(struct rt_rules *rules, struct rt_text name, struct rt_text when,
                     uint64_t line)
{
    const size_t room = rt_grown(rules->room, rules->count + 1);
    if (room != 0) {
        rules->names = rt_realloc(rules->names, room, sizeof *rules->names);
        rules->whens = rt_realloc(rules->whens, room, sizeof *rules->whens);
        rules->lines = rt_realloc(rules->lines, room, sizeof *rules->lines);
        rules->room = room;
    }
    rules->names[rules->count] = rt_strndup(name.at, name.length);
    rules->whens[rules->count] = rt_strndup(when.at, when.length);
    rules->lines[rules->count] = line;
    rules->count++;
}

void rt_rules_begin(struct rt_rules *rules, const struct rt_table_args *like, const char *file)
{
    rules->table = rt_table_open_beside(like, file);
}

int rt_rules_add(struct rt_rules *rules, int name, int when)
{
    struct rt_table *table = rules->table;
    const struct rt_text called = rt_table_cell(table, (size_t)name);
    const struct rt_text text = rt_table_cell(table, (size_t)when);
    if (called.length == 0)
        return rt_table_refuse(table, name, "empty");
    if (text.length > RT_EXPR_BYTES)
        return rt_table_refuse(table, when, "longer than 10000 bytes");
    if (rules->count == RT_EXPR_MOST)
        return rt_table_refuse(table, -1, "more than 1000 rules");
    add_rule(rules, called, text, rt_table_line(table));
    return 0;
}

struct rt_expr *rt_rules_expr(const struct rt_rules *rules, enum rt_expr_mode mode,
                              const struct rt_table *input, const char *const *more,
                              size_t more_count)
{
    const size_t width = rt_table_width(input);
    const char **columns = rt_alloc(width + more_count + 1, sizeof *columns);
    for (size_t i = 0; i < width; i++)
        columns[i] = rt_table_column_name(input, i);
    for (size_t i = 0; i < more_count; i++)
        columns[width + i] = more[i];
    struct rt_text *texts = rt_alloc(rules->count + 1, sizeof *texts);
    for (size_t i = 0; i < rules->count; i++)
        texts[i] = rt_text(rules->whens[i]);
    struct rt_expr *expr = rt_expr_new(mode, columns, width + more_count, texts, rules->count);
    free(texts);
    free(columns);
    return expr;
}

const char *rt_rules_compile(struct rt_rules *rules, enum rt_expr_mode mode, const char *file,
                             const struct rt_table *input, const char *const *more,
                             size_t more_count)
{
    rules->expr = rt_rules_expr(rules, mode, input, more, more_count);
    const char *reason = rt_expr_message(rules->expr);
    if (reason == NULL)
        return NULL;
    const size_t fault = rt_expr_fault(rules->expr);
    if (fault < rules->count)
        snprintf(rules->message, sizeof rules->message, "%.900s:%" PRIu64 ": when: %s", file,
                 rules->lines[fault], reason);
    else
        snprintf(rules->message, sizeof rules->message, "%.900s: when: %s", file, reason);
    return rules->message;
}

static int read_rows(struct rt_rules *rules, const char *name_column)
{
    const int name = rt_table_need(rules->table, name_column);
    const int when = name < 0 ? -1 : rt_table_need(rules->table, "when");
    if (when < 0)
        return -1;
    int found;
    while ((found = rt_table_next(rules->table)) > 0)
        if (rt_rules_add(rules, name, when) != 0)
            return -1;
    return found;
}

const char *rt_rules_open(struct rt_rules *rules, const struct rt_table_args *like,
                          const char *file, const char *name_column, const struct rt_table *input,
                          const char *const *more, size_t more_count)
{
    rt_rules_begin(rules, like, file);
    if (read_rows(rules, name_column) != 0)
        return rt_table_message(rules->table);
    return rt_rules_compile(rules, RT_EXPR_FIRST, file, input, more, more_count);
}

void rt_rules_free(struct rt_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        free(rules->names[i]);
        free(rules->whens[i]);
    }
    free(rules->names);
    free(rules->whens);
    free(rules->lines);
    rt_expr_free(rules->expr);
    if (rules->table != NULL)
        rt_table_close(rules->table);
    *rules = (struct rt_rules){0};
}

int rt_rules_first(struct rt_rules *rules, const struct rt_text *cells, const char **name)
{
    size_t which;
    if (rt_expr_first(rules->expr, cells, &which) != 0)
        return -1;
    *name = which < rules->count ? rules->names[which] : NULL;
    return 0;
}
