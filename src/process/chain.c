/* Integration: chains of classes advanced by batched uniformization, which is exact for any
 * elapsed time (model.md 4.0, 4.11). Old members advance by the time since the review,
 * newcomers by the mean of their own times, and become old. Rates depend on leaf, status and
 * the mean waiting of a stratum, never on the class of a person. The second half says what
 * chains mean for a country: employment and the integration index. */
#include "process/chain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/uniformize.h"
#include "process/capacity.h"

int sj_chain_named(const sj_world *world, const char *id)
{
    for (int c = 0; c < world->n_chains; c++) {
        if (strcmp(world->chains[c].spec->item.id, id) == 0) {
            return c;
        }
    }
    return SJ_NO_REF;
}

int sj_class_named(const sj_chain_of *chain, const char *id)
{
    for (int i = 0; i < chain->n_classes; i++) {
        if (strcmp(chain->class_id[i], id) == 0) {
            return i;
        }
    }
    return SJ_NO_REF;
}

static bool any_limbo(const sj_run *run)
{
    for (int c = 0; c < run->world->n_chains; c++) {
        if (run->value[run->world->chains[c].spec->limbo] > 0) {
            return true;
        }
    }
    return false;
}

/* Mean years that open cases of pending programmes have waited, and the share of the stratum
 * past the delay of its right to work; once a day for each stratum that asks. */
static void measure_waiting(const sj_run *run, sj_stratum *s, double delay)
{
    const sj_world *w = run->world;
    double days = 0, ripe = 0, cases = 0;
    for (int stage = 0; stage < w->n_stages - w->n_posts; stage++) {
        size_t n = 0;
        const sj_batch *batch = sj_stage_batches(run->ledger->stages[stage], s->index, &n);
        bool pending = w->programmes[w->stages[stage].programme].pending_status != SJ_NO_REF;
        for (size_t i = 0; i < n; i++) {
            double age = run->today - batch[i].since, count = (double)batch[i].count;
            ripe += age > delay ? count : 0;
            days += pending ? age * count : 0;
            cases += pending ? count : 0;
        }
    }
    s->waited_years = cases > 0 ? days / cases / SJ_DAYS_A_YEAR : 0;
    s->waited_share = s->n > 0 ? ripe / (double)s->n : 0;
    s->waited_day = run->day + 1;
}

sj_waiting sj_waiting_of(const sj_run *run, sj_stratum *s)
{
    const sj_spec_status *status = run->world->statuses[s->status].spec;
    double delay = status == NULL ? 0 : run->value[status->work_after_days];
    if (s->n_cases == 0 || s->old == NULL || (delay <= 0 && !any_limbo(run))) {
        return (sj_waiting){0, 0};
    }
    if (s->waited_day != run->day + 1) {
        measure_waiting(run, s, delay);
    }
    return (sj_waiting){.years = s->waited_years, .may_work = s->waited_share};
}

/* A right that holds for a share of the stratum (work after a delay) mixes the two rates. */
static double per_year(const sj_run *run, const sj_spec_move *move, int status, double may_work)
{
    const sj_spec_status *spec = run->world->statuses[status].spec;
    double rate = run->value[move->per_year];
    for (int r = 0; r < SJ_RIGHTS; r++) {
        if (move->without_right.per_year[r] == SJ_NO_VALUE || spec == NULL) {
            continue;
        }
        double without = run->value[move->without_right.per_year[r]];
        double has = run->value[spec->rights.has[r]] > 0;
        if (r == SJ_RIGHT_WORK && has <= 0 && run->value[spec->work_after_days] > 0) {
            has = may_work;
        }
        rate = has * rate + (1 - has) * without;
    }
    return rate;
}

enum { LIMBO_PER_YEAR_PERCENT = 20 /* model.md 4.7: one more year of waiting, exp(-0.20) */ };

