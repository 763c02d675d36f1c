/**
 * @file examples.h
 * @brief The scenarios that come with the program: beside its build folder or installed. Floor 8.
 */
#ifndef SJ_CLI_EXAMPLES_H
#define SJ_CLI_EXAMPLES_H
#include "base/err.h"

typedef struct sj_example {
    char *path, *id, *title; /* owns */
} sj_example;

typedef struct sj_examples {
    sj_example *at; /* sorted by id */
    size_t n, capacity;
} sj_examples;

/** @brief Find them: $SOJOURN_SCENARIOS, ../scenarios of the program's folder, or
 * ../share/sojourn/scenarios. SJ_E_IO where there are none. */
SJ_MUSTUSE sj_status sj_examples_find(sj_examples *examples, sj_err *err);
void sj_examples_clear(sj_examples *examples);
#endif /* SJ_CLI_EXAMPLES_H */
