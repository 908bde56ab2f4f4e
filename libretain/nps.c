#include "libretain/nps_parts.h"

#include <stdlib.h>
#include <string.h>

#include "libretain/crew.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/log.h"
#include "libretain/word.h"

int rt_nps_least(const struct rt_nps_form *form)
{
    return form->metric == RT_NPS_NPS ? 0 : 1;
}

int rt_nps_most(const struct rt_nps_form *form)
{
    if (form->metric == RT_NPS_NPS)
        return 10;
    return form->metric == RT_NPS_CES && !form->short_scale ? 7 : 5;
}

int rt_nps_read_dedupe(struct rt_text text, struct rt_nps_form *form)
{
    struct rt_decimal days;
    if (rt_text_is(text, "last")) {
        form->dedupe = RT_NPS_LAST;
        return 0;
    }
    if (rt_decimal_read(text, &days) != RT_READ || days.places != 0 || days.units < 0 ||
        days.units > RT_DAY_LAST)
        return -1;
    form->dedupe = RT_NPS_APART;
    form->apart = days.units;
    return 0;
}

/* Groups and cells --------------------------------------------------------------------------- */

struct rt_nps_group *rt_nps_group(struct rt_nps *nps, struct rt_text key)
{
    struct rt_nps_group *group = rt_map_add(&nps->groups, key, rt_map_hash(&nps->groups, key));
    if (group->number == 0)
        group->number = (uint32_t)nps->groups.count;
    return group;
}

struct rt_nps_cell *rt_nps_cell(struct rt_nps *nps, struct rt_nps_group *group, int32_t period)
{
    if (group->cell != NULL && group->cell->period == period)
        return group->cell;
    char bytes[sizeof group->number + sizeof period];
    memcpy(bytes, &group->number, sizeof group->number);
    memcpy(bytes + sizeof group->number, &period, sizeof period);
    const struct rt_text key = {bytes, sizeof bytes};
    struct rt_nps_cell *cell = rt_map_add(&nps->cells, key, rt_map_hash(&nps->cells, key));
    cell->group = group;
    cell->period = period;
    group->cell = cell;
    return cell;
}

static inline unsigned word_place(unsigned bytes)
{
    return (bytes + (bytes >> 8)) % RT_NPS_WORDS;
}

static inline const struct rt_nps_word *word_of(const struct rt_nps *nps, unsigned bytes)
{
    return &nps->words[word_place(bytes)];
}

static void add_word(struct rt_nps *nps, const char *written, int score)
{
    const unsigned first = (unsigned char)written[0];
    const unsigned second = first != 0 ? (unsigned char)written[1] : 0;
    const unsigned bytes = first | second << 8;
    nps->words[word_place(bytes)] = (struct rt_nps_word){bytes, score};
}

static void prepare_quick(struct rt_nps *nps)
{
    for (size_t i = 1; i <= 8; i++)
        memset(&nps->masks[i], 0xff, i);
    for (size_t i = 0; i < RT_NPS_WORDS; i++)
        nps->words[i].bytes = UINT32_MAX;
    for (int score = rt_nps_least(&nps->form); score <= rt_nps_most(&nps->form) && score < 10;
         score++)
        add_word(nps, (const char[]){(char)('0' + score), '\0'}, score);
    if (nps->form.metric == RT_NPS_NPS)
        add_word(nps, "10", 10);
    add_word(nps, "", RT_NPS_DISMISSED);
}

struct rt_nps *rt_nps_new(struct rt_nps_form form)
{
    struct rt_nps *nps = rt_alloc_zero(1, sizeof *nps);
    nps->form = form;
    rt_map_init(&nps->groups, sizeof(struct rt_nps_group));
    rt_map_init(&nps->cells, sizeof(struct rt_nps_cell));
    rt_nps_prepare_customers(nps);
    prepare_quick(nps);
    if (form.by_count == 0 && !form.periods)
        rt_nps_cell(nps, rt_nps_group(nps, (struct rt_text){"", 0}), 0);
    return nps;
}

void rt_nps_free(struct rt_nps *nps)
{
    if (nps == NULL)
        return;
    rt_map_free(&nps->groups);
    rt_map_free(&nps->cells);
    rt_map_free(&nps->customers);
    rt_group_key_free(&nps->key);
    rt_buffer_free(&nps->pending_keys);
    free(nps->answers);
    free(nps->order);
    free(nps->keys);
    free(nps);
}

static inline size_t recent_place(uint64_t head, uint64_t tail, size_t length)
{
    return (head ^ (tail << 1) ^ length) * UINT64_C(0x9e3779b97f4a7c15) >> 56;
}

