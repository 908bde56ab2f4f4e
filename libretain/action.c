#include "libretain/action.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "libretain/decimal.h"
#include "libretain/err.h"
#include "libretain/map.h"

enum { CHANNEL, PRIORITY, OWNER, COOLDOWN, FREE };

struct columns {
    int rule, when, action, free[FREE];
};

/* Reading ---------------------------------------------------------------------------------------
 */

static struct rt_text cell_of(const struct rt_table *table, int column)
{
    return column < 0 ? rt_text("") : rt_table_cell(table, (size_t)column);
}

/* A whole number from 0 to `most`; `value` stays where the cell is empty. */
static bool read_whole(struct rt_text cell, int64_t most, int64_t *value)
{
    if (cell.length == 0)
        return true;
    struct rt_decimal number;
    if (rt_decimal_read(cell, &number) != RT_READ || number.places != 0 || number.units < 0 ||
        number.units > most)
        return false;
    *value = number.units;
    return true;
}

static char *copy(struct rt_text cell)
{
    return rt_strndup(cell.at, cell.length);
}

static int add_action(struct rt_actions *actions, const struct columns *columns)
{
    struct rt_table *table = actions->rules.table;
    int64_t priority = -1, cooldown = 0;
    const struct rt_text action = cell_of(table, columns->action);
    if (action.length == 0)
        return rt_table_refuse(table, columns->action, "empty");
    if (!read_whole(cell_of(table, columns->free[PRIORITY]), RT_ACTION_PRIORITY_MOST, &priority))
        return rt_table_refuse(table, columns->free[PRIORITY],
                               "not a whole number from 0 to 1000000000");
    if (!read_whole(cell_of(table, columns->free[COOLDOWN]), RT_ACTION_COOLDOWN_MOST, &cooldown))
        return rt_table_refuse(table, columns->free[COOLDOWN],
                               "not a whole number from 0 to 36500");
    if (rt_rules_add(&actions->rules, columns->rule, columns->when) != 0)
        return -1;
    const size_t room = rt_grown(actions->room, actions->rules.count);
    if (room != 0) {
        actions->rule = rt_realloc(actions->rule, room, sizeof *actions->rule);
        actions->room = room;
    }
    actions->rule[actions->rules.count - 1] = (struct rt_action){
        .action = copy(action),
        .channel = copy(cell_of(table, columns->free[CHANNEL])),
        .owner = copy(cell_of(table, columns->free[OWNER])),
        .priority = priority,
        .cooldown = (int32_t)cooldown,
    };
    return 0;
}

static int read_rows(struct rt_actions *actions)
{
    static const char *const names[FREE] = {"channel", "priority", "owner", "cooldown_days"};
    struct rt_table *table = actions->rules.table;
    struct columns columns = {.rule = rt_table_need(table, "rule_id"), .when = -1, .action = -1};
    if (columns.rule >= 0)
        columns.when = rt_table_need(table, "when");
    if (columns.when >= 0)
        columns.action = rt_table_need(table, "then");
    if (columns.action < 0)
        return -1;
    for (int i = 0; i < FREE; i++) {
        columns.free[i] = rt_table_look(table, names[i]);
        if (columns.free[i] == -2)
            return -1;
    }
    int found;
    while ((found = rt_table_next(table)) > 0)
        if (add_action(actions, &columns) != 0)
            return -1;
    return found;
}

/* Checking --------------------------------------------------------------------------------------
 */

static bool word_byte(char byte)
{
    return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || (unsigned char)byte > 127;
}

/* The bytes of white space or of a comment at `at`, 0 where there is neither. */
static size_t blank_length(struct rt_text text, size_t at)
{
    const char *start = text.at + at;
    const size_t left = text.length - at;
    if (*start == ' ' || (*start >= '\t' && *start <= '\r'))
        return 1;
    if (left >= 2 && memcmp(start, "--", 2) == 0) {
        const char *end = memchr(start, '\n', left);
        return end == NULL ? left : (size_t)(end - start) + 1;
    }
    if (left < 2 || memcmp(start, "/*", 2) != 0)
        return 0;
    for (size_t i = 2; i + 1 < left; i++)
        if (start[i] == '*' && start[i + 1] == '/')
            return i + 2;
    return left;
}

/* The bytes of a text or name in quotes at `at`, 0 where there is none. */
static size_t quoted_length(struct rt_text text, size_t at)
{
    const char open = text.at[at], close = open == '[' ? ']' : open;
    if (open != '\'' && open != '"' && open != '`' && open != '[')
        return 0;
    const char *end = memchr(text.at + at + 1, close, text.length - at - 1);
    return end == NULL ? text.length - at : (size_t)(end - text.at) - at + 1;
}

