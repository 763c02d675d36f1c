/**
 * @file test_demography.c
 * @brief Births, deaths and ageing against their laws: monthly, by group, newcomers apart, on links
 * nobody. Laws at 1e-6, fixed seeds.
 *
 * Usage: test_demography [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "process/journey_inside.h"
#include "sim_kit.h"

/* March has 31 days; a million guests in nea, shared evenly by the groups. */
#define NURSERY                                                                                    \
    "{'format':'sojourn-scenario/1','id':'nursery',"                                               \
    "'time':{'start':'2022-03-01','end':'2024-03-31'},"                                            \
    "'run':{'off':['departure','onward','return','programmes','chains','services','funds',"        \
    "'opinion','beliefs','noise']},"                                                               \
    "'places':{'ori':{'kind':'country','population':5000000,'income_usd_per_year':1},"             \
    "'nea':{'kind':'country','population':9000000,'income_usd_per_year':1}},"                      \
    "'nationalities':{'ori':{'home':'ori','departs':false},'nea':{'home':'nea','departs':false}}," \
    "'stocks':{'ori':{'nea':{'count':1000000,'status_shares':{'guest':1},"                         \
    "'group_shares':{'0-4':0.25,'5-17':0.25,'18-59':0.25,'60+':0.25}}}},"                          \
    "'statuses':{'guest':{'standing':'none','birth_factor':0.9},'other':{'standing':'none'}},"     \
    "'channels':{'path':{'class':'irregular','to':['nea'],'entry_status':'other'}},"               \
    "'links':{'way':{'from':'ori','to':'nea','km':1,'mode':'foot','cost_usd':1,'days':300,"        \
    "'days_cv':0,'classes':['irregular']}}}"

static const double dying[] = {0.001, 0.0003, 0.0025, 0.030};
static const double ageing[] = {1 / 5.0, 1 / 13.0, 1 / 42.0, 0};
static const char *const groups[] = {"0-4", "5-17", "18-59", "60+"};

static double chance_of(double rate, double days)
{
    return -expm1(-rate * days / 365.25);
}

/* One month: births Poisson, then deaths and ageing, one binomial and its causes. The dead are
 * known in all, who aged by what the next group has gained. */
static void test_one_month(void **state)
{
    enum { R = 40 };
    sj_world *w = world_of(NURSERY);
    sums births = {0}, left[4] = {{0}}, deaths = {0}, citizens = {0};
    for (uint64_t r = 0; r < R; r++) {
        sj_sim *sim = sim_of(w, 1, r);
        const sj_ledger *ledger = sj_sim_state(sim)->ledger;
        int64_t before = COUNT(sim, .place = "ori");
        run_to(sim, 30);
        assert_int_equal(ledger->tally.born + ledger->tally.died, 0);
        run_to(sim, 31);
        int nea = sj_world_leaf(w, "nea"), ori = sj_world_nation(w, "ori");
        int64_t dead = ledger->tally.deaths[nea * w->n_nations + ori], abroad = 0;
        double mean_dead = 0;
        for (int g = 0; g < 4; g++) {
            abroad += people(sim, (whom){.status = "guest", .group = groups[g]});
            mean_dead +=
                250000 * chance_of(dying[g] + ageing[g], 31) * dying[g] / (dying[g] + ageing[g]);
        }
        int64_t born = abroad + dead - 1000000;
        add_draw(&births, (double)born, 250000 * 0.0275 * 0.9 * 31 / 365.25,
                 250000 * 0.0275 * 0.9 * 31 / 365.25);
        add_draw(&deaths, (double)dead, mean_dead, mean_dead);
        for (int g = 0; g < 4; g++) { /* out of the group: aged or dead */
            double now = (double)people(sim, (whom){.status = "guest", .group = groups[g]});
            double p = chance_of(dying[g] + ageing[g], 31);
            double aged = g == 0 ? 0
                                 : chance_of(dying[g - 1] + ageing[g - 1], 31) * ageing[g - 1] /
                                       (dying[g - 1] + ageing[g - 1]);
            double fresh = g == 0 ? (double)born : 250000 * aged;
            add_draw(&left[g], now, 250000 * (1 - p) + fresh,
                     250000 * p * (1 - p) + (g == 0 ? 0 : 250000 * aged * (1 - aged)));
        }
        int64_t adults = (int64_t)(0.58 * 5000000), home = COUNT(sim, .place = "ori");
        double born_home = (double)adults * 0.0275 * 31 / 365.25, dead_home = 0;
        static const double share[] = {0.08, 0.22, 0.58, 0.12};
        for (int g = 0; g < 4; g++) {
            dead_home += 5000000 * share[g] * chance_of(dying[g] + ageing[g], 31) * dying[g] /
                         (dying[g] + ageing[g]);
        }
        add_draw(&citizens, (double)(home - before), born_home - dead_home, born_home + dead_home);
        sj_sim_free(sim);
    }
    hold_sums(&births, "births");
    hold_sums(&deaths, "deaths");
    for (int g = 0; g < 4; g++) {
        hold_sums(&left[g], groups[g]);
    }
    hold_sums(&citizens, "births less deaths at home");
    sj_world_free(w);
}

