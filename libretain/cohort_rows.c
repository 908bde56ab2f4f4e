#include <stdlib.h>
#include <string.h>

#include "libretain/cohort_parts.h"
#include "libretain/day.h"
#include "libretain/err.h"

/* Names -------------------------------------------------------------------------------------- */

static char *join(const char *a, const char *b)
{
    struct rt_group_key text = {.bytes = NULL};
    const struct rt_text whole[] = {{a, strlen(a)}, {b, strlen(b) + 1}};
    for (size_t i = 0; i < 2; i++) {
        text.parts = 0;
        rt_group_key_add(&text, whole[i]);
    }
    return text.bytes;
}

void rt_cohort_name(struct rt_cohort *cohort)
{
    const struct rt_cohort_form *form = &cohort->form;
    if (cohort->whole != NULL)
        return;
    cohort->whole = rt_cohort_form_write(form, RT_COHORT_WHOLE);
    cohort->definition = rt_cohort_form_write(form, RT_COHORT_DEFINITION);
    cohort->share_method = rt_cohort_form_write(form, RT_COHORT_SHARES);
    cohort->sum_method = rt_cohort_form_write(form, RT_COHORT_SUMS);
    const char *column = form->sum != NULL ? form->sum : "";
    cohort->sum_metric = join("sum:", column);
    cohort->sum_so_far_metric = join("sum_so_far:", column);
}

/* Order -------------------------------------------------------------------------------------- */

/* A cohort, and the key of its group. */
struct place {
    struct rt_text key;
    struct rt_cohort_cells *cells;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    const int order = rt_text_compare(left->key, right->key);
    return order != 0 ? order
                      : (left->cells->index > right->cells->index) -
                            (left->cells->index < right->cells->index);
}

static struct place *sort_cohorts(const struct rt_cohort *cohort)
{
    const struct rt_cohort_table *table = &cohort->table;
    struct place *places = rt_alloc(table->count + 1, sizeof *places);
    for (size_t i = 0; i < table->count; i++)
        places[i] = (struct place){rt_cohort_group_key(&cohort->groups, table->cells[i].group),
                                   &table->cells[i]};
    if (table->count > 0)
        qsort(places, table->count, sizeof *places, compare_places);
    return places;
}

/* Rows --------------------------------------------------------------------------------------- */

/* The cells over which `all` adds up. */
struct all {
    int64_t *retained, *eligible;
    struct rt_total *sums;
    size_t size;  /* of the arrays */
    size_t count; /* cells in use */
};

struct writer {
    struct rt_cohort *cohort;
    void (*take)(void *what, const struct rt_metric *row);
    void *what;
    struct rt_text *keys; /* of the row: the --by columns, the cohort, the age */
    bool too_large;       /* a sum of sums */
    int32_t until;
    struct all all;
};

static void write_row(const struct writer *writer, struct rt_metric *row, const char *metric,
                      const char *method)
{
    row->metric = rt_text(metric);
    row->method = rt_text(method);
    row->keys = writer->keys;
    writer->take(writer->what, row);
}

static void set_cohort(const struct writer *writer, struct rt_text label)
{
    writer->keys[writer->cohort->by_count] = label;
    writer->keys[writer->cohort->by_count + 1] = (struct rt_text){"", 0};
}

/* Puts the age of a cell, or its bracket, into the keys. `text` must outlive the row. */
static void set_age(const struct writer *writer, size_t cell, char text[RT_COHORT_BRACKET_BYTES])
{
    const struct rt_cohort_form *form = &writer->cohort->form;
    const struct rt_bracket age = {(int32_t)cell, (int32_t)cell};
    const size_t length =
        rt_bracket_write(form->mode == RT_COHORT_BRACKET ? form->brackets[cell] : age, text);
    writer->keys[writer->cohort->by_count + 1] = (struct rt_text){text, length};
}

static void write_as_of(const struct writer *writer)
{
    const struct rt_cohort *cohort = writer->cohort;
    char date[11];
    rt_day_write(writer->until, date);
    char *method =
        join(cohort->as_of != RT_DAY_NONE ? "given date; " : "last date; ", cohort->whole);
    struct rt_metric row = {.value = rt_number_text(rt_text(date)), .complete = true};
    for (size_t i = 0; i < cohort->by_count; i++)
        writer->keys[i] = (struct rt_text){"", 0};
    set_cohort(writer, (struct rt_text){"", 0});
    write_row(writer, &row, "as_of", method);
    free(method);
}

