/* Programmes whose outcome is a journey: visas, parole, resettlement, seasonal work (semantics A4).
 * Residents of another country set out with what they hold there. Applicants at home, where a
 * stratum is one age group, leave the books first; then all of a nation and place go together. */
#include "process/institution_inside.h"

#include "process/journey.h"

static sj_intent intent_of(const sj_run *run, int programme)
{
    const sj_programme_of *p = &run->world->programmes[programme];
    return (sj_intent){
        .destination = p->country, .channel = p->spec->outcome.channel, .hold_country = SJ_NO_REF};
}

void sji_send_on_journey(sj_run *run, sj_stratum *s, int programme, int64_t m)
{
    sj_ledger *ledger = run->ledger;
    sj_intent intent = intent_of(run, programme);
    int leaf = s->leaf;
    intent.hold_country = s->country;
    intent.hold_status = s->status;
    intent.hold_vintage = s->vintage;
    ledger->tally.onward[s->country * run->world->n_nations + s->nation] += m;
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_CHANGE]);
    sj_fixed fixed = {.no_case = true, .exits_new = -1, .vital_new = -1};
    sj_ledger_take(ledger, s, m, fixed, &rng, &run->parcel);
    sj_ledger_thin(ledger, leaf, &run->parcel);
    sj_journey_set_out(run, &run->parcel, leaf, true, intent, &rng);
}

/* The leavers of a kind, made where there are none yet; NULL when memory ends. */
static sji_leaver *leavers_of(sj_run *run, sji_leaver kind)
{
    sj_institutions *in = run->institutions;
    for (size_t i = 0; i < in->leavers.n; i++) {
        sji_leaver *l = &in->leavers.at[i];
        if (l->nation == kind.nation && l->leaf == kind.leaf && l->programme == kind.programme &&
            l->is_granted == kind.is_granted) {
            return l;
        }
    }
    if (!sj_vec_push(&in->leavers, kind)) {
        run->ledger->status = SJ_E_NOMEM;
        return NULL;
    }
    return &in->leavers.at[in->leavers.n - 1];
}

void sji_end_at_home(sj_run *run, sj_stratum *s, int programme, int64_t m, bool is_granted)
{
    sji_leaver *leavers = leavers_of(run, (sji_leaver){.nation = s->nation,
                                                       .leaf = s->leaf,
                                                       .programme = programme,
                                                       .is_granted = is_granted});
    if (m == 0 || leavers == NULL) {
        return;
    }
    leavers->by_group[s->group] += m;
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_CHANGE]);
    sj_fixed fixed = {.no_case = true, .exits_new = -1, .vital_new = -1};
    sj_ledger_take(run->ledger, s, m, fixed, &rng, &run->parcel);
}

static void leave(sj_run *run, const sji_leaver *leavers)
{
    const sj_world *w = run->world;
    sj_parcel *parcel = &run->parcel;
    sj_intent intent = intent_of(run, leavers->programme);
    sj_parcel_open(parcel, leavers->nation);
    for (int g = 0; g < SJ_GROUPS; g++) {
        parcel->by_group[g] = leavers->by_group[g];
        parcel->n += leavers->by_group[g];
    }
    sj_parcel_reset(run->ledger, parcel);
    if (leavers->is_granted) {
        run->ledger->tally.departures[leavers->nation] += parcel->n;
        sj_rng rng = sj_run_decide(run, "grant", w->programmes[leavers->programme].spec->item.id,
                                   w->nations[leavers->nation].id, w->leaves[leavers->leaf].id);
        sj_journey_set_out(run, parcel, leavers->leaf, true, intent, &rng);
        return;
    }
    sj_without without = SJ_WITHOUT_NOTHING;
    without.channel = intent.channel;
    without.applicant = without.from_country = true;
    sj_journey_choose_again(run, parcel, leavers->leaf, intent, without);
}

void sji_leave_home(sj_run *run)
{
    sj_institutions *in = run->institutions;
    for (size_t i = 0; i < in->leavers.n && run->ledger->status == SJ_OK; i++) {
        leave(run, &in->leavers.at[i]);
    }
    in->leavers.n = 0;
}
