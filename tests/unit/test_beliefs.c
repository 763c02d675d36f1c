/**
 * @file test_beliefs.c
 * @brief Beliefs and the weight W: lag, window, floor, start on day 60, marked events, recovery.
 * Nothing is random here; journeys end by the test's own hand.
 *
 * Usage: test_beliefs [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim_kit.h"

#define ONLY_BELIEFS                                                                               \
    "/run/off=[\"departure\",\"onward\",\"return\",\"journey\",\"programmes\",\"chains\","         \
    "\"demography\",\"services\",\"funds\",\"opinion\",\"noise\"]"

static double weight(const sj_sim *sim, const char *channel, const char *destination)
{
    const sj_world *w = sj_sim_state(sim)->world;
    return sj_belief_weight(sj_sim_state(sim), sj_world_nation(w, "ori"), channel_of(w, channel),
                            sj_world_country(w, destination));
}

static void ended(sj_sim *sim, const char *channel, int64_t n, int64_t entered)
{
    const sj_world *w = sj_sim_state(sim)->world;
    int nation = sj_world_nation(w, "ori"), far = sj_world_country(w, "far");
    sj_belief_ended(hands(sim), nation, channel_of(w, channel), far, entered, true);
    sj_belief_ended(hands(sim), nation, channel_of(w, channel), far, n - entered, false);
}

/* First-order lag of 45 days behind the share of the last 60 days; none ended: no change. */
static void test_lag_and_window(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, (const char *[]){ONLY_BELIEFS, "/policies=null", NULL});
    sj_sim *sim = sim_of(w, 1, 0);
    run_to(sim, 9);
    hold_near(weight(sim, "overland", "far"), 1, 0, "nothing has ended");
    ended(sim, "overland", 1000, 500);
    double belief = 0.7;
    for (int day = 10; day < 9 + 60; day++) { /* the day itself is past its own review */
        run_to(sim, day);
        belief += (0.5 - belief) * -expm1(-1 / 45.0);
        hold_near(weight(sim, "overland", "far"), belief / 0.7, 1e-12, "on the way to 0.5");
    }
    run_to(sim, 100);
    hold_near(weight(sim, "overland", "far"), belief / 0.7, 1e-12, "out of the window");
    hold_near(weight(sim, "claim", "far"), 1, 0, "another channel");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Belief never falls below 0.02. */
static void test_floor(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, (const char *[]){ONLY_BELIEFS, "/policies=null", NULL});
    sj_sim *sim = sim_of(w, 1, 0);
    for (int day = 1; day < 300; day++) {
        run_to(sim, day);
        ended(sim, "overland", 10, 0);
    }
    hold_near(weight(sim, "overland", "far"), 0.02 / 0.7, 1e-12, "floor");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Without a start the weight is 1 until day 60, when belief and start are both set. */
