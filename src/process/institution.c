/* Stages of programmes: serving, no-shows, passing and failing, granting. A stage serves all
 * its people of a day first; what becomes of them is collected by stratum (sji_ending) and then
 * done, one change of status for each stratum and outcome, so that nobody is served twice on
 * the way. */
#include "process/institution.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "num/draw.h"
#include "process/chain.h"
#include "process/institution_inside.h"
#include "process/journey.h"

/* Stages that are entered by failing only are no beginning. */
static int first_stage(const sj_world *w, int programme)
{
    const sj_programme_of *p = &w->programmes[programme];
    int stage = p->first_stage;
    while (w->stages[stage].by_failure && stage + 1 < p->first_stage + p->n_stages) {
        stage++;
    }
    return stage;
}

/* A rise works after the lag, a cut at once: the least of the last days. */
static double officers_at_work(const sj_run *run, int stage)
{
    const sj_institutions *in = run->institutions;
    double least = INFINITY;
    for (int i = 0; i < in->lag[stage] + 1; i++) {
        double then = in->officers[stage][i];
        least = then < least ? then : least;
    }
    return least;
}

/* Slots of a day; of a stage that serves by chance, the mean number served. */
double sj_stage_capacity(const sj_run *run, int stage)
{
    const sj_stage_of *of = &run->world->stages[stage];
    if (of->post != SJ_NO_REF) {
        const sj_spec_post *post = &run->world->spec.posts.at[of->post];
        return post->slots_per_day != SJ_NO_VALUE
                   ? run->value[post->slots_per_day]
                   : run->value[post->officers] * run->value[post->cases_per_officer_day];
    }
    if (of->spec->slots_per_day != SJ_NO_VALUE) {
        return run->value[of->spec->slots_per_day];
    }
    if (of->spec->officers != SJ_NO_VALUE) {
        return officers_at_work(run, stage) * run->value[of->spec->cases_per_officer_day];
    }
    return run->value[of->spec->served_per_day] *
           (double)sj_stage_length(run->ledger->stages[stage]);
}

/* Open, and in some window if it has windows. */
bool sj_programme_takes(const sj_run *run, int programme)
{
    const sj_spec_programme *spec = run->world->programmes[programme].spec;
    if (run->value[spec->open] <= 0) {
        return false;
    }
    for (size_t i = 0; i < spec->windows.n; i++) {
        const sj_spec_window *window = &spec->windows.at[i];
        if (window->opens <= run->today &&
            (window->closes == SJ_NO_DAY || run->today <= window->closes)) {
            return true;
        }
    }
    return spec->windows.n == 0;
}

static sj_day ready_at(const sj_run *run, int stage)
{
    return run->today + (sj_day)run->value[run->world->stages[stage].spec->handover_days];
}

static void count_application(sj_run *run, int programme, int64_t m)
{
    run->ledger->caseload[programme].joined += m;
    run->ledger->tally.applied[programme] += m;
}

void sj_programme_attach(sj_run *run, sj_parcel *parcel, int programme)
{
    int stage = first_stage(run->world, programme);
    sj_case one = {.stage = stage,
                   .batch = {.since = run->today,
                             .joined = run->today,
                             .ready = ready_at(run, stage),
                             .count = parcel->n}};
    if (!sj_vec_push(&parcel->cases, one)) {
        run->ledger->status = SJ_E_NOMEM;
    }
    count_application(run, programme, parcel->n);
}

void sj_programme_apply(sj_run *run, sj_stratum *stratum, int programme, int64_t m)
{
    int stage = first_stage(run->world, programme);
    sj_ledger_open_case(run->ledger, stratum, stage, m, run->today, ready_at(run, stage), 0);
    count_application(run, programme, m);
}

void sj_stage_remember_wait(sj_run *run, int stage, int days, int64_t n)
{
    sj_wait_days *waits = &run->institutions->waits[stage];
    while (waits->n <= (size_t)days) {
        if (!sj_vec_push(waits, 0)) {
            run->ledger->status = SJ_E_NOMEM;
            return;
        }
    }
    waits->at[days] += n;
}

