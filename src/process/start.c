/* Day 0 (semantics A9): stocks, nationals, permits, backlogs and chains, all by largest
 * remainder and evenly spread dates, nothing at random, so that every replication starts from
 * the same people. Person resolution then deals them out one by one by the carry rule. */
#include "process/start.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/uniformize.h"
#include "process/chain.h"
#include "process/institution_inside.h"

static void put(sj_run *run, int nation, int leaf, int status, int group, int64_t n)
{
    if (n <= 0) {
        return;
    }
    sj_parcel *parcel = &run->parcel;
    sj_parcel_open(parcel, nation);
    parcel->group = group;
    parcel->n = n;
    sj_parcel_reset(run->ledger, parcel);
    run->ledger->tally.initial += n;
    sj_ledger_put(run->ledger, parcel,
                  sj_ledger_settled(run->ledger, nation, leaf, status, group, 0));
}

/* Shares given by reference, spread over `n` places of an array; all 0 where none are given. */
static bool given_shares(const sj_run *run, const sj_numbers *numbers, double share[], int n)
{
    for (int i = 0; i < n; i++) {
        share[i] = 0;
    }
    for (size_t i = 0; i < numbers->n; i++) {
        share[numbers->at[i].ref] = run->value[numbers->at[i].value];
    }
    return numbers->n > 0;
}

/* Age groups: as given, else those of the nationality. */
static void group_shares(const sj_run *run, const sj_numbers *given, int nation,
                         double share[SJ_GROUPS])
{
    const sj_nation *people = &run->world->nations[nation];
    if (given_shares(run, given, share, SJ_GROUPS) ||
        given_shares(run, &people->spec->group_shares, share, SJ_GROUPS)) {
        return;
    }
    memcpy(share, people->group_share, SJ_GROUPS * sizeof(double));
}

static void leaf_shares(const sj_run *run, const sj_spec_stock *stock, const sj_country *country,
                        double share[])
{
    for (int i = 0; i < country->n_settled; i++) {
        share[i] = stock->leaf_shares.n > 0 ? 0 : country->settle_share[i];
        for (size_t k = 0; k < stock->leaf_shares.n; k++) {
            if (country->settled[i] == sj_world_leaf(run->world, stock->leaf_shares.at[k].id)) {
                share[i] = run->value[stock->leaf_shares.at[k].value];
            }
        }
    }
}

static void place_status(sj_run *run, int nation, int leaf, int status, int64_t n,
                         const double by_group[])
{
    int64_t count[SJ_GROUPS];
    sj_divide(n, by_group, SJ_GROUPS, count);
    for (int g = 0; g < SJ_GROUPS; g++) {
        put(run, nation, leaf, status, g, count[g]);
    }
}

/* Leaf, then status, then group, each by largest remainder of what the one before has given. */
static sj_status place_stock(sj_run *run, int nation, const sj_spec_stock *stock)
{
    const sj_world *w = run->world;
    int c = w->country_of_place[stock->item.ref], n_statuses = (int)w->spec.statuses.n;
    const sj_country *country = &w->countries[c];
    int64_t n = (int64_t)llround(run->value[stock->count]);
    if (country->is_outside) {
        run->ledger->left_to[nation * w->n_countries + c] += n;
        return SJ_OK;
    }
    size_t room = (size_t)(country->n_settled + n_statuses);
    double *share = sj_numbers_new(room), by_group[SJ_GROUPS];
    int64_t *count = sj_calloc(room, sizeof *count);
    if (share == NULL || count == NULL) {
        free(share);
        free(count);
        return SJ_E_NOMEM;
    }
    group_shares(run, &stock->group_shares, nation, by_group);
    double *by_status = share + country->n_settled;
    if (!given_shares(run, &stock->status_shares, by_status, n_statuses)) {
        const sj_spec_place *place = &w->spec.places.at[country->place];
        (void)given_shares(run, &place->default_status_shares, by_status, n_statuses);
    }
    leaf_shares(run, stock, country, share);
    sj_divide(n, share, country->n_settled, count);
    for (int i = 0; i < country->n_settled; i++) {
        int64_t *of_status = count + country->n_settled;
        sj_divide(count[i], by_status, n_statuses, of_status);
        for (int s = 0; s < n_statuses; s++) {
            place_status(run, nation, country->settled[i], SJ_FIRST_STATUS + s, of_status[s],
                         by_group);
        }
    }
    free(share);
    free(count);
    return SJ_OK;
}

