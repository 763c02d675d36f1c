/* Destination and channel: a nested logit with channels inside destinations (model.md 4.2).
 * What does not depend on where a traveller stands (attraction of a destination, waiting and
 * rights of a channel) is computed when the tables are renewed; the way comes in when somebody
 * chooses. `base` leaves network and overload out, because onward movement compares countries
 * without them. */
#include "process/choice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "process/institution.h"
#include "process/route.h"

struct sj_choice {
    double *base;     /* nation x country: V_d without network and overload */
    double *pull;     /* nation x country: network and overload terms */
    double *wait;     /* channel: years */
    double *rights;   /* channel: share of rights on entry */
    bool *open;       /* channel */
    double *access;   /* nation */
    double *constant; /* country: xi */
    double *way;      /* scratch: values of the ways to one destination */
};

static double *room(sj_choice *choice, double **at, size_t n)
{
    (void)choice;
    *at = sj_numbers_new(n);
    return *at;
}

bool sj_choice_create(sj_run *run)
{
    const sj_world *w = run->world;
    size_t pairs = (size_t)w->n_nations * (size_t)w->n_countries;
    size_t channels = (size_t)w->n_channels;
    sj_choice *c = run->choice = sj_calloc(1, sizeof *c);
    return c != NULL && room(c, &c->base, pairs) && room(c, &c->pull, pairs) &&
           room(c, &c->wait, channels) && room(c, &c->rights, channels) &&
           room(c, &c->access, (size_t)w->n_nations) &&
           room(c, &c->constant, (size_t)w->n_countries) && room(c, &c->way, (size_t)w->n_ways) &&
           (c->open = sj_calloc(channels, sizeof(bool))) != NULL;
}

void sj_choice_destroy(sj_run *run)
{
    sj_choice *c = run->choice;
    if (c != NULL) {
        free(c->base);
        free(c->pull);
        free(c->wait);
        free(c->rights);
        free(c->open);
        free(c->access);
        free(c->constant);
        free(c->way);
        free(c);
        run->choice = NULL;
    }
}

bool sj_options_init(sj_options *options, const sj_world *world)
{
    size_t n = (size_t)world->n_countries * (size_t)world->n_channels;
    memset(options, 0, sizeof *options);
    options->country = sj_calloc(n, sizeof(int));
    options->channel = sj_calloc(n, sizeof(int));
    options->p = sj_numbers_new(n);
    return options->country != NULL && options->channel != NULL && options->p != NULL;
}

void sj_options_clear(sj_options *options)
{
    free(options->country);
    free(options->channel);
    free(options->p);
    memset(options, 0, sizeof *options);
}

double sj_choice_access(const sj_run *run, int nation)
{
    return run->choice->access[nation];
}

static double status_rights(const sj_run *run, int status)
{
    const sj_spec_status *spec = run->world->statuses[status].spec;
    double held = 0;
    for (int r = 0; r < SJ_RIGHTS; r++) {
        held += spec == NULL ? (run->world->statuses[status].standing == SJ_STANDING_CITIZEN)
                             : run->value[spec->rights.has[r]];
    }
    return held / SJ_RIGHTS;
}

static bool same_language(const sj_world *w, int a, int b)
{
    const char *x = w->spec.places.at[w->countries[a].place].language;
    const char *y = w->spec.places.at[w->countries[b].place].language;
    return x != NULL && y != NULL && strcmp(x, y) == 0;
}

static int64_t compatriots(const sj_run *run, int nation, int country)
{
    const sj_world *w = run->world;
    int64_t n = run->ledger->left_to[nation * w->n_countries + country];
    for (int leaf = 0; leaf < w->n_leaves; leaf++) {
        if (w->leaves[leaf].country == country) {
            n += run->ledger->present[leaf * w->n_nations + nation];
        }
    }
    return n > 0 ? n : 0;
}