const int64_t *sj_stage_waits(const sj_run *run, int stage, size_t *n_days)
{
    *n_days = run->institutions->waits[stage].n;
    return run->institutions->waits[stage].at;
}

int64_t sj_programme_cost_cents(const sj_run *run, int programme)
{
    return run->institutions->cost_cents[programme];
}

void sji_change_status(sj_run *run, sj_stratum *s, int64_t m, const sji_change *change)
{
    if (m == 0) {
        return;
    }
    sj_ledger *ledger = run->ledger;
    sj_parcel *parcel = &run->institutions->parcel;
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_CHANGE]);
    sj_fixed fixed = {
        .no_case = true, .no_permit = change->no_permit, .exits_new = -1, .vital_new = -1};
    int leaf = s->leaf, vintage = s->vintage, old_status = s->status;
    sj_ledger_take(ledger, s, m, fixed, &rng, parcel);
    sj_ledger_end_permits(ledger, parcel);
    if (change->status != old_status) {
        sj_chains_advance(run, parcel, leaf, old_status, change->waiting, &rng);
    }
    if (change->applies != SJ_NO_REF) {
        sj_programme_attach(run, parcel, change->applies);
    }
    if (change->barred != SJ_NO_DAY &&
        !sj_vec_push(&parcel->barred, ((sj_barred){change->barred, m}))) {
        ledger->status = SJ_E_NOMEM;
    }
    if (change->expiry != SJ_NO_DAY) {
        sj_ledger_grant_permits(ledger, parcel, change->expiry);
    }
    sj_ledger_settle(ledger, parcel, leaf, change->status, vintage, &rng);
}

/* ---- what becomes of those a stage has served ---- */

static void complete(sj_run *run, int programme, int64_t n)
{
    const sj_spec_programme *spec = run->world->programmes[programme].spec;
    double cents = 100 * run->value[spec->cost_usd_per_case];
    run->institutions->cost_cents[programme] += (int64_t)llround(cents * (double)n);
}

static sj_day barred_until(const sj_run *run, int programme)
{
    double days = run->value[run->world->programmes[programme].spec->reapply_days];
    return days < 0 ? INT32_MAX : run->today + (days < 1 ? 1 : (sj_day)days);
}

/* Of m people refused a renewal (their cases are out), those whose permit has run out meanwhile:
 * who has none is among those who wait, or has just been refused. */
static int64_t without_permit(sj_run *run, const sj_stratum *s, int programme, int64_t m)
{
    sj_day within;
    if (run->world->lapse_of[s->status] == SJ_NO_REF ||
        !sji_renews(run, programme, s->status, &within)) {
        return 0;
    }
    int64_t open = sji_renewals_of(run, s, run->today + 1, 0).open + m;
    int64_t without = s->n - s->n_permits;
    if (without > open) { /* some never had a permit: nothing tells who of the m has lost one */
        return 0;
    }
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_LAPSE]);
    return sj_draw_hypergeometric(&rng, without, open - without, m);
}

/* m people whose case has ended and who become `status`, or stay what they are, and may not apply
 * again for a while. A nation's own people at home choose once more. */
static void end_without(sj_run *run, sj_stratum *s, int programme, int status, int64_t m,
                        sj_waiting waiting)
{
    if (m == 0) {
        return;
    }
    sji_change change = {.status = status,
                         .expiry = SJ_NO_DAY,
                         .applies = SJ_NO_REF,
                         .barred = barred_until(run, programme),
                         .waiting = waiting};
    if (s->status == SJ_APPLICANT) {
        sji_end_at_home(run, s, programme, m, false);
        return;
    }
    if (status == SJ_FAIL_NONE || status == SJ_NO_REF || status == s->status) {
        int64_t late = without_permit(run, s, programme, m);
        change.status = run->world->lapse_of[s->status];
        sj_ledger_bar(run->ledger, s, m - late, change.barred);
        m = late;
    }
    sji_change_status(run, s, m, &change);
}

