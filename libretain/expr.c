#include "libretain/expr.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "libretain/arm.h"
#include "libretain/asof.h"
#include "libretain/day.h"
#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/nearest.h"

enum {
    MESSAGE_BYTES = 1024,
    VALUE_BYTES = 2 << 20, /* a text within an expression: a cell and as much again */
    DEPTH = 250,
    PATTERN_BYTES = 200,
    COLUMNS_MOST = 1000, /* that SQLite is told of */
    PROGRESS_STEPS = 1000,
    PROGRESS_MOST = 1000, /* so that a row may take a million steps */
    NAMES_BYTES = 400     /* of the columns in a message */
};

static const char row_name[] = "retain_row";
static const char functions[] =
    "abs anniversary bucket ceil ceiling coalesce days days_since floor glob ifnull iif instr "
    "length "
    "like lower ltrim max min mod nullif round rtrim sign sqrt substr substring trim trunc typeof "
    "unicode upper";

/* What an expression looks at, found while it is checked. */
struct reads {
    size_t *columns;
    size_t count, room;
    bool of_row; /* it reads a column, or calls a function of the row */
    bool always;
};

struct rt_expr {
    sqlite3_vtab table; /* first, as SQLite hands back its address */
    sqlite3_vtab_cursor cursor;
    sqlite3 *database;
    sqlite3_stmt *statement;
    char **columns;
    size_t column_count;
    bool *used;
    struct reads *reads; /* of each expression */
    struct reads *at;    /* of the one being checked, or NULL */
    size_t customer, last_date,
        recency; /* columns for the functions of a row; column_count: none */
    int32_t as_of;
    size_t *declared; /* the column behind each column that SQLite knows */
    size_t declared_count;
    const struct rt_text *cells; /* of the row at hand */
    size_t count;                /* expressions */
    size_t fault;
    bool bad;
    bool open;        /* the one cursor is taken */
    bool row_waits;   /* cells were handed in that SQLite has not come to yet */
    int selects;      /* that may still be compiled */
    int progress;     /* calls since the row began */
    char denied[128]; /* what the authorizer refused, in plain words */
    char message[MESSAGE_BYTES];
};

static bool same_letter(char a, char b)
{
    const char low_a = a >= 'A' && a <= 'Z' ? (char)(a + 32) : a;
    const char low_b = b >= 'A' && b <= 'Z' ? (char)(b + 32) : b;
    return low_a == low_b;
}

static bool starts_with(struct rt_text text, struct rt_text start)
{
    if (start.length > text.length)
        return false;
    for (size_t i = 0; i < start.length; i++)
        if (!same_letter(text.at[i], start.at[i]))
            return false;
    return true;
}

/* Names are equal as SQLite sees them: ASCII capitals do not count. */
static bool same_name(const char *a, const char *b)
{
    return strlen(a) == strlen(b) && starts_with(rt_text(a), rt_text(b));
}

static bool contains(struct rt_text text, struct rt_text part)
{
    for (; text.length >= part.length; text.at++, text.length--) {
        if (starts_with(text, part))
            return true;
        if (text.length == 0)
            break;
    }
    return false;
}

/* --- The row as a table of one row after the other, without an end --- */

static int row_connect(sqlite3 *database, void *data, int count, const char *const *words,
                       sqlite3_vtab **table, char **message)
{
    (void)count, (void)words, (void)message;
    struct rt_expr *expr = data;
    sqlite3_str *sql = sqlite3_str_new(database);
    sqlite3_str_appendf(sql, "CREATE TABLE %s(", row_name);
    for (size_t i = 0; i < expr->declared_count; i++)
        sqlite3_str_appendf(sql, "\"%w\" NUMERIC,", expr->columns[expr->declared[i]]);
    /* A table needs a column; this one is hidden and cannot be read (see authorize). */
    sqlite3_str_appendall(sql, "\"\" HIDDEN)");
    char *text = sqlite3_str_finish(sql);
    if (text == NULL)
        return SQLITE_NOMEM;
    const int result = sqlite3_declare_vtab(database, text);
    sqlite3_free(text);
    *table = &expr->table;
    return result;
}

