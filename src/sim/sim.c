#include "sim/sim.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/loop.h"
#include "process/capacity.h"
#include "process/journey.h"
#include "process/start.h"
#include "sim/draw_values.h"

/* Kinds of events. A step's event carries the index of the step. */
enum { EVENT_LEG_END, EVENT_NEW_DAY, EVENT_STEP, EVENT_END_OF_DAY, EVENT_KINDS };
enum { PHASE_NEW_DAY = 0, PHASE_END_OF_DAY = 255 };

/* A step of a process, as it is run. */
typedef struct active_step {
    const sj_step *step;
    int kind; /* of the process */
} active_step;

struct sj_sim {
    sj_run run;
    sj_sim_options options;
    const sj_observer *observer;
    sj_loop loop;
    SJ_VEC(active_step) steps;
    double *seconds; /* by process kind; NULL: not measured */
};

/* ---- state ---- */

typedef struct room {
    double **at;
    size_t n;
} room;

static bool make_rooms(sj_run *run)
{
    const sj_world *w = run->world;
    size_t countries = (size_t)w->n_countries, nations = (size_t)w->n_nations;
    size_t values = sj_values_length(w->values), levels = (size_t)w->n_drivers * countries;
    room rooms[] = {{&run->drawn, values},
                    {&run->value, values},
                    {&run->level, levels},
                    {&run->level_start, levels},
                    {&run->inner_level, levels},
                    {&run->past_population, countries * 365},
                    {&run->hostility, countries},
                    {&run->service_level, (size_t)w->n_services},
                    {&run->demand, (size_t)w->n_services},
                    {&run->supply, (size_t)w->n_services},
                    {&run->utilisation, countries},
                    {&run->pool_noise, nations},
                    {&run->channel_noise, nations * (size_t)w->n_channels},
                    {&run->host_noise, countries},
                    {&run->anticipation, nations},
                    {&run->index, countries * (size_t)w->n_statuses},
                    {&run->employment, nations * countries}};
    bool good = true;
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        *rooms[i].at = sj_numbers_new(rooms[i].n);
        good = good && *rooms[i].at != NULL;
    }
    run->turn_channel = sj_calloc((size_t)w->n_channels, sizeof(bool));
    run->turn_country = sj_calloc(countries, sizeof(bool));
    run->calendar = sj_calendar_new();
    return good && run->turn_channel != NULL && run->turn_country != NULL &&
           run->calendar != NULL && sj_parcel_init(&run->parcel, w) &&
           sj_parcel_init(&run->other, w) && sj_parcel_init(&run->third, w);
}

static void free_rooms(sj_run *run)
{
    double *rooms[] = {run->drawn,         run->value,         run->level,
                       run->level_start,   run->inner_level,   run->past_population,
                       run->hostility,     run->service_level, run->demand,
                       run->supply,        run->utilisation,   run->pool_noise,
                       run->channel_noise, run->host_noise,    run->anticipation,
                       run->index,         run->employment};
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        free(rooms[i]);
    }
    free(run->turn_channel);
    free(run->turn_country);
    sj_calendar_free(run->calendar);
    sj_parcel_clear(&run->parcel);
    sj_parcel_clear(&run->other);
    sj_parcel_clear(&run->third);
}

void sj_sim_free(sj_sim *sim)
{
    if (sim == NULL) {
        return;
    }
    for (int i = 0; i < sj_n_process_kinds; i++) {
        if (sj_process_kinds[i]->destroy != NULL) {
            sj_process_kinds[i]->destroy(&sim->run);
        }
    }
    sj_ledger_free(sim->run.ledger);
    sj_chance_clear(&sim->run.chance);
    free_rooms(&sim->run);
    sj_vec_clear(&sim->steps);
    free(sim->seconds);
    free(sim);
}

/* ---- events ---- */

static double cpu_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int number_of(const sj_process_kind *kind)
{
    for (int i = 0; i < sj_n_process_kinds; i++) {
        if (sj_process_kinds[i] == kind) {
            return i;
        }
    }
    return 0;
}

static sj_status happen_leg_end(void *self, sj_tick now, sj_event event, sj_err *err)
{
    sj_sim *sim = self;
    (void)now;
    (void)event;
    (void)err;
    double start = sim->seconds == NULL ? 0 : cpu_seconds();
    sj_journey_legs_end(&sim->run);
    if (sim->seconds != NULL) {
        sim->seconds[number_of(&sj_journey_process)] += cpu_seconds() - start;
    }
    return SJ_OK;
}

static sj_status post(sj_sim *sim, int day, unsigned phase, uint32_t kind, uint32_t index,
                      sj_err *err)
{
    sj_event event = {.kind = kind, .index = index, .data = 0};
    if (day > sim->run.world->n_days) {
        return SJ_OK;
    }
    return sj_calendar_post(sim->run.calendar, day, phase, event) != 0
               ? SJ_OK
               : SJ_FAIL(err, SJ_E_NOMEM, "calendar", "out of memory");
}