void sji_close_cases(sj_run *run, sj_stratum *s, int programme, int64_t m, sj_waiting waiting)
{
    const sj_programme_of *p = &run->world->programmes[programme];
    bool pending = p->pending_status != SJ_NO_REF && s->status == p->pending_status;
    end_without(run, s, programme, pending ? p->closed_status : SJ_FAIL_NONE, m, waiting);
}

/* Takes m permits out, drawn at random among those that end by a day. */
static void end_permits_until(sj_run *run, sj_stratum *s, int64_t m, sj_day until, sj_rng *rng)
{
    int64_t soon = 0;
    size_t kept = 0;
    for (size_t i = 0; i < s->permits.n && s->permits.at[i].expiry <= until; i++) {
        soon += s->permits.at[i].count;
    }
    m = m < soon ? m : soon;
    s->n_permits -= m;
    run->ledger->permits.ended += m;
    run->ledger->permits.valid -= m;
    for (size_t i = 0; i < s->permits.n; i++) {
        sj_permit permit = s->permits.at[i];
        int64_t ended = sj_draw_hypergeometric(rng, permit.count < soon ? permit.count : soon,
                                               soon > permit.count ? soon - permit.count : 0, m);
        soon -= permit.count < soon ? permit.count : soon;
        m -= ended;
        permit.count -= ended;
        if (permit.count > 0) {
            s->permits.at[kept++] = permit;
        }
    }
    s->permits.n = kept;
}

/* Who renews holds one of the permits that ended soon when the case was opened: the cause of
 * leaving fixes that class (semantics A3). The older the case, the likelier it has ended meanwhile.
 */
void sji_end_old_permits(sj_run *run, sj_stratum *s, int programme, sj_day since, int64_t m,
                         sj_rng *rng)
{
    sj_day within;
    if (m == 0 || !sji_renews(run, programme, s->status, &within) || since + within <= run->today) {
        return;
    }
    sji_renewals cases = sji_renewals_of(run, s, run->today + 1, 0);
    double age = run->today + 1 - since, ages = cases.days + (double)m * age;
    double unsure = (double)(cases.late - (cases.open - cases.young));
    int64_t late = sj_draw_binomial(rng, m, fmin(1.0, unsure * age / ages));
    end_permits_until(run, s, m - late, since + within, rng);
}

void sji_grant(sj_run *run, sj_stratum *s, int programme, int64_t m, sj_waiting waiting)
{
    const sj_programme_of *p = &run->world->programmes[programme];
    const sj_spec_outcome *outcome = &p->spec->outcome;
    if (m == 0) {
        return;
    }
    if (outcome->channel != SJ_NO_REF) {
        if (s->is_foreign) {
            sji_send_on_journey(run, s, programme, m);
        } else {
            sji_end_at_home(run, s, programme, m, true);
        }
        return;
    }
    sji_change change = {.status = p->outcome_status,
                         .expiry = SJ_NO_DAY,
                         .barred = SJ_NO_DAY,
                         .applies = SJ_NO_REF,
                         .waiting = waiting};
    if (outcome->permit_days != SJ_NO_VALUE) {
        change.expiry = sj_permit_expiry(run->today, (int)run->value[outcome->permit_days]);
    }
    sj_day within;
    if (s->is_settled && sji_renews(run, programme, s->status, &within)) {
        int64_t too_many = s->n_permits - (s->n - m);
        if (too_many > 0) { /* there must be one each for those who stay */
            sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_LAPSE]);
            end_permits_until(run, s, too_many, INT32_MAX, &rng);
        }
        change.no_permit = true;
    }
    sji_change_status(run, s, m, &change);
}

