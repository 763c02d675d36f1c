/**
 * @file test_example_queue.c
 * @brief Worked example of semantics A4: 150 slots for 200 people of one stratum and 100 of
 * another.
 *
 * R runs, each law at 1e-6 (chi-square, normal), fixed seeds. Needs the counts of one person each:
 * called, absent, lost, back in the queue, passed.
 *
 * Usage: test_example_queue [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim_kit.h"
#include "stat/law.h"

enum { R = 3000 };

/* Two peoples in one host; the desk is the last stage. Day 10 is 13 May 2022, a Friday. */
#define QUEUE_WORLD                                                                                \
    "{'format':'sojourn-scenario/1','id':'queue',"                                                 \
    "'time':{'start':'2022-05-03','end':'2022-06-30'},'run':{'off':['departure','onward',"         \
    "'return','journey','chains','demography','services','funds','opinion','beliefs','noise']},"   \
    "'places':{'a':{'kind':'country','population':5000,'income_usd_per_year':1000},"               \
    "'b':{'kind':'country','population':5000,'income_usd_per_year':1000},"                         \
    "'nea':{'kind':'country','population':9000,'income_usd_per_year':1000,"                        \
    "'default_status_shares':{'guest':1}}},"                                                       \
    "'nationalities':{'a':{'home':'a','departs':false},'b':{'home':'b','departs':false},"          \
    "'nea':{'home':'nea','departs':false}},"                                                       \
    "'stocks':{'a':{'nea':{'count':200,'group_shares':{'18-59':1}}},"                              \
    "'b':{'nea':{'count':100,'group_shares':{'18-59':1}}}},"                                       \
    "'statuses':{'guest':{'standing':'temporary','work_after_days':30},"                           \
    "'permit':{'standing':'temporary',"                                                            \
    "'rights':{'work':true}}},"                                                                    \
    "'programmes':{'card':{'country':'nea','reapply_days':-1,'stages':{'desk':{'order':1,"         \
    "'slots_per_day':150,'calendar':'mon-fri','no_show':0.4,'lost_if_no_show':0.22,'pass':0.86,"   \
    "'fail':'none'}},'outcome':{'status':'permit'}}},"                                             \
    "'chains':{'work':{'groups':['18-59'],'start':'out','start_shares':{'out':0.5,'in':0.5},"      \
    "'moves':{'out>in':{'per_year':3}}}}}"

/** What became of one stratum on the day. */
typedef struct outcome {
    int64_t called, back, barred, permits;
} outcome;

static outcome outcome_of(sj_sim *sim, const char *nation, int64_t n, uint32_t owner)
{
    const sj_run *run = sj_sim_state(sim);
    const sj_world *w = run->world;
    outcome o = {.permits = COUNT(sim, .nation = nation, .status = "permit")};
    size_t k = 0;
    const sj_batch *batch = sj_stage_batches(run->ledger->stages[0], owner, &k);
    int64_t still = 0;
    for (size_t i = 0; i < k; i++) {
        assert_int_equal(batch[i].since, w->start + 10);
        assert_true(batch[i].joined == w->start + 10 || batch[i].joined == run->today);
        *(batch[i].joined == run->today ? &o.back : &still) += batch[i].count;
    }
    o.called = n - still;
    o.barred = run->ledger->strata[owner]->n_barred;
    assert_int_equal(o.called, o.back + o.barred + o.permits);
    return o;
}

