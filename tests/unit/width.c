#include "libretain/width.h"

#include "tests/unit/unit.h"

START_TEST(measures_characters_as_readers_see_them)
{
    static const struct {
        const char *text;
        size_t width;
    } cases[] = {
        {"", 0},
        {"abc", 3},
        {"Zoe\xcc\x88", 3},                                  /* combining diaeresis */
        {"\xe7\x94\xb0\xe4\xb8\xad", 4},                     /* two ideographs */
        {"\xef\xbd\xb6", 1},                                 /* half-width katakana */
        {"\xef\xbc\xa1", 2},                                 /* full-width A */
        {"\xed\x95\x9c", 2},                                 /* a syllable of Korean */
        {"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 2},         /* the same in letters */
        {"\xf0\x9f\x98\x80", 2},                             /* a face */
        {"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7", 2}, /* a family, joined */
        {"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", 2},             /* a thumb with a skin colour */
        {"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", 2},             /* a flag of two letters */
        {"\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa\xf0\x9f\x87\xab\xf0\x9f\x87\xb7", 4}, /* two flags */
        {"\xe2\x9d\xa4\xef\xb8\x8f", 2}, /* a heart as an emoji */
        {"\xcc\x88", 0},                 /* a mark alone */
    };
    const char *text = cases[_i].text;
    ck_assert_uint_eq(rt_width(rt_text(text)), cases[_i].width);
    /* Cut to its width it is whole; to one column less, it is less. */
    ck_assert(rt_text_equal(rt_width_cut(rt_text(text), cases[_i].width), rt_text(text)));
    if (cases[_i].width > 0)
        ck_assert_uint_lt(rt_width_cut(rt_text(text), cases[_i].width - 1).length, strlen(text));
}
END_TEST

START_TEST(cuts_whole_characters)
{
    const struct rt_text text = rt_text("a\xe7\x94\xb0\xe4\xb8\xad");
    ck_assert_uint_eq(rt_width_cut(text, 2).length, 1);
    ck_assert_uint_eq(rt_width_cut(text, 3).length, 4);
    const struct rt_text marked = rt_text("e\xcc\x88x");
    ck_assert_uint_eq(rt_width_cut(marked, 1).length, 3);
}
END_TEST

static void cleans(const char *from, const char *to)
{
    struct rt_buffer once = {0}, twice = {0};
    rt_width_clean(&once, rt_text(from));
    ck_assert(rt_text_is(rt_buffer_get(&once), to));
    rt_width_clean(&twice, rt_buffer_get(&once));
    ck_assert(rt_text_is(rt_buffer_get(&twice), to));
    rt_buffer_free(&once);
    rt_buffer_free(&twice);
}

START_TEST(draws_only_itself)
{
    cleans("plain", "plain");
    cleans("\033[2J", "\xe2\x90\x9b[2J");
    cleans("a\nb\tc\x7f", "a\xe2\x90\x8a"
                          "b\xe2\x90\x89"
                          "c\xe2\x90\xa1");
    cleans("\xc2\x9b", "\xef\xbf\xbd");         /* CSI in one byte of Latin-1 */
    cleans("\xe2\x80\xaex", "\xef\xbf\xbdx");   /* right-to-left override */
    cleans("\xe2\x80\xa8", "\xef\xbf\xbd");     /* line separator */
    cleans("\xff", "\xef\xbf\xbd");             /* no UTF-8 */
    cleans("\xef\xbf\xbf", "\xef\xbf\xbd");     /* U+FFFF */
    cleans("\xf3\xa0\x81\xa7", "\xef\xbf\xbd"); /* a tag alone */
    cleans("\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7", "\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("width");
    TCase *tests = tcase_create("width");
    tcase_add_loop_test(tests, measures_characters_as_readers_see_them, 0, 15);
    tcase_add_test(tests, cuts_whole_characters);
    tcase_add_test(tests, draws_only_itself);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
