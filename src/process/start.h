/**
 * @file start.h
 * @brief Day 0: everybody in place (semantics A9). Floor 4 (process).
 */
#ifndef SJ_PROCESS_START_H
#define SJ_PROCESS_START_H
#include "process/run.h"

/** @brief Put the peoples of the scenario into the empty ledger: stocks, nationals at home,
 * permits, backlogs. SJ_E_MEANING where a backlog is larger than its stock. */
SJ_MUSTUSE sj_status sj_start_people(sj_run *run, sj_err *err);

/** @brief Chain classes at the start, once service levels are known; then, in person resolution,
 * strata of one. */
void sj_start_chains(sj_run *run);
#endif /* SJ_PROCESS_START_H */
