/**
 * @file draw_values.h
 * @brief The parameter draw of a replication (semantics A11). Floor 5 (sim).
 */
#ifndef SJ_SIM_DRAW_VALUES_H
#define SJ_SIM_DRAW_VALUES_H
#include "world/world.h"

/** @brief Fill value[] (sj_values_length) with the bases, or with draws of all that have a range,
 * keyed by pointer alone: equal for every scenario of a comparison. */
void sj_draw_values(const sj_values *values, uint64_t seed, uint64_t draw, bool fixed,
                    double value[]);
#endif /* SJ_SIM_DRAW_VALUES_H */
