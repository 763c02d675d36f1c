/**
 * @file check.h
 * @brief Do the metrics that a scenario names exist? Only this floor knows the metrics. Floor 4.
 */
#ifndef SJ_RECORD_CHECK_H
#define SJ_RECORD_CHECK_H
#include "world/world.h"

/** @brief Report unknown metrics of /observations and /record/per_rep and what is no date in
 * /record/dates with their place; a warning where days of the latter are outside the run. */
void sj_record_check(const sj_world *world, sj_problems *problems);
#endif /* SJ_RECORD_CHECK_H */