static inline const struct rt_nps_recent *recent_of(const struct rt_nps *nps, uint64_t head,
                                                    uint64_t tail, size_t length)
{
    return &nps->recent[recent_place(head, tail, length)];
}

/* The group of a short key that was seen lately is found by comparing two words. */
static struct rt_nps_group *group_of(struct rt_nps *nps, struct rt_text key)
{
    uint64_t head = 0, tail = 0;
    if (key.length > 16)
        return rt_nps_group(nps, key);
    if (key.length > 0)
        memcpy(&head, key.at, key.length < 8 ? key.length : 8);
    if (key.length > 8)
        memcpy(&tail, key.at + key.length - 8, 8);
    struct rt_nps_recent *recent = &nps->recent[recent_place(head, tail, key.length)];
    if (recent->group == NULL || recent->head != head || recent->tail != tail ||
        recent->length != key.length)
        *recent = (struct rt_nps_recent){head, tail, key.length, rt_nps_group(nps, key)};
    return recent->group;
}

static struct rt_nps_group *group_of_row(struct rt_nps *nps, const struct rt_rows *rows, size_t row,
                                         const size_t *by)
{
    rt_group_key_clear(&nps->key);
    for (size_t i = 0; i < nps->form.by_count; i++)
        rt_group_key_add(&nps->key, rt_cell(rows, row, by[i]));
    return group_of(nps, rt_group_key_text(&nps->key));
}

/* Answers in --------------------------------------------------------------------------------- */

static const char *const score_faults[2][RT_NPS_METRICS] = {
    {"not a whole number from 0 to 10", "not a whole number from 1 to 5",
     "not a whole number from 1 to 7"},
    {"not a whole number from 0 to 10", "not a whole number from 1 to 5",
     "not a whole number from 1 to 5"}};

/* Digits alone make a score, 07 as well as 7; 9.0 and +9 do not. Returns the score, or -1. */
static int read_unusual(struct rt_text cell)
{
    int score = 0;
    for (size_t i = 0; i < cell.length; i++) {
        const unsigned digit = (unsigned char)cell.at[i] - (unsigned)'0';
        if (digit > 9)
            return -1;
        score = score * 10 + (int)digit;
        if (score >= RT_NPS_SCORES)
            return -1;
    }
    return score;
}

/* A score, RT_NPS_DISMISSED for an empty cell, or -1. */
static inline int read_score(struct rt_text cell)
{
    if (cell.length == 1) {
        const unsigned digit = (unsigned char)cell.at[0] - (unsigned)'0';
        return digit <= 9 ? (int)digit : -1;
    }
    if (cell.length == 2 && cell.at[0] == '1' && cell.at[1] == '0')
        return 10;
    return cell.length == 0 ? RT_NPS_DISMISSED : read_unusual(cell);
}

/* A new date: the ones after it are mostly the same. */
static const char *read_date(struct rt_nps *nps, struct rt_text cell)
{
    static const struct rt_log_form plain = {NULL, '.', 0};
    const char *fault = rt_log_read_date(cell, &plain, &nps->day);
    if (fault != NULL)
        return fault;
    memcpy(nps->date, cell.at, sizeof nps->date);
    nps->period = nps->form.periods ? rt_period_index(&nps->form.period, nps->day) : 0;
    if (!nps->any_day || nps->day > nps->last_day)
        nps->last_day = nps->day;
    nps->any_day = true;
    return NULL;
}

static inline const char *take_date(struct rt_nps *nps, struct rt_text cell)
{
    if (cell.length == sizeof nps->date && memcmp(cell.at, nps->date, sizeof nps->date) == 0)
        return NULL;
    return read_date(nps, cell);
}

static int refuse(struct rt_nps_fault *fault, size_t row, size_t column, const char *reason)
{
    *fault = (struct rt_nps_fault){row, column, reason};
    return -1;
}

/* Counts a row of any kind: 0, or -1 where it is bad. */
static int add_row(struct rt_nps *nps, const struct rt_rows *rows, size_t row,
                   const struct rt_nps_columns *columns, struct rt_nps_fault *fault)
{
    const struct rt_nps_form *form = &nps->form;
    const char *reason;
    const int score = read_score(rt_cell(rows, row, columns->score));
    if ((score < rt_nps_least(form) || score > rt_nps_most(form)) && score != RT_NPS_DISMISSED)
        return refuse(fault, row, columns->score, score_faults[form->short_scale][form->metric]);
    if (columns->date >= 0 &&
        (reason = take_date(nps, rt_cell(rows, row, (size_t)columns->date))) != NULL)
        return refuse(fault, row, (size_t)columns->date, reason);
    struct rt_nps_group *group = form->by_count == 1
                                     ? group_of(nps, rt_cell(rows, row, columns->by[0]))
                                     : group_of_row(nps, rows, row, columns->by);
    struct rt_nps_cell *cell = rt_nps_cell(nps, group, nps->period);
    if (columns->customer < 0 || score == RT_NPS_DISMISSED) {
        cell->counts[score]++;
        return 0;
    }
    const struct rt_text customer = rt_cell(rows, row, (size_t)columns->customer);
    if ((reason = rt_log_check_customer(customer)) != NULL)
        return refuse(fault, row, (size_t)columns->customer, reason);
    rt_nps_keep(nps, customer, cell, score);
    return 0;
}

