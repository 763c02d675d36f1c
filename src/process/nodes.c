/* Places on the way: waiting, going on, posts, choosing once more. Who waits keeps the intent;
 * only a refusal, a capture, a way that ends or a marked event makes people choose again, from
 * where they stand and without what has failed (semantics A6). A post is a stage whose cases
 * are people in transit. */
#include "process/journey_inside.h"

#include <math.h>
#include <stdlib.h>

#include "process/belief.h"
#include "process/institution.h"
#include "process/route.h"

static int post_stage(const sj_world *w, int post)
{
    return w->n_stages - w->n_posts + post;
}

void sji_wait(sj_run *run, sj_parcel *parcel, int leaf, int status, uint64_t slot)
{
    if (parcel->n == 0) {
        return;
    }
    sj_ledger_end_cases(run->ledger, parcel, false);
    sj_parcel_reset(run->ledger, parcel);
    sj_ledger_put(run->ledger, parcel,
                  sj_ledger_waiting(run->ledger, parcel->nation, leaf, status, slot));
}

/* A parcel joins the queue of the post at the tail of an edge. */
static void queue_at_post(sj_run *run, sj_parcel *parcel, int edge, uint64_t slot)
{
    const sj_edge *e = &run->world->edges[edge];
    sj_ledger *ledger = run->ledger;
    int64_t n = parcel->n;
    sj_stratum *waiting = sj_ledger_waiting(ledger, parcel->nation, e->from, SJ_TRANSIT, slot);
    sji_wait(run, parcel, e->from, SJ_TRANSIT, slot);
    waiting->exits.n -= n; /* who queues is not among the newcomers of the node */
    waiting->exits.sum_day = (double)waiting->exits.n * run->day;
    sj_ledger_open_case(ledger, waiting, post_stage(run->world, e->post), n, run->today, run->today,
                        0);
}

/* By the shares of the route onto links or into the queue of a post; without a way they choose
 * once more. */
void sji_take_edges(sj_run *run, sj_parcel *parcel, int leaf, bool from_country, sj_intent intent,
                    sj_rng *rng)
{
    sj_journeys *j = run->journeys;
    const sj_world *w = run->world;
    const sj_channel_of *channel = &w->channels[intent.channel];
    sj_route *route = sj_route_to(run, parcel->nation, intent.destination, channel->way);
    const int *edge;
    const double *share;
    int n = route == NULL ? 0 : sj_route_shares(run, route, leaf, from_country, &edge, &share);
    if (n == 0) {
        sj_without without = SJ_WITHOUT_NOTHING;
        without.destination = intent.destination;
        without.from_country = from_country;
        sj_journey_choose_again(run, parcel, leaf, intent, without);
        return;
    }
    sj_draw_multinomial(rng, parcel->n, (size_t)n, share, j->by_edge);
    uint64_t slot = sj_intent_slot(intent);
    for (int i = 0; i < n; i++) {
        if (j->by_edge[i] == 0) {
            continue;
        }
        sj_ledger_split(run->ledger, parcel, j->by_edge[i], rng, &j->chosen);
        if (w->edges[edge[i]].post != SJ_NO_REF && channel->class == SJ_CLASS_REGULAR) {
            queue_at_post(run, &j->chosen, edge[i], slot);
        } else {
            sji_board(run, &j->chosen, edge[i], slot, rng);
        }
    }
}

void sj_journey_set_out(sj_run *run, sj_parcel *parcel, int leaf, bool from_country,
                        sj_intent intent, sj_rng *rng)
{
    if (parcel->n > 0) {
        sj_ledger_end_cases(run->ledger, parcel, false);
        sji_take_edges(run, parcel, leaf, from_country, intent, rng);
    }
}

/* In one's own country home is at once. */
static void back_home(sj_run *run, sj_parcel *parcel, sj_rng *rng)
{
    const sj_world *w = run->world;
    sj_intent intent = {.destination = sj_home_of(run, parcel->nation),
                        .channel = w->home_channel,
                        .hold_country = SJ_NO_REF};
    sj_ledger_end_permits(run->ledger, parcel);
    sj_journey_arrive(run, parcel, intent, rng);
}

static bool can_go_home(sj_run *run, int nation, int leaf, bool from_country)
{
    int home = sj_home_of(run, nation);
    if (sj_country_of(run, leaf) == home) {
        return true;
    }
    const sj_route *route = sj_route_to(run, nation, home, run->world->n_ways);
    return route != NULL && isfinite(from_country ? route->start_value[sj_country_of(run, leaf)]
                                                  : route->value[leaf]);
}

