#include "libretain/report.h"

#include <stdlib.h>

#include "libretain/metrics.h"
#include "libretain/page.h"
#include "libretain/report_parts.h"

enum rt_report_kind rt_report_kind(const struct rt_sheet *sheet)
{
    if (rt_sheet_find(sheet, "goal") >= 0 && rt_sheet_find(sheet, "target") >= 0)
        return RT_REPORT_GOALS;
    if (rt_sheet_find(sheet, "metric") >= 0 && rt_sheet_find(sheet, "method") >= 0 &&
        rt_sheet_find(sheet, "value") >= 0 && rt_sheet_find(sheet, "alert") < 0)
        return RT_REPORT_METRICS;
    if (rt_sheet_find(sheet, "customer_id") >= 0 &&
        (rt_sheet_find(sheet, "band") >= 0 || rt_sheet_find(sheet, "p_alive") >= 0))
        return RT_REPORT_RISKS;
    return RT_REPORT_ROWS;
}

struct rt_text rt_report_as_of(const struct rt_sheet *sheet)
{
    const int metric = rt_sheet_find(sheet, "metric"), value = rt_sheet_find(sheet, "value");
    for (size_t row = 0; row < sheet->count; row++) {
        if (!rt_text_is(rt_sheet_cell(sheet, row, metric), "as_of"))
            continue;
        const struct rt_text date = rt_sheet_cell(sheet, row, value);
        return date.length > 0 ? date : rt_sheet_cell(sheet, row, rt_sheet_find(sheet, "period"));
    }
    return rt_text("");
}

void rt_report_more(struct rt_buffer *into, size_t shown, size_t all, const char *what)
{
    if (shown >= all)
        return;
    struct rt_buffer text = {0};
    rt_buffer_format(&text, "%zu more of %zu %s are not shown.", all - shown, all, what);
    rt_page_note(into, rt_buffer_get(&text));
    rt_buffer_free(&text);
}

/* The latest of the as-of dates, for the head of the page. */
static void put_as_of(struct rt_buffer *into, const struct rt_report_input *inputs, size_t count)
{
    struct rt_text latest = rt_text("");
    for (size_t i = 0; i < count; i++) {
        const struct rt_text date = rt_report_as_of(&inputs[i].sheet);
        if (date.length > 0 && rt_text_compare(date, latest) > 0)
            latest = date;
    }
    if (latest.length == 0)
        return;
    rt_buffer_add(into, "<p class='soft'>As of ");
    rt_buffer_escaped(into, latest);
    rt_buffer_add(into, "</p>\n");
}

/* What a section is called unless the user says: by the first metric, or by what it is. */
static void put_heading(struct rt_buffer *into, const struct rt_report_input *input)
{
    static const char *const names[] = {"Metrics", "Goals", "Who is at risk", "Rows"};
    const enum rt_report_kind kind = rt_report_kind(&input->sheet);
    if (input->heading != NULL) {
        rt_page_heading(into, rt_text(input->heading));
        return;
    }
    struct rt_buffer name = {0};
    size_t count = 0;
    struct rt_chart_metric *metrics =
        kind == RT_REPORT_METRICS ? rt_chart_metrics(&input->sheet, &count) : NULL;
    /* Of groups, what they are comes first; else what people ask for. */
    const bool customers = count > 0 && rt_text_is(metrics[0].metric, "customers") &&
                           rt_sheet_find(&input->sheet, "cohort") < 0;
    const struct rt_chart_metric *first = customers ? metrics : rt_chart_first(metrics, count);
    if (first != NULL)
        rt_chart_name(&name, first);
    else
        rt_buffer_add(&name, names[kind]);
    for (size_t i = 0; first != NULL && i < input->sheet.width; i++) {
        static const char *const own[] = {"metric", "method", "period",  "cohort",
                                          "age",    "value",  "lo",      "hi",
                                          "num",    "den",    "complete"};
        bool group = true;
        for (size_t j = 0; j < sizeof own / sizeof *own; j++)
            group = group && strcmp(input->sheet.names[i], own[j]) != 0;
        if (group)
            rt_buffer_format(&name, ", by %s", input->sheet.names[i]);
    }
    rt_page_heading(into, rt_buffer_get(&name));
    rt_buffer_free(&name);
    free(metrics);
}

static void put_section(struct rt_buffer *into, const struct rt_report_form *form,
                        const struct rt_report_input *input)
{
    static void (*const sections[])(struct rt_buffer *, const struct rt_report_form *,
                                    const struct rt_sheet *) = {rt_report_metrics, rt_report_goals,
                                                                rt_report_risks, rt_report_rows};
    rt_buffer_add(into, "<section>\n");
    put_heading(into, input);
    if (input->sheet.count == 0)
        rt_page_note(into, rt_text("The table has no rows."));
    else
        sections[rt_report_kind(&input->sheet)](into, form, &input->sheet);
    rt_buffer_add(into, "</section>\n");
}

