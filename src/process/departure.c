/* People set out from home, daily (model.md 4.1). The log of the hazard is a sum of terms, one
 * a cause, which attribution shares out exactly. One binomial says how many of a stratum leave;
 * then they fall apart by access, since those without it have other options, and one multinomial
 * says where to and how. The weights W of beliefs and noise are inside the sum of the hazard: when
 * they fall, fewer leave. */
#include "process/departure.h"

#include <math.h>
#include <stdlib.h>

#include "num/draw.h"
#include "process/belief.h"
#include "process/institution.h"
#include "process/journey.h"

const char *const sj_cause_words[SJ_CAUSES] = {"network", "season", "rush", "hump", "noise"};

struct sj_departures {
    double *base;                 /* nation: lambda_o at the drawn rate, 1/year */
    double *attribution;          /* nation x (drivers + SJ_CAUSES + 1): people */
    const sj_options *options[2]; /* of today, without and with access */
    double *weight[2];
    double sum[2];
    int64_t *count;          /* scratch: people by option */
    int64_t *setting_out[2]; /* option x group: who have taken it today */
};

static bool create(sj_run *run)
{
    const sj_world *w = run->world;
    sj_departures *d = run->departures = sj_calloc(1, sizeof *d);
    if (d == NULL) {
        return false;
    }
    size_t n = sj_choice_most_options(w);
    d->base = sj_numbers_new((size_t)w->n_nations);
    d->attribution = sj_numbers_new((size_t)w->n_nations * (size_t)(w->n_drivers + SJ_CAUSES + 1));
    d->count = sj_calloc(n, sizeof(int64_t));
    bool good = d->base != NULL && d->attribution != NULL && d->count != NULL;
    for (int a = 0; a < 2; a++) {
        d->weight[a] = sj_numbers_new(n);
        d->setting_out[a] = sj_calloc(n * SJ_GROUPS, sizeof(int64_t));
        good = d->weight[a] != NULL && d->setting_out[a] != NULL && good;
    }
    return good;
}

static void destroy(sj_run *run)
{
    sj_departures *d = run->departures;
    if (d != NULL) {
        for (int a = 0; a < 2; a++) {
            free(d->weight[a]);
            free(d->setting_out[a]);
        }
        free(d->base);
        free(d->attribution);
        free(d->count);
        free(d);
        run->departures = NULL;
    }
}

static double people_abroad(const sj_run *run, int nation)
{
    const sj_world *w = run->world;
    double abroad = 0;
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        if (w->leaves[leaf].country != w->nations[nation].home) {
            abroad += (double)run->ledger->present[leaf * w->n_nations + nation];
        }
    }
    for (int c = 0; c < w->n_countries; c++) {
        double left = (double)run->ledger->left_to[nation * w->n_countries + c];
        abroad += left > 0 ? left : 0;
    }
    return abroad;
}

static double season_of(const sj_run *run, int nation)
{
    int month = sj_day_month_index(run->today) % 12;
    const sj_numbers *season = &run->world->nations[nation].spec->season;
    for (size_t i = 0; i < season->n; i++) {
        if (season->at[i].ref == month) {
            return run->value[season->at[i].value];
        }
    }
    return 1;
}

static double hump(const sj_run *run, int nation)
{
    const sj_spec_departure *b = &run->world->spec.departure;
    int place = run->world->countries[sj_home_of(run, nation)].place;
    double income = sj_value_or(run, run->world->spec.places.at[place].income_usd_per_year, 1);
    if (run->value[b->hump] <= 0 || income <= 0) {
        return 1;
    }
    double z = log(income / run->value[b->hump_income_usd_per_year]) / run->value[b->hump_width];
    return 1 / (1 + z * z);
}

/* Log terms above the base, by cause: drivers, then network, season, rush, hump, noise. */
static void log_terms(const sj_run *run, int nation, double x[])
{
    const sj_world *w = run->world;
    int home = w->nations[nation].home;
    for (int k = 0; k < w->n_drivers; k++) {
        const sj_spec_driver *driver = &w->spec.drivers.at[k];
        x[k] = run->value[driver->weight] *
               (run->level[k * w->n_countries + home] - run->value[driver->reference]);
    }
    double pool = (double)run->ledger->home_pool[nation];
    double *more = x + w->n_drivers;
    more[SJ_CAUSE_NETWORK] = pool <= 0 ? 0
                                       : run->value[w->spec.departure.network] *
                                             log1p(10 * people_abroad(run, nation) / pool);
    double season = season_of(run, nation);
    more[SJ_CAUSE_SEASON] = season > 0 ? log(season) : -50;
    more[SJ_CAUSE_RUSH] = log(run->anticipation[nation]);
    more[SJ_CAUSE_HUMP] = log(hump(run, nation));
    more[SJ_CAUSE_NOISE] = run->pool_noise[nation];
}

