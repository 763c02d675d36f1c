#include "record/check.h"

#include <stdio.h>

#include "io/format.h"
#include "record/metric.h"

static void report(const sj_world *world, const char *pointer, sj_err *err, sj_problems *problems)
{
    sj_tree_place(world->tree, pointer, false, err);
    sj_problems_add(problems, err);
}

static void check_metric(const sj_world *world, const char *metric, const char *pointer,
                         sj_problems *problems)
{
    const char *names[SJ_N_METRICS];
    if (sj_metric_named(metric) >= 0) {
        return;
    }
    for (int i = 0; i < SJ_N_METRICS; i++) {
        names[i] = sj_metric_table[i].id;
    }
    sj_err err;
    (void)SJ_FAIL(&err, SJ_E_REFERENCE, pointer, "no metric is called \"%.80s\"", metric);
    const char *near = sj_suggest(metric, names, SJ_N_METRICS);
    if (near != NULL) {
        (void)snprintf(err.hint, sizeof err.hint, "did you mean \"%s\"?", near);
    }
    report(world, pointer, &err, problems);
}

/* A day that nobody would look at is odd, not wrong: `--until` may have cut it off. */
static void check_dates(const sj_world *world, sj_problems *problems)
{
    const sj_texts *dates = &world->spec.record.dates;
    sj_day end = world->start + world->n_days, day;
    bool is_cut = sj_world_is_cut(world, "/record/dates");
    sj_err err;
    char pointer[320];
    size_t n_outside = 0;
    for (size_t i = 0; i < dates->n; i++) {
        (void)snprintf(pointer, sizeof pointer, "/record/dates/%zu", i);
        if (!sj_day_parse(dates->at[i], &day)) {
            (void)SJ_FAIL(&err, SJ_E_DATE, pointer, "\"%.40s\" is not a date", dates->at[i]);
            (void)snprintf(err.hint, sizeof err.hint,
                           "a date is written YYYY-MM-DD, such as 2022-01-31");
            report(world, pointer, &err, problems);
        } else {
            n_outside += day < world->start || (day > end && !is_cut);
        }
    }
    if (n_outside > 0) {
        (void)SJ_FAIL(&err, SJ_E_DATE, "/record/dates",
                      "%zu of %zu days lie outside the run and get no record", n_outside, dates->n);
        err.is_warning = true;
        report(world, "/record/dates", &err, problems);
    }
}

void sj_record_check(const sj_world *world, sj_problems *problems)
{
    char pointer[320];
    check_dates(world, problems);
    for (size_t i = 0; i < world->spec.observations.n; i++) {
        const sj_spec_observation *o = &world->spec.observations.at[i];
        (void)snprintf(pointer, sizeof pointer, "%s/metric", o->item.pointer);
        check_metric(world, o->metric, pointer, problems);
    }
    for (size_t i = 0; i < world->spec.record.per_rep.n; i++) {
        (void)snprintf(pointer, sizeof pointer, "/record/per_rep/%zu", i);
        check_metric(world, world->spec.record.per_rep.at[i], pointer, problems);
    }
}
