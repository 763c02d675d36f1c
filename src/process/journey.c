/* The end of legs: deaths and captures, and who has got to where they were going. Boarding is in
 * boarding.c, settling in arrival.c, nodes and posts in nodes.c. */
#include "process/journey_inside.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "process/belief.h"
#include "process/institution.h"
#include "process/route.h"

static bool create(sj_run *run)
{
    const sj_world *w = run->world;
    sj_journeys *j = run->journeys = sj_calloc(1, sizeof *j);
    if (j == NULL) {
        return false;
    }
    size_t edges = (size_t)w->n_edges, options = sj_choice_most_options(w) + 1;
    j->leg_split = sj_calloc(edges, sizeof(sj_split *));
    j->split_days = sj_numbers_new(edges);
    j->mode_day = sj_calloc(edges, sizeof(int));
    j->n_days = sj_calloc(edges, sizeof(int));
    j->weight = sj_numbers_new(options);
    j->count = sj_calloc(options + SJ_LEG_DAYS + edges, sizeof(int64_t));
    j->by_edge = sj_calloc(edges, sizeof(int64_t));
    j->by_day = sj_calloc(SJ_GROUPS * SJ_LEG_DAYS, sizeof(int64_t));
    j->settled = sj_numbers_new((size_t)w->n_leaves * SJ_GROUPS * SJI_RING);
    j->in_country = sj_calloc((size_t)w->n_countries * 365, sizeof(int64_t));
    return j->leg_split && j->split_days && j->mode_day && j->n_days && j->weight && j->count &&
           j->by_edge && j->by_day && j->settled && j->in_country && sj_parcel_init(&j->held, w) &&
           sj_parcel_init(&j->settling, w) && sj_parcel_init(&j->chosen, w) &&
           sj_parcel_init(&j->reached, w) && sj_parcel_init(&j->lapsed, w);
}

static void destroy(sj_run *run)
{
    sj_journeys *j = run->journeys;
    if (j == NULL) {
        return;
    }
    for (int e = 0; j->leg_split != NULL && e < run->world->n_edges; e++) {
        sj_split_free(j->leg_split[e]);
    }
    for (size_t i = 0; i < j->choosings.n; i++) {
        sji_choosing_free(j->choosings.at[i]);
    }
    sj_vec_clear(&j->choosings);
    sj_vec_clear(&j->arrivals);
    sj_vec_clear(&j->caught);
    free(j->leg_split);
    free(j->split_days);
    free(j->mode_day);
    free(j->n_days);
    free(j->weight);
    free(j->count);
    free(j->by_edge);
    free(j->by_day);
    free(j->settled);
    free(j->in_country);
    sj_parcel_clear(&j->held);
    sj_parcel_clear(&j->settling);
    sj_parcel_clear(&j->chosen);
    sj_parcel_clear(&j->reached);
    sj_parcel_clear(&j->lapsed);
    sj_vec_clear(&j->batches);
    free(j);
    run->journeys = NULL;
}

/* The year before the start: settled_last_year of the stocks, spread evenly. */
static void begin(sj_run *run)
{
    const sj_world *w = run->world;
    for (size_t i = 0; i < w->spec.stocks.n; i++) {
        for (size_t k = 0; k < w->spec.stocks.at[i].in.n; k++) {
            const sj_spec_stock *stock = &w->spec.stocks.at[i].in.at[k];
            int country = w->country_of_place[stock->item.ref];
            double n = run->value[stock->settled_last_year];
            for (int day = 0; day < 365; day++) {
                run->journeys->in_country[country * 365 + day] +=
                    (int64_t)(floor(n * (day + 1) / 365) - floor(n * day / 365));
            }
        }
    }
}

static void forget_old_days(sj_run *run)
{
    const sj_world *w = run->world;
    for (int i = 0; i < w->n_leaves * SJ_GROUPS; i++) {
        run->journeys->settled[i * SJI_RING + run->day % SJI_RING] = 0;
    }
    for (int c = 0; c < w->n_countries; c++) {
        run->journeys->in_country[c * 365 + run->day % 365] = 0;
    }
}

