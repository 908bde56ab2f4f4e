#include "libretain/act.h"

#include <stdio.h>
#include <stdlib.h>

#include "libretain/asof.h"
#include "libretain/both.h"
#include "libretain/day.h"
#include "libretain/err.h"

/* A thread gets so many blocks at a time that starting it costs next to nothing. */
enum { THREADS = 2, THREAD_BLOCKS = 8, VALUE_BYTES = 100, MESSAGE_BYTES = 1200 };

/* One of the threads, and what it has of its own. */
struct worker {
    struct job *job;
    struct rt_expr *expr;
    struct rt_rows *const *blocks; /* to be worked on */
    size_t block_count;
    const struct rt_rows *rows; /* the block at hand */
    struct rt_out *out, aside;
    struct rt_act_counts *counts;
    struct rt_text *cells;
    bool *holds, *kinds; /* per rule: it holds; an action of this kind was taken */
    char *reason;
    size_t reason_size;
    size_t bad; /* the row, where `fault` is not NULL */
    int bad_column;
    const char *fault;
    char message[MESSAGE_BYTES];
};

struct job {
    const struct rt_act *act;
    size_t rule_count;
    size_t *used, used_count; /* columns that are looked at */
    int customer, last_date, recency;
    int32_t as_of;
    char period[RT_PERIOD_LABEL_BYTES];
    char date[11];
    struct worker workers[THREADS];
    struct rt_rows **blocks; /* to be worked on */
    size_t block_count, block_room;
};

