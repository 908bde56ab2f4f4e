/*
 * contact_parts: what the parts of contact share. Not for others.
 */
#ifndef RT_CONTACT_PARTS_H
#define RT_CONTACT_PARTS_H

#include "libretain/contact.h"
#include "libretain/held.h"
#include "libretain/join.h"
#include "libretain/keep.h"
#include "libretain/map.h"

/* Lists are linked by the number of an item plus 1; 0 ends them. */
struct rt_contact_customer {
    uint32_t actions, last_action, action_count;
    uint32_t links; /* to channels */
    uint32_t days;  /* of contacts */
    uint32_t attributes : 31;
    uint32_t suppressed : 1;
};

/* What is known of a customer on a channel. */
struct rt_contact_link {
    uint32_t next;
    uint16_t channel;
    uint8_t consent; /* of the latest statement */
    bool suppressed;
    int32_t consent_day, preferred_day; /* of the latest; where there is one */
    uint32_t sent, responses;
    bool preferred;
};
enum { RT_CONSENT_UNKNOWN, RT_CONSENT_YES, RT_CONSENT_NO };

struct rt_contact_day {
    uint32_t next;
    int32_t day;
    uint32_t contacts;
};

struct rt_contact_action {
    uint32_t next;
    uint32_t customer; /* its place in the map */
    uint32_t priority; /* the least goes first */
    struct rt_moment send_on;
    uint16_t channel; /* its number plus 1; 0 for none */
    uint8_t verdict, cap;
    bool control;
    bool changed; /* the channel or send_on are not those of the row */
};

/* All contacts on a channel in the tables of responses. */
struct rt_contact_channel {
    struct rt_text name; /* the key in the map */
    int64_t sent, responses;
    double low;     /* lower bound of the share that responds */
    uint32_t place; /* 0 for the channel with the highest */
};

enum rt_contact_column {
    RT_CONTACT_ID,
    RT_CONTACT_CUSTOMER,
    RT_CONTACT_CHANNEL,
    RT_CONTACT_SEND_ON,
    RT_CONTACT_PRIORITY,
    RT_CONTACT_ARM,
    RT_CONTACT_COLUMNS
};

struct rt_contact {
    const struct rt_contact_rules *rules;
    struct rt_table *table;
    size_t width;
    size_t at[RT_CONTACT_COLUMNS];
    struct rt_keep keep;
    struct rt_contact_action *actions;
    size_t count, room;
    int32_t first_day, last_day; /* on which something is to be sent */

    struct rt_map customers, ids, channel_names;
    struct rt_contact_channel *channels;
    uint32_t *order; /* of the channels by `low`, the best first */
    size_t channel_count, channel_room;
    struct rt_contact_link *links;
    size_t link_count, link_room;
    struct rt_contact_day *days;
    size_t day_count, day_room;

    struct rt_table *side; /* being read beside, for its message */
    bool choose;           /* a channel where there is none */
    bool joined;
    struct rt_held attributes;
    char **attribute_names;
    size_t attribute_count;

    uint64_t counts[RT_CONTACT_VERDICTS];
    char message[2048];
    const char *fault;
};

static inline struct rt_contact_customer *rt_contact_customer(const struct rt_contact *contact,
                                                              uint32_t place)
{
    return rt_map_at(&contact->customers, place);
}

/* The number of a channel, made where it is new; -1 where there are too many. */
int rt_contact_channel(struct rt_contact *contact, struct rt_text name);
/* The link of a customer to a channel, or NULL. */
struct rt_contact_link *rt_contact_find_link(const struct rt_contact *contact,
                                             const struct rt_contact_customer *customer,
                                             int channel);
/* The same, made where it is new. It stays where it is until the next is made. */
struct rt_contact_link *rt_contact_link(struct rt_contact *contact,
                                        struct rt_contact_customer *customer, int channel);
/* Notes contacts of a customer on a day. */
void rt_contact_add_day(struct rt_contact *contact, struct rt_contact_customer *customer,
                        int32_t day);
/* The address of an action, from its cells, which it reads; false where there is none to write to.
 */
bool rt_contact_address(const struct rt_contact *contact, size_t action, struct rt_text *cells,
                        struct rt_text *address);
/* All cells of an action: the row's, as they go out, then the attributes. */
void rt_contact_cells(const struct rt_contact *contact, size_t action, struct rt_text *cells,
                      char moment[RT_MOMENT_BYTES]);
/* The place of a column among them; -1 for none. */
int rt_contact_place(const struct rt_contact *contact, const char *name);

#endif
