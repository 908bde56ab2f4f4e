#include "libretain/scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

enum { MOST = 700 };

struct index {
    uint32_t ends[MOST + RT_SCAN_SLACK + 1];
    struct rt_scan scan;
};

static void scan(enum rt_scan_kind kind, const char *bytes, size_t from, size_t to,
                 struct index *index)
{
    memset(index, 0xee, sizeof *index);
    index->scan.ends = index->ends + 1;
    rt_scan(kind, bytes, from, to, ',', &index->scan);
}

/* The whole records of a kind and of the portable one are the same, and so is where they stopped.
 */
static void check_kind(enum rt_scan_kind kind, const char *bytes, size_t from, size_t to)
{
    static struct index best, plain;
    scan(kind, bytes, from, to, &best);
    scan(RT_SCAN_PORTABLE, bytes, from, to, &plain);
    ck_assert_uint_eq(best.scan.row_count, plain.scan.row_count);
    ck_assert_uint_eq(best.scan.end_count, plain.scan.end_count);
    ck_assert_uint_eq(best.scan.stopped, plain.scan.stopped);
    ck_assert_mem_eq(best.scan.ends, plain.scan.ends, best.scan.end_count * sizeof(uint32_t));
    if (plain.scan.quoted)
        ck_assert(best.scan.quoted);
    if (plain.scan.returns)
        ck_assert(best.scan.returns);
    if (plain.scan.high)
        ck_assert(best.scan.high);
}

static void check_same(const char *bytes, size_t from, size_t to)
{
    check_kind(RT_SCAN_AUTO, bytes, from, to);
    check_kind(RT_SCAN_AVX2, bytes, from, to);
}

START_TEST(splits_fields_and_records)
{
    static const char bytes[] = "a,bc\n\"x,\ny\",\"\"\"\"\r\n\n,\n";
    struct index index;
    scan(RT_SCAN_AUTO, bytes, 0, sizeof bytes - 1, &index);
    static const uint32_t ends[] = {1, 4, 11, 17, 18, 19, 20};
    ck_assert_uint_eq(index.scan.end_count, 7);
    ck_assert_uint_eq(index.scan.row_count, 4);
    ck_assert_mem_eq(index.scan.ends, ends, sizeof ends);
    ck_assert_uint_eq(index.scan.stopped, sizeof bytes - 1);
    ck_assert(index.scan.quoted && index.scan.returns && !index.scan.high);
}
END_TEST

/* What it must not decide on, and where it stops. */
START_TEST(stops_at_what_is_libcsvs)
{
    static const struct {
        const char *text;
        size_t length, stopped;
    } cases[] = {
        {"a\"b,c\n", 6, 1},   {"\"a\"x,c\n", 7, 3}, {" \"a\",c\n", 7, 1}, {"a\rb,c\n", 6, 2},
        {"a\0b\n", 4, 1},     {"\"a\" ,b\n", 7, 3}, {"\ra\n", 3, 1},      {"a\r\r\n", 4, 2},
        {"\"a\"\rb\n", 6, 4}, {"\"\0\"\n", 4, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int kind = RT_SCAN_AUTO; kind <= RT_SCAN_AVX2; kind++) {
            struct index index;
            if (kind == RT_SCAN_OFF)
                continue;
            scan((enum rt_scan_kind)kind, cases[i].text, 0, cases[i].length, &index);
            ck_assert_uint_eq(index.scan.stopped, cases[i].stopped);
            ck_assert_uint_eq(index.scan.row_count, 0);
        }
}
END_TEST

/* Random texts of the bytes that matter, at every length around the 64 of a block. */
START_TEST(kinds_agree)
{
    static const char letters[] = "aaaa,,,\n\n\"\"\r\0\xc3";
    srand(7);
    char bytes[MOST];
    for (int round = 0; round < 40000; round++) {
        const size_t length = (size_t)rand() % 300;
        const int rare = rand() % 4;
        for (size_t i = 0; i < length; i++) {
            const size_t kinds = rare == 0 ? sizeof letters - 1 : rare == 1 ? 11 : 9;
            bytes[i] = letters[(size_t)rand() % kinds];
        }
        check_same(bytes, 0, length);
        check_same(bytes, length / 3, length);
    }
}
END_TEST

/* Well-formed quoted fields across the edges of blocks, so that all of it is understood. */
START_TEST(quoted_records_are_understood)
{
    for (size_t pad = 0; pad < 140; pad++) {
        char bytes[MOST];
        size_t length = 0;
        for (size_t i = 0; i < pad; i++)
            bytes[length++] = 'p';
        static const char rest[] = ",\"q\"\"\"\"r,\n\",\"\"\r\n\"end\"\n";
        memcpy(bytes + length, rest, sizeof rest - 1);
        length += sizeof rest - 1;
        check_same(bytes, 0, length);
        struct index index;
        scan(RT_SCAN_AUTO, bytes, 0, length, &index);
        ck_assert_uint_eq(index.scan.stopped, length);
        ck_assert_uint_eq(index.scan.row_count, 2);
        ck_assert_uint_eq(index.scan.end_count, 4);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scan");
    TCase *tests = tcase_create("scan");
    tcase_add_test(tests, splits_fields_and_records);
    tcase_add_test(tests, stops_at_what_is_libcsvs);
    tcase_add_test(tests, kinds_agree);
    tcase_add_test(tests, quoted_records_are_understood);
    suite_add_tcase(suite, tests);
    return unit_run(suite);
}
