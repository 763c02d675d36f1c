/* Who applies and who lapses. Take-up is one
 * binomial for each stratum, window and day, over those who have no open case and are not
 * barred (semantics A4). The strata a window may concern are remembered: eligibility depends on
 * the key of a stratum alone, so only new strata are looked at. */
#include "process/institution_inside.h"

#include <math.h>
#include <stdlib.h>

#include "num/draw.h"
#include "process/choice.h"
#include "process/journey.h"

static bool listed(const sj_refs *refs, int index)
{
    for (size_t i = 0; i < refs->n; i++) {
        if (refs->at[i] == index) {
            return true;
        }
    }
    return refs->n == 0;
}

static bool at_listed_place(const sj_world *w, const sj_refs *places, const sj_stratum *s)
{
    for (size_t i = 0; i < places->n; i++) {
        int place = places->at[i];
        if (place == w->leaves[s->leaf].place || place == w->countries[s->country].place) {
            return true;
        }
    }
    return false;
}

/* The number of cut-off dates that must not have passed on entry: vintage <= this. */
static int latest_vintage(const sj_world *w, int country, int nation, sj_day entered_before)
{
    return entered_before == SJ_NO_DAY ? INT32_MAX
                                       : sj_world_vintage(w, country, nation, entered_before) - 1;
}

/* Of the key of a stratum only; windows, cases and permits are looked at later. */
static bool is_eligible(const sj_run *run, const sj_programme_of *p, const sj_spec_eligible *e,
                        const sj_stratum *s)
{
    const sj_world *w = run->world;
    bool home_side = p->spec->outcome.channel != SJ_NO_REF;
    if (s->is_under_way || !listed(&e->nationalities, s->nation)) {
        return false;
    }
    if (e->places.n > 0 ? !at_listed_place(w, &e->places, s)
                        : s->country != (home_side ? w->nations[s->nation].home : p->country)) {
        return false;
    }
    if (s->is_plain) {
        return home_side && e->statuses.n == 0 && w->nations[s->nation].departs;
    }
    if (s->status < SJ_FIRST_STATUS) {
        return false;
    }
    return listed(&e->statuses, s->status - SJ_FIRST_STATUS) &&
           s->vintage <= latest_vintage(w, p->country, s->nation, e->entered_before);
}

static void add_renewals(const sj_run *run, const sj_stratum *s, int stage, sj_day within,
                         sj_day day, sji_renewals *sum)
{
    size_t n = 0;
    const sj_batch *batch = sj_stage_batches(run->ledger->stages[stage], s->index, &n);
    for (size_t i = 0; i < n; i++) {
        sum->open += batch[i].count;
        if (batch[i].since + within < day) {
            sum->late += batch[i].count;
        } else {
            sum->young += batch[i].count;
            sum->days += (double)batch[i].count * (double)(day - batch[i].since);
        }
    }
}

/* A case older than the notice is late for sure. Of the others as many as there are people without
 * a permit, where that says something: in a status of which some never had one it does not. */
sji_renewals sji_renewals_of(const sj_run *run, const sj_stratum *s, sj_day day, int64_t more)
{
    const sj_world *w = run->world;
    sji_renewals sum = {0};
    for (int p = 0; p < w->n_programmes && s->n_cases > 0; p++) {
        sj_day within = 0;
        if (w->programmes[p].country == s->country && sji_renews(run, p, s->status, &within)) {
            for (int i = 0; i < w->programmes[p].n_stages; i++) {
                add_renewals(run, s, w->programmes[p].first_stage + i, within, day, &sum);
            }
        }
    }
    int64_t without = s->n - s->n_permits - more;
    if (without > sum.late && without <= sum.open) {
        sum.late = without;
    }
    return sum;
}

static int64_t permits_until(const sj_stratum *s, sj_day until)
{
    int64_t n = 0;
    for (size_t i = 0; i < s->permits.n && s->permits.at[i].expiry <= until; i++) {
        n += s->permits.at[i].count;
    }
    return n;
}

/* Free people of a stratum whose permit expires soon: who waits for a renewal holds such a permit
 * already; among the others permit and case are independent. */
static int64_t expiring(const sj_run *run, const sj_stratum *s, int64_t free_people, sj_day until,
                        sj_rng *rng)
{
    sji_renewals cases = sji_renewals_of(run, s, run->today + 1, 0);
    int64_t soon = permits_until(s, until), held = cases.open - cases.late;
    int64_t others = s->n - cases.open;
    soon -= held < soon ? held : soon;
    soon = soon < others ? soon : others;
    return soon == 0 ? 0 : sj_draw_hypergeometric(rng, soon, others - soon, free_people);
}

