/*
 * message: rows in the forms that other programs take over: JSON, and mail in mbox files.
 *
 * JSON is RFC 8259: an object a row, on one line, with the columns as names, in their order; values
 * are strings, as an id 007 is no number, and null where the cell is empty.
 *
 * A message is RFC 5322 with MIME: header fields whose texts are encoded words (RFC 2047) unless
 * they are short and plain ASCII, and a body in quoted-printable that has a line for each column.
 * So it is ASCII, its lines are short, and no line of the body begins with "From ", which is what
 * divides the messages of an mbox file (RFC 4155); nothing has to be unquoted by its reader.
 */
#ifndef RT_MESSAGE_H
#define RT_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "libretain/moment.h"
#include "libretain/text.h"

/* The bytes that were made. Begins as {0}; each function below starts anew. */
struct rt_message {
    char *bytes;
    size_t used, size;
};

void rt_message_free(struct rt_message *message);

/* A row as an object, without a line end. */
void rt_message_json(struct rt_message *message, const char *const *names,
                     const struct rt_text *cells, size_t count);

/*
 * Is it one e-mail address: plain ASCII without quotes, comments, lists and control bytes, with one
 * @ that is neither first nor last, of at most 254 bytes (RFC 5321, 4.5.3.1.3)?
 */
bool rt_message_is_address(struct rt_text text);
/* The same for `address` or `Name <address>`. */
bool rt_message_is_sender(struct rt_text text);

struct rt_mail {
    struct rt_text id;            /* by which its Message-ID is made; not empty */
    struct rt_text sender;        /* rt_message_is_sender holds */
    struct rt_text name, address; /* of the receiver; rt_message_is_address(address) holds */
    struct rt_text subject;
    struct rt_moment when;
};

/* A message of an mbox file with the cells of a row, and the empty line that ends it but for LF. */
void rt_message_mail(struct rt_message *message, const struct rt_mail *mail,
                     const char *const *names, const struct rt_text *cells, size_t count);

#endif
