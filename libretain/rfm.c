#include "libretain/rfm.h"

#include <stdio.h>
#include <stdlib.h>

#include "libretain/err.h"
#include "libretain/quantile.h"

enum { MORE_PLACES = 6 };

const char *const rt_rfm_columns[RT_RFM_AXES] = {"recency_days", "orders", "revenue"};
static const char *const methods[] = {"type7", "rfm-r"};

static __int128 floor_divide(__int128 value, __int128 by)
{
    const __int128 quotient = value / by;
    return quotient * by > value ? quotient - 1 : quotient;
}

/*
 * A value v lies beyond the cut q where v > q. With v a multiple of a unit and q rounded down to
 * that unit or a smaller one, v > q just where v > the rounded q: rounding down changes no score.
 * Where the rule is v >= q, the same holds for rounding up.
 */
static int decimal_of(struct rt_quantile quantile, int places, enum rt_rfm_method method,
                      struct rt_decimal *cut)
{
    for (int more = MORE_PLACES; more >= 0; more--) {
        if (places + more > RT_DECIMAL_PLACES)
            continue;
        __int128 scale = 1, one = quantile.of;
        for (int i = 0; i < more; i++)
            scale *= 10;
        for (int i = 0; i < places; i++)
            one *= 10;
        /* the quantile times of * 10^places: at most 2^64 * 1000 */
        __int128 value = (__int128)quantile.low * quantile.of +
                         ((__int128)quantile.high - quantile.low) * quantile.rest;
        if (method == RT_RFM_R)
            value += one;
        value *= scale;
        const __int128 units = method == RT_RFM_R ? -floor_divide(-value, quantile.of)
                                                  : floor_divide(value, quantile.of);
        if (units < INT64_MIN || units > INT64_MAX)
            continue;
        *cut = (struct rt_decimal){(int64_t)units, places + more};
        while (cut->places > 0 && cut->units % 10 == 0) {
            cut->units /= 10;
            cut->places--;
        }
        return 0;
    }
    return -1;
}

int rt_rfm_find(struct rt_table *table, bool must, size_t places[RT_RFM_AXES])
{
    int all = 1;
    for (int axis = 0; axis < RT_RFM_AXES; axis++) {
        const char *name = rt_rfm_columns[axis];
        const int place = must ? rt_table_need(table, name) : rt_table_look(table, name);
        if (place < 0 && rt_table_message(table) != NULL)
            return -1;
        places[axis] = place < 0 ? 0 : (size_t)place;
        all = place < 0 ? 0 : all;
    }
    return all;
}

int rt_rfm_read(struct rt_table *table, const size_t places[RT_RFM_AXES],
                struct rt_rfm_customer *customer)
{
    customer->axes = RT_RFM_AXES;
    for (int axis = RT_RFM_AXES; axis-- > 0;) {
        struct rt_decimal *value = &customer->values[axis];
        const struct rt_text cell = rt_table_cell(table, places[axis]);
        if (cell.length == 0) {
            customer->axes = axis == RT_RFM_MONETARY ? axis : 0;
            continue;
        }
        const enum rt_reading reading = rt_decimal_read(cell, value);
        if (reading == RT_TOO_LONG)
            return rt_table_refuse(table, (int)places[axis], "a number of too many digits");
        if (axis == RT_RFM_MONETARY && reading != RT_READ)
            return rt_table_refuse(table, (int)places[axis], "not a number");
        if (axis != RT_RFM_MONETARY && (reading != RT_READ || value->places > 0))
            return rt_table_refuse(table, (int)places[axis], "not a whole number");
    }
    return 0;
}

/* All values of an axis have the same places: those of the longest. At most 18 times a column. */
static int widen_all(struct rt_rfm_values *values, int axis, int places)
{
    for (size_t i = 0; i < values->count[axis]; i++) {
        struct rt_decimal value = {values->units[axis][i], values->places[axis]};
        if (rt_decimal_widen(&value, places) != 0)
            return -1;
        values->units[axis][i] = value.units;
    }
    values->places[axis] = places;
    return 0;
}

