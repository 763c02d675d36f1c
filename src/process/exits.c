/* Onward movement and return of settled foreigners, weekly (model.md 4.12). Both hazards are a
 * base rate times exp of how much better it is elsewhere, less a reference for each nationality
 * and host that makes the mean rate at the start the base rate. Options are looked at once a
 * day for each nationality and country, and used by all strata of the pair. */
#include "process/exits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/draw.h"
#include "process/belief.h"
#include "process/chain.h"
#include "process/institution.h"
#include "process/journey.h"
#include "process/route.h"

/* Options of one nation in one country, for those with and without access. */
typedef struct outlook {
    const sj_options *options[2];
    double *weight[2]; /* P x W of each option; made when first looked at */
    double sum[2];     /* of the weights */
    int day;           /* of the run they were made on, -1 = never */
} outlook;

/* Of one kind of settled people; rates 1/year, onward by access. */
typedef struct hazards {
    outlook *outlook;
    double access, onward[2], home;
} hazards;

/* So many of a stratum apply to a programme, for a journey. */
typedef struct applying {
    int programme;
    int64_t n;
} applying;

struct sj_exits {
    outlook *at;                     /* nation x country */
    double *onward_ref, *return_ref; /* nation x country; NAN = not set yet */
    double *mean_anticipation;       /* nation: over the elapsed days */
    int days_summed;
    int64_t *count;       /* scratch: people by option */
    sj_strata list;       /* scratch: settlers in order of kind */
    int n_options;        /* at most */
    int64_t *setting_out; /* access x option: people of the kind under review */
    int64_t returning;
    sj_parcel leaving;         /* all of them */
    SJ_VEC(applying) applying; /* of the stratum under review */
};

enum { NO_ACCESS, ACCESS };

static outlook *outlook_of(sj_run *run, int nation, int country)
{
    return &run->exits->at[nation * run->world->n_countries + country];
}

static bool create(sj_run *run)
{
    const sj_world *w = run->world;
    int pairs = w->n_nations * w->n_countries;
    sj_exits *x = run->exits = sj_calloc(1, sizeof *x);
    if (x == NULL) {
        return false;
    }
    x->at = sj_calloc((size_t)pairs, sizeof *x->at);
    x->onward_ref = sj_numbers_new((size_t)pairs);
    x->return_ref = sj_numbers_new((size_t)pairs);
    x->mean_anticipation = sj_numbers_new((size_t)w->n_nations);
    x->n_options = (int)sj_choice_most_options(w);
    x->count = sj_calloc((size_t)x->n_options, sizeof(int64_t));
    x->setting_out = sj_calloc(2 * (size_t)x->n_options, sizeof(int64_t));
    if (!sj_parcel_init(&x->leaving, w) || !x->setting_out || !x->count || !x->at ||
        !x->onward_ref || !x->return_ref || !x->mean_anticipation) {
        return false;
    }
    for (int i = 0; i < pairs; i++) {
        x->onward_ref[i] = x->return_ref[i] = NAN;
        x->at[i].day = -1;
    }
    return true;
}

static void destroy(sj_run *run)
{
    sj_exits *x = run->exits;
    if (x == NULL) {
        return;
    }
    for (int i = 0; x->at != NULL && i < run->world->n_nations * run->world->n_countries; i++) {
        for (int a = 0; a < 2; a++) {
            free(x->at[i].weight[a]);
        }
    }
    free(x->at);
    free(x->onward_ref);
    free(x->return_ref);
    free(x->mean_anticipation);
    free(x->count);
    free(x->setting_out);
    sj_vec_clear(&x->list);
    sj_vec_clear(&x->applying);
    sj_parcel_clear(&x->leaving);
    free(x);
    run->exits = NULL;
}

static bool reserve_weights(sj_run *run, double **weight)
{
    if (*weight == NULL) {
        *weight = sj_numbers_new(sj_choice_most_options(run->world));
    }
    if (*weight == NULL) {
        run->ledger->status = SJ_E_NOMEM;
    }
    return *weight != NULL;
}

