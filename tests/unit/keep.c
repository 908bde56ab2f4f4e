#include "libretain/keep.h"

#include <stdio.h>
#include <unistd.h>

#include "tests/unit/unit.h"

/* Rows with and without quotes, empty cells, CRLF, and one that needs quotes again. */
static const char text[] = "a,b,c\n"
                           "1,2,3\n"
                           ",,\n"
                           "\"x\",\"\",\"say \"\"hi\"\", twice\"\n"
                           "4,5,\r\n"
                           "\"two\nlines\",,6\n";
static const char *const expected[5][3] = {{"1", "2", "3"},
                                           {"", "", ""},
                                           {"x", "", "say \"hi\", twice"},
                                           {"4", "5", ""},
                                           {"two\nlines", "", "6"}};
static const char written[] = "1,2,3\n"
                              ",,\n"
                              "x,,\"say \"\"hi\"\", twice\"\n"
                              "4,5,\n"
                              "\"two\nlines\",,6\n";

static void keep_all(struct rt_keep *keep, char *path)
{
    const int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, sizeof text - 1), (int)sizeof text - 1);
    close(file);
    const struct rt_table_args args = {.delimiter = ',', .block = RT_BLOCK_BYTES};
    struct rt_table *table = rt_table_open_beside(&args, path);
    rt_keep_init(keep, 3, ',');
    while (rt_table_next(table) > 0)
        rt_keep_add(keep, table);
    ck_assert_ptr_null(rt_table_message(table));
    rt_table_close(table);
}

START_TEST(rows_come_back_as_they_went_in)
{
    char path[] = "/tmp/retain-keep.XXXXXX";
    struct rt_keep keep;
    keep_all(&keep, path);
    ck_assert_uint_eq(keep.count, 5);
    for (size_t row = 0; row < keep.count; row++) {
        struct rt_text found[3];
        rt_keep_cells(&keep, row, found);
        for (int i = 0; i < 3; i++)
            ck_assert(rt_text_is(found[i], expected[row][i]));
    }
    rt_keep_clear(&keep);
    ck_assert_uint_eq(keep.count, 0);
    rt_keep_free(&keep);
    unlink(path);
}
END_TEST

START_TEST(rows_are_written_with_the_quotes_they_need)
{
    char path[] = "/tmp/retain-keep.XXXXXX", read[sizeof written + 1];
    struct rt_keep keep;
    keep_all(&keep, path);
    struct rt_out out;
    rt_out_open_file(&out, path, ',');
    for (size_t row = 0; row < keep.count; row++) {
        rt_keep_write(&keep, row, &out);
        rt_out_end(&out);
    }
    rt_out_finish(&out);
    rt_keep_free(&keep);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fread(read, 1, sizeof read, file), sizeof written - 1);
    ck_assert_mem_eq(read, written, sizeof written - 1);
    fclose(file);
    unlink(path);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keep");
    TCase *cases = tcase_create("keep");
    tcase_add_test(cases, rows_come_back_as_they_went_in);
    tcase_add_test(cases, rows_are_written_with_the_quotes_they_need);
    suite_add_tcase(suite, cases);
    return unit_run(suite);
}
