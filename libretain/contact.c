#include "libretain/contact.h"

#include <stdio.h>
#include <stdlib.h>

#include "libretain/contact_parts.h"
#include "libretain/day.h"
#include "libretain/decimal.h"
#include "libretain/err.h"

/* Lists -----------------------------------------------------------------------------------------
 */

int rt_contact_channel(struct rt_contact *contact, struct rt_text name)
{
    struct rt_map *names = &contact->channel_names;
    uint32_t *number = rt_map_add(names, name, rt_map_hash(names, name));
    if (*number > 0)
        return (int)*number - 1;
    if (contact->channel_count == RT_CONTACT_CHANNELS_MOST)
        return -1;
    const size_t room = rt_grown(contact->channel_room, contact->channel_count + 1);
    if (room != 0) {
        contact->channels = rt_realloc(contact->channels, room, sizeof *contact->channels);
        contact->channel_room = room;
    }
    contact->channels[contact->channel_count] =
        (struct rt_contact_channel){.name = rt_map_key(names, number)};
    *number = (uint32_t)++contact->channel_count;
    return (int)*number - 1;
}

struct rt_contact_link *rt_contact_find_link(const struct rt_contact *contact,
                                             const struct rt_contact_customer *customer,
                                             int channel)
{
    for (uint32_t at = customer->links; at != 0; at = contact->links[at - 1].next)
        if (contact->links[at - 1].channel == channel)
            return &contact->links[at - 1];
    return NULL;
}

struct rt_contact_link *rt_contact_link(struct rt_contact *contact,
                                        struct rt_contact_customer *customer, int channel)
{
    struct rt_contact_link *found = rt_contact_find_link(contact, customer, channel);
    if (found != NULL)
        return found;
    const size_t room = rt_grown(contact->link_room, contact->link_count + 1);
    if (room != 0) {
        contact->links = rt_realloc(contact->links, room, sizeof *contact->links);
        contact->link_room = room;
    }
    found = &contact->links[contact->link_count++];
    *found = (struct rt_contact_link){.next = customer->links, .channel = (uint16_t)channel};
    customer->links = (uint32_t)contact->link_count;
    return found;
}

void rt_contact_add_day(struct rt_contact *contact, struct rt_contact_customer *customer,
                        int32_t day)
{
    if (customer->days != 0 && contact->days[customer->days - 1].day == day) {
        contact->days[customer->days - 1].contacts++;
        return;
    }
    const size_t room = rt_grown(contact->day_room, contact->day_count + 1);
    if (room != 0) {
        contact->days = rt_realloc(contact->days, room, sizeof *contact->days);
        contact->day_room = room;
    }
    contact->days[contact->day_count++] = (struct rt_contact_day){customer->days, day, 1};
    customer->days = (uint32_t)contact->day_count;
}

/* Reading the actions ---------------------------------------------------------------------------
 */

static bool read_priority(struct rt_text cell, uint32_t *priority)
{
    *priority = UINT32_MAX;
    if (cell.length == 0)
        return true;
    struct rt_decimal number;
    if (rt_decimal_read(cell, &number) != RT_READ || number.places != 0 || number.units < 0 ||
        number.units >= UINT32_MAX)
        return false;
    *priority = (uint32_t)number.units;
    return true;
}

/* What the cells of a row say. Returns 0, or -1. */
static int read_action(struct rt_contact *contact, const struct rt_join_row *row,
                       struct rt_contact_action *action)
{
    const size_t *at = contact->at;
    const struct rt_text arm = rt_join_cell(row, (int)at[RT_CONTACT_ARM]);
    const struct rt_text channel = rt_join_cell(row, (int)at[RT_CONTACT_CHANNEL]);
    struct rt_moment send_on;
    if (rt_moment_read(rt_join_cell(row, (int)at[RT_CONTACT_SEND_ON]), &send_on) != 0)
        return rt_join_refuse(row, (int)at[RT_CONTACT_SEND_ON],
                              "not a date YYYY-MM-DD or YYYY-MM-DDThh:mm");
    action->send_on = send_on;
    if (rt_opening_next(&contact->rules->opening, &action->send_on) != 0)
        return rt_join_refuse(row, (int)at[RT_CONTACT_SEND_ON], "moves beyond the calendar");
    action->changed = rt_moment_compare(send_on, action->send_on) != 0;
    if (!read_priority(rt_join_cell(row, (int)at[RT_CONTACT_PRIORITY]), &action->priority))
        return rt_join_refuse(row, (int)at[RT_CONTACT_PRIORITY],
                              "not a whole number from 0 to 4294967294");
    action->control = rt_text_is(arm, "control");
    if (!action->control && arm.length > 0 && !rt_text_is(arm, "treatment"))
        return rt_join_refuse(row, (int)at[RT_CONTACT_ARM],
                              "neither treatment nor control nor empty");
    if (channel.length > 0) {
        const int number = rt_contact_channel(contact, channel);
        if (number < 0)
            return rt_join_refuse(row, (int)at[RT_CONTACT_CHANNEL],
                                  "more than 1000 different channels");
        action->channel = (uint16_t)(number + 1);
    }
    return 0;
}

