/**
 * @file test_opinion.c
 * @brief Hostility of opinion by its equation, term by term (model.md 4.16).
 *
 * Usage: test_opinion [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim_kit.h"

/** Two hosts without people who move; shelter of the first may be used by its own people. */
static sj_world *opinion_world(const char *opinion, const char *nea, int use)
{
    char text[4000];
    int n = snprintf(
        text, sizeof text,
        "{'format':'sojourn-scenario/1','id':'opinion',"
        "'time':{'start':'2022-01-01','end':'2024-12-31'},"
        "'run':{'off':['departure','onward','return','journey','programmes','chains','demography',"
        "'beliefs','noise','funds']},"
        "'places':{'ori':{'kind':'country','population':1000000,'income_usd_per_year':1000},"
        "'nea':{'kind':'country','population':900000,'income_usd_per_year':1000%s},"
        "'far':{'kind':'country','population':900000,'income_usd_per_year':1000,"
        "'xenophobia_start':0.5}},"
        "'nationalities':{'ori':{'home':'ori','departs':false},'nea':{'home':'nea','departs':false}"
        ","
        "'far':{'home':'far','departs':false}},"
        "'statuses':{'guest':{'standing':'temporary'}},"
        "'stocks':{'ori':{'nea':{'count':50000,'settled_last_year':12000,"
        "'status_shares':{'guest':1}}}},"
        "'services':{'beds':{'place':'nea','sector':'shelter','capacity':30,'host_use':%d,"
        "'need':{'per_person':0}}},'opinion':{%s}}",
        nea, use, opinion);
    assert_true(n > 0 && (size_t)n < sizeof text);
    return world_of(text);
}

static int country_of(const sj_world *w, const char *id)
{
    return sj_world_country(w, id);
}

static double hostility_on(sj_sim *sim, int day, const char *country)
{
    run_to(sim, day);
    const sj_run *run = sj_sim_state(sim);
    return run->hostility[country_of(run->world, country)];
}

/* X - rest after so many daily steps of x' = drift - fade x. */
static double after_steps(double x, double drift, double fade, int steps)
{
    for (int i = 0; i < steps; i++) {
        x += (drift - fade * x) / 365.25;
    }
    return x;
}

/* The start comes back to rest; the shock in force raises every country alike. */
static void test_fades(void **state)
{
    const char *const opinion[] = {"'inflow':0", "'inflow':0,'rest':0.1,'shock':2"};
    const double rest[] = {0.2, 0.1}, drift[] = {0, 0.2};
    for (int i = 0; i < 2; i++) {
        sj_world *w = opinion_world(opinion[i], ",'xenophobia_start':0.8", 0);
        sj_sim *sim = sim_of(w, 1, 0);
        double nea = hostility_on(sim, 10, "nea"), far = hostility_on(sim, 10, "far");
        hold_near(hostility_on(sim, 110, "nea"),
                  rest[i] + after_steps(nea - rest[i], drift[i], 0.5, 100), 1e-12, "nea");
        hold_near(hostility_on(sim, 110, "far"),
                  rest[i] + after_steps(far - rest[i], drift[i], 0.5, 100), 1e-12, "far");
        sj_sim_free(sim);
        sj_world_free(w);
    }
}

/* A campaign works where it runs, in proportion to its intensity; opinion is never below 0. */
static void test_campaign(void **state)
{
    const double intensity[] = {0.25, 0.5, 1.0};
    for (int i = 0; i < 3; i++) {
        char nea[80];
        (void)snprintf(nea, sizeof nea, ",'xenophobia_start':0.5,'campaign':%g", intensity[i]);
        sj_world *w = opinion_world("'inflow':0,'campaign_effect':0.4", nea, 0);
        sj_sim *sim = sim_of(w, 1, 0);
        double x = hostility_on(sim, 10, "nea") - 0.2;
        hold_near(hostility_on(sim, 110, "nea"),
                  0.2 + after_steps(x, -0.4 * intensity[i], 0.5, 100), 1e-12, "with a campaign");
        hold_near(hostility_on(sim, 1090, "far") - 0.2, after_steps(0.3, 0, 0.5, 1090), 1e-3,
                  "without one");
        assert_true(hostility_on(sim, 1090, "nea") >= 0);
        assert_true(intensity[i] < 1 || hostility_on(sim, 1090, "nea") < 0.05);
        sj_sim_free(sim);
        sj_world_free(w);
    }
}

/* 40 of 30 places used: a third too many in the only sector, capped at a utilisation of 3. */
static void test_overload(void **state)
{
    const int use[] = {30, 40, 900};
    const double over[] = {0, 1.0 / 3, 2};
    for (int i = 0; i < 3; i++) {
        sj_world *w = opinion_world("'inflow':0", "", use[i]);
        sj_sim *sim = sim_of(w, 1, 0);
        double x = hostility_on(sim, 10, "nea") - 0.2;
        hold_near(hostility_on(sim, 60, "nea"), 0.2 + after_steps(x, 0.3 * over[i], 0.5, 50), 1e-12,
                  "overload");
        sj_sim_free(sim);
        sj_world_free(w);
    }
}

/* Who settled in the last 365 days, over the population, above the threshold and at most 0.03. */
static void test_inflow(void **state)
{
    const char *const opinion[] = {"'inflow_threshold':0.005", "'inflow_threshold':0.02"};
    for (int i = 0; i < 2; i++) {
        sj_world *w = opinion_world(opinion[i], "", 0);
        sj_sim *sim = sim_of(w, 1, 0);
        double x = hostility_on(sim, 100, "nea") - 0.2;
        run_to(sim, 101);
        double share = sj_settled_in_year(sj_sim_state(sim), country_of(w, "nea")) / 900000;
        assert_true(share > 0.009 && share < 0.014);
        double drift = i == 0 ? 5 * (share - 0.005) : 0;
        hold_near(hostility_on(sim, 101, "nea"), 0.2 + after_steps(x, drift, 0.5, 1), 1e-12,
                  "inflow");
        sj_sim_free(sim);
        sj_world_free(w);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fades), cmocka_unit_test(test_campaign),
        cmocka_unit_test(test_overload), cmocka_unit_test(test_inflow)};
    return RUN_TESTS(tests);
}
