/**
 * @file test_journey.c
 * @brief Under way: nodes, posts, closed links, choosing once more, statuses taken up again,
 * stranded people, marked events. Laws at 1e-6, fixed seeds.
 *
 * Usage: test_journey [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "process/journey_inside.h"
#include "sim_kit.h"

#define OFF_BUT(x)                                                                                 \
    "/run/off=[\"onward\",\"return\",\"programmes\",\"chains\",\"demography\",\"services\","       \
    "\"funds\",\"opinion\",\"beliefs\",\"noise\"" x "]"
#define NO_DEPARTURE OFF_BUT(",\"departure\"")
#define SHUT(link, from, to)                                                                       \
    "/policies={\"shut\":{\"ops\":[{\"at\":\"/links/" link                                         \
    "/open\",\"set\":false,\"from\":\"" from "\",\"to\":\"" to "\"}]}}"

static const double home_share = 0.26894142136999512; /* 1 / (1 + e) */

static sj_rng rng_of(uint64_t number)
{
    return sj_rng_start(sj_rng_key_of(8, number), 3, 0, 0);
}

/** n adults stand at a leaf with an intent, as if they had come today. */
static void stand(sj_sim *sim, const char *leaf, int64_t n, sj_intent intent)
{
    sj_run *run = hands(sim);
    conjure(sim, &run->parcel, "ori", SJ_GROUP_18_59, n);
    sji_wait(run, &run->parcel, sj_world_leaf(run->world, leaf), SJ_TRANSIT,
             sj_intent_slot(intent));
}

static int64_t on_edge(const sj_sim *sim, const char *link, bool back)
{
    const sj_run *run = sj_sim_state(sim);
    int edge = edge_of(run->world, link, back);
    int64_t n = 0;
    for (int d = 0; d <= SJ_LEG_DAYS; d++) {
        const sj_leg *leg = sj_ledger_leg(run->ledger, edge, d);
        for (size_t b = 0; leg != NULL && b < leg->bands.n; b++) {
            n += leg->bands.at[b].n;
        }
    }
    return n;
}

/* From the day after they came the share leave_per_day leaves each day. */
static void test_nodes(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, (const char *[]){NO_DEPARTURE, NULL});
    sj_sim *sim = sim_of(w, 1, 0);
    stand(sim, "gap", 100000, intent_for(sim, "far", "overland"));
    run_to(sim, 1); /* they came on day 0, after the review of nodes; newcomers wait a day */
    assert_int_equal(COUNT(sim, .place = "gap"), 100000);
    double left = 100000;
    for (int day = 2; day <= 5; day++) {
        run_to(sim, day);
        double now = (double)COUNT(sim, .place = "gap");
        hold_binomial(left - now, left, 0.2, "who go on");
        left = now;
    }
    assert_true(on_edge(sim, "gap-far", false) > 50000);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* A post serves regular channels on its link, in one direction; irregular people pass by. */
static void test_post(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, (const char *[]){NO_DEPARTURE, NULL});
    sj_sim *sim = sim_of(w, 1, 0);
    sj_run *run = hands(sim);
    sj_rng rng = rng_of(1);
    int ori = sj_world_leaf(w, "ori"), stage = post_stage_of(sim, 0);
    conjure(sim, &run->parcel, "ori", SJ_GROUP_18_59, 1000);
    sj_journey_set_out(run, &run->parcel, ori, true, intent_for(sim, "nea", "visa-free"), &rng);
    conjure(sim, &run->parcel, "ori", SJ_GROUP_18_59, 500);
    sj_journey_set_out(run, &run->parcel, ori, true, intent_for(sim, "nea", "overland"), &rng);
    assert_int_equal(COUNT(sim, .place = "ori", .status = "transit"), 1000);
    assert_int_equal(sj_stage_length(run->ledger->stages[stage]), 1000);
    assert_int_equal(on_edge(sim, "ori-port", false), 500);
    assert_int_equal(run->ledger->home_pool[sj_world_nation(w, "ori")], 10000000);
    for (int day = 1; day <= 16; day++) {
        run_to(sim, day);
        assert_int_equal(run->ledger->tally.served[stage], 60 * day);
    }
    run_to(sim, 17);
    assert_int_equal(run->ledger->tally.served[stage], 1000);
    assert_int_equal(COUNT(sim, .place = "ori", .status = "transit"), 0);
    size_t n;
    const int64_t *waits = sj_stage_waits(run, stage, &n);
    assert_int_equal(n, 18);
    assert_int_equal(waits[1], 60);
    assert_int_equal(waits[17], 40);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* The refused choose once more without that channel: 0.269 are at home at once, as returnees. */