static int row_disconnect(sqlite3_vtab *table)
{
    (void)table; /* it is a part of the expression */
    return SQLITE_OK;
}

static int row_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    info->estimatedCost = 1e6;
    return SQLITE_OK;
}

static int row_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
    struct rt_expr *expr = (struct rt_expr *)table;
    if (expr->open)
        return SQLITE_ERROR;
    expr->open = true;
    *cursor = &expr->cursor;
    return SQLITE_OK;
}

static struct rt_expr *expr_of(sqlite3_vtab_cursor *cursor)
{
    return (struct rt_expr *)cursor->pVtab;
}

static int row_close(sqlite3_vtab_cursor *cursor)
{
    expr_of(cursor)->open = false;
    return SQLITE_OK;
}

/* Goes to the row that was handed in. A statement that wants two before it answers is stopped. */
static int row_next(sqlite3_vtab_cursor *cursor)
{
    struct rt_expr *expr = expr_of(cursor);
    if (!expr->row_waits)
        return SQLITE_ERROR;
    expr->row_waits = false;
    return SQLITE_OK;
}

static int row_filter(sqlite3_vtab_cursor *cursor, int index, const char *name, int count,
                      sqlite3_value **values)
{
    (void)index, (void)name, (void)count, (void)values;
    return row_next(cursor);
}

static int row_at_end(sqlite3_vtab_cursor *cursor)
{
    (void)cursor;
    return 0;
}

static bool digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* [-]digits[.digits] without a zero in front that does not count. */
static bool looks_like_number(struct rt_text cell)
{
    const size_t sign = cell.at[0] == '-' ? 1 : 0;
    if (cell.length <= sign || !digit(cell.at[sign]))
        return false;
    return cell.at[sign] != '0' || cell.length == sign + 1 || cell.at[sign + 1] == '.';
}

static void give_cell(sqlite3_context *context, struct rt_text cell)
{
    if (cell.length == 0)
        return; /* the result is NULL until it is set */
    struct rt_decimal number;
    if (looks_like_number(cell) && rt_decimal_read(cell, &number) == RT_READ) {
        if (number.places == 0)
            sqlite3_result_int64(context, number.units);
        else
            sqlite3_result_double(context, rt_decimal_real(number));
        return;
    }
    sqlite3_result_text64(context, cell.at, cell.length, SQLITE_STATIC, SQLITE_UTF8);
}

static int row_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column)
{
    const struct rt_expr *expr = expr_of(cursor);
    if (column >= 0 && (size_t)column < expr->declared_count)
        give_cell(context, expr->cells[expr->declared[column]]);
    return SQLITE_OK;
}

static int row_id(sqlite3_vtab_cursor *cursor, sqlite3_int64 *id)
{
    (void)cursor;
    *id = 0;
    return SQLITE_OK;
}

static const sqlite3_module row_module = {
    .xConnect = row_connect,
    .xBestIndex = row_best_index,
    .xDisconnect = row_disconnect,
    .xOpen = row_open,
    .xClose = row_close,
    .xFilter = row_filter,
    .xNext = row_next,
    .xEof = row_at_end,
    .xColumn = row_column,
    .xRowid = row_id,
};

/* --- Functions of the field --- */

static struct rt_text text_of(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    return (struct rt_text){text, text == NULL ? 0 : (size_t)sqlite3_value_bytes(value)};
}

/* Whether the value is a date; if not, the result is NULL or `fault`. */
static bool read_date(sqlite3_context *context, sqlite3_value *value, const char *fault,
                      int32_t *day)
{
    if (sqlite3_value_type(value) == SQLITE_NULL)
        return false;
    const struct rt_text date = text_of(value);
    if (date.at != NULL && rt_day_read(date, day) == 0)
        return true;
    sqlite3_result_error(context, fault, -1);
    return false;
}