static double rush(const sj_run *run, const sj_spec_programme *spec, const sj_spec_window *window)
{
    if (run->value[spec->deadline_rush] <= 0 || window->closes == SJ_NO_DAY ||
        (window->announced != SJ_NO_DAY && run->today < window->announced)) {
        return 1;
    }
    return sj_rush(run, window->closes - run->today);
}

/* Waiting is worth something where it brings rights, and costs where it brings none. */
static double draw_of_wait(const sj_run *run, int programme)
{
    static const double longest = 5; /* years; who looks further ahead? */
    double effect = run->value[run->world->programmes[programme].spec->take_up.wait_effect];
    double years = effect == 0 ? 0 : sj_programme_wait(run, programme);
    return exp(effect * (years < longest ? years : longest));
}

static double take_up_rate(const sj_run *run, int programme, const sj_spec_window *window)
{
    const sj_spec_programme *spec = run->world->programmes[programme].spec;
    const sj_spec_take_up *t = &spec->take_up;
    double since = run->today - window->opens;
    double opening = run->value[t->opening_factor] * exp(-since / run->value[t->opening_days]);
    return run->value[t->rate_per_day] * (1 + opening) * rush(run, spec, window) *
           draw_of_wait(run, programme);
}

/* Nationals at home who apply become residents of a stratum of their own. */
static void apply_at_home(sj_run *run, sj_stratum *s, int programme, int64_t m, sj_rng *rng)
{
    int leaf = s->leaf;
    sj_parcel *parcel = &run->institutions->parcel;
    sj_ledger_take(run->ledger, s, m, SJ_NOTHING_FIXED, rng, parcel);
    sj_programme_attach(run, parcel, programme);
    sj_ledger_settle(run->ledger, parcel, leaf, SJ_APPLICANT, 0, rng);
}

static void apply(sj_run *run, sj_stratum *s, int programme, int64_t m, sj_rng *rng)
{
    const sj_programme_of *p = &run->world->programmes[programme];
    if (m == 0) {
        return;
    }
    if (s->is_plain) {
        apply_at_home(run, s, programme, m, rng);
    } else if (p->pending_status == SJ_NO_REF || p->pending_status == s->status) {
        sj_programme_apply(run, s, programme, m);
    } else {
        sji_change change = {.status = p->pending_status,
                             .expiry = SJ_NO_DAY,
                             .barred = SJ_NO_DAY,
                             .applies = programme};
        sji_change_status(run, s, m, &change);
    }
}

void sj_programme_apply_for_journey(sj_run *run, sj_stratum *s, int programme, int64_t m,
                                    sj_rng *rng)
{
    int64_t able = m;
    if (!s->is_plain) {
        int64_t free_people = sj_stratum_free(s);
        able = sj_draw_hypergeometric(rng, free_people, s->n - free_people, m);
    }
    apply(run, s, programme, able, rng);
}

static sji_eligible *find_eligible(sj_run *run, int programme, const sj_spec_window *window)
{
    const sj_programme_of *p = &run->world->programmes[programme];
    sj_ledger *ledger = run->ledger;
    sji_eligible *found = &run->institutions->eligible[programme][window - p->spec->windows.at];
    if (ledger->by_person) { /* strata of one are used again under other keys */
        found->strata.n = found->scanned = 0;
    }
    for (; found->scanned < ledger->n_strata; found->scanned++) {
        sj_stratum *s = ledger->strata[found->scanned];
        bool somebody = !ledger->by_person || sj_stratum_free(s) > 0;
        if (found->scanned > 0 && somebody && is_eligible(run, p, &window->eligible, s) &&
            !sj_vec_push(&found->strata, s)) {
            ledger->status = SJ_E_NOMEM;
        }
    }
    return found;
}

/* One row of chances for all strata of a window; what a stratum does then is its own stream. */
static void review_window(sj_run *run, int programme, const sj_spec_window *window)
{
    const sj_programme_of *p = &run->world->programmes[programme];
    const sj_spec_eligible *e = &window->eligible;
    bool renews = e->permit_expires_within_days != SJ_NO_VALUE;
    double rate = take_up_rate(run, programme, window);
    uint64_t prefix = sj_hash_text(
        sj_hash_byte(sj_hash_text(sj_hash_text(SJ_HASH_START, "take-up/"), p->spec->item.id), '/'),
        window->item.id);
    sj_rare rare = sj_rare_start(sj_chance_decide(&run->chance, prefix));
    sji_eligible *found = find_eligible(run, programme, window);
    size_t n = found->strata.n;
    for (size_t i = 0; i < n; i++) {
        sj_stratum *s = found->strata.at[i];
        int64_t people = s->n == 0 ? 0 : sj_stratum_free(s);
        if (people <= 0) {
            continue;
        }
        uint64_t name = prefix ^ s->name[SJ_DECIDE_TAKE_UP];
        if (renews) {
            sj_day until = run->today + (sj_day)run->value[e->permit_expires_within_days];
            sj_rng rng = sj_chance_decide(&run->chance, name);
            people = expiring(run, s, people, until, &rng);
        }
        int64_t m = sj_rare_draw(&rare, people, rate);
        if (m > 0) {
            sj_rng rng = sj_chance_decide(&run->chance, name);
            apply(run, s, programme, m, &rng);
        }
    }
}

