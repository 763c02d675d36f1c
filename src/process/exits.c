/* Onward movement and return of settled foreigners, weekly (model.md 4.12). Both hazards are a
 * base rate times exp of how much better it is elsewhere, less a reference for each nationality
 * and host that makes the mean rate at the start the base rate. Options are looked at once a
 * day for each nationality and country, and used by all strata of the pair. */
#include "process/exits.h"

#include <math.h>
#include <stdlib.h>

#include "num/draw.h"
#include "process/belief.h"
#include "process/chain.h"
#include "process/institution.h"
#include "process/journey.h"
#include "process/route.h"

/* Options of one nation in one country, for those with and without access. */
typedef struct outlook {
    const sj_options *options[2];
    double *weight[2]; /* P x W of each option; made when first looked at */
    double sum[2];     /* of the weights */
    int day;           /* of the run they were made on, -1 = never */
} outlook;

struct sj_exits {
    outlook *at;                     /* nation x country */
    double *onward_ref, *return_ref; /* nation x country; NAN = not set yet */
    double *mean_anticipation;       /* nation: over the elapsed days */
    int days_summed;
    int64_t *count; /* scratch: people by option */
};

enum { NO_ACCESS, ACCESS };

static outlook *outlook_of(sj_run *run, int nation, int country)
{
    return &run->exits->at[nation * run->world->n_countries + country];
}

static bool create(sj_run *run)
{
    const sj_world *w = run->world;
    int pairs = w->n_nations * w->n_countries;
    sj_exits *x = run->exits = sj_calloc(1, sizeof *x);
    if (x == NULL) {
        return false;
    }
    x->at = sj_calloc((size_t)pairs, sizeof *x->at);
    x->onward_ref = sj_numbers_new((size_t)pairs);
    x->return_ref = sj_numbers_new((size_t)pairs);
    x->mean_anticipation = sj_numbers_new((size_t)w->n_nations);
    x->count = sj_calloc(sj_choice_most_options(w), sizeof(int64_t));
    if (!x->count || !x->at || !x->onward_ref || !x->return_ref || !x->mean_anticipation) {
        return false;
    }
    for (int i = 0; i < pairs; i++) {
        x->onward_ref[i] = x->return_ref[i] = NAN;
        x->at[i].day = -1;
    }
    return true;
}

static void destroy(sj_run *run)
{
    sj_exits *x = run->exits;
    if (x == NULL) {
        return;
    }
    for (int i = 0; x->at != NULL && i < run->world->n_nations * run->world->n_countries; i++) {
        for (int a = 0; a < 2; a++) {
            free(x->at[i].weight[a]);
        }
    }
    free(x->at);
    free(x->onward_ref);
    free(x->return_ref);
    free(x->mean_anticipation);
    free(x->count);
    free(x);
    run->exits = NULL;
}

static bool reserve_weights(sj_run *run, double **weight)
{
    if (*weight == NULL) {
        *weight = sj_numbers_new(sj_choice_most_options(run->world));
    }
    if (*weight == NULL) {
        run->ledger->status = SJ_E_NOMEM;
    }
    return *weight != NULL;
}

static outlook *look(sj_run *run, int nation, int country)
{
    outlook *o = outlook_of(run, nation, country);
    if (o->day == run->day) {
        return o;
    }
    sj_without without = SJ_WITHOUT_NOTHING;
    without.residence = country;
    int leaf = run->world->countries[country].settled[0];
    for (int a = 0; a < 2; a++) {
        const sj_options *options = o->options[a] =
            sj_choice_options(run, nation, leaf, true, a == ACCESS, without);
        o->sum[a] = 0;
        if (!reserve_weights(run, &o->weight[a])) {
            continue;
        }
        for (int i = 0; i < options->n; i++) {
            o->weight[a][i] = options->p[i] * sj_belief_weight(run, nation, options->channel[i],
                                                               options->country[i]);
            o->sum[a] += o->weight[a][i];
        }
    }
    o->day = run->day;
    return o;
}

/* How much better it is elsewhere: minus infinity where no destination is in reach. */
static double onward_z(sj_run *run, const sj_stratum *s, const outlook *o, int access)
{
    const sj_spec_onward *b = &run->world->spec.onward;
    double best = o->options[access]->best;
    if (!isfinite(best)) {
        return -INFINITY;
    }
    double over = run->utilisation[s->country] - 1;
    bool irregular = run->world->statuses[s->status].standing == SJ_STANDING_NONE;
    return run->value[b->difference] *
               (best - sj_choice_here(run, s->nation, s->country, s->status)) +
           run->value[b->irregular] * irregular + run->value[b->overload] * (over > 0 ? over : 0) -
           run->value[b->index] *
               (run->index[s->country * run->world->n_statuses + s->status] - 0.5);
}