static void make_room(struct rt_rfm_values *values)
{
    const size_t room = rt_grown(values->room, values->customers + 1);
    if (room == 0)
        return;
    values->axes = rt_realloc(values->axes, room, sizeof *values->axes);
    for (int axis = 0; axis < RT_RFM_AXES; axis++)
        values->units[axis] = rt_realloc(values->units[axis], room, sizeof **values->units);
    values->room = room;
}

int rt_rfm_values_add(struct rt_rfm_values *values, const struct rt_rfm_customer *customer)
{
    make_room(values);
    for (int axis = 0; axis < customer->axes; axis++) {
        struct rt_decimal value = customer->values[axis];
        if ((value.places > values->places[axis] && widen_all(values, axis, value.places) != 0) ||
            rt_decimal_widen(&value, values->places[axis]) != 0)
            return -1;
        values->units[axis][values->count[axis]++] = value.units;
    }
    values->axes[values->customers++] = (unsigned char)customer->axes;
    return 0;
}

bool rt_rfm_values_next(struct rt_rfm_values *values, struct rt_rfm_customer *customer)
{
    if (values->next == values->customers)
        return false;
    customer->axes = values->axes[values->next++];
    for (int axis = 0; axis < customer->axes; axis++) {
        const int64_t units = values->units[axis][values->next_unit[axis]++];
        customer->values[axis] = (struct rt_decimal){units, values->places[axis]};
    }
    return true;
}

void rt_rfm_values_free(struct rt_rfm_values *values)
{
    free(values->axes);
    for (int axis = 0; axis < RT_RFM_AXES; axis++)
        free(values->units[axis]);
    *values = (struct rt_rfm_values){0};
}

/* Most values can be compared with cuts as whole numbers. */
static void find_units(struct rt_rfm_cuts *cuts, int axis)
{
    int places = 0;
    for (int i = 0; i < cuts->bins - 1; i++)
        places = cuts->cuts[axis][i].places > places ? cuts->cuts[axis][i].places : places;
    cuts->places[axis] = places;
    for (int i = 0; i < cuts->bins - 1; i++) {
        struct rt_decimal cut = cuts->cuts[axis][i];
        /* Of whole numbers those from a cut on are those beyond the one before it. */
        if (rt_decimal_widen(&cut, places) != 0 ||
            __builtin_sub_overflow(cut.units, (int64_t)(cuts->method == RT_RFM_R), &cut.units))
            cuts->places[axis] = -1;
        cuts->units[axis][i] = cut.units;
    }
}

int rt_rfm_cut(struct rt_rfm_cuts *cuts, const struct rt_rfm_values *values)
{
    struct rt_quantile quantiles[RT_RFM_BINS_MOST - 1];
    for (int axis = 0; axis < RT_RFM_AXES; axis++) {
        cuts->known[axis] = values->count[axis] > 0;
        if (!cuts->known[axis])
            continue;
        rt_quantiles_whole(values->units[axis], values->count[axis], cuts->bins, quantiles);
        for (int i = 0; i < cuts->bins - 1; i++)
            if (decimal_of(quantiles[i], values->places[axis], cuts->method,
                           &cuts->cuts[axis][i]) != 0)
                return -1;
        find_units(cuts, axis);
    }
    return 0;
}

const char *rt_rfm_cut_rows(struct rt_rfm_cuts *cuts, struct rt_table *table,
                            const size_t places[RT_RFM_AXES], struct rt_rfm_values *values,
                            struct rt_keep *keep)
{
    struct rt_rfm_customer customer = {0};
    while (rt_table_next(table) > 0 && rt_rfm_read(table, places, &customer) == 0) {
        if (rt_rfm_values_add(values, &customer) != 0) {
            (void)rt_table_refuse(table, -1, "a number of too many digits beside the others");
            break;
        }
        if (keep != NULL)
            rt_keep_add(keep, table);
    }
    if (rt_table_message(table) != NULL)
        return rt_table_message(table);
    return rt_rfm_cut(cuts, values) == 0 ? NULL : "a cut has too many digits";
}