/* days('2025-06-30'): the days since 1970-01-01, so that dates can be subtracted. */
static void days_function(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    int32_t day;
    if (read_date(context, values[0], "days: not a date YYYY-MM-DD", &day))
        sqlite3_result_int(context, day);
}

/* Whether the as-of date of the row at hand is known; if not, the result is `fault`. */
static bool find_as_of(sqlite3_context *context, const char *fault, int32_t *day)
{
    const struct rt_expr *expr = sqlite3_user_data(context);
    *day = expr->as_of;
    if (*day == RT_DAY_NONE && expr->last_date < expr->column_count &&
        expr->recency < expr->column_count)
        (void)rt_as_of_row(expr->cells[expr->last_date], expr->cells[expr->recency], day);
    if (*day == RT_DAY_NONE)
        sqlite3_result_error(context, fault, -1);
    return *day != RT_DAY_NONE;
}

static void days_since_function(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    int32_t day, as_of;
    if (read_date(context, values[0], "days_since: not a date YYYY-MM-DD", &day) &&
        find_as_of(context, "days_since: no last_date and recency_days tell the as-of date",
                   &as_of))
        sqlite3_result_int(context, as_of - day);
}

static void anniversary_function(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    int32_t day, as_of;
    if (read_date(context, values[0], "anniversary: not a date YYYY-MM-DD", &day) &&
        find_as_of(context, "anniversary: no last_date and recency_days tell the as-of date",
                   &as_of))
        sqlite3_result_int(context, rt_anniversary(day, as_of) - as_of);
}

static void bucket_function(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const struct rt_expr *expr = sqlite3_user_data(context);
    const sqlite3_int64 parts = sqlite3_value_int64(values[1]);
    const struct rt_text salt = text_of(values[0]);
    if (salt.length == 0 || sqlite3_value_type(values[1]) != SQLITE_INTEGER || parts < 1)
        sqlite3_result_error(context, "bucket: not a text that is not empty and a number above 0",
                             -1);
    else
        sqlite3_result_int64(
            context, (sqlite3_int64)rt_arm_bucket(rt_arm_hash(salt, expr->cells[expr->customer]),
                                                  (uint64_t)parts));
}

/* Values that depend on the row must not be taken for constants: only days is deterministic. */
static int create_functions(struct rt_expr *expr)
{
    static const struct {
        const char *name;
        int arguments, flags;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } own[] = {
        {"days", 1, SQLITE_DETERMINISTIC, days_function},
        {"days_since", 1, 0, days_since_function},
        {"anniversary", 1, 0, anniversary_function},
        {"bucket", 2, 0, bucket_function},
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (sqlite3_create_function(expr->database, own[i].name, own[i].arguments,
                                    SQLITE_UTF8 | own[i].flags, expr, own[i].function, NULL,
                                    NULL) != SQLITE_OK)
            return -1;
    return 0;
}

/* --- The lock --- */

static bool allowed_function(const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = functions; *at != '\0';) {
        const size_t word = strcspn(at, " ");
        if (word == length && starts_with((struct rt_text){at, word}, rt_text(name)))
            return true;
        at += word + (at[word] == ' ');
    }
    return false;
}

static int deny(struct rt_expr *expr, const char *what, const char *name)
{
    if (expr->denied[0] == '\0')
        snprintf(expr->denied, sizeof expr->denied, "%s%.60s", what, name);
    return SQLITE_DENY;
}

static void note_read(struct rt_expr *expr, size_t column)
{
    expr->used[column] = true;
    struct reads *reads = expr->at;
    if (reads == NULL)
        return;
    reads->of_row = true;
    size_t at = 0;
    while (at < reads->count &&
           strcmp(expr->columns[reads->columns[at]], expr->columns[column]) < 0)
        at++;
    if (at < reads->count && reads->columns[at] == column)
        return;
    const size_t room = rt_grown(reads->room, reads->count + 1);
    if (room != 0) {
        reads->columns = rt_realloc(reads->columns, room, sizeof *reads->columns);
        reads->room = room;
    }
    memmove(reads->columns + at + 1, reads->columns + at,
            (reads->count - at) * sizeof *reads->columns);
    reads->columns[at] = column;
    reads->count++;
}