static outlook *look(sj_run *run, int nation, int country)
{
    outlook *o = outlook_of(run, nation, country);
    if (o->day == run->day) {
        return o;
    }
    sj_without without = SJ_WITHOUT_NOTHING;
    without.residence = country;
    int leaf = run->world->countries[country].settled[0];
    for (int a = 0; a < 2; a++) {
        const sj_options *options = o->options[a] =
            sj_choice_options(run, nation, leaf, true, a == ACCESS, without);
        o->sum[a] = 0;
        if (!reserve_weights(run, &o->weight[a])) {
            continue;
        }
        for (int i = 0; i < options->n; i++) {
            o->weight[a][i] = options->p[i] * sj_belief_weight(run, nation, options->channel[i],
                                                               options->country[i]);
            o->sum[a] += o->weight[a][i];
        }
    }
    o->day = run->day;
    return o;
}

/* How much better it is elsewhere: minus infinity where no destination is in reach. */
static double onward_z(sj_run *run, const sj_stratum *s, const outlook *o, int access)
{
    const sj_spec_onward *b = &run->world->spec.onward;
    double best = o->options[access]->best;
    if (!isfinite(best)) {
        return -INFINITY;
    }
    double over = run->utilisation[s->country] - 1;
    bool irregular = run->world->statuses[s->status].standing == SJ_STANDING_NONE;
    return run->value[b->difference] *
               (best - sj_choice_here(run, s->nation, s->country, s->status)) +
           run->value[b->irregular] * irregular + run->value[b->overload] * (over > 0 ? over : 0) -
           run->value[b->index] *
               (run->index[s->country * run->world->n_statuses + s->status] - 0.5);
}

/* Better drivers at home than at the start, hostility here, poor integration. */
static double return_z(const sj_run *run, const sj_stratum *s)
{
    const sj_world *w = run->world;
    const sj_spec_return *b = &w->spec.return_home;
    int home = w->nations[s->nation].home;
    double better = 0;
    for (int k = 0; k < w->n_drivers; k++) {
        int at = k * w->n_countries + home;
        better += run->level_start[at] - run->level[at];
    }
    return run->value[b->drivers] * better +
           run->value[b->xenophobia] * run->hostility[s->country] -
           run->value[b->index] * (run->index[s->country * w->n_statuses + s->status] - 0.5);
}

static bool lacks_refs(const sj_run *run)
{
    const sj_world *w = run->world;
    for (int n = 0; n < w->n_nations; n++) {
        for (int c = 0; c < w->n_countries; c++) {
            int at = n * w->n_countries + c;
            if (c != w->nations[n].home && !w->countries[c].is_outside &&
                (isnan(run->exits->return_ref[at]) || isnan(run->exits->onward_ref[at]))) {
                return true;
            }
        }
    }
    return false;
}

/* ln of the mean of exp(z) over the settled nationals of a host, access groups by weight. */
static void set_refs(sj_run *run)
{
    const sj_world *w = run->world;
    size_t pairs = (size_t)(w->n_nations * w->n_countries);
    double *people = sj_numbers_new(3 * pairs);
    if (people == NULL) {
        run->ledger->status = SJ_E_NOMEM;
        return;
    }
    double *onward = people + pairs, *home = people + 2 * pairs;
    for (size_t i = 0; i < run->ledger->settlers.n; i++) {
        const sj_stratum *s = run->ledger->settlers.at[i];
        if (s->n == 0 || !s->is_settled || !s->is_foreign) {
            continue;
        }
        int at = s->nation * w->n_countries + s->country;
        if (!isnan(run->exits->return_ref[at]) && !isnan(run->exits->onward_ref[at])) {
            continue;
        }
        const outlook *o = look(run, s->nation, s->country);
        double access = sj_choice_access(run, s->nation), n = (double)s->n;
        people[at] += n;
        onward[at] += n * (access * exp(onward_z(run, s, o, ACCESS)) +
                           (1 - access) * exp(onward_z(run, s, o, NO_ACCESS)));
        home[at] += n * exp(return_z(run, s));
    }
    for (size_t i = 0; i < pairs; i++) {
        if (people[i] > 0 && isnan(run->exits->return_ref[i])) {
            run->exits->return_ref[i] = log(home[i] / people[i]);
        }
        if (people[i] > 0 && isnan(run->exits->onward_ref[i]) && onward[i] > 0) {
            run->exits->onward_ref[i] = log(onward[i] / people[i]);
        }
    }
    free(people);
}

