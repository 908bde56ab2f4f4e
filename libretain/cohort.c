#include "libretain/cohort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/both.h"
#include "libretain/cohort_parts.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/feed.h"
#include "libretain/lookup.h"

/* How many ages a customer's state holds. */
enum { AGES = 64 };

struct rt_cohort *rt_cohort_new(const struct rt_cohort_form *form, size_t by_count, int32_t as_of)
{
    struct rt_cohort *cohort = rt_alloc_zero(1, sizeof *cohort);
    cohort->form = *form;
    cohort->by_count = by_count;
    cohort->as_of = as_of;
    cohort->last_day = RT_DAY_NONE;
    cohort->same = strcmp(form->start, form->back) == 0;
    cohort->start_plain = strcmp(form->start, "purchase") == 0;
    cohort->back_plain = strcmp(form->back, "purchase") == 0;
    rt_map_init_dense(&cohort->customers, rt_cohort_customer_size(form, by_count));
    rt_cohort_table_init(&cohort->table);
    rt_cohort_groups_init(&cohort->groups);
    rt_cohort_calendar_init(&cohort->cohorts, form->cohort);
    rt_cohort_calendar_init(&cohort->ages, form->age);
    if (by_count == 0)
        rt_cohort_group(&cohort->groups, (struct rt_text){"", 0});
    return cohort;
}

void rt_cohort_free(struct rt_cohort *cohort)
{
    if (cohort == NULL)
        return;
    rt_cohort_form_free(&cohort->form);
    if (cohort->customers.slots != NULL)
        rt_map_free(&cohort->customers);
    rt_cohort_table_free(&cohort->table);
    rt_cohort_groups_free(&cohort->groups);
    free(cohort->cohorts.indexes);
    free(cohort->ages.indexes);
    rt_group_key_free(&cohort->key);
    rt_group_key_free(&cohort->shard.key);
    rt_days_free(cohort->days);
    rt_hoard_free(cohort->amounts);
    free(cohort->wish.found);
    for (size_t i = 0; i < cohort->event_count; i++)
        free(cohort->events[i]);
    free(cohort->whole);
    free(cohort->definition);
    free(cohort->share_method);
    free(cohort->sum_method);
    free(cohort->sum_metric);
    free(cohort->sum_so_far_metric);
    free(cohort);
}

const char *rt_cohort_list(struct rt_cohort *cohort, const struct rt_pairs *cell)
{
    static const char fault[] = "--list: not cohort=C or cohort=C,age=A";
    struct rt_cohort_wish *wish = &cohort->wish;
    *wish = (struct rt_cohort_wish){.asked = true, .label = {"", 0}, .age = {"", 0}};
    for (size_t i = 0; i < cell->count; i++) {
        struct rt_text *text = strcmp(cell->left[i], "cohort") == 0 ? &wish->label
                               : strcmp(cell->left[i], "age") == 0  ? &wish->age
                                                                    : NULL;
        if (text == NULL || text->length > 0 || cell->right[i][0] == '\0')
            return fault;
        *text = rt_text(cell->right[i]);
    }
    return wish->label.length > 0 ? NULL : fault;
}

/* Forgets all rows. */
static void forget(struct rt_cohort *cohort)
{
    rt_map_clear(&cohort->customers);
    rt_cohort_table_free(&cohort->table);
    rt_cohort_table_init(&cohort->table);
    cohort->disordered = false;
    cohort->last_day = RT_DAY_NONE;
    cohort->rows = cohort->after = 0;
}

/* Rows under way, and what was wrong with one of them. */
struct rows {
    struct rt_cohort *cohort;
    const struct rt_cohort_source *source;
    int32_t as_of;
    const char *fault;
    int column;
};

/* Events ------------------------------------------------------------------------------------- */

static void note_event(struct rt_cohort *cohort, struct rt_text event)
{
    if (event.length == 0)
        event = rt_text("purchase");
    for (size_t i = 0; i < cohort->event_count; i++)
        if (rt_text_is(event, cohort->events[i]))
            return;
    if (cohort->event_count < RT_COHORT_EVENTS)
        cohort->events[cohort->event_count++] =
            rt_strndup(event.at, event.length < 40 ? event.length : 40);
    else
        cohort->more_events = true;
}

/* `plain`: the event is a purchase, which the feed knows. */
static bool is_event(const struct rt_feed_block *block, size_t i, int column, const char *name,
                     bool plain)
{
    if (plain)
        return rt_feed_is_purchase(&block->row[i]);
    return column >= 0 && rt_text_is(rt_feed_cell(block, i, (size_t)column), name);
}