static int authorize_read(struct rt_expr *expr, const char *table, const char *column)
{
    if (table == NULL || column == NULL || strcmp(table, row_name) != 0)
        return deny(expr, "only the columns of the row can be read", "");
    if (column[0] == '\0')
        return SQLITE_OK; /* that the table is read at all */
    for (size_t i = 0; i < expr->declared_count; i++) {
        if (same_name(expr->columns[expr->declared[i]], column)) {
            note_read(expr, expr->declared[i]);
            return SQLITE_OK;
        }
    }
    return deny(expr, "no such column: ", column);
}

static int authorize_function(struct rt_expr *expr, const char *name)
{
    if (name == NULL || !allowed_function(name))
        return deny(expr, "not a function for expressions: ", name == NULL ? "" : name);
    const bool by_customer = same_name(name, "bucket");
    const bool by_date = same_name(name, "days_since") || same_name(name, "anniversary");
    if (by_customer && expr->customer == expr->column_count)
        return deny(expr, "bucket: no column customer_id", "");
    if (by_customer)
        expr->used[expr->customer] = true;
    if (by_date && expr->last_date < expr->column_count)
        expr->used[expr->last_date] = true;
    if (by_date && expr->recency < expr->column_count)
        expr->used[expr->recency] = true;
    if (expr->at != NULL && (by_customer || by_date))
        expr->at->of_row = true;
    return SQLITE_OK;
}

static int authorize(void *data, int action, const char *third, const char *fourth,
                     const char *database, const char *inner)
{
    (void)database, (void)inner;
    struct rt_expr *expr = data;
    switch (action) {
    case SQLITE_SELECT:
        if (expr->selects-- > 0)
            return SQLITE_OK;
        return deny(expr, "an expression cannot hold a SELECT", "");
    case SQLITE_READ:
        return authorize_read(expr, third, fourth);
    case SQLITE_FUNCTION:
        return authorize_function(expr, fourth);
    default:
        return deny(expr, "only an expression over the row's columns is allowed", "");
    }
}

static int count_steps(void *data)
{
    struct rt_expr *expr = data;
    return ++expr->progress > PROGRESS_MOST;
}

static void limit(sqlite3 *database)
{
    static const struct {
        int what, to;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, VALUE_BYTES},
        {SQLITE_LIMIT_SQL_LENGTH, 2 * RT_EXPR_ALL_BYTES},
        {SQLITE_LIMIT_EXPR_DEPTH, DEPTH},
        {SQLITE_LIMIT_COMPOUND_SELECT, 1},
        {SQLITE_LIMIT_FUNCTION_ARG, 32},
        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, PATTERN_BYTES},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 0},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 0},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        sqlite3_limit(database, limits[i].what, limits[i].to);
}

/* --- Messages --- */

static void tell(struct rt_expr *expr, size_t fault, const char *message)
{
    if (expr->bad)
        return;
    expr->bad = true;
    expr->fault = fault;
    snprintf(expr->message, sizeof expr->message, "%s", message);
}

static void append(char *text, size_t size, const char *more)
{
    const size_t used = strlen(text), room = size - 1 - used;
    const size_t length = strlen(more) < room ? strlen(more) : room;
    memcpy(text + used, more, length);
    text[used + length] = '\0';
}

static size_t times_there(const struct rt_expr *expr, const char *name)
{
    size_t times = 0;
    for (size_t i = 0; i < expr->column_count; i++)
        times += same_name(expr->columns[i], name);
    return times;
}

static void append_nearest(const struct rt_expr *expr, char *text, size_t size, const char *name)
{
    struct rt_nearest nearest = rt_nearest(name);
    for (size_t i = 0; i < expr->column_count; i++)
        rt_nearest_try(&nearest, expr->columns[i]);
    if (rt_nearest_best(&nearest) == NULL)
        return;
    append(text, size, "; did you mean '");
    append(text, size, rt_nearest_best(&nearest));
    append(text, size, "'?");
}

