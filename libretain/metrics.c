#include "libretain/metrics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"

static const char *const leading[] = {"metric", "method"};
static const char *const times[2][3] = {{"period", NULL}, {"cohort", "age", NULL}};
static const char *const trailing[] = {"value", "lo", "hi", "num", "den", "complete"};
enum { LEADING = 2, TRAILING = 6, VALUE = 0, LO, HI, NUM, DEN, COMPLETE };

const struct rt_opt rt_metrics_options[] = {
    {RT_OPT(struct rt_metrics_args, by), .name = "by", .value = "COL[,COL]",
     .help = "one group of rows for each value of these columns"},
    {RT_OPT(struct rt_metrics_args, confidence), .name = "conf", .value = "P%",
     .help = "confidence of the intervals, 90% or 0.9; 95% unless given"},
    {RT_OPT(struct rt_metrics_args, digits), .name = "digits", .value = "N",
     .help = "round computed numbers to N places; -1: do not", .standard = "-1", .least = -1,
     .most = 17},
    {RT_OPT(struct rt_metrics_args, merge), .letter = 'm', .name = "merge",
     .help = "the input is metric rows of this command, to be added up"},
    {RT_OPT(struct rt_metrics_args, verbose), .letter = 'v', .name = "verbose",
     .help = "say on stderr what was read"},
    RT_OPT_LAST,
};

int rt_metrics_confidence(const struct rt_metrics_args *args, struct rt_confidence *confidence)
{
    const char *share = args->confidence != NULL ? args->confidence : "95%";
    return rt_confidence_read(rt_text(share), confidence);
}

/* Numbers ------------------------------------------------------------------------------------ */

int rt_number_read_count(struct rt_number number, int64_t *count)
{
    struct rt_decimal value;
    if (number.kind != RT_NUMBER_TEXT || rt_decimal_read(number.text, &value) != RT_READ ||
        value.places != 0 || value.units < 0)
        return -1;
    *count = value.units;
    return 0;
}

int rt_number_read_total(struct rt_number number, struct rt_total *total)
{
    if (number.kind != RT_NUMBER_TEXT || rt_total_read(number.text, total) != RT_READ)
        return -1;
    return 0;
}

struct rt_number rt_number_ratio(int64_t a, int64_t b)
{
    return b == 0 ? rt_number_none() : rt_number_real((double)a / (double)b);
}

static void put_number(struct rt_out *out, struct rt_number number, int digits)
{
    switch (number.kind) {
    case RT_NUMBER_NONE:
        rt_out_empty(out);
        break;
    case RT_NUMBER_WHOLE:
        rt_out_whole(out, number.whole);
        break;
    case RT_NUMBER_TOTAL:
        rt_out_total(out, number.total);
        break;
    case RT_NUMBER_REAL:
        rt_out_real(out, number.real, digits);
        break;
    case RT_NUMBER_TEXT:
        rt_out_text(out, number.text);
        break;
    }
}

/* Rows out ----------------------------------------------------------------------------------- */

static size_t time_columns(enum rt_metrics_time time)
{
    return time == RT_METRICS_COHORT ? 2 : 1;
}

size_t rt_metrics_keys(const struct rt_metrics_form *form)
{
    return form->by_count + time_columns(form->time);
}

void rt_metrics_header(struct rt_out *out, const struct rt_metrics_form *form)
{
    for (size_t i = 0; i < LEADING; i++)
        rt_out_string(out, leading[i]);
    for (size_t i = 0; i < form->by_count; i++)
        rt_out_string(out, form->by[i]);
    for (size_t i = 0; i < time_columns(form->time); i++)
        rt_out_string(out, times[form->time][i]);
    for (size_t i = 0; i < TRAILING; i++)
        rt_out_string(out, trailing[i]);
    rt_out_end(out);
}

void rt_metrics_row(struct rt_out *out, const struct rt_metrics_form *form,
                    const struct rt_metric *row)
{
    rt_out_text(out, row->metric);
    rt_out_text(out, row->method);
    for (size_t i = 0; i < rt_metrics_keys(form); i++)
        rt_out_text(out, row->keys[i]);
    put_number(out, row->value, form->digits);
    put_number(out, row->lo, form->digits);
    put_number(out, row->hi, form->digits);
    put_number(out, row->num, form->digits);
    put_number(out, row->den, form->digits);
    rt_out_whole(out, row->complete);
    rt_out_end(out);
}

