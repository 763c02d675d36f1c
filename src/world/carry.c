/* The carry rule: how m of n people take their classes along (semantics A3). sj_ledger_take()
 * moves people from a stratum into a parcel: what the cause of leaving has fixed is taken as it
 * is, every other marginal is a (multivariate) hypergeometric draw, marginal by marginal,
 * because marginals of one stratum are independent of each other. sj_ledger_put() adds the
 * parcel to the same classes elsewhere, as newcomers with their own mean times. Chains of a
 * parcel that has none (another country, birth) begin at their start class. */
#include "world/ledger_inside.h"

#include "num/draw.h"

#include <stdlib.h>
#include <string.h>

bool sj_parcel_init(sj_parcel *parcel, const sj_world *world)
{
    memset(parcel, 0, sizeof *parcel);
    parcel->chain = sj_calloc((size_t)world->n_chain_classes, sizeof(int64_t));
    parcel->chain_since = sj_calloc((size_t)world->n_chains, sizeof(sj_since));
    if (parcel->chain != NULL && parcel->chain_since != NULL) {
        return true;
    }
    sj_parcel_clear(parcel); /* all or nothing */
    return false;
}

void sj_parcel_clear(sj_parcel *parcel)
{
    free(parcel->chain);
    free(parcel->chain_since);
    sj_vec_clear(&parcel->cases);
    sj_vec_clear(&parcel->barred);
    sj_vec_clear(&parcel->permits);
    memset(parcel, 0, sizeof *parcel);
}

static void empty_parcel(sj_parcel *parcel)
{
    parcel->n = 0;
    memset(parcel->by_group, 0, sizeof parcel->by_group);
    parcel->has_chains = false;
    parcel->exits = parcel->vital = (sj_since){0, 0.0};
    parcel->cases.n = parcel->barred.n = parcel->permits.n = 0;
}

/* Newcomers and old members of a clock among m leavers; the leavers take their days along. */
static void take_since(sj_since *from, int64_t n, int64_t m, int64_t fresh, double last_day,
                       sj_rng *rng, sj_since *out)
{
    if (fresh < 0) {
        fresh = from->n == 0 ? 0 : sj_draw_hypergeometric(rng, from->n, n - from->n, m);
    }
    sji_since_move(from, m, fresh, last_day, out);
}

/* Newcomers are never more than there are people: who is fixed as old may have been drawn as new.
 */
static void limit_since(sj_since *since, int64_t n)
{
    if (since->n > n) {
        since->sum_day = n == 0 ? 0.0 : since->sum_day / (double)since->n * (double)n;
        since->n = n;
    }
}

/* Who leaves a mixed stratum, by group. */
static void take_groups(const sj_stratum *from, int64_t m, int of_group, sj_rng *rng,
                        sj_parcel *parcel)
{
    if (of_group > 0) {
        parcel->by_group[of_group - 1] = m;
    } else {
        sji_groups_draw(from->by_group, from->n, m, rng, parcel->by_group);
    }
}

/* Cases stage by stage, then the barred, the rest having neither: one multivariate
 * hypergeometric draw as a sequence of single ones. */
static void take_cases(sj_ledger *ledger, sj_stratum *from, int64_t n, int64_t m, bool barred_only,
                       sj_rng *rng, sj_parcel *parcel)
{
    int64_t pool = barred_only ? n - from->n_cases : n, left = m;
    uint32_t owner = from->index;
    int64_t unseen = barred_only ? 0 : from->n_cases;
    for (int i = 0; i < ledger->world->n_stages && unseen > 0 && left > 0; i++) {
        int64_t here = sj_stage_length_of(ledger->stages[i], owner);
        if (here == 0) {
            continue;
        }
        unseen -= here;
        int64_t taken = sj_draw_hypergeometric(rng, here, pool - here, left);
        pool -= here;
        left -= taken;
        if (taken == 0) {
            continue;
        }
        if (sj_stage_take(ledger->stages[i], rng, owner, taken, &ledger->batches) != SJ_OK) {
            sji_ledger_fail(ledger);
            return;
        }
        for (size_t b = 0; b < ledger->batches.n; b++) {
            if (!sj_vec_push(&parcel->cases, ((sj_case){i, ledger->batches.at[b]}))) {
                sji_ledger_fail(ledger);
            }
        }
        from->n_cases -= taken;
    }
    for (size_t i = 0; i < from->barred.n && left > 0; i++) {
        sj_barred *barred = &from->barred.at[i];
        int64_t taken = sj_draw_hypergeometric(rng, barred->count, pool - barred->count, left);
        pool -= barred->count;
        left -= taken;
        barred->count -= taken;
        from->n_barred -= taken;
        if (taken > 0 && !sj_vec_push(&parcel->barred, ((sj_barred){barred->until, taken}))) {
            sji_ledger_fail(ledger);
        }
    }
}