/* What the numbers mean ---------------------------------------------------------------------- */

/* A sentence of the catalogue, whose texts begin with a small letter. */
static void put_part(struct rt_buffer *into, const char *word, const char *text)
{
    if (text == NULL)
        return;
    const bool letter = word[0] == '\0' && text[0] >= 'a' && text[0] <= 'z';
    const char first = (char)(letter ? text[0] - 'a' + 'A' : text[0]);
    rt_buffer_add(into, word);
    rt_buffer_escaped(into, (struct rt_text){&first, 1});
    rt_buffer_escaped(into, rt_text(text + 1));
    rt_buffer_add(into, ". ");
}

static void put_meaning(struct rt_buffer *into, const struct rt_chart_metric *metric,
                        struct rt_text as_of)
{
    const struct rt_meaning meaning = rt_catalogue(metric->metric, metric->method);
    struct rt_buffer name = {0};
    rt_chart_name(&name, metric);
    rt_buffer_add(into, "<dt>");
    rt_buffer_escaped(into, rt_buffer_get(&name));
    rt_buffer_add(into, "</dt>\n<dd>");
    put_part(into, "", meaning.definition);
    rt_buffer_add(into, "<span class='soft small'>");
    put_part(into, "Numerator: ", meaning.numerator);
    put_part(into, "Denominator: ", meaning.denominator);
    rt_buffer_add(into, "Method: ");
    rt_buffer_escaped(into, metric->method);
    if (as_of.length > 0) {
        rt_buffer_add(into, ". As of ");
        rt_buffer_escaped(into, as_of);
    }
    rt_buffer_add(into, ".</span></dd>\n");
    rt_buffer_free(&name);
}

static void put_meanings(struct rt_buffer *into, const struct rt_report_input *inputs, size_t count)
{
    struct rt_labels seen;
    struct rt_group_key key = {0};
    rt_labels_init(&seen);
    for (size_t i = 0; i < count; i++) {
        size_t there = 0;
        struct rt_chart_metric *metrics = rt_report_kind(&inputs[i].sheet) == RT_REPORT_METRICS
                                              ? rt_chart_metrics(&inputs[i].sheet, &there)
                                              : NULL;
        const struct rt_text as_of = rt_report_as_of(&inputs[i].sheet);
        for (size_t j = 0; j < there; j++) {
            rt_group_key_clear(&key);
            rt_group_key_add(&key, metrics[j].metric);
            rt_group_key_add(&key, metrics[j].method);
            const size_t known = seen.count;
            if (rt_labels_add(&seen, rt_group_key_text(&key)) < known)
                continue;
            if (known == 0)
                rt_buffer_add(into, "<section>\n<h2>What the numbers mean</h2>\n<dl>\n");
            put_meaning(into, &metrics[j], as_of);
        }
        free(metrics);
    }
    if (seen.count > 0)
        rt_buffer_add(into, "</dl>\n</section>\n");
    rt_group_key_free(&key);
    rt_labels_free(&seen);
}

/* What the input was ------------------------------------------------------------------------- */

static void put_inputs(struct rt_buffer *into, const struct rt_report_input *inputs, size_t count)
{
    static const char *const kinds[] = {"metric rows", "goals", "customers with a risk", "rows"};
    rt_buffer_add(into, "<section>\n<h2>What the input was</h2>\n");
    rt_page_table(into);
    rt_page_head(into, rt_text("File"), false);
    rt_page_head(into, rt_text("What it is"), false);
    rt_page_head(into, rt_text("As of"), false);
    rt_page_head(into, rt_text("Rows"), true);
    rt_page_row(into, true);
    for (size_t i = 0; i < count; i++) {
        struct rt_buffer rows = {0};
        rt_buffer_format(&rows, "%zu", inputs[i].sheet.count);
        rt_page_cell(into, rt_text(inputs[i].name), false);
        rt_page_cell(into, rt_text(kinds[rt_report_kind(&inputs[i].sheet)]), false);
        rt_page_cell(into, rt_report_as_of(&inputs[i].sheet), false);
        rt_page_cell(into, rt_buffer_get(&rows), true);
        rt_page_row(into, false);
        rt_buffer_free(&rows);
    }
    rt_page_table_end(into);
    rt_buffer_add(into, "</section>\n");
}

void rt_report_write(struct rt_buffer *into, const struct rt_report_form *form,
                     const struct rt_report_input *inputs, size_t count)
{
    rt_page_open(into, rt_text(form->title));
    put_as_of(into, inputs, count);
    rt_report_cards(into, inputs, count);
    rt_buffer_add(into, "</header>\n<main>\n");
    for (size_t i = 0; i < count; i++)
        put_section(into, form, &inputs[i]);
    rt_buffer_add(into, "</main>\n<footer>\n");
    put_meanings(into, inputs, count);
    put_inputs(into, inputs, count);
    rt_buffer_add(into, "</footer>\n");
    rt_page_close(into);
}
