/**
 * @file test_published.c
 * @brief What a host publishes (semantics A8): the old count, its revision by either rule, the day.
 *
 * A host with 100,000 people of ori, of whom it has published 80,000; arrivals and applications by
 * hand. Every figure below is worked out on paper.
 *
 * Usage: test_published [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "record/published.h"
#include "sim_kit.h"

static sj_world *host(const char *published)
{
    char text[6000];
    int n = snprintf(
        text, sizeof text,
        "{'format':'sojourn-scenario/1','id':'host',"
        "'time':{'start':'2022-01-01','end':'2022-03-31'},"
        "'run':{'off':['departure','onward','return','journey','chains','demography','services',"
        "'funds','opinion','beliefs','noise']},"
        "'places':{'ori':{'kind':'country','population':500000,'income_usd_per_year':1000},"
        "'nea':{'kind':'country','population':900000,'income_usd_per_year':1000},"
        "'town':{'kind':'city','parent':'nea','population':100000},"
        "'gap':{'kind':'node','parent':'nea'}},"
        "'nationalities':{'ori':{'home':'ori','departs':false},"
        "'nea':{'home':'nea','departs':false}},"
        "'stocks':{'ori':{'nea':{'count':100000,'status_shares':{'guest':1},"
        "'leaf_shares':{'town':0.1,'nea-rest':0.9},'group_shares':{'18-59':1}}},"
        "'nea':{'ori':{'count':700,'status_shares':{'guest':1}}}},"
        "'statuses':{'guest':{'standing':'none'},'card':{'standing':'temporary'}},"
        "'channels':{'path':{'class':'irregular','to':['nea'],'entry_status':'guest'}},"
        "'links':{'way':{'from':'ori','to':'nea','km':360,'mode':'motor','cost_usd':1,"
        "'classes':['irregular']}},"
        "'programmes':{'card':{'country':'nea','stages':{"
        "'desk':{'order':1,'slots_per_day':30000},"
        "'print':{'order':2,'slots_per_day':10000,'handover_days':3}},"
        "'outcome':{'status':'card'}}},'published':{%s}}",
        published);
    assert_true(n > 0 && (size_t)n < sizeof text);
    return world_of(text);
}

typedef struct watched {
    sj_world *world;
    sj_recorder *recorder;
    sj_observer observer;
    sj_sim *sim;
} watched;

static void begin(watched *w, const char *published, uint64_t draw, bool fixed)
{
    sj_sim_options options = {.seed = 3, .draw = draw, .fixed = fixed, .self_check = true};
    w->world = host(published);
    w->recorder = sj_recorder_new(w->world);
    assert_non_null(w->recorder);
    w->observer = (sj_observer){w->recorder, sj_recorder_observe};
    assert_int_equal(sj_sim_new(&w->sim, w->world, &options, &w->observer, NULL), SJ_OK);
}

static void end(watched *w)
{
    sj_sim_free(w->sim);
    sj_recorder_free(w->recorder);
    sj_world_free(w->world);
}

static double published(const watched *w)
{
    return sji_published(w->recorder, sj_sim_state(w->sim), sj_world_country(w->world, "nea"),
                         sj_world_nation(w->world, "ori"));
}

static void hold(watched *w, int day, double want)
{
    char what[32];
    (void)snprintf(what, sizeof what, "day %d", day);
    run_to(w->sim, day);
    hold_near(published(w), want, 1e-6, what);
}

static void arrive(const watched *w, int64_t n)
{
    sj_run *run = hands(w->sim);
    sj_rng rng = sj_rng_start(sj_rng_key_of(1, 1), 1, 0, 0);
    conjure(w->sim, &run->parcel, "ori", SJ_GROUP_18_59, n);
    sj_journey_arrive(run, &run->parcel, intent_for(w->sim, "nea", "path"), &rng);
}

static void leave(const watched *w, int64_t n)
{
    sj_run *run = hands(w->sim);
    sj_rng rng = sj_rng_start(sj_rng_key_of(1, 2), 1, 0, 0);
    sj_fixed fixed = SJ_NOTHING_FIXED;
    fixed.no_case = true;
    sj_ledger_take(run->ledger, STRATUM(w->sim, .nation = "ori", .place = "nea-rest"), n, fixed,
                   &rng, &run->parcel);
    sj_ledger_die(run->ledger, &run->parcel);
}

static void apply(const watched *w, int64_t n)
{
    sj_programme_apply(hands(w->sim),
                       STRATUM(w->sim, .nation = "ori", .place = "nea-rest", .status = "guest"), 0,
                       n);
}

/* Half of net arrivals is counted; from day 12 on at least 1.2 for each who has passed the desk. */
static void test_verified(void **state)
{
    watched w;
    begin(&w,
          "'a':{'place':'nea','nationality':'ori','start':80000,'counted':0.5,'programme':'card',"
          "'stage':'desk','multiplier':1.2,'revised_from':'2022-01-13','revised_to':"
          "'2022-01-13'}",
          0, false);
    hold(&w, 0, 80000);
    arrive(&w, 1000);
    hold(&w, 2, 80500);
    apply(&w, 80000);
    hold(&w, 3, 80500);
    hold(&w, 11, 80500); /* all 80,000 have passed the desk on day 5 */
    hold(&w, 12, 96000);
    arrive(&w, 600);
    leave(&w, 200);
    hold(&w, 13, 96200); /* carried forward from there */
    apply(&w, 5000);
    hold(&w, 14, 102000); /* 85,000 verified */
    leave(&w, 400);
    hold(&w, 15, 102000); /* 101,800 is less than 1.2 for each verified */
    arrive(&w, 100);
    hold(&w, 16, 102050);
    hold(&w, w.world->n_days - 1, 102050);
    end(&w);
}

