/**
 * @file ledger_inside.h
 * @brief Shared by the files of the ledger, and by nobody else. Floor 3 (world).
 */
#ifndef SJ_WORLD_LEDGER_INSIDE_H
#define SJ_WORLD_LEDGER_INSIDE_H
#include "world/ledger.h"

/** @brief The only place where a stratum's count changes: every tally follows. `by_group` divides
 * |change| for people under way; elsewhere it is not looked at. */
void sji_change_n(sj_ledger *ledger, sj_stratum *stratum, int64_t change,
                  const int64_t by_group[SJ_GROUPS]);

/** @brief People of a mixed stratum change their group. */
void sji_change_group(sj_ledger *ledger, sj_stratum *stratum, int group, int64_t change);

/** @brief m of n people, of whom have[] are in each group: taken[] of each. */
void sji_groups_draw(const int64_t have[SJ_GROUPS], int64_t n, int64_t m, sj_rng *rng,
                     int64_t taken[SJ_GROUPS]);

/** @brief m people leave a clock, `fresh` of them newcomers, and take their days along; old members
 * count from `last_day`. */
void sji_since_move(sj_since *from, int64_t m, int64_t fresh, double last_day, sj_since *out);

/** @brief m of the n people of a parcel's clock: each takes the mean along. */
void sji_since_split(sj_since *from, int64_t n, int64_t m, sj_since *out);

/** @brief The chains of a parcel whose people are known by group: drawn from a stratum, from
 * another parcel, added to a stratum. */
void sji_chains_take(sj_ledger *ledger, sj_stratum *from, sj_rng *rng, sj_parcel *parcel);
void sji_chains_split(sj_ledger *ledger, sj_parcel *parcel, sj_rng *rng, sj_parcel *out);
void sji_chains_put(sj_ledger *ledger, sj_parcel *parcel, sj_stratum *to);

/** @brief Where the leg of an edge and day stands. */
sj_leg **sji_leg_at(const sj_ledger *ledger, int edge, int due);

/** @brief Remember that memory ended. */
void sji_ledger_fail(sj_ledger *ledger);

/** @brief Add people to a list of permits, kept ascending by expiry. */
bool sji_permits_add(sj_permits *permits, sj_day expiry, int64_t count);

/** @brief Draw m of `n` people over permits and none; moves the drawn permits from one list to the
 * other and returns how many of the m hold one. */
int64_t sji_permits_draw(sj_ledger *ledger, sj_rng *rng, sj_permits *from, int64_t held, int64_t n,
                         int64_t m, sj_permits *to);
#endif /* SJ_WORLD_LEDGER_INSIDE_H */
