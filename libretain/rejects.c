#include "libretain/rejects.h"

#include <inttypes.h>
#include <stdio.h>

const char *rt_rejects_open(struct rt_rejects *rejects, const char *file, char delimiter,
                            const char *max_bad)
{
    *rejects = (struct rt_rejects){.open = file != NULL, .max_bad = max_bad};
    if (max_bad != NULL && file == NULL)
        return "--max-bad: only with --rejects; without it the first bad row is an error";
    if (max_bad != NULL && rt_limit_read(rt_text(max_bad), &rejects->limit) != 0)
        return "--max-bad: not a whole number, nor a percentage from 0% to 100%";
    if (file == NULL)
        return NULL;
    rt_out_open_file(&rejects->out, file, delimiter);
    static const char *const columns[] = {"file", "line", "column", "reason", "record"};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        rt_out_string(&rejects->out, columns[i]);
    rt_out_end(&rejects->out);
    return NULL;
}

static const char *judge(struct rt_rejects *rejects, uint64_t read, bool at_end)
{
    if (!rt_limit_passed(&rejects->limit, rejects->bad, read, at_end))
        return NULL;
    rt_out_finish(&rejects->out);
    rejects->open = false;
    snprintf(rejects->message, sizeof rejects->message,
             "%" PRIu64 " of %" PRIu64 " rows%s are bad, and --max-bad is %.32s", rejects->bad,
             read, at_end ? "" : " so far", rejects->max_bad);
    return rejects->message;
}

const char *rt_rejects_add(struct rt_rejects *rejects, struct rt_table *table, uint64_t read)
{
    if (!rejects->open)
        return rt_table_message(table);
    const struct rt_fault *fault = rt_table_fault(table);
    rt_out_string(&rejects->out, fault->file);
    rt_out_whole(&rejects->out, (int64_t)fault->line);
    rt_out_string(&rejects->out, fault->column != NULL ? fault->column : "");
    rt_out_string(&rejects->out, fault->reason);
    rt_out_text(&rejects->out, fault->record);
    if (rt_table_resume(table) != 0)
        return rt_table_message(table);
    rt_out_end(&rejects->out);
    rejects->bad++;
    return judge(rejects, read, false);
}

const char *rt_rejects_finish(struct rt_rejects *rejects, uint64_t read)
{
    if (!rejects->open)
        return NULL;
    const char *fault = judge(rejects, read, true);
    if (fault == NULL)
        rt_out_finish(&rejects->out);
    return fault;
}
