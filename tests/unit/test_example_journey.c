/**
 * @file test_example_journey.c
 * @brief Worked examples of semantics A6 and model 4.4: the caught on gap-far, the law of leg
 * times, routes of small graphs enumerated by hand.
 *
 * Laws at 1e-6 each, fixed seeds.
 *
 * Usage: test_example_journey [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gsl/gsl_cdf.h>

#include "process/journey_inside.h"
#include "sim_kit.h"
#include "stat/law.h"

#define OTHERS_OFF                                                                                 \
    "/run/off=[\"departure\",\"onward\",\"return\",\"programmes\",\"chains\",\"demography\","      \
    "\"services\",\"funds\",\"opinion\",\"beliefs\",\"noise\"]"

static void board(sj_sim *sim, const char *link, int64_t n, sj_intent intent, uint64_t number)
{
    sj_run *run = hands(sim);
    sj_rng rng = sj_rng_start(sj_rng_key_of(5, number), 77, 0, 0);
    conjure(sim, &run->parcel, "ori", SJ_GROUP_18_59, n);
    sji_board(run, &run->parcel, edge_of(run->world, link, false), sj_intent_slot(intent), &rng);
}

/** People on an edge with that destination and channel. */
static int64_t bound_for(const sj_sim *sim, const char *destination, const char *channel)
{
    const sj_run *run = sj_sim_state(sim);
    sj_intent wanted = intent_for(sim, destination, channel);
    int64_t n = 0;
    for (int e = 0; e < run->world->n_edges; e++) {
        for (int d = 0; d <= SJ_LEG_DAYS; d++) {
            const sj_leg *leg = sj_ledger_leg(run->ledger, e, d);
            for (size_t b = 0; leg != NULL && b < leg->bands.n; b++) {
                sj_intent intent = sj_slot_intent(leg->bands.at[b].slot);
                n += intent.destination == wanted.destination && intent.channel == wanted.channel
                         ? leg->bands.at[b].n
                         : 0;
            }
        }
    }
    return n;
}

static int64_t waiting_for(sj_sim *sim, const char *leaf, const char *destination)
{
    const sj_run *run = sj_sim_state(sim);
    int64_t n = 0;
    for (size_t i = 1; i < run->ledger->n_strata; i++) {
        const sj_stratum *s = run->ledger->strata[i];
        whom who = {.place = leaf, .status = "transit"};
        if (s->n > 0 && is_one_of(run->world, s, who)) {
            int country = sj_slot_intent(s->slot).destination;
            n += strcmp(run->world->countries[country].id, destination) == 0 ? s->n : 0;
        }
    }
    return n;
}

static const char *const all_caught[] = {OTHERS_OFF,
                                         "/links/gap-far/days=1",
                                         "/links/gap-far/days_cv=0",
                                         "/links/gap-far/caught=1",
                                         "/links/gap-far/death_per_journey=0",
                                         NULL};

/* 100 caught, retry 0.4: say 38 stand at gap with their intent; 62 choose once more without far,
 * 0.269 of them home, the others nea. */
static void test_a_hundred_caught(void **state)
{
    enum { R = 400 };
    double share_home = 1 / (1 + exp(1));
    assert_true(fabs(share_home - 0.269) < 5e-4);
    assert_true(fabs(62 * share_home - 16.7) < 0.05 && fabs(62 * (1 - share_home) - 45.3) < 0.05);
    sj_world *w = world_set(TWO_HOSTS, all_caught);
    sums retry = {0}, home = {0};
    for (uint64_t r = 0; r < R; r++) {
        sj_sim *sim = sim_of(w, 6, r);
        board(sim, "gap-far", 100, intent_for(sim, "far", "overland"), r);
        run_to(sim, 1);
        const sj_ledger *ledger = sj_sim_state(sim)->ledger;
        assert_int_equal(total_of(ledger->tally.caught, w->n_edges * w->n_nations), 100);
        int64_t stay = waiting_for(sim, "gap", "far");
        int64_t to_home = bound_for(sim, "ori", "home"), nea = bound_for(sim, "nea", "overland");
        assert_int_equal(stay + to_home + nea, 100);
        add_binomial(&retry, (double)stay, 100, 0.4);
        add_binomial(&home, (double)to_home, (double)(100 - stay), share_home);
        sj_sim_free(sim);
    }
    hold_sums(&retry, "who keep their intent");
    hold_sums(&home, "who turn home");
    sj_world_free(w);
}

/* Who holds a status in nea takes it up, the others enter as irregular; a stay that ended
 * meanwhile has lapsed; neither an arrival nor a newcomer of first_days. */
