/**
 * @file demography.h
 * @brief Births, deaths and ageing of everybody who stands at a place (semantics A4, model 4.17).
 *
 * Children take the place, nationality, status, vintage and a permit's expiry
 * of the stratum they are born in. On a link nobody ages. Floor 4 (process).
 */
#ifndef SJ_PROCESS_DEMOGRAPHY_H
#define SJ_PROCESS_DEMOGRAPHY_H
#include "process/run.h"

extern const sj_process_kind sj_demography_process;
#endif /* SJ_PROCESS_DEMOGRAPHY_H */