/* Who came on day 20 is exposed for 11 days, and those beside them for 31. */
static void test_newcomers(void **state)
{
    enum { R = 200 };
    sj_world *w = world_of(NURSERY);
    sums old = {0};
    for (uint64_t r = 0; r < R; r++) {
        sj_sim *sim = sim_of(w, 2, r);
        sj_run *run = hands(sim);
        sj_rng rng = sj_rng_start(sj_rng_key_of(2, r), 1, 0, 0);
        run_to(sim, 20);
        conjure(sim, &run->parcel, "ori", SJ_GROUP_0_4, 50000);
        sj_journey_arrive(run, &run->parcel, intent_for(sim, "nea", "path"), &rng);
        run_to(sim, 31);
        int64_t left = 50000 - COUNT(sim, .status = "other", .group = "0-4");
        add_binomial(&old, (double)left, 50000, chance_of(dying[0] + ageing[0], 11));
        sj_sim_free(sim);
    }
    hold_sums(&old, "newcomers out of their group");
    sj_world_free(w);
}

/* On a link nobody ages, dies or gives birth (the link has no danger of its own). */
static void test_nobody_on_links(void **state)
{
    sj_world *w = world_of(NURSERY);
    sj_sim *sim = sim_of(w, 3, 0);
    sj_run *run = hands(sim);
    sj_rng rng = sj_rng_start(sj_rng_key_of(3, 0), 1, 0, 0);
    for (int g = 0; g < 4; g++) {
        conjure(sim, &run->parcel, "ori", g, 100000);
        sji_board(run, &run->parcel, edge_of(w, "way", false),
                  sj_intent_slot(intent_for(sim, "nea", "path")), &rng);
    }
    run_to(sim, 299);
    assert_int_equal(run->ledger->on_link, 400000);
    run_to(sim, 300);
    for (int g = 0; g < 4; g++) {
        assert_int_equal(people(sim, (whom){.status = "other", .group = groups[g]}), 100000);
    }
    sj_sim_free(sim);
    sj_world_free(w);
}

/* The last review is at the end of the run, though it is no first of a month; no month twice. */
static void test_last_review(void **state)
{
    sj_world *w = world_of(NURSERY);
    sj_sim *sim = sim_of(w, 4, 0);
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    run_to(sim, day_of(w, "2024-03-30"));
    int64_t before = ledger->tally.died;
    assert_true(ledger->vital_reviewed == day_of(w, "2024-03-01"));
    run_to(sim, w->n_days);
    assert_true(ledger->tally.died > before);
    assert_true(ledger->vital_reviewed == w->n_days);
    sj_sim_free(sim);
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_month), cmocka_unit_test(test_newcomers),
        cmocka_unit_test(test_nobody_on_links), cmocka_unit_test(test_last_review)};
    return RUN_TESTS(tests);
}
