/*
 * Whatever text is accepted as an expression is one expression: it changes nothing about its
 * neighbours in the statement, and it never holds together with its negation.
 */
#include <stdint.h>
#include <stdlib.h>

#include "libretain/expr.h"

enum { WIDTH = 4 };

static const char *const columns[WIDTH] = {"orders", "revenue", "city", "odd \"name\""};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

/* The text up to a byte 255 is the expression, what follows is a cell. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length = 0;
    while (length < size && data[length] != 255)
        length++;
    const struct rt_text text = {(const char *)data, length};
    const size_t rest = length < size ? size - length - 1 : 0;
    const struct rt_text cell = {(const char *)data + size - rest, rest};
    const struct rt_text cells[WIDTH] = {rt_text("12"), rt_text("99.50"), cell, cell};

    char *negation = malloc(length + 8);
    if (negation == NULL)
        return 0;
    memcpy(negation, "NOT (", 5);
    if (length > 0)
        memcpy(negation + 5, data, length);
    memcpy(negation + 5 + length, "\n)", 2);
    const struct rt_text texts[] = {text, rt_text("1"), {negation, length + 7}, rt_text("0")};

    struct rt_expr *first = rt_expr_new(RT_EXPR_FIRST, columns, WIDTH, texts, 2);
    struct rt_expr *each = rt_expr_new(RT_EXPR_EACH, columns, WIDTH, texts, 4);
    for (int row = 0; row < 2 && rt_expr_message(each) == NULL; row++) {
        expect(rt_expr_message(first) == NULL);
        bool holds[4];
        if (rt_expr_each(each, cells, holds) != 0)
            break;
        expect(holds[1] && !holds[3] && !(holds[0] && holds[2]));
        size_t which;
        expect(rt_expr_first(first, cells, &which) == 0);
        expect(which == (holds[0] ? 0 : 1));
    }
    rt_expr_free(each);
    rt_expr_free(first);
    free(negation);
    return 0;
}
