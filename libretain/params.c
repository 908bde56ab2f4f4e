#include "libretain/params.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/map.h"
#include "libretain/metrics.h"

/* Errors come of differences of slopes, and are known less well than the parameters. */
enum { ERROR_DIGITS = 7, LOGLIK_DIGITS = 13 };

static double significant(double value, int digits)
{
    char text[64];
    if (!isfinite(value))
        return value;
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    return strtod(text, NULL);
}

struct rt_params rt_params_of(const struct rt_fit *fit, const char *unit, int32_t as_of)
{
    struct rt_params params = {.model = fit->model, .n = fit->total, .as_of = as_of};
    params.unit = unit;
    params.unit_days = unit != NULL ? rt_unit_days(unit) : (double)NAN;
    params.loglik = significant(fit->loglik, LOGLIK_DIGITS);
    params.converged = params.certain = fit->state == RT_FIT_DONE;
    for (int i = 0; i < fit->model->count; i++) {
        params.values[i] = significant(fit->params[i], RT_FIT_DIGITS);
        params.se[i] = significant(fit->se[i], ERROR_DIGITS);
        for (int k = 0; k < fit->model->count; k++)
            params.covariance[i][k] = significant(fit->covariance[i][k], ERROR_DIGITS);
        params.covariance[i][i] = params.se[i] * params.se[i];
    }
    return params;
}

/* Out ------------------------------------------------------------------------------------------ */

void rt_params_header(struct rt_out *out, char *const *by, size_t by_count)
{
    rt_out_string(out, "model");
    for (size_t i = 0; i < by_count; i++)
        rt_out_string(out, by[i]);
    rt_out_string(out, "param");
    rt_out_string(out, "value");
    rt_out_string(out, "se");
    rt_out_end(out);
}

/* Where the rows of a fit go. */
struct writer {
    struct rt_out *out;
    const char *model;
    const struct rt_text *keys;
    size_t by_count;
};

static void begin_row(const struct writer *writer, const char *param)
{
    rt_out_string(writer->out, writer->model);
    for (size_t i = 0; i < writer->by_count; i++)
        rt_out_text(writer->out, writer->keys[i]);
    rt_out_string(writer->out, param);
}

static void write_real(const struct writer *writer, const char *param, double value, double se)
{
    begin_row(writer, param);
    rt_out_real(writer->out, value, -1);
    rt_out_real(writer->out, se, -1);
    rt_out_end(writer->out);
}

static void write_text(const struct writer *writer, const char *param, const char *value)
{
    begin_row(writer, param);
    rt_out_string(writer->out, value);
    rt_out_empty(writer->out);
    rt_out_end(writer->out);
}

static void cov_name(const struct rt_model *model, int later, int earlier, char name[64])
{
    snprintf(name, 64, "cov:%s:%s", model->params[later], model->params[earlier]);
}

void rt_params_write(struct rt_out *out, const struct rt_params *params, const struct rt_text *keys,
                     size_t by_count)
{
    const struct rt_model *model = params->model;
    const struct writer writer = {out, model->name, keys, by_count};
    for (int i = 0; i < model->count; i++)
        write_real(&writer, model->params[i], params->values[i], params->se[i]);
    for (int i = 1; i < model->count; i++)
        for (int k = 0; k < i; k++) {
            char name[64];
            cov_name(model, i, k, name);
            write_real(&writer, name, params->covariance[i][k], (double)NAN);
        }
    write_real(&writer, "loglik", params->loglik, (double)NAN);
    write_real(&writer, "n", params->n, (double)NAN);
    write_text(&writer, "unit", params->unit != NULL ? params->unit : "");
    char day[11] = "";
    if (params->as_of != RT_DAY_NONE)
        rt_day_write(params->as_of, day);
    write_text(&writer, "as_of", day);
    write_text(&writer, "converged", params->converged ? "1" : "0");
}

/* In ------------------------------------------------------------------------------------------- */

