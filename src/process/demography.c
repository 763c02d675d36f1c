/* Births; deaths and ageing, competing. Monthly; old members and newcomers over their own
 * times. Births are Poisson over the person-days of adults; children take the key of their
 * stratum, with a permit drawn from its records. Ageing is memoryless within a group: the state
 * holds no ages. */
#include "process/demography.h"

#include <math.h>
#include <string.h>

#include "num/draw.h"

static double death_rate(const sj_run *run, int group)
{
    static const double usual[SJ_GROUPS] = {1.0, 0.3, 2.5, 30.0}; /* model.md 4.17 */
    const sj_numbers *rates = &run->world->spec.demography.deaths_per_1000_year;
    for (size_t i = 0; i < rates->n; i++) {
        if (rates->at[i].ref == group) {
            return run->value[rates->at[i].value] / 1000;
        }
    }
    return usual[group] / 1000;
}

static double ageing_rate(int group)
{
    static const double width_years[SJ_GROUPS] = {5, 13, 42, INFINITY};
    return 1 / width_years[group];
}

/* Person-days of adults since the last review; of a mixed stratum the adults' share of everybody's.
 */
static double exposure(const sj_run *run, const sj_stratum *s)
{
    double old_days = run->day - run->ledger->vital_reviewed;
    double days =
        (double)(s->n - s->vital.n) * old_days + ((double)s->vital.n * run->day - s->vital.sum_day);
    return s->group == SJ_MIXED ? days * (double)s->by_group[SJ_GROUP_18_59] / (double)s->n : days;
}

/* Expiry dates of children: drawn from their stratum's records, with those who hold none. */
static void give_permits(sj_run *run, const sj_stratum *s, sj_parcel *children, sj_rng *rng)
{
    int64_t left = children->n, pool = s->n;
    for (size_t i = 0; i < s->permits.n && left > 0; i++) {
        double p = (double)s->permits.at[i].count / (double)pool;
        int64_t m = sj_draw_binomial(rng, left, p < 1 ? p : 1);
        pool -= s->permits.at[i].count;
        left -= m;
        if (m == 0) {
            continue;
        }
        run->ledger->permits.born += m;
        run->ledger->permits.valid += m;
        if (!sj_vec_push(&children->permits, s->permits.at[i])) {
            run->ledger->status = SJ_E_NOMEM;
            return;
        }
        children->permits.at[children->permits.n - 1].count = m;
    }
}

/* Children join the stratum of their parents; those of applicants are citizens. */
static void bear(sj_run *run, sj_stratum *s)
{
    const sj_spec_status *status = run->world->statuses[s->status].spec;
    double factor = status == NULL ? 1 : run->value[status->birth_factor];
    double rate = run->value[run->world->spec.demography.births_per_adult_year] * factor;
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_BIRTH]);
    int64_t n = sj_draw_poisson(&rng, rate * exposure(run, s) / SJ_DAYS_A_YEAR);
    if (n == 0) {
        return;
    }
    sj_parcel *children = &run->parcel;
    sj_ledger_enter(run->ledger, children, s->nation, SJ_GROUP_0_4, n, true);
    if (s->is_settled) {
        give_permits(run, s, children, &rng);
    }
    if (s->is_under_way) {
        sj_ledger_put(run->ledger, children, s);
        return;
    }
    int status_of_child = s->status == SJ_APPLICANT ? SJ_CITIZEN : s->status;
    sj_ledger_settle(run->ledger, children, s->leaf, status_of_child, s->vintage, &rng);
}

static void review_births(sj_run *run)
{
    size_t n = run->ledger->n_strata;
    for (size_t i = 1; i < n; i++) {
        sj_stratum *s = run->ledger->strata[i];
        if (s->n > 0 && (s->group == SJ_GROUP_18_59 || s->group == SJ_MIXED)) {
            bear(run, s);
        }
    }
}

static void die(sj_run *run, sj_stratum *s, int64_t m, sj_fixed fixed, sj_rng *rng)
{
    sj_ledger *ledger = run->ledger;
    int leaf = s->leaf;
    bool is_settled = s->is_settled && s->is_foreign;
    ledger->tally.deaths[leaf * run->world->n_nations + s->nation] += m;
    sj_ledger_take(ledger, s, m, fixed, rng, &run->parcel);
    if (is_settled) {
        sj_ledger_thin(ledger, leaf, &run->parcel);
    }
    sj_ledger_die(ledger, &run->parcel);
}