/* What a row may be by its event: RT_COHORT_START, RT_COHORT_BACK, both or none. */
static unsigned kind_of_row(struct rt_cohort *cohort, const struct rt_feed_block *block, size_t i,
                            int column)
{
    unsigned kind = 0;
    if (is_event(block, i, column, cohort->form.start, cohort->start_plain))
        kind = RT_COHORT_START | (cohort->same ? RT_COHORT_BACK : 0);
    if (!cohort->same && is_event(block, i, column, cohort->form.back, cohort->back_plain))
        kind |= RT_COHORT_BACK;
    cohort->start_seen |= (kind & RT_COHORT_START) != 0;
    cohort->back_seen |= (kind & RT_COHORT_BACK) != 0;
    if (column >= 0 && !(cohort->start_seen && cohort->back_seen))
        note_event(cohort, rt_feed_cell(block, i, (size_t)column));
    return kind;
}

/* A customer's rows -------------------------------------------------------------------------- */

static inline int32_t age_at(const struct rt_cohort *cohort,
                             const struct rt_cohort_customer *customer, int32_t day)
{
    return rt_cohort_index(&cohort->ages, day) - rt_cohort_index(&cohort->ages, customer->start);
}

/* The age at the last return so far; -1 where there was none since the start. */
static int32_t last_age(const struct rt_cohort *cohort, const struct rt_cohort_customer *customer)
{
    return customer->last >= customer->start ? age_at(cohort, customer, customer->last) : -1;
}

static struct rt_cohort_cells *cells_of(struct rt_cohort *cohort,
                                        const struct rt_cohort_customer *customer)
{
    return rt_cohort_cells(&cohort->table, rt_cohort_group_of(cohort, customer),
                           rt_cohort_index(&cohort->cohorts, customer->start));
}

static uint32_t group_of_row(const struct rows *rows, const struct rt_feed_block *block, size_t i)
{
    struct rt_cohort *cohort = rows->cohort;
    rt_group_key_clear(&cohort->key);
    for (size_t k = 0; k < cohort->by_count; k++)
        rt_group_key_add(&cohort->key, rt_feed_cell(block, i, rows->source->by[k]));
    return rt_cohort_group(&cohort->groups, rt_group_key_text(&cohort->key));
}

/* Moves the ages that were noted to a start at `day`, earlier than the one so far, or the first.
 * False where what was counted does not tell enough for that. */
static bool move_ages(const struct rt_cohort *cohort, struct rt_cohort_customer *customer,
                      int32_t day)
{
    if ((cohort->form.sum != NULL && customer->early >= day) ||
        (!cohort->same && customer->last >= day))
        return false;
    if (customer->start == 0)
        return true;
    if (cohort->form.sum != NULL)
        return false;
    if (cohort->form.mode == RT_COHORT_ROLLING || customer->ages == 0)
        return true;
    const int32_t by = age_at(cohort, customer, customer->start) - age_at(cohort, customer, day);
    if (last_age(cohort, customer) >= AGES - by)
        return false;
    customer->ages <<= by;
    return true;
}

__attribute__((noinline)) static void add_start(struct rows *rows,
                                                struct rt_cohort_customer *customer, int32_t day,
                                                const struct rt_feed_block *block, size_t i)
{
    struct rt_cohort *cohort = rows->cohort;
    if (customer->start != 0 && day >= customer->start)
        return;
    if (!cohort->keep && !move_ages(cohort, customer, day))
        cohort->disordered = true;
    customer->start = day;
    if (cohort->by_count > 0)
        customer->group = group_of_row(rows, block, i);
}

/* A return on a day from the start on, where days are not kept. */
__attribute__((always_inline)) static inline void
note_age(struct rt_cohort *cohort, struct rt_cohort_customer *customer, int32_t day)
{
    const int32_t age = age_at(cohort, customer, day);
    const uint64_t bit = age < AGES ? (uint64_t)1 << age : 0;
    if (bit != 0 && cohort->form.mode != RT_COHORT_BRACKET) {
        customer->ages |= bit;
        return;
    }
    const int32_t before = last_age(cohort, customer);
    if (bit != 0) {
        /* A bracket may hold ages from both sides; it has been counted already. */
        if (before >= AGES && (customer->ages & bit) == 0)
            cohort->disordered = true;
        customer->ages |= bit;
    } else if (age > before) {
        rt_cohort_count_age(&cohort->form, cells_of(cohort, customer), before, age);
    } else if (age < before) {
        cohort->disordered = true;
    }
}

