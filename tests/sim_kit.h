/**
 * @file sim_kit.h
 * @brief Worlds from texts and files, runs to a day, and counts of people: for tests of the model.
 *
 * Texts of worlds use ' where JSON has ". Everything fails the test where it cannot go on.
 * Include cmocka.h before it.
 */
#ifndef SJ_TESTS_SIM_KIT_H
#define SJ_TESTS_SIM_KIT_H
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "num/draw.h"
#include "process/belief.h"
#include "process/capacity.h"
#include "process/choice.h"
#include "process/fund.h"
#include "process/institution.h"
#include "process/journey.h"
#include "process/route.h"
#include "sim/sim.h"

#define TWO_HOSTS "scenarios/small/two-hosts.json"

/** Everything off but what the test turns on again. */
#define ALL_BUT_JOURNEY                                                                            \
    "'departure','onward','return','programmes','chains','demography','services','funds',"         \
    "'opinion','beliefs','noise'"
#define ALL_OFF ALL_BUT_JOURNEY ",'journey'"

static inline void show_problems(const sj_problems *problems)
{
    for (size_t i = 0; i < problems->n; i++) {
        char text[2000];
        (void)sj_err_format(&problems->at[i], text, sizeof text);
        print_error("%s\n", text);
    }
}

/** A world, with the problems of its reading (warnings); the caller clears both. */
static inline sj_world *world_with_problems(const char *text, sj_problems *problems)
{
    size_t n = strlen(text);
    char *json = malloc(n + 1);
    sj_world *world = NULL;
    for (size_t i = 0; i <= n; i++) {
        json[i] = text[i] == '\'' ? '"' : text[i];
    }
    if (sj_world_parse(&world, "scenarios/small/text.json", json, n, problems) != SJ_OK) {
        world = NULL;
    }
    free(json);
    return world;
}

static inline sj_world *world_of(const char *text)
{
    sj_problems problems = {0};
    sj_world *world = world_with_problems(text, &problems);
    if (world == NULL) {
        show_problems(&problems);
    }
    assert_non_null(world);
    sj_problems_clear(&problems);
    return world;
}

/** A world of a file with settings "/pointer=value", ended by NULL. */
static inline sj_world *world_set(const char *path, const char *const set[])
{
    sj_problems problems = {0};
    sj_world *world = NULL;
    sj_load_options options = {.set = set};
    while (set != NULL && set[options.n_set] != NULL) {
        options.n_set++;
    }
    if (sj_world_load(&world, path, &options, &problems) != SJ_OK) {
        show_problems(&problems);
    }
    assert_non_null(world);
    sj_problems_clear(&problems);
    return world;
}

/** A replication on day 0, values at their centres, checked after every day. */
static inline sj_sim *sim_of(const sj_world *world, uint64_t seed, uint64_t replication)
{
    sj_sim_options options = {
        .seed = seed, .replication = replication, .fixed = true, .self_check = true};
    sj_sim *sim = NULL;
    sj_err err = {0};
    if (sj_sim_new(&sim, world, &options, NULL, &err) != SJ_OK) {
        fail_msg("%s: %s", err.where, err.text);
    }
    return sim;
}

static inline void run_to(sj_sim *sim, int day)
{
    sj_err err = {0};
    bool done;
    if (sj_sim_run(sim, day, 0, &done, &err) != SJ_OK) {
        fail_msg("day %d: %s: %s", sj_sim_state(sim)->day, err.where, err.text);
    }
}

/** The run, to be changed by the test's own hands. */
static inline sj_run *hands(sj_sim *sim)
{
    return (sj_run *)(uintptr_t)sj_sim_state(sim);
}

static inline void check(const sj_sim *sim)
{
    sj_err err = {0};
    if (sj_sim_verify(sim, &err) != SJ_OK) {
        fail_msg("%s: %s", err.where, err.text);
    }
}

/** Day of the run of a date. */
static inline int day_of(const sj_world *world, const char *date)
{
    sj_day day = 0;
    assert_true(sj_day_parse(date, &day));
    return day - world->start;
}