size_t rt_action_plain_when(struct rt_text when, char *into)
{
    size_t used = 0;
    bool blank = false;
    for (size_t at = 0; at < when.length;) {
        const size_t skipped = blank_length(when, at);
        at += skipped;
        blank |= skipped > 0;
        if (skipped > 0)
            continue;
        if (blank && used > 0 && word_byte(into[used - 1]) && word_byte(when.at[at]))
            into[used++] = ' ';
        const size_t quoted = quoted_length(when, at);
        if (quoted > 0) {
            /* Blanks tell 'a' 'b', a text and its name, from the quote of 'a''b'. */
            if (blank && used > 0 && into[used - 1] == when.at[at])
                into[used++] = ' ';
            memcpy(into + used, when.at + at, quoted);
            used += quoted;
            at += quoted;
        } else {
            const char byte = when.at[at++];
            into[used++] = byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
        }
        blank = false;
    }
    return used;
}

static const char *tell(struct rt_actions *actions, const char *file, size_t rule,
                        const char *reason, size_t other)
{
    snprintf(actions->message, sizeof actions->message, "%.900s:%" PRIu64 ": %s %" PRIu64, file,
             actions->rules.lines[rule], reason, actions->rules.lines[other]);
    return actions->message;
}

/* The number of the first rule with this text in the map: `rule` where it is the first. */
static size_t first_with(struct rt_map *map, struct rt_text text, size_t rule)
{
    uint32_t *first = rt_map_add(map, text, rt_map_hash(map, text));
    if (*first == 0)
        *first = (uint32_t)rule + 1;
    return *first - 1;
}

/* Rules in order: the same id again, the same expression again, one behind `always`. */
static const char *check(struct rt_actions *actions, const char *file, bool all)
{
    struct rt_map ids, whens, kinds;
    rt_map_init(&ids, sizeof(uint32_t));
    rt_map_init(&whens, sizeof(uint32_t));
    rt_map_init(&kinds, sizeof(uint32_t));
    char *plain = rt_alloc(RT_EXPR_BYTES + 1, 1);
    const struct rt_rules *rules = &actions->rules;
    const char *wrong = NULL;
    size_t always = rules->count;
    for (size_t i = 0; i < rules->count && wrong == NULL; i++) {
        actions->rule[i].kind = first_with(&kinds, rt_text(actions->rule[i].action), i);
        const struct rt_text when = {plain, rt_action_plain_when(rt_text(rules->whens[i]), plain)};
        const size_t id = first_with(&ids, rt_text(rules->names[i]), i);
        const size_t same = first_with(&whens, when, i);
        if (id != i)
            wrong = tell(actions, file, i, "rule_id: the same as on line", id);
        else if (!all && always < i)
            wrong = tell(actions, file, i, "when: never reached, as this one always holds: line",
                         always);
        else if (!all && same != i)
            wrong =
                tell(actions, file, i, "when: never reached, as it is the same as on line", same);
        if (always == rules->count && rt_expr_always(rules->expr, i))
            always = i;
    }
    free(plain);
    rt_map_free(&ids);
    rt_map_free(&whens);
    rt_map_free(&kinds);
    return wrong;
}

const char *rt_actions_open(struct rt_actions *actions, const struct rt_table_args *like,
                            const char *file, bool all, enum rt_expr_mode mode,
                            const struct rt_table *input)
{
    rt_rules_begin(&actions->rules, like, file);
    if (read_rows(actions) != 0)
        return rt_table_message(actions->rules.table);
    const char *wrong = rt_rules_compile(&actions->rules, mode, file, input, NULL, 0);
    return wrong != NULL ? wrong : check(actions, file, all);
}

void rt_actions_free(struct rt_actions *actions)
{
    for (size_t i = 0; i < actions->rules.count && actions->rule != NULL; i++) {
        free(actions->rule[i].action);
        free(actions->rule[i].channel);
        free(actions->rule[i].owner);
    }
    free(actions->rule);
    rt_rules_free(&actions->rules);
    *actions = (struct rt_actions){.room = 0};
}

bool rt_actions_cool(const struct rt_actions *actions)
{
    for (size_t i = 0; i < actions->rules.count; i++)
        if (actions->rule[i].cooldown > 0)
            return true;
    return false;
}