/* The rate of every move under the state of today; the diagonal is left 0. */
void sj_chain_rates(const sj_run *run, int chain, int leaf, int status, sj_waiting waiting,
                    double rate[])
{
    const sj_chain_of *of = &run->world->chains[chain];
    size_t k = (size_t)of->n_classes;
    memset(rate, 0, k * k * sizeof(double));
    bool limbo = run->value[of->spec->limbo] > 0;
    for (int i = 0; i < of->n_moves; i++) {
        const sj_move_of *move = &of->moves[i];
        double h = per_year(run, move->spec, status, waiting.may_work);
        double felt = run->value[move->spec->xenophobia] * run->hostility[sj_country_of(run, leaf)];
        h *= felt != 0 ? exp(felt) : 1;
        if (move->sector != SJ_NO_REF) {
            h *= sj_service_level_at(run, leaf, move->sector);
            h *= limbo ? exp(-LIMBO_PER_YEAR_PERCENT / 100.0 * waiting.years) : 1;
        }
        rate[(size_t)move->from * k + (size_t)move->to] = h;
    }
}

/* People about to change status bring their classes up to today under the rates they had. */
void sj_chains_advance(sj_run *run, sj_parcel *parcel, int leaf, int status, sj_waiting waiting,
                       sj_rng *rng)
{
    const sj_world *w = run->world;
    for (int c = 0; parcel->has_chains && c < w->n_chains; c++) {
        const sj_chain_of *chain = &w->chains[c];
        sj_since *since = &parcel->chain_since[c];
        if (since->n == 0) {
            continue;
        }
        double rate[SJ_CHAIN_MAX * SJ_CHAIN_MAX];
        double days = run->day - since->sum_day / (double)since->n;
        if (sj_runs(run, SJ_PROCESS_CHAINS)) {
            sj_chain_rates(run, c, leaf, status, waiting, rate);
            sj_uniformize(rng, (size_t)chain->n_classes, rate, days / SJ_DAYS_A_YEAR,
                          parcel->chain + chain->offset, NULL);
        }
        since->sum_day = (double)since->n * run->day;
    }
}

/* Old members by the time since the review, newcomers by the mean of theirs; then all are old. */
static void review_chain(sj_run *run, sj_stratum *s, int c, sj_waiting waiting, sj_rng *rng)
{
    const sj_chain_of *chain = &run->world->chains[c];
    sj_since *since = &s->chain_since[c];
    double rate[SJ_CHAIN_MAX * SJ_CHAIN_MAX];
    size_t k = (size_t)chain->n_classes;
    int64_t *old = s->old + chain->offset, *fresh = s->fresh + chain->offset;
    int64_t members = sj_chain_members(chain, s->by_group);
    if (members == 0) {
        return;
    }
    sj_chain_rates(run, c, s->leaf, s->status, waiting, rate);
    if (since->n < members) {
        double days = run->day - run->ledger->chains_reviewed;
        sj_uniformize(rng, k, rate, days / SJ_DAYS_A_YEAR, old, NULL);
    }
    if (since->n > 0) {
        double days = run->day - since->sum_day / (double)since->n;
        sj_uniformize(rng, k, rate, days / SJ_DAYS_A_YEAR, fresh, NULL);
    }
    for (size_t i = 0; i < k; i++) {
        old[i] += fresh[i];
        fresh[i] = 0;
    }
    sj_since_pour(since);
}

static void review(sj_run *run)
{
    const sj_world *w = run->world;
    for (size_t i = 0; i < run->ledger->settlers.n; i++) {
        sj_stratum *s = run->ledger->settlers.at[i];
        if (s->old == NULL || s->n == 0) {
            continue;
        }
        sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_CHAIN]);
        sj_waiting waiting = sj_waiting_of(run, s);
        for (int c = 0; c < w->n_chains; c++) {
            review_chain(run, s, c, waiting, &rng);
        }
    }
    run->ledger->chains_reviewed = run->day;
}

/* ---- what chains say of a country: employment and the integration index ---- */

static double standing_weight(int standing)
{
    static const double weight[] = {0.0, 0.6, 0.9, 1.0}; /* model.md 4.11 */
    return weight[standing];
}

static double in_class(const sj_world *w, const sj_stratum *s, const char *chain, const char *class)
{
    int c = sj_chain_named(w, chain);
    int k = c == SJ_NO_REF ? SJ_NO_REF : sj_class_named(&w->chains[c], class);
    if (k == SJ_NO_REF || s->old == NULL) {
        return 0;
    }
    int at = w->chains[c].offset + k;
    return (double)(s->old[at] + s->fresh[at]);
}

