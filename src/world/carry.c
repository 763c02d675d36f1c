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
static void take_since(sj_since *from, int64_t n, int64_t m, int64_t fresh_wanted, double last_day,
                       sj_rng *rng, sj_since *out)
{
    int64_t fresh = fresh_wanted;
    if (fresh < 0) {
        fresh = from->n == 0 ? 0 : sj_draw_hypergeometric(rng, from->n, n - from->n, m);
    }
    double fresh_days = from->n == 0 ? 0.0 : from->sum_day / (double)from->n * (double)fresh;
    from->n -= fresh;
    from->sum_day = from->n == 0 ? 0.0 : from->sum_day - fresh_days;
    out->n += m;
    out->sum_day += fresh_days + (double)(m - fresh) * last_day;
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

/* The group as a marginal: m of n people of whom have[] are in each group; they leave have[]. */
static void take_groups(int64_t have[], int64_t n, int64_t m, sj_rng *rng, int64_t taken[])
{
    if (m == n) {
        memcpy(taken, have, SJ_GROUPS * sizeof have[0]);
    } else {
        sj_draw_hypergeometric_multi(rng, m, SJ_GROUPS, have, taken);
    }
}

/* Who leaves a stratum of people under way, by group. */
static void take_group(const sj_stratum *from, int64_t m, int of_group, sj_rng *rng,
                       sj_parcel *parcel)
{
    int64_t have[SJ_GROUPS];
    memcpy(have, from->by_group, sizeof have);
    if (of_group > 0) {
        parcel->group = of_group - 1;
        parcel->by_group[parcel->group] = m;
    } else {
        take_groups(have, from->n, m, rng, parcel->by_group);
    }
}

/* One person out of a chain: a position, old members first; 1 if it is a newcomer. */
static int64_t take_one_class(int64_t old[], int64_t fresh[], size_t k, int64_t members,
                              sj_rng *rng, int64_t taken[])
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
static int64_t take_classes(int64_t old[], int64_t fresh[], size_t k, int64_t m, sj_rng *rng,
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

static void take_chain(sj_ledger *ledger, sj_stratum *from, int c, int64_t m, sj_rng *rng,
                       sj_parcel *parcel)
{
    const sj_chain_of *chain = &ledger->world->chains[c];
    size_t k = (size_t)chain->n_classes;
    int64_t *taken = parcel->chain + chain->offset;
    parcel->chain_since[c] = (sj_since){0, 0.0};
    if (!chain->applies[from->group]) {
        memset(taken, 0, k * sizeof taken[0]);
        return;
    }
    int64_t *old = from->old + chain->offset, *fresh = from->fresh + chain->offset;
    int64_t n_fresh = m == 1 ? take_one_class(old, fresh, k, from->n, rng, taken)
                             : take_classes(old, fresh, k, m, rng, taken);
    take_since(&from->chain_since[c], 0, m, n_fresh, (double)ledger->chains_reviewed, rng,
               &parcel->chain_since[c]);
}

/* Cases stage by stage, then the barred, the rest having neither: one multivariate
 * hypergeometric draw as a sequence of single ones. */
static void take_cases(sj_ledger *ledger, sj_stratum *from, int64_t n, int64_t m, sj_rng *rng,
                       sj_parcel *parcel)
{
    int64_t pool = n, left = m;
    uint32_t owner = from->index;
    int64_t unseen = from->n_cases;
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
    if (from->old != NULL) {
        parcel->has_chains = true;
        for (int c = 0; c < ledger->world->n_chains; c++) {
            take_chain(ledger, from, c, m, rng, parcel);
        }
    }
    if (!fixed.no_case && from->n_cases + from->n_barred > 0) {
        take_cases(ledger, from, n, m, rng, parcel);
    }
    if (!fixed.no_permit && from->n_permits > 0) {
        from->n_permits -=
            sji_permits_draw(ledger, rng, &from->permits, from->n_permits, n, m, &parcel->permits);
    }
    if (from->is_under_way) {
        take_group(from, m, fixed.of_group, rng, parcel);
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

/* People of a parcel share their times evenly: each takes the mean along. */
static void split_since(sj_since *from, int64_t n, int64_t m, sj_since *out)
{
    double days = n == 0 ? 0.0 : from->sum_day / (double)n * (double)m;
    *out = (sj_since){m, days};
    from->n -= m;
    from->sum_day -= days;
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
void sj_ledger_split(sj_ledger *ledger, sj_parcel *parcel, int64_t m, sj_rng *rng, sj_parcel *out)
{
    const sj_world *w = ledger->world;
    empty_parcel(out);
    out->nation = parcel->nation;
    out->group = parcel->group;
    if (ledger->status != SJ_OK) {
        return;
    }
    out->n = m;
    out->has_chains = parcel->has_chains;
    split_since(&parcel->exits, parcel->n, m, &out->exits);
    split_since(&parcel->vital, parcel->n, m, &out->vital);
    for (int c = 0; parcel->has_chains && c < w->n_chains; c++) {
        const sj_chain_of *chain = &w->chains[c];
        int64_t *have = parcel->chain + chain->offset, *taken = out->chain + chain->offset;
        int64_t members = parcel->chain_since[c].n;
        if (members == 0) {
            memset(taken, 0, (size_t)chain->n_classes * sizeof(int64_t));
            out->chain_since[c] = (sj_since){0, 0.0};
            continue;
        }
        sj_draw_hypergeometric_multi(rng, m, (size_t)chain->n_classes, have, taken);
        for (int i = 0; i < chain->n_classes; i++) {
            have[i] -= taken[i];
        }
        split_since(&parcel->chain_since[c], members, m, &out->chain_since[c]);
    }
    split_cases(ledger, parcel, m, rng, out);
    (void)sji_permits_draw(ledger, rng, &parcel->permits, permits_of(parcel), parcel->n, m,
                           &out->permits);
    if (parcel->group == SJ_MIXED) {
        take_groups(parcel->by_group, parcel->n, m, rng, out->by_group);
        for (int g = 0; g < SJ_GROUPS; g++) {
            parcel->by_group[g] -= out->by_group[g];
        }
    }
    parcel->n -= m;
}

/* What else they hold is independent of their group, and drawn as for any of the parcel. */
void sj_ledger_split_groups(sj_ledger *ledger, sj_parcel *parcel, const int64_t by_group[SJ_GROUPS],
                            sj_rng *rng, sj_parcel *out)
{
    int64_t m = 0;
    parcel->group = SJ_GROUPS - 1; /* for the split they are of one group */
    for (int g = 0; g < SJ_GROUPS; g++) {
        m += by_group[g];
    }
    sj_ledger_split(ledger, parcel, m, rng, out);
    parcel->group = out->group = SJ_MIXED;
    for (int g = 0; g < SJ_GROUPS; g++) {
        out->by_group[g] = by_group[g];
        parcel->by_group[g] -= by_group[g];
    }
}

void sj_ledger_split_group(sj_ledger *ledger, sj_parcel *parcel, int group, sj_rng *rng,
                           sj_parcel *out)
{
    int64_t by_group[SJ_GROUPS] = {0};
    by_group[group] = parcel->by_group[group];
    sj_ledger_split_groups(ledger, parcel, by_group, rng, out);
    out->group = group;
    out->by_group[group] = 0;
}

void sj_parcel_open(sj_parcel *parcel, int nation)
{
    empty_parcel(parcel);
    parcel->nation = nation;
    parcel->group = SJ_MIXED;
}

void sj_ledger_pool(sj_ledger *ledger, sj_parcel *mixed, sj_parcel *parcel)
{
    for (int g = 0; g < SJ_GROUPS && parcel->group == SJ_MIXED; g++) {
        mixed->by_group[g] += parcel->by_group[g];
    }
    if (parcel->group != SJ_MIXED) {
        mixed->by_group[parcel->group] += parcel->n;
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

/* Classes are added as newcomers with their own clock; people without classes begin at the
 * start class, today. */
static void put_chain(sj_ledger *ledger, sj_parcel *parcel, int c, sj_stratum *to)
{
    const sj_chain_of *chain = &ledger->world->chains[c];
    if (!chain->applies[to->group]) {
        return;
    }
    int64_t *fresh = to->fresh + chain->offset;
    if (!parcel->has_chains || parcel->chain_since[c].n == 0) {
        fresh[chain->start] += parcel->n;
        add_since(&to->chain_since[c], (sj_since){parcel->n, (double)parcel->n * ledger->day});
        return;
    }
    for (int i = 0; i < chain->n_classes; i++) {
        fresh[i] += parcel->chain[chain->offset + i];
    }
    add_since(&to->chain_since[c], parcel->chain_since[c]);
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
    for (int c = 0; to->old != NULL && c < ledger->world->n_chains; c++) {
        put_chain(ledger, parcel, c, to);
    }
    put_cases(ledger, parcel, to);
    for (size_t i = 0; i < parcel->permits.n; i++) {
        to->n_permits += parcel->permits.at[i].count;
        if (!sji_permits_add(&to->permits, parcel->permits.at[i].expiry,
                             parcel->permits.at[i].count)) {
            sji_ledger_fail(ledger);
        }
    }
    if (parcel->group != SJ_MIXED) {
        parcel->by_group[parcel->group] = parcel->n;
    }
    sji_change_n(ledger, to, parcel->n, parcel->by_group);
    empty_parcel(parcel);
}

/* In person resolution people settle one by one, each in a stratum of their own; nationals at
 * home stay counts. */
void sj_ledger_settle(sj_ledger *ledger, sj_parcel *parcel, int leaf, int status, int group,
                      int vintage, sj_rng *rng)
{
    sj_parcel *one = &ledger->spare;
    while (ledger->by_person && parcel->n > 1 && ledger->status == SJ_OK) {
        sj_stratum *to = sj_ledger_settled(ledger, parcel->nation, leaf, status, group, vintage);
        if (to->is_plain) {
            break;
        }
        sj_ledger_split(ledger, parcel, 1, rng, one);
        sj_ledger_put(ledger, one, to);
    }
    if (parcel->n > 0) {
        sj_ledger_put(ledger, parcel,
                      sj_ledger_settled(ledger, parcel->nation, leaf, status, group, vintage));
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