static void release_barred(sj_run *run)
{
    for (size_t i = 0; i < run->ledger->settlers.n; i++) {
        sj_stratum *s = run->ledger->settlers.at[i];
        size_t kept = 0;
        for (size_t k = 0; s->n_barred > 0 && k < s->barred.n; k++) {
            if (s->barred.at[k].until <= run->today || s->barred.at[k].count == 0) {
                s->n_barred -= s->barred.at[k].count;
            } else {
                s->barred.at[kept++] = s->barred.at[k];
            }
        }
        if (s->barred.n > 0) {
            s->barred.n = kept;
        }
    }
}

void sji_take_up(sj_run *run)
{
    const sj_world *w = run->world;
    release_barred(run);
    for (int p = 0; p < w->n_programmes; p++) {
        const sj_spec_programme *spec = w->programmes[p].spec;
        if (run->value[spec->open] <= 0) {
            continue;
        }
        for (size_t i = 0; i < spec->windows.n; i++) {
            const sj_spec_window *window = &spec->windows.at[i];
            if (window->opens <= run->today &&
                (window->closes == SJ_NO_DAY || run->today <= window->closes)) {
                review_window(run, p, window);
            }
        }
    }
}

/* ---- stays and permits that end ---- */

bool sji_renews(const sj_run *run, int programme, int status, sj_day *within)
{
    const sj_spec_programme *spec = run->world->programmes[programme].spec;
    for (size_t i = 0; i < spec->windows.n; i++) {
        const sj_spec_eligible *e = &spec->windows.at[i].eligible;
        if (e->permit_expires_within_days != SJ_NO_VALUE &&
            listed(&e->statuses, status - SJ_FIRST_STATUS)) {
            *within = (sj_day)run->value[e->permit_expires_within_days];
            return true;
        }
    }
    return false;
}

/* The longest notice that a programme of the country takes for renewing a status; -1 = none. */
static sj_day longest_notice(const sj_run *run, const sj_stratum *s)
{
    const sj_world *w = run->world;
    sj_day longest = -1;
    for (int p = 0; p < w->n_programmes; p++) {
        sj_day within = 0;
        if (w->programmes[p].country == s->country && sji_renews(run, p, s->status, &within)) {
            longest = within > longest ? within : longest;
        }
    }
    return longest;
}

/* Of m whose permit ends today (their records are out), those with an open renewal case: people
 * with such a case are among those whose permit ends soon, and exchangeable there. */
static int64_t renewing(const sj_run *run, const sj_stratum *s, int64_t m, sj_rng *rng, bool *any)
{
    sj_day notice = longest_notice(run, s);
    *any = notice >= 0;
    if (!*any || s->n_cases == 0) {
        return 0;
    }
    sji_renewals cases = sji_renewals_of(run, s, run->today, m);
    int64_t held = cases.open - cases.late, soon = m + permits_until(s, run->today + notice);
    held = held < soon ? held : soon;
    return sj_draw_hypergeometric(rng, held, soon - held, m);
}

static void lapse_stratum(sj_run *run, sj_stratum *s)
{
    int64_t m = sj_ledger_expire(run->ledger, &s->permits);
    s->n_permits -= m;
    int to = run->world->lapse_of[s->status];
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_LAPSE]);
    bool renewable;
    int64_t gone = m - renewing(run, s, m, &rng, &renewable);
    if (renewable && gone > s->n - s->n_cases) { /* who renews stays: the others have no case */
        gone = s->n - s->n_cases;
    }
    if (to == SJ_NO_REF || gone == 0) {
        return;
    }
    sj_fixed fixed = {
        .no_open_case = renewable, .no_permit = true, .exits_new = -1, .vital_new = -1};
    sj_parcel *parcel = &run->institutions->parcel;
    int leaf = s->leaf, vintage = s->vintage, old_status = s->status;
    sj_waiting waiting = sj_waiting_of(run, s);
    sj_ledger_take(run->ledger, s, gone, fixed, &rng, parcel);
    sj_chains_advance(run, parcel, leaf, old_status, waiting, &rng);
    sj_ledger_settle(run->ledger, parcel, leaf, to, vintage, &rng);
}

void sji_lapse(sj_run *run)
{
    size_t n = run->ledger->settlers.n;
    for (size_t i = 0; i < n; i++) {
        sj_stratum *s = run->ledger->settlers.at[i];
        if (s->permits.n > 0 && s->permits.at[0].expiry <= run->today) {
            lapse_stratum(run, s);
        }
    }
}

