/**
 * @file departure.h
 * @brief Setting out from home: hazard from drivers, with exact attribution (model.md 4.1).
 *
 * lambda = base x (w_a / mean w) x exp(sum beta (D - ref)) x (1 + 10 M/P)^eta
 *          x H x A x S x exp(N)
 * Contributions of the causes add up to lambda - base exactly (logarithmic
 * mean decomposition). Floor 4 (process).
 */
#ifndef SJ_PROCESS_DEPARTURE_H
#define SJ_PROCESS_DEPARTURE_H
#include "process/run.h"

/** @brief Causes beyond the drivers, in this order after them. */
enum { SJ_CAUSE_NETWORK, SJ_CAUSE_SEASON, SJ_CAUSE_RUSH, SJ_CAUSE_HUMP, SJ_CAUSE_NOISE, SJ_CAUSES };
extern const char *const sj_cause_words[SJ_CAUSES];

/** @brief Hazard of an average person of the pool today, per year, before W. */
double sj_departure_rate(const sj_run *run, int nation);

/** @brief People that a cause (driver k, then n_drivers + SJ_CAUSE_...; last the base) has made
 * set out (or apply for a channel that requires a programme) since the start, in expectation; may
 * be negative. */
double sj_departure_attribution(const sj_run *run, int nation, int cause);

extern const sj_process_kind sj_departure_process;
#endif /* SJ_PROCESS_DEPARTURE_H */
