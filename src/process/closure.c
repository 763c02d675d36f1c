/* Cases that end without service: closed by a hazard, week by week, or by a dated act (semantics
 * A4). */
#include "process/institution_inside.h"

#include "num/draw.h"

/* Closure is a hazard on everybody who waits, apart from service. Whoever waits on the day of the
 * review is exposed since the last: right in the mean also for cases shorter than that. */
static void close_some(sj_run *run, int stage, double hazard)
{
    sj_batches *taken = &run->institutions->served;
    const sj_stage_of *of = &run->world->stages[stage];
    sj_stage *queue = run->ledger->stages[stage];
    sj_rare rare = sj_rare_start(sj_run_decide(run, "closure", of->label, "", ""));
    size_t n_owners = 0;
    const uint32_t *waiting = sj_stage_owners(queue, &n_owners);
    for (size_t i = 0; i < n_owners; i++) {
        sj_stratum *s = run->ledger->strata[waiting[i]];
        int64_t m = sj_rare_draw(&rare, sj_stage_length_of(queue, s->index), hazard);
        sji_ending *end = m == 0 ? NULL : sji_ending_of(run, stage, s);
        if (end != NULL) {
            end->lost = m;
        }
    }
    for (size_t i = 0; i < run->institutions->endings.n; i++) {
        sji_ending end = run->institutions->endings.at[i];
        run->institutions->ending_of.at[end.stratum->index] = 0;
        if (sj_stage_take(queue, &end.rng, end.stratum->index, end.lost, taken) != SJ_OK) {
            run->ledger->status = SJ_E_NOMEM;
        }
        for (size_t b = 0; b < taken->n; b++) {
            sji_count_waiting(run, &end, &taken->at[b]);
        }
        end.stratum->n_cases -= end.lost;
        run->ledger->caseload[of->programme].closed += end.lost;
        sji_close_cases(run, end.stratum, of->programme, end.lost,
                        sji_waiting_of(run, &end, of->programme));
    }
    run->institutions->endings.n = 0;
    sji_leave_home(run);
}

/* A batch whose case an act has ended. */
static void act_on_batch(sj_run *run, int stage, const sj_spec_act *act, const sj_batch *batch)
{
    int programme = run->world->stages[stage].programme;
    sj_stratum *s = run->ledger->strata[batch->owner];
    sji_ending *end = sji_ending_of(run, stage, s);
    if (end == NULL) {
        return;
    }
    s->n_cases -= batch->count;
    run->ledger->caseload[programme].acts += batch->count;
    sji_count_waiting(run, end, batch);
    if (act->rule == 0) {
        end->lost += batch->count;
    } else {
        sji_end_old_permits(run, s, programme, batch->since, batch->count, &end->rng);
        end->granted += batch->count;
    }
}

/* One change of status for each stratum. */
static void settle_acts(sj_run *run, int programme)
{
    sj_institutions *in = run->institutions;
    for (size_t i = 0; i < in->endings.n && run->ledger->status == SJ_OK; i++) {
        sji_ending end = in->endings.at[i];
        sj_waiting waiting = sji_waiting_of(run, &end, programme);
        in->ending_of.at[end.stratum->index] = 0;
        sji_close_cases(run, end.stratum, programme, end.lost, waiting);
        sji_grant(run, end.stratum, programme, end.granted, waiting);
    }
    in->endings.n = 0;
    sji_leave_home(run);
}

/* The n oldest, stage by stage, wherever they wait. */
static void act_on(sj_run *run, int programme, const sj_spec_act *act)
{
    const sj_programme_of *p = &run->world->programmes[programme];
    int64_t left = (int64_t)run->value[act->n];
    sj_batches *taken = &run->institutions->served;
    sj_rng rng = sj_run_decide(run, "act", p->spec->item.id, act->item.id, "");
    for (int i = p->first_stage; i < p->first_stage + p->n_stages && left > 0; i++) {
        sj_status st = sj_stage_serve(run->ledger->stages[i], &rng, INT32_MAX, left, taken);
        if (st != SJ_OK) {
            run->ledger->status = st;
            return;
        }
        for (size_t b = 0; b < taken->n; b++) {
            left -= taken->at[b].count;
            act_on_batch(run, i, act, &taken->at[b]);
        }
        settle_acts(run, programme);
    }
}

void sji_close(sj_run *run)
{
    const sj_world *w = run->world;
    double years = (run->day - run->institutions->closed_day) / SJ_DAYS_A_YEAR;
    for (int p = 0; p < w->n_programmes; p++) {
        double hazard = run->value[w->programmes[p].spec->closure_per_year] * years;
        for (int i = 0; hazard > 0 && i < w->programmes[p].n_stages; i++) {
            close_some(run, w->programmes[p].first_stage + i, hazard);
        }
    }
    run->institutions->closed_day = run->day;
}

void sji_act(sj_run *run)
{
    const sj_world *w = run->world;
    for (int p = 0; p < w->n_programmes; p++) {
        const sj_spec_programme *spec = w->programmes[p].spec;
        for (size_t i = 0; i < spec->acts.n; i++) {
            if (spec->acts.at[i].date == run->today) {
                act_on(run, p, &spec->acts.at[i]);
            }
        }
    }
}
