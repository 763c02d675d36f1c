/* Demand, capacity and service level of every service, once a day after the stages (semantics
 * A7, model.md 4.13). q = min(1, K/D) is the only congestion factor there is. A country's
 * utilisation is that of its worst sector, cut off at 3 where it feeds back. */
#include "process/capacity.h"

#include <math.h>
#include <stdlib.h>

#include "process/journey.h"

struct sj_capacity {
    int64_t *bought;  /* service: places that money has added */
    double *overload; /* service: person-days since the start */
};

enum { UTILISATION_CAP = 3 /* in every feedback, semantics A7 */ };

double sj_ratio(double demand, double capacity)
{
    return capacity > 0 ? demand / capacity : demand > 0 ? INFINITY : 0;
}

double sj_service_level_at(const sj_run *run, int leaf, int sector)
{
    int service = run->world->service_at[leaf * SJ_SECTORS + sector];
    return service == SJ_NO_REF || !sj_runs(run, SJ_PROCESS_SERVICES) ? 1
                                                                      : run->service_level[service];
}

void sj_capacity_add(sj_run *run, int service, int64_t places)
{
    run->capacity->bought[service] += places;
}

double sj_overload_days(const sj_run *run, int service)
{
    return run->capacity->overload[service];
}

static bool create(sj_run *run)
{
    size_t n = (size_t)run->world->n_services;
    run->capacity = sj_calloc(1, sizeof *run->capacity);
    if (run->capacity == NULL) {
        return false;
    }
    run->capacity->bought = sj_calloc(n, sizeof(int64_t));
    run->capacity->overload = sj_numbers_new(n);
    return run->capacity->bought != NULL && run->capacity->overload != NULL;
}

static void destroy(sj_run *run)
{
    if (run->capacity != NULL) {
        free(run->capacity->bought);
        free(run->capacity->overload);
        free(run->capacity);
        run->capacity = NULL;
    }
}

static bool needs_group(const sj_spec_need *need, int group)
{
    for (size_t i = 0; i < need->groups.n; i++) {
        if (need->groups.at[i] == group) {
            return true;
        }
    }
    return need->groups.n == 0;
}

static bool serves(const sj_world *w, int service, int leaf)
{
    return w->service_at[leaf * SJ_SECTORS + w->spec.services.at[service].sector] == service;
}

/* People of stated statuses: counted stratum by stratum. */
static double people_of_statuses(const sj_run *run, int service, const sj_spec_need *need)
{
    double people = 0;
    for (size_t i = 0; i < run->ledger->settlers.n; i++) {
        const sj_stratum *s = run->ledger->settlers.at[i];
        bool listed = false;
        for (size_t k = 0; k < need->statuses.n; k++) {
            listed = listed || need->statuses.at[k] + SJ_FIRST_STATUS == s->status;
        }
        for (int g = 0; g < SJ_GROUPS && listed && serves(run->world, service, s->leaf); g++) {
            people += needs_group(need, g) ? (double)s->by_group[g] : 0;
        }
    }
    return people;
}

/* A service may ask for statuses, for recent arrivals, or for groups alone; in this order. */
static double people_in_need(const sj_run *run, int service)
{
    const sj_world *w = run->world;
    const sj_spec_need *need = &w->spec.services.at[service].need;
    bool group[SJ_GROUPS];
    double people = 0;
    for (int g = 0; g < SJ_GROUPS; g++) {
        group[g] = needs_group(need, g);
    }
    if (need->statuses.n > 0) {
        return people_of_statuses(run, service, need);
    }
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        if (!serves(w, service, leaf)) {
            continue;
        }
        if (need->first_days != SJ_NO_VALUE) {
            people += sj_settled_lately(run, leaf, group, (int)run->value[need->first_days]);
            continue;
        }
        for (int g = 0; g < SJ_GROUPS; g++) {
            people += group[g] ? (double)run->ledger->foreign_group[leaf * SJ_GROUPS + g] : 0;
        }
    }
    return people;
}

/* Sums over the services of the country and of its cities. */
void sj_sector_load(const sj_run *run, int country, int sector, double *demand, double *capacity)
{
    const sj_world *w = run->world;
    *demand = *capacity = 0;
    for (int i = 0; i < w->n_services; i++) {
        const sj_spec_service *s = &w->spec.services.at[i];
        if (w->country_of_place[s->place] == country && s->sector == sector) {
            *demand += run->demand[i];
            *capacity += run->supply[i];
        }
    }
}

static void measure_country(sj_run *run, int country)
{
    double worst = 0;
    for (int sector = 0; sector < SJ_SECTORS; sector++) {
        double demand, capacity;
        sj_sector_load(run, country, sector, &demand, &capacity);
        double ratio = sj_ratio(demand, capacity);
        worst = ratio > worst ? ratio : worst;
    }
    run->utilisation[country] = worst > UTILISATION_CAP ? UTILISATION_CAP : worst;
}

/* The area of overload is by days: what is over at the end of a day counts for it. */
static void measure(sj_run *run)
{
    const sj_world *w = run->world;
    for (int i = 0; i < w->n_services; i++) {
        const sj_spec_service *s = &w->spec.services.at[i];
        double d =
            people_in_need(run, i) * run->value[s->need.per_person] + run->value[s->host_use];
        double k = run->value[s->capacity] + (double)run->capacity->bought[i];
        k = k > 0 ? k : 0;
        run->demand[i] = d;
        run->supply[i] = k;
        run->service_level[i] = d <= k ? 1 : k / d;
        if (run->day > 0) {
            run->capacity->overload[i] += d > k ? d - k : 0;
        }
    }
    for (int c = 0; c < w->n_countries; c++) {
        measure_country(run, c);
    }
}

static void begin(sj_run *run)
{
    if (sj_runs(run, SJ_PROCESS_SERVICES)) {
        measure(run);
    }
}

const sj_process_kind sj_service_process = {
    .name = "services",
    .doc = "demand, capacity and service level of every service",
    .switch_off = SJ_PROCESS_SERVICES,
    .create = create,
    .begin = begin,
    .destroy = destroy,
    .steps = {{SJ_PHASE_DEMAND, SJ_DAILY, measure}},
    .n_steps = 1};