static void test_refused_at_the_post(void **state)
{
    sj_world *w =
        world_set(TWO_HOSTS, (const char *[]){NO_DEPARTURE, "/posts/port-post/admitted=0",
                                              "/posts/port-post/slots_per_day=100000", NULL});
    sj_sim *sim = sim_of(w, 2, 0);
    sj_run *run = hands(sim);
    sj_rng rng = rng_of(1);
    conjure(sim, &run->parcel, "ori", SJ_GROUP_18_59, 20000);
    sj_journey_set_out(run, &run->parcel, sj_world_leaf(w, "ori"), true,
                       intent_for(sim, "nea", "visa-free"), &rng);
    run_to(sim, 1);
    assert_int_equal(run->ledger->tally.refused[0], 20000);
    int64_t home = COUNT(sim, .status = "returnee");
    hold_binomial((double)home, 20000, home_share, "at home");
    assert_int_equal(arrivals_at(sim, "ori", "home"), home);
    assert_int_equal(on_edge(sim, "ori-port", false), 20000 - home);
    run_to(sim, 60);
    assert_int_equal(arrivals_at(sim, NULL, "visa-free"), 0);
    assert_true(arrivals_at(sim, "nea", "overland") > 10000);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Who queues at the post of a closed link stands free; with no way left they choose once more. */
static void test_queue_at_a_closed_post(void **state)
{
    sj_world *w =
        world_set(TWO_HOSTS, (const char *[]){NO_DEPARTURE,
                                              SHUT("ori-port", "2022-01-05", "2022-02-01"), NULL});
    sj_sim *sim = sim_of(w, 3, 0);
    sj_run *run = hands(sim);
    sj_rng rng = rng_of(1);
    conjure(sim, &run->parcel, "ori", SJ_GROUP_18_59, 1000);
    run->ledger->tally.departures[sj_world_nation(w, "ori")] += 1000;
    sj_journey_set_out(run, &run->parcel, sj_world_leaf(w, "ori"), true,
                       intent_for(sim, "nea", "visa-free"), &rng);
    run_to(sim, 3);
    assert_int_equal(sj_stage_length(run->ledger->stages[post_stage_of(sim, 0)]), 1000 - 180);
    int64_t through = run->ledger->tally.completed[post_stage_of(sim, 0)];
    int64_t others = 180 - through; /* refused: home, or by the path */
    run_to(sim, 5);
    assert_int_equal(sj_stage_length(run->ledger->stages[post_stage_of(sim, 0)]), 0);
    assert_int_equal(COUNT(sim, .place = "ori", .status = "transit"), 0);
    int64_t home = COUNT(sim, .status = "returnee");
    assert_true(home >= 820 - 60 && home <= 820 + others);
    assert_int_equal(departures_of(sim) - arrivals_at(sim, NULL, NULL),
                     run->ledger->on_link + COUNT(sim, .status = "transit"));
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Those with no way left choose once more without that destination; who is on the link arrives. */
static void test_closed_link(void **state)
{
    sj_world *w =
        world_set(TWO_HOSTS, (const char *[]){NO_DEPARTURE, "/links/gap-far/caught=0",
                                              "/links/gap-far/death_per_journey=0",
                                              "/places/gap/leave_per_day=1",
                                              SHUT("gap-far", "2022-01-04", "2023-01-01"), NULL});
    sj_sim *sim = sim_of(w, 4, 0);
    stand(sim, "gap", 300, intent_for(sim, "far", "claim"));
    run_to(sim, 2);
    assert_int_equal(on_edge(sim, "gap-far", false), 300); /* the last day on which it is open */
    stand(sim, "gap", 40000, intent_for(sim, "far", "overland"));
    run_to(sim, 4);
    assert_int_equal(COUNT(sim, .place = "gap"), 0);
    run_to(sim, 90);
    assert_int_equal(arrivals_at(sim, "far", "claim"), 300);
    assert_int_equal(arrivals_at(sim, "far", "overland"), 0);
    hold_binomial((double)arrivals_at(sim, "ori", "home"), 40000, home_share, "home");
    assert_int_equal(arrivals_at(sim, NULL, NULL), 40300);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* No option at all: stranded, until a way opens. */
static void test_stranded(void **state)
{
    sj_world *w = world_set(
        TWO_HOSTS, (const char *[]){NO_DEPARTURE, "/places/gap/leave_per_day=1",
                                    SHUT("{gap-far,port-gap}", "2022-01-02", "2022-02-01"), NULL});
    sj_sim *sim = sim_of(w, 5, 0);
    run_to(sim, 1);
    stand(sim, "gap", 500, intent_for(sim, "far", "overland"));
    run_to(sim, 3);
    assert_int_equal(COUNT(sim, .place = "gap", .status = "stranded"), 500);
    run_to(sim, 30);
    assert_int_equal(COUNT(sim, .place = "gap", .status = "stranded"), 500);
    run_to(sim, 31 + 7); /* they look on the days when the choice tables are renewed */
    assert_int_equal(COUNT(sim, .status = "stranded"), 0);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* On a marked event the share turn_share of those waiting whom it concerns choose anew. */
static void test_marked_event(void **state)
{
    sj_world *w =
        world_set(TWO_HOSTS,
                  (const char *[]){
                      NO_DEPARTURE, "/places/gap/leave_per_day=0", "/places/gap/turn_share=0.3",
                      "/policies={\"m\":{\"marked\":true,\"ops\":[{\"at\":\"/channels/claim/open\","
                      "\"set\":false,\"from\":\"2022-01-10\"}]}}",
                      NULL});
    sj_sim *sim = sim_of(w, 6, 0);
    stand(sim, "gap", 10000, intent_for(sim, "far", "claim"));
    stand(sim, "gap", 700, intent_for(sim, "nea", "overland"));
    run_to(sim, 8);
    assert_int_equal(COUNT(sim, .place = "gap"), 10700);
    run_to(sim, 9);
    int64_t left = 10700 - COUNT(sim, .place = "gap");
    hold_binomial((double)left, 10000, 0.3, "who turn"); /* the others are not concerned */
    run_to(sim, 12);
    assert_int_equal(COUNT(sim, .place = "gap"), 10700 - left);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* ---- what people hold where they come from ---- */

#define BORDER                                                                                     \
    "{'format':'sojourn-scenario/"                                                                 \
    "1','id':'border','time':{'start':'2022-01-01','end':'2022-12-31'},"                           \
    "'run':{'off':['departure','onward','return','demography','beliefs']},"                        \
    "'places':{'ori':{'kind':'country','population':1000,'income_usd_per_year':1},"                \
    "'nea':{'kind':'country','population':100000,'income_usd_per_year':1},"                        \
    "'far':{'kind':'country','population':1000,'income_usd_per_year':1}},"                         \
    "'nationalities':{'ori':{'home':'ori','departs':false},'nea':{'home':'nea','departs':false},"  \
    "'far':{'home':'far','departs':false}},"                                                       \
    "'stocks':{'ori':{'nea':{'count':5000,'status_shares':{'visitor':1},'group_shares':"           \
    "{'18-59':1},'permit_expiry':{'visitor':{'from':'2022-01-11','to':'2022-01-11'}}}}},"          \
    "'statuses':{'visitor':{'standing':'temporary'},'none':{'standing':'none'}},"                  \
    "'channels':{'path':{'class':'irregular','to':['nea','far'],'entry_status':'none'},"           \
    "'bus':{'class':'regular','to':['nea'],'entry_status':'visitor','stay_days':90,"               \
    "'lapses_to':'none'}},"                                                                        \
    "'links':{'wall':{'from':'nea','to':'far','km':1,'mode':'foot','cost_usd':1,'days':20,"        \
    "'days_cv':0,'caught':1,'retry':0,'classes':['irregular']}}}"

static void set_out_for_far(sj_sim *sim, int64_t n)
{
    sj_run *run = hands(sim);
    sj_stratum *s = STRATUM(sim, .status = "visitor");
    sj_rng rng = rng_of(2);
    sj_intent intent = intent_for(sim, "far", "path");
    intent.hold_country = s->country;
    intent.hold_status = s->status;
    intent.hold_vintage = s->vintage;
    int leaf = s->leaf;
    sj_ledger_take(run->ledger, s, n, SJ_NOTHING_FIXED, &rng, &run->parcel);
    sj_journey_set_out(run, &run->parcel, leaf, true, intent, &rng);
}

/* Caught where they stand on settled ground, they take their status up at once; the stay that ended
 * on day 10 has lapsed meanwhile. Nobody is lost on the way. */
static void test_lapsed_meanwhile(void **state)
{
    sj_world *w = world_of(BORDER);
    sj_sim *sim = sim_of(w, 7, 0);
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    set_out_for_far(sim, 3000);
    assert_int_equal(ledger->permits.valid, 5000); /* held on the way too */
    run_to(sim, 19);
    assert_int_equal(COUNT(sim, .status = "none"), 2000); /* who stayed lapsed on day 10 */
    assert_int_equal(ledger->permits.valid, 3000);
    run_to(sim, 20);
    assert_int_equal(total_of(ledger->tally.caught, w->n_edges * w->n_nations), 3000);
    assert_int_equal(COUNT(sim, .status = "none"), 5000); /* there is no way home from nea */
    assert_int_equal(COUNT(sim, .status = "visitor"), 0);
    assert_int_equal(ledger->permits.expired, 5000);
    assert_int_equal(arrivals_at(sim, NULL, NULL), 0);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* ... and a stay that has not ended goes on to its day. */
static void test_taken_up_in_time(void **state)
{
    sj_world *w = world_of(BORDER);
    sj_sim *sim = sim_of(w, 7, 1);
    sj_run *run = hands(sim);
    run->value[sj_values_find(w->values, "/links/wall/days")] = 4;
    set_out_for_far(sim, 3000);
    run_to(sim, 4);
    assert_int_equal(COUNT(sim, .status = "visitor"), 5000);
    assert_int_equal(run->ledger->permits.valid, 5000);
    run_to(sim, 9);
    assert_int_equal(COUNT(sim, .status = "visitor"), 5000);
    run_to(sim, 10);
    assert_int_equal(COUNT(sim, .status = "none"), 5000);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* The permit ends when a leg out of the country is completed, and no earlier. */
static void test_permit_ends_abroad(void **state)
{
    sj_world *w = world_of(BORDER);
    sj_sim *sim = sim_of(w, 7, 2);
    sj_run *run = hands(sim);
    run->value[sj_values_find(w->values, "/links/wall/caught")] = 0;
    run->value[sj_values_find(w->values, "/links/wall/days")] = 4;
    set_out_for_far(sim, 3000);
    run_to(sim, 3);
    assert_int_equal(run->ledger->permits.ended, 0);
    run_to(sim, 4);
    assert_int_equal(run->ledger->permits.ended, 3000);
    assert_int_equal(COUNT(sim, .place = "far", .status = "none"), 3000);
    assert_int_equal(arrivals_at(sim, "far", "path"), 3000);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* departures - arrivals - deaths = under way, at every date. */
static void test_everybody_arrives_dies_or_is_under_way(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, (const char *[]){OFF_BUT(""), NULL});
    sj_sim *sim = sim_of(w, 8, 0);
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    for (int day = 1; day < 300; day += 13) {
        run_to(sim, day);
        int64_t dead = total_of(ledger->tally.link_deaths, w->n_edges * w->n_nations);
        assert_int_equal(departures_of(sim) - arrivals_at(sim, NULL, NULL) - dead,
                         ledger->on_link + COUNT(sim, .status = "transit") +
                             COUNT(sim, .status = "stranded"));
        assert_int_equal(dead, ledger->tally.died);
    }
    assert_true(departures_of(sim) > 50000);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Arrivals settle on the leaves by population x settle_weight: 3 of 22 at the port. */
static void test_settling(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, (const char *[]){NO_DEPARTURE, NULL});
    sj_sim *sim = sim_of(w, 9, 0);
    sj_run *run = hands(sim);
    sj_rng rng = rng_of(3);
    conjure(sim, &run->parcel, "ori", SJ_GROUP_5_17, 100000);
    sj_journey_arrive(run, &run->parcel, intent_for(sim, "nea", "overland"), &rng);
    hold_binomial((double)arrivals_at(sim, "nea-port", "overland"), 100000, 3 / 22.0, "port");
    assert_int_equal(arrivals_at(sim, "nea", "overland"), 100000);
    sj_sim_free(sim);
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nodes),
        cmocka_unit_test(test_post),
        cmocka_unit_test(test_refused_at_the_post),
        cmocka_unit_test(test_queue_at_a_closed_post),
        cmocka_unit_test(test_closed_link),
        cmocka_unit_test(test_stranded),
        cmocka_unit_test(test_marked_event),
        cmocka_unit_test(test_lapsed_meanwhile),
        cmocka_unit_test(test_taken_up_in_time),
        cmocka_unit_test(test_permit_ends_abroad),
        cmocka_unit_test(test_everybody_arrives_dies_or_is_under_way),
        cmocka_unit_test(test_settling)};
    return RUN_TESTS(tests);
}
