/**
 * @file test_example_carry.c
 * @brief Worked example of semantics A3: what 40 movers and 3 dead of 1,000 take along, and how far
 * old members and newcomers advance at the monthly review.
 *
 * Laws are compared with chi-square and normal tests at 1e-6 each, fixed seeds.
 *
 * Usage: test_example_carry [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim_kit.h"
#include "stat/law.h"

enum { DRAWS = 20000 };

/* 1,000 adults without work right; nobody serves; nothing happens by itself. */
#define CARRY_WORLD(off, chain)                                                                    \
    "{'format':'sojourn-scenario/1','id':'carry',"                                                 \
    "'time':{'start':'2022-03-01','end':'2022-06-30'},'run':{'off':[" off "]},"                    \
    "'places':{'ori':{'kind':'country','population':5000,'income_usd_per_year':1000},"             \
    "'nea':{'kind':'country','population':9000,'income_usd_per_year':1000},"                       \
    "'town':{'kind':'city','parent':'nea','population':4000},"                                     \
    "'far':{'kind':'country','population':9000,'income_usd_per_year':1000}},"                      \
    "'nationalities':{'ori':{'home':'ori','departs':false},'nea':{'home':'nea','departs':false},"  \
    "'far':{'home':'far','departs':false}},"                                                       \
    "'stocks':{'ori':{'nea':{'count':1000,'leaf_shares':{'nea-rest':1},"                           \
    "'status_shares':{'guest':1},'group_shares':{'18-59':1}}}},"                                   \
    "'statuses':{'guest':{'standing':'temporary'}},"                                               \
    "'channels':{'path':{'class':'irregular','to':['far'],'entry_status':'guest'}},"               \
    "'links':{'way':{'from':'nea','to':'far','km':100,'mode':'motor','cost_usd':1,"                \
    "'classes':['irregular']}},"                                                                   \
    "'programmes':{'card':{'country':'nea','stages':{'desk':{'order':1,'slots_per_day':0}},"       \
    "'outcome':{'status':'guest'}}},"                                                              \
    "'chains':{'work':{'groups':['18-59']," chain "}}}"

#define THREE_CLASSES                                                                              \
    "'start':'unemployed','start_shares':{'unemployed':0.18,'informal':0.62,'formal':0.2},"        \
    "'moves':{'unemployed>informal':{'per_year':0},'informal>formal':{'per_year':0}}"

static void alike(const sample *s, const char *what)
{
    double n = s->n, z = s->sum / sqrt(n * s->cells.variance);
    double error = sqrt((s->cells.fourth - s->cells.variance * s->cells.variance) / n);
    double spread = (s->squares / n - s->cells.variance) / error;
    double p = chi_square(s->cells.n, s->seen, s->cells.p, n);
    if (!(p > 1e-6 && fabs(z) < 4.9 && fabs(spread) < 4.9)) {
        fail_msg("%s: chi-square p = %.2g, mean z = %.2f, variance z = %.2f", what, p, z, spread);
    }
}

static void free_sample(sample *s)
{
    free(s->seen);
    free(s->cells.p);
}

/* Of 1,000: case none 700, since day 10: 200, since day 12: 100. */
static sj_sim *carry_sim(const sj_world *w)
{
    sj_sim *sim = sim_of(w, 1, 0);
    sj_stratum *s = STRATUM(sim, .nation = "ori", .place = "nea-rest");
    assert_int_equal(s->n, 1000);
    run_to(sim, 10);
    sj_programme_apply(hands(sim), s, 0, 200);
    run_to(sim, 12);
    sj_programme_apply(hands(sim), s, 0, 100);
    check(sim);
    return sim;
}

/** Index of a class of the only chain. */
static int class_of(const sj_world *w, const char *id)
{
    for (int i = 0; i < w->chains[0].n_classes; i++) {
        if (strcmp(w->chains[0].class_id[i], id) == 0) {
            return i;
        }
    }
    fail_msg("no class %s", id);
    return -1;
}

static int64_t cases_since(const sj_parcel *parcel, sj_day since)
{
    int64_t n = 0;
    for (size_t i = 0; i < parcel->cases.n; i++) {
        n += parcel->cases.at[i].batch.since == since ? parcel->cases.at[i].batch.count : 0;
    }
    return n;
}