static void tell_no_column(struct rt_expr *expr, size_t fault, const char *message)
{
    const char *name = strstr(message, ": ") + 2;
    char text[MESSAGE_BYTES];
    if (times_there(expr, name) > 1) {
        snprintf(text, sizeof text, "column is there more than once: %.200s", name);
        tell(expr, fault, text);
        return;
    }
    snprintf(text, sizeof text, "%.300s (columns:", message);
    const size_t most = strlen(text) + NAMES_BYTES;
    const char *before = " ";
    for (size_t i = 0; i < expr->column_count; i++) {
        const char *column = expr->columns[i];
        if (column[0] == '\0')
            continue;
        append(text, sizeof text, before);
        before = ", ";
        if (strlen(text) + strlen(column) > most) {
            append(text, sizeof text, "...");
            break;
        }
        append(text, sizeof text, column);
    }
    append(text, sizeof text, ")");
    append_nearest(expr, text, sizeof text, name);
    tell(expr, fault, text);
}

/* What SQLite or the authorizer said, and the columns where one was not found. */
static void tell_sqlite(struct rt_expr *expr, size_t fault, int result)
{
    const char *message = sqlite3_errmsg(expr->database);
    if (expr->denied[0] != '\0')
        message = expr->denied;
    else if (result == SQLITE_INTERRUPT)
        message = "takes too many steps";
    if (strncmp(message, "no such column: ", 16) == 0)
        tell_no_column(expr, fault, message);
    else
        tell(expr, fault, message);
}

/* --- Compiling --- */

static sqlite3_stmt *prepare(struct rt_expr *expr, size_t fault, char *sql)
{
    sqlite3_stmt *statement = NULL;
    const char *rest = NULL;
    if (sql == NULL) {
        tell(expr, fault, "out of memory");
        return NULL;
    }
    expr->selects = 1;
    expr->denied[0] = '\0';
    const int result = sqlite3_prepare_v2(expr->database, sql, -1, &statement, &rest);
    if (result != SQLITE_OK)
        tell_sqlite(expr, fault, result);
    else if (*rest != '\0')
        tell(expr, fault, "near \";\": one expression is allowed");
    sqlite3_free(sql);
    return statement;
}

/* Computes an expression that looks at no row. */
static void compute_constant(struct rt_expr *expr, size_t which, struct rt_text text)
{
    sqlite3_stmt *statement =
        prepare(expr, which, sqlite3_mprintf("SELECT (%.*s\n) IS TRUE", (int)text.length, text.at));
    if (statement == NULL)
        return;
    expr->progress = 0;
    const int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        expr->reads[which].always = sqlite3_column_int(statement, 0) != 0;
    else
        tell_sqlite(expr, which, result);
    sqlite3_finalize(statement);
}

/*
 * Bare, parentheses that do not match are an error and aggregates are misplaced; in parentheses,
 * whatever is more than an expression is an error. What passes both is one expression.
 */
static int check(struct rt_expr *expr, size_t which, struct rt_text text)
{
    if (text.length == 0)
        tell(expr, which, "empty");
    else if (memchr(text.at, '\0', text.length) != NULL)
        tell(expr, which, "holds a zero byte");
    if (expr->bad)
        return -1;
    const int length = (int)text.length;
    expr->at = &expr->reads[which];
    sqlite3_finalize(prepare(
        expr, which, sqlite3_mprintf("SELECT 1 FROM %s WHERE %.*s\n", row_name, length, text.at)));
    if (!expr->bad)
        sqlite3_finalize(prepare(
            expr, which, sqlite3_mprintf("SELECT (%.*s\n) FROM %s", length, text.at, row_name)));
    if (!expr->bad && !expr->at->of_row)
        compute_constant(expr, which, text);
    expr->at = NULL;
    return expr->bad ? -1 : 0;
}

