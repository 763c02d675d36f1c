/* Legs: whole days per person, deaths and captures at their end; arrival. A batch that boards
 * is split over days by one multinomial, so that cohorts and persons have the same law; the law
 * of an edge is kept until its mean changes. People arrive with an intent and, if they set out
 * as residents of a host, with what they hold there. */
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
           sj_parcel_init(&j->one_group, w) && sj_parcel_init(&j->reached, w) &&
           sj_parcel_init(&j->lapsed, w);
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
    sj_parcel_clear(&j->one_group);
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

void sji_remember_arrival(sj_run *run, int leaf, int group, int64_t n)
{
    int cell = leaf * SJ_GROUPS + group;
    if (run->ledger->retention[cell] < 1e-150) { /* nobody of the ring is left */
        for (int day = 0; day < SJI_RING; day++) {
            run->journeys->settled[cell * SJI_RING + day] = 0;
        }
        run->ledger->retention[cell] = 1;
    }
    run->journeys->settled[cell * SJI_RING + run->day % SJI_RING] +=
        (double)n / run->ledger->retention[cell];
    run->journeys->in_country[sj_country_of(run, leaf) * 365 + run->day % 365] += n;
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

/* Law of the whole days of an edge: day j gets F(j + 1/2) - F(j - 1/2), day 1 all below 1.5. */
static sj_split *new_split(sj_run *run, int edge, double mean)
{
    const sj_world *w = run->world;
    double cv = run->value[w->spec.links.at[w->edges[edge].link].days_cv];
    double weight[SJ_LEG_DAYS];
    int n = 0, mode = 0;
    if (cv < 1e-6) {
        int day = (int)floor(mean + 0.5);
        n = day < 1 ? 1 : day > SJ_LEG_DAYS ? SJ_LEG_DAYS : day;
        for (int i = 0; i < n; i++) {
            weight[i] = i == n - 1;
        }
        mode = n - 1;
    } else {
        double shape = 1 / (cv * cv), scale = mean / shape, below = 0;
        do {
            double up_to = gsl_cdf_gamma_P(n + 1.5, shape, scale);
            weight[n] = up_to - below;
            mode = weight[n] > weight[mode] ? n : mode;
            below = up_to;
            n++;
        } while (below < 1 - 1e-12 && n < SJ_LEG_DAYS);
    }
    double first = weight[0];
    weight[0] = weight[mode];
    weight[mode] = first;
    run->journeys->mode_day[edge] = mode;
    run->journeys->n_days[edge] = n;
    return sj_split_new((size_t)n, weight);
}

static const sj_split *split_of(sj_run *run, int edge)
{
    sj_journeys *j = run->journeys;
    double mean = sj_edge_days(run, edge);
    if (j->leg_split[edge] == NULL || j->split_days[edge] != mean) {
        sj_split_free(j->leg_split[edge]);
        j->leg_split[edge] = new_split(run, edge, mean);
        j->split_days[edge] = mean;
        if (j->leg_split[edge] == NULL) {
            run->ledger->status = SJ_E_NOMEM;
        }
    }
    return j->leg_split[edge];
}

static void post_end(sj_run *run, int days)
{
    sj_event event = {.kind = 0, .index = 0, .data = run->day + days};
    if (sj_calendar_post(run->calendar, run->day + days, SJ_PHASE_ARRIVALS, event) == 0) {
        run->ledger->status = SJ_E_NOMEM;
    }
}

static void board_days(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot, int days)
{
    bool is_new = false;
    (void)sj_ledger_board(run->ledger, parcel, edge, slot, days, &is_new);
    if (is_new) {
        post_end(run, days);
    }
}

/* How many of n take each whole number of days on an edge. */
static void draw_days(sj_journeys *j, const sj_split *split, int edge, int64_t n, sj_rng *rng,
                      int64_t count[])
{
    int mode = j->mode_day[edge];
    sj_split_draw(split, rng, n, count);
    SJ_SWAP(int64_t, count[0], count[mode]);
}

/* Whole days that one person takes. */
static size_t draw_day(const sj_journeys *j, const sj_split *split, int edge, sj_rng *rng)
{
    size_t class = sj_split_one(split, rng), mode = (size_t)j->mode_day[edge];
    return 1 + (class == 0 ? mode : class == mode ? 0 : class);
}

/* With permits, which are drawn along with the people. */
static void board_holders(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot,
                          const sj_split *split, sj_rng *rng)
{
    int64_t *count = run->journeys->count;
    draw_days(run->journeys, split, edge, parcel->n, rng, count);
    for (int day = 0; parcel->n > 0; day++) {
        if (count[day] == parcel->n) {
            board_days(run, parcel, edge, slot, day + 1);
        } else if (count[day] > 0) {
            sj_ledger_split(run->ledger, parcel, count[day], rng, &run->third);
            board_days(run, &run->third, edge, slot, day + 1);
        }
    }
}

static void board_some(sj_run *run, int nation, const int64_t by_group[SJ_GROUPS], int edge,
                       uint64_t slot, int days)
{
    bool is_new = false;
    (void)sj_ledger_board_groups(run->ledger, nation, by_group, edge, slot, days, &is_new);
    if (is_new) {
        post_end(run, days);
    }
}

enum { FEW = 6 };

/* Few people draw their days one by one; those of a day board together. */
static void board_few(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot,
                      const sj_split *split, sj_rng *rng)
{
    int64_t by_group[FEW][SJ_GROUPS] = {0};
    size_t days[FEW], n = 0;
    for (int g = 0; g < SJ_GROUPS; g++) {
        for (int64_t i = 0; i < parcel->by_group[g]; i++) {
            size_t day = draw_day(run->journeys, split, edge, rng), at = 0;
            while (at < n && days[at] != day) {
                at++;
            }
            n += at == n;
            days[at] = day;
            by_group[at][g]++;
        }
    }
    for (size_t i = 0; i < n; i++) {
        board_some(run, parcel->nation, by_group[i], edge, slot, (int)days[i]);
    }
    sj_parcel_open(parcel, parcel->nation);
}

/* Groups draw their days one after the other; the people of a day board together. */
static void board_groups(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot,
                         const sj_split *split, sj_rng *rng)
{
    sj_journeys *j = run->journeys;
    int n_days = j->n_days[edge];
    int64_t left = parcel->n;
    for (int g = 0; g < SJ_GROUPS; g++) {
        int64_t *count = j->by_day + g * n_days;
        if (parcel->by_group[g] > 0) {
            draw_days(j, split, edge, parcel->by_group[g], rng, count);
        } else {
            memset(count, 0, (size_t)n_days * sizeof count[0]);
        }
    }
    for (int day = 0; day < n_days && left > 0; day++) {
        int64_t by_group[SJ_GROUPS], n = 0;
        for (int g = 0; g < SJ_GROUPS; g++) {
            by_group[g] = j->by_day[g * n_days + day];
            n += by_group[g];
        }
        if (n > 0) {
            board_some(run, parcel->nation, by_group, edge, slot, day + 1);
            left -= n;
        }
    }
    sj_parcel_open(parcel, parcel->nation);
}

void sji_board(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot, sj_rng *rng)
{
    const sj_split *split = split_of(run, edge);
    if (split == NULL || parcel->n == 0) {
        return;
    }
    sj_ledger_end_cases(run->ledger, parcel, false);
    if (parcel->permits.n > 0) {
        board_holders(run, parcel, edge, slot, split, rng);
        return;
    }
    if (parcel->group != SJ_MIXED) {
        parcel->by_group[parcel->group] = parcel->n;
    }
    if (parcel->n <= FEW) {
        board_few(run, parcel, edge, slot, split, rng);
    } else {
        board_groups(run, parcel, edge, slot, split, rng);
    }
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

/* Those who hold nothing arrive together, whatever link they came by: see arrive_together(). */
static void join_arrivals(sj_run *run, sj_parcel *parcel, sj_intent intent)
{
    sji_arrival one = {.nation = parcel->nation, .intent = intent};
    memcpy(one.by_group, parcel->by_group, sizeof one.by_group);
    if (!sj_vec_push(&run->journeys->arrivals, one)) {
        run->ledger->status = SJ_E_NOMEM;
    }
    sj_parcel_open(parcel, parcel->nation);
}

static int compare_arrivals(const void *left, const void *right)
{
    const sji_arrival *a = left, *b = right;
    int order = a->nation - b->nation;
    order = order != 0 ? order : a->intent.destination - b->intent.destination;
    return order != 0 ? order : a->intent.channel - b->intent.channel;
}

/* All of today's legs have ended: who came to one country by one channel is one parcel a nation. */
static void arrive_together(sj_run *run)
{
    const sj_world *w = run->world;
    sj_parcel *parcel = &run->parcel;
    sji_arrival *at = run->journeys->arrivals.at;
    size_t n = run->journeys->arrivals.n;
    if (n > 1) {
        qsort(at, n, sizeof at[0], compare_arrivals);
    }
    for (size_t i = 0; i < n && run->ledger->status == SJ_OK;) {
        const sji_arrival *first = &at[i];
        sj_parcel_open(parcel, first->nation);
        for (; i < n && compare_arrivals(first, &at[i]) == 0; i++) {
            for (int g = 0; g < SJ_GROUPS; g++) {
                parcel->by_group[g] += at[i].by_group[g];
                parcel->n += at[i].by_group[g];
            }
        }
        sj_rng rng = sj_run_decide(run, "arrive", w->nations[first->nation].id,
                                   w->countries[first->intent.destination].id,
                                   w->channels[first->intent.channel].id);
        sj_journey_arrive(run, parcel, first->intent, &rng);
    }
    run->journeys->arrivals.n = 0;
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
        if (intent.hold_country == SJ_NO_REF && parcel->permits.n == 0) {
            join_arrivals(run, parcel, intent);
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
    sj_without without = SJ_WITHOUT_NOTHING;
    without.destination = intent.destination;
    sj_journey_choose_again(run, parcel, tail, intent, without);
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
    arrive_together(run);
}

/* People of a parcel whose permits have run out by today; their records are taken out. */
static int64_t take_expired(sj_run *run, sj_parcel *parcel)
{
    int64_t expired = 0;
    size_t n = 0;
    while (n < parcel->permits.n && parcel->permits.at[n].expiry <= run->today) {
        expired += parcel->permits.at[n++].count;
    }
    parcel->permits.n -= n;
    memmove(parcel->permits.at, parcel->permits.at + n, parcel->permits.n * sizeof(sj_permit));
    run->ledger->permits.expired += expired;
    run->ledger->permits.valid -= expired;
    return expired;
}

/* Back where they hold a status: neither an arrival nor a new entry; a stay that ended meanwhile
 * has lapsed. */
static void take_up_again(sj_run *run, sj_parcel *parcel, int leaf, sj_intent intent, sj_rng *rng)
{
    sj_ledger *ledger = run->ledger;
    int status = intent.hold_status, lapsed = run->world->lapse_of[status];
    int64_t late = lapsed == SJ_NO_REF || parcel->permits.n == 0 ? 0 : take_expired(run, parcel);
    if (late > 0) {
        sj_parcel *gone = &run->journeys->lapsed;
        sj_permits kept = {0};
        SJ_SWAP(sj_permits, kept, parcel->permits);
        sj_ledger_split(ledger, parcel, late, rng, gone);
        SJ_SWAP(sj_permits, kept, parcel->permits);
        sj_ledger_settle(ledger, gone, leaf, lapsed, gone->group, intent.hold_vintage, rng);
    }
    sj_ledger_settle(ledger, parcel, leaf, status, parcel->group, intent.hold_vintage, rng);
}

/* People of one group at one leaf: back in the old status, home, or in with the entry status, a
 * stay and perhaps a case. */
static void settle_group(sj_run *run, sj_parcel *parcel, int leaf, sj_intent intent, sj_rng *rng)
{
    const sj_world *w = run->world;
    const sj_channel_of *channel = &w->channels[intent.channel];
    sj_ledger *ledger = run->ledger;
    int group = parcel->group, nation = parcel->nation;
    int64_t n = parcel->n;
    sj_parcel_reset(ledger, parcel);
    if (intent.hold_country == intent.destination) {
        take_up_again(run, parcel, leaf, intent, rng);
        return;
    }
    ledger->tally.arrivals[(leaf * w->n_nations + nation) * w->n_channels + intent.channel] += n;
    if (intent.channel == w->home_channel) {
        sj_ledger_settle(ledger, parcel, leaf, SJ_RETURNEE, group, 0, rng);
        return;
    }
    if (channel->spec->stay_days != SJ_NO_VALUE) {
        int stay = (int)run->value[channel->spec->stay_days];
        sj_ledger_grant_permits(ledger, parcel, run->today + stay);
    }
    int vintage = sj_world_vintage(w, intent.destination, nation, run->today);
    sji_remember_arrival(run, leaf, group, n);
    if (channel->applies != SJ_NO_REF && sj_runs(run, SJ_PROCESS_PROGRAMMES) &&
        sj_programme_takes(run, channel->applies)) {
        sj_programme_attach(run, parcel, channel->applies);
    }
    sj_ledger_settle(ledger, parcel, leaf, channel->entry_status, group, vintage, rng);
}

static void settle_at(sj_run *run, sj_parcel *parcel, int leaf, sj_intent intent, sj_rng *rng)
{
    sj_parcel *one = &run->journeys->one_group;
    if (parcel->group != SJ_MIXED) {
        settle_group(run, parcel, leaf, intent, rng);
        return;
    }
    for (int g = 0; g < SJ_GROUPS && parcel->n > 0; g++) {
        if (parcel->by_group[g] > 0) {
            sj_ledger_split_group(run->ledger, parcel, g, rng, one);
            settle_group(run, one, leaf, intent, rng);
        }
    }
}

/* Entry ends a journey well for the belief, unless people come back to what they hold. */
void sj_journey_arrive(sj_run *run, sj_parcel *parcel, sj_intent intent, sj_rng *rng)
{
    const sj_country *country = &run->world->countries[intent.destination];
    if (intent.hold_country != SJ_NO_REF && intent.hold_country != intent.destination) {
        sj_ledger_end_permits(run->ledger, parcel);
        intent.hold_country = SJ_NO_REF;
    }
    if (intent.hold_country == SJ_NO_REF) {
        sj_belief_ended(run, parcel->nation, intent.channel, intent.destination, parcel->n, true);
    }
    if (country->is_outside) {
        sj_ledger_leave(run->ledger, parcel, intent.destination);
        return;
    }
    sj_parcel *some = &run->journeys->settling;
    int64_t left = parcel->n;
    double rest = 1;
    for (int i = 0; i < country->n_settled && parcel->n > 0; i++) {
        double p = rest > 0 ? country->settle_share[i] / rest : 1;
        int64_t here =
            i == country->n_settled - 1 ? left : sj_draw_binomial(rng, left, p < 1 ? p : 1);
        rest -= country->settle_share[i];
        left -= here;
        if (here == 0) {
            continue;
        }
        sj_ledger_split(run->ledger, parcel, here, rng, some);
        settle_at(run, some, country->settled[i], intent, rng);
    }
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
