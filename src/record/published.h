/**
 * @file published.h
 * @brief What hosts publish about the foreigners they have: an observation, never a cause.
 *
 * The ledger knows everybody; a host knows whom it counts. Its old method adds
 * the share `counted` of net arrivals to what it published at the start. From
 * the day of revision on a registration tells it more: under the rule
 * `verified` the count is at least multiplier x the people verified so far,
 * under `registrants` it rises once by share x the applications so far; and
 * from there it is carried forward with net arrivals as before. Nothing reads
 * it but the metric stock_published. Source: semantics A8. Floor 4 (record).
 */
#ifndef SJ_RECORD_PUBLISHED_H
#define SJ_RECORD_PUBLISHED_H
#include "record/recorder.h"

/** @brief Look at the end of a day, day 0 too: every day in order. */
void sji_published_look(sj_recorder *recorder, const sj_run *run);

/** @brief People of a foreign nation that a country publishes today; those present where the
 * scenario has no count of them. */
double sji_published(const sj_recorder *recorder, const sj_run *run, int country, int nation);
#endif /* SJ_RECORD_PUBLISHED_H */
