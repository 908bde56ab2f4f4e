/*
 * expr: SQL expressions over the columns of a row, such as the `when` of a rules file.
 *
 * SQLite computes them and can do nothing else: there is no file behind it, an authorizer lets
 * through only the columns of the row and a short list of functions whose result depends on their
 * arguments alone and is no longer than they are, and lengths, depths and steps are limited. Each
 * expression is first compiled alone, bare and in parentheses, so that none can end the
 * parentheses it is put into later; then all of them become one statement that runs once a row.
 *
 * A column is what its cell says: a number where it is [-]digits[.digits] without a superfluous
 * zero in front (of at most 18 digits), NULL where it is empty, else text. Columns are NUMERIC:
 * `orders > 3` and `customer_id = '7'` both do what they seem to do. Names are those of the header,
 * capitals or not; odd ones stand in double quotes. Truth is SQL's: NULL does not hold.
 *
 * Beside SQLite's there are functions of the field. days(date): since 1970-01-01. days_since(date):
 * up to the as-of date. anniversary(date): from the as-of date to the next of the days that are
 * whole years after the date, 0 on such a day; that of the 29th of February is the 28th in years
 * that have no 29th. All three are NULL of NULL. bucket(salt, n): the part, 0 to n - 1, of n equal
 * parts into which arm.h puts the row's customer_id.
 */
#ifndef RT_EXPR_H
#define RT_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/text.h"

enum {
    RT_EXPR_BYTES = 10000,       /* of one expression */
    RT_EXPR_ALL_BYTES = 1 << 20, /* of all together */
    RT_EXPR_MOST = 1000          /* expressions */
};

/* RT_EXPR_FIRST stops at the first that holds, RT_EXPR_EACH computes every one. */
enum rt_expr_mode { RT_EXPR_FIRST, RT_EXPR_EACH };

struct rt_expr;

/*
 * Compiles the expressions over rows of these columns. The names and the expressions are copied.
 * Never NULL: trouble shows as rt_expr_message. The caller frees it with rt_expr_free.
 */
struct rt_expr *rt_expr_new(enum rt_expr_mode mode, const char *const *columns, size_t column_count,
                            const struct rt_text *expressions, size_t count);
void rt_expr_free(struct rt_expr *expr);

/* What was wrong, or NULL. It can quote an expression, never a cell. */
const char *rt_expr_message(const struct rt_expr *expr);
/* Which expression was wrong; their number where it was not one of them. */
size_t rt_expr_fault(const struct rt_expr *expr);

/* Whether some expression reads the column: the cells of other columns are never looked at. */
bool rt_expr_uses(const struct rt_expr *expr, size_t column);

/* The columns that an expression names, in order of name; their number in `count`. Lives as `expr`.
 */
const size_t *rt_expr_reads(const struct rt_expr *expr, size_t which, size_t *count);

/* Whether an expression holds for every row, because it looks at none of them and is true. */
bool rt_expr_always(const struct rt_expr *expr, size_t which);

/*
 * Sets the as-of date of the rows from now on. Without it, it is the last_date of each row plus its
 * recency_days; where these are not there or empty, days_since and anniversary are an error.
 */
void rt_expr_set_as_of(struct rt_expr *expr, int32_t day);

/*
 * The first expression that holds for a row of one cell a column; their number where none does.
 * Returns 0, or -1 with a message. For RT_EXPR_FIRST.
 */
int rt_expr_first(struct rt_expr *expr, const struct rt_text *cells, size_t *which);
/* Which expressions hold, for RT_EXPR_EACH. Returns 0, or -1 with a message. */
int rt_expr_each(struct rt_expr *expr, const struct rt_text *cells, bool *holds);

/* The functions that an expression may use, separated by spaces; for manual pages and tests. */
const char *rt_expr_functions(void);

#endif
