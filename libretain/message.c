#include "libretain/message.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "libretain/day.h"
#include "libretain/err.h"
#include "libretain/stamp.h"

enum {
    ADDRESS_BYTES = 254,
    PLAIN_BYTES = 60, /* of a text that goes into a header field as it is */
    WORD_BYTES = 39,  /* of a text in one encoded word, so that it fits behind a field's name */
    LINE_BYTES = 76   /* of quoted-printable */
};

static char *room(struct rt_message *message, size_t length)
{
    const size_t size = rt_grown(message->size, message->used + length);
    if (size != 0) {
        message->bytes = rt_realloc(message->bytes, size, 1);
        message->size = size;
    }
    return message->bytes + message->used;
}

static void add_byte(struct rt_message *message, char byte)
{
    *room(message, 1) = byte;
    message->used++;
}

static void add_text(struct rt_message *message, struct rt_text text)
{
    if (text.length > 0)
        memcpy(room(message, text.length), text.at, text.length);
    message->used += text.length;
}

static void add(struct rt_message *message, const char *string)
{
    add_text(message, rt_text(string));
}

void rt_message_free(struct rt_message *message)
{
    free(message->bytes);
    *message = (struct rt_message){0};
}

static char hexadecimal(unsigned value)
{
    return "0123456789ABCDEF"[value & 15];
}

/* JSON -----------------------------------------------------------------------------------------
 */

static void add_string(struct rt_message *message, struct rt_text text)
{
    add_byte(message, '"');
    for (size_t i = 0; i < text.length; i++) {
        const unsigned char byte = (unsigned char)text.at[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\') {
            add_byte(message, (char)byte);
            continue;
        }
        add_byte(message, '\\');
        if (byte == '"' || byte == '\\') {
            add_byte(message, (char)byte);
        } else if (byte == '\n') {
            add_byte(message, 'n');
        } else {
            add(message, "u00");
            add_byte(message, hexadecimal(byte >> 4));
            add_byte(message, hexadecimal(byte));
        }
    }
    add_byte(message, '"');
}

void rt_message_json(struct rt_message *message, const char *const *names,
                     const struct rt_text *cells, size_t count)
{
    message->used = 0;
    for (size_t i = 0; i < count; i++) {
        add(message, i == 0 ? "{" : ",");
        add_string(message, rt_text(names[i]));
        add_byte(message, ':');
        if (cells[i].length == 0)
            add(message, "null");
        else
            add_string(message, cells[i]);
    }
    add(message, count == 0 ? "{}" : "}");
}

/* Header fields --------------------------------------------------------------------------------
 */

static bool printable(char byte)
{
    return byte >= ' ' && byte <= '~';
}

bool rt_message_is_address(struct rt_text text)
{
    size_t signs = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (!printable(text.at[i]) || strchr(" \"(),:;<>[\\]", text.at[i]) != NULL)
            return false;
        signs += text.at[i] == '@';
    }
    return signs == 1 && text.length <= ADDRESS_BYTES && text.at[0] != '@' &&
           text.at[text.length - 1] != '@';
}

/* The parts of `Name <address>`; the name is empty where there is an address alone. */
static void split_sender(struct rt_text text, struct rt_text *name, struct rt_text *address)
{
    *name = rt_text("");
    *address = text;
    const char *open = text.length > 0 ? memchr(text.at, '<', text.length) : NULL;
    if (open == NULL || text.at[text.length - 1] != '>')
        return;
    *name = (struct rt_text){text.at, (size_t)(open - text.at)};
    while (name->length > 0 && name->at[name->length - 1] == ' ')
        name->length--;
    *address = (struct rt_text){open + 1, text.length - (size_t)(open - text.at) - 2};
}

bool rt_message_is_sender(struct rt_text text)
{
    struct rt_text name, address;
    split_sender(text, &name, &address);
    return rt_message_is_address(address);
}

static void add_base64(struct rt_message *message, struct rt_text text)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < text.length; i += 3) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < text.length ? (unsigned char)text.at[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            add_byte(message, i + k > text.length ? '=' : letters[bits >> (18 - 6 * k) & 63]);
    }
}

/* Encoded words, each of whole characters and on a line of its own. */
static void add_encoded(struct rt_message *message, struct rt_text text)
{
    for (bool first = true; text.length > 0; first = false) {
        size_t length = text.length < WORD_BYTES ? text.length : WORD_BYTES;
        while (length < text.length && length > 1 &&
               ((unsigned char)text.at[length] & 0xc0) == 0x80)
            length--;
        add(message, first ? "=?UTF-8?B?" : "\n =?UTF-8?B?");
        add_base64(message, (struct rt_text){text.at, length});
        add(message, "?=");
        text.at += length;
        text.length -= length;
    }
}