/* The score that a cell holds, by its bytes alone; -1 where it takes a closer look. */
static inline int quick_score(const struct rt_nps *nps, struct rt_text cell)
{
    static const uint16_t masks[] = {0, 0xff, 0xffff};
    if (cell.length > 2)
        return -1;
    const unsigned bytes = (unsigned)rt_load_two(cell.at) & masks[cell.length];
    const struct rt_nps_word *word = word_of(nps, bytes);
    return word->bytes == bytes ? word->score : -1;
}

/* The group that a cell of at most eight bytes names, if it was seen lately. */
static inline struct rt_nps_group *quick_group(const struct rt_nps *nps, struct rt_text cell)
{
    if (cell.length > 8)
        return NULL;
    uint64_t head;
    memcpy(&head, cell.at, sizeof head);
    head &= nps->masks[cell.length];
    const struct rt_nps_recent *recent = recent_of(nps, head, 0, cell.length);
    return recent->head == head && recent->length == cell.length ? recent->group : NULL;
}

/* A cell of a block without quotes, and where `bare`, without CR. */
__attribute__((always_inline)) static inline struct rt_text
plain_cell(const struct rt_rows *rows, size_t row, size_t column, bool bare)
{
    const uint32_t *ends = rt_plain_ends(rows, row);
    return bare ? rt_bare_cell(rows, ends, column) : rt_plain_cell(rows, ends, column);
}

/*
 * Counts what nearly all rows are, from `row` on: a score as people write it, the date of the row
 * before, a short group that was seen lately. Returns the first row that is none of these, or
 * the number of rows.
 */
__attribute__((always_inline)) static inline size_t
add_quickly(struct rt_nps *nps, const struct rt_rows *block, size_t row,
            const struct rt_nps_columns *columns, bool bare)
{
    /* A copy, which no count can be a part of: it need not be read again after each. */
    const struct rt_rows rows = *block;
    const bool dated = columns->date >= 0, grouped = nps->form.by_count > 0;
    const size_t by = grouped ? columns->by[0] : 0, date_column = dated ? (size_t)columns->date : 0;
    const size_t score_column = columns->score;
    struct rt_nps_group *group = grouped ? NULL : rt_nps_group(nps, (struct rt_text){"", 0});
    const int32_t period = nps->period;
    for (; row < rows.count; row++) {
        const int score = quick_score(nps, plain_cell(&rows, row, score_column, bare));
        if (grouped)
            group = quick_group(nps, plain_cell(&rows, row, by, bare));
        if (score < 0 || group == NULL || group->cell == NULL || group->cell->period != period)
            break;
        if (dated) {
            const struct rt_text date = plain_cell(&rows, row, date_column, bare);
            if (date.length != sizeof nps->date ||
                memcmp(date.at, nps->date, sizeof nps->date) != 0)
                break;
        }
        group->cell->counts[score]++;
    }
    return row;
}

/* A loop for blocks without CR, which most are, and one for the others. */
static size_t add_any_quickly(struct rt_nps *nps, const struct rt_rows *rows, size_t row,
                              const struct rt_nps_columns *columns)
{
    return rows->returns ? add_quickly(nps, rows, row, columns, false)
                         : add_quickly(nps, rows, row, columns, true);
}

/* Whether a block's rows are of the kind for which there is a quick way. */
static bool may_be_quick(const struct rt_nps *nps, const struct rt_rows *rows,
                         const struct rt_nps_columns *columns)
{
    return rt_rows_plain(rows) && columns->customer < 0 && nps->form.by_count <= 1;
}

int rt_nps_add(struct rt_nps *nps, const struct rt_rows *rows, const struct rt_nps_columns *columns,
               struct rt_nps_fault *fault)
{
    const bool quick = may_be_quick(nps, rows, columns);
    for (size_t row = 0; row < rows->count; row++) {
        if (quick && (row = add_any_quickly(nps, rows, row, columns)) == rows->count)
            break;
        if (add_row(nps, rows, row, columns, fault) != 0)
            return -1;
    }
    return 0;
}

/* All of a table --------------------------------------------------------------------------------
 *
 * Counts of answers can be added up: two threads take every other block, each with counts of its
 * own. Where answers are kept to be weeded out, one takes all of them.
 */

