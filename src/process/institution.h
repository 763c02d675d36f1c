/**
 * @file institution.h
 * @brief Programmes: windows, take-up, stages in tandem, outcomes; there is one for them all.
 *
 * Registration, regularisation, asylum with appeal, visas: an institution is a
 * block of the scenario. Stages serve by slots or officers on open days, or
 * serve each person with a daily chance; waits are recorded for everybody.
 * Border posts share the stages but not this file: their outcome is a move
 * (journey.h). Floor 4 (process).
 */
#ifndef SJ_PROCESS_INSTITUTION_H
#define SJ_PROCESS_INSTITUTION_H
#include "process/run.h"

/** @brief Capacity of a stage on an open day today: slots, or officers at work x cases each; for
 * stages that serve by chance the expected number. */
double sj_stage_capacity(const sj_run *run, int stage);

/** @brief True if a programme takes applications today: open, and some window covers the day. */
bool sj_programme_takes(const sj_run *run, int programme);

/** @brief Attach a case of a programme's first stage to everybody of a parcel without cases, who
 * is about to be put somewhere. Counts as an application. */
void sj_programme_attach(sj_run *run, sj_parcel *parcel, int programme);

/** @brief Open cases of m people (of class none) of a stratum in a programme's first stage. */
void sj_programme_apply(sj_run *run, sj_stratum *stratum, int programme, int64_t m);

/** @brief m of a stratum's people have chosen a channel that requires a programme: those of them
 * who have no case apply and wait where they live (nationals at home as applicants). */
void sj_programme_apply_for_journey(sj_run *run, sj_stratum *stratum, int programme, int64_t m,
                                    sj_rng *rng);

/** @brief Completed waits at a stage: people by days waited; n_days entries. Borrowed. */
const int64_t *sj_stage_waits(const sj_run *run, int stage, size_t *n_days);

/** @brief n people have waited `days` at a stage (posts too). */
void sj_stage_remember_wait(sj_run *run, int stage, int days, int64_t n);

/** @brief Cost of completed cases since the start, in cents. */
int64_t sj_programme_cost_cents(const sj_run *run, int programme);

extern const sj_process_kind sj_programme_process;
#endif /* SJ_PROCESS_INSTITUTION_H */
