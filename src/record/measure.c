#include "record/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/stats.h"
#include "process/capacity.h"
#include "process/chain.h"
#include "process/departure.h"
#include "process/fund.h"
#include "process/institution.h"

#define ALL "ALL"

void sji_emit(sj_recorder *r, sj_metric metric, const char *place, const char *nationality,
              const char *item, double value)
{
    if (r->is_first) {
        sj_series_key key = {metric, place, nationality, item};
        if (!sj_vec_push(&r->keys, key) || !sj_vec_push(&r->last, 0.0)) {
            r->failed = true;
            return;
        }
    }
    if (r->failed) {
        return;
    }
    if (sj_metric_table[metric].kind == SJ_METRIC_FLOW) {
        double since = value - r->last.at[r->row];
        r->last.at[r->row] = r->peek ? r->last.at[r->row] : value;
        value = since;
    }
    r->row++;
    if (!sj_vec_push(&r->values, value)) {
        r->failed = true;
    }
}

/* A value that is itself a ratio over the period: emitted as it is. */
static void emit_ratio(sj_recorder *r, sj_metric metric, const char *place, const char *item,
                       double part, double whole)
{
    sji_emit(r, metric, place, ALL, item, whole > 0 ? part / whole : NAN);
}

static bool is_own_leaf(const sj_world *w, int leaf)
{
    return strcmp(w->leaves[leaf].id, w->countries[w->leaves[leaf].country].id) == 0;
}

/* ---- people ---- */

typedef struct census {
    double *at;      /* leaf x nation x status */
    double *country; /* country x nation x status */
} census;

static void emit_stock_at(sj_recorder *r, const sj_world *w, const char *place, const double *at)
{
    double everybody = 0;
    for (int s = 0; s < w->n_statuses; s++) {
        double of_status = 0;
        for (int n = 0; n < w->n_nations; n++) {
            sji_emit(r, SJ_STOCK, place, w->nations[n].id, w->statuses[s].id,
                     at[n * w->n_statuses + s]);
            of_status += at[n * w->n_statuses + s];
        }
        sji_emit(r, SJ_STOCK, place, ALL, w->statuses[s].id, of_status);
        everybody += of_status;
    }
    for (int n = 0; n < w->n_nations; n++) {
        double of_nation = 0;
        for (int s = 0; s < w->n_statuses; s++) {
            of_nation += at[n * w->n_statuses + s];
        }
        sji_emit(r, SJ_STOCK, place, w->nations[n].id, ALL, of_nation);
    }
    sji_emit(r, SJ_STOCK, place, ALL, ALL, everybody);
}

static void emit_stocks(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    size_t cell = (size_t)(w->n_nations * w->n_statuses);
    census c = {sj_numbers_new((size_t)w->n_leaves * cell),
                sj_numbers_new((size_t)w->n_countries * cell)};
    if (c.at == NULL || c.country == NULL) {
        r->failed = true;
    }
    for (size_t i = 1; !r->failed && i < run->ledger->n_strata; i++) {
        const sj_stratum *s = run->ledger->strata[i];
        size_t at = (size_t)(s->nation * w->n_statuses + s->status);
        c.at[(size_t)s->leaf * cell + at] += (double)s->n;
        c.country[(size_t)s->country * cell + at] += (double)s->n;
    }
    for (int k = 0; !r->failed && k < w->n_countries; k++) {
        if (!w->countries[k].is_outside) {
            emit_stock_at(r, w, w->countries[k].id, c.country + (size_t)k * cell);
        }
    }
    for (int leaf = 0; !r->failed && leaf < w->n_leaves; leaf++) {
        if (!is_own_leaf(w, leaf)) {
            emit_stock_at(r, w, w->leaves[leaf].id, c.at + (size_t)leaf * cell);
        }
    }
    free(c.at);
    free(c.country);
}

