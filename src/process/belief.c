/* What each nationality thinks of a channel to a destination: a first-order lag behind the
 * share of journeys of the last window that ended with entry (semantics A6). A ring of days
 * holds the ends of journeys. Only the ratio to the belief at the start has effects, as the
 * weight W of the hazard of setting out, so that a belief that nobody has stated is neutral
 * until day 60. */
#include "process/belief.h"

#include <math.h>
#include <stdlib.h>

struct sj_beliefs {
    int *index;                       /* nation x channel x country: its belief, or SJ_NO_REF */
    size_t n;                         /* beliefs: who may use a channel to where it leads */
    int window;                       /* days of the ring */
    int64_t *entered, *ended;         /* belief x window: today's at day % window */
    int64_t *sum_entered, *sum_ended; /* belief: over the window */
    double *belief, *start;           /* belief; start 0 = not known yet */
    double *lift;                     /* belief: recovery of ln W after a marked fall */
    int *event_until;                 /* belief: day of the run, 0 = no event */
};

enum { SELF_START_DAYS = 60 /* beliefs without a start are set on that day */ };

static int *index_of(const sj_run *run, int nation, int channel, int destination)
{
    const sj_world *w = run->world;
    return &run->beliefs->index[((size_t)nation * (size_t)w->n_channels + (size_t)channel) *
                                    (size_t)w->n_countries +
                                (size_t)destination];
}

/* The way home has no belief: nobody weighs it. */
static bool number_beliefs(sj_run *run)
{
    const sj_world *w = run->world;
    sj_beliefs *b = run->beliefs;
    b->index = sj_calloc((size_t)w->n_nations * (size_t)w->n_channels * (size_t)w->n_countries,
                         sizeof(int));
    for (int n = 0; b->index != NULL && n < w->n_nations; n++) {
        for (int m = 0; m < w->n_channels; m++) {
            for (int d = 0; d < w->n_countries; d++) {
                const sj_channel_of *channel = &w->channels[m];
                bool has = m != w->home_channel && channel->used_by[n] && channel->leads_to[d];
                *index_of(run, n, m, d) = has ? (int)b->n++ : SJ_NO_REF;
            }
        }
    }
    return b->index != NULL;
}

static bool create(sj_run *run)
{
    const sj_world *w = run->world;
    sj_beliefs *b = run->beliefs = sj_calloc(1, sizeof *b);
    if (b == NULL || !number_beliefs(run)) {
        return false;
    }
    size_t n = b->n;
    b->window = (int)run->value[w->spec.beliefs.window_days];
    b->entered = sj_calloc(n * (size_t)b->window, sizeof(int64_t));
    b->ended = sj_calloc(n * (size_t)b->window, sizeof(int64_t));
    b->sum_entered = sj_calloc(n, sizeof(int64_t));
    b->sum_ended = sj_calloc(n, sizeof(int64_t));
    b->belief = sj_numbers_new(n);
    b->start = sj_numbers_new(n);
    b->lift = sj_numbers_new(n);
    b->event_until = sj_calloc(n, sizeof(int));
    return b->entered && b->ended && b->sum_entered && b->sum_ended && b->belief && b->start &&
           b->lift && b->event_until;
}

static void destroy(sj_run *run)
{
    sj_beliefs *b = run->beliefs;
    if (b != NULL) {
        free(b->index);
        free(b->entered);
        free(b->ended);
        free(b->sum_entered);
        free(b->sum_ended);
        free(b->belief);
        free(b->start);
        free(b->lift);
        free(b->event_until);
        free(b);
        run->beliefs = NULL;
    }
}

/* Beliefs as stated, by channel and country; `is_start` says that W is measured against them.
 * What was reached without a start is its own start. */
static void state_beliefs(sj_run *run, const sj_spec_belief_starts *by_channel, size_t n_channels,
                          bool is_start)
{
    const sj_world *w = run->world;
    double floor_of = run->value[w->spec.beliefs.floor], least = floor_of > 0 ? floor_of : 1e-6;
    for (size_t i = 0; i < n_channels; i++) {
        const sj_numbers *countries = &by_channel[i].at;
        for (size_t k = 0; k < countries->n; k++) {
            int country = w->country_of_place[countries->at[k].ref];
            double stated = run->value[countries->at[k].value];
            for (int n = 0; n < w->n_nations; n++) {
                int at = *index_of(run, n, by_channel[i].item.ref, country);
                if (at == SJ_NO_REF) {
                    continue;
                }
                double *start = &run->beliefs->start[at];
                run->beliefs->belief[at] = stated > least ? stated : least;
                *start = is_start || *start <= 0 ? run->beliefs->belief[at] : *start;
            }
        }
    }
}

static void begin(sj_run *run)
{
    const sj_spec_beliefs *spec = &run->world->spec.beliefs;
    state_beliefs(run, spec->start.at, spec->start.n, true);
    state_beliefs(run, spec->reached.at, spec->reached.n, false);
}

