/**
 * @file test_start.c
 * @brief Day 0 (semantics A9): shares by largest remainder, nationals at home, chains, backlogs.
 *
 * Usage: test_start [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim_kit.h"

static void start_text(char *text, size_t size, const char *stock, const char *more)
{
    int n =
        snprintf(text, size,
                 "{'format':'sojourn-scenario/1','id':'start',"
                 "'time':{'start':'2022-01-01','end':'2022-12-31'},'run':{'off':[" ALL_OFF "]},"
                 "'places':{'ori':{'kind':'country','population':10001,'income_usd_per_year':1},"
                 "'nea':{'kind':'country','population':20000,'income_usd_per_year':1,"
                 "'default_status_shares':{'irregular':0.6,'permit':0.4}},"
                 "'town':{'kind':'city','parent':'nea','population':4000,'settle_weight':3},"
                 "'edge':{'kind':'node','parent':'nea'}},"
                 "'nationalities':{'ori':{'home':'ori'},'nea':{'home':'nea','departs':false}},"
                 "'stocks':{'ori':{'nea':%s}},"
                 "'statuses':{'irregular':{'standing':'none'},'permit':{'standing':'temporary',"
                 "'rights':{'work':true}}}%s}",
                 stock, more);
    assert_true(n > 0 && (size_t)n < size);
}

static sj_sim *start_sim(sj_world **w, const char *stock, const char *more)
{
    char text[5000];
    start_text(text, sizeof text, stock, more);
    *w = world_of(text);
    return sim_of(*w, 1, 0);
}

/* 600.6 and 400.4: 600 and 400, the one left over goes to the larger fraction. */
static void test_worked_example(void **state)
{
    sj_world *w;
    sj_sim *sim = start_sim(&w, "{'count':1001,'leaf_shares':{'nea-rest':1}}", "");
    assert_int_equal(COUNT(sim, .status = "irregular"), 601);
    assert_int_equal(COUNT(sim, .status = "permit"), 400);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Nested: leaf (3 x 4,000 : 16,000), status, group; ties in order of id. */
static void test_nested(void **state)
{
    sj_world *w;
    sj_sim *sim = start_sim(&w,
                            "{'count':8,'status_shares':{'irregular':0.5,'permit':0.5},"
                            "'group_shares':{'0-4':0.25,'5-17':0.25,'18-59':0.25,'60+':0.25}}",
                            "");
    /* rest 4.571, town 3.429: 4 and 3, one over to the rest; 5 = 2.5 + 2.5: irregular first */
    assert_int_equal(COUNT(sim, .nation = "ori", .place = "nea-rest"), 5);
    assert_int_equal(COUNT(sim, .nation = "ori", .place = "town"), 3);
    assert_int_equal(COUNT(sim, .nation = "ori", .place = "edge"), 0);
    assert_int_equal(COUNT(sim, .place = "nea-rest", .status = "irregular"), 3);
    assert_int_equal(COUNT(sim, .place = "nea-rest", .status = "permit"), 2);
    /* 3 by quarters: 0.75 each: the first three groups */
    assert_int_equal(COUNT(sim, .place = "nea-rest", .status = "irregular", .group = "0-4"), 1);
    assert_int_equal(COUNT(sim, .place = "nea-rest", .status = "irregular", .group = "18-59"), 1);
    assert_int_equal(COUNT(sim, .place = "nea-rest", .status = "irregular", .group = "60+"), 0);
    assert_int_equal(COUNT(sim, .place = "nea-rest", .status = "permit", .group = "5-17"), 1);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* sj_divide itself: exact, ties by order, and huge counts. */
static void test_divide(void **state)
{
    int64_t out[4];
    sj_divide(10, (double[]){1, 1, 1, 1}, 4, out);
    assert_true(out[0] == 3 && out[1] == 3 && out[2] == 2 && out[3] == 2);
    sj_divide(0, (double[]){1, 2}, 2, out);
    assert_true(out[0] == 0 && out[1] == 0);
    sj_divide(7, (double[]){0, 5, 0}, 3, out);
    assert_true(out[0] == 0 && out[1] == 7 && out[2] == 0);
    int64_t n = INT64_C(1) << 52;
    sj_divide(n, (double[]){0.1, 0.2, 0.7}, 3, out);
    assert_true(out[0] + out[1] + out[2] == n);
    assert_true(out[0] - n / 10 <= 1 && n / 10 - out[0] <= 1);
    for (int k = 1; k < 2000; k++) {
        double share[] = {k % 7, k % 11 + 0.5, k % 3};
        double sum = share[0] + share[1] + share[2];
        sj_divide(k, share, 3, out);
        assert_int_equal(out[0] + out[1] + out[2], k);
        for (int i = 0; i < 3; i++) {
            assert_true(fabs((double)out[i] - k * share[i] / sum) < 1);
        }
    }
}

/* `population` counts everybody: nationals at home are the rest, all citizens, 8 22 58 12 by group
 * where no shares are given. */
static void test_nationals(void **state)
{
    sj_world *w;
    sj_sim *sim = start_sim(&w, "{'count':1001}", "");
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    assert_int_equal(COUNT(sim, .nation = "nea", .status = "citizen"), 20000 - 1001);
    assert_int_equal(COUNT(sim, .place = "nea"), 20000);
    assert_int_equal(COUNT(sim, .place = "town"), 4000);
    assert_int_equal(ledger->population[sj_world_country(w, "nea")], 20000);
    assert_int_equal(ledger->home_pool[sj_world_nation(w, "ori")], 10001);
    /* 800.08 2200.22 5800.58 1200.12 */
    assert_int_equal(COUNT(sim, .place = "ori", .group = "0-4"), 800);
    assert_int_equal(COUNT(sim, .place = "ori", .group = "5-17"), 2200);
    assert_int_equal(COUNT(sim, .place = "ori", .group = "18-59"), 5801);
    assert_int_equal(COUNT(sim, .place = "ori", .group = "60+"), 1200);
    assert_int_equal(ledger->tally.initial, 30001);
    sj_sim_free(sim);
    sj_world_free(w);
}

#define WORK(shares)                                                                               \
    ",'chains':{'work':{'groups':['18-59'],'start':'idle'," shares "'moves':{'idle>busy':"         \
    "{'per_year':3,'without_right':{'work':1}},'busy>idle':{'per_year':1}}}}"

/* Stationary under the rights of the status: 3 : 1 with the right to work, 1 : 1 without. */
static void test_chains(void **state)
{
    static const char stock[] = "{'count':2000,'leaf_shares':{'nea-rest':1},'group_shares':"
                                "{'18-59':1},'status_shares':{'irregular':0.5,'permit':0.5}}";
    sj_world *w;
    sj_sim *sim = start_sim(&w, stock, WORK(""));
    const sj_stratum *with = STRATUM(sim, .status = "permit");
    const sj_stratum *without = STRATUM(sim, .status = "irregular");
    assert_string_equal(w->chains[0].class_id[0], "busy");
    assert_int_equal(with->old[0], 750);
    assert_int_equal(with->old[1], 250);
    assert_int_equal(without->old[0], 500);
    sj_sim_free(sim);
    sj_world_free(w);
    sim = start_sim(&w, stock, WORK("'start_shares':{'busy':0.3,'idle':0.7},"));
    assert_int_equal(STRATUM(sim, .status = "permit")->old[0], 300);
    sj_sim_free(sim);
    sj_world_free(w);
}

#define OFFICE(n)                                                                                  \
    ",'programmes':{'card':{'country':'nea','pending_status':'irregular','backlog':{'ori':" n "}," \
    "'backlog_age_days':100,'stages':{'desk':{'order':1,'slots_per_day':0},'end':{'order':2,"      \
    "'slots_per_day':0}},'outcome':{'status':'permit'}}}"

/* Over its strata by largest remainder; person k of n applied 1 + floor(100 k / n) days ago. */
static void test_backlog(void **state)
{
    sj_world *w;
    sj_sim *sim = start_sim(&w,
                            "{'count':1000,'leaf_shares':{'nea-rest':0.4,'town':0.6},"
                            "'status_shares':{'irregular':1}}",
                            OFFICE("50"));
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    const sj_stratum *few = STRATUM(sim, .nation = "ori", .place = "nea-rest");
    const sj_stratum *more = STRATUM(sim, .nation = "ori", .place = "town");
    assert_int_equal(few->n_cases, 20);
    assert_int_equal(more->n_cases, 30);
    size_t n;
    const sj_batch *batch = sj_stage_batches(ledger->stages[0], few->index, &n);
    assert_int_equal(n, 20);
    for (int k = 0; k < 20; k++) { /* in order of joining: the last applied longest ago */
        int age = 1 + 100 * (19 - k) / 20;
        assert_int_equal(batch[k].since, w->start - age);
        assert_int_equal(batch[k].joined, w->start - age);
        assert_int_equal(batch[k].count, 1);
    }
    assert_int_equal(sj_stage_length(ledger->stages[1]), 0);
    assert_int_equal(cases_of(sim, "card")->opening, 50);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Where the outcome is a journey those who wait are nationals at home: applicants from the start.
 */
static void test_backlog_at_home(void **state)
{
    sj_world *w;
    sj_sim *sim =
        start_sim(&w, "10",
                  ",'channels':{'visit':{'class':'regular','to':['nea'],'entry_status':'permit',"
                  "'requires':'visa'}},'programmes':{'visa':{'country':'nea','backlog':{'ori':500},"
                  "'backlog_age_days':100,'stages':{'desk':{'order':1,'slots_per_day':0}},"
                  "'outcome':{'channel':'visit'}}}");
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    assert_int_equal(COUNT(sim, .status = "applicant", .nation = "ori", .place = "ori"), 500);
    assert_int_equal(COUNT(sim, .status = "citizen", .nation = "ori", .place = "ori"), 9501);
    assert_int_equal(ledger->home_pool[sj_world_nation(w, "ori")], 10001);
    const sj_stratum *adult =
        STRATUM(sim, .nation = "ori", .status = "applicant", .group = "18-59");
    assert_int_equal(adult->n, 290); /* 0.58 of them */
    assert_int_equal(adult->n_cases, 290);
    assert_int_equal(sj_stage_length(ledger->stages[0]), 500);
    assert_int_equal(cases_of(sim, "visa")->opening, 500);
    check(sim);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* More than the stock with the pending status is an error that names the place. */
static void test_backlog_too_large(void **state)
{
    char text[5000];
    start_text(text, sizeof text, "{'count':1000,'status_shares':{'irregular':0.5,'permit':0.5}}",
               OFFICE("502")); /* 501 are irregular: 286 and 215 */
    sj_problems problems = {0};
    sj_world *w = world_with_problems(text, &problems);
    sj_sim *sim = NULL;
    sj_err err = {0};
    if (w != NULL) { /* found at the latest when the people are put in place */
        sj_sim_options options = {.fixed = true};
        assert_int_equal(sj_sim_new(&sim, w, &options, NULL, &err), SJ_E_MEANING);
        assert_non_null(strstr(err.where, "/programmes/card/backlog"));
    } else {
        assert_true(problems.n_errors > 0);
    }
    assert_null(sim);
    sj_problems_clear(&problems);
    sj_world_free(w);
}

/* settled_last_year is spread evenly over the year before and leaves day by day. */
static void test_settled_last_year(void **state)
{
    sj_world *w;
    sj_sim *sim = start_sim(&w, "{'count':1000,'settled_last_year':730}", "");
    int nea = sj_world_country(w, "nea");
    hold_near(sj_settled_in_year(sj_sim_state(sim), nea), 730, 0, "day 0");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Person resolution: strata of one whose marginals add up to those of the cohort. */
static void test_strata_of_one(void **state)
{
    char text[6000];
    start_text(text, sizeof text,
               "{'count':300,'leaf_shares':{'nea-rest':1},'group_shares':{'18-59':1},"
               "'status_shares':{'irregular':1}}",
               WORK("'start_shares':{'busy':0.3,'idle':0.7},") OFFICE("50"));
    char *at = strstr(text, "'run':{"), more[6100];
    (void)snprintf(more, sizeof more, "%.*s'run':{'resolution':'person',%s", (int)(at - text), text,
                   at + strlen("'run':{"));
    sj_world *w = world_of(more);
    sj_sim *sim = sim_of(w, 1, 0);
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    int64_t people_there = 0, busy = 0, cases = 0;
    for (size_t i = 1; i < ledger->n_strata; i++) {
        const sj_stratum *s = ledger->strata[i];
        if (s->n > 0 && s->is_settled && s->is_foreign) {
            assert_int_equal(s->n, 1);
            people_there += s->n;
            busy += s->old[0];
            cases += s->n_cases;
        }
    }
    assert_int_equal(people_there, 300);
    assert_int_equal(busy, 90);
    assert_int_equal(cases, 50);
    sj_sim_free(sim);
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_worked_example),
                                       cmocka_unit_test(test_nested),
                                       cmocka_unit_test(test_divide),
                                       cmocka_unit_test(test_nationals),
                                       cmocka_unit_test(test_chains),
                                       cmocka_unit_test(test_backlog),
                                       cmocka_unit_test(test_backlog_at_home),
                                       cmocka_unit_test(test_backlog_too_large),
                                       cmocka_unit_test(test_settled_last_year),
                                       cmocka_unit_test(test_strata_of_one)};
    return RUN_TESTS(tests);
}
