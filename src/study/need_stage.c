/* The officers or slots of a stage: arrivals of every replication, days of the calendar, and what
 * the recursion does not hold. */
#include "study/need_inside.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "io/format.h"

#define MOST 1e7         /* units at work without limit */
#define MOST_LEAVES 0.02 /* of those waiting, a day */

static sj_status nomem(sj_err *err)
{
    return SJ_FAIL(err, SJ_E_NOMEM, "need", "out of memory");
}

/* A stage, what joins it, and its panels. */
typedef struct stage_case {
    const sj_world *w;
    const sj_stage_of *of;
    const sj_spec_programme *programme;
    int before;             /* the stage whose passes join it, SJ_NO_REF: applications do */
    sj_val units, per_unit; /* per_unit SJ_NO_VALUE: 1 */
    sji_reps reps;
    sji_panel queue, source;
    bool is_unsure;               /* the capacity as it was run is not known: triggers, ranges */
    double *most, *as_run, *each; /* day of the run: units, units, people a unit calls */
    bool *arrives;                /* day of the run */
    double *waiting, *joining, *chance, *room; /* replication */
} stage_case;

static sj_status refuse(const sj_need_ask *ask, const char *why, sj_err *err)
{
    return SJ_FAIL(err, SJ_E_REFERENCE, "--item", "%s: %s", ask->item, why);
}

static sj_status unknown_stage(const sj_world *w, const sj_need_ask *ask, sj_err *err)
{
    const char *names[256];
    size_t n = 0;
    for (int i = 0; i < w->n_stages && n < 256; i++) {
        names[n++] = w->stages[i].label;
    }
    const char *near = sj_suggest(ask->item, names, n);
    sj_status st =
        SJ_FAIL(err, SJ_E_REFERENCE, "--item", "no stage \"%s\" (programme/stage)", ask->item);
    if (err != NULL && near != NULL) {
        (void)snprintf(err->hint, sizeof err->hint, "did you mean \"%s\"?", near);
    }
    return st;
}

/* The stage, and why it cannot be: only applications and passes are recorded. */
static sj_status find_stage(stage_case *c, sj_need *out, sj_err *err)
{
    const sj_world *w = c->w;
    int stage = sj_world_stage(w, out->ask.item);
    if (stage == SJ_NO_REF) {
        return unknown_stage(w, &out->ask, err);
    }
    c->of = &w->stages[stage];
    if (c->of->programme == SJ_NO_REF) {
        return refuse(&out->ask, "who joins the queue of a border post is not recorded", err);
    }
    const sj_programme_of *p = &w->programmes[c->of->programme];
    c->programme = p->spec;
    c->before = SJ_NO_REF;
    if (strcmp(w->countries[p->country].id, out->ask.place) != 0) {
        return SJ_FAIL(err, SJ_E_REFERENCE, "--place", "%s is a stage of a programme of \"%s\"",
                       out->ask.item, w->countries[p->country].id);
    }
    for (int i = p->first_stage; i < p->first_stage + p->n_stages; i++) {
        if (w->stages[i].fail_stage == stage) {
            return refuse(&out->ask,
                          "it is entered by failing elsewhere, and failures are not "
                          "recorded by stage",
                          err);
        }
        c->before = w->stages[i].next == stage ? i : c->before;
    }
    const sj_spec_stage *spec = c->of->spec;
    if (spec->served_per_day != SJ_NO_VALUE) {
        return refuse(&out->ask, "it serves by chance (served_per_day) and has no capacity", err);
    }
    bool by_officers = spec->officers != SJ_NO_VALUE;
    c->units = by_officers ? spec->officers : spec->slots_per_day;
    c->per_unit = by_officers ? spec->cases_per_officer_day : SJ_NO_VALUE;
    out->unit = by_officers ? "officers" : "slots a day";
    out->lag = by_officers ? (int)sj_values_row(w->values, c->programme->hire_lag_days)->base : 0;
    (void)snprintf(out->pointer, sizeof out->pointer, "/programmes/%.120s/stages/%.120s/%s",
                   c->programme->item.id, spec->item.id,
                   by_officers ? "officers" : "slots_per_day");
    return SJ_OK;
}