/* Those whom a chain is for; a group, where the scenario has no such chain. */
static double members_of(const sj_world *w, const sj_stratum *s, const char *chain, int group)
{
    int c = sj_chain_named(w, chain);
    return (double)(c == SJ_NO_REF ? s->by_group[group]
                                   : sj_chain_members(&w->chains[c], s->by_group));
}

void sj_integration_add(const sj_world *w, const sj_stratum *s, sj_integration *to)
{
    double n = (double)s->n;
    to->people += n;
    to->status_weight += n * standing_weight(w->statuses[s->status].standing);
    to->regular += w->statuses[s->status].standing != SJ_STANDING_NONE ? n : 0;
    double adults = members_of(w, s, "work", SJ_GROUP_18_59);
    to->adults += adults;
    to->employed += adults - in_class(w, s, "work", "unemployed");
    to->formal += in_class(w, s, "work", "formal");
    to->children += members_of(w, s, "school", SJ_GROUP_5_17);
    to->enrolled += in_class(w, s, "school", "enrolled");
    to->covered += in_class(w, s, "health", "covered");
}

static double capped(double part, double whole, double host)
{
    double share = whole > 0 ? part / whole : 0;
    return host <= 0 || share >= host ? 1 : share / host;
}

/* Equal weights over the sub-scores whose chain the scenario has; 0.5 where nobody is to count. */
static double index_of(const sj_run *run, int country, const sj_integration *t)
{
    const sj_world *w = run->world;
    const sj_spec_place *host = &w->spec.places.at[w->countries[country].place];
    double sum = t->people > 0 ? t->status_weight / t->people : 0.5, n = 1;
    if (sj_chain_named(w, "work") != SJ_NO_REF) {
        sum += t->adults <= 0
                   ? 0.5
                   : 0.5 * capped(t->employed, t->adults, run->value[host->employment_rate]) +
                         0.5 * capped(t->formal, t->employed, run->value[host->formal_share]);
        n++;
    }
    if (sj_chain_named(w, "school") != SJ_NO_REF) {
        sum += t->children <= 0
                   ? 0.5
                   : capped(t->enrolled, t->children, run->value[host->enrolment_rate]);
        n++;
    }
    if (sj_chain_named(w, "health") != SJ_NO_REF) {
        sum +=
            t->people <= 0 ? 0.5 : capped(t->covered, t->people, run->value[host->health_coverage]);
        n++;
    }
    return sum / n;
}

void sj_chains_measure(sj_run *run)
{
    const sj_world *w = run->world;
    size_t pairs = (size_t)(w->n_countries * w->n_statuses);
    size_t peoples = (size_t)(w->n_nations * w->n_countries);
    sj_integration *by_status = sj_calloc(pairs, sizeof *by_status);
    sj_integration *by_nation = sj_calloc(peoples, sizeof *by_nation);
    if (by_status == NULL || by_nation == NULL) {
        run->ledger->status = SJ_E_NOMEM;
    } else {
        for (size_t i = 0; i < run->ledger->settlers.n; i++) {
            const sj_stratum *s = run->ledger->settlers.at[i];
            if (s->is_settled && s->is_foreign && s->n > 0) {
                sj_integration_add(w, s, &by_status[s->country * w->n_statuses + s->status]);
                sj_integration_add(w, s, &by_nation[s->nation * w->n_countries + s->country]);
            }
        }
        for (size_t i = 0; i < pairs; i++) {
            run->index[i] = index_of(run, (int)i / w->n_statuses, &by_status[i]);
        }
        bool work = sj_chain_named(w, "work") != SJ_NO_REF;
        for (size_t i = 0; i < peoples; i++) {
            run->employment[i] =
                work && by_nation[i].adults > 0 ? by_nation[i].employed / by_nation[i].adults : -1;
        }
    }
    free(by_status);
    free(by_nation);
}

const sj_process_kind sj_chain_process = {
    .name = "chains",
    .doc = "work, school, health cover and other integration, by batched uniformization",
    .switch_off = SJ_PROCESS_CHAINS,
    .steps = {{SJ_PHASE_CHAINS, SJ_MONTHLY, review}},
    .n_steps = 1};