/* The ending of a stratum in the service under way, with a stream of its own. */
sji_ending *sji_ending_of(sj_run *run, int stage, sj_stratum *s)
{
    sj_institutions *in = run->institutions;
    while (in->ending_of.n <= s->index) {
        if (!sj_vec_push(&in->ending_of, 0)) {
            run->ledger->status = SJ_E_NOMEM;
            return NULL;
        }
    }
    if (in->ending_of.at[s->index] == 0) {
        sj_rng rng = sj_run_decide(run, "stage", run->world->stages[stage].label, s->text, "");
        if (!sj_vec_push(&in->endings, ((sji_ending){.stratum = s, .rng = rng}))) {
            run->ledger->status = SJ_E_NOMEM;
            return NULL;
        }
        in->ending_of.at[s->index] = (uint32_t)in->endings.n;
    }
    return &in->endings.at[in->ending_of.at[s->index] - 1];
}

/* m people fail at a stage: into another stage, or out. */
static void fail(sj_run *run, sji_ending *end, int stage, sj_day since, int64_t m)
{
    const sj_stage_of *of = &run->world->stages[stage];
    if (m == 0) {
        return;
    }
    if (of->fail_stage == SJ_NO_REF) {
        end->refused += m;
        end->refused_status = of->fail_status;
        return;
    }
    const sj_stage_of *next = &run->world->stages[of->fail_stage];
    int64_t enter = sj_draw_binomial(&end->rng, m, run->value[next->spec->share]);
    if (enter > 0) {
        sj_ledger_open_case(run->ledger, end->stratum, of->fail_stage, enter, since,
                            ready_at(run, of->fail_stage), 0);
    }
    end->refused_next += m - enter;
    end->refused_next_status = next->fail_status;
}

static void pass(sj_run *run, sji_ending *end, int stage, sj_day since, int64_t m)
{
    const sj_stage_of *of = &run->world->stages[stage];
    if (m == 0) {
        return;
    }
    run->ledger->tally.completed[stage] += m;
    if (of->next != SJ_NO_REF) {
        sj_ledger_open_case(run->ledger, end->stratum, of->next, m, since, ready_at(run, of->next),
                            0);
    } else {
        end->granted += m;
        sji_end_old_permits(run, end->stratum, of->programme, since, m, &end->rng);
    }
}

/* No-shows who have not given up wait again, from tomorrow. */
static void rejoin(sj_run *run, sji_ending *end, int stage, sj_day since, int64_t m)
{
    if (m > 0) {
        sj_ledger_open_case(run->ledger, end->stratum, stage, m, since, run->today + 1, 0);
    }
}

static double pass_share(const sj_run *run, const sj_spec_stage *spec, int nation)
{
    for (size_t i = 0; i < spec->pass.of.n; i++) {
        if (spec->pass.of.at[i].ref == nation) {
            return run->value[spec->pass.of.at[i].value];
        }
    }
    return run->value[spec->pass.all];
}

static double work_delay(const sj_run *run, int status)
{
    const sj_spec_status *spec = run->world->statuses[status].spec;
    return spec == NULL ? 0 : run->value[spec->work_after_days];
}

void sji_count_waiting(const sj_run *run, sji_ending *end, const sj_batch *batch)
{
    double age = run->today - batch->since, people = (double)batch->count;
    end->served += people;
    end->waited_days += age * people;
    end->ripe += age > work_delay(run, end->stratum->status) ? people : 0;
}

/* What waiting has done to those served: the mean over their batches. */
sj_waiting sji_waiting_of(const sj_run *run, const sji_ending *end, int programme)
{
    bool pending = run->world->programmes[programme].pending_status != SJ_NO_REF;
    if (end->served <= 0) {
        return (sj_waiting){0, 0};
    }
    return (sj_waiting){.years = pending ? end->waited_days / end->served / SJ_DAYS_A_YEAR : 0,
                        .may_work = end->ripe / end->served};
}

/* One batch of one stratum: absent, lost, attended, passed. Its cases are out of the queue
 * already. */