static double foreign_at(const sj_run *run, int leaf)
{
    double sum = 0;
    for (int g = 0; g < SJ_GROUPS; g++) {
        sum += (double)run->ledger->foreign_group[leaf * SJ_GROUPS + g];
    }
    return sum;
}

static void emit_foreign(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    double everywhere = 0;
    for (int c = 0; c < w->n_countries; c++) {
        double sum = 0;
        for (int leaf = 0; leaf < w->n_leaves; leaf++) {
            if (w->leaves[leaf].country == c) {
                sum += foreign_at(run, leaf);
            }
        }
        sji_emit(r, SJ_FOREIGN, w->countries[c].id, ALL, ALL, sum);
        everywhere += sum;
    }
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        if (!is_own_leaf(w, leaf)) {
            sji_emit(r, SJ_FOREIGN, w->leaves[leaf].id, ALL, ALL, foreign_at(run, leaf));
        }
    }
    sji_emit(r, SJ_FOREIGN, ALL, ALL, ALL, everywhere);
    for (int n = 0; n < w->n_nations; n++) {
        sji_emit(r, SJ_HOME_POOL, w->countries[w->nations[n].home].id, w->nations[n].id, ALL,
                 (double)run->ledger->home_pool[n]);
    }
    sji_emit(r, SJ_ON_LINK, ALL, ALL, ALL, (double)run->ledger->on_link);
    sji_emit(r, SJ_PERMITS, ALL, ALL, ALL, (double)run->ledger->permits.valid);
}

/* ---- flows ---- */

static double arrivals_at(const sj_run *run, int leaf, int nation, int channel)
{
    const sj_world *w = run->world;
    return (double)
        run->ledger->tally.arrivals[(leaf * w->n_nations + nation) * w->n_channels + channel];
}

static void emit_arrivals_at(sj_recorder *r, const sj_run *run, const char *place, int country,
                             int only_leaf)
{
    const sj_world *w = run->world;
    double everybody = 0;
    for (int n = 0; n < w->n_nations; n++) {
        double of_nation = 0;
        for (int m = 0; m < w->n_channels; m++) {
            double sum = 0;
            for (int leaf = 0; leaf < w->n_leaves; leaf++) {
                bool here = only_leaf >= 0 ? leaf == only_leaf : w->leaves[leaf].country == country;
                sum += here ? arrivals_at(run, leaf, n, m) : 0;
            }
            sji_emit(r, SJ_ARRIVALS, place, w->nations[n].id, w->channels[m].id, sum);
            of_nation += sum;
        }
        sji_emit(r, SJ_ARRIVALS, place, w->nations[n].id, ALL, of_nation);
        everybody += of_nation;
    }
    sji_emit(r, SJ_ARRIVALS, place, ALL, ALL, everybody);
}

/* Share of irregular arrivals over the period: from differences kept beside the rows. */
static void emit_irregular_share(sj_recorder *r, const sj_run *run, int country)
{
    const sj_world *w = run->world;
    double irregular = 0, regular = 0;
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        for (int n = 0; w->leaves[leaf].country == country && n < w->n_nations; n++) {
            for (int m = 0; m < w->home_channel; m++) {
                *(w->channels[m].class == SJ_CLASS_IRREGULAR ? &irregular : &regular) +=
                    arrivals_at(run, leaf, n, m);
            }
        }
    }
    double *before = r->irregular_before + 2 * country;
    double part = irregular - before[0], whole = part + regular - before[1];
    if (!r->peek) {
        before[0] = irregular;
        before[1] = regular;
    }
    sji_emit(r, SJ_IRREGULAR_SHARE, w->countries[country].id, ALL, ALL,
             whole > 0 ? part / whole : NAN);
}

static const char *const class_words[SJ_CLASSES + 1] = {"regular", "irregular", "home"};