/* Everybody at a leaf, as drawn: a city's own number, the rest of a country what its cities leave.
 */
static int64_t leaf_population(const sj_run *run, int leaf)
{
    const sj_world *w = run->world;
    int place = w->leaves[leaf].place;
    int64_t people = llround(sj_value_or(run, w->spec.places.at[place].population, 0));
    for (int k = 0; k < w->n_leaves; k++) {
        const sj_spec_place *other = &w->spec.places.at[w->leaves[k].place];
        if (k != leaf && other->parent == place && !w->leaves[k].is_node) {
            people -= llround(run->value[other->population]);
        }
    }
    return people;
}

/* Nationals at home: what the population of each leaf leaves beside the foreigners. */
static sj_status place_nationals(sj_run *run, int nation, sj_err *err)
{
    const sj_world *w = run->world;
    const sj_country *country = &w->countries[sj_home_of(run, nation)];
    double share[SJ_GROUPS];
    int64_t short_of = 0;
    group_shares(run, &(sj_numbers){0}, nation, share);
    for (int i = 0; i < country->n_settled && !country->is_outside; i++) {
        int leaf = country->settled[i];
        int64_t n = leaf_population(run, leaf) - short_of;
        for (int k = 0; k < w->n_nations; k++) {
            n -= run->ledger->present[leaf * w->n_nations + k];
        }
        short_of = n < 0 ? -n : 0;
        place_status(run, nation, leaf, SJ_CITIZEN, n, share);
    }
    if (short_of > 0) {
        return SJ_FAIL(err, SJ_E_MEANING, w->spec.places.at[country->place].item.pointer,
                       "%lld foreigners more than the population leaves room for",
                       (long long)short_of);
    }
    return SJ_OK;
}

/* Expiries spread evenly over the range, by stratum. */
static void give_permits(sj_run *run, sj_stratum *s, const sj_spec_permit_range *range)
{
    double span = range->to - range->from + 1;
    for (int64_t k = 0; k < s->n; k++) {
        sj_day day = range->from + (sj_day)floor(span * ((double)k + 0.5) / (double)s->n);
        int64_t same =
            (int64_t)ceil(((double)(day - range->from + 1) * (double)s->n) / span - 0.5) - k;
        same = same < 1 ? 1 : same > s->n - k ? s->n - k : same;
        sj_day expiry = day - run->today < 400 ? day : sj_day_next_month(day);
        if (s->permits.n > 0 && s->permits.at[s->permits.n - 1].expiry == expiry) {
            s->permits.at[s->permits.n - 1].count += same;
        } else if (!sj_vec_push(&s->permits, ((sj_permit){expiry, same}))) {
            run->ledger->status = SJ_E_NOMEM;
            return;
        }
        k += same - 1;
    }
    s->n_permits = s->n;
    run->ledger->permits.start += s->n;
    run->ledger->permits.valid += s->n;
}

static void start_permits(sj_run *run, int nation, const sj_spec_stock *stock)
{
    int country = run->world->country_of_place[stock->item.ref];
    for (size_t e = 0; e < stock->permit_expiry.n; e++) {
        int status = SJ_FIRST_STATUS + stock->permit_expiry.at[e].item.ref;
        for (size_t i = 1; i < run->ledger->n_strata; i++) {
            sj_stratum *s = run->ledger->strata[i];
            if (s->nation == nation && s->country == country && s->status == status && s->n > 0) {
                give_permits(run, s, &stock->permit_expiry.at[e]);
            }
        }
    }
}

static int64_t age_of(int64_t k, int64_t n, int days)
{
    return 1 + (int64_t)floor((double)days * (double)k / (double)n);
}