static void remember_group(sj_run *run, int cell, int64_t n)
{
    if (run->ledger->retention[cell] < 1e-150) { /* nobody of the ring is left */
        for (int day = 0; day < SJI_RING; day++) {
            run->journeys->settled[cell * SJI_RING + day] = 0;
        }
        run->ledger->retention[cell] = 1;
    }
    run->journeys->settled[cell * SJI_RING + run->day % SJI_RING] +=
        (double)n / run->ledger->retention[cell];
}

void sji_remember_arrival(sj_run *run, int leaf, const sj_parcel *parcel)
{
    for (int g = 0; g < SJ_GROUPS; g++) {
        if (parcel->by_group[g] > 0) {
            remember_group(run, leaf * SJ_GROUPS + g, parcel->by_group[g]);
        }
    }
    run->journeys->in_country[sj_country_of(run, leaf) * 365 + run->day % 365] += parcel->n;
}

/* Arrivals of the last days at a leaf, thinned by those who have left since. */
double sj_settled_lately(const sj_run *run, int leaf, const bool group[SJ_GROUPS], int days)
{
    double sum = 0;
    int span = days < SJI_RING ? days : SJI_RING - 1;
    for (int g = 0; g < SJ_GROUPS; g++) {
        int cell = leaf * SJ_GROUPS + g;
        double here = 0;
        for (int back = 0; group[g] && back < span && back <= run->day; back++) {
            here += run->journeys->settled[cell * SJI_RING + (run->day - back) % SJI_RING];
        }
        sum += here * run->ledger->retention[cell];
    }
    return sum;
}

double sj_settled_in_year(const sj_run *run, int country)
{
    int64_t sum = 0;
    for (int i = 0; i < 365; i++) {
        sum += run->journeys->in_country[country * 365 + i];
    }
    return (double)sum;
}

/* A hold lasts until a leg out of the country is completed. */
static sj_intent after_leg(sj_run *run, sj_parcel *parcel, int head, sj_intent intent)
{
    if (intent.hold_country != SJ_NO_REF && sj_country_of(run, head) != intent.hold_country) {
        sj_ledger_end_permits(run->ledger, parcel);
        intent.hold_country = SJ_NO_REF;
        intent.hold_status = intent.hold_vintage = 0;
    }
    return intent;
}

static bool holds_nothing(const sj_parcel *parcel, sj_intent intent)
{
    return intent.hold_country == SJ_NO_REF && parcel->permits.n == 0;
}

/* The people of a parcel who hold nothing go on with others at the end of the day's legs. */
static void join(sj_run *run, sj_parcel *parcel, int leaf, sj_intent intent, sji_togethers *list)
{
    sji_together one = {.nation = parcel->nation, .leaf = leaf, .intent = intent};
    memcpy(one.by_group, parcel->by_group, sizeof one.by_group);
    if (!sj_vec_push(list, one)) {
        run->ledger->status = SJ_E_NOMEM;
    }
    sj_parcel_open(parcel, parcel->nation);
}

static int compare_togethers(const void *left, const void *right)
{
    const sji_together *a = left, *b = right;
    int order = a->nation - b->nation;
    order = order != 0 ? order : a->leaf - b->leaf;
    order = order != 0 ? order : a->intent.destination - b->intent.destination;
    return order != 0 ? order : a->intent.channel - b->intent.channel;
}

/* One parcel of those of a list who are alike, from `first` on; returns where the next begin. */
static size_t gather(const sji_togethers *list, size_t first, sj_parcel *parcel)
{
    const sji_together *at = list->at;
    size_t i = first;
    sj_parcel_open(parcel, at[first].nation);
    for (; i < list->n && compare_togethers(&at[first], &at[i]) == 0; i++) {
        for (int g = 0; g < SJ_GROUPS; g++) {
            parcel->by_group[g] += at[i].by_group[g];
            parcel->n += at[i].by_group[g];
        }
    }
    return i;
}

static void sort_togethers(sji_togethers *list)
{
    if (list->n > 1) {
        qsort(list->at, list->n, sizeof list->at[0], compare_togethers);
    }
}