/* V_d in two parts: what holds everywhere, and the pull of compatriots and overload. */
static void renew_destination(sj_run *run, int nation, int country)
{
    const sj_world *w = run->world;
    const sj_spec_choice *b = &w->spec.choice;
    const sj_spec_place *place = &w->spec.places.at[w->countries[country].place];
    int at = nation * w->n_countries + country;
    double employed = run->employment[at];
    if (employed < 0) {
        employed = run->value[place->employment_rate];
    }
    double income = sj_value_or(run, place->income_usd_per_year, 1.0);
    double people = w->countries[country].is_outside ? w->countries[country].population
                                                     : (double)run->ledger->population[country];
    double earned = employed * income;
    run->choice->base[at] =
        run->value[b->income] * log(earned > 1e-9 ? earned : 1e-9) +
        run->value[b->population] * log(people > 1 ? people : 1) +
        run->value[b->language] * same_language(w, w->nations[nation].home, country) -
        run->value[b->xenophobia] * run->hostility[country] + run->choice->constant[country] +
        run->host_noise[country];
    double over = run->utilisation[country] - 1;
    run->choice->pull[at] =
        run->value[b->diaspora] * log1p((double)compatriots(run, nation, country) / 1000) -
        run->value[b->overload] * (over > 0 ? over : 0);
}

/* A channel is open while its switch and its programme are. */
static void renew_channel(sj_run *run, int m)
{
    const sj_channel_of *channel = &run->world->channels[m];
    sj_choice *c = run->choice;
    int programme = channel->applies != SJ_NO_REF ? channel->applies : channel->requires;
    c->wait[m] = programme == SJ_NO_REF ? 0 : sj_programme_wait(run, programme);
    c->rights[m] = status_rights(run, channel->entry_status);
    c->open[m] = run->value[channel->spec->open] > 0 &&
                 (programme == SJ_NO_REF || sj_programme_takes(run, programme));
}

void sj_choice_renew(sj_run *run)
{
    const sj_world *w = run->world;
    const sj_spec_choice *spec = &w->spec.choice;
    for (int n = 0; n < w->n_nations; n++) {
        run->choice->access[n] = 0.44; /* model.md 4.2, PNAS 2018 */
    }
    for (size_t i = 0; i < spec->access.n; i++) {
        run->choice->access[spec->access.at[i].ref] = run->value[spec->access.at[i].value];
    }
    for (size_t i = 0; i < spec->host_constants.n; i++) {
        int country = w->country_of_place[spec->host_constants.at[i].ref];
        run->choice->constant[country] = run->value[spec->host_constants.at[i].value];
    }
    for (int n = 0; n < w->n_nations; n++) {
        for (int d = 0; d < w->n_countries; d++) {
            renew_destination(run, n, d);
        }
    }
    for (int m = 0; m < w->home_channel; m++) {
        renew_channel(run, m);
    }
    run->choice_stale = false;
}

/* Years at the slots of today; 100 where a queue stands before an office that does not work. */
double sj_programme_wait(const sj_run *run, int programme)
{
    const sj_world *w = run->world;
    int stage = w->programmes[programme].first_stage;
    double open_days[] = {7, 5, 6};
    double a_day = sj_stage_capacity(run, stage) * open_days[w->stages[stage].spec->calendar] / 7;
    double queue = (double)sj_stage_length(run->ledger->stages[stage]);
    return queue == 0 ? 0 : a_day > 0 ? queue / a_day / SJ_DAYS_A_YEAR : 100.0;
}

/* Feasibility comes before utility: what is closed, leads elsewhere or has just failed is no
 * option. */
static bool may_choose(const sj_run *run, int nation, int d, int m, bool has_access,
                       sj_without without)
{
    const sj_channel_of *channel = &run->world->channels[m];
    return run->choice->open[m] && channel->leads_to[d] && channel->used_by[nation] &&
           (has_access || channel->class == SJ_CLASS_IRREGULAR) && m != without.channel &&
           !(without.no_application && channel->requires != SJ_NO_REF);
}

