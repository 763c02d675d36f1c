/**
 * @file policy.h
 * @brief Dated and triggered changes of values, and anticipation of doors that close.
 *
 * Effective value = base value, then the active ops in list order; an op that
 * ends drops out (semantics A11). Triggers look daily at yesterday's state.
 * Floor 4 (process).
 */
#ifndef SJ_PROCESS_POLICY_H
#define SJ_PROCESS_POLICY_H
#include "process/run.h"

/** @brief True while an op is in force. */
bool sj_policy_active(const sj_run *run, int op);

extern const sj_process_kind sj_policy_process;
extern const sj_process_kind sj_table_process;
#endif /* SJ_PROCESS_POLICY_H */
