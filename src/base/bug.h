/**
 * @file bug.h
 * @brief Always-on assertion for programmer errors; never for user data.
 *
 * sj_bug() is the only place of the library that ends the process.
 * Floor 0 (base).
 */
#ifndef SJ_BASE_BUG_H
#define SJ_BASE_BUG_H
#include "base/err.h"

#if defined(__GNUC__)
__attribute__((noreturn, cold))
#endif
void sj_bug(const char *file, int line, const char *what);

/** @brief Holds in every build; a failure is a fault of the program, not of its input. */
#define SJ_REQUIRE(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            sj_bug(__FILE__, __LINE__, #condition);                                                \
        }                                                                                          \
    } while (0)
#endif /* SJ_BASE_BUG_H */