static void write_share(const struct writer *writer, int64_t active, int64_t customers, bool sure)
{
    const struct rt_cohort *cohort = writer->cohort;
    struct rt_metric row = {.value = rt_number_ratio(active, customers),
                            .num = rt_number_whole(active),
                            .den = rt_number_whole(customers),
                            .complete = true};
    if (sure)
        rt_metric_interval(&row, rt_wilson(active, customers, cohort->form.confidence.share));
    write_row(writer, &row, "retention", sure ? cohort->share_method : cohort->definition);
}

static void write_sum(const struct writer *writer, struct rt_total sum, int64_t customers)
{
    struct rt_metric row = {
        .num = rt_number_total(sum), .den = rt_number_whole(customers), .complete = true};
    if (customers > 0)
        row.value = rt_number_real(rt_total_real(sum) / (double)customers);
    write_row(writer, &row, writer->cohort->sum_metric, writer->cohort->sum_method);
}

/* What is known of a cell that is not reached: no share, but a count to go on with. */
static void write_so_far(const struct writer *writer, struct rt_number number, int64_t customers,
                         bool sum)
{
    const struct rt_cohort *cohort = writer->cohort;
    struct rt_metric row = {.num = number, .den = rt_number_whole(customers)};
    write_row(writer, &row, sum ? cohort->sum_so_far_metric : "retention_so_far",
              sum ? cohort->sum_method : cohort->definition);
}

/* All ----------------------------------------------------------------------------------------- */

static int add_to_all(struct all *all, size_t cell, int64_t active, struct rt_total sum,
                      int64_t customers)
{
    const size_t size = rt_grown(all->size, cell + 1);
    if (size > 0) {
        all->retained = rt_realloc(all->retained, size, sizeof *all->retained);
        all->eligible = rt_realloc(all->eligible, size, sizeof *all->eligible);
        all->sums = rt_realloc(all->sums, size, sizeof *all->sums);
        all->size = size;
    }
    for (; all->count <= cell; all->count++) {
        all->retained[all->count] = all->eligible[all->count] = 0;
        all->sums[all->count] = (struct rt_total){0, 0};
    }
    all->retained[cell] += active;
    all->eligible[cell] += customers;
    return rt_total_merge(&all->sums[cell], sum);
}

static bool has_share(const struct rt_cohort_form *form, size_t cell)
{
    return form->mode == RT_COHORT_BRACKET || form->zero || cell > 0;
}

/* The weighted means over the cohorts that are old enough. */
static void write_all(struct writer *writer)
{
    const struct rt_cohort_form *form = &writer->cohort->form;
    struct all *all = &writer->all;
    set_cohort(writer, rt_text("all"));
    for (size_t cell = 0; cell < all->count; cell++) {
        char age[RT_COHORT_BRACKET_BYTES];
        set_age(writer, cell, age);
        if (all->eligible[cell] == 0)
            continue;
        if (has_share(form, cell))
            write_share(writer, all->retained[cell], all->eligible[cell], !form->recurring);
        if (form->sum != NULL)
            write_sum(writer, all->sums[cell], all->eligible[cell]);
    }
    all->count = 0;
}

/* Cohorts ------------------------------------------------------------------------------------ */

static int64_t count_at(const struct rt_cohort_cells *cells, size_t cell)
{
    return cell < cells->count_size ? cells->counts[cell] : 0;
}

static struct rt_total sum_at(const struct rt_cohort_cells *cells, size_t cell)
{
    return cell < cells->sum_size ? cells->sums[cell] : (struct rt_total){0, 0};
}

/* Makes of the customers whose last age it is those that are active then or later. */
static void finish_rolling(struct rt_cohort_cells *cells)
{
    for (size_t i = cells->count_size; i-- > 1;)
        cells->counts[i - 1] += cells->counts[i];
}

static int finish_sums(struct rt_cohort_cells *cells, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct rt_total *sum = rt_cohort_sum(cells, i);
        if (rt_total_merge(sum, cells->sums[i - 1]) != 0)
            return -1;
    }
    return 0;
}