__attribute__((always_inline)) static inline void
add_return(struct rt_cohort *cohort, struct rt_cohort_customer *customer, int32_t day)
{
    if (cohort->form.mode != RT_COHORT_ROLLING && customer->start != 0 && day >= customer->start)
        note_age(cohort, customer, day);
    if (day > customer->last)
        customer->last = day;
}

/*
 * Start and return at once, where the ages so far and this one fit into the state. Rows in no order
 * are as likely to come before the start as not, so that is no branch. False where they do not fit,
 * and nothing was done.
 */
static inline bool add_purchase(struct rt_cohort *cohort, struct rt_cohort_customer *customer,
                                int32_t day)
{
    const int32_t index = rt_cohort_index(&cohort->ages, day);
    if (customer->start == 0) {
        customer->start = customer->last = day;
        customer->ages = 1;
        return true;
    }
    const int32_t start = cohort->ages.indexes[customer->start];
    const int32_t last = cohort->ages.indexes[customer->last];
    const int32_t first = index < start ? index : start;
    if ((index > last ? index : last) - first >= AGES)
        return false;
    customer->ages = customer->ages << (start - first) | (uint64_t)1 << (index - first);
    customer->start = day < customer->start ? day : customer->start;
    customer->last = day > customer->last ? day : customer->last;
    return true;
}

/* Keeps the day; the last one of each customer is not kept twice. */
static void keep_day(struct rt_cohort *cohort, struct rt_cohort_customer *customer, int32_t day,
                     unsigned kind)
{
    if (customer->last == day && (customer->ages & kind) == kind)
        return;
    customer->ages = customer->last == day ? customer->ages | kind : kind;
    customer->last = day;
    rt_days_add(cohort->days, rt_map_offset(&cohort->customers, customer),
                rt_cohort_kept(cohort, day, kind));
}

/* Returns what is wrong, or NULL. */
static const char *add_amount(struct rows *rows, struct rt_cohort_customer *customer, int32_t day,
                              const struct rt_feed_block *block, size_t i)
{
    struct rt_cohort *cohort = rows->cohort;
    struct rt_decimal amount = rt_feed_amount(&block->row[i]);
    rows->column = rows->source->sum;
    if (rows->column != rows->source->log.at[RT_LOG_AMOUNT]) {
        const struct rt_text cell = rt_feed_cell(block, i, (size_t)rows->column);
        amount = (struct rt_decimal){0, 0};
        const enum rt_reading reading = cell.length > 0 ? rt_decimal_read(cell, &amount) : RT_READ;
        if (reading != RT_READ)
            return reading == RT_MALFORMED ? "not a number"
                                           : "more digits than can be kept exactly";
    }
    if (cohort->keep) {
        rt_hoard_add(cohort->amounts, rt_map_offset(&cohort->customers, customer),
                     rt_cohort_civil(day), amount);
    } else if (customer->start == 0 || day < customer->start) {
        if (day > customer->early)
            customer->early = day;
    } else if (rt_cohort_add_sum(&cohort->form, cells_of(cohort, customer),
                                 age_at(cohort, customer, day), amount) != 0) {
        return "more digits than can be added exactly";
    }
    return NULL;
}

static int look_at_row(void *what, struct rt_feed_block *block, size_t i, void *expected)
{
    struct rows *rows = what;
    struct rt_cohort *cohort = rows->cohort;
    const struct rt_feed_row *row = &block->row[i];
    const unsigned kind = kind_of_row(cohort, block, i, rows->source->log.at[RT_LOG_EVENT]);
    if (row->day > rows->as_of) {
        cohort->after++;
        return 0;
    }
    const bool summed = cohort->form.sum != NULL && (kind & RT_COHORT_BACK) != 0;
    const bool refund = row->units < 0;
    if (kind == 0 || (refund && !summed))
        return 0;
    struct rt_cohort_customer *customer =
        rt_map_add_expected(&cohort->customers, rt_feed_customer(row), row->hash, expected);
    const int32_t day = rt_cohort_day(row->day);
    if (!refund) {
        if ((kind & RT_COHORT_START) != 0)
            add_start(rows, customer, day, block, i);
        if (cohort->keep)
            keep_day(cohort, customer, day, kind);
        else if ((kind & RT_COHORT_BACK) != 0)
            add_return(cohort, customer, day);
    }
    rows->fault = summed ? add_amount(rows, customer, day, block, i) : NULL;
    return rows->fault == NULL ? 0 : -1;
}

