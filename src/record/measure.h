/**
 * @file measure.h
 * @brief Writes the rows of one record, always in the same order. Floor 4 (record).
 */
#ifndef SJ_RECORD_MEASURE_H
#define SJ_RECORD_MEASURE_H
#include "record/recorder.h"

/** @brief Append one record of all metrics to the recorder. */
void sji_measure(sj_recorder *recorder, const sj_run *run);

/** @brief One row: a level, or the cumulative value of a flow or total. */
void sji_emit(sj_recorder *recorder, sj_metric metric, const char *place, const char *nationality,
              const char *item, double value);
#endif /* SJ_RECORD_MEASURE_H */