static void test_start_on_day_60(void **state)
{
    sj_world *w = world_set(
        TWO_HOSTS, (const char *[]){ONLY_BELIEFS, "/policies=null", "/beliefs/start=null", NULL});
    sj_sim *sim = sim_of(w, 1, 0);
    run_to(sim, 1);
    ended(sim, "overland", 100, 40);
    run_to(sim, 59);
    ended(sim, "overland", 100, 0);
    hold_near(weight(sim, "overland", "far"), 1, 0, "day 59");
    run_to(sim, 60); /* 40 of 200 and one more: that is the start; 40 of 200 are the truth */
    double start = 41 / 201.0, a = -expm1(-1 / 45.0), belief = start + (0.2 - start) * a;
    hold_near(weight(sim, "overland", "far"), belief / start, 1e-12, "day 60");
    hold_near(weight(sim, "claim", "far"), 1, 0, "none ended: 1");
    run_to(sim, 61); /* day 1 has left the window: 0 of 100 */
    belief += (0 - belief) * a;
    hold_near(weight(sim, "overland", "far"), belief / start, 1e-12, "day 61");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* A single journey that failed makes a start of one half, not of the floor: later luck cannot raise
 * the weight fifty-fold. */
static void test_start_of_one_failure(void **state)
{
    sj_world *w = world_set(
        TWO_HOSTS, (const char *[]){ONLY_BELIEFS, "/policies=null", "/beliefs/start=null", NULL});
    sj_sim *sim = sim_of(w, 1, 0);
    run_to(sim, 30);
    ended(sim, "overland", 1, 0);
    for (int day = 61; day < 1000; day++) {
        run_to(sim, day);
        ended(sim, "overland", 10, 10);
    }
    hold_near(weight(sim, "overland", "far"), 2, 1e-6, "one over one half");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* W is measured against the start; what was reached on the first day is where the lag begins. */
static void test_reached(void **state)
{
    sj_world *w = world_set(
        TWO_HOSTS,
        (const char *[]){ONLY_BELIEFS, "/policies=null", "/beliefs/start/claim=null",
                         "/beliefs/start/overland={\"far\":0.1}",
                         "/beliefs/reached={\"overland\":{\"far\":0.6},\"claim\":{\"far\":0.5}}",
                         NULL});
    sj_sim *sim = sim_of(w, 1, 0);
    hold_near(weight(sim, "overland", "far"), 6, 1e-12, "six times what few believed");
    hold_near(weight(sim, "claim", "far"), 1, 1e-12, "without a start it is the start");
    ended(sim, "overland", 100, 20);
    ended(sim, "claim", 100, 20);
    run_to(sim, 1);
    double step = -expm1(-1 / 45.0);
    hold_near(weight(sim, "overland", "far"), (0.6 - 0.4 * step) / 0.1, 1e-12, "on to 0.2");
    hold_near(weight(sim, "claim", "far"), (0.5 - 0.3 * step) / 0.5, 1e-12, "from its start");
    sj_sim_free(sim);
    sj_world_free(w);
}

#define MARKED                                                                                     \
    "/policies={\"m\":{\"marked\":true,\"ops\":[{\"at\":\"/channels/claim/open\",\"set\":false,"   \
    "\"from\":\"2022-01-11\"}]}}"

/* Seven days of lag during the 60 days after a marked event, for what its ops name. */
static void test_marked_event(void **state)
{
    sj_world *w = world_set(
        TWO_HOSTS, (const char *[]){ONLY_BELIEFS, MARKED, "/beliefs/recovery_per_month=0", NULL});
    sj_sim *sim = sim_of(w, 1, 0);
    double named = 0.7, other = 0.7;
    for (int day = 1; day <= 90; day++) {
        run_to(sim, day);
        double lag = day >= 10 && day < 70 ? 7 : 45;
        if (day > 1) {
            named += (0.3 - named) * -expm1(-1 / lag);
            other += (0.3 - other) * -expm1(-1 / 45.0);
        }
        hold_near(weight(sim, "claim", "far"), named / 0.7, 1e-12, "named by the event");
        hold_near(weight(sim, "overland", "far"), other / 0.7, 1e-12, "not named");
        ended(sim, "claim", 100, 30);
        ended(sim, "overland", 100, 30);
    }
    sj_sim_free(sim);
    sj_world_free(w);
}

/* After a marked fall ln W comes back by 0.26 a month, and no further than 0. */
static void test_recovery(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, (const char *[]){ONLY_BELIEFS, MARKED, NULL});
    sj_sim *sim = sim_of(w, 1, 0);
    run_to(sim, 9);
    double at_bottom = 0, after_60_days = 0;
    for (int day = 10; day <= 400; day++) {
        run_to(sim, day);
        ended(sim, "claim", 100, 30);
        double now = log(weight(sim, "claim", "far"));
        at_bottom = now < at_bottom ? now : at_bottom;
        assert_true(now <= 1e-12);
        after_60_days = day == 60 ? now : after_60_days;
        if (day == 90) { /* the belief has come to 0.3; only the recovery works */
            assert_true(now < -0.1);
            hold_near(now - after_60_days, 0.26 * 12 / 365.25 * 30, 2e-3, "a month of recovery");
        }
    }
    assert_true(at_bottom < -0.3);
    hold_near(weight(sim, "claim", "far"), 1, 1e-9, "recovered");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* The way home enters no belief. */
static void test_home_enters_no_belief(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, (const char *[]){ONLY_BELIEFS, "/policies=null", NULL});
    sj_sim *sim = sim_of(w, 1, 0);
    int ori = sj_world_nation(w, "ori"), home = sj_world_country(w, "ori");
    run_to(sim, 1);
    sj_belief_ended(hands(sim), ori, w->home_channel, home, 1000, false);
    run_to(sim, 61);
    hold_near(weight(sim, "home", "ori"), 1, 0, "home");
    sj_sim_free(sim);
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lag_and_window),
                                       cmocka_unit_test(test_floor),
                                       cmocka_unit_test(test_start_on_day_60),
                                       cmocka_unit_test(test_reached),
                                       cmocka_unit_test(test_start_of_one_failure),
                                       cmocka_unit_test(test_marked_event),
                                       cmocka_unit_test(test_recovery),
                                       cmocka_unit_test(test_home_enters_no_belief)};
    return RUN_TESTS(tests);
}
