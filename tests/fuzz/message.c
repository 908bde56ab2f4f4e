/*
 * Whatever the cells are, a row is one line of JSON that ends where it should, and a message is
 * ASCII of short lines of which only the first begins with "From ".
 */
#include <stdint.h>
#include <stdlib.h>

#include "libretain/message.h"
#include "tests/fuzz/take.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

/* No byte below space, and every quote within strings escaped: they are opened and closed in turn.
 */
static void check_json(const struct rt_message *message)
{
    bool open = false;
    for (size_t i = 0; i < message->used; i++) {
        const unsigned char byte = (unsigned char)message->bytes[i];
        expect(byte >= 0x20);
        if (open && byte == '\\')
            i++;
        else if (byte == '"')
            open = !open;
    }
    expect(!open && message->bytes[0] == '{' && message->bytes[message->used - 1] == '}');
}

static void check_mail(const struct rt_message *message)
{
    bool body = false;
    for (size_t at = 0, lines = 0; at < message->used; lines++) {
        const char *line = message->bytes + at;
        const char *end = memchr(line, '\n', message->used - at);
        expect(end != NULL);
        const size_t length = (size_t)(end - line);
        expect(length <= 320 && (!body || length <= 76));
        expect((length >= 5 && memcmp(line, "From ", 5) == 0) == (lines == 0));
        for (size_t i = 0; i < length; i++)
            expect((line[i] >= ' ' && line[i] <= '~') || (body && line[i] == '\t'));
        expect(!body || length == 0 || (line[length - 1] != ' ' && line[length - 1] != '\t'));
        body |= length == 0;
        at += length + 1;
    }
    expect(body);
}

/* Name, subject, id, address, a column and its cell, between line ends but for the last. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rt_text rest = {(const char *)data, size};
    struct rt_mail mail = {.sender = rt_text("Shop <shop@example.org>"), .when = {20000, 600}};
    mail.name = take(&rest, '\0');
    mail.subject = take(&rest, '\0');
    mail.id = take(&rest, '\0');
    mail.address = take(&rest, '\0');
    const struct rt_text column = take(&rest, '\0');
    if (!rt_message_is_address(mail.address))
        mail.address = rt_text("a@b");
    char *name = malloc(column.length + 1);
    expect(name != NULL);
    if (column.length > 0)
        memcpy(name, column.at, column.length);
    name[column.length] = '\0';
    const char *const names[] = {name, "From here"};
    const struct rt_text cells[] = {rest, mail.subject};
    struct rt_message message = {0};
    rt_message_json(&message, names, cells, 2);
    check_json(&message);
    rt_message_mail(&message, &mail, names, cells, 2);
    check_mail(&message);
    rt_message_free(&message);
    free(name);
    return 0;
}
