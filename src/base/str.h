/**
 * @file str.h
 * @brief A growable text.
 *
 * Zero-initialise, append, read `text` (never NULL after the first append),
 * release with sj_str_clear(). Memory ending sets `failed` and keeps what
 * stood; check it once at the end. Floor 0 (base).
 */
#ifndef SJ_BASE_STR_H
#define SJ_BASE_STR_H
#include "base/err.h"

typedef struct sj_str {
    char *text; /* NUL-terminated, NULL while empty */
    size_t n, capacity;
    bool failed;
} sj_str;

void sj_str_add(sj_str *str, const char *text);
void sj_str_add_n(sj_str *str, const char *text, size_t length);
void sj_str_printf(sj_str *str, const char *fmt, ...) SJ_PRINTF(2, 3);
void sj_str_clear(sj_str *str);
#endif /* SJ_BASE_STR_H */
