/* The actions on their way out. */
#include <stdio.h>
#include <stdlib.h>

#include "libretain/contact_parts.h"
#include "libretain/err.h"
#include "libretain/message.h"

static const char denied_column[] = "denied";

/* Where the cells of a message stand; -1 for a column that is not there. */
struct places {
    int address, name, subject;
};

struct writing {
    struct rt_contact *contact;
    enum rt_contact_format format;
    const char *sender;
    struct rt_out *out;
    size_t width; /* of the cells */
    const char **names;
    struct rt_text *cells;
    struct places places;
    struct rt_message message;
};

static const char *name_of(const struct rt_contact *contact, size_t place)
{
    return place < contact->width ? rt_table_column_name(contact->table, place)
                                  : contact->attribute_names[place - contact->width];
}

int rt_contact_place(const struct rt_contact *contact, const char *name)
{
    for (size_t i = 0; i < contact->width + contact->attribute_count; i++)
        if (strcmp(name_of(contact, i), name) == 0)
            return (int)i;
    return -1;
}

void rt_contact_cells(const struct rt_contact *contact, size_t number, struct rt_text *cells,
                      char moment[RT_MOMENT_BYTES])
{
    const struct rt_contact_action *action = &contact->actions[number];
    rt_keep_cells(&contact->keep, number, cells);
    if (action->changed) {
        const size_t length = rt_moment_write(action->send_on, moment);
        cells[contact->at[RT_CONTACT_SEND_ON]] = (struct rt_text){moment, length};
        if (action->channel != 0)
            cells[contact->at[RT_CONTACT_CHANNEL]] = contact->channels[action->channel - 1].name;
    }
    if (contact->joined)
        (void)rt_held_row(&contact->attributes,
                          rt_contact_customer(contact, action->customer)->attributes - 1,
                          cells + contact->width);
}

bool rt_contact_address(const struct rt_contact *contact, size_t action, struct rt_text *cells,
                        struct rt_text *address)
{
    char moment[RT_MOMENT_BYTES];
    rt_contact_cells(contact, action, cells, moment);
    *address = cells[rt_contact_place(contact, "email")];
    return rt_message_is_address(*address);
}

static void write_attributes(struct writing *writing, size_t number)
{
    const struct rt_contact *contact = writing->contact;
    if (!contact->joined)
        return;
    (void)rt_held_row(&contact->attributes,
                      rt_contact_customer(contact, contact->actions[number].customer)->attributes -
                          1,
                      writing->cells + contact->width);
    for (size_t i = contact->width; i < writing->width; i++)
        rt_out_text(writing->out, writing->cells[i]);
}

static void write_mail(struct writing *writing, size_t number)
{
    const struct places *places = &writing->places;
    const struct rt_text none = {"", 0};
    const struct rt_text *cells = writing->cells;
    const struct rt_mail mail = {
        .id = cells[writing->contact->at[RT_CONTACT_ID]],
        .sender = rt_text(writing->sender),
        .name = places->name < 0 ? none : cells[places->name],
        .address = cells[places->address],
        .subject = places->subject < 0 ? none : cells[places->subject],
        .when = writing->contact->actions[number].send_on,
    };
    rt_message_mail(&writing->message, &mail, writing->names, cells, writing->width);
}

static void write_allowed(struct writing *writing, size_t number)
{
    const struct rt_contact *contact = writing->contact;
    if (writing->format == RT_CONTACT_CSV && !contact->actions[number].changed) {
        rt_keep_write(&contact->keep, number, writing->out);
        write_attributes(writing, number);
        rt_out_end(writing->out);
        return;
    }
    char moment[RT_MOMENT_BYTES];
    rt_contact_cells(contact, number, writing->cells, moment);
    if (writing->format == RT_CONTACT_CSV) {
        for (size_t i = 0; i < writing->width; i++)
            rt_out_text(writing->out, writing->cells[i]);
        rt_out_end(writing->out);
        return;
    }
    if (writing->format == RT_CONTACT_JSONL)
        rt_message_json(&writing->message, writing->names, writing->cells, writing->width);
    else
        write_mail(writing, number);
    rt_out_raw(writing->out, (struct rt_text){writing->message.bytes, writing->message.used});
    rt_out_end(writing->out);
}