/* One option taken by all of a parcel, at once. */
static void follow(sj_run *run, sj_parcel *parcel, int leaf, bool from_country, sj_intent intent,
                   sj_rng *rng)
{
    const sj_world *w = run->world;
    bool there = sj_country_of(run, leaf) == intent.destination && !w->leaves[leaf].is_node;
    if (there) {
        sj_journey_arrive(run, parcel, intent, rng);
    } else {
        sji_take_edges(run, parcel, leaf, from_country, intent, rng);
    }
}

static void choose_home(sj_run *run, sj_parcel *parcel, int leaf, sj_intent intent,
                        sj_without without, sj_rng *rng)
{
    if (without.applicant) {
        sj_parcel_reset(run->ledger, parcel);
        sj_ledger_settle(run->ledger, parcel, leaf, SJ_CITIZEN, 0, rng);
        return;
    }
    if (sj_country_of(run, leaf) == sj_home_of(run, parcel->nation)) {
        back_home(run, parcel, rng);
        return;
    }
    intent.destination = sj_home_of(run, parcel->nation);
    intent.channel = run->world->home_channel;
    follow(run, parcel, leaf, without.from_country, intent, rng);
}

/* Second choices may lead to others (no way left): each has a scratch of its own, kept for the
 * next. */
static sji_choosing *borrow_choosing(sj_run *run)
{
    sj_journeys *j = run->journeys;
    if (j->choosings.n > 0) {
        return j->choosings.at[--j->choosings.n];
    }
    sji_choosing *c = sj_calloc(1, sizeof *c);
    if (c == NULL || !sj_parcel_init(&c->with_access, run->world) ||
        !sj_parcel_init(&c->some, run->world)) {
        sji_choosing_free(c);
        run->ledger->status = SJ_E_NOMEM;
        return NULL;
    }
    return c;
}

static void return_choosing(sj_run *run, sji_choosing *c)
{
    if (!sj_vec_push(&run->journeys->choosings, c)) {
        sji_choosing_free(c);
        run->ledger->status = SJ_E_NOMEM;
    }
}

void sji_choosing_free(sji_choosing *c)
{
    if (c != NULL) {
        sj_parcel_clear(&c->with_access);
        sj_parcel_clear(&c->some);
        sj_vec_clear(&c->taken);
        free(c);
    }
}

/* Which options n people take, and how many each; -1 is home. */
static void draw_options(sj_run *run, const sj_options *o, int64_t n, double share_home,
                         sji_choosing *c, sj_rng *rng)
{
    sj_journeys *j = run->journeys;
    for (int i = 0; i < o->n; i++) {
        j->weight[i] = o->p[i] * (1 - share_home);
    }
    j->weight[o->n] = share_home;
    sj_draw_multinomial(rng, n, (size_t)o->n + 1, j->weight, j->count);
    c->taken.n = 0;
    for (int i = 0; i <= o->n; i++) {
        sji_taken one = {i == o->n ? -1 : i, j->count[i]};
        if (one.n > 0 && !sj_vec_push(&c->taken, one)) {
            run->ledger->status = SJ_E_NOMEM;
        }
    }
}

/* People of one access group choose among the options and home; without any they are stranded. */
static void choose_among(sj_run *run, sj_parcel *parcel, int leaf, sj_intent intent,
                         bool has_access, sj_without without, sji_choosing *c, sj_rng *rng)
{
    bool home = can_go_home(run, parcel->nation, leaf, without.from_country);
    const sj_options *o =
        sj_choice_options(run, parcel->nation, leaf, without.from_country, has_access, without);
    if (o->n == 0 && !home) {
        sji_wait(run, parcel, leaf, SJ_STRANDED, sj_intent_slot(intent));
        return;
    }
    double utility = run->value[run->world->spec.choice.home];
    double share_home = !home ? 0 : o->n == 0 ? 1 : 1 / (1 + exp(-utility));
    draw_options(run, o, parcel->n, share_home, c, rng);
    for (size_t i = 0; i < c->taken.n && run->ledger->status == SJ_OK; i++) {
        sji_taken one = c->taken.at[i];
        sj_ledger_split(run->ledger, parcel, one.n, rng, &c->some);
        if (one.option < 0) {
            choose_home(run, &c->some, leaf, intent, without, rng);
            continue;
        }
        if (without.applicant) {
            run->ledger->tally.departures[c->some.nation] += c->some.n;
        }
        sj_intent next = intent;
        next.destination = o->country[one.option];
        next.channel = o->channel[one.option];
        follow(run, &c->some, leaf, without.from_country, next, rng);
    }
}