static void emit_country_flows(sj_recorder *r, const sj_run *run, int c)
{
    const sj_world *w = run->world;
    const sj_tally *t = &run->ledger->tally;
    const char *place = w->countries[c].id;
    for (int n = 0; n < w->n_nations; n++) {
        int at = c * w->n_nations + n;
        double sum = 0;
        for (int k = 0; k <= SJ_CLASSES; k++) {
            double entries = (double)t->entries[at * (SJ_CLASSES + 1) + k];
            sji_emit(r, SJ_ENTRIES, place, w->nations[n].id, class_words[k], entries);
            sum += entries;
        }
        sji_emit(r, SJ_ENTRIES, place, w->nations[n].id, ALL, sum);
        sji_emit(r, SJ_RETURNS, place, w->nations[n].id, ALL, (double)t->returns[at]);
        sji_emit(r, SJ_ONWARD, place, w->nations[n].id, ALL, (double)t->onward[at]);
    }
}

static void emit_departures(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    double everybody = 0;
    for (int n = 0; n < w->n_nations; n++) {
        if (!w->nations[n].departs) {
            continue;
        }
        const char *place = w->countries[w->nations[n].home].id, *id = w->nations[n].id;
        sji_emit(r, SJ_DEPARTURES, place, id, ALL, (double)run->ledger->tally.departures[n]);
        everybody += (double)run->ledger->tally.departures[n];
        for (int k = 0; k < w->n_drivers; k++) {
            sji_emit(r, SJ_ATTRIBUTION, place, id, w->spec.drivers.at[k].item.id,
                     sj_departure_attribution(run, n, k));
        }
        for (int k = 0; k < SJ_CAUSES; k++) {
            sji_emit(r, SJ_ATTRIBUTION, place, id, sj_cause_words[k],
                     sj_departure_attribution(run, n, w->n_drivers + k));
        }
        sji_emit(r, SJ_ATTRIBUTION, place, id, "base",
                 sj_departure_attribution(run, n, w->n_drivers + SJ_CAUSES));
    }
    sji_emit(r, SJ_DEPARTURES, ALL, ALL, ALL, everybody);
}

static void emit_deaths(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    const sj_tally *t = &run->ledger->tally;
    double on_links = 0;
    for (size_t link = 0; link < w->spec.links.n; link++) {
        double dead = 0, caught = 0;
        for (int e = 0; e < w->n_edges; e++) {
            for (int n = 0; w->edges[e].link == (int)link && n < w->n_nations; n++) {
                dead += (double)t->link_deaths[e * w->n_nations + n];
                caught += (double)t->caught[e * w->n_nations + n];
            }
        }
        on_links += dead;
        sji_emit(r, SJ_DEATHS, w->spec.links.at[link].item.id, ALL, ALL, dead);
        sji_emit(r, SJ_CAUGHT, w->spec.links.at[link].item.id, ALL, ALL, caught);
    }
    sji_emit(r, SJ_DEATHS, "links", ALL, ALL, on_links);
    for (int c = 0; c < w->n_countries; c++) {
        double dead = 0;
        for (int leaf = 0; leaf < w->n_leaves; leaf++) {
            for (int n = 0; w->leaves[leaf].country == c && n < w->n_nations; n++) {
                dead += (double)t->deaths[leaf * w->n_nations + n];
            }
        }
        sji_emit(r, SJ_DEATHS, w->countries[c].id, ALL, ALL, dead);
    }
    sji_emit(r, SJ_DEATHS, ALL, ALL, ALL, (double)t->died);
}

static void emit_flows(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    for (int c = 0; c < w->n_countries; c++) {
        emit_arrivals_at(r, run, w->countries[c].id, c, -1);
        emit_irregular_share(r, run, c);
        emit_country_flows(r, run, c);
    }
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        if (!is_own_leaf(w, leaf) && !w->leaves[leaf].is_node) {
            emit_arrivals_at(r, run, w->leaves[leaf].id, -1, leaf);
        }
    }
    emit_departures(r, run);
    emit_deaths(r, run);
}