/* Person k of n applied 1 + floor(D k / n) days before the start. */
static void open_backlog(sj_run *run, sj_stratum *s, int programme, int64_t n, int days)
{
    int stage = run->world->programmes[programme].first_stage;
    int64_t k = 0;
    while (k < n) {
        int64_t age = age_of(k, n, days);
        int64_t next = (int64_t)((double)age * (double)n / (double)days); /* or one less, or more */
        next = next > k ? next : k + 1;
        while (next > k + 1 && age_of(next - 1, n, days) > age) {
            next--;
        }
        while (next < n && age_of(next, n, days) == age) {
            next++;
        }
        next = next < n ? next : n;
        sj_day joined = run->today - (sj_day)age;
        if (sj_day_next_month(joined) <= run->today - SJI_DAYS_BY_DAY) {
            joined = sj_day_mid_month(joined);
        }
        sj_batch batch = {.owner = s->index,
                          .since = joined,
                          .joined = joined,
                          .ready = joined,
                          .count = next - k};
        if (sj_stage_join(run->ledger->stages[stage], &batch) != SJ_OK) {
            run->ledger->status = SJ_E_NOMEM;
        }
        k = next;
    }
    s->n_cases += n;
    run->ledger->caseload[programme].opening += n;
}

/* Who may have one of the cases: those who hold the pending status; where the outcome is a journey,
 * nationals at home. */
static bool may_wait(const sj_programme_of *p, int nation, const sj_stratum *s)
{
    return s->nation == nation &&
           (p->spec->outcome.channel != SJ_NO_REF
                ? s->is_plain && s->status == SJ_CITIZEN
                : s->country == p->country && s->status == p->pending_status);
}

/* Nationals at home with an open case are applicants, in a stratum of their own. */
static sj_stratum *to_applicants(sj_run *run, sj_stratum *s, int64_t n)
{
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_SPLIT]);
    int nation = s->nation, leaf = s->leaf, group = s->group;
    sj_ledger_take(run->ledger, s, n, SJ_NOTHING_FIXED, &rng, &run->parcel);
    sj_ledger_settle(run->ledger, &run->parcel, leaf, SJ_APPLICANT, 0, &rng);
    return sj_ledger_settled(run->ledger, nation, leaf, SJ_APPLICANT, group, 0);
}

/* Out of those who may wait, in proportion to the strata. */
static sj_status start_backlog(sj_run *run, int programme, int nation, int64_t n, sj_err *err)
{
    const sj_programme_of *p = &run->world->programmes[programme];
    size_t n_strata = run->ledger->n_strata;
    double *share = sj_numbers_new(n_strata);
    int64_t *count = sj_calloc(n_strata, sizeof *count), stock = 0;
    if (share == NULL || count == NULL) {
        free(share);
        free(count);
        return SJ_FAIL(err, SJ_E_NOMEM, "backlog", "out of memory");
    }
    for (size_t i = 1; i < n_strata; i++) {
        const sj_stratum *s = run->ledger->strata[i];
        share[i] = may_wait(p, nation, s) ? (double)(s->n - s->n_cases) : 0;
        stock += (int64_t)share[i];
    }
    sj_status st = SJ_OK;
    if (n > stock) {
        char where[256];
        (void)snprintf(where, sizeof where, "%.140s/backlog/%.100s", p->spec->item.pointer,
                       run->world->nations[nation].id);
        st = SJ_FAIL(err, SJ_E_MEANING, where,
                     "a backlog of %lld is more than the %lld people who may wait for it",
                     (long long)n, (long long)stock);
    } else if (n > 0) {
        sj_divide(n, share, (int)n_strata, count);
        for (size_t i = 1; i < n_strata; i++) {
            if (count[i] > 0) {
                sj_stratum *s = run->ledger->strata[i];
                s = s->is_plain ? to_applicants(run, s, count[i]) : s;
                open_backlog(run, s, programme, count[i],
                             (int)run->value[p->spec->backlog_age_days]);
            }
        }
    }
    free(share);
    free(count);
    return st;
}

static void pour_clocks(sj_run *run)
{
    for (size_t i = 1; i < run->ledger->n_strata; i++) {
        sj_since_pour(&run->ledger->strata[i]->exits);
        sj_since_pour(&run->ledger->strata[i]->vital);
    }
}