static void begin(sj_run *run)
{
    for (int n = 0; n < run->world->n_nations; n++) {
        run->exits->mean_anticipation[n] = 0;
    }
    set_refs(run);
}

static double limited(double z, double limit)
{
    return exp(z > limit ? limit : z < -limit ? -limit : z);
}

static double mean_rush(const sj_run *run, int nation)
{
    double days = run->exits->days_summed;
    return days > 0 ? run->exits->mean_anticipation[nation] / days : 1;
}

static double onward_rate(sj_run *run, const sj_stratum *s, const outlook *o, int access)
{
    const sj_spec_onward *b = &run->world->spec.onward;
    double ref = run->exits->onward_ref[s->nation * run->world->n_countries + s->country];
    if (!sj_runs(run, SJ_PROCESS_ONWARD) || o->options[access]->n == 0 || isnan(ref)) {
        return 0;
    }
    return run->value[b->rate_per_year] * mean_rush(run, s->nation) * o->sum[access] *
           limited(onward_z(run, s, o, access) - ref, run->value[b->limit]);
}

static double return_rate(sj_run *run, const sj_stratum *s)
{
    const sj_world *w = run->world;
    const sj_spec_return *b = &w->spec.return_home;
    double ref = run->exits->return_ref[s->nation * w->n_countries + s->country];
    int home = w->nations[s->nation].home;
    if (!sj_runs(run, SJ_PROCESS_RETURN) || isnan(ref) || w->countries[home].is_outside) {
        return 0;
    }
    const sj_route *route = sj_route_to(run, s->nation, home, w->n_ways);
    if (route == NULL || !isfinite(route->start_value[s->country])) {
        return 0;
    }
    return run->value[b->rate_per_year] * mean_rush(run, s->nation) *
           limited(return_z(run, s) - ref, run->value[b->limit]);
}

/* ---- who leaves: people of one kind (nation, place, status, vintage) set out together ---- */

/* Options of each access group lie side by side: row a, option i at a * n_options + i. */
static int64_t *setting_out(sj_exits *x, int access, int option)
{
    return &x->setting_out[access * x->n_options + option];
}

/* Chances of one kind of settled people. */
static hazards hazards_of(sj_run *run, const sj_stratum *s)
{
    hazards h = {.outlook = look(run, s->nation, s->country),
                 .access = sj_choice_access(run, s->nation),
                 .home = return_rate(run, s)};
    for (int a = 0; a < 2; a++) {
        h.onward[a] = onward_rate(run, s, h.outlook, a);
    }
    return h;
}

/* Chance to leave within some days, by access: the share of the group times its chance. */
static void chances(const hazards *h, double days, double chance[2])
{
    double share[2] = {1 - h->access, h->access};
    for (int a = 0; a < 2; a++) {
        chance[a] = share[a] * sj_chance_within(h->onward[a] + h->home, days);
    }
}

static double hazard_of(const double chance[2])
{
    double all = chance[0] + chance[1];
    return all >= 1 ? INFINITY : -log1p(-all);
}

/* `gone` people take an option or go home; those who must apply for it stay. Returns how many set
 * out. */
static int64_t share_out(sj_run *run, const hazards *h, int access, int64_t gone, sj_rng *rng)
{
    sj_exits *x = run->exits;
    const sj_options *o = h->outlook->options[access];
    if (gone == 0) {
        return 0;
    }
    int64_t home = sj_draw_binomial(rng, gone, h->home / (h->onward[access] + h->home));
    int64_t onward = gone - home, leaving = home;
    x->returning += home;
    sj_draw_multinomial(rng, onward, (size_t)o->n, h->outlook->weight[access], x->count);
    for (int i = 0; i < o->n && onward > 0; i++) {
        int64_t m = x->count[i];
        int requires = run->world->channels[o->channel[i]].requires;
        onward -= m;
        if (m > 0 && requires != SJ_NO_REF) {
            if (!sj_vec_push(&x->applying, ((applying){requires, m}))) {
                run->ledger->status = SJ_E_NOMEM;
            }
        } else {
            *setting_out(x, access, i) += m;
            leaving += m;
        }
    }
    return leaving;
}

