/**
 * @file scan.h
 * @brief The scanner: RFC 8259 to the letter, and where everything stands.
 *
 * Accepts exactly the texts that may become a tree, and lists the place of
 * every value in the order of the text (a container before its members). What
 * is refused beyond the grammar: a key that stands twice in one object (after
 * unescaping, so "a" and "\u0061" are one key), NUL in a text, lone
 * surrogates, invalid UTF-8, numbers that overflow or would silently become 0
 * or have more than 63 characters, depth above 64. A byte order mark is
 * skipped. Faults of the grammar end the scan; faults inside texts, keys and
 * numbers do not. O(n log n), thread-safe. Floor 1 (io).
 */
#ifndef SJ_IO_SCAN_H
#define SJ_IO_SCAN_H
#include "io/text.h"

enum { SJI_DEPTH = 64, SJI_SCAN_PROBLEMS = 100 };

/** @brief Where one value stands, and its key where it is a member of an object. */
typedef struct sji_span {
    sji_spot value, key;    /* key.line = 0: no key */
    int length, key_length; /* characters; 1 for containers */
} sji_span;

typedef struct sji_spans {
    sji_span *at; /* owns */
    size_t n, capacity;
} sji_spans;

/** @brief Scan a text; problems go to `problems`. *out is to be released with sj_vec_clear() in
 * any case. SJ_OK, the status of the first problem, or SJ_E_NOMEM. */
SJ_MUSTUSE sj_status sji_scan(sji_spans *out, const sji_text *text, sj_problems *problems);
#endif /* SJ_IO_SCAN_H */
