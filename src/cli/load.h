/**
 * @file load.h
 * @brief Loading a scenario with the options that run, validate and compare share. Floor 8 (cli).
 */
#ifndef SJ_CLI_LOAD_H
#define SJ_CLI_LOAD_H
#include "cli/args.h"
#include "world/world.h"

/** @brief The options of composing a scenario: rows for a command's table. */
#define SJ_LOAD_OPTIONS                                                                            \
    {"--with", NULL, true, "add the policy of a file"},                                            \
        {"--without", NULL, true, "take out the policy with this id"},                             \
    {                                                                                              \
        "--set", NULL, true, "set a value: /pointer=value"                                         \
    }

/** @brief Load with what the arguments add; `more` holds further settings (n_more). Problems are
 * printed, of the warnings of a code only the first few. Returns the exit status; *out is NULL
 * unless it is 0. */
int sj_load_world(sj_world **out, const char *path, const sj_args *args, const char *const more[],
                  size_t n_more);

/** @brief The same with all warnings and without further settings. */
int sj_load_and_tell(sj_world **out, const char *path, const sj_args *args);

/** @brief Put everybody in place once, values at their centres: what only day 0 can tell (a backlog
 * larger than its stock) is printed with its place. Returns the exit status. */
int sj_try_start(const sj_world *world);

/** @brief Print an error of a run with the place of its pointer in the scenario, if it has one.
 * Returns the exit status that belongs to it. */
int sj_say_placed(const sj_world *world, const sj_err *err);
#endif /* SJ_CLI_LOAD_H */
