/**
 * @file chain.h
 * @brief Integration: people through the classes of chains, by batched uniformization.
 *
 * A chain's hazards depend on rights, service levels, hostility and, with
 * `limbo`, on years of waiting; they are frozen between reviews. Old members
 * and newcomers advance over their own times. Floor 4 (process).
 */
#ifndef SJ_PROCESS_CHAIN_H
#define SJ_PROCESS_CHAIN_H
#include "process/run.h"

/** @brief What waiting does to people of a stratum, as its queue stands when first asked on a day.
 */
typedef struct sj_waiting {
    double years;    /* mean wait of their open cases in programmes with a pending status */
    double may_work; /* share whose right to work has come after its delay */
} sj_waiting;
sj_waiting sj_waiting_of(const sj_run *run, sj_stratum *stratum);

/** @brief Hazards of a chain for people of a status at a leaf, row-major n_classes^2, 1/year. */
void sj_chain_rates(const sj_run *run, int chain, int leaf, int status, sj_waiting waiting,
                    double rate[]);

/** @brief Advance the chains of a parcel from a status at a leaf to today, under the old rates. */
void sj_chains_advance(sj_run *run, sj_parcel *parcel, int leaf, int status, sj_waiting waiting,
                       sj_rng *rng);

/** @brief Class of a chain by name, SJ_NO_REF where none; chain by id likewise. */
int sj_chain_named(const sj_world *world, const char *id);
int sj_class_named(const sj_chain_of *chain, const char *id);

/** @brief Settled foreigners by what the integration metrics count (model.md 4.11). */
typedef struct sj_integration {
    double people, status_weight, regular, adults, employed, formal, children, enrolled, covered;
} sj_integration;

/** @brief Add the people of a settled stratum. */
void sj_integration_add(const sj_world *world, const sj_stratum *stratum, sj_integration *to);

/** @brief Renew `employment` (nation x country) and `index` (country x status) from the ledger. */
void sj_chains_measure(sj_run *run);

extern const sj_process_kind sj_chain_process;
#endif /* SJ_PROCESS_CHAIN_H */