/* As it came; an action of the control arm as it would have gone out. */
static void write_denied(struct writing *writing, size_t number, struct rt_out *denied)
{
    const struct rt_contact *contact = writing->contact;
    const struct rt_contact_action *action = &contact->actions[number];
    if (action->verdict == RT_CONTACT_CONTROL && action->changed) {
        char moment[RT_MOMENT_BYTES];
        rt_contact_cells(contact, number, writing->cells, moment);
        for (size_t i = 0; i < contact->width; i++)
            rt_out_text(denied, writing->cells[i]);
    } else {
        rt_keep_write(&contact->keep, number, denied);
    }
    const char *name = rt_contact_verdict_name((enum rt_contact_verdict)action->verdict);
    if (action->verdict == RT_CONTACT_CAP) {
        char reason[64];
        snprintf(reason, sizeof reason, "%s %s", name, contact->rules->cap_names[action->cap]);
        rt_out_string(denied, reason);
    } else {
        rt_out_string(denied, name);
    }
    rt_out_end(denied);
}

/* The message of a column that is there twice, or NULL. */
static const char *twice(struct rt_contact *contact, const char *name)
{
    snprintf(
        contact->message, sizeof contact->message,
        "the column %.200s would be there twice; --map gives it another name among the actions",
        name);
    return contact->message;
}

/* No name twice where readers go by it; `denied` must not be there yet. */
static const char *check_names(struct writing *writing, bool denied)
{
    struct rt_contact *contact = writing->contact;
    struct rt_map names;
    const char *fault = NULL;
    rt_map_init(&names, sizeof(uint32_t));
    for (size_t i = 0; i < writing->width && fault == NULL; i++) {
        const struct rt_text name = rt_text(writing->names[i]);
        uint32_t *seen = rt_map_add(&names, name, rt_map_hash(&names, name));
        /* A table may have columns twice that nobody asks for: CSV leaves them as they are. */
        const bool own = i < contact->width && writing->format == RT_CONTACT_CSV;
        if ((*seen > 0 && !own) ||
            (denied && i < contact->width && strcmp(writing->names[i], denied_column) == 0))
            fault = twice(contact, writing->names[i]);
        (*seen)++;
    }
    rt_map_free(&names);
    return fault;
}

static void write_header(const struct writing *writing, size_t width, const char *more,
                         struct rt_out *out)
{
    for (size_t i = 0; i < width; i++)
        rt_out_string(out, writing->names[i]);
    if (more != NULL)
        rt_out_string(out, more);
    rt_out_end(out);
}

int rt_contact_write(struct rt_contact *contact, enum rt_contact_format format, const char *sender,
                     struct rt_out *out, struct rt_out *denied)
{
    struct writing writing = {.contact = contact, .format = format, .sender = sender, .out = out};
    writing.width = contact->width + contact->attribute_count;
    writing.names = rt_alloc(writing.width + 1, sizeof(char *));
    writing.cells = rt_alloc(writing.width + 1, sizeof *writing.cells);
    for (size_t i = 0; i < writing.width; i++)
        writing.names[i] = name_of(contact, i);
    writing.places =
        (struct places){rt_contact_place(contact, "email"), rt_contact_place(contact, "name"),
                        rt_contact_place(contact, "action")};
    contact->fault = check_names(&writing, denied != NULL);
    if (contact->fault == NULL) {
        if (format == RT_CONTACT_CSV)
            write_header(&writing, writing.width, NULL, out);
        if (denied != NULL)
            write_header(&writing, contact->width, denied_column, denied);
        for (size_t i = 0; i < contact->count; i++) {
            if (contact->actions[i].verdict == RT_CONTACT_ALLOWED)
                write_allowed(&writing, i);
            else if (denied != NULL)
                write_denied(&writing, i, denied);
        }
    }
    rt_message_free(&writing.message);
    free(writing.names);
    free(writing.cells);
    return contact->fault == NULL ? 0 : -1;
}
