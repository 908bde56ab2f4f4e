/*
 * rfm: scores of recency, frequency and monetary value, and the segments named after them.
 *
 * A score goes from 1 to the number of bins; the best customers have the highest in all three. It
 * counts the cuts that a value lies beyond, so that equal values always have equal scores. Cuts
 * are exact decimals; a value that equals one always lies on the same side of it, and cuts that
 * were saved and read back give the same scores.
 */
#ifndef RT_RFM_H
#define RT_RFM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/decimal.h"
#include "libretain/keep.h"
#include "libretain/out.h"
#include "libretain/table.h"

enum { RT_RFM_BINS_LEAST = 2, RT_RFM_BINS_MOST = 100, RT_RFM_AXES = 3, RT_RFM_MESSAGE = 1024 };

/* The three values of a customer, in this order everywhere. */
enum rt_rfm_axis { RT_RFM_RECENCY, RT_RFM_FREQUENCY, RT_RFM_MONETARY };

/*
 * How bins are cut. RT_RFM_TYPE7: at the quantiles of type 7; a value equal to a cut belongs below
 * it. RT_RFM_R: as the R package rfm 0.3.0 does, at the quantiles of type 7 plus 1; a value equal
 * to a cut belongs above it. The two agree for whole numbers between whole cuts.
 */
enum rt_rfm_method { RT_RFM_TYPE7, RT_RFM_R };

/* The column that each axis is read from: recency_days, orders, revenue. */
extern const char *const rt_rfm_columns[RT_RFM_AXES];

/*
 * The ruler: bins - 1 ascending cuts an axis. An axis that no customer had a value of is not known,
 * and has no scores.
 */
struct rt_rfm_cuts {
    enum rt_rfm_method method;
    int bins;
    bool known[RT_RFM_AXES];
    struct rt_decimal cuts[RT_RFM_AXES][RT_RFM_BINS_MOST - 1];
    /*
     * The same for whole units of 10^-places, where all of an axis fit: values above are beyond.
     * Else places are -1.
     */
    int64_t units[RT_RFM_AXES][RT_RFM_BINS_MOST - 1];
    int places[RT_RFM_AXES];
    char message[RT_RFM_MESSAGE]; /* what was wrong with a file of cuts */
};

/*
 * The values of a customer. `axes` tells how many there are: none where there was no purchase, two
 * where no money is known, as in a log without amounts, or all three.
 */
struct rt_rfm_customer {
    int axes; /* 0, 2 or 3 */
    struct rt_decimal values[RT_RFM_AXES];
};

/*
 * Finds the columns of the three values. Returns 1, 0 where one is not there, or -1 with the
 * table's message where that is wrong: one is there twice, or not at all though `must` is set.
 */
int rt_rfm_find(struct rt_table *table, bool must, size_t places[RT_RFM_AXES]);

/* Reads the table's current row. Returns 0, or -1 with the table's message. */
int rt_rfm_read(struct rt_table *table, const size_t places[RT_RFM_AXES],
                struct rt_rfm_customer *customer);

/* The values of many customers, 8 bytes each: whole units of 10^-places of the axis. */
struct rt_rfm_values {
    unsigned char *axes; /* of each customer */
    size_t customers, room, next;
    int64_t *units[RT_RFM_AXES];
    int places[RT_RFM_AXES];
    size_t count[RT_RFM_AXES], next_unit[RT_RFM_AXES];
};

/* Starts from all zeros. Returns 0, or -1 where a value needs too many digits beside the others. */
int rt_rfm_values_add(struct rt_rfm_values *values, const struct rt_rfm_customer *customer);
/* Reads them back in the same order: the next customer, or false behind the last. */
bool rt_rfm_values_next(struct rt_rfm_values *values, struct rt_rfm_customer *customer);
void rt_rfm_values_free(struct rt_rfm_values *values);

/*
 * Cuts all axes, by cuts->method and cuts->bins, at the quantiles of the values. A quantile without
 * an end as a decimal is rounded, by at most six places more than the values have, to the side on
 * which no value changes its score. Returns 0, or -1 where a cut does not fit into a decimal.
 */
int rt_rfm_cut(struct rt_rfm_cuts *cuts, const struct rt_rfm_values *values);

/*
 * Reads the table to its end into `values`, and its rows into `keep` where that is not NULL, and
 * cuts. NULL, or what is wrong.
 */
const char *rt_rfm_cut_rows(struct rt_rfm_cuts *cuts, struct rt_table *table,
                            const size_t places[RT_RFM_AXES], struct rt_rfm_values *values,
                            struct rt_keep *keep);

/* The score of a value, from 1 to cuts->bins. Few days of recency score high. */
int rt_rfm_score(const struct rt_rfm_cuts *cuts, enum rt_rfm_axis axis, struct rt_decimal value);

/* The scores as cells, whose bytes are in `digits`; empty where there is none. */
void rt_rfm_cells(const int scores[RT_RFM_AXES], char digits[RT_RFM_AXES][RT_DECIMAL_BYTES],
                  struct rt_text cells[RT_RFM_AXES]);

/* The same as three fields. */
void rt_rfm_write(const int scores[RT_RFM_AXES], struct rt_out *out);

/* Which scores were given. Starts from all zeros. */
struct rt_rfm_use {
    bool used[RT_RFM_AXES][RT_RFM_BINS_MOST];
};
/* The scores of a customer, noted in `use`; 0 where there is none. */
void rt_rfm_scores(const struct rt_rfm_cuts *cuts, const struct rt_rfm_customer *customer,
                   int scores[RT_RFM_AXES], struct rt_rfm_use *use);
/* The number of different scores that were given. */
int rt_rfm_in_use(const struct rt_rfm_use *use, enum rt_rfm_axis axis);

/*
 * A file of cuts is a table of method,bins,column,cut,value, complete and ascending. Saving it dies
 * where it cannot be written. `like` says how the input is read; the file must be for `bins` bins
 * where that is not 0. Reading returns NULL, or what was wrong, which lives as long as the cuts.
 */
void rt_rfm_cuts_save(const struct rt_rfm_cuts *cuts, const char *file, char delimiter);
const char *rt_rfm_cuts_open(struct rt_rfm_cuts *cuts, const struct rt_table_args *like,
                             const char *file, int bins);

/* Sets of named segments, each of which names every combination of scores exactly once. */
enum rt_rfm_preset { RT_RFM_ELEVEN, RT_RFM_TEN, RT_RFM_3X3, RT_RFM_VALUE, RT_RFM_PRESETS };

/* The bins that a preset was made for: 3 or 5. */
int rt_rfm_preset_bins(enum rt_rfm_preset preset);

/*
 * The segment's name for scores from 1 to `bins`, "unscored" where there are none; a string
 * constant. Without a score of money that of frequency stands for it.
 */
const char *rt_rfm_segment(enum rt_rfm_preset preset, int bins, const int scores[RT_RFM_AXES]);

/*
 * A score from 1 to `from` as one from 1 to `to`: 1 stays the lowest, `from` becomes `to`, and what
 * lies between goes to the nearest, the higher one of two.
 */
int rt_rfm_level(int score, int from, int to);

#endif
