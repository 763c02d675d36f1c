/**
 * @file test_sim_threads.c
 * @brief Runs side by side in threads give what they give alone: nothing is shared but the world.
 *
 * Two simulations of one world in two threads; one of each of two worlds; and replications over
 * one, two and four threads. Meant for ThreadSanitizer too. Usage: test_sim_threads [name of a
 * test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include "sim_kit.h"
#include "study/replicate.h"
#include "study/table.h"

/* Two months with the opening of the permit, its marked event and a month's end. */
static const char *const two_hosts[] = {"/time/start=\"2022-05-10\"", "/time/end=\"2022-07-05\"",
                                        NULL};
static const char *const office[] = {"/time/end=\"2022-03-01\"", NULL};

typedef struct one_run {
    const sj_world *world;
    uint64_t seed;
    sj_recorder *recorder;
    uint64_t events;
    sj_status status;
} one_run;

static void *run_one(void *self)
{
    one_run *r = self;
    sj_sim_options options = {
        .seed = r->seed, .replication = r->seed, .draw = r->seed, .self_check = true};
    r->recorder = sj_recorder_new(r->world);
    sj_observer observer = {r->recorder, sj_recorder_observe};
    sj_sim *sim = NULL;
    bool done = false;
    r->status = sj_sim_new(&sim, r->world, &options, &observer, NULL);
    if (r->status == SJ_OK) {
        r->status = sj_sim_run(sim, r->world->n_days, 0, &done, NULL);
        r->events = sj_sim_events(sim);
    }
    sj_sim_free(sim);
    return NULL;
}

static void same_records(const sj_recorder *a, const sj_recorder *b)
{
    assert_int_equal(a->keys.n, b->keys.n);
    assert_int_equal(a->n_dates, b->n_dates);
    for (int d = 0; d < a->n_dates; d++) {
        for (size_t row = 0; row < a->keys.n; row++) {
            double x = sj_recorder_at(a, d, row), y = sj_recorder_at(b, d, row);
            assert_memory_equal(&x, &y, sizeof x);
        }
    }
    assert_int_equal(a->flows.n, b->flows.n);
    for (size_t i = 0; i < a->flows.n; i++) {
        assert_int_equal(a->flows.at[i].cell, b->flows.at[i].cell);
        assert_int_equal(a->flows.at[i].n, b->flows.at[i].n);
    }
    assert_int_equal(a->waits.n, b->waits.n);
    for (size_t i = 0; i < a->waits.n; i++) {
        assert_int_equal(a->waits.at[i].days, b->waits.at[i].days);
        assert_int_equal(a->waits.at[i].completed, b->waits.at[i].completed);
    }
    assert_int_equal(a->happenings.n, b->happenings.n);
}

static bool differ(const sj_recorder *a, const sj_recorder *b)
{
    for (size_t row = 0; row < a->keys.n; row++) {
        double x = sj_recorder_at(a, a->n_dates - 1, row),
               y = sj_recorder_at(b, b->n_dates - 1, row);
        if (x < y || x > y) {
            return true;
        }
    }
    return false;
}

/* Both alone, then both at once, three times. */
static void run_beside(one_run *a, one_run *b)
{
    one_run *alone[] = {a, b};
    for (int i = 0; i < 2; i++) {
        (void)run_one(alone[i]);
        assert_int_equal(alone[i]->status, SJ_OK);
        assert_true(alone[i]->events > 100 && alone[i]->recorder->n_open > 10);
    }
    for (int time = 0; time < 3; time++) {
        one_run beside[] = {{.world = a->world, .seed = a->seed},
                            {.world = b->world, .seed = b->seed}};
        pthread_t thread[2];
        for (int i = 0; i < 2; i++) {
            assert_int_equal(pthread_create(&thread[i], NULL, run_one, &beside[i]), 0);
        }
        for (int i = 0; i < 2; i++) {
            assert_int_equal(pthread_join(thread[i], NULL), 0);
        }
        for (int i = 0; i < 2; i++) {
            assert_int_equal(beside[i].status, SJ_OK);
            assert_int_equal(beside[i].events, alone[i]->events);
            same_records(beside[i].recorder, alone[i]->recorder);
            sj_recorder_free(beside[i].recorder);
        }
    }
    sj_recorder_free(a->recorder);
    sj_recorder_free(b->recorder);
}

static void test_one_world(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, two_hosts);
    one_run a = {.world = w, .seed = 1}, b = {.world = w, .seed = 2};
    run_beside(&a, &b);
    sj_world_free(w);
}

static void test_two_worlds(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, two_hosts);
    sj_world *other = world_set("scenarios/small/office.json", office);
    one_run a = {.world = w, .seed = 5}, b = {.world = other, .seed = 5};
    run_beside(&a, &b);
    sj_world_free(w);
    sj_world_free(other);
}

static void count_progress(void *self, int done, int total)
{
    int *last = self;
    assert_int_equal(done, *last + 1); /* one after the other, under the lock */
    assert_true(done <= total);
    *last = done;
}

static void test_replications(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, two_hosts);
    sj_replications alone, beside;
    sj_replicate_options how = {.seed = 9, .n = 6, .n_threads = 1, .self_check = true};
    assert_int_equal(sj_replicate(&alone, w, &how, NULL), SJ_OK);
    assert_int_equal(alone.n_done, 6);
    assert_int_equal(alone.n_twins, 2); /* departures have a range */
    for (int threads = 2; threads <= 4; threads += 2) {
        int last = 0;
        how.n_threads = threads;
        how.self = &last;
        how.progress = count_progress;
        assert_int_equal(sj_replicate(&beside, w, &how, NULL), SJ_OK);
        assert_int_equal(beside.n_done, 6);
        assert_int_equal(last, 8);
        for (int i = 0; i < 8; i++) {
            same_records(beside.at[i].recorder, alone.at[i].recorder);
        }
        sj_replications_clear(&beside);
    }
    for (int i = 1; i < 8; i++) { /* and they are not all the same run */
        assert_true(differ(alone.at[i].recorder, alone.at[0].recorder));
    }
    sj_replications_clear(&alone);
    sj_world_free(w);
}

/* Stopped from outside after the second replication: what is done is kept, the rest says why. */
static volatile int stop;

static void stop_after_two(void *self, int done, int total)
{
    (void)self;
    (void)total;
    if (done == 2) {
        stop = 1;
    }
}

static void test_interruption(void **state)
{
    sj_world *w = world_set(TWO_HOSTS, two_hosts);
    sj_replications all;
    sj_replicate_options how = {
        .seed = 9, .n = 20, .n_threads = 1, .stop = &stop, .progress = stop_after_two};
    stop = 0;
    assert_int_equal(sj_replicate(&all, w, &how, NULL), SJ_OK);
    assert_int_equal(all.n_done, 2);
    for (int i = 0; i < all.n_main + all.n_twins; i++) {
        assert_int_equal(all.at[i].status, i < 2 ? SJ_OK : SJ_E_INTERRUPTED);
        assert_int_equal(all.at[i].recorder != NULL, i < 2);
    }
    sj_replications_clear(&all);
    sj_world_free(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_world), cmocka_unit_test(test_two_worlds),
        cmocka_unit_test(test_replications), cmocka_unit_test(test_interruption)};
    return RUN_TESTS(tests);
}
