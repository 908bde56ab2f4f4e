#include "libretain/scan.h"

#include <string.h>

/*
 * The portable twin ---------------------------------------------------------------------------
 *
 * Inside quotes, and what the byte before means for this one.
 */
enum place {
    START,  /* of a field: a quote opens */
    PLAIN,  /* in a field without quotes */
    QUOTED, /* between quotes */
    CLOSED, /* right behind a closing quote */
    RETURN  /* behind a CR outside quotes: only LF may follow */
};

/* What comes after `byte` at `place`; -1 where the scanner does not understand it. */
static int next_place(enum place place, char byte, char delimiter)
{
    if (byte == '\0')
        return -1;
    if (place == QUOTED)
        return byte == '"' ? CLOSED : QUOTED;
    if (byte == '\n')
        return START;
    if (place == RETURN)
        return -1;
    if (byte == delimiter)
        return START;
    if (byte == '\r')
        return RETURN;
    if (byte == '"')
        return place == START || place == CLOSED ? QUOTED : -1;
    return place == CLOSED ? -1 : PLAIN;
}

static void scan_portable(const char *bytes, size_t from, size_t to, char delimiter,
                          struct rt_scan *scan)
{
    enum place place = START;
    for (size_t i = from; i < to; i++) {
        const char byte = bytes[i];
        const int next = next_place(place, byte, delimiter);
        if (next < 0) {
            scan->stopped = i;
            return;
        }
        if (next == START) {
            scan->ends[scan->end_count++] = (uint32_t)i;
            scan->row_count += byte == '\n';
        }
        scan->quoted |= byte == '"';
        scan->returns |= byte == '\r';
        scan->high |= (unsigned char)byte > 127;
        place = (enum place)next;
    }
    scan->stopped = to;
}

#if defined(__x86_64__)

#include <immintrin.h>

/*
 * AVX2 ----------------------------------------------------------------------------------------
 *
 * 64 bytes at a time become one bit mask for each byte that matters. Nearly all of them hold
 * neither a quote nor a CR or NUL, which one test tells. Where there are quotes, a running XOR over
 * their mask (a carry-less product with all ones) tells which bytes are inside; it may be trusted
 * only while each quote stands where it may, which is tested at both ends of each quoted field.
 */
#define TARGET __attribute__((target("avx2,bmi,bmi2,popcnt,pclmul")))

/* What the bytes before mean for the next. */
struct carry {
    uint64_t inside;      /* all ones between quotes, else 0 */
    uint64_t field_start; /* 1: the byte before was a delimiter, a line end, or there was none */
    uint64_t closed;      /* 1: it was a closing quote */
    uint64_t returned;    /* 1: it was a CR outside quotes */
};

TARGET static inline uint64_t mask_of(__m256i low, __m256i high)
{
    const uint32_t below = (uint32_t)_mm256_movemask_epi8(low);
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 | below;
}

TARGET static inline uint64_t equal_mask(__m256i low, __m256i high, char byte)
{
    const __m256i wanted = _mm256_set1_epi8(byte);
    return mask_of(_mm256_cmpeq_epi8(low, wanted), _mm256_cmpeq_epi8(high, wanted));
}

/*
 * All ones where a byte is a quote, CR or NUL. The shuffle gives for each byte the special one that
 * ends in the same four bits, or NUL, which a byte can only equal by being it.
 */