static inline double value_at(const sj_sim *sim, const char *pointer)
{
    const sj_run *run = sj_sim_state(sim);
    sj_val v = sj_values_find(run->world->values, pointer);
    if (v == SJ_NO_VALUE) {
        fail_msg("no value %s", pointer);
    }
    return run->value[v];
}

/** Who: ids, NULL = any. Place is a country or a leaf, vintage a digit; a group leaves out those
 * under way. A stratum is theirs if anybody of the group may be in it. */
typedef struct whom {
    const char *nation, *place, *status, *group, *vintage;
} whom;

static inline bool is_one_of(const sj_world *w, const sj_stratum *s, whom who)
{
    return (who.nation == NULL || strcmp(w->nations[s->nation].id, who.nation) == 0) &&
           (who.status == NULL || strcmp(w->statuses[s->status].id, who.status) == 0) &&
           (who.group == NULL ||
            (s->group == SJ_MIXED ? s->is_settled
                                  : strcmp(sj_group_words[s->group], who.group) == 0)) &&
           (who.vintage == NULL || s->vintage == who.vintage[0] - '0') &&
           (who.place == NULL || strcmp(w->leaves[s->leaf].id, who.place) == 0 ||
            strcmp(w->countries[s->country].id, who.place) == 0);
}

/** Those of a stratum who are of a group; NULL = all. */
static inline int64_t people_in(const sj_stratum *s, const char *group)
{
    int64_t n = 0;
    for (int g = 0; g < SJ_GROUPS && group != NULL && s->group == SJ_MIXED; g++) {
        n += strcmp(sj_group_words[g], group) == 0 ? s->by_group[g] : 0;
    }
    return group != NULL && s->group == SJ_MIXED ? n : s->n;
}

/** People who stand somewhere. */
static inline int64_t people(const sj_sim *sim, whom who)
{
    const sj_run *run = sj_sim_state(sim);
    int64_t n = 0;
    for (size_t i = 1; i < run->ledger->n_strata; i++) {
        const sj_stratum *s = run->ledger->strata[i];
        n += is_one_of(run->world, s, who) ? people_in(s, who.group) : 0;
    }
    return n;
}

#define COUNT(sim, ...) people((sim), (whom){__VA_ARGS__})

/** The first stratum of such people that holds any of them. */
static inline sj_stratum *stratum_of(sj_sim *sim, whom who)
{
    sj_run *run = hands(sim);
    for (size_t i = 1; i < run->ledger->n_strata; i++) {
        sj_stratum *s = run->ledger->strata[i];
        if (is_one_of(run->world, s, who) && people_in(s, who.group) > 0) {
            return s;
        }
    }
    fail_msg("no such stratum");
    return NULL;
}

#define STRATUM(sim, ...) stratum_of((sim), (whom){__VA_ARGS__})

static inline int stage_of(const sj_sim *sim, const char *label)
{
    int stage = sj_world_stage(sj_sim_state(sim)->world, label);
    assert_true(stage >= 0);
    return stage;
}

static inline int64_t queue_of(const sj_sim *sim, const char *label)
{
    return sj_stage_length(sj_sim_state(sim)->ledger->stages[stage_of(sim, label)]);
}

static inline int post_stage_of(const sj_sim *sim, int post)
{
    const sj_world *w = sj_sim_state(sim)->world;
    return w->n_stages - w->n_posts + post;
}

static inline const sj_caseload *cases_of(const sj_sim *sim, const char *programme)
{
    const sj_run *run = sj_sim_state(sim);
    for (int p = 0; p < run->world->n_programmes; p++) {
        if (strcmp(run->world->programmes[p].spec->item.id, programme) == 0) {
            return &run->ledger->caseload[p];
        }
    }
    fail_msg("no programme %s", programme);
    return NULL;
}

static inline int channel_of(const sj_world *w, const char *id)
{
    for (int m = 0; m < w->n_channels; m++) {
        if (strcmp(w->channels[m].id, id) == 0) {
            return m;
        }
    }
    fail_msg("no channel %s", id);
    return SJ_NO_REF;
}

