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
