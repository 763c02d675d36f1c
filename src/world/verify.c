/* The identities of the ledger (semantics A2 to A5), checked from the counts themselves: every
 * marginal adds up to its stratum, links hold what was counted onto them, initial + born +
 * inflow = present + died + left, permits, and the cases of every programme. Nothing is
 * repaired: a failure names the stratum or programme and ends the run. */
#include "world/ledger_inside.h"

#include <stdlib.h>
#include <string.h>

#define BROKEN(err, ...) SJ_FAIL(err, SJ_E_CONSERVATION, "ledger", __VA_ARGS__)

static sj_status verify_chain(const sj_ledger *ledger, const sj_stratum *s, int c, sj_err *err)
{
    const sj_chain_of *chain = &ledger->world->chains[c];
    int64_t sum = 0, fresh = 0;
    for (int i = chain->offset; i < chain->offset + chain->n_classes; i++) {
        if (s->old[i] < 0 || s->fresh[i] < 0) {
            return BROKEN(err, "a class of chain %s of %s is negative", chain->spec->item.id,
                          s->text);
        }
        sum += s->old[i] + s->fresh[i];
        fresh += s->fresh[i];
    }
    int64_t want = sj_chain_members(chain, s->by_group);
    if (sum != want || fresh != s->chain_since[c].n) {
        return BROKEN(err, "chain %s of %s counts %lld of %lld people, %lld of %lld newcomers",
                      chain->spec->item.id, s->text, (long long)sum, (long long)want,
                      (long long)fresh, (long long)s->chain_since[c].n);
    }
    return SJ_OK;
}

static sj_status verify_marginals(const sj_ledger *ledger, const sj_stratum *s, int64_t *held,
                                  sj_err *err)
{
    int64_t permits = 0, barred = 0, cases = 0;
    for (size_t i = 0; i < s->permits.n; i++) {
        permits += s->permits.at[i].count;
        if (s->permits.at[i].count <= 0 ||
            (i > 0 && s->permits.at[i].expiry <= s->permits.at[i - 1].expiry)) {
            return BROKEN(err, "permits of %s are out of order", s->text);
        }
    }
    for (size_t i = 0; i < s->barred.n; i++) {
        barred += s->barred.at[i].count;
    }
    for (int i = 0; s->n_cases > 0 && i < ledger->world->n_stages; i++) {
        cases += sj_stage_length_of(ledger->stages[i], s->index);
    }
    if (permits != s->n_permits || barred != s->n_barred || cases != s->n_cases || permits > s->n ||
        barred + cases > s->n || s->n_barred < 0) {
        return BROKEN(
            err, "%s: %lld people, permits %lld (%lld), cases %lld (%lld), barred %lld (%lld)",
            s->text, (long long)s->n, (long long)permits, (long long)s->n_permits, (long long)cases,
            (long long)s->n_cases, (long long)barred, (long long)s->n_barred);
    }
    *held += permits;
    return SJ_OK;
}

/* -1 where a group has fewer than nobody. */
static int64_t sum_groups(const int64_t by_group[])
{
    int64_t sum = 0;
    for (int g = 0; g < SJ_GROUPS; g++) {
        if (by_group[g] < 0) {
            return -1;
        }
        sum += by_group[g];
    }
    return sum;
}

static sj_status verify_stratum(const sj_ledger *ledger, const sj_stratum *s, int64_t *held,
                                sj_err *err)
{
    if (s->n < 0 || s->exits.n < 0 || s->exits.n > s->n || s->vital.n < 0 || s->vital.n > s->n) {
        return BROKEN(err, "%s: %lld people, %lld and %lld newcomers", s->text, (long long)s->n,
                      (long long)s->exits.n, (long long)s->vital.n);
    }
    if (s->group == SJ_MIXED && sum_groups(s->by_group) != s->n) {
        return BROKEN(err, "%s: %lld people, %lld by group", s->text, (long long)s->n,
                      (long long)sum_groups(s->by_group));
    }
    for (int c = 0; s->old != NULL && c < ledger->world->n_chains; c++) {
        SJ_TRY(verify_chain(ledger, s, c, err));
    }
    return verify_marginals(ledger, s, held, err);
}