/* Access is drawn again; channels that require an application are out of reach here. */
void sj_journey_choose_again(sj_run *run, sj_parcel *parcel, int leaf, sj_intent intent,
                             sj_without without)
{
    sji_choosing *c = parcel->n == 0 || run->ledger->status != SJ_OK ? NULL : borrow_choosing(run);
    if (c == NULL) {
        return;
    }
    sj_rng rng = sj_run_decide_travellers(run, "again", run->world->leaves[leaf].id, parcel->nation,
                                          sj_intent_slot(intent), 0);
    without.no_application = true;
    int64_t n_access = sj_draw_binomial(&rng, parcel->n, sj_choice_access(run, parcel->nation));
    sj_ledger_split(run->ledger, parcel, n_access, &rng, &c->with_access);
    if (c->with_access.n > 0) {
        choose_among(run, &c->with_access, leaf, intent, true, without, c, &rng);
    }
    if (parcel->n > 0) {
        choose_among(run, parcel, leaf, intent, false, without, c, &rng);
    }
    return_choosing(run, c);
}

/* From the day after they came: newcomers of today stay. */
static void leave_node(sj_run *run, sj_stratum *s)
{
    const sj_world *w = run->world;
    sj_intent intent = sj_slot_intent(s->slot);
    int64_t free_people = s->n - s->n_cases - s->exits.n;
    const sj_spec_place *place = &w->spec.places.at[w->leaves[s->leaf].place];
    double p = run->value[place->leave_per_day] * run->anticipation[s->nation];
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_NODE]);
    int64_t m = free_people <= 0 ? 0 : sj_draw_binomial(&rng, free_people, p < 1 ? p : 1);
    sj_fixed fixed = {.no_case = true, .exits_new = 0, .vital_new = -1};
    if (m > 0) {
        int leaf = s->leaf;
        sj_ledger_take(run->ledger, s, m, fixed, &rng, &run->parcel);
        sji_take_edges(run, &run->parcel, leaf, false, intent, &rng);
    }
}

/* The stranded look again on the days when the choice tables are renewed. */
static void try_again(sj_run *run, sj_stratum *s)
{
    sj_intent intent = sj_slot_intent(s->slot);
    int leaf = s->leaf;
    sj_rng rng = sj_chance_decide(&run->chance, s->name[SJ_DECIDE_NODE]);
    sj_ledger_take(run->ledger, s, s->n, SJ_NOTHING_FIXED, &rng, &run->parcel);
    sj_journey_choose_again(run, &run->parcel, leaf, intent, SJ_WITHOUT_NOTHING);
}

/* Those who came today are no newcomers tomorrow; strata that emptied leave the list. */
static void end_node_day(sj_ledger *ledger)
{
    for (size_t i = 0; i < ledger->travellers.n; i++) {
        sj_since_pour(&ledger->travellers.at[i]->exits);
    }
    sj_strata_sweep(&ledger->travellers, SJ_LISTED_TRAVELLER);
}

void sji_review_nodes(sj_run *run)
{
    sj_ledger *ledger = run->ledger;
    int weekly = (int)run->value[run->world->spec.reviews.choice_days];
    size_t n = ledger->travellers.n;
    for (size_t i = 0; i < n; i++) {
        sj_stratum *s = ledger->travellers.at[i];
        if (s->n > 0 && s->status == SJ_TRANSIT) {
            leave_node(run, s);
        } else if (s->n > 0 && s->status == SJ_STRANDED && run->day % weekly == 0 &&
                   s->exits.n < s->n) {
            try_again(run, s);
        }
    }
    end_node_day(ledger);
}

static int edge_of_post(const sj_world *w, int post)
{
    for (int e = 0; e < w->n_edges; e++) {
        if (w->edges[e].post == post) {
            return e;
        }
    }
    return SJ_NO_REF;
}

/* People of one owner whom the post has served. */
static void pass_post(sj_run *run, int post, int edge, sj_stratum *s, int64_t n)
{
    const sj_spec_post *spec = &run->world->spec.posts.at[post];
    sj_ledger *ledger = run->ledger;
    sj_intent intent = sj_slot_intent(s->slot);
    sj_rng rng = sj_run_decide(run, "post", spec->item.id, s->text, "");
    sj_fixed fixed = {.no_case = true, .exits_new = 0, .vital_new = -1};
    int leaf = s->leaf;
    s->n_cases -= n;
    sj_ledger_take(ledger, s, n, fixed, &rng, &run->parcel);
    int64_t admitted = sj_draw_binomial(&rng, n, run->value[spec->admitted]);
    sj_ledger_split(ledger, &run->parcel, admitted, &rng, &run->other);
    sji_board(run, &run->other, edge, sj_intent_slot(intent), &rng);
    int64_t refused = run->parcel.n;
    ledger->tally.served[post_stage(run->world, post)] += n;
    ledger->tally.completed[post_stage(run->world, post)] += admitted;
    ledger->tally.refused[post] += refused;
    sj_belief_ended(run, run->parcel.nation, intent.channel, intent.destination, refused, false);
    sj_without without = SJ_WITHOUT_NOTHING;
    without.channel = intent.channel;
    sj_journey_choose_again(run, &run->parcel, leaf, intent, without);
}

