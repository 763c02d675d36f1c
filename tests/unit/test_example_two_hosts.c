/**
 * @file test_example_two_hosts.c
 * @brief "Sums a reader can check by hand" under the small world of semantics part B.
 *
 * What is random is compared with its law at 1e-6 over fixed seeds; what the page calls "about" is
 * held to half of its last digit where the law is not written down.
 *
 * Usage: test_example_two_hosts [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "process/departure.h"
#include "sim_digest.h"
#include "sim_kit.h"

static void test_people_at_the_start(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, NULL);
    sj_sim *sim = sim_of(w, 1, 0);
    assert_int_equal(sj_ledger_people(sj_sim_state(sim)->ledger), 70000000);
    assert_int_equal(COUNT(sim, .status = "citizen", .place = "ori"), 10000000);
    assert_int_equal(COUNT(sim, .status = "citizen", .place = "nea"), 19700000);
    assert_int_equal(COUNT(sim, .status = "citizen", .place = "far"), 39980000);
    assert_int_equal(COUNT(sim, .status = "irregular", .place = "nea"), 180000);
    assert_int_equal(COUNT(sim, .status = "permit"), 120000);
    assert_int_equal(COUNT(sim, .status = "irregular", .place = "nea-port"), 24545);
    assert_int_equal(COUNT(sim, .status = "permit", .place = "nea-port"), 16364);
    assert_int_equal(COUNT(sim, .status = "irregular", .place = "nea-rest"), 155455);
    assert_int_equal(COUNT(sim, .status = "permit", .place = "nea-rest"), 103636);
    assert_int_equal(COUNT(sim, .status = "claimant"), 5000);
    assert_int_equal(COUNT(sim, .nation = "ori", .place = "far"), 20000);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* The 5,000 of the backlog are all the claimants; person k applied 1 + floor(400 k / n) days ago.
 * Of those from before July 2021, more than half a year ago, the month counts, as of its 15th. */
static void test_backlog(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, NULL);
    sj_sim *sim = sim_of(w, 1, 0);
    const sj_run *run = sj_sim_state(sim);
    int stage = stage_of(sim, "far-asylum/first");
    assert_int_equal(queue_of(sim, "far-asylum/first"), 5000);
    assert_int_equal(queue_of(sim, "far-asylum/appeal"), 0);
    assert_int_equal(cases_of(sim, "far-asylum")->opening, 5000);
    int64_t ages[500] = {0};
    sj_stage_ages(run->ledger->stages[stage], w->start, 500, ages);
    int june = (int)(w->start - sj_day_of(2021, 6, 15)), by_month = 0;
    for (int age = 1; age <= 184; age++) {
        assert_in_range(ages[age], 9, 16); /* 12.5 a day, in each of four strata by its own sum */
    }
    for (int age = 185; age < 500; age++) {
        by_month += (int)ages[age];
        assert_true(ages[age] == 0 || sj_day_mid_month(w->start - age) == w->start - age);
    }
    assert_in_range(ages[june], 30 * 9, 30 * 16);
    assert_in_range(by_month, 2650, 2750); /* 216 days of 12.5 */
    assert_int_equal(ages[0], 0);
    hold_near(sj_programme_wait(run, 0) * SJ_DAYS_A_YEAR, 155.6, 0.05, "expected wait in days");
    assert_string_equal(w->programmes[0].spec->item.id, "far-asylum");
    sj_sim_free(sim);
    sj_world_free(w);
}

/** People who set out on the day for a country by a channel; at the post, or on a link. */
static int64_t on_their_way(const sj_sim *sim, const char *destination, const char *channel)
{
    const sj_run *run = sj_sim_state(sim);
    sj_intent to = intent_for(sim, destination, channel);
    int64_t n = 0;
    for (int e = 0; e < run->world->n_edges; e++) {
        for (int d = 0; d <= SJ_LEG_DAYS; d++) {
            const sj_leg *leg = sj_ledger_leg(run->ledger, e, d);
            for (size_t b = 0; leg != NULL && b < leg->bands.n; b++) {
                const sj_band *band = &leg->bands.at[b];
                n += band->slot == sj_intent_slot(to) ? band->n : 0;
            }
        }
    }
    for (size_t i = 1; i < run->ledger->n_strata; i++) {
        const sj_stratum *s = run->ledger->strata[i];
        n += s->is_under_way && s->slot == sj_intent_slot(to) ? s->n : 0;
    }
    return n;
}

/* 0.005 x exp(1.6 x 0.4) x 1.32^0.3 = 0.010306 a year, 282 people a day, 57 of them to the post,
 * 254 in all to nea. */
