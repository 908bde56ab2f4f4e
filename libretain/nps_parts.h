/*
 * nps_parts: what the files of nps share; nobody else includes it.
 *
 * nps.c counts answers, nps_once.c one of each customer, nps_merge.c takes metric rows, nps_rows.c
 * gives them.
 */
#ifndef RT_NPS_PARTS_H
#define RT_NPS_PARTS_H

#include "libretain/buffer.h"
#include "libretain/map.h"
#include "libretain/nps.h"

enum { RT_NPS_SCORES = 11, RT_NPS_DISMISSED = RT_NPS_SCORES, RT_NPS_FAULT_BYTES = 200 };
enum { RT_NPS_METHOD_BYTES = 160, RT_NPS_RECENT = 256, RT_NPS_WORDS = 64, RT_NPS_PENDING = 64 };

/* The rows of a group and period, in the order in which they are written. */
enum rt_nps_row {
    RT_NPS_ROW_RESPONSE,
    RT_NPS_ROW_HEADLINE,
    RT_NPS_ROW_PROMOTERS,
    RT_NPS_ROW_PASSIVES,
    RT_NPS_ROW_DETRACTORS,
    RT_NPS_ROW_SQUARES,
    RT_NPS_ROW_SCORE, /* of score 0, and so on */
    RT_NPS_ROW_CHANGE = RT_NPS_ROW_SCORE + RT_NPS_SCORES,
    RT_NPS_ROW_P,
    RT_NPS_ROW_HOLM,
    RT_NPS_ROWS
};

/* What the rows are computed from. */
struct rt_nps_facts {
    int64_t surveys, responses; /* before any answer was weeded out */
    int64_t answers, promoters, passives, detractors, top_two, sum, squares;
};

struct rt_nps_cell {
    struct rt_nps_group *group;
    int32_t period;                      /* an index; 0 without periods */
    int64_t counts[RT_NPS_SCORES + 1];   /* kept answers by score, and dismissed surveys */
    int64_t weeded;                      /* answers that were not kept */
    struct rt_nps_facts facts;           /* when the filling has ended, or merged */
    int64_t rows[RT_NPS_ROWS];           /* merged */
    double change, change_lo, change_hi; /* NAN where there is none */
    double p_value, p_holm;
    int64_t compared; /* how many groups Holm's adjustment is over */
};

struct rt_nps_group {
    struct rt_nps_cell *cell; /* the last one that was used, which is often the next one too */
    uint32_t number;
};

/* A group that was seen a short while ago: keys of up to 16 bytes, as two words; those of up to 8
 * have zeros behind them and no tail. */
struct rt_nps_recent {
    uint64_t head, tail;
    size_t length;
    struct rt_nps_group *group; /* NULL: none */
};

/* What a score is usually written as: no byte, a digit, or 10. */
struct rt_nps_word {
    uint32_t bytes; /* the first byte below the second; above 16 bits: there is no such score */
    int32_t score;
};

/* An answer whose customer is to be looked up together with others. */
struct rt_nps_pending {
    uint64_t hash;
    size_t key, length; /* in pending_keys: the id, and the period, where each has its own */
    void *expected;     /* for rt_map_add_expected */
    int32_t day;
    uint32_t cell; /* its place in the map */
    uint32_t score;
};

/* An answer that may be weeded out. */
struct rt_nps_answer {
    uint32_t customer;
    int32_t day;
    uint32_t cell; /* its place in the map */
    uint32_t score;
};

struct rt_nps_sorted {
    struct rt_text key; /* of the group */
    struct rt_nps_cell *cell;
};

struct rt_nps {
    struct rt_nps_form form;
    struct rt_map groups, cells;
    struct rt_nps_recent recent[RT_NPS_RECENT];
    uint64_t masks[9]; /* of the first bytes in a word of eight */
    struct rt_nps_word words[RT_NPS_WORDS];
    struct rt_group_key key;
    char date[10]; /* the one before, with its day and period */
    int32_t day, period;

    struct rt_map customers;
    struct rt_buffer pending_keys;
    struct rt_nps_pending pending[RT_NPS_PENDING];
    size_t pending_count;
    struct rt_nps_answer *answers;
    size_t answer_count, answer_size;

    bool merging;                      /* -m: the facts come from rows */
    bool knows_period, knows_headline; /* what the methods of these rows tell */
    char fault[RT_NPS_FAULT_BYTES];

    bool any_day;
    int32_t last_period; /* the latest one, and whether the data reach its end */
    bool last_complete;
    int32_t last_day;

    struct rt_nps_sorted *order; /* NULL until the filling ends */
    size_t cell_count;
    struct rt_text *keys;
    struct {
        size_t cell, row;
    } at;
    char metric[32], label[RT_PERIOD_LABEL_BYTES];
    char methods[RT_NPS_ROWS][RT_NPS_METHOD_BYTES];
};

struct rt_nps_group *rt_nps_group(struct rt_nps *nps, struct rt_text key);
struct rt_nps_cell *rt_nps_cell(struct rt_nps *nps, struct rt_nps_group *group, int32_t period);

/* Weeds out what one customer answered too often, and adds up the facts. */
void rt_nps_settle(struct rt_nps *nps);

/* Makes the map of customers, as the form needs it. */
void rt_nps_prepare_customers(struct rt_nps *nps);
/* Takes in an answer of the day and period at hand that may be weeded out; see rt_nps_weed_out. */
void rt_nps_keep(struct rt_nps *nps, struct rt_text customer, const struct rt_nps_cell *cell,
                 int score);
/* When all are in: counts those that stay in their cells, and the others as weeded out. */
void rt_nps_weed_out(struct rt_nps *nps);

bool rt_nps_has_row(const struct rt_nps_form *form, enum rt_nps_row row);
/* The name of a row's metric, in `into` or constant. */
const char *rt_nps_row_name(const struct rt_nps_form *form, enum rt_nps_row row, char into[32]);
/* Writes the method of the headline, and those of all rows. */
void rt_nps_headline_method(const struct rt_nps_form *form, char into[RT_NPS_METHOD_BYTES]);
void rt_nps_name_methods(struct rt_nps *nps);

extern const char *const rt_nps_names[RT_NPS_METRICS];
extern const char rt_nps_last[], rt_nps_apart[]; /* how a method begins that weeds out */

#endif
