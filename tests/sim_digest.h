/**
 * @file sim_digest.h
 * @brief One number for the whole state of a run: equal states, equal numbers.
 *
 * Include cmocka.h before it.
 */
#ifndef SJ_TESTS_SIM_DIGEST_H
#define SJ_TESTS_SIM_DIGEST_H
#include <inttypes.h>

#include "base/hash.h"
#include "base/str.h"
#include "sim/sim.h"

/** Everything of a stratum that later days depend on. */
static inline uint64_t digest_stratum(uint64_t hash, const sj_ledger *ledger, const sj_stratum *s)
{
    sj_str text = {0};
    sj_str_printf(&text, "%s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %.17g %.17g;", s->text,
                  s->n, s->n_cases, s->n_barred, s->n_permits, s->exits.sum_day, s->vital.sum_day);
    for (size_t i = 0; i < s->permits.n; i++) {
        sj_str_printf(&text, "p%d:%" PRId64, (int)s->permits.at[i].expiry, s->permits.at[i].count);
    }
    for (int k = 0; s->old != NULL && k < ledger->world->n_chain_classes; k++) {
        sj_str_printf(&text, "c%" PRId64 ",%" PRId64, s->old[k], s->fresh[k]);
    }
    for (int i = 0; i < ledger->world->n_stages; i++) {
        size_t n = 0;
        const sj_batch *batch = sj_stage_batches(ledger->stages[i], s->index, &n);
        for (size_t b = 0; b < n; b++) {
            sj_str_printf(&text, "b%d:%d:%d:%" PRId64, i, (int)batch[b].since, (int)batch[b].joined,
                          batch[b].count);
        }
    }
    hash = sj_hash_text(hash, text.text);
    sj_str_clear(&text);
    return hash;
}

static inline uint64_t digest(const sj_sim *sim)
{
    const sj_run *run = sj_sim_state(sim);
    const sj_ledger *ledger = run->ledger;
    uint64_t hash = SJ_HASH_START;
    for (size_t i = 1; i < ledger->n_strata; i++) {
        hash = digest_stratum(hash, ledger, ledger->strata[i]);
    }
    sj_str text = {0};
    for (int e = 0; e < run->world->n_edges; e++) {
        for (int d = 0; d <= SJ_LEG_DAYS; d++) {
            const sj_leg *leg = sj_ledger_leg(ledger, e, d);
            for (size_t b = 0; leg != NULL && b < leg->bands.n; b++) {
                sj_str_printf(&text, "l%d:%d:%" PRIx64 ":%" PRId64, e, leg->due,
                              leg->bands.at[b].slot, leg->bands.at[b].n);
            }
        }
    }
    const sj_tally *t = &ledger->tally;
    sj_str_printf(&text, " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, t->born, t->died, t->left,
                  t->inflow);
    for (int c = 0; c < run->world->n_countries; c++) {
        sj_str_printf(&text, " %.17g", run->hostility[c]);
    }
    hash = sj_hash_text(hash, text.text);
    sj_str_clear(&text);
    return hash;
}

#endif /* SJ_TESTS_SIM_DIGEST_H */