void rt_metric_interval(struct rt_metric *row, struct rt_interval interval)
{
    row->lo = isnan(interval.lo) ? rt_number_none() : rt_number_real(interval.lo);
    row->hi = isnan(interval.hi) ? rt_number_none() : rt_number_real(interval.hi);
}

/* Rows in ------------------------------------------------------------------------------------ */

static bool in_list(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}

static bool is_own_column(const char *name)
{
    return in_list(name, leading, LEADING) || in_list(name, trailing, TRAILING) ||
           in_list(name, times[RT_METRICS_PERIOD], 1) || in_list(name, times[RT_METRICS_COHORT], 2);
}

const char *rt_metrics_by_fault(const struct rt_names *by, char into[RT_METRICS_FAULT_BYTES])
{
    for (size_t i = 0; i < by->count; i++) {
        const char *reason = NULL;
        if (is_own_column(by->names[i]))
            reason = "is a column that metric rows have themselves";
        else if (in_list(by->names[i], (const char *const *)by->names, i))
            reason = "is named twice";
        if (reason != NULL) {
            snprintf(into, RT_METRICS_FAULT_BYTES, "%.200s %s", by->names[i], reason);
            return into;
        }
    }
    return NULL;
}

/* The columns that every table of metric rows has; the others are those of --by, in their order. */
static int find_columns(struct rt_metrics_reader *reader)
{
    struct rt_table *table = reader->table;
    struct rt_metrics_form *form = &reader->form;
    const bool cohorts = rt_table_look(table, "period") == -1 &&
                         (rt_table_look(table, "cohort") >= 0 || rt_table_look(table, "age") >= 0);
    form->time = cohorts ? RT_METRICS_COHORT : RT_METRICS_PERIOD;
    form->digits = -1;
    const size_t time_count = time_columns(form->time);
    size_t own = 0;
    for (size_t i = 0; i < LEADING; i++)
        reader->columns[own++] = rt_table_need(table, leading[i]);
    for (size_t i = 0; i < time_count; i++)
        reader->columns[own++] = rt_table_need(table, times[form->time][i]);
    for (size_t i = 0; i < TRAILING; i++)
        reader->columns[own++] = rt_table_need(table, trailing[i]);
    return rt_table_message(table) == NULL ? 0 : -1;
}

static bool is_found(const struct rt_metrics_reader *reader, size_t column)
{
    const size_t own = LEADING + time_columns(reader->form.time) + TRAILING;
    for (size_t i = 0; i < own; i++)
        if (reader->columns[i] == (int)column)
            return true;
    return false;
}

static void find_by(struct rt_metrics_reader *reader)
{
    const size_t width = rt_table_width(reader->table);
    reader->by = rt_alloc(width, sizeof *reader->by);
    reader->by_columns = rt_alloc(width, sizeof *reader->by_columns);
    for (size_t i = 0; i < width; i++)
        if (!is_found(reader, i)) {
            reader->by_columns[reader->form.by_count] = i;
            reader->by[reader->form.by_count++] = rt_strdup(rt_table_column_name(reader->table, i));
        }
    reader->form.by = reader->by;
    reader->keys = rt_alloc(rt_metrics_keys(&reader->form), sizeof *reader->keys);
}

int rt_metrics_open(struct rt_metrics_reader *reader, struct rt_table *table, const char **fault)
{
    *reader = (struct rt_metrics_reader){.table = table};
    *fault = rt_table_message(table);
    if (*fault != NULL)
        return -1;
    if (find_columns(reader) != 0) {
        *fault = rt_table_message(table);
        return -1;
    }
    find_by(reader);
    char name[RT_METRICS_FAULT_BYTES];
    const struct rt_names by = {reader->by, reader->form.by_count};
    if (rt_metrics_by_fault(&by, name) != NULL) {
        *fault = "not metric rows: a column is there twice, or both period and cohort are";
        return -1;
    }
    return 0;
}

void rt_metrics_close(struct rt_metrics_reader *reader)
{
    for (size_t i = 0; reader->by != NULL && i < reader->form.by_count; i++)
        free(reader->by[i]);
    free(reader->by);
    free(reader->by_columns);
    free(reader->keys);
    *reader = (struct rt_metrics_reader){0};
}

/* A cell of one of the columns that every table of metric rows has. */
static struct rt_text own_cell(const struct rt_metrics_reader *reader, size_t which)
{
    return rt_table_cell(reader->table, (size_t)reader->columns[which]);
}

