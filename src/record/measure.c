/* What a record holds of people: stocks, foreigners, published counts, integration. */
#include "record/measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "process/chain.h"
#include "record/published.h"

bool sji_is_own_leaf(const sj_world *w, int leaf)
{
    return strcmp(w->leaves[leaf].id, w->countries[w->leaves[leaf].country].id) == 0;
}

/* A value that is itself a ratio over the period: emitted as it is. */
static void emit_ratio(sj_recorder *r, sj_metric metric, const char *place, const char *item,
                       double part, double whole)
{
    sji_emit(r, metric, place, ALL, item, whole > 0 ? part / whole : NAN);
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
        if (!sji_is_own_leaf(w, leaf)) {
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
        if (!sji_is_own_leaf(w, leaf)) {
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

/* ---- published counts ---- */

/* Of foreigners, country by country; the sums are those of what is published. */
static void emit_published(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    double *of_nation = sj_numbers_new((size_t)w->n_nations), everywhere = 0;
    if (of_nation == NULL) {
        r->failed = true;
        return;
    }
    for (int c = 0; c < w->n_countries; c++) {
        double everybody = 0;
        for (int n = 0; n < w->n_nations && !w->countries[c].is_outside; n++) {
            if (w->nations[n].home != c) {
                double count = sji_published(r, run, c, n);
                sji_emit(r, SJ_STOCK_PUBLISHED, w->countries[c].id, w->nations[n].id, ALL, count);
                of_nation[n] += count;
                everybody += count;
            }
        }
        if (!w->countries[c].is_outside) {
            sji_emit(r, SJ_STOCK_PUBLISHED, w->countries[c].id, ALL, ALL, everybody);
        }
        everywhere += everybody;
    }
    for (int n = 0; n < w->n_nations; n++) {
        sji_emit(r, SJ_STOCK_PUBLISHED, ALL, w->nations[n].id, ALL, of_nation[n]);
    }
    sji_emit(r, SJ_STOCK_PUBLISHED, ALL, ALL, ALL, everywhere);
    free(of_nation);
}

/* ---- integration ---- */

static void emit_classes(sj_recorder *r, const sj_world *w, const char *place, const char *item,
                         const sj_integration *k)
{
    if (sj_chain_named(w, "work") != SJ_NO_REF) {
        sji_emit(r, SJ_EMPLOYED, place, ALL, item, k->employed);
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
    emit_published(r, run);
    sji_measure_flows(r, run);
    sji_measure_services(r, run);
    emit_integration(r, run);
}