static void serve_batch(sj_run *run, int stage, const sj_batch *batch)
{
    const sj_stage_of *of = &run->world->stages[stage];
    sj_stratum *s = run->ledger->strata[batch->owner];
    sji_ending *end = sji_ending_of(run, stage, s);
    if (end == NULL) {
        return;
    }
    sj_rng *rng = &end->rng;
    s->n_cases -= batch->count;
    sji_count_waiting(run, end, batch);
    int64_t absent = sj_draw_binomial(rng, batch->count, run->value[of->spec->no_show]);
    int64_t lost = sj_draw_binomial(rng, absent, run->value[of->spec->lost_if_no_show]);
    int64_t attended = batch->count - absent;
    int64_t passed = sj_draw_binomial(rng, attended, pass_share(run, of->spec, s->nation));
    run->ledger->tally.served[stage] += attended;
    sj_stage_remember_wait(run, stage, run->today - batch->joined, attended);
    end->lost += lost;
    if (!run->world->programmes[of->programme].keeps_since) {
        end->again += absent - lost;
        end->failed += attended - passed;
        end->passed += passed;
        return;
    }
    rejoin(run, end, stage, batch->since, absent - lost);
    fail(run, end, stage, batch->since, attended - passed);
    pass(run, end, stage, batch->since, passed);
}

/* Where the day of application is not kept, all of a stratum go on together. */
static void send_on(sj_run *run, int stage)
{
    sj_institutions *in = run->institutions;
    for (size_t i = 0; i < in->endings.n; i++) {
        sji_ending *end = &in->endings.at[i];
        rejoin(run, end, stage, run->today, end->again);
        fail(run, end, stage, run->today, end->failed);
        pass(run, end, stage, run->today, end->passed);
    }
}

/* Endings change statuses, stratum by stratum, once the stage has served everybody of the day. */
static void settle_endings(sj_run *run, int programme)
{
    sj_institutions *in = run->institutions;
    sj_caseload *load = &run->ledger->caseload[programme];
    for (size_t i = 0; i < in->endings.n && run->ledger->status == SJ_OK; i++) {
        sji_ending end = in->endings.at[i];
        in->ending_of.at[end.stratum->index] = 0;
        load->granted += end.granted;
        load->refused += end.refused + end.refused_next;
        load->lost += end.lost;
        complete(run, programme, end.granted + end.refused + end.refused_next);
        sj_waiting waiting = sji_waiting_of(run, &end, programme);
        end_without(run, end.stratum, programme, end.refused_status, end.refused, waiting);
        end_without(run, end.stratum, programme, end.refused_next_status, end.refused_next,
                    waiting);
        sji_close_cases(run, end.stratum, programme, end.lost, waiting);
        sji_grant(run, end.stratum, programme, end.granted, waiting);
    }
    in->endings.n = 0;
    sji_leave_home(run);
}

static bool stage_works(const sj_run *run, const sj_spec_stage *spec)
{
    return sj_open_on((sj_open_days)spec->calendar, run->today) &&
           (spec->opens == SJ_NO_DAY || spec->opens <= run->today);
}

static void serve_stage(sj_run *run, int stage)
{
    const sj_stage_of *of = &run->world->stages[stage];
    sj_stage *queue = run->ledger->stages[stage];
    sj_batches *served = &run->institutions->served;
    if (!stage_works(run, of->spec)) {
        return;
    }
    sj_rng rng = sj_run_decide(run, "queue", of->label, "", "");
    sj_status st =
        of->spec->served_per_day != SJ_NO_VALUE
            ? sj_stage_thin(queue, &rng, run->value[of->spec->served_per_day], served)
            : sj_stage_serve(queue, &rng, run->today,
                             sj_stage_slots(queue, sj_stage_capacity(run, stage)), served);
    if (st != SJ_OK) {
        run->ledger->status = st;
        return;
    }
    for (size_t i = 0; i < served->n; i++) {
        serve_batch(run, stage, &served->at[i]);
    }
    send_on(run, stage);
    settle_endings(run, of->programme);
}

void sji_serve_stages(sj_run *run)
{
    const sj_world *w = run->world;
    for (int stage = 0; stage < w->n_stages - w->n_posts && run->ledger->status == SJ_OK; stage++) {
        serve_stage(run, stage);
    }
}
