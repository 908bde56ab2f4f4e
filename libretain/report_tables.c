/* Sections of goals, of customers at risk, and of other rows. */
#include <math.h>
#include <stdlib.h>

#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/metrics.h"
#include "libretain/numeral.h"
#include "libretain/page.h"
#include "libretain/report_parts.h"
#include "libretain/scale.h"

enum { DIGITS = 3 };

static double number(const struct rt_sheet *sheet, size_t row, int column)
{
    double value;
    return rt_real_read(rt_sheet_cell(sheet, row, column), &value) == 0 ? value : NAN;
}

/* The places that a numeral has once it is rounded. */
static size_t places_of(struct rt_text cell)
{
    const char *point = cell.length > 0 ? memchr(cell.at, '.', cell.length) : NULL;
    const size_t places = point != NULL ? (size_t)(cell.at + cell.length - point) - 1 : 0;
    return rt_numeral_is(cell) ? places < DIGITS ? places : DIGITS : 0;
}

/* A cell as it is, or where it is a number rounded, and with as many places as its column has. */
static void put_cell(struct rt_buffer *into, struct rt_text cell, size_t places)
{
    struct rt_buffer text = {0};
    const bool is_number = rt_numeral_is(cell);
    if (is_number) {
        const size_t has = places_of(cell);
        rt_numeral_round(&text, cell, DIGITS);
        rt_buffer_add(&text, has == 0 && places > 0 ? "." : "");
        rt_buffer_repeat(&text, "0", places - has);
    } else {
        rt_buffer_text(&text, cell);
    }
    rt_page_cell(into, rt_buffer_get(&text), is_number);
    rt_buffer_free(&text);
}

static bool is_number_column(const struct rt_sheet *sheet, int column)
{
    for (size_t row = 0; row < sheet->count; row++) {
        const struct rt_text cell = rt_sheet_cell(sheet, row, column);
        if (cell.length > 0)
            return rt_numeral_is(cell);
    }
    return false;
}

/* The rows with these numbers, in these columns. */
static void put_table(struct rt_buffer *into, const struct rt_sheet *sheet, const int *columns,
                      size_t width, const size_t *rows, size_t count)
{
    size_t *places = rt_alloc_zero(width + 1, sizeof *places);
    rt_page_table(into);
    for (size_t i = 0; i < width; i++) {
        rt_page_head(into, rt_text(sheet->names[columns[i]]), is_number_column(sheet, columns[i]));
        for (size_t row = 0; row < count; row++) {
            const size_t has = places_of(rt_sheet_cell(sheet, rows[row], columns[i]));
            places[i] = has > places[i] ? has : places[i];
        }
    }
    rt_page_row(into, true);
    for (size_t row = 0; row < count; row++) {
        for (size_t i = 0; i < width; i++)
            put_cell(into, rt_sheet_cell(sheet, rows[row], columns[i]), places[i]);
        rt_page_row(into, false);
    }
    rt_page_table_end(into);
    free(places);
}

void rt_report_rows(struct rt_buffer *into, const struct rt_report_form *form,
                    const struct rt_sheet *sheet)
{
    const size_t shown = sheet->count < form->rows ? sheet->count : form->rows;
    int *columns = rt_alloc(sheet->width, sizeof *columns);
    size_t *rows = rt_alloc(shown + 1, sizeof *rows);
    for (size_t i = 0; i < sheet->width; i++)
        columns[i] = (int)i;
    for (size_t i = 0; i < shown; i++)
        rows[i] = i;
    put_table(into, sheet, columns, sheet->width, rows, shown);
    rt_report_more(into, shown, sheet->count, "rows");
    free(columns);
    free(rows);
}

/* Risks -------------------------------------------------------------------------------------- */

static bool is_high(struct rt_text band)
{
    return rt_text_is(band, "high risk") || rt_text_is(band, "very high risk");
}

/* Do the bands have the names that rt-risk gives them, of which it is known what they mean? */
static bool has_known_bands(const struct rt_sheet *sheet, int band)
{
    for (size_t row = 0; band >= 0 && row < sheet->count; row++) {
        const struct rt_text name = rt_sheet_cell(sheet, row, band);
        if (is_high(name) || rt_text_is(name, "medium risk") || rt_text_is(name, "low risk"))
            return true;
    }
    return false;
}

struct ranked {
    double worth;
    size_t row;
};

