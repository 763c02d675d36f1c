/**
 * @file sim.h
 * @brief One replication: assemble, run until, verify.
 *
 * A run is bounded and resumable: it stops at a day, after a number of events,
 * or when asked, and goes on from there. Every run checks its identities
 * (people, cases, permits, money) at each record and at the end; with
 * self-check after every day. Nothing is shared between two runs but the
 * world. Floor 5 (sim).
 */
#ifndef SJ_SIM_SIM_H
#define SJ_SIM_SIM_H
#include "process/run.h"

typedef struct sj_sim sj_sim;

/** @brief How a replication differs from its world. */
typedef struct sj_sim_options {
    uint64_t seed;
    uint64_t replication;     /* 0-based: chance of everything but parameters */
    uint64_t draw;            /* 0-based: which parameter draw */
    bool fixed;               /* keep the centres of all ranges */
    bool self_check;          /* verify after every day */
    const volatile int *stop; /* looked at between events; NULL = never */
} sj_sim_options;

/** @brief What a run tells on its way; `observe` is called on day 0 and at the end of each day. */
typedef struct sj_observer {
    void *self;
    void (*observe)(void *self, const sj_run *run);
} sj_observer;

/**
 * @brief New replication on day 0, everybody in place. Borrows world and observer (NULL allowed).
 * @retval SJ_E_NOMEM, SJ_E_MEANING (a backlog larger than its stock); *out is NULL.
 */
SJ_MUSTUSE sj_status sj_sim_new(sj_sim **out, const sj_world *world, const sj_sim_options *options,
                                const sj_observer *observer, sj_err *err);
void sj_sim_free(sj_sim *sim);

/** @brief Run to the end of day `until` (at most the end of the run), `max_events` at most (0 = no
 * bound). *done tells whether the end of the run has been reached. SJ_E_INTERRUPTED on stop. */
SJ_MUSTUSE sj_status sj_sim_run(sj_sim *sim, int until, uint64_t max_events, bool *done,
                                sj_err *err);

/** @brief Check every identity now. */
SJ_MUSTUSE sj_status sj_sim_verify(const sj_sim *sim, sj_err *err);

/** @brief State of the run, borrowed. */
const sj_run *sj_sim_state(const sj_sim *sim);

/** @brief Events that have happened, and seconds of CPU by process kind if timing was asked for. */
uint64_t sj_sim_events(const sj_sim *sim);

/** @brief Measure CPU time by process kind from now on (a clock call around every review). */
void sj_sim_time_processes(sj_sim *sim);
double sj_sim_process_seconds(const sj_sim *sim, int kind);
#endif /* SJ_SIM_SIM_H */
