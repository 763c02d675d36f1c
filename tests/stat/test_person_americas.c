/**
 * @file test_person_americas.c
 * @brief Cohort resolution against person resolution in the Americas, with a thousandth of the
 * people.
 *
 * The world is scenarios/americas/hindcast.json with all that is counted in persons, persons a
 * day or year, officers and places divided by 1,000, from January to 15 July 2018; the others
 * (ext), two thirds of all foreigners, who do little but live there, are a ten-thousandth. Its
 * policies of these months are in force; those that set officers or places are left out. Noise is
 * off, for it is the same in both and would only hide a difference; values are at their centres.
 *
 * Every counted quantity at three dates is compared by its mean (Welch). Seeds differ, so the
 * samples are independent. Bonferroni: alpha = 1e-3 over all tests. With PERSON and COHORT runs a
 * shift of a mean by 1.8 standard deviations of one run is found with power 0.9 (normal law).
 * Counts of which fewer than one is expected in both are left out, and so are chains of statuses
 * that expire soon (semantics A3).
 *
 * Usage: test_person_americas [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gsl/gsl_cdf.h>

#include "process/chain.h"

#include "sim_kit.h"

enum { PERSON = 20, COHORT = 60, DATES = 3, MOST = 240, PART = 1000 };

static const int dates[DATES] = {60, 120, 195};
static const char *const units[] = {"persons", "persons/day", "persons/year", "officers", "places"};
static const char *const left_out[] = {"acolhida", "offices"};

/** The people of whom there are fewer still. */
static bool is_of_others(const char *pointer)
{
    const char *last = strrchr(pointer, '/');
    return strncmp(pointer, "/stocks/ext/", 12) == 0 ||
           (strstr(pointer, "/backlog/") != NULL && strcmp(last, "/ext") == 0);
}

/** Everything that is counted, divided. */
static void shrink(sj_world *w)
{
    size_t divided = 0;
    for (size_t i = 0; i < sj_values_length(w->values); i++) {
        sj_value *v = (sj_value *)(uintptr_t)sj_values_row(w->values, (sj_val)i);
        for (size_t k = 0; k < sizeof units / sizeof units[0]; k++) {
            if (v->key != NULL && v->key->unit != NULL && strcmp(v->key->unit, units[k]) == 0) {
                v->base /= is_of_others(v->pointer) ? 10 * PART : PART;
                divided++;
            }
        }
    }
    assert_true(divided > 400);
}

static sj_world *thousandth(bool by_person)
{
    const char *const set[] = {by_person ? "/run/resolution=\"person\""
                                         : "/run/resolution=\"cohort\"",
                               "/noise=null", "/time/end=2018-07-16"};
    sj_load_options options = {.set = set, .n_set = 3, .without = left_out, .n_without = 2};
    sj_problems problems = {0};
    sj_world *w = NULL;
    if (sj_world_load(&w, "scenarios/americas/hindcast.json", &options, &problems) != SJ_OK) {
        show_problems(&problems);
    }
    assert_non_null(w);
    sj_problems_clear(&problems);
    shrink(w);
    return w;
}

/** What one run gives: names are the same for all runs. */
typedef struct record {
    int n;
    char name[MOST][48];
    double value[MOST];
} record;

static void note(record *r, const char *what, const char *of, double value)
{
    assert_true(r->n < MOST);
    (void)snprintf(r->name[r->n], sizeof r->name[0], "%s %s", what, of);
    r->value[r->n++] = value;
}

static void note_people(record *r, const sj_sim *sim)
{
    const sj_world *w = sj_sim_state(sim)->world;
    for (int c = 0; c < w->n_countries; c++) {
        const char *id = w->countries[c].id;
        note(r, "Venezuelans", id, COUNT(sim, .nation = "ven", .place = id));
        note(r, "arrived", id, arrivals_at(sim, id, NULL));
    }
    for (int s = 0; s < w->n_statuses; s++) {
        const char *id = w->statuses[s].id;
        note(r, "status", id, COUNT(sim, .status = id));
        note(r, "Venezuelan", id, COUNT(sim, .status = id, .nation = "ven"));
    }
    note(r, "on links", "", (double)sj_sim_state(sim)->ledger->on_link);
}

