/**
 * @file fund.h
 * @brief Money in whole cents: pledge, disbursement, overhead, places ordered and run.
 *
 * in = spent + balance holds for every fund, never negative (semantics A11,
 * model.md 4.14). Floor 4 (process).
 */
#ifndef SJ_PROCESS_FUND_H
#define SJ_PROCESS_FUND_H
#include "process/run.h"

/** @brief Account of a fund since the start, in cents. */
typedef struct sj_account {
    int64_t received, overhead, built, run, balance;
} sj_account;
sj_account sj_fund_account(const sj_run *run, int fund);

extern const sj_process_kind sj_fund_process;
#endif /* SJ_PROCESS_FUND_H */