static void test_classes_at_the_start(void **state)
{
    sj_world *w = world_of(CARRY_WORLD(ALL_OFF, THREE_CLASSES));
    sj_sim *sim = carry_sim(w);
    sj_stratum *s = STRATUM(sim, .nation = "ori");
    assert_int_equal(s->old[class_of(w, "unemployed")], 180);
    assert_int_equal(s->old[class_of(w, "informal")], 620);
    assert_int_equal(s->old[class_of(w, "formal")], 200);
    assert_int_equal(s->n_cases, 300);
    assert_int_equal(sj_stratum_free(s), 700);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* The movers' work is MVHG(40; 180, 620, 200), means 7.2, 24.8, 8.0, the variance of F 6.15. */
static void test_law_of_the_leavers(void **state)
{
    sj_world *w = world_of(CARRY_WORLD(ALL_OFF, THREE_CLASSES));
    sj_sim *sim = carry_sim(w);
    sj_ledger *ledger = hands(sim)->ledger;
    sj_stratum *s = STRATUM(sim, .nation = "ori");
    sj_parcel movers = {0}, dead = {0};
    assert_true(sj_parcel_init(&movers, w) && sj_parcel_init(&dead, w));
    sample formal = sample_of(hypergeometric_law(200, 800, 40), 6.15);
    sample unemployed = sample_of(hypergeometric_law(180, 820, 40), 5.67);
    sample early = sample_of(hypergeometric_law(200, 800, 40), 6.15);
    sample late = sample_of(hypergeometric_law(100, 900, 40), 3.46);
    sample pending_dead = sample_of(hypergeometric_law(300, 700, 3), 0.63);
    assert_true(fabs(formal.cells.mean - 8.0) < 1e-9);
    assert_true(fabs(formal.cells.variance - 40 * 0.2 * 0.8 * 960 / 999) < 1e-9);
    assert_true(fabs(formal.cells.variance - 6.15) < 0.005);
    assert_true(fabs(unemployed.cells.mean - 7.2) < 1e-9);
    int u = class_of(w, "unemployed"), i = class_of(w, "informal"), f = class_of(w, "formal");
    for (int r = 0; r < DRAWS; r++) {
        sj_rng rng = sj_rng_start(sj_rng_key_of(99, (uint64_t)r), 5, 0, 0);
        sj_ledger_take(ledger, s, 40, SJ_NOTHING_FIXED, &rng, &movers);
        sj_ledger_take(ledger, s, 3, SJ_NOTHING_FIXED, &rng, &dead);
        assert_int_equal(s->n, 957);
        assert_int_equal(movers.chain[u] + movers.chain[i] + movers.chain[f], 40);
        assert_int_equal(dead.chain[u] + dead.chain[i] + dead.chain[f], 3);
        assert_int_equal(s->old[u] + s->fresh[u] + movers.chain[u] + dead.chain[u], 180);
        assert_int_equal(s->old[i] + s->fresh[i] + movers.chain[i] + dead.chain[i], 620);
        int64_t day_10 = cases_since(&movers, w->start + 10);
        int64_t day_12 = cases_since(&movers, w->start + 12);
        int64_t dead_cases = cases_since(&dead, w->start + 10) + cases_since(&dead, w->start + 12);
        assert_int_equal(s->n_cases + day_10 + day_12 + dead_cases, 300);
        see(&formal, movers.chain[f]);
        see(&unemployed, movers.chain[u]);
        see(&early, day_10);
        see(&late, day_12);
        see(&pending_dead, dead_cases);
        sj_ledger_put(ledger, &movers, s);
        sj_ledger_put(ledger, &dead, s);
    }
    alike(&formal, "formal among the movers");
    alike(&unemployed, "unemployed among the movers");
    alike(&early, "cases since day 10");
    alike(&late, "cases since day 12");
    alike(&pending_dead, "cases of the dead");
    check(sim);
    sample *all[] = {&formal, &unemployed, &early, &late, &pending_dead};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
        free_sample(all[k]);
    }
    sj_parcel_clear(&movers);
    sj_parcel_clear(&dead);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* In the same country cases keep `since`; in another they end as withdrawn; the dead's as died. */
static void test_what_becomes_of_cases(void **state)
{
    sj_world *w = world_of(CARRY_WORLD(ALL_OFF, THREE_CLASSES));
    sj_sim *sim = carry_sim(w);
    sj_run *run = hands(sim);
    sj_stratum *s = STRATUM(sim, .nation = "ori");
    sj_parcel parcel = {0};
    assert_true(sj_parcel_init(&parcel, w));
    sj_rng rng = sj_rng_start(sj_rng_key_of(1, 1), 5, 0, 0);
    sj_stratum *town = sj_ledger_settled(run->ledger, s->nation, sj_world_leaf(w, "town"),
                                         s->status, s->group, s->vintage);
    sj_ledger_take(run->ledger, s, 40, SJ_NOTHING_FIXED, &rng, &parcel);
    int64_t day_10 = cases_since(&parcel, w->start + 10);
    int64_t day_12 = cases_since(&parcel, w->start + 12);
    sj_ledger_put(run->ledger, &parcel, town);
    size_t n = 0;
    const sj_batch *batch = sj_stage_batches(run->ledger->stages[0], town->index, &n);
    assert_int_equal(n, (day_10 > 0) + (day_12 > 0));
    assert_int_equal(batch[0].since, w->start + 10);
    assert_int_equal(batch[0].count, day_10);
    assert_int_equal(batch[n - 1].count, day_12);
    assert_int_equal(batch[n - 1].since, w->start + 12);
    assert_int_equal(cases_of(sim, "card")->withdrawn, 0);

    sj_ledger_take(run->ledger, s, 300, SJ_NOTHING_FIXED, &rng, &parcel);
    int64_t leaving = cases_since(&parcel, w->start + 10) + cases_since(&parcel, w->start + 12);
    sj_journey_set_out(run, &parcel, s->leaf, true, intent_for(sim, "far", "path"), &rng);
    assert_int_equal(cases_of(sim, "card")->withdrawn, leaving);
    assert_in_range(leaving, 50, 130); /* 90 +- 6.6 */
    assert_int_equal(run->ledger->on_link, 300);

    sj_ledger_take(run->ledger, s, 200, SJ_NOTHING_FIXED, &rng, &parcel);
    int64_t dying = cases_since(&parcel, w->start + 10) + cases_since(&parcel, w->start + 12);
    sj_ledger_die(run->ledger, &parcel);
    assert_int_equal(cases_of(sim, "card")->died, dying);
    assert_int_equal(run->ledger->tally.died, 200);
    check(sim);
    sj_parcel_clear(&parcel);
    sj_sim_free(sim);
    sj_world_free(w);
}

#define ONE_WAY(start, rate)                                                                       \
    "'start':'out','start_shares':{'" start "':1},'moves':{'out>in':{'per_year':" rate "}}"
#define ONLY_CHAINS                                                                                \
    "'departure','onward','return','journey','programmes','demography','services','funds',"        \
    "'opinion','beliefs','noise'"

static void join(sj_sim *sim, int64_t n, sj_rng *rng)
{
    sj_run *run = hands(sim);
    conjure(sim, &run->parcel, "ori", SJ_GROUP_18_59, n);
    sj_ledger_settle(run->ledger, &run->parcel, sj_world_leaf(run->world, "nea-rest"),
                     sj_world_status(run->world, "guest"), 0, rng);
}

/* 300 joined on 11 March, 100 on 21 March: on 1 April newcomers advance by 18.5 days. */
static void test_newcomers_advance_by_their_mean(void **state)
{
    enum { R = 1500 };
    double rate = 20, stay = exp(-rate * 18.5 / 365.25);
    /* person by person it would be another number, so the test can tell */
    assert_true(fabs(stay - (0.75 * exp(-rate * 21 / 365.25) + 0.25 * exp(-rate * 11 / 365.25))) >
                0.01);
    sj_world *w = world_of(CARRY_WORLD(ONLY_CHAINS, ONE_WAY("in", "20")));
    sums left = {0};
    for (uint64_t r = 0; r < R; r++) {
        sj_sim *sim = sim_of(w, 3, r);
        sj_rng rng = sj_rng_start(sj_rng_key_of(3, r), 5, 0, 0);
        run_to(sim, 10);
        join(sim, 300, &rng);
        run_to(sim, 20);
        join(sim, 100, &rng);
        sj_stratum *s = STRATUM(sim, .nation = "ori", .place = "nea-rest");
        assert_int_equal(s->n, 1400);
        assert_int_equal(s->fresh[class_of(w, "out")], 400);
        run_to(sim, 31);
        assert_int_equal(s->fresh[class_of(w, "out")] + s->fresh[class_of(w, "in")], 0);
        add_binomial(&left, s->old[class_of(w, "out")], 400, stay);
        sj_sim_free(sim);
    }
    hold_sums(&left, "newcomers who stay out");
    sj_world_free(w);
}

/* ... and the others by 31, from 1 March; newcomers beside them change nothing for them. */
static void test_old_members_advance_by_the_month(void **state)
{
    enum { R = 1500 };
    sj_world *w = world_of(CARRY_WORLD(ONLY_CHAINS, ONE_WAY("out", "20")));
    sums left = {0};
    for (uint64_t r = 0; r < R; r++) {
        sj_sim *sim = sim_of(w, 4, r);
        sj_rng rng = sj_rng_start(sj_rng_key_of(4, r), 5, 0, 0);
        run_to(sim, 30);
        join(sim, 400, &rng);
        run_to(sim, 31);
        sj_stratum *s = STRATUM(sim, .nation = "ori", .place = "nea-rest");
        double old = exp(-20 * 31 / 365.25), fresh = exp(-20 * 1 / 365.25);
        add_draw(&left, s->old[class_of(w, "out")], 1000 * old + 400 * fresh,
                 1000 * old * (1 - old) + 400 * fresh * (1 - fresh));
        sj_sim_free(sim);
    }
    hold_sums(&left, "those who stay out");
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_classes_at_the_start),
                                       cmocka_unit_test(test_law_of_the_leavers),
                                       cmocka_unit_test(test_what_becomes_of_cases),
                                       cmocka_unit_test(test_newcomers_advance_by_their_mean),
                                       cmocka_unit_test(test_old_members_advance_by_the_month)};
    return RUN_TESTS(tests);
}
