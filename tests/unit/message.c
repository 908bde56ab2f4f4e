#include "libretain/message.h"

#include "tests/unit/unit.h"

static void is_json(const char *cell, const char *expected)
{
    struct rt_message message = {0};
    const char *const names[] = {"a"};
    const struct rt_text cells[] = {rt_text(cell)};
    rt_message_json(&message, names, cells, 1);
    const struct rt_text made = {message.bytes, message.used};
    ck_assert_msg(rt_text_is(made, expected), "%.*s", (int)made.length, made.at);
    rt_message_free(&message);
}

START_TEST(cells_as_json)
{
    is_json("", "{\"a\":null}");
    is_json("007", "{\"a\":\"007\"}");
    is_json("say \"hi\"\\", "{\"a\":\"say \\\"hi\\\"\\\\\"}");
    is_json("1\n2\r3\t4\x01\x1f\x7f", "{\"a\":\"1\\n2\\u000D3\\u00094\\u0001\\u001F\x7f\"}");
    is_json("\xc3\xbc\xf0\x9f\x98\x80", "{\"a\":\"\xc3\xbc\xf0\x9f\x98\x80\"}");
}
END_TEST

START_TEST(names_as_json)
{
    struct rt_message message = {0};
    const char *const names[] = {"say \"a\"", "b"};
    const struct rt_text cells[] = {rt_text("1"), rt_text("")};
    rt_message_json(&message, names, cells, 2);
    const struct rt_text made = {message.bytes, message.used};
    ck_assert(rt_text_is(made, "{\"say \\\"a\\\"\":\"1\",\"b\":null}"));
    rt_message_json(&message, names, cells, 0);
    ck_assert(rt_text_is((struct rt_text){message.bytes, message.used}, "{}"));
    rt_message_free(&message);
}
END_TEST

START_TEST(what_is_an_address)
{
    static const char *const good[] = {"a@b", "a.b+c@example.org", "o'neil_x=1@sub.example.org"};
    static const char *const bad[] = {
        "",        "@",       "a@",         "@b",    "a",           "a@b@c",
        "a b@c",   "a@b,c@d", "<a@b>",      "a@b\n", "a@b\r\nX: y", "\"a\"@b",
        "a@[1.2]", "a(x)@b",  "\xc3\xbc@b", "a@b;",  "a\\@b",       "a@b\x7f"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(rt_message_is_address(rt_text(good[i])), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!rt_message_is_address(rt_text(bad[i])), "%s", bad[i]);
    char text[300];
    memset(text, 'a', sizeof text);
    text[1] = '@';
    ck_assert(rt_message_is_address((struct rt_text){text, 254}));
    ck_assert(!rt_message_is_address((struct rt_text){text, 255}));
    ck_assert(rt_message_is_sender(rt_text("a@b")));
    ck_assert(rt_message_is_sender(rt_text("A B <a@b>")));
    ck_assert(rt_message_is_sender(rt_text("<a@b>")));
    ck_assert(!rt_message_is_sender(rt_text("A <a@b> C")));
    ck_assert(!rt_message_is_sender(rt_text("A <a@b")));
    ck_assert(!rt_message_is_sender(rt_text("A <a@b>>")));
}
END_TEST

START_TEST(a_message)
{
    static const char expected[] = "From retain Thu Feb 29 09:05:00 2024\n"
                                   "Date: Thu, 29 Feb 2024 09:05:00 -0000\n"
                                   "From: \"A \\\"B\\\"\"\n <a@example.org>\n"
                                   "To: <c@example.org>\n"
                                   "Subject: =?UTF-8?B?w7w=?=\n"
                                   "Message-ID: <x1@retain.invalid>\n"
                                   "MIME-Version: 1.0\n"
                                   "Content-Type: text/plain; charset=UTF-8\n"
                                   "Content-Transfer-Encoding: quoted-printable\n"
                                   "\n"
                                   "=46rom : a=3D1 =20\n"
                                   "b: x\n=09\n\tFrom y\n";
    struct rt_message message = {0};
    const struct rt_mail mail = {.id = rt_text("x1"),
                                 .sender = rt_text("A \"B\" <a@example.org>"),
                                 .name = rt_text(""),
                                 .address = rt_text("c@example.org"),
                                 .subject = rt_text("\xc3\xbc"),
                                 .when = {19782, 545}};
    const char *const names[] = {"From ", "b"};
    const struct rt_text cells[] = {rt_text("a=1  "), rt_text("x\n\nFrom y")};
    rt_message_mail(&message, &mail, names, cells, 2);
    ck_assert_msg(rt_text_is((struct rt_text){message.bytes, message.used}, expected), "%.*s",
                  (int)message.used, message.bytes);
    const struct rt_text begins_with_a_line_end[] = {rt_text("\n1"), rt_text("")};
    rt_message_mail(&message, &mail, names, begins_with_a_line_end, 2);
    const struct rt_text body = rt_text("\n\n=46rom :=20\n\t1\nb:=20\n");
    ck_assert_uint_gt(message.used, body.length);
    ck_assert(rt_text_equal(
        (struct rt_text){message.bytes + message.used - body.length, body.length}, body));
    rt_message_free(&message);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("message");
    TCase *cases = tcase_create("message");
    tcase_add_test(cases, cells_as_json);
    tcase_add_test(cases, names_as_json);
    tcase_add_test(cases, what_is_an_address);
    tcase_add_test(cases, a_message);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
