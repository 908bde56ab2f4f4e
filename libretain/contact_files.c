/* The tables beside the actions: of each, what concerns a customer who has one. */
#include <stdio.h>
#include <stdlib.h>

#include "libretain/contact_parts.h"
#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/history.h"

/* A table being read: where its columns stand, and the date that was read last. */
struct reading {
    struct rt_contact *contact;
    int channel, status, date;
    struct rt_history_columns history;
    int32_t from, to; /* the days of contacts that matter */
    const char *response;
    size_t *columns; /* of attributes */
    struct rt_text *cells;
    uint64_t rows;
    char date_text[10];
    int32_t day;
};

static const char too_many[] = "more than 1000 different channels";

static int fail(struct rt_contact *contact, const char *fault)
{
    contact->fault = fault;
    return fault == NULL ? 0 : -1;
}

static struct rt_table *open_side(struct rt_contact *contact, const struct rt_table_args *like,
                                  const char *file)
{
    if (contact->side != NULL)
        rt_table_close(contact->side);
    contact->side = rt_table_open_beside(like, file);
    return contact->side;
}

static int join(struct reading *reading, const char *file, bool allow_empty, rt_join_work *work)
{
    struct rt_contact *contact = reading->contact;
    const int key = rt_table_need(contact->side, "customer_id");
    if (key < 0 || rt_table_message(contact->side) != NULL)
        return fail(contact, rt_table_message(contact->side));
    const char *fault = rt_join(contact->side, (size_t)key, &contact->customers,
                                contact->rules->threads, work, reading);
    if (fault == NULL && reading->rows == 0 && !allow_empty) {
        snprintf(contact->message, sizeof contact->message,
                 "%.900s: no rows; --allow-empty says that there may be none", file);
        fault = contact->message;
    }
    return fail(contact, fault);
}

/* A date, which often is that of the row before; a time behind it does not count. */
static int read_date(struct reading *reading, const struct rt_join_row *row, int column,
                     int32_t *day)
{
    const struct rt_text cell = rt_join_cell(row, column);
    const size_t length = sizeof reading->date_text;
    if (cell.length == length && memcmp(cell.at, reading->date_text, length) == 0) {
        *day = reading->day;
        return 0;
    }
    struct rt_moment moment;
    if (rt_moment_read(cell, &moment) != 0)
        return rt_join_refuse(row, column, "not a date YYYY-MM-DD");
    *day = reading->day = moment.day;
    memcpy(reading->date_text, cell.at, length);
    return 0;
}

/* Consent and suppression ----------------------------------------------------------------------
 */

/* The latest statement counts, and of two on the same day the one that says no. */
static void state_consent(struct rt_contact_link *link, uint8_t consent, int32_t day)
{
    if (link->consent != RT_CONSENT_UNKNOWN &&
        (day < link->consent_day || (day == link->consent_day && link->consent == RT_CONSENT_NO)))
        return;
    link->consent = consent;
    link->consent_day = day;
}

static int add_consent(void *what, const struct rt_join_row *row)
{
    struct reading *reading = what;
    const struct rt_text channel = rt_join_cell(row, reading->channel);
    const struct rt_text status = rt_join_cell(row, reading->status);
    const bool yes = rt_text_is(status, "yes");
    int32_t day = RT_DAY_NONE;
    reading->rows++;
    if (!yes && !rt_text_is(status, "no"))
        return rt_join_refuse(row, reading->status, "neither yes nor no");
    if (channel.length == 0)
        return rt_join_refuse(row, reading->channel, "empty");
    if (rt_join_cell(row, reading->date).length > 0 &&
        read_date(reading, row, reading->date, &day) != 0)
        return -1;
    struct rt_contact_customer *customer = rt_join_find(row);
    if (customer == NULL)
        return 0;
    const int number = rt_contact_channel(reading->contact, channel);
    if (number < 0)
        return rt_join_refuse(row, reading->channel, too_many);
    state_consent(rt_contact_link(reading->contact, customer, number),
                  yes ? RT_CONSENT_YES : RT_CONSENT_NO, day);
    return 0;
}

