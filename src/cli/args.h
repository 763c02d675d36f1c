/**
 * @file args.h
 * @brief The command line of one command, taken apart; and how the program speaks. Floor 8 (cli).
 */
#ifndef SJ_CLI_ARGS_H
#define SJ_CLI_ARGS_H
#include "base/err.h"

enum { SJ_EXIT_OK = 0, SJ_EXIT_NEGATIVE = 1, SJ_EXIT_USAGE = 2, SJ_EXIT_INVALID = 3 };

/** @brief An option a command knows. */
typedef struct sj_option {
    const char *name;  /* "--reps" */
    const char *brief; /* "-n", or NULL */
    bool takes_value;
    const char *doc;
} sj_option;

typedef struct sj_args {
    const sj_option *options;
    size_t n_options;
    const char **value; /* of each occurrence, "" without one; borrowed from argv */
    int *option;        /* index of each occurrence */
    size_t n_occurrences;
    const char **rest; /* what is no option */
    size_t n_rest;
    bool wants_help;
} sj_args;

/** @brief Take a command line apart; SJ_E_USAGE with a suggestion for what is not known. Release
 * with sj_args_clear(). Values may be given as "--name value", "--name=value", "-n value" or
 * "-nvalue".
 */
SJ_MUSTUSE sj_status sj_args_parse(sj_args *args, const sj_option options[], size_t n, int argc,
                                   char **argv, sj_err *err);
void sj_args_clear(sj_args *args);

/** @brief Last value of an option, NULL where it was not given. */
const char *sj_args_value(const sj_args *args, const char *name);

/** @brief Values of a repeated option into out[] (as many as n_occurrences); returns how many. */
size_t sj_args_values(const sj_args *args, const char *name, const char *out[]);

/** @brief Last value as a whole number of low ... high; `absent` where it was not given. */
SJ_MUSTUSE sj_status sj_args_int(const sj_args *args, const char *name, long low, long high,
                                 long absent, long *out, sj_err *err);

/** @brief The outside of a command: what its help says, what it takes, and who does it. */
typedef struct sj_usage {
    const char *line; /* after "usage: sojourn " */
    const char *doc;
    const sj_option *options;
    size_t n_options;
    size_t least, most;              /* of what is no option */
    const char *takes;               /* said where there are fewer or more */
    int (*run)(const sj_args *args); /* returns the exit status */
} sj_usage;

/** @brief Do a command: take its line apart, help or complain or run it. Returns the exit status.
 */
int sj_usage_run(const sj_usage *usage, int argc, char **argv);

/** @brief An error to standard error; returns the exit status that belongs to it. */
int sj_say_error(const sj_err *err);

/** @brief All problems to standard error; returns the exit status of the first error, or 0. */
int sj_say_problems(const sj_problems *problems);

/** @brief The same, but of the warnings of each code only the first few, and how many more. */
int sj_say_few_problems(const sj_problems *problems);
#endif /* SJ_CLI_ARGS_H */