static int compare(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->worth > b->worth || a->worth < b->worth)
        return a->worth > b->worth ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* What a customer is worth, by the first of these columns that is there. */
static int worth_column(const struct rt_sheet *sheet)
{
    static const char *const names[] = {"ltv", "expected_spend", "revenue", "orders"};
    int found = -1;
    for (size_t i = 0; i < sizeof names / sizeof *names && found < 0; i++)
        found = rt_sheet_find(sheet, names[i]);
    return found;
}

/* The bands from the highest risk to the lowest, then what else there is. The caller frees it. */
static size_t *order_bands(struct rt_labels *bands)
{
    static const char *const names[] = {"very high risk", "high risk", "medium risk", "low risk"};
    enum { NAMES = sizeof names / sizeof *names };
    size_t *order = rt_alloc(bands->count + 1, sizeof *order), placed = 0;
    for (int i = 0; i <= NAMES; i++)
        for (size_t band = 0; band < bands->count; band++) {
            int place = 0;
            while (place < NAMES && !rt_text_is(bands->texts[band], names[place]))
                place++;
            if (place == i)
                order[placed++] = band;
        }
    return order;
}

static void put_band(struct rt_buffer *into, struct rt_text name, size_t count, size_t all)
{
    struct rt_buffer text = {0};
    rt_page_cell(into, name.length > 0 ? name : rt_text("not known"), false);
    rt_scale_number(&text, (double)count, RT_UNIT_COUNT, 0);
    rt_page_cell(into, rt_buffer_get(&text), true);
    rt_buffer_clear(&text);
    rt_scale_number(&text, (double)count / (double)all, RT_UNIT_SHARE, 1);
    rt_page_cell(into, rt_buffer_get(&text), true);
    rt_page_row(into, false);
    rt_buffer_free(&text);
}

/* How many customers each band has. */
static void put_bands(struct rt_buffer *into, const struct rt_sheet *sheet, int band)
{
    struct rt_labels bands;
    rt_labels_init(&bands);
    size_t *counts = rt_alloc_zero(sheet->count + 1, sizeof *counts);
    for (size_t row = 0; row < sheet->count; row++)
        counts[rt_labels_add(&bands, rt_sheet_cell(sheet, row, band))]++;
    size_t *order = order_bands(&bands);
    rt_page_table(into);
    rt_page_head(into, rt_text("Risk"), false);
    rt_page_head(into, rt_text("Customers"), true);
    rt_page_head(into, rt_text("Share"), true);
    rt_page_row(into, true);
    for (size_t i = 0; i < bands.count; i++)
        put_band(into, bands.texts[order[i]], counts[order[i]], sheet->count);
    rt_page_table_end(into);
    rt_labels_free(&bands);
    free(order);
    free(counts);
}

/* The columns that say whom to call and why, of those that are there. */
static size_t risk_columns(const struct rt_sheet *sheet, int *columns)
{
    static const char *const names[] = {"customer_id", "band",         "p_alive", "segment",
                                        "last_date",   "recency_days", "overdue", "orders",
                                        "revenue",     "ltv"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const int column = rt_sheet_find(sheet, names[i]);
        if (column >= 0)
            columns[count++] = column;
    }
    return count;
}

void rt_report_risks(struct rt_buffer *into, const struct rt_report_form *form,
                     const struct rt_sheet *sheet)
{
    const int band = rt_sheet_find(sheet, "band"), alive = rt_sheet_find(sheet, "p_alive");
    const int worth = worth_column(sheet);
    struct ranked *ranked = rt_alloc(sheet->count + 1, sizeof *ranked);
    const bool known = has_known_bands(sheet, band);
    size_t count = 0;
    for (size_t row = 0; row < sheet->count; row++)
        if (known ? is_high(rt_sheet_cell(sheet, row, band)) : number(sheet, row, alive) < 0.5) {
            const double value = worth >= 0 ? number(sheet, row, worth) : NAN;
            ranked[count++] = (struct ranked){isnan(value) ? -INFINITY : value, row};
        }
    qsort(ranked, count, sizeof *ranked, compare);
    if (band >= 0)
        put_bands(into, sheet, band);
    struct rt_buffer note = {0};
    rt_buffer_format(&note, "%zu of %zu customers are at risk", count, sheet->count);
    if (worth >= 0 && count > 0)
        rt_buffer_format(&note, "; those with the greatest %s first", sheet->names[worth]);
    rt_buffer_add(&note, known ? "." : ": the probability that they are alive is below 50%.");
    rt_page_note(into, rt_buffer_get(&note));
    rt_buffer_free(&note);
    int columns[16];
    const size_t width = risk_columns(sheet, columns);
    const size_t shown = count < form->rows ? count : form->rows;
    size_t *rows = rt_alloc(shown + 1, sizeof *rows);
    for (size_t i = 0; i < shown; i++)
        rows[i] = ranked[i].row;
    if (shown > 0)
        put_table(into, sheet, columns, width, rows, shown);
    rt_report_more(into, shown, count, "customers at risk");
    free(rows);
    free(ranked);
}