/* Value of the way from here; 0 where people are there already, minus infinity without a way. */
static double route_value(sj_run *run, int nation, int leaf, bool from_country, int d, int way)
{
    const sj_world *w = run->world;
    if (!from_country && w->leaves[leaf].country == d && !w->leaves[leaf].is_node) {
        return 0;
    }
    const sj_route *route = sj_route_to(run, nation, d, way);
    return route == NULL  ? -INFINITY
           : from_country ? route->start_value[w->leaves[leaf].country]
                          : route->value[leaf];
}

/* Channels to one destination: fills p with ln P(m|d), returns tau I_d. */
static double destination_options(sj_run *run, int nation, int leaf, bool from_country, int d,
                                  bool has_access, sj_without without, sj_options *o)
{
    const sj_spec_choice *b = &run->world->spec.choice;
    double tau = run->value[b->nest], most = -INFINITY, sum = 0;
    double *way = run->choice->way;
    int first = o->n;
    for (int i = 0; i < run->world->n_ways; i++) {
        way[i] = NAN;
    }
    for (int m = 0; m < run->world->home_channel; m++) {
        if (!may_choose(run, nation, d, m, has_access, without)) {
            continue;
        }
        int by = run->world->channels[m].way;
        if (isnan(way[by])) {
            way[by] = route_value(run, nation, leaf, from_country, d, by);
        }
        if (!isfinite(way[by])) {
            continue;
        }
        double cost = way[by] < 0 ? -way[by] : 0;
        double v = -run->value[b->route] * log1p(cost) -
                   run->value[b->wait_per_year] * run->choice->wait[m] +
                   run->value[b->rights] * run->choice->rights[m];
        o->country[o->n] = d;
        o->channel[o->n] = m;
        o->p[o->n++] = v / tau;
        most = v / tau > most ? v / tau : most;
    }
    for (int i = first; i < o->n; i++) {
        sum += exp(o->p[i] - most);
    }
    for (int i = first; i < o->n; i++) {
        o->p[i] -= most + log(sum);
    }
    return o->n == first ? -INFINITY : tau * (most + log(sum));
}

/* From logs to shares of 1; the greatest is taken out first, so that nothing under- or overflows.
 * Returns the log of the sum, -INFINITY without an option. */
static double share_out(sj_options *o)
{
    double most = -INFINITY, sum = 0;
    for (int i = 0; i < o->n; i++) {
        most = o->p[i] > most ? o->p[i] : most;
    }
    for (int i = 0; i < o->n; i++) {
        o->p[i] = exp(o->p[i] - most);
        sum += o->p[i];
    }
    for (int i = 0; i < o->n; i++) {
        o->p[i] /= sum;
    }
    return o->n == 0 ? -INFINITY : most + log(sum);
}

/* Shares over all (destination, channel) of one feasible set. `best` leaves network and
 * overload out. */
void sj_choice_options(sj_run *run, int nation, int leaf, bool from_country, bool has_access,
                       sj_without without, sj_options *o)
{
    const sj_world *w = run->world;
    o->n = 0;
    o->best = -INFINITY;
    for (int d = 0; d < w->n_countries; d++) {
        if (d == w->nations[nation].home || d == without.destination || d == without.residence) {
            continue;
        }
        int first = o->n, at = nation * w->n_countries + d;
        double nest =
            destination_options(run, nation, leaf, from_country, d, has_access, without, o);
        if (o->n == first) {
            continue;
        }
        double utility = run->choice->base[at] + nest;
        o->best = utility > o->best ? utility : o->best;
        for (int i = first; i < o->n; i++) {
            o->p[i] += utility + run->choice->pull[at];
        }
    }
    o->inclusive = share_out(o);
}

double sj_choice_here(const sj_run *run, int nation, int country, int status)
{
    return run->choice->base[nation * run->world->n_countries + country] +
           run->value[run->world->spec.choice.rights] * status_rights(run, status);
}