TARGET static inline __m256i special_bytes(__m256i bytes)
{
    const __m256i specials =
        _mm256_setr_epi8(0, 0, '"', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\r', 0, 0, /* and again */
                         0, 0, '"', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\r', 0, 0);
    return _mm256_cmpeq_epi8(_mm256_shuffle_epi8(specials, bytes), bytes);
}

TARGET static inline uint64_t prefix_xor(uint64_t bits)
{
    const __m128i product =
        _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), _mm_set1_epi8((char)0xff), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

struct masks {
    uint64_t newline, delimiter, quote, carriage_return, nul;
};

/* The separators outside quotes, and in *bad the bytes at which the scanner must stop. */
TARGET static inline uint64_t separators_between_quotes(const struct masks *masks,
                                                        struct carry *carry, uint64_t *bad)
{
    const uint64_t inside = prefix_xor(masks->quote) ^ carry->inside;
    const uint64_t newlines = masks->newline & ~inside;
    const uint64_t separators = newlines | (masks->delimiter & ~inside);
    const uint64_t returns = masks->carriage_return & ~inside;
    const uint64_t opens = masks->quote & inside;
    const uint64_t closes = masks->quote & ~inside;
    const uint64_t behind_close = closes << 1 | carry->closed;
    const uint64_t behind_separator = separators << 1 | carry->field_start;
    const uint64_t behind_return = returns << 1 | carry->returned;
    *bad = (opens & ~(behind_separator | behind_close)) |
           (behind_close & ~(separators | opens | returns)) | (behind_return & ~newlines) |
           masks->nul;
    carry->inside = 0 - (inside >> 63);
    carry->field_start = separators >> 63;
    carry->closed = closes >> 63;
    carry->returned = returns >> 63;
    return separators;
}

/* Writes the places of the four lowest bits, and returns the others. */
TARGET static inline uint64_t store_four(uint32_t *ends, uint32_t base, uint64_t separators)
{
    ends[0] = base + (uint32_t)_tzcnt_u64(separators);
    separators = _blsr_u64(separators);
    ends[1] = base + (uint32_t)_tzcnt_u64(separators);
    separators = _blsr_u64(separators);
    ends[2] = base + (uint32_t)_tzcnt_u64(separators);
    separators = _blsr_u64(separators);
    ends[3] = base + (uint32_t)_tzcnt_u64(separators);
    return _blsr_u64(separators);
}

/* Writes the places of the set bits: more than there are is cheaper than asking at each. */
TARGET static inline void store_ends(struct rt_scan *scan, uint32_t base, uint64_t separators)
{
    uint32_t *ends = scan->ends + scan->end_count;
    scan->end_count += (size_t)_mm_popcnt_u64(separators);
    separators = store_four(ends, base, separators);
    separators = store_four(ends + 4, base, separators);
    while (separators != 0) {
        ends += 8;
        separators = store_four(ends, base, separators);
        separators = store_four(ends + 4, base, separators);
    }
}

/*
 * A chunk of 64 bytes, of which those in `valid` count, in which there may be quotes, CR and NUL.
 * False: stopped.
 */
TARGET static bool take_special(const struct masks *masks, uint64_t valid, size_t base,
                                struct carry *carry, struct rt_scan *scan)
{
    uint64_t bad;
    uint64_t separators = separators_between_quotes(masks, carry, &bad);
    bad &= valid;
    if (bad != 0)
        separators &= _blsmsk_u64(bad) >> 1;
    scan->quoted |= masks->quote != 0;
    scan->returns |= masks->carriage_return != 0;
    scan->row_count += (size_t)_mm_popcnt_u64(separators & masks->newline);
    store_ends(scan, (uint32_t)base, separators);
    if (bad != 0)
        scan->stopped = base + (size_t)_tzcnt_u64(bad);
    return bad == 0;
}

TARGET static bool scan_special(__m256i low, __m256i high, uint64_t valid, size_t base,
                                char delimiter, struct carry *carry, struct rt_scan *scan)
{
    const struct masks masks = {
        .newline = equal_mask(low, high, '\n') & valid,
        .delimiter = equal_mask(low, high, delimiter) & valid,
        .quote = equal_mask(low, high, '"') & valid,
        .carriage_return = equal_mask(low, high, '\r') & valid,
        .nul = equal_mask(low, high, '\0') & valid,
    };
    return take_special(&masks, valid, base, carry, scan);
}

/* As long as there are whole chunks. Returns where it came to, or stopped. */
TARGET static size_t scan_chunks(const char *bytes, size_t from, size_t to, char delimiter,
                                 struct carry *carry, __m256i *all, struct rt_scan *scan)
{
    const __m256i newline = _mm256_set1_epi8('\n'), separator = _mm256_set1_epi8(delimiter);
    size_t base = from;
    for (; to - base >= 64; base += 64) {
        const __m256i low = _mm256_loadu_si256((const void *)(bytes + base));
        const __m256i high = _mm256_loadu_si256((const void *)(bytes + base + 32));
        *all = _mm256_or_si256(*all, _mm256_or_si256(low, high));
        const __m256i special = _mm256_or_si256(special_bytes(low), special_bytes(high));
        if (!_mm256_testz_si256(special, special) ||
            (carry->inside | carry->closed | carry->returned) != 0) {
            if (!scan_special(low, high, ~UINT64_C(0), base, delimiter, carry, scan))
                break;
            continue;
        }
        const __m256i low_newline = _mm256_cmpeq_epi8(low, newline);
        const __m256i high_newline = _mm256_cmpeq_epi8(high, newline);
        const uint64_t separators =
            mask_of(_mm256_or_si256(low_newline, _mm256_cmpeq_epi8(low, separator)),
                    _mm256_or_si256(high_newline, _mm256_cmpeq_epi8(high, separator)));
        carry->field_start = separators >> 63;
        scan->row_count += (size_t)_mm_popcnt_u64(mask_of(low_newline, high_newline));
        store_ends(scan, (uint32_t)base, separators);
    }
    return base;
}

TARGET static void scan_avx2(const char *bytes, size_t from, size_t to, char delimiter,
                             struct rt_scan *scan)
{
    struct carry carry = {.field_start = 1};
    __m256i all = _mm256_setzero_si256();
    scan->stopped = to;
    const size_t base = scan_chunks(bytes, from, to, delimiter, &carry, &all, scan);
    if (scan->stopped == to && base < to) {
        char rest[64] = {0};
        memcpy(rest, bytes + base, to - base);
        const __m256i low = _mm256_loadu_si256((const void *)rest);
        const __m256i high = _mm256_loadu_si256((const void *)(rest + 32));
        all = _mm256_or_si256(all, _mm256_or_si256(low, high));
        const uint64_t valid = (UINT64_C(1) << (to - base)) - 1;
        (void)scan_special(low, high, valid, base, delimiter, &carry, scan);
    }
    scan->high = _mm256_movemask_epi8(all) != 0;
}

/*
 * AVX-512 -------------------------------------------------------------------------------------
 *
 * The same with a chunk in one register, whose comparisons are masks already, and with the places
 * of a mask's bits written sixteen at a time.
 */
#define TARGET_512                                                                                 \
    __attribute__((target("avx512f,avx512bw,avx512vbmi2,avx2,bmi,bmi2,popcnt,pclmul")))

/* The places of the set bits, as bytes one behind the other, become words sixteen at a time. */
TARGET_512 static inline void store_ends_512(struct rt_scan *scan, uint32_t base,
                                             uint64_t separators)
{
    const __m512i places = _mm512_set_epi64(
        0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120,
        0x1f1e1d1c1b1a1918, 0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
    const __m512i packed = _mm512_maskz_compress_epi8(separators, places);
    const __m512i start = _mm512_set1_epi32((int)base);
    const size_t count = (size_t)_mm_popcnt_u64(separators);
    uint32_t *ends = scan->ends + scan->end_count;
    scan->end_count += count;
    __m512i words = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed));
    _mm512_storeu_si512(ends, _mm512_add_epi32(words, start));
    if (count <= 16)
        return;
    words = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1));
    _mm512_storeu_si512(ends + 16, _mm512_add_epi32(words, start));
    words = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2));
    _mm512_storeu_si512(ends + 32, _mm512_add_epi32(words, start));
    words = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3));
    _mm512_storeu_si512(ends + 48, _mm512_add_epi32(words, start));
}