/* Those who go take what they hold along, and join the others of their kind. */
static void take_leave(sj_run *run, sj_stratum *s, int64_t m, int64_t newcomers, sj_rng *rng)
{
    sj_ledger *ledger = run->ledger;
    sj_fixed fixed = SJ_NOTHING_FIXED;
    if (m == 0) {
        return;
    }
    fixed.exits_new = newcomers;
    int leaf = s->leaf;
    sj_ledger_take(ledger, s, m, fixed, rng, &run->parcel);
    sj_ledger_thin(ledger, leaf, &run->parcel);
    sj_ledger_end_cases(ledger, &run->parcel, false);
    sj_ledger_pool(ledger, &run->exits->leaving, &run->parcel);
}

/* `gone` people of a stratum by access, then by option; returns how many set out. */
static int64_t go(sj_run *run, const hazards *h, const double chance[2], int64_t gone, sj_rng *rng)
{
    int64_t with_access = sj_draw_binomial(rng, gone, chance[ACCESS] / (chance[0] + chance[1]));
    int64_t leaving = share_out(run, h, ACCESS, with_access, rng);
    leaving += share_out(run, h, NO_ACCESS, gone - with_access, rng);
    return leaving;
}

/* Old members are exposed since the last review, newcomers for the mean of their own times. A
 * stratum that somebody leaves draws all the rest from a stream of its own. */
static void review_stratum(sj_run *run, sj_stratum *s, const hazards *h, sj_rare *rare)
{
    sj_exits *x = run->exits;
    int64_t exposed[2] = {s->n - s->exits.n, s->exits.n}, gone[2] = {0, 0}, leaving[2] = {0, 0};
    double chance[2][2] = {{0}};
    double days[2] = {run->day - run->ledger->exits_reviewed,
                      s->exits.n == 0 ? 0 : run->day - s->exits.sum_day / (double)s->exits.n};
    for (int fresh = 0; fresh < 2; fresh++) {
        if (exposed[fresh] > 0 && days[fresh] > 0) {
            chances(h, days[fresh], chance[fresh]);
            gone[fresh] = sj_rare_draw(rare, exposed[fresh], hazard_of(chance[fresh]));
        }
    }
    if (gone[0] + gone[1] == 0) {
        return;
    }
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_EXIT]);
    uint32_t person = s->person;
    x->applying.n = 0;
    for (int fresh = 0; fresh < 2; fresh++) {
        leaving[fresh] = gone[fresh] == 0 ? 0 : go(run, h, chance[fresh], gone[fresh], &rng);
    }
    take_leave(run, s, leaving[0] + leaving[1], leaving[1], &rng);
    for (size_t i = 0; i < x->applying.n && s->person == person; i++) {
        sj_programme_apply_for_journey(run, s, x->applying.at[i].programme, x->applying.at[i].n,
                                       &rng);
    }
}

/* All of one kind who take one option: onto the way with what they hold here. */
static void set_out(sj_run *run, const sj_stratum *of, int64_t m, int destination, int channel,
                    sj_rng *rng)
{
    const sj_world *w = run->world;
    sj_ledger *ledger = run->ledger;
    if (m == 0) {
        return;
    }
    sj_intent intent = {.destination = destination,
                        .channel = channel,
                        .hold_country = of->country,
                        .hold_status = of->status,
                        .hold_vintage = of->vintage};
    int at = of->country * w->n_nations + of->nation;
    *(channel == w->home_channel ? &ledger->tally.returns[at] : &ledger->tally.onward[at]) += m;
    sj_ledger_split(ledger, &run->exits->leaving, m, rng, &run->parcel);
    sj_journey_set_out(run, &run->parcel, of->leaf, true, intent, rng);
}

static void set_all_out(sj_run *run, const sj_stratum *of, const hazards *h, sj_rng *rng)
{
    sj_exits *x = run->exits;
    for (int a = 0; a < 2 && x->leaving.n > 0; a++) {
        const sj_options *o = h->outlook->options[a];
        for (int i = 0; i < o->n; i++) {
            int64_t *m = setting_out(x, a, i);
            set_out(run, of, *m, o->country[i], o->channel[i], rng);
            *m = 0;
        }
    }
    set_out(run, of, x->returning, sj_home_of(run, of->nation), run->world->home_channel, rng);
    x->returning = 0;
}