static sj_status happen_new_day(void *self, sj_tick now, sj_event event, sj_err *err)
{
    sj_sim *sim = self;
    sj_run *run = &sim->run;
    (void)event;
    run->day = (int)now;
    run->today = run->world->start + run->day;
    run->ledger->day = run->day;
    run->ledger->today = run->today;
    sj_chance_new_day(&run->chance, (uint32_t)run->day);
    return post(sim, run->day + 1, PHASE_NEW_DAY, EVENT_NEW_DAY, 0, err);
}

/* First day after `day` on which a rhythm looks. */
static int next_review(const sj_sim *sim, sj_rhythm rhythm, int day)
{
    const sj_run *run = &sim->run;
    const sj_spec_reviews *reviews = &run->world->spec.reviews;
    int every;
    switch (rhythm) {
    case SJ_DAILY:
        return day + 1;
    case SJ_EXIT_DAYS:
        every = (int)run->drawn[reviews->onward_days];
        return (day / every + 1) * every;
    case SJ_CHOICE_DAYS:
        every = (int)run->drawn[reviews->choice_days];
        return (day / every + 1) * every;
    case SJ_MONTHLY:
        break;
    }
    int first = sj_day_next_month(run->world->start + day) - run->world->start;
    return first > run->world->n_days && day < run->world->n_days ? run->world->n_days : first;
}

static sj_status post_step(sj_sim *sim, size_t index, sj_err *err)
{
    const sj_step *step = sim->steps.at[index].step;
    int day = next_review(sim, step->rhythm, sim->run.day);
    return post(sim, day, step->phase, EVENT_STEP, (uint32_t)index, err);
}

static sj_status happen_step(void *self, sj_tick now, sj_event event, sj_err *err)
{
    sj_sim *sim = self;
    const active_step *active = &sim->steps.at[event.index];
    (void)now;
    double start = sim->seconds == NULL ? 0 : cpu_seconds();
    active->step->review(&sim->run);
    if (sim->seconds != NULL) {
        sim->seconds[active->kind] += cpu_seconds() - start;
    }
    return post_step(sim, event.index, err);
}

static sj_status check_failure(const sj_sim *sim, sj_err *err)
{
    if (sim->run.ledger->status != SJ_OK) {
        return SJ_FAIL(err, sim->run.ledger->status, "ledger", "%s",
                       sj_error_row_of(sim->run.ledger->status)->text);
    }
    if (sim->run.chance.failed) {
        return SJ_FAIL(err, SJ_E_NOMEM, "chance", "out of memory");
    }
    if (sim->run.chance.too_many) {
        return SJ_FAIL(err, SJ_E_ORDINAL, "chance", "too many decisions of one name on one day");
    }
    return SJ_OK;
}

static sj_status happen_end_of_day(void *self, sj_tick now, sj_event event, sj_err *err)
{
    sj_sim *sim = self;
    sj_run *run = &sim->run;
    (void)now;
    (void)event;
    SJ_TRY(check_failure(sim, err));
    bool monthly = sj_day_is_first(run->today) || run->day == run->world->n_days;
    if (sim->options.self_check || monthly) {
        SJ_TRY(sj_sim_verify(sim, err));
    }
    if (sim->observer != NULL) {
        sim->observer->observe(sim->observer->self, run);
    }
    return post(sim, run->day + 1, PHASE_END_OF_DAY, EVENT_END_OF_DAY, 0, err);
}

static const sj_event_kind event_kinds[EVENT_KINDS] = {
    [EVENT_LEG_END] = {"leg end", happen_leg_end},
    [EVENT_NEW_DAY] = {"new day", happen_new_day},
    [EVENT_STEP] = {"review", happen_step},
    [EVENT_END_OF_DAY] = {"end of day", happen_end_of_day}};

/* ---- assembly ---- */

static bool is_off(const sj_run *run, const sj_process_kind *kind)
{
    return kind->switch_off >= 0 && !sj_runs(run, (sj_process)kind->switch_off);
}

static sj_status create_processes(sj_sim *sim, sj_err *err)
{
    for (int i = 0; i < sj_n_process_kinds; i++) {
        const sj_process_kind *kind = sj_process_kinds[i];
        if (kind->create != NULL && !kind->create(&sim->run)) {
            return SJ_FAIL(err, SJ_E_NOMEM, kind->name, "out of memory");
        }
        for (int k = 0; k < kind->n_steps && !is_off(&sim->run, kind); k++) {
            if (!sj_vec_push(&sim->steps, ((active_step){&kind->steps[k], i}))) {
                return SJ_FAIL(err, SJ_E_NOMEM, kind->name, "out of memory");
            }
        }
    }
    return SJ_OK;
}

