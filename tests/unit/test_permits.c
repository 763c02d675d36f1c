/**
 * @file test_permits.c
 * @brief Stays and permits: the day they lapse, renewal, children, the identity of semantics A5.
 *
 * Usage: test_permits [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim_kit.h"

/** 10,000 adults of ori with a permit in nea; `off` names what does not run. */
static sj_world *permits_world(const char *off, const char *stock, const char *stay,
                               const char *programmes, const char *resolution)
{
    char text[5000];
    int n = snprintf(
        text, sizeof text,
        "{'format':'sojourn-scenario/1','id':'permits',"
        "'time':{'start':'2022-01-01','end':'2024-12-31'},"
        "'run':{'resolution':'%s','off':['departure','onward','return','chains','services',"
        "'funds','opinion','beliefs','noise'%s]},"
        "'places':{'ori':{'kind':'country','population':500000,'income_usd_per_year':1000},"
        "'nea':{'kind':'country','population':900000,'income_usd_per_year':1000}},"
        "'nationalities':{'ori':{'home':'ori','departs':false},'nea':{'home':'nea',"
        "'departs':false}},"
        "'stocks':{'ori':{'nea':{%s}}},"
        "'statuses':{'permit':{'standing':'temporary'},'visitor':{'standing':'temporary'},"
        "'none':{'standing':'none'}},"
        "'channels':{'bus':{'class':'regular','to':['nea'],'entry_status':'visitor',"
        "'stay_days':%s,'lapses_to':'none'}},"
        "'links':{'way':{'from':'ori','to':'nea','km':360,'mode':'motor','cost_usd':1,"
        "'classes':['regular']}},'programmes':{%s}}",
        resolution, off, stock, stay, programmes);
    assert_true(n > 0 && (size_t)n < sizeof text);
    return world_of(text);
}

#define STOCK "'count':10000,'status_shares':{'permit':1},'group_shares':{'18-59':1}"
#define CARD(days)                                                                                 \
    "'card':{'country':'nea','stages':{'desk':{'order':1,'slots_per_day':100000}},"                \
    "'outcome':{'status':'permit','permit_days':" days ",'lapses_to':'none'}}"

static void settle_by_bus(sj_sim *sim, int64_t n)
{
    sj_run *run = hands(sim);
    sj_rng rng = sj_rng_start(sj_rng_key_of(1, 2), 1, (uint32_t)run->day, 0);
    conjure(sim, &run->parcel, "ori", SJ_GROUP_18_59, n);
    sj_journey_arrive(run, &run->parcel, intent_for(sim, "nea", "bus"), &rng);
}

/* A stay of n days lapses on day entry + n, however long it is. */
static void stay_of(const char *days, int n)
{
    sj_world *w = permits_world(",'demography'", STOCK, days, CARD("30"), "cohort");
    sj_sim *sim = sim_of(w, 1, 0);
    run_to(sim, 5);
    settle_by_bus(sim, 700);
    assert_int_equal(sj_sim_state(sim)->ledger->permits.granted, 700);
    run_to(sim, 5 + n - 1);
    assert_int_equal(COUNT(sim, .status = "visitor"), 700);
    run_to(sim, 5 + n);
    assert_int_equal(COUNT(sim, .status = "visitor"), 0);
    assert_int_equal(COUNT(sim, .status = "none"), 700);
    assert_int_equal(sj_sim_state(sim)->ledger->permits.expired, 700);
    sj_sim_free(sim);
    sj_world_free(w);
}

static void test_stays(void **state)
{
    stay_of("90", 90);
    stay_of("1", 1);
    stay_of("450", 450);
}