static sj_status read_stage(stage_case *c, sj_need *out, const char *folder, sj_err *err)
{
    const sj_need_ask *ask = &out->ask;
    bool first = c->before == SJ_NO_REF;
    const char *const metrics[] = {"queue_length", first ? "applied_total" : "completed"};
    SJ_TRY(sji_need_metrics(c->w, metrics, 2, err));
    SJ_TRY(sji_reps_load(&c->reps, folder, err));
    SJ_TRY(sji_panel_read(&c->queue, &c->reps, "queue_length", ask->place, ask->item, err));
    out->n_reps = c->reps.n_reps;
    return sji_panel_read(&c->source, &c->reps, metrics[1], ask->place,
                          first ? c->programme->item.id : c->w->stages[c->before].label, err);
}

/* Units at work by day. Officers: a rise works after the lag, and what was before the start stays.
 * *there = what the file has at work; most = what can be at work at all. */
static sj_status lay_out_days(stage_case *c, sj_need *out, double there[], sj_err *err)
{
    const sj_world *w = c->w;
    size_t n = (size_t)w->n_days + 1;
    c->most = sj_calloc(n, sizeof *c->most);
    c->each = sj_calloc(n, sizeof *c->each);
    c->arrives = sj_calloc(n, sizeof *c->arrives);
    c->as_run = sj_calloc(n, sizeof *c->as_run);
    c->waiting = sj_calloc(4 * (size_t)c->reps.n_reps, sizeof *c->waiting);
    if (!c->most || !c->as_run || !c->each || !c->arrives || !c->waiting) {
        return nomem(err);
    }
    c->joining = c->waiting + c->reps.n_reps;
    c->chance = c->joining + c->reps.n_reps;
    c->room = c->chance + c->reps.n_reps;
    const sj_spec_stage *spec = c->of->spec;
    const sj_spec_stage *before = c->before == SJ_NO_REF ? NULL : w->stages[c->before].spec;
    for (int d = 0; d <= w->n_days; d++) {
        c->most[d] = sji_need_value(w, c->units, w->start + d, &out->has_trigger);
    }
    c->most[0] = sj_values_row(w->values, c->units)->base; /* so it was before, too */
    for (int d = 0; d <= w->n_days; d++) {
        there[d] = c->most[d];
        for (int back = 1; back <= out->lag && back <= d; back++) {
            there[d] = fmin(there[d], c->most[d - back]);
        }
    }
    for (int d = 0; d <= w->n_days; d++) {
        sj_day day = w->start + d;
        bool open = sj_open_on((sj_open_days)spec->calendar, day) &&
                    (spec->opens == SJ_NO_DAY || spec->opens <= day);
        double base = sj_values_row(w->values, c->units)->base;
        c->as_run[d] = open ? there[d] : 0;
        c->most[d] = !open ? 0 : d <= out->lag && out->lag > 0 ? base : (double)INFINITY;
        c->each[d] = c->per_unit == SJ_NO_VALUE ? 1 : sji_need_value(w, c->per_unit, day, NULL);
        c->arrives[d] = before == NULL || sj_open_on((sj_open_days)before->calendar, day);
    }
    c->is_unsure = out->has_trigger || sj_values_row(w->values, c->units)->law != SJ_LAW_FIXED;
    return SJ_OK;
}

/* ---- what is not in the recursion: how the queue of the run differed from it ---- */

/* Mean end of a month as it was run, with a share that leaves each day; into c->room by
 * replication. */
static double mean_end(stage_case *c, sj_queue_month *as_run, size_t m, double leaves)
{
    size_t n = (size_t)c->reps.n_reps;
    double sum = 0;
    as_run->leaves_per_day = leaves;
    for (size_t r = 0; r < n; r++) {
        c->room[r] = sj_queue_end(as_run, c->queue.at[(m - 1) * n + r], c->joining[r], MOST);
        sum += c->room[r];
    }
    return sum / (double)n;
}

/* Those waiting leave without service (closed, died, gone away), at the rate with which the
 * recursion ends the month as the run did in the mean; where the queue is too short to tell, by
 * closure alone. What is left of each replication's difference is its chance: c->chance. */
static double leaves_per_day(stage_case *c, const sj_queue_month *month, size_t m, int first)
{
    size_t n = (size_t)c->reps.n_reps;
    const double *end = c->queue.at + m * n;
    double closure = sj_values_row(c->w->values, c->programme->closure_per_year)->base / 365.25;
    double mean = 0, slots = 0, low = 0, high = MOST_LEAVES, leaves = closure;
    sj_queue_month as_run = *month;
    as_run.most = c->as_run + first;
    for (size_t r = 0; r < n; r++) {
        mean += end[r] / (double)n;
        c->chance[r] = 0;
    }
    for (int d = 0; d < month->n_days; d++) {
        slots = fmax(slots, as_run.most[d] * month->per_unit[d]);
    }
    if (c->is_unsure) {
        return closure;
    }
    if (mean > 3 * slots && mean_end(c, &as_run, m, low) > mean &&
        mean_end(c, &as_run, m, high) < mean) {
        for (int i = 0; i < 40; i++) {
            leaves = (low + high) / 2;
            *(mean_end(c, &as_run, m, leaves) > mean ? &low : &high) = leaves;
        }
    }
    (void)mean_end(c, &as_run, m, leaves);
    for (size_t r = 0; r < n; r++) {
        c->chance[r] = end[r] - c->room[r];
    }
    return leaves;
}

