/*
 * contact: which actions may go out, by which channel and when, and why the others may not.
 *
 * The actions are held in memory; everything else (consent, what is suppressed, the history, what
 * was responded to, names and addresses) is read past them, and only what concerns a customer of
 * the actions is kept. Every action ends with one verdict. Whatever is in doubt is denied: a
 * customer without a row of consent for the channel, a row of the control arm, an empty file.
 *
 * Memory: per action its bytes, 36, and the action_id and 30; per customer the id and 50; 28 per
 * customer and channel in the side tables, 12 per contact near the dates of the actions.
 */
#ifndef RT_CONTACT_H
#define RT_CONTACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libretain/cap.h"
#include "libretain/moment.h"
#include "libretain/out.h"
#include "libretain/table.h"

enum { RT_CONTACT_CAPS = 8, RT_CONTACT_ACTIONS_MOST = 10000, RT_CONTACT_CHANNELS_MOST = 1000 };

/* In the order in which they are tried: the first that applies is the reason. */
enum rt_contact_verdict {
    RT_CONTACT_ALLOWED,
    RT_CONTACT_DUPLICATE,     /* an earlier action has the same action_id */
    RT_CONTACT_DONE,          /* the history has the same action_id */
    RT_CONTACT_SUPPRESSED,    /* the customer, or the channel of the customer */
    RT_CONTACT_NO_ATTRIBUTES, /* the table of attributes does not have the customer */
    RT_CONTACT_NO_ADDRESS,    /* for messages: no e-mail address, or none that can be written to */
    RT_CONTACT_NO_CHANNEL,    /* none that is stated, and none that may be chosen */
    RT_CONTACT_NO_CONSENT,    /* for the channel */
    RT_CONTACT_OTHER_CHANNEL, /* for messages: not email */
    RT_CONTACT_WINDOW,        /* another message, or one of better priority, is too near */
    RT_CONTACT_CAP,           /* a cap is reached */
    RT_CONTACT_CONTROL,       /* the customer is in the control arm; all else allows it */
    RT_CONTACT_VERDICTS
};

struct rt_contact_rules {
    struct rt_opening opening;
    struct rt_cap window; /* days 0: none */
    struct rt_cap caps[RT_CONTACT_CAPS];
    const char *cap_names[RT_CONTACT_CAPS]; /* as the user wrote them, for the reason */
    size_t cap_count;
    bool ask_consent; /* false: consent is taken for given, but for an explicit no */
    bool need_address;
    int threads; /* 1 or 2 */
};

struct rt_contact;

/*
 * Reads the actions of a table that is behind its header. The rules must outlive the result. Never
 * NULL: trouble shows as rt_contact_message.
 */
struct rt_contact *rt_contact_read(struct rt_table *table, const struct rt_contact_rules *rules,
                                   char delimiter);
void rt_contact_free(struct rt_contact *contact);
/* What went wrong, or NULL; until the next call. */
const char *rt_contact_message(const struct rt_contact *contact);

/*
 * Read a file beside the actions, as `like` says; each may be called any number of times. 0, or -1
 * with a message. `allow_empty`: a table without rows is no error.
 */
int rt_contact_consent(struct rt_contact *contact, const struct rt_table_args *like,
                       const char *file, bool allow_empty);
int rt_contact_suppress(struct rt_contact *contact, const struct rt_table_args *like,
                        const char *file, bool allow_empty);
int rt_contact_history(struct rt_contact *contact, const struct rt_table_args *like,
                       const char *file);
/* Contacts from which a channel is chosen where an action has none; `response` is an event. */
int rt_contact_responses(struct rt_contact *contact, const struct rt_table_args *like,
                         const char *file, const char *response);
/* Columns that are joined to the actions; only once. */
int rt_contact_attributes(struct rt_contact *contact, const struct rt_table_args *like,
                          const char *file);

/* Gives every action its verdict. 0, or -1 with a message. */
int rt_contact_decide(struct rt_contact *contact);

/* How the actions that may go out are written. */
enum rt_contact_format { RT_CONTACT_CSV, RT_CONTACT_JSONL, RT_CONTACT_MBOX };

/*
 * Writes the actions that may go out, in the order in which they came, and, unless it is NULL, the
 * others to `denied`. `sender` is that of messages, checked by rt_message_sender_fault. 0, or -1
 * with a message: a column would be there twice.
 */
int rt_contact_write(struct rt_contact *contact, enum rt_contact_format format, const char *sender,
                     struct rt_out *out, struct rt_out *denied);

/* How many actions have a verdict, and what it is called in the column `denied`. */
uint64_t rt_contact_count(const struct rt_contact *contact, enum rt_contact_verdict verdict);
const char *rt_contact_verdict_name(enum rt_contact_verdict verdict);

#endif
