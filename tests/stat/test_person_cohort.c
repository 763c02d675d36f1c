/**
 * @file test_person_cohort.c
 * @brief Cohort resolution against person resolution, in distribution, on a small world.
 *
 * The world is scenarios/small/two-hosts.json with everybody and every capacity divided by 200, one
 * and a half years, all processes on. Every counted quantity at both dates is compared by its mean
 * (Welch), its spread (Welch on the distance to the median of both) and its whole law (two-sample
 * Kolmogorov-Smirnov, conservative for counts). Seeds differ, so the samples are independent.
 *
 * Bonferroni: alpha = 1e-3 over all tests. With R = 240 runs of each kind and about 500 tests, a
 * shift of a mean by 0.56 standard deviations of one run is found with power 0.9, and so is a
 * spread that is larger by a factor of 1.5 (normal law).
 *
 * Left out: chains of statuses that expire within 730 days (visitor), as semantics A3 says. Chains
 * are compared in the second test only, where every stage calls people at random: who is called in
 * order of arrival has waited longest and has had the most time to find work, so a queue and a
 * chain share a clock. In order of arrival 16.3 claimants are unemployed person by person and 14.7
 * by cohorts, and 395 irregular people work informally against 391.
 *
 * Usage: test_person_cohort [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gsl/gsl_cdf.h>

#include "sim_kit.h"

enum { R = 240, DATES = 2, MOST = 40 };

static const int dates[DATES] = {200, 545};

static const char *const small[] = {"/time/end=2023-07-01",
                                    "/places/ori/population=50000",
                                    "/places/nea/population=100000",
                                    "/places/nea-port/population=5000",
                                    "/places/far/population=200000",
                                    "/stocks/ori/nea=1500",
                                    "/stocks/ori/far=100",
                                    "/posts/port-post/slots_per_day=0.3",
                                    "/programmes/nea-permit/stages/biometrics/slots_per_day=7",
                                    "/programmes/nea-permit/stages/vetting/slots_per_day=3.5",
                                    "/programmes/far-asylum/stages/first/officers=0.15",
                                    "/programmes/far-asylum/stages/appeal/officers=0.04",
                                    "/programmes/far-asylum/backlog/ori=25",
                                    "/services/port-shelter/capacity=5",
                                    "/services/nea-labour/capacity=2000",
                                    "/services/nea-labour/host_use=1000",
                                    "/onward={\"rate_per_year\":0.1}",
                                    "/return={\"rate_per_year\":0.1}",
                                    "/links/gap-far/death_per_journey=0.05",
                                    "/policies/surge=null",
                                    NULL};
enum { N_SET = sizeof small / sizeof small[0] - 1, N_STAGES = 4 };

static const char *const at_random_set[N_STAGES] = {
    "/programmes/far-asylum/stages/first/discipline=\"random\"",
    "/programmes/far-asylum/stages/appeal/discipline=\"random\"",
    "/programmes/nea-permit/stages/biometrics/discipline=\"random\"",
    "/programmes/nea-permit/stages/vetting/discipline=\"random\""};

/** What one run gives: names are the same for all runs. */
typedef struct record {
    int n;
    const char *name[MOST];
    double value[MOST];
} record;

static void note(record *r, const char *name, double value)
{
    assert_true(r->n < MOST);
    r->name[r->n] = name;
    r->value[r->n++] = value;
}

/** Adults of a status in a class of the work chain. */
static int64_t in_class(const sj_sim *sim, const char *status, int class)
{
    const sj_run *run = sj_sim_state(sim);
    int64_t n = 0;
    for (size_t i = 1; i < run->ledger->n_strata; i++) {
        const sj_stratum *s = run->ledger->strata[i];
        whom who = {.status = status};
        n += s->n > 0 && s->old != NULL && is_one_of(run->world, s, who)
                 ? s->old[class] + s->fresh[class]
                 : 0;
    }
    return n;
}

static void note_stocks(record *r, const sj_sim *sim)
{
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    note(r, "visitor", COUNT(sim, .status = "visitor"));
    note(r, "irregular, nea", COUNT(sim, .status = "irregular", .place = "nea"));
    note(r, "permit", COUNT(sim, .status = "permit"));
    note(r, "claimant", COUNT(sim, .status = "claimant"));
    note(r, "refugee", COUNT(sim, .status = "refugee"));
    note(r, "irregular, far", COUNT(sim, .status = "irregular", .place = "far"));
    note(r, "returnee", COUNT(sim, .status = "returnee"));
    note(r, "transit, gap", COUNT(sim, .status = "transit", .place = "gap"));
    note(r, "port", COUNT(sim, .nation = "ori", .place = "nea-port"));
    note(r, "children of ori in nea", COUNT(sim, .nation = "ori", .place = "nea", .group = "0-4"));
    note(r, "on link", ledger->on_link);
}

