/**
 * @file replicate.h
 * @brief Many replications of one world over threads; the same bytes whatever their number.
 *
 * Replication i draws parameters i and chance i. One draw in four (at least
 * two) is run a second time with other chance, so that the share of variance
 * that is Monte Carlo can be told; these twins enter no band. A failed
 * replication is kept with its reason; an interruption keeps what is done.
 * Floor 6 (study).
 */
#ifndef SJ_STUDY_REPLICATE_H
#define SJ_STUDY_REPLICATE_H
#include "record/recorder.h"
#include "sim/sim.h"

typedef struct sj_replication {
    uint64_t replication, draw;
    sj_recorder *recorder; /* owns; NULL until it is done */
    sj_status status;      /* SJ_OK, or why it failed; SJ_E_INTERRUPTED: not done */
    sj_err err;
    double seconds;     /* CPU */
    double *by_process; /* CPU by process kind, if measured */
} sj_replication;

typedef struct sj_replications {
    const sj_world *world;
    sj_replication *at; /* n_main first, then the twins */
    int n_main, n_twins;
    int n_done; /* of the main ones */
} sj_replications;

typedef struct sj_replicate_options {
    uint64_t seed;
    int n;
    int n_threads;
    bool fixed, self_check, time_processes;
    const volatile int *stop;
    void *self;                                        /* handed to progress */
    void (*progress)(void *self, int done, int total); /* called under a lock; NULL = never */
} sj_replicate_options;

/** @brief Run them. Returns SJ_E_NOMEM, or SJ_OK also where replications failed or were
 * interrupted: look at each. Release with sj_replications_clear(). */
SJ_MUSTUSE sj_status sj_replicate(sj_replications *out, const sj_world *world,
                                  const sj_replicate_options *options, sj_err *err);
void sj_replications_clear(sj_replications *replications);

/** @brief True if any value of the world has a range. */
bool sj_world_has_ranges(const sj_world *world);
#endif /* SJ_STUDY_REPLICATE_H */
