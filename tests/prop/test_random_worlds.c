/**
 * @file test_random_worlds.c
 * @brief Random small worlds hold every identity on every day, repeat themselves, and may stop.
 *
 * For each of WORLDS texts of random_world.h: the run with self-check ends without failure; people
 * are conserved by a count of its own; the same seed gives the same final state; and so does a run
 * that stops after every few hundred events and goes on.
 *
 * Usage: test_random_worlds [name of a test]; SJ_TEST_WORLD=NUMBER runs that world alone and shows
 * its text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "random_world.h"
#include "sim_digest.h"
#include "sim_kit.h"

enum { WORLDS = 100 };

/** Nobody is lost, nobody appears: strata and links against what came and went. */
static void conserve(const sj_sim *sim, uint64_t number)
{
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    int64_t present = 0;
    for (size_t i = 1; i < ledger->n_strata; i++) {
        present += ledger->strata[i]->n;
    }
    for (int e = 0; e < ledger->world->n_edges; e++) {
        for (int d = 0; d <= SJ_LEG_DAYS; d++) {
            const sj_leg *leg = sj_ledger_leg(ledger, e, d);
            for (size_t b = 0; leg != NULL && b < leg->bands.n; b++) {
                present += leg->bands.at[b].n;
            }
        }
    }
    const sj_tally *t = &ledger->tally;
    if (present != t->initial + t->born + t->inflow - t->died - t->left ||
        ledger->strata[0]->n != 0) {
        fail_msg("world %d: %lld people present", (int)number, (long long)present);
    }
}

enum { SEEN = 18 };

/** What must have happened somewhere among all worlds, else the test is emptier than it looks. */
static void see(const sj_sim *sim, int64_t seen[SEEN])
{
    const sj_ledger *ledger = sj_sim_state(sim)->ledger;
    const sj_world *w = ledger->world;
    const sj_tally *t = &ledger->tally;
    int edges = w->n_edges * w->n_nations;
    int64_t now[SEEN] = {t->born,
                         t->died,
                         t->left,
                         t->inflow,
                         departures_of(sim),
                         arrivals_at(sim, NULL, "home"),
                         arrivals_at(sim, NULL, "path"),
                         arrivals_at(sim, NULL, "bus"),
                         total_of(t->caught, edges),
                         total_of(t->link_deaths, edges),
                         total_of(t->refused, w->n_posts),
                         COUNT(sim, .status = "stranded"),
                         ledger->permits.expired,
                         ledger->permits.ended,
                         ledger->permits.born};
    for (int p = 0; p < w->n_programmes; p++) {
        now[15] += ledger->caseload[p].granted;
        now[16] += ledger->caseload[p].lost;
        now[17] += ledger->caseload[p].withdrawn;
    }
    for (int i = 0; i < SEEN; i++) {
        seen[i] += now[i];
    }
}

/** The final state of a run in pieces of `events` (0: in one). */
static uint64_t state_after(const sj_world *w, uint64_t number, uint64_t events, bool self_check,
                            int64_t seen[SEEN])
{
    sj_sim_options options = {.seed = number, .self_check = self_check};
    sj_sim *sim = NULL;
    sj_err err = {0};
    bool done = false;
    sj_status st = sj_sim_new(&sim, w, &options, NULL, &err);
    while (st == SJ_OK && !done) {
        st = sj_sim_run(sim, w->n_days, events, &done, &err);
    }
    if (st != SJ_OK) {
        fail_msg("world %d, day %d: %s: %s", (int)number, sim == NULL ? -1 : sj_sim_state(sim)->day,
                 err.where, err.text);
    }
    conserve(sim, number);
    see(sim, seen);
    uint64_t state = digest(sim);
    sj_sim_free(sim);
    return state;
}

static void test_random_worlds(void **state)
{
    const char *only = getenv("SJ_TEST_WORLD");
    int64_t seen[SEEN] = {0};
    for (uint64_t number = 0; number < WORLDS; number++) {
        if (only != NULL && (uint64_t)atoll(only) != number) {
            continue;
        }
        sj_str text = random_world(number);
        if (only != NULL) {
            print_message("%s\n", text.text);
        }
        sj_world *w = world_of(text.text);
        uint64_t once = state_after(w, number, 0, true, seen);
        if (once != state_after(w, number, 0, false, seen)) {
            fail_msg("world %d: the same seed gives another state", (int)number);
        }
        if (once != state_after(w, number, 97 + number, false, seen)) {
            fail_msg("world %d: stopped and resumed it gives another state", (int)number);
        }
        sj_world_free(w);
        sj_str_clear(&text);
    }
    for (int i = 0; only == NULL && i < SEEN; i++) {
        if (seen[i] == 0) {
            fail_msg("quantity %d has never occurred", i);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_worlds)};
    return RUN_TESTS(tests);
}