/* Without a stage the last one verifies: 10,000 a day from the third day after the desk. */
static void test_last_stage(void **state)
{
    watched w;
    begin(&w,
          "'a':{'place':'nea','nationality':'ori','start':5000,'programme':'card',"
          "'revised_from':'2022-01-02','revised_to':'2022-01-02'}",
          0, false);
    hold(&w, 1, 5000);
    apply(&w, 30000);
    hold(&w, 4, 5000);  /* through the desk on day 2, ready on day 5 */
    hold(&w, 5, 10000); /* 10,000 verified */
    hold(&w, 6, 20000);
    hold(&w, 9, 30000);
    end(&w);
}

/* On the day, and only then, the count rises by 0.8 of those who have applied by then. */
static void test_registrants(void **state)
{
    watched w;
    begin(&w,
          "'a':{'place':'nea','nationality':'ori','start':80000,'programme':'card',"
          "'rule':'registrants','revised_from':'2022-01-13','revised_to':'2022-01-13'}",
          0, false);
    run_to(w.sim, 2);
    apply(&w, 20000);
    leave(&w, 300);
    hold(&w, 11, 79700);
    apply(&w, 1000);
    hold(&w, 12, 96500);
    apply(&w, 30000);
    arrive(&w, 50);
    hold(&w, 13, 96550);
    hold(&w, w.world->n_days - 1, 96550);
    end(&w);
}

/* The old method goes on where nothing revises it, never below nobody; and nobody else is touched:
 * people without an entry are published as they are. */
static void test_old_method(void **state)
{
    static const char *const entries[] = {
        "'a':{'place':'nea','nationality':'ori','start':300,'counted':0.5}",
        "'a':{'place':'nea','nationality':'ori','start':300,'counted':0.5,'programme':'card',"
        "'rule':'registrants','share':2,'revised_from':'2022-01-03','revised_to':'2022-01-03',"
        "'revise':false}"};
    for (int i = 0; i < 2; i++) {
        watched w;
        begin(&w, entries[i], 0, false);
        hold(&w, 1, 300);
        leave(&w, 500);
        apply(&w, 5000);
        hold(&w, 4, 50);
        leave(&w, 500);
        hold(&w, 5, 0);
        arrive(&w, 700);
        hold(&w, 6, 150);
        const sj_run *run = sj_sim_state(w.sim);
        assert_true(sji_published(w.recorder, run, sj_world_country(w.world, "ori"),
                                  sj_world_nation(w.world, "nea")) == 700);
        end(&w);
    }
    watched w;
    begin(&w, "", 0, false);
    hold(&w, 1, 100000);
    leave(&w, 500);
    hold(&w, 2, 99500);
    end(&w);
    begin(&w, "'a':{'place':'nea','nationality':'ori','counted':0}", 0, false);
    leave(&w, 500);
    hold(&w, 1, 100000); /* the start is what was there */
    end(&w);
}

static int revised_on(const char *published, uint64_t draw, bool fixed)
{
    watched w;
    begin(&w, published, draw, fixed);
    int day = w.recorder->counts[0].revised;
    end(&w);
    return day;
}

