#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/err.h"
#include "libretain/nps_parts.h"

const char *const rt_nps_names[RT_NPS_METRICS] = {"nps", "csat", "ces"};
const char rt_nps_last[] = "last of each customer; ";
const char rt_nps_apart[] = " days apart; ";

/* Names and methods -------------------------------------------------------------------------- */

bool rt_nps_has_row(const struct rt_nps_form *form, enum rt_nps_row row)
{
    if (row >= RT_NPS_ROW_PROMOTERS && row <= RT_NPS_ROW_DETRACTORS)
        return form->metric == RT_NPS_NPS;
    if (row == RT_NPS_ROW_SQUARES)
        return form->metric == RT_NPS_CES;
    if (row >= RT_NPS_ROW_CHANGE)
        return form->compare;
    const int score = (int)row - RT_NPS_ROW_SCORE;
    return score < 0 ||
           (form->histogram && score >= rt_nps_least(form) && score <= rt_nps_most(form));
}

const char *rt_nps_row_name(const struct rt_nps_form *form, enum rt_nps_row row, char into[32])
{
    static const char *const names[] = {[RT_NPS_ROW_RESPONSE] = "response_rate",
                                        [RT_NPS_ROW_PROMOTERS] = "promoters",
                                        [RT_NPS_ROW_PASSIVES] = "passives",
                                        [RT_NPS_ROW_DETRACTORS] = "detractors",
                                        [RT_NPS_ROW_SQUARES] = "squares:score"};
    if (row == RT_NPS_ROW_HEADLINE)
        return rt_nps_names[form->metric];
    if (row < RT_NPS_ROW_SCORE)
        return names[row];
    if (row < RT_NPS_ROW_CHANGE)
        snprintf(into, 32, "score:%d", (int)row - RT_NPS_ROW_SCORE);
    else
        snprintf(into, 32, "%s_change%s", rt_nps_names[form->metric],
                 row == RT_NPS_ROW_CHANGE ? "" : "_p");
    return into;
}

/* What the method of the headline, or of the change, says of the interval. */
static const char *interval_name(const struct rt_nps_form *form, bool change)
{
    if (form->metric == RT_NPS_NPS)
        return form->score_test && !change ? "score test" : "adjusted wald";
    if (form->metric == RT_NPS_CSAT)
        return change ? "newcombe" : "top two of five; wilson";
    if (change)
        return "normal";
    return form->short_scale ? "mean of 1 to 5; t" : "mean of 1 to 7; t";
}

static void name_dedupe(const struct rt_nps_form *form, char *into, size_t size)
{
    into[0] = '\0';
    if (form->dedupe == RT_NPS_LAST)
        snprintf(into, size, "%s", rt_nps_last);
    else if (form->dedupe == RT_NPS_APART)
        snprintf(into, size, "%lld%s", (long long)form->apart, rt_nps_apart);
}

void rt_nps_headline_method(const struct rt_nps_form *form, char into[RT_NPS_METHOD_BYTES])
{
    char dedupe[64];
    name_dedupe(form, dedupe, sizeof dedupe);
    snprintf(into, RT_NPS_METHOD_BYTES, "%s%s %s", dedupe, interval_name(form, false),
             form->confidence.name);
}

void rt_nps_name_methods(struct rt_nps *nps)
{
    const struct rt_nps_form *form = &nps->form;
    const char *confidence = form->confidence.name;
    char dedupe[64], period[RT_PERIOD_NAME_BYTES] = "";
    name_dedupe(form, dedupe, sizeof dedupe);
    if (form->periods)
        rt_period_name(&form->period, period);
    for (enum rt_nps_row row = 0; row < RT_NPS_ROWS; row++)
        snprintf(nps->methods[row], RT_NPS_METHOD_BYTES, "%swilson %s", dedupe, confidence);
    snprintf(nps->methods[RT_NPS_ROW_RESPONSE], RT_NPS_METHOD_BYTES, "%s%swilson %s", period,
             form->periods ? "; " : "", confidence);
    rt_nps_headline_method(form, nps->methods[RT_NPS_ROW_HEADLINE]);
    snprintf(nps->methods[RT_NPS_ROW_SQUARES], RT_NPS_METHOD_BYTES, "%sexact sum", dedupe);
    snprintf(nps->methods[RT_NPS_ROW_CHANGE], RT_NPS_METHOD_BYTES, "%s%s %s", dedupe,
             interval_name(form, true), confidence);
    snprintf(nps->methods[RT_NPS_ROW_P], RT_NPS_METHOD_BYTES, "%sz test", dedupe);
    snprintf(nps->methods[RT_NPS_ROW_HOLM], RT_NPS_METHOD_BYTES, "%sz test; holm", dedupe);
}

/* The change against the period before ------------------------------------------------------- */

static bool is_hidden(const struct rt_nps *nps, const struct rt_nps_cell *cell)
{
    return cell->facts.answers < nps->form.min_n;
}

static double mean_of(const struct rt_nps_facts *facts)
{
    return facts->answers > 0 ? (double)facts->sum / (double)facts->answers : NAN;
}

