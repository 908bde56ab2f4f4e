/*
 * Churn: any log, counted in shards by customer and merged, gives the metric rows of one run, whose
 * customers add up; metric rows of which one cell was replaced are taken or refused, and nothing
 * else.
 *
 * The first four bytes say how; each three behind them are a row of the log, and the
 * last eight are the cell as well.
 */
#include "libretain/churn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libretain/day.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 2000, KEYS = 2, CELLS = 4 + KEYS, BYTES = 64, SHARDS = 3 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Metric rows as texts: metric, method, keys, value, num, den in fields of BYTES. */
struct rows {
    char cells[ROWS][CELLS + 1][BYTES];
    bool complete[ROWS];
    size_t count;
};

static void copy(char into[BYTES], struct rt_text text)
{
    require(text.length < BYTES);
    if (text.length > 0)
        memcpy(into, text.at, text.length);
    into[text.length] = '\0';
}

static void write_number(char into[BYTES], struct rt_number number)
{
    into[0] = '\0';
    if (number.kind == RT_NUMBER_WHOLE)
        snprintf(into, BYTES, "%lld", (long long)number.whole);
    else if (number.kind == RT_NUMBER_TOTAL)
        (void)rt_total_write(number.total, into);
    else if (number.kind == RT_NUMBER_REAL)
        snprintf(into, BYTES, "%.17g", number.real);
}

static void take(void *what, const struct rt_metric *row)
{
    struct rows *rows = what;
    if (rows->count == ROWS)
        return;
    char(*cells)[BYTES] = rows->cells[rows->count];
    copy(cells[0], row->metric);
    copy(cells[1], row->method);
    for (size_t i = 0; i < KEYS; i++)
        copy(cells[2 + i], row->keys[i]);
    write_number(cells[4], row->value);
    write_number(cells[5], row->num);
    write_number(cells[6], row->den);
    rows->complete[rows->count++] = row->complete;
}

/* One file for all inputs: its name goes away with the process. */
static const char *put_file(const char *text, size_t length)
{
    static char name[] = "/tmp/fuzz-churn.XXXXXX";
    static int file = -1;
    if (file < 0)
        file = mkstemp(name);
    require(file >= 0 && ftruncate(file, 0) == 0);
    require(pwrite(file, text, length, 0) == (ssize_t)length);
    return name;
}

/* Counts the rows of customers that belong to `shard` of `shards`. False where it is refused. */
static bool count(const uint8_t *data, size_t size, struct rt_churn_form form, size_t shard,
                  size_t shards, struct rows *rows)
{
    static char text[8192];
    size_t used = (size_t)snprintf(text, sizeof text, "customer_id,date,amount,by\n");
    for (size_t i = 0; i + 3 <= size; i += 3) {
        if (data[i] % 8 % shards != shard)
            continue;
        char day[11];
        rt_day_write(19000 + data[i + 1] / 2, day);
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%d,%s,%d.%d,%c\n", data[i] % 8, day,
                             data[i + 2] % 8 - 1, data[i + 2] / 8 % 4, "ab"[data[i] / 8 % 2]);
    }
    static const struct rt_table_args args = {.delimiter = ',', .block = 4096};
    char *files[] = {(char *)put_file(text, used), NULL};
    const size_t by = 3;
    struct rt_churn_source source = {rt_table_open(&args, files, 1), .purchase = "purchase",
                                     .by = &by, .threads = 1};
    require(rt_log_find(source.table, &source.log) == 0);
    struct rt_churn *churn = rt_churn_new(&form);
    const bool good = rt_churn_read(churn, &source) == NULL;
    if (good)
        require(rt_churn_rows(churn, take, rows) == NULL);
    rt_churn_free(churn);
    rt_table_close(source.table);
    return good;
}

