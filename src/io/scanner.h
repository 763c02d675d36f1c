/**
 * @file scanner.h
 * @brief State of a scan, shared by scan.c (structure), scan_leaf.c (texts, numbers, words) and
 * scan_fail.c (messages). Floor 1 (io), private.
 */
#ifndef SJ_IO_SCANNER_H
#define SJ_IO_SCANNER_H
#include "base/arena.h"
#include "base/mem.h"
#include "io/scan.h"

/* A key of an object that is still open. */
typedef struct scan_key {
    const char *text; /* unescaped; in the text itself or in the arena */
    size_t length;
    size_t i_span;
} scan_key;

/* An open container. */
typedef struct scan_frame {
    bool is_object;
    size_t index;     /* of the element being read */
    scan_key key;     /* of the member being read */
    size_t first_key; /* of this object in `keys` */
    sji_spot opened;
} scan_frame;

typedef struct scanner {
    const sji_text *text;
    sji_spans *spans;
    sj_problems *problems;
    size_t first_problem;
    sj_arena *arena; /* keys with escapes; made when needed */
    SJ_VEC(scan_key) keys;
    scan_frame frames[SJI_DEPTH];
    int depth;
    size_t at;     /* next byte */
    sji_spot spot; /* last place that was counted, <= at */
    bool no_memory;
} scanner;

/* What scan_text() found. */
typedef struct scan_result {
    size_t first, last; /* between the quotes */
    bool has_escape;
} scan_result;

/* Place of byte `at`, which is not before the last one asked for. */
sji_spot scan_spot(scanner *s, size_t at);

/* Report a problem of `length` characters at a spot; false, so that a caller may return it. */
bool scan_fail(scanner *s, sj_status status, sji_spot spot, int length, const char *hint,
               const char *fmt, ...) SJ_PRINTF(6, 7);

/* Report that byte s->at is not what was expected; looks for common slips to give a hint. */
bool scan_unexpected(scanner *s, const char *expected);

/* Leaves: s->at stands on the first byte and moves behind the last. False ends the scan. */
bool scan_text(scanner *s, scan_result *found);
bool scan_number(scanner *s);
bool scan_word(scanner *s);

/* Unescape the text that was found; NULL when memory ends. */
const char *scan_unescape(scanner *s, const scan_result *found, size_t *length);
#endif /* SJ_IO_SCANNER_H */