/* ---- the process ---- */

static bool create(sj_run *run)
{
    const sj_world *w = run->world;
    sj_institutions *in = run->institutions = sj_calloc(1, sizeof *in);
    if (in == NULL) {
        return false;
    }
    in->eligible = sj_calloc((size_t)w->n_programmes, sizeof *in->eligible);
    for (int p = 0; in->eligible != NULL && p < w->n_programmes; p++) {
        in->eligible[p] = sj_calloc(w->programmes[p].spec->windows.n, sizeof **in->eligible);
        if (in->eligible[p] == NULL) {
            return false;
        }
    }
    in->waits = sj_calloc((size_t)w->n_stages, sizeof *in->waits);
    in->cost_cents = sj_calloc((size_t)w->n_programmes, sizeof(int64_t));
    in->officers = sj_calloc((size_t)w->n_stages, sizeof(double *));
    in->lag = sj_calloc((size_t)w->n_stages, sizeof(int));
    if (!in->eligible || !in->waits || !in->cost_cents || !in->officers || !in->lag ||
        !sj_parcel_init(&in->parcel, w)) {
        return false;
    }
    for (int i = 0; i < w->n_stages - w->n_posts; i++) {
        const sj_spec_stage *spec = w->stages[i].spec;
        if (spec->officers == SJ_NO_VALUE) {
            continue;
        }
        in->lag[i] = (int)run->value[w->programmes[w->stages[i].programme].spec->hire_lag_days];
        in->officers[i] = sj_numbers_new((size_t)in->lag[i] + 1);
        if (in->officers[i] == NULL) {
            return false;
        }
        for (int k = 0; k <= in->lag[i]; k++) {
            in->officers[i][k] = run->value[spec->officers];
        }
    }
    return true;
}

static void destroy(sj_run *run)
{
    sj_institutions *in = run->institutions;
    if (in == NULL) {
        return;
    }
    for (int i = 0; i < run->world->n_stages; i++) {
        if (in->waits != NULL) {
            sj_vec_clear(&in->waits[i]);
        }
        if (in->officers != NULL) {
            free(in->officers[i]);
        }
    }
    for (int p = 0; in->eligible != NULL && p < run->world->n_programmes; p++) {
        for (size_t i = 0; in->eligible[p] != NULL && i < run->world->programmes[p].spec->windows.n;
             i++) {
            sj_vec_clear(&in->eligible[p][i].strata);
        }
        free(in->eligible[p]);
    }
    free(in->eligible);
    free(in->waits);
    free(in->cost_cents);
    free(in->officers);
    free(in->lag);
    sj_vec_clear(&in->served);
    sj_vec_clear(&in->endings);
    sj_vec_clear(&in->ending_of);
    sj_vec_clear(&in->leavers);
    sj_parcel_clear(&in->parcel);
    free(in);
    run->institutions = NULL;
}

/* Officers of today join the ring of the last lag + 1 days. */
static void count_officers(sj_run *run)
{
    const sj_world *w = run->world;
    sj_institutions *in = run->institutions;
    for (int i = 0; i < w->n_stages - w->n_posts; i++) {
        if (in->officers[i] != NULL) {
            in->officers[i][run->day % (in->lag[i] + 1)] = run->value[w->stages[i].spec->officers];
        }
    }
}

/* On the first of a month, the month that ended more than half a year ago (semantics A4). */
static void merge_months(sj_run *run)
{
    if (!sj_day_is_first(run->today)) {
        return;
    }
    sj_day month = sj_day_mid_month(run->today - SJI_DAYS_BY_DAY) - 14;
    for (int i = 0; i < run->world->n_stages - run->world->n_posts; i++) {
        if (sj_stage_merge_month(run->ledger->stages[i], month, &run->institutions->served) !=
            SJ_OK) {
            run->ledger->status = SJ_E_NOMEM;
        }
    }
}

static void lapse_and_count(sj_run *run)
{
    merge_months(run);
    count_officers(run);
    sji_lapse(run);
}

const sj_process_kind sj_programme_process = {
    .name = "programmes",
    .doc = "windows, take-up, stages, outcomes, permits that lapse",
    .switch_off = SJ_PROCESS_PROGRAMMES,
    .create = create,
    .destroy = destroy,
    .steps = {{SJ_PHASE_LAPSE, SJ_DAILY, lapse_and_count},
              {SJ_PHASE_STAGES, SJ_DAILY, sji_serve_stages},
              {SJ_PHASE_CLOSURE, SJ_EXIT_DAYS, sji_close},
              {SJ_PHASE_CLOSURE, SJ_DAILY, sji_act},
              {SJ_PHASE_TAKE_UP, SJ_DAILY, sji_take_up}},
    .n_steps = 5};