enum { MAX_TERMS = SJ_DRIVERS_MAX + SJ_CAUSES };

static double sum_terms(const sj_run *run, int nation, double x[])
{
    double sum = 0;
    log_terms(run, nation, x);
    for (int k = 0; k < run->world->n_drivers + SJ_CAUSES; k++) {
        sum += x[k];
    }
    return sum;
}

/* A policy that scales the base rate scales every nation's. */
static double base_rate(const sj_run *run, int nation)
{
    sj_val rate = run->world->spec.departure.rate_per_year;
    double drawn = run->drawn[rate];
    return run->departures->base[nation] * (drawn > 0 ? run->value[rate] / drawn : 1);
}

double sj_departure_rate(const sj_run *run, int nation)
{
    double x[MAX_TERMS];
    return base_rate(run, nation) * exp(sum_terms(run, nation, x));
}

double sj_departure_attribution(const sj_run *run, int nation, int cause)
{
    return run->departures->attribution[nation * (run->world->n_drivers + SJ_CAUSES + 1) + cause];
}

/* `rate_at_start_per_year` is the whole product at the start; season, rush and noise stay out. */
static void begin(sj_run *run)
{
    const sj_world *w = run->world;
    for (int n = 0; n < w->n_nations; n++) {
        double x[MAX_TERMS];
        (void)sum_terms(run, n, x);
        double start = x[w->n_drivers + SJ_CAUSE_NETWORK] + x[w->n_drivers + SJ_CAUSE_HUMP];
        for (int k = 0; k < w->n_drivers; k++) {
            start += x[k];
        }
        sj_val given = w->nations[n].spec->rate_at_start_per_year;
        run->departures->base[n] = given != SJ_NO_VALUE
                                       ? run->value[given] / exp(start)
                                       : run->drawn[w->spec.departure.rate_per_year];
    }
}

static double weight_of(const sj_run *run, int group)
{
    static const double usual[SJ_GROUPS] = {0.8, 0.8, 1.2, 0.3}; /* semantics A2 */
    const sj_numbers *weights = &run->world->spec.departure.group_weights;
    for (size_t i = 0; i < weights->n; i++) {
        if (weights->at[i].ref == group) {
            return run->value[weights->at[i].value];
        }
    }
    return usual[group];
}

static bool in_pool(const sj_stratum *s, int nation)
{
    return s->nation == nation && !s->is_foreign && !s->is_under_way && s->n > 0;
}

static double mean_weight(const sj_run *run, int nation)
{
    double people = 0, sum = 0;
    for (size_t i = 0; i < run->ledger->at_home.n; i++) {
        const sj_stratum *s = run->ledger->at_home.at[i];
        if (in_pool(s, nation)) {
            people += (double)s->n;
            sum += (double)s->n * weight_of(run, s->group);
        }
    }
    return people > 0 ? sum / people : 1;
}

/* Options and weights of today for those with and without access, as seen from home. */
static void look_out(sj_run *run, int nation)
{
    sj_departures *d = run->departures;
    int leaf = run->world->countries[sj_home_of(run, nation)].settled[0];
    for (int a = 0; a < 2; a++) {
        const sj_options *o = d->options[a] =
            sj_choice_options(run, nation, leaf, true, a == 1, SJ_WITHOUT_NOTHING);
        d->sum[a] = 0;
        for (int i = 0; i < o->n; i++) {
            d->weight[a][i] = o->p[i] * sj_belief_weight(run, nation, o->channel[i], o->country[i]);
            d->sum[a] += d->weight[a][i];
        }
    }
}

/* m people of a stratum take options: those of all strata set out together, by group. Where the
 * channel requires a programme they apply at once. Returns how many set out. */
