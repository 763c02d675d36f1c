/* Policies: ops that come into force by date or trigger, and what follows from a changed value.
 * Each day the touched values start from their drawn base and every active op moves them in
 * list order, so that an op that ends leaves no trace. Changed values make tables stale; a
 * policy that is marked is an event for beliefs and for people on the way; an announced
 * tightening makes those it concerns hurry. The second process keeps the tables of routes and
 * choice. */
#include "process/policy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "process/belief.h"
#include "process/capacity.h"
#include "process/chain.h"
#include "process/choice.h"
#include "process/journey.h"
#include "process/route.h"

typedef struct op_state {
    bool active;      /* in force */
    int since;        /* day of the run it came into force; negative = before the start */
    int in_a_row;     /* days the condition has held */
    int released_for; /* days the release has held */
    bool over;        /* released, or past `to` */
} op_state;

struct sj_policies {
    op_state *op;
    bool *announced; /* policy: its marked event has happened */
    bool *touched;   /* value: some op moves it */
    sj_val *values;  /* the touched ones */
    double *next;    /* value: what it is becoming */
    double *chance;  /* policy: its uniform number of today, for triggers by chance */
    int *chance_day; /* policy: the day it was drawn, plus one; 0 = never */
    bool arrivals_watched;
    int n_values;
    int64_t *arrivals_yesterday; /* country */
};

static bool watches_arrivals(const sj_spec_trigger *t)
{
    return t->metric != NULL && strcmp(t->metric, "arrivals") == 0;
}

static bool create(sj_run *run)
{
    const sj_world *w = run->world;
    size_t n = sj_values_length(w->values);
    sj_policies *p = run->policies = sj_calloc(1, sizeof *p);
    if (p == NULL) {
        return false;
    }
    p->op = sj_calloc((size_t)w->n_ops, sizeof *p->op);
    p->announced = sj_calloc(w->spec.policies.n, sizeof(bool));
    p->chance = sj_numbers_new(w->spec.policies.n);
    p->chance_day = sj_calloc(w->spec.policies.n, sizeof(int));
    p->touched = sj_calloc(n, sizeof(bool));
    p->values = sj_calloc(n, sizeof(sj_val));
    p->next = sj_numbers_new(n);
    p->arrivals_yesterday = sj_calloc(2 * (size_t)w->n_countries, sizeof(int64_t));
    if (!p->op || !p->chance || !p->chance_day || !p->announced || !p->touched || !p->values ||
        !p->next || !p->arrivals_yesterday) {
        return false;
    }
    for (int i = 0; i < w->n_ops; i++) {
        p->arrivals_watched = p->arrivals_watched || watches_arrivals(&w->ops[i].spec->when) ||
                              watches_arrivals(&w->ops[i].spec->release);
        for (int k = 0; k < w->ops[i].n_values; k++) {
            sj_val v = w->ops[i].values[k];
            if (!p->touched[v]) {
                p->touched[v] = true;
                p->values[p->n_values++] = v;
            }
        }
    }
    return true;
}

static void destroy(sj_run *run)
{
    sj_policies *p = run->policies;
    if (p != NULL) {
        free(p->op);
        free(p->announced);
        free(p->chance);
        free(p->chance_day);
        free(p->touched);
        free(p->values);
        free(p->next);
        free(p->arrivals_yesterday);
        free(p);
        run->policies = NULL;
    }
}

/* ---- triggers: yesterday's value of a metric ---- */

static double utilisation(const sj_run *run, int country, int leaf, int sector)
{
    if (leaf != SJ_NO_REF && sector != SJ_NO_REF) {
        int service = run->world->service_at[leaf * SJ_SECTORS + sector];
        return service == SJ_NO_REF ? 0 : sj_ratio(run->demand[service], run->supply[service]);
    }
    if (sector != SJ_NO_REF) {
        double demand, capacity;
        sj_sector_load(run, country, sector, &demand, &capacity);
        return sj_ratio(demand, capacity);
    }
    return run->utilisation[country];
}

static double people(const sj_run *run, int country, int leaf, int status)
{
    double n = 0;
    for (size_t i = 1; i < run->ledger->n_strata; i++) {
        const sj_stratum *s = run->ledger->strata[i];
        bool here = leaf != SJ_NO_REF ? s->leaf == leaf : s->country == country;
        if (here && s->is_foreign && (status == SJ_NO_REF || s->status == status)) {
            n += (double)s->n;
        }
    }
    return n;
}