/* Uniform over its days, the same whatever else the scenario says, the middle if fixed. */
static void test_day(void **state)
{
    static const char week[] =
        "'a':{'place':'nea','nationality':'ori','start':1,'programme':'card','revised_from':"
        "'2022-02-01','revised_to':'2022-02-07'}";
    static const char other[] =
        "'a':{'place':'nea','nationality':'ori','start':{'value':90,'low':80,'high':99},"
        "'counted':0.3,'programme':'card','rule':'registrants','revised_from':'2022-02-01',"
        "'revised_to':'2022-02-07'}";
    enum { DRAWS = 700 };
    int on[7] = {0};
    for (uint64_t draw = 0; draw < DRAWS; draw++) {
        int day = revised_on(week, draw, false);
        assert_in_range(day, 31, 37);
        assert_int_equal(day, revised_on(other, draw, false));
        on[day - 31]++;
    }
    for (int i = 0; i < 7; i++) {
        hold_binomial(on[i], DRAWS, 1.0 / 7, "revisions on a day");
    }
    assert_int_equal(revised_on(week, 5, true), 34);
}

/* The rows of the metric: foreigners only, sums over peoples and over hosts. */
static void test_rows(void **state)
{
    watched w;
    begin(&w, "'a':{'place':'nea','nationality':'ori','start':80000}", 0, false);
    run_to(w.sim, w.world->n_days);
    const sj_recorder *r = w.recorder;
    static const struct {
        const char *place, *nation;
        double want;
    } rows[] = {{"nea", "ori", 80000}, {"nea", "ALL", 80000}, {"ori", "nea", 700},
                {"ori", "ALL", 700},   {"ALL", "ori", 80000}, {"ALL", "nea", 700},
                {"ALL", "ALL", 80700}, {"ori", "ori", -1},    {"nea", "nea", -1},
                {"town", "ori", -1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sj_series_key key = {SJ_STOCK_PUBLISHED, rows[i].place, rows[i].nation, "ALL"};
        int row = sj_recorder_row(r, &key);
        if (rows[i].want < 0) {
            assert_int_equal(row, SJ_NO_REF);
        } else {
            assert_true(row >= 0);
            assert_true(sj_recorder_at(r, r->n_dates - 1, (size_t)row) == rows[i].want);
        }
    }
    end(&w);
}

static void hold_warning(const char *entry, const char *fragment)
{
    char text[3000];
    sj_problems problems = {0};
    (void)snprintf(
        text, sizeof text,
        "{'format':'sojourn-scenario/1','id':'host',"
        "'time':{'start':'2022-01-01','end':'2022-03-31'},"
        "'places':{'ori':{'kind':'country','population':500000,'income_usd_per_year':1000},"
        "'nea':{'kind':'country','population':900000,'income_usd_per_year':1000}},"
        "'nationalities':{'ori':{'home':'ori'},'nea':{'home':'nea','departs':false}},"
        "'statuses':{'guest':{'standing':'none'},'card':{'standing':'temporary'}},"
        "'programmes':{'card':{'country':'nea','windows':{'w':{'opens':'2022-01-10','eligible':"
        "{'statuses':['guest']}},'v':{'opens':'2022-01-10','eligible':{'nationalities':['ori']}}},"
        "'take_up':{'rate_per_day':0.1},'stages':{'desk':{'order':1,'slots_per_day':3}},"
        "'outcome':{'status':'card'}}},'published':{'a':{'place':'nea','nationality':'ori',"
        "'programme':'card',%s}}}",
        entry);
    sj_world *world = world_with_problems(text, &problems);
    show_problems(&problems);
    assert_non_null(world);
    bool found = false;
    for (size_t i = 0; i < problems.n; i++) {
        found = found || strstr(problems.at[i].text, fragment) != NULL;
    }
    assert_true(found);
    sj_problems_clear(&problems);
    sj_world_free(world);
}

/* What is only odd: a revision that the run does not see, cases of other peoples. */
static void test_warnings(void **state)
{
    hold_warning("'revised_from':'2022-04-01','revised_to':'2022-05-01'", "outside the run");
    hold_warning("'revised_from':'2021-04-01','revised_to':'2022-01-01'", "outside the run");
    hold_warning("'revised_from':'2022-02-01','revised_to':'2022-03-01'",
                 "\"w\" of \"card\" admits");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verified),    cmocka_unit_test(test_last_stage),
        cmocka_unit_test(test_registrants), cmocka_unit_test(test_old_method),
        cmocka_unit_test(test_day),         cmocka_unit_test(test_rows),
        cmocka_unit_test(test_warnings)};
    return RUN_TESTS(tests);
}
