/*
 * Answers: rows split into shards by customer and merged give the metric rows of one run, whether
 * they were indexed by the scanner or split into cells; metric rows of any content are taken or
 * refused, and nothing else.
 *
 * The first byte says how; lines follow, of four cells between commas.
 */
#include "libretain/nps.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/take.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WIDTH = 4, ROWS_MOST = 64, TEXT_MOST = 4096 };

/* Rows of four cells, from lines that have as many. */
struct table {
    struct rt_rows rows;
    uint32_t ends[WIDTH * ROWS_MOST + 1], last[ROWS_MOST];
    struct rt_text cells[WIDTH * ROWS_MOST];
    char bytes[TEXT_MOST + 8]; /* eight can be read from each cell */
};

/* Every row whose customer's first byte leaves `shard` of `shards`. */
static void fill(struct table *table, const char *bytes, size_t size, size_t shard, size_t shards,
                 bool cells)
{
    memset(table, 0, sizeof *table);
    table->ends[0] = UINT32_MAX;
    uint32_t used = 0, count = 0;
    const char *end = bytes + size;
    for (const char *line = bytes, *next; line < end; line = next) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        stop = stop != NULL ? stop : end;
        next = stop + 1;
        size_t commas = 0;
        for (const char *at = line; at < stop; at++)
            commas += *at == ',';
        const size_t length = (size_t)(stop - line);
        if (commas != WIDTH - 1 || (unsigned char)line[0] % shards != shard ||
            memchr(line, '\r', length) != NULL || memchr(line, '\0', length) != NULL)
            continue;
        uint32_t start = used;
        memcpy(table->bytes + used, line, length);
        table->bytes[used + length] = '\n';
        for (uint32_t at = used; at <= used + length; at++)
            if (at == used + length || table->bytes[at] == ',') {
                table->cells[count] = (struct rt_text){table->bytes + start, at - start};
                table->ends[1 + count++] = at;
                start = at + 1;
            }
        used += (uint32_t)length + 1;
        table->last[table->rows.count++] = count - 1;
    }
    table->rows.width = WIDTH;
    table->rows.base = table->bytes;
    table->rows.ends = table->ends + 1;
    table->rows.last = table->last;
    table->rows.cells = cells ? table->cells : NULL;
}

static struct rt_nps_form form_of(unsigned how)
{
    static const char *const periods[] = {"day", "week", "month", "9d"};
    struct rt_nps_form form = {.by_count = how & 4 ? 1 : 0, .histogram = (how & 8) != 0};
    form.metric = (enum rt_nps_metric)(how >> 4 & 3) % RT_NPS_METRICS;
    form.score_test = form.metric == RT_NPS_NPS && (how & 1) != 0;
    form.short_scale = form.metric == RT_NPS_CES && (how & 1) != 0;
    form.dedupe = how >> 6 == 1 ? RT_NPS_LAST : how >> 6 == 2 ? RT_NPS_APART : RT_NPS_ALL;
    form.apart = form.dedupe == RT_NPS_APART ? 7 : 0;
    form.periods = form.compare = (how & 64) != 0 || form.dedupe == RT_NPS_APART;
    if (rt_confidence_read(rt_text("95%"), &form.confidence) != 0 ||
        (form.periods && rt_period_read(rt_text(periods[how % 4]), false, &form.period) != 0))
        abort();
    return form;
}

/* NULL where a row was refused. */
static struct rt_nps *count(const struct rt_nps_form *form, const char *bytes, size_t size,
                            size_t shard, size_t shards, bool cells)
{
    static const size_t by[] = {3};
    const struct rt_nps_columns columns = {by, 2, form->periods || form->dedupe ? 1 : -1,
                                           form->dedupe ? 0 : -1};
    struct table *table = malloc(sizeof *table);
    if (table == NULL)
        abort();
    fill(table, bytes, size, shard, shards, cells);
    struct rt_nps *nps = rt_nps_new(*form);
    struct rt_nps_fault fault = {0};
    if (rt_nps_add(nps, &table->rows, &columns, &fault) != 0) {
        if (fault.reason == NULL || fault.row >= table->rows.count || fault.column >= WIDTH)
            abort();
        rt_nps_free(nps);
        nps = NULL;
    }
    free(table);
    return nps;
}

static struct rt_number as_text(struct rt_number number, char into[RT_REAL_BYTES])
{
    size_t length = 0;
    if (number.kind == RT_NUMBER_WHOLE)
        length = (size_t)snprintf(into, RT_REAL_BYTES, "%lld", (long long)number.whole);
    else if (number.kind == RT_NUMBER_REAL)
        length = rt_real_write(number.real, into);
    return rt_number_text((struct rt_text){into, length});
}