/* How many cuts a value lies beyond. */
static int count_below(const struct rt_rfm_cuts *cuts, enum rt_rfm_axis axis,
                       struct rt_decimal value)
{
    const int count = cuts->bins - 1;
    int below = 0;
    if (value.places > cuts->places[axis] || rt_decimal_widen(&value, cuts->places[axis]) != 0) {
        /* Beyond is 1 for v > cut, and 0 or 1 for v >= cut. */
        const int beyond = cuts->method == RT_RFM_R ? 0 : 1;
        while (below < count && rt_decimal_compare(value, cuts->cuts[axis][below]) >= beyond)
            below++;
        return below;
    }
    const int64_t *units = cuts->units[axis];
    for (int i = 0; i < count; i++)
        below += value.units > units[i];
    return below;
}

int rt_rfm_score(const struct rt_rfm_cuts *cuts, enum rt_rfm_axis axis, struct rt_decimal value)
{
    const int below = count_below(cuts, axis, value);
    return axis == RT_RFM_RECENCY ? cuts->bins - below : below + 1;
}

void rt_rfm_scores(const struct rt_rfm_cuts *cuts, const struct rt_rfm_customer *customer,
                   int scores[RT_RFM_AXES], struct rt_rfm_use *use)
{
    for (int axis = 0; axis < RT_RFM_AXES; axis++) {
        scores[axis] = 0;
        if (axis >= customer->axes || !cuts->known[axis])
            continue;
        scores[axis] = rt_rfm_score(cuts, (enum rt_rfm_axis)axis, customer->values[axis]);
        use->used[axis][scores[axis] - 1] = true;
    }
}

void rt_rfm_cells(const int scores[RT_RFM_AXES], char digits[RT_RFM_AXES][RT_DECIMAL_BYTES],
                  struct rt_text cells[RT_RFM_AXES])
{
    for (int axis = 0; axis < RT_RFM_AXES; axis++) {
        const struct rt_decimal whole = {scores[axis], 0};
        const size_t length = scores[axis] == 0 ? 0 : rt_decimal_write(whole, digits[axis]);
        cells[axis] = (struct rt_text){digits[axis], length};
    }
}

void rt_rfm_write(const int scores[RT_RFM_AXES], struct rt_out *out)
{
    for (int axis = 0; axis < RT_RFM_AXES; axis++)
        if (scores[axis] > 0)
            rt_out_whole(out, scores[axis]);
        else
            rt_out_empty(out);
}

int rt_rfm_in_use(const struct rt_rfm_use *use, enum rt_rfm_axis axis)
{
    int count = 0;
    for (int i = 0; i < RT_RFM_BINS_MOST; i++)
        count += use->used[axis][i];
    return count;
}

enum { METHOD, BINS, COLUMN, CUT, VALUE, CUT_COLUMNS };
static const char *const cut_columns[CUT_COLUMNS] = {"method", "bins", "column", "cut", "value"};

static void write_cut(const struct rt_rfm_cuts *cuts, int axis, int cut, struct rt_out *out)
{
    rt_out_string(out, methods[cuts->method]);
    rt_out_whole(out, cuts->bins);
    rt_out_string(out, rt_rfm_columns[axis]);
    rt_out_whole(out, cut + 1);
    if (cuts->known[axis])
        rt_out_decimal(out, cuts->cuts[axis][cut]);
    else
        rt_out_empty(out);
    rt_out_end(out);
}

void rt_rfm_cuts_save(const struct rt_rfm_cuts *cuts, const char *file, char delimiter)
{
    struct rt_out out;
    rt_out_open_file(&out, file, delimiter);
    for (int i = 0; i < CUT_COLUMNS; i++)
        rt_out_string(&out, cut_columns[i]);
    rt_out_end(&out);
    for (int axis = 0; axis < RT_RFM_AXES; axis++)
        for (int i = 0; i < cuts->bins - 1; i++)
            write_cut(cuts, axis, i, &out);
    rt_out_finish(&out);
}