static void test_the_status_is_taken_up(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, all_caught);
    sj_sim *sim = sim_of(w, 7, 0);
    int nea = sj_world_country(w, "nea");
    int64_t irregular = COUNT(sim, .status = "irregular", .place = "nea");
    int64_t permit = COUNT(sim, .status = "permit");
    sj_intent nothing = intent_for(sim, "far", "overland"), holds = nothing;
    holds.hold_country = nea;
    holds.hold_status = sj_world_status(w, "permit");
    board(sim, "gap-far", 1000, nothing, 1);
    board(sim, "gap-far", 2000, holds, 2);
    run_to(sim, 400); /* those who try again are caught again, until all are home or in nea */
    assert_int_equal(waiting_for(sim, "gap", "far"), 0);
    int64_t home = arrivals_at(sim, "ori", "home"), settled = arrivals_at(sim, "nea", NULL);
    assert_int_equal(COUNT(sim, .status = "irregular", .place = "nea") - irregular, settled);
    int64_t taken_up = COUNT(sim, .status = "permit") - permit;
    assert_int_equal(home + settled + taken_up, 3000);
    hold_binomial((double)settled, 1000, 1 - 1 / (1 + exp(1)), "who enter as irregular");
    hold_binomial((double)taken_up, 2000, 1 - 1 / (1 + exp(1)), "who take up their status");
    assert_int_equal(arrivals_at(sim, "nea", NULL), arrivals_at(sim, "nea", "overland"));
    check(sim);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Day j gets F(j + 1/2) - F(j - 1/2), day 1 all below 1.5; the mean is kept. */
