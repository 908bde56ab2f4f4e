/*
 * What is due: each four bytes of the input are a purchase. Forecasts lie behind the as-of date and
 * in order, and are the same with the rows turned around and read by two threads.
 */
#include "libretain/due.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libretain/day.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 256, DAY = 19000 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Lines by customer and item, as there is room for all of them. */
struct lines {
    struct rt_due_line line[LINES];
    int32_t as_of;
    int count;
};

static bool take_line(const void *what, struct rt_out *out, const struct rt_due_line *line)
{
    (void)out;
    struct lines *lines = *(struct lines *const *)what;
    const unsigned customer = (unsigned char)line->customer.at[0] - 'a';
    const unsigned item = line->item.length > 0 ? (unsigned char)line->item.at[0] - 'A' : 0;
    require(customer < 16 && item < 16);
    struct rt_due_line *into = &lines->line[customer * 16 + item];
    *into = *line;
    into->customer.length = 1;
    lines->count++;
    require(line->last <= lines->as_of && line->intervals >= 0);
    require(isnan(line->overdue) || (line->overdue >= 0 && line->overdue <= 1));
    if (line->lo == RT_DAY_NONE)
        require(line->due == RT_DAY_NONE && line->hi == RT_DAY_NONE);
    else
        require(line->lo > lines->as_of && (line->due == RT_DAY_NONE || line->lo <= line->due));
    if (line->hi != RT_DAY_NONE)
        require(line->due <= line->hi && line->days == line->due - lines->as_of);
    return false;
}

static const char *write_log(const uint8_t *data, size_t size, bool turned)
{
    static char name[] = "/tmp/fuzz-due.XXXXXX";
    static int file = -1;
    static char text[16384];
    if (file < 0)
        file = mkstemp(name);
    size_t used = (size_t)snprintf(text, sizeof text, "customer_id,date,item,qty\n");
    const size_t rows = size / 4;
    for (size_t i = 0; i < rows; i++) {
        const uint8_t *row = data + 4 * (turned ? rows - 1 - i : i);
        char day[11];
        rt_day_write(DAY + (row[1] | (row[0] >> 4) << 8), day);
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%c,%s,%c,%d.%d\n", 'a' + row[0] % 16,
                             day, 'A' + row[2] % 16, row[3] / 8, row[3] % 8 + 1);
    }
    require(file >= 0 && ftruncate(file, 0) == 0);
    require(pwrite(file, text, used, 0) == (ssize_t)used);
    return name;
}

static void look(const uint8_t *data, size_t size, bool items, bool turned, struct lines *lines)
{
    static const struct rt_table_args args = {.delimiter = ',', .block = 4096};
    char *files[] = {(char *)write_log(data, size, turned), NULL};
    struct rt_due_source source = {
        .table = rt_table_open(&args, files, 1), .purchase = "purchase", .threads = turned ? 2 : 1};
    require(rt_log_find(source.table, &source.log) == 0);
    const struct rt_due_form form = {items, RT_DAY_NONE, 0.8};
    struct rt_due *due = rt_due_new(&form);
    require(rt_due_read(due, &source) == NULL);
    *lines = (struct lines){.as_of = rt_due_counts(due).as_of};
    (void)rt_due_lines(due, source.threads, take_line, &lines, NULL);
    rt_due_free(due);
    rt_table_close(source.table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lines one, other;
    if (size < 5 || size > 800)
        return 0;
    const bool items = data[0] % 2 == 1;
    look(data + 1, size - 1, items, false, &one);
    look(data + 1, size - 1, items, true, &other);
    require(one.count == other.count);
    for (int i = 0; i < LINES; i++) {
        const struct rt_due_line *a = &one.line[i], *b = &other.line[i];
        require(a->last == b->last && a->due == b->due && a->lo == b->lo && a->hi == b->hi);
        require(a->intervals == b->intervals);
        require(a->overdue == b->overdue || (isnan(a->overdue) && isnan(b->overdue)));
    }
    return 0;
}