/* ---- queues ---- */

static double wait_quantile(sj_recorder *r, const sj_run *run, int stage, double p)
{
    size_t n = 0;
    const int64_t *waits = sj_stage_waits(run, stage, &n);
    (void)r;
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
        sji_emit(r, SJ_WAIT_P50, place, ALL, s->label, wait_quantile(r, run, i, 0.5));
        sji_emit(r, SJ_WAIT_P90, place, ALL, s->label, wait_quantile(r, run, i, 0.9));
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
        sji_emit(r, SJ_BALANCE, place, ALL, id, (double)a.balance / 100);
        sji_emit(r, SJ_SPENT, place, ALL, id, (double)(a.overhead + a.built + a.run) / 100);
        spent += (double)(a.overhead + a.built + a.run) / 100;
    }
    for (int p = 0; p < w->n_programmes; p++) {
        spent += (double)sj_programme_cost_cents(run, p) / 100;
    }
    sji_emit(r, SJ_SPENT, ALL, ALL, ALL, spent);
}

/* ---- integration ---- */

static void emit_classes(sj_recorder *r, const sj_world *w, const char *place, const char *item,
                         const sj_integration *k)
{
    if (sj_chain_named(w, "work") != SJ_NO_REF) {
        emit_ratio(r, SJ_EMPLOYMENT, place, item, k->employed, k->adults);
        emit_ratio(r, SJ_FORMAL, place, item, k->formal, k->employed);
    }
    if (sj_chain_named(w, "school") != SJ_NO_REF) {
        emit_ratio(r, SJ_ENROLMENT, place, item, k->enrolled, k->children);
    }
    if (sj_chain_named(w, "health") != SJ_NO_REF) {
        emit_ratio(r, SJ_HEALTH, place, item, k->covered, k->people);
    }
}

static void emit_integration(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    size_t n = (size_t)(w->n_countries * (w->n_statuses + 1));
    sj_integration *at = sj_calloc(n, sizeof *at);
    if (at == NULL) {
        r->failed = true;
        return;
    }
    for (size_t i = 0; i < run->ledger->settlers.n; i++) {
        const sj_stratum *s = run->ledger->settlers.at[i];
        if (s->n > 0 && s->is_settled && s->is_foreign) {
            sj_integration_add(w, s, &at[s->country * (w->n_statuses + 1) + s->status]);
            sj_integration_add(w, s, &at[s->country * (w->n_statuses + 1) + w->n_statuses]);
        }
    }
    for (int c = 0; c < w->n_countries; c++) {
        const char *place = w->countries[c].id;
        const sj_integration *here = &at[c * (w->n_statuses + 1)];
        if (w->countries[c].is_outside) {
            continue;
        }
        double index = 0;
        for (int s = SJ_FIRST_STATUS; s < w->n_statuses; s++) {
            emit_classes(r, w, place, w->statuses[s].id, &here[s]);
            sji_emit(r, SJ_INDEX, place, ALL, w->statuses[s].id,
                     here[s].people > 0 ? run->index[c * w->n_statuses + s] : NAN);
            index += here[s].people * run->index[c * w->n_statuses + s];
        }
        emit_classes(r, w, place, ALL, &here[w->n_statuses]);
        emit_ratio(r, SJ_INDEX, place, ALL, index, here[w->n_statuses].people);
        emit_ratio(r, SJ_REGULAR_SHARE, place, ALL, here[w->n_statuses].regular,
                   here[w->n_statuses].people);
        sji_emit(r, SJ_XENOPHOBIA, place, ALL, ALL, run->hostility[c]);
    }
    free(at);
}

void sji_measure(sj_recorder *r, const sj_run *run)
{
    emit_stocks(r, run);
    emit_foreign(r, run);
    emit_flows(r, run);
    emit_stages(r, run);
    emit_services(r, run);
    emit_money(r, run);
    emit_integration(r, run);
}
