/*
 * rules: a file of names and SQL expressions, such as segment,when; the first that holds wins.
 *
 * The file is a table like any other; columns that are not asked for are free. Every rule is
 * checked before the first row of the input is read, and an error names the file and its line. What
 * has more columns than these two reads them beside rt_rules_add.
 */
#ifndef RT_RULES_H
#define RT_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "libretain/expr.h"
#include "libretain/table.h"
#include "libretain/text.h"

enum { RT_RULES_MESSAGE = 2048 };

struct rt_rules {
    struct rt_table *table; /* for its message */
    char **names;
    char **whens;
    uint64_t *lines; /* of the file on which each rule starts */
    size_t count, room;
    struct rt_expr *expr;
    char message[RT_RULES_MESSAGE];
};

/*
 * Reads the rules of a file, as `like` says how the input is read, and compiles `when` over rows of
 * the columns of `input` and then those of `more`. Returns NULL, or what was wrong, which lives
 * until rt_rules_free. Starts from all zeros.
 */
const char *rt_rules_open(struct rt_rules *rules, const struct rt_table_args *like,
                          const char *file, const char *name_column, const struct rt_table *input,
                          const char *const *more, size_t more_count);
void rt_rules_free(struct rt_rules *rules);

/* The same, step by step: opens the file, whose table is rules->table, ... */
void rt_rules_begin(struct rt_rules *rules, const struct rt_table_args *like, const char *file);
/* ... adds its current row, whose columns are `name` and `when`. 0, or -1 with the table's message.
 */
int rt_rules_add(struct rt_rules *rules, int name, int when);
/* ... and compiles. Returns NULL, or what was wrong. */
const char *rt_rules_compile(struct rt_rules *rules, enum rt_expr_mode mode, const char *file,
                             const struct rt_table *input, const char *const *more,
                             size_t more_count);
/* Another compilation of the same rules, for another thread; the caller frees it. */
struct rt_expr *rt_rules_expr(const struct rt_rules *rules, enum rt_expr_mode mode,
                              const struct rt_table *input, const char *const *more,
                              size_t more_count);

/*
 * The name of the first rule that holds for a row, NULL where none does. Returns 0, or -1 where an
 * expression fails, with the message of rt_expr_message(rules->expr).
 */
int rt_rules_first(struct rt_rules *rules, const struct rt_text *cells, const char **name);

#endif
