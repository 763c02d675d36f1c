/**
 * @file test_record.c
 * @brief The recorder keeps what it was told: every value of every row, flows, waits, keys.
 *
 * Against a dense copy that the test makes of every record; and crossings and captures of a link
 * by hand.
 *
 * Usage: test_record [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "record/recorder.h"
#include "sim_kit.h"

/** A recorder, and all values as they were emitted. */
typedef struct witness {
    sj_recorder *recorder;
    SJ_VEC(double) seen;
    int n_records;
} witness;

static void look(void *self, const sj_run *run)
{
    witness *w = self;
    sj_recorder_observe(w->recorder, run);
    assert_false(w->recorder->failed);
    if (run->day == run->world->n_days || w->n_records == w->recorder->n_dates) {
        return; /* no record, or its scratch is gone */
    }
    for (size_t row = 0; row < w->recorder->keys.n; row++) {
        assert_true(sj_vec_push(&w->seen, w->recorder->now.at[row]));
    }
    w->n_records = w->recorder->n_dates;
}

static sj_sim *watched(const sj_world *world, witness *w, sj_observer *observer)
{
    sj_sim_options options = {.seed = 3, .fixed = true};
    sj_sim *sim = NULL;
    memset(w, 0, sizeof *w);
    w->recorder = sj_recorder_new(world);
    assert_non_null(w->recorder);
    *observer = (sj_observer){w, look};
    assert_int_equal(sj_sim_new(&sim, world, &options, observer, NULL), SJ_OK);
    return sim;
}

static bool is_equal(double x, double y)
{
    return memcmp(&x, &y, sizeof x) == 0 || (isnan(x) && isnan(y));
}

/* Rows are silent exactly where they are 0 throughout or missing throughout. */
static void hold_rows(const witness *w)
{
    const sj_recorder *r = w->recorder;
    size_t n_silent = 0, n_missing = 0;
    for (size_t row = 0; row < r->keys.n; row++) {
        size_t zeros = 0, missing = 0;
        for (int d = 0; d < w->n_records; d++) {
            double x = w->seen.at[(size_t)d * r->keys.n + row];
            assert_true(is_equal(sj_recorder_at(r, d, row), x));
            zeros += x == 0;
            missing += isnan(x);
        }
        double last = sj_recorder_at(r, r->n_dates - 1, row);
        zeros += last == 0;
        missing += isnan(last);
        bool silent = zeros == (size_t)r->n_dates || missing == (size_t)r->n_dates;
        assert_int_equal(sj_recorder_says(r, row), !silent);
        n_silent += silent;
        n_missing += missing == (size_t)r->n_dates;
    }
    assert_true(n_silent > 100 && n_missing > 0 && n_silent < r->keys.n);
}

static void hold_keys(const sj_recorder *r)
{
    for (size_t row = 0; row < r->keys.n; row++) {
        int found = sj_recorder_row(r, &r->keys.at[row]);
        assert_true(found >= 0 && found <= (int)row); /* of two equal keys the first */
        assert_int_equal(r->keys.at[found].metric, r->keys.at[row].metric);
        assert_string_equal(r->keys.at[found].place, r->keys.at[row].place);
    }
    sj_series_key none = {SJ_STOCK, "nowhere", "ALL", "ALL"};
    assert_int_equal(sj_recorder_row(r, &none), SJ_NO_REF);
}

/* Months together are the traffic of the run, waits those of the stages. */
static void hold_lists(const sj_recorder *r, const sj_run *run)
{
    const sj_world *w = run->world;
    int cells = w->n_edges * w->n_nations * w->n_channels;
    int64_t *sum = calloc((size_t)cells, sizeof *sum);
    for (size_t i = 0; i < r->flows.n; i++) {
        assert_true(r->flows.at[i].n > 0);
        sum[r->flows.at[i].cell] += r->flows.at[i].n;
    }
    assert_memory_equal(sum, run->ledger->tally.traffic, (size_t)cells * sizeof *sum);
    free(sum);
    assert_int_equal(r->month_end[r->n_months - 1], r->flows.n);
    int64_t completed = 0, waiting = 0, done = 0, queued = 0;
    for (size_t i = 0; i < r->waits.n; i++) {
        completed += r->waits.at[i].completed;
        waiting += r->waits.at[i].waiting;
    }
    for (int s = 0; s < w->n_stages; s++) {
        size_t n = 0;
        const int64_t *waits = sj_stage_waits(run, s, &n);
        done += total_of(waits, (int)n);
        queued += sj_stage_length(run->ledger->stages[s]);
    }
    assert_true(done > 0 && queued > 0);
    assert_int_equal(completed, done);
    assert_int_equal(waiting, queued);
}