void sj_ledger_take(sj_ledger *ledger, sj_stratum *from, int64_t m, sj_fixed fixed, sj_rng *rng,
                    sj_parcel *parcel)
{
    empty_parcel(parcel);
    parcel->nation = from->nation;
    parcel->group = from->group;
    if (m == 0 || ledger->status != SJ_OK) {
        return;
    }
    int64_t n = from->n;
    parcel->n = m;
    take_since(&from->exits, n, m, fixed.exits_new, ledger->exits_reviewed, rng, &parcel->exits);
    take_since(&from->vital, n, m, fixed.vital_new, ledger->vital_reviewed, rng, &parcel->vital);
    if (from->group == SJ_MIXED) {
        take_groups(from, m, fixed.of_group, rng, parcel);
    }
    sji_chains_take(ledger, from, rng, parcel);
    if (!fixed.no_case && from->n_cases + from->n_barred > 0) {
        take_cases(ledger, from, n, m, fixed.no_open_case, rng, parcel);
    }
    if (!fixed.no_permit && from->n_permits > 0) {
        from->n_permits -=
            sji_permits_draw(ledger, rng, &from->permits, from->n_permits, n, m, &parcel->permits);
    }
    sji_change_n(ledger, from, -m, parcel->by_group);
    limit_since(&from->exits, from->n);
    limit_since(&from->vital, from->n);
}

static int64_t permits_of(const sj_parcel *parcel)
{
    int64_t held = 0;
    for (size_t i = 0; i < parcel->permits.n; i++) {
        held += parcel->permits.at[i].count;
    }
    return held;
}

static void split_cases(sj_ledger *ledger, sj_parcel *parcel, int64_t m, sj_rng *rng,
                        sj_parcel *out)
{
    int64_t pool = parcel->n, left = m;
    for (size_t i = 0; i < parcel->cases.n && left > 0; i++) {
        sj_case *one = &parcel->cases.at[i];
        int64_t taken =
            sj_draw_hypergeometric(rng, one->batch.count, pool - one->batch.count, left);
        pool -= one->batch.count;
        left -= taken;
        one->batch.count -= taken;
        sj_case copy = *one;
        copy.batch.count = taken;
        if (taken > 0 && !sj_vec_push(&out->cases, copy)) {
            sji_ledger_fail(ledger);
        }
    }
    for (size_t i = 0; i < parcel->barred.n && left > 0; i++) {
        sj_barred *one = &parcel->barred.at[i];
        int64_t taken = sj_draw_hypergeometric(rng, one->count, pool - one->count, left);
        pool -= one->count;
        left -= taken;
        one->count -= taken;
        if (taken > 0 && !sj_vec_push(&out->barred, ((sj_barred){one->until, taken}))) {
            sji_ledger_fail(ledger);
        }
    }
}

/* As sj_ledger_take(), out of a parcel: its people are exchangeable like those of a stratum. */
static void split(sj_ledger *ledger, sj_parcel *parcel, int64_t m,
                  const int64_t by_group[SJ_GROUPS], sj_rng *rng, sj_parcel *out)
{
    empty_parcel(out);
    out->nation = parcel->nation;
    out->group = parcel->group;
    if (ledger->status != SJ_OK) {
        return;
    }
    out->n = m;
    if (by_group != NULL) {
        memcpy(out->by_group, by_group, sizeof out->by_group);
    } else if (parcel->group == SJ_MIXED) {
        sji_groups_draw(parcel->by_group, parcel->n, m, rng, out->by_group);
    }
    for (int g = 0; g < SJ_GROUPS; g++) {
        parcel->by_group[g] -= out->by_group[g];
    }
    sji_since_split(&parcel->exits, parcel->n, m, &out->exits);
    sji_since_split(&parcel->vital, parcel->n, m, &out->vital);
    sji_chains_split(ledger, parcel, rng, out);
    split_cases(ledger, parcel, m, rng, out);
    (void)sji_permits_draw(ledger, rng, &parcel->permits, permits_of(parcel), parcel->n, m,
                           &out->permits);
    parcel->n -= m;
}