/* Permits below 400 days lapse by day, longer ones on the first of the month after. */
static void permit_of(const char *days, const char *lapses)
{
    char card[500];
    (void)snprintf(card, sizeof card, CARD("%s"), days);
    sj_world *w = permits_world(",'demography'", STOCK, "90", card, "cohort");
    sj_sim *sim = sim_of(w, 1, 0);
    settle_by_bus(sim, 1000);
    run_to(sim, 9);
    sj_programme_apply(hands(sim), STRATUM(sim, .status = "visitor"), 0, 400);
    run_to(sim, 10); /* granted on 11 January 2022 */
    assert_int_equal(COUNT(sim, .status = "permit"), 10400);
    assert_int_equal(sj_sim_state(sim)->ledger->permits.ended, 400); /* their stays */
    int end = day_of(w, lapses);
    run_to(sim, end - 1);
    assert_int_equal(COUNT(sim, .status = "permit"), 10400);
    run_to(sim, end);
    assert_int_equal(COUNT(sim, .status = "permit"), 10000); /* those of the start: never */
    sj_sim_free(sim);
    sj_world_free(w);
}

static void test_permits_expire(void **state)
{
    permit_of("30", "2022-02-10");
    permit_of("399", "2023-02-14");
    permit_of("400", "2023-03-01"); /* 15 February 2023 */
    permit_of("720", "2024-02-01"); /* 1 January 2024: the first of the next month */
}

/* Uniform over the range: all of a stratum, by day where the end is near. */
static void test_permits_at_the_start(void **state)
{
    sj_world *w =
        permits_world(",'demography'",
                      STOCK ",'permit_expiry':{'permit':{'from':'2022-03-01','to':'2022-06-08'}}",
                      "90", CARD("30"), "cohort");
    sj_sim *sim = sim_of(w, 1, 0);
    assert_int_equal(sj_sim_state(sim)->ledger->permits.start, 10000);
    int from = day_of(w, "2022-03-01");
    for (int day = from - 1; day < from + 100; day++) {
        run_to(sim, day);
        assert_int_equal(COUNT(sim, .status = "none"), 100 * (day - from + 1));
    }
    sj_sim_free(sim);
    sj_world_free(w);
}

#define RENEWAL                                                                                    \
    "'renewal':{'country':'nea','windows':{'w':{'opens':'2022-01-02','eligible':{'statuses':"      \
    "['permit'],'permit_expires_within_days':20}}},'take_up':{'rate_per_day':%g},"                 \
    "'stages':{'desk':{'order':1,'slots_per_day':100000,'handover_days':%d}},"                     \
    "'outcome':{'status':'permit','permit_days':700,'lapses_to':'none'}}"

/* Of 10,000 whose permits end over 1,000 days those apply whose end is near, and nobody lapses. */
static void renew(int handover, const char *resolution)
{
    char programme[1000];
    (void)snprintf(programme, sizeof programme, RENEWAL, 10.0, handover);
    sj_world *w =
        permits_world(",'demography'",
                      STOCK ",'permit_expiry':{'permit':{'from':'2022-02-01','to':'2024-10-27'}}",
                      "90", programme, resolution);
    sj_sim *sim = sim_of(w, 1, 0);
    run_to(sim, 100); /* expiries to 11 April + 20 days: 90 days of 10 a day */
    assert_int_equal(COUNT(sim, .status = "permit") + COUNT(sim, .status = "none"), 10000);
    hold_near((double)cases_of(sim, "renewal")->joined, 900, 15, "who apply to renew");
    hold_near((double)COUNT(sim, .status = "none"), 0, 3, "who lapse");
    sj_sim_free(sim);
    sj_world_free(w);
}

static void test_renewal_by_person(void **state)
{
    renew(0, "person");
    renew(12, "person");
}

static void test_renewal_by_cohort(void **state)
{
    renew(0, "cohort");
    renew(12, "cohort");
}

typedef struct renewed {
    double lapsed, applied;
} renewed;