static void test_what_is_kept(void **state)
{
    static const char *const steps[] = {"\"month\"", "\"week\"", "\"day\""};
    for (int i = 0; i < 3; i++) {
        char report[64];
        (void)snprintf(report, sizeof report, "/time/report=%s", steps[i]);
        sj_world *world =
            world_set(TWO_HOSTS, (const char *[]){"/time/end=\"2022-07-10\"", report, NULL});
        witness w;
        sj_observer observer;
        sj_sim *sim = watched(world, &w, &observer);
        run_to(sim, world->n_days);
        assert_int_equal(w.recorder->n_dates, w.recorder->n_records);
        assert_int_equal(w.n_records, w.recorder->n_dates - 1);
        hold_rows(&w);
        hold_keys(w.recorder);
        hold_lists(w.recorder, sj_sim_state(sim));
        sj_sim_free(sim);
        sj_recorder_free(w.recorder);
        sj_vec_clear(&w.seen);
        sj_world_free(world);
    }
}

static double row_value(const sj_recorder *r, sj_metric metric, const char *place,
                        const char *nation)
{
    int row = sj_recorder_row(r, &(sj_series_key){metric, place, nation, "ALL"});
    assert_true(row >= 0);
    double sum = 0;
    for (int d = 0; d < r->n_dates; d++) {
        sum += sj_recorder_at(r, d, (size_t)row);
    }
    return sum;
}

/* In four days, three of them on the leg: 3,000 are caught on the wall and 500 on it the other way;
 * 800 and 60 take the bridge and 200 come back over it; 70 die in the pit. */
static void test_crossings(void **state)
{
    sj_world *world = world_of(
        "{'format':'sojourn-scenario/1','id':'wall',"
        "'time':{'start':'2022-01-01','end':'2022-01-05'},'run':{'off':[" ALL_BUT_JOURNEY "]},"
        "'places':{'ori':{'kind':'country','population':90000,'income_usd_per_year':1000},"
        "'nea':{'kind':'country','population':90000,'income_usd_per_year':1000},"
        "'far':{'kind':'country','population':90000,'income_usd_per_year':1000},"
        "'low':{'kind':'country','population':90000,'income_usd_per_year':1000},"
        "'sea':{'kind':'outside','income_usd_per_year':1000}},"
        "'nationalities':{'ori':{'home':'ori','departs':false},'nea':{'home':'nea','departs':false}"
        ","
        "'far':{'home':'far','departs':false},'low':{'home':'low','departs':false},"
        "'ext':{'home':'sea'}},'statuses':{'guest':{'standing':'none'}},"
        "'channels':{'path':{'class':'irregular','to':['ori','nea','far','low'],"
        "'entry_status':'guest'}},"
        "'links':{'wall':{'from':'ori','to':'nea','both_ways':true,'km':10,'days':3,'days_cv':0,"
        "'mode':'foot','classes':['irregular'],'caught':1,'retry':1},"
        "'bridge':{'from':'ori','to':'far','both_ways':true,'km':10,'days':3,'days_cv':0,"
        "'mode':'foot','classes':['irregular']},"
        "'pit':{'from':'ori','to':'low','km':10,'days':3,'days_cv':0,'mode':'foot','classes':"
        "['irregular'],'death_per_journey':1}}}");
    static const struct {
        const char *nation, *from, *to;
        int64_t n;
    } parties[] = {{"ext", "ori", "nea", 3000}, {"ext", "nea", "ori", 500},
                   {"ext", "ori", "far", 800},  {"ori", "ori", "far", 60},
                   {"ext", "far", "ori", 200},  {"ext", "ori", "low", 70}};
    witness w;
    sj_observer observer;
    sj_sim *sim = watched(world, &w, &observer);
    sj_run *run = hands(sim);
    sj_rng rng = sj_rng_start(sj_rng_key_of(1, 1), 1, 0, 0);
    for (size_t i = 0; i < sizeof parties / sizeof parties[0]; i++) {
        conjure(sim, &run->parcel, parties[i].nation, SJ_GROUP_18_59, parties[i].n);
        sj_journey_set_out(run, &run->parcel, sj_world_leaf(world, parties[i].from), true,
                           intent_for(sim, parties[i].to, "path"), &rng);
    }
    run_to(sim, world->n_days);
    const sj_recorder *r = w.recorder;
    assert_true(row_value(r, SJ_CROSSINGS, "bridge", "ext") == 800);
    assert_true(row_value(r, SJ_CROSSINGS, "bridge", "ori") == 60);
    assert_true(row_value(r, SJ_CROSSINGS, "bridge", "ALL") == 860);
    assert_true(row_value(r, SJ_CAUGHT, "bridge", "ALL") == 0);
    assert_true(row_value(r, SJ_CROSSINGS, "pit", "ALL") == 0);
    assert_true(row_value(r, SJ_DEATHS, "pit", "ALL") == 70);
    assert_true(row_value(r, SJ_CROSSINGS, "wall", "ext") == 3000);
    assert_true(row_value(r, SJ_CAUGHT, "wall", "ext") == 3500);
    assert_true(row_value(r, SJ_CAUGHT, "wall", "ori") == 0);
    assert_true(row_value(r, SJ_CAUGHT, "wall", "ALL") == 3500);
    sj_sim_free(sim);
    sj_recorder_free(w.recorder);
    sj_vec_clear(&w.seen);
    sj_world_free(world);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_kept),
                                       cmocka_unit_test(test_crossings)};
    return RUN_TESTS(tests);
}
