#include "record/recorder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "process/capacity.h"
#include "process/institution.h"
#include "process/policy.h"
#include "record/measure.h"

static int month_of(const sj_world *w, sj_day day)
{
    return sj_day_month_index(day) - sj_day_month_index(w->start);
}

int sj_record_weeks(const sj_world *world)
{
    return (world->n_days + sj_day_weekday(world->start)) / 7 + 1;
}

sj_day sj_record_week(const sj_world *world, int i)
{
    sj_day monday = world->start - sj_day_weekday(world->start) + 7 * i;
    return monday < world->start ? world->start : monday;
}

static bool is_report_day(const sj_world *w, int day)
{
    sj_day today = w->start + day;
    if (day == 0 || day == w->n_days) {
        return true;
    }
    switch (w->spec.time.report) {
    case 0:
        return sj_day_is_first(today);
    case 1:
        return sj_day_weekday(today) == 0;
    default:
        return true;
    }
}

static bool make_rooms(sj_recorder *r)
{
    const sj_world *w = r->world;
    size_t traffic = (size_t)w->n_edges * (size_t)w->n_nations * (size_t)w->n_channels;
    r->n_months = month_of(w, w->start + w->n_days) + 1;
    r->observed = sj_numbers_new(w->spec.observations.n);
    r->traffic = sj_numbers_new(traffic * (size_t)r->n_months);
    r->last_traffic = sj_calloc(traffic, sizeof(int64_t));
    r->weekly = sj_numbers_new((size_t)sj_record_weeks(w) * (size_t)w->n_services);
    r->over_days = sj_calloc((size_t)w->n_services, sizeof(int));
    r->op_active = sj_calloc((size_t)w->n_ops, sizeof(bool));
    r->waits = sj_calloc((size_t)w->n_stages * SJ_WAIT_DAYS, sizeof(int64_t));
    r->waiting = sj_calloc((size_t)w->n_stages * SJ_WAIT_DAYS, sizeof(int64_t));
    r->dates = sj_calloc((size_t)w->n_days + 1, sizeof(sj_day));
    r->ages = sj_calloc(SJ_WAIT_DAYS, sizeof(int64_t));
    r->irregular_before = sj_numbers_new(2 * (size_t)w->n_countries);
    return r->observed && r->traffic && r->last_traffic && r->weekly && r->over_days &&
           r->op_active && r->waits && r->waiting && r->dates && r->ages && r->irregular_before;
}

sj_recorder *sj_recorder_new(const sj_world *world)
{
    sj_recorder *r = sj_calloc(1, sizeof *r);
    if (r == NULL) {
        return NULL;
    }
    r->world = world;
    r->is_first = true;
    if (!make_rooms(r)) {
        sj_recorder_free(r);
        return NULL;
    }
    for (size_t i = 0; i < world->spec.observations.n; i++) {
        r->observed[i] = NAN;
    }
    return r;
}

void sj_recorder_free(sj_recorder *r)
{
    if (r == NULL) {
        return;
    }
    sj_vec_clear(&r->keys);
    sj_vec_clear(&r->values);
    sj_vec_clear(&r->last);
    sj_vec_clear(&r->happenings);
    free(r->observed);
    free(r->traffic);
    free(r->last_traffic);
    free(r->weekly);
    free(r->over_days);
    free(r->op_active);
    free(r->waits);
    free(r->waiting);
    free(r->dates);
    free(r->ages);
    free(r->irregular_before);
    free(r);
}

int sj_recorder_row(const sj_recorder *r, const sj_series_key *key)
{
    for (size_t i = 0; i < r->keys.n; i++) {
        const sj_series_key *k = &r->keys.at[i];
        if (k->metric == key->metric && strcmp(k->place, key->place) == 0 &&
            strcmp(k->nationality, key->nationality) == 0 && strcmp(k->item, key->item) == 0) {
            return (int)i;
        }
    }
    return SJ_NO_REF;
}

/* ---- what is looked at every day ---- */

static void happen(sj_recorder *r, int day, const char *kind, const char *where, double value)
{
    if (!sj_vec_push(&r->happenings, ((sj_happening){day, kind, where, value}))) {
        r->failed = true;
    }
}

enum { OVERLOAD_DAYS = 14 /* model.md 4.13 */ };

