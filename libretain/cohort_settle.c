#include <stdlib.h>

#include "libretain/cohort_parts.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/radix.h"

int32_t rt_cohort_until(const struct rt_cohort *cohort)
{
    return cohort->as_of != RT_DAY_NONE ? cohort->as_of : cohort->last_day;
}

int32_t rt_cohort_reached(const struct rt_cohort_form *form, int32_t until, int32_t index)
{
    int32_t over = rt_period_index(&form->age, until);
    if (rt_period_last(&form->age, over) > until)
        over--;
    const int32_t last = rt_period_last(&form->cohort, index - RT_COHORT_INDEX);
    const int32_t reached = over - rt_period_index(&form->age, last);
    return last <= until && reached >= 0 ? reached : -1;
}

bool rt_cohort_cell_reached(const struct rt_cohort_form *form, int32_t cell, int32_t reached)
{
    const bool bracket = form->mode == RT_COHORT_BRACKET && cell >= 0;
    return (bracket ? form->brackets[cell].to : cell) <= reached;
}

/* The wish ----------------------------------------------------------------------------------- */

static int find_cell(const struct rt_cohort_form *form, struct rt_text age, int32_t *cell)
{
    char text[RT_DECIMAL_BYTES];
    struct rt_decimal number;
    *cell = -1;
    if (age.length == 0)
        return 0;
    for (size_t i = 0; i < form->bracket_count; i++) {
        const size_t length = rt_bracket_write(form->brackets[i], text);
        if (rt_text_equal(age, (struct rt_text){text, length})) {
            *cell = (int32_t)i;
            return 0;
        }
    }
    if (form->mode == RT_COHORT_BRACKET || rt_decimal_read(age, &number) != RT_READ ||
        number.places != 0 || number.units < 0 || number.units > RT_COHORT_DAYS)
        return -1;
    *cell = (int32_t)number.units;
    const size_t length = rt_decimal_write(number, text);
    return rt_text_equal(age, (struct rt_text){text, length}) ? 0 : -1;
}

static bool has_reached(const struct rt_cohort *cohort, int32_t index, int32_t cell)
{
    return rt_cohort_cell_reached(&cohort->form, cell,
                                  rt_cohort_reached(&cohort->form, rt_cohort_until(cohort), index));
}

static const char *read_wish(struct rt_cohort *cohort)
{
    struct rt_cohort_wish *wish = &cohort->wish;
    int32_t index = 0;
    wish->every = rt_text_is(wish->label, "all");
    if (!wish->every && rt_period_read_label(&cohort->form.cohort, wish->label, &index) != 0)
        return "--list: not a cohort as --cohort names them, such as 2024-03 for months";
    wish->index = index + RT_COHORT_INDEX;
    if (find_cell(&cohort->form, wish->age, &wish->cell) != 0)
        return "--list: not an age that rows have";
    if (wish->every && wish->cell < 0)
        return "--list: cohort=all needs an age";
    if (!wish->every && cohort->rows > 0 && wish->cell >= 0 &&
        !has_reached(cohort, wish->index, wish->cell))
        return "--list: the cohort has not fully reached that age";
    return NULL;
}

static bool is_wished(const struct rt_cohort *cohort, int32_t index)
{
    const struct rt_cohort_wish *wish = &cohort->wish;
    return wish->every ? has_reached(cohort, index, wish->cell) : index == wish->index;
}

/* Does an age, of which `last` says whether it is the last one, lie in the cell? */
static bool fulfils(const struct rt_cohort *cohort, int32_t age, bool last)
{
    const struct rt_cohort_form *form = &cohort->form;
    const int32_t cell = cohort->wish.cell;
    switch (form->mode) {
    case RT_COHORT_EXACT:
        return age == cell;
    case RT_COHORT_ROLLING:
        return last && age >= cell;
    case RT_COHORT_BRACKET:
        break;
    }
    return cell >= 0 && age >= form->brackets[cell].from && age <= form->brackets[cell].to;
}

