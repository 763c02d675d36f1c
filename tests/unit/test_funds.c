/**
 * @file test_funds.c
 * @brief Money in whole cents: lag, overhead, whole places, equal parts, what stays unspent.
 *
 * Usage: test_funds [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim_kit.h"

/** One host with beds and cots (shelter); its own people use some of the beds. */
static sj_world *used_world(const char *fund, const char *costs, int use)
{
    char text[4000];
    int n = snprintf(
        text, sizeof text,
        "{'format':'sojourn-scenario/1','id':'funds',"
        "'time':{'start':'2022-01-01','end':'2024-12-31'},"
        "'run':{'off':['departure','onward','return','journey','programmes','chains','demography',"
        "'opinion','beliefs','noise']},"
        "'places':{'nea':{'kind':'country','population':900000,'income_usd_per_year':1000},"
        "'town':{'kind':'city','parent':'nea','population':1000}},"
        "'nationalities':{'nea':{'home':'nea','departs':false}},"
        "'services':{'beds':{'place':'nea','sector':'shelter','capacity':10,'host_use':%d,"
        "'need':{'per_person':1}},'cots':{'place':'town','sector':'shelter','capacity':20,'need':"
        "{'per_person':1}}},"
        "'unit_costs':{'shelter':{%s}},'funds':{'f':{'country':'nea',%s}}}",
        use, costs, fund);
    assert_true(n > 0 && (size_t)n < sizeof text);
    return world_of(text);
}

static sj_world *fund_world(const char *fund, const char *costs)
{
    return used_world(fund, costs, 0);
}

static int service_of(const sj_world *w, const char *id)
{
    for (int i = 0; i < w->n_services; i++) {
        if (strcmp(w->spec.services.at[i].item.id, id) == 0) {
            return i;
        }
    }
    fail_msg("no service %s", id);
    return -1;
}

static double supply_on(sj_sim *sim, int day, const char *service)
{
    run_to(sim, day);
    return sj_sim_state(sim)->supply[service_of(sj_sim_state(sim)->world, service)];
}

#define SHELTER "'build_usd_per_place':100.01,'run_usd_per_place_year':10,'delay_days':7"

/* 1,000.00 on day 5 + 3: overhead 125.00, 875.00 to spend: 0.6 of it on beds, 0.3 on cots. A place
 * costs 100.01 + 5.00 for half a year: 5 beds (525.05 > 525.00: 4), 2 cots. */
