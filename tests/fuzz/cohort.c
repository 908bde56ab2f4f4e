/*
 * Metric rows of any content: a form that is read is written in the same way, and rows are taken or
 * refused; those that are taken and given back are taken again, and give themselves.
 */
#include "libretain/cohort.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libretain/day.h"
#include "tests/fuzz/take.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ages and dates may be anywhere in the calendar: not all rows that come of it are looked at. */
enum { KEYS = 3, ROWS_MOST = 3000 };

static void check_form(struct rt_text text)
{
    struct rt_cohort_form form;
    if (rt_cohort_form_read(text, &form) != 0)
        return;
    char *written = rt_cohort_form_write(&form, RT_COHORT_WHOLE);
    if (!rt_text_is(text, written) || rt_cohort_forms_differ(&form, &form) != NULL)
        abort();
    free(written);
    rt_cohort_form_free(&form);
}

/* Another cohort, filled with the rows of one, and how many there were. */
struct copy {
    struct rt_cohort *into;
    size_t rows;
    const char *fault;
};

static struct rt_number as_text(struct rt_number number, char into[RT_REAL_BYTES])
{
    size_t length = 0;
    if (number.kind == RT_NUMBER_WHOLE)
        length = (size_t)snprintf(into, RT_REAL_BYTES, "%lld", (long long)number.whole);
    else if (number.kind == RT_NUMBER_TOTAL)
        length = rt_total_write(number.total, into);
    else if (number.kind == RT_NUMBER_TEXT)
        return number;
    return rt_number_text((struct rt_text){into, length});
}

static void copy_row(void *what, const struct rt_metric *row)
{
    struct copy *copy = what;
    char texts[3][RT_REAL_BYTES];
    struct rt_metric read = *row;
    if (++copy->rows > ROWS_MOST || copy->fault != NULL)
        return;
    read.value = as_text(row->value, texts[0]);
    read.num = as_text(row->num, texts[1]);
    read.den = as_text(row->den, texts[2]);
    copy->fault = rt_cohort_merge(copy->into, &read);
}

static void count_row(void *what, const struct rt_metric *row)
{
    (void)row;
    ++*(size_t *)what;
}

static void check_rows(struct rt_text lines)
{
    struct rt_cohort *cohort = rt_cohort_new_merge(1);
    const char *fault = NULL;
    while (fault == NULL && lines.length > 0) {
        struct rt_text line = take(&lines, '\n');
        if (memchr(line.at, '\0', line.length) != NULL)
            break;
        struct rt_metric row = {.metric = take(&line, ','), .method = take(&line, ',')};
        const struct rt_text keys[KEYS] = {take(&line, ','), take(&line, ','), take(&line, ',')};
        row.keys = keys;
        row.value = rt_number_text(take(&line, ','));
        row.num = rt_number_text(take(&line, ','));
        row.den = rt_number_text(take(&line, ','));
        row.complete = line.length == 0;
        fault = rt_cohort_merge(cohort, &row);
    }
    struct copy copy = {.into = rt_cohort_new_merge(1)};
    if (fault == NULL && rt_cohort_merged(cohort) == NULL &&
        rt_cohort_result(cohort, copy_row, &copy) == NULL && copy.rows <= ROWS_MOST) {
        size_t again = 0;
        if (copy.fault != NULL || rt_cohort_merged(copy.into) != NULL ||
            rt_cohort_result(copy.into, count_row, &again) != NULL || again != copy.rows)
            abort();
    }
    rt_cohort_free(copy.into);
    rt_cohort_free(cohort);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct rt_text text = {(const char *)data + 1, size - 1};
    if (data[0] & 1)
        check_rows(text);
    else
        check_form(text);
    return 0;
}