/*
 * The same where one event starts and returns, which is a purchase, and no column tells of others;
 * nothing is summed, and days are not kept.
 */
static bool takes_purchases_alone(const struct rows *rows)
{
    const struct rt_cohort *cohort = rows->cohort;
    return cohort->same && cohort->start_plain && rows->source->log.at[RT_LOG_EVENT] < 0 &&
           cohort->form.sum == NULL && !cohort->keep;
}

__attribute__((always_inline)) static inline int
look_at_purchase(void *what, struct rt_feed_block *block, size_t i, void *expected)
{
    struct rows *rows = what;
    struct rt_cohort *cohort = rows->cohort;
    const struct rt_feed_row *row = &block->row[i];
    if (row->day > rows->as_of) {
        cohort->after++;
        return 0;
    }
    if (row->units < 0)
        return 0;
    struct rt_cohort_customer *customer =
        rt_map_add_expected(&cohort->customers, rt_feed_customer(row), row->hash, expected);
    const int32_t day = rt_cohort_day(row->day);
    if (cohort->by_count == 0 && add_purchase(cohort, customer, day))
        return 0;
    if (customer->start == 0 || day < customer->start)
        add_start(rows, customer, day, block, i);
    add_return(cohort, customer, day);
    return 0;
}

/* Reading ------------------------------------------------------------------------------------ */

static const char *events_fault(struct rt_cohort *cohort)
{
    if (cohort->rows == 0 || (cohort->start_seen && cohort->back_seen))
        return NULL;
    size_t used = (size_t)snprintf(
        cohort->fault, RT_COHORT_FAULT_BYTES,
        "--%s: no row has the event %.60s; found:", cohort->start_seen ? "return" : "start",
        cohort->start_seen ? cohort->form.back : cohort->form.start);
    for (size_t i = 0; i < cohort->event_count && used < RT_COHORT_FAULT_BYTES; i++)
        used += (size_t)snprintf(cohort->fault + used, RT_COHORT_FAULT_BYTES - used, "%s %s",
                                 i > 0 ? "," : "", cohort->events[i]);
    if (cohort->more_events && used < RT_COHORT_FAULT_BYTES)
        snprintf(cohort->fault + used, RT_COHORT_FAULT_BYTES - used, ", ...");
    return cohort->fault;
}

static enum rt_feed_next add_block(void *what, size_t share, struct rt_feed_block *block,
                                   struct rt_feed_fault *fault)
{
    struct rows *rows = (struct rows *)what + share;
    struct rt_cohort *cohort = rows->cohort;
    cohort->rows += block->count;
    if (block->last_day > cohort->last_day)
        cohort->last_day = block->last_day;
    int64_t bad = -1;
    if (takes_purchases_alone(rows)) {
        cohort->start_seen = cohort->back_seen = true;
        (void)rt_lookup_each(&cohort->customers, block, 0, block->count, look_at_purchase, rows);
    } else {
        bad = rt_lookup_each(&cohort->customers, block, 0, block->count, look_at_row, rows);
    }
    if (cohort->disordered)
        return RT_FEED_ENOUGH;
    *fault = (struct rt_feed_fault){(size_t)bad, rows->column, rows->fault};
    return bad < 0 ? RT_FEED_MORE : RT_FEED_BAD;
}

/* Another cohort for a part of the customers, with the same hashes. It borrows the form. */
static struct rt_cohort *new_beside(const struct rt_cohort *cohort)
{
    struct rt_cohort *beside = rt_cohort_new(&cohort->form, cohort->by_count, cohort->as_of);
    beside->customers.seed = cohort->customers.seed;
    return beside;
}

static void free_beside(struct rt_cohort *beside)
{
    if (beside != NULL)
        beside->form = (struct rt_cohort_form){.brackets = NULL};
    rt_cohort_free(beside);
}

/* Adds the counts of another one, which has no sums. */
static void absorb(struct rt_cohort *cohort, const struct rt_cohort *beside)
{
    cohort->rows += beside->rows;
    cohort->after += beside->after;
    cohort->members += beside->members;
    cohort->start_seen |= beside->start_seen;
    cohort->back_seen |= beside->back_seen;
    for (size_t i = 0; i < beside->table.count; i++) {
        const struct rt_cohort_cells *from = &beside->table.cells[i];
        struct rt_cohort_cells *to = rt_cohort_cells(&cohort->table, from->group, from->index);
        to->customers += from->customers;
        for (size_t k = 0; k < from->count_size; k++)
            if (from->counts[k] > 0)
                *rt_cohort_count(to, k) += from->counts[k];
    }
}