enum { MODEL, PARAM, VALUE, SE, OWN };
static const char *const own[OWN] = {"model", "param", "value", "se"};

/* Which rows of a fit have come: parameters, covariances, and the five of the fit as a whole. */
enum { LOGLIK, COUNT, UNIT, AS_OF, CONVERGED, WHOLE };
static const char *const whole_names[WHOLE] = {"loglik", "n", "unit", "as_of", "converged"};

struct entry {
    struct rt_params params;
    bool values[RT_MODEL_PARAMS];
    bool covariances[RT_MODEL_PARAMS][RT_MODEL_PARAMS];
    bool whole[WHOLE];
};

struct rt_params_table {
    struct rt_map map; /* model name and keys to struct entry */
    uint32_t *places;  /* in the map, in order of appearance */
    size_t room;
    char **by;
    size_t by_count;
    size_t files;
    char *message;
};

/* A file that is being read. */
struct reader {
    struct rt_params_table *params;
    const char *file;
    struct rt_table *table;
    int columns[OWN]; /* SE is -1 where it is not there */
    struct rt_group_key key;
};

static int refuse(const struct reader *reader, int column, const char *reason)
{
    return rt_table_refuse(reader->table, column < 0 ? -1 : reader->columns[column], reason);
}

/* What is wrong with the header, of which no row is to blame. */
static int refuse_header(struct reader *reader, const char *reason)
{
    const size_t size = strlen(reader->file) + strlen(reason) + sizeof ":1: ";
    reader->params->message = rt_alloc(size, 1);
    snprintf(reader->params->message, size, "%s:1: %s", reader->file, reason);
    return -1;
}

static int find_columns(struct reader *reader)
{
    struct rt_params_table *params = reader->params;
    for (int i = 0; i < SE; i++)
        if ((reader->columns[i] = rt_table_need(reader->table, own[i])) < 0)
            return -1;
    reader->columns[SE] = rt_table_look(reader->table, own[SE]);
    if (reader->columns[SE] == -2)
        return -1;
    const int from = reader->columns[MODEL] + 1, to = reader->columns[PARAM];
    if (to < from)
        return refuse_header(reader, "param: stands before model");
    const size_t count = (size_t)(to - from);
    if (params->files++ == 0) {
        params->by = rt_alloc_zero(count + 1, sizeof *params->by);
        for (; params->by_count < count; params->by_count++)
            params->by[params->by_count] =
                rt_strdup(rt_table_column_name(reader->table, (size_t)from + params->by_count));
    }
    bool same = count == params->by_count;
    for (size_t i = 0; i < count && same; i++)
        same = strcmp(rt_table_column_name(reader->table, (size_t)from + i), params->by[i]) == 0;
    return same ? 0
                : refuse_header(reader, "between model and param are other columns than in the "
                                        "file before");
}

static const struct rt_model *model_of(struct rt_text name)
{
    for (size_t i = 0; rt_models[i] != NULL; i++)
        if (rt_text_is(name, rt_models[i]->name))
            return rt_models[i];
    return NULL;
}

static void begin_entry(struct entry *entry, const struct rt_model *model)
{
    struct rt_params *params = &entry->params;
    params->model = model;
    params->loglik = params->n = (double)NAN;
    params->as_of = RT_DAY_NONE;
    params->converged = true;
    bool in_time = false;
    for (int i = 0; i < RT_MODEL_PARAMS; i++) {
        in_time = in_time || model->in_time[i];
        params->values[i] = params->se[i] = (double)NAN;
        for (int k = 0; k < RT_MODEL_PARAMS; k++)
            params->covariance[i][k] = (double)NAN;
    }
    params->unit = in_time ? "week" : NULL;
    params->unit_days = in_time ? rt_unit_days("week") : (double)NAN;
}

