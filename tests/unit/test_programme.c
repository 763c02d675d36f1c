/**
 * @file test_programme.c
 * @brief Programmes: windows, eligibility, take-up, stages in tandem, appeal, status while waiting,
 * reapplying, closure, acts, officers. Laws at 1e-6, fixed seeds.
 *
 * Usage: test_programme [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sim_kit.h"

/** A host with 100,000 adults of ori as guests (a tenth in the town) and 5,000 of ext; only
 * programmes run. */
static sj_world *office(const char *programmes, const char *more)
{
    char text[6000];
    int n = snprintf(
        text, sizeof text,
        "{'format':'sojourn-scenario/1','id':'office',"
        "'time':{'start':'2022-01-01','end':'2024-12-31'},"
        "'run':{'off':['departure','onward','return','journey','chains','demography','services',"
        "'funds','opinion','beliefs','noise']},"
        "'places':{'ori':{'kind':'country','population':500000,'income_usd_per_year':1000},"
        "'ext':{'kind':'country','population':500000,'income_usd_per_year':1000},"
        "'nea':{'kind':'country','population':900000,'income_usd_per_year':1000},"
        "'town':{'kind':'city','parent':'nea','population':100000}},"
        "'nationalities':{'ori':{'home':'ori','departs':false},'ext':{'home':'ext',"
        "'departs':false},'nea':{'home':'nea','departs':false}},"
        "'stocks':{'ori':{'nea':{'count':100000,'status_shares':{'guest':1},"
        "'leaf_shares':{'town':0.1,'nea-rest':0.9},'group_shares':{'18-59':1}}},"
        "'ext':{'nea':{'count':5000,'status_shares':{'other':1},'group_shares':{'18-59':1}}}},"
        "'statuses':{'guest':{'standing':'none','work_after_days':30},'other':{'standing':'none'},"
        "'asked':{'standing':'temporary'},'card':{'standing':'temporary'},"
        "'out':{'standing':'none'}},"
        "'channels':{'path':{'class':'irregular','to':['nea'],'entry_status':'guest'}},"
        "'links':{'way':{'from':'ori','to':'nea','km':360,'mode':'motor','cost_usd':1,"
        "'classes':['irregular']}},'programmes':{%s}%s}",
        programmes, more);
    assert_true(n > 0 && (size_t)n < sizeof text);
    return world_of(text);
}

/** Run to a day; how many have applied on it. */
static int64_t applied_on(sj_sim *sim, int day)
{
    const sj_run *run = sj_sim_state(sim);
    int64_t before = run->ledger->tally.applied[0];
    run_to(sim, day);
    return run->ledger->tally.applied[0] - before;
}

/* A cut-off date counts for the nations that its window is open to, and for no others. */
static void test_vintage_by_nation(void **state)
{
    (void)state;
    sj_world *w =
        office("'card':{'country':'nea','windows':{"
               "'all':{'opens':'2022-02-01','eligible':{'entered_before':'2022-03-01'}},"
               "'ori':{'opens':'2022-02-01','eligible':{'nationalities':['ori'],"
               "'entered_before':'2022-02-01'}},"
               "'also':{'opens':'2022-03-01','eligible':{'nationalities':['ext'],"
               "'entered_before':'2022-03-01'}}},'take_up':{'rate_per_day':0.01},"
               "'stages':{'one':{'order':1,'slots_per_day':10}},'outcome':{'status':'card'}}",
               "");
    int nea = 0, ori = 0, ext = 0;
    for (int i = 0; i < 3; i++) {
        nea = strcmp(w->countries[i].id, "nea") == 0 ? i : nea;
        ori = strcmp(w->nations[i].id, "ori") == 0 ? i : ori;
        ext = strcmp(w->nations[i].id, "ext") == 0 ? i : ext;
    }
    sj_day days[] = {sj_day_of(2022, 1, 31), sj_day_of(2022, 2, 1), sj_day_of(2022, 2, 28),
                     sj_day_of(2022, 3, 1)};
    int of_ori[] = {0, 1, 1, 2}, of_ext[] = {0, 0, 0, 1};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(sj_world_vintage(w, nea, ori, days[i]), of_ori[i]);
        assert_int_equal(sj_world_vintage(w, nea, ext, days[i]), of_ext[i]);
    }
    sj_world_free(w);
}