static void test_first_day(void **state)
{
    enum { R = 300 };
    double rate = 0.005 * exp(1.6 * 0.4) * pow(1.32, 0.3);
    assert_true(fabs(rate - 0.010306) < 5e-7);
    double chance = -expm1(-rate / 365.25);
    sj_world *w = world_set(TWO_HOSTS, NULL);
    sums set_out = {0};
    double to_post = 0, to_nea = 0;
    for (uint64_t r = 0; r < R; r++) {
        sj_sim *sim = sim_of(w, 2, r);
        hold_near(sj_departure_rate(sj_sim_state(sim), sj_world_nation(w, "ori")), rate, 1e-9,
                  "hazard of setting out");
        run_to(sim, 1);
        int64_t post = sj_stage_length(sj_sim_state(sim)->ledger->stages[post_stage_of(sim, 0)]);
        assert_int_equal(post, on_their_way(sim, "nea", "visa-free"));
        to_post += (double)post / R;
        to_nea += (double)(post + on_their_way(sim, "nea", "overland")) / R;
        /* the driver has moved for a day: 0.05 / sqrt(365.25) x 1.6 in the log */
        double mean = 1e7 * chance, noise = mean * 1.6 * 0.05 / sqrt(365.25);
        add_draw(&set_out, (double)departures_of(sim), mean, mean + noise * noise);
        sj_sim_free(sim);
    }
    hold_sums(&set_out, "people who set out on the first day");
    assert_true(fabs(set_out.mean / R - 282) < 0.5);
    hold_near(to_post, 57, 0.5 + 4.9 * sqrt(57.0 / R), "people a day who go to the post");
    hold_near(to_nea, 254, 0.5 + 4.9 * sqrt(254.0 / R), "people a day who choose nea");
    sj_world_free(w);
}

/* 60 slots admit 58.2 of 60. */
static void test_post(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, (const char *[]){"/choice/access/ori=0.9", NULL});
    sj_sim *sim = sim_of(w, 3, 0);
    int stage = post_stage_of(sim, 0);
    const sj_tally *t = &sj_sim_state(sim)->ledger->tally;
    int64_t before = 0;
    run_to(sim, 1);
    for (int day = 2; day <= 200; day++) {
        run_to(sim, day);
        assert_int_equal(t->served[stage] - before, 60); /* more than 100 come a day */
        before = t->served[stage];
    }
    assert_int_equal(t->served[stage], t->completed[stage] + t->refused[0]);
    hold_near(60 * value_at(sim, "/posts/port-post/admitted"), 58.2, 1e-9, "admitted of 60");
    hold_binomial((double)t->completed[stage], (double)t->served[stage], 0.97, "admitted");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* About 1,040 places are needed once 60 days have passed, above the 900; surge adds 500 on the day
 * after the 14th in a row, and they stay. */
static void test_shelter_and_surge(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, (const char *[]){"/funds=null", NULL});
    double need = 0;
    enum { R = 20 };
    for (uint64_t r = 0; r < R; r++) {
        sj_sim *sim = sim_of(w, 4, r);
        const sj_run *run = sj_sim_state(sim);
        int s =
            run->world->service_at[sj_world_leaf(w, "nea-port") * SJ_SECTORS + SJ_SECTOR_SHELTER];
        int in_a_row = 0;
        bool surge = false;
        for (int day = 1; day <= 120; day++) {
            surge = surge || in_a_row >= 14;
            run_to(sim, day);
            assert_true(run->supply[s] == (surge ? 1400 : 900));
            in_a_row = run->demand[s] > run->supply[s] ? in_a_row + 1 : 0;
            need += day == 70 ? run->demand[s] / R : 0;
        }
        assert_true(surge);
        sj_sim_free(sim);
    }
    hold_near(need, 254 * 3 / 22.0 * 60 * 0.5, 40, "places needed"); /* the driver may drift */
    sj_world_free(w);
}

/* Announcing more-vetting moves nothing until 1 October 2022, draw for draw. */
static void test_announcement(void **state)
{
    sj_world *with = world_set(TWO_HOSTS, NULL);
    sj_world *without = world_set(TWO_HOSTS, (const char *[]){"/policies/more-vetting=null", NULL});
    sj_sim *a = sim_of(with, 5, 0), *b = sim_of(without, 5, 0);
    int in_force = day_of(with, "2022-10-01");
    for (int day = 0; day <= in_force; day++) {
        run_to(a, day);
        run_to(b, day);
        if (digest(a) != digest(b)) {
            fail_msg("different on day %d", day);
        }
    }
    run_to(a, in_force + 30);
    run_to(b, in_force + 30);
    assert_true(digest(a) != digest(b));
    sj_sim_free(a);
    sj_sim_free(b);
    sj_world_free(with);
    sj_world_free(without);
}

static double capacity_on(sj_sim *sim, const char *date, const char *stage)
{
    run_to(sim, day_of(sj_sim_state(sim)->world, date));
    return sj_stage_capacity(sj_sim_state(sim), stage_of(sim, stage));
}

