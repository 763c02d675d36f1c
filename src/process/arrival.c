/* Arrival: people settle with an intent and, if they set out as residents of a host, with what they
 * hold there. */
#include "process/journey_inside.h"

#include "process/belief.h"
#include "process/institution.h"

/* Back where they hold a status: neither an arrival nor a new entry; a stay that ended meanwhile
 * has lapsed. */
static void take_up_again(sj_run *run, sj_parcel *parcel, int leaf, sj_intent intent, sj_rng *rng)
{
    sj_ledger *ledger = run->ledger;
    int status = intent.hold_status, lapsed = run->world->lapse_of[status];
    int64_t late = lapsed == SJ_NO_REF || parcel->permits.n == 0
                       ? 0
                       : sj_ledger_expire(ledger, &parcel->permits);
    if (late > 0) {
        sj_parcel *gone = &run->journeys->lapsed;
        sj_permits kept = {0};
        SJ_SWAP(sj_permits, kept, parcel->permits);
        sj_ledger_split(ledger, parcel, late, rng, gone);
        SJ_SWAP(sj_permits, kept, parcel->permits);
        sj_ledger_settle(ledger, gone, leaf, lapsed, intent.hold_vintage, rng);
    }
    sj_ledger_settle(ledger, parcel, leaf, status, intent.hold_vintage, rng);
}

/* People at one leaf: back in the old status, home, or in with the entry status, a stay and perhaps
 * a case. */
static void settle_at(sj_run *run, sj_parcel *parcel, int leaf, sj_intent intent, sj_rng *rng)
{
    const sj_world *w = run->world;
    const sj_channel_of *channel = &w->channels[intent.channel];
    sj_ledger *ledger = run->ledger;
    int nation = parcel->nation;
    int64_t n = parcel->n;
    sj_parcel_mix(parcel);
    sj_parcel_reset(ledger, parcel);
    if (intent.hold_country == intent.destination) {
        take_up_again(run, parcel, leaf, intent, rng);
        return;
    }
    ledger->tally.arrivals[(leaf * w->n_nations + nation) * w->n_channels + intent.channel] += n;
    if (intent.channel == w->home_channel) {
        sj_ledger_settle(ledger, parcel, leaf, SJ_RETURNEE, 0, rng);
        return;
    }
    if (channel->spec->stay_days != SJ_NO_VALUE) {
        int stay = (int)run->value[channel->spec->stay_days];
        sj_ledger_grant_permits(ledger, parcel, run->today + stay);
    }
    int vintage = sj_world_vintage(w, intent.destination, nation, run->today);
    sji_remember_arrival(run, leaf, parcel);
    if (channel->applies != SJ_NO_REF && sj_runs(run, SJ_PROCESS_PROGRAMMES) &&
        sj_programme_takes(run, channel->applies)) {
        sj_programme_attach(run, parcel, channel->applies);
    }
    sj_ledger_settle(ledger, parcel, leaf, channel->entry_status, vintage, rng);
}

/* Entry ends a journey well for the belief, unless people come back to what they hold. */
void sj_journey_arrive(sj_run *run, sj_parcel *parcel, sj_intent intent, sj_rng *rng)
{
    const sj_country *country = &run->world->countries[intent.destination];
    if (intent.hold_country != SJ_NO_REF && intent.hold_country != intent.destination) {
        sj_ledger_end_permits(run->ledger, parcel);
        intent.hold_country = SJ_NO_REF;
    }
    if (intent.hold_country == SJ_NO_REF) {
        sj_belief_ended(run, parcel->nation, intent.channel, intent.destination, parcel->n, true);
    }
    if (country->is_outside) {
        sj_ledger_leave(run->ledger, parcel, intent.destination);
        return;
    }
    sj_parcel *some = &run->journeys->settling;
    int64_t left = parcel->n;
    double rest = 1;
    for (int i = 0; i < country->n_settled && parcel->n > 0; i++) {
        double p = rest > 0 ? country->settle_share[i] / rest : 1;
        int64_t here =
            i == country->n_settled - 1 ? left : sj_draw_binomial(rng, left, p < 1 ? p : 1);
        rest -= country->settle_share[i];
        left -= here;
        if (here == 0) {
            continue;
        }
        sj_ledger_split(run->ledger, parcel, here, rng, some);
        settle_at(run, some, country->settled[i], intent, rng);
    }
}
