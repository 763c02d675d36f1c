/**
 * @file capacity.h
 * @brief Services of host places: demand D, capacity K, service level q = min(1, K/D).
 *
 * Need counts foreign residents of the groups at the leaves served, or those
 * who settled in the last N days. Everything else reads q; there is no second
 * congestion factor. Floor 4 (process).
 */
#ifndef SJ_PROCESS_CAPACITY_H
#define SJ_PROCESS_CAPACITY_H
#include "process/run.h"

/** @brief Service level of a sector at a leaf; 1 where no service is listed. */
double sj_service_level_at(const sj_run *run, int leaf, int sector);

/** @brief D/K; INFINITY if K = 0 < D, 0 if both are 0. */
double sj_ratio(double demand, double capacity);

/** @brief Places that money has added to a service today. */
void sj_capacity_add(sj_run *run, int service, int64_t places);

/** @brief Overload person-days of a service since the start: the area of max(0, D - K). */
double sj_overload_days(const sj_run *run, int service);

/** @brief Demand and capacity of a country (leaf < 0) or of what serves a leaf, in a sector. */
void sj_sector_load(const sj_run *run, int country, int sector, double *demand, double *capacity);

extern const sj_process_kind sj_service_process;
#endif /* SJ_PROCESS_CAPACITY_H */
