/**
 * @file compare_rows.h
 * @brief The rows that `sojourn compare` shows, and what it checks and says about the folders
 * before. Floor 8 (cli).
 */
#ifndef SJ_CLI_COMPARE_ROWS_H
#define SJ_CLI_COMPARE_ROWS_H
#include "cli/args.h"
#include "study/outcome.h"

/** @brief Complain of a file where a results folder is asked for; of a scenario, tell what makes
 * its folder. Returns the exit status, 0 where the path is no file. */
int sj_compare_take_folder(const char *path);

/** @brief Say what no folder has: the metric of --metric, a place of --place. Returns the exit
 * status. */
int sj_compare_check(const sj_args *args, const sj_folder folders[], size_t n);

/** @brief Warn where two folders have different numbers of replications or last days. */
void sj_compare_warn(const sj_folder *base, const sj_folder *policy);

/** @brief The table of the rows that the options ask for. */
void sj_compare_show(const sj_comparison *comparison, const sj_args *args);
#endif /* SJ_CLI_COMPARE_ROWS_H */
