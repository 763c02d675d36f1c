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

/* What was asked: the place is a country where people live, a leaf where they only stand. */
typedef struct question {
    int nation, place, not_to, not_by, residence;
    bool from_country, has_access, no_application;
} question;

typedef struct answer {
    question asked;
    sj_options options; /* its arrays lie in a block */
} answer;

enum { LEAST_BLOCK = 1 << 14, MOST_BYTES = 1 << 22 /* of answers stay from day to day */ };

/* A destination and a channel that a nation may think of. */
typedef struct candidate {
    int country, channel;
} candidate;

struct sj_choice {
    candidate *candidates;    /* by nation, then country and channel */
    int *first_candidate;     /* nation */
    SJ_VEC(answer *) answers; /* since the tables were renewed */
    uint32_t *slots;          /* open addressing: number of the answer plus one, 0 = free */
    size_t n_slots;
    SJ_VEC(char *) blocks; /* of the answers, used again after each renewal */
    size_t block_bytes;    /* each holds at least the largest answer */
    size_t block, used;    /* the block that is being filled, and how far */
    sj_options scratch;    /* room for the most options */
    double *base;          /* nation x country: V_d without network and overload */
    double *pull;          /* nation x country: network and overload terms */
    double *wait;          /* channel: years */
    double *rights;        /* channel: share of rights on entry */
    bool *open;            /* channel */
    double *access;        /* nation */
    double *constant;      /* country: xi */
    double *way;           /* scratch: values of the ways to one destination */
};

static double *room(sj_choice *choice, double **at, size_t n)
{
    (void)choice;
    *at = sj_numbers_new(n);
    return *at;
}

static bool list_candidates(const sj_world *w, sj_choice *c)
{
    c->first_candidate = sj_calloc((size_t)w->n_nations + 1, sizeof(int));
    c->candidates =
        sj_calloc(sj_choice_most_options(w) * (size_t)w->n_nations, sizeof *c->candidates);
    if (c->first_candidate == NULL || c->candidates == NULL) {
        return false;
    }
    int n = 0;
    for (int nation = 0; nation < w->n_nations; nation++) {
        c->first_candidate[nation] = n;
        for (int d = 0; d < w->n_countries; d++) {
            for (int m = 0; m < w->home_channel && d != w->nations[nation].home; m++) {
                if (w->channels[m].leads_to[d] && w->channels[m].used_by[nation]) {
                    c->candidates[n++] = (candidate){d, m};
                }
            }
        }
    }
    c->first_candidate[w->n_nations] = n;
    return true;
}

static size_t answer_bytes(size_t n_options)
{
    size_t bytes = sizeof(answer) + n_options * (sizeof(double) + 2 * sizeof(int));
    return (bytes + 15) & ~(size_t)15;
}

static bool make_scratch(const sj_world *w, sj_choice *c)
{
    size_t n = sj_choice_most_options(w);
    sj_options *options = &c->scratch;
    c->block_bytes = answer_bytes(n) > LEAST_BLOCK ? answer_bytes(n) : LEAST_BLOCK;
    options->country = sj_calloc(n, sizeof(int));
    options->channel = sj_calloc(n, sizeof(int));
    options->p = sj_numbers_new(n);
    return options->country != NULL && options->channel != NULL && options->p != NULL;
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
           (c->open = sj_calloc(channels, sizeof(bool))) != NULL && make_scratch(w, c) &&
           list_candidates(w, c);
}