/* Day 0: people, then each process; chains start once service levels are known. */
static sj_status begin(sj_sim *sim, sj_err *err)
{
    sj_run *run = &sim->run;
    run->today = run->world->start;
    sj_chance_new_day(&run->chance, 0);
    for (int n = 0; n < run->world->n_nations; n++) {
        run->anticipation[n] = 1;
    }
    for (int i = 0; i < run->world->n_nations * run->world->n_countries; i++) {
        run->employment[i] = -1;
    }
    for (int i = 0; i < run->world->n_services; i++) {
        run->service_level[i] = 1;
    }
    SJ_TRY(sj_start_people(run, err));
    for (int i = 0; i < sj_n_process_kinds; i++) {
        const sj_process_kind *kind = sj_process_kinds[i];
        if (kind->begin != NULL) {
            kind->begin(run);
        }
        if (kind == &sj_service_process) {
            sj_start_chains(run);
        }
    }
    SJ_TRY(check_failure(sim, err));
    if (sim->observer != NULL) {
        sim->observer->observe(sim->observer->self, run);
    }
    SJ_TRY(post(sim, 1, PHASE_NEW_DAY, EVENT_NEW_DAY, 0, err));
    SJ_TRY(post(sim, 1, PHASE_END_OF_DAY, EVENT_END_OF_DAY, 0, err));
    for (size_t i = 0; i < sim->steps.n; i++) {
        SJ_TRY(post_step(sim, i, err));
    }
    return sj_sim_verify(sim, err);
}

static sj_status assemble(sj_sim *sim, const sj_world *world, sj_err *err)
{
    sj_run *run = &sim->run;
    run->world = world;
    if (!sj_chance_init(&run->chance, sim->options.seed, sim->options.replication) ||
        !make_rooms(run) || (run->ledger = sj_ledger_new(world, &run->chance)) == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, "run", "out of memory");
    }
    sj_draw_values(world->values, sim->options.seed, sim->options.draw, sim->options.fixed,
                   run->drawn);
    memcpy(run->value, run->drawn, sj_values_length(world->values) * sizeof(double));
    SJ_TRY(create_processes(sim, err));
    sim->loop = (sj_loop){.calendar = run->calendar,
                          .kinds = event_kinds,
                          .n_kinds = EVENT_KINDS,
                          .self = sim,
                          .stop = sim->options.stop};
    return begin(sim, err);
}

sj_status sj_sim_new(sj_sim **out, const sj_world *world, const sj_sim_options *options,
                     const sj_observer *observer, sj_err *err)
{
    *out = NULL;
    sj_sim *sim = sj_calloc(1, sizeof *sim);
    if (sim == NULL) {
        return SJ_FAIL(err, SJ_E_NOMEM, "run", "out of memory");
    }
    sim->options = *options;
    sim->observer = observer;
    sj_status st = assemble(sim, world, err);
    if (st != SJ_OK) {
        sj_sim_free(sim);
        return st;
    }
    *out = sim;
    return SJ_OK;
}

sj_status sj_sim_run(sj_sim *sim, int until, uint64_t max_events, bool *done, sj_err *err)
{
    int end = sim->run.world->n_days;
    sj_status status = SJ_OK;
    *done = false;
    sj_loop_end why = sj_loop_run(&sim->loop, until < end ? until : end, max_events, &status, err);
    if (why == SJ_LOOP_FAILED) {
        return status;
    }
    if (why == SJ_LOOP_STOPPED) {
        return SJ_FAIL(err, SJ_E_INTERRUPTED, "run", "interrupted");
    }
    *done = why != SJ_LOOP_EVENTS && until >= end;
    return SJ_OK;
}

sj_status sj_sim_verify(const sj_sim *sim, sj_err *err)
{
    SJ_TRY(sj_ledger_verify(sim->run.ledger, sim->options.self_check, err));
    if (sim->options.self_check) {
        SJ_TRY(sj_calendar_verify(sim->run.calendar, err));
    }
    for (int i = 0; i < sj_n_process_kinds; i++) {
        if (sj_process_kinds[i]->verify != NULL) {
            SJ_TRY(sj_process_kinds[i]->verify(&sim->run, err));
        }
    }
    return SJ_OK;
}

const sj_run *sj_sim_state(const sj_sim *sim)
{
    return &sim->run;
}

uint64_t sj_sim_events(const sj_sim *sim)
{
    return sim->loop.n_events;
}

void sj_sim_time_processes(sj_sim *sim)
{
    if (sim->seconds == NULL) {
        sim->seconds = sj_numbers_new((size_t)sj_n_process_kinds);
    }
}

double sj_sim_process_seconds(const sj_sim *sim, int kind)
{
    return sim->seconds == NULL ? 0 : sim->seconds[kind];
}
