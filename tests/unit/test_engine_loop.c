/**
 * @file test_engine_loop.c
 * @brief The loop: bounded, resumable, stoppable, and honest about an event that fails.
 * Usage: test_engine_loop [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/loop.h"
#include <string.h>

enum { MANY = 64, KIND_NOTE = 0, KIND_AGAIN = 1, KIND_FAIL = 2, KIND_STOP = 3 };

typedef struct noted {
    sj_calendar *calendar;
    volatile int stop;
    sj_tick time[MANY];
    int64_t data[MANY];
    size_t n;
} noted;

static sj_status note(void *self, sj_tick now, sj_event event, sj_err *err)
{
    noted *world = self;
    (void)err;
    assert_true(world->n < MANY);
    world->time[world->n] = now;
    world->data[world->n++] = event.data;
    return SJ_OK;
}

/* Notes, and comes again after `index` ticks. */
static sj_status again(void *self, sj_tick now, sj_event event, sj_err *err)
{
    noted *world = self;
    sj_calendar_post(world->calendar, now + event.index, 0, event);
    return note(self, now, event, err);
}

static sj_status fail_always(void *self, sj_tick now, sj_event event, sj_err *err)
{
    (void)self, (void)event;
    return SJ_FAIL(err, SJ_E_DOMAIN, "fail", "at %lld", (long long)now);
}

static sj_status stop(void *self, sj_tick now, sj_event event, sj_err *err)
{
    ((noted *)self)->stop = 1;
    return note(self, now, event, err);
}

static const sj_event_kind kinds[] = {
    {"note", note}, {"again", again}, {"fail", fail_always}, {"stop", stop}};

static sj_loop loop_of(noted *world)
{
    *world = (noted){.calendar = sj_calendar_new()};
    assert_non_null(world->calendar);
    return (sj_loop){.calendar = world->calendar,
                     .kinds = kinds,
                     .n_kinds = sizeof kinds / sizeof kinds[0],
                     .self = world,
                     .stop = &world->stop};
}

static void post(noted *world, sj_tick time, unsigned kind, int64_t data)
{
    sj_event event = {.kind = kind, .index = 10, .data = data};
    assert_int_not_equal(sj_calendar_post(world->calendar, time, 0, event), 0);
}

static void test_bounded_in_time(void **state)
{
    noted world;
    sj_status status = SJ_E_IO;
    sj_loop loop = loop_of(&world);
    assert_int_equal(sj_loop_run(&loop, 100, 0, &status, NULL), SJ_LOOP_EMPTY);
    assert_int_equal(status, SJ_OK);
    post(&world, 30, KIND_NOTE, 3);
    post(&world, -10, KIND_NOTE, 1);
    post(&world, 20, KIND_NOTE, 2);
    assert_int_equal(sj_loop_run(&loop, 20, 0, &status, NULL), SJ_LOOP_TIME);
    assert_int_equal(world.n, 2); /* `until` itself belongs to the run */
    assert_true(world.time[0] == -10 && world.time[1] == 20);
    assert_int_equal(loop.now, 20);
    assert_int_equal(sj_loop_run(&loop, 29, 0, &status, NULL), SJ_LOOP_TIME);
    assert_int_equal(sj_loop_run(&loop, 30, 0, &status, NULL), SJ_LOOP_EMPTY);
    assert_int_equal(loop.n_events, 3);
    assert_int_equal(world.data[2], 3);
    sj_calendar_free(world.calendar);
}

/* Broken off after every k events and resumed, a run is the undisturbed one. */
static void test_resumable(void **state)
{
    noted whole;
    sj_status status;
    sj_loop loop = loop_of(&whole);
    post(&whole, 0, KIND_AGAIN, 1);
    post(&whole, 5, KIND_AGAIN, 2);
    post(&whole, 10, KIND_NOTE, 3);
    assert_int_equal(sj_loop_run(&loop, 200, 0, &status, NULL), SJ_LOOP_TIME);
    assert_int_equal(whole.n, 42);
    for (uint64_t k = 1; k < 10; k++) {
        noted parts;
        sj_loop broken = loop_of(&parts);
        post(&parts, 0, KIND_AGAIN, 1);
        post(&parts, 5, KIND_AGAIN, 2);
        post(&parts, 10, KIND_NOTE, 3);
        while (sj_loop_run(&broken, 200, k, &status, NULL) == SJ_LOOP_EVENTS) {
            assert_int_equal(broken.n_events % k, 0);
        }
        assert_int_equal(parts.n, whole.n);
        assert_memory_equal(parts.time, whole.time, whole.n * sizeof whole.time[0]);
        assert_memory_equal(parts.data, whole.data, whole.n * sizeof whole.data[0]);
        sj_calendar_free(parts.calendar);
    }
    sj_calendar_free(whole.calendar);
}

static void test_stop_flag(void **state)
{
    noted world;
    sj_status status;
    sj_loop loop = loop_of(&world);
    post(&world, 1, KIND_NOTE, 1);
    post(&world, 2, KIND_STOP, 2);
    post(&world, 3, KIND_NOTE, 3);
    assert_int_equal(sj_loop_run(&loop, 10, 0, &status, NULL), SJ_LOOP_STOPPED);
    assert_int_equal(status, SJ_OK);
    assert_int_equal(world.n, 2);
    assert_int_equal(sj_loop_run(&loop, 10, 0, &status, NULL), SJ_LOOP_STOPPED);
    assert_int_equal(world.n, 2);
    world.stop = 0;
    assert_int_equal(sj_loop_run(&loop, 10, 0, &status, NULL), SJ_LOOP_EMPTY);
    assert_int_equal(world.n, 3);
    loop.stop = NULL;
    assert_int_equal(sj_loop_run(&loop, 10, 0, &status, NULL), SJ_LOOP_EMPTY);
    sj_calendar_free(world.calendar);
}

static void test_failing_event(void **state)
{
    noted world;
    sj_status status;
    sj_err err = {0};
    sj_loop loop = loop_of(&world);
    post(&world, 1, KIND_NOTE, 1);
    post(&world, 2, KIND_FAIL, 2);
    post(&world, 3, KIND_NOTE, 3);
    assert_int_equal(sj_loop_run(&loop, 10, 0, &status, &err), SJ_LOOP_FAILED);
    assert_int_equal(status, SJ_E_DOMAIN);
    assert_int_equal(err.status, SJ_E_DOMAIN);
    assert_string_equal(err.text, "at 2");
    assert_int_equal(world.n, 1);
    assert_int_equal(loop.now, 2);
    assert_int_equal(loop.n_events, 2);
    assert_int_equal(sj_calendar_length(world.calendar), 1);
    sj_calendar_free(world.calendar);
}

static void test_event_in_the_past(void **state)
{
    noted world;
    sj_status status;
    sj_err err = {0};
    sj_loop loop = loop_of(&world);
    post(&world, -5, KIND_NOTE, 1); /* the first may lie anywhere */
    assert_int_equal(sj_loop_run(&loop, 10, 0, &status, &err), SJ_LOOP_EMPTY);
    post(&world, -6, KIND_NOTE, 2);
    assert_int_equal(sj_loop_run(&loop, 10, 0, &status, &err), SJ_LOOP_FAILED);
    assert_int_equal(status, SJ_E_INTERNAL);
    assert_non_null(strstr(err.text, "before now"));
    sj_calendar_free(world.calendar);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounded_in_time),   cmocka_unit_test(test_resumable),
        cmocka_unit_test(test_stop_flag),         cmocka_unit_test(test_failing_event),
        cmocka_unit_test(test_event_in_the_past),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