static int64_t share_out(sj_run *run, sj_stratum *s, int access, int64_t m, sj_rng *rng)
{
    sj_departures *d = run->departures;
    const sj_options *o = d->options[access];
    uint32_t person = s->person;
    int64_t leaving = 0;
    if (m == 0) {
        return 0;
    }
    sj_draw_multinomial(rng, m, (size_t)o->n, d->weight[access], d->count);
    for (int i = 0; i < o->n && m > 0 && s->person == person; i++) {
        int64_t n = d->count[i];
        int requires = run->world->channels[o->channel[i]].requires;
        m -= n;
        if (n > 0 && requires != SJ_NO_REF) {
            sj_programme_apply_for_journey(run, s, requires, n, rng);
        } else {
            d->setting_out[access][i * SJ_GROUPS + s->group] += n;
            leaving += n;
        }
    }
    return leaving;
}

/* All of a nation who have taken one option today, one parcel of all groups. */
static void set_out(sj_run *run, int nation)
{
    const sj_world *w = run->world;
    sj_departures *d = run->departures;
    int leaf = w->countries[sj_home_of(run, nation)].settled[0];
    for (int a = 0; a < 2; a++) {
        const sj_options *o = d->options[a];
        for (int i = 0; i < o->n; i++) {
            int64_t *by_group = d->setting_out[a] + i * SJ_GROUPS;
            sj_parcel *parcel = &run->parcel;
            sj_parcel_open(parcel, nation);
            for (int g = 0; g < SJ_GROUPS; g++) {
                parcel->by_group[g] = by_group[g];
                parcel->n += by_group[g];
                by_group[g] = 0;
            }
            if (parcel->n == 0) {
                continue;
            }
            sj_intent intent = {
                .destination = o->country[i], .channel = o->channel[i], .hold_country = SJ_NO_REF};
            sj_rng rng =
                sj_run_decide(run, "set-out", w->nations[nation].id, w->countries[o->country[i]].id,
                              w->channels[o->channel[i]].id);
            sj_journey_set_out(run, parcel, leaf, true, intent, &rng);
        }
    }
}

/* Those who settle down become citizens; those who set out leave the books of their home. */
static void take_leave(sj_run *run, sj_stratum *s, int64_t settling, int64_t leaving, sj_rng *rng)
{
    int leaf = s->leaf;
    if (leaving > 0) {
        run->ledger->tally.departures[s->nation] += leaving;
        sj_ledger_take(run->ledger, s, leaving, SJ_NOTHING_FIXED, rng, &run->parcel);
        sj_ledger_end_cases(run->ledger, &run->parcel, false);
    }
    if (settling > 0) {
        sj_ledger_take(run->ledger, s, settling, SJ_NOTHING_FIXED, rng, &run->parcel);
        sj_ledger_settle(run->ledger, &run->parcel, leaf, SJ_CITIZEN, 0, rng);
    }
}

/* Returnees leave more often and settle down as citizens, the two competing. Everybody has access
 * or not by chance, so that those who go are one binomial, and then of either kind. */
static void review_stratum(sj_run *run, sj_stratum *s, double rate)
{
    const sj_spec_departure *b = &run->world->spec.departure;
    const sj_departures *d = run->departures;
    bool returnee = s->status == SJ_RETURNEE;
    double settling = returnee ? run->value[b->returnee_settles_per_year] : 0;
    double access = sj_choice_access(run, s->nation), share[2] = {1 - access, access}, chance[2];
    rate *= returnee ? run->value[b->returnee_factor] : 1;
    for (int a = 0; a < 2; a++) {
        chance[a] = share[a] * sj_chance_within(rate * d->sum[a] + settling, 1);
    }
    double all = chance[0] + chance[1];
    if (all <= 0) {
        return;
    }
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_EXIT]);
    int64_t gone = sj_draw_binomial(&rng, s->n, all), home = 0, leaving = 0;
    int64_t with_access = sj_draw_binomial(&rng, gone, chance[1] / all);
    int64_t of[2] = {gone - with_access, with_access};
    for (int a = 0; a < 2; a++) {
        double total = rate * d->sum[a] + settling;
        int64_t settled = total > 0 ? sj_draw_binomial(&rng, of[a], settling / total) : 0;
        home += settled;
        leaving += share_out(run, s, a, of[a] - settled, &rng);
    }
    take_leave(run, s, home, leaving, &rng);
}

/* People of the pool, each counted by weight: age, and the returnees' factor. */
static double effective_pool(const sj_run *run, int nation, double mean)
{
    double factor = run->value[run->world->spec.departure.returnee_factor], sum = 0;
    for (size_t i = 0; i < run->ledger->at_home.n; i++) {
        const sj_stratum *s = run->ledger->at_home.at[i];
        if (in_pool(s, nation)) {
            sum += (double)s->n * weight_of(run, s->group) / mean *
                   (s->status == SJ_RETURNEE ? factor : 1);
        }
    }
    return sum;
}