static void note_flows(record *r, const sj_sim *sim)
{
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    const sj_world *w = ledger->world;
    note(r, "visa-free", arrivals_at(sim, NULL, "visa-free"));
    note(r, "overland", arrivals_at(sim, NULL, "overland"));
    note(r, "claim", arrivals_at(sim, NULL, "claim"));
    note(r, "home", arrivals_at(sim, NULL, "home"));
    note(r, "departures", departures_of(sim));
    note(r, "onward", total_of(ledger->tally.onward, w->n_countries * w->n_nations));
    note(r, "returns", total_of(ledger->tally.returns, w->n_countries * w->n_nations));
    note(r, "caught", total_of(ledger->tally.caught, w->n_edges * w->n_nations));
    note(r, "dead on links", total_of(ledger->tally.link_deaths, w->n_edges * w->n_nations));
    int far = sj_world_leaf(w, "far"), rest = sj_world_leaf(w, "nea-rest");
    int ori = sj_world_nation(w, "ori");
    note(r, "dead abroad",
         ledger->tally.deaths[far * w->n_nations + ori] +
             ledger->tally.deaths[rest * w->n_nations + ori]);
}

static void note_offices(record *r, const sj_sim *sim)
{
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    note(r, "queue: biometrics", queue_of(sim, "nea-permit/biometrics"));
    note(r, "queue: vetting", queue_of(sim, "nea-permit/vetting"));
    note(r, "queue: first", queue_of(sim, "far-asylum/first"));
    note(r, "queue: appeal", queue_of(sim, "far-asylum/appeal"));
    note(r, "queue: post", sj_stage_length(ledger->stages[post_stage_of(sim, 0)]));
    note(r, "applied", cases_of(sim, "nea-permit")->joined);
    note(r, "granted", cases_of(sim, "nea-permit")->granted);
    note(r, "lost", cases_of(sim, "nea-permit")->lost);
    note(r, "withdrawn", cases_of(sim, "nea-permit")->withdrawn);
    note(r, "died waiting", cases_of(sim, "nea-permit")->died + cases_of(sim, "far-asylum")->died);
    note(r, "permits valid", ledger->permits.valid);
    note(r, "permits ended", ledger->permits.ended);
    note(r, "permits expired", ledger->permits.expired);
    note(r, "permits born", ledger->permits.born);
}

/** Classes are in order of id: formal, informal, unemployed. */
static void note_work(record *r, const sj_sim *sim)
{
    const sj_world *w = sj_sim_state(sim)->world;
    assert_string_equal(w->chains[0].class_id[0], "formal");
    note(r, "formal, irregular", in_class(sim, "irregular", 0));
    note(r, "informal, irregular", in_class(sim, "irregular", 1));
    note(r, "formal, permit", in_class(sim, "permit", 0));
    note(r, "informal, permit", in_class(sim, "permit", 1));
    note(r, "unemployed, claimant", in_class(sim, "claimant", 2));
}

