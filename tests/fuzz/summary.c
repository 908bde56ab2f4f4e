/*
 * Summaries: rows split into shards anyhow and merged give the metric rows of one run; metric rows
 * of any content are taken or refused, and nothing else.
 *
 * The first byte says how; lines follow, of cells between commas.
 */
#include "libretain/summary.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/take.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Sums of 16 numbers always fit, so that a shard is taken where the whole is. */
enum { CELLS = 3, TEXT_MOST = 5 * RT_REAL_BYTES, LINES_MOST = 16 };

struct text {
    char *bytes;
    size_t used;
};

static void put(struct text *text, const char *bytes, size_t length)
{
    if (text->used + length > TEXT_MOST)
        abort();
    memcpy(text->bytes + text->used, bytes, length);
    text->used += length;
}

static struct text new_text(void)
{
    struct text text = {malloc(TEXT_MOST), 0};
    if (text.bytes == NULL)
        abort();
    return text;
}

static struct rt_summary_form form_of(unsigned how)
{
    struct rt_summary_form form = {.by_count = how & 4 ? 1 : 0, .revenue = true, .values = true};
    static const char *const stats[] = {"mean:v", "median:v", "sum:v", "min:v", "p90:v", "count:v"};
    for (size_t i = 0; i < sizeof stats / sizeof *stats; i++)
        if (rt_stats_add(&form.stats, rt_text(stats[i])) != NULL)
            abort();
    if (rt_confidence_read(rt_text("95%"), &form.confidence) != 0)
        abort();
    return form;
}

/* Every `step`-th line from `first` on; false where a cell was refused. */
static bool fill(struct rt_summary *summary, struct rt_text lines, size_t first, size_t step,
                 bool keyed)
{
    for (size_t i = 0; i < LINES_MOST && lines.length > 0; i++) {
        struct rt_text line = take(&lines, '\n');
        if (i % step != first)
            continue;
        const struct rt_text key = take(&line, ','), revenue = take(&line, ',');
        const struct rt_text value = take(&line, ',');
        if (memchr(key.at, '\0', key.length) != NULL)
            return false;
        const struct rt_text cells[] = {revenue, value, value, value, value, value, value};
        const char *reason = NULL;
        if (rt_summary_add(summary, keyed ? key : (struct rt_text){"", 0}, cells, &reason) != 0) {
            if (reason == NULL)
                abort();
            return false;
        }
    }
    return true;
}

static struct rt_number as_text(struct rt_number number, struct text *memory)
{
    char text[RT_REAL_BYTES] = "";
    size_t length = 0;
    if (number.kind == RT_NUMBER_WHOLE)
        length = (size_t)snprintf(text, sizeof text, "%lld", (long long)number.whole);
    else if (number.kind == RT_NUMBER_TOTAL)
        length = rt_total_write(number.total, text);
    else if (number.kind == RT_NUMBER_REAL)
        length = rt_real_write(number.real, text);
    else if (number.kind == RT_NUMBER_TEXT)
        return number;
    const char *at = memory->bytes + memory->used;
    put(memory, text, length);
    return rt_number_text((struct rt_text){at, length});
}

/* The row as one that was read would be. */
static struct rt_metric as_read(struct rt_metric row, struct text *memory)
{
    row.value = as_text(row.value, memory);
    row.lo = as_text(row.lo, memory);
    row.hi = as_text(row.hi, memory);
    row.num = as_text(row.num, memory);
    row.den = as_text(row.den, memory);
    return row;
}

static void merge_all(struct rt_summary *into, struct rt_summary *shard)
{
    struct rt_metric row;
    while (rt_summary_next(shard, &row)) {
        struct text memory = new_text();
        const struct rt_metric read = as_read(row, &memory);
        if (rt_summary_merge(into, &read) != NULL)
            abort();
        free(memory.bytes);
    }
}

static void require_same(struct rt_summary *one, struct rt_summary *other)
{
    struct rt_metric a, b;
    while (rt_summary_next(one, &a)) {
        if (!rt_summary_next(other, &b))
            abort();
        struct text memory = new_text();
        const struct rt_metric x = as_read(a, &memory), y = as_read(b, &memory);
        if (!rt_text_equal(x.metric, y.metric) || !rt_text_equal(x.method, y.method) ||
            !rt_text_equal(x.keys[0], y.keys[0]) || !rt_text_equal(x.value.text, y.value.text) ||
            !rt_text_equal(x.lo.text, y.lo.text) || !rt_text_equal(x.hi.text, y.hi.text) ||
            !rt_text_equal(x.num.text, y.num.text) || !rt_text_equal(x.den.text, y.den.text))
            abort();
        free(memory.bytes);
    }
    if (rt_summary_next(other, &b))
        abort();
}

static void check_shards(unsigned how, struct rt_text lines)
{
    const size_t shards = 1 + (how >> 4);
    const bool keyed = (how & 4) != 0;
    struct rt_summary *all = rt_summary_new(form_of(how));
    struct rt_summary *merged = rt_summary_new_merge(keyed ? 1 : 0);
    bool good = fill(all, lines, 0, 1, keyed);
    for (size_t i = 0; good && i < shards; i++) {
        struct rt_summary *shard = rt_summary_new(form_of(how));
        const size_t first = how & 8 ? i : shards - 1 - i;
        if (!fill(shard, lines, first, shards, keyed))
            abort();
        merge_all(merged, shard);
        rt_summary_free(shard);
    }
    if (good) {
        struct rt_summary_form asked = form_of(how);
        if (rt_summary_merged(merged, &asked, true) != NULL)
            abort();
        require_same(all, merged);
        rt_stats_free(&asked.stats);
    }
    rt_summary_free(all);
    rt_summary_free(merged);
}

static void check_rows(struct rt_text lines)
{
    struct rt_summary *summary = rt_summary_new_merge(2);
    const char *fault = NULL;
    while (fault == NULL && lines.length > 0) {
        struct rt_text line = take(&lines, '\n');
        if (memchr(line.at, '\0', line.length) != NULL)
            break;
        struct rt_metric row = {.complete = true};
        row.metric = take(&line, ',');
        row.method = take(&line, ',');
        const struct rt_text keys[CELLS] = {take(&line, ','), take(&line, ','), take(&line, ',')};
        row.keys = keys;
        row.value = rt_number_text(take(&line, ','));
        row.num = rt_number_text(take(&line, ','));
        row.den = rt_number_text(take(&line, ','));
        row.lo = row.hi = rt_number_text((struct rt_text){"", 0});
        fault = rt_summary_merge(summary, &row);
    }
    struct rt_summary_form asked = form_of(0);
    rt_stats_free(&asked.stats);
    asked.by_count = 0;
    if (fault == NULL && rt_summary_merged(summary, &asked, false) == NULL) {
        struct rt_metric row;
        while (rt_summary_next(summary, &row))
            if (row.metric.length == 0 || row.method.length == 0)
                abort();
    }
    rt_summary_free(summary);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct rt_text lines = {(const char *)data + 1, size - 1};
    if (data[0] & 1)
        check_rows(lines);
    else
        check_shards(data[0], lines);
    return 0;
}
