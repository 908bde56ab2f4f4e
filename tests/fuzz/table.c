/*
 * Any bytes: the scanner, its plain twin and libcsv alone must give the same rows and the same
 * trouble, whatever the size of the blocks. A row refused and resumed must leave the rest alone.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libretain/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A block that holds any input here, without the cost of the usual size. */
enum { LARGE = 8192 };

struct text {
    char *bytes;
    size_t used, size;
};

static void put(struct text *text, const char *bytes, size_t length)
{
    if (text->used + length + 1 > text->size) {
        text->size = (text->used + length + 1) * 2;
        text->bytes = realloc(text->bytes, text->size);
        if (text->bytes == NULL)
            abort();
    }
    if (length > 0)
        memcpy(text->bytes + text->used, bytes, length);
    text->used += length;
    text->bytes[text->used] = '\0';
}

/* Cells in brackets, records raw, trouble by its message; goes on after trouble where it can. */
static void dump(const char *file, rt_choice scanner, int64_t block, bool resume, struct text *to)
{
    const struct rt_table_args args = {.delimiter = ',', .scanner = scanner, .block = block};
    char *files[] = {(char *)(uintptr_t)file, NULL};
    struct rt_table *table = rt_table_open(&args, files, 1);
    for (;;) {
        const int found = rt_table_next(table);
        if (found == 0)
            break;
        if (found < 0) {
            const char *message = rt_table_message(table);
            const struct rt_text record = rt_table_fault(table)->record;
            put(to, message, strlen(message));
            put(to, record.at, record.length);
            if (!resume || rt_table_resume(table) != 0)
                break;
            continue;
        }
        for (size_t i = 0; i < rt_table_width(table); i++) {
            const struct rt_text cell = rt_table_cell(table, i);
            put(to, "[", 1);
            put(to, cell.at, cell.length);
            put(to, "]", 1);
        }
        bool plain;
        const struct rt_text raw = rt_table_raw(table, &plain);
        put(to, raw.at, raw.length);
        put(to, "\n", 1);
    }
    rt_table_close(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char name[64];
    static FILE *file;
    if (file == NULL) {
        file = tmpfile();
        if (file == NULL)
            abort();
        snprintf(name, sizeof name, "/proc/self/fd/%d", fileno(file));
    }
    if (size == 0)
        return 0;
    const int64_t block = 4 + data[0] % 96;
    if (ftruncate(fileno(file), 0) != 0 ||
        pwrite(fileno(file), data + 1, size - 1, 0) != (ssize_t)(size - 1))
        abort();
    for (int resume = 0; resume < 2; resume++) {
        struct text first = {0};
        dump(name, 0, LARGE, resume == 1, &first);
        for (rt_choice scanner = 0; scanner < 3; scanner++)
            for (int small = 0; small < 2; small++) {
                struct text other = {0};
                dump(name, scanner, small ? block : LARGE, resume == 1, &other);
                if (first.used != other.used ||
                    (first.used > 0 && memcmp(first.bytes, other.bytes, first.used) != 0))
                    abort();
                free(other.bytes);
            }
        free(first.bytes);
    }
    return 0;
}