static sj_status verify_people(const sj_ledger *ledger, int64_t in_strata, sj_err *err)
{
    const sj_tally *t = &ledger->tally;
    if (in_strata + ledger->on_link != sj_ledger_people(ledger)) {
        return BROKEN(err, "strata hold %lld people, the tallies %lld", (long long)in_strata,
                      (long long)(sj_ledger_people(ledger) - ledger->on_link));
    }
    if (t->initial + t->born + t->inflow != in_strata + ledger->on_link + t->died + t->left) {
        return BROKEN(err,
                      "initial %lld + born %lld + inflow %lld is not present %lld + died %lld + "
                      "left %lld",
                      (long long)t->initial, (long long)t->born, (long long)t->inflow,
                      (long long)(in_strata + ledger->on_link), (long long)t->died,
                      (long long)t->left);
    }
    return SJ_OK;
}

static sj_status verify_permits(const sj_ledger *ledger, int64_t held, sj_err *err)
{
    const sj_permit_count *p = &ledger->permits;
    if (held != p->valid || p->start + p->granted + p->born != p->valid + p->expired + p->ended) {
        return BROKEN(err,
                      "permits: start %lld + granted %lld + born %lld, valid %lld (%lld held), "
                      "expired %lld, ended %lld",
                      (long long)p->start, (long long)p->granted, (long long)p->born,
                      (long long)p->valid, (long long)held, (long long)p->expired,
                      (long long)p->ended);
    }
    return SJ_OK;
}

static sj_status verify_cases(const sj_ledger *ledger, sj_err *err)
{
    const sj_world *w = ledger->world;
    for (int p = 0; p < w->n_programmes; p++) {
        const sj_caseload *load = &ledger->caseload[p];
        int64_t waiting = 0;
        for (int i = 0; i < w->programmes[p].n_stages; i++) {
            waiting += sj_stage_length(ledger->stages[w->programmes[p].first_stage + i]);
        }
        int64_t completed = load->granted + load->refused;
        int64_t closed = load->lost + load->withdrawn + load->died + load->closed;
        if (load->opening + load->joined - completed - closed - load->acts != waiting) {
            return BROKEN(err,
                          "cases of %s: opening %lld + joined %lld - completed %lld - closed "
                          "%lld - acts %lld is not %lld",
                          w->programmes[p].spec->item.id, (long long)load->opening,
                          (long long)load->joined, (long long)completed, (long long)closed,
                          (long long)load->acts, (long long)waiting);
        }
    }
    return SJ_OK;
}

static sj_status verify_stages(const sj_ledger *ledger, bool thorough, sj_err *err)
{
    for (int i = 0; i < ledger->world->n_stages; i++) {
        SJ_TRY(thorough ? sj_stage_verify(ledger->stages[i], err)
                        : sj_stage_verify_sums(ledger->stages[i], err));
    }
    return SJ_OK;
}

/* Adds the people and permits of a leg. */
static sj_status verify_leg(const sj_leg *leg, int64_t *on_link, int64_t *held, sj_err *err)
{
    for (size_t b = 0; leg != NULL && b < leg->bands.n; b++) {
        const sj_band *band = &leg->bands.at[b];
        if (sum_groups(band->by_group) != band->n) {
            return BROKEN(err, "a band of %lld people holds %lld by group", (long long)band->n,
                          (long long)sum_groups(band->by_group));
        }
        *on_link += band->n;
        for (size_t k = 0; k < band->permits.n; k++) {
            *held += band->permits.at[k].count;
        }
    }
    return SJ_OK;
}

sj_status sj_ledger_verify(const sj_ledger *ledger, bool thorough, sj_err *err)
{
    int64_t people = 0, held = 0, on_link = 0;
    for (size_t i = 1; i < ledger->n_strata; i++) {
        people += ledger->strata[i]->n;
        SJ_TRY(verify_stratum(ledger, ledger->strata[i], &held, err));
    }
    size_t n_legs = (size_t)ledger->world->n_edges * (SJ_LEG_DAYS + 1);
    for (size_t i = 0; i < n_legs; i++) {
        SJ_TRY(verify_leg(ledger->legs[i], &on_link, &held, err));
    }
    if (on_link != ledger->on_link) {
        return BROKEN(err, "links hold %lld people, counted %lld", (long long)on_link,
                      (long long)ledger->on_link);
    }
    SJ_TRY(verify_people(ledger, people, err));
    SJ_TRY(verify_permits(ledger, held, err));
    SJ_TRY(verify_cases(ledger, err));
    return verify_stages(ledger, thorough, err);
}