/* What hazards, and the intent of those who leave, depend on. */
static bool same_kind(const sj_stratum *a, const sj_stratum *b)
{
    return a->who >> 8 == b->who >> 8 && a->slot == b->slot;
}

/* By nation, place, status, vintage; one person after the other. */
static int compare_settlers(const void *left, const void *right)
{
    const sj_stratum *a = *(sj_stratum *const *)left, *b = *(sj_stratum *const *)right;
    uint64_t x = a->who >> 8, y = b->who >> 8;
    if (x != y) {
        return x < y ? -1 : 1;
    }
    if (a->slot != b->slot) {
        return a->slot < b->slot ? -1 : 1;
    }
    return a->who != b->who ? (a->who < b->who ? -1 : 1)
                            : (a->index > b->index) - (a->index < b->index);
}

/* Strata of one kind, from `first` on; returns where the next kind begins. */
static size_t review_kind(sj_run *run, sj_stratum *const at[], size_t first, size_t n,
                          sj_rare *rare)
{
    sj_stratum of = *at[first]; /* in person resolution the stratum may be another's tomorrow */
    hazards h = hazards_of(run, &of);
    size_t i = first;
    sj_parcel_open(&run->exits->leaving, of.nation);
    for (; i < n && same_kind(at[i], &of); i++) {
        if (run->ledger->status == SJ_OK) {
            review_stratum(run, at[i], &h, rare);
        }
    }
    if (run->exits->leaving.n > 0) {
        const sj_world *w = run->world;
        sj_rng rng = sj_run_decide(run, "move", w->nations[of.nation].id, w->leaves[of.leaf].id,
                                   w->statuses[of.status].id);
        set_all_out(run, &of, &h, &rng);
    }
    return i;
}

/* Everybody settled abroad today, in order of kind. */
static bool list_settlers(sj_run *run)
{
    sj_strata *list = &run->exits->list;
    list->n = 0;
    for (size_t i = 0; i < run->ledger->settlers.n; i++) {
        sj_stratum *s = run->ledger->settlers.at[i];
        if (s->n > 0 && s->is_settled && s->is_foreign && !sj_vec_push(list, s)) {
            run->ledger->status = SJ_E_NOMEM;
            return false;
        }
    }
    if (list->n > 1) {
        qsort(list->at, list->n, sizeof list->at[0], compare_settlers);
    }
    return true;
}

/* References first where some are missing; then every kind, with one row of chances for each
 * nation and country; then newcomers are old. */
static void review(sj_run *run)
{
    sj_ledger *ledger = run->ledger;
    const sj_strata *list = &run->exits->list;
    if (lacks_refs(run)) {
        set_refs(run);
    }
    size_t i = 0, n = list_settlers(run) ? list->n : 0;
    while (i < n) {
        const sj_stratum *s = list->at[i];
        int nation = s->nation, country = s->country;
        sj_rare rare = sj_rare_start(sj_run_decide(run, "exit", run->world->nations[nation].id,
                                                   run->world->countries[country].id, ""));
        while (i < n && list->at[i]->nation == nation && list->at[i]->country == country) {
            i = review_kind(run, list->at, i, n, &rare);
        }
    }
    for (size_t k = 0; k < ledger->settlers.n; k++) {
        sj_since_pour(&ledger->settlers.at[k]->exits);
    }
    sj_strata_sweep(&ledger->settlers, SJ_LISTED_SETTLER);
    ledger->exits_reviewed = run->day;
    for (int k = 0; k < run->world->n_nations; k++) {
        run->exits->mean_anticipation[k] = 0;
    }
    run->exits->days_summed = 0;
}

static void sum_anticipation(sj_run *run)
{
    for (int n = 0; n < run->world->n_nations; n++) {
        run->exits->mean_anticipation[n] += run->anticipation[n];
    }
    run->exits->days_summed++;
}

const sj_process_kind sj_exit_process = {
    .name = "onward and return",
    .doc = "settled foreigners move on or go home, weekly",
    .switch_off = -1,
    .create = create,
    .begin = begin,
    .destroy = destroy,
    .steps = {{SJ_PHASE_MONEY, SJ_DAILY, sum_anticipation}, {SJ_PHASE_EXITS, SJ_EXIT_DAYS, review}},
    .n_steps = 2};