/* The row as one that was read would be; the texts live until the next call with this memory. */
struct memory {
    char numbers[5][RT_REAL_BYTES];
};

static struct rt_metric as_read(struct rt_metric row, struct memory *memory)
{
    row.value = as_text(row.value, memory->numbers[0]);
    row.lo = as_text(row.lo, memory->numbers[1]);
    row.hi = as_text(row.hi, memory->numbers[2]);
    row.num = as_text(row.num, memory->numbers[3]);
    row.den = as_text(row.den, memory->numbers[4]);
    return row;
}

static void require_same(struct rt_nps *one, struct rt_nps *other, size_t by_count)
{
    struct rt_metric a, b;
    static struct memory x, y;
    while (rt_nps_next(one, &a)) {
        if (!rt_nps_next(other, &b))
            abort();
        a = as_read(a, &x);
        b = as_read(b, &y);
        bool same = a.complete == b.complete && rt_text_equal(a.metric, b.metric) &&
                    rt_text_equal(a.method, b.method) &&
                    rt_text_equal(a.value.text, b.value.text) &&
                    rt_text_equal(a.lo.text, b.lo.text) && rt_text_equal(a.hi.text, b.hi.text) &&
                    rt_text_equal(a.num.text, b.num.text) && rt_text_equal(a.den.text, b.den.text);
        for (size_t i = 0; i <= by_count; i++)
            same = same && rt_text_equal(a.keys[i], b.keys[i]);
        if (!same)
            abort();
    }
    if (rt_nps_next(other, &b))
        abort();
}

/* The first lines, as many as a table holds. */
static size_t cut(const char *bytes, size_t size)
{
    size_t lines = 0, length = 0;
    while (length < size && length < TEXT_MOST - 1 && lines < ROWS_MOST)
        lines += bytes[length++] == '\n';
    return length;
}

static void merge_shards(struct rt_nps *merged, const struct rt_nps_form *form, const char *bytes,
                         size_t size, size_t shards)
{
    for (size_t i = 0; i < shards; i++) {
        struct rt_nps *shard = count(form, bytes, size, shards - 1 - i, shards, i % 2 == 1);
        struct rt_metric row;
        static struct memory memory;
        if (shard == NULL)
            abort();
        while (rt_nps_next(shard, &row)) {
            const struct rt_metric read = as_read(row, &memory);
            if (rt_nps_merge(merged, &read) != NULL)
                abort();
        }
        rt_nps_free(shard);
    }
}

static void check_answers(unsigned how, const char *bytes, size_t size)
{
    const struct rt_nps_form form = form_of(how);
    size = cut(bytes, size);
    struct rt_nps *all = count(&form, bytes, size, 0, 1, false);
    struct rt_nps *cells = count(&form, bytes, size, 0, 1, true);
    if ((all == NULL) != (cells == NULL))
        abort();
    if (all != NULL) {
        struct rt_nps *merged = rt_nps_new_merge(form.by_count);
        merge_shards(merged, &form, bytes, size, 1 + how % 3);
        const struct rt_nps_asked asked = {form, true, form.short_scale, form.score_test, true};
        if (rt_nps_merged(merged, &asked) != NULL)
            abort();
        require_same(all, merged, form.by_count);
        rt_nps_free(all);
        all = count(&form, bytes, size, 0, 1, false);
        require_same(all, cells, form.by_count);
        rt_nps_free(merged);
    }
    rt_nps_free(all);
    rt_nps_free(cells);
}

static void check_rows(struct rt_text lines)
{
    struct rt_nps *nps = rt_nps_new_merge(1);
    const char *fault = NULL;
    while (fault == NULL && lines.length > 0) {
        struct rt_text line = take(&lines, '\n');
        if (memchr(line.at, '\0', line.length) != NULL)
            break;
        struct rt_metric row = {.complete = line.length % 2 == 0};
        row.metric = take(&line, ',');
        row.method = take(&line, ',');
        const struct rt_text keys[] = {take(&line, ','), take(&line, ',')};
        row.keys = keys;
        row.value = rt_number_text(take(&line, ','));
        row.num = rt_number_text(take(&line, ','));
        row.den = rt_number_text(take(&line, ','));
        row.lo = row.hi = rt_number_text((struct rt_text){"", 0});
        fault = rt_nps_merge(nps, &row);
    }
    struct rt_nps_asked asked = {.form.compare = false};
    if (fault == NULL && rt_nps_merged(nps, &asked) == NULL) {
        struct rt_metric row;
        while (rt_nps_next(nps, &row))
            if (row.metric.length == 0 || row.method.length == 0)
                abort();
    }
    rt_nps_free(nps);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    if (data[0] & 1)
        check_rows((struct rt_text){(const char *)data + 1, size - 1});
    else
        check_answers(data[1], (const char *)data + 2, size - 2);
    return 0;
}