/* Logarithmic mean: each cause gets the part of lambda - base that its term has in the sum.
 * Where the terms cancel out, lambda is the base and the limit of the same formula. */
static void attribute(sj_run *run, int nation, double mean)
{
    const sj_world *w = run->world;
    double x[MAX_TERMS];
    double sum = sum_terms(run, nation, x), base = base_rate(run, nation);
    int causes = w->n_drivers + SJ_CAUSES;
    double access = sj_choice_access(run, nation);
    double share = access * run->departures->sum[1] + (1 - access) * run->departures->sum[0];
    double scale = share * effective_pool(run, nation, mean) / SJ_DAYS_A_YEAR;
    double *to = run->departures->attribution + nation * (causes + 1);
    double more = fabs(sum) < 1e-9 ? base : base * expm1(sum) / sum;
    for (int k = 0; k < causes; k++) {
        to[k] += scale * more * x[k];
    }
    to[causes] += scale * base;
}

/* A Poisson number of people of an outside home set out for a country by a channel. */
static void come_in(sj_run *run, int nation, int destination, int channel, double mean)
{
    const sj_world *w = run->world;
    sj_parcel *parcel = &run->parcel;
    sj_rng rng = sj_run_decide(run, "inflow", w->nations[nation].id, w->countries[destination].id,
                               w->channels[channel].id);
    int64_t m = sj_draw_poisson(&rng, mean);
    if (m == 0) {
        return;
    }
    sj_ledger_enter(run->ledger, parcel, nation, SJ_MIXED, m, false);
    sj_draw_multinomial(&rng, m, SJ_GROUPS, w->nations[nation].group_share, parcel->by_group);
    run->ledger->tally.departures[nation] += m;
    sj_intent intent = {.destination = destination, .channel = channel, .hold_country = SJ_NO_REF};
    int leaf = w->countries[sj_home_of(run, nation)].settled[0];
    sj_journey_set_out(run, parcel, leaf, true, intent, &rng);
}

/* People of an outside home come in at a Poisson rate and set out at once. */
static void review_outside(sj_run *run, int nation)
{
    const sj_world *w = run->world;
    sj_departures *d = run->departures;
    double rate = run->value[w->nations[nation].spec->inflow_per_year] * season_of(run, nation) *
                  run->anticipation[nation] * exp(run->pool_noise[nation]) / SJ_DAYS_A_YEAR;
    double access = sj_choice_access(run, nation);
    for (int a = 0; a < 2; a++) {
        const sj_options *o = d->options[a];
        double share = a == 1 ? access : 1 - access;
        for (int i = 0; i < o->n; i++) {
            if (w->channels[o->channel[i]].requires == SJ_NO_REF) {
                come_in(run, nation, o->country[i], o->channel[i], rate * share * d->weight[a][i]);
            }
        }
    }
}

/* Group weights are divided by their mean over the pool, so that the rate is that of the
 * people. */
static void review_nation(sj_run *run, int nation)
{
    look_out(run, nation);
    if (run->world->countries[sj_home_of(run, nation)].is_outside) {
        review_outside(run, nation);
        return;
    }
    double mean = mean_weight(run, nation), rate = sj_departure_rate(run, nation);
    attribute(run, nation, mean);
    size_t n = run->ledger->at_home.n;
    for (size_t i = 0; i < n && run->ledger->status == SJ_OK; i++) {
        sj_stratum *s = run->ledger->at_home.at[i];
        if (in_pool(s, nation)) {
            review_stratum(run, s, rate * weight_of(run, s->group) / mean);
        }
    }
    set_out(run, nation);
}

static void review(sj_run *run)
{
    for (int nation = 0; nation < run->world->n_nations; nation++) {
        if (run->world->nations[nation].departs) {
            review_nation(run, nation);
        }
    }
}

const sj_process_kind sj_departure_process = {
    .name = "departure",
    .doc = "people set out from home: drivers, networks, season, rush, noise",
    .switch_off = SJ_PROCESS_DEPARTURE,
    .create = create,
    .begin = begin,
    .destroy = destroy,
    .steps = {{SJ_PHASE_DEPARTURE, SJ_DAILY, review}},
    .n_steps = 1};
