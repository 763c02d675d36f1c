/**
 * @file progress.h
 * @brief How far a run is: a bar with the time left on a terminal, else a line per 10 %. Floor 8.
 */
#ifndef SJ_CLI_PROGRESS_H
#define SJ_CLI_PROGRESS_H
#include <stdbool.h>

typedef struct sj_progress {
    bool is_terminal, is_quiet;
    int last_tenth;
    int n_asked;    /* replications that were asked for; what is more are second plays */
    double started; /* seconds */
} sj_progress;

/** @brief Begin a run of so many replications. */
void sj_progress_start(sj_progress *progress, int n_asked, bool is_quiet);

/** @brief `self` is the sj_progress; called as replications finish. */
void sj_progress_show(void *self, int done, int total);
void sj_progress_end(sj_progress *progress);
#endif /* SJ_CLI_PROGRESS_H */