static void test_whole_places(void **state)
{
    sj_world *w = fund_world("'overhead':0.125,'lag_days':3,'run_years':0.5,'pledges':"
                             "{'2022-01-06':1000},'spend':{'beds':0.6,'cots':0.3}",
                             SHELTER);
    sj_sim *sim = sim_of(w, 1, 0);
    run_to(sim, 7);
    sj_account a = sj_fund_account(sj_sim_state(sim), 0);
    assert_int_equal(a.received, 0);
    run_to(sim, 8);
    a = sj_fund_account(sj_sim_state(sim), 0);
    assert_int_equal(a.received, 100000);
    assert_int_equal(a.overhead, 12500);
    assert_int_equal(a.built, 6 * 10001);
    assert_int_equal(a.run, 0);
    assert_int_equal(a.balance, 87500 - 60006);
    hold_near(supply_on(sim, 14, "beds"), 10, 0, "beds ordered");
    hold_near(supply_on(sim, 15, "beds"), 14, 0, "beds open");
    hold_near(supply_on(sim, 15, "cots"), 22, 0, "cots open");
    int days = 183; /* round(365.25 / 2) */
    int64_t paid = 0, cents = 6 * 500;
    for (int i = 0; i < days; i++) {
        run_to(sim, 15 + i);
        a = sj_fund_account(sj_sim_state(sim), 0);
        int64_t due = llround((4 * 500) * (i + 1) / (double)days) +
                      llround((2 * 500) * (i + 1) / (double)days);
        assert_int_equal(a.run, due);
        paid = a.run;
    }
    assert_int_equal(paid, cents);
    hold_near(supply_on(sim, 15 + days - 1, "beds"), 14, 0, "last day");
    hold_near(supply_on(sim, 15 + days, "beds"), 10, 0, "gone");
    hold_near(supply_on(sim, 15 + days, "cots"), 20, 0, "gone");
    a = sj_fund_account(sj_sim_state(sim), 0);
    assert_int_equal(a.balance, 87500 - 60006 - cents);
    assert_int_equal(a.received, a.overhead + a.built + a.run + a.balance);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Two pledges make two projects, each with its own days; the second overlaps the first. */
static void test_two_pledges(void **state)
{
    sj_world *w = fund_world("'overhead':0,'lag_days':0,'run_years':1,'pledges':"
                             "{'2022-01-11':1100.1,'2022-03-02':2200.2},'spend':{'beds':1}",
                             SHELTER);
    sj_sim *sim = sim_of(w, 1, 0);
    hold_near(supply_on(sim, 16, "beds"), 10, 0, "none yet");
    hold_near(supply_on(sim, 17, "beds"), 20, 0, "ten");
    hold_near(supply_on(sim, 67, "beds"), 40, 0, "thirty");
    hold_near(supply_on(sim, 17 + 364, "beds"), 40, 0, "still");
    hold_near(supply_on(sim, 17 + 365, "beds"), 30, 0, "the first ten go");
    hold_near(supply_on(sim, 67 + 365, "beds"), 10, 0, "all gone");
    sj_account a = sj_fund_account(sj_sim_state(sim), 0);
    assert_int_equal(a.received, 330030);
    assert_int_equal(a.built, 30 * 10001);
    assert_int_equal(a.run, 30 * 1000);
    assert_int_equal(a.balance, 0);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Too little for one place: the money stays; idle money is no error. */
static void test_too_little(void **state)
{
    sj_world *w = fund_world("'overhead':0.12,'lag_days':0,'pledges':{'2022-01-11':120},"
                             "'spend':{'beds':1}",
                             SHELTER);
    sj_sim *sim = sim_of(w, 1, 0);
    run_to(sim, w->n_days);
    sj_account a = sj_fund_account(sj_sim_state(sim), 0);
    assert_int_equal(a.received, 12000);
    assert_int_equal(a.balance, 10560);
    assert_int_equal(a.built + a.run, 0);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* A place that costs nothing to run, and one that is open on the day it is ordered. */
static void test_no_delay_no_run(void **state)
{
    sj_world *w = fund_world("'overhead':0,'lag_days':0,'run_years':0.01,'pledges':"
                             "{'2022-01-11':50},'spend':{'beds':1}",
                             "'build_usd_per_place':10,'run_usd_per_place_year':0,'delay_days':0");
    sj_sim *sim = sim_of(w, 1, 0);
    hold_near(supply_on(sim, 9, "beds"), 10, 0, "before");
    hold_near(supply_on(sim, 10, "beds"), 15, 0, "on the day");
    hold_near(supply_on(sim, 13, "beds"), 15, 0, "round(3.65) = 4 days");
    hold_near(supply_on(sim, 14, "beds"), 10, 0, "after");
    assert_int_equal(sj_fund_account(sj_sim_state(sim), 0).balance, 0);
    sj_sim_free(sim);
    sj_world_free(w);
}

#define APPEAL(more)                                                                               \
    "'overhead':0,'lag_days':100,'run_years':0.5,'spend':{'beds':0.5},"                            \
    "'appeal':{'funded_share':0.4" more "}"

static sj_account account_on(sj_sim *sim, int day)
{
    run_to(sim, day);
    return sj_fund_account(sj_sim_state(sim), 0);
}

/* 40 of 10 beds are used: 30 places at 100.01 + 5.00 are asked for on each 1 January. Donors
 * pledge some 0.4 (standard deviation 0.015), and exp(-0.05) of it a year later; the money comes
 * 100 days later, buys 6 beds with the half of it that may be spent, and these are gone at the next
 * appeal. */
static void test_appeal(void **state)
{
    sj_world *w = used_world(APPEAL(",'concentration':1000,'severe_from':3"), SHELTER, 40);
    sj_sim *sim = sim_of(w, 1, 0);
    const int64_t asked = 30 * 10501;
    int new_year = day_of(w, "2023-01-01");
    assert_int_equal(account_on(sim, new_year - 1).appealed, 0);
    sj_account a = account_on(sim, new_year);
    assert_int_equal(a.appealed, asked);
    assert_int_equal(a.received, 0);
    double share = 0.4 * exp(-0.05 * new_year / 365.25);
    hold_near((double)a.pledged, share * (double)asked, 0.08 * (double)asked, "pledged");
    assert_int_equal(account_on(sim, new_year + 99).received, 0);
    assert_int_equal(account_on(sim, new_year + 100).received, a.pledged);
    hold_near(supply_on(sim, new_year + 107, "beds"), 10 + a.pledged / 2 / 10501, 0, "beds");
    sj_account later = account_on(sim, day_of(w, "2024-01-01"));
    assert_int_equal(later.appealed, 2 * asked);
    share *= exp(-0.05 * 365 / 365.25);
    hold_near((double)(later.pledged - a.pledged), share * (double)asked, 0.08 * (double)asked,
              "pledged a year later");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* 40 of 30 shelter places are used: from a utilisation of 4/3 on twice as much is asked for. */
static void test_severe_overload(void **state)
{
    const char *const appeal[] = {APPEAL(",'overload_response':1,'severe_from':1.33"),
                                  APPEAL(",'overload_response':1,'severe_from':1.34")};
    for (int i = 0; i < 2; i++) {
        sj_world *w = used_world(appeal[i], SHELTER, 40);
        sj_sim *sim = sim_of(w, 1, 0);
        assert_int_equal(account_on(sim, 400).appealed, (2 - i) * 30 * 10501);
        sj_sim_free(sim);
        sj_world_free(w);
    }
}

/* Nothing lacks: nothing is asked for, and nothing is pledged. */
static void test_no_lack(void **state)
{
    sj_world *w = used_world(APPEAL(""), SHELTER, 10);
    sj_sim *sim = sim_of(w, 1, 0);
    sj_account a = account_on(sim, 800);
    assert_int_equal(a.appealed, 0);
    assert_int_equal(a.pledged, 0);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* The pledged share follows a beta law with the mean and the concentration given. */
static void test_pledged_share(void **state)
{
    enum { R = 400 };
    sj_world *w = used_world(APPEAL(",'fatigue_per_year':0"), SHELTER, 40);
    sums mean = {0}, square = {0};
    double variance = 0.4 * 0.6 / 21;
    for (uint64_t r = 0; r < R; r++) {
        sj_sim *sim = sim_of(w, 9, r);
        double share = (double)account_on(sim, 400).pledged / (30 * 10501);
        double gap = (share - 0.4) * (share - 0.4);
        add_draw(&mean, share, 0.4, variance);
        add_draw(&square, gap, variance, 2 * variance * variance); /* nearly normal */
        sj_sim_free(sim);
    }
    hold_sums(&mean, "share");
    hold_sums(&square, "variance of the share");
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_places), cmocka_unit_test(test_two_pledges),
        cmocka_unit_test(test_too_little),   cmocka_unit_test(test_no_delay_no_run),
        cmocka_unit_test(test_appeal),       cmocka_unit_test(test_severe_overload),
        cmocka_unit_test(test_no_lack),      cmocka_unit_test(test_pledged_share)};
    return RUN_TESTS(tests);
}
