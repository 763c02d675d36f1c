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
    int64_t appealed, pledged; /* asked of donors; promised */
    int64_t received, overhead, built, run, balance;
} sj_account;
sj_account sj_fund_account(const sj_run *run, int fund);

/** @brief Remember what is asked of donors. */
void sj_fund_ask(sj_run *run, int fund, int64_t cents);

/** @brief A pledge of today, disbursed after the fund's lag. */
void sj_fund_pledge(sj_run *run, int fund, int64_t cents);

/** @brief Cents that one place of a service costs a fund: to build, and to run for its years; 0
 * where the service's sector has no unit cost. */
int64_t sj_fund_place_cents(const sj_run *run, int fund, int service);

/** @brief On a 1 January: what a fund asks for, and the pledge that answers (appeal.c). */
void sj_fund_appeal(sj_run *run, int fund);

extern const sj_process_kind sj_fund_process;
#endif /* SJ_PROCESS_FUND_H */