static void run_one(const sj_world *w, uint64_t seed, int replication, bool work, record out[DATES])
{
    sj_sim_options options = {.seed = seed, .replication = (uint64_t)replication, .fixed = true};
    sj_sim *sim = NULL;
    sj_err err = {0};
    assert_int_equal(sj_sim_new(&sim, w, &options, NULL, &err), SJ_OK);
    for (int d = 0; d < DATES; d++) {
        run_to(sim, dates[d]);
        out[d].n = 0;
        note_stocks(&out[d], sim);
        note_flows(&out[d], sim);
        note_offices(&out[d], sim);
        if (work) {
            note_work(&out[d], sim);
        }
    }
    check(sim);
    sj_sim_free(sim);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/** Welch's t: two-sided p-value; 1 where neither sample varies and the means agree. */
static double welch(const double x[R], const double y[R])
{
    double mx = 0, my = 0, vx = 0, vy = 0;
    for (int i = 0; i < R; i++) {
        mx += x[i] / R;
        my += y[i] / R;
    }
    for (int i = 0; i < R; i++) {
        vx += (x[i] - mx) * (x[i] - mx) / (R - 1);
        vy += (y[i] - my) * (y[i] - my) / (R - 1);
    }
    double v = (vx + vy) / R;
    if (v <= 0) {
        return mx == my ? 1 : 0;
    }
    double freedom = (vx + vy) * (vx + vy) * (R - 1) / (vx * vx + vy * vy);
    return 2 * gsl_cdf_tdist_Q(fabs(mx - my) / sqrt(v), freedom);
}

/** Brown and Forsythe: distances to the own median. */
static double spread(const double x[R], const double y[R])
{
    double from_x[R], from_y[R], sorted_x[R], sorted_y[R];
    memcpy(sorted_x, x, sizeof sorted_x);
    memcpy(sorted_y, y, sizeof sorted_y);
    qsort(sorted_x, R, sizeof(double), ascending);
    qsort(sorted_y, R, sizeof(double), ascending);
    for (int i = 0; i < R; i++) {
        from_x[i] = fabs(x[i] - (sorted_x[R / 2] + sorted_x[R / 2 - 1]) / 2);
        from_y[i] = fabs(y[i] - (sorted_y[R / 2] + sorted_y[R / 2 - 1]) / 2);
    }
    return welch(from_x, from_y);
}

/** Two-sample Kolmogorov-Smirnov, asymptotic law with Stephens's correction. */
static double whole_law_of(const double x[R], const double y[R])
{
    double a[R], b[R], most = 0;
    memcpy(a, x, sizeof a);
    memcpy(b, y, sizeof b);
    qsort(a, R, sizeof(double), ascending);
    qsort(b, R, sizeof(double), ascending);
    for (int i = 0, k = 0; i < R && k < R;) {
        double at = a[i] < b[k] ? a[i] : b[k];
        for (; i < R && a[i] <= at; i++) {
        }
        for (; k < R && b[k] <= at; k++) {
        }
        double apart = fabs((double)(i - k)) / R;
        most = apart > most ? apart : most;
    }
    double root = sqrt(R / 2.0), z = (root + 0.12 + 0.11 / root) * most, p = 0;
    for (int k = 1; k < 100; k++) {
        p += 2 * (k % 2 == 1 ? 1 : -1) * exp(-2.0 * k * k * z * z);
    }
    return z < 0.2 ? 1 : p;
}

/** Both kinds of run: value[date][quantity][run]. */
typedef struct samples {
    int n;
    const char *name[MOST];
    double person[DATES][MOST][R], cohort[DATES][MOST][R];
} samples;

static void fill(samples *s, bool by_person, bool at_random)
{
    const char *set[N_SET + N_STAGES + 2] = {NULL};
    memcpy(set, small, N_SET * sizeof set[0]);
    set[N_SET] = by_person ? "/run/resolution=\"person\"" : "/run/resolution=\"cohort\"";
    for (int i = 0; at_random && i < N_STAGES; i++) {
        set[N_SET + 1 + i] = at_random_set[i];
    }
    sj_world *w = world_set(TWO_HOSTS, set);
    for (int r = 0; r < R; r++) {
        record one[DATES];
        run_one(w, by_person ? 101 : 202, r, at_random, one);
        for (int d = 0; d < DATES; d++) {
            for (int i = 0; i < one[d].n; i++) {
                s->name[i] = one[d].name[i];
                (by_person ? s->person : s->cohort)[d][i][r] = one[d].value[i];
            }
            s->n = one[d].n;
        }
    }
    sj_world_free(w);
}

static double mean_of(const double x[R])
{
    double sum = 0;
    for (int i = 0; i < R; i++) {
        sum += x[i];
    }
    return sum / R;
}

static void compare_laws(bool at_random)
{
    samples *s = calloc(1, sizeof *s);
    int failures = 0;
    fill(s, false, at_random);
    fill(s, true, at_random);
    double alpha = 1e-3 / (2 * 3.0 * DATES * s->n);
    for (int d = 0; d < DATES; d++) {
        for (int i = 0; i < s->n; i++) {
            const double *x = s->person[d][i], *y = s->cohort[d][i];
            double p[] = {welch(x, y), spread(x, y), whole_law_of(x, y)};
            bool bad = p[0] < alpha || p[1] < alpha || p[2] < alpha;
            if (bad || getenv("SJ_TEST_VERBOSE") != NULL) {
                print_error("%s day %d, %s: person %.4g, cohort %.4g; p = %.2g %.2g %.2g\n",
                            bad ? "FAIL" : "    ", dates[d], s->name[i], mean_of(x), mean_of(y),
                            p[0], p[1], p[2]);
            }
            failures += bad;
        }
    }
    free(s);
    assert_int_equal(failures, 0);
}

static void test_same_laws(void **state)
{
    compare_laws(false);
}

static void test_same_laws_where_called_at_random(void **state)
{
    compare_laws(true);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_laws),
                                       cmocka_unit_test(test_same_laws_where_called_at_random)};
    return RUN_TESTS(tests);
}
