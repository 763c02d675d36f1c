/**
 * @file err.h
 * @brief Status codes and errors that know their place.
 *
 * A function that can fail returns sj_status and, on failure, fills a
 * caller-owned sj_err: what went wrong, in which file, line and column, at
 * which JSON pointer, and what would be right. Input readers report every
 * problem they find, so they take an sj_problems, a growable list of sj_err.
 * Nothing here prints: sj_err_format() makes the text, the caller shows it.
 * Floor 0 (base): includes nothing of ours.
 */
#ifndef SJ_BASE_ERR_H
#define SJ_BASE_ERR_H
#include <stdbool.h>
#include <stddef.h>

#if defined(__GNUC__)
#define SJ_MUSTUSE __attribute__((warn_unused_result))
#define SJ_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define SJ_MUSTUSE
#define SJ_PRINTF(fmt, args)
#endif

/** @brief Outcome of a call; the numbers are those of errors.def and never change. */
typedef enum sj_status {
    SJ_OK = 0,
#define SJ_ERROR(number, name, exit_status, text) SJ_E_##name = (number),
#include "base/errors.def"
#undef SJ_ERROR
} sj_status;

/** @brief One row of the error table. */
typedef struct sj_error_row {
    sj_status status;
    const char *name; /* "UNKNOWN_KEY" */
    int exit_status;  /* what the program exits with */
    const char *text; /* one line */
} sj_error_row;

/** @brief One error with its place. Plain storage: copy it freely, nothing to release. */
typedef struct sj_err {
    sj_status status;
    bool is_warning;
    int line, column;  /* 1-based; 0 = no place in a file */
    int length;        /* characters the caret underlines, >= 1 where line > 0 */
    char source[256];  /* file name, or SJ_SOURCE_COMMAND_LINE */
    char where[256];   /* JSON pointer, or the name of an argument */
    char text[512];    /* the message */
    char hint[256];    /* what is allowed, a suggestion; may be empty */
    char excerpt[256]; /* the offending line of the file; may be empty */
} sj_err;

/** @brief The source of what stands in no file. */
#define SJ_SOURCE_COMMAND_LINE "command line"

/** @brief A growable list of problems. Zero-initialise; release with sj_problems_clear(). */
typedef struct sj_problems {
    sj_err *at;
    size_t n, capacity;
    size_t n_errors; /* those that are not warnings */
    bool overflow;   /* memory ended while a problem was recorded: still a failure */
} sj_problems;

/** @brief Fill *err (NULL allowed) and return `status`. Texts too long are cut. */
sj_status sj_err_set(sj_err *err, sj_status status, const char *where, const char *fmt, ...)
    SJ_PRINTF(4, 5);

/** @brief The one way to fail: `return SJ_FAIL(err, SJ_E_DOMAIN, "scale", "must be > 0")`. */
#define SJ_FAIL(err, status, where, ...) sj_err_set((err), (status), (where), __VA_ARGS__)

/** @brief Return from the calling function on failure. */
#define SJ_TRY(call)                                                                               \
    do {                                                                                           \
        sj_status sj_try_status = (call);                                                          \
        if (sj_try_status != SJ_OK) {                                                              \
            return sj_try_status;                                                                  \
        }                                                                                          \
    } while (0)

/** @brief Add a copy of *err; memory ending sets `overflow`, never loses the verdict. */
void sj_problems_add(sj_problems *problems, const sj_err *err);

/** @brief SJ_OK where there is no error (warnings allowed), else the status of the first error. */
sj_status sj_problems_status(const sj_problems *problems);

/** @brief Release the list; it is empty and usable afterwards. */
void sj_problems_clear(sj_problems *problems);

/** @brief Row of a status, NULL for SJ_OK and unknown numbers. Borrowed, static. */
const sj_error_row *sj_error_row_of(sj_status status);

/** @brief The whole error table in order of number; *n is its length. Borrowed, static. */
const sj_error_row *sj_error_table(size_t *n);

/**
 * @brief The error as a person reads it: `file:line:column: error E0213: text in /pointer`,
 * then the offending line, a caret and the hint. Writes at most `size` bytes with the NUL.
 * @return Bytes the whole text needs without the NUL, as snprintf.
 */
size_t sj_err_format(const sj_err *err, char *out, size_t size);
#endif /* SJ_BASE_ERR_H */
