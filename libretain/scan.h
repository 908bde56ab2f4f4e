/*
 * scan: the fast way from bytes to fields.
 *
 * Finds where fields and records end in bytes that begin a record. It understands records without
 * a quote, and records in which each quoted field opens right at its start, closes right before a
 * delimiter or a line end, and has only doubled quotes between. At anything else (another quote, a
 * NUL, a CR outside quotes that no LF follows) it stops; the records before are good, and libcsv
 * decides on the one that it stopped in. Widths and UTF-8 are the caller's to check.
 *
 * All kinds give the same index for the same bytes. None reads outside of them.
 */
#ifndef RT_SCAN_H
#define RT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rt_scan_kind {
    RT_SCAN_AUTO,     /* the best that this processor can do */
    RT_SCAN_PORTABLE, /* the twin in plain C */
    RT_SCAN_OFF,      /* no scanner: libcsv alone */
    RT_SCAN_AVX2      /* not the best, where a processor can do more; for tests */
};

/* Entries that an index needs beyond one for each byte: the widest store of the scanners. */
enum { RT_SCAN_SLACK = 64 };

struct rt_scan {
    uint32_t *ends;   /* the caller's: room for length + RT_SCAN_SLACK entries */
    size_t end_count; /* fields of whole records, and those of a cut-off one behind them */
    size_t row_count; /* whole records, empty lines among them: ends at which a line feed is */
    bool quoted;      /* a quote was seen */
    bool returns;     /* a CR was seen */
    bool high;        /* a byte above 127 was seen */
    size_t stopped;   /* where it stopped; the end where all was understood */
};

/*
 * Scans bytes[from] to bytes[to - 1]; offsets in the index count from `bytes`. `from` begins a
 * record; to is below 2^32 - 64.
 */
void rt_scan(enum rt_scan_kind kind, const char *bytes, size_t from, size_t to, char delimiter,
             struct rt_scan *scan);

#endif