/* The fit that the current row belongs to, made where it is new. */
static struct entry *entry_of(struct reader *reader, const struct rt_model *model)
{
    struct rt_params_table *params = reader->params;
    rt_group_key_clear(&reader->key);
    rt_group_key_add(&reader->key, rt_text(model->name));
    for (int i = reader->columns[MODEL] + 1; i < reader->columns[PARAM]; i++)
        rt_group_key_add(&reader->key, rt_table_cell(reader->table, (size_t)i));
    const struct rt_text key = rt_group_key_text(&reader->key);
    struct entry *entry = rt_map_add(&params->map, key, rt_map_hash(&params->map, key));
    if (entry->params.model != NULL)
        return entry;
    begin_entry(entry, model);
    const size_t room = rt_grown(params->room, params->map.count);
    if (room != 0) {
        params->places = rt_realloc(params->places, room, sizeof *params->places);
        params->room = room;
    }
    params->places[params->map.count - 1] = rt_map_offset(&params->map, entry);
    return entry;
}

static int read_number(const struct reader *reader, int column, double *value)
{
    const struct rt_text cell = rt_table_cell(reader->table, (size_t)reader->columns[column]);
    if (rt_real_read(cell, value) != 0 || !isfinite(*value))
        return refuse(reader, column, "not a number");
    return 0;
}

static bool empty(const struct reader *reader, int column)
{
    return reader->columns[column] < 0 ||
           rt_table_cell(reader->table, (size_t)reader->columns[column]).length == 0;
}

static int once(const struct reader *reader, bool *seen)
{
    if (*seen)
        return refuse(reader, PARAM, "the second row of this for the same model and group");
    *seen = true;
    return 0;
}

static int read_param(const struct reader *reader, struct entry *entry, int i)
{
    struct rt_params *params = &entry->params;
    if (once(reader, &entry->values[i]) != 0 || read_number(reader, VALUE, &params->values[i]) != 0)
        return -1;
    if (!(params->values[i] > 0))
        return refuse(reader, VALUE, "not above 0");
    if (empty(reader, SE))
        return 0;
    if (read_number(reader, SE, &params->se[i]) != 0)
        return -1;
    if (params->se[i] < 0)
        return refuse(reader, SE, "below 0");
    params->covariance[i][i] = params->se[i] * params->se[i];
    return 0;
}

static int read_covariance(const struct reader *reader, struct entry *entry, int i, int k)
{
    double *value = &entry->params.covariance[i][k];
    if (once(reader, &entry->covariances[i][k]) != 0)
        return -1;
    if (!empty(reader, VALUE) && read_number(reader, VALUE, value) != 0)
        return -1;
    entry->params.covariance[k][i] = *value;
    return 0;
}

static int read_unit(const struct reader *reader, struct rt_params *params)
{
    static const char *const units[] = {"day", "week", "month"};
    const struct rt_text cell = rt_table_cell(reader->table, (size_t)reader->columns[VALUE]);
    for (int i = 0; i < 3; i++)
        if (rt_text_is(cell, units[i])) {
            params->unit = units[i];
            params->unit_days = rt_unit_days(units[i]);
            return 0;
        }
    return refuse(reader, VALUE, "not day, week or month");
}

static int read_whole(const struct reader *reader, struct entry *entry, int which)
{
    struct rt_params *params = &entry->params;
    const struct rt_text cell = rt_table_cell(reader->table, (size_t)reader->columns[VALUE]);
    if (once(reader, &entry->whole[which]) != 0)
        return -1;
    if (cell.length == 0)
        return 0;
    switch (which) {
    case LOGLIK:
        return read_number(reader, VALUE, &params->loglik);
    case COUNT:
        return read_number(reader, VALUE, &params->n);
    case UNIT:
        return read_unit(reader, params);
    case AS_OF:
        return rt_day_read(cell, &params->as_of) == 0
                   ? 0
                   : refuse(reader, VALUE, "not a date of the form YYYY-MM-DD");
    default:
        params->converged = rt_text_is(cell, "1");
        return params->converged || rt_text_is(cell, "0") ? 0 : refuse(reader, VALUE, "not 0 or 1");
    }
}