/* All in one statement. The line end behind each closes a comment. */
static void compile(struct rt_expr *expr, enum rt_expr_mode mode, const struct rt_text *texts)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendall(sql, mode == RT_EXPR_FIRST ? "SELECT CASE" : "SELECT 1");
    for (size_t i = 0; i < expr->count; i++) {
        sqlite3_str_appendall(sql, mode == RT_EXPR_FIRST ? " WHEN (" : ", (");
        sqlite3_str_append(sql, texts[i].at, (int)texts[i].length);
        if (mode == RT_EXPR_FIRST)
            sqlite3_str_appendf(sql, "\n) THEN %d", (int)i);
        else
            sqlite3_str_appendall(sql, "\n) IS TRUE");
    }
    if (mode == RT_EXPR_FIRST)
        sqlite3_str_appendf(sql, "%s END", expr->count == 0 ? " WHEN 0 THEN 0" : "");
    sqlite3_str_appendf(sql, " FROM %s", row_name);
    expr->statement = prepare(expr, expr->count, sqlite3_str_finish(sql));
}

/* Which columns to declare: those whose names occur in an expression, and occur once. */
static void declare(struct rt_expr *expr, const struct rt_text *texts)
{
    size_t candidates = 0;
    for (size_t i = 0; i < expr->column_count; i++) {
        const char *name = expr->columns[i];
        /* A quote in a name is written twice, so look for what is before it. */
        const struct rt_text start = {name, strcspn(name, "\"`]")};
        bool occurs = false;
        for (size_t e = 0; e < expr->count && !occurs; e++)
            occurs = contains(texts[e], start);
        if (!occurs || name[0] == '\0')
            continue;
        if (++candidates > COLUMNS_MOST) {
            tell(expr, expr->count, "the expressions may name more than 1000 columns");
            return;
        }
        if (times_there(expr, name) == 1)
            expr->declared[expr->declared_count++] = i;
    }
}

static bool small_enough(struct rt_expr *expr, const struct rt_text *expressions)
{
    size_t bytes = 0;
    for (size_t i = 0; i < expr->count; i++) {
        if (expressions[i].length > RT_EXPR_BYTES)
            tell(expr, i, "longer than 10000 bytes");
        bytes += expressions[i].length;
    }
    if (expr->count > RT_EXPR_MOST)
        tell(expr, expr->count, "more than 1000 expressions");
    if (bytes > RT_EXPR_ALL_BYTES)
        tell(expr, expr->count, "the expressions are longer than 1 MiB together");
    return !expr->bad;
}

static int open_database(struct rt_expr *expr)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(":memory:", &expr->database, flags, NULL) != SQLITE_OK) {
        tell(expr, expr->count, "SQLite cannot be started");
        return -1;
    }
    sqlite3 *database = expr->database;
    /* A name in double quotes that is no column is an error, not a text. */
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    limit(database);
    /* The last one has SQLite ask for the row's columns, which takes more than the lock allows. */
    char *sql = sqlite3_mprintf("SELECT 1 FROM %s", row_name);
    if (sql == NULL || create_functions(expr) != 0 ||
        sqlite3_create_module(database, row_name, &row_module, expr) != SQLITE_OK ||
        sqlite3_prepare_v2(database, sql, -1, &expr->statement, NULL) != SQLITE_OK ||
        sqlite3_set_authorizer(database, authorize, expr) != SQLITE_OK)
        tell(expr, expr->count, "SQLite cannot be set up");
    sqlite3_free(sql);
    sqlite3_finalize(expr->statement);
    expr->statement = NULL;
    sqlite3_progress_handler(database, PROGRESS_STEPS, count_steps, expr);
    return expr->bad ? -1 : 0;
}

/* The one column of that name as the header has it, or column_count. */
static size_t only_column(const struct rt_expr *expr, const char *name)
{
    size_t found = expr->column_count;
    for (size_t i = 0; i < expr->column_count; i++) {
        if (strcmp(expr->columns[i], name) != 0)
            continue;
        if (found < expr->column_count)
            return expr->column_count;
        found = i;
    }
    return found;
}

