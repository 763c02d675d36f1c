/**
 * @file belief.h
 * @brief What people think of a channel's chance, and the weight W it gives the channel.
 *
 * One belief per (nation, channel, destination): a first-order lag behind the
 * share of the journeys ended in the last 60 days that ended with entry
 * (semantics A6, model.md 4.2). W = (belief / belief at the start) x
 * exp(noise, irregular channels only); after a marked fall it comes back.
 * Floor 4 (process).
 */
#ifndef SJ_PROCESS_BELIEF_H
#define SJ_PROCESS_BELIEF_H
#include "process/run.h"

/** @brief W of a channel to a destination for a nation, >= 0. */
double sj_belief_weight(const sj_run *run, int nation, int channel, int destination);

/** @brief n journeys ended today, with entry or without. The way home enters no belief. */
void sj_belief_ended(sj_run *run, int nation, int channel, int destination, int64_t n,
                     bool entered);

/** @brief A marked event concerns channels and countries: beliefs adapt faster for a while. */
void sj_belief_event(sj_run *run, const bool channel[], const bool country[]);

extern const sj_process_kind sj_belief_process;
#endif /* SJ_PROCESS_BELIEF_H */