/* With the divisor n - 1; exact until the last division. */
static double variance_of(const struct rt_nps_facts *facts)
{
    const __int128 n = facts->answers, sum = facts->sum;
    return n > 1 ? (double)(n * facts->squares - sum * sum) / ((double)n * (double)(n - 1)) : NAN;
}

static double score_of(const struct rt_nps_facts *facts)
{
    return 100.0 * (double)(facts->promoters - facts->detractors) / (double)facts->answers;
}

static void compare_cells(const struct rt_nps_form *form, struct rt_nps_cell *cell,
                          const struct rt_nps_cell *before)
{
    const struct rt_nps_facts *a = &cell->facts, *b = &before->facts;
    const double confidence = form->confidence.share;
    struct rt_change change;
    double scale = 1;
    if (a->answers == 0 || b->answers == 0)
        return;
    if (form->metric == RT_NPS_NPS) {
        scale = 100;
        cell->change = score_of(a) - score_of(b);
        change = rt_nps_change((struct rt_nps_counts){a->promoters, a->detractors, a->answers},
                               (struct rt_nps_counts){b->promoters, b->detractors, b->answers},
                               confidence);
    } else if (form->metric == RT_NPS_CSAT) {
        cell->change =
            (double)a->top_two / (double)a->answers - (double)b->top_two / (double)b->answers;
        change = rt_share_change(a->top_two, a->answers, b->top_two, b->answers, confidence);
    } else {
        cell->change = mean_of(a) - mean_of(b);
        change = rt_mean_change(cell->change, variance_of(a) / (double)a->answers,
                                variance_of(b) / (double)b->answers, confidence);
    }
    cell->change_lo = scale * change.interval.lo;
    cell->change_hi = scale * change.interval.hi;
    cell->p_value = change.p_value;
}

/* A cell with a change. */
struct compared {
    struct rt_nps_cell *cell;
};

/* By period, then by p-value. */
static int compare_p_values(const void *a, const void *b)
{
    const struct rt_nps_cell *x = ((const struct compared *)a)->cell;
    const struct rt_nps_cell *y = ((const struct compared *)b)->cell;
    if (x->period != y->period)
        return x->period < y->period ? -1 : 1;
    return (x->p_value > y->p_value) - (x->p_value < y->p_value);
}

/* Holm's adjustment over the groups that have a change in the same period. */
static void adjust(struct rt_nps *nps)
{
    struct compared *cells = rt_alloc(nps->cell_count + 1, sizeof *cells);
    double *p_values = rt_alloc(nps->cell_count + 1, sizeof *p_values);
    size_t count = 0;
    for (size_t i = 0; i < nps->cell_count; i++)
        if (!isnan(nps->order[i].cell->p_value))
            cells[count++].cell = nps->order[i].cell;
    if (count > 1)
        qsort(cells, count, sizeof *cells, compare_p_values);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start; end < count && cells[end].cell->period == cells[start].cell->period;
             end++)
            p_values[end] = cells[end].cell->p_value;
        rt_holm(p_values + start, end - start);
        for (size_t i = start; i < end; i++) {
            cells[i].cell->p_holm = p_values[i];
            cells[i].cell->compared = (int64_t)(end - start);
        }
    }
    free(cells);
    free(p_values);
}

/* A change against a hidden period would tell what is hidden. */
static void compare_periods(struct rt_nps *nps)
{
    for (size_t i = 0; i < nps->cell_count; i++) {
        struct rt_nps_cell *cell = nps->order[i].cell;
        cell->change = cell->change_lo = cell->change_hi = cell->p_value = cell->p_holm = NAN;
        const struct rt_nps_cell *before = i > 0 ? nps->order[i - 1].cell : NULL;
        if (before != NULL && before->group == cell->group && before->period == cell->period - 1 &&
            !is_hidden(nps, cell) && !is_hidden(nps, before))
            compare_cells(&nps->form, cell, before);
    }
    adjust(nps);
}

/* Metric rows out ---------------------------------------------------------------------------- */

static int compare_sorted(const void *a, const void *b)
{
    const struct rt_nps_sorted *x = a, *y = b;
    const int order = rt_text_compare(x->key, y->key);
    return order != 0 ? order
                      : (x->cell->period > y->cell->period) - (x->cell->period < y->cell->period);
}

static void end_filling(struct rt_nps *nps)
{
    if (nps->order != NULL)
        return;
    if (!nps->merging)
        rt_nps_settle(nps);
    rt_nps_name_methods(nps);
    nps->order = rt_alloc(nps->cells.count + 1, sizeof *nps->order);
    for (struct rt_nps_cell *cell = rt_map_next(&nps->cells, NULL); cell != NULL;
         cell = rt_map_next(&nps->cells, cell))
        nps->order[nps->cell_count++] =
            (struct rt_nps_sorted){rt_map_key(&nps->groups, cell->group), cell};
    if (nps->cell_count > 1)
        qsort(nps->order, nps->cell_count, sizeof *nps->order, compare_sorted);
    nps->keys = rt_alloc(nps->form.by_count + 1, sizeof *nps->keys);
    if (nps->form.compare)
        compare_periods(nps);
}