void sj_choice_destroy(sj_run *run)
{
    sj_choice *c = run->choice;
    if (c != NULL) {
        for (size_t i = 0; i < c->blocks.n; i++) {
            free(c->blocks.at[i]);
        }
        sj_vec_clear(&c->blocks);
        sj_vec_clear(&c->answers);
        free(c->slots);
        free(c->candidates);
        free(c->first_candidate);
        free(c->scratch.country);
        free(c->scratch.channel);
        free(c->scratch.p);
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

size_t sj_choice_most_options(const sj_world *world)
{
    size_t n = 0;
    for (int m = 0; m < world->home_channel; m++) {
        for (int d = 0; d < world->n_countries; d++) {
            n += world->channels[m].leads_to[d];
        }
    }
    return n;
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

static void forget_answers(sj_choice *c)
{
    c->answers.n = 0;
    c->block = c->used = 0;
    if (c->n_slots > 0) {
        memset(c->slots, 0, c->n_slots * sizeof c->slots[0]);
    }
}

void sj_choice_tidy(sj_run *run)
{
    sj_choice *c = run->choice;
    if (c->block * c->block_bytes < MOST_BYTES) {
        return;
    }
    forget_answers(c);
    while (c->blocks.n > 1 && c->blocks.n * c->block_bytes > MOST_BYTES) {
        free(c->blocks.at[--c->blocks.n]);
    }
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
    forget_answers(run->choice);
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

/* Feasibility comes before utility: what is closed or has just failed is no option. */
static bool may_choose(const sj_run *run, int m, bool has_access, sj_without without)
{
    const sj_channel_of *channel = &run->world->channels[m];
    return run->choice->open[m] && (has_access || channel->class == SJ_CLASS_IRREGULAR) &&
           m != without.channel && !(without.no_application && channel->requires != SJ_NO_REF);
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
static double destination_options(sj_run *run, int nation, int leaf, bool from_country,
                                  const candidate *at, int n, bool has_access, sj_without without,
                                  sj_options *o)
{
    int d = at->country;
    const sj_spec_choice *b = &run->world->spec.choice;
    double tau = run->value[b->nest], most = -INFINITY, sum = 0;
    double *way = run->choice->way;
    int first = o->n;
    for (int i = 0; i < run->world->n_ways; i++) {
        way[i] = NAN;
    }
    for (int i = 0; i < n; i++) {
        int m = at[i].channel;
        if (!may_choose(run, m, has_access, without)) {
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
static void work_out(sj_run *run, int nation, int leaf, bool from_country, bool has_access,
                     sj_without without, sj_options *o)
{
    const sj_world *w = run->world;
    o->n = 0;
    o->best = -INFINITY;
    const candidate *all = run->choice->candidates;
    int n = 0, end = run->choice->first_candidate[nation + 1];
    for (int c = run->choice->first_candidate[nation]; c < end; c += n) {
        int d = all[c].country;
        for (n = 1; c + n < end && all[c + n].country == d; n++) {
        }
        if (d == without.destination || d == without.residence) {
            continue;
        }
        int first = o->n, at = nation * w->n_countries + d;
        double nest = destination_options(run, nation, leaf, from_country, all + c, n, has_access,
                                          without, o);
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

/* ---- answers that are kept ---- */

static bool same_question(const question *a, const question *b)
{
    return a->nation == b->nation && a->place == b->place && a->not_to == b->not_to &&
           a->not_by == b->not_by && a->residence == b->residence &&
           a->from_country == b->from_country && a->has_access == b->has_access &&
           a->no_application == b->no_application;
}

static size_t find_answer(const sj_choice *c, const question *q)
{
    uint64_t mixed = (uint64_t)q->nation << 48 ^ (uint64_t)(q->place + 1) << 24 ^
                     (uint64_t)(q->not_to + 1) << 12 ^ (uint64_t)(q->not_by + 1);
    mixed = sj_splitmix64(&mixed) ^ (uint64_t)(q->residence + 1) << 8 ^
            (uint64_t)q->from_country << 2 ^ (uint64_t)q->has_access << 1 ^
            (uint64_t)q->no_application;
    size_t i = (size_t)sj_splitmix64(&mixed) & (c->n_slots - 1);
    while (c->slots[i] != 0 && !same_question(&c->answers.at[c->slots[i] - 1]->asked, q)) {
        i = (i + 1) & (c->n_slots - 1);
    }
    return i;
}

static bool grow_answers(sj_choice *c)
{
    size_t n_slots = c->n_slots == 0 ? 256 : 2 * c->n_slots;
    uint32_t *slots = sj_calloc(n_slots, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    free(c->slots);
    c->slots = slots;
    c->n_slots = n_slots;
    for (size_t i = 0; i < c->answers.n; i++) {
        slots[find_answer(c, &c->answers.at[i]->asked)] = (uint32_t)i + 1;
    }
    return true;
}

/* Bytes that stay until the tables are renewed. */
static void *keep_bytes(sj_choice *c, size_t n)
{
    if (c->block < c->blocks.n && c->used + n > c->block_bytes) {
        c->block++;
        c->used = 0;
    }
    if (c->block == c->blocks.n) {
        char *block = sj_calloc(c->block_bytes, 1);
        if (block == NULL || !sj_vec_push(&c->blocks, block)) {
            free(block);
            return NULL;
        }
    }
    char *at = c->blocks.at[c->block] + c->used;
    c->used += n;
    return at;
}

static answer *keep_answer(sj_choice *c, const question *q, const sj_options *o)
{
    size_t n = (size_t)o->n;
    answer *kept = keep_bytes(c, answer_bytes(n));
    if (kept == NULL || !sj_vec_push(&c->answers, kept)) {
        return NULL;
    }
    kept->asked = *q;
    kept->options = *o;
    kept->options.p = (double *)(kept + 1);
    kept->options.country = (int *)(kept->options.p + n);
    kept->options.channel = kept->options.country + n;
    memcpy(kept->options.p, o->p, n * sizeof(double));
    memcpy(kept->options.country, o->country, n * sizeof(int));
    memcpy(kept->options.channel, o->channel, n * sizeof(int));
    return kept;
}

const sj_options *sj_choice_options(sj_run *run, int nation, int leaf, bool from_country,
                                    bool has_access, sj_without without)
{
    static const sj_options nothing = {.inclusive = -INFINITY, .best = -INFINITY};
    sj_choice *c = run->choice;
    question q = {.nation = nation,
                  .place = from_country ? sj_country_of(run, leaf) : leaf,
                  .not_to = without.destination,
                  .not_by = without.channel,
                  .residence = without.residence,
                  .from_country = from_country,
                  .has_access = has_access,
                  .no_application = without.no_application};
    if (2 * c->answers.n >= c->n_slots && !grow_answers(c)) {
        run->ledger->status = SJ_E_NOMEM;
        return &nothing;
    }
    size_t slot = find_answer(c, &q);
    if (c->slots[slot] != 0) {
        return &c->answers.at[c->slots[slot] - 1]->options;
    }
    work_out(run, nation, leaf, from_country, has_access, without, &c->scratch);
    const answer *kept = keep_answer(c, &q, &c->scratch);
    if (kept == NULL) {
        run->ledger->status = SJ_E_NOMEM;
        return &nothing;
    }
    c->slots[slot] = (uint32_t)c->answers.n;
    return &kept->options;
}

double sj_choice_here(const sj_run *run, int nation, int country, int status)
{
    return run->choice->base[nation * run->world->n_countries + country] +
           run->value[run->world->spec.choice.rights] * status_rights(run, status);
}
