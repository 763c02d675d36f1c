/* Groups and chain classes under the carry rule (semantics A3). Abroad a stratum holds people of
 * all groups; a chain counts those whom it is for. Who leaves is drawn by group first, then class
 * by class among the members of each chain; who joins without classes begins at the start class;
 * who grows out of a chain's groups leaves it. */
#include "world/ledger_inside.h"

#include <string.h>

#include "num/draw.h"

int64_t sj_chain_members(const sj_chain_of *chain, const int64_t by_group[SJ_GROUPS])
{
    int64_t n = 0;
    for (int g = 0; g < SJ_GROUPS; g++) {
        n += chain->applies[g] ? by_group[g] : 0;
    }
    return n;
}

void sji_groups_draw(const int64_t have[SJ_GROUPS], int64_t n, int64_t m, sj_rng *rng,
                     int64_t taken[SJ_GROUPS])
{
    if (m == n) {
        memcpy(taken, have, SJ_GROUPS * sizeof have[0]);
    } else {
        int64_t left[SJ_GROUPS];
        memcpy(left, have, sizeof left);
        sj_draw_hypergeometric_multi(rng, m, SJ_GROUPS, left, taken);
    }
}

void sji_since_move(sj_since *from, int64_t m, int64_t fresh, double last_day, sj_since *out)
{
    double days = from->n == 0 ? 0.0 : from->sum_day / (double)from->n * (double)fresh;
    from->n -= fresh;
    from->sum_day = from->n == 0 ? 0.0 : from->sum_day - days;
    out->n += m;
    out->sum_day += days + (double)(m - fresh) * last_day;
}

/* One person out of a chain: a position, old members first; 1 if it is a newcomer. */
static int64_t take_one(int64_t old[], int64_t fresh[], size_t k, int64_t members, sj_rng *rng,
                        int64_t taken[])
{
    int64_t at = (int64_t)sj_rng_below(rng, (uint64_t)members);
    memset(taken, 0, k * sizeof taken[0]);
    for (size_t i = 0; i < 2 * k; i++) {
        int64_t *class = i < k ? &old[i] : &fresh[i - k];
        if (at < *class) {
            (*class)--;
            taken[i % k] = 1;
            return i >= k;
        }
        at -= *class;
    }
    return 0;
}

/* m people out of a chain, class by class into taken[]; how many of them are newcomers. Old and
 * fresh members are one urn with twice the classes: who leaves may be either. */
static int64_t take_some(int64_t old[], int64_t fresh[], size_t k, int64_t m, sj_rng *rng,
                         int64_t taken[])
{
    int64_t have[2 * SJ_CHAIN_MAX], drawn[2 * SJ_CHAIN_MAX], n_fresh = 0;
    memcpy(have, old, k * sizeof have[0]);
    memcpy(have + k, fresh, k * sizeof have[0]);
    sj_draw_hypergeometric_multi(rng, m, 2 * k, have, drawn);
    for (size_t i = 0; i < k; i++) {
        old[i] -= drawn[i];
        fresh[i] -= drawn[k + i];
        taken[i] = drawn[i] + drawn[k + i];
        n_fresh += drawn[k + i];
    }
    return n_fresh;
}

/* m of the members of a chain leave a stratum, with their days. */
static void take_members(sj_ledger *ledger, sj_stratum *from, int c, int64_t m, sj_rng *rng,
                         int64_t taken[], sj_since *since)
{
    const sj_chain_of *chain = &ledger->world->chains[c];
    size_t k = (size_t)chain->n_classes;
    int64_t *old = from->old + chain->offset, *fresh = from->fresh + chain->offset;
    if (m == 0) {
        memset(taken, 0, k * sizeof taken[0]);
        return;
    }
    int64_t n_fresh =
        m == 1 ? take_one(old, fresh, k, sj_chain_members(chain, from->by_group), rng, taken)
               : take_some(old, fresh, k, m, rng, taken);
    sji_since_move(&from->chain_since[c], m, n_fresh, ledger->chains_reviewed, since);
}

void sji_chains_take(sj_ledger *ledger, sj_stratum *from, sj_rng *rng, sj_parcel *parcel)
{
    parcel->has_chains = from->old != NULL;
    for (int c = 0; parcel->has_chains && c < ledger->world->n_chains; c++) {
        const sj_chain_of *chain = &ledger->world->chains[c];
        parcel->chain_since[c] = (sj_since){0, 0.0};
        take_members(ledger, from, c, sj_chain_members(chain, parcel->by_group), rng,
                     parcel->chain + chain->offset, &parcel->chain_since[c]);
    }
}

void sji_since_split(sj_since *from, int64_t n, int64_t m, sj_since *out)
{
    double days = n == 0 ? 0.0 : from->sum_day / (double)n * (double)m;
    *out = (sj_since){m, days};
    from->n -= m;
    from->sum_day -= days;
}

void sji_chains_split(sj_ledger *ledger, sj_parcel *parcel, sj_rng *rng, sj_parcel *out)
{
    out->has_chains = parcel->has_chains;
    for (int c = 0; parcel->has_chains && c < ledger->world->n_chains; c++) {
        const sj_chain_of *chain = &ledger->world->chains[c];
        int64_t *have = parcel->chain + chain->offset, *taken = out->chain + chain->offset;
        int64_t members = parcel->chain_since[c].n;
        int64_t m = members == 0 ? 0 : sj_chain_members(chain, out->by_group);
        sj_draw_hypergeometric_multi(rng, m, (size_t)chain->n_classes, have, taken);
        for (int i = 0; i < chain->n_classes; i++) {
            have[i] -= taken[i];
        }
        sji_since_split(&parcel->chain_since[c], members, m, &out->chain_since[c]);
    }
}

/* Today m people begin a chain. */
static void start(sj_ledger *ledger, sj_stratum *s, int c, int64_t m)
{
    const sj_chain_of *chain = &ledger->world->chains[c];
    s->fresh[chain->offset + chain->start] += m;
    s->chain_since[c].n += m;
    s->chain_since[c].sum_day += (double)m * ledger->day;
}

/* Classes are added as newcomers with their own clock. */
void sji_chains_put(sj_ledger *ledger, sj_parcel *parcel, sj_stratum *to)
{
    for (int c = 0; to->old != NULL && c < ledger->world->n_chains; c++) {
        const sj_chain_of *chain = &ledger->world->chains[c];
        if (!parcel->has_chains || parcel->chain_since[c].n == 0) {
            start(ledger, to, c, sj_chain_members(chain, parcel->by_group));
            continue;
        }
        for (int i = chain->offset; i < chain->offset + chain->n_classes; i++) {
            to->fresh[i] += parcel->chain[i];
        }
        to->chain_since[c].n += parcel->chain_since[c].n;
        to->chain_since[c].sum_day += parcel->chain_since[c].sum_day;
    }
}

void sj_ledger_age(sj_ledger *ledger, sj_stratum *stratum, int group, int64_t m, sj_rng *rng)
{
    for (int c = 0; stratum->old != NULL && c < ledger->world->n_chains; c++) {
        const sj_chain_of *chain = &ledger->world->chains[c];
        int64_t taken[SJ_CHAIN_MAX];
        if (chain->applies[group] && !chain->applies[group + 1]) {
            take_members(ledger, stratum, c, m, rng, taken, &(sj_since){0, 0.0});
        } else if (!chain->applies[group] && chain->applies[group + 1]) {
            start(ledger, stratum, c, m);
        }
    }
    sji_change_group(ledger, stratum, group, -m);
    sji_change_group(ledger, stratum, group + 1, m);
}