/* Better drivers at home than at the start, hostility here, poor integration. */
static double return_z(const sj_run *run, const sj_stratum *s)
{
    const sj_world *w = run->world;
    const sj_spec_return *b = &w->spec.return_home;
    int home = w->nations[s->nation].home;
    double better = 0;
    for (int k = 0; k < w->n_drivers; k++) {
        int at = k * w->n_countries + home;
        better += run->level_start[at] - run->level[at];
    }
    return run->value[b->drivers] * better +
           run->value[b->xenophobia] * run->hostility[s->country] -
           run->value[b->index] * (run->index[s->country * w->n_statuses + s->status] - 0.5);
}

/* ln of the mean of exp(z) over the settled nationals of a host, access groups by weight. */
static bool lacks_refs(const sj_run *run)
{
    const sj_world *w = run->world;
    for (int n = 0; n < w->n_nations; n++) {
        for (int c = 0; c < w->n_countries; c++) {
            int at = n * w->n_countries + c;
            if (c != w->nations[n].home && !w->countries[c].is_outside &&
                (isnan(run->exits->return_ref[at]) || isnan(run->exits->onward_ref[at]))) {
                return true;
            }
        }
    }
    return false;
}

static void set_refs(sj_run *run)
{
    const sj_world *w = run->world;
    size_t pairs = (size_t)(w->n_nations * w->n_countries);
    double *people = sj_numbers_new(3 * pairs);
    if (people == NULL) {
        run->ledger->status = SJ_E_NOMEM;
        return;
    }
    double *onward = people + pairs, *home = people + 2 * pairs;
    for (size_t i = 0; i < run->ledger->settlers.n; i++) {
        const sj_stratum *s = run->ledger->settlers.at[i];
        if (s->n == 0 || !s->is_settled || !s->is_foreign) {
            continue;
        }
        int at = s->nation * w->n_countries + s->country;
        const outlook *o = look(run, s->nation, s->country);
        double access = sj_choice_access(run, s->nation), n = (double)s->n;
        people[at] += n;
        onward[at] += n * (access * exp(onward_z(run, s, o, ACCESS)) +
                           (1 - access) * exp(onward_z(run, s, o, NO_ACCESS)));
        home[at] += n * exp(return_z(run, s));
    }
    for (size_t i = 0; i < pairs; i++) {
        if (people[i] > 0 && isnan(run->exits->return_ref[i])) {
            run->exits->return_ref[i] = log(home[i] / people[i]);
        }
        if (people[i] > 0 && isnan(run->exits->onward_ref[i]) && onward[i] > 0) {
            run->exits->onward_ref[i] = log(onward[i] / people[i]);
        }
    }
    free(people);
}

static void begin(sj_run *run)
{
    for (int n = 0; n < run->world->n_nations; n++) {
        run->exits->mean_anticipation[n] = 0;
    }
    set_refs(run);
}

static double limited(double z, double limit)
{
    return exp(z > limit ? limit : z < -limit ? -limit : z);
}

static double mean_rush(const sj_run *run, int nation)
{
    double days = run->exits->days_summed;
    return days > 0 ? run->exits->mean_anticipation[nation] / days : 1;
}

static double onward_rate(sj_run *run, const sj_stratum *s, const outlook *o, int access)
{
    const sj_spec_onward *b = &run->world->spec.onward;
    double ref = run->exits->onward_ref[s->nation * run->world->n_countries + s->country];
    if (!sj_runs(run, SJ_PROCESS_ONWARD) || o->options[access]->n == 0 || isnan(ref)) {
        return 0;
    }
    return run->value[b->rate_per_year] * mean_rush(run, s->nation) * o->sum[access] *
           limited(onward_z(run, s, o, access) - ref, run->value[b->limit]);
}

static double return_rate(sj_run *run, const sj_stratum *s)
{
    const sj_world *w = run->world;
    const sj_spec_return *b = &w->spec.return_home;
    double ref = run->exits->return_ref[s->nation * w->n_countries + s->country];
    int home = w->nations[s->nation].home;
    if (!sj_runs(run, SJ_PROCESS_RETURN) || isnan(ref) || w->countries[home].is_outside) {
        return 0;
    }
    const sj_route *route = sj_route_to(run, s->nation, home, w->n_ways);
    if (route == NULL || !isfinite(route->start_value[s->country])) {
        return 0;
    }
    return run->value[b->rate_per_year] * mean_rush(run, s->nation) *
           limited(return_z(run, s) - ref, run->value[b->limit]);
}

/* One option of one stratum: onto the way with what they hold here, or an application. */
static void go(sj_run *run, sj_stratum *s, int64_t m, sj_fixed fixed, int destination, int channel,
               sj_rng *rng)
{
    const sj_world *w = run->world;
    sj_ledger *ledger = run->ledger;
    if (m == 0) {
        return;
    }
    int requires = w->channels[channel].requires;
    if (requires != SJ_NO_REF) { /* they apply, and wait where they live */
        sj_programme_apply_for_journey(run, s, requires, m, rng);
        return;
    }
    sj_intent intent = {.destination = destination,
                        .channel = channel,
                        .hold_country = s->country,
                        .hold_status = s->status,
                        .hold_vintage = s->vintage};
    int leaf = s->leaf, at = s->country * w->n_nations + s->nation;
    *(channel == w->home_channel ? &ledger->tally.returns[at] : &ledger->tally.onward[at]) += m;
    sj_ledger_thin(ledger, leaf, s->group, m, ledger->settled_group[leaf * SJ_GROUPS + s->group]);
    sj_ledger_take(ledger, s, m, fixed, rng, &run->parcel);
    sj_journey_set_out(run, &run->parcel, leaf, true, intent, rng);
}