/* Goals -------------------------------------------------------------------------------------- */

/* The unit of the figures of a goal: by its metric, where the row names one. */
static enum rt_unit goal_unit(const struct rt_sheet *sheet, size_t row)
{
    const struct rt_text method = rt_sheet_cell(sheet, row, rt_sheet_find(sheet, "method"));
    return rt_catalogue(rt_sheet_cell(sheet, row, rt_sheet_find(sheet, "metric")), method).unit;
}

/* A figure in the unit of its metric, or as it came where the metric is not known. */
static void put_figure(struct rt_buffer *text, const struct rt_sheet *sheet, size_t row,
                       const char *name)
{
    const int column = rt_sheet_find(sheet, name);
    const struct rt_text cell = rt_sheet_cell(sheet, row, column);
    const enum rt_unit unit = goal_unit(sheet, row);
    const double value = column >= 0 ? number(sheet, row, column) : NAN;
    if (!isnan(value) && unit != RT_UNIT_NUMBER)
        rt_scale_number(text, value, unit, -1);
    else if (rt_numeral_is(cell))
        rt_numeral_round(text, cell, DIGITS);
    else
        rt_buffer_text(text, cell);
}

static bool has_interval(const struct rt_sheet *sheet, size_t row)
{
    return rt_sheet_cell(sheet, row, rt_sheet_find(sheet, "lo")).length > 0 &&
           rt_sheet_cell(sheet, row, rt_sheet_find(sheet, "hi")).length > 0;
}

static void put_value(struct rt_buffer *into, const struct rt_sheet *sheet, size_t row)
{
    struct rt_buffer text = {0};
    put_figure(&text, sheet, row, "value");
    if (has_interval(sheet, row)) {
        rt_buffer_add(&text, " (");
        put_figure(&text, sheet, row, "lo");
        rt_buffer_add(&text, " to ");
        put_figure(&text, sheet, row, "hi");
        rt_buffer_add(&text, ")");
    }
    rt_page_cell(into, rt_buffer_get(&text), true);
    rt_buffer_free(&text);
}

static void put_target(struct rt_buffer *into, const struct rt_sheet *sheet, size_t row)
{
    struct rt_buffer text = {0};
    const struct rt_text op = rt_sheet_cell(sheet, row, rt_sheet_find(sheet, "op"));
    if (rt_text_is(op, "<="))
        rt_buffer_add(&text, "\xe2\x89\xa4");
    else if (rt_text_is(op, ">="))
        rt_buffer_add(&text, "\xe2\x89\xa5");
    else
        rt_buffer_text(&text, op);
    rt_buffer_add(&text, op.length > 0 ? " " : "");
    put_figure(&text, sheet, row, "target");
    rt_page_cell(into, rt_buffer_get(&text), true);
    rt_buffer_free(&text);
}

/* Whether a goal is met, and until that is decided whether the trend leads there. In words. */
static void put_state(struct rt_buffer *into, struct rt_text state, struct rt_text on_track)
{
    struct rt_buffer text = {0};
    const bool open = state.length == 0 || rt_text_is(state, "open");
    rt_buffer_add(&text, rt_text_is(state, "met")      ? "\xe2\x9c\x93 "
                         : rt_text_is(state, "missed") ? "\xe2\x9c\x97 "
                                                       : "");
    rt_buffer_text(&text, state);
    if (open && (rt_text_is(on_track, "1") || rt_text_is(on_track, "0"))) {
        rt_buffer_add(&text, state.length > 0 ? ", " : "");
        rt_buffer_add(&text, rt_text_is(on_track, "1") ? "\xe2\x9c\x93 on track"
                                                       : "\xe2\x9c\x97 off track");
    }
    rt_page_cell(into, rt_buffer_get(&text), false);
    rt_buffer_free(&text);
}

