/* What a record holds of queues, services and money. */
#include <math.h>
#include <string.h>

#include "process/capacity.h"
#include "process/fund.h"
#include "process/institution.h"
#include "record/measure.h"

/* ---- queues ---- */

static double wait_quantile(const sj_run *run, int stage, double p)
{
    size_t n = 0;
    const int64_t *waits = sj_stage_waits(run, stage, &n);
    int64_t total = 0, reached = 0;
    for (size_t d = 0; d < n; d++) {
        total += waits[d];
    }
    for (size_t d = 0; d < n; d++) {
        reached += waits[d];
        if (total > 0 && (double)reached >= p * (double)total) {
            return (double)d;
        }
    }
    return NAN;
}

static double median_age(sj_recorder *r, const sj_run *run, int stage)
{
    memset(r->ages, 0, SJ_WAIT_DAYS * sizeof(int64_t));
    sj_stage_ages(run->ledger->stages[stage], run->today, SJ_WAIT_DAYS, r->ages);
    int64_t total = sj_stage_length(run->ledger->stages[stage]), reached = 0;
    for (int d = 0; total > 0 && d < SJ_WAIT_DAYS; d++) {
        reached += r->ages[d];
        if (2 * reached >= total) {
            return d;
        }
    }
    return NAN;
}

static void emit_stages(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    for (int i = 0; i < w->n_stages; i++) {
        const sj_stage_of *s = &w->stages[i];
        const sj_spec_post *post = s->post == SJ_NO_REF ? NULL : &w->spec.posts.at[s->post];
        int country = post == NULL ? w->programmes[s->programme].country
                                   : w->country_of_place[w->spec.links.at[post->link].from];
        const char *place = w->countries[country].id;
        sji_emit(r, SJ_QUEUE_LENGTH, place, ALL, s->label,
                 (double)sj_stage_length(run->ledger->stages[i]));
        sji_emit(r, SJ_QUEUE_AGE, place, ALL, s->label, median_age(r, run, i));
        sji_emit(r, SJ_WAIT_P50, place, ALL, s->label, wait_quantile(run, i, 0.5));
        sji_emit(r, SJ_WAIT_P90, place, ALL, s->label, wait_quantile(run, i, 0.9));
        double passed = (double)run->ledger->tally.completed[i];
        sji_emit(r, SJ_COMPLETED, place, ALL, s->label, passed);
        sji_emit(r, SJ_COMPLETED_TOTAL, place, ALL, s->label, passed);
    }
    for (int p = 0; p < w->n_programmes; p++) {
        const char *place = w->countries[w->programmes[p].country].id;
        const char *id = w->programmes[p].spec->item.id;
        sji_emit(r, SJ_APPLIED_TOTAL, place, ALL, id, (double)run->ledger->tally.applied[p]);
        sji_emit(r, SJ_GRANTED_TOTAL, place, ALL, id, (double)run->ledger->caseload[p].granted);
        sji_emit(r, SJ_REFUSED_TOTAL, place, ALL, id, (double)run->ledger->caseload[p].refused);
        sji_emit(r, SJ_SPENT, place, ALL, id, (double)sj_programme_cost_cents(run, p) / 100);
    }
}

/* ---- services and money ---- */

static void emit_load(sj_recorder *r, const char *place, const char *sector, double demand,
                      double capacity, double overload)
{
    sji_emit(r, SJ_DEMAND, place, ALL, sector, demand);
    sji_emit(r, SJ_CAPACITY, place, ALL, sector, capacity);
    sji_emit(r, SJ_UTILISATION, place, ALL, sector, sj_ratio(demand, capacity));
    sji_emit(r, SJ_UNMET_NEED, place, ALL, sector, demand > capacity ? demand - capacity : 0);
    sji_emit(r, SJ_OVERLOAD, place, ALL, sector, overload);
}

/* Services of a sector in a country. */
static int services_of(const sj_world *w, int country, int sector)
{
    int n = 0;
    for (int i = 0; i < w->n_services; i++) {
        const sj_spec_service *s = &w->spec.services.at[i];
        n += w->country_of_place[s->place] == country && s->sector == sector;
    }
    return n;
}

/* A city's service has a row of its own; a country's, too, beside those of its cities: what serves
 * the rest. */
static void emit_service(sj_recorder *r, const sj_run *run, int i)
{
    const sj_world *w = run->world;
    const sj_spec_service *s = &w->spec.services.at[i];
    int country = w->country_of_place[s->place];
    bool whole = w->spec.places.at[s->place].parent == SJ_NO_REF;
    const char *place =
        whole ? w->leaves[w->leaf_of_place[s->place]].id : w->spec.places.at[s->place].item.id;
    const char *sector = sj_sector_words[s->sector];
    if (whole && services_of(w, country, s->sector) == 1) {
        place = w->countries[country].id;
    } else {
        emit_load(r, place, sector, run->demand[i], run->supply[i], sj_overload_days(run, i));
    }
    sji_emit(r, SJ_SERVICE_LEVEL, place, ALL, sector, run->service_level[i]);
}

static void emit_sectors(sj_recorder *r, const sj_run *run, int country)
{
    const sj_world *w = run->world;
    for (int sector = 0; sector < SJ_SECTORS; sector++) {
        double demand, capacity, overload = 0;
        if (services_of(w, country, sector) == 0) {
            continue;
        }
        sj_sector_load(run, country, sector, &demand, &capacity);
        for (int i = 0; i < w->n_services; i++) {
            const sj_spec_service *s = &w->spec.services.at[i];
            bool here = w->country_of_place[s->place] == country && s->sector == sector;
            overload += here ? sj_overload_days(run, i) : 0;
        }
        emit_load(r, w->countries[country].id, sj_sector_words[sector], demand, capacity, overload);
    }
}

static void emit_services(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    double everywhere = 0;
    for (int i = 0; i < w->n_services; i++) {
        emit_service(r, run, i);
        everywhere += sj_overload_days(run, i);
    }
    for (int c = 0; c < w->n_countries; c++) {
        emit_sectors(r, run, c);
    }
    sji_emit(r, SJ_OVERLOAD, ALL, ALL, ALL, everywhere);
}

static void emit_money(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    double spent = 0;
    for (size_t f = 0; f < w->spec.funds.n; f++) {
        sj_account a = sj_fund_account(run, (int)f);
        const char *place = w->countries[w->country_of_place[w->spec.funds.at[f].country]].id;
        const char *id = w->spec.funds.at[f].item.id;
        if (w->spec.funds.at[f].appeal.funded_share != SJ_NO_VALUE) {
            sji_emit(r, SJ_APPEALED, place, ALL, id, (double)a.appealed / 100);
        }
        sji_emit(r, SJ_PLEDGED, place, ALL, id, (double)a.pledged / 100);
        sji_emit(r, SJ_BALANCE, place, ALL, id, (double)a.balance / 100);
        sji_emit(r, SJ_SPENT, place, ALL, id, (double)(a.overhead + a.built + a.run) / 100);
        spent += (double)(a.overhead + a.built + a.run) / 100;
    }
    for (int p = 0; p < w->n_programmes; p++) {
        spent += (double)sj_programme_cost_cents(run, p) / 100;
    }
    sji_emit(r, SJ_SPENT, ALL, ALL, ALL, spent);
}

void sji_measure_services(sj_recorder *r, const sj_run *run)
{
    emit_stages(r, run);
    emit_services(r, run);
    emit_money(r, run);
}