int rt_contact_consent(struct rt_contact *contact, const struct rt_table_args *like,
                       const char *file, bool allow_empty)
{
    struct reading reading = {.contact = contact};
    struct rt_table *table = open_side(contact, like, file);
    (void)rt_table_need(table, "customer_id");
    if (rt_table_message(table) == NULL)
        reading.channel = rt_table_need(table, "channel");
    if (rt_table_message(table) == NULL)
        reading.status = rt_table_need(table, "status");
    if (rt_table_message(table) == NULL)
        reading.date = rt_table_look(table, "date");
    return join(&reading, file, allow_empty, add_consent);
}

static int add_suppressed(void *what, const struct rt_join_row *row)
{
    struct reading *reading = what;
    reading->rows++;
    struct rt_contact_customer *customer = rt_join_find(row);
    const struct rt_text channel = rt_join_cell(row, reading->channel);
    if (customer == NULL)
        return 0;
    if (channel.length == 0) {
        customer->suppressed = 1;
        return 0;
    }
    const int number = rt_contact_channel(reading->contact, channel);
    if (number < 0)
        return rt_join_refuse(row, reading->channel, too_many);
    rt_contact_link(reading->contact, customer, number)->suppressed = true;
    return 0;
}

int rt_contact_suppress(struct rt_contact *contact, const struct rt_table_args *like,
                        const char *file, bool allow_empty)
{
    struct reading reading = {.contact = contact};
    reading.channel = rt_table_look(open_side(contact, like, file), "channel");
    return join(&reading, file, allow_empty, add_suppressed);
}

/* History --------------------------------------------------------------------------------------
 */

/* Whoever takes their consent back in a contact does so for its channel. */
static int add_refusal(struct reading *reading, const struct rt_join_row *row,
                       struct rt_contact_customer *customer, int32_t day)
{
    const struct rt_text event = rt_join_cell(row, reading->history.event);
    const struct rt_text channel = rt_join_cell(row, reading->history.channel);
    if (channel.length == 0 ||
        !(rt_text_is(event, "unsubscribed") || rt_text_is(event, "complained")))
        return 0;
    const int number = rt_contact_channel(reading->contact, channel);
    if (number < 0)
        return rt_join_refuse(row, reading->history.channel, too_many);
    state_consent(rt_contact_link(reading->contact, customer, number), RT_CONSENT_NO, day);
    return 0;
}

static int add_history(void *what, const struct rt_join_row *row)
{
    struct reading *reading = what;
    struct rt_contact *contact = reading->contact;
    int32_t day;
    reading->rows++;
    if (read_date(reading, row, reading->history.date, &day) != 0)
        return -1;
    struct rt_contact_customer *customer = rt_join_find(row);
    if (customer == NULL)
        return 0;
    if (!rt_history_counts(rt_join_cell(row, reading->history.event),
                           rt_join_cell(row, reading->history.denied)))
        return add_refusal(reading, row, customer, day);
    if (day >= reading->from && day <= reading->to)
        rt_contact_add_day(contact, customer, day);
    const struct rt_text id = rt_join_cell(row, reading->history.id);
    const uint32_t *action =
        id.length == 0 ? NULL : rt_map_find(&contact->ids, id, rt_map_hash(&contact->ids, id));
    if (action != NULL)
        contact->actions[*action - 1].verdict = RT_CONTACT_DONE;
    return 0;
}

int rt_contact_history(struct rt_contact *contact, const struct rt_table_args *like,
                       const char *file)
{
    struct reading reading = {.contact = contact};
    struct rt_table *table = open_side(contact, like, file);
    if (rt_history_find(table, &reading.history) != 0)
        return fail(contact, rt_table_message(table));
    if (reading.history.date < 0 && rt_table_need(table, "date") < 0)
        return fail(contact, rt_table_message(table));
    int32_t longest = contact->rules->window.days;
    for (size_t i = 0; i < contact->rules->cap_count; i++)
        if (contact->rules->caps[i].days > longest)
            longest = contact->rules->caps[i].days;
    reading.from = contact->first_day - longest;
    reading.to = contact->last_day + longest;
    return join(&reading, file, true, add_history);
}