void sj_ledger_split(sj_ledger *ledger, sj_parcel *parcel, int64_t m, sj_rng *rng, sj_parcel *out)
{
    split(ledger, parcel, m, NULL, rng, out);
}

void sj_ledger_split_groups(sj_ledger *ledger, sj_parcel *parcel, const int64_t by_group[SJ_GROUPS],
                            sj_rng *rng, sj_parcel *out)
{
    int64_t m = 0;
    for (int g = 0; g < SJ_GROUPS; g++) {
        m += by_group[g];
    }
    split(ledger, parcel, m, by_group, rng, out);
}

void sj_parcel_open(sj_parcel *parcel, int nation)
{
    empty_parcel(parcel);
    parcel->nation = nation;
    parcel->group = SJ_MIXED;
}

void sj_parcel_mix(sj_parcel *parcel)
{
    if (parcel->group != SJ_MIXED) {
        parcel->by_group[parcel->group] = parcel->n;
        parcel->group = SJ_MIXED;
    }
}

void sj_ledger_pool(sj_ledger *ledger, sj_parcel *mixed, sj_parcel *parcel)
{
    sj_parcel_mix(parcel);
    for (int g = 0; g < SJ_GROUPS; g++) {
        mixed->by_group[g] += parcel->by_group[g];
    }
    mixed->n += parcel->n;
    for (size_t i = 0; i < parcel->permits.n; i++) {
        if (!sji_permits_add(&mixed->permits, parcel->permits.at[i].expiry,
                             parcel->permits.at[i].count)) {
            sji_ledger_fail(ledger);
        }
    }
    empty_parcel(parcel);
}

void sj_parcel_reset(sj_ledger *ledger, sj_parcel *parcel)
{
    sj_since now = {parcel->n, (double)parcel->n * ledger->day};
    parcel->has_chains = false;
    parcel->exits = parcel->vital = now;
}

static void add_since(sj_since *to, sj_since more)
{
    to->n += more.n;
    to->sum_day += more.sum_day;
}

static void put_cases(sj_ledger *ledger, sj_parcel *parcel, sj_stratum *to)
{
    for (size_t i = 0; i < parcel->cases.n; i++) {
        sj_batch batch = parcel->cases.at[i].batch;
        batch.owner = to->index;
        if (batch.count > 0 &&
            sj_stage_join(ledger->stages[parcel->cases.at[i].stage], &batch) != SJ_OK) {
            sji_ledger_fail(ledger);
        }
        to->n_cases += batch.count;
    }
    for (size_t i = 0; i < parcel->barred.n; i++) {
        sj_ledger_bar(ledger, to, parcel->barred.at[i].count, parcel->barred.at[i].until);
    }
}

void sj_ledger_put(sj_ledger *ledger, sj_parcel *parcel, sj_stratum *to)
{
    if (parcel->n == 0) {
        return;
    }
    if (!to->is_plain) {
        add_since(&to->exits, parcel->exits);
    }
    add_since(&to->vital, parcel->vital);
    sj_parcel_mix(parcel);
    sji_chains_put(ledger, parcel, to);
    put_cases(ledger, parcel, to);
    for (size_t i = 0; i < parcel->permits.n; i++) {
        to->n_permits += parcel->permits.at[i].count;
        if (!sji_permits_add(&to->permits, parcel->permits.at[i].expiry,
                             parcel->permits.at[i].count)) {
            sji_ledger_fail(ledger);
        }
    }
    sji_change_n(ledger, to, parcel->n, parcel->by_group);
    empty_parcel(parcel);
}