static void find(struct rt_cohort *cohort, uint64_t place, int32_t index)
{
    struct rt_cohort_wish *wish = &cohort->wish;
    const size_t size = rt_grown(wish->size, wish->count + 1);
    if (size > 0) {
        wish->found = rt_realloc(wish->found, size, sizeof *wish->found);
        wish->size = size;
    }
    wish->found[wish->count++] = place << 32 | (uint32_t)index;
}

/* Kept days ---------------------------------------------------------------------------------- */

/* The customer at hand, and the days in order, as they were kept. */
struct kept {
    struct rt_cohort *cohort;
    uint32_t place;
    uint32_t *days;
    size_t count, size;
};

static int32_t day_of(uint32_t kept)
{
    return (int32_t)(kept >> 2);
}

/* Counts one customer in the cohort of the start that is the first of these days. */
static void count_from(const struct kept *kept, size_t first, uint32_t group)
{
    struct rt_cohort *cohort = kept->cohort;
    const int32_t index = rt_cohort_index(&cohort->cohorts, day_of(kept->days[first]));
    const int32_t start = rt_cohort_index(&cohort->ages, day_of(kept->days[first]));
    struct rt_cohort_cells *cells = rt_cohort_cells(&cohort->table, group, index);
    bool wished = cohort->wish.asked && cohort->wish.cell < 0;
    int32_t before = -1;
    cells->customers++;
    for (size_t i = first; i < kept->count; i++) {
        if ((kept->days[i] & RT_COHORT_BACK) == 0)
            continue;
        const int32_t age = rt_cohort_index(&cohort->ages, day_of(kept->days[i])) - start;
        rt_cohort_count_age(&cohort->form, cells, before, age);
        wished |= cohort->wish.asked && fulfils(cohort, age, false);
        before = age;
    }
    if (before >= 0 && cohort->form.mode == RT_COHORT_ROLLING) {
        ++*rt_cohort_count(cells, (size_t)before);
        wished |= cohort->wish.asked && fulfils(cohort, before, true);
    }
    if (wished && is_wished(cohort, index))
        find(cohort, kept->place, index);
}

static void count_customer(struct kept *kept)
{
    const struct rt_cohort *cohort = kept->cohort;
    const struct rt_cohort_customer *customer = rt_map_at(&cohort->customers, kept->place);
    if (customer->start == 0)
        return;
    kept->cohort->members++;
    int32_t before = 0;
    for (size_t i = 0; i < kept->count; i++) {
        if ((kept->days[i] & RT_COHORT_START) == 0)
            continue;
        const int32_t index = rt_cohort_index(&cohort->cohorts, day_of(kept->days[i]));
        if (index == before)
            continue;
        count_from(kept, i, rt_cohort_group_of(cohort, customer));
        if (!cohort->form.recurring)
            break;
        before = index;
    }
}

/* A day's starts and returns may have been kept apart, and are joined. */
static void take_days(void *what, uint32_t place, const int32_t *days, size_t count)
{
    struct kept *kept = what;
    const size_t size = rt_grown(kept->size, count);
    if (size > 0) {
        kept->days = rt_realloc(kept->days, size, sizeof *kept->days);
        kept->size = size;
    }
    kept->place = place;
    kept->count = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t with_kind = rt_cohort_unkept(kept->cohort, days[i]);
        if (kept->count > 0 && day_of(kept->days[kept->count - 1]) == day_of(with_kind))
            kept->days[kept->count - 1] |= with_kind;
        else
            kept->days[kept->count++] = with_kind;
    }
    count_customer(kept);
}

static void count_kept(struct rt_cohort *cohort)
{
    struct kept kept = {.cohort = cohort};
    rt_days_each(cohort->days, 1, take_days, &kept);
    free(kept.days);
    cohort->wish.found = rt_radix_sort(cohort->wish.found, cohort->wish.count);
    cohort->wish.size = cohort->wish.count;
}

