#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const sj_error_row error_table[] = {
#define SJ_ERROR(number, name, exit_status, text) {SJ_E_##name, #name, exit_status, text},
#include "base/errors.def"
#undef SJ_ERROR
};

enum { N_ERRORS = sizeof error_table / sizeof error_table[0] };

const sj_error_row *sj_error_table(size_t *n)
{
    *n = N_ERRORS;
    return error_table;
}

const sj_error_row *sj_error_row_of(sj_status status)
{
    for (size_t i = 0; i < N_ERRORS; i++) {
        if (error_table[i].status == status) {
            return &error_table[i];
        }
    }
    return NULL;
}

sj_status sj_err_set(sj_err *err, sj_status status, const char *where, const char *fmt, ...)
{
    if (err == NULL) {
        return status;
    }
    memset(err, 0, sizeof *err);
    err->status = status;
    (void)snprintf(err->where, sizeof err->where, "%s", where);
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    return status;
}

void sj_problems_add(sj_problems *problems, const sj_err *err)
{
    problems->n_errors += err->is_warning ? 0 : 1;
    if (problems->n == problems->capacity) {
        size_t capacity = problems->capacity == 0 ? 8 : 2 * problems->capacity;
        sj_err *grown = realloc(problems->at, capacity * sizeof *grown);
        if (grown == NULL) {
            problems->overflow = true;
            return;
        }
        problems->at = grown;
        problems->capacity = capacity;
    }
    problems->at[problems->n++] = *err;
}

sj_status sj_problems_status(const sj_problems *problems)
{
    for (size_t i = 0; i < problems->n; i++) {
        if (!problems->at[i].is_warning) {
            return problems->at[i].status;
        }
    }
    return problems->overflow ? SJ_E_NOMEM : SJ_OK;
}

void sj_problems_clear(sj_problems *problems)
{
    free(problems->at);
    memset(problems, 0, sizeof *problems);
}

/* Appends to out like snprintf; returns the running length the whole text needs. */
static size_t append(char *out, size_t size, size_t length, const char *fmt, ...) SJ_PRINTF(4, 5);

static size_t append(char *out, size_t size, size_t length, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = length < size ? vsnprintf(out + length, size - length, fmt, args)
                          : vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    return length + (n > 0 ? (size_t)n : 0);
}

static size_t append_excerpt(const sj_err *err, char *out, size_t size, size_t length)
{
    length = append(out, size, length, "\n%5d | %s\n      | ", err->line, err->excerpt);
    for (int i = 1; i < err->column; i++) {
        length = append(out, size, length, " ");
    }
    for (int i = 0; i < (err->length > 0 ? err->length : 1); i++) {
        length = append(out, size, length, "^");
    }
    return length;
}

size_t sj_err_format(const sj_err *err, char *out, size_t size)
{
    size_t length = 0;
    if (err->source[0] != '\0') {
        length = append(out, size, length, "%s:", err->source);
    }
    if (err->line > 0) {
        length = append(out, size, length, "%d:%d:", err->line, err->column);
    }
    length = append(out, size, length, "%s%s E%04d: %s", length > 0 ? " " : "",
                    err->is_warning ? "warning" : "error", (int)err->status, err->text);
    if (err->where[0] != '\0') {
        length = append(out, size, length, " in %s", err->where);
    }
    if (err->line > 0 && err->excerpt[0] != '\0') {
        length = append_excerpt(err, out, size, length);
        if (err->hint[0] != '\0') {
            length = append(out, size, length, " %s", err->hint);
        }
    } else if (err->hint[0] != '\0') {
        length = append(out, size, length, "\n      %s", err->hint);
    }
    return append(out, size, length, "\n");
}
