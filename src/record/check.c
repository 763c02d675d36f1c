#include "record/check.h"

#include <stdio.h>

#include "io/format.h"
#include "record/metric.h"

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
    sj_tree_place(world->tree, pointer, false, &err);
    sj_problems_add(problems, &err);
}

void sj_record_check(const sj_world *world, sj_problems *problems)
{
    char pointer[320];
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
