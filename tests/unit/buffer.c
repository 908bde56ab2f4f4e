#include "libretain/buffer.h"

#include "tests/unit/unit.h"

START_TEST(grows)
{
    struct rt_buffer buffer = {0};
    ck_assert_uint_eq(rt_buffer_get(&buffer).length, 0);
    for (int i = 0; i < 1000; i++)
        rt_buffer_format(&buffer, "%03d;", i);
    rt_buffer_repeat(&buffer, "ab", 2);
    const struct rt_text text = rt_buffer_get(&buffer);
    ck_assert_uint_eq(text.length, 4004);
    ck_assert(memcmp(text.at + 3996, "999;abab", 8) == 0);
    rt_buffer_clear(&buffer);
    ck_assert_uint_eq(rt_buffer_get(&buffer).length, 0);
    rt_buffer_free(&buffer);
}
END_TEST

START_TEST(escapes_for_xml)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"<script>alert(\"1\")</script>", "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;"},
        {"a&b'c", "a&amp;b&#39;c"},
        {"a\tb\nc", "a b c"},
        {"\033\x7f", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc2\x85x", "\xef\xbf\xbdx"},
        {"\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xe7\x94\xb0\xc2\xa0", "\xe7\x94\xb0\xc2\xa0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_buffer buffer = {0};
        rt_buffer_escaped(&buffer, rt_text(cases[i].from));
        ck_assert_msg(rt_text_is(rt_buffer_get(&buffer), cases[i].to), "%s", cases[i].to);
        rt_buffer_free(&buffer);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("buffer");
    TCase *tests = tcase_create("buffer");
    tcase_add_test(tests, grows);
    tcase_add_test(tests, escapes_for_xml);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
