/**
 * @file chance.h
 * @brief One generator for every decision, named after it.
 *
 * A decision is one process, one entity, one instant. Its name is the text
 * "process/entity ids", its hash FNV-1a-64; the ordinal counts the decisions
 * of one name on one day. Floor 3 (world).
 */
#ifndef SJ_WORLD_CHANCE_H
#define SJ_WORLD_CHANCE_H
#include "base/err.h"
#include "base/hash.h"
#include "num/rng.h"

/** @brief A name and how many decisions of it there were on a day. */
typedef struct sj_chance_slot {
    uint64_t name;
    uint32_t stamp; /* day + 1 */
    uint32_t count;
} sj_chance_slot;

typedef struct sj_chance {
    sj_rng_key key;
    uint32_t day;          /* of the run */
    sj_chance_slot *slots; /* open addressing: decisions of today */
    size_t n_slots, n_used;
    bool failed;   /* memory ended */
    bool too_many; /* an ordinal passed its limit */
} sj_chance;

/** @brief Start for one replication; false when memory ends. */
bool sj_chance_init(sj_chance *chance, uint64_t seed, uint64_t replication);
void sj_chance_clear(sj_chance *chance);

/** @brief A new day: ordinals start at 0. */
void sj_chance_new_day(sj_chance *chance, uint32_t day);

/** @brief Generator of the next decision of that name today. */
sj_rng sj_chance_decide(sj_chance *chance, uint64_t name);

/** @brief Generator of a name that has nothing to do with the day (parameter draws). */
sj_rng sj_chance_fixed(const sj_chance *chance, uint64_t name);
#endif /* SJ_WORLD_CHANCE_H */