/* All of today's legs have ended: who came to one country by one channel is one parcel a nation. */
static void arrive_together(sj_run *run)
{
    const sj_world *w = run->world;
    sji_togethers *list = &run->journeys->arrivals;
    sort_togethers(list);
    for (size_t i = 0; i < list->n && run->ledger->status == SJ_OK;) {
        const sji_together *first = &list->at[i];
        i = gather(list, i, &run->parcel);
        sj_rng rng = sj_run_decide(run, "arrive", w->nations[first->nation].id,
                                   w->countries[first->intent.destination].id,
                                   w->channels[first->intent.channel].id);
        sj_journey_arrive(run, &run->parcel, first->intent, &rng);
    }
    list->n = 0;
}

static void without_destination(sj_run *run, sj_parcel *parcel, int leaf, sj_intent intent)
{
    sj_without without = SJ_WITHOUT_NOTHING;
    without.destination = intent.destination;
    sj_journey_choose_again(run, parcel, leaf, intent, without);
}

/* The caught who stand at one leaf and wanted to one country choose together, whatever link and
 * channel they had taken. */
static void choose_together(sj_run *run)
{
    sji_togethers *list = &run->journeys->caught;
    sort_togethers(list);
    for (size_t i = 0; i < list->n && run->ledger->status == SJ_OK;) {
        const sji_together *first = &list->at[i];
        i = gather(list, i, &run->parcel);
        without_destination(run, &run->parcel, first->leaf, first->intent);
    }
    list->n = 0;
}

/* Traffic and entries are counted here; then people are where they wanted to be, or wait at a
 * node. */
static void reach(sj_run *run, sj_parcel *parcel, int edge, sj_intent intent, sj_rng *rng)
{
    const sj_world *w = run->world;
    int head = w->edges[edge].to, country = w->leaves[head].country;
    run->ledger->tally
        .traffic[(edge * w->n_nations + parcel->nation) * w->n_channels + intent.channel] +=
        parcel->n;
    if (w->leaves[w->edges[edge].from].country != country) {
        int class = w->channels[intent.channel].class;
        int at = (country * w->n_nations + parcel->nation) * (SJ_CLASSES + 1) + class;
        run->ledger->tally.entries[at] += parcel->n;
    }
    intent = after_leg(run, parcel, head, intent);
    if (country == intent.destination && !w->leaves[head].is_node) {
        if (holds_nothing(parcel, intent)) {
            join(run, parcel, 0, intent, &run->journeys->arrivals);
        } else {
            sj_journey_arrive(run, parcel, intent, rng);
        }
    } else {
        sji_wait(run, parcel, head, SJ_TRANSIT, sj_intent_slot(intent));
    }
}

/* They stand at the tail: some keep their intent, the others choose without the destination. */
static void caught(sj_run *run, sj_parcel *parcel, int edge, sj_intent intent, sj_rng *rng)
{
    const sj_world *w = run->world;
    const sj_spec_link *link = &w->spec.links.at[w->edges[edge].link];
    int tail = w->edges[edge].from;
    run->ledger->tally.caught[edge * w->n_nations + parcel->nation] += parcel->n;
    sj_belief_ended(run, parcel->nation, intent.channel, intent.destination, parcel->n, false);
    int64_t retry = sj_draw_binomial(rng, parcel->n, run->value[link->retry]);
    sj_ledger_split(run->ledger, parcel, retry, rng, &run->other);
    sji_wait(run, &run->other, tail, SJ_TRANSIT, sj_intent_slot(intent));
    if (!holds_nothing(parcel, intent)) {
        without_destination(run, parcel, tail, intent);
    } else if (parcel->n > 0) {
        intent.channel = 0; /* no longer theirs */
        join(run, parcel, tail, intent, &run->journeys->caught);
    }
}

/* The people of one band: deaths come before captures, both with the chance of a leg of that many
 * days. Who is left is in the parcel. */
