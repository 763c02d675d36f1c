/**
 * @file temp.h
 * @brief Names for files and folders that a test makes and removes: in $TMPDIR, else in /tmp.
 */
#ifndef SJ_TESTS_TEMP_H
#define SJ_TESTS_TEMP_H
#include <stdio.h>
#include <stdlib.h>

enum { TEMP_NAME = 256 };

/** @brief A pattern for mkstemp() and mkdtemp(). */
static inline void temp_name(char name[TEMP_NAME], const char *what)
{
    const char *folder = getenv("TMPDIR");
    (void)snprintf(name, TEMP_NAME, "%.200s/sj-%s-XXXXXX", folder != NULL ? folder : "/tmp", what);
}
#endif /* SJ_TESTS_TEMP_H */