void rt_act_header(struct rt_out *out)
{
    static const char *const names[] = {"action_id", "customer_id", "action", "channel", "send_on",
                                        "priority",  "owner",       "reason", "arm"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        rt_out_string(out, names[i]);
    rt_out_end(out);
}

/* A row ----------------------------------------------------------------------------------------
 */

static void append(struct worker *worker, size_t *used, struct rt_text text)
{
    const size_t size = rt_grown(worker->reason_size, *used + text.length);
    if (size > 0) {
        worker->reason = rt_realloc(worker->reason, size, 1);
        worker->reason_size = size;
    }
    if (text.length > 0)
        memcpy(worker->reason + *used, text.at, text.length);
    *used += text.length;
}

/* A value without what is behind its first bytes: whole characters, and points for the rest. */
static void append_value(struct worker *worker, size_t *used, struct rt_text value)
{
    if (value.length <= VALUE_BYTES) {
        append(worker, used, value);
        return;
    }
    value.length = VALUE_BYTES;
    while (value.length > 0 && ((unsigned char)value.at[value.length] & 0xc0) == 0x80)
        value.length--;
    append(worker, used, value);
    append(worker, used, rt_text("..."));
}

/* Which rule it was, and the values that it looked at: "lapsing: recency_days=120; orders=5". */
static struct rt_text reason(struct worker *worker, size_t rule)
{
    const struct job *job = worker->job;
    size_t used = 0, count;
    append(worker, &used, rt_text(job->act->actions->rules.names[rule]));
    const size_t *columns = rt_expr_reads(worker->expr, rule, &count);
    for (size_t i = 0; i < count; i++) {
        append(worker, &used, rt_text(i == 0 ? ": " : "; "));
        append(worker, &used, rt_text(rt_table_column_name(job->act->table, columns[i])));
        append(worker, &used, rt_text("="));
        append_value(worker, &used, worker->cells[columns[i]]);
    }
    return (struct rt_text){worker->reason, used};
}

static void write_action(struct worker *worker, size_t rule, const char *id, bool control)
{
    const struct job *job = worker->job;
    const struct rt_action *action = &job->act->actions->rule[rule];
    struct rt_out *out = worker->out;
    rt_out_raw(out, (struct rt_text){id, RT_STAMP_BYTES - 1});
    rt_out_text(out, worker->cells[job->customer]);
    rt_out_string(out, action->action);
    rt_out_string(out, action->channel);
    rt_out_raw(out, (struct rt_text){job->date, sizeof job->date - 1});
    if (action->priority >= 0)
        rt_out_whole(out, action->priority);
    else
        rt_out_empty(out);
    rt_out_string(out, action->owner);
    rt_out_text(out, reason(worker, rule));
    rt_out_string(out, job->act->salt == NULL ? "" : control ? "control" : "treatment");
    rt_out_end(out);
}

/* The rule holds, and no earlier one stands before it. */
static void take(struct worker *worker, size_t rule)
{
    const struct job *job = worker->job;
    const struct rt_act *act = job->act;
    const struct rt_action *action = &act->actions->rule[rule];
    struct rt_act_counts *counts = &worker->counts[rule];
    const struct rt_text customer = worker->cells[job->customer];
    char id[RT_STAMP_BYTES];
    counts->took++;
    rt_action_id(customer, action->action, job->period, id);
    if (rt_done_has(act->done, (struct rt_text){id, sizeof id - 1})) {
        counts->done++;
        return;
    }
    if (action->cooldown > 0) {
        const int32_t last = rt_done_last(act->done, customer, rt_text(action->action));
        if (last != RT_DAY_NONE && job->as_of - last < action->cooldown) {
            counts->cooling++;
            return;
        }
    }
    const bool control =
        act->salt != NULL &&
        rt_arm_is_control(&act->control, rt_arm_hash(rt_text(act->salt), customer));
    counts->control += control;
    if (worker->out != NULL)
        write_action(worker, rule, id, control);
}

/* Every rule was computed; one that is behind another is counted. */
static void take_each(struct worker *worker)
{
    const struct rt_act *act = worker->job->act;
    const size_t count = worker->job->rule_count;
    bool taken = false;
    memset(worker->kinds, 0, count * sizeof *worker->kinds);
    for (size_t rule = 0; rule < count; rule++) {
        if (!worker->holds[rule])
            continue;
        bool *kind = &worker->kinds[act->actions->rule[rule].kind];
        const bool lost = act->all ? *kind : taken;
        worker->counts[rule].matched++;
        worker->counts[rule].lost += lost;
        if (!lost)
            take(worker, rule);
        taken = *kind = true;
    }
}

static int refuse(struct worker *worker, size_t row, int column, const char *fault)
{
    worker->bad = row;
    worker->bad_column = column;
    worker->fault = fault;
    return -1;
}

/* The row must be of the same as-of date as those before it, unless that was given. */
static int check_as_of(struct worker *worker, size_t row)
{
    const struct job *job = worker->job;
    int32_t day;
    const char *fault =
        rt_as_of_row(worker->cells[job->last_date], worker->cells[job->recency], &day);
    if (fault == NULL && day != RT_DAY_NONE && day != job->as_of)
        fault = "another as-of date than in the rows before it; --as-of sets one for all";
    return fault == NULL ? 0 : refuse(worker, row, -1, fault);
}

static int work_on_row(struct worker *worker, size_t row)
{
    const struct job *job = worker->job;
    for (size_t i = 0; i < job->used_count; i++)
        worker->cells[job->used[i]] = rt_cell(worker->rows, row, job->used[i]);
    if (worker->cells[job->customer].length == 0)
        return refuse(worker, row, job->customer, "empty");
    if (job->act->as_of == RT_DAY_NONE && check_as_of(worker, row) != 0)
        return -1;
    size_t first = job->rule_count;
    const bool each = job->act->mode == RT_EXPR_EACH;
    if ((each ? rt_expr_each(worker->expr, worker->cells, worker->holds)
              : rt_expr_first(worker->expr, worker->cells, &first)) != 0) {
        snprintf(worker->message, sizeof worker->message, "when: %s",
                 rt_expr_message(worker->expr));
        return refuse(worker, row, -1, worker->message);
    }
    if (each) {
        take_each(worker);
    } else if (first < job->rule_count) {
        worker->counts[first].matched++;
        take(worker, first);
    }
    return 0;
}

static void work(void *what)
{
    struct worker *worker = what;
    worker->fault = NULL;
    for (size_t i = 0; i < worker->block_count; i++) {
        worker->rows = worker->blocks[i];
        for (size_t row = 0; row < worker->rows->count; row++)
            if (work_on_row(worker, row) != 0)
                return;
    }
}

/* Blocks ---------------------------------------------------------------------------------------
 */

static const char *message_of(struct job *job, struct worker *worker)
{
    if (worker->fault == NULL)
        return NULL;
    (void)rt_table_refuse_row(job->act->table, worker->rows, worker->bad, worker->bad_column,
                              worker->fault);
    return rt_table_message(job->act->table);
}

/* Works on some blocks, half of them in each thread. */
static const char *work_on(struct job *job, struct rt_rows *const *blocks, size_t count)
{
    struct worker *first = &job->workers[0], *second = &job->workers[1];
    const size_t half = job->act->threads > 1 ? (count + 1) / 2 : count;
    first->blocks = blocks;
    first->block_count = half;
    second->blocks = blocks + half;
    second->block_count = count - half;
    rt_both(work, first, half < count ? second : NULL);
    const char *fault = message_of(job, first);
    if (fault != NULL || half == count)
        return fault;
    if (second->out != NULL)
        rt_out_move(first->out, &second->aside);
    return message_of(job, second);
}

/* Reads one more block behind those at hand. 1, 0 at the end, -1 with a message. */
static int read_block(struct job *job)
{
    if (job->block_count == job->block_room) {
        job->blocks = rt_realloc(job->blocks, job->block_room + 1, sizeof(struct rt_rows *));
        job->blocks[job->block_room++] = rt_rows_new();
    }
    const int found = rt_table_read(job->act->table, job->blocks[job->block_count]);
    job->block_count += found > 0;
    return found;
}

/* The as-of date of the first row of the last block that tells one. */
static const char *look_for_as_of(struct job *job)
{
    const struct rt_rows *rows = job->blocks[job->block_count - 1];
    for (size_t row = 0; row < rows->count && job->as_of == RT_DAY_NONE; row++) {
        const char *fault = rt_as_of_row(rt_cell(rows, row, (size_t)job->last_date),
                                         rt_cell(rows, row, (size_t)job->recency), &job->as_of);
        if (fault != NULL) {
            (void)rt_table_refuse_row(job->act->table, rows, row, -1, fault);
            return rt_table_message(job->act->table);
        }
    }
    return NULL;
}

static void set_as_of(struct job *job)
{
    const struct rt_period *period = &job->act->period;
    rt_day_write(job->as_of, job->date);
    (void)rt_period_label(period, rt_period_index(period, job->as_of), job->period);
    for (int i = 0; i < THREADS; i++)
        rt_expr_set_as_of(job->workers[i].expr, job->as_of);
}

/* Reads until the as-of date is known, and holds what it has read. */
static const char *find_as_of(struct job *job)
{
    while (job->as_of == RT_DAY_NONE) {
        const int found = read_block(job);
        const char *fault = found > 0 ? look_for_as_of(job) : rt_table_message(job->act->table);
        if (fault != NULL)
            return fault;
        if (found <= 0 && job->block_count > 0)
            return "no row tells the as-of date by last_date and recency_days; --as-of does";
        if (found <= 0)
            return NULL;
    }
    set_as_of(job);
    return NULL;
}

/* Works on the blocks at hand, and lets go of them. */
static const char *work_on_held(struct job *job, size_t most, uint64_t *rows)
{
    const char *fault = NULL;
    for (size_t i = 0; i < job->block_count && fault == NULL; i += most) {
        const size_t left = job->block_count - i;
        for (size_t block = i; block < i + most && block < job->block_count; block++)
            *rows += job->blocks[block]->count;
        fault = work_on(job, job->blocks + i, left < most ? left : most);
    }
    job->block_count = 0;
    return fault;
}

static const char *work_on_all(struct job *job, uint64_t *rows)
{
    const size_t most = job->act->threads > 1 ? THREADS * THREAD_BLOCKS : 1;
    const char *fault = find_as_of(job);
    int found = 1;
    while (fault == NULL && (found > 0 || job->block_count > 0)) {
        fault = work_on_held(job, most, rows);
        while (fault == NULL && found > 0 && job->block_count < most)
            found = read_block(job);
    }
    return fault == NULL ? rt_table_message(job->act->table) : fault;
}

/* Beginning and end ----------------------------------------------------------------------------
 */

static const char *find_columns(struct job *job)
{
    struct rt_table *table = job->act->table;
    job->customer = rt_table_need(table, "customer_id");
    job->last_date = job->recency = -1;
    if (job->customer >= 0 && job->act->as_of == RT_DAY_NONE) {
        job->last_date = rt_table_need(table, "last_date");
        if (job->last_date >= 0)
            job->recency = rt_table_need(table, "recency_days");
    }
    const size_t width = rt_table_width(table);
    job->used = rt_alloc(width + 1, sizeof *job->used);
    for (size_t i = 0; i < width; i++)
        if (rt_expr_uses(job->act->actions->rules.expr, i) || (int)i == job->customer ||
            (int)i == job->last_date || (int)i == job->recency)
            job->used[job->used_count++] = i;
    return rt_table_message(table);
}

static void open_worker(struct job *job, int number, struct rt_out *out)
{
    struct worker *worker = &job->workers[number];
    const struct rt_rules *rules = &job->act->actions->rules;
    worker->job = job;
    worker->expr =
        number == 0 ? rules->expr : rt_rules_expr(rules, job->act->mode, job->act->table, NULL, 0);
    worker->counts = rt_alloc_zero(job->rule_count + 1, sizeof *worker->counts);
    worker->cells = rt_alloc_zero(rt_table_width(job->act->table), sizeof *worker->cells);
    worker->holds = rt_alloc_zero(job->rule_count + 1, sizeof *worker->holds);
    worker->kinds = rt_alloc_zero(job->rule_count + 1, sizeof *worker->kinds);
    worker->out = out;
    if (number > 0) {
        rt_out_open_memory(&worker->aside, out == NULL ? ',' : out->delimiter);
        worker->out = out == NULL ? NULL : &worker->aside;
    }
}

static void close_worker(struct worker *worker, int number, struct rt_act_counts *counts)
{
    for (size_t i = 0; i < worker->job->rule_count; i++) {
        const struct rt_act_counts *own = &worker->counts[i];
        counts[i].matched += own->matched;
        counts[i].lost += own->lost;
        counts[i].took += own->took;
        counts[i].done += own->done;
        counts[i].cooling += own->cooling;
        counts[i].control += own->control;
    }
    if (number > 0) {
        rt_expr_free(worker->expr);
        rt_out_free(&worker->aside);
    }
    free(worker->counts);
    free(worker->cells);
    free(worker->holds);
    free(worker->kinds);
    free(worker->reason);
}

const char *rt_act(const struct rt_act *act, struct rt_out *out, struct rt_act_counts *counts,
                   uint64_t *rows)
{
    struct job job = {.act = act, .rule_count = act->actions->rules.count, .as_of = act->as_of};
    const char *fault = find_columns(&job);
    for (int i = 0; i < THREADS; i++)
        open_worker(&job, i, out);
    if (fault == NULL)
        fault = work_on_all(&job, rows);
    for (int i = 0; i < THREADS; i++)
        close_worker(&job.workers[i], i, counts);
    for (size_t i = 0; i < job.block_room; i++)
        rt_rows_free(job.blocks[i]);
    free(job.blocks);
    free(job.used);
    return fault;
}
