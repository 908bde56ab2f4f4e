/*
 * action: the rules by which customers are acted on: rule_id,when,then and what else an action has.
 *
 * The columns channel, priority, owner and cooldown_days may be absent, and their cells empty.
 * Rules are checked before the first row of the input is read: each `when` by expr.h, each rule_id
 * for being there once, and, where only the first rule that holds is followed, each rule for being
 * reachable: not behind one with the same `when` but for white space, comments and capitals, nor
 * behind one that always holds.
 */
#ifndef RT_ACTION_H
#define RT_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/rules.h"
#include "libretain/stamp.h"
#include "libretain/table.h"

enum { RT_ACTION_COOLDOWN_MOST = 36500, RT_ACTION_PRIORITY_MOST = 1000000000 };

struct rt_action {
    char *action, *channel, *owner; /* empty where the rule has none; of the action: never */
    int64_t priority;               /* -1 where there is none */
    int32_t cooldown;               /* days; 0 where there is none */
    size_t kind;                    /* the first rule with the same action */
};

struct rt_actions {
    struct rt_rules rules; /* names, expressions and lines, each rule by the same number */
    struct rt_action *rule;
    size_t room;
    char message[RT_RULES_MESSAGE];
};

/*
 * Reads the rules and compiles them for one mode or another. `all`: each rule that holds is
 * followed. Returns NULL, or what was wrong, which lives until rt_actions_free. Starts from zeros.
 */
const char *rt_actions_open(struct rt_actions *actions, const struct rt_table_args *like,
                            const char *file, bool all, enum rt_expr_mode mode,
                            const struct rt_table *input);
void rt_actions_free(struct rt_actions *actions);

/* Does some rule have a cooldown? */
bool rt_actions_cool(const struct rt_actions *actions);

/*
 * The name of what is done: a hash of customer, action and period in the form of stamp.h. The same
 * in every run of the same period, so that what was done can be told from what is to be done.
 */
static inline void rt_action_id(struct rt_text customer, const char *action, const char *period,
                                char into[RT_STAMP_BYTES])
{
    const struct rt_text texts[] = {customer, rt_text(action), rt_text(period)};
    rt_stamp_hex(texts, 3, into);
}

/*
 * An expression in the form by which two are compared: without comments, white space only between
 * words, small letters outside of quotes. `into` has room for as many bytes; returns the length.
 */
size_t rt_action_plain_when(struct rt_text when, char *into);

#endif
