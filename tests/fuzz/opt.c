/*
 * Any words on the command line: parsing them twice gives the same, and what is refused is refused
 * with a message of one line.
 */
#include "libretain/opt.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct args {
    bool verbose;
    int64_t bins;
    double margin;
    rt_day as_of;
    rt_choice period;
    char delimiter;
    struct rt_names by;
    struct rt_pairs map;
    struct rt_texts keep;
};

static const struct rt_opt options[] = {
    {RT_OPT(struct args, verbose), .letter = 'v', .name = "verbose", .help = ""},
    {RT_OPT(struct args, bins), .letter = 'b', .name = "bins", .value = "N", .help = "", .least = 2,
     .most = 9},
    {RT_OPT(struct args, margin), .name = "margin", .value = "SHARE", .help = ""},
    {RT_OPT(struct args, as_of), .name = "as-of", .value = "DATE", .help = ""},
    {RT_OPT(struct args, period), .name = "period", .value = "day|week|month", .help = ""},
    {RT_OPT(struct args, delimiter), .letter = 'd', .name = "delimiter", .value = "C", .help = ""},
    {RT_OPT(struct args, by), .name = "by", .value = "COLUMN,...", .help = ""},
    {RT_OPT(struct args, map), .name = "map", .value = "NAME=COLUMN,...", .help = ""},
    {RT_OPT(struct args, keep), .name = "keep", .value = "TEXT", .help = ""},
    RT_OPT_LAST,
};

enum { WORDS = 12 };

/* The input cut at its line ends into words. */
static int split(char *bytes, char **words)
{
    static char name[] = "rt-fuzz";
    int count = 0;
    words[count++] = name;
    char *rest = NULL;
    for (char *word = strtok_r(bytes, "\n", &rest); word != NULL && count < WORDS;
         word = strtok_r(NULL, "\n", &rest))
        words[count++] = word;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int found[2];
    struct args args[2];
    char *bytes[2];
    for (int i = 0; i < 2; i++) {
        bytes[i] = malloc(size + 1);
        if (bytes[i] == NULL)
            abort();
        memcpy(bytes[i], data, size);
        bytes[i][size] = '\0';
        char *words[WORDS], fault[120] = "";
        const int count = split(bytes[i], words);
        memset(&args[i], 0, sizeof args[i]);
        found[i] = rt_opt_parse(options, &args[i], count, words, fault, sizeof fault);
        if ((found[i] < 0) != (fault[0] != '\0') || found[i] >= count)
            abort();
    }
    if (found[0] != found[1] || args[0].bins != args[1].bins ||
        args[0].by.count != args[1].by.count || args[0].keep.count != args[1].keep.count)
        abort();
    if (found[0] >= 0 && args[0].bins != 0 && (args[0].bins < 2 || args[0].bins > 9))
        abort();
    for (int i = 0; i < 2; i++) {
        rt_opt_free(options, &args[i]);
        free(bytes[i]);
    }
    return 0;
}
