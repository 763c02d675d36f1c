/**
 * @file test_policy.c
 * @brief Policies: set, scale, add, windows, ramps, triggers and their release, patterns, warnings,
 * anticipation; with the worked example of semantics A11.
 *
 * Usage: test_policy [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim_kit.h"

/** A world without movement, with the policies of the test; people come by hand. */
static void policy_text(char *text, size_t size, const char *policies)
{
    int n = snprintf(
        text, size,
        "{'format':'sojourn-scenario/1','id':'policy',"
        "'time':{'start':'2022-09-01','end':'2023-03-31'},"
        "'run':{'off':['departure','onward','return','journey','programmes','chains','demography',"
        "'funds','beliefs','noise']},"
        "'places':{'ori':{'kind':'country','population':500000,'income_usd_per_year':1000},"
        "'nea':{'kind':'country','population':900000,'income_usd_per_year':1000},"
        "'town':{'kind':'city','parent':'nea','population':1000},"
        "'far':{'kind':'country','population':900000,'income_usd_per_year':1000}},"
        "'nationalities':{'ori':{'home':'ori'},'nea':{'home':'nea','departs':false},"
        "'far':{'home':'far','departs':false}},"
        "'stocks':{'ori':{'nea':{'count':1000,'status_shares':{'guest':1}}}},"
        "'statuses':{'guest':{'standing':'none'}},"
        "'channels':{'path':{'class':'irregular','to':['nea'],'entry_status':'guest'},"
        "'bus':{'class':'regular','to':['nea','far'],'entry_status':'guest'}},"
        "'links':{'way':{'from':'ori','to':'nea','km':360,'mode':'motor','cost_usd':10,"
        "'classes':['irregular']}},"
        "'services':{'beds':{'place':'nea','sector':'shelter','capacity':14000,'need':"
        "{'first_days':30,'per_person':1}},"
        "'cots':{'place':'far','sector':'shelter','capacity':100,'need':{'per_person':1}},"
        "'clinic':{'place':'nea','sector':'health','capacity':10,'need':{'per_person':1}}},"
        "'policies':{%s}}",
        policies);
    assert_true(n > 0 && (size_t)n < size);
}

static sj_world *policy_world(const char *policies)
{
    char text[5000];
    policy_text(text, sizeof text, policies);
    return world_of(text);
}

static double on(sj_sim *sim, const char *date, const char *pointer)
{
    run_to(sim, day_of(sj_sim_state(sim)->world, date));
    return value_at(sim, pointer);
}

static const char beds[] = "/services/beds/capacity";
static const char cots[] = "/services/cots/capacity";
static const char clinic[] = "/services/clinic/capacity";