static void meet_risks(sj_run *run, int edge, const sj_band *band, sj_parcel *parcel)
{
    const sj_world *w = run->world;
    const sj_spec_link *link = &w->spec.links.at[w->edges[edge].link];
    sj_intent intent = sj_slot_intent(band->slot);
    sj_rng rng = sj_run_decide_travellers(run, w->edges[edge].back ? "leg-back" : "leg",
                                          link->item.id, band->nation, band->slot, band->days);
    double stretch = band->days / sj_edge_days(run, edge);
    double p_death = 1 - pow(1 - run->value[link->death_per_journey], stretch);
    double p_caught = w->channels[intent.channel].class != SJ_CLASS_IRREGULAR
                          ? 0
                          : 1 - pow(1 - run->value[link->caught], stretch);
    int64_t dead = sj_draw_binomial(&rng, parcel->n, p_death);
    if (dead > 0) {
        sj_ledger_split(run->ledger, parcel, dead, &rng, &run->other);
        run->ledger->tally.link_deaths[edge * w->n_nations + parcel->nation] += dead;
        sj_belief_ended(run, parcel->nation, intent.channel, intent.destination, dead, false);
        sj_ledger_die(run->ledger, &run->other);
    }
    int64_t n_caught = sj_draw_binomial(&rng, parcel->n, p_caught);
    if (n_caught > 0) {
        sj_ledger_split(run->ledger, parcel, n_caught, &rng, &run->journeys->held);
        caught(run, &run->journeys->held, edge, intent, &rng);
    }
}

/* Bands of one nation and intent, from `at` on: whatever days the leg took them, those whom it
 * did not harm get to its end together. Returns the number of bands. */
static size_t end_bands(sj_run *run, int edge, sj_band at[], size_t n)
{
    const sj_edge *e = &run->world->edges[edge];
    sj_parcel *reached = &run->journeys->reached, *parcel = &run->parcel;
    size_t i = 0;
    sj_parcel_open(reached, at[0].nation);
    for (; i < n && at[i].nation == at[0].nation && at[i].slot == at[0].slot; i++) {
        sj_ledger_alight(run->ledger, &at[i], parcel);
        if (e->has_risks) {
            meet_risks(run, edge, &at[i], parcel);
        }
        sj_ledger_pool(run->ledger, reached, parcel);
    }
    if (reached->n > 0) {
        const char *id = run->world->spec.links.at[e->link].item.id;
        sj_rng rng = sj_run_decide_travellers(run, e->back ? "end-back" : "end", id, at[0].nation,
                                              at[0].slot, 0);
        reach(run, reached, edge, sj_slot_intent(at[0].slot), &rng);
    }
    return i;
}

static int compare_bands(const void *a, const void *b)
{
    const sj_band *x = a, *y = b;
    int order = x->nation - y->nation;
    order = order != 0 ? order : (x->slot > y->slot) - (x->slot < y->slot);
    return order != 0 ? order : x->days - y->days;
}

/* The first event of a day ends all its legs in order of edge, nation and intent, whatever the
 * order of boarding was: scenarios that differ elsewhere meet the same chance. */
void sj_journey_legs_end(sj_run *run)
{
    if (run->journeys->ended_day == run->day) {
        return;
    }
    run->journeys->ended_day = run->day;
    for (int edge = 0; edge < run->world->n_edges && run->ledger->status == SJ_OK; edge++) {
        sj_leg *leg = sj_ledger_due(run->ledger, edge, run->day);
        if (leg == NULL) {
            continue;
        }
        qsort(leg->bands.at, leg->bands.n, sizeof leg->bands.at[0], compare_bands);
        for (size_t i = 0; i < leg->bands.n;) {
            i += end_bands(run, edge, leg->bands.at + i, leg->bands.n - i);
        }
        sj_ledger_leg_done(run->ledger, leg);
    }
    choose_together(run);
    arrive_together(run);
}

const sj_process_kind sj_journey_process = {
    .name = "journey",
    .doc = "legs, posts, nodes, capture, second choices and arrival",
    .switch_off = SJ_PROCESS_JOURNEY,
    .create = create,
    .begin = begin,
    .destroy = destroy,
    .steps = {{SJ_PHASE_DRIVERS, SJ_DAILY, forget_old_days},
              {SJ_PHASE_POSTS, SJ_DAILY, sji_review_posts},
              {SJ_PHASE_NODES, SJ_DAILY, sji_review_nodes}},
    .n_steps = 3};
