/* Drivers of departure, noise, and opinion: what moves without people moving. Noise is keyed by
 * its owner and the month and so common to all scenarios of a comparison. */
#include "process/driver.h"

#include <math.h>

#include "process/capacity.h"
#include "process/journey.h"

/* ---- drivers: dD = theta (m - D) dt + sigma dW, clipped to 0..1; or a series ---- */

static double clip(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

static double start_of(const sj_run *run, int driver, const sj_level_of *level)
{
    if (level->spec == NULL) {
        return run->value[run->world->spec.drivers.at[driver].reference];
    }
    return level->series != NULL ? level->series[0] : run->value[level->spec->start];
}

static void begin(sj_run *run)
{
    const sj_world *w = run->world;
    for (int k = 0; k < w->n_drivers; k++) {
        for (int c = 0; c < w->n_countries; c++) {
            int at = k * w->n_countries + c;
            run->level[at] = run->level_start[at] = start_of(run, k, &w->levels[at]);
            run->inner_level[at] = run->level[at];
        }
    }
}

/* Euler by days; the shift of policies stands outside the dynamics, so that it fades at once
 * when it ends. */
static void step_level(sj_run *run, int driver, int country)
{
    const sj_world *w = run->world;
    int at = driver * w->n_countries + country;
    const sj_level_of *level = &w->levels[at];
    if (level->spec == NULL) {
        return;
    }
    double shift = run->value[level->spec->shift];
    if (level->series != NULL) {
        run->level[at] = clip(level->series[run->day] + shift);
        return;
    }
    double dt = 1 / SJ_DAYS_A_YEAR;
    double mean = level->spec->mean != SJ_NO_VALUE ? run->value[level->spec->mean]
                                                   : run->value[level->spec->start];
    double sd = run->value[level->spec->sd_per_sqrt_year] * sqrt(dt);
    double *inner = &run->inner_level[at];
    *inner += run->value[level->spec->return_per_year] * (mean - *inner) * dt;
    if (sd > 0) {
        sj_rng rng = sj_run_decide(run, "driver", w->countries[country].id,
                                   w->spec.drivers.at[driver].item.id, "");
        *inner += sd * sj_rng_normal(&rng);
    }
    *inner = clip(*inner);
    run->level[at] = clip(*inner + shift);
}

static void step_drivers(sj_run *run)
{
    for (int k = 0; k < run->world->n_drivers; k++) {
        for (int c = 0; c < run->world->n_countries; c++) {
            step_level(run, k, c);
        }
    }
}

const sj_process_kind sj_driver_process = {.name = "drivers",
                                           .doc = "levels of the causes of departure",
                                           .switch_off = -1,
                                           .begin = begin,
                                           .steps = {{SJ_PHASE_DRIVERS, SJ_DAILY, step_drivers}},
                                           .n_steps = 1};

/* ---- noise: AR(1) by calendar month, stationary at the start, mean factor 1 ---- */

/* Held less half the stationary variance, so that the mean factor exp(noise) is 1. */
static double next_noise(sj_run *run, double now, double sd, bool first, const char *what,
                         const char *a, const char *b)
{
    double phi = run->value[run->world->spec.noise.persistence];
    double variance = sd * sd / (1 - phi * phi);
    if (sd <= 0) {
        return 0;
    }
    sj_rng rng = sj_run_decide(run, what, a, b, "");
    double z = sj_rng_normal(&rng);
    double centred = first ? sqrt(variance) * z : phi * (now + variance / 2) + sd * z;
    return centred - variance / 2;
}

static void draw_noise(sj_run *run, bool first)
{
    const sj_world *w = run->world;
    const sj_spec_noise *spec = &w->spec.noise;
    for (int n = 0; n < w->n_nations; n++) {
        run->pool_noise[n] = next_noise(run, run->pool_noise[n], run->value[spec->pool_sd], first,
                                        "pool-noise", w->nations[n].id, "");
        for (int m = 0; m < w->home_channel; m++) {
            double *noise = &run->channel_noise[n * w->n_channels + m];
            if (w->channels[m].class == SJ_CLASS_IRREGULAR) {
                *noise = next_noise(run, *noise, run->value[spec->channel_sd], first,
                                    "channel-noise", w->nations[n].id, w->channels[m].id);
            }
        }
    }
}

/* A host's attraction drifts by an innovation a year, drawn at the start and on 1 January. */
static void draw_host_noise(sj_run *run)
{
    const sj_world *w = run->world;
    double sd = run->value[w->spec.noise.host_sd];
    for (int c = 0; c < w->n_countries && sd > 0; c++) {
        sj_rng rng = sj_run_decide(run, "host-noise", w->countries[c].id, "", "");
        run->host_noise[c] += sd * sj_rng_normal(&rng);
    }
}

static void begin_noise(sj_run *run)
{
    if (sj_runs(run, SJ_PROCESS_NOISE)) {
        draw_noise(run, true);
        draw_host_noise(run);
    }
}

static void step_noise(sj_run *run)
{
    if (sj_day_is_first(run->today)) {
        draw_noise(run, false);
        if (sj_day_month_index(run->today) % 12 == 0) {
            draw_host_noise(run);
        }
    }
}

const sj_process_kind sj_noise_process = {
    .name = "noise",
    .doc = "monthly fluctuation of departure and irregular channels, yearly of hosts",
    .switch_off = SJ_PROCESS_NOISE,
    .begin = begin_noise,
    .steps = {{SJ_PHASE_NOISE, SJ_DAILY, step_noise}},
    .n_steps = 1};

/* ---- opinion (model.md 4.16) ---- */

static const double most_inflow = 0.03; /* small hosts would saturate */
static const double most_utilisation = 3;

static double sector_overload(const sj_run *run, int country)
{
    double sum = 0, sectors = 0;
    for (int sector = 0; sector < SJ_SECTORS; sector++) {
        double demand, capacity;
        sj_sector_load(run, country, sector, &demand, &capacity);
        if (demand <= 0 && capacity <= 0) {
            continue;
        }
        double ratio = sj_ratio(demand, capacity);
        ratio = ratio > most_utilisation ? most_utilisation : ratio;
        sum += ratio > 1 ? ratio - 1 : 0;
        sectors++;
    }
    return sectors > 0 ? sum / sectors : 0;
}

/* The ring holds a year of populations: what it was 365 days ago, at first the initial one. */
static double population_a_year_ago(sj_run *run, int country)
{
    double *then = &run->past_population[country * 365 + run->day % 365];
    double was = *then;
    *then = (double)run->ledger->population[country];
    return was > 0 ? was : *then;
}

static void begin_opinion(sj_run *run)
{
    const sj_world *w = run->world;
    for (int c = 0; c < w->n_countries; c++) {
        run->hostility[c] = run->value[w->spec.places.at[w->countries[c].place].xenophobia_start];
        for (int day = 0; day < 365; day++) {
            run->past_population[c * 365 + day] = (double)run->ledger->population[c];
        }
    }
}

/* Rises with inflow above a threshold, overload and shocks, falls with campaigns, and fades
 * (model.md 4.16). */
static void step_opinion(sj_run *run)
{
    const sj_world *w = run->world;
    const sj_spec_opinion *o = &w->spec.opinion;
    for (int c = 0; c < w->n_countries; c++) {
        double people = population_a_year_ago(run, c);
        if (w->countries[c].is_outside || people <= 0) {
            continue;
        }
        double campaign = run->value[w->spec.places.at[w->countries[c].place].campaign];
        double inflow = sj_settled_in_year(run, c) / people;
        inflow = (inflow < most_inflow ? inflow : most_inflow) - run->value[o->inflow_threshold];
        double change = run->value[o->inflow] * (inflow > 0 ? inflow : 0) +
                        run->value[o->overload] * sector_overload(run, c) +
                        run->value[o->shock_effect] * run->value[o->shock] -
                        run->value[o->campaign_effect] * campaign -
                        run->value[o->decay_per_year] * (run->hostility[c] - run->value[o->rest]);
        run->hostility[c] = clip(run->hostility[c] + change / SJ_DAYS_A_YEAR);
    }
}

const sj_process_kind sj_opinion_process = {
    .name = "opinion",
    .doc = "hostility rises with fast inflow and overload, and fades",
    .switch_off = SJ_PROCESS_OPINION,
    .begin = begin_opinion,
    .steps = {{SJ_PHASE_OPINION, SJ_DAILY, step_opinion}},
    .n_steps = 1};
