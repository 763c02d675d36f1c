/**
 * @file measure.h
 * @brief Writes the rows of one record, always in the same order. Floor 4 (record).
 */
#ifndef SJ_RECORD_MEASURE_H
#define SJ_RECORD_MEASURE_H
#include "record/series.h"

#define ALL "ALL"

/** @brief Emit one record of all metrics. */
void sji_measure(sj_recorder *recorder, const sj_run *run);

/** @brief Parts of it: flows of people; queues, services and money. */
void sji_measure_flows(sj_recorder *recorder, const sj_run *run);
void sji_measure_services(sj_recorder *recorder, const sj_run *run);

/** @brief True for a country without cities: the leaf has no rows of its own. */
bool sji_is_own_leaf(const sj_world *world, int leaf);
#endif /* SJ_RECORD_MEASURE_H */