static void watch_services(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = r->world;
    int week = (run->day + sj_day_weekday(w->start)) / 7;
    int first = week == 0 ? 0 : 7 * week - sj_day_weekday(w->start);
    int last = 7 * (week + 1) - 1 - sj_day_weekday(w->start);
    int days = (last < w->n_days ? last : w->n_days) - first + 1;
    for (int i = 0; i < w->n_services; i++) {
        double ratio = sj_ratio(run->demand[i], run->supply[i]);
        r->weekly[week * w->n_services + i] += (ratio < 99 ? ratio : 99) / days;
        r->over_days[i] = ratio > 1 ? r->over_days[i] + 1 : 0;
        const char *id = w->spec.services.at[i].item.id;
        if (r->over_days[i] == OVERLOAD_DAYS) {
            happen(r, run->day, "overload", id, ratio);
        }
    }
}

static void watch_policies(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = r->world;
    for (int i = 0; i < w->n_ops; i++) {
        bool now = sj_policy_active(run, i);
        if (now != r->op_active[i]) {
            happen(r, run->day, now ? "policy" : "policy-ends",
                   w->spec.policies.at[w->ops[i].policy].item.id, i);
            r->op_active[i] = now;
        }
    }
}

static void count_traffic(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = r->world;
    int n = w->n_edges * w->n_nations * w->n_channels;
    int month = month_of(w, run->today > w->start ? run->today - 1 : run->today);
    for (int i = 0; i < n; i++) {
        int64_t now = run->ledger->tally.traffic[i];
        r->traffic[month * n + i] += (double)(now - r->last_traffic[i]);
        r->last_traffic[i] = now;
    }
}

static void record(sj_recorder *r, const sj_run *run)
{
    r->row = 0;
    sji_measure(r, run);
    r->is_first = false;
    r->dates[r->n_dates++] = run->today;
}

/* An observation is read off the record of its date; on another day a record is made and taken
 * back, so that totals and levels are those of the day. */
static void observe_observations(sj_recorder *r, const sj_run *run, bool reported)
{
    const sj_world *w = r->world;
    bool wanted = false;
    for (size_t i = 0; i < w->spec.observations.n; i++) {
        wanted = wanted || w->spec.observations.at[i].date == run->today;
    }
    if (!wanted || r->failed) {
        return;
    }
    size_t n_values = r->values.n;
    if (!reported) {
        r->peek = true;
        r->row = 0;
        sji_measure(r, run);
        r->peek = false;
    }
    size_t base = r->values.n - r->keys.n;
    for (size_t i = 0; i < w->spec.observations.n; i++) {
        const sj_spec_observation *o = &w->spec.observations.at[i];
        int metric = sj_metric_named(o->metric);
        if (o->date != run->today || metric < 0) {
            continue;
        }
        sj_series_key key = {(sj_metric)metric, o->place ? o->place : "ALL",
                             o->nationality ? o->nationality : "ALL", o->of ? o->of : "ALL"};
        int row = sj_recorder_row(r, &key);
        if (row != SJ_NO_REF) {
            r->observed[i] = r->values.at[base + (size_t)row];
        }
    }
    r->values.n = n_values;
}

static void keep_waits(sj_recorder *r, const sj_run *run)
{
    for (int s = 0; s < r->world->n_stages; s++) {
        size_t n = 0;
        const int64_t *waits = sj_stage_waits(run, s, &n);
        for (size_t d = 0; d < n; d++) {
            r->waits[s * SJ_WAIT_DAYS + (int)(d < SJ_WAIT_DAYS ? d : SJ_WAIT_DAYS - 1)] += waits[d];
        }
        sj_stage_ages(run->ledger->stages[s], run->today, SJ_WAIT_DAYS,
                      r->waiting + s * SJ_WAIT_DAYS);
    }
}

void sj_recorder_observe(void *self, const sj_run *run)
{
    sj_recorder *r = self;
    if (r->failed) {
        return;
    }
    watch_services(r, run);
    watch_policies(r, run);
    bool report = is_report_day(r->world, run->day);
    if (report || sj_day_is_first(run->today) || run->day == r->world->n_days) {
        count_traffic(r, run);
    }
    if (report) {
        record(r, run);
    }
    observe_observations(r, run, report);
    if (run->day == r->world->n_days) {
        keep_waits(r, run);
    }
}