static bool read_small(struct rt_text text, int64_t least, int64_t most, int *value)
{
    struct rt_decimal number;
    if (rt_decimal_read(text, &number) != RT_READ || number.places > 0 || number.units < least ||
        number.units > most)
        return false;
    *value = (int)number.units;
    return true;
}

/* What the first row says of the others. */
static int read_kind(struct rt_rfm_cuts *cuts, struct rt_table *table, const int *places)
{
    const struct rt_text method = rt_table_cell(table, (size_t)places[METHOD]);
    if (rt_text_is(method, methods[RT_RFM_TYPE7]))
        cuts->method = RT_RFM_TYPE7;
    else if (rt_text_is(method, methods[RT_RFM_R]))
        cuts->method = RT_RFM_R;
    else
        return rt_table_refuse(table, places[METHOD], "not type7 or rfm-r");
    if (!read_small(rt_table_cell(table, (size_t)places[BINS]), RT_RFM_BINS_LEAST, RT_RFM_BINS_MOST,
                    &cuts->bins))
        return rt_table_refuse(table, places[BINS], "not a whole number from 2 to 100");
    return 0;
}

static int read_cut(struct rt_rfm_cuts *cuts, struct rt_table *table, const int *places, int row)
{
    const int axis = row / (cuts->bins - 1), cut = row % (cuts->bins - 1);
    int value;
    if (axis >= RT_RFM_AXES)
        return rt_table_refuse(table, -1, "more cuts than the bins have");
    if (!rt_text_is(rt_table_cell(table, (size_t)places[METHOD]), methods[cuts->method]))
        return rt_table_refuse(table, places[METHOD], "not the same in all rows");
    if (!read_small(rt_table_cell(table, (size_t)places[BINS]), cuts->bins, cuts->bins, &value))
        return rt_table_refuse(table, places[BINS], "not the same in all rows");
    if (!rt_text_is(rt_table_cell(table, (size_t)places[COLUMN]), rt_rfm_columns[axis]))
        return rt_table_refuse(table, places[COLUMN], "not the column whose turn it is");
    if (!read_small(rt_table_cell(table, (size_t)places[CUT]), cut + 1, cut + 1, &value))
        return rt_table_refuse(table, places[CUT], "not the cut whose turn it is");
    const struct rt_text text = rt_table_cell(table, (size_t)places[VALUE]);
    if (cut == 0)
        cuts->known[axis] = text.length > 0 || axis != RT_RFM_MONETARY;
    if (!cuts->known[axis] && text.length == 0)
        return 0;
    struct rt_decimal *read = &cuts->cuts[axis][cut];
    if (rt_decimal_read(text, read) != RT_READ || !cuts->known[axis])
        return rt_table_refuse(table, places[VALUE], "not a number, or too long");
    if (cut > 0 && rt_decimal_compare(read[-1], *read) > 0)
        return rt_table_refuse(table, places[VALUE], "less than the cut before it");
    return 0;
}

static int read_cuts(struct rt_rfm_cuts *cuts, struct rt_table *table)
{
    int places[CUT_COLUMNS], row = 0, found;
    for (int i = 0; i < CUT_COLUMNS; i++) {
        places[i] = rt_table_need(table, cut_columns[i]);
        if (places[i] < 0)
            return -1;
    }
    for (; (found = rt_table_next(table)) > 0; row++)
        if ((row == 0 && read_kind(cuts, table, places) != 0) ||
            read_cut(cuts, table, places, row) != 0)
            return -1;
    if (found == 0 && (row == 0 || row < RT_RFM_AXES * (cuts->bins - 1)))
        return -2;
    return found;
}