static void note_flows(record *r, const sj_sim *sim)
{
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    const sj_world *w = ledger->world;
    for (int n = 0; n < w->n_nations; n++) {
        if (w->nations[n].departs) {
            note(r, "departed", w->nations[n].id, (double)ledger->tally.departures[n]);
        }
    }
    note(r, "onward", "", total_of(ledger->tally.onward, w->n_countries * w->n_nations));
    note(r, "returns", "", total_of(ledger->tally.returns, w->n_countries * w->n_nations));
    note(r, "caught", "", total_of(ledger->tally.caught, w->n_edges * w->n_nations));
    note(r, "dead", "", (double)ledger->tally.died);
    note(r, "permits", "valid", ledger->permits.valid);
    note(r, "permits", "expired", ledger->permits.expired);
    for (int p = 0; p < w->n_programmes; p++) {
        const char *id = w->programmes[p].spec->item.id;
        note(r, "applied", id, ledger->caseload[p].joined);
        note(r, "granted", id, ledger->caseload[p].granted);
    }
}

/** Adults of a status in a class of the work chain, anywhere. */
static void note_work(record *r, const sj_sim *sim, const char *status)
{
    const sj_run *run = sj_sim_state(sim);
    const sj_world *w = run->world;
    int work = sj_chain_named(w, "work");
    for (int k = 0; k < w->chains[work].n_classes; k++) {
        double n = 0;
        for (size_t i = 1; i < run->ledger->n_strata; i++) {
            const sj_stratum *s = run->ledger->strata[i];
            int at = w->chains[work].offset + k;
            whom who = {.nation = "ven", .status = status, .group = "18-59"};
            n += s->n > 0 && s->old != NULL && is_one_of(w, s, who)
                     ? (double)(s->old[at] + s->fresh[at])
                     : 0;
        }
        note(r, status, w->chains[work].class_id[k], n);
    }
}

static void run_one(const sj_world *w, uint64_t seed, int replication, record out[DATES])
{
    sj_sim_options options = {.seed = seed, .replication = (uint64_t)replication, .fixed = true};
    sj_sim *sim = NULL;
    sj_err err = {0};
    if (sj_sim_new(&sim, w, &options, NULL, &err) != SJ_OK) {
        fail_msg("%s: %s", err.where, err.text);
    }
    for (int d = 0; d < DATES; d++) {
        run_to(sim, dates[d]);
        out[d].n = 0;
        note_people(&out[d], sim);
        note_flows(&out[d], sim);
        note_work(&out[d], sim, "irregular");
        note_work(&out[d], sim, "resident");
    }
    check(sim);
    sj_sim_free(sim);
}

typedef struct sample {
    int n;
    double mean, variance;
} sample;

static sample sample_of(const record *records, int n, int date, int quantity)
{
    sample s = {.n = n};
    for (int i = 0; i < n; i++) {
        s.mean += records[i * DATES + date].value[quantity] / n;
    }
    for (int i = 0; i < n; i++) {
        double apart = records[i * DATES + date].value[quantity] - s.mean;
        s.variance += apart * apart / (n - 1);
    }
    return s;
}

/** Welch's t: two-sided p-value; 1 where neither sample varies and the means agree. */
static double welch(sample x, sample y)
{
    double vx = x.variance / x.n, vy = y.variance / y.n, v = vx + vy;
    if (v <= 0) {
        return x.mean == y.mean ? 1 : 0;
    }
    double freedom = v * v / (vx * vx / (x.n - 1) + vy * vy / (y.n - 1));
    return 2 * gsl_cdf_tdist_Q(fabs(x.mean - y.mean) / sqrt(v), freedom);
}

static record *runs_of(bool by_person, int n)
{
    record *records = calloc((size_t)(n * DATES), sizeof *records);
    assert_non_null(records);
    sj_world *w = thousandth(by_person);
    for (int r = 0; r < n; r++) {
        run_one(w, by_person ? 303 : 404, r, &records[r * DATES]);
    }
    sj_world_free(w);
    return records;
}

static void test_same_means(void **state)
{
    record *cohort = runs_of(false, COHORT), *person = runs_of(true, PERSON);
    double alpha = 1e-3 / (DATES * cohort[0].n);
    int failures = 0, compared = 0;
    for (int d = 0; d < DATES; d++) {
        for (int i = 0; i < cohort[0].n; i++) {
            sample x = sample_of(person, PERSON, d, i), y = sample_of(cohort, COHORT, d, i);
            double p = x.mean < 1 && y.mean < 1 ? 1 : welch(x, y);
            if (p < alpha || getenv("SJ_TEST_VERBOSE") != NULL) {
                print_error("%s day %d, %s: person %.5g, cohort %.5g; sd %.3g %.3g; p = %.2g\n",
                            p < alpha ? "FAIL" : "    ", dates[d], cohort[0].name[i], x.mean,
                            y.mean, sqrt(x.variance), sqrt(y.variance), p);
            }
            failures += p < alpha;
            compared += p < 1;
        }
    }
    free(cohort);
    free(person);
    assert_true(compared > 200);
    assert_int_equal(failures, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_means)};
    return RUN_TESTS(tests);
}