sj_status sj_start_people(sj_run *run, sj_err *err)
{
    const sj_world *w = run->world;
    run->ledger->by_person = false;
    for (size_t i = 0; i < w->spec.stocks.n; i++) {
        for (size_t k = 0; k < w->spec.stocks.at[i].in.n; k++) {
            const sj_spec_stock *stock = &w->spec.stocks.at[i].in.at[k];
            if (place_stock(run, w->spec.stocks.at[i].item.ref, stock) != SJ_OK) {
                return SJ_FAIL(err, SJ_E_NOMEM, "stocks", "out of memory");
            }
            start_permits(run, w->spec.stocks.at[i].item.ref, stock);
        }
    }
    for (int n = 0; n < w->n_nations; n++) {
        SJ_TRY(place_nationals(run, n, err));
    }
    pour_clocks(run);
    for (int p = 0; p < w->n_programmes; p++) {
        const sj_numbers *backlog = &w->programmes[p].spec->backlog;
        for (size_t i = 0; i < backlog->n; i++) {
            SJ_TRY(start_backlog(run, p, backlog->at[i].ref,
                                 llround(run->value[backlog->at[i].value]), err));
        }
    }
    pour_clocks(run);
    return SJ_OK;
}

/* In the classes of the stationary law under the rates of today, or as given. */
static void start_chain(sj_run *run, sj_stratum *s, int c, sj_waiting waiting)
{
    const sj_chain_of *chain = &run->world->chains[c];
    double share[SJ_CHAIN_MAX], rate[SJ_CHAIN_MAX * SJ_CHAIN_MAX];
    int64_t *fresh = s->fresh + chain->offset;
    if (chain->stationary) {
        sj_chain_rates(run, c, s->leaf, s->status, waiting, rate);
        sj_stationary((size_t)chain->n_classes, rate, share);
    } else {
        for (int i = 0; i < chain->n_classes; i++) {
            share[i] = chain->start_share[i];
        }
    }
    sj_divide(sj_chain_members(chain, s->by_group), share, chain->n_classes,
              s->old + chain->offset);
    for (int i = 0; i < chain->n_classes; i++) {
        fresh[i] = 0;
    }
    sj_since_pour(&s->chain_since[c]);
}

/* Strata of one: every marginal is dealt out by the carry rule. The emptied ones keep their place
 * in the table of keys, where nobody looks for settled people any more. */
static void atomise(sj_run *run)
{
    sj_ledger *ledger = run->ledger;
    size_t n = ledger->n_strata;
    ledger->by_person = true;
    for (size_t i = 1; i < n; i++) {
        sj_stratum *s = ledger->strata[i];
        if (!s->is_settled || s->n == 0) {
            continue;
        }
        sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_SPLIT]);
        int leaf = s->leaf, status = s->status, vintage = s->vintage;
        for (int64_t left = s->n; left > 0 && ledger->status == SJ_OK; left--) {
            sj_ledger_take(ledger, s, 1, SJ_NOTHING_FIXED, &rng, &run->parcel);
            sj_ledger_settle(ledger, &run->parcel, leaf, status, vintage, &rng);
        }
    }
    pour_clocks(run);
    for (size_t i = 1; i < ledger->n_strata; i++) {
        sj_stratum *s = ledger->strata[i];
        for (int k = 0; s->old != NULL && k < run->world->n_chain_classes; k++) {
            s->old[k] += s->fresh[k];
            s->fresh[k] = 0;
        }
        for (int c = 0; s->old != NULL && c < run->world->n_chains; c++) {
            sj_since_pour(&s->chain_since[c]);
        }
    }
}

void sj_start_chains(sj_run *run)
{
    const sj_world *w = run->world;
    for (size_t i = 1; i < run->ledger->n_strata; i++) {
        sj_stratum *s = run->ledger->strata[i];
        if (s->old == NULL || s->n == 0) {
            continue;
        }
        sj_waiting waiting = sj_waiting_of(run, s);
        for (int c = 0; c < w->n_chains; c++) {
            start_chain(run, s, c, waiting);
        }
    }
    if (w->by_person) {
        atomise(run);
    }
}