static void serve_post(sj_run *run, int post)
{
    const sj_world *w = run->world;
    const sj_spec_post *spec = &w->spec.posts.at[post];
    int edge = edge_of_post(w, post), stage = post_stage(w, post);
    if (!sj_open_on((sj_open_days)spec->calendar, run->today) || edge == SJ_NO_REF ||
        !sj_edge_open(run, edge)) {
        return;
    }
    sj_stage *queue = run->ledger->stages[stage];
    int64_t slots = sj_stage_slots(queue, sj_stage_capacity(run, stage));
    sj_rng rng = sj_run_decide(run, "queue", spec->item.id, "", "");
    sj_batches *served = &run->journeys->batches;
    if (sj_stage_serve(queue, &rng, run->today, slots, served) != SJ_OK) {
        run->ledger->status = SJ_E_NOMEM;
        return;
    }
    for (size_t i = 0; i < served->n && run->ledger->status == SJ_OK; i++) {
        sj_batch batch = served->at[i];
        sj_stage_remember_wait(run, stage, run->today - batch.joined, batch.count);
        pass_post(run, post, edge, run->ledger->strata[batch.owner], batch.count);
    }
}

void sji_review_posts(sj_run *run)
{
    for (int p = 0; p < run->world->n_posts; p++) {
        serve_post(run, p);
    }
}

/* Who queues at the post of a closed link stands free and looks for another way tomorrow. */
void sj_journey_links_changed(sj_run *run)
{
    const sj_world *w = run->world;
    for (int p = 0; p < w->n_posts; p++) {
        int edge = edge_of_post(w, p), stage = post_stage(w, p);
        if (edge == SJ_NO_REF || sj_edge_open(run, edge)) {
            continue;
        }
        size_t n = 0;
        const uint32_t *owners;
        while ((owners = sj_stage_owners(run->ledger->stages[stage], &n)) != NULL && n > 0) {
            sj_stratum *s = run->ledger->strata[owners[0]];
            int64_t m = sj_stage_length_of(run->ledger->stages[stage], s->index);
            sj_rng rng = sj_run_decide(run, "close", w->spec.posts.at[p].item.id, s->text, "");
            if (sj_stage_take(run->ledger->stages[stage], &rng, s->index, m,
                              &run->journeys->batches) != SJ_OK) {
                run->ledger->status = SJ_E_NOMEM;
                return;
            }
            s->n_cases -= m;
        }
    }
}

static void turn_some(sj_run *run, sj_stratum *s, sj_intent intent, sj_without without)
{
    const sj_world *w = run->world;
    const sj_spec_place *place = &w->spec.places.at[w->leaves[s->leaf].place];
    sj_rng rng = sj_run_decide(run, "turn", s->text, "", "");
    int64_t m = sj_draw_binomial(&rng, s->n, run->value[place->turn_share]);
    int leaf = s->leaf;
    sj_ledger_take(run->ledger, s, m, SJ_NOTHING_FIXED, &rng, &run->parcel);
    sj_ledger_end_cases(run->ledger, &run->parcel, false);
    sj_journey_choose_again(run, &run->parcel, leaf, intent, without);
}

/* On the day of a marked event, some of those in transit towards it choose without it. */
void sj_journey_turn(sj_run *run, const bool channel[], const bool country[])
{
    size_t n = run->ledger->travellers.n;
    for (size_t i = 0; i < n; i++) {
        sj_stratum *s = run->ledger->travellers.at[i];
        if (s->status != SJ_TRANSIT || s->n == 0) {
            continue;
        }
        sj_intent intent = sj_slot_intent(s->slot);
        sj_without without = SJ_WITHOUT_NOTHING;
        if (channel[intent.channel]) {
            without.channel = intent.channel;
        } else if (country[intent.destination]) {
            without.destination = intent.destination;
        } else {
            continue;
        }
        turn_some(run, s, intent, without);
    }
}