TARGET_512 static inline uint64_t equal_512(__m512i chunk, char byte)
{
    return _mm512_cmpeq_epi8_mask(chunk, _mm512_set1_epi8(byte));
}

TARGET_512 static bool scan_special_512(__m512i chunk, uint64_t valid, size_t base, char delimiter,
                                        struct carry *carry, struct rt_scan *scan)
{
    const struct masks masks = {
        .newline = equal_512(chunk, '\n') & valid,
        .delimiter = equal_512(chunk, delimiter) & valid,
        .quote = equal_512(chunk, '"') & valid,
        .carriage_return = equal_512(chunk, '\r') & valid,
        .nul = equal_512(chunk, '\0') & valid,
    };
    return take_special(&masks, valid, base, carry, scan);
}

/* See special_bytes. */
TARGET_512 static inline uint64_t special_512(__m512i chunk)
{
    const __m512i specials =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 0, '"', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\r', 0, 0));
    return _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(specials, chunk), chunk);
}

TARGET_512 static size_t scan_chunks_512(const char *bytes, size_t from, size_t to, char delimiter,
                                         struct carry *carry, __m512i *all, struct rt_scan *scan)
{
    size_t base = from;
    for (; to - base >= 64; base += 64) {
        const __m512i chunk = _mm512_loadu_si512(bytes + base);
        *all = _mm512_or_si512(*all, chunk);
        if ((special_512(chunk) | carry->inside | carry->closed | carry->returned) != 0) {
            if (!scan_special_512(chunk, ~UINT64_C(0), base, delimiter, carry, scan))
                break;
            continue;
        }
        const uint64_t newlines = equal_512(chunk, '\n');
        const uint64_t separators = newlines | equal_512(chunk, delimiter);
        carry->field_start = separators >> 63;
        scan->row_count += (size_t)_mm_popcnt_u64(newlines);
        store_ends_512(scan, (uint32_t)base, separators);
    }
    return base;
}

TARGET_512 static void scan_avx512(const char *bytes, size_t from, size_t to, char delimiter,
                                   struct rt_scan *scan)
{
    struct carry carry = {.field_start = 1};
    __m512i all = _mm512_setzero_si512();
    scan->stopped = to;
    const size_t base = scan_chunks_512(bytes, from, to, delimiter, &carry, &all, scan);
    if (scan->stopped == to && base < to) {
        const uint64_t valid = (UINT64_C(1) << (to - base)) - 1;
        const __m512i chunk = _mm512_maskz_loadu_epi8(valid, bytes + base);
        all = _mm512_or_si512(all, chunk);
        (void)scan_special_512(chunk, valid, base, delimiter, &carry, scan);
    }
    scan->high = _mm512_movepi8_mask(all) != 0;
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vbmi2");
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
           __builtin_cpu_supports("pclmul");
}

#endif

void rt_scan(enum rt_scan_kind kind, const char *bytes, size_t from, size_t to, char delimiter,
             struct rt_scan *scan)
{
    scan->end_count = 0;
    scan->row_count = 0;
    scan->quoted = false;
    scan->returns = false;
    scan->high = false;
#if defined(__x86_64__)
    if (kind == RT_SCAN_AUTO && has_avx2() && has_avx512()) {
        scan_avx512(bytes, from, to, delimiter, scan);
        return;
    }
    if ((kind == RT_SCAN_AUTO || kind == RT_SCAN_AVX2) && has_avx2()) {
        scan_avx2(bytes, from, to, delimiter, scan);
        return;
    }
#endif
    (void)kind;
    scan_portable(bytes, from, to, delimiter, scan);
}