struct slot {
    struct rt_rows *rows;
    size_t number; /* of the block in it */
};

struct reading {
    struct rt_table *table;
    const struct rt_nps_columns *columns;
    size_t halves;
    struct rt_nps *nps[RT_CREW_SHARES];
    size_t blocks; /* read so far */
    struct slot slots[RT_CREW_SLOTS];
    struct rt_nps_fault faults[RT_CREW_SHARES]; /* the first of each half: */
    const struct slot *bad[RT_CREW_SHARES];     /* in which block; NULL where there is none */
};

static bool fill_slot(void *what, size_t which)
{
    struct reading *reading = what;
    struct slot *slot = &reading->slots[which];
    if (slot->rows == NULL)
        slot->rows = rt_rows_new();
    slot->number = reading->blocks++;
    return rt_table_read(reading->table, slot->rows) > 0;
}

static bool count_slot(void *what, size_t which, size_t half)
{
    struct reading *reading = what;
    const struct slot *slot = &reading->slots[which];
    if (slot->number % reading->halves != half ||
        rt_nps_add(reading->nps[half], slot->rows, reading->columns, &reading->faults[half]) == 0)
        return true;
    reading->bad[half] = slot;
    return false;
}

/* The first row that is bad becomes the table's message. */
static void tell_first_fault(const struct reading *reading)
{
    const struct slot *const *bad = reading->bad;
    const size_t first = bad[0] == NULL || (bad[1] != NULL && bad[1]->number < bad[0]->number);
    const struct rt_nps_fault *fault = &reading->faults[first];
    if (bad[first] != NULL)
        rt_table_refuse_row(reading->table, bad[first]->rows, fault->row, (int)fault->column,
                            fault->reason);
}

/* Adds the counts of another one that has the same form. */
static void absorb(struct rt_nps *nps, const struct rt_nps *other)
{
    const struct rt_nps_cell *from = rt_map_next(&other->cells, NULL);
    for (; from != NULL; from = rt_map_next(&other->cells, from)) {
        struct rt_nps_group *group = rt_nps_group(nps, rt_map_key(&other->groups, from->group));
        struct rt_nps_cell *to = rt_nps_cell(nps, group, from->period);
        for (int score = 0; score <= RT_NPS_SCORES; score++)
            to->counts[score] += from->counts[score];
    }
    if (other->any_day && (!nps->any_day || other->last_day > nps->last_day))
        nps->last_day = other->last_day;
    nps->any_day |= other->any_day;
}

int rt_nps_add_all(struct rt_nps *nps, struct rt_table *table, const struct rt_nps_columns *columns,
                   int threads)
{
    struct reading reading = {.table = table, .columns = columns, .halves = 1, .nps = {nps}};
    if (threads > 1 && columns->customer < 0) {
        reading.halves = 2;
        reading.nps[1] = rt_nps_new(nps->form);
    }
    const struct rt_crew crew = {
        .threads = threads,
        .shares = reading.halves,
        .what = &reading,
        .fill = fill_slot,
        .work = count_slot,
    };
    rt_crew_run(&crew);
    tell_first_fault(&reading);
    if (reading.halves > 1)
        absorb(nps, reading.nps[1]);
    rt_nps_free(reading.nps[1]);
    for (size_t i = 0; i < RT_CREW_SLOTS; i++)
        rt_rows_free(reading.slots[i].rows);
    return rt_table_message(table) == NULL ? 0 : -1;
}

/* Settling ----------------------------------------------------------------------------------- */

static void add_up(struct rt_nps_cell *cell)
{
    struct rt_nps_facts *facts = &cell->facts;
    for (int score = 0; score < RT_NPS_SCORES; score++) {
        const int64_t count = cell->counts[score];
        facts->answers += count;
        *(score >= 9   ? &facts->promoters
          : score >= 7 ? &facts->passives
                       : &facts->detractors) += count;
        if (score == 4 || score == 5)
            facts->top_two += count;
        facts->sum += count * score;
        facts->squares += count * score * score;
    }
    facts->responses = facts->answers + cell->weeded;
    facts->surveys = facts->responses + cell->counts[RT_NPS_DISMISSED];
}

void rt_nps_settle(struct rt_nps *nps)
{
    rt_nps_weed_out(nps);
    for (struct rt_nps_cell *cell = rt_map_next(&nps->cells, NULL); cell != NULL;
         cell = rt_map_next(&nps->cells, cell))
        add_up(cell);
    if (nps->form.periods && nps->any_day) {
        nps->last_period = rt_period_index(&nps->form.period, nps->last_day);
        nps->last_complete = rt_period_last(&nps->form.period, nps->last_period) == nps->last_day;
    }
}
