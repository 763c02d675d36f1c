/**
 * @file test_published_worlds.c
 * @brief Published counts of random worlds: never below nobody, the people present where there is
 * no count, the old method where nothing revises it, at least the verified where they do; and the
 * world does not notice.
 *
 * Usage: test_published_worlds [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "random_world.h"
#include "record/published.h"
#include "sim_digest.h"
#include "sim_kit.h"

enum { WORLDS = 60 };

/** The world with counts of p1 in c0, revised by its first programme if it has one, and of p0 in
 * c1. */
static sj_world *counted(const sj_str *text, uint64_t number, bool revise, int programmes)
{
    static const char *const rules[] = {"'multiplier':3", "'rule':'registrants','share':2"};
    sj_str with_counts = {0};
    const char *end = strrchr(text->text, '}');
    sj_str_add_n(&with_counts, text->text, (size_t)(end - text->text));
    sj_str_printf(&with_counts,
                  ",'published':{'b':{'place':'c1','nationality':'p0','start':%d,'counted':%g},"
                  "'a':{'place':'c0','nationality':'p1','start':%d,'counted':%g",
                  (int)(number % 3) * 50, (double)(number % 4) / 2, (int)(number % 5) * 100,
                  (double)(number % 3) / 2);
    if (programmes > 0) {
        sj_str_printf(&with_counts,
                      ",'programme':'q0',%s,'revised_from':'2022-01-10','revised_to':'2022-02-01',"
                      "'revise':%s",
                      rules[number % 2], revise ? "true" : "false");
    }
    sj_str_add(&with_counts, "}}}");
    sj_world *w = world_of(with_counts.text);
    sj_str_clear(&with_counts);
    return w;
}

typedef struct watch {
    sj_recorder *recorder;
    int64_t revised; /* days on which a count stood above the old method */
    bool revise;
    double first[2]; /* people present at the start: in c0 of p1, in c1 of p0 */
} watch;

static double people_of(const sj_run *run, int country, int nation)
{
    double n = 0;
    for (size_t i = 1; i < run->ledger->n_strata; i++) {
        const sj_stratum *s = run->ledger->strata[i];
        n += s->country == country && s->nation == nation ? (double)s->n : 0;
    }
    return n;
}

static double old_method(const watch *w, const sj_run *run, int at)
{
    const sj_published_of *p = &run->world->published[at];
    double start = run->drawn[p->spec->start], c = run->drawn[p->spec->counted];
    double now = people_of(run, p->country, p->nation);
    return fmax(0, start + c * (now - w->first[at]));
}

static void hold_count(watch *w, const sj_run *run, int at, double count)
{
    const sj_published_of *p = &run->world->published[at];
    double old = old_method(w, run, at);
    bool may_be_revised = p->revised != SJ_NO_VALUE && w->revise;
    if (!may_be_revised) {
        hold_near(count, old, 1e-6, "not revised");
        return;
    }
    if (run->day >= w->recorder->counts[at].revised && p->spec->rule == SJ_REVISION_VERIFIED) {
        double least = 3 * (double)run->ledger->tally.completed[p->stage];
        assert_true(count >= fmax(old, least) - 1e-6);
    } else if (run->day < w->recorder->counts[at].revised) {
        hold_near(count, old, 1e-6, "before the revision");
    }
    assert_true(count >= old - 1e-6);
    w->revised += count > old + 0.5;
}

static void look(void *self, const sj_run *run)
{
    watch *w = self;
    const sj_world *world = run->world;
    for (int i = 0; run->day == 0 && i < world->n_published; i++) {
        w->first[i] = people_of(run, world->published[i].country, world->published[i].nation);
    }
    sji_published_look(w->recorder, run);
    for (int c = 0; c < world->n_countries; c++) {
        for (int n = 0; n < world->n_nations; n++) {
            int at = world->published_at[c * world->n_nations + n];
            double count = sji_published(w->recorder, run, c, n);
            assert_true(count >= 0 && isfinite(count));
            if (at == SJ_NO_REF) {
                assert_true(count == people_of(run, c, n));
            } else {
                hold_count(w, run, at, count);
            }
        }
    }
}

/** The final state of a run that is looked at. */
static uint64_t state_of(const sj_world *world, uint64_t number, watch *w)
{
    sj_sim_options options = {.seed = number};
    sj_observer observer = {w, look};
    sj_sim *sim = NULL;
    bool done = false;
    w->recorder = sj_recorder_new(world);
    assert_non_null(w->recorder);
    assert_int_equal(sj_sim_new(&sim, world, &options, &observer, NULL), SJ_OK);
    assert_int_equal(sj_sim_run(sim, world->n_days, 0, &done, NULL), SJ_OK);
    uint64_t state = digest(sim);
    sj_sim_free(sim);
    sj_recorder_free(w->recorder);
    return state;
}

static void test_published_worlds(void **state)
{
    int64_t revised = 0;
    for (uint64_t number = 0; number < WORLDS; number++) {
        sj_str text = random_world(number);
        sj_world *plain = world_of(text.text);
        int programmes = plain->n_programmes;
        watch without = {0};
        uint64_t nothing = state_of(plain, number, &without);
        sj_world_free(plain);
        for (int revise = 0; revise < 2; revise++) {
            watch w = {.revise = revise == 1};
            sj_world *world = counted(&text, number, w.revise, programmes);
            assert_int_equal(state_of(world, number, &w), nothing);
            assert_true(revise == 1 || w.revised == 0);
            revised += w.revised;
            sj_world_free(world);
        }
        sj_str_clear(&text);
    }
    assert_true(revised > 100);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_published_worlds)};
    return RUN_TESTS(tests);
}