/* Of one stratum, 1/year; onward by access. */
typedef struct hazards {
    double onward[2], home;
} hazards;

/* People of one access group exposed for `days`: one binomial, then one multinomial over causes. */
static void leave(sj_run *run, sj_stratum *s, outlook *o, int access, hazards h, int64_t n,
                  double days, bool newcomers, sj_rng *rng)
{
    double all = h.onward[access] + h.home;
    if (n == 0 || days <= 0 || all <= 0) {
        return;
    }
    int64_t gone = sj_draw_binomial(rng, n, sj_chance_within(all, days));
    if (gone == 0) {
        return;
    }
    int64_t returning = sj_draw_binomial(rng, gone, h.home / all);
    sj_fixed fixed = SJ_NOTHING_FIXED;
    uint32_t person = s->person;
    const sj_options *options = o->options[access];
    sj_draw_multinomial(rng, gone - returning, (size_t)options->n, o->weight[access],
                        run->exits->count);
    for (int i = 0; i < options->n && gone > returning; i++) {
        int64_t m = run->exits->count[i];
        fixed.exits_new = newcomers ? m : 0;
        go(run, s, m, fixed, options->country[i], options->channel[i], rng);
    }
    fixed.exits_new = newcomers ? returning : 0;
    if (s->person == person) {
        go(run, s, returning, fixed, sj_home_of(run, s->nation), run->world->home_channel, rng);
    }
}

static void review_stratum(sj_run *run, sj_stratum *s)
{
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_EXIT]);
    outlook *o = look(run, s->nation, s->country);
    double access = sj_choice_access(run, s->nation);
    int64_t fresh = s->exits.n, old = s->n - fresh;
    double fresh_days = fresh == 0 ? 0 : run->day - s->exits.sum_day / (double)fresh;
    double old_days = run->day - run->ledger->exits_reviewed;
    uint32_t person = s->person;
    int64_t with_access = sj_draw_binomial(&rng, old, access);
    int64_t fresh_access = sj_draw_binomial(&rng, fresh, access);
    hazards h = {{onward_rate(run, s, o, NO_ACCESS), onward_rate(run, s, o, ACCESS)},
                 return_rate(run, s)};
    leave(run, s, o, ACCESS, h, with_access, old_days, false, &rng);
    if (s->person == person && s->n > 0) {
        leave(run, s, o, NO_ACCESS, h, old - with_access, old_days, false, &rng);
    }
    if (s->person == person && s->n > 0) {
        leave(run, s, o, ACCESS, h, fresh_access, fresh_days, true, &rng);
    }
    if (s->person == person && s->n > 0) {
        leave(run, s, o, NO_ACCESS, h, fresh - fresh_access, fresh_days, true, &rng);
    }
}

/* References first where some are missing; then every stratum; then newcomers are old. */
static void review(sj_run *run)
{
    sj_ledger *ledger = run->ledger;
    if (lacks_refs(run)) {
        set_refs(run);
    }
    size_t n = ledger->settlers.n;
    for (size_t i = 0; i < n && ledger->status == SJ_OK; i++) {
        sj_stratum *s = ledger->settlers.at[i];
        if (s->n > 0 && s->is_settled && s->is_foreign) {
            review_stratum(run, s);
        }
    }
    for (size_t i = 0; i < ledger->settlers.n; i++) {
        sj_since_pour(&ledger->settlers.at[i]->exits);
    }
    sj_strata_sweep(&ledger->settlers, SJ_LISTED_SETTLER);
    ledger->exits_reviewed = run->day;
    for (int k = 0; k < run->world->n_nations; k++) {
        run->exits->mean_anticipation[k] = 0;
    }
    run->exits->days_summed = 0;
}

static void sum_anticipation(sj_run *run)
{
    for (int n = 0; n < run->world->n_nations; n++) {
        run->exits->mean_anticipation[n] += run->anticipation[n];
    }
    run->exits->days_summed++;
}

const sj_process_kind sj_exit_process = {
    .name = "onward and return",
    .doc = "settled foreigners move on or go home, weekly",
    .switch_off = -1,
    .create = create,
    .begin = begin,
    .destroy = destroy,
    .steps = {{SJ_PHASE_MONEY, SJ_DAILY, sum_anticipation}, {SJ_PHASE_EXITS, SJ_EXIT_DAYS, review}},
    .n_steps = 2};