/* What a trigger looks at: the state at the end of yesterday. */
static double watched(const sj_run *run, const sj_spec_trigger *t)
{
    const sj_world *w = run->world;
    if (strcmp(t->metric, "queue_length") == 0) {
        return (double)sj_stage_length(run->ledger->stages[sj_world_stage(w, t->of)]);
    }
    int country = sj_world_country(w, t->place);
    int leaf = country != SJ_NO_REF ? SJ_NO_REF : sj_world_leaf(w, t->place);
    country = country != SJ_NO_REF ? country : w->leaves[leaf].country;
    if (strcmp(t->metric, "utilisation") == 0) {
        return utilisation(run, country, leaf, sj_sector_named(t->of));
    }
    if (strcmp(t->metric, "stock") == 0) {
        return people(run, country, leaf, t->of == NULL ? SJ_NO_REF : sj_world_status(w, t->of));
    }
    if (strcmp(t->metric, "arrivals") == 0) {
        return (double)run->policies->arrivals_yesterday[country];
    }
    return run->hostility[country];
}

/* All ops of a policy that wait for the same chance come into force on the same day. */
static double chance_of_today(sj_run *run, int policy)
{
    sj_policies *p = run->policies;
    if (p->chance_day[policy] != run->day + 1) {
        sj_rng rng =
            sj_run_decide(run, "trigger", run->world->spec.policies.at[policy].item.id, "", "");
        p->chance[policy] = sj_rng_uniform(&rng);
        p->chance_day[policy] = run->day + 1;
    }
    return p->chance[policy];
}

/* A hazard that grows with what is looked at, as tightening does with hostility. */
static bool happens(sj_run *run, int policy, const sj_spec_trigger *t, double x)
{
    double steps = x - run->value[t->around];
    double hazard = run->value[t->hazard_per_year] * exp(run->value[t->sensitivity] * steps);
    return chance_of_today(run, policy) < sj_chance_within(hazard, 1);
}

/* Counts the days in a row that a trigger holds; true from the for_days-th on. */
static bool holds(sj_run *run, int policy, const sj_spec_trigger *t, int *in_a_row)
{
    double x = watched(run, t);
    if (t->around != SJ_NO_VALUE) {
        return happens(run, policy, t, x);
    }
    bool now = t->above != SJ_NO_VALUE ? x > run->value[t->above] : x < run->value[t->below];
    *in_a_row = now ? *in_a_row + 1 : 0;
    return *in_a_row >= (int)run->value[t->for_days];
}

/* ---- ops ---- */

/* Without a release an op that a trigger has started stays; with one it may start again. */
static void start_and_stop(sj_run *run, int i)
{
    const sj_spec_op *op = run->world->ops[i].spec;
    op_state *state = &run->policies->op[i];
    int policy = run->world->ops[i].policy;
    if (!state->active && !state->over) {
        sj_day from = op->from == SJ_NO_DAY ? run->world->start : op->from;
        bool begins = op->when.metric != NULL ? holds(run, policy, &op->when, &state->in_a_row)
                                              : run->today >= from;
        state->active = begins;
        state->since = op->when.metric != NULL ? run->day : (int)(from - run->world->start);
    } else if (state->active && op->release.metric != NULL) {
        if (holds(run, policy, &op->release, &state->released_for)) {
            state->active = false;
            state->over = op->when.metric == NULL;
            state->in_a_row = state->released_for = 0;
        }
    }
    if (op->to != SJ_NO_DAY && run->today >= op->to) {
        state->active = false;
        state->over = true;
    }
}

/* A ramp brings the change in gradually, from the day the op came into force. */
static double apply(const sj_run *run, const sj_spec_op *op, const op_state *state, double value)
{
    double ramp = run->value[op->ramp_days], in = 1;
    if (ramp > 0) {
        in = (run->day - state->since) / ramp;
        in = in < 0 ? 0 : in > 1 ? 1 : in;
    }
    if (op->set != SJ_NO_VALUE) {
        return value + in * (run->value[op->set] - value);
    }
    if (op->scale != SJ_NO_VALUE) {
        return value * (1 + in * (run->value[op->scale] - 1));
    }
    return value + in * run->value[op->add];
}

static double within(const sj_world *w, sj_val v, double x)
{
    const sj_key *key = sj_values_row(w->values, v)->key;
    return x < key->low ? key->low : x > key->high ? key->high : x;
}

