/*
 * What is drawn of metric rows: lines of cells between tabs, under the columns of metric rows with
 * a group. Whatever the cells hold, pages and pictures are well formed, and what goes to a terminal
 * has no control character but line ends.
 */
#include "libretain/report.h"

#include <stdint.h>
#include <stdlib.h>

#include "libretain/chart.h"
#include "libretain/err.h"
#include "libretain/pivot.h"
#include "libretain/svg.h"
#include "libretain/term.h"
#include "libretain/utf8.h"
#include "tests/fuzz/take.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WIDTH = 9, MOST_ROWS = 60, DEEPEST = 64 };
static char *names[] = {"metric", "method", "group",    "period", "value",
                        "lo",     "hi",     "complete", "p_alive"};
static char *ages[] = {"metric", "method", "cohort",   "age", "value",
                       "lo",     "hi",     "complete", "band"};

static void require(int holds)
{
    if (!holds)
        abort();
}

/* A sheet as a table of these lines would make it. */
static void fill(struct rt_sheet *sheet, struct rt_text text, char **columns)
{
    *sheet = (struct rt_sheet){.width = WIDTH, .names = columns};
    sheet->ends = rt_alloc((size_t)MOST_ROWS * WIDTH, sizeof *sheet->ends);
    while (text.length > 0 && sheet->count < MOST_ROWS) {
        struct rt_text line = take(&text, '\n');
        for (size_t i = 0; i < WIDTH; i++) {
            rt_buffer_text(&sheet->bytes, take(&line, '\t'));
            sheet->ends[sheet->count * WIDTH + i] = sheet->bytes.used;
        }
        sheet->count++;
    }
}

static size_t name_length(struct rt_text text, size_t at)
{
    const size_t start = at;
    while (at < text.length && ((text.at[at] >= 'a' && text.at[at] <= 'z') ||
                                (text.at[at] >= '0' && text.at[at] <= '9')))
        at++;
    return at - start;
}

/* The end of a tag whose name ends at `at`; quotes in it are closed. */
static size_t tag_end(struct rt_text text, size_t at)
{
    char quote = 0;
    for (; at < text.length && (quote != 0 || text.at[at] != '>'); at++) {
        require(text.at[at] != '<');
        if (quote != 0 && text.at[at] == quote)
            quote = 0;
        else if (quote == 0 && (text.at[at] == '\'' || text.at[at] == '"'))
            quote = text.at[at];
    }
    require(at < text.length);
    return at;
}

static void check_tags(struct rt_text text)
{
    struct rt_text open[DEEPEST];
    size_t depth = 0;
    for (size_t at = 0; at < text.length; at++) {
        require(text.at[at] != '&' || (at + 1 < text.length && text.at[at + 1] != ' '));
        if (text.at[at] != '<')
            continue;
        const bool closing = text.at[at + 1] == '/', other = strchr("!?", text.at[at + 1]) != NULL;
        const size_t start = at + 1 + closing, length = name_length(text, start);
        const struct rt_text name = {text.at + start, length};
        require(other || length > 0);
        require(!rt_text_is(name, "script"));
        at = tag_end(text, start + length);
        if (closing)
            require(depth > 0 && rt_text_equal(open[--depth], name));
        else if (!other && text.at[at - 1] != '/' && !rt_text_is(name, "meta") &&
                 !rt_text_is(name, "link") && !rt_text_is(name, "br")) {
            require(depth < DEEPEST);
            open[depth++] = name;
        }
    }
    require(depth == 0);
}

static void check_terminal(const struct rt_buffer *text)
{
    for (size_t i = 0; i < text->used; i++)
        require((unsigned char)text->bytes[i] >= 0x20 || text->bytes[i] == '\n');
    require(rt_utf8_check(text->bytes, text->used) == text->used);
}

static void draw(const struct rt_sheet *sheet, enum rt_chart_form form)
{
    static const struct rt_svg_form small = {.width = 300, .height = 200};
    static const struct rt_term_form lines = {.width = 50, .height = 8};
    size_t count;
    struct rt_chart chart;
    const char *fault;
    struct rt_buffer picture = {0}, text = {0};
    struct rt_chart_metric *metrics = rt_chart_metrics(sheet, &count);
    if (count > 0 &&
        rt_chart_make(&chart, sheet, metrics, count < 3 ? count : 3, form, &fault) == 0) {
        rt_svg_chart(&picture, &chart, &small);
        check_tags(rt_buffer_get(&picture));
        rt_term_chart(&text, &chart, &lines);
        check_terminal(&text);
    }
    if (count > 0)
        rt_chart_free(&chart);
    rt_buffer_free(&picture);
    rt_buffer_free(&text);
    free(metrics);
}

static void show(struct rt_text text, char **columns)
{
    struct rt_report_input input = {.name = "-"};
    fill(&input.sheet, text, columns);
    struct rt_buffer page = {0}, pivot = {0};
    const struct rt_report_form form = {.title = "t", .rows = 5, .periods = 3};
    rt_report_write(&page, &form, &input, 1);
    check_tags(rt_buffer_get(&page));
    for (int i = RT_CHART_AUTO; i <= RT_CHART_STEPS; i++)
        draw(&input.sheet, (enum rt_chart_form)i);
    const struct rt_pivot_form by = {.column = 3, .value = 4, .digits = 3, .grid = {.screen = 40}};
    (void)rt_pivot_write(&input.sheet, &by, &pivot);
    check_terminal(&pivot);
    rt_buffer_free(&page);
    rt_buffer_free(&pivot);
    rt_buffer_free(&input.sheet.bytes);
    free(input.sheet.ends);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rt_text text = {(const char *)data, size};
    if (size == 0 || rt_utf8_check(text.at, size) != size || memchr(data, 0, size) != NULL)
        return 0;
    show(text, names);
    show(text, ages);
    return 0;
}