struct rt_nps_totals rt_nps_totals(struct rt_nps *nps)
{
    end_filling(nps);
    struct rt_nps_totals totals = {.cells = (int64_t)nps->cell_count};
    for (size_t i = 0; i < nps->cell_count; i++) {
        const struct rt_nps_facts *facts = &nps->order[i].cell->facts;
        totals.rows += facts->surveys;
        totals.dismissed += facts->surveys - facts->responses;
        totals.weeded += facts->responses - facts->answers;
    }
    return totals;
}

static void fill_share(const struct rt_nps *nps, int64_t part, int64_t all, struct rt_metric *row)
{
    row->value = rt_number_ratio(part, all);
    rt_metric_interval(row, rt_wilson(part, all, nps->form.confidence.share));
    row->num = rt_number_whole(part);
    row->den = rt_number_whole(all);
}

static void fill_headline(const struct rt_nps *nps, const struct rt_nps_facts *facts,
                          struct rt_metric *row)
{
    const double confidence = nps->form.confidence.share;
    const int64_t n = facts->answers;
    if (nps->form.metric == RT_NPS_CSAT) {
        fill_share(nps, facts->top_two, n, row);
        return;
    }
    row->den = rt_number_whole(n);
    if (nps->form.metric == RT_NPS_CES) {
        row->num = rt_number_whole(facts->sum);
        row->value = rt_number_real(mean_of(facts));
        rt_metric_interval(row,
                           rt_mean_interval(mean_of(facts), variance_of(facts), n, confidence));
        return;
    }
    const struct rt_interval interval =
        nps->form.score_test
            ? rt_nps_score(facts->promoters, facts->detractors, n, confidence)
            : rt_nps_adjusted_wald(facts->promoters, facts->detractors, n, confidence);
    row->num = rt_number_whole(facts->promoters - facts->detractors);
    row->value = rt_number_real(score_of(facts));
    rt_metric_interval(row, (struct rt_interval){100 * interval.lo, 100 * interval.hi});
}

static void fill_numbers(const struct rt_nps *nps, const struct rt_nps_cell *cell,
                         enum rt_nps_row which, struct rt_metric *row)
{
    const struct rt_nps_facts *facts = &cell->facts;
    if (which == RT_NPS_ROW_RESPONSE) {
        fill_share(nps, facts->responses, facts->surveys, row);
    } else if (which == RT_NPS_ROW_HEADLINE) {
        fill_headline(nps, facts, row);
    } else if (which <= RT_NPS_ROW_DETRACTORS) {
        const int64_t parts[] = {facts->promoters, facts->passives, facts->detractors};
        fill_share(nps, parts[which - RT_NPS_ROW_PROMOTERS], facts->answers, row);
    } else if (which == RT_NPS_ROW_SQUARES) {
        row->value = rt_number_whole(facts->squares);
        row->den = rt_number_whole(facts->answers);
    } else if (which < RT_NPS_ROW_CHANGE) {
        fill_share(nps, cell->counts[which - RT_NPS_ROW_SCORE], facts->answers, row);
    } else if (which == RT_NPS_ROW_CHANGE) {
        row->value = rt_number_real(cell->change);
        rt_metric_interval(row, (struct rt_interval){cell->change_lo, cell->change_hi});
    } else if (which == RT_NPS_ROW_P) {
        row->value = rt_number_real(cell->p_value);
    } else {
        row->value = rt_number_real(cell->p_holm);
        if (!isnan(cell->p_holm))
            row->den = rt_number_whole(cell->compared);
    }
}

static void fill_row(struct rt_nps *nps, const struct rt_nps_sorted *sorted, enum rt_nps_row which,
                     struct rt_metric *row)
{
    const struct rt_nps_form *form = &nps->form;
    const struct rt_nps_cell *cell = sorted->cell;
    *row = (struct rt_metric){.keys = nps->keys, .complete = true};
    row->metric = rt_text(rt_nps_row_name(form, which, nps->metric));
    row->method = rt_text(nps->methods[which]);
    rt_group_key_split(sorted->key, nps->keys, form->by_count);
    size_t length = 0;
    if (form->periods) {
        length = rt_period_label(&form->period, cell->period, nps->label);
        row->complete = cell->period < nps->last_period || nps->last_complete;
    }
    nps->keys[form->by_count] = (struct rt_text){nps->label, length};
    if (!is_hidden(nps, cell))
        fill_numbers(nps, cell, which, row);
}

bool rt_nps_next(struct rt_nps *nps, struct rt_metric *row)
{
    end_filling(nps);
    for (; nps->at.cell < nps->cell_count; nps->at.cell++, nps->at.row = 0)
        for (; nps->at.row < RT_NPS_ROWS; nps->at.row++) {
            const enum rt_nps_row which = (enum rt_nps_row)nps->at.row;
            if (!rt_nps_has_row(&nps->form, which))
                continue;
            fill_row(nps, &nps->order[nps->at.cell], which, row);
            nps->at.row++;
            return true;
        }
    return false;
}
