/**
 * @file series.h
 * @brief Rows of a series: emitted one by one, kept where they say something. Floor 4 (record).
 */
#ifndef SJ_RECORD_SERIES_H
#define SJ_RECORD_SERIES_H
#include "record/recorder.h"

/** @brief One row: a level, or the cumulative value of a flow or total. */
void sji_emit(sj_recorder *recorder, sj_metric metric, const char *place, const char *nationality,
              const char *item, double value);

/** @brief Keep what has been emitted as the record after the last. */
void sji_series_keep(sj_recorder *recorder);

/** @brief Release what only a run under way needs; all the rest (`whole`). */
void sji_series_close(sj_recorder *recorder, bool whole);
#endif /* SJ_RECORD_SERIES_H */