/* Responses ------------------------------------------------------------------------------------
 */

static int add_response(void *what, const struct rt_join_row *row)
{
    struct reading *reading = what;
    struct rt_contact *contact = reading->contact;
    const struct rt_text channel = rt_join_cell(row, reading->channel);
    const struct rt_text event = rt_join_cell(row, reading->status);
    const bool sent = rt_text_is(event, "sent");
    const bool response = rt_text_is(event, reading->response);
    int32_t day;
    reading->rows++;
    if (read_date(reading, row, reading->date, &day) != 0)
        return -1;
    const bool preferred = rt_text_is(event, "preferred");
    if (!sent && !response && !preferred)
        return 0;
    if (channel.length == 0)
        return rt_join_refuse(row, reading->channel, "empty");
    const int number = rt_contact_channel(contact, channel);
    if (number < 0)
        return rt_join_refuse(row, reading->channel, too_many);
    contact->channels[number].sent += sent;
    contact->channels[number].responses += response;
    struct rt_contact_customer *customer = rt_join_find(row);
    if (customer == NULL)
        return 0;
    struct rt_contact_link *link = rt_contact_link(contact, customer, number);
    link->sent += sent;
    link->responses += response;
    if (preferred && (!link->preferred || day > link->preferred_day)) {
        link->preferred = true;
        link->preferred_day = day;
    }
    return 0;
}

int rt_contact_responses(struct rt_contact *contact, const struct rt_table_args *like,
                         const char *file, const char *response)
{
    struct reading reading = {.contact = contact, .response = response};
    struct rt_table *table = open_side(contact, like, file);
    contact->choose = true;
    (void)rt_table_need(table, "customer_id");
    if (rt_table_message(table) == NULL)
        reading.date = rt_table_need(table, "date");
    if (rt_table_message(table) == NULL)
        reading.channel = rt_table_need(table, "channel");
    if (rt_table_message(table) == NULL)
        reading.status = rt_table_need(table, "event");
    return join(&reading, file, true, add_response);
}

/* Attributes -----------------------------------------------------------------------------------
 */

static int add_attributes(void *what, const struct rt_join_row *row)
{
    struct reading *reading = what;
    struct rt_contact *contact = reading->contact;
    reading->rows++;
    struct rt_contact_customer *customer = rt_join_find(row);
    if (customer == NULL)
        return 0;
    if (customer->attributes != 0)
        return rt_join_refuse(row, -1, "a customer for the second time");
    for (size_t i = 0; i < contact->attribute_count; i++)
        reading->cells[i] = rt_join_cell(row, (int)reading->columns[i]);
    customer->attributes =
        (uint32_t)(rt_held_add(&contact->attributes, reading->cells) + 1) & 0x7fffffff;
    return 0;
}

int rt_contact_attributes(struct rt_contact *contact, const struct rt_table_args *like,
                          const char *file)
{
    struct reading reading = {.contact = contact};
    struct rt_table *table = open_side(contact, like, file);
    const size_t width = rt_table_width(table);
    const int customer = rt_table_need(table, "customer_id");
    if (customer < 0)
        return fail(contact, rt_table_message(table));
    reading.columns = rt_alloc(width, sizeof *reading.columns);
    reading.cells = rt_alloc(width, sizeof *reading.cells);
    contact->attribute_names = rt_alloc(width, sizeof *contact->attribute_names);
    for (size_t i = 0; i < width; i++) {
        if ((int)i == customer)
            continue;
        contact->attribute_names[contact->attribute_count] =
            rt_strdup(rt_table_column_name(table, i));
        reading.columns[contact->attribute_count++] = i;
    }
    rt_held_init(&contact->attributes, contact->attribute_count);
    contact->joined = true;
    const int result = join(&reading, file, true, add_attributes);
    free(reading.columns);
    free(reading.cells);
    return result;
}