const char *rt_rfm_cuts_open(struct rt_rfm_cuts *cuts, const struct rt_table_args *like,
                             const char *file, int bins)
{
    struct rt_table *table = rt_table_open_beside(like, file);
    const int result = read_cuts(cuts, table);
    cuts->message[0] = '\0';
    if (result == -1)
        snprintf(cuts->message, sizeof cuts->message, "%s", rt_table_message(table));
    else if (result != 0)
        snprintf(cuts->message, sizeof cuts->message, "%s: cuts are missing at the end", file);
    else if (bins != 0 && bins != cuts->bins)
        snprintf(cuts->message, sizeof cuts->message, "%s: the cuts are for %d bins", file,
                 cuts->bins);
    rt_table_close(table);
    for (int axis = 0; axis < RT_RFM_AXES && cuts->message[0] == '\0'; axis++)
        if (cuts->known[axis])
            find_units(cuts, axis);
    return cuts->message[0] == '\0' ? NULL : cuts->message;
}

/* Rows: recency from 1 to 5. Columns: frequency and money together from 1 to 5. */
static const char *const eleven[5][5] = {
    {"lost", "lost", "at risk", "cannot lose", "cannot lose"},
    {"hibernating", "hibernating", "at risk", "at risk", "at risk"},
    {"about to sleep", "about to sleep", "need attention", "loyal", "loyal"},
    {"promising", "potential loyalists", "loyal", "champions", "champions"},
    {"new", "potential loyalists", "potential loyalists", "champions", "champions"},
};

/* Rows: recency from 1 to 5. Columns: frequency from 1 to 5. */
static const char *const ten[5][5] = {
    {"hibernating", "hibernating", "at risk", "at risk", "cannot lose"},
    {"hibernating", "hibernating", "at risk", "at risk", "cannot lose"},
    {"about to sleep", "about to sleep", "need attention", "loyal", "loyal"},
    {"promising", "potential loyalists", "potential loyalists", "loyal", "loyal"},
    {"new", "potential loyalists", "potential loyalists", "champions", "champions"},
};

/* Rows: recency from 1 to 3. Columns: frequency and money together from 1 to 3. */
static const char *const three[3][3] = {
    {"lost", "at risk", "cannot lose"},
    {"about to sleep", "need attention", "loyal"},
    {"new", "potential loyalists", "champions"},
};

int rt_rfm_preset_bins(enum rt_rfm_preset preset)
{
    return preset == RT_RFM_3X3 ? 3 : 5;
}

int rt_rfm_level(int score, int from, int to)
{
    if (from == to) /* as most often: divisions take long */
        return score;
    return 1 + (2 * (score - 1) * (to - 1) + (from - 1)) / (2 * (from - 1));
}

/* The place of the sum of scores in the lower, middle or upper third of what it can be. */
static const char *value_segment(int bins, int sum)
{
    const int reached = sum - 3, third = bins - 1;
    if (reached < third)
        return "low value";
    return reached > 2 * third ? "high value" : "middle value";
}

const char *rt_rfm_segment(enum rt_rfm_preset preset, int bins, const int scores[RT_RFM_AXES])
{
    const int r = scores[RT_RFM_RECENCY], f = scores[RT_RFM_FREQUENCY];
    const int m = scores[RT_RFM_MONETARY] == 0 ? f : scores[RT_RFM_MONETARY];
    if (r == 0 || f == 0)
        return "unscored";
    if (preset == RT_RFM_VALUE)
        return value_segment(bins, r + f + m);
    const int levels = rt_rfm_preset_bins(preset);
    const int recency = rt_rfm_level(r, bins, levels), frequency = rt_rfm_level(f, bins, levels);
    const int both = (frequency + rt_rfm_level(m, bins, levels) + 1) / 2;
    if (preset == RT_RFM_TEN)
        return ten[recency - 1][frequency - 1];
    return preset == RT_RFM_3X3 ? three[recency - 1][both - 1] : eleven[recency - 1][both - 1];
}