/* At home they move to the stratum of the next group. */
static void age(sj_run *run, sj_stratum *s, int group, int64_t m, sj_fixed fixed, sj_rng *rng)
{
    sj_ledger *ledger = run->ledger;
    if (s->group == SJ_MIXED) {
        sj_ledger_age(ledger, s, group, m, rng);
        return;
    }
    int leaf = s->leaf, status = s->status, vintage = s->vintage;
    sj_ledger_take(ledger, s, m, fixed, rng, &run->parcel);
    run->parcel.group++;
    run->parcel.vital = (sj_since){m, (double)m * run->day}; /* they have been looked at */
    sj_ledger_settle(ledger, &run->parcel, leaf, status, vintage, rng);
}

/* Deaths and ageing of m of a group exposed for `days`: one binomial, then one for the cause. */
static void leave_group(sj_run *run, sj_stratum *s, int group, int64_t m, double days,
                        bool newcomers, sj_rng *rng)
{
    double dying = death_rate(run, group), ageing = ageing_rate(group);
    if (m == 0 || days <= 0 || dying + ageing <= 0) {
        return;
    }
    int64_t gone = sj_draw_binomial(rng, m, sj_chance_within(dying + ageing, days));
    int64_t dead = sj_draw_binomial(rng, gone, dying / (dying + ageing));
    sj_fixed fixed = SJ_NOTHING_FIXED;
    fixed.of_group = group + 1;
    if (dead > 0) {
        fixed.vital_new = newcomers ? dead : 0;
        die(run, s, dead, fixed, rng);
    }
    if (gone > dead) {
        fixed.vital_new = newcomers ? gone - dead : 0;
        age(run, s, group, gone - dead, fixed, rng);
    }
}

/* The newcomers of a mixed stratum are drawn over the groups, of which each then has its own
 * hazard.
 */
static void review_mixed(sj_run *run, sj_stratum *s, double old_days, double fresh_days,
                         sj_rng *rng)
{
    int64_t everybody[SJ_GROUPS], fresh[SJ_GROUPS];
    memcpy(everybody, s->by_group, sizeof everybody);
    sj_draw_hypergeometric_multi(rng, s->vital.n, SJ_GROUPS, everybody, fresh);
    for (int g = 0; g < SJ_GROUPS; g++) {
        leave_group(run, s, g, everybody[g] - fresh[g], old_days, false, rng);
        leave_group(run, s, g, fresh[g], fresh_days, true, rng);
    }
}

static void review_stratum(sj_run *run, sj_stratum *s)
{
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_DEATH]);
    int64_t fresh = s->vital.n, old = s->n - fresh;
    double old_days = run->day - run->ledger->vital_reviewed;
    double fresh_days = fresh == 0 ? 0 : run->day - s->vital.sum_day / (double)fresh;
    uint32_t person = s->person;
    if (s->group == SJ_MIXED) {
        review_mixed(run, s, old_days, fresh_days, &rng);
        return;
    }
    leave_group(run, s, s->group, old, old_days, false, &rng);
    if (s->person == person) {
        leave_group(run, s, s->group, fresh, fresh_days, true, &rng);
    }
}

static void review_deaths(sj_run *run)
{
    sj_ledger *ledger = run->ledger;
    size_t n = ledger->n_strata;
    for (size_t i = 1; i < n; i++) {
        if (ledger->strata[i]->n > 0) {
            review_stratum(run, ledger->strata[i]);
        }
    }
    for (size_t i = 1; i < ledger->n_strata; i++) {
        sj_since_pour(&ledger->strata[i]->vital);
    }
    ledger->vital_reviewed = run->day;
}

const sj_process_kind sj_demography_process = {
    .name = "demography",
    .doc = "births, deaths and ageing",
    .switch_off = SJ_PROCESS_DEMOGRAPHY,
    .steps = {{SJ_PHASE_BIRTHS, SJ_MONTHLY, review_births},
              {SJ_PHASE_DEATHS, SJ_MONTHLY, review_deaths}},
    .n_steps = 2};