static void test_law_of_leg_times(void **state)
{
    enum { N = 2000000, DAYS = 120 };
    sj_world *w = world_set(TWO_HOSTS, (const char *[]){OTHERS_OFF, NULL});
    sj_sim *sim = sim_of(w, 8, 0);
    board(sim, "gap-far", N, intent_for(sim, "far", "overland"), 3);
    int64_t seen[DAYS] = {0};
    double p[DAYS], mean = 0, caught = 0, shape = 1 / 0.16, scale = 17 * 0.16;
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    int edge = edge_of(w, "gap-far", false);
    for (int d = 0; d <= SJ_LEG_DAYS; d++) {
        const sj_leg *leg = sj_ledger_leg(ledger, edge, d);
        if (leg == NULL) {
            continue;
        }
        assert_in_range(leg->due, 1, DAYS);
        assert_int_equal(leg->bands.n, 1);
        assert_int_equal(leg->bands.at[0].days, leg->due);
        seen[leg->due - 1] = leg->bands.at[0].n;
    }
    for (int j = 1; j <= DAYS; j++) {
        p[j - 1] = gsl_cdf_gamma_P(j + 0.5, shape, scale) -
                   (j == 1 ? 0 : gsl_cdf_gamma_P(j - 0.5, shape, scale));
        mean += j * p[j - 1];
        caught += p[j - 1] * (1 - pow(0.7, j / 17.0));
    }
    assert_true(chi_square(DAYS, seen, p, N) > 1e-6);
    assert_true(fabs(mean - 17) < 1e-3);
    /* 0.30 becomes 0.293 at cv 0.4: 1 - (1 - 0.16 ln 0.7)^(-1/0.16); the law prints 0.292 */
    assert_true(fabs(caught - 0.29305) < 5e-5);
    run_to(sim, DAYS);
    int64_t got = total_of(ledger->tally.caught, w->n_edges * w->n_nations);
    int64_t first_try = N - total_of(ledger->tally.link_deaths, w->n_edges * w->n_nations);
    /* those who try again are caught again at the same rate: 1 / (1 - 0.4 x caught) tries each */
    assert_true((double)got > caught * (double)first_try);
    hold_near((double)got / (double)first_try, caught / (1 - 0.4 * caught), 0.004, "caught");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Day 1 gets all below 1.5, so a short leg is never of day 0. */
static void test_short_legs(void **state)
{
    sj_world *w =
        world_set(TWO_HOSTS, (const char *[]){OTHERS_OFF, "/links/gap-far/days=0.3", NULL});
    sj_sim *sim = sim_of(w, 8, 1);
    board(sim, "gap-far", 1000, intent_for(sim, "far", "overland"), 4);
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    int edge = edge_of(w, "gap-far", false);
    int64_t on_day_1 = 0;
    assert_null(sj_ledger_leg(ledger, edge, 0));
    on_day_1 = sj_ledger_leg(ledger, edge, 1)->bands.at[0].n;
    assert_true(on_day_1 >= 995); /* 1 - F(1.5) = 4e-7 of them */
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Deaths first, then captures among the survivors, by day-group. */
static void test_death_and_capture_by_day(void **state)
{
    enum { N = 400000 };
    sj_world *w = world_set(
        TWO_HOSTS, (const char *[]){OTHERS_OFF, "/links/gap-far/death_per_journey=0.2",
                                    "/links/gap-far/caught=0.3", "/links/gap-far/retry=0", NULL});
    sj_sim *sim = sim_of(w, 9, 0);
    board(sim, "gap-far", N, intent_for(sim, "far", "overland"), 5);
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    int edge = edge_of(w, "gap-far", false), cells = w->n_edges * w->n_nations;
    sums dead = {0}, caught = {0};
    int64_t dead_before = 0, caught_before = 0;
    for (int day = 1; day < 60; day++) {
        const sj_leg *leg = sj_ledger_leg(ledger, edge, day - ledger->day);
        int64_t n = leg == NULL ? 0 : leg->bands.at[0].n;
        run_to(sim, day);
        int64_t now_dead = total_of(ledger->tally.link_deaths, cells);
        int64_t now_caught = total_of(ledger->tally.caught, cells);
        double die = 1 - pow(0.8, day / 17.0), taken = 1 - pow(0.7, day / 17.0);
        add_binomial(&dead, (double)(now_dead - dead_before), (double)n, die);
        add_binomial(&caught, (double)(now_caught - caught_before),
                     (double)(n - (now_dead - dead_before)), taken);
        dead_before = now_dead;
        caught_before = now_caught;
    }
    hold_sums(&dead, "deaths");
    hold_sums(&caught, "captures");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* ---- routes ---- */

/* Costs in units of 150 dollars alone: o-a 1, a-d 1, o-b 1.5, b-d 1, o-d 3, and a link away. */
#define GRAPH                                                                                                 \
    "{'format':'sojourn-scenario/"                                                                            \
    "1','id':'graph','time':{'start':'2022-01-01','end':'2022-02-01'},"                                       \
    "'run':{'off':[" ALL_OFF "]},"                                                                            \
    "'places':{'o':{'kind':'country','population':10,'income_usd_per_year':1},"                               \
    "'a':{'kind':'country','population':10,'income_usd_per_year':1},"                                         \
    "'b':{'kind':'country','population':10,'income_usd_per_year':1},"                                         \
    "'d':{'kind':'country','population':10,'income_usd_per_year':1},"                                         \
    "'w':{'kind':'country','population':10,'income_usd_per_year':1}},"                                        \
    "'nationalities':{'o':{'home':'o'},'a':{'home':'a'},'b':{'home':'b'},'d':{'home':'d'},"                   \
    "'w':{'home':'w'}},'statuses':{'guest':{'standing':'none'}},"                                             \
    "'channels':{'path':{'class':'irregular','to':['d','w'],'entry_status':'guest'}},"                        \
    "'route':{'per_day':0},'links':{" LINK("o-a", "o", "a", "150") "," LINK("a-d", "a", "d", "150") "," LINK( \
        "o-b", "o", "b",                                                                                      \
        "225") "," LINK("b-d", "b", "d",                                                                      \
                        "150") "," LINK("o-d", "o", "d",                                                      \
                                        "450") "," LINK("o-w", "o", "w",                                      \
                                                        "15") "," LINK("w-o", "w", "o",                       \
                                                                       "15") "," LINK("a-b", "a",             \
                                                                                      "b",                    \
                                                                                      "15") "},"              \
                                                                                            "'pol"            \
                                                                                            "icie"            \
                                                                                            "s':{"            \
                                                                                            "'shu"            \
                                                                                            "t':{"            \
                                                                                            "'ops"            \
                                                                                            "':[{"            \
                                                                                            "'at'"            \
                                                                                            ":'/"             \
                                                                                            "link"            \
                                                                                            "s/"              \
                                                                                            "a-d/"            \
                                                                                            "open"            \
                                                                                            "','"             \
                                                                                            "set'"            \
                                                                                            ":fal"            \
                                                                                            "se,'"            \
                                                                                            "from"            \
                                                                                            "':'"             \
                                                                                            "2022"            \
                                                                                            "-01-"            \
                                                                                            "10'}"            \
                                                                                            "]}}}"
#define LINK(id, from, to, usd)                                                                    \
    "'" id "':{'from':'" from "','to':'" to "','km':10,'mode':'motor','cost_usd':" usd ","         \
    "'classes':['irregular']}"

static double share_of_edge(sj_sim *sim, const char *nation, const char *from, const char *link)
{
    sj_run *run = hands(sim);
    const sj_world *w = run->world;
    int n_of = sj_world_nation(w, nation), leaf = sj_world_leaf(w, from);
    const int *edge;
    const double *share;
    sj_route *route = sj_route_to(run, n_of, sj_world_country(w, "d"), w->channels[0].way);
    int n = sj_route_shares(run, route, leaf, true, &edge, &share);
    for (int i = 0; i < n; i++) {
        if (edge[i] == edge_of(w, link, false)) {
            return share[i];
        }
    }
    return 0;
}

/* Three efficient ways: by a 2.0, by b 2.5, straight 3.0; o-w leads away. At a the link to b (0.1)
 * is not efficient: b is no nearer than a. */
static void test_routes_by_hand(void **state)
{
    sj_world *w = world_of(GRAPH);
    sj_sim *sim = sim_of(w, 1, 0);
    double sum = exp(-2.0) + exp(-2.5) + exp(-3.0);
    hold_near(share_of_edge(sim, "w", "o", "o-a"), exp(-2.0) / sum, 1e-6, "by a");
    hold_near(share_of_edge(sim, "w", "o", "o-b"), exp(-2.5) / sum, 1e-6, "by b");
    hold_near(share_of_edge(sim, "w", "o", "o-d"), exp(-3.0) / sum, 1e-6, "straight");
    hold_near(share_of_edge(sim, "w", "o", "o-w"), 0, 0, "away");
    hold_near(share_of_edge(sim, "w", "a", "a-d"), 1, 1e-12, "at a");
    sj_run *run = hands(sim);
    const sj_route *route =
        sj_route_to(run, sj_world_nation(w, "w"), sj_world_country(w, "d"), w->channels[0].way);
    hold_near(route->start_value[sj_world_country(w, "o")], log(sum), 1e-6, "value of the way");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* A link that names channels is open to them alone: the way there belongs to the channel. */
static void test_links_of_channels(void **state)
{
    sj_world *w = world_set(
        TWO_HOSTS,
        (const char *[]){
            "/channels/"
            "coast={\"class\":\"irregular\",\"to\":[\"far\"],\"entry_status\":\"irregular\"}",
            "/links/gap-far/channels=[\"overland\",\"claim\"]", NULL});
    sj_sim *sim = sim_of(w, 1, 0);
    sj_run *run = hands(sim);
    int ori = sj_world_nation(w, "ori"), far = sj_world_country(w, "far");
    int coast = intent_for(sim, "far", "coast").channel;
    int overland = intent_for(sim, "far", "overland").channel;
    int claim = intent_for(sim, "far", "claim").channel;
    assert_int_equal(w->channels[overland].way, w->channels[claim].way);
    assert_int_not_equal(w->channels[overland].way, w->channels[coast].way);
    int home = w->nations[ori].home;
    assert_true(isinf(sj_route_to(run, ori, far, w->channels[coast].way)->start_value[home]));
    assert_true(isfinite(sj_route_to(run, ori, far, w->channels[claim].way)->start_value[home]));
    run_to(sim, 60);
    assert_int_equal(arrivals_at(sim, "far", "coast"), 0);
    assert_true(arrivals_at(sim, "far", "claim") > 0);
    check(sim);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* No route passes the traveller's own country; it may begin there. */
static void test_not_through_ones_own_country(void **state)
{
    sj_world *w = world_of(GRAPH);
    sj_sim *sim = sim_of(w, 1, 0);
    double sum = exp(-2.5) + exp(-3.0);
    hold_near(share_of_edge(sim, "a", "o", "o-a"), 0, 0, "through a");
    hold_near(share_of_edge(sim, "a", "o", "o-b"), exp(-2.5) / sum, 1e-6, "by b");
    hold_near(share_of_edge(sim, "a", "a", "a-d"), 1, 1e-12, "from a itself");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* A closed link is removed and the pass repeated: at a the way by b has become efficient. */
static void test_closed_link(void **state)
{
    sj_world *w = world_of(GRAPH);
    sj_sim *sim = sim_of(w, 1, 0);
    run_to(sim, 10);
    double sum = exp(-2.5) + exp(-3.0) + exp(-2.1);
    hold_near(share_of_edge(sim, "w", "a", "a-d"), 0, 0, "closed");
    hold_near(share_of_edge(sim, "w", "a", "a-b"), 1, 1e-12, "around it");
    /* from o: a is 1.1 from d by b, nearer than o (2.1) */
    hold_near(share_of_edge(sim, "w", "o", "o-a"), exp(-2.1) / sum, 1e-6, "by a and b");
    sj_sim_free(sim);
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_hundred_caught),
                                       cmocka_unit_test(test_the_status_is_taken_up),
                                       cmocka_unit_test(test_law_of_leg_times),
                                       cmocka_unit_test(test_short_legs),
                                       cmocka_unit_test(test_death_and_capture_by_day),
                                       cmocka_unit_test(test_routes_by_hand),
                                       cmocka_unit_test(test_links_of_channels),
                                       cmocka_unit_test(test_not_through_ones_own_country),
                                       cmocka_unit_test(test_closed_link)};
    return RUN_TESTS(tests);
}