struct rt_expr *rt_expr_new(enum rt_expr_mode mode, const char *const *columns, size_t column_count,
                            const struct rt_text *expressions, size_t count)
{
    struct rt_expr *expr = rt_alloc_zero(1, sizeof *expr);
    expr->count = expr->fault = count;
    expr->column_count = column_count;
    expr->columns = rt_alloc(column_count + 1, sizeof *expr->columns);
    expr->declared = rt_alloc(column_count + 1, sizeof *expr->declared);
    expr->used = rt_alloc_zero(column_count + 1, sizeof *expr->used);
    for (size_t i = 0; i < column_count; i++)
        expr->columns[i] = rt_strdup(columns[i]);
    expr->customer = only_column(expr, "customer_id");
    expr->last_date = only_column(expr, "last_date");
    expr->recency = only_column(expr, "recency_days");
    expr->as_of = RT_DAY_NONE;
    expr->reads = rt_alloc_zero(count + 1, sizeof *expr->reads);
    if (!small_enough(expr, expressions))
        return expr;
    declare(expr, expressions);
    if (expr->bad || open_database(expr) != 0)
        return expr;
    for (size_t i = 0; i < count; i++)
        if (check(expr, i, expressions[i]) != 0)
            return expr;
    compile(expr, mode, expressions);
    return expr;
}

void rt_expr_free(struct rt_expr *expr)
{
    if (expr == NULL)
        return;
    sqlite3_finalize(expr->statement);
    sqlite3_close(expr->database);
    for (size_t i = 0; i < expr->column_count; i++)
        free(expr->columns[i]);
    for (size_t i = 0; i < expr->count; i++)
        free(expr->reads[i].columns);
    free(expr->reads);
    free(expr->columns);
    free(expr->declared);
    free(expr->used);
    free(expr);
}

const char *rt_expr_message(const struct rt_expr *expr)
{
    return expr->bad ? expr->message : NULL;
}

size_t rt_expr_fault(const struct rt_expr *expr)
{
    return expr->fault;
}

bool rt_expr_uses(const struct rt_expr *expr, size_t column)
{
    return expr->used[column];
}

const size_t *rt_expr_reads(const struct rt_expr *expr, size_t which, size_t *count)
{
    *count = expr->reads[which].count;
    return expr->reads[which].columns;
}

bool rt_expr_always(const struct rt_expr *expr, size_t which)
{
    return expr->reads[which].always;
}

void rt_expr_set_as_of(struct rt_expr *expr, int32_t day)
{
    expr->as_of = day;
}

/* --- Running --- */

/* One step of the statement that never ends is one row. */
static int step(struct rt_expr *expr, const struct rt_text *cells)
{
    if (expr->statement == NULL)
        return -1;
    expr->cells = cells;
    expr->row_waits = true;
    expr->progress = 0;
    const int result = sqlite3_step(expr->statement);
    if (result == SQLITE_ROW)
        return 0;
    expr->bad = false; /* so that the message is that of this row */
    tell_sqlite(expr, expr->count, result);
    sqlite3_reset(expr->statement);
    return -1;
}

int rt_expr_first(struct rt_expr *expr, const struct rt_text *cells, size_t *which)
{
    *which = expr->count;
    if (step(expr, cells) != 0)
        return -1;
    if (sqlite3_column_type(expr->statement, 0) == SQLITE_INTEGER)
        *which = (size_t)sqlite3_column_int64(expr->statement, 0);
    return 0;
}

int rt_expr_each(struct rt_expr *expr, const struct rt_text *cells, bool *holds)
{
    if (step(expr, cells) != 0)
        return -1;
    for (size_t i = 0; i < expr->count; i++)
        holds[i] = sqlite3_column_int(expr->statement, (int)i + 1) != 0;
    return 0;
}

const char *rt_expr_functions(void)
{
    return functions;
}
