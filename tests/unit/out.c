#include "libretain/out.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libretain/day.h"
#include "unit.h"

static char name[64];

static void set_up(void)
{
    snprintf(name, sizeof name, "/tmp/retain-out.XXXXXX");
    const int descriptor = mkstemp(name);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    unlink(name);
}

static void tear_down(void)
{
    unlink(name);
}

/* What the file holds, cut off at the size of the buffer. */
static const char *content(void)
{
    static char bytes[4096];
    FILE *file = fopen(name, "rb");
    ck_assert_ptr_nonnull(file);
    const size_t length = fread(bytes, 1, sizeof bytes - 1, file);
    fclose(file);
    bytes[length] = '\0';
    return bytes;
}

START_TEST(quotes_only_what_must_be)
{
    struct rt_out out;
    rt_out_open_file(&out, name, ';');
    static const char *const cells[] = {"plain", "a,b",  "a;b", "say \"x\"",
                                        "l\nf",  "c\rr", " s ", ""};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        rt_out_string(&out, cells[i]);
    rt_out_end(&out);
    rt_out_empty(&out);
    rt_out_end(&out); /* one empty cell alone must not look like an empty line */
    rt_out_finish(&out);
    ck_assert_str_eq(content(),
                     "plain;a,b;\"a;b\";\"say \"\"x\"\"\";\"l\nf\";\"c\rr\"; s ;\n\"\"\n");
}
END_TEST

/* Every byte at every place of texts of any length, for delimiters below and above letters. */
START_TEST(quotes_each_byte_at_each_place)
{
    static const char delimiters[] = {',', ';', '\t', '|'};
    struct rt_out out;
    rt_out_open_memory(&out, delimiters[_i]);
    for (size_t length = 1; length <= 20; length++)
        for (size_t at = 0; at < length; at++)
            for (int byte = 1; byte < 256; byte++) {
                char text[20];
                memset(text, 'x', length);
                text[at] = (char)byte;
                out.used = 0;
                rt_out_text(&out, (struct rt_text){text, length});
                const bool quoted =
                    byte == delimiters[_i] || byte == '"' || byte == '\n' || byte == '\r';
                ck_assert_uint_eq(out.used, length + 1 + (quoted ? 2 : 0) + (byte == '"' ? 1 : 0));
                ck_assert_int_eq(out.buffer[0] == '"', quoted);
                if (!quoted)
                    ck_assert_mem_eq(out.buffer, text, length);
            }
    rt_out_free(&out);
}
END_TEST

/* Records put at a place of the caller's are those that are written field by field. */
START_TEST(puts_what_it_writes)
{
    enum { RECORDS = 20000, MOST = 1024 }; /* more than a buffer */
    static const char *const texts[] = {"", "a", "seven77", "a \"quote\"",
                                        "a customer of 22 bytes"};
    struct rt_out written, put;
    rt_out_open_memory(&written, ',');
    rt_out_open_memory(&put, ',');
    for (int i = 0; i < RECORDS; i++) {
        const struct rt_text text = rt_text(texts[i % 5]);
        const struct rt_decimal money = {i * INT64_C(977) - 5000, i % 3};
        const int32_t day = i % 7 == 0 ? RT_DAY_NONE : i;
        const double real = i % 11 == 0 ? NAN : i / 7.0;
        rt_out_text(&written, text);
        rt_out_whole(&written, i - 50);
        rt_out_day(&written, day);
        rt_out_decimal(&written, money);
        rt_out_real(&written, real, i % 4 - 1);
        rt_out_empty(&written);
        rt_out_end(&written);
        char *at = rt_out_begin(&put, MOST);
        at = rt_out_put_text(&put, at, text);
        at = rt_out_put_whole(&put, at, i - 50);
        at = rt_out_put_day(&put, at, day);
        at = rt_out_put_decimal(&put, at, money);
        at = rt_out_put_real(&put, at, real, i % 4 - 1);
        at = rt_out_put_empty(&put, at);
        rt_out_end_at(&put, at);
    }
    ck_assert_uint_gt(put.used, 3 * 256 << 10);
    ck_assert_uint_eq(put.used, written.used);
    ck_assert_mem_eq(put.buffer, written.buffer, put.used);
    rt_out_free(&put);
    rt_out_free(&written);
}
END_TEST