/* Reads to the end, or until days turn out to be needed; by halves[1] as well, where it is there.
 */
static const char *read_once(struct rt_cohort *const halves[RT_FEED_SHARES],
                             const struct rt_cohort_source *source)
{
    const int32_t as_of = halves[0]->as_of == RT_DAY_NONE ? INT32_MAX : halves[0]->as_of;
    struct rows rows[RT_FEED_SHARES];
    for (size_t i = 0; i < RT_FEED_SHARES; i++)
        rows[i] = (struct rows){.cohort = halves[i], .source = source, .as_of = as_of};
    const struct rt_feed feed = {
        .table = source->table,
        .log = &source->log,
        .purchase = "purchase",
        .map = &halves[0]->customers,
        .threads = source->threads,
        .shares = halves[1] != NULL ? 2 : 1,
        .what = rows,
        .work = add_block,
    };
    return rt_feed_run(&feed);
}

static bool is_disordered(struct rt_cohort *const halves[RT_FEED_SHARES])
{
    return halves[0]->disordered || (halves[1] != NULL && halves[1]->disordered);
}

static void keep_days(struct rt_cohort *cohort)
{
    cohort->keep = true;
    cohort->days = rt_days_new(&cohort->customers);
    if (cohort->form.sum != NULL)
        cohort->amounts = rt_hoard_new();
}

/* Reads all of it, and again where days turned out to be needed. */
static const char *read_all(struct rt_cohort *const halves[RT_FEED_SHARES],
                            const struct rt_cohort_source *source)
{
    const bool keep =
        halves[0]->form.recurring || halves[0]->wish.asked || !rt_table_can_rewind(source->table);
    for (size_t i = 0; i < RT_FEED_SHARES && halves[i] != NULL && keep; i++)
        keep_days(halves[i]);
    const char *fault = read_once(halves, source);
    if (!is_disordered(halves))
        return fault;
    if (rt_table_rewind(source->table) != 0)
        return rt_table_message(source->table);
    for (size_t i = 0; i < RT_FEED_SHARES && halves[i] != NULL; i++) {
        forget(halves[i]);
        keep_days(halves[i]);
    }
    return read_once(halves, source);
}

/* Where nothing but a row's customer and date matters, two threads have half of the customers each.
 */
static bool can_be_halved(const struct rt_cohort *cohort, const struct rt_cohort_source *source)
{
    return source->threads > 1 && cohort->by_count == 0 && cohort->form.sum == NULL &&
           source->log.at[RT_LOG_EVENT] < 0 && cohort->start_plain && cohort->back_plain &&
           !cohort->wish.asked;
}

/* A cohort to settle, and what was wrong. */
struct settling {
    struct rt_cohort *cohort;
    const char *fault;
};

static void settle(void *what)
{
    struct settling *settling = what;
    settling->fault = rt_cohort_settle(settling->cohort);
}

static const char *settle_both(struct rt_cohort *cohort, struct rt_cohort *beside)
{
    struct settling first = {cohort, NULL}, second = {beside, NULL};
    rt_both(settle, &first, beside != NULL ? &second : NULL);
    if (first.fault == NULL && beside != NULL)
        absorb(cohort, beside);
    return first.fault != NULL ? first.fault : second.fault;
}

const char *rt_cohort_read(struct rt_cohort *cohort, const struct rt_cohort_source *source)
{
    struct rt_cohort *beside = can_be_halved(cohort, source) ? new_beside(cohort) : NULL;
    struct rt_cohort *const halves[RT_FEED_SHARES] = {cohort, beside};
    const char *fault = read_all(halves, source);
    const uint64_t rows = cohort->rows + (beside != NULL ? beside->rows : 0);
    const uint64_t after = cohort->after + (beside != NULL ? beside->after : 0);
    if (fault == NULL)
        fault = rt_log_check_as_of(rows, after);
    if (fault == NULL && beside == NULL)
        fault = events_fault(cohort);
    if (fault == NULL)
        fault = settle_both(cohort, beside);
    free_beside(beside);
    return fault;
}

struct rt_cohort_counts rt_cohort_counts(const struct rt_cohort *cohort)
{
    return (struct rt_cohort_counts){cohort->rows, cohort->after, cohort->members,
                                     cohort->table.count};
}
