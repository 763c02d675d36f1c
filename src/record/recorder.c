#include "record/recorder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "process/capacity.h"
#include "process/institution.h"
#include "process/policy.h"
#include "record/measure.h"
#include "record/published.h"
#include "record/series.h"

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

/* Is it one of /record/dates? */
static bool is_listed(const sj_world *w, sj_day today)
{
    char text[SJ_DATE_TEXT];
    sj_day_format(today, text);
    for (size_t i = 0; i < w->spec.record.dates.n; i++) {
        if (strcmp(w->spec.record.dates.at[i], text) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_report_day(const sj_world *w, int day)
{
    sj_day today = w->start + day;
    if (day == 0 || day == w->n_days || is_listed(w, today)) {
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

static int count_records(const sj_world *w)
{
    int n = 0;
    for (int day = 0; day <= w->n_days; day++) {
        n += is_report_day(w, day);
    }
    return n;
}

static size_t n_cells(const sj_world *w)
{
    return (size_t)w->n_edges * (size_t)w->n_nations * (size_t)w->n_channels;
}

static bool make_rooms(sj_recorder *r)
{
    const sj_world *w = r->world;
    r->n_records = count_records(w);
    r->n_months = month_of(w, w->start + w->n_days) + 1;
    r->dates = sj_calloc((size_t)r->n_records, sizeof(sj_day));
    r->observed = sj_numbers_new(w->spec.observations.n);
    r->month_end = sj_calloc((size_t)r->n_months, sizeof(size_t));
    r->last_traffic = sj_calloc(n_cells(w), sizeof(int64_t));
    r->weekly = sj_numbers_new((size_t)sj_record_weeks(w) * (size_t)w->n_services);
    r->over_days = sj_calloc((size_t)w->n_services, sizeof(int));
    r->op_active = sj_calloc((size_t)w->n_ops, sizeof(bool));
    r->ages = sj_calloc(SJ_WAIT_DAYS, sizeof(int64_t));
    r->irregular_before = sj_numbers_new(2 * (size_t)w->n_countries);
    r->arrivals = sj_calloc((size_t)w->n_nations * (size_t)w->n_channels, sizeof(int64_t));
    r->counts = sj_calloc((size_t)w->n_published, sizeof *r->counts);
    return r->dates && r->observed && r->month_end && r->last_traffic && r->weekly &&
           r->over_days && r->op_active && r->ages && r->irregular_before && r->arrivals &&
           r->counts;
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

/* Give back the room that a finished list does not use; it stays where that fails. */
static void trim(void **at, size_t n, size_t *capacity, size_t size)
{
    void *less = n < *capacity ? sj_reallocarray(*at, n, size) : NULL;
    if (less != NULL) {
        *at = less;
        *capacity = n;
    }
}

/* What only a run under way needs. */
static void free_scratch(sj_recorder *r)
{
    free(r->last_traffic);
    free(r->over_days);
    free(r->op_active);
    free(r->ages);
    free(r->irregular_before);
    free(r->arrivals);
    free(r->counts);
    r->last_traffic = r->ages = r->arrivals = NULL;
    r->over_days = NULL;
    r->op_active = NULL;
    r->irregular_before = NULL;
    r->counts = NULL;
}

void sj_recorder_free(sj_recorder *r)
{
    if (r == NULL) {
        return;
    }
    sji_series_close(r, true);
    free_scratch(r);
    sj_vec_clear(&r->happenings);
    sj_vec_clear(&r->flows);
    sj_vec_clear(&r->waits);
    free(r->observed);
    free(r->month_end);
    free(r->weekly);
    free(r->dates);
    free(r);
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

/* On the first of a month and at the end: who ended a leg since, which is the month before. */
static void count_traffic(sj_recorder *r, const sj_run *run)
{
    const sj_world *w = r->world;
    size_t n = n_cells(w);
    int month = month_of(w, run->today > w->start ? run->today - 1 : run->today);
    for (size_t i = 0; i < n; i++) {
        int64_t now = run->ledger->tally.traffic[i];
        sj_flow_cell cell = {(uint32_t)i, now - r->last_traffic[i]};
        if (cell.n != 0 && !sj_vec_push(&r->flows, cell)) {
            r->failed = true;
            return;
        }
        r->last_traffic[i] = now;
    }
    for (int i = month; i < r->n_months; i++) {
        r->month_end[i] = r->flows.n;
    }
}

static void record(sj_recorder *r, const sj_run *run)
{
    r->row = 0;
    sji_measure(r, run);
    sji_series_keep(r);
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
    if (!reported) {
        r->peek = true;
        r->row = 0;
        sji_measure(r, run);
        r->peek = false;
    }
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
            r->observed[i] = r->now.at[row];
        }
    }
}

/* The completed waits of a stage and those still waiting, by days: what is not 0. */
static bool keep_waits_of(sj_recorder *r, const sj_run *run, int stage, int64_t completed[])
{
    size_t n = 0;
    const int64_t *waits = sj_stage_waits(run, stage, &n);
    memset(completed, 0, SJ_WAIT_DAYS * sizeof *completed);
    memset(r->ages, 0, SJ_WAIT_DAYS * sizeof *r->ages);
    for (size_t d = 0; d < n; d++) {
        completed[d < SJ_WAIT_DAYS ? d : SJ_WAIT_DAYS - 1] += waits[d];
    }
    sj_stage_ages(run->ledger->stages[stage], run->today, SJ_WAIT_DAYS, r->ages);
    for (int d = 0; d < SJ_WAIT_DAYS; d++) {
        sj_wait_cell cell = {stage, d, completed[d], r->ages[d]};
        if ((cell.completed != 0 || cell.waiting != 0) && !sj_vec_push(&r->waits, cell)) {
            return false;
        }
    }
    return true;
}

static void keep_waits(sj_recorder *r, const sj_run *run)
{
    int64_t *completed = sj_calloc(SJ_WAIT_DAYS, sizeof *completed);
    r->failed = r->failed || completed == NULL;
    for (int s = 0; !r->failed && s < r->world->n_stages; s++) {
        r->failed = !keep_waits_of(r, run, s, completed);
    }
    free(completed);
}

void sj_recorder_observe(void *self, const sj_run *run)
{
    sj_recorder *r = self;
    bool is_last = run->day == r->world->n_days;
    if (r->failed) {
        return;
    }
    watch_services(r, run);
    watch_policies(r, run);
    sji_published_look(r, run);
    bool report = is_report_day(r->world, run->day);
    if (sj_day_is_first(run->today) || is_last) {
        count_traffic(r, run);
    }
    if (report) {
        record(r, run);
    }
    observe_observations(r, run, report);
    if (is_last) {
        keep_waits(r, run);
        sji_series_close(r, false);
        free_scratch(r);
        trim((void **)&r->flows.at, r->flows.n, &r->flows.capacity, sizeof *r->flows.at);
        trim((void **)&r->waits.at, r->waits.n, &r->waits.capacity, sizeof *r->waits.at);
    }
}