START_TEST(writes_numbers_and_days)
{
    struct rt_out out;
    rt_out_open_file(&out, name, ',');
    rt_out_whole(&out, INT64_MIN);
    rt_out_day(&out, 0);
    rt_out_day(&out, RT_DAY_NONE);
    rt_out_decimal(&out, (struct rt_decimal){-1250, 2});
    rt_out_real(&out, 0.1, -1);
    rt_out_real(&out, NAN, -1);
    rt_out_real(&out, INFINITY, 2);
    rt_out_real(&out, 2.0 / 3, 3);
    rt_out_raw(&out, rt_text("x,\"y\""));
    rt_out_end(&out);
    rt_out_finish(&out);
    ck_assert_str_eq(content(), "-9223372036854775808,1970-01-01,,-12.50,0.1,,,0.667,x,\"y\"\n");
}
END_TEST

/* The file is not there before it is finished, nor is its old content lost. */
START_TEST(appears_whole)
{
    struct rt_out out;
    rt_out_open_file(&out, name, ',');
    for (int i = 0; i < 200000; i++) {
        rt_out_whole(&out, i);
        rt_out_end(&out);
    }
    ck_assert_int_ne(access(name, F_OK), 0);
    rt_out_finish(&out);
    struct stat status;
    ck_assert_int_eq(stat(name, &status), 0);
    ck_assert_int_eq(status.st_size, 10 * 2 + 90 * 3 + 900 * 4 + 9000 * 5 + 90000 * 6 + 100000 * 7);
}
END_TEST

START_TEST(moves_records_made_aside)
{
    struct rt_out out, aside;
    rt_out_open_file(&out, name, ',');
    rt_out_open_memory(&aside, ',');
    rt_out_string(&out, "first");
    rt_out_end(&out);
    for (int i = 0; i < 100000; i++) {
        rt_out_string(&aside, "second");
        rt_out_end(&aside);
    }
    rt_out_move(&out, &aside);
    rt_out_string(&aside, "third");
    rt_out_end(&aside);
    rt_out_move(&out, &aside);
    rt_out_string(&out, "last");
    rt_out_end(&out);
    rt_out_free(&aside);
    rt_out_finish(&out);
    struct stat status;
    ck_assert_int_eq(stat(name, &status), 0);
    ck_assert_int_eq(status.st_size, 6 + 7 * 100000 + 6 + 5);
    ck_assert_int_eq(strncmp(content(), "first\nsecond\nsecond\n", 20), 0);
}
END_TEST

/* A record longer than the buffer, between others. */
START_TEST(takes_long_records)
{
    enum { LENGTH = 1 << 20 };
    char *text = malloc(LENGTH);
    ck_assert_ptr_nonnull(text);
    memset(text, '"', LENGTH);
    struct rt_out out;
    rt_out_open_file(&out, name, ',');
    rt_out_string(&out, "a");
    rt_out_end(&out);
    rt_out_text(&out, (struct rt_text){text, LENGTH});
    rt_out_end(&out);
    rt_out_finish(&out);
    struct stat status;
    ck_assert_int_eq(stat(name, &status), 0);
    ck_assert_int_eq(status.st_size, 2 + 2 * LENGTH + 3);
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("out");
    TCase *tests = tcase_create("out");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, quotes_only_what_must_be);
    tcase_add_loop_test(tests, quotes_each_byte_at_each_place, 0, 4);
    tcase_add_test(tests, puts_what_it_writes);
    tcase_add_test(tests, writes_numbers_and_days);
    tcase_add_test(tests, appears_whole);
    tcase_add_test(tests, moves_records_made_aside);
    tcase_add_test(tests, takes_long_records);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
