#include "libretain/sheet.h"

#include <stdlib.h>

#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/metrics.h"

int rt_sheet_read(struct rt_sheet *sheet, struct rt_table *table)
{
    *sheet = (struct rt_sheet){.width = rt_table_width(table)};
    sheet->names = rt_alloc(sheet->width + 1, sizeof *sheet->names);
    for (size_t i = 0; i < sheet->width; i++)
        sheet->names[i] = rt_strdup(rt_table_column_name(table, i));
    int status;
    while ((status = rt_table_next(table)) == 1) {
        const size_t at = sheet->count++ * sheet->width;
        const size_t room = rt_grown(sheet->room, at + sheet->width);
        if (room != 0) {
            sheet->ends = rt_realloc(sheet->ends, room, sizeof *sheet->ends);
            sheet->room = room;
        }
        for (size_t i = 0; i < sheet->width; i++) {
            rt_buffer_text(&sheet->bytes, rt_table_cell(table, i));
            sheet->ends[at + i] = sheet->bytes.used;
        }
    }
    return status;
}

void rt_sheet_free(struct rt_sheet *sheet)
{
    for (size_t i = 0; sheet->names != NULL && i < sheet->width; i++)
        free(sheet->names[i]);
    free(sheet->names);
    free(sheet->ends);
    rt_buffer_free(&sheet->bytes);
    *sheet = (struct rt_sheet){0};
}

struct rt_text rt_sheet_cell(const struct rt_sheet *sheet, size_t row, int column)
{
    if (column < 0)
        return rt_text("");
    const size_t at = row * sheet->width + (size_t)column;
    const size_t start = at > 0 ? sheet->ends[at - 1] : 0;
    const size_t length = sheet->ends[at] - start;
    return (struct rt_text){length > 0 ? sheet->bytes.bytes + start : "", length};
}

int rt_sheet_find(const struct rt_sheet *sheet, const char *name)
{
    for (size_t i = 0; i < sheet->width; i++)
        if (strcmp(sheet->names[i], name) == 0)
            return (int)i;
    return -1;
}

/* Labels ------------------------------------------------------------------------------------- */

void rt_labels_init(struct rt_labels *labels)
{
    *labels = (struct rt_labels){0};
    rt_map_init(&labels->map, sizeof(size_t));
}

void rt_labels_free(struct rt_labels *labels)
{
    rt_map_free(&labels->map);
    free(labels->texts);
    *labels = (struct rt_labels){0};
}

size_t rt_labels_add(struct rt_labels *labels, struct rt_text text)
{
    size_t *number = rt_map_add(&labels->map, text, rt_map_hash(&labels->map, text));
    if (*number == 0) {
        const size_t room = rt_grown(labels->room, labels->count + 1);
        if (room != 0) {
            labels->texts = rt_realloc(labels->texts, room, sizeof *labels->texts);
            labels->room = room;
        }
        labels->texts[labels->count++] = rt_map_key(&labels->map, number);
        *number = labels->count;
    }
    return *number - 1;
}

struct ranked {
    struct rt_text text;
    double value;
    size_t number;
};

static int compare(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->value < b->value || a->value > b->value)
        return a->value < b->value ? -1 : 1;
    return rt_text_compare(a->text, b->text);
}

size_t *rt_labels_order(const struct rt_labels *labels)
{
    struct ranked *ranked = rt_alloc(labels->count + 1, sizeof *ranked);
    bool numbers = true;
    for (size_t i = 0; i < labels->count; i++) {
        ranked[i] = (struct ranked){labels->texts[i], 0, i};
        numbers = numbers && rt_real_read(labels->texts[i], &ranked[i].value) == 0;
    }
    for (size_t i = 0; i < labels->count && !numbers; i++)
        ranked[i].value = 0;
    qsort(ranked, labels->count, sizeof *ranked, compare);
    size_t *order = rt_alloc(labels->count + 1, sizeof *order);
    for (size_t i = 0; i < labels->count; i++)
        order[i] = ranked[i].number;
    free(ranked);
    return order;
}