static void put_chance(struct rt_buffer *into, const struct rt_sheet *sheet, size_t row, int column)
{
    struct rt_buffer text = {0};
    const struct rt_text cell = rt_sheet_cell(sheet, row, column);
    if (rt_numeral_is(cell))
        rt_scale_number(&text, number(sheet, row, column), RT_UNIT_SHARE, 0);
    else
        rt_buffer_text(&text, cell);
    rt_page_cell(into, rt_buffer_get(&text), true);
    rt_buffer_free(&text);
}

/* Is it a column of the group that a goal is for? Those have names of their own. */
static bool is_group(const char *name)
{
    static const char *const known[] = {"goal",    "metric",   "method",    "period", "cohort",
                                        "age",     "value",    "lo",        "hi",     "op",
                                        "target",  "due",      "owner",     "state",  "on_track",
                                        "p_reach", "expected", "benchmark", "gap"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i]) == 0)
            return false;
    return true;
}

/* The columns that are shown as they are, where they are there. */
static const char *const plain_columns[] = {"due", "owner"};
static const char *const plain_words[] = {"Due", "Owner"};
enum { PLAIN_COLUMNS = sizeof plain_columns / sizeof *plain_columns };

static bool has(const struct rt_sheet *sheet, const char *name)
{
    return rt_sheet_find(sheet, name) >= 0;
}

static void put_goal_head(struct rt_buffer *into, const struct rt_sheet *sheet)
{
    rt_page_head(into, rt_text("Goal"), false);
    for (size_t i = 0; i < sheet->width; i++)
        if (is_group(sheet->names[i]))
            rt_page_head(into, rt_text(sheet->names[i]), false);
    rt_page_head(into, rt_text("Now"), true);
    rt_page_head(into, rt_text("Target"), true);
    if (has(sheet, "expected"))
        rt_page_head(into, rt_text("Expected"), true);
    if (has(sheet, "state") || has(sheet, "on_track"))
        rt_page_head(into, rt_text("State"), false);
    if (has(sheet, "p_reach"))
        rt_page_head(into, rt_text("Chance"), true);
    for (int i = 0; i < PLAIN_COLUMNS; i++)
        if (has(sheet, plain_columns[i]))
            rt_page_head(into, rt_text(plain_words[i]), false);
    rt_page_row(into, true);
}

static void put_expected(struct rt_buffer *into, const struct rt_sheet *sheet, size_t row)
{
    struct rt_buffer text = {0};
    put_figure(&text, sheet, row, "expected");
    rt_page_cell(into, rt_buffer_get(&text), true);
    rt_buffer_free(&text);
}

static void put_goal(struct rt_buffer *into, const struct rt_sheet *sheet, size_t row)
{
    const int state = rt_sheet_find(sheet, "state"), track = rt_sheet_find(sheet, "on_track");
    rt_page_cell(into, rt_sheet_cell(sheet, row, rt_sheet_find(sheet, "goal")), false);
    for (size_t i = 0; i < sheet->width; i++)
        if (is_group(sheet->names[i]))
            rt_page_cell(into, rt_sheet_cell(sheet, row, (int)i), false);
    put_value(into, sheet, row);
    put_target(into, sheet, row);
    if (has(sheet, "expected"))
        put_expected(into, sheet, row);
    if (state >= 0 || track >= 0)
        put_state(into, rt_sheet_cell(sheet, row, state), rt_sheet_cell(sheet, row, track));
    if (has(sheet, "p_reach"))
        put_chance(into, sheet, row, rt_sheet_find(sheet, "p_reach"));
    for (int i = 0; i < PLAIN_COLUMNS; i++)
        if (has(sheet, plain_columns[i]))
            rt_page_cell(into, rt_sheet_cell(sheet, row, rt_sheet_find(sheet, plain_columns[i])),
                         false);
    rt_page_row(into, false);
}

void rt_report_goals(struct rt_buffer *into, const struct rt_report_form *form,
                     const struct rt_sheet *sheet)
{
    const size_t shown = sheet->count < form->rows ? sheet->count : form->rows;
    rt_page_table(into);
    put_goal_head(into, sheet);
    for (size_t row = 0; row < shown; row++)
        put_goal(into, sheet, row);
    rt_page_table_end(into);
    rt_report_more(into, shown, sheet->count, "goals");
}