static const char *merge(const struct rows *from, struct rt_churn *churn)
{
    const char *fault = NULL;
    for (size_t i = 0; i < from->count && fault == NULL; i++) {
        struct rt_text cells[CELLS + 1];
        for (size_t k = 0; k <= CELLS; k++)
            cells[k] = rt_text(from->cells[i][k]);
        const struct rt_metric row = {.metric = cells[0],
                                      .method = cells[1],
                                      .keys = cells + 2,
                                      .value = rt_number_text(cells[4]),
                                      .num = rt_number_text(cells[5]),
                                      .den = rt_number_text(cells[6]),
                                      .complete = from->complete[i]};
        fault = rt_churn_merge(churn, &row);
    }
    return fault;
}

static const char *finish(struct rt_churn *churn)
{
    struct rt_confidence confidence;
    require(rt_confidence_read(rt_text("95%"), &confidence) == 0);
    const struct rt_churn_asked asked = {.as_of = RT_DAY_NONE, .confidence = &confidence};
    return rt_churn_merged(churn, &asked);
}

static struct rt_churn_form form_of(const uint8_t *how)
{
    static const char *const kinds[] = {"month", "week", "year", "quarter", "10d", "40d"};
    struct rt_churn_form form = {
        .idle = how[1] % 64, .as_of = RT_DAY_NONE, .amounts = true, .by_count = 1};
    require(rt_period_read(rt_text(kinds[how[0] % 6]), how[0] >= 128, &form.period) == 0);
    require(rt_confidence_read(rt_text("95%"), &form.confidence) == 0);
    if (how[2] % 4 == 0)
        form.idle = RT_CHURN_AUTO;
    if (how[2] >= 128)
        form.as_of = 19000 + how[2];
    return form;
}

static void check_shards(const uint8_t *data, size_t size, struct rt_churn_form form,
                         const struct rows *whole)
{
    static struct rows shard, merged;
    struct rt_churn *churn = rt_churn_new_merge(1);
    for (size_t i = 0; i < SHARDS; i++) {
        shard.count = 0;
        if (!count(data, size, form, i, SHARDS, &shard) || shard.count == ROWS) {
            rt_churn_free(churn);
            return;
        }
        require(merge(&shard, churn) == NULL);
    }
    merged.count = 0;
    const char *fault = finish(churn);
    /* Where auto took other days for the shards they are refused, in words. */
    require(fault == NULL || form.idle == RT_CHURN_AUTO);
    if (fault == NULL) {
        require(rt_churn_rows(churn, take, &merged) == NULL);
        require(merged.count == whole->count);
        for (size_t i = 0; i < merged.count; i++) {
            require(merged.complete[i] == whole->complete[i]);
            for (size_t k = 0; k <= CELLS; k++)
                require(strcmp(merged.cells[i][k], whole->cells[i][k]) == 0);
        }
    }
    rt_churn_free(churn);
}

static void check_changed(struct rows *rows, size_t at, struct rt_text cell)
{
    static struct rows again;
    again.count = 0;
    if (rows->count == 0)
        return;
    char *changed = rows->cells[at / (CELLS + 1) % rows->count][at % (CELLS + 1)];
    const size_t length = cell.length < BYTES - 1 ? cell.length : BYTES - 1;
    memcpy(changed, cell.at, length);
    changed[length] = '\0';
    struct rt_churn *churn = rt_churn_new_merge(1);
    if (merge(rows, churn) == NULL && finish(churn) == NULL)
        (void)rt_churn_rows(churn, take, &again);
    rt_churn_free(churn);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct rows whole;
    if (size < 4 || size > 400)
        return 0;
    const struct rt_churn_form form = form_of(data);
    const size_t log = size - 4 > 300 ? 300 : size - 4;
    whole.count = 0;
    if (!count(data + 4, log, form, 0, 1, &whole) || whole.count == ROWS)
        return 0;
    check_shards(data + 4, log, form, &whole);
    const size_t cell = size < 12 ? size : size - 8;
    check_changed(&whole, (size_t)data[3] * 7 + data[0],
                  (struct rt_text){(const char *)data + cell, size - cell});
    return 0;
}