static inline int edge_of(const sj_world *w, const char *link, bool back)
{
    for (int e = 0; e < w->n_edges; e++) {
        const char *id = w->spec.links.at[w->edges[e].link].item.id;
        if (w->edges[e].back == back && strcmp(id, link) == 0) {
            return e;
        }
    }
    fail_msg("no edge %s", link);
    return SJ_NO_REF;
}

/** Arrivals since the start at a country or leaf (NULL = all) by a channel (NULL = all). */
static inline int64_t arrivals_at(const sj_sim *sim, const char *place, const char *channel)
{
    const sj_run *run = sj_sim_state(sim);
    const sj_world *w = run->world;
    int64_t n = 0;
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        const char *country = w->countries[w->leaves[leaf].country].id;
        bool here =
            place == NULL || strcmp(country, place) == 0 || strcmp(w->leaves[leaf].id, place) == 0;
        for (int k = 0; here && k < w->n_nations * w->n_channels; k++) {
            int m = k % w->n_channels;
            n += channel == NULL || strcmp(w->channels[m].id, channel) == 0
                     ? run->ledger->tally.arrivals[leaf * w->n_nations * w->n_channels + k]
                     : 0;
        }
    }
    return n;
}

static inline int64_t total_of(const int64_t at[], int n)
{
    int64_t sum = 0;
    for (int i = 0; i < n; i++) {
        sum += at[i];
    }
    return sum;
}

static inline int64_t departures_of(const sj_sim *sim)
{
    const sj_run *run = sj_sim_state(sim);
    return total_of(run->ledger->tally.departures, run->world->n_nations);
}

/** n people of a nation who come from nowhere (counted as inflow), to be put or boarded. */
static inline void conjure(sj_sim *sim, sj_parcel *parcel, const char *nation, int group, int64_t n)
{
    sj_run *run = hands(sim);
    sj_ledger_enter(run->ledger, parcel, sj_world_nation(run->world, nation), group, n, false);
}

static inline sj_intent intent_for(const sj_sim *sim, const char *destination, const char *channel)
{
    const sj_world *w = sj_sim_state(sim)->world;
    return (sj_intent){.destination = sj_world_country(w, destination),
                       .channel = channel_of(w, channel),
                       .hold_country = SJ_NO_REF};
}

/** A sum of independent draws of which mean and variance are known. */
typedef struct sums {
    double n, got, mean, variance;
} sums;

static inline void add_draw(sums *s, double got, double mean, double variance)
{
    s->n += 1;
    s->got += got;
    s->mean += mean;
    s->variance += variance;
}

/** A binomial draw of n with chance p. */
static inline void add_binomial(sums *s, double got, double n, double p)
{
    add_draw(s, got, n * p, n * p * (1 - p));
}

/** Two-sided normal test at |z| < 4.9 (1e-6): every use is one of fewer than a thousand. */
static inline void hold_sums(const sums *s, const char *what)
{
    double z = s->variance > 0                 ? (s->got - s->mean) / sqrt(s->variance)
               : fabs(s->got - s->mean) < 1e-9 ? 0
                                               : INFINITY;
    if (!(fabs(z) < 4.9)) {
        fail_msg("%s: %.10g where %.10g +- %.3g are expected, z = %.2f", what, s->got, s->mean,
                 sqrt(s->variance), z);
    }
}

/** One binomial draw. */
static inline void hold_binomial(double got, double n, double p, const char *what)
{
    sums s = {0};
    add_binomial(&s, got, n, p);
    hold_sums(&s, what);
}

static inline void hold_near(double got, double want, double within, const char *what)
{
    if (!(fabs(got - want) <= within)) {
        fail_msg("%s: %.12g, not %.12g +- %.3g", what, got, want, within);
    }
}

static inline int run_all(int argc, char **argv, const char *name, const struct CMUnitTest tests[],
                          size_t n)
{
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}
#define RUN_TESTS(tests) run_all(argc, argv, #tests, tests, sizeof(tests) / sizeof((tests)[0]))
#endif /* SJ_TESTS_SIM_KIT_H */