static bool starts_with(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

/* Notes which tables a changed value makes stale. */
static void note_change(sj_run *run, sj_val v)
{
    const char *pointer = sj_values_row(run->world->values, v)->pointer;
    if (starts_with(pointer, "/links/") || starts_with(pointer, "/route/")) {
        run->routes_stale = run->choice_stale = true;
    }
    if (starts_with(pointer, "/choice/") || starts_with(pointer, "/channels/") ||
        starts_with(pointer, "/statuses/") || starts_with(pointer, "/places/") ||
        starts_with(pointer, "/programmes/")) {
        run->choice_stale = true;
    }
}

/* Touched values start from their drawn base; each active op moves its own, in list order. */
static void renew_values(sj_run *run)
{
    const sj_world *w = run->world;
    sj_policies *p = run->policies;
    for (int i = 0; i < p->n_values; i++) {
        p->next[p->values[i]] = run->drawn[p->values[i]];
    }
    for (int k = 0; k < w->n_ops; k++) {
        const sj_op_of *op = &w->ops[k];
        for (int j = 0; p->op[k].active && j < op->n_values; j++) {
            sj_val v = op->values[j];
            p->next[v] = apply(run, op->spec, &p->op[k], p->next[v]);
        }
    }
    for (int i = 0; i < p->n_values; i++) {
        sj_val v = p->values[i];
        double x = within(w, v, p->next[v]);
        if (x != run->value[v]) {
            run->value[v] = x;
            note_change(run, v);
        }
    }
}

bool sj_policy_active(const sj_run *run, int op)
{
    return run->policies->op[op].active;
}

/* ---- marked events ---- */

static int index_in(const char *pointer, const char *head, char *id, size_t size)
{
    if (!starts_with(pointer, head)) {
        return 0;
    }
    const char *from = pointer + strlen(head), *to = strchr(from, '/');
    size_t length = to == NULL ? strlen(from) : (size_t)(to - from);
    length = length < size - 1 ? length : size - 1;
    memcpy(id, from, length);
    id[length] = '\0';
    return 1;
}

/* Channels and countries that the ops of a policy name. */
static void concerned(const sj_world *w, int policy, bool channel[], bool country[])
{
    char id[128];
    for (int k = 0; k < w->n_ops; k++) {
        for (int j = 0; w->ops[k].policy == policy && j < w->ops[k].n_values; j++) {
            const char *pointer = sj_values_row(w->values, w->ops[k].values[j])->pointer;
            if (index_in(pointer, "/channels/", id, sizeof id)) {
                for (int m = 0; m < w->home_channel; m++) {
                    channel[m] = channel[m] || strcmp(w->channels[m].id, id) == 0;
                }
            } else if (index_in(pointer, "/places/", id, sizeof id)) {
                int c = sj_world_country(w, id);
                if (c != SJ_NO_REF) {
                    country[c] = true;
                }
            } else if (index_in(pointer, "/programmes/", id, sizeof id)) {
                for (int m = 0; m < w->home_channel; m++) {
                    int by = w->channels[m].requires != SJ_NO_REF ? w->channels[m].requires
                                                                  : w->channels[m].applies;
                    channel[m] = channel[m] || (by != SJ_NO_REF &&
                                                strcmp(w->programmes[by].spec->item.id, id) == 0);
                }
            }
        }
    }
}

static void mark_event(sj_run *run, int policy)
{
    const sj_world *w = run->world;
    bool *channel = sj_calloc((size_t)(w->n_channels + w->n_countries), sizeof(bool));
    if (channel == NULL) {
        run->ledger->status = SJ_E_NOMEM;
        return;
    }
    concerned(w, policy, channel, channel + w->n_channels);
    sj_belief_event(run, channel, channel + w->n_channels);
    run->turning = true;
    for (int m = 0; m < w->n_channels; m++) {
        run->turn_channel[m] = run->turn_channel[m] || channel[m];
    }
    for (int c = 0; c < w->n_countries; c++) {
        run->turn_country[c] = run->turn_country[c] || channel[w->n_channels + c];
    }
    free(channel);
}

/* Once for each policy, on the first day one of its ops begins during the run. */
static void mark_events(sj_run *run)
{
    const sj_world *w = run->world;
    for (int k = 0; k < w->n_ops; k++) {
        int policy = w->ops[k].policy;
        const op_state *state = &run->policies->op[k];
        bool begins = state->active && state->since == run->day && run->day > 0;
        if (begins && !run->policies->announced[policy] &&
            run->value[w->spec.policies.at[policy].marked] > 0) {
            run->policies->announced[policy] = true;
            mark_event(run, policy);
        }
    }
}

/* ---- anticipation ---- */

static double rush(const sj_run *run, const sj_spec_op *op)
{
    bool coming = op->announced != SJ_NO_DAY && op->from != SJ_NO_DAY &&
                  run->today >= op->announced && run->today < op->from;
    return coming ? sj_rush(run, op->from - run->today) : 1;
}

/* The most urgent of the announced tightenings counts. */
static void anticipate(sj_run *run)
{
    const sj_world *w = run->world;
    for (int n = 0; n < w->n_nations; n++) {
        run->anticipation[n] = 1;
    }
    for (int k = 0; k < w->n_ops; k++) {
        const sj_refs *for_whom = &w->spec.policies.at[w->ops[k].policy].tightening;
        double a = for_whom->n > 0 ? rush(run, w->ops[k].spec) : 1;
        for (size_t i = 0; i < for_whom->n; i++) {
            double *now = &run->anticipation[for_whom->at[i]];
            *now = a > *now ? a : *now;
        }
    }
}

static void count_arrivals(sj_run *run)
{
    const sj_world *w = run->world;
    int64_t *last = run->policies->arrivals_yesterday, *total = last + w->n_countries;
    for (int c = 0; c < w->n_countries; c++) {
        int64_t sum = 0;
        for (int leaf = 0; leaf < w->n_leaves; leaf++) {
            for (int k = 0; w->leaves[leaf].country == c && k < w->n_nations * w->n_channels; k++) {
                sum += run->ledger->tally.arrivals[leaf * w->n_nations * w->n_channels + k];
            }
        }
        last[c] = sum - total[c];
        total[c] = sum;
    }
}

/* A window that opens or has closed changes what channels can be chosen. */
static void note_windows(sj_run *run)
{
    for (int p = 0; p < run->world->n_programmes; p++) {
        const sj_spec_programme *spec = run->world->programmes[p].spec;
        for (size_t i = 0; i < spec->windows.n; i++) {
            const sj_spec_window *window = &spec->windows.at[i];
            if (window->opens == run->today ||
                (window->closes != SJ_NO_DAY && window->closes + 1 == run->today)) {
                run->choice_stale = true;
            }
        }
    }
}

static void review(sj_run *run)
{
    if (run->policies->arrivals_watched) {
        count_arrivals(run);
    }
    note_windows(run);
    for (int i = 0; i < run->world->n_ops; i++) {
        start_and_stop(run, i);
    }
    renew_values(run);
    mark_events(run);
    anticipate(run);
}

static void begin(sj_run *run)
{
    for (int i = 0; i < run->world->n_ops; i++) {
        if (run->world->ops[i].spec->when.metric == NULL) {
            start_and_stop(run, i);
        }
    }
    renew_values(run);
    anticipate(run);
}

const sj_process_kind sj_policy_process = {
    .name = "policies",
    .doc = "dated and triggered changes of values; anticipation",
    .switch_off = -1,
    .create = create,
    .begin = begin,
    .destroy = destroy,
    .steps = {{SJ_PHASE_POLICY, SJ_DAILY, review}},
    .n_steps = 1};

/* ---- tables of routes and choice ---- */

static bool create_tables(sj_run *run)
{
    return sj_routes_create(run) && sj_choice_create(run);
}

static void destroy_tables(sj_run *run)
{
    sj_routes_destroy(run);
    sj_choice_destroy(run);
}

static void begin_tables(sj_run *run)
{
    sj_routes_renew(run);
    sj_chains_measure(run);
    sj_choice_renew(run);
}

static void renew_stale(sj_run *run)
{
    if (run->routes_stale) {
        sj_routes_renew(run);
        sj_journey_links_changed(run);
        run->routes_stale = false;
    }
    if (run->choice_stale) {
        sj_choice_renew(run);
    }
    sj_choice_tidy(run);
}

static void turn(sj_run *run)
{
    if (run->turning) {
        sj_journey_turn(run, run->turn_channel, run->turn_country);
        memset(run->turn_channel, 0, (size_t)run->world->n_channels * sizeof(bool));
        memset(run->turn_country, 0, (size_t)run->world->n_countries * sizeof(bool));
        run->turning = false;
    }
}

static void renew_tables(sj_run *run)
{
    sj_chains_measure(run);
    sj_choice_renew(run);
}

const sj_process_kind sj_table_process = {
    .name = "tables",
    .doc = "values of routes, destinations and channels, weekly and when a rule changes",
    .switch_off = -1,
    .create = create_tables,
    .begin = begin_tables,
    .destroy = destroy_tables,
    .steps = {{SJ_PHASE_TABLES, SJ_DAILY, renew_stale},
              {SJ_PHASE_CLOSURE, SJ_DAILY, turn},
              {SJ_PHASE_CHOICE, SJ_CHOICE_DAYS, renew_tables}},
    .n_steps = 3};