/* Base 14,000; op 1 set 20,000 from 1 Oct, ramp 90 days; op 2 scale 0.5 from 1 Nov to 1 Dec. */
static void test_worked_example(void **state)
{
    sj_world *w = policy_world(
        "'p':{'ops':[{'at':'/services/beds/capacity','set':20000,'from':'2022-10-01',"
        "'ramp_days':90},{'at':'/services/beds/capacity','scale':0.5,'from':'2022-11-01',"
        "'to':'2022-12-01'}]}");
    sj_sim *sim = sim_of(w, 1, 0);
    hold_near(on(sim, "2022-09-30", beds), 14000, 0, "before");
    hold_near(on(sim, "2022-10-31", beds), 16000, 1e-9, "on the ramp");
    hold_near(on(sim, "2022-11-15", beds), 8500, 1e-9, "15 November");
    hold_near(on(sim, "2022-11-30", beds), (14000 + 6000 * 60 / 90.0) / 2, 1e-9,
              "last day of op 2");
    hold_near(on(sim, "2022-12-01", beds), 14000 + 6000 * 61 / 90.0, 1e-9, "op 2 has dropped out");
    hold_near(on(sim, "2022-12-15", beds), 19000, 1e-9, "15 December");
    hold_near(on(sim, "2022-12-30", beds), 20000, 0, "full");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Ops apply in list order; add and scale do not commute. */
static void test_order_of_ops(void **state)
{
    sj_world *w =
        policy_world("'a':{'ops':[{'at':'/services/beds/capacity','add':1000,'from':'2022-09-10'},"
                     "{'at':'/services/beds/capacity','scale':2,'from':'2022-09-10'}]},"
                     "'b':{'ops':[{'at':'/services/clinic/capacity','scale':2,'from':'2022-09-10'},"
                     "{'at':'/services/clinic/capacity','add':1000,'from':'2022-09-10'}]}");
    sj_sim *sim = sim_of(w, 1, 0);
    hold_near(on(sim, "2022-09-10", beds), 30000, 0, "add, then scale");
    hold_near(on(sim, "2022-09-10", clinic), 1020, 0, "scale, then add");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Policies act in the order of the file, whatever their ids. */
static void test_order_of_policies(void **state)
{
    sj_world *w = policy_world(
        "'m':{'ops':[{'at':'/services/beds/capacity','set':5,'from':'2022-09-10'}]},"
        "'a':{'ops':[{'at':'/services/beds/capacity','scale':10,'from':'2022-09-10'},"
        "{'at':'/services/clinic/capacity','scale':10,'from':'2022-09-10'}]},"
        "'b':{'ops':[{'at':'/services/clinic/capacity','set':5,'from':'2022-09-10'}]}");
    sj_sim *sim = sim_of(w, 1, 0);
    hold_near(on(sim, "2022-09-10", beds), 50, 0, "m before a");
    hold_near(on(sim, "2022-09-10", clinic), 5, 0, "a before b");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* An op without dates is in force from the start; one that began before is where it would be. */
static void test_in_force_at_the_start(void **state)
{
    sj_world *w =
        policy_world("'a':{'ops':[{'at':'/services/beds/capacity','set':7}]},"
                     "'b':{'ops':[{'at':'/services/cots/capacity','add':100,'from':'2022-08-22',"
                     "'ramp_days':20}]}");
    sj_sim *sim = sim_of(w, 1, 0);
    hold_near(value_at(sim, beds), 7, 0, "on day 0");
    hold_near(value_at(sim, cots), 150, 1e-9, "half way on day 0");
    hold_near(on(sim, "2022-09-11", cots), 200, 1e-9, "full");
    sj_sim_free(sim);
    sj_world_free(w);
}

static void test_patterns_and_where(void **state)
{
    sj_world *w = policy_world(
        "'a':{'ops':[{'at':'/services/*/capacity','add':1,'from':'2022-09-02'},"
        "{'at':'/services/{beds,cots}/capacity','add':10,'from':'2022-09-03'},"
        "{'at':'/services/*/capacity','add':100,'where':{'country':'nea'},'from':'2022-09-04'},"
        "{'at':'/services/*/capacity','add':1000,'where':{'sector':'shelter','country':'far'},"
        "'from':'2022-09-05'},"
        "{'at':'/channels/*/open','set':false,'where':{'class':'regular'},'from':'2022-09-06'}]}");
    sj_sim *sim = sim_of(w, 1, 0);
    on(sim, "2022-09-05", beds);
    hold_near(value_at(sim, beds), 14111, 0, "beds");
    hold_near(value_at(sim, cots), 1111, 0, "cots");
    hold_near(value_at(sim, clinic), 111, 0, "clinic");
    hold_near(value_at(sim, "/channels/bus/open"), 1, 0, "bus");
    hold_near(on(sim, "2022-09-06", "/channels/bus/open"), 0, 0, "bus");
    hold_near(value_at(sim, "/channels/path/open"), 1, 0, "path");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* n people settle in the town by the path on a day, after that day's measures. */
static void arrive(sj_sim *sim, int day, int64_t n)
{
    sj_run *run = hands(sim);
    sj_rng rng = sj_rng_start(sj_rng_key_of(1, 1), 1, (uint32_t)day, 0);
    run_to(sim, day);
    conjure(sim, &run->parcel, "ori", SJ_GROUP_18_59, n);
    sj_journey_arrive(run, &run->parcel, intent_for(sim, "nea", "path"), &rng);
}

/* Looked at daily on yesterday's value: in force on the third day in a row strictly above, and on
 * from then; a day below begins anew. */
static void test_trigger(void **state)
{
    sj_world *w = policy_world(
        "'t':{'ops':[{'at':'/services/clinic/capacity','add':5,'when':{'metric':'arrivals',"
        "'place':'nea','above':10,'for_days':3}}]}");
    sj_sim *sim = sim_of(w, 1, 0);
    static const int64_t come[] = {0, 11, 12, 10, 11, 11, 11, 0, 0, 0};
    for (int day = 1; day <= 9; day++) {
        arrive(sim, day, come[day]);
        /* days 4, 5, 6 are the first three; looked at on days 5, 6, 7 */
        hold_near(value_at(sim, clinic), day < 7 ? 10 : 15, 0, "clinic");
    }
    sj_sim_free(sim);
    sj_world_free(w);
}

/* ... until the release is met; then it may come again. */
static void test_release(void **state)
{
    sj_world *w = policy_world(
        "'t':{'ops':[{'at':'/services/clinic/capacity','add':5,'when':{'metric':'arrivals',"
        "'place':'nea','above':10},'release':{'metric':'arrivals','place':'nea','below':3,"
        "'for_days':2}}]}");
    sj_sim *sim = sim_of(w, 1, 0);
    static const int64_t come[] = {0, 11, 2, 3, 2, 2, 2, 20, 20, 0};
    static const double want[] = {10, 10, 15, 15, 15, 15, 10, 10, 15, 15};
    for (int day = 1; day <= 9; day++) {
        arrive(sim, day, come[day]);
        hold_near(value_at(sim, clinic), want[day], 0, "clinic");
    }
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Stock and utilisation are triggers too. */
static void test_metrics_of_triggers(void **state)
{
    sj_world *w = policy_world(
        "'s':{'ops':[{'at':'/services/clinic/capacity','set':77,'when':{'metric':'stock',"
        "'place':'nea','item':'guest','above':1000}}]},"
        "'u':{'ops':[{'at':'/services/cots/capacity','set':88,'when':{'metric':'utilisation',"
        "'place':'nea','item':'shelter','above':0.5}}]}");
    sj_sim *sim = sim_of(w, 1, 0);
    arrive(sim, 3, 1);
    hold_near(value_at(sim, clinic), 10, 0, "1,000 are not above 1,000");
    run_to(sim, 4);
    hold_near(value_at(sim, clinic), 77, 0, "1,001 are");
    arrive(sim, 5, 7000); /* 7,001 of 14,000, measured on day 6, seen on day 7 */
    run_to(sim, 6);
    hold_near(value_at(sim, cots), 100, 0, "not seen yet");
    run_to(sim, 7);
    hold_near(value_at(sim, cots), 88, 0, "above a half");
    sj_sim_free(sim);
    sj_world_free(w);
}

static size_t warnings(const char *policies, sj_status *first)
{
    char text[5000];
    sj_problems problems = {0};
    policy_text(text, sizeof text, policies);
    sj_world *w = world_with_problems(text, &problems);
    size_t n = problems.n;
    *first = n > 0 ? problems.at[0].status : SJ_OK;
    assert_true(n == 0 || w == NULL || problems.at[0].is_warning);
    assert_true((w == NULL) == (problems.n_errors > 0));
    sj_problems_clear(&problems);
    sj_world_free(w);
    return n;
}

#define BEDS(more) "{'at':'/services/beds/capacity'," more "}"

static void test_warnings_and_errors(void **state)
{
    sj_status st;
    assert_int_equal(
        warnings("'a':{'ops':[" BEDS("'set':1,'from':'2022-10-01','to':'2022-11-01'") "," BEDS(
                     "'set':2,'from':'2022-11-01'") "]}",
                 &st),
        0);
    assert_int_equal(
        warnings("'a':{'ops':[" BEDS("'set':1,'from':'2022-10-01','to':'2022-11-02'") "," BEDS(
                     "'set':2,'from':'2022-11-01'") "]}",
                 &st),
        1);
    assert_int_equal(warnings("'a':{'ops':[" BEDS("'set':1,'from':'2023-10-01'") "]}", &st), 1);
    assert_int_equal(st, SJ_E_DATE);
    assert_int_equal(warnings("'a':{'ops':[" BEDS("'set':1,'scale':2") "]}", &st), 1);
    assert_int_equal(st, SJ_E_MEANING);
    assert_int_equal(warnings("'a':{'ops':[{'at':'/services/none/capacity','set':1}]}", &st), 1);
    assert_int_equal(st, SJ_E_POINTER);
    assert_int_equal(warnings("'a':{'ops':[{'at':'/links/way/km','set':1}]}", &st), 1);
    assert_int_equal(st, SJ_E_NOT_DYNAMIC);
}

/* A(t) = 1 + 1.2 in the last 28 days before it takes force, fading backwards from the announcement
 * on; only for those for whom the door closes, and not after. */
static void test_anticipation(void **state)
{
    sj_world *w =
        policy_world("'t':{'tightening':['ori'],'ops':[{'at':'/channels/path/open','set':false,"
                     "'from':'2022-12-01','announced':'2022-10-01'}]}");
    sj_sim *sim = sim_of(w, 1, 0);
    const sj_run *run = sj_sim_state(sim);
    int ori = sj_world_nation(w, "ori"), far = sj_world_nation(w, "far");
    on(sim, "2022-09-30", beds);
    hold_near(run->anticipation[ori], 1, 0, "not announced");
    on(sim, "2022-10-01", beds);
    hold_near(run->anticipation[ori], 1 + 1.2 * exp(-(61 - 28) / 14.0), 1e-12, "61 days before");
    on(sim, "2022-11-03", beds);
    hold_near(run->anticipation[ori], 2.2, 1e-12, "28 days before");
    hold_near(run->anticipation[far], 1, 0, "others");
    on(sim, "2022-11-30", beds);
    hold_near(run->anticipation[ori], 2.2, 1e-12, "the day before");
    on(sim, "2022-12-01", beds);
    hold_near(run->anticipation[ori], 1, 0, "in force");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* By chance: at the hazard where the watched value stands at `around`, e^(6 x 0.1) of it 0.1 above.
 * Ops of one policy begin on one day; another policy has a chance of its own. */
static void test_trigger_by_chance(void **state)
{
    enum { R = 400, DAYS = 200 };
    sj_world *w = policy_world(
        "'t':{'ops':[{'at':'/services/clinic/capacity','add':5,'when':{'metric':'xenophobia',"
        "'place':'far','around':0.2,'hazard_per_year':1}},"
        "{'at':'/services/beds/capacity','add':1,'when':{'metric':'xenophobia',"
        "'place':'far','around':0.2,'hazard_per_year':1}}]},"
        "'u':{'ops':[{'at':'/services/cots/capacity','add':7,'when':{'metric':'xenophobia',"
        "'place':'far','around':0.1,'hazard_per_year':1}}]}");
    sums one = {0}, other = {0};
    int apart = 0;
    for (uint64_t r = 0; r < R; r++) {
        sj_sim *sim = sim_of(w, 5, r);
        run_to(sim, DAYS - 1); /* reviews on days 0 to 199 */
        bool begun = value_at(sim, clinic) > 10, too = value_at(sim, cots) > 100;
        hold_near(value_at(sim, beds), begun ? 14001 : 14000, 0, "the same day");
        add_binomial(&one, begun, 1, -expm1(-DAYS / 365.25));
        add_binomial(&other, too, 1, -expm1(-exp(0.6) * DAYS / 365.25));
        apart += begun != too;
        sj_sim_free(sim);
    }
    hold_sums(&one, "begun");
    hold_sums(&other, "begun where hostility is higher");
    assert_true(apart > R / 5);
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_example),      cmocka_unit_test(test_order_of_policies),
        cmocka_unit_test(test_order_of_ops),        cmocka_unit_test(test_in_force_at_the_start),
        cmocka_unit_test(test_patterns_and_where),  cmocka_unit_test(test_trigger),
        cmocka_unit_test(test_trigger_by_chance),   cmocka_unit_test(test_release),
        cmocka_unit_test(test_metrics_of_triggers), cmocka_unit_test(test_warnings_and_errors),
        cmocka_unit_test(test_anticipation)};
    return RUN_TESTS(tests);
}