static int read_row(struct reader *reader)
{
    const struct rt_text param = rt_table_cell(reader->table, (size_t)reader->columns[PARAM]);
    const struct rt_model *model =
        model_of(rt_table_cell(reader->table, (size_t)reader->columns[MODEL]));
    if (model == NULL)
        return refuse(reader, MODEL, "not the name of a model");
    struct entry *entry = entry_of(reader, model);
    for (int i = 0; i < model->count; i++) {
        if (rt_text_is(param, model->params[i]))
            return read_param(reader, entry, i);
        for (int k = 0; k < i; k++) {
            char name[64];
            cov_name(model, i, k, name);
            if (rt_text_is(param, name))
                return read_covariance(reader, entry, i, k);
        }
    }
    for (int i = 0; i < WHOLE; i++)
        if (rt_text_is(param, whole_names[i]))
            return read_whole(reader, entry, i);
    return refuse(reader, PARAM, "not a parameter of this model");
}

static const char *read_file(struct rt_params_table *params, const struct rt_table_args *like,
                             const char *file)
{
    struct reader reader = {params, file, .table = rt_table_open_beside(like, file)};
    bool good = find_columns(&reader) == 0;
    while (good && rt_table_next(reader.table) == 1)
        good = read_row(&reader) == 0;
    rt_group_key_free(&reader.key);
    const char *message = rt_table_message(reader.table);
    if (message != NULL && params->message == NULL)
        params->message = rt_strdup(message);
    rt_table_close(reader.table);
    return params->message;
}

/* NULL, or the first parameter that is lacking somewhere. */
static const char *check_complete(struct rt_params_table *params)
{
    for (struct entry *entry = NULL; (entry = rt_map_next(&params->map, entry)) != NULL;) {
        const struct rt_model *model = entry->params.model;
        entry->params.certain = true;
        for (int k = 0; k < model->count; k++) {
            if (!entry->values[k]) {
                params->message = rt_alloc(256, 1);
                snprintf(params->message, 256, "parameters of %s: no row for %s", model->name,
                         model->params[k]);
                return params->message;
            }
            for (int j = 0; j <= k; j++)
                entry->params.certain =
                    entry->params.certain && !isnan(entry->params.covariance[k][j]);
        }
    }
    return NULL;
}

struct rt_params_table *rt_params_read(const struct rt_table_args *like, char *const *files,
                                       size_t count, const char **fault)
{
    struct rt_params_table *params = rt_alloc_zero(1, sizeof *params);
    rt_map_init(&params->map, sizeof(struct entry));
    *fault = NULL;
    for (size_t i = 0; i < count && *fault == NULL; i++)
        *fault = read_file(params, like, files[i]);
    if (*fault == NULL)
        *fault = check_complete(params);
    return params;
}

void rt_params_free(struct rt_params_table *params)
{
    for (size_t i = 0; i < params->by_count; i++)
        free(params->by[i]);
    free(params->places);
    free(params->by);
    free(params->message);
    rt_map_free(&params->map);
    free(params);
}

size_t rt_params_by(const struct rt_params_table *params, char *const **names)
{
    *names = params->by;
    return params->by_count;
}

size_t rt_params_count(const struct rt_params_table *params)
{
    return params->map.count;
}

const struct rt_params *rt_params_at(const struct rt_params_table *params, size_t i)
{
    const struct entry *entry = rt_map_at(&params->map, params->places[i]);
    return &entry->params;
}

const struct rt_params *rt_params_find(const struct rt_params_table *params,
                                       const struct rt_model *model, const struct rt_text *keys)
{
    struct rt_group_key key = {0};
    rt_group_key_add(&key, rt_text(model->name));
    for (size_t i = 0; i < params->by_count; i++)
        rt_group_key_add(&key, keys[i]);
    const struct rt_text text = rt_group_key_text(&key);
    const struct entry *entry = rt_map_find(&params->map, text, rt_map_hash(&params->map, text));
    rt_group_key_free(&key);
    return entry != NULL ? &entry->params : NULL;
}