/* May the text stand in a header field as it is? */
static bool is_plain(struct rt_text text)
{
    for (size_t i = 0; i < text.length; i++)
        if (!printable(text.at[i]) ||
            (text.at[i] == '=' && i + 1 < text.length && text.at[i + 1] == '?'))
            return false;
    return text.length <= PLAIN_BYTES && text.length > 0 && text.at[0] != ' ' &&
           text.at[text.length - 1] != ' ';
}

static void add_mailbox(struct rt_message *message, const char *field, struct rt_text name,
                        struct rt_text address)
{
    add(message, field);
    if (is_plain(name)) {
        add_byte(message, '"');
        for (size_t i = 0; i < name.length; i++) {
            if (name.at[i] == '"' || name.at[i] == '\\')
                add_byte(message, '\\');
            add_byte(message, name.at[i]);
        }
        add_byte(message, '"');
    } else {
        add_encoded(message, name);
    }
    add(message, name.length > 0 ? "\n <" : "<");
    add_text(message, address);
    add(message, ">\n");
}

/* The date in both of its forms: of the line that begins the message, and of the field. */
static void add_dates(struct rt_message *message, struct rt_moment when)
{
    static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int year, month, day;
    rt_day_split(when.day, &year, &month, &day);
    const int minutes = when.minute < 0 ? 0 : when.minute;
    const char *weekday = weekdays[(when.day % 7 + 7 + 3) % 7];
    char text[160];
    snprintf(text, sizeof text,
             "From retain %s %s %2d %02d:%02d:00 %04d\nDate: %s, %02d %s %04d %02d:%02d:00 -0000\n",
             weekday, months[month - 1], day, minutes / 60, minutes % 60, year, weekday, day,
             months[month - 1], year, minutes / 60, minutes % 60);
    add(message, text);
}

/* Letters and digits as they are, anything else as its hash. */
static void add_id(struct rt_message *message, struct rt_text id)
{
    static const char known[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    bool plain = id.length <= PLAIN_BYTES;
    for (size_t i = 0; i < id.length && plain; i++)
        plain = id.at[i] != '\0' && strchr(known, id.at[i]) != NULL;
    char hash[RT_STAMP_BYTES];
    rt_stamp_hex(&id, 1, hash);
    add(message, "Message-ID: <");
    add_text(message, plain ? id : rt_text(hash));
    add(message, "@retain.invalid>\n");
}

/* Body -----------------------------------------------------------------------------------------
 */

/* The part of a line that is written so far. */
struct printing {
    struct rt_message *message;
    size_t column;
};

static void print_byte(struct printing *printing, unsigned char byte, bool last)
{
    const bool start = printing->column == 0;
    bool as_is = byte >= '!' && byte <= '~' && byte != '=';
    as_is |= (byte == ' ' || byte == '\t') && !last;
    /* Neither "From " nor a point alone may begin a line. */
    if (start && (byte == 'F' || byte == '.'))
        as_is = false;
    if (printing->column + (as_is ? 1 : 3) > LINE_BYTES - 1) {
        add(printing->message, "=\n");
        printing->column = 0;
        print_byte(printing, byte, last);
        return;
    }
    if (as_is) {
        add_byte(printing->message, (char)byte);
        printing->column++;
        return;
    }
    add_byte(printing->message, '=');
    add_byte(printing->message, hexadecimal(byte >> 4));
    add_byte(printing->message, hexadecimal(byte));
    printing->column += 3;
}

/* A line ends where a text has LF; `ends` is what stands behind the text. */
static void print_text(struct printing *printing, struct rt_text text, bool ends)
{
    for (size_t i = 0; i < text.length; i++) {
        const bool last = i + 1 == text.length ? ends : text.at[i + 1] == '\n';
        if (text.at[i] == '\n') {
            add_byte(printing->message, '\n');
            printing->column = 0;
            print_byte(printing, '\t', last);
        } else {
            print_byte(printing, (unsigned char)text.at[i], last);
        }
    }
}

void rt_message_mail(struct rt_message *message, const struct rt_mail *mail,
                     const char *const *names, const struct rt_text *cells, size_t count)
{
    message->used = 0;
    add_dates(message, mail->when);
    struct rt_text name, address;
    split_sender(mail->sender, &name, &address);
    add_mailbox(message, "From: ", name, address);
    add_mailbox(message, "To: ", mail->name, mail->address);
    add(message, "Subject: ");
    if (is_plain(mail->subject))
        add_text(message, mail->subject);
    else
        add_encoded(message, mail->subject);
    add_byte(message, '\n');
    add_id(message, mail->id);
    add(message, "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
                 "Content-Transfer-Encoding: quoted-printable\n\n");
    for (size_t i = 0; i < count; i++) {
        struct printing printing = {message, 0};
        print_text(&printing, rt_text(names[i]), false);
        print_text(&printing, rt_text(": "), cells[i].length == 0 || cells[i].at[0] == '\n');
        print_text(&printing, cells[i], true);
        add_byte(message, '\n');
    }
}