static void append(struct rt_contact *contact, struct rt_contact_customer *customer,
                   const struct rt_contact_action *action)
{
    const size_t room = rt_grown(contact->room, contact->count + 1);
    if (room != 0) {
        contact->actions = rt_realloc(contact->actions, room, sizeof *contact->actions);
        contact->room = room;
    }
    contact->actions[contact->count++] = *action;
    const uint32_t number = (uint32_t)contact->count;
    if (customer->last_action != 0)
        contact->actions[customer->last_action - 1].next = number;
    else
        customer->actions = number;
    customer->last_action = number;
    customer->action_count++;
    if (action->send_on.day < contact->first_day)
        contact->first_day = action->send_on.day;
    if (action->send_on.day > contact->last_day)
        contact->last_day = action->send_on.day;
}

static int add_action(void *what, const struct rt_join_row *row)
{
    struct rt_contact *contact = what;
    const struct rt_text id = rt_join_cell(row, (int)contact->at[RT_CONTACT_ID]);
    struct rt_contact_action action = {.verdict = RT_CONTACT_ALLOWED};
    if (id.length == 0)
        return rt_join_refuse(row, (int)contact->at[RT_CONTACT_ID], "empty");
    if (rt_join_cell(row, (int)contact->at[RT_CONTACT_CUSTOMER]).length == 0)
        return rt_join_refuse(row, (int)contact->at[RT_CONTACT_CUSTOMER], "empty");
    if (contact->count == UINT32_MAX - 1)
        return rt_join_refuse(row, -1, "more actions than can be held");
    if (read_action(contact, row, &action) != 0)
        return -1;
    struct rt_contact_customer *customer = rt_join_add(row, &contact->customers);
    if (customer->action_count == RT_CONTACT_ACTIONS_MOST)
        return rt_join_refuse(row, (int)contact->at[RT_CONTACT_CUSTOMER],
                              "more than 10000 actions of one customer");
    action.customer = rt_map_offset(&contact->customers, customer);
    uint32_t *first = rt_map_add(&contact->ids, id, rt_map_hash(&contact->ids, id));
    if (*first == 0)
        *first = (uint32_t)contact->count + 1;
    else
        action.verdict = RT_CONTACT_DUPLICATE;
    rt_keep_add_row(&contact->keep, row->rows, row->row);
    append(contact, customer, &action);
    return 0;
}

struct rt_contact *rt_contact_read(struct rt_table *table, const struct rt_contact_rules *rules,
                                   char delimiter)
{
    static const char *const names[RT_CONTACT_COLUMNS] = {"action_id", "customer_id", "channel",
                                                          "send_on",   "priority",    "arm"};
    struct rt_contact *contact = rt_alloc_zero(1, sizeof *contact);
    contact->rules = rules;
    contact->table = table;
    contact->width = rt_table_width(table);
    contact->first_day = RT_DAY_LAST;
    contact->last_day = RT_DAY_FIRST;
    rt_keep_init(&contact->keep, contact->width, delimiter);
    rt_map_init_dense(&contact->customers, sizeof(struct rt_contact_customer));
    rt_map_init_dense(&contact->ids, sizeof(uint32_t));
    rt_map_init(&contact->channel_names, sizeof(uint32_t));
    for (int i = 0; i < RT_CONTACT_COLUMNS; i++) {
        const int place = rt_table_need(table, names[i]);
        if (place < 0) {
            contact->fault = rt_table_message(table);
            return contact;
        }
        contact->at[i] = (size_t)place;
    }
    contact->fault = rt_join(table, contact->at[RT_CONTACT_CUSTOMER], &contact->customers,
                             rules->threads, add_action, contact);
    return contact;
}

void rt_contact_free(struct rt_contact *contact)
{
    rt_keep_free(&contact->keep);
    rt_map_free(&contact->customers);
    rt_map_free(&contact->ids);
    rt_map_free(&contact->channel_names);
    if (contact->side != NULL)
        rt_table_close(contact->side);
    if (contact->joined)
        rt_held_free(&contact->attributes);
    for (size_t i = 0; i < contact->attribute_count; i++)
        free(contact->attribute_names[i]);
    free(contact->attribute_names);
    free(contact->actions);
    free(contact->channels);
    free(contact->order);
    free(contact->links);
    free(contact->days);
    free(contact);
}

const char *rt_contact_message(const struct rt_contact *contact)
{
    return contact->fault;
}

uint64_t rt_contact_count(const struct rt_contact *contact, enum rt_contact_verdict verdict)
{
    return contact->counts[verdict];
}

const char *rt_contact_verdict_name(enum rt_contact_verdict verdict)
{
    static const char *const names[RT_CONTACT_VERDICTS] = {
        "",           "duplicate",  "done",          "suppressed", "no attributes", "no address",
        "no channel", "no consent", "other channel", "window",     "cap",           "control"};
    return names[verdict];
}