/* `opens` and `closes` are days of the window; the hazard is 0.004 (1 + 6 exp(-t / 14)). */
static void test_window_and_take_up(void **state)
{
    sj_world *w = office("'card':{'country':'nea','windows':{'w':{'opens':'2022-02-01','closes':"
                         "'2022-02-20','eligible':{'statuses':['guest']}}},'take_up':"
                         "{'rate_per_day':0.004,'opening_factor':6,'opening_days':14},"
                         "'stages':{'desk':{'order':1,'slots_per_day':0}},"
                         "'outcome':{'status':'card'}}",
                         "");
    sj_sim *sim = sim_of(w, 1, 0);
    int opens = day_of(w, "2022-02-01"), closes = day_of(w, "2022-02-20");
    run_to(sim, opens - 1);
    assert_int_equal(cases_of(sim, "card")->joined, 0);
    sums applied = {0};
    for (int day = opens; day <= closes; day++) {
        double left = 100000.0 - (double)cases_of(sim, "card")->joined;
        double hazard = 0.004 * (1 + 6 * exp(-(day - opens) / 14.0));
        double now = (double)applied_on(sim, day);
        assert_true(now > 0);
        hold_binomial(now, left, -expm1(-hazard), "who apply on one day");
        add_binomial(&applied, now, left, -expm1(-hazard));
    }
    hold_sums(&applied, "who apply");
    run_to(sim, closes + 30);
    assert_int_equal(cases_of(sim, "card")->joined, (int64_t)applied.got);
    assert_int_equal(queue_of(sim, "card/desk"), (int64_t)applied.got);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* A year of expected wait multiplies the hazard by exp(wait_effect), up to five years; seen on
 * Saturdays, when the desk is closed and the queue of Friday stands. */
static void test_take_up_sees_the_wait(void **state)
{
    const double effect[] = {0.8, -0.8, 0.8};
    const int slots[] = {20, 20, 0};
    for (int i = 0; i < 3; i++) {
        char text[600];
        (void)snprintf(text, sizeof text,
                       "'card':{'country':'nea','windows':{'w':{'opens':'2022-01-02','eligible':"
                       "{'statuses':['guest']}}},'take_up':{'rate_per_day':0.001,'wait_effect':%g},"
                       "'stages':{'desk':{'order':1,'slots_per_day':%d,'calendar':'mon-fri'}},"
                       "'outcome':{'status':'card'}}",
                       effect[i], slots[i]);
        sj_world *w = office(text, "");
        sj_sim *sim = sim_of(w, 1, 0);
        sums applied = {0};
        double longest = 0;
        for (int saturday = day_of(w, "2022-01-08"); saturday < 350; saturday += 7) {
            run_to(sim, saturday - 1);
            const sj_run *run = sj_sim_state(sim);
            double years = fmin(sj_programme_wait(run, 0), 5);
            int64_t able = 0;
            for (size_t k = 0; k < run->ledger->settlers.n; k++) {
                const sj_stratum *s = run->ledger->settlers.at[k];
                able += s->status == sj_world_status(w, "guest") ? sj_stratum_free(s) : 0;
            }
            double chance = -expm1(-0.001 * exp(effect[i] * years));
            add_binomial(&applied, (double)applied_on(sim, saturday), (double)able, chance);
            longest = fmax(longest, years);
        }
        hold_sums(&applied, "who apply on Saturdays");
        assert_true(longest > 0.5);
        sj_sim_free(sim);
        sj_world_free(w);
    }
}

/* Everybody eligible applies at once where the rate is 10 a day: who has not is not eligible. */
static void test_eligibility(void **state)
{
    sj_world *w =
        office("'card':{'country':'nea','windows':{'w':{'opens':'2022-01-10','eligible':"
               "{'nationalities':['ori'],'statuses':['guest'],'places':['town'],"
               "'entered_before':'2022-01-06'}}},'take_up':{'rate_per_day':10},"
               "'stages':{'desk':{'order':1,'slots_per_day':0}},'outcome':{'status':'card'}}",
               "");
    sj_sim *sim = sim_of(w, 1, 0);
    sj_run *run = hands(sim);
    sj_rng rng = sj_rng_start(sj_rng_key_of(1, 1), 1, 0, 0);
    for (int day = 4; day <= 5; day++) { /* 5 January is before the date, 6 January is not */
        run_to(sim, day);
        conjure(sim, &run->parcel, "ori", SJ_GROUP_18_59, 1000);
        sj_journey_arrive(run, &run->parcel, intent_for(sim, "nea", "path"), &rng);
    }
    assert_int_equal(COUNT(sim, .nation = "ori", .place = "nea", .vintage = "1"), 1000);
    run_to(sim, 40);
    int64_t in_time = COUNT(sim, .nation = "ori", .place = "town", .vintage = "0");
    assert_true(in_time > 10000);
    assert_int_equal(cases_of(sim, "card")->joined, in_time);
    assert_true(COUNT(sim, .place = "town", .status = "other") > 0);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Hand-over: who passes on day d is called by the next stage from day d + 5 on; `since` stays. */
static void test_tandem(void **state)
{
    sj_world *w = office("'card':{'country':'nea','stages':{'desk':{'order':1,'slots_per_day':300},"
                         "'vetting':{'order':2,'slots_per_day':1000,'handover_days':5,'pass':0.86,"
                         "'fail':'out'}},'outcome':{'status':'card'},'cost_usd_per_case':3.07}",
                         "");
    sj_sim *sim = sim_of(w, 1, 0);
    sj_run *run = hands(sim);
    run_to(sim, 3);
    sj_programme_apply(run, STRATUM(sim, .nation = "ori", .place = "town", .status = "guest"), 0,
                       400);
    run_to(sim, 4);
    assert_int_equal(queue_of(sim, "card/desk"), 100);
    assert_int_equal(queue_of(sim, "card/vetting"), 300);
    run_to(sim, 8);
    assert_int_equal(queue_of(sim, "card/vetting"), 400);
    size_t n;
    const sj_batch *batch =
        sj_stage_batches(run->ledger->stages[stage_of(sim, "card/vetting")],
                         STRATUM(sim, .nation = "ori", .place = "town")->index, &n);
    assert_int_equal(n, 2);
    assert_true(batch[0].since == w->start + 3 && batch[1].since == w->start + 3);
    assert_true(batch[0].joined == w->start + 4 && batch[1].joined == w->start + 5);
    run_to(sim, 9);
    const sj_caseload *cases = cases_of(sim, "card");
    assert_int_equal(cases->granted + cases->refused, 300);
    run_to(sim, 10);
    assert_int_equal(cases->granted + cases->refused, 400);
    hold_binomial((double)cases->granted, 400, 0.86, "passed");
    assert_int_equal(COUNT(sim, .status = "card"), cases->granted);
    assert_int_equal(COUNT(sim, .status = "out"), cases->refused);
    assert_int_equal(sj_programme_cost_cents(run, 0), 400 * 307);
    size_t days;
    const int64_t *waits = sj_stage_waits(run, stage_of(sim, "card/vetting"), &days);
    assert_int_equal(days, 6);
    assert_int_equal(waits[5], 400);
    sj_sim_free(sim);
    sj_world_free(w);
}

#define ASYLUM(more)                                                                               \
    "'far':{'country':'nea','pending_status':'asked'," more "'stages':{'first':{'order':1,"        \
    "'slots_per_day':100000,'pass':0.36,'fail':'appeal'},'appeal':{'order':2,'share':0.5,"         \
    "'slots_per_day':100000,'handover_days':20,'pass':0.1,'fail':'out'}},"                         \
    "'outcome':{'status':'card'}}"

/* Half of those failed enter the appeal, the others get its fail at once; an appeal that is won is
 * a grant. The status while waiting holds until the case is closed. */
static void test_appeal(void **state)
{
    sj_world *w = office(ASYLUM("'windows':{'w':{'opens':'2022-01-02','closes':'2022-01-02',"
                                "'eligible':{'statuses':['guest']}}},'take_up':"
                                "{'rate_per_day':10},"),
                         "");
    sj_sim *sim = sim_of(w, 2, 0);
    run_to(sim, 1);
    const sj_caseload *cases = cases_of(sim, "far");
    int64_t all = cases->joined;
    assert_true(all > 99900);
    assert_int_equal(COUNT(sim, .status = "asked"), all);
    assert_int_equal(COUNT(sim, .status = "guest"), 100000 - all);
    run_to(sim, 2);
    hold_binomial((double)cases->granted, (double)all, 0.36, "recognised");
    int64_t failed = all - cases->granted, appeals = queue_of(sim, "far/appeal");
    hold_binomial((double)appeals, (double)failed, 0.5, "appeals");
    assert_int_equal(cases->refused, failed - appeals);
    assert_int_equal(COUNT(sim, .status = "out"), failed - appeals);
    assert_int_equal(COUNT(sim, .status = "asked"), appeals);
    int64_t at_first = cases->granted;
    run_to(sim, 21);
    assert_int_equal(queue_of(sim, "far/appeal"), appeals);
    run_to(sim, 22);
    hold_binomial((double)(cases->granted - at_first), (double)appeals, 0.1, "appeals won");
    assert_int_equal(COUNT(sim, .status = "asked"), 0);
    assert_int_equal(COUNT(sim, .status = "card"), cases->granted);
    assert_int_equal(cases->granted + cases->refused, all);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Who ends as lost or closed with the pending status gets closed_status, by default the last
 * stage's fail. */
static void lose_all(const char *more, const char *status)
{
    char text[1000];
    (void)snprintf(text, sizeof text,
                   "'far':{'country':'nea','pending_status':'asked',%s'windows':{'w':{'opens':"
                   "'2022-01-02','closes':'2022-01-02','eligible':{'statuses':['guest']}}},"
                   "'take_up':{'rate_per_day':10},'stages':{'first':{'order':1,'slots_per_day':"
                   "1000000,'no_show':1,'lost_if_no_show':1,'fail':'out'}},"
                   "'outcome':{'status':'card'}}",
                   more);
    sj_world *w = office(text, "");
    sj_sim *sim = sim_of(w, 3, 0);
    run_to(sim, 2);
    assert_true(cases_of(sim, "far")->lost > 99900);
    assert_int_equal(people(sim, (whom){.status = status, .nation = "ori", .place = "nea"}),
                     status[0] == 'g' ? 100000 : cases_of(sim, "far")->lost);
    assert_int_equal(COUNT(sim, .status = "asked"), 0);
    sj_sim_free(sim);
    sj_world_free(w);
}

static void test_closed_status(void **state)
{
    lose_all("", "out");
    lose_all("'closed_status':'other',", "other");
    lose_all("'closed_status':'guest',", "guest");
}

/** Applications day by day of people who are refused on the day after they applied. */
static void count_reapplying(const char *days, const char *fail, const char *statuses,
                             int64_t per_day[], int n_days)
{
    char text[1000];
    (void)snprintf(text, sizeof text,
                   "'card':{'country':'nea',%s'windows':{'w':{'opens':'2022-01-02','eligible':"
                   "{'statuses':[%s]}}},'take_up':{'rate_per_day':10},'stages':{'desk':"
                   "{'order':1,'slots_per_day':1000000,'pass':0,'fail':'%s'}},"
                   "'outcome':{'status':'card'}}",
                   days, statuses, fail);
    sj_world *w = office(text, "");
    sj_sim *sim = sim_of(w, 3, 0);
    for (int day = 1; day < n_days; day++) {
        per_day[day] = applied_on(sim, day);
    }
    sj_sim_free(sim);
    sj_world_free(w);
}

/* The refused may apply again after reapply_days: applied on day 1, refused on day 2 before
 * take-up, again on day 2 + reapply_days, from the next day where it is 0. */
static void test_reapply_days(void **state)
{
    int64_t n[16];
    count_reapplying("'reapply_days':5,", "none", "'guest'", n, 16);
    assert_true(n[1] > 99900);
    for (int day = 2; day < 7; day++) {
        assert_true(n[day] < 100); /* the few who did not come on day 1 */
    }
    assert_true(n[7] > 99000);
    count_reapplying("", "none", "'guest'", n, 8);
    assert_true(n[1] > 99900 && n[2] < 100 && n[3] > 99000 && n[4] < 200 && n[5] > 99000);
    count_reapplying("'reapply_days':-1,", "none", "'guest'", n, 8);
    for (int day = 2; day < 8; day++) {
        assert_true(n[day] < 100);
    }
}

/* ... whatever status the refusal leaves them with. */
static void test_reapply_days_after_a_change_of_status(void **state)
{
    int64_t n[16];
    count_reapplying("'reapply_days':5,", "out", "'guest','out'", n, 16);
    assert_true(n[1] > 99900);
    for (int day = 2; day < 7; day++) {
        assert_true(n[day] < 100);
    }
    assert_true(n[7] > 99000);
    count_reapplying("'reapply_days':-1,", "out", "'guest','out'", n, 16);
    for (int day = 2; day < 16; day++) {
        assert_true(n[day] < 100);
    }
}

/* A hazard on those who wait, apart from service: withdrawn, closed. */
static void test_closure(void **state)
{
    sj_world *w = office("'card':{'country':'nea','closure_per_year':0.5,'reapply_days':-1,"
                         "'stages':{'desk':{'order':1,'slots_per_day':0}},"
                         "'outcome':{'status':'card'}}",
                         "");
    sj_sim *sim = sim_of(w, 4, 0);
    sj_programme_apply(hands(sim), STRATUM(sim, .nation = "ori", .place = "nea-rest"), 0, 50000);
    run_to(sim, 100);
    const sj_caseload *cases = cases_of(sim, "card");
    hold_binomial((double)cases->closed, 50000, -expm1(-0.5 * 100 / 365.25), "closed");
    assert_int_equal(queue_of(sim, "card/desk"), 50000 - cases->closed);
    assert_int_equal(
        STRATUM(sim, .nation = "ori", .place = "nea-rest", .status = "guest")->n_barred,
        cases->closed);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* Dated acts on the oldest cases, counted apart from what stages complete. */
static void test_acts(void **state)
{
    sj_world *w = office("'card':{'country':'nea','reapply_days':-1,"
                         "'stages':{'desk':{'order':1,'slots_per_day':0}},'acts':{"
                         "'amnesty':{'date':'2022-02-01','rule':'grant','n':700},"
                         "'purge':{'date':'2022-03-01','rule':'close','n':200},"
                         "'rest':{'date':'2022-04-01','rule':'close','n':1000000}},"
                         "'outcome':{'status':'card'}}",
                         "");
    sj_sim *sim = sim_of(w, 5, 0);
    sj_run *run = hands(sim);
    sj_programme_apply(run, STRATUM(sim, .nation = "ori", .place = "town"), 0, 600);
    run_to(sim, 1);
    sj_programme_apply(run, STRATUM(sim, .nation = "ori", .place = "nea-rest"), 0, 600);
    const sj_caseload *cases = cases_of(sim, "card");
    run_to(sim, day_of(w, "2022-01-31"));
    assert_int_equal(cases->acts, 0);
    run_to(sim, day_of(w, "2022-02-01"));
    assert_int_equal(cases->acts, 700);
    assert_int_equal(cases->granted, 0);
    assert_int_equal(COUNT(sim, .place = "town", .status = "card"), 600);
    assert_int_equal(COUNT(sim, .place = "nea-rest", .status = "card"), 100);
    run_to(sim, day_of(w, "2022-03-01"));
    assert_int_equal(cases->acts, 900);
    assert_int_equal(queue_of(sim, "card/desk"), 300);
    run_to(sim, day_of(w, "2022-04-01"));
    assert_int_equal(cases->acts, 1200);
    assert_int_equal(cases->closed + cases->refused + cases->lost, 0);
    assert_int_equal(COUNT(sim, .status = "card"), 700);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* A rise of officers works after hire_lag_days, a fall at once; half cases a day add up. */
static void test_officers(void **state)
{
    sj_world *w = office(
        "'card':{'country':'nea','hire_lag_days':30,'stages':{'desk':{'order':1,'officers':3,"
        "'cases_per_officer_day':0.5}},'outcome':{'status':'card'}}",
        ",'policies':{'p':{'ops':[{'at':'/programmes/card/stages/desk/officers','set':9,"
        "'from':'2022-02-01','to':'2022-06-01'}]}}");
    sj_sim *sim = sim_of(w, 6, 0);
    const sj_run *run = sj_sim_state(sim);
    sj_programme_apply(hands(sim), STRATUM(sim, .nation = "ori", .place = "nea-rest"), 0, 50000);
    int from = day_of(w, "2022-02-01"), to = day_of(w, "2022-06-01");
    run_to(sim, from - 1);
    assert_int_equal(run->ledger->tally.served[0], (int64_t)floor(1.5 * (from - 1)));
    run_to(sim, from + 29);
    hold_near(sj_stage_capacity(run, 0), 1.5, 0, "not yet");
    run_to(sim, from + 30);
    hold_near(sj_stage_capacity(run, 0), 4.5, 0, "now");
    run_to(sim, to - 1);
    hold_near(sj_stage_capacity(run, 0), 4.5, 0, "still");
    run_to(sim, to);
    hold_near(sj_stage_capacity(run, 0), 1.5, 0, "a fall works at once");
    sj_sim_free(sim);
    sj_world_free(w);
}

/* A person has one open case: who waits in one programme cannot apply to another. */
static void test_one_open_case(void **state)
{
    sj_world *w = office("'a':{'country':'nea','windows':{'w':{'opens':'2022-01-02'}},'take_up':"
                         "{'rate_per_day':10},'stages':{'desk':{'order':1,'slots_per_day':0}},"
                         "'outcome':{'status':'card'}},"
                         "'b':{'country':'nea','windows':{'w':{'opens':'2022-01-02'}},'take_up':"
                         "{'rate_per_day':10},'stages':{'desk':{'order':1,'slots_per_day':0}},"
                         "'outcome':{'status':'card'}}",
                         "");
    sj_sim *sim = sim_of(w, 7, 0);
    run_to(sim, 20);
    assert_int_equal(cases_of(sim, "a")->joined + cases_of(sim, "b")->joined, 105000);
    assert_true(cases_of(sim, "b")->joined < 100);
    sj_sim_free(sim);
    sj_world_free(w);
}

/* `opens` of a stage, its calendar, and a closed programme take nobody in. */
static void test_closed_doors(void **state)
{
    sj_world *w = office(
        "'card':{'country':'nea','windows':{'w':{'opens':'2022-01-02'}},'take_up':"
        "{'rate_per_day':0.1},'stages':{'desk':{'order':1,'slots_per_day':10,'opens':'2022-02-05',"
        "'calendar':'mon-sat'}},'outcome':{'status':'card'}}",
        ",'policies':{'p':{'ops':[{'at':'/programmes/card/open','set':false,"
        "'from':'2022-01-11','to':'2022-01-21'}]}}");
    sj_sim *sim = sim_of(w, 8, 0);
    const sj_run *run = sj_sim_state(sim);
    run_to(sim, 9);
    int64_t before = cases_of(sim, "card")->joined;
    assert_true(before > 0);
    run_to(sim, 19);
    assert_int_equal(cases_of(sim, "card")->joined, before);
    assert_true(applied_on(sim, 20) > 0);
    run_to(sim, day_of(w, "2022-02-04"));
    assert_int_equal(run->ledger->tally.served[0], 0);
    run_to(sim, day_of(w, "2022-02-05")); /* a Saturday */
    assert_int_equal(run->ledger->tally.served[0], 10);
    run_to(sim, day_of(w, "2022-02-06"));
    assert_int_equal(run->ledger->tally.served[0], 10);
    run_to(sim, day_of(w, "2022-02-12"));
    assert_int_equal(run->ledger->tally.served[0], 70);
    sj_sim_free(sim);
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_vintage_by_nation),
                                       cmocka_unit_test(test_window_and_take_up),
                                       cmocka_unit_test(test_take_up_sees_the_wait),
                                       cmocka_unit_test(test_eligibility),
                                       cmocka_unit_test(test_tandem),
                                       cmocka_unit_test(test_appeal),
                                       cmocka_unit_test(test_closed_status),
                                       cmocka_unit_test(test_reapply_days),
                                       cmocka_unit_test(test_reapply_days_after_a_change_of_status),
                                       cmocka_unit_test(test_closure),
                                       cmocka_unit_test(test_acts),
                                       cmocka_unit_test(test_officers),
                                       cmocka_unit_test(test_one_open_case),
                                       cmocka_unit_test(test_closed_doors)};
    return RUN_TESTS(tests);
}