static void write_reached(struct writer *writer, struct rt_cohort_cells *cells, size_t cell)
{
    const struct rt_cohort_form *form = &writer->cohort->form;
    char age[RT_COHORT_BRACKET_BYTES];
    set_age(writer, cell, age);
    const int64_t active = count_at(cells, cell);
    const struct rt_total sum = sum_at(cells, cell);
    if (has_share(form, cell))
        write_share(writer, active, cells->customers, true);
    if (form->sum != NULL)
        write_sum(writer, sum, cells->customers);
    writer->too_large |= add_to_all(&writer->all, cell, active, sum, cells->customers) != 0;
}

/* Does the sum of a cell say more than that of the cell before? */
static bool says_more(const struct rt_cohort_form *form, const struct rt_cohort_cells *cells,
                      size_t cell)
{
    const struct rt_total sum = sum_at(cells, cell);
    struct rt_total before = {0, 0};
    if (form->cumulative && cell > 0)
        before = sum_at(cells, cell - 1);
    return sum.units != before.units || sum.places != before.places;
}

static void write_open(const struct writer *writer, const struct rt_cohort_cells *cells,
                       size_t cell)
{
    const struct rt_cohort_form *form = &writer->cohort->form;
    char age[RT_COHORT_BRACKET_BYTES];
    set_age(writer, cell, age);
    const int64_t active = count_at(cells, cell);
    if (has_share(form, cell) && active > 0)
        write_so_far(writer, rt_number_whole(active), cells->customers, false);
    if (form->sum != NULL && says_more(form, cells, cell))
        write_so_far(writer, rt_number_total(sum_at(cells, cell)), cells->customers, true);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void write_cohort(struct writer *writer, struct rt_cohort_cells *cells)
{
    const struct rt_cohort *cohort = writer->cohort;
    const struct rt_cohort_form *form = &cohort->form;
    const int32_t index = cells->index - RT_COHORT_INDEX;
    char label[RT_PERIOD_LABEL_BYTES];
    const size_t length = rt_period_label(&form->cohort, index, label);
    set_cohort(writer, (struct rt_text){label, length});
    struct rt_metric row = {.value = rt_number_whole(cells->customers),
                            .complete = rt_period_last(&form->cohort, index) <= writer->until};
    write_row(writer, &row, "customers", cohort->definition);

    const int32_t reached = rt_cohort_reached(form, writer->until, cells->index);
    const size_t known = larger(cells->count_size, cells->sum_size);
    const size_t count = form->mode == RT_COHORT_BRACKET ? form->bracket_count
                                                         : larger(known, (size_t)(reached + 1));
    if (form->mode == RT_COHORT_ROLLING && !cohort->merging)
        finish_rolling(cells);
    if (form->cumulative)
        writer->too_large |= finish_sums(cells, count) != 0;
    for (size_t cell = 0; cell < count; cell++)
        if (rt_cohort_cell_reached(form, (int32_t)cell, reached))
            write_reached(writer, cells, cell);
    for (size_t cell = 0; cell < count; cell++)
        if (!rt_cohort_cell_reached(form, (int32_t)cell, reached))
            write_open(writer, cells, cell);
}

const char *rt_cohort_result(struct rt_cohort *cohort,
                             void (*take)(void *what, const struct rt_metric *row), void *what)
{
    const int32_t until = rt_cohort_until(cohort);
    if (until == RT_DAY_NONE || cohort->form.start == NULL)
        return NULL;
    rt_cohort_name(cohort);
    struct writer writer = {.cohort = cohort, .take = take, .what = what, .until = until};
    writer.keys = rt_alloc(cohort->by_count + 2, sizeof *writer.keys);
    write_as_of(&writer);
    struct place *places = sort_cohorts(cohort);
    for (size_t i = 0; i < cohort->table.count; i++) {
        rt_group_key_split(places[i].key, writer.keys, cohort->by_count);
        write_cohort(&writer, places[i].cells);
        if (i + 1 == cohort->table.count || !rt_text_equal(places[i + 1].key, places[i].key))
            write_all(&writer);
    }
    free(places);
    free(writer.keys);
    free(writer.all.retained);
    free(writer.all.eligible);
    free(writer.all.sums);
    return writer.too_large ? "--sum: a sum over many customers has more than 38 digits" : NULL;
}