/* Adds an amount, once its customer's start is known. */
static int add_kept_amount(void *what, uint32_t place, int32_t civil, struct rt_decimal amount)
{
    struct rt_cohort *cohort = what;
    const struct rt_cohort_customer *customer = rt_map_at(&cohort->customers, place);
    const int32_t day = rt_cohort_day(civil);
    if (customer->start == 0 || day < customer->start)
        return 0;
    struct rt_cohort_cells *cells =
        rt_cohort_cells(&cohort->table, rt_cohort_group_of(cohort, customer),
                        rt_cohort_index(&cohort->cohorts, customer->start));
    const int32_t age =
        rt_cohort_index(&cohort->ages, day) - rt_cohort_index(&cohort->ages, customer->start);
    return rt_cohort_add_sum(&cohort->form, cells, age, amount);
}

/* States ------------------------------------------------------------------------------------- */

static void count_state(struct rt_cohort *cohort, const struct rt_cohort_customer *customer)
{
    struct rt_cohort_cells *cells =
        rt_cohort_cells(&cohort->table, rt_cohort_group_of(cohort, customer),
                        rt_cohort_index(&cohort->cohorts, customer->start));
    cells->customers++;
    if (cohort->form.mode == RT_COHORT_ROLLING) {
        if (customer->last >= customer->start)
            ++*rt_cohort_count(cells, (size_t)(rt_cohort_index(&cohort->ages, customer->last) -
                                               rt_cohort_index(&cohort->ages, customer->start)));
        return;
    }
    if (customer->ages == 0)
        return;
    if (cohort->form.mode == RT_COHORT_EXACT) {
        /* Room for the highest age is room for all. */
        const size_t highest = (size_t)(63 - __builtin_clzll(customer->ages));
        int64_t *counts = rt_cohort_count(cells, highest) - highest;
        for (uint64_t ages = customer->ages; ages != 0; ages &= ages - 1)
            counts[__builtin_ctzll(ages)]++;
        return;
    }
    int32_t before = -1;
    for (uint64_t ages = customer->ages; ages != 0; ages &= ages - 1) {
        const int32_t age = __builtin_ctzll(ages);
        rt_cohort_count_age(&cohort->form, cells, before, age);
        before = age;
    }
}

const char *rt_cohort_settle(struct rt_cohort *cohort)
{
    if (cohort->wish.asked) {
        const char *fault = read_wish(cohort);
        if (fault != NULL)
            return fault;
    }
    if (cohort->keep) {
        count_kept(cohort);
        if (cohort->amounts != NULL && rt_hoard_each(cohort->amounts, add_kept_amount, cohort) != 0)
            return "--sum: more digits than can be added exactly";
        return NULL;
    }
    const struct rt_cohort_customer *customer = rt_map_next(&cohort->customers, NULL);
    for (; customer != NULL; customer = rt_map_next(&cohort->customers, customer))
        if (customer->start != 0) {
            cohort->members++;
            count_state(cohort, customer);
        }
    return NULL;
}

const char *rt_cohort_listing(struct rt_cohort *cohort,
                              void (*take)(void *what, const struct rt_cohort_listed *customer),
                              void *what)
{
    const struct rt_cohort_wish *wish = &cohort->wish;
    if (!wish->every && cohort->rows > 0) {
        bool any = false;
        for (size_t i = 0; i < cohort->table.count; i++)
            any |= cohort->table.cells[i].index == wish->index;
        if (!any)
            return "--list: that cohort holds no customers";
    }
    struct rt_text *by = rt_alloc(cohort->by_count + 1, sizeof *by);
    for (size_t i = 0; i < wish->count; i++) {
        const struct rt_cohort_customer *customer =
            rt_map_at(&cohort->customers, (uint32_t)(wish->found[i] >> 32));
        char label[RT_PERIOD_LABEL_BYTES];
        const size_t length = rt_period_label(
            &cohort->form.cohort, (int32_t)(uint32_t)wish->found[i] - RT_COHORT_INDEX, label);
        rt_group_key_split(
            rt_cohort_group_key(&cohort->groups, rt_cohort_group_of(cohort, customer)), by,
            cohort->by_count);
        const struct rt_cohort_listed listed = {
            rt_map_key(&cohort->customers, customer), by, {label, length}, wish->age};
        take(what, &listed);
    }
    free(by);
    return NULL;
}