/* In person resolution people settle one by one, each in a stratum of their own; nationals at
 * home stay counts. */
static void settle(sj_ledger *ledger, sj_parcel *parcel, int leaf, int status, int vintage,
                   sj_rng *rng)
{
    sj_parcel *one = &ledger->spare;
    int nation = parcel->nation, group = parcel->group;
    while (ledger->by_person && parcel->n > 1 && ledger->status == SJ_OK) {
        sj_stratum *to = sj_ledger_settled(ledger, nation, leaf, status, group, vintage);
        if (to->is_plain) {
            break;
        }
        sj_ledger_split(ledger, parcel, 1, rng, one);
        sj_ledger_put(ledger, one, to);
    }
    if (parcel->n > 0) {
        sj_ledger_put(ledger, parcel,
                      sj_ledger_settled(ledger, nation, leaf, status, group, vintage));
    }
}

void sj_ledger_settle(sj_ledger *ledger, sj_parcel *parcel, int leaf, int status, int vintage,
                      sj_rng *rng)
{
    const sj_world *w = ledger->world;
    if (parcel->group != SJ_MIXED || w->leaves[leaf].country != w->nations[parcel->nation].home) {
        settle(ledger, parcel, leaf, status, vintage, rng);
        return;
    }
    sj_parcel *alike = &ledger->of_group;
    for (int g = 0; g < SJ_GROUPS && ledger->status == SJ_OK; g++) {
        int64_t by_group[SJ_GROUPS] = {0};
        by_group[g] = parcel->by_group[g];
        if (by_group[g] > 0) {
            sj_ledger_split_groups(ledger, parcel, by_group, rng, alike);
            alike->group = g;
            settle(ledger, alike, leaf, status, vintage, rng);
        }
    }
}

/* The caller has taken the cases out of their queues; here they leave the books. Cases of posts
 * belong to no programme and are not counted. */
void sj_ledger_end_cases(sj_ledger *ledger, sj_parcel *parcel, bool died)
{
    for (size_t i = 0; i < parcel->cases.n; i++) {
        int programme = ledger->world->stages[parcel->cases.at[i].stage].programme;
        if (programme >= 0) {
            sj_caseload *load = &ledger->caseload[programme];
            *(died ? &load->died : &load->withdrawn) += parcel->cases.at[i].batch.count;
        }
    }
    parcel->cases.n = 0;
    parcel->barred.n = 0;
}

void sj_ledger_end_permits(sj_ledger *ledger, sj_parcel *parcel)
{
    int64_t held = permits_of(parcel);
    ledger->permits.ended += held;
    ledger->permits.valid -= held;
    parcel->permits.n = 0;
}

void sj_ledger_grant_permits(sj_ledger *ledger, sj_parcel *parcel, sj_day expiry)
{
    if (parcel->n == 0) {
        return;
    }
    ledger->permits.granted += parcel->n;
    ledger->permits.valid += parcel->n;
    if (!sji_permits_add(&parcel->permits, expiry, parcel->n)) {
        sji_ledger_fail(ledger);
    }
}

void sj_ledger_die(sj_ledger *ledger, sj_parcel *parcel)
{
    sj_ledger_end_cases(ledger, parcel, true);
    sj_ledger_end_permits(ledger, parcel);
    ledger->tally.died += parcel->n;
    empty_parcel(parcel);
}

void sj_ledger_leave(sj_ledger *ledger, sj_parcel *parcel, int country)
{
    sj_ledger_end_cases(ledger, parcel, false);
    sj_ledger_end_permits(ledger, parcel);
    ledger->tally.left += parcel->n;
    ledger->left_to[parcel->nation * ledger->world->n_countries + country] += parcel->n;
    empty_parcel(parcel);
}

void sj_ledger_enter(sj_ledger *ledger, sj_parcel *parcel, int nation, int group, int64_t n,
                     bool born)
{
    empty_parcel(parcel);
    parcel->nation = nation;
    parcel->group = group;
    parcel->n = n;
    sj_parcel_reset(ledger, parcel);
    *(born ? &ledger->tally.born : &ledger->tally.inflow) += n;
}