/* Vetting 700, 1,050 half way through the ramp, 1,400 from 30 December. */
static void test_ramp_of_vetting(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, NULL);
    sj_sim *sim = sim_of(w, 6, 0);
    static const char vetting[] = "nea-permit/vetting";
    hold_near(capacity_on(sim, "2022-09-30", vetting), 700, 0, "before");
    hold_near(capacity_on(sim, "2022-10-01", vetting), 700, 0, "first day of the ramp");
    hold_near(capacity_on(sim, "2022-10-02", vetting), 700 * (1 + 1 / 90.0), 1e-9, "second day");
    hold_near(capacity_on(sim, "2022-11-15", vetting), 1050, 1e-9, "half way");
    hold_near(capacity_on(sim, "2022-12-29", vetting), 700 * (1 + 89 / 90.0), 1e-9, "last day");
    hold_near(capacity_on(sim, "2022-12-30", vetting), 1400, 1e-9, "full");
    hold_near(capacity_on(sim, "2024-12-31", vetting), 1400, 1e-9, "for good");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Biometrics attends 1,400 x 0.55 = 770 of those it calls on a working day, none on others. */
static void test_biometrics(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, NULL);
    sj_sim *sim = sim_of(w, 7, 0);
    const sj_run *run = sj_sim_state(sim);
    int stage = stage_of(sim, "nea-permit/biometrics");
    const int64_t *served = &run->ledger->tally.served[stage];
    sums attended = {0};
    run_to(sim, day_of(w, "2022-06-01"));
    for (int day = run->day + 1; day <= day_of(w, "2022-08-31"); day++) {
        int64_t waiting = queue_of(sim, "nea-permit/biometrics"), before = *served;
        run_to(sim, day);
        if (sj_day_weekday(run->today) >= 5) {
            assert_int_equal(*served, before);
        } else if (waiting >= 1400) { /* all joined before today, so all may be called */
            add_binomial(&attended, (double)(*served - before), 1400, 0.55);
        }
    }
    assert_true(attended.n > 40);
    hold_near(attended.mean / attended.n, 770, 1e-9, "mean");
    hold_sums(&attended, "attended");
    sj_sim_free(sim);
    sj_world_free(w);
}

static sj_account account_on(sj_sim *sim, const char *date)
{
    run_to(sim, day_of(sj_sim_state(sim)->world, date));
    return sj_fund_account(sj_sim_state(sim), 0);
}

/* 2,640,000 $ on 3 February 2023; 1,257 places; 1,885,500 paid; 754,200 in 365 equal days. */
static void test_fund(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, NULL);
    sj_sim *sim = sim_of(w, 8, 0);
    const sj_run *run = sj_sim_state(sim);
    int s = run->world->service_at[sj_world_leaf(w, "nea-port") * SJ_SECTORS + SJ_SECTOR_SHELTER];
    sj_account a = account_on(sim, "2023-02-02");
    assert_int_equal(a.received, 0);
    a = account_on(sim, "2023-02-03");
    assert_int_equal(a.received, 300000000);
    assert_int_equal(a.received - a.overhead, 264000000);
    assert_int_equal(a.built, 188550000);
    assert_int_equal(a.balance, 264000000 - 188550000);
    a = account_on(sim, "2023-04-03");
    assert_int_equal(a.run, 0);
    assert_true(run->supply[s] == 1400);
    a = account_on(sim, "2023-04-04");
    assert_int_equal(a.run, llround(75420000 / 365.0));
    assert_true(run->supply[s] == 2657); /* with surge */
    int64_t paid = a.run;
    for (int day = run->day + 1; day < day_of(w, "2024-04-03"); day++) {
        run_to(sim, day);
        int64_t now = sj_fund_account(run, 0).run;
        assert_in_range(now - paid, 206630, 206631); /* 206,630.14 cents a day */
        assert_true(run->supply[s] == 2657);
        paid = now;
    }
    a = account_on(sim, "2024-04-02");
    assert_int_equal(a.run, 75420000);
    assert_int_equal(a.balance, 30000);
    a = account_on(sim, "2024-04-03");
    assert_true(run->supply[s] == 1400);
    a = account_on(sim, "2024-12-31");
    assert_int_equal(a.run, 75420000);
    assert_int_equal(a.balance, 30000);
    sj_sim_free(sim);
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_people_at_the_start),
                                       cmocka_unit_test(test_backlog),
                                       cmocka_unit_test(test_first_day),
                                       cmocka_unit_test(test_post),
                                       cmocka_unit_test(test_shelter_and_surge),
                                       cmocka_unit_test(test_announcement),
                                       cmocka_unit_test(test_ramp_of_vetting),
                                       cmocka_unit_test(test_biometrics),
                                       cmocka_unit_test(test_fund)};
    return RUN_TESTS(tests);
}
