/**
 * @file test_engine_servers.c
 * @brief Servers and their line: who waits how long, by hand and against the recursion of Kiefer
 * and Wolfowitz. Laws are the matter of tests/stat/test_queues.c.
 * Usage: test_engine_servers [name of a test].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/loop.h"
#include "engine/servers.h"
#include "num/rng.h"
#include <math.h>

enum { MANY = 5000, KIND_DONE = 0 };

typedef struct office {
    sj_calendar *calendar;
    sj_servers *servers;
    sj_loop loop;
    sj_tick wait[MANY], left[MANY]; /* by tag */
    size_t n_started, n_left;
} office;

static void started(void *self, sj_tick wait, sj_tick service, int64_t tag)
{
    office *desk = self;
    assert_true(service >= 0);
    desk->wait[tag] = wait;
    desk->n_started++;
}

static sj_status done(void *self, sj_tick now, sj_event event, sj_err *err)
{
    office *desk = self;
    assert_int_equal(event.index, 17);
    desk->left[event.data] = now;
    desk->n_left++;
    return sj_servers_complete(desk->servers, now);
}

static const sj_event_kind kinds[] = {{"done", done}};

static void desk_open(office *desk, size_t n_servers, size_t room)
{
    desk->n_started = desk->n_left = 0;
    desk->calendar = sj_calendar_new();
    desk->servers =
        sj_servers_new(&(sj_servers_options){.calendar = desk->calendar,
                                             .kind = KIND_DONE,
                                             .index = 17,
                                             .n_servers = n_servers,
                                             .room = room,
                                             .hook = {.started = started, .self = desk}});
    desk->loop = (sj_loop){.calendar = desk->calendar, .kinds = kinds, .n_kinds = 1, .self = desk};
    assert_non_null(desk->servers);
}

static void desk_close(office *desk)
{
    sj_servers_free(desk->servers);
    sj_calendar_free(desk->calendar);
}

static sj_arrival arrive(office *desk, sj_tick now, sj_tick service, int64_t tag)
{
    sj_status status;
    sj_arrival arrival = SJ_ARRIVAL_WAITS;
    sj_loop_run(&desk->loop, now, 0, &status, NULL);
    assert_int_equal(status, SJ_OK);
    assert_int_equal(sj_servers_arrive(desk->servers, now, service, tag, &arrival), SJ_OK);
    assert_int_equal(sj_servers_verify(desk->servers, NULL), SJ_OK);
    return arrival;
}

static void finish(office *desk)
{
    sj_status status;
    assert_int_equal(sj_loop_run(&desk->loop, INT64_MAX, 0, &status, NULL), SJ_LOOP_EMPTY);
    assert_int_equal(sj_servers_busy(desk->servers) + sj_servers_line(desk->servers), 0);
    assert_int_equal(sj_servers_verify(desk->servers, NULL), SJ_OK);
}

static void test_by_hand(void **state)
{
    office desk;
    desk_open(&desk, 2, 0);
    assert_int_equal(arrive(&desk, -5, 2, 0), SJ_ARRIVAL_SERVED); /* until -3 */
    assert_int_equal(arrive(&desk, -4, 8, 1), SJ_ARRIVAL_SERVED); /* until 4 */
    assert_int_equal(arrive(&desk, -4, 3, 2), SJ_ARRIVAL_WAITS);  /* -3 to 0 */
    assert_int_equal(sj_servers_line(desk.servers), 1);
    assert_int_equal(arrive(&desk, 0, 0, 3), SJ_ARRIVAL_SERVED); /* done at once */
    assert_int_equal(arrive(&desk, 9, 1, 4), SJ_ARRIVAL_SERVED);
    finish(&desk);
    assert_true(desk.wait[0] == 0 && desk.wait[1] == 0 && desk.wait[2] == 1);
    assert_true(desk.left[0] == -3 && desk.left[1] == 4 && desk.left[2] == 0);
    assert_true(desk.left[3] == 0 && desk.left[4] == 10);
    sj_waits sums = sj_servers_waits(desk.servers);
    assert_true(sums.n_arrived == 5 && sums.n_started == 5 && sums.n_delayed == 1);
    assert_true(sums.mean_wait == 0.2 && sums.mean_service == 2.8);
    assert_true(fabs(sums.variance_wait - 0.16) < 1e-12);
    desk_close(&desk);
}

/* Forgetting the sums leaves the people: who waits still counts from the tick of arrival. */
static void test_reset_keeps_people(void **state)
{
    office desk;
    desk_open(&desk, 1, 0);
    arrive(&desk, 0, 10, 0);
    arrive(&desk, 4, 10, 1);
    sj_servers_reset_waits(desk.servers);
    assert_int_equal(sj_servers_waits(desk.servers).n_arrived, 0);
    finish(&desk);
    sj_waits sums = sj_servers_waits(desk.servers);
    assert_true(sums.n_started == 1 && sums.mean_wait == 6.0);
    desk_close(&desk);
}

static void test_room(void **state)
{
    office desk;
    desk_open(&desk, 1, 2);
    assert_int_equal(arrive(&desk, 0, 10, 0), SJ_ARRIVAL_SERVED);
    assert_int_equal(arrive(&desk, 1, 10, 1), SJ_ARRIVAL_WAITS);
    assert_int_equal(arrive(&desk, 2, 10, 2), SJ_ARRIVAL_TURNED_AWAY);
    assert_int_equal(arrive(&desk, 10, 10, 3), SJ_ARRIVAL_WAITS);
    finish(&desk);
    sj_waits sums = sj_servers_waits(desk.servers);
    assert_true(sums.n_arrived == 4 && sums.n_turned_away == 1 && sums.n_started == 3);
    assert_int_equal(desk.wait[1], 9);
    assert_int_equal(desk.wait[3], 10);
    desk_close(&desk);
}

/* The waits of G/G/c by Kiefer and Wolfowitz (1955): the least of the workloads. */
static void test_same_as_recursion(void **state)
{
    for (size_t c = 1; c <= 7; c += 2) {
        office desk;
        sj_tick free_at[7] = {0}, now = 0;
        sj_rng rng = sj_rng_start(sj_rng_key_of(11, c), 1, 0, 0);
        desk_open(&desk, c, 0);
        double sum = 0.0;
        static sj_tick expected[MANY];
        for (int64_t i = 0; i < MANY; i++) {
            size_t first = 0;
            now += (sj_tick)sj_rng_below(&rng, 1000);
            sj_tick service = (sj_tick)sj_rng_below(&rng, 1000 * c) * 98 / 100;
            for (size_t k = 1; k < c; k++) {
                first = free_at[k] < free_at[first] ? k : first;
            }
            expected[i] = free_at[first] > now ? free_at[first] - now : 0;
            free_at[first] = now + expected[i] + service;
            sum += (double)expected[i];
            arrive(&desk, now, service, i);
        }
        finish(&desk);
        assert_memory_equal(desk.wait, expected, sizeof expected);
        assert_true(fabs(sj_servers_waits(desk.servers).mean_wait - sum / MANY) < 1e-6);
        desk_close(&desk);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_reset_keeps_people),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_same_as_recursion),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
