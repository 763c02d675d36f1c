/* What a record holds of flows since the start: arrivals, entries, exits, links, deaths. */
#include <math.h>
#include <string.h>

#include "process/departure.h"
#include "record/measure.h"

/* Arrivals of a nation x channel since the start: of a leaf, or added up over a country. */
static const int64_t *arrivals_of(const sj_run *run, int leaf)
{
    const sj_world *w = run->world;
    return run->ledger->tally.arrivals + (size_t)leaf * (size_t)(w->n_nations * w->n_channels);
}

static const int64_t *arrivals_in(sj_recorder *r, const sj_run *run, int country)
{
    const sj_world *w = run->world;
    int n = w->n_nations * w->n_channels;
    memset(r->arrivals, 0, (size_t)n * sizeof *r->arrivals);
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        const int64_t *at = arrivals_of(run, leaf);
        for (int i = 0; w->leaves[leaf].country == country && i < n; i++) {
            r->arrivals[i] += at[i];
        }
    }
    return r->arrivals;
}

static void emit_arrivals(sj_recorder *r, const sj_world *w, const char *place, const int64_t at[])
{
    double everybody = 0;
    for (int n = 0; n < w->n_nations; n++) {
        double of_nation = 0;
        for (int m = 0; m < w->n_channels; m++) {
            double people = (double)at[n * w->n_channels + m];
            sji_emit(r, SJ_ARRIVALS, place, w->nations[n].id, w->channels[m].id, people);
            of_nation += people;
        }
        sji_emit(r, SJ_ARRIVALS, place, w->nations[n].id, ALL, of_nation);
        everybody += of_nation;
    }
    sji_emit(r, SJ_ARRIVALS, place, ALL, ALL, everybody);
}

/* Share of irregular arrivals over the period: from differences kept beside the rows. */
static void emit_irregular_share(sj_recorder *r, const sj_world *w, int country, const int64_t at[])
{
    double irregular = 0, regular = 0;
    for (int n = 0; n < w->n_nations; n++) {
        for (int m = 0; m < w->home_channel; m++) {
            *(w->channels[m].class == SJ_CLASS_IRREGULAR ? &irregular : &regular) +=
                (double)at[n * w->n_channels + m];
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

/* Whoever got to the end of an edge: reached the place, or was caught there. */
static double crossed(const sj_run *run, int edge, int nation)
{
    const sj_world *w = run->world;
    int at = edge * w->n_nations + nation;
    int64_t n = run->ledger->tally.caught[at];
    for (int m = 0; m < w->n_channels; m++) {
        n += run->ledger->tally.traffic[at * w->n_channels + m];
    }
    return (double)n;
}

/* A link in its two directions; returns the dead. */
static double emit_link(sj_recorder *r, const sj_run *run, int link)
{
    const sj_world *w = run->world;
    const sj_tally *t = &run->ledger->tally;
    const char *id = w->spec.links.at[link].item.id;
    int edges[2], n_edges = 0;
    double dead = 0, all_caught = 0, all_crossed = 0;
    for (int e = 0; e < w->n_edges && n_edges < 2; e++) {
        if (w->edges[e].link == link) {
            edges[n_edges++] = e;
        }
    }
    for (int n = 0; n < w->n_nations; n++) {
        double caught = 0, over = 0;
        for (int i = 0; i < n_edges; i++) {
            dead += (double)t->link_deaths[edges[i] * w->n_nations + n];
            caught += (double)t->caught[edges[i] * w->n_nations + n];
            over += w->edges[edges[i]].back ? 0 : crossed(run, edges[i], n);
        }
        sji_emit(r, SJ_CAUGHT, id, w->nations[n].id, ALL, caught);
        sji_emit(r, SJ_CROSSINGS, id, w->nations[n].id, ALL, over);
        all_caught += caught;
        all_crossed += over;
    }
    sji_emit(r, SJ_DEATHS, id, ALL, ALL, dead);
    sji_emit(r, SJ_CAUGHT, id, ALL, ALL, all_caught);
    sji_emit(r, SJ_CROSSINGS, id, ALL, ALL, all_crossed);
    return dead;
}

static void emit_deaths(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    const sj_tally *t = &run->ledger->tally;
    double on_links = 0;
    for (int link = 0; link < (int)w->spec.links.n; link++) {
        on_links += emit_link(r, run, link);
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

void sji_measure_flows(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    for (int c = 0; c < w->n_countries; c++) {
        const int64_t *at = arrivals_in(r, run, c);
        emit_arrivals(r, w, w->countries[c].id, at);
        emit_irregular_share(r, w, c, at);
        emit_country_flows(r, run, c);
    }
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        if (!sji_is_own_leaf(w, leaf) && !w->leaves[leaf].is_node) {
            emit_arrivals(r, w, w->leaves[leaf].id, arrivals_of(run, leaf));
        }
    }
    emit_departures(r, run);
    emit_deaths(r, run);
}
