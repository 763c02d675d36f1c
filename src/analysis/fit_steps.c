/* The stepping baselines of every row, from the rows of its series before it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/baseline.h"
#include "analysis/fit_inside.h"

const char *sj_step_name(sj_step step)
{
    static const char *const names[SJ_N_STEPS] = {
        [SJ_STEP_NO_CHANGE] = "no change",      [SJ_STEP_SHARES] = "last shares x total",
        [SJ_STEP_INCREMENT] = "last increment", [SJ_STEP_GROWTH] = "last growth",
        [SJ_STEP_FLUID] = "fluid queue",
    };
    return names[step];
}

/* The end of a day in months, so that months and years are whole whatever their days. */
static double end_month(sj_day day)
{
    int year, month, of_month;
    sj_day_civil(day + 1, &year, &month, &of_month);
    return sj_day_month_index(day + 1) + (of_month - 1) / 31.0;
}

/* May the forecast of `row` see `other`? */
static bool is_visible(const sj_fit *fit, const sj_fit_row *row, const sj_observation *other)
{
    sj_day begin = row->seen->kind == SJ_OBSERVED_LEVEL ? row->seen->to : row->seen->from;
    return other->to < begin && (!fit->options.has_origin || other->to <= fit->options.origin);
}

/* The visible row of the series that ends last, before day `before`. */
static const sj_observation *latest(const sj_fit *fit, const sj_fit_row *row, sj_day before)
{
    const sj_observation *last = NULL;
    for (size_t i = 0; i < fit->rows.n; i++) {
        const sj_observation *other = fit->rows.at[i].seen;
        if (fit->rows.at[i].target == row->target && other->to < before &&
            is_visible(fit, row, other) && sj_observation_is_alike(row->seen, other) &&
            (last == NULL || other->to > last->to)) {
            last = other;
        }
    }
    return last;
}

static sj_history history_of(const sj_fit *fit, const sj_fit_row *row, sj_day *day)
{
    sj_history h = {NAN, NAN, NAN, NAN};
    const sj_observation *last = latest(fit, row, row->seen->to);
    if (last != NULL) {
        const sj_observation *before = latest(fit, row, last->to);
        h.last = last->value;
        h.ahead = end_month(row->seen->to) - end_month(last->to);
        *day = last->to;
        if (before != NULL) {
            h.before_last = before->value;
            h.step = end_month(last->to) - end_month(before->to);
        }
    }
    return h;
}

/* Is `flow` about the office whose queue `queue` is (an item programme/stage is the programme's)?
 */
static bool is_of_office(const sj_observation *flow, const sj_observation *queue)
{
    size_t length = strcspn(queue->item, "/");
    return flow->kind == SJ_OBSERVED_CHANGE && strcmp(flow->place, queue->place) == 0 &&
           strcmp(flow->nationality, queue->nationality) == 0 &&
           strncmp(flow->item, queue->item, length) == 0 && flow->item[length] == '\0';
}

/* Applications of the days after `last` up to the row's; NaN where the rows leave days out. */
static double applications(const sj_fit *fit, const sj_fit_row *row, sj_day last,
                           bool of_target_only)
{
    double sum = 0;
    int days = 0;
    for (size_t i = 0; i < fit->rows.n; i++) {
        const sj_observation *o = fit->rows.at[i].seen;
        if ((!of_target_only || fit->rows.at[i].target == row->target) &&
            o->totals[0] == SJ_APPLIED_TOTAL && is_of_office(o, row->seen) && o->from > last &&
            o->to <= row->seen->to) {
            sum += o->value;
            days += sj_observation_days(o);
        }
    }
    return days == row->seen->to - last ? sum : NAN;
}

/* The longest period of completions that ends with the last backlog. */
static const sj_observation *completions(const sj_fit *fit, const sj_fit_row *row, sj_day last)
{
    const sj_observation *found = NULL;
    for (size_t i = 0; i < fit->rows.n; i++) {
        const sj_observation *o = fit->rows.at[i].seen;
        if (o->n_totals == 2 && is_of_office(o, row->seen) && o->to == last &&
            (found == NULL || sj_observation_days(o) > sj_observation_days(found))) {
            found = o;
        }
    }
    return found;
}

static double fluid(const sj_fit *fit, const sj_fit_row *row, double backlog, sj_day last)
{
    const sj_observation *done = completions(fit, row, last);
    if (row->seen->totals[0] != SJ_QUEUE_LENGTH || done == NULL) {
        return NAN;
    }
    double came = applications(fit, row, last, true);
    came = isnan(came) ? applications(fit, row, last, false) : came;
    double periods = (end_month(row->seen->to) - end_month(last)) /
                     (end_month(done->to) - end_month(done->from - 1));
    return sj_step_fluid(backlog, came, done->value, periods);
}

static void step_row(const sj_fit *fit, sj_fit_row *row)
{
    sj_day day = 0;
    sj_history h = history_of(fit, row, &day);
    row->step[SJ_STEP_NO_CHANGE] = sj_step_no_change(&h);
    row->step[SJ_STEP_SHARES] = NAN;
    row->step[SJ_STEP_INCREMENT] = sj_step_increment(&h);
    row->step[SJ_STEP_GROWTH] =
        row->seen->kind == SJ_OBSERVED_LEVEL ? sj_step_growth(&h) : (double)NAN;
    row->step[SJ_STEP_FLUID] = isnan(h.last) ? NAN : fluid(fit, row, h.last, day);
}

/* The rows of one date that are scored and no sums, from row `first` on; room[0..3n). */
static void step_shares(sj_fit *fit, size_t first, double room[], bool done[])
{
    size_t n_all = fit->rows.n, n = 0;
    double *observed = room, *last = room + n_all, *out = room + 2 * n_all;
    for (int pass = 0; pass < 2; pass++) {
        n = 0;
        for (size_t i = first; i < n_all; i++) {
            sj_fit_row *row = &fit->rows.at[i];
            if (!row->is_scored || row->is_sum || !sji_fit_is_together(row, &fit->rows.at[first])) {
                continue;
            }
            if (pass == 0) {
                observed[n] = row->seen->value;
                last[n] = row->step[SJ_STEP_NO_CHANGE];
            } else {
                row->step[SJ_STEP_SHARES] = out[n];
                done[i] = true;
            }
            n++;
        }
        if (pass == 0) {
            sj_step_shares(observed, last, out, n);
        }
    }
}

sj_status sji_fit_steps(sj_fit *fit)
{
    double *room = sj_calloc(3 * fit->rows.n + 1, sizeof *room);
    bool *done = sj_calloc(fit->rows.n + 1, sizeof *done);
    sj_status st = room != NULL && done != NULL ? SJ_OK : SJ_E_NOMEM;
    for (size_t i = 0; st == SJ_OK && i < fit->rows.n; i++) {
        step_row(fit, &fit->rows.at[i]);
    }
    for (size_t i = 0; st == SJ_OK && i < fit->rows.n; i++) {
        const sj_fit_row *row = &fit->rows.at[i];
        if (!done[i] && row->is_scored && !row->is_sum) {
            step_shares(fit, i, room, done);
        }
    }
    free(room);
    free(done);
    return st;
}