struct rt_metrics_form rt_metrics_form_of(const struct rt_metrics_args *args,
                                          const struct rt_metrics_reader *reader,
                                          enum rt_metrics_time time)
{
    const bool merged = args->merge;
    return (struct rt_metrics_form){.by = merged ? reader->by : args->by.names,
                                    .by_count = merged ? reader->form.by_count : args->by.count,
                                    .time = time,
                                    .digits = (int)args->digits};
}

void rt_metrics_write(void *writer, const struct rt_metric *row)
{
    struct rt_metrics_writer *to = writer;
    rt_metrics_row(&to->out, &to->form, row);
}

int rt_metrics_next(struct rt_metrics_reader *reader, struct rt_metric *row)
{
    const int status = rt_table_next(reader->table);
    if (status != 1)
        return status;
    const struct rt_metrics_form *form = &reader->form;
    const size_t time_count = time_columns(form->time);
    for (size_t i = 0; i < form->by_count; i++)
        reader->keys[i] = rt_table_cell(reader->table, reader->by_columns[i]);
    for (size_t i = 0; i < time_count; i++)
        reader->keys[form->by_count + i] = own_cell(reader, LEADING + i);
    const size_t behind = LEADING + time_count;
    const struct rt_text complete = own_cell(reader, behind + COMPLETE);
    if (!rt_text_is(complete, "0") && !rt_text_is(complete, "1"))
        return rt_table_refuse(reader->table, reader->columns[behind + COMPLETE],
                               "neither 0 nor 1");
    *row = (struct rt_metric){
        .metric = own_cell(reader, 0),
        .method = own_cell(reader, 1),
        .keys = reader->keys,
        .value = rt_number_text(own_cell(reader, behind + VALUE)),
        .lo = rt_number_text(own_cell(reader, behind + LO)),
        .hi = rt_number_text(own_cell(reader, behind + HI)),
        .num = rt_number_text(own_cell(reader, behind + NUM)),
        .den = rt_number_text(own_cell(reader, behind + DEN)),
        .complete = rt_text_is(complete, "1"),
    };
    return 1;
}

const char *rt_metrics_by_differs(const struct rt_metrics_reader *reader, const struct rt_names *by)
{
    static const char reason[] = "--by: the rows were made with other columns";
    if (by->count == 0)
        return NULL;
    if (by->count != reader->form.by_count)
        return reason;
    for (size_t i = 0; i < by->count; i++)
        if (strcmp(by->names[i], reader->by[i]) != 0)
            return reason;
    return NULL;
}

int rt_method_confidence(struct rt_text method, struct rt_confidence *confidence)
{
    size_t start = method.length;
    while (start > 0 && method.at[start - 1] != ' ')
        start--;
    if (start == 0 || method.at[method.length - 1] != '%')
        return -1;
    return rt_confidence_read((struct rt_text){method.at + start, method.length - start},
                              confidence);
}

/* Keys --------------------------------------------------------------------------------------- */

void rt_group_key_clear(struct rt_group_key *key)
{
    key->used = key->parts = 0;
}

void rt_group_key_add(struct rt_group_key *key, struct rt_text cell)
{
    const size_t capacity = rt_grown(key->size, key->used + cell.length + 1);
    if (capacity != 0) {
        key->bytes = rt_realloc(key->bytes, capacity, 1);
        key->size = capacity;
    }
    if (key->parts++ > 0)
        key->bytes[key->used++] = '\0';
    if (cell.length > 0)
        memcpy(key->bytes + key->used, cell.at, cell.length);
    key->used += cell.length;
}

struct rt_text rt_group_key_text(const struct rt_group_key *key)
{
    return (struct rt_text){key->bytes, key->used};
}

void rt_group_key_free(struct rt_group_key *key)
{
    free(key->bytes);
    *key = (struct rt_group_key){0};
}

void rt_group_key_split(struct rt_text key, struct rt_text *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *end = key.length > 0 ? memchr(key.at, '\0', key.length) : NULL;
        const size_t length = end != NULL ? (size_t)(end - key.at) : key.length;
        cells[i] = (struct rt_text){key.at, length};
        const size_t step = end != NULL ? length + 1 : length;
        key = (struct rt_text){key.length > 0 ? key.at + step : key.at, key.length - step};
    }
}