/* W = belief / belief at the start, recovery, and the noise of irregular channels. */
double sj_belief_weight(const sj_run *run, int nation, int channel, int destination)
{
    const sj_world *w = run->world;
    double weight = 1;
    int at = *index_of(run, nation, channel, destination);
    if (sj_runs(run, SJ_PROCESS_BELIEFS) && at != SJ_NO_REF) {
        const sj_beliefs *b = run->beliefs;
        weight = b->start[at] > 0 ? b->belief[at] / b->start[at] * exp(b->lift[at]) : 1;
    }
    if (w->channels[channel].class == SJ_CLASS_IRREGULAR) {
        weight *= exp(run->channel_noise[nation * w->n_channels + channel]);
    }
    return weight;
}

void sj_belief_ended(sj_run *run, int nation, int channel, int destination, int64_t n, bool entered)
{
    sj_beliefs *b = run->beliefs;
    int at = *index_of(run, nation, channel, destination);
    if (at == SJ_NO_REF || n == 0) {
        return;
    }
    size_t today = (size_t)at * (size_t)b->window + (size_t)(run->day % b->window);
    b->ended[today] += n;
    b->sum_ended[at] += n;
    if (entered) {
        b->entered[today] += n;
        b->sum_entered[at] += n;
    }
}

void sj_belief_event(sj_run *run, const bool channel[], const bool country[])
{
    const sj_world *w = run->world;
    int until = run->day + (int)run->value[w->spec.beliefs.event_days];
    for (int n = 0; n < w->n_nations; n++) {
        for (int m = 0; m < w->n_channels; m++) {
            for (int d = 0; d < w->n_countries; d++) {
                int at = *index_of(run, n, m, d);
                if (at != SJ_NO_REF && (channel[m] || country[d])) {
                    run->beliefs->event_until[at] = until;
                }
            }
        }
    }
}

/* The lag is short for some days after a marked event. No journey ended: no news, no change. */
static void follow_truth(sj_run *run, size_t at, double a_day, double event_day)
{
    sj_beliefs *b = run->beliefs;
    const sj_spec_beliefs *spec = &run->world->spec.beliefs;
    if (b->sum_ended[at] > 0 && b->start[at] > 0) {
        double truth = (double)b->sum_entered[at] / (double)b->sum_ended[at];
        b->belief[at] +=
            (truth - b->belief[at]) * (run->day < b->event_until[at] ? event_day : a_day);
    }
    double floor_of = run->value[spec->floor];
    b->belief[at] = b->belief[at] < floor_of && b->start[at] > 0 ? floor_of : b->belief[at];
}

/* After a marked event ln W comes back towards 0. */
static void recover(sj_run *run, size_t at)
{
    sj_beliefs *b = run->beliefs;
    if (b->event_until[at] == 0 || b->start[at] <= 0) {
        return;
    }
    double fall = -log(b->belief[at] / b->start[at]);
    double monthly = run->value[run->world->spec.beliefs.recovery_per_month];
    b->lift[at] += monthly * 12 / SJ_DAYS_A_YEAR;
    b->lift[at] = b->lift[at] > fall ? (fall > 0 ? fall : 0) : b->lift[at];
}

/* One journey more than there were, and that a good one: a way of which there is no news is
 * thought good, and a single failure does not make it hopeless for all time. */
static void self_start(sj_run *run, size_t at)
{
    sj_beliefs *b = run->beliefs;
    if (b->start[at] > 0) {
        return;
    }
    double share = (1 + (double)b->sum_entered[at]) / (1 + (double)b->sum_ended[at]);
    double floor_of = run->value[run->world->spec.beliefs.floor];
    b->belief[at] = b->start[at] = share > floor_of ? share : floor_of;
}

static void review(sj_run *run)
{
    sj_beliefs *b = run->beliefs;
    const sj_spec_beliefs *spec = &run->world->spec.beliefs;
    double a_day = -expm1(-1 / run->value[spec->lag_days]);
    double event_day = -expm1(-1 / run->value[spec->event_lag_days]);
    size_t tomorrow = (size_t)((run->day + 1) % b->window);
    for (size_t at = 0; at < b->n; at++) {
        if (run->day == SELF_START_DAYS) {
            self_start(run, at);
        }
        if (b->start[at] > 0) {
            follow_truth(run, at, a_day, event_day);
            recover(run, at);
        }
        size_t cell = at * (size_t)b->window + tomorrow;
        b->sum_ended[at] -= b->ended[cell];
        b->sum_entered[at] -= b->entered[cell];
        b->ended[cell] = b->entered[cell] = 0;
    }
}

const sj_process_kind sj_belief_process = {
    .name = "beliefs",
    .doc = "belief in each channel follows the success of recent journeys",
    .switch_off = SJ_PROCESS_BELIEFS,
    .create = create,
    .begin = begin,
    .destroy = destroy,
    .steps = {{SJ_PHASE_BELIEFS, SJ_DAILY, review}},
    .n_steps = 1};