/** Of the permits that end by day 400: means over four runs. */
static renewed slow_renewal(int handover, const char *resolution)
{
    enum { RUNS = 4 };
    char programme[1000];
    (void)snprintf(programme, sizeof programme, RENEWAL, 0.05, handover);
    sj_world *w =
        permits_world(",'demography'",
                      STOCK ",'permit_expiry':{'permit':{'from':'2022-02-01','to':'2024-10-27'}}",
                      "90", programme, resolution);
    renewed mean = {0};
    for (uint64_t r = 0; r < RUNS; r++) {
        sj_sim *sim = sim_of(w, 2, r);
        run_to(sim, 400);
        mean.lapsed += (double)COUNT(sim, .status = "none") / RUNS;
        mean.applied += (double)cases_of(sim, "renewal")->joined / RUNS;
        sj_sim_free(sim);
    }
    sj_world_free(w);
    return mean;
}

/* Who applies slowly has 20 days to do so: exp(-0.05 x 20) of 3,690 lapse. A cohort knows only that
 * those who wait are among those whose permits end soon; where their wait is long as well (12 days
 * of 20) that is an approximation, held to a tenth of the oracle. */
static void test_slow_renewal(void **state)
{
    for (int handover = 0; handover <= 12; handover += 12) {
        renewed by_person = slow_renewal(handover, "person");
        renewed by_cohort = slow_renewal(handover, "cohort");
        double within = handover == 0 ? 0.05 : 0.1;
        hold_near(by_person.lapsed, 3690 * exp(-0.05 * 20), 80, "who lapse, person by person");
        hold_near(by_cohort.lapsed, 3690 * exp(-0.05 * 20), within * 1357, "who lapse");
        hold_near(by_cohort.applied, by_person.applied, within * by_person.applied, "who apply");
    }
}

/* An open renewal case keeps the status after the permit has ended. */
static void test_open_renewal_keeps_the_status(void **state)
{
    char programme[1000];
    (void)snprintf(programme, sizeof programme, RENEWAL, 10.0, 40);
    sj_world *w =
        permits_world(",'demography'",
                      STOCK ",'permit_expiry':{'permit':{'from':'2022-02-01','to':'2022-02-01'}}",
                      "90", programme, "cohort");
    sj_sim *sim = sim_of(w, 1, 0);
    run_to(sim, day_of(w, "2022-02-01") + 3);
    hold_near((double)COUNT(sim, .status = "permit"), 10000, 3, "who keep the status");
    assert_true(cases_of(sim, "renewal")->granted == 0);
    run_to(sim, day_of(w, "2022-02-01") + 60);
    hold_near((double)COUNT(sim, .status = "permit"), 10000, 3, "who have renewed");
    hold_near((double)sj_sim_state(sim)->ledger->permits.valid, 10000, 3, "permits");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* A child takes the status and an expiry of its stratum; ended when the holder dies. */
static void test_children_and_the_dead(void **state)
{
    sj_world *w = permits_world(
        "", STOCK ",'permit_expiry':{'permit':{'from':'2024-01-01','to':'2024-01-01'}}", "90",
        CARD("30"), "cohort");
    sj_sim *sim = sim_of(w, 1, 0);
    run_to(sim, day_of(w, "2023-12-31"));
    const sj_permit_count *p = &sj_sim_state(sim)->ledger->permits;
    int64_t children = COUNT(sim, .status = "permit", .group = "0-4");
    assert_true(children > 400 && p->born >= children);
    assert_int_equal(p->valid, COUNT(sim, .status = "permit"));
    assert_true(p->ended > 20);
    assert_int_equal(p->start + p->granted + p->born, p->valid + p->expired + p->ended);
    run_to(sim, day_of(w, "2024-02-01")); /* more than 400 days: the first of the next month */
    assert_int_equal(COUNT(sim, .status = "permit"), 0);
    assert_int_equal(p->valid, 0);
    sj_sim_free(sim);
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stays),
                                       cmocka_unit_test(test_permits_expire),
                                       cmocka_unit_test(test_permits_at_the_start),
                                       cmocka_unit_test(test_renewal_by_person),
                                       cmocka_unit_test(test_renewal_by_cohort),
                                       cmocka_unit_test(test_slow_renewal),
                                       cmocka_unit_test(test_open_renewal_keeps_the_status),
                                       cmocka_unit_test(test_children_and_the_dead)};
    return RUN_TESTS(tests);
}