/* ---- month by month ---- */

/* People who join in a month, by replication. */
static void count_joining(stage_case *c, size_t m)
{
    size_t n = (size_t)c->reps.n_reps;
    for (size_t r = 0; r < n; r++) {
        double now = c->source.at[m * n + r];
        c->joining[r] = c->before == SJ_NO_REF ? now - c->source.at[(m - 1) * n + r] : now;
    }
}

static sj_queue_month month_of(const stage_case *c, int first, int last)
{
    const sj_spec_stage *spec = c->of->spec;
    sj_day day = c->w->start + first;
    double absent = sji_need_value(c->w, spec->no_show, day, NULL);
    double lost = sji_need_value(c->w, spec->lost_if_no_show, day, NULL);
    bool by_channel = c->programme->take_up.rate_per_day == SJ_NO_VALUE;
    return (sj_queue_month){.n_days = last - first + 1,
                            .most = c->most + first,
                            .per_unit = c->each + first,
                            .arrives = c->arrives + first,
                            .stays = absent * (1 - lost),
                            .handover_days =
                                (int)sji_need_value(c->w, spec->handover_days, day, NULL),
                            .joins_before = c->before != SJ_NO_REF || by_channel};
}

static sj_need_row plan_month(stage_case *c, const sj_need_ask *ask, size_t m, int first, int last)
{
    int n = c->reps.n_reps;
    sj_queue_month month = month_of(c, first, last);
    sj_need_row row = {.from = c->w->start + first, .record = c->w->start + last, .checked = NAN};
    count_joining(c, m);
    month.leaves_per_day = leaves_per_day(c, &month, m, first);
    row.needed = sj_queue_need(&month, c->waiting, c->joining, c->chance, n, ask->below,
                               ask->probability, &row.is_met);
    for (int r = 0; r < n; r++) {
        double end = sj_queue_end(&month, c->waiting[r], c->joining[r], row.needed) + c->chance[r];
        c->waiting[r] = fmax(0, end);
        row.share += (end <= ask->below + 1e-9) / (double)n;
    }
    return row;
}

static sj_status plan_months(stage_case *c, sj_need *out, const double there[], sj_err *err)
{
    for (int r = 0; r < c->reps.n_reps; r++) {
        c->waiting[r] = c->queue.at[r];
    }
    for (size_t m = 1; m < c->reps.dates.n; m++) {
        int first = c->reps.dates.at[m - 1] - c->w->start + 1;
        int last = c->reps.dates.at[m] - c->w->start;
        if (first < 1 || last > c->w->n_days) {
            return SJ_FAIL(err, SJ_E_CSV, "reps.csv", "has dates outside the run");
        }
        sj_need_row row = plan_month(c, &out->ask, m, first, last);
        for (int d = first; d <= last; d++) {
            row.there += there[d];
        }
        row.there /= last - first + 1;
        if (!sj_vec_push(&out->rows, row)) {
            return nomem(err);
        }
    }
    return SJ_OK;
}

static void clear_case(stage_case *c)
{
    sji_panel_clear(&c->queue);
    sji_panel_clear(&c->source);
    sji_reps_clear(&c->reps);
    free(c->most);
    free(c->as_run);
    free(c->each);
    free(c->arrives);
    free(c->waiting);
}

sj_status sji_need_units(sj_need *out, const char *folder, const sj_world *w, sj_err *err)
{
    stage_case c = {.w = w};
    double *there = sj_calloc((size_t)w->n_days + 1, sizeof *there);
    sj_status st = there == NULL ? nomem(err) : find_stage(&c, out, err);
    if (st == SJ_OK) {
        st = read_stage(&c, out, folder, err);
    }
    if (st == SJ_OK) {
        st = lay_out_days(&c, out, there, err);
    }
    if (st == SJ_OK && c.reps.n_reps > 0) {
        st = plan_months(&c, out, there, err);
    }
    clear_case(&c);
    free(there);
    return st;
}