static void test_the_day(void **state)
{
    sj_world *w = world_of(QUEUE_WORLD);
    sample called = sample_of(hypergeometric_law(200, 100, 150), 16.7);
    assert_true(fabs(called.cells.mean - 100) < 1e-9);
    sums back = {0}, passed = {0}, attended = {0};
    for (uint64_t r = 0; r < R; r++) {
        sj_sim *sim = sim_of(w, 10, r);
        sj_run *run = hands(sim);
        run_to(sim, 10);
        sj_stratum *a = STRATUM(sim, .nation = "a"), *b = STRATUM(sim, .nation = "b");
        uint32_t owner_a = a->index, owner_b = b->index;
        sj_programme_apply(run, a, 0, 200);
        sj_programme_apply(run, b, 0, 100);
        run_to(sim, 12); /* a weekend: nobody is called */
        assert_int_equal(queue_of(sim, "card/desk"), 300);
        run_to(sim, 13);
        outcome of_a = outcome_of(sim, "a", 200, owner_a),
                of_b = outcome_of(sim, "b", 100, owner_b);
        const sj_caseload *cases = cases_of(sim, "card");
        assert_int_equal(of_a.called + of_b.called, 150);
        assert_int_equal(cases->granted, of_a.permits + of_b.permits);
        assert_int_equal(cases->lost + cases->refused, of_a.barred + of_b.barred);
        assert_int_equal(run->ledger->tally.served[0], cases->granted + cases->refused);
        assert_int_equal(150 - run->ledger->tally.served[0], of_a.back + of_b.back + cases->lost);
        see(&called, of_a.called);
        add_binomial(&attended, (double)run->ledger->tally.served[0], 150, 0.6);
        add_binomial(&back, (double)of_a.back, (double)of_a.called, 0.4 * 0.78);
        add_binomial(&passed, (double)cases->granted, (double)run->ledger->tally.served[0], 0.86);
        assert_int_equal(COUNT(sim, .nation = "a", .place = "nea"), 200);
        sj_sim_free(sim);
    }
    assert_true(chi_square(called.cells.n, called.seen, called.cells.p, called.n) > 1e-6);
    hold_sums(&attended, "attended");
    hold_sums(&back, "back in the queue");
    hold_sums(&passed, "passed");
    free(called.seen);
    free(called.cells.p);
    sj_world_free(w);
}

/* The head day is served first, and who rejoins stands behind it with the old `since`. */
static void test_head_day_first(void **state)
{
    sj_world *w = world_of(QUEUE_WORLD);
    sj_sim *sim = sim_of(w, 11, 0);
    sj_run *run = hands(sim);
    run_to(sim, 10);
    sj_programme_apply(run, STRATUM(sim, .nation = "a"), 0, 200);
    run_to(sim, 11);
    sj_programme_apply(run, STRATUM(sim, .nation = "b"), 0, 100);
    run_to(sim, 13);
    size_t n = 0;
    uint32_t b = STRATUM(sim, .nation = "b", .status = "guest")->index;
    assert_int_equal(sj_stage_length_of(run->ledger->stages[0], b), 100); /* nobody of day 11 */
    run_to(sim, 14); /* the 50 left of day 10, then 100 of day 11; the rejoined of day 13 wait */
    uint32_t a = STRATUM(sim, .nation = "a", .status = "guest")->index;
    const sj_batch *batch = sj_stage_batches(run->ledger->stages[0], a, &n);
    for (size_t i = 0; i < n; i++) {
        assert_true(batch[i].joined >= w->start + 13);
        assert_int_equal(batch[i].since, w->start + 10);
    }
    batch = sj_stage_batches(run->ledger->stages[0], b, &n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(batch[i].joined, w->start + 14);
        assert_int_equal(batch[i].since, w->start + 11);
    }
    const int64_t *waits = sj_stage_waits(run, 0, &n);
    assert_int_equal(n, 5);
    assert_int_equal(waits[0] + waits[1] + waits[2], 0);
    assert_in_range(waits[3], 100, 190); /* day 13 for day 10, day 14 for day 11 */
    assert_in_range(waits[4], 15, 45);   /* day 14 for day 10: about 30 of 50 */
    assert_int_equal(waits[3] + waits[4], run->ledger->tally.served[0]);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Half slots: only the fraction carries over, whole slots that nobody uses lapse. */
static void test_half_slots(void **state)
{
    sj_stage *stage = sj_stage_new(SJ_DISCIPLINE_FIFO);
    int64_t sum = 0;
    for (int day = 0; day < 10; day++) {
        sum += sj_stage_slots(stage, 0.3);
    }
    assert_int_equal(sum, 3);
    assert_int_equal(sj_stage_slots(stage, 7.5), 7);
    assert_int_equal(sj_stage_slots(stage, 7.5), 8);
    sj_stage_free(stage);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_day),
                                       cmocka_unit_test(test_head_day_first),
                                       cmocka_unit_test(test_half_slots)};
    return RUN_TESTS(tests);
}
