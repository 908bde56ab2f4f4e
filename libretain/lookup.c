#include "libretain/lookup.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

void rt_lookup_expect_portable(const struct rt_map *map, const struct rt_feed_row *rows,
                               size_t count, void **expected)
{
    const struct rt_map copy = *map; /* which no store to `expected` changes */
    for (size_t i = 0; i < count; i++)
        expected[i] = rt_map_expect(&copy, rows[i].hash);
}

#if defined(__x86_64__)

#define TARGET_512 __attribute__((target("avx512f,bmi")))

TARGET_512 static void expect_avx512(const struct rt_map *map, const struct rt_feed_row *rows,
                                     size_t count, void **expected)
{
    const struct rt_map copy = *map;
    const __m512i mask = _mm512_set1_epi32((int)~copy.place_mask);
    for (size_t i = 0; i < count; i++) {
        const uint32_t *bucket = &copy.slots[rt_map_home(&copy, rows[i].hash)];
        const __m512i mark = _mm512_set1_epi32((int)rt_map_mark(&copy, rows[i].hash));
        const __m512i differ = _mm512_xor_si512(_mm512_load_si512(bucket), mark);
        expected[i] = rt_map_expect_among(&copy, bucket, _mm512_testn_epi32_mask(differ, mask));
    }
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("bmi");
}

#endif

void rt_lookup_expect(const struct rt_map *map, const struct rt_feed_row *rows, size_t count,
                      void **expected)
{
#if defined(__x86_64__)
    if (has_avx512()) {
        expect_avx512(map, rows, count, expected);
        return;
    }
#endif
    rt_lookup_expect_portable(map, rows, count, expected);
}
